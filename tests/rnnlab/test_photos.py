"""Captioned photos, on small files invented here: loading them, and training a network on them."""

import json
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imsave

import solutions
from rnnlab import photos, scenes

COCO = {
    "images": [{"id": 7, "file_name": "b.png"}, {"id": 3, "file_name": "a.png"}, {"id": 4, "file_name": "c.png"}],
    "annotations": [
        {"image_id": 7, "caption": "Two kites, over a pond."},
        {"image_id": 3, "caption": "A grey goat's lunch"},
        {"image_id": 7, "caption": "Kites in the wind"},
    ],
}
KARPATHY = {
    "images": [
        {"filepath": "val", "filename": "a.png", "split": "val", "sentences": [{"raw": "A goat."}]},
        {"filename": "b.png", "split": "train", "sentences": [{"raw": "Kites!"}, {"raw": "Two kites"}]},
    ]
}
FLICKR = "b.png#0\tTwo kites .\na.png#0\tA goat\nb.png#1\tKites\n\n"


@pytest.fixture
def stored(tmp_path):
    def store(name, content):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return store


def test_coco_captions_are_gathered_by_photo(stored, tmp_path):
    loaded = photos.load_coco_captions(stored("captions.json", COCO), tmp_path)

    assert loaded == [
        photos.Photo(tmp_path / "a.png", ("a grey goat's lunch",)),
        photos.Photo(tmp_path / "b.png", ("two kites over a pond", "kites in the wind")),
    ]


def test_a_karpathy_split_keeps_its_own_photos(stored, tmp_path):
    path = stored("dataset.json", KARPATHY)

    assert photos.load_karpathy_split(path, tmp_path) == [photos.Photo(tmp_path / "b.png", ("kites", "two kites"))]
    assert photos.load_karpathy_split(path, tmp_path, "val") == [photos.Photo(tmp_path / "val" / "a.png", ("a goat",))]


def test_an_unknown_split_is_named_with_those_there_are(stored, tmp_path):
    with pytest.raises(ValueError, match=r"no split 'test'; it has train, val"):
        photos.load_karpathy_split(stored("dataset.json", KARPATHY), tmp_path, "test")


def test_flickr8k_is_read_whole_or_by_a_list_of_names(stored, tmp_path):
    tokens, names = stored("Flickr8k.token.txt", FLICKR), stored("Flickr_8k.trainImages.txt", "b.png\n")

    assert [photo.path.name for photo in photos.load_flickr8k(tokens, tmp_path)] == ["a.png", "b.png"]
    assert photos.load_flickr8k(tokens, tmp_path, names) == [photos.Photo(tmp_path / "b.png", ("two kites", "kites"))]


def test_files_of_another_form_are_refused(stored, tmp_path):
    with pytest.raises(ValueError, match="not a COCO caption file"):
        photos.load_coco_captions(stored("other.json", {"images": []}), tmp_path)
    with pytest.raises(ValueError, match="is not in Karpathy's format"):
        photos.load_karpathy_split(stored("list.json", []), tmp_path)
    with pytest.raises(ValueError, match="line 2: expected name"):
        photos.load_flickr8k(stored("tokens.txt", "a.png#0\tA goat\nb.png Kites\n"), tmp_path)


def test_photos_become_small_squares_of_their_middle(tmp_path):
    wide = np.zeros((80, 120, 3))
    wide[:, 20:60] = (1.0, 0.0, 0.0)  # the left half of the middle square
    imsave(tmp_path / "a.png", wide)

    loaded = photos.images([photos.Photo(tmp_path / "a.png", ())], side=10)

    assert (loaded.shape, loaded.dtype) == ((1, 3, 10, 10), np.float32)
    np.testing.assert_allclose(loaded[0, 0, :, :5], 1.0)
    np.testing.assert_allclose(loaded[0, 0, :, 5:], 0.0)
    np.testing.assert_allclose(loaded[0, 1:], 0.0)


def test_shrinking_keeps_the_mean_brightness_of_odd_sizes(tmp_path):
    even = np.full((37, 41, 3), 0.2)
    imsave(tmp_path / "a.png", even)

    loaded = photos.images([photos.Photo(tmp_path / "a.png", ())], side=36)

    np.testing.assert_allclose(loaded, 0.2, atol=1e-2)


def test_a_photo_that_is_too_small_is_refused(tmp_path):
    imsave(tmp_path / "a.png", np.zeros((20, 40, 3)))

    with pytest.raises(ValueError, match="only 20 pixels"):
        photos.images([photos.Photo(tmp_path / "a.png", ())])


def test_kaggles_table_is_read_like_the_token_file(stored, tmp_path):
    table = 'image,caption\nb.png,Two kites .\na.png,"A goat, grazing ."\nb.png,Kites\n\n'

    assert photos.load_flickr8k(stored("captions.txt", table), tmp_path) == [
        photos.Photo(tmp_path / "a.png", ("a goat grazing",)),
        photos.Photo(tmp_path / "b.png", ("two kites", "kites")),
    ]


def test_a_row_of_kaggles_table_with_another_number_of_columns_is_named(stored, tmp_path):
    with pytest.raises(ValueError, match=r"line 3: expected name\.jpg,caption, not 3 columns"):
        photos.load_flickr8k(stored("captions.txt", "image,caption\na.png,A goat\nb.png,Kites, two\n"), tmp_path)


def test_a_caption_without_words_is_left_out(stored, tmp_path):
    loaded = photos.load_flickr8k(stored("tokens.txt", "a.png#0\t...\na.png#1\tA goat\nb.png#0\t?\n"), tmp_path)

    assert loaded == [photos.Photo(tmp_path / "a.png", ("a goat",))]


# -- training ----------------------------------------------------------------------------------------------------------

U06 = solutions.reference("u06_image_captioning")


@pytest.fixture(scope="module")
def twenty(tmp_path_factory):
    """Twenty pictures on the disk, each with two captions, one of them of more than eleven words."""
    folder = tmp_path_factory.mktemp("photos")
    drawn = scenes.draw(20, seed=5)
    for number, picture in enumerate(scenes.images(drawn, seed=5)):
        imsave(folder / f"{number:02}.png", np.kron(picture, np.ones((1, 2, 2))).transpose(1, 2, 0))
    told = [scenes.caption(scene) for scene in drawn]
    lines = [f"{n:02}.png,{said}\n{n:02}.png,in this picture of mine there is {said}" for n, said in enumerate(told)]
    (folder / "captions.txt").write_text("image,caption\n" + "\n".join(lines) + "\n")
    return photos.load_flickr8k(folder / "captions.txt", folder)


def trained(photographs, **options):
    return photos.train(photographs, U06.build_vocab, U06.encode_captions, **({"min_count": 1} | options))


@pytest.mark.slow
def test_a_network_learns_twenty_photos_from_all_their_captions(twenty):
    network = trained(twenty, epochs=60)
    told = network.describe(twenty)
    scores = [U06.bleu(said, photo.captions, 2) for said, photo in zip(told, twenty, strict=True)]

    assert max(len(caption.split()) for photo in twenty for caption in photo.captions) > 11
    assert {"picture", "mine"} <= set(network.vocab)
    assert network.losses[-1] < network.losses[0] / 4
    assert np.mean(scores) > 0.8
    assert len(set(told)) > 15


@pytest.mark.slow
def test_long_captions_are_written_whole(twenty):
    long_ones = [photos.Photo(photo.path, photo.captions[1:]) for photo in twenty[:4]]

    told = trained(long_ones, epochs=150).describe(long_ones)

    assert told == [photo.captions[0] for photo in long_ones]
    assert min(len(said.split()) for said in told) > 11


def test_captions_are_cut_to_max_words_and_written_no_longer(twenty):
    network = trained(twenty, epochs=1, max_words=3)

    assert network.longest == 3
    assert max(len(said.split()) for said in network.describe(twenty)) <= 4  # a row without END: no word is lost


def test_pictures_may_have_any_side(twenty):
    assert len(trained(twenty[:4], epochs=1, side=60).describe(twenty)) == 20


@pytest.fixture
def features(tmp_path, twenty):
    """A features file in which each photo's vector says which one it is."""
    names = [photo.path.name for photo in twenty]
    np.savez(tmp_path / "features.npz", names=names, features=100 * np.eye(len(names)))
    return tmp_path / "features.npz"


@pytest.mark.slow
def test_a_features_file_takes_the_place_of_the_pictures(twenty, features):
    moved = [photos.Photo(Path("nowhere") / photo.path.name, photo.captions[:1]) for photo in twenty]

    told = trained(moved, features=features, epochs=100).describe(moved)

    assert np.mean([said == photo.captions[0] for said, photo in zip(told, moved, strict=True)]) > 0.9


def test_a_photo_without_its_vector_is_named(features):
    lacking = [photos.Photo(Path("moon.png"), ("the moon",))]

    with pytest.raises(ValueError, match=r"lacks 1 of 1 photos, such as moon\.png"):
        trained(lacking, features=features, epochs=1)


def test_a_features_file_of_another_form_is_refused(tmp_path):
    np.savez(tmp_path / "other.npz", vectors=np.eye(2))
    np.savez(tmp_path / "odd.npz", names=["a.png"], features=np.eye(2))

    with pytest.raises(ValueError, match="holds vectors; expected the arrays names"):
        photos.load_features(tmp_path / "other.npz")
    with pytest.raises(ValueError, match=r"names \(1,\) and features \(2, 2\)"):
        photos.load_features(tmp_path / "odd.npz")


def test_without_captions_nothing_is_trained():
    with pytest.raises(ValueError, match="no captioned photo"):
        trained([])
