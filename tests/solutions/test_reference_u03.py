"""The reference answers of unit 03 against torch in float64, finite differences, and what the text promises."""

import numpy as np
import pytest
import torch

import solutions
from rnnlab.gradient_check import gradient_error

U03 = solutions.reference("u03_vanishing_gradients")
CLOSE = {"rtol": 1e-10, "atol": 1e-10}
TORCH = {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu, "linear": lambda a: a}


@pytest.fixture
def rng():
    return np.random.default_rng(1)


@pytest.fixture
def network(rng):
    N, T, D, H = 3, 7, 2, 4
    shapes = {"x": (N, T, D), "h0": (N, H), "W_xh": (D, H), "W_hh": (H, H), "b_h": (H,), "dh_T": (N, H)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


@pytest.mark.parametrize("name", TORCH)
def test_activation_and_derivative_are_torchs(name, rng):
    a = np.concatenate([3 * rng.normal(size=40), [0.0, -1000.0, 1000.0]])
    tensor = torch.from_numpy(a).requires_grad_()
    value = TORCH[name](tensor)
    (derivative,) = torch.autograd.grad(value.sum(), tensor)

    ours = U03.activation(name, a)

    np.testing.assert_allclose(ours[0], value.detach().numpy(), **CLOSE)
    np.testing.assert_allclose(ours[1], derivative.numpy(), **CLOSE)


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "linear"])
def test_activations_derivative_is_that_of_finite_differences(name, rng):
    a = rng.normal(size=5)

    errors = gradient_error(lambda a: U03.activation(name, a)[0].sum(), {"a": a}, {"a": U03.activation(name, a)[1]})

    assert errors["a"] < 1e-8


@pytest.mark.parametrize("act", TORCH)
def test_scalar_chain_is_torchs_derivative(act):
    for T in (0, 1, 5):
        start = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
        h = start * 1
        for _ in range(T):
            h = TORCH[act](1.3 * h)
        h.backward()

        np.testing.assert_allclose(U03.scalar_chain(1.3, 0.7, T, act), start.grad.item(), **CLOSE)


@pytest.mark.parametrize("act", TORCH)
def test_gradient_norms_are_torchs(act, network):
    t = {name: torch.from_numpy(value) for name, value in network.items()}
    states = [t["h0"].requires_grad_()]
    for step in range(network["x"].shape[1]):
        states.append(TORCH[act](t["x"][:, step] @ t["W_xh"] + states[-1] @ t["W_hh"] + t["b_h"]))
    gradients = torch.autograd.grad((states[-1] * t["dh_T"]).sum(), states)

    np.testing.assert_allclose(U03.gradient_norms(**network, act=act), [g.norm().item() for g in gradients], **CLOSE)


def test_no_gradient_exceeds_its_bound(network):
    for act, gamma in {"tanh": 1.0, "sigmoid": 0.25, "relu": 1.0}.items():
        norms = U03.gradient_norms(**network, act=act)
        left = norms[::-1] / norms[-1]
        bounds = [U03.gradient_bound(network["W_hh"], gamma, k) for k in range(len(norms))]

        assert (left <= np.array(bounds) * (1 + 1e-12)).all()


def test_the_bound_is_reached_by_a_linear_network():
    W_hh = np.diag([2.0, 0.5])
    args = {"x": np.zeros((1, 3, 1)), "h0": np.zeros((1, 2)), "W_xh": np.zeros((1, 2)), "b_h": np.zeros(2)}
    norms = U03.gradient_norms(**args, W_hh=W_hh, act="linear", dh_T=np.array([[1.0, 0.0]]))

    np.testing.assert_allclose(norms[0], U03.gradient_bound(W_hh, 1.0, 3), **CLOSE)


def test_decay_rate_is_the_geometric_mean_of_the_steps(rng):
    norms = rng.uniform(0.1, 3.0, size=8)

    np.testing.assert_allclose(U03.decay_rate(norms), np.exp(np.mean(np.log(norms[:-1] / norms[1:]))), **CLOSE)


@pytest.mark.parametrize(("kind", "variance"), [("small", 1e-4), ("xavier", 1 / 300), ("he", 2 / 300)])
def test_random_weights_have_the_promised_variance(kind, variance, rng):
    W_hh = U03.init_hidden(kind, 300, rng)

    assert abs(W_hh.var() / variance - 1) < 0.05
    assert abs(W_hh.mean()) < 0.02 * np.sqrt(variance)


def test_orthogonal_weights_are_orthogonal_and_favour_no_direction(rng):
    drawn = [U03.init_hidden("orthogonal", 6, rng) for _ in range(2000)]

    np.testing.assert_allclose(drawn[0] @ drawn[0].T, np.eye(6), **CLOSE)
    # Of uniform orthogonal matrices every entry has mean 0 and variance 1/H, and the trace has variance 1.
    assert np.abs(np.mean(drawn, axis=0)).max() < 5 * np.sqrt(1 / 6 / 2000)
    assert abs(np.var([np.trace(W) for W in drawn]) - 1) < 0.2


def test_clipping_by_norm_is_torchs(rng):
    grads = {"W_xh": rng.normal(size=(2, 4)), "W_hh": rng.normal(size=(4, 4)), "b_h": rng.normal(size=4)}
    for limit in (0.5, 50.0):
        weights = [torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)) for g in grads.values()]
        for weight, g in zip(weights, grads.values(), strict=True):
            weight.grad = torch.tensor(g)
        theirs = torch.nn.utils.clip_grad_norm_(weights, limit).item()
        clipped, norm = U03.clip_by_global_norm(grads, limit)

        np.testing.assert_allclose(norm, theirs, **CLOSE)
        for ours, weight in zip(clipped.values(), weights, strict=True):
            # torch divides by the norm plus 1e-6
            np.testing.assert_allclose(ours, weight.grad.numpy(), rtol=1e-5)


def test_clipping_by_value_is_torchs(rng):
    g = rng.normal(size=(3, 4))
    weight = torch.nn.Parameter(torch.zeros(3, 4, dtype=torch.float64))
    weight.grad = torch.tensor(g)
    torch.nn.utils.clip_grad_value_([weight], 0.7)

    np.testing.assert_allclose(U03.clip_by_value({"W": g}, 0.7)["W"], weight.grad.numpy(), **CLOSE)


def test_clipping_leaves_the_given_gradients_alone(rng):
    grads = {"W": rng.normal(size=(3, 4))}
    before = grads["W"].copy()
    U03.clip_by_value(grads, 0.1)
    U03.clip_by_global_norm(grads, 0.1)

    np.testing.assert_array_equal(grads["W"], before)


def test_the_quiz_about_xavier_is_what_torch_does():
    """The layer that was initialised is not the layer that is trained."""
    model = torch.nn.Module()
    model.classifier = torch.nn.Linear(4, 3)
    torch.nn.init.constant_(model.classifier.weight, 7.0)
    model.classifier = torch.nn.Linear(4, 3)

    assert U03.vanishing_quiz("xavier") == "b"
    assert not (model.classifier.weight == 7.0).any()
