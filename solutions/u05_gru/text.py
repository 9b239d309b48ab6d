# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] key="title"
# # 05 The GRU
#
# The LSTM of unit 04 remembers well, and it is a large machine: two states, three gates, four layers.
# How much of it is needed?
# The gated recurrent unit (GRU) keeps one state and two gates, and often does as well.
# In this unit you build one, find out which of the several "GRUs" in circulation it is, and let it race.
#
# At the end you can
#
# - write a GRU step forward and backward, and say which of its equations PyTorch, Keras and the papers use;
# - name what each part of the LSTM became in the GRU, and count the weights of both;
# - set up a memory test, train recurrent networks on it, and check a rule of thumb by experiment before you believe it.
#
# **You build** one state, two gates, and a race.
# **Time** {minutes} minutes.
# **Points** {points}.
# **You need** unit 01; units 02 and 04 help with the backward pass.
#
# The whole notebook runs in less than a minute; the two cells that train for more than five seconds say so.

# %% key="imports"
import numpy as np
import torch
import torch._dynamo  # takes a second, now rather than at the first optimizer, in the middle of a check

from rnnlab import check, plots

torch.set_num_threads(1)  # networks this small are faster without helpers

# %% [markdown] key="one-state"
# ## One state, two gates
#
# The vanilla RNN overwrites its whole memory at every step.
# A GRU asks at every step, for every hidden unit: keep the old value, or write a new one?
#
# It computes three things from the input $x_t$ and the old state $h_{t-1}$, each with weights of its own:
#
# - the *reset gate* $r$, between 0 and 1: how much of the old state the candidate may see;
# - the *update gate* $z$, between 0 and 1: how much of the old state is kept;
# - the *candidate* $n$, between −1 and 1: what would be written.
#
# The new state is a mixture of old state and candidate:
#
# $$h_t = (1 - z) \odot n + z \odot h_{t-1}$$
#
# The sign $\odot$ multiplies number by number.

# %% key="cell-diagram" tags=["demo"]
plots.show(
    plots.gru_cells(),
    alt="Two GRU cells. In both the old state runs along the top, is multiplied by z, then the product of 1 - z and n is "
    "added, which makes the new state. z and r read x_t and h_t-1. Left, reset after the product: h_t-1 goes through "
    "W_hn, r multiplies the result, and n reads it and x_t. Right, reset before: r multiplies h_t-1, then comes W_hn.",
)

# %% [markdown] key="gates-by-hand"
# Follow the line on top: a state that travels with $z = 1$ passes through all steps unchanged.
# With $z = 0$ it is replaced, and the cell is a vanilla RNN with a reset gate.
# One number decides both how much is kept and how much is written, where the LSTM has a gate for each.
#
# **Names** Some notes call the LSTM's candidate $g$ "update gate", others say that a GRU has "three layers" and list two.
# In this course *update gate* means $z$ and nothing else.
# The three layers of a GRU are $r$, $z$ and $n$: two gates and the candidate, as the LSTM's four are $i$, $f$, $o$ and $g$.
#
# ## The equations
#
# The three blocks lie side by side in each array, in the order $r, z, n$:
#
# | symbol | shape | what it is |
# |---|---|---|
# | $x_t$ | (N, D) | inputs of this step |
# | $h_{t-1}$, $h_t$ | (N, H) | states before and after |
# | $W_{xh} = [W_{xr}, W_{xz}, W_{xn}]$ | (D, 3H) | weights from the input |
# | $W_{hh} = [W_{hr}, W_{hz}, W_{hn}]$ | (H, 3H) | weights from the old state |
# | $b_{xh}$, $b_{hh}$ | (3H,) each | two biases, as in PyTorch |
#
# Both gates are sigmoids:
#
# $$r = \sigma(x_t W_{xr} + b_{xr} + h_{t-1} W_{hr} + b_{hr}) \qquad z = \sigma(x_t W_{xz} + b_{xz} + h_{t-1} W_{hz} + b_{hz})$$
#
# The candidate exists in two variants, which differ in the place of the reset gate.
# Write $m$ for what comes from the memory:
#
# | | $m$ | candidate |
# |---|---|---|
# | reset *after* the product | $m = h_{t-1} W_{hn} + b_{hn}$ | $n = \tanh(x_t W_{xn} + b_{xn} + r \odot m)$ |
# | reset *before* the product | $m = (r \odot h_{t-1}) W_{hn} + b_{hn}$ | $n = \tanh(x_t W_{xn} + b_{xn} + m)$ |
#
# For the sigmoid this unit borrows PyTorch's:


# %% key="sigmoid"
def sigmoid(a):
    """Return 1 / (1 + exp(-a)) for an array, in its dtype."""
    return torch.sigmoid(torch.as_tensor(a)).numpy()


# %% [markdown] key="cell-task"
# ## Exercise 1: gru_cell_forward (5 points)
#
# **Write** one step of a GRU, in both variants, and return the new state with a cache.
# This time the cache has a fixed form, because exercise 2 takes it: a tuple of nine items,
#
# `(x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after)`
#
# with $m$ as in the table above, before any gate multiplies it.
#
# **Difficulty** ●●○ · **Time** 15–20 min
#
# **In** `x_t` (N, D), `h_prev` (N, H), `W_xh` (D, 3H), `W_hh` (H, 3H), `b_xh` (3H,), `b_hh` (3H,), and `reset_after`, `True` or `False`
#
# **Out** `h_t` (N, H) in the dtype of the inputs, and the cache
#
# **By hand** One sequence, D = 1, H = 2, both biases zero, $\ln 3 = 1.0986$:
#
# $$x_t = (1) \quad h_{t-1} = (1, -1) \quad W_{xh} = \begin{pmatrix} 0 & \ln 3 & \ln 3 & 0 & 1 & 1.5 \end{pmatrix} \quad W_{hh} = \begin{pmatrix} 0 & 0 & 0 & 0 & 1 & 0 \\ 0 & 0 & 0 & 0 & 1 & 2 \end{pmatrix}$$
#
# - reset gate, columns 1–2: $r = \sigma(0, \ln 3) = (0.5, 0.75)$
# - update gate, columns 3–4: $z = \sigma(\ln 3, 0) = (0.75, 0.5)$
# - candidate, columns 5–6, from the input: $(1, 1.5)$
# - reset after: $m = (1 - 1, -2) = (0, -2)$, and $r \odot m = (0, -1.5)$, so $n = \tanh(1, 0) = (0.7616, 0)$
# - reset before: $r \odot h_{t-1} = (0.5, -0.75)$, so $m = (0.5 - 0.75, -1.5) = (-0.25, -1.5)$ and $n = \tanh(0.75, 0) = (0.6351, 0)$
# - new state, reset after: $(0.25 \cdot 0.7616 + 0.75 \cdot 1,\ 0.5 \cdot 0 - 0.5 \cdot 1) = (0.9404, -0.5)$
# - new state, reset before: $(0.25 \cdot 0.6351 + 0.75 \cdot 1,\ -0.5) = (0.9088, -0.5)$
#
# <details><summary>Hint 1: the idea</summary>
#
# Both gates need nothing but the two products and the biases, so they can be computed first, in one go for both.
# Only the candidate must wait, and only because of $r$.
# Which of its two terms does $r$ touch?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# The equations stand above; columns `:H` belong to $r$, `H:2 * H` to $z$, `2 * H:` to $n$.
# The variants differ only in $m$, and in whether $r$ multiplies $m$ or $h_{t-1}$.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# Compute `a_x`, the input's product with its bias, and `a_h`, the memory's product with its bias; both are (N, 3H).
# The gates are sigmoids of the first 2H columns of their sum.
# For reset after, `m` is the rest of `a_h`.
# For reset before, multiply `h_prev` by `r` first and take a product with the last H columns of `W_hh`; do not forget that part of `b_hh`.
# Mix candidate and old state with `1 - z` and `z`.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `all terms on, reset after` fails and `by hand` passes: a bias is missing, or $b_{hn}$ is added outside the reset gate.
# - Only `reset before` fails: $r$ must multiply `h_prev` before the matrix product.
# - `z = 1 keeps the old state` fails: $z$ and $1 - z$ have changed places; see the table of conventions below.
# - `cache has 8 items`: nine are asked for; the last one is `reset_after` itself.
#
# </details>


# %% exercise="gru_cell_forward" points=5
def gru_cell_forward(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """Return the next hidden state of a GRU, and what its backward pass needs.

    x_t: inputs of this step (N, D)
    h_prev: hidden states before this step (N, H)
    W_xh: input weights (D, 3H); W_hh: hidden weights (H, 3H); blocks in the order r, z, n
    b_xh, b_hh: the two biases (3H,), blocks in the same order
    reset_after: whether the reset gate multiplies after the product with W_hn, or before it
    Returns h_t: hidden states after this step (N, H), in the dtype of the inputs; and
    cache: the tuple (x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after), where m (N, H) is the memory's part of
    the candidate: h_prev W_hn + b_hn, or (r * h_prev) W_hn + b_hn if the reset comes before.
    Source: Cho and others (2014), arXiv versions 1 (after) and 3 (before).
    """
    ### BEGIN SOLUTION
    H = h_prev.shape[1]
    a_x, a_h = x_t @ W_xh + b_xh, h_prev @ W_hh + b_hh
    r, z = np.split(sigmoid(a_x[:, : 2 * H] + a_h[:, : 2 * H]), 2, axis=1)
    if reset_after:
        m = a_h[:, 2 * H :]
        n = np.tanh(a_x[:, 2 * H :] + r * m)
    else:
        m = (r * h_prev) @ W_hh[:, 2 * H :] + b_hh[2 * H :]
        n = np.tanh(a_x[:, 2 * H :] + m)
    h_t = (1 - z) * n + z * h_prev
    return h_t, (x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after)
    ### END SOLUTION


# %% check="gru_cell_forward"
check(gru_cell_forward)

# %% [markdown] key="which-is-which"
# ## Which GRU is which?
#
# Both variants come from the same paper: its first arXiv version resets after the product, its third one, which is the published one, before.
# There is a second trap.
# Half of the literature writes $h_t = (1 - z)\, h_{t-1} + z\, n$, so that $z = 1$ means "write"; here, as in PyTorch, it means "keep".
#
# | where | reset gate | $z = 1$ means | order of blocks | biases per block |
# |---|---|---|---|---|
# | Cho and others 2014, arXiv v1 | after | keep | | |
# | Cho and others 2014, arXiv v3 | before | keep | | |
# | Chung and others 2014 | before | write | | |
# | PyTorch `nn.GRU` | after | keep | r, z, n | 2 |
# | Keras `GRU(reset_after=True)`, the default | after | keep | z, r, h | 2 |
# | Keras `GRU(reset_after=False)` | before | keep | z, r, h | 1 |
#
# How much does it matter?
# Below, your cell gets the weights of a PyTorch cell, transposed as always, and is compared with it.
# Then three changes are made on purpose.

# %% key="variants" tags=["demo"]
torch.manual_seed(0)
theirs = torch.nn.GRUCell(8, 16)
x_t, h_prev = torch.randn(100, 8), torch.tanh(torch.randn(100, 16))  # (N, D), (N, H)
W_xh, W_hh, b_xh, b_hh = (p.detach().numpy().T for p in theirs.parameters())  # (8, 48), (16, 48), (48,), (48,)
expected = theirs(x_t, h_prev).detach().numpy()  # (100, 16)
x_t, h_prev = x_t.numpy(), h_prev.numpy()

after, (_, _, _, _, r, z, n, m, _) = gru_cell_forward(x_t, h_prev, W_xh, W_hh, b_xh, b_hh)
before, _ = gru_cell_forward(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=False)
in_order_zrn = [np.concatenate([w[..., 16:32], w[..., :16], w[..., 32:]], -1) for w in (W_xh, W_hh, b_xh, b_hh)]
states = {
    "reset after": after,
    "reset before": before,
    "z and 1 - z swapped": z * n + (1 - z) * h_prev,
    "blocks read in Keras's order": gru_cell_forward(x_t, h_prev, *in_order_zrn)[0],
}
for name, h in states.items():
    print(f"{name:<30}largest difference from nn.GRUCell: {np.abs(h - expected).max():.1g}")

# %% [markdown] key="variants-saw"
# The first line is rounding: with reset after, your cell *is* `nn.GRUCell`.
# The other three differ by 0.1 to about 1, although every shape fits.
# A network can be trained with any of these equations; what fails without a word is to take weights from one library to another, or to compare your numbers with a paper that means the other variant.
#
# Reset after has one practical advantage: the three products with $h_{t-1}$ are one product, and GPUs are fast at that.
#
# ## Backwards
#
# In a vanilla RNN the gradient has one way from $h_t$ back to $h_{t-1}$, through $W_{hh}$ and the tanh.
# In a GRU it has four: straight through $z \odot h_{t-1}$, and through each of $z$, $r$ and $n$.
# The first way has no matrix in it and no tanh; it only multiplies by $z$.
#
# ## Exercise 2: gru_cell_backward (6 points)
#
# **Write** the backward pass of one step, for both variants, from the cache of exercise 1.
#
# **Difficulty** ●●● · **Time** 25–35 min
#
# **In** `dh_t` (N, H), the gradient of the loss with respect to $h_t$; and `cache`, the tuple `(x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after)`
#
# **Out** six gradients: `dx_t` (N, D), `dh_prev` (N, H), `dW_xh` (D, 3H), `dW_hh` (H, 3H), `db_xh` (3H,), `db_hh` (3H,)
#
# **By hand** The step of exercise 1, reset after, with $dh_t = (1, 1)$.
# Write $da$ for the gradient with respect to what stands inside a sigmoid or tanh:
#
# - $dz = dh_t \odot (h_{t-1} - n) = (1 - 0.7616,\ -1 - 0) = (0.2384, -1)$, and $da_z = dz \odot z(1-z) = (0.0447, -0.25)$
# - $dn = dh_t \odot (1 - z) = (0.25, 0.5)$, and $da_n = dn \odot (1 - n^2) = (0.1050, 0.5)$
# - $dr = da_n \odot m = (0, -1)$, and $da_r = dr \odot r(1-r) = (0, -0.1875)$
# - $dm = da_n \odot r = (0.0525, 0.375)$
# - to the input: $dx_t = -0.1875 \cdot \ln 3 + 0.0447 \cdot \ln 3 + 0.1050 \cdot 1 + 0.5 \cdot 1.5 = 0.6981$
# - to the old state, directly: $dh_t \odot z = (0.75, 0.5)$; through $m$: $dm\, W_{hn}^\top = (0.0525,\ 0.0525 + 0.75)$; the gates add nothing, as $W_{hr}$ and $W_{hz}$ are zero here; together $dh_{t-1} = (0.8025, 1.3025)$
#
# <details><summary>Hint 1: the idea</summary>
#
# Go through the forward pass from its last line to its first, and ask in each line: which quantities does this one depend on?
# $h_{t-1}$ occurs in four places, so four gradients are added for it.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# - $dz$, $dn$, $da_z$, $da_n$ are the same in both variants, as worked above.
# - after: $dr = da_n \odot m$, and $dm = da_n \odot r$ goes into $W_{hn}$ and $b_{hn}$.
# - before: $dm = da_n$; the product $r \odot h_{t-1}$ gets $q = dm\, W_{hn}^\top$, of which $dr = q \odot h_{t-1}$, and $q \odot r$ belongs to $dh_{t-1}$.
# - in both: a weight's gradient is (what came in)$^\top$ times (what went out), a bias's gradient the sum over the batch.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# Lay the three gradients of the input's side next to each other: `da_x = [da_r, da_z, da_n]`, shape (N, 3H).
# The memory's side, `da_h`, is `[da_r, da_z, dm]`.
# After: `dx_t`, `dW_xh`, `db_xh` come from `da_x`, and `dW_hh`, `db_hh` and the way into `h_prev` from `da_h`, one line each.
# Before: the same for the first 2H columns of `da_h`; in the last H columns of `dW_hh` what came in is `r * h_prev`, and the way into `h_prev` goes through `r`.
# Add `dh_t * z` last.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `dh_prev[0, 0]` is off and everything else right: one of the four ways is missing; switch them off one by one and compare with the numbers worked by hand.
# - `db_xh has shape (1, 15)`: sum over axis 0 without `keepdims`.
# - Only the last third of `dW_hh` is off: with reset after it belongs to $r \odot da_n$, with reset before to $(r \odot h_{t-1})^\top da_n$.
#
# </details>


# %% exercise="gru_cell_backward" points=6
def gru_cell_backward(dh_t, cache):
    """Return the gradients of one GRU step.

    dh_t: gradient with respect to the states after this step (N, H)
    cache: the tuple (x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after) of gru_cell_forward
    Returns dx_t (N, D), dh_prev (N, H), dW_xh (D, 3H), dW_hh (H, 3H), db_xh (3H,), db_hh (3H,).
    """
    ### BEGIN SOLUTION
    x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after = cache
    H = h_prev.shape[1]
    da_z = dh_t * (h_prev - n) * z * (1 - z)
    da_n = dh_t * (1 - z) * (1 - n**2)
    W_hn = W_hh[:, 2 * H :]
    into_n = (da_n * r) @ W_hn.T if reset_after else (da_n @ W_hn.T) * r
    dr = da_n * m if reset_after else (da_n @ W_hn.T) * h_prev
    gates = np.concatenate([dr * r * (1 - r), da_z], axis=1)
    dh_prev = dh_t * z + into_n + gates @ W_hh[:, : 2 * H].T
    dm = da_n * r if reset_after else da_n
    seen = h_prev if reset_after else r * h_prev
    dW_hh = np.concatenate([h_prev.T @ gates, seen.T @ dm], axis=1)
    da_x, da_h = np.concatenate([gates, da_n], axis=1), np.concatenate([gates, dm], axis=1)
    return da_x @ W_xh.T, dh_prev, x_t.T @ da_x, dW_hh, da_x.sum(axis=0), da_h.sum(axis=0)
    ### END SOLUTION


# %% check="gru_cell_backward"
check(gru_cell_backward)

# %% [markdown] key="forward-task"
# A sum in the forward pass hands the gradient on to both of its sides.
# That is what the GRU has in place of the vanilla RNN's repeated product with one $W_{hh}$.
# To see what it is worth, we need whole sequences.
#
# ## Exercise 3: gru_forward (2 points)
#
# **Write** the forward pass over a sequence, reset after, with your `gru_cell_forward`.
#
# **Difficulty** ●○○ · **Time** 5–10 min
#
# **In** `x` (N, T, D), `h0` (N, H), and the cell's `W_xh`, `W_hh`, `b_xh`, `b_hh`
#
# **Out** `h_all` (N, T, H), the states $h_1$ to $h_T$; and `caches`, a list with the cache of each step
#
# **By hand** D = H = 1, $W_{xh} = (0, -2\ln 3, 1)$, $b_{xh} = (0, \ln 3, 0)$, $W_{hh}$ and $b_{hh}$ zero, $h_0 = 0$; the input is 1, 0, 0.
#
# | $t$ | $x_t$ | $z = \sigma(\ln 3 - 2 \ln 3 \cdot x_t)$ | $n = \tanh(x_t)$ | $h_t = (1 - z)\,n + z\,h_{t-1}$ |
# |---|---|---|---|---|
# | 1 | 1 | 0.25 | 0.7616 | 0.5712 |
# | 2 | 0 | 0.75 | 0 | 0.4284 |
# | 3 | 0 | 0.75 | 0 | 0.3213 |
#
# The input opens the gate for itself: a 1 is written, a 0 is mostly ignored.
#
# <details><summary>Hint 1: the idea</summary>
#
# It is the loop of the vanilla RNN; only the cell is another one.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $h_t = \text{cell}(x_t, h_{t-1})$ for $t = 1, \dots, T$, beginning with the $h_0$ that was given.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# One variable holds the current state and starts as `h0`.
# In each step the inputs come from axis 1 of `x`, the cell's state replaces the current one, and state and cache are each appended to a list.
# Stack the states along axis 1.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `h_all has shape (6, 2, 4)`: the states were stacked along axis 0.
# - `split at k and carried on` fails: the loop starts from zeros, or hands `h0` to every step.
#
# </details>


# %% exercise="gru_forward" points=2
def gru_forward(x, h0, W_xh, W_hh, b_xh, b_hh):
    """Return the hidden states of a GRU (reset after) over whole sequences; uses gru_cell_forward at every step.

    x: inputs (N, T, D)
    h0: hidden states before the first step (N, H)
    W_xh: input weights (D, 3H); W_hh: hidden weights (H, 3H); b_xh, b_hh: biases (3H,)
    Returns h_all: states after steps 1 .. T (N, T, H), in the dtype of the inputs; and
    caches: a list of T caches, one for each step.
    """
    ### BEGIN SOLUTION
    h, states, caches = h0, [], []
    for x_t in np.moveaxis(x, 1, 0):
        h, cache = gru_cell_forward(x_t, h, W_xh, W_hh, b_xh, b_hh)
        states.append(h)
        caches.append(cache)
    return np.stack(states, axis=1), caches
    ### END SOLUTION


# %% check="gru_forward"
check(gru_forward)

# %% [markdown] key="highway"
# Now the gradient can travel.
# Below, a GRU with random weights, as PyTorch draws them, reads 50 random inputs; a gradient of length 1 starts at the last state, and your backward pass carries it to the first.
# The update gate's bias is set to 0, 2 and 4, so that $z$ is about 0.5, 0.88 and 0.98.
# The fourth cell has $z = 0$ and $r = 1$, forced by biases of −40 and 40: that makes it a vanilla RNN.


# %% key="norms" tags=["demo"]
def gradient_lengths(update_bias, reset_bias=0.0, T=50, D=4, H=32, N=16):
    rng = np.random.default_rng(0)
    W_xh, W_hh = (rng.uniform(-1, 1, size=(rows, 3 * H)) / np.sqrt(H) for rows in (D, H))
    b_xh = np.repeat([reset_bias, update_bias, 0.0], H)  # (3H,)
    _, caches = gru_forward(rng.normal(size=(N, T, D)), np.zeros((N, H)), W_xh, W_hh, b_xh, np.zeros(3 * H))
    dh = rng.normal(size=(N, H))
    dh, lengths = dh / np.linalg.norm(dh), [1.0]
    for cache in reversed(caches):
        dh = gru_cell_backward(dh, cache)[1]
        lengths.append(np.linalg.norm(dh))
    return np.array(lengths)  # (T + 1,)


# %% key="highway-figure" tags=["demo"]
lengths = {f"update bias {bias}": gradient_lengths(bias) for bias in (4, 2, 0)}
lengths["vanilla RNN"] = gradient_lengths(-40.0, 40.0)
plots.show(
    plots.curves({name: np.log10(v) for name, v in lengths.items()}, "steps back + 1", "log10 of length"),
    alt="Length of the gradient, on a logarithmic scale, over fifty steps back. With update bias 4 it stays near "
    "its first value, with 2 it falls slowly; with 0 it falls fast, much as in the vanilla RNN.",
)
for name, v in lengths.items():
    print(f"{name}: per step {v[-1] ** (1 / 50):.2f}, after 50 steps {v[-1]:.0e}")

# %% [markdown] key="count-task"
# With $z$ near 1 more than a third of the gradient arrives after 50 steps; with the bias at 0, where PyTorch starts it, it shrinks by a third or more at every step, hardly better than in the vanilla RNN.
# So gates do not abolish the vanishing gradient.
# They make its speed something that can be learned, and set at the start: the update bias is for the GRU what the forget bias is for the LSTM.
#
# ## Exercise 4: param_count (1 point)
#
# **Write** the number of trainable numbers in one recurrent layer.
#
# **Difficulty** ●○○ · **Time** 5 min
#
# **In** `kind`: `"RNN"`, `"LSTM"` or `"GRU"`; `D`, `H`; `torch_biases`: `True` if each block has two biases, as in PyTorch, `False` if it has one
#
# **Out** an `int`; any other kind raises `ValueError`.
#
# **By hand** A GRU with D = 3, H = 2 and PyTorch's biases: each block has $3 \cdot 2 + 2 \cdot 2 = 10$ weights and $2 + 2$ biases; three blocks make 42.
#
# <details><summary>Hint 1: the idea</summary>
#
# All blocks of a layer have the same size, so one number per kind is enough to tell them apart.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# (number of blocks) · (D·H + H·H + (1 or 2)·H)
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# A dictionary maps the kind to its number of blocks: a vanilla RNN has one, a GRU has $r, z, n$, an LSTM $i, f, o, g$.
# Ask whether the kind is in it before you look it up, since square brackets would raise `KeyError`.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - The GRU's count is a third too small: it has two *gates*, but three blocks.
# - `KeyError: 'GRUU'`: the exercise asks for `ValueError`.
#
# </details>


# %% exercise="param_count" points=1
def param_count(kind, D, H, torch_biases):
    """Return the number of trainable parameters of one recurrent layer, without a read-out.

    kind: 'RNN', 'LSTM' or 'GRU'
    D: size of an input; H: size of the hidden state
    torch_biases: True if every block has two biases, False if it has one
    Returns an int.
    Raises ValueError for any other kind.
    """
    ### BEGIN SOLUTION
    blocks = {"RNN": 1, "GRU": 3, "LSTM": 4}
    if kind not in blocks:
        raise ValueError(f"kind must be one of {', '.join(blocks)}, not {kind!r}")
    biases = 2 if torch_biases else 1
    return blocks[kind] * (D * H + H * H + biases * H)
    ### END SOLUTION


# %% check="param_count"
check(param_count)

# %% [markdown] key="count-use"
# At D = H = 128, beside PyTorch's own count:

# %% key="counts" tags=["demo"]
for kind in ("RNN", "GRU", "LSTM"):
    layer = getattr(torch.nn, kind)(128, 128)
    print(f"{kind:<5}{param_count(kind, 128, 128, True):>8,}{sum(p.numel() for p in layer.parameters()):>9,}")

# %% [markdown] key="compare"
# Three quarters of the LSTM's weights: that is the GRU's saving.
#
# **Are two biases not one too many?**
# In a vanilla RNN and an LSTM the two are only ever added, so one would do.
# In a GRU with reset after, $b_{xn}$ and $b_{hn}$ are not interchangeable, because the reset gate multiplies one of them.
#
# Here are the three cells of the course side by side:
#
# | | vanilla RNN | LSTM | GRU |
# |---|---|---|---|
# | state that is carried | $h$ | $c$ and $h$ | $h$ |
# | gates | none | $i$, $f$, $o$ | $r$, $z$ |
# | layers in the cell | 1 | 4: $i, f, o, g$ | 3: $r, z, n$ |
# | memory is | overwritten: $\tanh(\dots)$ | $f \odot c + i \odot g$ | $z \odot h + (1 - z) \odot n$ |
# | keep and write are | – | two decisions | one decision |
# | range of the memory | −1 to 1 | unbounded | −1 to 1 |
# | what is shown outside | all | $o \odot \tanh(c)$ | all |
# | straight way for the gradient | none | times $f$ | times $z$ |
# | weights, for D = H | 1 | 4 | 3 |
# | paper | Elman 1990 | Hochreiter and Schmidhuber 1997, forget gate by Gers and others 2000 | Cho and others 2014 |
#
# ## A memory test: the adding problem
#
# A network reads T pairs of numbers.
# The first of each pair is random, between 0 and 1; the second is a marker, which is 1 at two places and 0 elsewhere.
# At the end it must give the sum of the two marked numbers.
# It has to notice two numbers among many, and hold them against all that comes in between.
#
# ## Exercise 5: adding_problem (2 points)
#
# **Write** a generator of such sequences.
#
# **Difficulty** ●●○ · **Time** 10–15 min
#
# **In** `N`: number of sequences; `T`: number of steps, at least 2; `rng`: a NumPy random generator, the only source of randomness
#
# **Out** `x` (N, T, 2): `x[:, :, 0]` uniform numbers between 0 and 1, `x[:, :, 1]` markers; and `y` (N,), the sums.
# One marker stands in the first half, steps 0 to `T // 2 - 1`, the other in the second half, steps `T // 2` to `T - 1`; within its half, each step is equally likely, for every sequence anew.
#
# **By hand** A sequence with T = 5:
#
# | step | 0 | 1 | 2 | 3 | 4 |
# |---|---|---|---|---|---|
# | number | 0.3 | **0.9** | 0.5 | **0.2** | 0.7 |
# | marker | 0 | 1 | 0 | 1 | 0 |
#
# The first half is steps 0 and 1, the second steps 2, 3 and 4, and $y = 0.9 + 0.2 = 1.1$.
#
# <details><summary>Hint 1: the idea</summary>
#
# Draw three things: all the numbers, a place in the first half for every sequence, a place in the second half for every sequence.
# The rest follows from them.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $y_n = x[n, a_n, 0] + x[n, b_n, 0]$ with $0 \le a_n < \lfloor T/2 \rfloor \le b_n < T$.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# Fill a zero array of shape (N, T, 2) with `rng.random` in its first channel.
# `rng.integers(low, high, size=N)` gives places; `high` itself is never drawn.
# Index with `np.arange(N)` and the places together to set one marker per sequence: `x[rows, places, 1]`.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `a sequence with 8 markers in its first half`: `x[:, places, 1] = 1` marks all drawn places in *every* sequence; pair each row with its own place.
# - `two generators with the same seed give different sequences`: something is drawn from `np.random` instead of `rng`.
# - `a sequence with 0 markers in its second half`: both places were drawn from the whole sequence.
#
# </details>


# %% exercise="adding_problem" points=2
def adding_problem(N, T, rng):
    """Return sequences of the adding problem, and their sums.

    N: number of sequences; T: number of steps, at least 2
    rng: numpy.random.Generator, from which everything is drawn
    Returns x (N, T, 2): uniform numbers in [0, 1) and markers, one in steps 0 .. T // 2 - 1 and one in the rest; and
    y (N,): the sum of the two marked numbers.
    Source: after Hochreiter and Schmidhuber (1997).
    """
    ### BEGIN SOLUTION
    x = np.zeros((N, T, 2))
    x[:, :, 0] = rng.random((N, T))
    every = np.arange(N)
    first, second = rng.integers(0, T // 2, size=N), rng.integers(T // 2, T, size=N)
    x[every, first, 1] = x[every, second, 1] = 1.0
    return x, x[every, first, 0] + x[every, second, 0]
    ### END SOLUTION


# %% check="adding_problem"
check(adding_problem)

# %% [markdown] key="baseline"
# How good is a network that has learned nothing but the average?
# The sum of two uniform numbers has mean 1 and variance $2 \cdot \frac{1}{12} = \frac{1}{6}$, so "always 1" has a mean squared error of about 0.167.
# Every other result must be measured against that.

# %% key="baseline-measured" tags=["demo"]
x, y = adding_problem(20_000, 30, np.random.default_rng(0))  # (20000, 30, 2), (20000,)
print(f"mean squared error of 'always 1': {np.mean((y - 1) ** 2):.3f}")
steps = [str(t) for t in range(10)]
plots.show(
    plots.heat_map(adding_problem(1, 10, np.random.default_rng(3))[0][0].T, ["number", "marker"], steps, "step"),
    alt="One sequence of the adding problem with ten steps: a row of random numbers between 0 and 1, and below "
    "a row of markers that is 1 once in the first five steps and once in the last five.",
)

# %% [markdown] key="network-given"
# Now a network must learn it.
# The following cell gives you two tools, so that your own code can concentrate on training:
# `network(kind, weights)` makes a PyTorch module from arrays, and `arrays(net)` turns it back into arrays.
# The module has two parts: `net.rnn`, a recurrent layer of any kind, and `net.readout`, a linear layer from H numbers to one.
# The kind `"IRNN"` is a vanilla RNN with ReLU in place of tanh, which will start from an identity matrix.


# %% key="network"
class Network(torch.nn.Module):
    """A recurrent layer that reads D = 2 numbers per step, and a linear layer that reads one number off a state."""

    def __init__(self, kind, H):
        super().__init__()
        layer = {"RNN": torch.nn.RNN, "IRNN": torch.nn.RNN, "LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU}[kind]
        options = {"nonlinearity": "relu"} if kind == "IRNN" else {}
        self.rnn = layer(2, H, batch_first=True, **options)
        self.readout = torch.nn.Linear(H, 1)


def network(kind, weights):
    """Return a Network with these weights (a dict of arrays), in their dtype."""
    state = {name: torch.tensor(value) for name, value in weights.items()}
    net = Network(kind, weights["readout.weight"].shape[1]).to(state["readout.weight"].dtype)
    net.load_state_dict(state)
    return net


def arrays(net):
    """Return the weights of a Network as a dict of arrays."""
    return {name: value.numpy().copy() for name, value in net.state_dict().items()}


# %% [markdown] key="train-task"
# ## Exercise 6: train_adding (2 points)
#
# **Write** the training loop.
# For every batch, in the order given: let the network read the sequences and guess from the *last* state, take the mean squared error, go backward, clip the gradients of all parameters together to the norm `max_norm`, take one step of Adam.
#
# **Difficulty** ●●○ · **Time** 15 min
#
# **In** `kind` and `weights`: for `network(kind, weights)`; `batches`: an iterable of pairs `(x, y)`, arrays of shape (N, T, 2) and (N,) in the dtype of the weights; `lr`: Adam's learning rate, its other settings as PyTorch has them; `max_norm`: the largest norm of the gradient
#
# **Out** a dict: under `"losses"` an array (S,) with the loss of each of the S batches, taken *before* its step; and the trained weights under the names they came with, as `arrays(net)` gives them.
#
# Since every batch is new to the network when its loss is taken, these losses are errors on fresh sequences.
#
# **By hand** For guesses $(0.8, 1.0)$ and sums $(1.1, 0.6)$ the loss is $(0.3^2 + 0.4^2)/2 = 0.125$.
#
# <details><summary>Hint 1: the idea</summary>
#
# Before the loop: a network and an optimizer that knows its parameters.
# In the loop: guess, loss, gradients, clipping, step.
# What must be done to the gradients of the previous batch?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $\text{loss} = \frac1N \sum_n (\text{guess}_n - y_n)^2$.
# Clipping by norm: if the length $\lVert g \rVert$ of all gradients together exceeds `max_norm`, they are all multiplied by `max_norm` $/ \lVert g \rVert$.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# `net.rnn(x)` returns two things; the first holds the states of all steps, (N, T, H), whatever the kind.
# The read-out gives (N, 1), so drop the last axis before you compare with `y` (N,).
# `torch.nn.utils.clip_grad_norm_` clips in place; call it between `backward` and `step`.
# `torch.as_tensor` makes tensors of arrays, and `loss.item()` makes a number of a loss.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `Using a target size (torch.Size([5])) that is different to the input size (torch.Size([5, 1]))`: the guesses still have their axis of length 1, and PyTorch makes a 5×5 table of differences.
# - `mat1 and mat2 must have the same dtype`: make tensors with `torch.as_tensor`, which keeps the dtype of the arrays.
# - Only the LSTM fails, with `'tuple' object`: the second thing that an LSTM returns is a pair; take the first thing.
# - The first loss is right and the later ones are off: the step differs; gradients not reset, not clipped, or clipped after the step.
#
# </details>


# %% exercise="train_adding" points=2
def train_adding(kind, weights, batches, lr, max_norm):
    """Return the losses and the trained weights of a network that learns the adding problem.

    kind, weights: what network(kind, weights) takes
    batches: iterable of S pairs x (N, T, 2), y (N,)
    lr: learning rate of Adam; max_norm: largest norm of all gradients together
    Returns a dict: 'losses' (S,), the mean squared error of each batch before the step on it; and the trained
    weights under their names.
    """
    ### BEGIN SOLUTION
    net = network(kind, weights)
    adam = torch.optim.Adam(net.parameters(), lr=lr)
    seen = []
    for x, y in batches:
        states, _ = net.rnn(torch.as_tensor(x))
        guess = net.readout(states[:, -1]).squeeze(-1)
        loss = torch.mean((guess - torch.as_tensor(y)) ** 2)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm)
        adam.step()
        seen.append(loss.item())
    return {"losses": np.array(seen), **arrays(net)}
    ### END SOLUTION


# %% check="train_adding"
check(train_adding)

# %% [markdown] key="race"
# ## Four cells race
#
# Sequences of 30 steps, 64 hidden units, batches of 64.
# Two cells start in a special way: the LSTM has a forget bias of 1, and the IRNN of Le and others begins with the identity matrix as $W_{hh}$ and zero biases, so that at first it copies its state from step to step.


# %% key="race-tools" tags=["demo"]
def first_weights(kind, H, seed):
    torch.manual_seed(seed)
    weights = arrays(Network(kind, H))
    if kind == "IRNN":
        weights |= {"rnn.weight_hh_l0": np.eye(H, dtype=np.float32)}
        weights |= {f"rnn.bias_{side}_l0": np.zeros(H, np.float32) for side in ("ih", "hh")}
    if kind == "LSTM":  # PyTorch's order is i, f, g, o, and its two biases are added
        weights["rnn.bias_ih_l0"][H : 2 * H], weights["rnn.bias_hh_l0"][H : 2 * H] = 1.0, 0.0
    return weights


def fresh_batches(steps, N, T, seed, name=""):
    rng = np.random.default_rng(seed)
    for step in range(steps):
        if name and step % 50 == 0:
            print(f"{name} " if step == 0 else ".", end="", flush=True)
        x, y = adding_problem(N, T, rng)
        yield x.astype(np.float32), y.astype(np.float32)


# %% key="race-run" tags=["demo"]
import time

race = {"RNN": (650, 1e-3), "IRNN": (550, 1e-3), "LSTM": (650, 5e-3), "GRU": (350, 5e-3)}  # steps, learning rate
results, seconds = {}, {}
for kind, (steps, lr) in race.items():  # about 10 to 30 s; a dot is 50 steps
    start = time.process_time()  # counts only the time that the processor works for us
    batches = fresh_batches(steps, 64, 30, seed=0, name=kind)
    results[kind] = train_adding(kind, first_weights(kind, 64, seed=0), batches, lr, max_norm=1.0)
    seconds[kind] = time.process_time() - start
    print(f" {seconds[kind]:.1f} s")

# %% [markdown] key="race-look"
# The curves show the loss, averaged over 20 batches:

# %% key="race-figure" tags=["demo"]
smooth = {kind: np.convolve(result["losses"], np.full(20, 1 / 20), "valid") for kind, result in results.items()}
plots.show(
    plots.curves(smooth, "training step", "mean squared error"),
    alt="Loss of four cells on the adding problem with 30 steps. The GRU "
    "and the IRNN fall to nearly zero within about 300 steps, the LSTM after about 500; the vanilla RNN stays near 0.167.",
)

# %% [markdown] key="race-saw"
# The vanilla RNN stays at the height of "always 1": in 650 steps it has learned the average and nothing more.
# The GRU is below 0.05 within 300 steps, the LSTM later, within 600.
# The IRNN gets there too, with no gate at all.
# That ReLU has no upper bound is a reason to start it carefully, and not, as some notes have it, a reason to avoid it.
#
# This is one task, one size, and one learning rate for each cell.
#
# Size, speed and accuracy in one table:

# %% key="race-table" tags=["demo"]
print(f"{'cell':<6}{'weights':>9}{'ms per step':>13}{'steps to 0.05':>15}{'last error':>12}")
for kind, curve in smooth.items():
    reached = np.flatnonzero(curve < 0.05)
    first = str(reached[0] + 20) if reached.size else "never"
    size = param_count(kind.removeprefix("I"), 2, 64, True)
    print(f"{kind:<6}{size:>9,}{1000 * seconds[kind] / race[kind][0]:>13.1f}{first:>15}{curve[-1]:>12.4f}")

# %% [markdown] key="speed"
# Look at the milliseconds per training step.
# "The GRU has fewer weights, so it is faster" is in many notes, and on the computers on which this course was written it was the other way round: a training step of the GRU took longer than one of the LSTM.
# On yours it may be different.
# Weights are counted on paper; seconds depend on how well somebody has programmed the cell for your processor.
# What the GRU saved here was steps.
#
# ## Watching the gates
#
# What has the trained GRU learned?
# Your `gru_forward` runs it, and the caches hold its gates.

# %% key="gates-run" tags=["demo"]
gru = results["GRU"]
cell = [gru[f"rnn.{name}_l0"].T for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
x, y = adding_problem(200, 30, np.random.default_rng(1))  # (200, 30, 2), (200,)
h_all, caches = gru_forward(x, np.zeros((200, 64)), *cell)  # (200, 30, 64)
guess = h_all[:, -1] @ gru["readout.weight"][0] + gru["readout.bias"]  # (200,)
r, z = (np.stack([cache[i] for cache in caches], axis=1) for i in (4, 5))  # (200, 30, 64) each
marked = x[:, :, 1] == 1  # (200, 30)
print(f"error on 200 new sequences: {np.mean((guess - y) ** 2):.4f}")
later = ~marked & (np.cumsum(marked, axis=1) > 0)  # (200, 30): unmarked steps after the first marker
for name, gate in (("z", z), ("r", r)):
    parts = {"before the first marker": ~marked & ~later, "at markers": marked, "later": later}
    print(f"mean {name}:", ", ".join(f"{gate[part].mean():.2f} {where}" for where, part in parts.items()))

# %% key="gates-figure" tags=["demo"]
plots.show(
    plots.gru.gate_maps({"update gate z": z[0].T, "reset gate r": r[0].T}, np.flatnonzero(marked[0])),
    alt="Two grey maps of 64 units by 30 steps, sorted by their mean. The map of z is grey before the first "
    "marked step, light at it, and dark, that is near 1, after it, except at the second one. The map of r is evenly grey.",
)

# %% [markdown] key="gates-saw"
# Triangles point at the two marked steps.
# Before the first of them there is nothing to remember, and $z$ is middling.
# At a marker it is lower than anywhere after it, and the number is let in; from then on $z$ is high, and what was let in is kept.
# The reset gate hardly takes part.
# Nobody told the network so; it found "once you have something, keep it, except at a marker" by following a gradient.
#
# ## Does the rule about small data hold?
#
# A rule that is often passed on as a fact says: with little data the GRU is better, because it has fewer weights; with much data the LSTM is.
# **Can you see what is missing?**
# There is no number in it: no task, no size, no error bar.
#
# So let us test it on one task.
# Both cells learn the adding problem with T = 10 and 32 units, once from 50 sequences that are shown again and again, once from 5,000.
# Both make 300 steps, and their error is measured on 2,000 sequences that they have never seen, which are given as the last batch.
# Three seeds each, since one run proves nothing.


# %% key="data-size" tags=["demo"]
def error_after(kind, size, seed, steps=300):
    rng = np.random.default_rng(seed)
    x, y = (array.astype(np.float32) for array in adding_problem(size, 10, rng))
    picks = [rng.permutation(size)[:50] for _ in range(steps)]
    new = tuple(array.astype(np.float32) for array in adding_problem(2000, 10, rng))
    batches = [(x[pick], y[pick]) for pick in picks] + [new]
    return train_adding(kind, first_weights(kind, 32, seed), batches, 5e-3, max_norm=1.0)["losses"][-1]


# %% key="data-size-run" tags=["demo"]
errors = {}
for kind in ("LSTM", "GRU"):  # about 8 to 20 s
    for size in (50, 5000):
        errors[kind, size] = [error_after(kind, size, seed) for seed in range(3)]
        print(kind, f"{size:>5} sequences: errors", " ".join(f"{e:.4f}" for e in errors[kind, size]))

# %% [markdown] key="data-size-saw"
# On this task the first half of the rule holds, and the second does not: with a hundred times the data the GRU is still ahead.
# That does not prove the opposite rule either.
# With more steps, other sizes, another task, the order may change; large comparisons, such as that of Jozefowicz and others, found no cell that wins everywhere.
# Where it matters, try both, with more than one seed.
#
# ## From LSTM to GRU
#
# The GRU was made from the LSTM by merging: forget and input gate into one, cell state and hidden state into one.
#
# ## Exercise 7: lstm_to_gru (2 points)
#
# **Write** a function that knows what became of each piece.
#
# **Difficulty** ●○○ · **Time** 5–10 min
#
# **In** `piece`: one of the seven names below
#
# **Out** one of `"z"`, `"1 - z"`, `"r"`, `"n"`, `"h"`, `"nothing"`, `"GRU"`, `"LSTM"`; an unknown name raises `KeyError`.
#
# **Points** in proportion to the answers that are right, rounded down: half of them are worth one point of two.
#
# | piece | question |
# |---|---|
# | `"forget gate f"` | what multiplies the old memory in a GRU of this unit? |
# | `"input gate i"` | what multiplies what is written? |
# | `"output gate o"` | what decides which part of the memory is shown? |
# | `"candidate g"` | what is written? |
# | `"cell state c"` | where is the memory kept? |
# | `"gate inside the candidate"` | which gate has no counterpart in the LSTM? |
# | `"fewer weights at equal H"` | which of the two cells has fewer? |
#
# **By hand** Put $c_t = f \odot c_{t-1} + i \odot g$ above $h_t = z \odot h_{t-1} + (1 - z) \odot n$.
# The last factors give one answer: the candidate $g$ became `"n"`.
# Of the other six names the check only says whether your function has one of the eight answers for them; whether it is the right one, the grading says.
#
# <details><summary>Hint 1: the idea</summary>
#
# Write both update equations with the old memory first, and compare them factor by factor.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# LSTM: memory = $f$ · old memory + $i$ · candidate, shown = $o$ · tanh(memory).
# GRU: memory = $z$ · old memory + $(1 - z)$ · candidate, shown = memory.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# A dictionary with seven entries, and square brackets to look one up.
# Three of the answers are gates or what is left of one, two are states or candidates, one is the name of a cell, and one says that there is no such thing.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `seen '1-z'`: it is spelled with spaces, `"1 - z"`.
# - `seen None`: no branch matched; compare the spelling of the name with the table.
#
# </details>


# %% exercise="lstm_to_gru" points=2
def lstm_to_gru(piece):
    """Return what became of a piece of the LSTM in the GRU of this unit.

    piece: one of the seven names in the table above
    Returns 'z', '1 - z', 'r', 'n', 'h', 'nothing', 'GRU' or 'LSTM'.
    Raises KeyError for an unknown name.
    """
    ### BEGIN SOLUTION
    return {
        "forget gate f": "z",
        "input gate i": "1 - z",
        "output gate o": "nothing",
        "candidate g": "n",
        "cell state c": "h",
        "gate inside the candidate": "r",
        "fewer weights at equal H": "GRU",
    }[piece]
    ### END SOLUTION


# %% check="lstm_to_gru"
check(lstm_to_gru)

# %% [markdown] key="closing"
# ## What you have seen
#
# - A GRU mixes old state and candidate; the update gate keeps or writes, the reset gate decides what the candidate may see of the past, and the gradient has a straight way back that only $z$ narrows.
# - "The GRU" is several: the reset gate stands before or after the product, $z$ keeps or writes, the blocks come in different orders; the differences fit every shape and change the numbers.
# - On the adding problem the GRU learned in fewer steps than the LSTM, with three quarters of its weights, and the vanilla RNN did not learn at all; fewer weights did not mean less time, and the rule about large data did not hold.
#
# ## Questions to think about
#
# <details><summary>An LSTM can set f = 1 and i = 1 at once and count upwards. Can a GRU?</summary>
#
# No. $z$ and $1 - z$ sum to 1, so the state is always an average of old state and candidate, and stays between −1 and 1 if it begins there.
# It can approach a limit in ever smaller steps, but it cannot add 1 again and again.
#
# </details>
#
# <details><summary>What does r = 0 do that z = 0 does not?</summary>
#
# With $z = 0$ the state is replaced by the candidate, which may still be computed from the old state.
# With $r = 0$ the candidate ignores the old state, but if $z$ is near 1 it is not written.
# Only both together start afresh.
#
# </details>
#
# <details><summary>You copy weights from PyTorch to Keras. Name three things to look after.</summary>
#
# Matrices are transposed; the blocks change from r, z, n to z, r, h; and Keras must have `reset_after=True`, so that there are two biases and the same equation.
#
# </details>
#
# <details><summary>In the race each cell had a learning rate of its own. Is that fair?</summary>
#
# The same rate for all would not be fairer, since cells differ in the rate that suits them.
# A serious comparison searches for the best rate of each cell, with the same effort, and reports several seeds.
# Here the rates were chosen coarsely by hand; that is enough to see who can learn the task, and not enough for a ranking.
#
# </details>
#
# ## What to read next
#
# - K. Cho and others, *Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine Translation*, EMNLP 2014 (arXiv 1406.1078): the GRU; compare equation 8 of versions 1 and 3.
# - J. Chung, C. Gulcehre, K. Cho, Y. Bengio, *Empirical Evaluation of Gated Recurrent Neural Networks on Sequence Modeling*, 2014 (arXiv 1412.3555): LSTM and GRU compared, without a clear winner.
# - R. Jozefowicz, W. Zaremba, I. Sutskever, *An Empirical Exploration of Recurrent Network Architectures*, ICML 2015: thousands of cells tried, and the forget bias of 1.
# - S. Hochreiter, J. Schmidhuber, *Long Short-Term Memory*, Neural Computation, 1997: the adding problem is one of its experiments.
# - Q. Le, N. Jaitly, G. Hinton, *A Simple Way to Initialize Recurrent Networks of Rectified Linear Units*, 2015 (arXiv 1504.00941): the IRNN.
#
# In unit 06 a recurrent network describes pictures.
