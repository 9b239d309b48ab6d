"""Loaders of captioned photos, on small files invented here."""

import json

import numpy as np
import pytest
from matplotlib.image import imsave

from rnnlab import photos

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
