# %% key="naive" exercise="sigmoid" kind="overflow" names=["exponential-overflows"]
# The formula as it stands overflows for large negative numbers.
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# %% key="torch-order" exercise="lstm_cell_forward" kind="gate-order" names=["blocks-in-torchs-order"]
# The blocks are read in the order i, f, g, o, as in torch.
def lstm_cell_forward(x_t, h_prev, c_prev, W_xh, W_hh, b):
    H = h_prev.shape[1]
    a = x_t @ W_xh + h_prev @ W_hh + b
    i = sigmoid(a[:, :H])
    f = sigmoid(a[:, H : 2 * H])
    g = np.tanh(a[:, 2 * H : 3 * H])
    o = sigmoid(a[:, 3 * H :])
    c_t = f * c_prev + i * g
    h_t = o * np.tanh(c_t)
    return h_t, c_t, (x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh)


# %% key="forget-first" exercise="lstm_cell_forward" kind="gate-order" names=["blocks-in-reading-order"]
# The blocks are read in the order f, i, o, g, and the cache is a dictionary.
def lstm_cell_forward(x_t, h_prev, c_prev, W_xh, W_hh, b):
    z = np.dot(x_t, W_xh) + np.dot(h_prev, W_hh) + b
    ft, it, ot, gt = np.split(z, 4, axis=1)
    ft, it, ot, gt = sigmoid(ft), sigmoid(it), sigmoid(ot), np.tanh(gt)
    c_next = ft * c_prev + it * gt
    h_next = ot * np.tanh(c_next)
    cache = {"x": x_t, "h": h_prev, "c": c_prev, "f": ft, "i": it, "o": ot, "g": gt, "c_next": c_next}
    return h_next, c_next, cache


# %% key="output-before-forget" exercise="lstm_cell_forward" kind="gate-order" names=["blocks-input-output-forget"]
# The blocks are read in the order i, o, f, g.
def lstm_cell_forward(x_t, h_prev, c_prev, W_xh, W_hh, b):
    N, H = h_prev.shape
    gates = x_t.dot(W_xh) + h_prev.dot(W_hh) + b
    gates[:, : 3 * H] = sigmoid(gates[:, : 3 * H])
    gates[:, 3 * H :] = np.tanh(gates[:, 3 * H :])
    i, o, f, g = gates.reshape(N, 4, H).transpose(1, 0, 2)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c, (x_t, h_prev, c_prev, i, f, o, g, c, W_xh, W_hh)


# %% key="all-is-shown" exercise="lstm_cell_forward" kind="output-gate-missing" names=["output-gate-not-used"]
# The hidden state is tanh(c), without the output gate.
def lstm_cell_forward(x_t, h_prev, c_prev, W_xh, W_hh, b):
    i, f, o, g = np.hsplit(x_t @ W_xh + h_prev @ W_hh + b, 4)
    i, f, o, g = sigmoid(i), sigmoid(f), sigmoid(o), np.tanh(g)
    c_t = f * c_prev + i * g
    h_t = np.tanh(c_t)
    return h_t, c_t, (x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh)


# %% key="four-sigmoids" exercise="lstm_cell_forward" kind="candidate-sigmoid" names=["candidate-through-a-sigmoid"]
# The candidate goes through the sigmoid like the gates; own cache order.
def lstm_cell_forward(x_t, h_prev, c_prev, W_xh, W_hh, b):
    H = h_prev.shape[1]
    s = sigmoid(x_t @ W_xh + h_prev @ W_hh + b)
    it, ft, ot, cct = s[:, 0:H], s[:, H : 2 * H], s[:, 2 * H : 3 * H], s[:, 3 * H : 4 * H]
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    cache = (a_next, c_next, h_prev, c_prev, ft, it, cct, ot, x_t, W_xh, W_hh, b)
    return a_next, c_next, cache


# %% key="cell-without-tanh" exercise="lstm_cell_forward" kind="tanh missing" names=["no-tanh-of-the-cell-state"]
# The cell state is shown without its tanh.
def lstm_cell_forward(x_t, h_prev, c_prev, W_xh, W_hh, b):
    i, f, o, g = np.split(x_t @ W_xh + h_prev @ W_hh + b, 4, axis=-1)
    i, f, o, g = sigmoid(i), sigmoid(f), sigmoid(o), np.tanh(g)
    c_t = f * c_prev + i * g
    return o * c_t, c_t, (x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh)


# %% key="forgets-the-wrong-state" exercise="lstm_cell_forward" kind="wrong-state-in-gate" names=["hidden-state-kept-for-cell-state"]
# The forget gate multiplies h_prev in place of c_prev.
def lstm_cell_forward(x_t, h_prev, c_prev, W_xh, W_hh, b):
    N, H = h_prev.shape
    a = x_t @ W_xh + h_prev @ W_hh + b
    i, f, o = (sigmoid(a[:, k * H : (k + 1) * H]) for k in range(3))
    g = np.tanh(a[:, 3 * H :])
    c_t = f * h_prev + i * g
    h_t = o * np.tanh(c_t)
    return h_t, c_t, (x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh)


# %% key="input-and-forget-swapped" exercise="lstm_cell_forward" kind="gate swapped" names=["blocks-in-reading-order", "gates-exchanged-in-the-mix"]
# The input gate multiplies the old state and the forget gate the candidate.
def lstm_cell_forward(x_t, h_prev, c_prev, W_xh, W_hh, b):
    i, f, o, g = np.array_split(x_t @ W_xh + h_prev @ W_hh + b, 4, axis=1)
    i, f, o, g = sigmoid(i), sigmoid(f), sigmoid(o), np.tanh(g)
    c_t = np.multiply(i, c_prev) + np.multiply(f, g)
    h_t = np.multiply(o, np.tanh(c_t))
    return h_t, c_t, (x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh)


# %% key="own-cache" exercise="lstm_cell_forward" kind="cache order"
# h and c are right; the cache is that of another course, in its own order.
def lstm_cell_forward(x_t, h_prev, c_prev, W_xh, W_hh, b):
    i, f, o, g = np.split(x_t @ W_xh + h_prev @ W_hh + b, 4, axis=1)
    i, f, o, g = sigmoid(i), sigmoid(f), sigmoid(o), np.tanh(g)
    next_c = f * c_prev + i * g
    next_h = o * np.tanh(next_c)
    return next_h, next_c, (i, f, o, g, x_t, h_prev, c_prev, next_c, W_xh, W_hh)


# %% key="dictionary-cache" exercise="lstm_cell_forward" kind="cache order"
# h and c are right; the cache is a dictionary.
def lstm_cell_forward(x_t, h_prev, c_prev, W_xh, W_hh, b):
    i, f, o, g = np.split(x_t @ W_xh + h_prev @ W_hh + b, 4, axis=1)
    i, f, o, g = sigmoid(i), sigmoid(f), sigmoid(o), np.tanh(g)
    c_t = f * c_prev + i * g
    h_t = o * np.tanh(c_t)
    names = ("x_t", "h_prev", "c_prev", "i", "f", "o", "g", "c_t", "W_xh", "W_hh")
    return h_t, c_t, dict(zip(names, (x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh)))


# %% key="c0-every-time" exercise="lstm_forward" kind="initial-state-each-step" names=["cell-state-not-carried"]
# Every step gets c0; the new cell state goes to another name.
def lstm_forward(x, h0, c0, W_xh, W_hh, b):
    N, T, D = x.shape
    h_all = np.zeros((N, T, h0.shape[1]))
    caches = []
    h = h0
    for t in range(T):
        h, c_T, cache = lstm_cell_forward(x[:, t], h, c0, W_xh, W_hh, b)
        h_all[:, t] = h
        caches.append(cache)
    return h_all, c_T, caches


# %% key="cell-state-starts-as-h0" exercise="lstm_forward" kind="c0-is-a0" names=["cell-state-starts-as-h0"]
# The cell state starts as h0.
def lstm_forward(x, h0, c0, W_xh, W_hh, b):
    h, c = h0, h0
    hs, caches = [], []
    for t in range(x.shape[1]):
        h, c, cache = lstm_cell_forward(x[:, t, :], h, c, W_xh, W_hh, b)
        hs.append(h)
        caches.append(cache)
    return np.stack(hs, axis=1), c, caches


# %% key="cell-state-starts-at-zero" exercise="lstm_forward" kind="initial-state-ignored" names=["cell-state-starts-from-zeros"]
# The cell state starts as zeros, as in a course where only h0 is given.
def lstm_forward(x, h0, c0, W_xh, W_hh, b):
    N, T, D = x.shape
    H = h0.shape[1]
    h = np.zeros((N, T, H))
    prev_h, prev_c = h0, np.zeros((N, H))
    cache = []
    for t in range(T):
        prev_h, prev_c, step = lstm_cell_forward(x[:, t], prev_h, prev_c, W_xh, W_hh, b)
        h[:, t] = prev_h
        cache.append(step)
    return h, prev_c, cache


# %% key="one-array-for-both" exercise="lstm_forward" kind="shared-buffer" names=["cell-states-collected"]
# c is another name for h: the second write destroys the first.
def lstm_forward(x, h0, c0, W_xh, W_hh, b):
    N, T, D = x.shape
    h = np.zeros((N, T, h0.shape[1]))
    c = h
    caches = []
    h_t, c_t = h0, c0
    for t in range(T):
        h_t, c_t, cache = lstm_cell_forward(x[:, t], h_t, c_t, W_xh, W_hh, b)
        h[:, t] = h_t
        c[:, t] = c_t
        caches.append(cache)
    return h, c[:, -1], caches


# %% key="all-cell-states" exercise="lstm_forward" kind="shape" names=["cell-states-all-returned"]
# All cell states are returned in place of the last.
def lstm_forward(x, h0, c0, W_xh, W_hh, b):
    N, T, D = x.shape
    hs, cs, caches = [], [], []
    h, c = h0, c0
    for t in range(T):
        h, c, cache = lstm_cell_forward(x[:, t], h, c, W_xh, W_hh, b)
        hs += [h]
        cs += [c]
        caches += [cache]
    return np.stack(hs, 1), np.stack(cs, 1), caches


# %% key="hidden-state-twice" exercise="lstm_forward" kind="wrong-weight-copy" names=["hidden-state-at-the-end"]
# The last hidden state is returned in place of the last cell state.
def lstm_forward(x, h0, c0, W_xh, W_hh, b):
    states, caches = [(h0, c0)], []
    for t in range(x.shape[1]):
        h, c, cache = lstm_cell_forward(x[:, t], *states[-1], W_xh, W_hh, b)
        states.append((h, c))
        caches.append(cache)
    h_all = np.stack([s[0] for s in states[1:]], axis=1)
    return h_all, states[-1][0], caches


# %% key="two-wrong-functions" exercise="lstm_forward" kind="initial-state-each-step" names=["both-states-start-anew"]
# Two functions wrong: the cell reads i, f, g, o, and every step gets h0 and c0.
def lstm_cell_forward(x_t, h_prev, c_prev, W_xh, W_hh, b):
    i, f, g, o = np.split(x_t @ W_xh + h_prev @ W_hh + b, 4, axis=1)
    c_t = sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g)
    h_t = sigmoid(o) * np.tanh(c_t)
    return h_t, c_t, {"i": i, "f": f, "o": o, "g": g, "c": c_t}


def lstm_forward(x, h0, c0, W_xh, W_hh, b):
    N, T, D = x.shape
    h_all, caches = np.zeros((N, T, h0.shape[1])), []
    for t in range(T):
        h_all[:, t], c_T, cache = lstm_cell_forward(x[:, t], h0, c0, W_xh, W_hh, b)
        caches.append(cache)
    return h_all, c_T, caches


# %% key="order-kept" exercise="lstm_from_torch" kind="gate-order" names=["order-kept"]
# The blocks stay in torch's order.
def lstm_from_torch(state):
    return {
        "W_xh": state["weight_ih_l0"].T,
        "W_hh": state["weight_hh_l0"].T,
        "b": state["bias_ih_l0"] + state["bias_hh_l0"],
    }


# %% key="one-bias-lost" exercise="lstm_from_torch" kind="bias-missing" names=["one-bias-only"]
# The second bias is left out.
def lstm_from_torch(state):
    def reorder(w):
        i, f, g, o = np.split(w, 4, axis=0)
        return np.concatenate([i, f, o, g], axis=0)

    return {
        "W_xh": reorder(state["weight_ih_l0"]).T,
        "W_hh": reorder(state["weight_hh_l0"]).T,
        "b": reorder(state["bias_ih_l0"]),
    }


# %% key="half-open" exercise="handmade_memory" kind="gate too weak" names=["gates-not-saturated"]
# The gates are opened and shut with 4, which forgets too much over 50 steps.
def handmade_memory(H):
    W_xh, W_hh, b = np.zeros((H + 1, 4 * H)), np.zeros((H, 4 * H)), np.zeros(4 * H)
    b[:H], W_xh[H, :H] = -4, 8
    b[H : 2 * H], W_xh[H, H : 2 * H] = 4, -8
    b[2 * H : 3 * H] = 4
    W_xh[:H, 3 * H :] = 4 * np.eye(H)
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b}


# %% key="slopes-left-out" exercise="lstm_cell_backward" kind="gate-deriv-missing" names=["slopes-of-the-layers-missing"]
# The derivatives of the four activations are left out.
def lstm_cell_backward(dh, dc, cache):
    x, h_prev, c_prev, i, f, o, g, c, Wx, Wh = cache
    tc = np.tanh(c)
    dct = dc + dh * o * (1 - tc**2)
    d = np.hstack([dct * g, dct * c_prev, dh * tc, dct * i])
    return d @ Wx.T, d @ Wh.T, dct * f, x.T @ d, h_prev.T @ d, d.sum(axis=0)


# %% key="slope-of-the-candidate" exercise="lstm_cell_backward" kind="gate-deriv-missing" names=["candidates-slope-missing"]
# The candidate's derivative is left out; those of the gates are there.
def lstm_cell_backward(dh, dc, cache):
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    dc = dc + dh * o * (1 - np.tanh(c_t) ** 2)
    di = dc * g * i * (1 - i)
    df = dc * c_prev * f * (1 - f)
    do = dh * np.tanh(c_t) * o * (1 - o)
    dg = dc * i
    da = np.concatenate((di, df, do, dg), axis=1)
    return da @ W_xh.T, da @ W_hh.T, dc * f, x_t.T @ da, h_prev.T @ da, np.sum(da, axis=0)


# %% key="candidate-through-tanh-again" exercise="lstm_cell_backward" kind="formula-sheet" names=["tanh-of-the-candidate-again"]
# 1 - tanh(g)² from a printed formula: g is already a tanh.
def lstm_cell_backward(dh, dc, cache):
    xt, a_prev, c_prev, it, ft, ot, cct, c_next, Wx, Wa = cache
    dcc = dc + ot * (1 - np.square(np.tanh(c_next))) * dh
    dot = dh * np.tanh(c_next) * ot * (1 - ot)
    dcct = dcc * it * (1 - np.square(np.tanh(cct)))
    dit = dcc * cct * it * (1 - it)
    dft = dcc * c_prev * ft * (1 - ft)
    dgates = np.concatenate([dit, dft, dot, dcct], axis=1)
    dWx, dWa, db = xt.T @ dgates, a_prev.T @ dgates, dgates.sum(axis=0)
    return np.dot(dgates, Wx.T), np.dot(dgates, Wa.T), dcc * ft, dWx, dWa, db


# %% key="brackets-of-the-sheet" exercise="lstm_cell_backward" kind="formula-sheet" names=["brackets-missing"]
# A printed formula without its brackets: the slope of the candidate reaches only the second term.
def lstm_cell_backward(dh, dc, cache):
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    tanh_c = np.tanh(c_t)
    do = dh * tanh_c * o * (1 - o)
    dg = dc * i + o * (1 - tanh_c**2) * i * dh * (1 - g**2)
    di = (dc * g + o * (1 - tanh_c**2) * g * dh) * i * (1 - i)
    df = (dc * c_prev + o * (1 - tanh_c**2) * c_prev * dh) * f * (1 - f)
    dc_prev = dc * f + o * (1 - tanh_c**2) * f * dh
    da = np.hstack((di, df, do, dg))
    return da.dot(W_xh.T), da.dot(W_hh.T), dc_prev, x_t.T.dot(da), h_prev.T.dot(da), da.sum(0)


# %% key="hidden-path-missing" exercise="lstm_cell_backward" kind="dc path through h missing" names=["path-through-h-forgotten"]
# Nothing that arrives at h goes on into the cell state.
def lstm_cell_backward(dh, dc, cache):
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    do = dh * np.tanh(c_t) * o * (1 - o)
    df = dc * c_prev * f * (1 - f)
    di = dc * g * i * (1 - i)
    dg = dc * i * (1 - g**2)
    dc_prev = dc * f
    da = np.hstack([di, df, do, dg])
    return da @ W_xh.T, da @ W_hh.T, dc_prev, x_t.T @ da, h_prev.T @ da, da.sum(axis=0)


# %% key="old-cell-state-from-dc-alone" exercise="lstm_cell_backward" kind="dc-prev-partial" names=["previous-cell-state-from-dc-alone"]
# dc_prev is made of dc alone; the path through h is forgotten in this one line.
def lstm_cell_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, i, f, o, g, next_c, Wx, Wh = cache
    do = dnext_h * np.tanh(next_c)
    dtot = dnext_c + dnext_h * o * (1 - np.tanh(next_c) ** 2)
    dprev_c = dnext_c * f
    N, H = prev_h.shape
    da = np.zeros((N, 4 * H))
    da[:, :H] = dtot * g * i * (1 - i)
    da[:, H : 2 * H] = dtot * prev_c * f * (1 - f)
    da[:, 2 * H : 3 * H] = do * o * (1 - o)
    da[:, 3 * H :] = dtot * i * (1 - g**2)
    return da @ Wx.T, da @ Wh.T, dprev_c, x.T @ da, prev_h.T @ da, da.sum(axis=0)


cs_cell_backward = lstm_cell_backward


def lstm_cell_backward(dh, dc, cache):
    return cs_cell_backward(dh, dc, cache)


# %% key="shown-without-tanh" exercise="lstm_cell_backward" kind="tanh missing" names=["output-gate-from-the-raw-cell-state"]
# The output gate's gradient uses c in place of tanh(c).
def lstm_cell_backward(dh, dc, cache):
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    dc = dc + dh * o * (1 - np.tanh(c_t) ** 2)
    da = np.concatenate(
        [dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dh * c_t * o * (1 - o), dc * i * (1 - g**2)], axis=1
    )
    return da @ W_xh.T, da @ W_hh.T, dc * f, x_t.T @ da, h_prev.T @ da, da.sum(axis=0)


# %% key="tanh-of-the-cell-not-derived" exercise="lstm_cell_backward" kind="tanh-deriv-missing" names=["slope-of-the-cell-state-missing"]
# On the way from h to c the derivative of the tanh is left out.
def lstm_cell_backward(dh, dc, cache):
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    dc = dc + dh * o
    da_i = dc * g * (i - i**2)
    da_f = dc * c_prev * (f - f**2)
    da_o = dh * np.tanh(c_t) * (o - o**2)
    da_g = dc * i * (1 - g**2)
    da = np.c_[da_i, da_f, da_o, da_g]
    return da @ W_xh.T, da @ W_hh.T, dc * f, x_t.T @ da, h_prev.T @ da, da.sum(axis=0)


# %% key="gradients-in-torch-order" exercise="lstm_cell_backward" kind="gate-order" names=["gradients-in-torchs-order"]
# The gradients of the blocks are joined in the order i, f, g, o; float64 buffer.
def lstm_cell_backward(dh, dc, cache):
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    H = h_prev.shape[1]
    tc = np.tanh(c_t)
    dc = dc + dh * o * (1 - tc * tc)
    da = np.zeros((len(x_t), 4 * H))
    da[:, 0 * H : 1 * H] = dc * g * i * (1 - i)
    da[:, 1 * H : 2 * H] = dc * c_prev * f * (1 - f)
    da[:, 2 * H : 3 * H] = dc * i * (1 - g * g)
    da[:, 3 * H : 4 * H] = dh * tc * o * (1 - o)
    return da @ W_xh.T, da @ W_hh.T, dc * f, x_t.T @ da, h_prev.T @ da, da.sum(axis=0)


# %% key="bias-from-the-weights" exercise="lstm_cell_backward" kind="db-from-dW" names=["bias-from-the-hidden-weights"]
# The bias gradient is summed from the weights' gradient.
def lstm_cell_backward(dh, dc, cache):
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    dc = dc + dh * o * (1 - np.tanh(c_t) ** 2)
    di, df, do, dg = dc * g, dc * c_prev, dh * np.tanh(c_t), dc * i
    da = np.hstack([di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)])
    dW_xh = x_t.T @ da
    dW_hh = h_prev.T @ da
    db = dW_hh.sum(axis=0)
    return da @ W_xh.T, da @ W_hh.T, dc * f, dW_xh, dW_hh, db


# %% key="bias-as-a-row" exercise="lstm_cell_backward" kind="db-shape" names=["bias-gradient-as-a-row"]
# The bias gradient is (1, 4H).
def lstm_cell_backward(dh, dc, cache):
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    dc = dc + dh * o * (1 - np.tanh(c_t) ** 2)
    di, df, do, dg = dc * g, dc * c_prev, dh * np.tanh(c_t), dc * i
    da = np.hstack([di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)])
    return da @ W_xh.T, da @ W_hh.T, dc * f, x_t.T @ da, h_prev.T @ da, da.sum(axis=0, keepdims=True)


# %% key="global-weights" exercise="lstm_cell_backward" kind="notebook-global"
# The weights are taken from names that existed in another notebook.
def lstm_cell_backward(dh, dc, cache):
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    dc = dc + dh * o * (1 - np.tanh(c_t) ** 2)
    dft = dc * c_prev * f * (1 - f)
    dit = dc * g * i * (1 - i)
    dot = dh * np.tanh(c_t) * o * (1 - o)
    dcct = dc * i * (1 - g**2)
    dh_prev = dft @ Wf.T + dit @ Wi.T + dot @ Wo.T + dcct @ Wc.T
    da = np.hstack([dit, dft, dot, dcct])
    return da @ W_xh.T, dh_prev, dc * f, x_t.T @ da, h_prev.T @ da, da.sum(axis=0)


# %% key="only-from-above" exercise="lstm_backward" kind="no-carry" names=["no-carry-at-all"]
# Nothing comes back from step t + 1, neither through h nor through c.
def lstm_backward(dh_all, dc_T, caches):
    N, T, H = dh_all.shape
    x_0, *_ = caches[0]
    dx = np.zeros((N, T, x_0.shape[1]))
    dWx, dWh, db = np.zeros((x_0.shape[1], 4 * H)), np.zeros((H, 4 * H)), np.zeros(4 * H)
    for t in reversed(range(T)):
        dc = dc_T if t == T - 1 else np.zeros((N, H))
        dx[:, t], dh0, dc0, dWx_t, dWh_t, db_t = lstm_cell_backward(dh_all[:, t], dc, caches[t])
        dWx += dWx_t
        dWh += dWh_t
        db += db_t
    return {"dx": dx, "dh0": dh0, "dc0": dc0, "dW_xh": dWx, "dW_hh": dWh, "db": db}


# %% key="carry-of-zeros" exercise="lstm_backward" kind="no-carry" names=["only-the-cell-states-carry"]
# The carry of h is made as zeros and never updated; that of c is passed on.
def lstm_backward(dh_all, dc_T, caches):
    (N, T, H) = dh_all.shape
    W_xh, W_hh = caches[0][8], caches[0][9]
    da_prevt = np.zeros((N, H))
    dc_prevt = dc_T
    dx = np.zeros((N, T, W_xh.shape[0]))
    dW_xh, dW_hh, db = np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros(4 * H)
    for t in reversed(range(T)):
        gradients = lstm_cell_backward(dh_all[:, t, :] + da_prevt, dc_prevt, caches[t])
        dx[:, t, :] = gradients[0]
        dh0, dc_prevt = gradients[1], gradients[2]
        dW_xh = dW_xh + gradients[3]
        dW_hh = dW_hh + gradients[4]
        db = db + gradients[5]
    return {"dx": dx, "dh0": dh0, "dc0": dc_prevt, "dW_xh": dW_xh, "dW_hh": dW_hh, "db": db}


# %% key="cell-carry-missing" exercise="lstm_backward" kind="no-carry" names=["end-of-the-cell-state-at-every-step"]
# The gradient of the hidden state is carried; every step gets dc_T for the cell state.
def lstm_backward(dh_all, dc_T, caches):
    N, T, H = dh_all.shape
    dxs, dh, sums = [], np.zeros((N, H)), [0, 0, 0]
    for t in range(T - 1, -1, -1):
        dx, dh, dc0, *rest = lstm_cell_backward(dh_all[:, t] + dh, dc_T, caches[t])
        dxs.append(dx)
        sums = [a + b for a, b in zip(sums, rest)]
    dxs.reverse()
    return dict(dx=np.stack(dxs, 1), dh0=dh, dc0=dc0, dW_xh=sums[0], dW_hh=sums[1], db=sums[2])


# %% key="last-cell-gradient-ignored" exercise="lstm_backward" kind="upstream-ignored" names=["end-of-the-cell-state-ignored"]
# dc_T is not used; the cell's gradient starts as zeros.
def lstm_backward(dh_all, dc_T, caches):
    N, T, H = dh_all.shape
    D = caches[0][0].shape[1]
    dx = np.zeros((N, T, D))
    dWx, dWh, db = np.zeros((D, 4 * H)), np.zeros((H, 4 * H)), np.zeros(4 * H)
    dprev_h, dprev_c = np.zeros((N, H)), np.zeros((N, H))
    for t in reversed(range(T)):
        dx_t, dprev_h, dprev_c, gx, gh, gb = lstm_cell_backward(dh_all[:, t] + dprev_h, dprev_c, caches[t])
        dx[:, t] = dx_t
        dWx, dWh, db = dWx + gx, dWh + gh, db + gb
    return {"dx": dx, "dh0": dprev_h, "dc0": dprev_c, "dW_xh": dWx, "dW_hh": dWh, "db": db}


# %% key="assigned-each-step" exercise="lstm_backward" kind="overwritten-sum" names=["weights-of-the-first-step"]
# The weight gradients are assigned in each step.
def lstm_backward(dh_all, dc_T, caches):
    N, T, H = dh_all.shape
    grads = {"dx": np.zeros((N, T, caches[0][0].shape[1]))}
    dh, dc = np.zeros((N, H)), dc_T
    for t in range(T)[::-1]:
        dx, dh, dc, dW_xh, dW_hh, db = lstm_cell_backward(dh_all[:, t] + dh, dc, caches[t])
        grads["dx"][:, t] = dx
        grads.update(dW_xh=dW_xh, dW_hh=dW_hh, db=db)
    grads["dh0"], grads["dc0"] = dh, dc
    return grads


# %% key="initial-states-forgotten" exercise="lstm_backward" kind="dh0-missing" names=["initial-hidden-state-left-at-zero", "initial-cell-state-left-at-zero", "both-starts-left-at-zero"]
# dh0 and dc0 stay at zeros.
def lstm_backward(dh_all, dc_T, caches):
    N, T, H = dh_all.shape
    out = {
        "dx": np.zeros((N, T, caches[0][0].shape[1])),
        "dh0": np.zeros((N, H)),
        "dc0": np.zeros((N, H)),
        "dW_xh": 0,
        "dW_hh": 0,
        "db": 0,
    }
    dh, dc = 0, dc_T
    for t in reversed(range(T)):
        out["dx"][:, t], dh, dc, a, b, c = lstm_cell_backward(dh_all[:, t] + dh, dc, caches[t])
        out["dW_xh"] = out["dW_xh"] + a
        out["dW_hh"] = out["dW_hh"] + b
        out["db"] = out["db"] + c
    return out


# %% key="two-wrong-functions" exercise="lstm_backward" kind="no-carry" names=["only-the-cell-states-carry"]
# Two functions wrong: the step lacks the slopes of the gates, and the carry of h is missing.
def lstm_cell_backward(dh, dc, cache):
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    dc = dc + dh * o * (1 - np.tanh(c_t) ** 2)
    da = np.hstack([dc * g, dc * c_prev, dh * np.tanh(c_t), dc * i])
    return da @ W_xh.T, da @ W_hh.T, dc * f, x_t.T @ da, h_prev.T @ da, da.sum(axis=0)


def lstm_backward(dh_all, dc_T, caches):
    N, T, H = dh_all.shape
    dx, dc, total = np.zeros((N, T, caches[0][0].shape[1])), dc_T, [0, 0, 0]
    for t in reversed(range(T)):
        dx[:, t], dh0, dc, *step = lstm_cell_backward(dh_all[:, t], dc, caches[t])
        total = [a + b for a, b in zip(total, step)]
    return {"dx": dx, "dh0": dh0, "dc0": dc, "dW_xh": total[0], "dW_hh": total[1], "db": total[2]}


# %% key="bias-for-the-input-gate" exercise="init_lstm" kind="gate-order" names=["first-block-filled"]
# The forget bias is written into the first block, that of the input gate.
def init_lstm(D, H, forget_bias, rng):
    k = 1 / np.sqrt(H)
    b = np.zeros(4 * H)
    b[:H] = forget_bias
    return {"W_xh": rng.uniform(-k, k, (D, 4 * H)), "W_hh": rng.uniform(-k, k, (H, 4 * H)), "b": b}


# %% key="four-matrices" exercise="lstm_cell_forward" kind="right"
# Each gate with its own columns and an own function, the cache put together at the end.
def lstm_cell_forward(x_t, h_prev, c_prev, W_xh, W_hh, b):
    H = h_prev.shape[1]

    def layer(number, activation):
        block = slice(number * H, (number + 1) * H)
        return activation(np.dot(x_t, W_xh[:, block]) + np.dot(h_prev, W_hh[:, block]) + b[block])

    forget, remember = layer(1, sigmoid), layer(0, sigmoid)
    candidate, show = layer(3, np.tanh), layer(2, sigmoid)
    c_t = np.add(forget * c_prev, remember * candidate)
    return show * np.tanh(c_t), c_t, (x_t, h_prev, c_prev, remember, forget, show, candidate, c_t, W_xh, W_hh)


# %% key="autograd" exercise="lstm_cell_backward" kind="right"
# torch computes the step once more from the gates' inverse functions and goes backward.
def lstm_cell_backward(dh, dc, cache):
    import torch

    x, h, c, i, f, o, g, c_t, Wx, Wh = (torch.tensor(a) for a in cache)
    da = torch.cat([torch.zeros_like(i)] * 4, dim=1).requires_grad_(True)
    c = c.requires_grad_(True)
    gates = torch.cat([torch.logit(i.double()), torch.logit(f.double()), torch.logit(o.double())], dim=1)
    sums = torch.cat([gates, torch.atanh(g.double())], dim=1) + da
    a, b, d, e = sums.chunk(4, dim=1)
    new_c = torch.sigmoid(b) * c + torch.sigmoid(a) * torch.tanh(e)
    new_h = torch.sigmoid(d) * torch.tanh(new_c)
    total = (new_h * torch.tensor(dh)).sum() + (new_c * torch.tensor(dc)).sum()
    da, dc_prev = torch.autograd.grad(total, [da, c])
    return tuple(v.numpy() for v in (da @ Wx.T, da @ Wh.T, dc_prev, x.T @ da, h.T @ da, da.sum(0)))


# %% key="accumulate-in-a-dict" exercise="lstm_backward" kind="right"
# The carries live in a dictionary; lists are turned round at the end.
def lstm_backward(dh_all, dc_T, caches):
    carry = {"h": np.zeros_like(dc_T), "c": dc_T}
    parts = {k: [] for k in ("dx", "dW_xh", "dW_hh", "db")}
    for t, cache in sorted(enumerate(caches), key=lambda pair: -pair[0]):
        dx, carry["h"], carry["c"], *w = lstm_cell_backward(dh_all[:, t, :] + carry["h"], carry["c"], cache)
        for name, value in zip(parts, [dx, *w]):
            parts[name].append(value)
    dx = np.stack(parts.pop("dx")[::-1], axis=1)
    return {"dx": dx, "dh0": carry["h"], "dc0": carry["c"], **{k: np.sum(v, axis=0) for k, v in parts.items()}}
