"""The generated data of rnnlab.data."""

import numpy as np

from rnnlab import data


def test_there_are_twelve_tasks_each_described_in_one_sentence():
    assert len(data.TASKS) == 12
    assert all(text.endswith(".") and text.count(". ") == 0 for text in data.TASKS.values())


def test_descriptions_do_not_name_the_type_of_the_task():
    text = " ".join([*data.TASKS, *data.TASKS.values()])

    assert not any(word in text for word in ("one-to", "many-to", "delayed", "synced"))


def test_glyphs_are_ten_different_bitmaps():
    glyphs = data.glyphs()

    assert glyphs.shape == (10, 7, 5)
    assert len({glyph.tobytes() for glyph in glyphs}) == 10
    assert set(np.unique(glyphs)) == {0.0, 1.0}


def test_digits_are_small_images_with_labels():
    images, labels = data.digits(50, seed=0)

    assert images.shape == (50, 8, 8)
    assert labels.shape == (50,)
    assert images.min() >= 0.0
    assert images.max() <= 1.0
    assert set(labels) <= set(range(10))


def test_digits_depend_on_the_seed_alone():
    again = data.digits(20, seed=3)[0]

    assert np.array_equal(data.digits(20, seed=3)[0], again)
    assert not np.array_equal(data.digits(20, seed=4)[0], again)


def test_no_digits_are_an_empty_array():
    assert data.digits(0, seed=0)[0].shape == (0, 8, 8)


def test_digits_of_one_label_resemble_each_other():
    images, labels = data.digits(2000, seed=1)
    means = np.stack([images[labels == label].mean(axis=0) for label in range(10)])
    nearest = ((images[:, None] - means) ** 2).sum(axis=(2, 3)).argmin(axis=1)

    assert (nearest == labels).mean() > 0.6


def test_pen_strokes_stay_inside_the_picture():
    strokes = data.pen_strokes()

    assert strokes.shape == (6, 4)
    assert strokes.min() >= 0.0
    assert strokes.max() <= 1.0
