"""The GRU of unit 05 (reset after), forward and backward over whole sequences; read ``rnn.py`` and ``lstm.py`` first.

What is new is that the candidate n treats its two sides differently: the reset gate stands between them.
So the inputs' side and the memory's side need gradients of their own; those of r and z are the same for both.
"""

import numpy as np

from solutions.fast.layout import all_steps, batch_first, blocks, sigmoid_in_place, time_first_with_ones


def gru_forward(x, h0, W_xh, W_hh, b_xh, b_hh):
    """Return the hidden states of a GRU (reset after) over whole sequences, and what gru_backward needs.

    x: inputs (N, T, D)
    h0: hidden states before the first step (N, H)
    W_xh: input weights (D, 3H); W_hh: hidden weights (H, 3H); blocks in the order r, z, n
    b_xh, b_hh: the two biases (3H,), blocks in the same order
    Returns h_all: states after steps 1 .. T (N, T, H), in the dtype of W_xh, float32 or float64; and
    cache: one tuple for all steps; it refers to W_xh and W_hh, so run gru_backward before you change them.
    Source: Cho and others (2014), arXiv version 1; PyTorch's ``nn.GRU``.
    """
    (N, T, _), H, dtype = x.shape, len(W_hh), W_xh.dtype
    x = time_first_with_ones(x, dtype)
    h = np.empty((T + 1, N, H), dtype)
    h[0] = h0
    m = np.empty((T, N, H), dtype)
    # In r and z the two biases are only added, so both go into the one product; in n the second waits for r.
    b, b_hn = b_xh.copy(), b_hh[2 * H :]
    b[: 2 * H] += b_hh[: 2 * H]
    gates = np.matmul(all_steps(x), blocks(np.vstack([W_xh, b]), 3)).reshape(3, T, N, H)

    from_state = np.empty((3, N, H), dtype)
    W_blocks = np.ascontiguousarray(blocks(W_hh, 3))
    for t in range(T):
        np.matmul(h[t], W_blocks, out=from_state)
        gates[:2, t] += from_state[:2]
        sigmoid_in_place(gates[:2, t])
        r, z, n = gates[:, t]
        np.add(from_state[2], b_hn, out=m[t])
        reset = np.multiply(r, m[t], out=from_state[2])
        n += reset
        np.tanh(n, out=n)
        # (1 - z) n + z h is n + z (h - n): one product less.
        np.subtract(h[t], n, out=h[t + 1])
        h[t + 1] *= z
        h[t + 1] += n

    return batch_first(h[1:]), (x, h, m, gates, W_xh, W_hh)


def gru_backward(dh_all, cache):
    """Return the gradients of a GRU (reset after) over whole sequences.

    dh_all: gradients that arrive at h_1 .. h_T from above (N, T, H)
    cache: the second result of gru_forward; it is not changed
    Returns a dict with dx (N, T, D), dh0 (N, H), dW_xh (D, 3H), dW_hh (H, 3H), db_xh (3H,), db_hh (3H,).
    Source: the backward pass of unit 05.
    """
    x, h, m, gates, W_xh, W_hh = cache
    D, (_, T, N, H) = len(W_xh), gates.shape
    # Blocks in the order m, r, z, n: the first three are the memory's side, the last three the inputs'.
    # Like this r and z are written once and no table has to be put together for either side.
    da = np.empty((T, N, 4 * H), h.dtype)
    memory_side, input_side = da[..., : 3 * H], da[..., H:]
    W_hh_T = np.ascontiguousarray(np.roll(W_hh, H, axis=1).T)  # r, z, n rolled by one block is n, r, z

    dh, through_z = np.zeros((N, H), h.dtype), np.empty((N, H), h.dtype)
    now = np.empty((4, N, H), h.dtype)
    dm, da_r, da_z, da_n = now
    for t in reversed(range(T)):
        r, z, n = gates[:, t]
        dh += dh_all[:, t]
        np.multiply(dh, z, out=through_z)
        dh -= through_z  # from here on dh (1 - z)
        np.subtract(h[t], n, out=da_z)
        da_z *= z
        da_z *= dh
        np.multiply(n, n, out=da_n)
        np.subtract(1, da_n, out=da_n)
        da_n *= dh
        np.multiply(da_n, r, out=dm)
        np.subtract(1, r, out=da_r)
        da_r *= m[t]
        da_r *= dm
        blocks(da[t], 4)[...] = now
        np.matmul(memory_side[t], W_hh_T, out=dh)
        dh += through_z

    dW = all_steps(x).T @ all_steps(input_side)
    dW_hh = all_steps(h[:-1]).T @ all_steps(memory_side)  # blocks n, r, z
    return {
        "dx": batch_first((all_steps(input_side) @ W_xh.T).reshape(T, N, D)),
        "dh0": dh,
        "dW_xh": dW[:D],
        "dW_hh": np.roll(dW_hh, -H, axis=1),
        "db_xh": dW[D],
        "db_hh": np.concatenate([dW[D, : 2 * H], da[..., :H].sum(axis=(0, 1))]),
    }
