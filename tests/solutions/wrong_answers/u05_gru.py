# %% key="gates-exchanged" exercise="gru_cell_forward" kind="z swapped" names=["keep-and-write-swapped"]
# The update gate is used the other way round, as in many books: (1 - z) h + z n.
def gru_cell_forward(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    H = h_prev.shape[1]
    gx = x_t @ W_xh + b_xh
    gh = h_prev @ W_hh + b_hh
    r = sigmoid(gx[:, :H] + gh[:, :H])
    z = sigmoid(gx[:, H : 2 * H] + gh[:, H : 2 * H])
    m = gh[:, 2 * H :] if reset_after else (r * h_prev) @ W_hh[:, 2 * H :] + b_hh[2 * H :]
    n = np.tanh(gx[:, 2 * H :] + (r * m if reset_after else m))
    h_t = (1 - z) * h_prev + z * n
    return h_t, (x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after)


# %% key="update-gate-first" exercise="gru_cell_forward" kind="gate-order" names=["blocks-in-keras-order"]
# The blocks are read in the order z, r, n, as in Keras.
def gru_cell_forward(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    xz, xr, xn = np.split(x_t @ W_xh + b_xh, 3, axis=1)
    hz, hr, hn = np.split(h_prev @ W_hh + b_hh, 3, axis=1)
    z, r = sigmoid(xz + hz), sigmoid(xr + hr)
    if reset_after:
        m = hn
        n = np.tanh(xn + r * m)
    else:
        H = h_prev.shape[1]
        m = (r * h_prev) @ W_hh[:, 2 * H :] + b_hh[2 * H :]
        n = np.tanh(xn + m)
    return z * h_prev + (1 - z) * n, (x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after)


# %% key="one-bias-twice" exercise="gru_cell_forward" kind="bias-reused" names=["one-bias-used-twice"]
# b_xh is used in both places.
def gru_cell_forward(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    H = h_prev.shape[1]
    ax = x_t @ W_xh + b_xh
    ah = h_prev @ W_hh + b_xh
    r = sigmoid(ax[:, :H] + ah[:, :H])
    z = sigmoid(ax[:, H : 2 * H] + ah[:, H : 2 * H])
    if reset_after:
        m = ah[:, 2 * H :]
        n = np.tanh(ax[:, 2 * H :] + r * m)
    else:
        m = (r * h_prev) @ W_hh[:, 2 * H :] + b_xh[2 * H :]
        n = np.tanh(ax[:, 2 * H :] + m)
    h_t = (1 - z) * n + z * h_prev
    return h_t, (x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after)


# %% key="always-after" exercise="gru_cell_forward" kind="reset-gate-place" names=["always-reset-after"]
# reset_after is not looked at: the reset gate always multiplies after the product.
def gru_cell_forward(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    xr, xz, xn = np.split(x_t @ W_xh + b_xh, 3, axis=1)
    hr, hz, hn = np.split(h_prev @ W_hh + b_hh, 3, axis=1)
    r, z = sigmoid(xr + hr), sigmoid(xz + hz)
    n = np.tanh(xn + r * hn)
    h_t = (1 - z) * n + z * h_prev
    return h_t, (x_t, h_prev, W_xh, W_hh, r, z, n, hn, reset_after)


# %% key="bias-outside-the-reset" exercise="gru_cell_forward" kind="reset-gate-place" names=["bias-outside-the-reset"]
# Reset after: the gate multiplies the product but not its bias.
def gru_cell_forward(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    N, H = h_prev.shape
    ax = x_t.dot(W_xh) + b_xh
    r = sigmoid(ax[:, :H] + h_prev.dot(W_hh[:, :H]) + b_hh[:H])
    z = sigmoid(ax[:, H : 2 * H] + h_prev.dot(W_hh[:, H : 2 * H]) + b_hh[H : 2 * H])
    Wn, bn = W_hh[:, 2 * H :], b_hh[2 * H :]
    if reset_after:
        m = h_prev.dot(Wn)
        n = np.tanh(ax[:, 2 * H :] + r * m + bn)
    else:
        m = (r * h_prev).dot(Wn) + bn
        n = np.tanh(ax[:, 2 * H :] + m)
    h_t = (1 - z) * n + z * h_prev
    return h_t, (x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after)


# %% key="candidate-without-reset" exercise="gru_cell_forward" kind="reset-gate-place" names=["reset-gate-not-used"]
# The reset gate is computed but never used.
def gru_cell_forward(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    H = h_prev.shape[1]
    a = x_t @ W_xh + b_xh + h_prev @ W_hh + b_hh
    r, z, n = sigmoid(a[:, :H]), sigmoid(a[:, H : 2 * H]), np.tanh(a[:, 2 * H :])
    m = h_prev @ W_hh[:, 2 * H :] + b_hh[2 * H :]
    return (1 - z) * n + z * h_prev, (x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after)


# %% key="sigmoid-candidate" exercise="gru_cell_forward" kind="candidate-sigmoid" names=["candidate-sigmoid"]
# The candidate goes through the sigmoid; the cache is a dictionary.
def gru_cell_forward(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    H = h_prev.shape[1]
    X, Hs = x_t @ W_xh + b_xh, h_prev @ W_hh + b_hh
    r = sigmoid(X[:, 0:H] + Hs[:, 0:H])
    z = sigmoid(X[:, H : 2 * H] + Hs[:, H : 2 * H])
    if reset_after:
        n = sigmoid(X[:, 2 * H :] + r * Hs[:, 2 * H :])
    else:
        n = sigmoid(X[:, 2 * H :] + (r * h_prev) @ W_hh[:, 2 * H :] + b_hh[2 * H :])
    return (1 - z) * n + z * h_prev, {"r": r, "z": z, "n": n}


# %% key="slopes-left-out" exercise="gru_cell_backward" kind="gate-deriv-missing" names=["derivatives-of-the-gates-missing", "derivative-of-tanh-missing", "all-derivatives-missing"]
# The derivatives of sigmoid and tanh are left out.
def gru_cell_backward(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after = cache
    H = h_prev.shape[1]
    Wn = W_hh[:, 2 * H :]
    dz = dh_t * (h_prev - n)
    dn = dh_t * (1 - z)
    if reset_after:
        dr, dm = dn * m, dn * r
        through = dm @ Wn.T
        dWn = h_prev.T @ dm
    else:
        dm = dn
        back = dm @ Wn.T
        dr, through = back * h_prev, back * r
        dWn = (r * h_prev).T @ dm
    gates = np.hstack([dr, dz])
    dx_t = np.hstack([gates, dn]) @ W_xh.T
    dh_prev = dh_t * z + through + gates @ W_hh[:, : 2 * H].T
    dW_xh = x_t.T @ np.hstack([gates, dn])
    dW_hh = np.hstack([h_prev.T @ gates, dWn])
    return dx_t, dh_prev, dW_xh, dW_hh, np.hstack([gates, dn]).sum(0), np.hstack([gates, dm]).sum(0)


# %% key="direct-way-forgotten" exercise="gru_cell_backward" kind="direct path missing" names=["straight-way-missing"]
# dh_prev lacks what goes directly from state to state, dh * z.
def gru_cell_backward(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after = cache
    H = h_prev.shape[1]
    daz = dh_t * (h_prev - n) * z * (1 - z)
    dan = dh_t * (1 - z) * (1 - n**2)
    Whn = W_hh[:, 2 * H :]
    if reset_after:
        dm = dan * r
        dr = dan * m
        dh_prev = dm @ Whn.T
        dWhn = h_prev.T @ dm
    else:
        dm = dan
        d = dm @ Whn.T
        dr = d * h_prev
        dh_prev = d * r
        dWhn = (r * h_prev).T @ dm
    dar = dr * r * (1 - r)
    dh_prev = dh_prev + dar @ W_hh[:, :H].T + daz @ W_hh[:, H : 2 * H].T
    dax = np.concatenate([dar, daz, dan], axis=1)
    dW_hh = np.concatenate([h_prev.T @ dar, h_prev.T @ daz, dWhn], axis=1)
    db_hh = np.concatenate([dar, daz, dm], axis=1).sum(axis=0)
    return dax @ W_xh.T, dh_prev, x_t.T @ dax, dW_hh, dax.sum(axis=0), db_hh


# %% key="one-variant-only" exercise="gru_cell_backward" kind="reset-gate-place" names=["before-taken-for-after"]
# reset_after is not looked at: everything is computed as if the reset came after.
def gru_cell_backward(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after = cache
    daz = dh_t * (h_prev - n) * z * (1 - z)
    dan = dh_t * (1 - z) * (1 - n**2)
    dar = dan * m * r * (1 - r)
    dax = np.hstack([dar, daz, dan])
    dah = np.hstack([dar, daz, dan * r])
    dh_prev = dh_t * z + dah @ W_hh.T
    return dax @ W_xh.T, dh_prev, x_t.T @ dax, h_prev.T @ dah, dax.sum(0), dah.sum(0)


# %% key="same-bias-gradient" exercise="gru_cell_backward" kind="bias-reused" names=["biases-share-one-gradient"]
# db_hh is a copy of db_xh.
def gru_cell_backward(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, r, z, n, m, after = cache
    H = h_prev.shape[1]
    daz = dh_t * (h_prev - n) * z * (1 - z)
    dan = dh_t * (1 - z) * (1 - n**2)
    dm = dan * r if after else dan
    back = dm @ W_hh[:, 2 * H :].T
    dar = (dan * m if after else back * h_prev) * r * (1 - r)
    dh_prev = dh_t * z + (back if after else back * r) + dar @ W_hh[:, :H].T + daz @ W_hh[:, H : 2 * H].T
    dax = np.hstack([dar, daz, dan])
    dWn = (h_prev if after else r * h_prev).T @ dm
    dW_hh = np.hstack([h_prev.T @ dar, h_prev.T @ daz, dWn])
    db_xh = dax.sum(axis=0)
    db_hh = db_xh.copy()
    return dax @ W_xh.T, dh_prev, x_t.T @ dax, dW_hh, db_xh, db_hh


# %% key="h0-every-time" exercise="gru_forward" kind="initial-state-each-step" names=["first-state-at-every-step"]
# Every step gets h0.
def gru_forward(x, h0, W_xh, W_hh, b_xh, b_hh):
    outs = [gru_cell_forward(x[:, t], h0, W_xh, W_hh, b_xh, b_hh) for t in range(x.shape[1])]
    return np.stack([h for h, _ in outs], axis=1), [c for _, c in outs]


# %% key="starts-from-zeros" exercise="gru_forward" kind="initial-state-ignored" names=["starts-from-zeros"]
# The first state is zeros; float64 buffer.
def gru_forward(x, h0, W_xh, W_hh, b_xh, b_hh):
    N, T, D = x.shape
    H = W_hh.shape[0]
    h_all, h, caches = np.zeros((N, T, H)), np.zeros((N, H)), []
    for t in range(T):
        h, cache = gru_cell_forward(x[:, t], h, W_xh, W_hh, b_xh, b_hh)
        h_all[:, t] = h
        caches.append(cache)
    return h_all, caches


# %% key="two-wrong-functions" exercise="gru_forward" kind="initial-state-ignored" names=["starts-from-zeros"]
# Two functions wrong: the cell swaps z, and the first state is read from the empty last column.
def gru_cell_forward(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    xr, xz, xn = np.split(x_t @ W_xh + b_xh, 3, axis=1)
    hr, hz, hn = np.split(h_prev @ W_hh + b_hh, 3, axis=1)
    r, z = sigmoid(xr + hr), sigmoid(xz + hz)
    n = np.tanh(xn + r * hn)
    return z * n + (1 - z) * h_prev, [r, z, n]


def gru_forward(x, h0, W_xh, W_hh, b_xh, b_hh):
    N, T, _ = x.shape
    h_all, caches = np.zeros((N, T, h0.shape[1])), []
    for t in range(T):
        h_all[:, t], c = gru_cell_forward(x[:, t], h_all[:, t - 1], W_xh, W_hh, b_xh, b_hh)
        caches.append(c)
    return h_all, caches


# %% key="four-blocks-for-all" exercise="param_count" kind="count"
# A GRU is counted with four blocks.
def param_count(kind, D, H, torch_biases):
    blocks = {"RNN": 1, "LSTM": 4, "GRU": 4}
    if kind not in blocks:
        raise ValueError(kind)
    return blocks[kind] * (D * H + H * H + H * (2 if torch_biases else 1))


# %% key="biases-once" exercise="param_count" kind="count"
# torch's biases are counted per layer, not per block.
def param_count(kind, D, H, torch_biases):
    k = {"RNN": 1, "LSTM": 4, "GRU": 3}.get(kind)
    if k is None:
        raise ValueError(f"unknown kind {kind}")
    return k * H * (D + H) + (2 * H if torch_biases else H)


# %% key="markers-anywhere" exercise="adding_problem" kind="marker place" names=["both-markers-anywhere"]
# Both markers are drawn from all steps.
def adding_problem(N, T, rng):
    x = np.zeros((N, T, 2))
    x[:, :, 0] = rng.random((N, T))
    y = np.zeros(N)
    for n in range(N):
        a, b = rng.choice(T, size=2, replace=False)
        x[n, [a, b], 1] = 1
        y[n] = x[n, a, 0] + x[n, b, 0]
    return x, y


# %% key="same-markers-for-all" exercise="adding_problem" kind="marker place" names=["one-place-for-the-batch"]
# The two marked steps are drawn once for the whole batch.
def adding_problem(N, T, rng):
    numbers = rng.uniform(0, 1, size=(N, T))
    first, second = rng.integers(0, T // 2), rng.integers(T // 2, T)
    markers = np.zeros((N, T))
    markers[:, first] = markers[:, second] = 1
    return np.stack([numbers, markers], axis=2), numbers[:, first] + numbers[:, second]


# %% key="gradients-pile-up" exercise="train_adding" kind="zero_grad missing" names=["gradients-pile-up"]
# The gradients are never set back to zero.
def train_adding(kind, weights, batches, lr, max_norm):
    net = network(kind, weights)
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    losses = []
    for x, y in batches:
        out, _ = net.rnn(torch.tensor(x))
        guess = net.readout(out[:, -1]).squeeze(-1)
        loss = ((guess - torch.tensor(y)) ** 2).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        optimizer.step()
        losses.append(loss.item())
    return {"losses": np.array(losses), **arrays(net)}


# %% key="adam-forgets" exercise="train_adding" kind="optimizer made anew"
# Adam is made anew for every batch and forgets its averages.
def train_adding(kind, weights, batches, lr, max_norm):
    net = network(kind, weights)
    losses = []
    for x, y in batches:
        opt = torch.optim.Adam(net.parameters(), lr=lr)
        pred = net.readout(net.rnn(torch.from_numpy(x))[0][:, -1, :])[:, 0]
        loss = torch.nn.functional.mse_loss(pred, torch.from_numpy(y))
        opt.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        opt.step()
        losses.append(loss.item())
    result = arrays(net)
    result["losses"] = np.array(losses)
    return result


# %% key="every-state-guesses" exercise="train_adding" kind="broadcast" names=["every-guess-against-every-sum"]
# The guesses keep their last axis, so that (N, 1) minus (N,) becomes a table.
def train_adding(kind, weights, batches, lr, max_norm):
    net = network(kind, weights)
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    losses = []
    for x, y in batches:
        states = net.rnn(torch.tensor(x))[0]
        guess = net.readout(states[:, -1])
        loss = torch.mean((guess - torch.tensor(y)) ** 2)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        optimizer.step()
        losses.append(float(loss))
    return {"losses": np.array(losses), **arrays(net)}


# %% key="not-clipped" exercise="train_adding" kind="clip missing" names=["gradients-not-clipped"]
# The gradients are not clipped.
def train_adding(kind, weights, batches, lr, max_norm):
    net = network(kind, weights)
    criterion = torch.nn.MSELoss()
    optimizer = torch.optim.Adam(net.parameters(), lr)
    history = []
    for inputs, labels in batches:
        optimizer.zero_grad()
        output, _ = net.rnn(torch.as_tensor(inputs))
        loss = criterion(net.readout(output[:, -1, :]).flatten(), torch.as_tensor(labels))
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return {"losses": np.asarray(history)} | arrays(net)


# %% key="lerp" exercise="gru_cell_forward" kind="right"
# The new state as n + z (h - n), the three blocks by reshape.
def gru_cell_forward(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    N, H = h_prev.shape
    ir, iz, inn = (x_t @ W_xh + b_xh).reshape(N, 3, H).swapaxes(0, 1)
    hr, hz, hn = (h_prev @ W_hh + b_hh).reshape(N, 3, H).swapaxes(0, 1)
    r, z = sigmoid(ir + hr), sigmoid(iz + hz)
    if not reset_after:
        hn = np.einsum("nh,hk->nk", r * h_prev, W_hh[:, -H:]) + b_hh[-H:]
    n = np.tanh(inn + (r * hn if reset_after else hn))
    return n + z * (h_prev - n), (x_t, h_prev, W_xh, W_hh, r, z, n, hn, reset_after)
