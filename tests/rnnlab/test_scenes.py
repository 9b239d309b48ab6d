"""Captioned scenes: repeatable, true by construction, quick to make."""

import re
import time

import numpy as np
import pytest

from rnnlab import scenes
from rnnlab.scenes import Thing

RED_CIRCLE = Thing("circle", "red", "big", 0, 1)
BLUE_CROSS = Thing("cross", "blue", "small", 2, 0)


def test_one_seed_gives_the_same_scenes_and_pictures():
    drawn = scenes.draw(20, seed=1, things=2)

    assert drawn == scenes.draw(20, seed=1, things=2) != scenes.draw(20, seed=2, things=2)
    np.testing.assert_array_equal(scenes.images(drawn, seed=3), scenes.images(drawn, seed=3))


def test_things_stand_in_reading_order_in_cells_of_their_own():
    for scene in scenes.draw(200, seed=1, things=3):
        cells = [(thing.row, thing.column) for thing in scene]
        assert cells == sorted(set(cells))
        assert len({(thing.colour, thing.shape) for thing in scene}) == 3


def test_withheld_pairs_occur_only_where_they_are_asked_for():
    def has_withheld(scene):
        return any((thing.colour, thing.shape) in scenes.WITHHELD for thing in scene)

    assert not any(map(has_withheld, scenes.draw(500, seed=1, things=2)))
    assert all(map(has_withheld, scenes.draw(500, seed=1, things=2, withheld=True)))


@pytest.mark.parametrize("things", [1, 2])
@pytest.mark.parametrize("korean", [False, True])
def test_every_caption_is_true_of_its_own_scene(things, korean):
    drawn = scenes.draw(300, seed=1, things=things)
    captions = [scenes.caption(scene, korean) for scene in drawn]

    assert scenes.truth_rate(captions, drawn) == 1.0
    assert scenes.truth_rate(captions[1:] + captions[:1], drawn) < 0.05


def test_captions_of_one_and_of_two_things():
    assert scenes.caption((RED_CIRCLE,)) == "a big red circle at the top"
    assert scenes.caption((RED_CIRCLE, BLUE_CROSS)) == "a red circle above a blue cross"
    assert scenes.caption((RED_CIRCLE,), korean=True) == "위쪽에 큰 빨간 원이 있다"
    assert scenes.caption((RED_CIRCLE, BLUE_CROSS), korean=True) == "빨간 원이 파란 십자형 위에 있다"


def test_what_is_farther_sideways_than_upright_is_told_sideways():
    beside, wide = Thing("cross", "blue", "small", 0, 2), Thing("cross", "blue", "small", 1, 0)
    corner = Thing("circle", "red", "big", 0, 2)

    assert scenes.caption((RED_CIRCLE, beside)) == "a red circle left of a blue cross"
    assert scenes.caption((corner, wide)) == "a red circle right of a blue cross"


def test_true_and_false_captions_are_told_apart():
    scene = (RED_CIRCLE, BLUE_CROSS)

    for said in (
        "a red circle above a blue cross",
        "a red circle right of a blue cross",
        "a small blue cross below a red circle",
        "a blue cross in the bottom left",
        "a big red circle at the top",
    ):
        assert scenes.is_true(said, scene)
    for said in (
        "a red circle below a blue cross",
        "a red cross above a blue circle",
        "a small red circle at the top",
        "a red circle at the bottom",
        "a red circle above",
        "",
    ):
        assert not scenes.is_true(said, scene)


def test_true_captions_repeat_nothing():
    said = scenes.true_captions((RED_CIRCLE, BLUE_CROSS))

    assert len(said) == len(set(said))
    assert scenes.caption((RED_CIRCLE, BLUE_CROSS)) in said


def test_pictures_show_each_thing_in_its_cell_and_nothing_elsewhere():
    drawn = scenes.draw(50, seed=2)
    pictures = scenes.images(drawn, seed=2)

    assert (pictures.shape, pictures.dtype) == ((50, 3, scenes.SIDE, scenes.SIDE), np.float32)
    assert pictures.min() >= 0
    assert pictures.max() <= 1
    for picture, (thing,) in zip(pictures, drawn, strict=True):
        rows, columns = np.nonzero(picture.min(axis=0) < 0.6)
        assert abs(rows.mean() - (thing.row + 0.5) * scenes.CELL) < 3
        assert abs(columns.mean() - (thing.column + 0.5) * scenes.CELL) < 3


@pytest.mark.slow
@pytest.mark.alone
def test_thousands_of_scenes_take_about_a_second():
    start = time.process_time()
    drawn = scenes.draw(2000, seed=1, things=2)
    scenes.images(drawn, seed=1)
    [scenes.caption(scene) for scene in drawn]

    # Half a second on a free core; the limit leaves room for a busy machine.
    assert time.process_time() - start < 2.0


def test_korean_captions_hold_no_latin_letter():
    said = [text for scene in scenes.draw(100, seed=1, things=2) for text in scenes.true_captions(scene, korean=True)]

    assert not any(re.search("[A-Za-z]", text) for text in said)


def test_the_parts_of_captions_are_compared_place_by_place():
    scene = (RED_CIRCLE,)  # a big red circle at the top
    said = ["a big red circle at the top", "a small red cross at the top", "a big", ""]

    assert scenes.parts_right(said, [scene] * 4) == {"size": 0.5, "colour": 0.5, "shape": 0.25, "place": 0.5}


def test_words_name_the_thing_whose_colour_and_shape_they_are():
    scene = (RED_CIRCLE, BLUE_CROSS)

    assert scenes.named_things("a red circle above a blue cross", scene) == [
        *(None, RED_CIRCLE, RED_CIRCLE, None, None, BLUE_CROSS, BLUE_CROSS, None)
    ]
    assert scenes.named_things("a green circle", scene) == [None] * 4
