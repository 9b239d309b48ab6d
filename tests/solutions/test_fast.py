"""The fast networks against the units' own answers and torch's autograd, in float64."""

import numpy as np
import pytest
import torch

import solutions
from solutions import fast

U01, U02 = solutions.reference("u01_rnn_cell"), solutions.reference("u02_bptt")
U04, U05 = solutions.reference("u04_lstm"), solutions.reference("u05_gru")
CLOSE = {"rtol": 1e-10, "atol": 1e-12}

# N, T, D, H: all different, each of them 1 once, and everything 1.
DIFFERENT = [(4, 6, 3, 5), (3, 9, 7, 2), (8, 2, 5, 11)]
SIZES = [*DIFFERENT, (1, 6, 3, 5), (4, 1, 3, 5), (4, 6, 1, 5), (4, 6, 3, 1), (1, 1, 1, 1)]

WEIGHTS = {
    "rnn": {"W_xh": 1, "W_hh": 1, "b_h": 1},
    "lstm": {"W_xh": 4, "W_hh": 4, "b": 4},
    "gru": {"W_xh": 3, "W_hh": 3, "b_xh": 3, "b_hh": 3},
}


@pytest.fixture(params=WEIGHTS)
def kind(request):
    return request.param


@pytest.fixture(params=SIZES, ids=str)
def sizes(request):
    return request.param


@pytest.fixture
def inputs(kind, sizes):
    """Random arguments of the forward pass, by name and in its order."""
    return drawn(kind, *sizes)


@pytest.fixture
def from_above(kind, sizes):
    """Random gradients that arrive at the results of the forward pass: at h_all, and for the LSTM at c_T."""
    (N, T, _, H), rng = sizes, np.random.default_rng(2)
    return [rng.normal(size=(N, T, H)), *([rng.normal(size=(N, H))] if kind == "lstm" else [])]


def drawn(kind, N, T, D, H):
    rng = np.random.default_rng(1)
    shapes = {"x": (N, T, D), "h0": (N, H), **({"c0": (N, H)} if kind == "lstm" else {})}
    for name, blocks in WEIGHTS[kind].items():
        shapes[name] = {"W_xh": (D, blocks * H), "W_hh": (H, blocks * H)}.get(name, (blocks * H,))
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def forward(kind, inputs):
    """Return what the fast forward pass gives: its results as a list, and the cache."""
    *results, cache = getattr(fast, f"{kind}_forward")(**inputs)
    return results, cache


def backward(kind, from_above, cache):
    return getattr(fast, f"{kind}_backward")(*from_above, cache)


# -- the units' answers ------------------------------------------------------------------------------------------------


def gru_backward_by_steps(dh_all, caches):
    """Return unit 05's gradients over a sequence; the unit itself stops at one step."""
    dh, steps = np.zeros_like(dh_all[:, 0]), []
    for t in reversed(range(len(caches))):
        dx_t, dh, *weights = U05.gru_cell_backward(dh_all[:, t] + dh, caches[t])
        steps.append((dx_t, *weights))
    dx, *weights = zip(*reversed(steps), strict=True)
    sums = dict(zip(("dW_xh", "dW_hh", "db_xh", "db_hh"), map(sum, weights), strict=True))
    return {"dx": np.stack(dx, axis=1), "dh0": dh, **sums}


IN_UNITS = {
    "rnn": (U01.rnn_forward, U02.rnn_backward),
    "lstm": (U04.lstm_forward, U04.lstm_backward),
    "gru": (U05.gru_forward, gru_backward_by_steps),
}


def test_forward_and_backward_are_those_of_the_units(kind, inputs, from_above):
    unit_forward, unit_backward = IN_UNITS[kind]
    *expected, caches = unit_forward(**inputs)
    results, cache = forward(kind, inputs)
    expected_gradients, gradients = unit_backward(*from_above, caches), backward(kind, from_above, cache)

    for seen, wanted in zip(results, expected, strict=True):
        np.testing.assert_allclose(seen, wanted, **CLOSE)
    assert gradients.keys() == expected_gradients.keys() == {f"d{name}" for name in inputs}
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, expected_gradients[name], **CLOSE, err_msg=name)


# -- torch -------------------------------------------------------------------------------------------------------------


def in_torch(kind, x, h0, *rest):
    """Return the results of torch's module of ``kind``, run with our weights: blocks turned into torch's order."""
    c0, weights = (rest[0], rest[1:]) if kind == "lstm" else (None, rest)
    (D, _), H = weights[0].shape, h0.shape[1]
    if kind == "lstm":
        i, f, o, g = torch.arange(4 * H).split(H)
        weights = [weight[..., torch.cat([i, f, g, o])] for weight in weights]
    biases = [*weights[2:], torch.zeros_like(weights[2])][:2]
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    tensors = dict(zip(names, [*(weight.T for weight in weights[:2]), *biases], strict=True))
    module = getattr(torch.nn, kind.upper())(D, H, batch_first=True, dtype=torch.float64)
    state = h0[None] if c0 is None else (h0[None], c0[None])
    h_all, last = torch.func.functional_call(module, tensors, (x, state))
    return [h_all] if c0 is None else [h_all, last[1][0]]


def test_forward_and_backward_are_torchs(kind, inputs, from_above):
    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in inputs.items()}
    expected = in_torch(kind, *leaves.values())
    expected_gradients = torch.autograd.grad(expected, list(leaves.values()), [torch.tensor(d) for d in from_above])
    results, cache = forward(kind, inputs)
    gradients = backward(kind, from_above, cache)

    for seen, wanted in zip(results, expected, strict=True):
        np.testing.assert_allclose(seen, wanted.detach().numpy(), **CLOSE)
    for name, wanted in zip(leaves, expected_gradients, strict=True):
        np.testing.assert_allclose(gradients[f"d{name}"], wanted.numpy(), **CLOSE, err_msg=name)


# -- memory ------------------------------------------------------------------------------------------------------------


def test_neither_arguments_nor_cache_are_changed(kind, inputs, from_above):
    given = [*inputs.values(), *from_above]
    before = [value.copy() for value in given]
    _, cache = forward(kind, inputs)
    kept = [value.copy() for value in cache]
    backward(kind, from_above, cache)

    for now, then in zip([*given, *cache], [*before, *kept], strict=True):
        np.testing.assert_array_equal(now, then)


def test_a_second_call_gives_the_same(kind, inputs, from_above):
    results, cache = forward(kind, inputs)
    gradients = backward(kind, from_above, cache)
    again, _ = forward(kind, inputs)

    for now, then in zip(again, results, strict=True):
        np.testing.assert_array_equal(now, then)
    for name, value in backward(kind, from_above, cache).items():
        np.testing.assert_array_equal(value, gradients[name], err_msg=name)


def test_results_share_no_memory_with_anything_else(kind, inputs, from_above):
    results, cache = forward(kind, inputs)
    mine = [*results, *backward(kind, from_above, cache).values()]
    others = [*inputs.values(), *from_above, *cache]

    for k, value in enumerate(mine):
        assert not any(np.shares_memory(value, other) for other in [*mine[:k], *others])


def test_the_callers_x_may_change_before_the_backward_pass(kind, inputs, from_above):
    _, cache = forward(kind, inputs)
    expected = backward(kind, from_above, cache)
    inputs["x"][:] = inputs["h0"][:] = np.nan

    for name, value in backward(kind, from_above, cache).items():
        np.testing.assert_array_equal(value, expected[name], err_msg=name)


# -- numbers -----------------------------------------------------------------------------------------------------------


def test_float32_stays_float32_and_near_float64(kind, inputs, from_above):
    def in_32(values):
        return [value.astype(np.float32) for value in values]

    results, cache = forward(kind, inputs)
    gradients = backward(kind, from_above, cache)
    results_32, cache_32 = forward(kind, dict(zip(inputs, in_32(inputs.values()), strict=True)))
    gradients_32 = backward(kind, in_32(from_above), cache_32)

    pairs = [*zip(results_32, results, strict=True), *((gradients_32[name], gradients[name]) for name in gradients)]
    for seen, wanted in pairs:
        assert seen.dtype == np.float32
        np.testing.assert_allclose(seen, wanted, rtol=1e-4, atol=1e-4 * np.abs(wanted).max())


def test_weights_in_another_order_in_memory_give_the_same(kind):
    inputs = drawn(kind, 4, 6, 3, 5)
    turned = {name: np.asfortranarray(value) for name, value in inputs.items()}
    (h_all, *_), _ = forward(kind, inputs)
    (h_turned, *_), _ = forward(kind, turned)

    np.testing.assert_allclose(h_turned, h_all, **CLOSE)


def test_very_large_sums_give_what_the_units_give_without_a_warning(kind):
    inputs = {name: 1000 * value for name, value in drawn(kind, 4, 6, 3, 5).items()}
    (h_all, *_), _ = forward(kind, inputs)

    np.testing.assert_allclose(h_all, IN_UNITS[kind][0](**inputs)[0], **CLOSE)
