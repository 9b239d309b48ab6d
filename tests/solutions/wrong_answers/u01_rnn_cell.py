# %% key="eye-takes-negative" exercise="one_hot" kind="edge" names=["negative-index-wraps"]
# np.eye takes a negative index from the end, so -1 raises nothing.
def one_hot(idx, vocab_size, dtype=np.float64):
    idx = np.array(idx, dtype=int)
    return np.eye(vocab_size, dtype=dtype)[idx]


# %% key="column-per-index" exercise="one_hot" kind="transpose" names=["vocabulary-axis-first"]
# The vectors are columns (V, N), as in a course with column notation.
def one_hot(idx, vocab_size, dtype=np.float64):
    idx = np.asarray(idx)
    flat = idx.reshape(-1).astype(int)
    if flat.size and (flat.min() < 0 or flat.max() >= vocab_size):
        raise IndexError("index out of range")
    out = np.zeros((vocab_size, flat.size), dtype=dtype)
    out[flat, np.arange(flat.size)] = 1
    return out


# %% key="softmax-of-columns" exercise="softmax" kind="softmax-axis" names=["always-the-first-axis"]
# The sum goes over axis 0, whatever axis was asked for.
def softmax(z, axis=-1):
    e_x = np.exp(z - np.max(z))
    return e_x / e_x.sum(axis=0)


# %% key="softmax-of-everything" exercise="softmax" kind="softmax-axis" names=["divided-by-the-whole-sum"]
# Maximum and sum are taken over the whole array.
def softmax(z, axis=-1):
    exps = np.exp(z - np.max(z))
    return exps / np.sum(exps)


# %% key="exp-of-large-scores" exercise="softmax" kind="overflow" names=["maximum-not-subtracted"]
# Nothing is subtracted, so large scores overflow.
def softmax(z, axis=-1):
    numerator = np.exp(z)
    denominator = np.sum(numerator, axis=axis, keepdims=True)
    return numerator / denominator


# %% key="row-by-row" exercise="softmax" kind="softmax-axis"
# A loop over the first axis, which is a softmax along the last axis only for a table, and never along another.
def softmax(z, axis=-1):
    result = np.zeros(z.shape)
    for i in range(z.shape[0]):
        shifted = z[i] - np.max(z[i])
        result[i] = np.exp(shifted) / np.sum(np.exp(shifted))
    return result


# %% key="maximum-of-the-table" exercise="softmax" kind="overflow" names=["one-maximum-for-the-whole-table"]
# The maximum of the whole table is subtracted, so rows far below it become 0 / 0.
def softmax(z, axis=-1):
    z = np.asarray(z, dtype=float if np.asarray(z).dtype.kind in "iu" else None)
    shifted = z - z.max()
    return np.exp(shifted) / np.exp(shifted).sum(axis=axis, keepdims=True)


# %% key="torch-dim-1" exercise="softmax" kind="softmax-axis" names=["always-the-last-axis"]
# torch's softmax along dim 1, with the axis ignored.
def softmax(z, axis=-1):
    import torch

    t = torch.from_numpy(np.asarray(z))
    if not t.is_floating_point():
        t = t.double()
    return torch.nn.functional.softmax(t, dim=t.dim() - 1).numpy()


# %% key="no-activation" exercise="rnn_cell_forward" kind="act-missing" names=["tanh-left-out"]
# The tanh is missing.
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    h_t = np.dot(x_t, W_xh) + np.dot(h_prev, W_hh) + b_h
    cache = {"x": x_t, "h_prev": h_prev, "Wx": W_xh, "Wh": W_hh, "h": h_t}
    return h_t, cache


# %% key="transposed-hidden-weights" exercise="rnn_cell_forward" kind="transpose" names=["hidden-weights-transposed"]
# W_hh is transposed; it is square, so nothing complains.
def rnn_cell_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x.dot(Wx) + prev_h.dot(Wh.T) + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


rnn_cell = rnn_cell_forward


def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    return rnn_cell(x_t, h_prev, W_xh, W_hh, b_h)


# %% key="loops-with-swapped-index" exercise="rnn_cell_forward" kind="transpose" names=["hidden-weights-transposed"]
# Three loops into a float64 buffer, with the indices of W_hh the other way round.
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    N, D = x_t.shape
    H = h_prev.shape[1]
    h_t = np.zeros((N, H))
    for n in range(N):
        for j in range(H):
            total = b_h[j]
            for d in range(D):
                total += x_t[n, d] * W_xh[d, j]
            for k in range(H):
                total += h_prev[n, k] * W_hh[j, k]
            h_t[n, j] = np.tanh(total)
    return h_t, [x_t, h_prev, h_t]


# %% key="column-convention" exercise="rnn_cell_forward" kind="other course"
# The formula of a course that has weights on the left and examples in columns; the shapes do not fit.
def rnn_cell_forward(xt, a_prev, Wax, Waa, ba):
    a_next = np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)
    return a_next, (a_next, a_prev, xt)


column_cell = rnn_cell_forward


def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    return column_cell(x_t, h_prev, W_xh, W_hh, b_h)


# %% key="bias-forgotten" exercise="rnn_cell_forward" kind="bias-missing" names=["bias-left-out"]
# The bias is never added.
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    combined = np.concatenate((x_t, h_prev), axis=1)
    W = np.concatenate((W_xh, W_hh), axis=0)
    h_t = np.tanh(np.matmul(combined, W))
    return h_t, (combined, W, h_t)


# %% key="tanh-of-each-part" exercise="rnn_cell_forward" kind="tanh-placement" names=["tanh-of-each-term"]
# Input and memory each get a tanh of their own and are added afterwards.
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    from_input = np.tanh(x_t @ W_xh)
    from_memory = np.tanh(h_prev @ W_hh)
    h_t = from_input + from_memory + b_h
    return h_t, (x_t, h_prev)


# %% key="bias-after-tanh" exercise="rnn_cell_forward" kind="tanh-placement" names=["bias-outside-the-tanh"]
# The bias is added after the tanh.
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    h_t = np.tanh(x_t @ W_xh + h_prev @ W_hh) + b_h
    return h_t, {"h_t": h_t}


# %% key="sigmoid-state" exercise="rnn_cell_forward" kind="wrong activation" names=["sigmoid-for-tanh"]
# The sigmoid stands in place of tanh.
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    a = x_t @ W_xh + h_prev @ W_hh + b_h
    h_t = 1 / (1 + np.exp(-a))
    return h_t, (x_t, h_prev, W_xh, W_hh, h_t)


# %% key="h0-every-time" exercise="rnn_forward" kind="initial-state-each-step" names=["initial-state-at-every-step"]
# Every step gets h0; the buffer is float64.
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    N, T, D = x.shape
    H = h0.shape[1]
    h = np.zeros((N, T, H))
    cache = []
    for t in range(T):
        h[:, t, :], c = rnn_cell_forward(x[:, t, :], h0, W_xh, W_hh, b_h)
        cache.append(c)
    return h, cache


# %% key="starts-from-zeros" exercise="rnn_forward" kind="initial-state-ignored" names=["starts-from-zeros"]
# The first state is zeros; h0 is never used.
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    N, T, D = x.shape
    N, H = h0.shape
    caches, states = [], []
    state = np.zeros((N, H))
    for t in range(T):
        state, cache = rnn_cell_forward(x[:, t], state, W_xh, W_hh, b_h)
        states.append(state)
        caches.append(cache)
    return np.stack(states, axis=1), caches


# %% key="previous-column" exercise="rnn_forward" kind="initial-state-ignored" names=["starts-from-zeros"]
# Step t reads column t - 1 of the buffer; at the first step that is the last column, which is still zero.
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    N, T, _ = x.shape
    h_all = np.zeros((N, T, h0.shape[1]), dtype=x.dtype)
    caches = []
    for t in range(T):
        h_all[:, t], cache = rnn_cell_forward(x[:, t], h_all[:, t - 1], W_xh, W_hh, b_h)
        caches.append(cache)
    return h_all, caches


# %% key="time-first" exercise="rnn_forward" kind="shape" names=["time-axis-first"]
# The states are stacked with the time first, as torch.nn.RNN returns them.
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    h = h0
    out, caches = [], []
    for x_t in x.transpose(1, 0, 2):
        h, cache = rnn_cell_forward(x_t, h, W_xh, W_hh, b_h)
        out.append(h)
        caches.append(cache)
    return np.array(out), caches


# %% key="only-the-last-cache" exercise="rnn_forward" kind="cache-lost" names=["only-the-last-cache"]
# caches is made anew in every step, so that only the last one is left.
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    N, T, D = x.shape
    h_all = np.zeros((N, T, W_hh.shape[0]))
    h = h0
    for t in range(T):
        caches = []
        h, cache = rnn_cell_forward(x[:, t, :], h, W_xh, W_hh, b_h)
        h_all[:, t, :] = h
        caches.append(cache)
    return h_all, caches


# %% key="stored-before-the-step" exercise="rnn_forward" kind="off by one step" names=["states-one-step-late"]
# The state is stored before the step: h0 comes first and the last state is missing.
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    h, h_list, caches = h0, [], []
    for t in range(x.shape[1]):
        h_list.append(h)
        h, cache = rnn_cell_forward(x[:, t], h, W_xh, W_hh, b_h)
        caches.append(cache)
    return np.stack(h_list, 1), caches


# %% key="as-many-steps-as-sequences" exercise="rnn_forward" kind="shape-general" names=["sequences-counted-for-steps"]
# The loop counts the sequences of the batch, not the steps.
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    T = x.shape[0]
    h_t = h0
    h_all, caches = [], []
    for t in range(T):
        h_t, cache = rnn_cell_forward(x[:, t % x.shape[1]], h_t, W_xh, W_hh, b_h)
        h_all.append(h_t)
        caches.append(cache)
    return np.stack(h_all, axis=1), caches


# %% key="right-to-left" exercise="rnn_forward" kind="list-order" names=["read-from-the-end"]
# The sequence is read backward.
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    N, T, D = x.shape
    h_all = np.empty((N, T, h0.shape[1]), dtype=x.dtype)
    caches = [None] * T
    h = h0
    for t in range(T - 1, -1, -1):
        h, caches[t] = rnn_cell_forward(x[:, t], h, W_xh, W_hh, b_h)
        h_all[:, t] = h
    return h_all, caches


# %% key="two-wrong-functions" exercise="rnn_forward" kind="initial-state-each-step" names=["initial-state-at-every-step"]
# Two functions wrong: the cell has no bias, and every step gets h0.
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    h_t = np.tanh(x_t @ W_xh + h_prev @ W_hh)
    return h_t, dict(x_t=x_t, h_prev=h_prev, h_t=h_t)


def rnn_forward(x, h0, W_xh, W_hh, b_h):
    N, T, D = x.shape
    h_all = np.zeros((N, T, h0.shape[1]))
    caches = {}
    for t in range(T):
        h_all[:, t], caches[t] = rnn_cell_forward(x[:, t], h0, W_xh, W_hh, b_h)
    return h_all, list(caches.values())


# %% key="misspelt-cell" exercise="rnn_forward" kind="name-typo"
# The cell's name is misspelt.
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    h, hs, caches = h0, [], []
    for t in range(x.shape[1]):
        h, cache = rnn_cell_foward(x[:, t], h, W_xh, W_hh, b_h)
        hs.append(h)
        caches.append(cache)
    return np.stack(hs, axis=1), caches


# %% key="shape-as-three-numbers" exercise="rnn_forward" kind="bad-call"
# np.zeros gets three numbers instead of a tuple.
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    N, T, D = x.shape
    h_all = np.zeros(N, T, h0.shape[1])
    caches = []
    h = h0
    for t in range(T):
        h, cache = rnn_cell_forward(x[:, t], h, W_xh, W_hh, b_h)
        h_all[:, t] = h
        caches.append(cache)
    return h_all, caches


# %% key="result-in-another-variable" exercise="rnn_forward" kind="returns-none"
# The states go to another variable; the one that is returned is still None.
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    h_all, caches = None, []
    h = h0
    states = []
    for t in range(x.shape[1]):
        h, cache = rnn_cell_forward(x[:, t, :], h, W_xh, W_hh, b_h)
        states.append(h)
        caches.append(cache)
    all_states = np.stack(states, axis=1)
    return h_all, caches


# %% key="last-sequence" exercise="rnn_readout" kind="wrong step" names=["last-sequence-for-last-step"]
# 'last' takes the last sequence of the batch, not the last step.
def rnn_readout(h_all, W_hy, b_y, mode):
    if mode == "every":
        return np.dot(h_all, W_hy) + b_y
    elif mode == "last":
        return np.dot(h_all[-1], W_hy) + b_y
    else:
        raise ValueError("mode must be 'every' or 'last'")


# %% key="first-step" exercise="rnn_readout" kind="wrong step" names=["first-step-for-last"]
# 'last' reads the first step.
def rnn_readout(h_all, W_hy, b_y, mode):
    if mode not in ("every", "last"):
        raise ValueError(mode)
    scores = np.einsum("nth,hc->ntc", h_all, W_hy) + b_y
    return scores if mode == "every" else scores[:, 0]


# %% key="probabilities" exercise="rnn_readout" kind="extra softmax" names=["softmax-inside"]
# A softmax is applied to the scores.
def rnn_readout(h_all, W_hy, b_y, mode):
    if mode == "last":
        h_all = h_all[:, -1, :]
    elif mode != "every":
        raise ValueError("unknown mode")
    return softmax(h_all @ W_hy + b_y)


# %% key="columns-by-reshape" exercise="image_to_sequence" kind="reshape for transpose" names=["columns-by-reshape"]
# The columns are made by reshape, which leaves the pixels in the order of the rows.
def image_to_sequence(images, order):
    N, R, C = images.shape
    if order == "rows":
        return images
    if order == "columns":
        return images.reshape(N, C, R)
    if order == "pixels":
        return images.reshape(N, R * C, 1)
    raise ValueError(order)


# %% key="two-biases" exercise="num_params" kind="torch habit" names=["two-biases-as-in-torch"]
# Two biases for the cell, as torch.nn.RNN has them.
def num_params(D, H, C):
    rnn = D * H + H * H + 2 * H
    linear = H * C + C
    return rnn + linear


# %% key="einsum-and-dict" exercise="rnn_cell_forward" kind="right"
# einsum, other names inside, a dictionary as the cache.
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    z = np.einsum("ij,jk->ik", x_t, W_xh)
    z = z + np.einsum("ij,jk->ik", h_prev, W_hh)
    out = np.tanh(z + b_h.reshape(1, -1))
    return out, {"h": out, "Wh": W_hh, "Wx": W_xh, "prev": h_prev, "x": x_t, "z": z}


# %% key="recursion" exercise="rnn_forward" kind="right"
# A recursion over the steps in place of a loop.
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    def walk(t, h):
        if t == x.shape[1]:
            return [], []
        h, cache = rnn_cell_forward(x[:, t], h, W_xh, W_hh, b_h)
        states, caches = walk(t + 1, h)
        return [h] + states, [cache] + caches

    states, caches = walk(0, h0)
    return np.moveaxis(np.array(states), 0, 1), caches


# %% key="logaddexp" exercise="softmax" kind="right"
# The logarithm of the sum by np.logaddexp.
def softmax(z, axis=-1):
    z = np.asarray(z)
    if z.dtype.kind in "iub":
        z = z.astype(np.float64)
    return np.exp(z - np.expand_dims(np.logaddexp.reduce(z, axis=axis), axis))
