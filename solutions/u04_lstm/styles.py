"""Right answers to the exercises of unit 04 in other styles than the text's."""

import numpy as np

from solutions.styles import style

# -- sigmoid -----------------------------------------------------------------------------------------------------------


@style("sigmoid")
def by_signs(x):
    z = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, z) / (1 + z)


@style("sigmoid")
def sigmoid_by_torch(x):
    import torch

    x = torch.as_tensor(x)
    return torch.sigmoid(x if x.is_floating_point() else x.double()).numpy()


# -- lstm_cell_forward -------------------------------------------------------------------------------------------------


@style("lstm_cell_forward")
def slices_and_a_list_as_cache(x_t, h_prev, c_prev, W_xh, W_hh, b):
    H = h_prev.shape[-1]
    a = np.einsum("nd,dk->nk", x_t, W_xh) + h_prev.dot(W_hh) + b[None]
    s = sigmoid(a[:, : 3 * H])
    g = np.tanh(a[:, 3 * H :])
    i, f, o = s[:, :H], s[:, H : 2 * H], s[:, 2 * H :]
    c_t = c_prev * f
    c_t += g * i
    return np.tanh(c_t) * o, c_t, [x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh]


# -- lstm_forward ------------------------------------------------------------------------------------------------------


@style("lstm_forward")
def a_buffer_of_torchs_default_dtype(x, h0, c0, W_xh, W_hh, b):
    import torch

    x, h, c, W_xh, W_hh, b = map(torch.as_tensor, (x, h0, c0, W_xh, W_hh, b))
    h_all = torch.zeros(*x.shape[:2], h.shape[1])
    for t in range(x.shape[1]):
        i, f, o, g = (x[:, t] @ W_xh + h @ W_hh + b).chunk(4, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        h_all[:, t] = h
    return h_all.numpy(), c.float().numpy(), [None] * x.shape[1]


# -- lstm_cell_backward ------------------------------------------------------------------------------------------------


@style("lstm_cell_backward")
def in_place(dh, dc, cache):
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    t = np.tanh(f * c_prev + i * g)
    dc += dh * o * (1 - t * t)
    da = np.hstack((dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dh * t * o * (1 - o), dc * i * (1 - g * g)))
    return [da.dot(W_xh.T), da.dot(W_hh.T), f * dc, x_t.T.dot(da), h_prev.T.dot(da), np.ones(len(da), da.dtype) @ da]


# -- lstm_backward -----------------------------------------------------------------------------------------------------


@style("lstm_backward")
def buffers(dh_all, dc_T, caches):
    N, T, H = dh_all.shape
    W_xh, W_hh = caches[0][8:]
    dx = np.zeros((N, T, len(W_xh)), dh_all.dtype)
    out = {"db": np.zeros(4 * H, dh_all.dtype), "dW_hh": np.zeros_like(W_hh), "dW_xh": np.zeros_like(W_xh), "dx": dx}
    dh = np.zeros((N, H), dh_all.dtype)
    for t in range(T - 1, -1, -1):
        dx[:, t], dh, dc_T, dW_xh, dW_hh, db = lstm_cell_backward(dh_all[:, t] + dh, dc_T, caches.pop())
        out["dW_xh"] += dW_xh
        out["dW_hh"] += dW_hh
        out["db"] += db
    return {**out, "dh0": dh, "dc0": dc_T}


# -- handmade_memory ---------------------------------------------------------------------------------------------------


@style("handmade_memory")
def other_numbers(H):
    W = np.zeros((H + 1, 4, H))
    W[H, 0], W[H, 1], W[:H, 3] = 60, -45, 5 * np.eye(H)
    return {"W_xh": W.reshape(H + 1, 4 * H), "W_hh": np.zeros((H, 4 * H)), "b": np.repeat([-30.0, 15, 15, 0], H)}


# -- init_lstm ---------------------------------------------------------------------------------------------------------


@style("init_lstm")
def one_draw(D, H, forget_bias, rng):
    W = (2 * rng.random((D + H, 4 * H)) - 1) / np.sqrt(H)
    return {"b": np.repeat([0.0, forget_bias, 0, 0], H), "W_xh": W[:D], "W_hh": W[D:]}
