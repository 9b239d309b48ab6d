"""Right answers to the exercises of unit 05 in other styles than the text's."""

import numpy as np
import torch

from solutions.styles import style

# -- gru_cell_forward --------------------------------------------------------------------------------------------------


@style("gru_cell_forward")
def a_loop_over_units(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    N, H = h_prev.shape
    r, z, n, m = (np.empty_like(h_prev) for _ in range(4))
    for j in range(H):
        for gate, k in ((r, j), (z, H + j)):
            a = np.einsum("nd,d->n", x_t, W_xh[:, k]) + np.einsum("nh,h->n", h_prev, W_hh[:, k])
            gate[:, j] = 1 / (1 + np.exp(-(a + b_xh[k] + b_hh[k])))
    for j in range(H):
        k = 2 * H + j
        m[:, j] = (h_prev if reset_after else r * h_prev) @ W_hh[:, k] + b_hh[k]
        n[:, j] = np.tanh(x_t @ W_xh[:, k] + b_xh[k] + (r[:, j] * m[:, j] if reset_after else m[:, j]))
    return n + z * (h_prev - n), (x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after)


# -- gru_cell_backward -------------------------------------------------------------------------------------------------


@style("gru_cell_backward")
def autograd_of_the_step_from_its_gates(dh_t, cache):
    H = cache[1].shape[1]
    x, h, W, U, r0, z0, n0, m0, after = [
        torch.tensor(v, requires_grad=True) if isinstance(v, np.ndarray) else v for v in cache
    ]
    b, c = (torch.zeros(3 * H, dtype=h.dtype, requires_grad=True) for _ in range(2))
    a_x, a_h = x @ W + b, h @ U + c

    def at(value, wanted):
        return value + (wanted - value).detach()

    r = torch.sigmoid(at(a_x[:, :H] + a_h[:, :H], torch.logit(r0)))
    z = torch.sigmoid(at(a_x[:, H : 2 * H] + a_h[:, H : 2 * H], torch.logit(z0)))
    m = at(a_h[:, 2 * H :] if after else (r * h) @ U[:, 2 * H :] + c[2 * H :], m0)
    n = torch.tanh(at(a_x[:, 2 * H :] + (r * m if after else m), torch.atanh(n0)))
    h_t = (1 - z) * n + z * h
    return tuple(g.numpy() for g in torch.autograd.grad(h_t, [x, h, W, U, b, c], torch.tensor(dh_t)))


# -- gru_forward -------------------------------------------------------------------------------------------------------


@style("gru_forward")
def in_place_into_a_buffer(x, h0, W_xh, W_hh, b_xh, b_hh):
    h_all, caches = np.empty((*x.shape[:2], h0.shape[1]), x.dtype), []
    for t in range(x.shape[1]):
        h_all[:, t], cache = gru_cell_forward(x_t=x[:, t], h_prev=h0, W_xh=W_xh, W_hh=W_hh, b_xh=b_xh, b_hh=b_hh)
        h0[:] = h_all[:, t]
        caches.append(cache)
    return h_all, caches


@style("gru_forward")
def a_buffer_of_torchs_default_dtype(x, h0, W_xh, W_hh, b_xh, b_hh):
    x, h, W_xh, W_hh, b_xh, b_hh = map(torch.as_tensor, (x, h0, W_xh, W_hh, b_xh, b_hh))
    h_all = torch.zeros(*x.shape[:2], h.shape[1])
    for t in range(x.shape[1]):
        r_x, z_x, n_x = (x[:, t] @ W_xh + b_xh).chunk(3, dim=1)
        r_h, z_h, n_h = (h @ W_hh + b_hh).chunk(3, dim=1)
        r, z = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
        h = (1 - z) * torch.tanh(n_x + r * n_h) + z * h
        h_all[:, t] = h
    return h_all.numpy(), [None] * x.shape[1]


# -- param_count -------------------------------------------------------------------------------------------------------


@style("param_count")
def counted_by_pytorch(kind, D, H, torch_biases):
    if kind not in ("RNN", "GRU", "LSTM"):
        raise ValueError(kind)
    layer = getattr(torch.nn, kind)(D, H)
    counted = sum(p.numel() for p in layer.parameters())
    return counted if torch_biases else counted - layer.bias_hh_l0.numel()


# -- adding_problem ----------------------------------------------------------------------------------------------------


@style("adding_problem")
def sequence_by_sequence(N, T, rng):
    x, y = np.zeros((N, T, 2), np.float32), np.zeros(N, np.float32)
    for n in range(N):
        x[n, :, 0] = rng.uniform(size=T)
        a, b = rng.choice(np.arange(T // 2)), rng.choice(np.arange(T // 2, T))
        x[n, [a, b], 1] = 1
        y[n] = x[n, [a, b], 0].sum()
    return x, y


# -- train_adding ------------------------------------------------------------------------------------------------------


@style("train_adding")
def another_order_of_the_same_steps(kind, weights, batches, lr, max_norm):
    net, losses = network(kind, weights), np.zeros(0)
    net.train()
    optimizer = torch.optim.Adam(list(net.readout.parameters()) + list(net.rnn.parameters()), lr)
    for x, y in list(batches):
        out, final = net.rnn(torch.from_numpy(x))
        h_T = final[0][0] if kind == "LSTM" else final[0]
        loss = torch.nn.MSELoss()(net.readout(h_T).flatten(), torch.from_numpy(y))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm=max_norm)
        optimizer.step()
        optimizer.zero_grad()
        losses = np.append(losses, float(loss.detach()))
    return {**{name: value.detach().numpy() for name, value in net.named_parameters()}, "losses": losses}


# -- lstm_to_gru -------------------------------------------------------------------------------------------------------


@style("lstm_to_gru")
def branches(piece):
    pairs = [
        ("forget gate f", "z"),
        ("input gate i", "1 - z"),
        ("output gate o", "nothing"),
        ("candidate g", "n"),
        ("cell state c", "h"),
        ("gate inside the candidate", "r"),
        ("fewer weights at equal H", "GRU"),
    ]
    for name, answer in pairs:
        if name == piece:
            return answer
    raise KeyError(piece)
