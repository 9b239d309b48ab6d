"""What unit 01 says, measured: docs/claims/u01_rnn_cell.md lists the sentences."""

import numpy as np
import pytest

import solutions
from rnnlab import data, digit_reader

U01 = solutions.reference("u01_rnn_cell")
UNIT = solutions.unit("u01_rnn_cell")


def hello(word="hell", **changes):
    x = U01.one_hot([[U01.VOCAB.index(letter) for letter in word]], 4)
    h_all, _ = U01.rnn_forward(x, np.zeros((1, 3)), **{**data.HELLO_CELL, **changes})
    return h_all[0], U01.rnn_readout(h_all, **data.HELLO_READOUT, mode="every")[0]


def test_the_same_weights_read_three_letters_or_three_thousand():
    assert [len(hello(word)[0]) for word in ("eel", "hello" * 600)] == [3, 3000]


def test_a_one_hot_vector_picks_a_row_of_a_matrix():
    matrix = np.arange(12.0).reshape(4, 3)

    np.testing.assert_array_equal(U01.one_hot([2, 0], 4) @ matrix, matrix[[2, 0]])


def test_one_maximum_for_all_rows_is_right_on_similar_rows_and_nan_on_distant_ones():
    def published(z):
        with np.errstate(invalid="ignore"):
            e = np.exp(z - z.max())
            return e / e.sum(axis=-1, keepdims=True)

    similar, distant = np.array([[0.0, 1.0], [2.0, 2.0]]), np.array([[0.0, np.log(3)], [800.0, 800.0]])

    np.testing.assert_allclose(published(similar), U01.softmax(similar))
    assert np.isnan(published(distant)[0]).all()


def test_one_stacked_matrix_gives_the_same_states():
    rng = np.random.default_rng(0)
    x_t, h_prev = rng.normal(size=(4, 3)), rng.normal(size=(4, 2))
    W_xh, W_hh, b_h = rng.normal(size=(3, 2)), rng.normal(size=(2, 2)), rng.normal(size=2)
    stacked = np.concatenate([W_xh, W_hh])
    h_t, _ = U01.rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h)

    assert stacked.T.shape == (2, 5)
    np.testing.assert_array_equal(stacked.T[:, 3:], W_hh.T)
    np.testing.assert_allclose(h_t, np.tanh(np.concatenate([x_t, h_prev], axis=1) @ stacked + b_h))


def test_the_description_of_the_scores_of_hello_names_their_numbers():
    states, scores = hello()
    e, h, letter_l, o = scores.T

    assert f"o has {o[0]:.2f}, the highest; the wanted e only {e[0]:.2f}" in UNIT.alts["hello-scores"]
    assert f"h has {h[1]:.2f}, the highest; the wanted l only {letter_l[1]:.2f}" in UNIT.alts["hello-scores"]
    assert list(scores.argmax(axis=1)) == [3, 1, 2, 3]
    assert f"the state is {', '.join(f'{v:.2g}' for v in states[0])}".replace("-", "−") in UNIT.alts["hello-states"]
    assert (states[2] != states[3]).all()
    assert (scores[2] != scores[3]).all()


def test_without_hidden_weights_the_two_l_get_the_same_scores():
    _, scores = hello(W_hh=np.zeros((3, 3)))

    np.testing.assert_array_equal(scores[2], scores[3])


def test_the_four_scales_saturate_as_the_text_says():
    for seed in range(3):
        rng = np.random.default_rng(seed)
        x, h0 = rng.normal(size=(50, 10, 4)), np.zeros((50, 64))
        W_xh, W_hh = rng.normal(size=(4, 64)) / 2, rng.normal(size=(64, 64)) / 8
        pairs = {"positive": (rng.random((4, 64)), rng.random((64, 64)))}
        pairs |= {s: (s * W_xh, s * W_hh) for s in (0.1, 1, 8)}
        size = {name: np.abs(U01.rnn_forward(x, h0, *pair, np.zeros(64))[0][:, -1]) for name, pair in pairs.items()}

        assert (size["positive"] > 0.99).mean() > 0.95, seed
        assert (size[8] > 0.99).mean() > 0.7, seed
        assert (size[0.1] < 0.4).mean() > 0.99, seed
        shares = np.histogram(size[1], bins=10, range=(0, 1))[0] / size[1].size
        assert shares.min() > 0.04, seed


def test_contributions_of_all_positive_weights_add_up_instead_of_cancelling():
    for seed in range(3):
        rng = np.random.default_rng(seed)
        x, h0 = rng.normal(size=(50, 10, 4)), np.zeros((50, 64))
        W_xh, W_hh = rng.random((4, 64)), rng.random((64, 64))
        sums = {}
        for name, signs in (("positive", np.ones((64, 64))), ("both signs", rng.choice([-1, 1], size=(64, 64)))):
            h_all, _ = U01.rnn_forward(x, h0, W_xh, signs * W_hh, np.zeros(64))
            sums[name] = np.abs(h_all[:, -2] @ (signs * W_hh)).mean()

        assert sums["positive"] > 5 * sums["both signs"], seed


@pytest.mark.slow
def test_a_trained_network_reads_digits_and_numpy_agrees_with_it():
    images, labels = data.digits(3000, seed=1)
    new, truth = data.digits(1000, seed=2)
    x = new.astype(np.float32)
    for seed in range(3):
        reader, losses = digit_reader.train(images, labels, seed)
        cell, readout = digit_reader.weights(reader)
        h_all, _ = U01.rnn_forward(x, np.zeros((1000, 48), np.float32), **cell)
        answers = U01.rnn_readout(h_all, **readout, mode="last").argmax(axis=-1)

        assert len(losses) == 720
        np.testing.assert_allclose(h_all, digit_reader.states(reader, x), atol=5e-6)
        assert (answers == truth).mean() > 0.95, seed
