"""Right answers to the exercises of unit 03 in other styles than the reference's."""

import numpy as np
import pytest

import solutions
from autograder.judging.exam_builder import fresh_exam
from rnnlab.checking.marking import mark
from rnnlab.checks import LocalFunction
from rnnlab.specs import SPECS
from solutions.mistakes import mistakes

UNIT = "u03_vanishing_gradients"
REFERENCE = solutions.reference(UNIT)
POINTS = {cell.exercise: cell.points for cell in solutions.unit(UNIT).exercises}

STYLES = {
    "masks": """
def activation(name, a):
    if name == "sigmoid":
        v = np.empty_like(a)
        v[a >= 0] = 1 / (1 + np.exp(-a[a >= 0]))
        e = np.exp(a[a < 0])
        v[a < 0] = e / (1 + e)
        return [v, v - v * v]
    if name == "tanh":
        v = np.tanh(a)
        return v, 1 / np.cosh(np.clip(a, -300, 300)) ** 2
    if name == "relu":
        return np.where(a > 0, a, 0), np.where(a > 0, 1, 0).astype(a.dtype)
    if name == "linear":
        return a.copy(), np.ones(a.shape, a.dtype)
    raise ValueError
""",
    "torch": """
def activation(name, a):
    import torch
    functions = {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu, "linear": lambda t: t * 1}
    if name not in functions:
        raise ValueError(name)
    t = torch.tensor(a, requires_grad=True)
    v = functions[name](t)
    v.sum().backward()
    return v.detach().numpy(), t.grad.numpy()
""",
    "closed form": """
def scalar_chain(w, h0, T, act="linear"):
    hs = [np.array([h0])]
    for _ in range(T):
        hs.append(activation(act, w * hs[-1])[0])
    return np.prod([w * activation(act, w * h)[1] for h in hs[:-1]])
""",
    "a buffer": """
def gradient_norms(x, h0, W_xh, W_hh, b_h, act, dh_T):
    N, T, D = x.shape
    norms = np.zeros(T + 1, dtype=dh_T.dtype)
    slopes, h = [None] * T, h0
    for t in range(T):
        h, slopes[t] = activation(act, np.einsum("nd,dh->nh", x[:, t], W_xh) + h.dot(W_hh) + b_h)
    norms[T] = np.sqrt(np.sum(dh_T**2))
    for t in range(T - 1, -1, -1):
        dh_T *= slopes[t]
        dh_T = np.einsum("nj,ij->ni", dh_T, W_hh)
        norms[t] = np.sqrt(np.sum(dh_T**2))
    return norms
""",
    "autograd": """
def gradient_norms(x, h0, W_xh, W_hh, b_h, act, dh_T):
    import torch
    x, h, W_xh, W_hh, b_h, dh_T = map(torch.tensor, (x, h0, W_xh, W_hh, b_h, dh_T))
    f = {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu, "linear": lambda a: a}[act]
    hs = [h.requires_grad_()]
    for t in range(x.shape[1]):
        hs.append(f(x[:, t] @ W_xh + hs[-1] @ W_hh + b_h))
    return torch.stack([g.norm() for g in torch.autograd.grad((hs[-1] * dh_T).sum(), hs)]).numpy()
""",
    "logarithms": """
def decay_rate(norms):
    return np.exp(-np.diff(np.log(norms)).mean())
""",
    "eigenvalues of the square": """
def gradient_bound(W_hh, gamma, k):
    return np.array((gamma * np.sqrt(np.linalg.eigvalsh(W_hh @ W_hh.T)[-1])) ** k)
""",
    "uniform": """
def init_hidden(kind, H, rng):
    if kind == "identity":
        return np.diag(np.ones(H))
    if kind == "orthogonal":
        u, _, vt = np.linalg.svd(rng.standard_normal((H, H)))
        return u @ vt
    u = {"small": 0.01 * np.sqrt(3), "xavier": np.sqrt(3 / H), "he": np.sqrt(6 / H)}
    if kind not in u:
        raise ValueError("unknown")
    return rng.uniform(-u[kind], u[kind], (H, H))
""",
    "in place": """
def clip_by_value(grads, c):
    for g in grads.values():
        np.clip(g, -c, c, out=g)
    return grads
""",
    "as torch does": """
def clip_by_global_norm(grads, max_norm):
    total = np.linalg.norm([np.linalg.norm(g) for g in grads.values()])
    for name in grads:
        grads[name] *= min(1.0, max_norm / (total + 1e-6))
    return grads, total
""",
    "one vector": """
def clip_by_global_norm(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([g.reshape(-1) for g in grads.values()]))
    clipped = {}
    for name, g in grads.items():
        clipped[name] = g * (max_norm / norm).astype(g.dtype) if norm > max_norm else g
    return clipped, norm
""",
    "branches": """
def vanishing_quiz(question):
    if question == "clipping":
        return "c"
    return "a" if question == "relu" else "d" if question == "sigmoid" else "b"
""",
}


@pytest.mark.parametrize("source", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("seed", range(3))
def test_no_right_answer_is_refused_for_its_style(source, seed):
    namespace = {"np": np, "activation": REFERENCE.activation}
    exec(source, namespace)
    name = source.split("(")[0].removeprefix("\ndef ")
    known = [mistake for mistake in mistakes(UNIT) if mistake.exercise == name]
    exam = fresh_exam(SPECS[name], POINTS[name], REFERENCE, known, seed)

    result = mark(SPECS[name], exam, LocalFunction(namespace[name]))

    assert result.points == POINTS[name], result.message
