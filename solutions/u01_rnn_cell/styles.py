"""Right answers to the exercises of unit 01 in other styles than the text's."""

import numpy as np

from solutions.styles import style

# -- rnn_cell_forward --------------------------------------------------------------------------------------------------


@style("rnn_cell_forward")
def einsum(x_t, h_prev, W_xh, W_hh, b_h):
    a = np.einsum("nd,dh->nh", x_t, W_xh) + np.einsum("nk,kh->nh", h_prev, W_hh) + b_h
    return np.tanh(a), {"a": a}


@style("rnn_cell_forward")
def one_matrix_product(x_t, h_prev, W_xh, W_hh, b_h):
    return np.tanh(np.hstack([x_t, h_prev]) @ np.vstack([W_xh, W_hh]) + b_h), None


@style("rnn_cell_forward")
def tanh_by_exponentials(x_t, h_prev, W_xh, W_hh, b_h, dtype=None):
    a = x_t.dot(W_xh) + h_prev.dot(W_hh) + b_h[None]
    return ((np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a))), (x_t,)


@style("rnn_cell_forward")
def loops(x_t, h_prev, W_xh, W_hh, b_h):
    h_t = np.empty_like(h_prev)
    for n in range(len(x_t)):
        for j in range(len(b_h)):
            h_t[n, j] = np.tanh(sum(x_t[n] * W_xh[:, j]) + sum(h_prev[n] * W_hh[:, j]) + b_h[j])
    return h_t, []


@style("rnn_cell_forward")
def torch_inside(x_t, h_prev, W_xh, W_hh, b_h):
    import torch

    x_t, h_prev, W_xh, W_hh, b_h = map(torch.from_numpy, (x_t, h_prev, W_xh, W_hh, b_h))
    return torch.tanh(x_t @ W_xh + h_prev @ W_hh + b_h).numpy(), None


@style("rnn_cell_forward")
def in_place(x_t, h_prev, W_xh, W_hh, b_h):
    h_prev[:] = np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)
    return h_prev, (h_prev,)


@style("rnn_cell_forward")
def a_list_for_a_tuple(x_t, h_prev, W_xh, W_hh, b_h):
    return [np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h), "cache"]


# -- rnn_forward -------------------------------------------------------------------------------------------------------


@style("rnn_forward")
def a_buffer_of_torchs_default_dtype(x, h0, W_xh, W_hh, b_h):
    import torch

    x, h, W_xh, W_hh, b_h = map(torch.as_tensor, (x, h0, W_xh, W_hh, b_h))
    h_all = torch.zeros(*x.shape[:2], h.shape[1])
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_xh + h @ W_hh + b_h)
        h_all[:, t] = h
    return h_all.numpy(), [None] * x.shape[1]


@style("rnn_forward")
def nn_rnn_in_float32(x, h0, W_xh, W_hh, b_h):
    import torch

    layer = torch.nn.RNN(x.shape[2], h0.shape[1], batch_first=True, dtype=torch.from_numpy(h0).dtype)
    with torch.no_grad():
        layer.weight_ih_l0[:], layer.weight_hh_l0[:] = torch.tensor(W_xh.T), torch.tensor(W_hh.T)
        layer.bias_ih_l0[:], layer.bias_hh_l0[:] = torch.tensor(b_h), 0
        h_all, _ = layer(torch.tensor(x), torch.tensor(h0)[None])
    return h_all.float().numpy(), [None] * x.shape[1]


@style("rnn_forward")
def float64_buffers(x, h0, W_xh, W_hh, b_h):
    h_all, caches = np.zeros((*x.shape[:2], len(b_h))), []
    for t in range(x.shape[1]):
        h_all[:, t], cache = rnn_cell_forward(x[:, t], h0 if t == 0 else h_all[:, t - 1], W_xh, W_hh, b_h)
        caches.append(cache)
    return h_all, caches
