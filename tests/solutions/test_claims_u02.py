"""What unit 02 says of every network, or of several seeds, and shows for one."""

import numpy as np
import pytest

import solutions
from rnnlab import recurrent

UNIT = solutions.reference("u02_bptt")
NUDGES = {"too large": 1e-2, "right": 1e-5, "too small": 1e-9}


def numerical(inputs, name, from_above, h=1e-5):
    return UNIT.numerical_gradient(recurrent.states_by(name, inputs), inputs[name], from_above, h)


def reading(seed, scale):
    """Return inputs (N, T, D), zero states, and the random weights of the cells by-lag and cosine."""
    x = np.random.default_rng(seed).normal(size=(16, 40, 8))
    return x, np.zeros((16, 32)), recurrent.random_weights(scale, seed)


def test_the_slopes_worked_by_hand_with_df_are_those_of_central_differences():
    def f(x):
        return np.array([x[0] ** 2, x[0] * x[1]])

    gradient = UNIT.numerical_gradient(f, np.array([3.0, -2.0]), df=np.array([1.0, 10.0]), h=0.5)

    np.testing.assert_array_equal(gradient, [-14, 30])


def test_the_gradient_of_a_state_is_the_sum_over_later_losses_of_products_of_jacobians():
    inputs = recurrent.random_inputs(N=1, T=4, D=3, H=5)
    h_all, caches = recurrent.run(**inputs)
    from_above = np.random.default_rng(1).normal(size=h_all.shape)
    jacobians = [np.diag(1 - h_all[0, t] ** 2) @ inputs["W_hh"].T for t in range(4)]
    total = np.zeros(5)
    for s in range(4):
        gradient = from_above[0, s]
        for k in range(s, -1, -1):
            gradient = gradient @ jacobians[k]
        total += gradient

    np.testing.assert_allclose(UNIT.rnn_backward(from_above, caches)["dh0"][0], total, atol=1e-12)


def small_run(seed):
    """Return the inputs of a small network, the caches of its forward pass, and a random gradient from above."""
    inputs = recurrent.random_inputs(N=2, T=5, D=3, H=4, seed=seed)
    h_all, caches = recurrent.run(**inputs)
    return inputs, caches, np.random.default_rng(seed + 1).normal(size=h_all.shape)


@pytest.mark.parametrize("seed", range(3))
def test_at_a_nudge_of_1e_5_all_errors_are_far_below_1e_6_and_more_and_less_are_worse(seed):
    inputs, caches, r = small_run(seed)
    grads = UNIT.rnn_backward(r, caches)
    for name in inputs:
        errors = {
            how: UNIT.relative_error(grads[f"d{name}"], numerical(inputs, name, r, h)) for how, h in NUDGES.items()
        }

        assert errors["right"] < 1e-8
        assert errors["right"] < errors["too large"] / 100
        assert errors["right"] < errors["too small"]


def test_nudging_to_both_sides_is_off_by_the_square_of_the_nudge_and_to_one_side_by_the_nudge():
    x = np.array([1.0])
    errors = []
    for h in (1e-3, 1e-4):
        both = abs(UNIT.numerical_gradient(lambda x: np.exp(x).sum(), x, h=h)[0] - np.e)
        one = abs((np.exp(1 + h) - np.exp(1)) / h - np.e)
        errors.append((both, one))

    (both, one), (both_nearer, one_nearer) = errors
    assert both == pytest.approx(np.e * 1e-6 / 6, rel=0.01)
    assert one == pytest.approx(np.e * 1e-3 / 2, rel=0.01)
    assert both / both_nearer == pytest.approx(100, rel=0.05)
    assert one / one_nearer == pytest.approx(10, rel=0.05)


def test_a_wrong_sign_in_a_tiny_entry_beside_a_large_one_does_not_show():
    assert UNIT.relative_error(np.array([1.0, 1e-7]), np.array([1.0, -1e-7])) < 1e-6


@pytest.mark.parametrize("seed", range(3))
def test_a_gradient_check_after_a_backward_pass_that_writes_into_its_input_reports_large_errors(seed):
    inputs, caches, r = small_run(seed)
    right = UNIT.rnn_backward(r, caches)
    overwritten = r.copy()
    for t in range(4, 0, -1):  # what `dh[:, t] = dh[:, t] + dh_prev` leaves in the caller's array
        _, dh_prev, *_ = UNIT.rnn_cell_backward(overwritten[:, t], caches[t])
        overwritten[:, t - 1] += dh_prev

    for name in inputs:
        assert 0.1 < UNIT.relative_error(right[f"d{name}"], numerical(inputs, name, overwritten)) < 1


def test_the_notes_pass_the_shape_check_and_zeros_show_what_is_wrong():
    rng = np.random.default_rng(1)
    n_x, n_a, m = 3, 5, 10
    arrays = {"dxt": rng.normal(size=(n_x, m)), "da_prev": rng.normal(size=(n_a, m))}
    arrays |= {"dWax": rng.normal(size=(n_a, n_x)), "dWaa": rng.normal(size=(n_a, n_a)), "dba": np.zeros((n_a, 1))}
    weights = {"Wax": arrays["dWax"], "Waa": arrays["dWaa"]}
    cache = (np.tanh(rng.normal(size=(n_a, m))), arrays["da_prev"], arrays["dxt"], weights)

    found = UNIT.notes_cell_backward(rng.normal(size=(n_a, m)), cache)
    of_zeros = UNIT.notes_cell_backward(np.zeros((n_a, m)), cache)

    assert {name: gradient.shape for name, gradient in found.items()} == {n: a.shape for n, a in arrays.items()}
    assert [name for name, gradient in of_zeros.items() if np.any(gradient)] == ["dWaa"]


@pytest.mark.parametrize("seed", range(5))
def test_the_share_of_ten_and_of_thirty_steps_back_lies_where_the_text_says(seed):
    rng = np.random.default_rng(seed)
    x, weights = rng.normal(size=(16, 40, 8)), recurrent.random_weights(1.0, seed)
    _, caches = recurrent.run(x, np.zeros((16, 32)), weights["W_xh"], weights["W_hh"], weights["b_h"])
    last = rng.normal(size=(16, 1, 32))

    def left(steps):
        upstream = np.concatenate([np.zeros((16, steps - 1, 32)), last], axis=1)
        return np.linalg.norm(UNIT.rnn_backward(upstream, caches[-steps:])["dh0"]) / np.linalg.norm(last)

    assert 0.04 < left(10) < 0.105
    assert 0.00003 < left(30) < 0.0045


@pytest.mark.parametrize("seed", range(3))
def test_a_cut_costs_less_where_the_gradient_fades_faster(seed):
    targets = np.random.default_rng(seed + 1).integers(0, 5, size=(16, 40))

    def cosines(scale):
        x, h0, weights = reading(seed, scale)
        cut = [UNIT.tbptt_backward(x, h0, targets, weights, chunk)["dW_hh"].ravel() for chunk in (5, 10, 40)]
        directions = [gradient / np.linalg.norm(gradient) for gradient in cut]
        return np.array([direction @ directions[-1] for direction in directions[:2]])

    assert np.all(cosines(1.0) < cosines(0.5) - 0.01)


def test_no_gradient_crosses_the_border_of_a_chunk():
    """What the losses of the second chunk would say of an input that only the first step reads is lost."""
    x, h0, weights = reading(0, 1.0)
    x[:, 1:, 0] = 0.0
    targets = np.random.default_rng(1).integers(0, 5, size=(16, 40))
    alone = UNIT.tbptt_backward(x[:, :5], h0, targets[:, :5], weights, 5)
    cut, full = (UNIT.tbptt_backward(x, h0, targets, weights, chunk) for chunk in (5, 40))

    np.testing.assert_allclose(cut["dW_xh"][0], alone["dW_xh"][0], atol=1e-14)
    assert UNIT.relative_error(full["dW_xh"][0], alone["dW_xh"][0]) > 0.01
