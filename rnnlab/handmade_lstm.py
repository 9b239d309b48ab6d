"""An LSTM with weights set by hand: what its cell state makes of values that it should keep."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def flagged_values(H: int, steps: int, noise: float, seed: int) -> Floats:
    """Return ``H`` sequences (H, steps, H + 1): H values to be kept, and a flag that says when to store them.

    At step 0 the flag is 1 and the values are +1 or -1; afterwards the flag is 0 and the values are noise, normal with
    standard deviation ``noise``.
    """
    rng = np.random.default_rng(seed)
    x = noise * rng.standard_normal((H, steps, H + 1))
    x[:, :, H] = 0.0
    x[:, 0, :H] = rng.choice([-1.0, 1.0], size=(H, H))
    x[:, 0, H] = 1.0
    return x


def lstm_states(x: Floats, c0: Floats, W_xh: Floats, W_hh: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Return h at all steps (N, T, H) and c after the last (N, H) of torch's LSTM, started from zero h and ``c0``.

    The blocks of the weights are in the course's order, i, f, o, g.
    """
    import torch

    H = len(W_hh)
    lstm = torch.nn.LSTM(x.shape[2], H, batch_first=True, dtype=torch.float64)
    weights = {
        "weight_ih_l0": _in_torch_order(W_xh, H).T,
        "weight_hh_l0": _in_torch_order(W_hh, H).T,
        "bias_ih_l0": _in_torch_order(b, H),
        "bias_hh_l0": np.zeros(4 * H),
    }
    lstm.load_state_dict({name: torch.tensor(np.ascontiguousarray(value)) for name, value in weights.items()})
    with torch.no_grad():
        h_all, (_, c_T) = lstm(
            torch.tensor(x), (torch.zeros(1, *c0.shape, dtype=torch.float64), torch.tensor(c0)[None])
        )
    return h_all.numpy(), c_T[0].numpy()


def _in_torch_order(blocks: Any, H: int) -> Floats:
    """Return the four blocks of the last axis in torch's order."""
    four = np.asarray(blocks, dtype=np.float64).reshape(*np.shape(blocks)[:-1], 4, H)
    return four[..., [0, 1, 3, 2], :].reshape(np.shape(blocks))
