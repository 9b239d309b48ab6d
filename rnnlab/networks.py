"""Recurrent networks by PyTorch for the memory tests of unit 05: weights go in and come out as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

# The first optimizer would import this, which takes a second: better now than in the middle of a student's check.
import torch._dynamo
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]

LAYERS: dict[str, Any] = {"RNN": torch.nn.RNN, "IRNN": torch.nn.RNN, "LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU}


def sigmoid(a: NDArray[Any]) -> NDArray[Any]:
    """Return 1 / (1 + exp(-a)) for an array, in its dtype: PyTorch's sigmoid."""
    result: NDArray[Any] = torch.sigmoid(torch.as_tensor(a)).numpy()
    return result


class Network(torch.nn.Module):
    """A recurrent layer that reads D = 2 numbers per step, and a linear layer that reads one number off a state.

    ``kind`` is "RNN", "LSTM", "GRU", or "IRNN": a vanilla RNN with ReLU.
    """

    def __init__(self, kind: str, H: int) -> None:
        super().__init__()
        options = {"nonlinearity": "relu"} if kind == "IRNN" else {}
        self.rnn = LAYERS[kind](2, H, batch_first=True, **options)
        self.readout = torch.nn.Linear(H, 1)


def network(kind: str, weights: Mapping[str, NDArray[Any]]) -> Network:
    """Return a Network with these weights (a dict of arrays), in their dtype."""
    state = {name: torch.tensor(value) for name, value in weights.items()}
    net = Network(kind, weights["readout.weight"].shape[1]).to(state["readout.weight"].dtype)
    net.load_state_dict(state)
    return net


def arrays(net: Network) -> Arrays:
    """Return the weights of a Network as a dict of arrays."""
    return {name: value.numpy().copy() for name, value in net.state_dict().items()}


def first_weights(kind: str, H: int, seed: int) -> Arrays:
    """Return the weights with which a Network starts, float32: PyTorch's, with two customary exceptions.

    The LSTM has a forget bias of 1; the IRNN starts from the identity and zero biases (Le and others, 2015).
    """
    torch.manual_seed(seed)
    weights = arrays(Network(kind, H))
    if kind == "IRNN":
        weights["rnn.weight_hh_l0"] = np.eye(H, dtype=np.float32)
        weights |= {f"rnn.bias_{side}_l0": np.zeros(H, np.float32) for side in ("ih", "hh")}
    if kind == "LSTM":  # PyTorch's order is i, f, g, o, and its two biases are added
        weights["rnn.bias_ih_l0"][H : 2 * H], weights["rnn.bias_hh_l0"][H : 2 * H] = 1.0, 0.0
    return weights


def gru_cell(weights: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
    """Return the arguments W_xh, W_hh, b_xh, b_hh of the course's gru_forward from the weights of a GRU Network."""
    return [weights[f"rnn.{name}_l0"].T for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
