"""The vanilla RNN of units 01 and 02, forward and backward over whole sequences.

The numbers are those of the units' answers; the order of the work is another one, for four reasons:

- One large matrix product is faster than many small ones: each has a start-up cost, and a large one uses every
  number that it fetches more often. So what need not wait for the step before is done for all steps at once.
- Memory is slow. An array that is read and written again while it is still in the processor's cache costs little,
  so each step works on a few small arrays until it is done with them.
- New memory is slower still. ``a * b + c`` makes two new arrays; ``out=`` and ``+=`` write into old ones.
- Numbers that are used together should lie together, so time comes first inside, and the batch outside.
"""

import numpy as np

from solutions.fast.layout import all_steps, batch_first, time_first_with_ones


def rnn_forward(x, h0, W_xh, W_hh, b_h):
    """Return the hidden states of a vanilla RNN over whole sequences, and what rnn_backward needs.

    x: inputs (N, T, D)
    h0: hidden states before the first step (N, H)
    W_xh: input weights (D, H); W_hh: hidden weights (H, H); b_h: bias (H,)
    Returns h_all: states after steps 1 .. T (N, T, H), in the dtype of W_xh, float32 or float64; and
    cache: one tuple for all steps; it refers to W_xh and W_hh, so run rnn_backward before you change them.
    Source: Elman (1990), with tanh.
    """
    (N, T, _), H, dtype = x.shape, len(W_hh), W_xh.dtype
    x = time_first_with_ones(x, dtype)
    h = np.empty((T + 1, N, H), dtype)  # h[t] is the state after step t, h[0] the one before the first
    h[0] = h0
    # The inputs do not wait for any state: one product for all steps, bias included, put where the states will be.
    np.matmul(all_steps(x), np.vstack([W_xh, b_h]), out=all_steps(h[1:]))

    from_state = np.empty((N, H), dtype)
    W_hh = np.ascontiguousarray(W_hh)  # read at every step, so in the best order; a transposed view may be slow
    for t in range(T):
        np.matmul(h[t], W_hh, out=from_state)
        h[t + 1] += from_state
        np.tanh(h[t + 1], out=h[t + 1])

    return batch_first(h[1:]), (x, h, W_xh, W_hh)


def rnn_backward(dh_all, cache):
    """Return the gradients of a vanilla RNN over whole sequences.

    dh_all: gradient of the loss with respect to every state, as it comes from above (N, T, H)
    cache: the second result of rnn_forward; it is not changed
    Returns a dict: dx (N, T, D), dh0 (N, H), dW_xh (D, H), dW_hh (H, H), db_h (H,).
    Source: Werbos (1990).
    """
    x, h, W_xh, W_hh = cache
    (D, H), (T, N, _) = W_xh.shape, x.shape
    # The gradients before the tanh are kept for all steps: the weights' gradients need them after the loop.
    da = np.empty((T, N, H), h.dtype)
    dh = np.zeros((N, H), h.dtype)
    W_hh_T = np.ascontiguousarray(W_hh.T)  # turned round once instead of at every step
    for t in reversed(range(T)):
        dh += dh_all[:, t]
        np.multiply(h[t + 1], h[t + 1], out=da[t])
        np.subtract(1, da[t], out=da[t])  # the slope of the tanh
        da[t] *= dh
        np.matmul(da[t], W_hh_T, out=dh)

    # A sum over steps of products is one product of the steps stacked: x_1' da_1 + x_2' da_2 + ... = x' da.
    dW = all_steps(x).T @ all_steps(da)  # its last row belongs to the ones, so it is the bias's
    return {
        "dx": batch_first((all_steps(da) @ W_xh.T).reshape(T, N, D)),
        "dh0": dh,
        "dW_xh": dW[:D],
        "dW_hh": all_steps(h[:-1]).T @ all_steps(da),
        "db_h": dW[D],
    }
