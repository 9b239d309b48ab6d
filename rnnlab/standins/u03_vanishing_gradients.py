"""Stand-ins for the exercises of unit 03 that its demonstrations use, computed by PyTorch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating[Any]]
Gradients = Mapping[str, Floats]

_FUNCTIONS: dict[str, Any] = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "linear": torch.clone,
}


def activation(name: str, a: ArrayLike) -> tuple[Floats, Floats]:
    """Return torch's activation of this name, and what its autograd gives as derivative."""
    if name not in _FUNCTIONS:
        raise ValueError(f"torch computes no {name!r} here")
    point = torch.tensor(a, requires_grad=True)
    value = _FUNCTIONS[name](point)
    (derivative,) = torch.autograd.grad(value.sum(), point)
    return value.detach().numpy(), derivative.numpy()


def scalar_chain(w: float, h0: float, T: int, act: str = "linear") -> float:
    """Return the derivative of the last state by the first, found by torch's autograd."""
    first = torch.tensor(float(h0), dtype=torch.float64, requires_grad=True)
    last = first * 1
    for _ in range(T):
        last = _FUNCTIONS[act](w * last)
    (derivative,) = torch.autograd.grad(last, first)
    return derivative.item()


def gradient_norms(x: Floats, h0: Floats, W_xh: Floats, W_hh: Floats, b_h: Floats, act: str, dh_T: Floats) -> Floats:
    """Return the norms of the gradients that torch's autograd finds for all states at once."""
    inputs = (torch.tensor(x) @ torch.tensor(W_xh) + torch.tensor(b_h)).unbind(1)
    states, matrix = [torch.tensor(h0, requires_grad=True)], torch.tensor(W_hh)
    for added in inputs:
        states.append(_FUNCTIONS[act](torch.addmm(added, states[-1], matrix)))
    gradients = torch.autograd.grad((states[-1] * torch.tensor(dh_T)).sum(), states)
    norms: Floats = torch.stack([gradient.norm() for gradient in gradients]).numpy()
    return norms


def decay_rate(norms: Floats) -> float:
    """Return the exponential of the mean change of the logarithms."""
    return float(np.exp(-np.diff(np.log(norms)).mean()))


def gradient_bound(W_hh: Floats, gamma: float, k: int) -> float:
    """Return the power of ``gamma`` times torch's spectral norm."""
    longest = torch.linalg.matrix_norm(torch.tensor(W_hh), ord=2)
    return float(torch.pow(gamma * longest, k))


def init_hidden(kind: str, H: int, rng: np.random.Generator) -> Floats:
    """Return a matrix filled by the function of ``torch.nn.init``, from a generator that ``rng`` seeds."""
    fill: dict[str, Any] = {
        "small": lambda W, generator: torch.nn.init.normal_(W, std=0.01, generator=generator),
        "xavier": torch.nn.init.xavier_normal_,
        "he": torch.nn.init.kaiming_normal_,
        "orthogonal": torch.nn.init.orthogonal_,
        "identity": lambda W, generator: torch.nn.init.eye_(W),
    }
    if kind not in fill:
        raise ValueError(f"torch fills no {kind!r} here")
    generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
    matrix: Floats = fill[kind](torch.empty(H, H, dtype=torch.float64), generator=generator).numpy()
    return matrix


def clip_by_value(grads: Gradients, c: float) -> dict[str, Floats]:
    """Return the gradients, each clamped by torch."""
    return {name: torch.tensor(g).clamp(-c, c).numpy() for name, g in grads.items()}


def clip_by_global_norm(grads: Gradients, max_norm: float) -> tuple[dict[str, Floats], float]:
    """Return the gradients times one factor, from torch's norm of all of them as one vector; and that norm."""
    tensors = {name: torch.tensor(g) for name, g in grads.items()}
    length = torch.linalg.vector_norm(torch.cat([tensor.flatten() for tensor in tensors.values()]))
    share = torch.clamp(max_norm / length, max=1.0)  # length 0 gives inf, which becomes 1
    return {name: (tensor * share).numpy() for name, tensor in tensors.items()}, length.item()
