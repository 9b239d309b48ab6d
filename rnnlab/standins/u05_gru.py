"""Stand-ins for the exercises of unit 05 that its demonstrations use: PyTorch computes them and their gradients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from rnnlab.networks import arrays, network

Floats = NDArray[np.floating[Any]]
Cache = tuple[Any, ...]


def gru_cell_forward(
    x_t: Floats, h_prev: Floats, W_xh: Floats, W_hh: Floats, b_xh: Floats, b_hh: Floats, reset_after: bool = True
) -> tuple[Floats, Cache]:
    """Return the state after one step and the cache."""
    H = len(W_hh)
    x, old, W_x, W, b_x, b = _tensors(x_t, h_prev, W_xh, W_hh, b_xh, b_hh)
    from_x = x @ W_x + b_x
    r, z = (from_x + old @ W + b)[:, : 2 * H].sigmoid().chunk(2, dim=1)
    seen = old if reset_after else r * old
    memory = torch.addmm(b[2 * H :], seen, W[:, 2 * H :])
    new = torch.tanh(from_x[:, 2 * H :] + (r if reset_after else 1) * memory)
    inside = [part.numpy() for part in (r, z, new, memory)]
    return torch.lerp(new, old, z).numpy(), (x_t, h_prev, W_xh, W_hh, *inside, reset_after)


def gru_cell_backward(dh_t: Floats, cache: Cache) -> tuple[Floats, ...]:
    """Return the gradients of one step; torch's autograd finds them from gates that are sigmoids of given sums."""
    *arrays_then, reset_after = cache
    x_t, h_prev, W_xh, W_hh, r, z, n, m = arrays_then
    H = len(W_hh)
    # The biases are not in the cache; sums that lead to its gates and candidate stand for them.
    x, old, wide_x, wide_h = (torch.tensor(part, requires_grad=True) for part in (x_t, h_prev, W_xh, W_hh))
    b_x, b_h = (torch.zeros(len(x_t), 3 * H, dtype=old.dtype, requires_grad=True) for _ in range(2))
    from_x, from_h = x @ wide_x + b_x, old @ wide_h + b_h
    gates = from_x[:, : 2 * H] + from_h[:, : 2 * H]
    wanted = torch.logit(torch.tensor(np.hstack([r, z])))
    reset, update = (gates + (wanted - gates).detach()).sigmoid().chunk(2, dim=1)
    memory = from_h[:, 2 * H :] if reset_after else (reset * old) @ wide_h[:, 2 * H :] + b_h[:, 2 * H :]
    memory = memory + (torch.tensor(m) - memory).detach()
    inner = from_x[:, 2 * H :] + (reset if reset_after else 1) * memory
    candidate = (inner + (torch.atanh(torch.tensor(n)) - inner).detach()).tanh()
    leaves = (x, old, wide_x, wide_h, b_x, b_h)
    found = torch.autograd.grad(torch.lerp(candidate, old, update), leaves, torch.tensor(dh_t))
    return (*(gradient.numpy() for gradient in found[:4]), *(gradient.numpy().sum(0) for gradient in found[4:]))


def gru_forward(
    x: Floats, h0: Floats, W_xh: Floats, W_hh: Floats, b_xh: Floats, b_hh: Floats
) -> tuple[Floats, list[Cache]]:
    """Return the states over whole sequences, and a cache for each step."""
    steps = [gru_cell_forward(x[:, 0], h0, W_xh, W_hh, b_xh, b_hh)]
    for x_t in x.swapaxes(0, 1)[1:]:
        steps.append(gru_cell_forward(x_t, steps[-1][0], W_xh, W_hh, b_xh, b_hh))
    return np.stack([step[0] for step in steps], axis=1), [step[1] for step in steps]


def param_count(kind: str, D: int, H: int, torch_biases: bool) -> int:
    """Return the size of torch's layer, of which half the biases are left out where there is one each."""
    layers = {"RNN": torch.nn.RNN, "LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU}
    if kind not in layers:
        raise ValueError(f"no layer {kind!r}")
    sizes: dict[str, int] = {
        name: weight.numel() for name, weight in layers[kind](D, H, device="meta").named_parameters()
    }
    return sum(sizes.values()) - (0 if torch_biases else sizes["bias_hh_l0"])


def adding_problem(N: int, T: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return sequences of the adding problem; places are where random scores are highest in each half."""
    numbers, scores, markers = rng.random((N, T)), rng.random((N, T)), np.zeros((N, T))
    for half, start in ((scores[:, : T // 2], 0), (scores[:, T // 2 :], T // 2)):
        np.put_along_axis(markers, start + half.argmax(axis=1)[:, None], 1.0, axis=1)
    return np.stack([numbers, markers], axis=-1), (numbers * markers).sum(axis=1)


def train_adding(
    kind: str, weights: Mapping[str, Floats], batches: Iterable[tuple[Floats, Floats]], lr: float, max_norm: float
) -> dict[str, Floats]:
    """Return the losses and the trained weights."""
    module, losses = network(kind, weights), []
    optimizer = torch.optim.Adam(module.parameters(), lr=lr)
    for inputs, sums in batches:
        read = module.readout(module.rnn(torch.tensor(inputs))[0].select(1, -1))
        error = torch.nn.functional.mse_loss(read.flatten(), torch.tensor(sums))
        optimizer.zero_grad()
        torch.autograd.backward(error)
        torch.nn.utils.clip_grad_norm_(list(module.parameters()), max_norm)
        optimizer.step()
        losses.append(error.item())
    return {"losses": np.array(losses), **arrays(module)}


def _tensors(*parts: Floats) -> list[torch.Tensor]:
    """Return tensors of one dtype, the widest, as NumPy would compute with these arrays."""
    widest = np.result_type(*parts)
    return [torch.tensor(part.astype(widest)) for part in parts]
