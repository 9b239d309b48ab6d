"""The reference answers of unit 02 against torch's autograd in float64, and what its text promises."""

import numpy as np
import pytest
import torch

import solutions
from rnnlab import recurrent
from rnnlab.checking import functions
from solutions.mistakes import mistakes
from solutions.u02_bptt.mistakes import no_carry

U02 = solutions.reference("u02_bptt")
CLOSE = {"rtol": 0, "atol": 1e-10}
SHAPES = {"x": (2, 7, 3), "h0": (2, 4), "W_xh": (3, 4), "W_hh": (4, 4), "b_h": (4,), "W_hy": (4, 5), "b_y": (5,)}
CELL = ("x", "h0", "W_xh", "W_hh", "b_h")


@pytest.fixture(params=range(3))
def rng(request):
    return np.random.default_rng(request.param)


@pytest.fixture
def arrays(rng):
    return {name: rng.normal(size=shape) for name, shape in SHAPES.items()}


@pytest.fixture
def targets(rng):
    return rng.integers(0, 5, size=(2, 7))


def leaves(arrays):
    return {name: torch.tensor(value, requires_grad=True) for name, value in arrays.items()}


def states(x, h0, W_xh, W_hh, b_h, cut=()):
    """Return the states as torch sees them; the gradient does not pass the steps in ``cut``."""
    h, found = h0, []
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_xh + (h.detach() if t in cut else h) @ W_hh + b_h)
        found.append(h)
    return torch.stack(found, dim=1)


def agree(gradients, tensors):
    for name, tensor in tensors.items():
        np.testing.assert_allclose(gradients[f"d{name}"], tensor.grad.numpy(), **CLOSE, err_msg=name)


def test_rnn_backward_is_autograd(arrays, rng):
    tensors = leaves({name: arrays[name] for name in CELL})
    from_above = rng.normal(size=(2, 7, 4))

    states(**tensors).backward(torch.tensor(from_above))
    _, caches = recurrent.run(**{name: arrays[name] for name in CELL})

    agree(U02.rnn_backward(from_above, caches), tensors)


def test_rnn_cell_backward_is_autograd(arrays, rng):
    tensors = leaves({name: arrays[name] for name in CELL} | {"x": arrays["x"][:, :1]})
    from_above = rng.normal(size=(2, 4))

    states(**tensors)[:, 0].backward(torch.tensor(from_above))
    _, caches = recurrent.run(**{name: tensor.detach().numpy() for name, tensor in tensors.items()})
    dx, dh0, dW_xh, dW_hh, db_h = U02.rnn_cell_backward(from_above, caches[0])

    agree({"dx": dx[:, None], "dh0": dh0, "dW_xh": dW_xh, "dW_hh": dW_hh, "db_h": db_h}, tensors)


def test_readout_backward_is_autograd(arrays, rng):
    tensors = leaves({"h_all": rng.normal(size=(2, 7, 4)), "W_hy": arrays["W_hy"], "b_y": arrays["b_y"]})
    from_above = rng.normal(size=(2, 7, 5))

    (tensors["h_all"] @ tensors["W_hy"] + tensors["b_y"]).backward(torch.tensor(from_above))
    dh_all, dW_hy, db_y = U02.readout_backward(from_above, tensors["h_all"].detach().numpy(), arrays["W_hy"])

    agree({"dh_all": dh_all, "dW_hy": dW_hy, "db_y": db_y}, tensors)


@pytest.mark.parametrize("masked", [False, True])
def test_sequence_cross_entropy_is_torchs(rng, targets, masked):
    logits = torch.tensor(rng.normal(size=(2, 7, 5)) * 5, requires_grad=True)
    mask = rng.integers(0, 2, size=(2, 7)) if masked else None

    each = torch.nn.functional.cross_entropy(logits.transpose(1, 2), torch.tensor(targets), reduction="none")
    expected = (each * torch.tensor(mask) if masked else each).sum() / 2
    expected.backward()
    loss, dlogits = U02.sequence_cross_entropy(logits.detach().numpy(), targets, mask)

    np.testing.assert_allclose(loss, expected.item(), **CLOSE)
    np.testing.assert_allclose(dlogits, logits.grad.numpy(), **CLOSE)


def test_knowing_nothing_costs_ln_v_per_step():
    loss, _ = U02.sequence_cross_entropy(np.zeros((3, 10, 10)), np.zeros((3, 10), dtype=int))

    assert loss == pytest.approx(23.03, abs=0.01)


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 9])
def test_tbptt_backward_is_autograd_with_detached_states(arrays, targets, chunk):
    tensors = leaves(arrays)
    h_all = states(*(tensors[name] for name in CELL), cut=range(chunk, 7, chunk))
    logits = h_all @ tensors["W_hy"] + tensors["b_y"]
    loss = torch.nn.functional.cross_entropy(logits.transpose(1, 2), torch.tensor(targets), reduction="sum") / 2
    loss.backward()

    params = {name: arrays[name] for name in ("W_xh", "W_hh", "b_h", "W_hy", "b_y")}
    found = U02.tbptt_backward(arrays["x"], arrays["h0"], targets, params, chunk)

    agree(found, {name: tensors[name] for name in params})
    np.testing.assert_allclose(found["loss"], loss.item(), **CLOSE)
    np.testing.assert_allclose(found["h_T"], h_all[:, -1].detach().numpy(), **CLOSE)


@pytest.mark.parametrize("name", ["quadratic", "cubic", "raised_sines"])
def test_numerical_gradient_is_near_autograd(rng, name):
    x = rng.normal(size=(2, 3))
    in_torch = {
        "quadratic": lambda t: (t**2).sum(),
        "cubic": lambda t: (torch.arange(1, 7) * t.ravel() ** 3).sum(),
        "raised_sines": lambda t: 1000 + torch.exp(torch.sin(t)).sum(),
    }
    tensor = torch.tensor(x, requires_grad=True)
    in_torch[name](tensor).backward()

    numeric = U02.numerical_gradient(getattr(functions, name), x)

    assert U02.relative_error(numeric, tensor.grad.numpy()) < 1e-7


def test_numerical_gradient_weighs_outputs_by_df(rng):
    x, df = rng.normal(size=(2, 3)), rng.normal(size=(3, 2))
    tensor = torch.tensor(x, requires_grad=True)
    torch.tanh(tensor * tensor.sum(dim=1, keepdim=True)).T.backward(torch.tensor(df))

    assert U02.relative_error(U02.numerical_gradient(functions.mixed, x, df), tensor.grad.numpy()) < 1e-8
    np.testing.assert_allclose(U02.numerical_gradient(functions.unchanged, x, np.ones((2, 3))), 1, atol=1e-9)


def test_the_repaired_notes_are_the_cell_in_columns(rng):
    x, h_prev, h, dh = (rng.normal(size=shape) for shape in [(2, 3), (2, 4), (2, 4), (2, 4)])
    W_xh, W_hh = rng.normal(size=(3, 4)), rng.normal(size=(4, 4))

    rows = U02.rnn_cell_backward(dh, (x, h_prev, W_xh, W_hh, h))
    columns = U02.repaired_notes_backward(dh.T, (h.T, h_prev.T, x.T, {"Wax": W_xh.T, "Waa": W_hh.T}))

    for row, name in zip(rows, ("dxt", "da_prev", "dWax", "dWaa"), strict=False):
        np.testing.assert_allclose(columns[name], row.T, **CLOSE)
    np.testing.assert_allclose(columns["dba"], rows[4][:, None], **CLOSE)


# -- what the text says about checks -----------------------------------------------------------------------------------


def numeric_agrees(backward, T):
    rng = np.random.default_rng(0)
    inputs = {name: rng.normal(size=SHAPES[name]) for name in CELL} | {"x": rng.normal(size=(2, T, 3))}
    _, caches = recurrent.run(**inputs)
    from_above = rng.normal(size=(2, T, 4))
    found = backward(from_above, caches)
    for name, value in inputs.items():
        numeric = U02.numerical_gradient(
            lambda v, name=name: recurrent.run(**{**inputs, name: v})[0], value, from_above
        )
        if found[f"d{name}"].shape != value.shape or U02.relative_error(found[f"d{name}"], numeric) > 1e-6:
            return False
    return True


def shapes_agree(backward):
    rng = np.random.default_rng(0)
    inputs = {name: rng.normal(size=SHAPES[name]) for name in CELL}
    _, caches = recurrent.run(**inputs)
    found = backward(rng.normal(size=(2, 7, 4)), caches)
    return all(found[f"d{name}"].shape == value.shape for name, value in inputs.items())


def zeros_agree(backward):
    _, caches = recurrent.run(**{name: np.random.default_rng(0).normal(size=SHAPES[name]) for name in CELL})
    return not any(np.any(value) for value in backward(np.zeros((2, 7, 4)), caches).values())


CHECKS = {
    "shapes": shapes_agree,
    "zero upstream": zeros_agree,
    "numerical, T = 1": lambda backward: numeric_agrees(backward, 1),
    "numerical, T = 5": lambda backward: numeric_agrees(backward, 5),
}


def known(name):
    return next(m.function for m in mistakes("u02_bptt") if m.name == name)


def with_cell(cell):
    """Return rnn_backward with another cell in its place."""

    def backward(dh_all, caches):
        module = solutions.reference("u02_bptt")
        module.rnn_cell_backward = cell
        return module.rnn_backward(dh_all, caches)

    return backward


BUGS = {
    "bias as a row": known("bias-sum-as-a-row"),
    "weight returned": with_cell(known("weight-returned-as-its-gradient")),
    "no square": with_cell(known("derivative-without-square")),
    "no carry": no_carry,
    "overwritten": known("weights-overwritten"),
    "not transposed": with_cell(known("hidden-weights-not-transposed")),
    "dh0 zero": known("initial-gradient-left-at-zero"),
}


@pytest.mark.parametrize(("bug", "backward"), BUGS.items(), ids=BUGS)
def test_the_cheapest_check_is_the_first_that_finds_the_bug(bug, backward):
    found_by = next(name for name, agrees in CHECKS.items() if not agrees(backward))

    assert U02.cheapest_check(bug) == found_by


def test_every_check_lets_the_reference_pass():
    assert all(agrees(U02.rnn_backward) for agrees in CHECKS.values())


def train_hello(backward):
    module = solutions.reference("u02_bptt")
    module.rnn_backward = backward
    x, targets, params = np.eye(4)[[[1, 0, 2, 2]]], np.array([[0, 2, 2, 3]]), dict(module.HELLO)
    for _ in range(200):
        step = module.bptt(x, np.zeros((1, 3)), targets, params)
        params = {name: weight - 0.1 * step[f"d{name}"] for name, weight in params.items()}
    return step["loss"]


@pytest.mark.parametrize("backward", [U02.rnn_backward, no_carry])
def test_hello_is_learnt_by_heart_even_without_carry(backward):
    assert train_hello(backward) < 0.05
