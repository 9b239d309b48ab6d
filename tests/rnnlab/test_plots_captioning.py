"""Figures of image captioning: what they show, and that they read without colour."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from rnnlab import scenes
from rnnlab.plots import captioning

DRAWN = scenes.draw(5, seed=1, things=2)
PICTURES = scenes.images(DRAWN, seed=1)


def texts(ax):
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize(
    "figure",
    [
        captioning.pipeline(["straw", "hat"]),
        captioning.sheet(PICTURES, ["a caption"] * 5, DRAWN),
        captioning.attention(PICTURES[0], ["a", "red"], np.full((2, 36), 1 / 36), [(), DRAWN[0]]),
        captioning.attention(PICTURES[0], ["a"], np.full((1, 36), 1 / 36), [()], [(-7, 12, 5, 24)]),
        captioning.positions(PICTURES[0], (5, 24, 5, 24), (2, 2)),
        captioning.bars({"once": 0.1, "every step": 0.9}, "truth rate"),
        captioning.looks({"digits": np.eye(4), "states": np.eye(4)[::-1]}),
    ],
)
def test_every_figure_can_be_drawn(figure, tmp_path):
    assert isinstance(figure, Figure)
    figure.savefig(tmp_path / "figure.png")


def test_the_pipeline_reads_start_and_writes_end():
    written = texts(captioning.pipeline(["straw", "hat"]).axes[0])

    assert [word for word in written if word in ("START", "straw", "hat", "END")] == [
        *("START", "straw", "straw", "hat", "hat", "END")
    ]


def test_a_letter_names_the_colour_of_every_thing():
    figure = captioning.sheet(PICTURES, ["a caption"] * 5, DRAWN)

    for ax, scene in zip(figure.axes, DRAWN, strict=False):
        assert texts(ax) == [thing.colour[0].upper() for thing in scene]


def test_captions_longer_than_a_picture_are_wrapped():
    figure = captioning.sheet(PICTURES[:1], ["a small yellow triangle in the bottom right"])

    assert "\n" in figure.axes[0].get_xlabel()


def test_the_position_that_is_looked_at_is_the_brightest():
    weights = np.zeros((1, 36))
    weights[0, 7] = 1.0  # row 1, column 1 of the 6 x 6 grid
    white = np.ones((3, 36, 36))

    shown = captioning.attention(white, ["word"], weights, [()]).axes[0].images[0].get_array()

    assert shown[6:12, 6:12].min() == 1.0
    assert np.delete(shown[:, :, 0], range(6, 12), axis=0).max() < 0.5


def test_bars_carry_their_numbers():
    ax = captioning.bars({"once": 0.125, "every step": 0.9}, "truth rate").axes[0]

    assert texts(ax) == ["0.125", "0.900"]


def test_a_bar_of_several_seeds_is_their_mean_with_a_dot_for_each():
    ax = captioning.bars({"once": [0.0, 0.1, 0.5]}, "truth rate").axes[0]

    assert ax.patches[0].get_width() == pytest.approx(0.2)
    assert ax.lines[0].get_xdata().tolist() == [0.0, 0.1, 0.5]
    assert texts(ax) == ["0.200"]


def test_a_receptive_field_is_drawn_as_far_as_it_lies_in_the_picture():
    ax = captioning.positions(PICTURES[0], (-7, 12, 17, 36), (0, 4)).axes[1]
    outline = ax.patches[-1]

    assert outline.get_xy() == (16.5, -0.5)
    assert (outline.get_width(), outline.get_height()) == (19, 13)


def test_the_mirrored_places_are_crossed():
    ax = captioning.looks({"digits": np.eye(3)}).axes[0]

    assert list(zip(ax.lines[0].get_ydata(), ax.lines[0].get_xdata(), strict=True)) == [(0, 2), (1, 1), (2, 0)]


def test_the_pipeline_shows_what_is_cut_off_and_feeds_each_word_back():
    ax = captioning.pipeline(["straw", "hat"]).axes[0]

    assert {"1,000 scores", "softmax", "cut"} <= set(texts(ax))
    assert sum(line.get_linestyle() == "--" for line in ax.lines) == 2
