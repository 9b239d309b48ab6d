"""The LSTM of unit 04, forward and backward over whole sequences; read ``rnn.py`` first.

What is new is the four gates. They are computed by one product, and lie in memory in two ways:

- forward as four blocks, one after the other: each gate is then one piece of memory, which is what operations
  number by number like; cut out of a table (N, 4H), it would be N pieces;
- backward side by side, as in the weights: the product with W_hh' then adds up what the four gates send back.
"""

import numpy as np

from solutions.fast.layout import all_steps, batch_first, blocks, sigmoid_in_place, time_first_with_ones


def lstm_forward(x, h0, c0, W_xh, W_hh, b):
    """Return the states of an LSTM over whole sequences, and what lstm_backward needs.

    x: inputs (N, T, D)
    h0, c0: hidden states and cell states before the first step (N, H)
    W_xh: input weights (D, 4H); W_hh: hidden weights (H, 4H); b: bias (4H,); blocks in the order i, f, o, g
    Returns h_all: hidden states after steps 1 .. T (N, T, H); c_T: cell states after step T (N, H); both in the
    dtype of W_xh, float32 or float64; and
    cache: one tuple for all steps; it refers to W_xh and W_hh, so run lstm_backward before you change them.
    Source: Hochreiter and Schmidhuber (1997), with the forget gate of Gers and others (2000).
    """
    (N, T, _), H, dtype = x.shape, len(W_hh), W_xh.dtype
    x = time_first_with_ones(x, dtype)
    h, c = np.empty((2, T + 1, N, H), dtype)
    h[0], c[0] = h0, c0
    tanh_c = np.empty((T, N, H), dtype)
    # The inputs' part of all four gates at all steps; the loop turns it into the gates themselves.
    gates = np.matmul(all_steps(x), blocks(np.vstack([W_xh, b]), 4)).reshape(4, T, N, H)

    from_state, written = np.empty((4, N, H), dtype), np.empty((N, H), dtype)
    W_blocks = np.ascontiguousarray(blocks(W_hh, 4))
    for t in range(T):
        np.matmul(h[t], W_blocks, out=from_state)
        gates[:, t] += from_state
        sigmoid_in_place(gates[:3, t])
        i, f, o, g = gates[:, t]
        np.tanh(g, out=g)
        np.multiply(f, c[t], out=c[t + 1])
        np.multiply(i, g, out=written)
        c[t + 1] += written
        np.tanh(c[t + 1], out=tanh_c[t])
        np.multiply(o, tanh_c[t], out=h[t + 1])

    return batch_first(h[1:]), c[T].copy(), (x, h, c, tanh_c, gates, W_xh, W_hh)


def lstm_backward(dh_all, dc_T, cache):
    """Return the gradients of an LSTM over whole sequences.

    dh_all: gradients that arrive at h_1 .. h_T from above (N, T, H)
    dc_T: gradient that arrives at the last cell state (N, H)
    cache: the third result of lstm_forward; it is not changed
    Returns a dict with dx (N, T, D), dh0 (N, H), dc0 (N, H), dW_xh (D, 4H), dW_hh (H, 4H), db (4H,).
    Source: the backward pass of unit 04.
    """
    x, h, c, tanh_c, gates, W_xh, W_hh = cache
    D, (_, T, N, H) = len(W_xh), gates.shape
    da = np.empty((T, N, 4 * H), h.dtype)
    slope, into_c = np.empty((4, N, H), h.dtype), np.empty((N, H), h.dtype)
    dh, dc = np.zeros((N, H), h.dtype), dc_T.astype(h.dtype)  # astype copies, so dc_T stays as it is
    W_hh_T = np.ascontiguousarray(W_hh.T)
    for t in reversed(range(T)):
        i, f, o, g = gates[:, t]
        dh += dh_all[:, t]
        # dh o (1 - tanh_c²), written with h = o tanh_c to save one operation.
        np.multiply(h[t + 1], tanh_c[t], out=into_c)
        np.subtract(o, into_c, out=into_c)
        into_c *= dh
        dc += into_c
        # Each gate's slope, then times what the gate was multiplied with in the forward pass.
        np.subtract(1, gates[:3, t], out=slope[:3])
        slope[:3] *= gates[:3, t]
        np.multiply(g, g, out=slope[3])
        np.subtract(1, slope[3], out=slope[3])
        for k, partner in enumerate((g, c[t], tanh_c[t], i)):
            slope[k] *= partner
        # The last factor is dh for o and dc for the others; the results go side by side.
        da_i, da_f, da_o, da_g = blocks(da[t], 4)
        np.multiply(slope[0], dc, out=da_i)
        np.multiply(slope[1], dc, out=da_f)
        np.multiply(slope[2], dh, out=da_o)
        np.multiply(slope[3], dc, out=da_g)
        dc *= f
        np.matmul(da[t], W_hh_T, out=dh)

    dW = all_steps(x).T @ all_steps(da)
    return {
        "dx": batch_first((all_steps(da) @ W_xh.T).reshape(T, N, D)),
        "dh0": dh,
        "dc0": dc,
        "dW_xh": dW[:D],
        "dW_hh": all_steps(h[:-1]).T @ all_steps(da),
        "db": dW[D],
    }
