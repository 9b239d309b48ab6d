"""The network that reads digits at the end of unit 01, PyTorch's ``nn.RNN`` with a read-out, and its training."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

# The first optimizer would import this, which takes a second: better now than within the time of the training.
import torch._dynamo
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]
Weights = dict[str, Floats]

H, CLASSES, EPOCHS, BATCH, RATE = 48, 10, 12, 50, 0.005


class Reader(torch.nn.Module):
    """Reads sequences (N, T, D) and gives scores of the ten digits (N, 10) after the last step."""

    def __init__(self, D: int) -> None:
        super().__init__()
        self.rnn = torch.nn.RNN(D, H, batch_first=True)
        self.readout = torch.nn.Linear(H, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the scores (N, 10)."""
        scores: torch.Tensor = self.readout(self.rnn(x)[0][:, -1])
        return scores


def train(x: ArrayLike, labels: ArrayLike, seed: int) -> tuple[Reader, list[float]]:
    """Return a Reader trained on sequences ``x`` (N, T, D) and their labels (N,), and the loss of each step.

    Twelve times all sequences in batches of 50, by Adam with a step size of 0.005; the loss is the cross-entropy.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)  # so small a network is faster with one
    sequences, answers = torch.tensor(np.asarray(x, np.float32)), torch.tensor(np.asarray(labels))
    reader = Reader(sequences.shape[2])
    optimizer = torch.optim.Adam(reader.parameters(), lr=RATE)
    losses = []
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(sequences)).split(BATCH):  # type: ignore[no-untyped-call]
            loss = torch.nn.functional.cross_entropy(reader(sequences[batch]), answers[batch])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            losses.append(loss.item())
    return reader, losses


def weights(reader: Reader) -> tuple[Weights, Weights]:
    """Return the reader's weights as the course writes them: W_xh, W_hh, b_h of the cell; W_hy, b_y of the read-out.

    PyTorch's matrices are transposed, and its two biases of the cell are added.
    """
    arrays: dict[str, Any] = {name: value.detach().numpy() for name, value in reader.named_parameters()}
    cell = {
        "W_xh": arrays["rnn.weight_ih_l0"].T,
        "W_hh": arrays["rnn.weight_hh_l0"].T,
        "b_h": arrays["rnn.bias_ih_l0"] + arrays["rnn.bias_hh_l0"],
    }
    return cell, {"W_hy": arrays["readout.weight"].T, "b_y": arrays["readout.bias"]}


def states(reader: Reader, x: ArrayLike) -> Floats:
    """Return the hidden states (N, T, 48) that PyTorch computes for sequences ``x`` (N, T, D)."""
    with torch.no_grad():
        result: Floats = reader.rnn(torch.tensor(np.asarray(x, np.float32)))[0].numpy()
    return result
