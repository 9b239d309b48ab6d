"""The reference answers of unit 04 against torch in float64, and what its text promises."""

import numpy as np
import pytest
import torch

import solutions
from rnnlab.gradient_check import gradient_error

U04 = solutions.reference("u04_lstm")
CLOSE = {"rtol": 0, "atol": 1e-10}
N, T, D, H = 2, 6, 3, 5


@pytest.fixture
def rng():
    return np.random.default_rng(4)


@pytest.fixture
def lstm():
    """A torch LSTM with the weights that go with it in our notation."""
    torch.manual_seed(4)
    module = torch.nn.LSTM(D, H, batch_first=True, dtype=torch.float64)
    return module, U04.lstm_from_torch({name: weight.numpy() for name, weight in module.state_dict().items()})


@pytest.fixture
def inputs(rng):
    return rng.normal(size=(N, T, D)), rng.normal(size=(N, H)), rng.normal(size=(N, H))


def theirs(module, x, h0, c0):
    h_all, (_, c_T) = module(x, (h0[None], c0[None]))
    return h_all, c_T[0]


def test_sigmoid_is_torchs(rng):
    x = rng.normal(size=(3, 4)) * 20

    np.testing.assert_allclose(U04.sigmoid(x), torch.sigmoid(torch.from_numpy(x)).numpy(), **CLOSE)


def test_lstm_forward_is_torchs_lstm(lstm, inputs):
    module, weights = lstm

    with torch.no_grad():
        expected = theirs(module, *map(torch.from_numpy, inputs))
    h_all, c_T, caches = U04.lstm_forward(*inputs, **weights)

    np.testing.assert_allclose(h_all, expected[0].numpy(), **CLOSE)
    np.testing.assert_allclose(c_T, expected[1].numpy(), **CLOSE)
    assert [len(cache) for cache in caches] == [10] * T


def test_our_weights_in_torchs_lstm_give_our_states(inputs, rng):
    weights = U04.init_lstm(D, H, 1.0, rng)
    i, f, o, g = (np.arange(k * H, (k + 1) * H) for k in range(4))
    order = np.concatenate([i, f, g, o])
    module = torch.nn.LSTM(D, H, batch_first=True, dtype=torch.float64)
    state = {
        "weight_ih_l0": weights["W_xh"].T[order],
        "weight_hh_l0": weights["W_hh"].T[order],
        "bias_ih_l0": weights["b"][order],
        "bias_hh_l0": np.zeros(4 * H),
    }
    module.load_state_dict({name: torch.tensor(weight) for name, weight in state.items()})

    with torch.no_grad():
        h_all, _ = theirs(module, *map(torch.from_numpy, inputs))

    np.testing.assert_allclose(U04.lstm_forward(*inputs, **weights)[0], h_all.numpy(), **CLOSE)
    np.testing.assert_array_equal(U04.lstm_from_torch(state)["W_xh"], weights["W_xh"])


def test_lstm_backward_is_torchs_autograd(lstm, inputs, rng):
    module, weights = lstm
    dh_all, dc_T = rng.normal(size=(N, T, H)), rng.normal(size=(N, H))
    x, h0, c0 = (torch.from_numpy(value).requires_grad_() for value in inputs)

    h_all, c_T = theirs(module, x, h0, c0)
    ((h_all * torch.from_numpy(dh_all)).sum() + (c_T * torch.from_numpy(dc_T)).sum()).backward()
    seen = U04.lstm_backward(dh_all, dc_T, U04.lstm_forward(*inputs, **weights)[2])

    for name, value in {"dx": x, "dh0": h0, "dc0": c0}.items():
        np.testing.assert_allclose(seen[name], value.grad.numpy(), **CLOSE)
    state = {name: weight.grad.numpy() for name, weight in module.named_parameters()}
    expected = U04.lstm_from_torch(state)
    np.testing.assert_allclose(seen["dW_xh"], expected["W_xh"], **CLOSE)
    np.testing.assert_allclose(seen["dW_hh"], expected["W_hh"], **CLOSE)
    # Each of torch's two biases gets the whole gradient; the conversion adds them.
    np.testing.assert_allclose(2 * seen["db"], expected["b"], **CLOSE)


def test_lstm_cell_backward_is_what_finite_differences_say(rng):
    shapes = {"x_t": (N, D), "h_prev": (N, H), "c_prev": (N, H), "W_xh": (D, 4 * H), "W_hh": (H, 4 * H), "b": (4 * H,)}
    values = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    dh, dc = rng.normal(size=(N, H)), rng.normal(size=(N, H))

    def loss(**inputs):
        h_t, c_t, _ = U04.lstm_cell_forward(**inputs)
        return (h_t * dh).sum() + (c_t * dc).sum()

    gradients = U04.lstm_cell_backward(dh, dc, U04.lstm_cell_forward(**values)[2])
    errors = gradient_error(loss, values, dict(zip(values, gradients, strict=True)))

    assert max(errors.values()) < 1e-7


def test_the_backward_passes_leave_the_callers_arrays_alone(lstm, inputs, rng):
    dh_all, dc_T = rng.normal(size=(N, T, H)), rng.normal(size=(N, H))
    before = dh_all.copy(), dc_T.copy()

    U04.lstm_backward(dh_all, dc_T, U04.lstm_forward(*inputs, **lstm[1])[2])

    np.testing.assert_array_equal(dh_all, before[0])
    np.testing.assert_array_equal(dc_T, before[1])


def test_the_steps_worked_by_hand_are_right():
    one = np.ones((1, 1))
    W_xh, W_hh, b = np.array([[1.0, 0, 1, 0]]), np.array([[-2.0, 4, 2, 2]]), np.array([0.0, -1, 0, -0.5])
    h_t, c_t, _ = U04.lstm_cell_forward(one, one / 2, 2 * one, W_xh, W_hh, b)
    cache = (one, one / 2, 2 * one, one / 2, 0.75 * one, 0.9 * one, one / 2, 1.75 * one, W_xh, W_hh)
    dx, dh_prev, dc_prev, dW_xh, dW_hh, db = U04.lstm_cell_backward(0 * one, one, cache)

    assert (round(h_t.item(), 3), round(c_t.item(), 3)) == (0.823, 1.693)
    assert (dx.item(), dh_prev.item(), dc_prev.item()) == (0.125, 2.0, 0.75)
    np.testing.assert_array_equal(db, [0.125, 0.375, 0, 0.375])
    np.testing.assert_array_equal(dW_xh, [db])
    np.testing.assert_array_equal(dW_hh, [db / 2])
