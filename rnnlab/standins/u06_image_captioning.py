"""Stand-ins for the exercises of unit 06 that its demonstrations use, by PyTorch where it has what is needed."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from rnnlab import recurrent

Floats = NDArray[np.floating[Any]]
Words = NDArray[np.int64]
SPECIALS = ["<NULL>", "<START>", "<END>", "<UNK>"]
NULL, START, END, UNK = range(4)


def build_vocab(captions: Sequence[str], min_count: int) -> dict[str, int]:
    """Return the numbers of the special words and of those that NumPy counts often enough."""
    words, often = np.unique(" ".join(captions).split(), return_counts=True)
    known = SPECIALS + words[often >= min_count].tolist()
    return dict(zip(known, range(len(known)), strict=True))


def encode_captions(captions: Sequence[str], word_to_ix: Mapping[str, int], T: int) -> Words:
    """Return rows (N, T) of word numbers, which torch fills up with NULL."""
    known = defaultdict(lambda: UNK, word_to_ix)
    words = [[known[word] for word in caption.split()] for caption in captions]
    rows = [torch.tensor([START, *numbers[: T - 2], END]) for numbers in words]
    filled: Words = pad_sequence([torch.full((T,), NULL), *rows], batch_first=True)[1:].numpy()
    return filled


def shift_captions(tokens: Words) -> tuple[Words, Words, NDArray[np.bool_]]:
    """Return inputs, targets and mask (N, T - 1): the columns of all windows of two words."""
    before, after = torch.tensor(tokens).unfold(1, 2, 1).unbind(dim=2)
    return before.numpy(), after.numpy(), after.ne(NULL).numpy()


def caption_forward(features: Floats, tokens: Words, params: Mapping[str, Floats], inject: str) -> Floats:
    """Return the scores (N, T, V) of torch's ``nn.RNN``, which reads the image vector beside each word."""
    image = np.stack([features] * tokens.shape[1], axis=1)
    if inject not in ("h0", "first", "every"):
        raise ValueError(f"no way in is called {inject!r}")
    if inject != "every":
        image[:, 1 if inject == "first" else 0 :] = 0
    h0 = features @ (params["W_ih"] if inject == "h0" else np.zeros_like(params["W_ih"]))
    beside = np.concatenate([params["W_embed"].take(tokens, axis=0), image], axis=2)
    states, _ = recurrent.run(beside, h0, np.vstack([params["W_xh"], params["W_ih"]]), params["W_hh"], params["b_h"])
    readout = (torch.tensor(params["W_hy"].T.copy()), torch.tensor(params["b_y"]))
    scores: Floats = functional.linear(torch.tensor(states), *readout).numpy()
    return scores


def caption_loss(logits: Floats, targets: Words, mask: NDArray[np.bool_]) -> float:
    """Return torch's cross-entropy, summed over the steps of ``mask`` and averaged over the captions."""
    words = torch.tensor(targets).masked_fill(~torch.tensor(mask), -100)
    lost = functional.cross_entropy(torch.tensor(logits).transpose(1, 2), words, ignore_index=-100, reduction="none")
    return float(lost.sum(dim=1).mean())


def greedy_caption(features: Floats, params: Mapping[str, Floats], max_len: int, inject: str) -> Words:
    """Return the likeliest words (N, max_len): written on past END, and blanked out there afterwards."""
    rows = np.ones((len(features), 1), dtype=np.int64)  # START
    for _ in range(max_len):
        rows = np.hstack([rows, caption_forward(features, rows, params, inject)[:, -1:].argmax(axis=2)])
    ends = np.cumsum(rows == END, axis=1)[:, :-1]  # how many ENDs stand before each word
    return np.where(ends > 0, NULL, rows[:, 1:])


def bleu(candidate: str, references: Sequence[str], max_n: int = 4) -> float:
    """Return BLEU as the exponential of a mean of logarithms."""
    said, texts = candidate.split(), [text.split() for text in references]
    if not said:
        return 0.0
    mean = sum(_log_precision(said, texts, n) for n in range(1, max_n + 1)) / max_n
    closest = min(sorted(map(len, texts)), key=lambda length: abs(length - len(said)))
    return math.exp(mean + min(0.0, 1 - closest / len(said)))


def _log_precision(said: list[str], texts: list[list[str]], n: int) -> float:
    """Return the logarithm of the clipped precision of runs of n words, minus infinity where nothing matches."""
    mine, *others = (list(zip(*(words[i:] for i in range(n)), strict=False)) for words in (said, *texts))
    matched = sum(min(mine.count(run), max(other.count(run) for other in others)) for run in set(mine))
    return math.log(matched / len(mine)) if matched else -math.inf


def spatial_attention(h: Floats, A: Floats, W_q: Floats) -> tuple[Floats, Floats]:
    """Return context and weights as torch's attention gives them; an identity matrix beside A shows the weights."""
    grid, query = torch.tensor(A), torch.tensor(h @ W_q)[:, None]
    each = torch.eye(A.shape[1], dtype=grid.dtype).expand(len(A), -1, -1)
    seen = functional.scaled_dot_product_attention(query, grid, torch.cat([grid, each], dim=2))[:, 0].numpy()
    return seen[:, : A.shape[2]], seen[:, A.shape[2] :]
