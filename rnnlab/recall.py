"""The recall task of units 03 and 05: a recurrent network must name the first of many random symbols."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import torch

SYMBOLS, UNITS, BATCH = 8, 48, 64


def symbols(N: int, T: int, blank: bool = False) -> tuple[torch.Tensor, torch.Tensor]:
    """Return N sequences of T random symbols, one-hot (N, T, 8), and the first symbol of each (N,).

    With ``blank`` only the first symbol is shown, and zeros after it.
    """
    drawn = torch.randint(SYMBOLS, (N, T))
    x = torch.nn.functional.one_hot(drawn, SYMBOLS).float()
    if blank:
        x[:, 1:] = 0.0
    return x, drawn[:, 0]


def training(
    net: Any, readout: torch.nn.Linear, lengths: Iterable[int], max_norm: float | None, blank: bool = False
) -> Iterator[float]:
    """Train a recurrent layer and its read-out by Adam with a step size of 0.003, on 64 new sequences of each length.

    max_norm: limit of the gradient's norm, if any. Yields the share of right answers in each batch, before its step.
    """
    weights = [*net.parameters(), *readout.parameters()]
    optimizer = torch.optim.Adam(weights, lr=3e-3)
    for T in lengths:
        x, first = symbols(BATCH, T, blank)
        scores = readout(net(x)[0][:, -1])  # (N, C)
        loss = torch.nn.functional.cross_entropy(scores, first)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        if max_norm is not None:
            torch.nn.utils.clip_grad_norm_(weights, max_norm)
        optimizer.step()
        yield (scores.argmax(dim=1) == first).float().mean().item()
