"""A forward pass, computed by PyTorch, for units in which it is not an exercise, and random networks to run it on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Cache = tuple[Floats, Floats, Floats, Floats, Floats]


def run(x: Floats, h0: Floats, W_xh: Floats, W_hh: Floats, b_h: Floats) -> tuple[Floats, list[Cache]]:
    """Return the hidden states of torch's ``nn.RNN`` (N, T, H), and a cache (x_t, h_prev, W_xh, W_hh, h_t) per step.

    Shapes: x (N, T, D), h0 (N, H), W_xh (D, H), W_hh (H, H), b_h (H,), all of one dtype, which is also the states'.
    Torch adds two biases; the second one is zero here.
    """
    D, H = W_xh.shape
    weights = {
        "weight_ih_l0": W_xh.T,
        "weight_hh_l0": W_hh.T,
        "bias_ih_l0": b_h,
        "bias_hh_l0": np.zeros_like(b_h),
    }
    tensors = {name: torch.tensor(array) for name, array in weights.items()}
    rnn = torch.nn.RNN(D, H, batch_first=True, dtype=tensors["bias_ih_l0"].dtype, device="meta")
    with torch.no_grad():
        states, _ = torch.func.functional_call(rnn, tensors, (torch.tensor(x), torch.tensor(h0)[None]))
    h_all: Floats = states.numpy()
    before = np.concatenate([h0[:, None], h_all[:, :-1]], axis=1)
    return h_all, [(x[:, t], before[:, t], W_xh, W_hh, h_all[:, t]) for t in range(x.shape[1])]


def states_by(name: str, inputs: Mapping[str, Floats]) -> Callable[[Floats], Floats]:
    """Return the hidden states (N, T, H) as a function of one of the inputs of ``run``, the others as in ``inputs``."""
    return lambda value: run(**{**inputs, name: value})[0]


def random_inputs(N: int, T: int, D: int, H: int, seed: int = 0) -> dict[str, Floats]:
    """Return all inputs of ``run``, x, h0, W_xh, W_hh and b_h, as float64 arrays of standard normal numbers."""
    rng = np.random.default_rng(seed)
    shapes = {"x": (N, T, D), "h0": (N, H), "W_xh": (D, H), "W_hh": (H, H), "b_h": (H,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def random_weights(scale: float, seed: int = 0, D: int = 8, H: int = 32, C: int = 5) -> dict[str, Floats]:
    """Return the weights of a random network with read-out, W_xh, W_hh, b_h, W_hy and b_y, the biases 0.

    ``scale`` multiplies the weights from state to state, which have a standard deviation of scale/√H.
    """
    rng = np.random.default_rng(seed)
    return {
        "W_xh": 0.5 * rng.normal(size=(D, H)) / np.sqrt(D),
        "W_hh": scale * rng.normal(size=(H, H)) / np.sqrt(H),
        "b_h": np.zeros(H),
        "W_hy": rng.normal(size=(H, C)) / np.sqrt(H),
        "b_y": np.zeros(C),
    }
