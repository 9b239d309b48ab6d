"""Right answers to the exercises of unit 02 in other styles than the text's."""

import numpy as np

from solutions.styles import style

# -- numerical_gradient ------------------------------------------------------------------------------------------------


@style("numerical_gradient")
def gradient_in_place(f, x, df=None, h=1e-5):
    if x.dtype.kind != "f" or x.itemsize < 8:
        raise TypeError
    gradient = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        at = it.multi_index
        old = x[at]
        x[at] = old + h
        ahead = np.array(f(x))
        x[at] = old - h
        behind = np.array(f(x))
        x[at] = old
        gradient[at] = ((ahead - behind) * (1 if df is None else df)).sum() / (2 * h)
        it.iternext()
    return gradient


# -- relative_error ----------------------------------------------------------------------------------------------------


@style("relative_error")
def a_numpy_number(a, b):
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        raise ValueError
    return np.max(np.abs(a - b)) / max(np.max(np.abs(a) + np.abs(b)), 1e-300)


# -- rnn_cell_backward -------------------------------------------------------------------------------------------------


@style("rnn_cell_backward")
def einsum(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, h_t = cache
    da = dh_t - dh_t * h_t * h_t
    e = np.einsum
    return [
        e("nh,dh->nd", da, W_xh),
        e("nh,kh->nk", da, W_hh),
        e("nd,nh->dh", x_t, da),
        e("nk,nh->kh", h_prev, da),
        e("nh->h", da),
    ]


@style("rnn_cell_backward")
def cell_in_place(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, h_t = cache
    dh_t *= 1 - h_t**2
    return dh_t.dot(W_xh.T), dh_t.dot(W_hh.T), x_t.T.dot(dh_t), h_prev.T.dot(dh_t), sum(dh_t)


@style("rnn_cell_backward")
def by_torch(dh_t, cache, device="cpu"):
    import torch

    dh_t, x_t, h_prev, W_xh, W_hh, h_t = map(torch.from_numpy, (dh_t, *cache))
    da = dh_t * (1 - h_t.square())
    return tuple(part.numpy() for part in (da @ W_xh.mT, da @ W_hh.mT, x_t.mT @ da, h_prev.mT @ da, da.sum(0)))


# -- rnn_backward ------------------------------------------------------------------------------------------------------


@style("rnn_backward")
def changes_what_it_is_given(dh_all, caches):
    N, T, H = dh_all.shape
    D = caches[0][0].shape[1]
    grads = {"dx": np.empty((N, T, D), dh_all.dtype), "db_h": np.zeros(H, dh_all.dtype)}
    grads["dW_xh"], grads["dW_hh"] = np.zeros((D, H), dh_all.dtype), np.zeros((H, H), dh_all.dtype)
    carry = 0
    while caches:
        cache = caches.pop()
        t = len(caches)
        dh_all[:, t] += carry
        grads["dx"][:, t], carry, *parts = rnn_cell_backward(dh_all[:, t], cache)
        for name, part in zip(("dW_xh", "dW_hh", "db_h"), parts):
            grads[name] += part
    return grads | {"dh0": carry, "extra": None}


@style("rnn_backward")
def all_weights_at_the_end(dh_all, caches):
    das, carry = [], 0
    for t in range(len(caches) - 1, -1, -1):
        _, _, W_xh, W_hh, h = caches[t]
        das.append((dh_all[:, t] + carry) * (1 - h * h))
        carry = das[-1] @ W_hh.T
    da = np.stack(das[::-1], axis=1)
    x, h_prev = (np.stack([cache[i] for cache in caches], axis=1) for i in (0, 1))
    return {
        "dx": da @ W_xh.T,
        "dh0": carry,
        "dW_xh": np.tensordot(x, da, axes=([0, 1], [0, 1])),
        "dW_hh": np.tensordot(h_prev, da, axes=([0, 1], [0, 1])),
        "db_h": da.sum((0, 1)),
    }


# -- repaired_notes_backward -------------------------------------------------------------------------------------------


@style("repaired_notes_backward")
def by_the_cell_in_rows(da_next, cache):
    a_next, a_prev, xt, p = cache
    parts = rnn_cell_backward(da_next.T, (xt.T, a_prev.T, p["Wax"].T, p["Waa"].T, a_next.T))
    names = ("dxt", "da_prev", "dWax", "dWaa")
    return {name: part.T for name, part in zip(names, parts)} | {"dba": parts[4][:, None]}


# -- readout_backward --------------------------------------------------------------------------------------------------


@style("readout_backward")
def flattened(dlogits, h_all, W_hy):
    N, T, C = dlogits.shape
    flat = dlogits.reshape(N * T, C)
    return (flat @ W_hy.T).reshape(N, T, -1), h_all.reshape(N * T, -1).T @ flat, flat.sum(0)


@style("readout_backward")
def loops(dlogits, h_all, W_hy):
    dh_all, dW_hy, db_y = np.zeros_like(h_all), np.zeros_like(W_hy), np.zeros_like(dlogits[0, 0])
    for n in range(len(h_all)):
        for t in range(h_all.shape[1]):
            dh_all[n, t] = W_hy @ dlogits[n, t]
            dW_hy += np.outer(h_all[n, t], dlogits[n, t])
            db_y += dlogits[n, t]
    return dh_all, dW_hy, db_y


# -- sequence_cross_entropy --------------------------------------------------------------------------------------------


@style("sequence_cross_entropy")
def flattened_and_in_place(logits, targets, mask=None):
    N, T, V = logits.shape
    flat, wanted, rows = logits.reshape(N * T, V), targets.ravel(), np.arange(N * T)
    m = (np.ones(N * T) if mask is None else np.asarray(mask).ravel()).astype(logits.dtype)
    flat -= flat.max(1, keepdims=True)
    total = np.exp(flat).sum(1)
    loss = np.sum(m * (np.log(total) - flat[rows, wanted])) / N
    d = np.exp(flat) / total[:, None]
    d[rows, wanted] -= 1
    d *= m[:, None]
    d /= N
    return loss, d.reshape(N, T, V)


@style("sequence_cross_entropy")
def loss_by_torch(logits, targets, mask=None):
    import torch

    scores = torch.tensor(logits, requires_grad=True)
    each = torch.nn.functional.cross_entropy(scores.transpose(1, 2), torch.tensor(targets), reduction="none")
    if mask is not None:
        each = each * torch.tensor(mask)
    loss = each.sum() / len(logits)
    loss.backward()
    return loss.item(), scores.grad.numpy()


# -- tbptt_backward ----------------------------------------------------------------------------------------------------


@style("tbptt_backward")
def a_list_of_chunks(x, h0, targets, params, chunk):
    parts, h = [], h0
    while x.shape[1]:
        parts.append(bptt(x[:, :chunk], h, targets[:, :chunk], params))
        h, x, targets = parts[-1]["h_T"], x[:, chunk:], targets[:, chunk:]
    return {name: sum(part[name] for part in parts) for name in parts[0]} | {"h_T": h}
