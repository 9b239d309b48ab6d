"""Strings a...ab...b and the read-out that names their letters."""

import numpy as np

from rnnlab import counting
from rnnlab.gradient_check import gradient_error


def test_a_string_is_read_letter_by_letter_and_asked_from_its_first_b_on():
    x, y = counting.strings([2, 1])

    assert [counting.LETTERS[k] for k in x[0].argmax(axis=-1)] == [".", "a", "a", "b", "b"]
    assert y.tolist() == [[-1, -1, -1, 1, 2], [-1, -1, 2, -1, -1]]
    assert not x[1, 3:].any()


def test_an_example_counts_as_more_than_bs():
    x, letters, count = counting.example(2)

    assert x.shape == (1, 5, 3)
    assert "".join(letters) == ".aabb"
    assert count.tolist() == [0, 1, 2, 1, 0]


def test_without_knowledge_the_loss_is_that_of_three_letters():
    _, y = counting.strings([1, 3])
    h_all = np.ones((2, 7, 4))

    value, _, _ = counting.loss(h_all, y, np.zeros((4, 3)), np.zeros(3))

    assert np.isclose(value, np.log(3))


def test_the_gradients_of_the_loss_are_what_finite_differences_say():
    rng = np.random.default_rng(0)
    _, y = counting.strings([1, 3])
    inputs = {"h_all": rng.normal(size=(2, 7, 4)), **counting.first_readout(4, rng)}

    _, dh_all, grads = counting.loss(y=y, **inputs)
    errors = gradient_error(
        lambda **moved: counting.loss(y=y, **moved)[0],
        inputs,
        {"h_all": dh_all, "W_hy": grads["dW_hy"], "b_y": grads["db_y"]},
    )

    assert max(errors.values()) < 1e-7
