"""Networks that read long sequences, for unit 03: one that must recall, and one whose gradient explodes; in PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from rnnlab import recall

Floats = NDArray[np.floating[Any]]
Clip = Callable[[Mapping[str, Floats]], Mapping[str, Floats]]


def recall_accuracy(
    T: int,
    W_hh: Floats | None = None,
    max_norm: float | None = None,
    seed: int = 0,
    H: int = recall.UNITS,
    training_steps: int = 400,
) -> Floats:
    """Train PyTorch's ``nn.RNN`` to name the first of T random symbols; return the share of right answers.

    W_hh: hidden weights (H, H) to start from, by default PyTorch's own; max_norm: limit of the gradient's norm, if any
    Returns the mean over each ten steps of training (training_steps / 10,); every batch is new. A guess scores 1/8.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # so small a network is faster with one
    rnn, readout = torch.nn.RNN(recall.SYMBOLS, H, batch_first=True), torch.nn.Linear(H, recall.SYMBOLS)
    if W_hh is not None:
        rnn.weight_hh_l0.data = torch.tensor(W_hh.T, dtype=torch.float32)
    right = list(recall.training(rnn, readout, [T] * training_steps, max_norm))
    by_tens: Floats = np.array(right).reshape(-1, 10).mean(axis=1)
    return by_tens


def starts(
    init_hidden: Callable[[str, int, np.random.Generator], Floats], H: int = 64, number: int = 5
) -> dict[str, list[Floats]]:
    """Return hidden weights (H, H) of seven kinds, ``number`` matrices of each, from the seeds 0, 1, ...

    Five kinds are those of ``init_hidden``; the others are PyTorch's own, uniform up to 1/√H, and an orthogonal one
    times 1.5.
    """

    def made(kind: str) -> list[Floats]:
        return [init_hidden(kind, H, np.random.default_rng(seed)) for seed in range(number)]

    own = [np.random.default_rng(seed).uniform(-1, 1, (H, H)) / np.sqrt(H) for seed in range(number)]
    kinds = {"small": made("small"), "PyTorch's": own}
    kinds |= {kind: made(kind) for kind in ("xavier", "orthogonal", "identity", "he")}
    return {**kinds, "1.5 × orthogonal": [1.5 * W_hh for W_hh in kinds["orthogonal"]]}


def random_network(W_hh: Floats, scale: float, seed: int, N: int = 8, T: int = 50, D: int = 8) -> dict[str, Floats]:
    """Return all that gradient_norms needs besides the activation, for a network with these hidden weights (H, H).

    The inputs (N, T, D) are normal with standard deviation ``scale``, the gradient dh_T (N, H) is normal.
    """
    rng, H = np.random.default_rng(1000 + seed), len(W_hh)
    return {
        "x": scale * rng.normal(size=(N, T, D)),
        "h0": np.zeros((N, H)),
        "W_xh": rng.normal(size=(D, H)) / np.sqrt(D),
        "W_hh": W_hh,
        "b_h": np.zeros(H),
        "dh_T": rng.normal(size=(N, H)),
    }


def exploding_losses(W_hh: Floats, clip: Clip, seed: int = 0, training_steps: int = 300, D: int = 4) -> Floats:
    """Train a ReLU network to repeat the last of 50 random inputs, by gradient descent; return its losses.

    W_hh: hidden weights (H, H) to start from; clip: takes and returns the gradients, a dict of arrays
    Returns the loss at every step of training (training_steps,), nan from the step on at which it overflows.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # so small a network is faster with one
    rnn = torch.nn.RNN(D, len(W_hh), nonlinearity="relu", batch_first=True)
    readout = torch.nn.Linear(len(W_hh), 1)
    rnn.weight_hh_l0.data = torch.tensor(W_hh.T, dtype=torch.float32)
    weights = dict([*rnn.named_parameters(), *readout.named_parameters()])
    losses = np.full(training_steps, np.nan)
    for step in range(training_steps):
        x = torch.randn(32, 50, D)  # (N, T, D)
        loss = ((readout(rnn(x)[0][:, -1])[:, 0] - x[:, -1, 0]) ** 2).mean()
        if not torch.isfinite(loss):
            break
        losses[step] = loss.item()
        gradients = torch.autograd.grad(loss, list(weights.values()))
        clipped = clip({name: g.numpy() for name, g in zip(weights, gradients, strict=True)})
        for name, weight in weights.items():
            weight.data -= 0.01 * torch.tensor(clipped[name])
    return losses
