"""Stand-ins for the exercises of unit 01 that its demonstrations use, computed by PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from rnnlab import recurrent

Floats = NDArray[np.floating[Any]]


def one_hot(idx: ArrayLike, vocab_size: int, dtype: Any = np.float64) -> NDArray[Any]:
    """Return the rows of an identity matrix that the indices name; torch raises IndexError for the others."""
    places = torch.tensor(np.array(idx, dtype=np.int64))
    rows: NDArray[Any] = torch.nn.functional.embedding(places, torch.eye(vocab_size)).numpy().astype(dtype)
    return rows


def softmax(z: ArrayLike, axis: int = -1) -> Floats:
    """Return torch's softmax along ``axis``."""
    scores = torch.tensor(z)
    result: Floats = torch.softmax(scores if scores.is_floating_point() else scores.double(), dim=axis).numpy()
    return result


def rnn_cell_forward(x_t: Floats, h_prev: Floats, W_xh: Floats, W_hh: Floats, b_h: Floats) -> tuple[Floats, Any]:
    """Return the state of torch's ``nn.RNN`` after a sequence of the one step ``x_t``, and the cache."""
    h_all, caches = recurrent.run(x_t[:, None], h_prev, W_xh, W_hh, b_h)
    return h_all[:, 0], caches[0]


def rnn_readout(h_all: Floats, W_hy: Floats, b_y: Floats, mode: str) -> Floats:
    """Return the scores of a ``torch.nn.Linear`` with these weights."""
    if mode not in ("every", "last"):
        raise ValueError(f"no mode {mode!r}")
    every = torch.nn.functional.linear(torch.tensor(h_all), torch.tensor(W_hy.T.copy()), torch.tensor(b_y)).numpy()
    return every if mode == "every" else every.take(-1, axis=1)


def rnn_forward(x: Floats, h0: Floats, W_xh: Floats, W_hh: Floats, b_h: Floats) -> tuple[Floats, list[recurrent.Cache]]:
    """Return the states of torch's ``nn.RNN``, and a cache for each step."""
    return recurrent.run(x, h0, W_xh, W_hh, b_h)


def num_params(D: int, H: int, C: int) -> int:
    """Return the size of torch's layers, of which ``nn.RNN`` has one bias too many."""
    layers = (torch.nn.RNN(D, H), torch.nn.Linear(H, C))
    return sum(weight.numel() for layer in layers for weight in layer.parameters()) - H


def image_to_sequence(images: Floats, order: str) -> Floats:
    """Return the images cut along the axis of time, and the pieces laid one behind the other."""
    along = {"rows": 1, "columns": 2, "pixels": 1}
    if order not in along:
        raise ValueError(f"no order {order!r}")
    whole = torch.tensor(images)
    pieces = (whole.flatten(1)[..., None] if order == "pixels" else whole).unbind(along[order])
    result: Floats = torch.stack(pieces, dim=1).numpy()
    return result
