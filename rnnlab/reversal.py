"""Digits written in reverse order by a network with attention: where must it look, and where does it?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from rnnlab.captioners import attend

DIGITS, GO = 10, 10


@dataclass(frozen=True)
class Reversal:
    """Of 500 new sequences: the share of right digits, and the weights (500, T, T), one row for each written digit."""

    accuracy: float
    alpha: NDArray[np.float32]


class _Reverser(nn.Module):
    """A GRU that writes; before each digit it looks at T positions: states of a GRU that has read, or the digits."""

    def __init__(self, keys: str, T: int, E: int = 32, H: int = 64) -> None:
        super().__init__()
        self.embed, self.cell, self.readout = nn.Embedding(DIGITS + 1, E), nn.GRUCell(E + H, H), nn.Linear(H, DIGITS)
        self.start, self.W_q = nn.Parameter(0.3 * torch.randn(H)), nn.Parameter(torch.randn(H, H) / H**0.5)
        self.reader = nn.GRU(E, H, batch_first=True) if keys == "states" else None
        self.widen, self.place = nn.Linear(E, H), nn.Parameter(0.3 * torch.randn(T, H))

    def forward(self, digits: Tensor, before: Tensor) -> tuple[Tensor, Tensor]:
        x, y = self.embed(digits), self.embed(before)
        A = self.reader(x)[0] if self.reader is not None else self.widen(x) + self.place
        h, states, alphas = self.start.expand(len(digits), -1), [], []
        for t in range(digits.shape[1]):
            alpha, context = attend(h, A, self.W_q)
            h = self.cell(torch.cat([y[:, t], context], dim=1), h)
            states.append(h)
            alphas.append(alpha)
        return self.readout(torch.stack(states, dim=1)), torch.stack(alphas, dim=1)


def reverse(keys: str, T: int = 8, steps: int = 400, seed: int = 0) -> Reversal:
    """Train a network to write ``T`` random digits in reverse order, and return what it does with new ones.

    ``keys`` says what it looks at: 'states', those of a GRU that reads the digits from left to right, or 'digits', each
    digit's own embedding with a vector for its place. Nothing but the contexts tells the writing GRU of the digits.
    Raises ValueError for other keys.
    """
    if keys not in ("states", "digits"):
        raise ValueError(f"keys must be 'states' or 'digits', not {keys!r}")
    torch.manual_seed(seed)
    model = _Reverser(keys, T)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.005, total_steps=steps)
    for _ in range(steps):
        digits, before, wanted = _sequences(64, T)
        scores, _ = model(digits, before)
        loss = nn.functional.cross_entropy(scores.flatten(0, 1), wanted.flatten())
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    digits, before, wanted = _sequences(500, T)
    with torch.no_grad():
        scores, alpha = model(digits, before)
    return Reversal(float((scores.argmax(dim=2) == wanted).float().mean()), alpha.numpy())


def _sequences(N: int, T: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return random digits (N, T), what the network reads while it writes, and what it should write."""
    digits = torch.randint(0, DIGITS, (N, T))
    wanted = digits.flip(1)
    return digits, torch.cat([torch.full((N, 1), GO), wanted[:, :-1]], dim=1), wanted
