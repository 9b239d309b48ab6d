"""Captioning networks in PyTorch: a CNN that sees, an RNN that writes; training them, and having them write.

They are the networks of unit 06 with gradients made by PyTorch. Weights are random at the start; nothing is downloaded.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

NULL, START, END = 0, 1, 2
GRID = 6  # the CNN makes 6 x 6 positions of 36 x 36 pixels
INJECTIONS = ("h0", "h0 and c0", "first", "every")
CELLS: dict[str, Any] = {"RNN": nn.RNN, "LSTM": nn.LSTM}


def vision(D: int, batch_norm: bool = True) -> nn.Sequential:
    """Return a CNN of three convolutions: (N, 3, 36, 36) -> (N, D, 6, 6)."""
    layers: list[nn.Module] = []
    for convolution in (
        nn.Conv2d(3, 16, 4, stride=2, padding=1),  # 36 -> 18
        nn.Conv2d(16, 32, 3, stride=3),  # 18 -> 6
        nn.Conv2d(32, D, 3, padding=1),
    ):
        layers += [convolution, *([nn.BatchNorm2d(convolution.out_channels)] if batch_norm else []), nn.ReLU()]
    return nn.Sequential(*layers)


def image_vector(D: int, batch_norm: bool = True) -> nn.Sequential:
    """Return a network that gathers the 6 x 6 positions into one vector: (N, 3, 36, 36) -> (N, D)."""
    return nn.Sequential(*vision(32, batch_norm), nn.Flatten(), nn.Linear(32 * GRID**2, D), nn.ReLU())


def receptive_field(row: int, column: int) -> tuple[int, int, int, int]:
    """Return first row, last row, first column and last column of the pixels that a position of ``vision`` depends on.

    Twenty pixels a side; at the edge of the picture some of them are padding, and numbers lie outside 0 .. 35.
    """
    return 6 * row - 7, 6 * row + 12, 6 * column - 7, 6 * column + 12


class Captioner(nn.Module):
    """An RNN or LSTM that writes, with a network ``see`` that makes its image vector (N, D).

    ``inject`` says where the vector enters: 'h0' (an LSTM's c0 is zero), 'h0 and c0' (LSTM only), the 'first' step or
    'every' step. Raises ValueError for anything else.
    """

    def __init__(
        self,
        V: int,
        inject: str,
        cell: str = "RNN",
        batch_norm: bool = True,
        see: nn.Module | None = None,
        D: int = 64,
        E: int = 32,
        H: int = 96,
    ) -> None:
        super().__init__()
        if inject not in INJECTIONS or (inject == "h0 and c0" and cell != "LSTM"):
            raise ValueError(f"inject must be 'h0', 'first', 'every', or for an LSTM 'h0 and c0', not {inject!r}")
        self.inject = inject
        self.see = image_vector(D, batch_norm) if see is None else see
        self.embed = nn.Embedding(V, E)
        beside = inject in ("first", "every")  # the vector lies beside the words
        self.start = None if beside else nn.Linear(D, 2 * H if inject == "h0 and c0" else H, bias=False)
        self.rnn = CELLS[cell](E + D if beside else E, H, batch_first=True)
        self.readout = nn.Linear(H, V)

    def forward(self, images: Tensor, tokens: Tensor) -> Tensor:
        """Return the scores (N, T, V) of the next word after each of ``tokens`` (N, T)."""
        v, x = self.see(images), self.embed(tokens)
        if self.start is not None:
            states, _ = self.rnn(x, self._initial(self.start(v)[None]))
        else:
            shown = v[:, None].repeat(1, x.shape[1], 1)
            if self.inject == "first":
                shown[:, 1:] = 0
            states, _ = self.rnn(torch.cat([x, shown], dim=2))
        scores: Tensor = self.readout(states)
        return scores

    def weights_in_numpy(self) -> dict[str, NDArray[Any]]:
        """Return the weights of an RNN as the dict that ``caption_forward`` of unit 06 takes, without those of ``see``.

        PyTorch's two biases become one. Raises ValueError for an LSTM.
        """
        if not isinstance(self.rnn, nn.RNN):
            raise ValueError("caption_forward is a vanilla RNN and cannot take the weights of an LSTM")
        w = {name: weight.detach().cpu().numpy() for name, weight in self.named_parameters()}
        rows, E = (
            w["rnn.weight_ih_l0"].T,
            self.embed.embedding_dim,
        )  # the upper rows read the words, the others the image
        weights = {"W_embed": w["embed.weight"], "W_xh": rows[:E], "W_hh": w["rnn.weight_hh_l0"].T}
        weights |= {"b_h": w["rnn.bias_ih_l0"] + w["rnn.bias_hh_l0"]}
        weights |= {"W_ih": rows[E:] if self.start is None else w["start.weight"].T}
        return weights | {"W_hy": w["readout.weight"].T, "b_y": w["readout.bias"]}

    def _initial(self, start: Tensor) -> Tensor | tuple[Tensor, ...]:
        if isinstance(self.rnn, nn.RNN):
            return start
        if self.inject == "h0":
            return start, torch.zeros_like(start)
        return tuple(part.contiguous() for part in start.chunk(2, dim=2))


@dataclass(frozen=True)
class Looks:
    """How captions come about: grid (N, 36, D); for each word state (N, T, H), weights (N, T, 36), scores (N, T, V)."""

    grid: Tensor
    states: Tensor
    alpha: Tensor
    scores: Tensor


class AttentiveCaptioner(nn.Module):
    """A vanilla RNN that looks at the 6 x 6 positions before each word and reads the context beside the word."""

    def __init__(self, V: int, D: int = 48, E: int = 32, H: int = 96) -> None:
        super().__init__()
        self.vision, self.place = vision(D), nn.Parameter(0.3 * torch.randn(GRID**2, D))
        self.embed, self.cell = nn.Embedding(V, E), nn.RNNCell(E + D, H)
        self.start, self.readout = nn.Linear(D, H), nn.Linear(H, V)
        self.W_q = nn.Parameter(torch.randn(H, D) / H**0.5)

    def forward(self, images: Tensor, tokens: Tensor) -> Tensor:
        """Return the scores (N, T, V) of the next word after each of ``tokens`` (N, T)."""
        return self.look(images, tokens).scores

    def look(self, images: Tensor, tokens: Tensor) -> Looks:
        """Return the scores, and how they came about."""
        # A convolution says what there is; the vector of each place says where.
        grid = self.vision(images).flatten(2).transpose(1, 2) + self.place
        h, x = torch.tanh(self.start(grid.mean(dim=1))), self.embed(tokens)
        asking, alphas, states = [], [], []
        for t in range(tokens.shape[1]):
            alpha, context = attend(h, grid, self.W_q)
            asking.append(h)
            h = self.cell(torch.cat([x[:, t], context], dim=1), h)
            alphas.append(alpha)
            states.append(h)
        scores = self.readout(torch.stack(states, dim=1))
        return Looks(grid, torch.stack(asking, dim=1), torch.stack(alphas, dim=1), scores)

    @torch.no_grad()
    def look_back(self, images: Tensor, rows: Tensor) -> Looks:
        """Return how the network came to write ``rows`` (N, T), as ``write`` returns them."""
        self.eval()
        return self.look(images, torch.cat([torch.full_like(rows[:, :1], START), rows[:, :-1]], dim=1))


def attend(h: Tensor, A: Tensor, W_q: Tensor) -> tuple[Tensor, Tensor]:
    """Return the weights (N, L) of attention from states (N, H) over A (N, L, D), and the contexts."""
    query = (h @ W_q)[:, None]
    alpha = torch.softmax(query @ A.transpose(1, 2) / A.shape[2] ** 0.5, dim=2)
    return alpha[:, 0], (alpha @ A)[:, 0]


def train(
    model: nn.Module,
    images: Tensor,
    tokens: Tensor,
    epochs: int,
    rate: float = 0.006,
    batch: int = 100,
    which: Tensor | None = None,
    title: str = "",
) -> list[float]:
    """Train ``model`` with teacher forcing by Adam; return the loss per caption at every step.

    ``images`` and ``tokens`` (N, T) belong together row by row, unless ``which`` (N,) says for each row of ``tokens``
    which image it describes. The learning rate rises to ``rate`` and falls again; gradients are clipped to norm 5.
    With a ``title``, one line says how long it took. The model's device is used.
    """
    device = next(model.parameters()).device
    which = torch.arange(len(tokens)) if which is None else which
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    steps = epochs * -(-len(tokens) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps)
    losses, begun = [], time.perf_counter()
    for _ in range(epochs):
        for rows in torch.randperm(len(tokens)).split(batch):  # type: ignore[no-untyped-call]
            loss = _loss(model, images[which[rows]].to(device), tokens[rows].to(device))
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
    if title:
        print(f"{title:<28}{time.perf_counter() - begun:5.1f} s   loss {np.mean(losses[-10:]):.3f}", flush=True)
    return losses


def _loss(model: nn.Module, images: Tensor, tokens: Tensor) -> Tensor:
    """Return the cross-entropy per caption: summed over the words and END, averaged over the captions."""
    scores, targets = model(images, tokens[:, :-1]), tokens[:, 1:]
    summed = nn.functional.cross_entropy(scores.flatten(0, 1), targets.flatten(), ignore_index=NULL, reduction="sum")
    return summed / len(tokens)


@torch.no_grad()
def write(model: nn.Module, images: Tensor, length: int = 20, batch: int = 500) -> Tensor:
    """Return greedily written captions, whole numbers (N, T) without START; T is at most ``length``.

    As in exercise 8, a row is words, END and NULL, or ``length`` words without END.
    BatchNorm uses the averages of the training. The model is left as it was: training or not.
    """
    device, was_training = next(model.parameters()).device, model.training
    model.eval()
    parts = [_written(model, part.to(device), length).cpu() for part in images.split(batch)]  # type: ignore[no-untyped-call]
    model.train(was_training)
    longest = max((part.shape[1] for part in parts), default=0)
    return torch.cat([nn.functional.pad(part, (0, longest - part.shape[1]), value=NULL) for part in parts])


def _written(model: nn.Module, images: Tensor, length: int) -> Tensor:
    rows = torch.full((len(images), 1), START, device=images.device)
    finished = torch.zeros(len(images), dtype=torch.bool, device=images.device)
    for _ in range(length):
        words = model(images, rows)[:, -1].argmax(dim=1).masked_fill(finished, NULL)
        finished |= words == END
        rows = torch.cat([rows, words[:, None]], dim=1)
        if finished.all():
            break
    return rows[:, 1:]


def spell(rows: ArrayLike, vocab: Iterable[str]) -> list[str]:
    """Return rows of word numbers, without START, as sentences: what stands before END, or all where there is none."""
    words = list(vocab)
    return [" ".join(words[i] for i in takewhile(lambda i: i != END, row)) for row in np.asarray(rows).tolist()]
