# %% key="derivative-of-the-input" exercise="activation" kind="tanh-deriv wrong" names=["sigmoid-slope-from-the-input", "tanh-slope-from-the-input"]
# The derivatives are written in terms of the value and applied to a.
def activation(name, a):
    if name == "tanh":
        return np.tanh(a), 1 - a**2
    elif name == "sigmoid":
        return 1 / (1 + np.exp(-a)), a * (1 - a)
    elif name == "relu":
        return np.maximum(0, a), (a > 0).astype(a.dtype)
    elif name == "linear":
        return a, np.ones_like(a)
    raise ValueError(name)


# %% key="relu-at-zero" exercise="activation" kind="relu at 0" names=["relu-slope-one-at-zero"]
# The derivative of the ReLU is 1 at 0.
def activation(name, a):
    if name == "tanh":
        v = np.tanh(a)
        return v, 1 - v**2
    if name == "sigmoid":
        v = 1 / (1 + np.exp(-a))
        return v, v * (1 - v)
    if name == "relu":
        return np.where(a < 0, 0, a), np.where(a < 0, 0, 1).astype(a.dtype)
    if name == "linear":
        return a, np.ones_like(a)
    raise ValueError("unknown activation")


# %% key="derivative-at-the-state" exercise="scalar_chain" kind="tanh-twice" names=["slope-at-the-new-state"]
# The derivative is taken at the new state instead of at the sum.
def scalar_chain(w, h0, T, act="linear"):
    h, grad = h0, 1.0
    for _ in range(T):
        h, _ = activation(act, np.array(w * h))
        _, slope = activation(act, h)
        grad *= w * slope
    return float(grad)


# %% key="weight-forgotten" exercise="scalar_chain" kind="factor missing" names=["weight-forgotten"]
# Each factor is the derivative alone; the weight is missing.
def scalar_chain(w, h0, T, act="linear"):
    d = 1.0
    h = np.array(float(h0))
    for t in range(T):
        h, dh = activation(act, w * h)
        d = d * dh
    return float(d)


# %% key="not-transposed" exercise="gradient_norms" kind="transpose" names=["weights-not-transposed"]
# W_hh is not transposed on the way back; lists and a float64 result.
def gradient_norms(x, h0, W_xh, W_hh, b_h, act, dh_T):
    h, slopes = h0, []
    for t in range(x.shape[1]):
        h, d = activation(act, x[:, t] @ W_xh + h @ W_hh + b_h)
        slopes.append(d)
    dh = dh_T
    norms = [np.sqrt((dh**2).sum())]
    for d in reversed(slopes):
        dh = np.dot(dh * d, W_hh)
        norms.insert(0, np.sqrt((dh**2).sum()))
    return np.array(norms)


# %% key="linear-way-back" exercise="gradient_norms" kind="gate-deriv-missing" names=["slope-left-out"]
# The derivative of the activation is left out on the way back.
def gradient_norms(x, h0, W_xh, W_hh, b_h, act, dh_T):
    N, T, D = x.shape
    norms = np.zeros(T + 1)
    dh = dh_T
    norms[T] = np.linalg.norm(dh)
    for t in range(T - 1, -1, -1):
        dh = dh.dot(W_hh.T)
        norms[t] = np.linalg.norm(dh)
    return norms


# %% key="from-the-end" exercise="gradient_norms" kind="list-order" names=["norms-in-backward-order"]
# The norms stand in the order of the way back, from h_T to h_0.
def gradient_norms(x, h0, W_xh, W_hh, b_h, act, dh_T):
    h, ds = h0, []
    for t in range(x.shape[1]):
        h, d = activation(act, x[:, t] @ W_xh + h @ W_hh + b_h)
        ds.append(d)
    out, g = [np.linalg.norm(dh_T)], dh_T
    for d in ds[::-1]:
        g = (g * d) @ W_hh.T
        out.append(np.linalg.norm(g))
    return np.array(out, dtype=x.dtype)


# %% key="mean-of-ratios" exercise="decay_rate" kind="mean" names=["arithmetic-mean-of-factors"]
# The arithmetic mean of the factors in place of the geometric mean.
def decay_rate(norms):
    ratios = [norms[t] / norms[t + 1] for t in range(len(norms) - 1)]
    return float(np.mean(ratios))


# %% key="root-of-the-length" exercise="decay_rate" kind="off by one step" names=["root-of-the-count"]
# The root is taken of the number of norms, which is one more than the steps.
def decay_rate(norms):
    T = len(norms)
    return float((norms[0] / norms[-1]) ** (1 / T))


# %% key="forward-rate" exercise="decay_rate" kind="upside down" names=["forward-in-time"]
# The ratio is upside down: how much the norm changes per step forward.
def decay_rate(norms):
    return float((norms[-1] / norms[0]) ** (1 / (len(norms) - 1)))


# %% key="eigenvalue" exercise="gradient_bound" kind="eigenvalue" names=["largest-eigenvalue"]
# The largest eigenvalue in place of the largest singular value.
def gradient_bound(W_hh, gamma, k):
    rho = max(abs(np.linalg.eigvals(W_hh)))
    return float((gamma * rho) ** k)


# %% key="frobenius" exercise="gradient_bound" kind="wrong norm" names=["root-of-all-squares"]
# np.linalg.norm without a second argument is the root of all squares.
def gradient_bound(W_hh, gamma, k):
    return float((gamma * np.linalg.norm(W_hh)) ** k)


# %% key="variance-as-scale" exercise="init_hidden" kind="scale" names=["variance-for-deviation"]
# The variances are used as standard deviations.
def init_hidden(kind, H, rng):
    if kind == "small":
        return rng.normal(0, 0.01, (H, H))
    if kind == "xavier":
        return rng.normal(0, 1 / H, (H, H))
    if kind == "he":
        return rng.normal(0, 2 / H, (H, H))
    if kind == "orthogonal":
        q, r = np.linalg.qr(rng.normal(size=(H, H)))
        return q * np.sign(np.diag(r))
    if kind == "identity":
        return np.eye(H)
    raise ValueError(kind)


# %% key="plain-qr" exercise="init_hidden" kind="qr sign" names=["signs-as-they-came"]
# Q as the routine gives it, without the signs of R's diagonal.
def init_hidden(kind, H, rng):
    scales = {"small": 0.01, "xavier": np.sqrt(1.0 / H), "he": np.sqrt(2.0 / H)}
    if kind in scales:
        return rng.standard_normal((H, H)) * scales[kind]
    if kind == "orthogonal":
        return np.linalg.qr(rng.standard_normal((H, H)))[0]
    if kind == "identity":
        return np.identity(H)
    raise ValueError(f"unknown kind {kind}")


# %% key="comparison-reversed" exercise="clip_by_value" kind="clip-reversed" names=["minimum-and-maximum-exchanged"]
# The comparisons are the wrong way round: what lies inside the limits is moved onto them.
def clip_by_value(grads, c):
    clipped = {}
    for name, g in grads.items():
        g = g.copy()
        g[g < c] = c
        g[g > -c] = -c
        clipped[name] = g
    return clipped


# %% key="always-five" exercise="clip_by_value" kind="clip-const" names=["limit-written-in"]
# The limit is written in.
def clip_by_value(grads, c):
    return {key: np.clip(grads[key], -5, 5) for key in grads}


# %% key="only-the-top" exercise="clip_by_value" kind="half" names=["only-from-above"]
# Only entries above c are limited.
def clip_by_value(grads, c):
    out = dict()
    for k, v in grads.items():
        out[k] = np.minimum(v, c)
    return out


# %% key="absolute-values" exercise="clip_by_value" kind="sign lost"
# The limit is applied to the absolute value and the sign is lost.
def clip_by_value(grads, c):
    return {k: np.minimum(np.abs(v), c) for k, v in grads.items()}


# %% key="each-its-own-norm" exercise="clip_by_global_norm" kind="per-array norm" names=["each-array-by-itself"]
# Each array is shortened by its own norm.
def clip_by_global_norm(grads, max_norm):
    total = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    new = {}
    for k, g in grads.items():
        n = np.linalg.norm(g)
        new[k] = g * (max_norm / n) if n > max_norm else g.copy()
    return new, float(total)


# %% key="always-scaled" exercise="clip_by_global_norm" kind="condition missing" names=["short-gradients-lengthened"]
# Short gradients are lengthened to the limit, too.
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    return {k: g * (max_norm / norm) for k, g in grads.items()}, float(norm)


# %% key="norm-afterwards" exercise="clip_by_global_norm" kind="norm after" names=["norm-after-clipping"]
# The norm after clipping is returned.
def clip_by_global_norm(grads, max_norm):
    def length(d):
        return float(np.sqrt(sum(np.square(v).sum() for v in d.values())))

    before = length(grads)
    if before > max_norm:
        grads = {k: v * (max_norm / before) for k, v in grads.items()}
    return grads, length(grads)


# %% key="sum-of-norms" exercise="clip_by_global_norm" kind="sum of norms" names=["norms-added"]
# The norms of the arrays are added up.
def clip_by_global_norm(grads, max_norm):
    total_norm = 0
    for p in grads.values():
        total_norm += np.linalg.norm(p)
    clip_coef = min(1.0, max_norm / total_norm)
    return {name: p * clip_coef for name, p in grads.items()}, float(total_norm)


# %% key="root-forgotten" exercise="clip_by_global_norm" kind="root missing" names=["root-forgotten"]
# The sum of squares is taken for the norm.
def clip_by_global_norm(grads, max_norm):
    norm = sum(float((v * v).sum()) for v in grads.values())
    factor = max_norm / norm if norm > max_norm else 1
    return {k: v * factor for k, v in grads.items()}, norm


# %% key="boolean-masks" exercise="clip_by_value" kind="right"
# Boolean masks on a copy.
def clip_by_value(grads, c):
    out = {}
    for name in grads:
        g = np.array(grads[name])
        too_big, too_small = g > c, g < -c
        g[too_big] = c
        g[too_small] = -c
        out[name] = g
    return out


# %% key="one-long-vector" exercise="clip_by_global_norm" kind="right"
# The gradients are really laid out as one long vector.
def clip_by_global_norm(grads, max_norm):
    long = np.concatenate([np.ravel(g).astype(np.float64) for g in grads.values()])
    norm = float(np.sqrt(long @ long))
    scale = 1.0 if norm <= max_norm else max_norm / norm
    return {k: (g * scale).astype(g.dtype) for k, g in grads.items()}, norm
