"""Stand-ins for the exercises of unit 04 that its demonstrations use: PyTorch computes them and their gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Cache = tuple[Floats, ...]


def sigmoid(x: Floats) -> Floats:
    """Return torch's sigmoid."""
    numbers = torch.tensor(x)
    result: Floats = torch.sigmoid(numbers if numbers.is_floating_point() else numbers.double()).numpy()
    return result


def lstm_cell_forward(
    x_t: Floats, h_prev: Floats, c_prev: Floats, W_xh: Floats, W_hh: Floats, b: Floats
) -> tuple[Floats, Floats, Cache]:
    """Return the states after one step and the cache."""
    H = len(W_hh)
    sums = torch.cat([torch.tensor(x_t), torch.tensor(h_prev)], dim=1) @ torch.tensor(np.vstack([W_xh, W_hh]))
    sums = sums + torch.tensor(b)
    gates, candidate = sums[:, : 3 * H].sigmoid().chunk(3, dim=1), sums[:, 3 * H :].tanh()
    cell = torch.addcmul(gates[0] * candidate, gates[1], torch.tensor(c_prev))
    inside = [part.numpy() for part in (*gates, candidate, cell)]
    return (gates[2] * cell.tanh()).numpy(), cell.numpy(), (x_t, h_prev, c_prev, *inside, W_xh, W_hh)


def lstm_forward(
    x: Floats, h0: Floats, c0: Floats, W_xh: Floats, W_hh: Floats, b: Floats
) -> tuple[Floats, Floats, list[Cache]]:
    """Return the states over whole sequences, and a cache for each step."""
    steps = [lstm_cell_forward(x[:, 0], h0, c0, W_xh, W_hh, b)]
    for x_t in x.swapaxes(0, 1)[1:]:
        steps.append(lstm_cell_forward(x_t, *steps[-1][:2], W_xh, W_hh, b))
    return np.stack([step[0] for step in steps], axis=1), steps[-1][1], [step[2] for step in steps]


def lstm_from_torch(state: dict[str, Floats]) -> dict[str, Floats]:
    """Return PyTorch's weights with the blocks in the course's order."""
    H = len(state["bias_ih_l0"]) // 4
    rows = np.r_[0 : 2 * H, 3 * H : 4 * H, 2 * H : 3 * H]
    both = state["bias_ih_l0"] + state["bias_hh_l0"]
    return {"W_xh": state["weight_ih_l0"][rows].T, "W_hh": state["weight_hh_l0"][rows].T, "b": both[rows]}


def handmade_memory(H: int) -> dict[str, Floats]:
    """Return weights that keep the values of the last flagged step."""
    values, flag = np.hstack([np.zeros((H, 3 * H)), 4 * np.eye(H)]), np.repeat([24.0, -24.0, 0.0, 0.0], H)
    bias = np.repeat([-12.0, 12.0, 12.0, 0.0], H)
    return {"W_xh": np.vstack([values, flag]), "W_hh": np.zeros((H, 4 * H)), "b": bias}


def lstm_cell_backward(dh: Floats, dc: Floats, cache: Cache) -> tuple[Floats, ...]:
    """Return the gradients of one step; torch's autograd takes them as far as the layers."""
    x_t, h_prev, _, *_, W_xh, W_hh = cache
    c_before, *layers = (torch.tensor(cache[k], requires_grad=True) for k in (2, 3, 4, 5, 6))
    cell = layers[1] * c_before + layers[0] * layers[3]
    upstream = (torch.tensor(dc), torch.tensor(dh))
    dc_before, *found = torch.autograd.grad((cell, layers[2] * cell.tanh()), (c_before, *layers), upstream)
    slopes = [cache[k] - cache[k] ** 2 for k in (3, 4, 5)] + [1 - cache[6] ** 2]
    sums = np.hstack([gradient.numpy() * slope for gradient, slope in zip(found, slopes, strict=True)])
    weights = np.hstack([x_t, h_prev]).T @ sums
    D = x_t.shape[1]
    return sums @ W_xh.T, sums @ W_hh.T, dc_before.numpy(), weights[:D], weights[D:], sums.sum(0)


def lstm_backward(dh_all: Floats, dc_T: Floats, caches: list[Cache]) -> dict[str, Floats]:
    """Return the gradients over whole sequences."""
    steps = [lstm_cell_backward(dh_all[:, -1], dc_T, caches[-1])]
    for t in range(len(caches) - 2, -1, -1):
        steps.append(lstm_cell_backward(dh_all[:, t] + steps[-1][1], steps[-1][2], caches[t]))
    dW_xh, dW_hh, db = (np.sum([step[k] for step in steps], axis=0) for k in (3, 4, 5))
    first = {"dx": np.stack([step[0] for step in steps[::-1]], axis=1), "dh0": steps[-1][1], "dc0": steps[-1][2]}
    return first | {"dW_xh": dW_xh, "dW_hh": dW_hh, "db": db}


def init_lstm(D: int, H: int, forget_bias: float, rng: np.random.Generator) -> dict[str, Floats]:
    """Return first weights, uniform up to 1/√H, and the forget gate's bias."""
    weights = (2 * rng.random((D + H, 4 * H)) - 1) / np.sqrt(H)
    return {"W_xh": weights[:D], "W_hh": weights[D:], "b": np.repeat([0.0, float(forget_bias), 0.0, 0.0], H)}
