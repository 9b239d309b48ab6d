"""How far back the gradient reaches in a fresh recurrent network."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

CELLS: dict[str, Any] = {"RNN": torch.nn.RNNCell, "LSTM": torch.nn.LSTMCell, "GRU": torch.nn.GRUCell}


def shares(
    kind: str, bias: float = 0.0, seed: int = 0, N: int = 16, T: int = 50, D: int = 8, H: int = 64
) -> NDArray[np.float64]:
    """Return how much of the last state's gradient arrives at the state 0, 1, ... T - 1 steps back (T,).

    kind: "RNN", "LSTM" or "GRU"; the weights are PyTorch's, uniform up to 1/√H, the biases 0 except that of the forget
    or update gate, which is ``bias``. The inputs are normal, the loss a random sum over the last hidden state.
    The state is the cell state in an LSTM, the hidden state otherwise.
    """
    torch.manual_seed(seed)
    cell = CELLS[kind](D, H, dtype=torch.float64)
    with torch.no_grad():
        for own in (cell.bias_ih, cell.bias_hh):
            own.zero_()
        if kind != "RNN":
            cell.bias_ih[H : 2 * H] = bias  # the second block in both orders, i f g o and r z n
    h, c, states = torch.zeros(N, H, dtype=torch.float64), torch.zeros(N, H, dtype=torch.float64), []
    h.requires_grad_()
    for _ in range(T):
        x_t = torch.randn(N, D, dtype=torch.float64)
        h, c = cell(x_t, (h, c)) if kind == "LSTM" else (cell(x_t, h), c)
        states.append(c if kind == "LSTM" else h)
    gradients = torch.autograd.grad((h * torch.randn(N, H, dtype=torch.float64)).sum(), states)
    norms = np.array([gradient.norm().item() for gradient in reversed(gradients)])
    shares: NDArray[np.float64] = norms / norms[0]
    return shares
