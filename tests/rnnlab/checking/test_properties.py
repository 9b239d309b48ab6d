"""Properties compute and ask with a function's results only where these have the right form."""

import numpy as np
import pytest

from rnnlab.checking.calling import Returned
from rnnlab.checking.properties import broken_by_split, fits

COLUMN = np.ones((3, 1))


@pytest.mark.parametrize("other", [np.ones((1, 3)), np.ones(3), np.ones((3, 1), int), np.asarray("word"), "word", None])
def test_another_shape_or_kind_does_not_fit(other):
    assert not fits(other, COLUMN)


def test_float32_fits_float64():
    assert fits(COLUMN.astype(np.float32), COLUMN)


def test_states_of_another_shape_than_h0_are_not_asked_with():
    asked = []

    def ask(inputs):
        asked.append(inputs)
        return Returned((np.ones((50, 4, 50)),))

    found = broken_by_split(ask, {"x": np.ones((2, 4, 3)), "h0": np.ones((2, 5))})
    assert found is not None
    assert found.expected == "states of the shape of h0"
    assert all(inputs["h0"].shape == (2, 5) for inputs in asked)
