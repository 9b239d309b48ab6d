"""The reference answers of unit 01 against torch in float64."""

import numpy as np
import pytest
import torch

import solutions

U01 = solutions.reference("u01_rnn_cell")
CLOSE = {"rtol": 0, "atol": 1e-10}


@pytest.fixture
def rng():
    return np.random.default_rng(1)


@pytest.fixture
def rnn(rng):
    """A torch RNN with the weights that go with it in our notation; both of torch's biases are one of ours."""
    torch.manual_seed(0)
    module = torch.nn.RNN(3, 5, batch_first=True, dtype=torch.float64)
    weights = {
        "W_xh": module.weight_ih_l0.detach().numpy().T,
        "W_hh": module.weight_hh_l0.detach().numpy().T,
        "b_h": (module.bias_ih_l0 + module.bias_hh_l0).detach().numpy(),
    }
    return module, weights


def test_rnn_forward_is_torchs_rnn(rnn, rng):
    module, weights = rnn
    x, h0 = rng.normal(size=(2, 7, 3)), rng.normal(size=(2, 5))

    with torch.no_grad():
        expected, _ = module(torch.from_numpy(x), torch.from_numpy(h0)[None])
    h_all, caches = U01.rnn_forward(x, h0, **weights)

    np.testing.assert_allclose(h_all, expected.numpy(), **CLOSE)
    assert len(caches) == 7


def test_rnn_cell_forward_is_torchs_cell(rnn, rng):
    module, weights = rnn
    cell = torch.nn.RNNCell(3, 5, dtype=torch.float64)
    cell.load_state_dict({name.removesuffix("_l0"): value for name, value in module.state_dict().items()})
    x_t, h_prev = rng.normal(size=(4, 3)), rng.normal(size=(4, 5))

    with torch.no_grad():
        expected = cell(torch.from_numpy(x_t), torch.from_numpy(h_prev))

    np.testing.assert_allclose(U01.rnn_cell_forward(x_t, h_prev, **weights)[0], expected.numpy(), **CLOSE)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_is_torchs(rng, axis):
    z = rng.normal(size=(3, 4, 5)) * 100

    np.testing.assert_allclose(U01.softmax(z, axis), torch.softmax(torch.from_numpy(z), axis).numpy(), **CLOSE)


def test_one_hot_is_torchs(rng):
    idx = rng.integers(0, 6, size=(2, 3, 4))

    np.testing.assert_array_equal(U01.one_hot(idx, 6), torch.nn.functional.one_hot(torch.from_numpy(idx), 6).numpy())


@pytest.mark.parametrize("mode", ["every", "last"])
def test_rnn_readout_is_torchs_linear(rng, mode):
    h_all, W_hy, b_y = rng.normal(size=(2, 3, 5)), rng.normal(size=(5, 4)), rng.normal(size=4)
    states = h_all if mode == "every" else h_all[:, -1]

    expected = torch.nn.functional.linear(*map(torch.from_numpy, (states, W_hy.T.copy(), b_y)))

    np.testing.assert_allclose(U01.rnn_readout(h_all, W_hy, b_y, mode), expected.numpy(), **CLOSE)


def test_num_params_counts_what_torch_counts():
    cell, readout = torch.nn.RNN(3, 5, bias=False), torch.nn.Linear(5, 4)
    counted = sum(p.numel() for module in (cell, readout) for p in module.parameters()) + 5  # torch's biases are two

    assert U01.num_params(3, 5, 4) == counted


def test_image_to_sequence_is_what_indexing_says(rng):
    images = rng.normal(size=(2, 3, 4))

    assert U01.image_to_sequence(images, "rows")[1, 2, 3] == images[1, 2, 3]
    assert U01.image_to_sequence(images, "columns")[1, 3, 2] == images[1, 2, 3]
    assert U01.image_to_sequence(images, "pixels")[1, 2 * 4 + 3, 0] == images[1, 2, 3]


def test_a_reference_is_a_fresh_module_each_time():
    assert solutions.reference("u01_rnn_cell") is not solutions.reference("u01_rnn_cell")
