"""The reference answers of unit 05 against torch in float64, finite differences, and what the text promises."""

import numpy as np
import pytest
import torch

import solutions
from rnnlab.networks import Network, first_weights

U05 = solutions.reference("u05_gru")
CLOSE = {"rtol": 0, "atol": 1e-10}
N, T, D, H = 4, 6, 3, 5


@pytest.fixture
def rng():
    return np.random.default_rng(1)


@pytest.fixture
def weights(rng):
    shapes = {"W_xh": (D, 3 * H), "W_hh": (H, 3 * H), "b_xh": 3 * H, "b_hh": 3 * H}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def module(kind, weights):
    """Return torch's module of ``kind`` with these weights, in float64."""
    made = kind(D, H, dtype=torch.float64)
    with torch.no_grad():
        for parameter, name in zip(made.parameters(), ("W_xh", "W_hh", "b_xh", "b_hh"), strict=True):
            parameter.copy_(torch.from_numpy(weights[name].T.copy()))
    return made


def torch_step(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after):
    """Return a GRU step written out in torch, for autograd."""
    a_x, a_h = x_t @ W_xh + b_xh, h_prev @ W_hh + b_hh
    r, z = torch.sigmoid(a_x[:, :H] + a_h[:, :H]), torch.sigmoid(a_x[:, H : 2 * H] + a_h[:, H : 2 * H])
    m = a_h[:, 2 * H :] if reset_after else (r * h_prev) @ W_hh[:, 2 * H :] + b_hh[2 * H :]
    n = torch.tanh(a_x[:, 2 * H :] + (r * m if reset_after else m))
    return (1 - z) * n + z * h_prev


def test_gru_cell_forward_is_torchs_cell(rng, weights):
    x_t, h_prev = rng.normal(size=(N, D)), rng.normal(size=(N, H))

    with torch.no_grad():
        expected = module(torch.nn.GRUCell, weights)(torch.from_numpy(x_t), torch.from_numpy(h_prev))

    np.testing.assert_allclose(U05.gru_cell_forward(x_t, h_prev, **weights)[0], expected.numpy(), **CLOSE)


def test_gru_forward_is_torchs_gru(rng, weights):
    x, h0 = rng.normal(size=(T, N, D)), rng.normal(size=(N, H))

    with torch.no_grad():
        expected, _ = module(torch.nn.GRU, weights)(torch.from_numpy(x), torch.from_numpy(h0)[None])
    h_all, caches = U05.gru_forward(x.transpose(1, 0, 2), h0, **weights)

    np.testing.assert_allclose(h_all, expected.numpy().transpose(1, 0, 2), **CLOSE)
    assert len(caches) == T


@pytest.mark.parametrize("reset_after", [True, False])
def test_gru_cell_backward_is_autograds(rng, weights, reset_after):
    inputs = {"x_t": rng.normal(size=(N, D)), "h_prev": rng.normal(size=(N, H)), **weights}
    dh_t = rng.normal(size=(N, H))
    tensors = {name: torch.tensor(value, requires_grad=True) for name, value in inputs.items()}

    h_t = torch_step(**tensors, reset_after=reset_after)
    expected = torch.autograd.grad(h_t, list(tensors.values()), torch.from_numpy(dh_t))
    ours, cache = U05.gru_cell_forward(**inputs, reset_after=reset_after)

    np.testing.assert_allclose(ours, h_t.detach().numpy(), **CLOSE)
    for seen, wanted in zip(U05.gru_cell_backward(dh_t, cache), expected, strict=True):
        np.testing.assert_allclose(seen, wanted.numpy(), **CLOSE)


@pytest.mark.parametrize("reset_after", [True, False])
@pytest.mark.parametrize("name", ["x_t", "h_prev", "W_xh", "W_hh", "b_xh", "b_hh"])
def test_gru_cell_backward_agrees_with_finite_differences(rng, weights, reset_after, name):
    inputs = {"x_t": rng.normal(size=(N, D)), "h_prev": rng.normal(size=(N, H)), **weights}
    dh_t, step = rng.normal(size=(N, H)), 1e-5
    direction = rng.normal(size=inputs[name].shape)

    def loss(move):
        moved = {**inputs, name: inputs[name] + move * direction}
        return np.sum(U05.gru_cell_forward(**moved, reset_after=reset_after)[0] * dh_t)

    _, cache = U05.gru_cell_forward(**inputs, reset_after=reset_after)
    gradient = dict(zip(inputs, U05.gru_cell_backward(dh_t, cache), strict=True))[name]

    assert (loss(step) - loss(-step)) / (2 * step) == pytest.approx(np.sum(gradient * direction), abs=1e-7)


def test_the_whole_sequence_backwards_is_autograds(rng, weights):
    x, h0, dh = rng.normal(size=(N, T, D)), rng.normal(size=(N, H)), rng.normal(size=(N, H))
    start = torch.tensor(h0, requires_grad=True)

    h_all, _ = module(torch.nn.GRU, weights)(torch.from_numpy(x.transpose(1, 0, 2).copy()), start[None])
    (expected,) = torch.autograd.grad(h_all[-1], start, torch.from_numpy(dh))
    _, caches = U05.gru_forward(x, h0, **weights)
    for cache in reversed(caches):
        dh = U05.gru_cell_backward(dh, cache)[1]

    np.testing.assert_allclose(dh, expected.numpy(), **CLOSE)


def test_without_update_gate_and_with_open_reset_gate_it_is_the_vanilla_rnn(rng, weights):
    x_t, h_prev = rng.normal(size=(N, D)), rng.normal(size=(N, H))
    weights["b_xh"][:H], weights["b_xh"][H : 2 * H] = 100.0, -100.0
    W_xn, W_hn, b_xn, b_hn = (weights[name][..., 2 * H :] for name in ("W_xh", "W_hh", "b_xh", "b_hh"))

    h_t, _ = U05.gru_cell_forward(x_t, h_prev, **weights)

    np.testing.assert_allclose(h_t, np.tanh(x_t @ W_xn + b_xn + h_prev @ W_hn + b_hn), **CLOSE)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("biases", [True, False])
def test_param_count_counts_what_torch_counts(kind, biases):
    counted = sum(p.numel() for p in getattr(torch.nn, kind)(7, 4, bias=biases).parameters())
    blocks = {"RNN": 1, "LSTM": 4, "GRU": 3}[kind]

    assert U05.param_count(kind, 7, 4, biases) == counted + (0 if biases else blocks * 4)


def test_always_one_has_an_error_of_a_sixth(rng):
    _, y = U05.adding_problem(200_000, 8, rng)

    assert np.mean((y - 1) ** 2) == pytest.approx(1 / 6, abs=2e-3)


def test_every_pair_of_places_is_as_likely_as_any_other(rng):
    x, _ = U05.adding_problem(40_000, 5, rng)
    places = x[:, :, 1].argmax(axis=1) * 5 + 4 - x[:, ::-1, 1].argmax(axis=1)

    _, counts = np.unique(places, return_counts=True)

    assert len(counts) == 2 * 3
    np.testing.assert_allclose(counts, 40_000 / 6, rtol=0.05)


def test_train_adding_learns_short_sequences(rng):
    torch.manual_seed(0)
    weights = first_weights("GRU", 16, 0)
    data = (U05.adding_problem(32, 4, rng) for _ in range(250))
    batches = [(x.astype(np.float32), y.astype(np.float32)) for x, y in data]

    losses = U05.train_adding("GRU", weights, batches, lr=0.01, max_norm=1.0)["losses"]

    assert losses[:5].mean() > 0.15
    assert losses[-20:].mean() < 0.02


def test_train_adding_takes_the_steps_of_a_loop_written_out(rng):
    torch.manual_seed(0)
    net = Network("LSTM", 3).double()
    weights, batches = U05.arrays(net), [U05.adding_problem(5, 4, rng) for _ in range(4)]

    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
    for x, y in batches:
        optimizer.zero_grad()
        _, (h_T, _) = net.rnn(torch.from_numpy(x))
        torch.nn.functional.mse_loss(net.readout(h_T[0])[:, 0], torch.from_numpy(y)).backward()
        length = torch.sqrt(sum((p.grad**2).sum() for p in net.parameters()))
        for p in net.parameters():
            p.grad *= min(1.0, 0.1 / (length.item() + 1e-6))
        optimizer.step()
    trained = U05.train_adding("LSTM", weights, batches, lr=0.05, max_norm=0.1)

    for name, value in U05.arrays(net).items():
        np.testing.assert_allclose(trained[name], value, **CLOSE)


def test_network_and_arrays_undo_each_other():
    torch.manual_seed(0)
    weights = U05.arrays(Network("IRNN", 3))

    again = U05.arrays(U05.network("IRNN", weights))

    assert all((again[name] == value).all() for name, value in weights.items())
