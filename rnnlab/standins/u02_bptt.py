"""Stand-ins for the exercises of unit 02 that its demonstrations use: gradients by PyTorch's autograd."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from rnnlab import recurrent

Floats = NDArray[np.floating[Any]]


def numerical_gradient(f: Callable[[Floats], Any], x: Floats, df: Floats | None = None, h: float = 1e-5) -> Floats:
    """Return central differences of ``f``, all nudges being rows of one matrix; TypeError if x is not float64."""
    if x.dtype != np.dtype("float64"):
        raise TypeError(f"float64 is needed, not {x.dtype}")
    nudges = [row.reshape(x.shape) for row in h * np.eye(x.size)]
    rises = np.array([np.subtract(f(x + nudge), f(x - nudge)) for nudge in nudges]).reshape(x.size, -1)
    slopes: Floats = rises @ np.ravel(1.0 if df is None else df) / (2 * h)
    return slopes.reshape(x.shape)


def relative_error(a: Floats, b: Floats) -> float:
    """Return the largest distance of a from b, relative to the largest sum of sizes; np.stack refuses other shapes."""
    both = np.stack([a, b])
    sizes = np.linalg.norm(both, ord=1, axis=0)
    return float(np.ptp(both, axis=0).max() / (sizes.max() or 1.0))


def rnn_cell_backward(dh_t: Floats, cache: recurrent.Cache) -> tuple[Floats, ...]:
    """Return the gradients of a sequence of one step."""
    grads = rnn_backward(dh_t[:, None], [cache])
    return grads["dx"][:, 0], grads["dh0"], grads["dW_xh"], grads["dW_hh"], grads["db_h"]


def rnn_backward(dh_all: Floats, caches: Sequence[recurrent.Cache]) -> dict[str, Floats]:
    """Return what autograd finds on the graph of all steps, in which every tanh gives the state of its cache."""
    x = [torch.tensor(cache[0], requires_grad=True) for cache in caches]
    h0, W_xh, W_hh = (torch.tensor(array, requires_grad=True) for array in caches[0][1:4])
    b_h = torch.zeros_like(W_hh[0], requires_grad=True)
    states, recorded = [h0], cast(Any, _Recorded.apply)  # torch does not say what apply takes
    for x_t, (*_, h_t) in zip(x, caches, strict=True):
        states.append(recorded(x_t @ W_xh + states[-1] @ W_hh + b_h, torch.tensor(h_t)))
    found = torch.autograd.grad(torch.stack(states[1:], 1), [h0, W_xh, W_hh, b_h, *x], torch.tensor(dh_all))
    names = ("dh0", "dW_xh", "dW_hh", "db_h")
    own = {name: gradient.numpy() for name, gradient in zip(names, found, strict=False)}
    return {"dx": torch.stack(found[4:], 1).numpy(), **own}


def readout_backward(dlogits: Floats, h_all: Floats, W_hy: Floats) -> tuple[Floats, ...]:
    """Return what autograd finds for a linear layer."""
    states, weight = (torch.tensor(array, requires_grad=True) for array in (h_all, W_hy))
    bias = torch.zeros_like(weight[0], requires_grad=True)
    scores = torch.matmul(states, weight) + bias
    return tuple(g.numpy() for g in torch.autograd.grad(scores, [states, weight, bias], torch.tensor(dlogits)))


def sequence_cross_entropy(
    logits: Floats, targets: NDArray[np.integer[Any]], mask: NDArray[Any] | None = None
) -> tuple[float, Floats]:
    """Return torch's cross-entropy of each step, summed where the mask is 1 and divided by N, and its gradient."""
    scores = torch.tensor(logits, requires_grad=True)
    each = cross_entropy(scores.mT, torch.tensor(targets), reduction="none")
    loss = (each if mask is None else each * torch.tensor(mask)).sum() / each.shape[0]
    (gradient,) = torch.autograd.grad(loss, scores)
    return loss.item(), gradient.numpy()


def tbptt_backward(
    x: Floats, h0: Floats, targets: NDArray[np.integer[Any]], params: Mapping[str, Floats], chunk: int
) -> dict[str, Any]:
    """Return what autograd finds when the state is detached after every ``chunk`` steps."""
    leaves = {name: torch.tensor(weight, requires_grad=True) for name, weight in params.items()}
    h, loss = torch.tensor(h0), torch.zeros((), dtype=leaves["b_y"].dtype)
    for t, (x_t, wanted) in enumerate(zip(torch.tensor(x).unbind(1), torch.tensor(targets).unbind(1), strict=True)):
        before = h if t % chunk else h.detach()
        h = torch.tanh(x_t @ leaves["W_xh"] + before @ leaves["W_hh"] + leaves["b_h"])
        loss = loss + cross_entropy(h @ leaves["W_hy"] + leaves["b_y"], wanted)
    found = zip(leaves, torch.autograd.grad(loss, list(leaves.values())), strict=True)
    return {"loss": loss.item(), "h_T": h.detach().numpy(), **{f"d{name}": g.numpy() for name, g in found}}


class _Recorded(torch.autograd.Function):
    """A tanh whose result was recorded in the forward pass, so that it need not be that of its argument."""

    @staticmethod
    def forward(ctx: Any, a: torch.Tensor, h_t: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(h_t)
        return h_t.clone()

    @staticmethod
    def backward(ctx: Any, dh_t: torch.Tensor) -> tuple[torch.Tensor, None]:
        (h_t,) = ctx.saved_tensors
        return torch.ops.aten.tanh_backward(dh_t, h_t), None
