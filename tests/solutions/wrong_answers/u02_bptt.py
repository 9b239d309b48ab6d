# %% key="one-sided" exercise="numerical_gradient" kind="one-sided difference" names=["nudged-to-one-side"]
# Forward differences: only one side is nudged.
def numerical_gradient(f, x, df=None, h=1e-5):
    if x.dtype != np.float64:
        raise TypeError("x must be float64")
    grad = np.zeros_like(x)
    base = np.array(f(x.copy()))
    for index in np.ndindex(*x.shape):
        moved = x.copy()
        moved[index] += h
        change = np.array(f(moved)) - base
        grad[index] = (change if df is None else np.sum(change * df)) / h
    return grad


# %% key="divided-by-h" exercise="numerical_gradient" kind="factor two" names=["divided-by-h"]
# The difference of both sides is divided by h, not by 2h.
def numerical_gradient(f, x, df=None, h=1e-5):
    if x.dtype != np.float64:
        raise TypeError("x must be float64")
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        ix = it.multi_index
        plus, minus = x.copy(), x.copy()
        plus[ix] += h
        minus[ix] -= h
        diff = f(plus) - f(minus)
        if df is not None:
            diff = np.sum(diff * df)
        grad[ix] = diff / h
        it.iternext()
    return grad


# %% key="not-put-back" exercise="numerical_gradient" kind="input not restored"
# An entry is not put back after it was nudged, so the later ones are nudged elsewhere.
def numerical_gradient(f, x, df=None, h=1e-5):
    if x.dtype != np.float64:
        raise TypeError("only float64")
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        ix = it.multi_index
        x[ix] += h
        fplus = np.copy(f(x))
        x[ix] -= 2 * h
        fminus = np.copy(f(x))
        grad[ix] = np.sum((fplus - fminus) * (1 if df is None else df)) / (2 * h)
        it.iternext()
    return grad


# %% key="ratio-of-each-entry" exercise="relative_error" kind="other course" names=["entry-by-entry"]
# The largest ratio over the entries, as another course defines it.
def relative_error(x, y):
    if x.shape != y.shape:
        raise ValueError("shapes differ")
    return np.max(np.abs(x - y) / (np.maximum(1e-8, np.abs(x) + np.abs(y))))


other_courses_error = relative_error


def relative_error(a, b):
    return other_courses_error(np.asarray(a), np.asarray(b))


# %% key="straight-through" exercise="rnn_cell_backward" kind="tanh-deriv-missing" names=["derivative-left-out"]
# The derivative of the tanh is left out.
def rnn_cell_backward(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, h_t = cache
    dx_t = dh_t.dot(W_xh.T)
    dh_prev = dh_t.dot(W_hh.T)
    dW_xh = x_t.T.dot(dh_t)
    dW_hh = h_prev.T.dot(dh_t)
    db_h = dh_t.sum(axis=0)
    return dx_t, dh_prev, dW_xh, dW_hh, db_h


# %% key="tanh-of-the-state" exercise="rnn_cell_backward" kind="tanh-twice" names=["tanh-taken-twice"]
# tanh is applied to h_t again.
def rnn_cell_backward(dh_t, cache):
    x, prev_h, Wx, Wh, next_h = cache
    dtanh = (1 - np.tanh(next_h) ** 2) * dh_t
    dx = np.dot(dtanh, Wx.T)
    dprev_h = np.dot(dtanh, Wh.T)
    dWx = np.dot(x.T, dtanh)
    dWh = np.dot(prev_h.T, dtanh)
    db = np.sum(dtanh, axis=0)
    return dx, dprev_h, dWx, dWh, db


# %% key="square-inside" exercise="rnn_cell_backward" kind="tanh-twice" names=["tanh-of-the-square"]
# 1 - tanh(h²): the square has slipped inside.
def rnn_cell_backward(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, h_t = cache
    da = dh_t * (1 - np.tanh(h_t**2))
    return da @ W_xh.T, da @ W_hh.T, x_t.T @ da, h_prev.T @ da, da.sum(0)


# %% key="no-square" exercise="rnn_cell_backward" kind="tanh-deriv wrong" names=["derivative-without-square"]
# 1 - h_t without the square.
def rnn_cell_backward(dh_t, cache):
    (x_t, h_prev, W_xh, W_hh, h_t) = cache
    delta = (1 - h_t) * dh_t
    grads = {"x": delta @ W_xh.T, "h": delta @ W_hh.T}
    grads["Wx"], grads["Wh"], grads["b"] = x_t.T @ delta, h_prev.T @ delta, np.sum(delta, axis=0)
    return grads["x"], grads["h"], grads["Wx"], grads["Wh"], grads["b"]


# %% key="mean-bias" exercise="rnn_cell_backward" kind="db-mean" names=["bias-averaged"]
# The bias gradient is averaged over the batch.
def rnn_cell_backward(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, h_t = cache
    da = dh_t * (1 - h_t * h_t)
    dx_t = np.matmul(da, W_xh.T)
    dh_prev = np.matmul(da, W_hh.T)
    dW_xh = np.matmul(x_t.T, da)
    dW_hh = np.matmul(h_prev.T, da)
    db_h = np.mean(da, axis=0)
    return dx_t, dh_prev, dW_xh, dW_hh, db_h


# %% key="bias-as-a-row" exercise="rnn_cell_backward" kind="db-shape" names=["bias-as-a-row"]
# The bias gradient is (1, H).
def rnn_cell_backward(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, h_t = cache
    da = (1 - h_t**2) * dh_t
    return da @ W_xh.T, da @ W_hh.T, x_t.T @ da, h_prev.T @ da, np.sum(da, axis=0, keepdims=True)


# %% key="one-number-for-the-bias" exercise="rnn_cell_backward" kind="db-scalar" names=["bias-one-number"]
# The axis of the sum is forgotten.
def rnn_cell_backward(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, h_t = cache
    da = (1 - h_t**2) * dh_t
    return da @ W_xh.T, da @ W_hh.T, x_t.T @ da, h_prev.T @ da, np.sum(da)


# %% key="square-matrix-as-it-is" exercise="rnn_cell_backward" kind="transpose" names=["hidden-weights-not-transposed"]
# W_hh is not transposed on the way to the old state; float64 buffers and a loop over the batch.
def rnn_cell_backward(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, h_t = cache
    N, D = x_t.shape
    H = h_t.shape[1]
    dx_t, dh_prev = np.zeros((N, D)), np.zeros((N, H))
    dW_xh, dW_hh, db_h = np.zeros((D, H)), np.zeros((H, H)), np.zeros(H)
    for n in range(N):
        da = dh_t[n] * (1 - h_t[n] ** 2)
        dx_t[n] = W_xh.dot(da)
        dh_prev[n] = da.dot(W_hh)
        dW_xh += np.outer(x_t[n], da)
        dW_hh += np.outer(h_prev[n], da)
        db_h += da
    return dx_t, dh_prev, dW_xh, dW_hh, db_h


# %% key="last-of-the-batch" exercise="rnn_cell_backward" kind="overwritten-sum"
# In the loop over the batch the weight gradients are assigned, not added.
def rnn_cell_backward(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, h_t = cache
    da = dh_t * (1 - h_t**2)
    dx_t, dh_prev = np.zeros(x_t.shape), np.zeros(h_prev.shape)
    for n in range(x_t.shape[0]):
        dx_t[n] = da[n] @ W_xh.T
        dh_prev[n] = da[n] @ W_hh.T
        dW_xh = np.outer(x_t[n], da[n])
        dW_hh = np.outer(h_prev[n], da[n])
        db_h = da[n]
    return dx_t, dh_prev, dW_xh, dW_hh, db_h


# %% key="gradient-for-weight" exercise="rnn_cell_backward" kind="wrong-weight-copy" names=["gradients-for-the-weights"]
# dx and dh_prev are multiplied with the gradients of the weights, not with the weights.
def rnn_cell_backward(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, h_t = cache
    dtanh = dh_t * (1 - h_t**2)
    dW_xh = np.dot(x_t.T, dtanh)
    dW_hh = np.dot(h_prev.T, dtanh)
    db_h = np.sum(dtanh, axis=0)
    dx_t = np.dot(dtanh, dW_xh.T)
    dh_prev = np.dot(dtanh, dW_hh.T)
    return dx_t, dh_prev, dW_xh, dW_hh, db_h


# %% key="derivative-of-the-upstream" exercise="rnn_cell_backward" kind="deriv-of-upstream" names=["derivative-of-the-gradient"]
# The derivative is taken at the gradient that arrives, not at the state.
def rnn_cell_backward(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, h_t = cache
    da = 1 - dh_t**2
    return da @ W_xh.T, da @ W_hh.T, x_t.T @ da, h_prev.T @ da, da.sum(axis=0)


# %% key="product-in-the-wrong-place" exercise="rnn_cell_backward" kind="tanh placement" names=["old-state-past-the-tanh"]
# dh_prev is made without the derivative of the tanh, everything else with it.
def rnn_cell_backward(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, h_t = cache
    da = (1 - h_t**2) * dh_t
    return da @ W_xh.T, dh_t @ W_hh.T, x_t.T @ da, h_prev.T @ da, da.sum(axis=0)


# %% key="new-state-for-old" exercise="rnn_cell_backward" kind="wrong-weight-copy" names=["weight-gradient-from-the-new-state"]
# dW_hh is made with h_t in place of h_prev.
def rnn_cell_backward(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, h_t = cache
    da = (1 - np.power(h_t, 2)) * dh_t
    dW_hh = h_t.T @ da
    return da @ W_xh.T, da @ W_hh.T, x_t.T @ da, dW_hh, da.sum(axis=0)


# %% key="recomputed-without-bias" exercise="rnn_cell_backward" kind="bias-missing"
# torch computes the step again; the bias is not in the cache, so it is left out.
def rnn_cell_backward(dh_t, cache):
    import torch

    x, h, Wx, Wh = (torch.tensor(a, requires_grad=True) for a in cache[:4])
    b = torch.zeros(Wh.shape[1], dtype=Wh.dtype, requires_grad=True)
    torch.tanh(x @ Wx + h @ Wh + b).backward(torch.tensor(dh_t))
    return tuple(v.grad.numpy() for v in (x, h, Wx, Wh, b))


# %% key="own-cache-order" exercise="rnn_cell_backward" kind="cache-mismatch"
# The cache is unpacked in the order of another course.
def rnn_cell_backward(dh_t, cache):
    h_t, h_prev, x_t, W_xh, W_hh = cache
    da = (1 - h_t**2) * dh_t
    return da @ W_xh.T, da @ W_hh.T, x_t.T @ da, h_prev.T @ da, da.sum(axis=0)


# %% key="squeezed" exercise="rnn_cell_backward" kind="edge-N1" names=["batch-of-one-flattened"]
# np.squeeze takes the batch axis away when there is one sequence.
def rnn_cell_backward(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, h_t = cache
    da = np.squeeze(dh_t * (1 - h_t**2))
    dx_t = da @ W_xh.T
    dh_prev = da @ W_hh.T
    dW_xh = np.squeeze(x_t).T @ da
    dW_hh = np.squeeze(h_prev).T @ da
    db_h = da.sum(axis=0)
    return dx_t, dh_prev, dW_xh, dW_hh, db_h


# %% key="half-finished" exercise="rnn_cell_backward" kind="unfinished"
# Two of the five results are still None.
def rnn_cell_backward(dh_t, cache):
    dx_t, dh_prev, dW_xh, dW_hh, db_h = None, None, None, None, None
    x_t, h_prev, W_xh, W_hh, h_t = cache
    dtanh = (1 - h_t**2) * dh_t
    dx_t = dtanh @ W_xh.T
    dW_xh = x_t.T @ dtanh
    db_h = dtanh.sum(axis=0)
    return dx_t, dh_prev, dW_xh, dW_hh, db_h


# %% key="only-from-above" exercise="rnn_backward" kind="no-carry" names=["no-carry"]
# What comes back from step t + 1 is never added; float64 buffers.
def rnn_backward(dh_all, caches):
    N, T, H = dh_all.shape
    D = caches[0][0].shape[1]
    dx = np.zeros((N, T, D))
    dWx, dWh, db = np.zeros((D, H)), np.zeros((H, H)), np.zeros(H)
    for t in reversed(range(T)):
        dx[:, t, :], dh0, dWx_t, dWh_t, db_t = rnn_cell_backward(dh_all[:, t, :], caches[t])
        dWx += dWx_t
        dWh += dWh_t
        db += db_t
    return {"dx": dx, "dh0": dh0, "dW_xh": dWx, "dW_hh": dWh, "db_h": db}


# %% key="carry-of-zeros" exercise="rnn_backward" kind="no-carry" names=["no-carry"]
# The carry is made as zeros and never updated, because the step's result has another name.
def rnn_backward(da, caches):
    T = len(caches)
    x1, a0, Wax, Waa, a1 = caches[0]
    n_x, m = x1.shape[1], x1.shape[0]
    dx = np.zeros((m, T, n_x))
    dWax, dWaa, dba = np.zeros_like(Wax), np.zeros_like(Waa), np.zeros(Waa.shape[0])
    da_prevt = np.zeros_like(a0)
    for t in range(T - 1, -1, -1):
        gradients = rnn_cell_backward(da[:, t] + da_prevt, caches[t])
        dxt, da0, dWaxt, dWaat, dbat = gradients
        dx[:, t] = dxt
        dWax, dWaa, dba = dWax + dWaxt, dWaa + dWaat, dba + dbat
    return {"dx": dx, "dh0": da0, "dW_xh": dWax, "dW_hh": dWaa, "db_h": dba}


notes_backward = rnn_backward


def rnn_backward(dh_all, caches):
    return notes_backward(dh_all, caches)


# %% key="first-state-forgotten" exercise="rnn_backward" kind="dh0-missing" names=["initial-gradient-left-at-zero"]
# dh0 stays at zeros.
def rnn_backward(dh_all, caches):
    N, T, H = dh_all.shape
    grads = {
        "dx": np.zeros((N, T, caches[0][0].shape[1])),
        "dh0": np.zeros((N, H)),
        "dW_xh": np.zeros_like(caches[0][2]),
        "dW_hh": np.zeros_like(caches[0][3]),
        "db_h": np.zeros(H),
    }
    dh_next = np.zeros((N, H))
    for t in reversed(range(T)):
        dx, dh_next, dWx, dWh, db = rnn_cell_backward(dh_all[:, t] + dh_next, caches[t])
        grads["dx"][:, t] = dx
        grads["dW_xh"] += dWx
        grads["dW_hh"] += dWh
        grads["db_h"] += db
    return grads


# %% key="assigned-each-step" exercise="rnn_backward" kind="overwritten-sum" names=["weights-overwritten"]
# The weight gradients are assigned in each step, so that only those of step 1 are left.
def rnn_backward(dh_all, caches):
    N, T, H = dh_all.shape
    dx = []
    dprev = 0
    for t in range(T)[::-1]:
        dx_t, dprev, dW_xh, dW_hh, db_h = rnn_cell_backward(dh_all[:, t, :] + dprev, caches[t])
        dx.insert(0, dx_t)
    return dict(dx=np.stack(dx, axis=1), dh0=dprev, dW_xh=dW_xh, dW_hh=dW_hh, db_h=db_h)


# %% key="sum-of-itself" exercise="rnn_backward" kind="self-added" names=["accumulator-added-to-itself"]
# The sums are added to themselves and stay zero.
def rnn_backward(dh_all, caches):
    (N, T, H), (x, h_prev, Wx, Wh, h) = dh_all.shape, caches[0]
    dx = np.zeros((N, T, x.shape[1]))
    dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros((H,))
    dh = np.zeros((N, H))
    for t in reversed(range(T)):
        dx_t, dh, dWx_t, dWh_t, db_t = rnn_cell_backward(dh_all[:, t] + dh, caches[t])
        dx[:, t] = dx_t
        dWx += dWx
        dWh += dWh
        db += db
    return {"dx": dx, "dh0": dh, "dW_xh": dWx, "dW_hh": dWh, "db_h": db}


# %% key="from-first-to-last" exercise="rnn_backward" kind="time order" names=["forward-order"]
# The loop runs from the first step to the last.
def rnn_backward(dh_all, caches):
    N, T, H = dh_all.shape
    dx = np.zeros((N, T, caches[0][0].shape[1]), dh_all.dtype)
    dh = np.zeros((N, H), dh_all.dtype)
    dW_xh = dW_hh = db_h = 0
    for t in range(T):
        dx[:, t], dh, a, b, c = rnn_cell_backward(dh_all[:, t] + dh, caches[t])
        dW_xh = dW_xh + a
        dW_hh = dW_hh + b
        db_h = db_h + c
    return {"dx": dx, "dh0": dh, "dW_xh": dW_xh, "dW_hh": dW_hh, "db_h": db_h}


# %% key="sizes-from-step-two" exercise="rnn_backward" kind="edge-T1"
# The sizes are read from the second cache, which a sequence of one step does not have.
def rnn_backward(dh_all, caches):
    N, T, H = dh_all.shape
    x_t, h_prev, W_xh, W_hh, h_t = caches[1]
    dx = np.zeros((N, T, x_t.shape[1]), dtype=dh_all.dtype)
    dW_xh, dW_hh = np.zeros_like(W_xh), np.zeros_like(W_hh)
    db_h, carry = np.zeros(H, dtype=dh_all.dtype), np.zeros((N, H), dtype=dh_all.dtype)
    for t in reversed(range(T)):
        dx[:, t], carry, dWx, dWh, db = rnn_cell_backward(dh_all[:, t] + carry, caches[t])
        dW_xh += dWx
        dW_hh += dWh
        db_h += db
    return {"dx": dx, "dh0": carry, "dW_xh": dW_xh, "dW_hh": dW_hh, "db_h": db_h}


# %% key="dx-everywhere" exercise="rnn_backward" kind="dx-broadcast" names=["input-gradient-everywhere"]
# The gradient of one step's input is added to the inputs of all steps.
def rnn_backward(dh_all, caches):
    N, T, H = dh_all.shape
    dx = np.zeros((N, T, caches[0][0].shape[1]))
    carry, sums = np.zeros((N, H)), [0, 0, 0]
    for t in range(T - 1, -1, -1):
        dx_t, carry, *weights = rnn_cell_backward(dh_all[:, t] + carry, caches[t])
        dx += dx_t[:, None]
        sums = [s + w for s, w in zip(sums, weights)]
    return {"dx": dx, "dh0": carry, "dW_xh": sums[0], "dW_hh": sums[1], "db_h": sums[2]}


# %% key="last-gradient-only" exercise="rnn_backward" kind="upstream-ignored" names=["only-the-last-step-counts"]
# Only the gradient of the last step enters; those that come from above at earlier steps are not used.
def rnn_backward(dh_all, caches):
    N, T, H = dh_all.shape
    dh = dh_all[:, -1]
    dxs, dW_xh, dW_hh, db_h = [], 0, 0, 0
    for cache in caches[::-1]:
        dx, dh, dWx, dWh, db = rnn_cell_backward(dh, cache)
        dxs = [dx] + dxs
        dW_xh, dW_hh, db_h = dW_xh + dWx, dW_hh + dWh, db_h + db
    return {"dx": np.stack(dxs, 1), "dh0": dh, "dW_xh": dW_xh, "dW_hh": dW_hh, "db_h": db_h}


# %% key="gradient-of-h1" exercise="rnn_backward" kind="dh0-missing" names=["initial-gradient-one-step-short"]
# dh0 is the gradient that arrives at h_1, before it has gone through the first step.
def rnn_backward(dh_all, caches):
    N, T, H = dh_all.shape
    dx = np.zeros((N, T, caches[0][0].shape[1]))
    dWx, dWh, db, dprev = 0, 0, 0, 0
    for t in reversed(range(T)):
        dh = dh_all[:, t] + dprev
        dx[:, t], dprev, gx, gh, gb = rnn_cell_backward(dh, caches[t])
        dWx, dWh, db = dWx + gx, dWh + gh, db + gb
    return {"dx": dx, "dh0": dh, "dW_xh": dWx, "dW_hh": dWh, "db_h": db}


# %% key="dx-in-reverse" exercise="rnn_backward" kind="list-order" names=["inputs-in-reverse-order"]
# The list of dx is filled from the last step on and never turned round.
def rnn_backward(dh_all, caches):
    dh, dxs, dWx, dWh, db = 0, [], 0, 0, 0
    for t in reversed(range(dh_all.shape[1])):
        dx, dh, gx, gh, gb = rnn_cell_backward(dh_all[:, t] + dh, caches[t])
        dxs.append(dx)
        dWx, dWh, db = dWx + gx, dWh + gh, db + gb
    return {"dx": np.stack(dxs, axis=1), "dh0": dh, "dW_xh": dWx, "dW_hh": dWh, "db_h": db}


# %% key="two-wrong-functions" exercise="rnn_backward" kind="no-carry" names=["no-carry"]
# Two functions wrong: the step lacks the derivative of the tanh, and nothing is carried.
def rnn_cell_backward(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, h_t = cache
    return dh_t @ W_xh.T, dh_t @ W_hh.T, x_t.T @ dh_t, h_prev.T @ dh_t, dh_t.sum(axis=0)


def rnn_backward(dh_all, caches):
    N, T, H = dh_all.shape
    steps = [rnn_cell_backward(dh_all[:, t], caches[t]) for t in range(T)]
    dx = np.stack([s[0] for s in steps], axis=1)
    dWx, dWh, db = (sum(s[i] for s in steps) for i in (2, 3, 4))
    return {"dx": dx, "dh0": steps[0][1], "dW_xh": dWx, "dW_hh": dWh, "db_h": db}


# %% key="old-state-times-new" exercise="repaired_notes_backward" kind="wrong-weight-copy" names=["repaired-with-the-new-activation"]
# dWaa is made with a_next in place of a_prev.
def repaired_notes_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    Wax, Waa = parameters["Wax"], parameters["Waa"]
    dtanh = (1 - a_next**2) * da_next
    dxt, dWax = Wax.T @ dtanh, dtanh @ xt.T
    da_prev, dWaa = Waa.T @ dtanh, dtanh @ a_next.T
    dba = dtanh.sum(axis=1, keepdims=True)
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}


# %% key="bias-for-each-step" exercise="readout_backward" kind="db-shape" names=["bias-per-step"]
# The bias gradient is summed over the batch only and keeps the steps.
def readout_backward(dlogits, h_all, W_hy):
    dh_all = dlogits.dot(W_hy.T)
    dW_hy = np.tensordot(h_all, dlogits, axes=([0, 1], [0, 1]))
    db_y = dlogits.sum(axis=0)
    return dh_all, dW_hy, db_y


# %% key="mean-over-steps" exercise="readout_backward" kind="db-mean" names=["readout-bias-averaged"]
# The gradients of the weights are averaged over all rows.
def readout_backward(dlogits, h_all, W_hy):
    N, T, C = dlogits.shape
    flat_d, flat_h = dlogits.reshape(N * T, C), h_all.reshape(N * T, -1)
    dW_hy = flat_h.T @ flat_d / (N * T)
    db_y = flat_d.mean(axis=0)
    return (flat_d @ W_hy.T).reshape(h_all.shape), dW_hy, db_y


# %% key="mean-over-counted-steps" exercise="sequence_cross_entropy" kind="loss-mean" names=["averaged-over-counting-steps"]
# Loss and gradient are divided by the number of steps that count.
def sequence_cross_entropy(logits, targets, mask=None):
    N, T, V = logits.shape
    if mask is None:
        mask = np.ones((N, T))
    x = logits.reshape(N * T, V)
    y, m = targets.reshape(N * T), mask.reshape(N * T)
    probs = np.exp(x - np.max(x, axis=1, keepdims=True))
    probs /= np.sum(probs, axis=1, keepdims=True)
    logp = x - x.max(axis=1, keepdims=True)
    logp = logp - np.log(np.exp(logp).sum(axis=1, keepdims=True))
    loss = -np.sum(m * logp[np.arange(N * T), y]) / m.sum()
    dx = probs.copy()
    dx[np.arange(N * T), y] -= 1
    dx /= m.sum()
    dx *= m[:, None]
    return loss, dx.reshape(N, T, V)


# %% key="torch-mean" exercise="sequence_cross_entropy" kind="loss-mean" names=["averaged-over-counting-steps"]
# torch's cross_entropy with its default, a mean over all steps.
def sequence_cross_entropy(logits, targets, mask=None):
    import torch
    import torch.nn.functional as F

    z = torch.tensor(logits, requires_grad=True)
    y = torch.tensor(np.asarray(targets)).long()
    if mask is not None:
        y = torch.where(torch.tensor(np.asarray(mask)).bool(), y, torch.tensor(-100))
    loss = F.cross_entropy(z.reshape(-1, z.shape[-1]), y.reshape(-1))
    loss.backward()
    return loss.item(), z.grad.numpy()


# %% key="mask-only-on-the-loss" exercise="sequence_cross_entropy" kind="mask missing" names=["mask-on-the-loss-only"]
# The mask is applied to the loss but not to the gradient.
def sequence_cross_entropy(logits, targets, mask=None):
    N, T, V = logits.shape
    mask = np.ones((N, T)) if mask is None else mask
    z = logits - logits.max(axis=-1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    loss = 0.0
    dlogits = np.exp(logp)
    for n in range(N):
        for t in range(T):
            dlogits[n, t, targets[n, t]] -= 1
            if mask[n, t]:
                loss -= logp[n, t, targets[n, t]]
    return loss / N, dlogits / N


# %% key="gradient-of-the-sum" exercise="sequence_cross_entropy" kind="scale" names=["gradient-not-averaged"]
# The gradient is not divided by the number of sequences.
def sequence_cross_entropy(logits, targets, mask=None):
    N, T, V = logits.shape
    m = np.ones((N, T), dtype=logits.dtype) if mask is None else np.asarray(mask).astype(logits.dtype)
    z = logits - logits.max(axis=2, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=2, keepdims=True))
    onehot = np.eye(V, dtype=logits.dtype)[targets]
    loss = -(logp * onehot * m[:, :, None]).sum() / N
    return loss, (np.exp(logp) - onehot) * m[:, :, None]


# %% key="log-of-softmax" exercise="sequence_cross_entropy" kind="overflow" names=["logarithm-of-the-softmax"]
# The log is taken of a softmax that has become 0.
def sequence_cross_entropy(logits, targets, mask=None):
    N, T, V = logits.shape
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    mask = np.ones((N, T), dtype=bool) if mask is None else np.asarray(mask, dtype=bool)
    n, t = np.indices((N, T))
    picked = p[n, t, targets]
    loss = -np.log(picked[mask]).sum() / N
    d = p.copy()
    d[n, t, targets] -= 1
    return loss, d * mask[:, :, None] / N


# %% key="every-chunk-from-h0" exercise="tbptt_backward" kind="initial-state-each-step" names=["state-not-carried"]
# Every chunk starts from h0.
def tbptt_backward(x, h0, targets, params, chunk):
    T = x.shape[1]
    total = {}
    for start in range(0, T, chunk):
        out = bptt(x[:, start : start + chunk], h0, targets[:, start : start + chunk], params)
        for k, v in out.items():
            total[k] = v if k == "h_T" else total.get(k, 0) + v
    return total


# %% key="last-chunk-only" exercise="tbptt_backward" kind="overwritten-sum" names=["last-chunk-only"]
# The result of the last chunk is returned, not the sum.
def tbptt_backward(x, h0, targets, params, chunk):
    h = h0
    for s in range(0, x.shape[1], chunk):
        result = bptt(x[:, s : s + chunk], h, targets[:, s : s + chunk], params)
        h = result["h_T"]
    return result


# %% key="generator-and-zip" exercise="rnn_backward" kind="right"
# Sums by zip over a dictionary, the inputs' gradients in a deque.
def rnn_backward(dh_all, caches):
    from collections import deque

    dxs, carry, totals = deque(), np.zeros_like(dh_all[:, 0]), {}
    for dh, cache in zip(reversed(list(np.moveaxis(dh_all, 1, 0))), reversed(caches)):
        dx, carry, *grads = rnn_cell_backward(dh + carry, cache)
        dxs.appendleft(dx)
        for name, g in zip(("dW_xh", "dW_hh", "db_h"), grads):
            totals[name] = totals[name] + g if name in totals else g
    return {**totals, "dx": np.stack(list(dxs), 1), "dh0": carry}


# %% key="ones-and-outer" exercise="rnn_cell_backward" kind="right"
# Sums as products with a row of ones, cosh in place of 1 - h².
def rnn_cell_backward(dh_t, cache):
    x, h0, U, W, h1 = cache
    slope = (1 - h1) * (1 + h1)
    delta = np.multiply(dh_t, slope)
    ones = np.ones(len(delta), dtype=delta.dtype)
    dU = np.einsum("nd,nh->dh", x, delta)
    dW = np.tensordot(h0, delta, axes=(0, 0))
    return [delta @ np.transpose(U), (W @ delta.T).T, dU, dW, ones @ delta]


# %% key="torch-sum" exercise="sequence_cross_entropy" kind="right"
# torch's cross_entropy with a sum, and autograd.
def sequence_cross_entropy(logits, targets, mask=None):
    import torch

    z = torch.tensor(logits, requires_grad=True)
    y = torch.tensor(np.asarray(targets)).long()
    losses = torch.nn.functional.cross_entropy(z.flatten(0, 1), y.flatten(), reduction="none")
    if mask is not None:
        losses = losses * torch.tensor(np.asarray(mask, dtype=logits.dtype)).flatten()
    loss = losses.sum() / len(logits)
    loss.backward()
    return loss.item(), z.grad.numpy()
