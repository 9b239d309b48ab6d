# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] key="title"
# # 04 The LSTM and its gates
#
# "She grew up in Moscow, moved three times, changed her job, and has been in Lisbon for years; her first language is ___."
# To fill the gap, you carry one word over twenty others.
# The vanilla RNN finds this hard, and the harder the longer it takes: on the way back, its gradient is multiplied by the same matrix at every step, and it shrinks (unit 03).
# The long short-term memory, LSTM, was built for this, and in this unit you build one.
#
# At the end you can
#
# - write an LSTM in NumPy, forwards and backwards, whose states and gradients are those of PyTorch's `nn.LSTM`;
# - say what each gate does, set gates by hand so that a cell remembers, and read them off a picture;
# - measure when an LSTM's gradient reaches far back and when it vanishes all the same, and choose its first biases accordingly.
#
# **You build** a long-lived memory, forward and backward.
# **Time** {minutes} minutes.
# **Points** {points}.
# **You need** the cell of unit 01 and the backward pass of unit 02; unit 03 tells why gradients vanish.
#
# The whole notebook runs in about a minute.

# %% key="imports"
import numpy as np
import torch

from rnnlab import check, handmade_lstm, plots

# %% [markdown] key="two-states"
# ## Two states instead of one
#
# The vanilla cell has one state, $h$, and writes all of it anew at every step: whatever should last must pass through a matrix and a tanh, again and again.
# The LSTM keeps a second vector beside it, the *cell state* $c$.
# The cell state is changed in two ways only: it is multiplied by a share between 0 and 1, and something is added to it.
# If the share is 1 and nothing is added, it goes on as it is, for as many steps as you like.

# %% key="cell-graph" tags=["demo"]
plots.show(
    plots.lstm_cell(),
    alt="An LSTM cell. The cell state runs along the top from c_t-1 to c_t, through a multiplication by f and an addition. "
    "Below it four layers f, i, g, o all read x_t and h_t-1. The product of i and g goes up into the addition. "
    "At the right c_t goes through a tanh and a multiplication by o and becomes h_t.",
)

# %% [markdown] key="formulas"
# Four layers read the input $x_t$ and the last hidden state $h_{t-1}$.
# Each is built like the vanilla cell: a sum, then a squashing function.
#
# $$a = x_t W_{xh} + h_{t-1} W_{hh} + b \qquad\qquad a = (a_i,\ a_f,\ a_o,\ a_g)$$
#
# $$i = \sigma(a_i) \qquad f = \sigma(a_f) \qquad o = \sigma(a_o) \qquad g = \tanh(a_g)$$
#
# $$c_t = f \odot c_{t-1} + i \odot g \qquad\qquad h_t = o \odot \tanh(c_t)$$
#
# The sign $\odot$ multiplies number by number, and $\sigma$ is the *sigmoid*, a curve from 0 to 1.
# One matrix product computes all four sums at once and is then cut into four blocks of H columns, so the weights are four times as wide as those of the vanilla cell: $W_{xh}$ (D, 4H), $W_{hh}$ (H, 4H), $b$ (4H,).
#
# | layer | name | says | 0 means | 1 means |
# |---|---|---|---|---|
# | $i$ | input gate | *whether* to write | write nothing | write all of $g$ |
# | $f$ | forget gate | whether to keep | reset to 0 | keep everything |
# | $o$ | output gate | which part of $c$ to show | keep it to itself | show all of $\tanh(c_t)$ |
# | $g$ | candidate | *what* to write, −1 to 1 | nothing | as much as possible upwards |
#
# Each of the H units has gates of its own, and each gate may stand anywhere in between.
# The hidden state $h_t$ goes two ways: up to the read-out, and on to the four layers of the next step.
# The cell state goes only to the next step; it holds the core, and $h$ is the part of it that is exposed.
#
# **Names.** The candidate $g$ is also written $\tilde c$, and PyTorch calls it the cell gate.
# Some notes call it "update gate"; that name belongs to the GRU of unit 05, and $g$ is no gate at all, since it can be negative.
#
# **Can you see what is wrong?**
# Four sentences from notes on the web:
#
# 1. "An LSTM has four layers: the cell state and three gates."
# 2. "The candidate $g$ decides how much of $i$ is added to the cell state."
# 3. "The output gate multiplies the cell state: $h_t = o \odot c_t$."
# 4. "In an LSTM the gradient does not vanish."
#
# <details><summary>What is wrong with the first three</summary>
#
# 1. The cell state is no layer, it has no weights. The four layers are $i$, $f$, $o$ and $g$.
# 2. The roles are swapped. The gate $i$ decides how much, and $g$ is what is added, with its sign.
# 3. It multiplies $\tanh(c_t)$. The cell state itself can grow beyond 1, as a counter does at the end of this unit.
#
# The fourth you will measure.
#
# </details>

# %% [markdown] key="sigmoid-task"
# ## Exercise 1: sigmoid (1 point)
#
# **Write** the sigmoid, so that it works for any number and NumPy has nothing to warn of.
#
# **Difficulty** ●●○ · **Time** 5–10 min
#
# **In** `x`: numbers, an array of any shape, floats or whole numbers
#
# **Out** an array of the same shape; float32 stays float32, whole numbers give float64
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}}$$
#
# **By hand** $\sigma(0) = 1/2$, and $\sigma(\ln 3) = 1/(1 + 1/3) = 3/4$.
# $\sigma(-1000)$ must be 0 without a warning, although $e^{1000}$ is too large for a float64.
#
# <details><summary>Hint 1: the idea</summary>
#
# A gate that is computed at every step of a training will meet large numbers.
# Written as above, the formula asks for $e^{1000}$ when $x = -1000$.
# Is there another way to write the same curve, in which nothing can become too large?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# The sigmoid is a tanh, squeezed and shifted: $\sigma(x) = \tfrac{1}{2}\left(1 + \tanh\tfrac{x}{2}\right)$.
# Or use $e^{-|x|}$, which is never more than 1, and tell the two signs of $x$ apart.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# With the tanh it is one line, and NumPy's tanh never overflows.
# With $e^{-|x|}$ mind that `np.where` computes both of its branches everywhere, so both must be harmless everywhere.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `RuntimeWarning: overflow encountered in exp`: somewhere the exponent is large and positive.
# - `only 0-dimensional arrays can be converted to Python scalars`: `math.exp` takes one number, `np.exp` an array.
# - `the result is float64`, expected float32: an array made by `np.zeros` or `np.ones` is float64 unless it is told otherwise.
#
# </details>


# %% exercise="sigmoid" points=1
def sigmoid(x):
    """Return the sigmoid of every number, without overflow.

    x: array of any shape, floats or whole numbers
    Returns an array of the shape of x with numbers from 0 to 1; the dtype of x, or float64 if x holds whole numbers.
    """
    ### BEGIN SOLUTION
    return 0.5 * (1.0 + np.tanh(0.5 * x))
    ### END SOLUTION


# %% check="sigmoid"
check(sigmoid)

# %% [markdown] key="why-sigmoid"
# Why a sigmoid for the gates and a tanh for the candidate?
# A gate is a share, so it must lie between 0 and 1; a sum of 5 is nearly open, a sum of −5 nearly shut.
# A candidate is a value, and a memory should be able to go down as well as up.

# %% key="shares" tags=["demo"]
sums = np.array([-10.0, -5.0, 0.0, 1.0, 2.0, 3.0, 5.0, 10.0])
for a, share in zip(sums, sigmoid(sums), strict=True):
    print(f"sum {a:+5.0f}   share {share:.5f}   left after 50 steps {share**50:.1e}")

# %% [markdown] key="cell-task"
# The last column is worth a thought: a forget gate that keeps 73 % of the memory (sum 1) keeps less than a millionth of it over 50 steps, and one with 95 % (sum 3) about 9 %.
# Remembering for long takes a gate that is very nearly 1.
#
# ## Exercise 2: lstm_cell_forward (5 points)
#
# **Write** one step of the LSTM for a batch of sequences.
#
# **Difficulty** ●●○ · **Time** 15 min
#
# **In** `x_t` (N, D), `h_prev` (N, H), `c_prev` (N, H), `W_xh` (D, 4H), `W_hh` (H, 4H), `b` (4H,); the blocks of H columns stand in the order **i, f, o, g**
#
# **Out** `h_t` (N, H), `c_t` (N, H), in the dtype of the inputs, and `cache`, which the backward pass will read.
# This time its form is fixed, a tuple of ten arrays:
#
# | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 |
# |---|---|---|---|---|---|---|---|---|---|
# | `x_t` | `h_prev` | `c_prev` | `i` | `f` | `o` | `g` | `c_t` | `W_xh` | `W_hh` |
#
# **By hand** One sequence, D = H = 1, so each block is one column:
#
# $$x_t = 1 \quad h_{t-1} = 0.5 \quad c_{t-1} = 2 \quad W_{xh} = (1,\ 0,\ 1,\ 0) \quad W_{hh} = (-2,\ 4,\ 2,\ 2) \quad b = (0,\ -1,\ 0,\ -0.5)$$
#
# - the sums: $a = (1, 0, 1, 0) + (-1, 2, 1, 1) + (0, -1, 0, -0.5) = (0,\ 1,\ 2,\ 0.5)$
# - the layers: $i = \sigma(0) = 0.5$, $f = \sigma(1) = 0.731$, $o = \sigma(2) = 0.881$, $g = \tanh(0.5) = 0.462$
# - the cell state: $c_t = 0.731 \cdot 2 + 0.5 \cdot 0.462 = 1.462 + 0.231 = 1.693$
# - the hidden state: $h_t = 0.881 \cdot \tanh(1.693) = 0.881 \cdot 0.935 = 0.823$
#
# <details><summary>Hint 1: the idea</summary>
#
# First all four sums in one go, then cut, then squash each block in its own way.
# Where does the old cell state come in, and what happens to it there?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $c_t = f \odot c_{t-1} + i \odot g$, then $h_t = o \odot \tanh(c_t)$: the tanh inside, the gate outside.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# The sum of two matrix products and the bias has the shape (N, 4H).
# `np.split` with 4 parts along axis 1 cuts it; so do slices such as `H` to `2H`.
# Three blocks go through your `sigmoid`, the last through the tanh.
# In NumPy `*` multiplies number by number.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `operands could not be broadcast together with shapes (3,20) (3,5)`: a block was not cut out before it met a state.
# - `array split does not result in an equal division`: the split goes along axis 0; the blocks stand side by side.
# - Half of the numbers are right: the order of the blocks is not i, f, o, g. PyTorch's order is another one, see exercise 4.
#
# </details>


# %% exercise="lstm_cell_forward" points=5
def lstm_cell_forward(x_t, h_prev, c_prev, W_xh, W_hh, b):
    """Return the next hidden state and cell state of an LSTM, and what its backward pass will need.

    x_t: inputs of this step (N, D)
    h_prev, c_prev: hidden states and cell states before this step (N, H)
    W_xh: input weights (D, 4H); W_hh: hidden weights (H, 4H); b: bias (4H,); blocks in the order i, f, o, g
    Returns h_t (N, H) and c_t (N, H), in the dtype of the inputs; and
    cache: the tuple (x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh).
    Source: Hochreiter and Schmidhuber (1997), with the forget gate of Gers and others (2000).
    """
    ### BEGIN SOLUTION
    a_i, a_f, a_o, a_g = np.split(x_t @ W_xh + h_prev @ W_hh + b, 4, axis=1)
    i, f, o, g = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_g)
    c_t = f * c_prev + i * g
    h_t = o * np.tanh(c_t)
    return h_t, c_t, (x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh)
    ### END SOLUTION


# %% check="lstm_cell_forward"
check(lstm_cell_forward)

# %% [markdown] key="three-deeds"
# What can such a cell do?
# Below its biases push every gate fully open or shut, so that nothing else counts.
# The cell state before the step is 0.8, and the candidate is −0.5.

# %% key="open-and-shut" tags=["demo"]
OPEN, SHUT = 20.0, -20.0
deeds = {
    "keep": (SHUT, OPEN, OPEN),
    "reset": (SHUT, SHUT, OPEN),
    "write": (OPEN, SHUT, OPEN),
    "hide": (SHUT, OPEN, SHUT),
}
zero = np.zeros((1, 1))
for deed, (i, f, o) in deeds.items():
    b = np.array([i, f, o, np.arctanh(-0.5)])
    h, c, _ = lstm_cell_forward(zero, zero, np.full((1, 1), 0.8), np.zeros((1, 4)), np.zeros((1, 4)), b)
    print(
        f"{deed:6} i {sigmoid(i):.0f}  f {sigmoid(f):.0f}  o {sigmoid(o):.0f}   c {c.item():+.2f}   h {h.item():+.2f}"
    )

# %% [markdown] key="forward-task"
# With $f = 1$ and $i = 0$ the cell keeps 0.8; with both at 0 it is reset; with $f = 0$ and $i = 1$ it takes over the candidate.
# In the last row it keeps its memory and says nothing about it.
#
# ## Exercise 3: lstm_forward (3 points)
#
# **Write** the forward pass over a whole sequence: call your `lstm_cell_forward` at every step.
#
# **Difficulty** ●○○ · **Time** 10 min
#
# **In** `x` (N, T, D), `h0` (N, H), `c0` (N, H), and the cell's `W_xh`, `W_hh`, `b`
#
# **Out** `h_all` (N, T, H), the hidden states $h_1$ to $h_T$; `c_T` (N, H), the cell state after the last step; and `caches`, a list with the cache of each step
#
# **By hand** One sequence, D = H = 1, all weights and biases 0 except that the candidate's input weight is 1.
# Then every gate is $\sigma(0) = 1/2$, and $g = \tanh(x_t)$.
# The input is 1, 0, 0, and the states before it are $h_0 = 0$, $c_0 = 2$:
#
# - $c_1 = 0.5 \cdot 2 + 0.5 \cdot 0.7616 = 1.3808$, and $h_1 = 0.5 \tanh(1.3808) = 0.4406$
# - $c_2 = 0.5 \cdot 1.3808 + 0 = 0.6904$, and $h_2 = 0.2991$
# - $c_3 = 0.5 \cdot 0.6904 + 0 = 0.3452$, and $h_3 = 0.1661$
#
# <details><summary>Hint 1: the idea</summary>
#
# It is the loop of unit 01, with two states to carry instead of one.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $(h_t, c_t) = \text{cell}(x_t, h_{t-1}, c_{t-1})$ for $t = 1, \dots, T$, beginning with the $h_0$ and $c_0$ that were given.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# Before the loop, two variables hold `h0` and `c0`.
# In the loop, the cell gets both and gives back both, in the same order; append `h` and the cache to two lists.
# After the loop, stack the hidden states along a new axis 1; the cell state is the one that is left over.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `too many values to unpack (expected 2)`: your cell returns three things.
# - `h_all has shape (6, 2, 4)`: the states were stacked along axis 0.
# - The first step is right and the second is not: one of the two states is not carried on.
#
# </details>


# %% exercise="lstm_forward" points=3
def lstm_forward(x, h0, c0, W_xh, W_hh, b):
    """Return the states of an LSTM over whole sequences; uses lstm_cell_forward at every step.

    x: inputs (N, T, D)
    h0, c0: hidden states and cell states before the first step (N, H)
    W_xh: input weights (D, 4H); W_hh: hidden weights (H, 4H); b: bias (4H,); blocks in the order i, f, o, g
    Returns h_all: hidden states after steps 1 .. T (N, T, H); c_T: cell states after step T (N, H); both in the
    dtype of the inputs; and caches: a list of T caches, one for each step.
    """
    ### BEGIN SOLUTION
    h, c, states, caches = h0, c0, [], []
    for t in range(x.shape[1]):
        h, c, cache = lstm_cell_forward(x[:, t], h, c, W_xh, W_hh, b)
        states.append(h)
        caches.append(cache)
    return np.stack(states, axis=1), c, caches
    ### END SOLUTION


# %% check="lstm_forward"
check(lstm_forward)

# %% [markdown] key="torch-task"
# Is this the LSTM that everybody uses?
# To compare, your network and `nn.LSTM` need the same weights, and PyTorch stores them in its own way.
#
# | | this course | PyTorch |
# |---|---|---|
# | blocks | i, f, **o, g** | i, f, **g, o** |
# | input weights | `W_xh` (D, 4H) | `weight_ih_l0` (4H, D) |
# | hidden weights | `W_hh` (H, 4H) | `weight_hh_l0` (4H, H) |
# | bias | `b` (4H,) | `bias_ih_l0` and `bias_hh_l0`, (4H,) each, which are added |
#
# A wrong order is a mean mistake: a network that trains itself with its own order works well, and a gradient check finds nothing.
# It shows only where weights come from elsewhere.
#
# ## Exercise 4: lstm_from_torch (2 points)
#
# **Write** the conversion of PyTorch's weights into ours.
#
# **Difficulty** ●●○ · **Time** 10 min
#
# **In** `state`: a dict with the four NumPy arrays of the right column
#
# **Out** a dict with the keys `W_xh`, `W_hh` and `b`
#
# **By hand** D = H = 1, so each block is one row in PyTorch and one column here:
#
# | | i | f | g | o | becomes | i | f | o | g |
# |---|---|---|---|---|---|---|---|---|---|
# | `weight_ih_l0` | 1 | 2 | 3 | 4 | `W_xh` | 1 | 2 | 4 | 3 |
# | `weight_hh_l0` | 5 | 6 | 7 | 8 | `W_hh` | 5 | 6 | 8 | 7 |
# | `bias_ih_l0` | 0.1 | 0.2 | 0.3 | 0.4 | `b` | 1.1 | 1.2 | 1.4 | 1.3 |
# | `bias_hh_l0` | 1 | 1 | 1 | 1 | | | | | |
#
# <details><summary>Hint 1: the idea</summary>
#
# Three things happen: two biases become one, two blocks change places in everything, and the matrices are turned over.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# In PyTorch the blocks lie one above the other along axis 0, H rows each.
# The third goes to the end.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# Write a helper inside the function: cut an array into four along axis 0, join the parts in the new order, transpose.
# A transposed vector is the same vector, so the helper serves for the bias as well.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `W_xh has shape (20, 3)`: the matrix is not transposed.
# - The shapes are right and half of the numbers are off: the order of the blocks, or a `reshape` where a transpose is due.
# - `KeyError: 'weight_ih'`: the names end in `_l0`, for layer 0.
#
# </details>


# %% exercise="lstm_from_torch" points=2
def lstm_from_torch(state):
    """Return the weights of a one-layer nn.LSTM in the form of this course.

    state: a dict of arrays: weight_ih_l0 (4H, D), weight_hh_l0 (4H, H), bias_ih_l0 (4H,), bias_hh_l0 (4H,), with
    blocks in the order i, f, g, o
    Returns a dict with W_xh (D, 4H), W_hh (H, 4H), b (4H,), with blocks in the order i, f, o, g.
    """

    ### BEGIN SOLUTION
    def turned(blocks):
        i, f, g, o = np.split(blocks, 4)
        return np.concatenate([i, f, o, g]).T

    return {
        "W_xh": turned(state["weight_ih_l0"]),
        "W_hh": turned(state["weight_hh_l0"]),
        "b": turned(state["bias_ih_l0"] + state["bias_hh_l0"]),
    }
    ### END SOLUTION


# %% check="lstm_from_torch"
check(lstm_from_torch)

# %% [markdown] key="same-states"
# Now the comparison, in float64, with states that do not start from zero:

# %% key="same-states-check" tags=["demo"]
torch.set_num_threads(1)  # networks so small are faster without helpers
torch.manual_seed(0)
theirs = torch.nn.LSTM(3, 5, batch_first=True, dtype=torch.float64)  # D = 3, H = 5
ours = lstm_from_torch({name: weight.numpy() for name, weight in theirs.state_dict().items()})
x, h0, c0 = (torch.randn(size, dtype=torch.float64) for size in [(2, 7, 3), (2, 5), (2, 5)])
h_all, c_T, caches = lstm_forward(x.numpy(), h0.numpy(), c0.numpy(), **ours)  # (2, 7, 5), (2, 5), 7 caches
with torch.no_grad():
    their_h, (_, their_c) = theirs(x, (h0[None], c0[None]))  # (2, 7, 5), (1, 2, 5)
print(
    f"largest difference in h {np.abs(h_all - their_h.numpy()).max():.0e}, in c {np.abs(c_T - their_c[0].numpy()).max():.0e}"
)

# %% [markdown] key="memory-task"
# The states agree to the last digits of a float64: below 1e-15 or so.
#
# ## A memory made by hand
#
# Before anything is trained, set the weights yourself.
# A unit receives a value at every step, mostly noise, and a *flag*, which is 1 when the value is worth keeping and 0 otherwise.
#
# ## Exercise 5: handmade_memory (3 points)
#
# **Write** weights for H units with D = H + 1 inputs: input $j$ is the value for unit $j$, and the last input is the flag, for all of them.
#
# **Difficulty** ●●● · **Time** 15–20 min
#
# **In** `H`, the number of units
#
# **Out** a dict with `W_xh` (H+1, 4H), `W_hh` (H, 4H) and `b` (4H,), with which, each within 5 %,
#
# - a flagged step with values of +1 and −1 writes them into $c$, and what was there before is gone;
# - 50 steps without a flag leave $c$ as it is, also if the values are noise (normal, standard deviation 1);
# - $h$ shows $\tanh(c)$ at every step.
#
# **By hand** Each gate needs two numbers: its bias rules when there is no flag, and bias plus flag weight when there is one.
#
# | layer | without flag | with flag |
# |---|---|---|
# | $i$ | shut | open |
# | $f$ | open | ? |
# | $o$ | ? | ? |
#
# How far open is open?
# A forget gate with sum 4 keeps 0.982 per step and 41 % over 49 steps; with sum 7 it keeps 0.9991 and 96 %; with sum 10, 99.8 %.
#
# <details><summary>Hint 1: the idea</summary>
#
# The units need not know of each other, and the gates need not look at the values.
# So most weights are 0, $W_{hh}$ altogether.
# Which numbers of $W_{xh}$ must not be?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# Sums of ±10 are open or shut for every purpose here.
# From −10 without the flag to +10 with it takes a bias of −10 and a flag weight of 20.
# The candidate must give about 1 for a value of 1; $\tanh(1)$ is only 0.76, but $\tanh(3)$ is 0.995.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# Start from zeros.
# In the last row of `W_xh`, which belongs to the flag, fill the block of $i$ and the block of $f$; these two react to the flag, in opposite directions.
# In the rows above, the block of $g$ is a diagonal matrix (`np.eye`).
# Fill the blocks of `b` for $i$, $f$ and $o$.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `c 49 silent steps after the flagged one = 0.41, expected 0.995`: the forget gate is not open far enough.
# - `c after a flagged step that starts from c = 3 = 3.99`: the forget gate does not shut when the flag is up.
# - `c after 49 steps of noise`: the input gate is not shut far enough when the flag is down.
#
# </details>


# %% exercise="handmade_memory" points=3
def handmade_memory(H):
    """Return weights with which H units keep the values of the last flagged step.

    H: number of units; inputs 0 .. H - 1 are the units' values, input H is the flag (0 or 1)
    Returns a dict with W_xh (H + 1, 4H), W_hh (H, 4H), b (4H,), blocks in the order i, f, o, g.
    """
    ### BEGIN SOLUTION
    W_xh, W_hh, b = np.zeros((H + 1, 4 * H)), np.zeros((H, 4 * H)), np.zeros(4 * H)
    b[:H], W_xh[H, :H] = -10, 20
    b[H : 2 * H], W_xh[H, H : 2 * H] = 10, -20
    b[2 * H : 3 * H] = 10
    W_xh[:H, 3 * H :] = 3 * np.eye(H)
    return {"W_xh": W_xh, "W_hh": W_hh, "b": b}
    ### END SOLUTION


# %% check="handmade_memory"
check(handmade_memory)

# %% [markdown] key="memory-map"
# Here is your cell at work on 50 steps of noise, with the flag up at step 0 and, for a second value, at step 25.
# The strips of $i$, $f$ and $o$ go from white (0) to black (1); the others carry their signs.

# %% key="handmade-map" tags=["demo"]
x = handmade_lstm.flagged_values(H=1, steps=50, noise=1.0, seed=3)  # (1, 50, 2): value, flag
x[0, 25] = [-x[0, 0, 0], 1.0]  # the other sign, flagged
h_all, c_T, caches = lstm_forward(x, np.zeros((1, 1)), np.zeros((1, 1)), **handmade_memory(1))
rows = {"value": x[0, :, 0], "flag": x[0, :, 1]}
rows |= {f"${name}$": [cache[k].item() for cache in caches] for name, k in zip("ifogc", (3, 4, 5, 6, 7), strict=True)}
rows["$h$"] = h_all[0, :, 0]
steps = [str(t) if t % 5 == 0 else "" for t in range(50)]
plots.show(
    plots.gate_map(rows, steps, "step"),
    alt="Eight strips over 50 steps. The value and the candidate g change sign at random. The flag is up at steps 0 and 25. "
    "The input gate is open and the forget gate shut exactly there. The output gate is always open. "
    "The cell state and h keep one sign from step 0 to 24 and the other from step 25 to 49.",
)

# %% [markdown] key="back-task"
# The candidate $g$ follows the noise at every step, and $c$ does not mind, because $i$ is shut.
# This is what the gates are for; whether training finds such weights is another question, and it depends on the way back.
#
# ## The way back
#
# Let $dc$ stand for the gradient of the loss with respect to $c_t$, and so on.
# In the figure the gradient travels from right to left along the cell state.

# %% key="highway" tags=["demo"]
plots.show(
    plots.lstm_cell(backward=True),
    alt="The LSTM cell again, with the gradient drawn as arrows from right to left above the cell state. "
    "At the plus sign dc is handed on unchanged in two directions, to the left and down to i and g. "
    "At the multiplication by f it becomes dc times f and leaves to the left.",
)

# %% [markdown] key="back-formulas"
# At the plus sign the gradient is *distributed*: both terms of a sum get all of it, unchanged.
# At the multiplication it is multiplied by $f$, and leaves the cell as $dc_{t-1} = dc \odot f$: no matrix, no tanh.
# Where the vanilla cell multiplies by $W_{hh}$ and a slope at each step, the cell state multiplies by a gate, and the network can learn to keep that gate open.
#
# For a whole step, two gradients arrive: `dh` at $h_t$ and `dc` at $c_t$, the latter from the step after.
# But $c_t$ has a second way to the loss, through $h_t$, so what arrives there is added:
#
# $$dc \leftarrow dc + dh \odot o \odot (1 - \tanh^2 c_t)$$
#
# From this sum everything follows, since in a product each factor gets the gradient times the *other* factor:
#
# $$di = dc \odot g \qquad df = dc \odot c_{t-1} \qquad dg = dc \odot i \qquad dc_{t-1} = dc \odot f \qquad do = dh \odot \tanh c_t$$
#
# Then each layer's slope, $s(1-s)$ for a sigmoid with value $s$ and $1 - g^2$ for the tanh:
#
# $$da = \big(di \odot i(1-i),\quad df \odot f(1-f),\quad do \odot o(1-o),\quad dg \odot (1-g^2)\big)$$
#
# And then, with $da$ (N, 4H), the same five lines as for the vanilla cell, because the sums are the same:
#
# $$dx_t = da\, W_{xh}^\top \quad dh_{t-1} = da\, W_{hh}^\top \quad dW_{xh} = x_t^\top da \quad dW_{hh} = h_{t-1}^\top da \quad db = \textstyle\sum_n da_n$$
#
# **Can you see what is wrong?**
# A published solution has the line `df = dc + dh * o * (1 - np.tanh(c_t) ** 2) * c_prev`.
#
# <details><summary>What is wrong</summary>
#
# Brackets are missing: the sum must be multiplied by `c_prev` as a whole, but here only its second part is.
# With `dc = 0`, which is what some tests use, nobody notices.
# Give the sum a name first, and the mistake cannot happen.
#
# </details>
#
# ## Exercise 6: lstm_cell_backward (6 points)
#
# **Write** the backward pass of one step.
#
# **Difficulty** ●●● · **Time** 20–30 min
#
# **In** `dh` (N, H), `dc` (N, H): the gradients that arrive at $h_t$ and $c_t$; `cache`: the tuple of exercise 2
#
# **Out** `dx` (N, D), `dh_prev` (N, H), `dc_prev` (N, H), `dW_xh` (D, 4H), `dW_hh` (H, 4H), `db` (4H,), in this order and in the dtype of the inputs
#
# **By hand** D = H = 1, with $x_t = 1$, $h_{t-1} = 0.5$, $c_{t-1} = 2$, $i = 0.5$, $f = 0.75$, $o = 0.9$, $g = 0.5$, hence $c_t = 1.75$; $W_{xh} = (1, 0, 1, 0)$, $W_{hh} = (-2, 4, 2, 2)$.
# Let $dh = 0$ and $dc = 1$, so that the sum is 1:
#
# - the layers: $di = 0.5$, $df = 2$, $do = 0$, $dg = 0.5$; and past them $dc_{t-1} = 0.75$
# - their slopes: $da = (0.5 \cdot 0.25,\ 2 \cdot 0.1875,\ 0,\ 0.5 \cdot 0.75) = (0.125,\ 0.375,\ 0,\ 0.375)$
# - to the left: $dx = 0.125$, and $dh_{t-1} = -0.25 + 1.5 + 0 + 0.75 = 2$
# - to the weights: $dW_{xh} = 1 \cdot da$, $dW_{hh} = 0.5 \cdot da$, $db = da$
#
# <details><summary>Hint 1: the idea</summary>
#
# Go through the figure from right to left and ask at each place: what arrives, and by what is it multiplied?
# What is used twice on the way forward collects two gradients on the way back.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# All of it stands above.
# Compute $\tanh c_t$ once; it is needed twice, with a square and without.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# Unpack the cache into ten names.
# Make the complete gradient of $c_t$ as a *new* array (`dc = dc + ...`; with `+=` the caller's array changes).
# Join the four blocks along axis 1, in the order i, f, o, g, and the last five gradients are one line each.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `db has shape (1, 20)`: sum over axis 0 without `keepdims`.
# - `too many values to unpack`: the cache holds ten arrays.
# - Right for dc = 0, wrong otherwise: a bracket is missing, or `dc_prev` uses the sum and another line does not.
# - `changes dc in place`: a remark, not a fault; the `+=` above.
#
# </details>


# %% exercise="lstm_cell_backward" points=6
def lstm_cell_backward(dh, dc, cache):
    """Return the gradients of one LSTM step.

    dh, dc: gradients of the loss with respect to h_t and c_t (N, H)
    cache: the tuple (x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh) of lstm_cell_forward
    Returns dx (N, D), dh_prev (N, H), dc_prev (N, H), dW_xh (D, 4H), dW_hh (H, 4H), db (4H,).
    """
    ### BEGIN SOLUTION
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    tanh_c = np.tanh(c_t)
    dc = dc + dh * o * (1 - tanh_c**2)
    da_i = dc * g * i * (1 - i)
    da_f = dc * c_prev * f * (1 - f)
    da_o = dh * tanh_c * o * (1 - o)
    da_g = dc * i * (1 - g**2)
    da = np.concatenate([da_i, da_f, da_o, da_g], axis=1)
    return da @ W_xh.T, da @ W_hh.T, dc * f, x_t.T @ da, h_prev.T @ da, da.sum(axis=0)
    ### END SOLUTION


# %% check="lstm_cell_backward"
check(lstm_cell_backward)

# %% [markdown] key="sequence-back-task"
# The check hands caches of its own to your function, so a slip in exercise 2 does not matter here.
#
# ## Exercise 7: lstm_backward (4 points)
#
# **Write** the backward pass over the whole sequence: call your `lstm_cell_backward` from the last step to the first.
#
# **Difficulty** ●●○ · **Time** 15–20 min
#
# **In** `dh_all` (N, T, H): the gradient that arrives at each $h_t$ from above; `dc_T` (N, H): the one at the last cell state; `caches`: the list of `lstm_forward`
#
# **Out** a dict with the keys `dx` (N, T, D), `dh0` (N, H), `dc0` (N, H), `dW_xh`, `dW_hh`, `db`
#
# **By hand** Two steps with D = H = 1, all gates 1/2, weights 0, inputs 1 and 0; $g$ is 0.5 and then 0, the cell states are $c_0 = 2$, $c_1 = 1.25$, $c_2 = 0.625$.
# Nothing comes from above (`dh_all` = 0), and `dc_T` = 1.
#
# - step 2: $dc = 1$, so $da = (0,\ 1.25 \cdot 0.25,\ 0,\ 0.5) = (0,\ 0.3125,\ 0,\ 0.5)$, and 0.5 is passed on
# - step 1: $dc = 0.5$, so $da = (0.25 \cdot 0.25,\ 1 \cdot 0.25,\ 0,\ 0.25 \cdot 0.75) = (0.0625,\ 0.25,\ 0,\ 0.1875)$, and 0.25 is passed on
# - $dc_0 = 0.25$, and $db$ is the sum of both, $(0.0625,\ 0.5625,\ 0,\ 0.6875)$
#
# <details><summary>Hint 1: the idea</summary>
#
# A hidden state is used twice, by its own read-out and by the next step, so two gradients arrive at it.
# A cell state is used by the next step; at the end `dc_T` takes that place.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# For $t = T, \dots, 1$: the cell gets `dh_all` of step $t$ plus the `dh_prev` of step $t+1$, and the `dc_prev` of step $t+1$.
# The gradients of the weights are summed over all steps.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# Two variables carry what comes from the right: one starts as zeros, the other as `dc_T`.
# In the loop over `reversed(range(T))`, call the cell, let the two variables be what it passes on, keep `dx`, and add up the rest.
# When the loop is over, the two variables are `dh0` and `dc0`.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - Only the last step of `dx` is right: nothing is carried from step to step. This is the commonest wrong answer, and even printed solutions have it.
# - `dx` is right, `dW_xh` is not: `=` in the loop where `+=` is due.
# - `dx ... the axes stand in another order`: stack along axis 1.
#
# </details>


# %% exercise="lstm_backward" points=4
def lstm_backward(dh_all, dc_T, caches):
    """Return the gradients of an LSTM over whole sequences; uses lstm_cell_backward at every step.

    dh_all: gradients that arrive at h_1 .. h_T from above (N, T, H)
    dc_T: gradient that arrives at the last cell state (N, H)
    caches: the list of T caches of lstm_forward
    Returns a dict with dx (N, T, D), dh0 (N, H), dc0 (N, H), dW_xh (D, 4H), dW_hh (H, 4H), db (4H,).
    """
    ### BEGIN SOLUTION
    dh, dc, dx, sums = np.zeros_like(dc_T), dc_T, [], [0, 0, 0]
    for t in reversed(range(len(caches))):
        dx_t, dh, dc, *step = lstm_cell_backward(dh_all[:, t] + dh, dc, caches[t])
        dx.insert(0, dx_t)
        sums = [total + part for total, part in zip(sums, step, strict=True)]
    return {"dx": np.stack(dx, axis=1), "dh0": dh, "dc0": dc, "dW_xh": sums[0], "dW_hh": sums[1], "db": sums[2]}
    ### END SOLUTION


# %% check="lstm_backward"
check(lstm_backward)

# %% [markdown] key="same-gradients"
# And again the comparison with PyTorch, which finds its gradients by itself.
# The loss is a random sum of all hidden states and of the last cell state, so that a gradient arrives everywhere.

# %% key="same-gradients-check" tags=["demo"]
x, h0, c0 = (torch.randn(size, dtype=torch.float64) for size in [(2, 7, 3), (2, 5), (2, 5)])
dh_all, dc_T = torch.randn(2, 7, 5, dtype=torch.float64), torch.randn(2, 5, dtype=torch.float64)
x.requires_grad_()
their_h, (_, their_c) = theirs(x, (h0[None], c0[None]))
((their_h * dh_all).sum() + (their_c[0] * dc_T).sum()).backward()
_, _, caches = lstm_forward(x.detach().numpy(), h0.numpy(), c0.numpy(), **ours)
mine = lstm_backward(dh_all.numpy(), dc_T.numpy(), caches)
their_weights = lstm_from_torch({name: weight.grad.numpy() for name, weight in theirs.named_parameters()})
print(f"largest difference in dx    {np.abs(mine['dx'] - x.grad.numpy()).max():.0e}")
print(f"largest difference in dW_hh {np.abs(mine['dW_hh'] - their_weights['W_hh']).max():.0e}")

# %% [markdown] key="does-it-vanish"
# Your gradients are PyTorch's.
#
# ## Does the gradient vanish?
#
# "In an LSTM the gradient does not vanish", say the notes.
# You know what it is multiplied by at each step: by $f$.
# So it depends on where the forget gate stands, and at the beginning of a training that is decided by its bias: with small weights, $f \approx \sigma(b_f)$.
#
# Below, fresh LSTMs with 64 units read 50 random inputs, PyTorch takes the gradient of a loss at the last step, and we look at how much of it arrives at each cell state on the way back.


# %% key="gradient-at-cells" tags=["demo"]
def gradient_at_cells(forget_bias, seed, N=16, T=50, D=8, H=64):
    torch.manual_seed(seed)
    cell = torch.nn.LSTMCell(D, H, dtype=torch.float64)
    with torch.no_grad():
        cell.bias_ih.view(4, H)[1] = forget_bias  # PyTorch's order: i, f, g, o
        cell.bias_hh.view(4, H)[1] = 0.0
    h, c, cells = torch.zeros(N, H, dtype=torch.float64), torch.zeros(N, H, dtype=torch.float64), []
    for _ in range(T):
        h, c = cell(torch.randn(N, D, dtype=torch.float64), (h, c))
        c.retain_grad()
        cells.append(c)
    (h * torch.randn(N, H, dtype=torch.float64)).sum().backward()
    norms = np.array([c.grad.norm().item() for c in reversed(cells)])  # (T,): 0, 1, ... steps back
    return norms / norms[0]


# %% [markdown] key="forget-bias-text"
# The table shows what is left 49 steps back, on three seeds.

# %% key="forget-bias-table" tags=["demo"]
print("forget bias   f = sigmoid(bias)   gradient left after 49 steps, three seeds")
for bias in (-2, 0, 1, 2, 3, 5):
    left = [gradient_at_cells(bias, seed)[49] for seed in range(3)]
    print(f"{bias:11}   {torch.tensor(float(bias)).sigmoid():17.2f}   {'   '.join(f'{number:.1e}' for number in left)}")

# %% key="forget-bias-figure" tags=["demo"]
lines = {f"$b_f$ = {bias}": gradient_at_cells(bias, seed=0) for bias in (3, 2, 1, 0)}
plots.show(
    plots.decays(lines, "steps back", "gradient, share of the last step's"),
    alt="Four curves over 0 to 49 steps back, on a logarithmic axis. With forget bias 0 the gradient falls in a straight "
    "line to about 1e-10, with bias 1 to about 3e-4. With bias 2 it ends at some tenths; with bias 3 it grows a little.",
)

# %% [markdown] key="init-task"
# With a forget bias of 0, the gradient that arrives is between 1e-11 and 1e-9 of what it was: it vanishes, LSTM or not.
# With 1 it is some ten-thousandths, with 2 a fifth to a half, and with 3 it is even larger than at the start, since gradients also come through $h$, and those are added.
# So the sentence should read: in an LSTM the gradient need not vanish, if the forget gate is open.
# It is training that has to keep it open, but training can only begin where a gradient arrives, so one starts with a positive bias.
# PyTorch does not do this by itself: its biases are drawn around 0.
#
# ## Exercise 8: init_lstm (1 point)
#
# **Write** the first weights of an LSTM.
#
# **Difficulty** ●○○ · **Time** 5 min
#
# **In** `D`, `H`; `forget_bias`: a number; `rng`: a NumPy random generator
#
# **Out** a dict: `W_xh` (D, 4H) and `W_hh` (H, 4H), every number uniform between $-1/\sqrt H$ and $1/\sqrt H$, drawn from `rng`; `b` (4H,), which is `forget_bias` for the forget gate and 0 for the others
#
# **By hand** H = 2 and `forget_bias` = 1: $b = (0, 0,\ 1, 1,\ 0, 0,\ 0, 0)$.
#
# <details><summary>Hint 1: the idea</summary>
#
# Which of the four blocks belongs to $f$?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# The blocks i, f, o, g begin at 0, H, 2H and 3H.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# `rng.uniform` takes the two ends and a shape.
# Start the bias from zeros and fill a slice.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `two generators with one seed give two sets of weights`: `np.random` is used instead of `rng`.
# - `the biases of i are 2.5 ..., 0 in all of them`: the slice begins at 0.
#
# </details>


# %% exercise="init_lstm" points=1
def init_lstm(D, H, forget_bias, rng):
    """Return first weights for an LSTM: uniform weights, and a bias for the forget gate alone.

    D: size of an input; H: number of units; forget_bias: a number; rng: a numpy.random.Generator
    Returns a dict with W_xh (D, 4H), W_hh (H, 4H), b (4H,), blocks in the order i, f, o, g.
    Source: PyTorch's range for the weights; Jozefowicz and others (2015) for the bias.
    """
    ### BEGIN SOLUTION
    k = H**-0.5
    b = np.zeros(4 * H)
    b[H : 2 * H] = forget_bias
    return {"W_xh": rng.uniform(-k, k, (D, 4 * H)), "W_hh": rng.uniform(-k, k, (H, 4 * H)), "b": b}
    ### END SOLUTION


# %% check="init_lstm"
check(init_lstm)

# %% [markdown] key="recall"
# ## Does it matter?
#
# A small test of memory: the network reads T random symbols out of eight and must name the *first* one after the last.
# Guessing is right one time in eight.


# %% key="recall-network" tags=["demo"]
def recall_network(kind, forget_bias, H=48):
    net, readout = getattr(torch.nn, kind)(8, H, batch_first=True), torch.nn.Linear(H, 8)
    if forget_bias is not None:
        with torch.no_grad():
            net.bias_ih_l0.view(4, H)[1] = forget_bias
            net.bias_hh_l0.view(4, H)[1] = 0.0
    return net, readout


def symbols(N, T):
    drawn = torch.randint(0, 8, (N, T))
    return torch.nn.functional.one_hot(drawn, 8).float(), drawn[:, 0]  # (N, T, 8), (N,)


# %% [markdown] key="recall-training"
# Training stops when 99 % of 1,000 other sequences are answered rightly, or after 300 steps.


# %% key="recall-train" tags=["demo"]
def steps_to_recall(kind, forget_bias, T, seed, limit=300):
    torch.manual_seed(seed)
    net, readout = recall_network(kind, forget_bias)
    parameters = [*net.parameters(), *readout.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=3e-3)
    test_x, test_y = symbols(1000, T)
    for step in range(1, limit + 1):
        x, y = symbols(64, T)
        loss = torch.nn.functional.cross_entropy(readout(net(x)[0][:, -1]), y)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        if step % 50 == 0:
            with torch.no_grad():
                right = (readout(net(test_x)[0][:, -1]).argmax(-1) == test_y).float().mean().item()
            if right >= 0.99:
                return step, right
    return None, right


# %% [markdown] key="recall-run-text"
# Five kinds of network, two lengths, three seeds each: about 20 to 45 seconds; every line appears when its three runs are done.

# %% key="recall-run" tags=["demo"]
print("steps until 99 % are right; where 300 steps were not enough, the share that was right")
for T in (10, 20):
    for kind, bias in [("RNN", None), ("GRU", None), ("LSTM", 0), ("LSTM", 1), ("LSTM", 3)]:
        runs = [steps_to_recall(kind, bias, T, seed) for seed in range(3)]
        told = "   ".join(f"{steps:6}" if steps else f"({right:4.0%})" for steps, right in runs)
        print(f"T = {T}   {kind:4} {'' if bias is None else f'b_f = {bias}':8} {told}", flush=True)

# %% [markdown] key="recall-saw"
# Compare the LSTMs with each other first: they differ in H biases out of thousands of numbers.
# At T = 20 the one with bias 0 does no better than guessing, and the one with bias 3 is done within the 300 steps on every seed.
# The task is extreme in that nothing but the memory counts, so the gate can hardly be too open; 1 is the usual choice for other tasks.
#
# The LSTM is not better at everything, either: look at the vanilla RNN, which on some seeds gets much further than the LSTM with bias 0.
# What an LSTM offers is a way for the gradient; whether it is open at the start is up to you.
#
# ## A cell that counts
#
# To close, a network whose memory can be read.
# The strings are $a^n b^n$: some a's, then equally many b's, then a full stop.
# Having read the first b, the network can know when the stop comes, if it has counted the a's.
# It is trained on $n = 1$ to 10, in a second or two.


# %% key="count-data" tags=["demo"]
def string(n):
    return torch.tensor([2] + [0] * n + [1] * n + [2])  # 0 is a, 1 is b, 2 is the full stop


def count_example(n, length=21):
    letters = string(n)
    x, y = torch.zeros(length, 3), torch.full((length,), -100)  # -100: no answer is asked here
    x[: 2 * n + 1] = torch.nn.functional.one_hot(letters[:-1], 3)
    y[n + 1 : 2 * n + 1] = letters[n + 2 :]  # from the first b on
    return x, y


# %% [markdown] key="count-training"
# Eight units, a forget bias of 1, and a read-out that names the next letter:

# %% key="count-train" tags=["demo"]
torch.manual_seed(0)
counter, readout = torch.nn.LSTM(3, 8, batch_first=True), torch.nn.Linear(8, 3)
with torch.no_grad():
    counter.bias_ih_l0.view(4, 8)[1] = 1.0
    counter.bias_hh_l0.view(4, 8)[1] = 0.0
X, Y = (torch.stack(part) for part in zip(*map(count_example, range(1, 11)), strict=True))  # (10, 21, 3), (10, 21)
optimizer = torch.optim.Adam([*counter.parameters(), *readout.parameters()], lr=0.02)
for _ in range(400):
    loss = torch.nn.functional.cross_entropy(readout(counter(X)[0]).transpose(1, 2), Y)
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(counter.parameters(), 1.0)
    optimizer.step()
print(f"last loss {loss.item():.4f}")

# %% [markdown] key="count-watch"
# PyTorch does not show its gates, but your own LSTM does.
# It takes over the trained weights, reads $a^{10} b^{10}$, and we pick the unit whose cell state follows the count best.

# %% key="count-read" tags=["demo"]
weights = lstm_from_torch({name: weight.detach().numpy() for name, weight in counter.named_parameters()})
n = 10
x = torch.nn.functional.one_hot(string(n)[:-1], 3)[None].numpy().astype(np.float32)  # (1, 21, 3)
h_all, _, caches = lstm_forward(x, np.zeros((1, 8), np.float32), np.zeros((1, 8), np.float32), **weights)
c_all = np.stack([cache[7][0] for cache in caches])  # (21, 8)
count = np.array([0, *range(1, n + 1), *range(n - 1, -1, -1)])  # a's minus b's
follows = [np.corrcoef(c_all[:, j], count)[0, 1] for j in range(8)]
unit = int(np.argmax(np.abs(follows)))
print(f"unit {unit} follows the count with a correlation of {follows[unit]:+.3f}")

# %% key="count-map" tags=["demo"]
rows = {f"${name}$": [cache[k][0, unit] for cache in caches] for name, k in zip("ifogc", (3, 4, 5, 6, 7), strict=True)}
rows["$h$"] = h_all[0, :, unit]
plots.show(
    plots.gate_map(rows, list("." + "a" * n + "b" * n), "letter read"),
    alt="Six strips over a full stop, ten a and ten b, with numbers. The cell state moves steadily away from zero with each a and "
    "steadily back with each b. The candidate has one sign on the a's and the other on the b's; the forget gate is nearly 1.",
)

# %% [markdown] key="count-saw"
# The correlation is above 0.99 in size, with this seed and with others: the network has made itself a counter.
# Read it in the strips: $f$ stays close to 1, so nothing is lost; $g$ has one sign on the a's and the other on the b's, so the cell goes up and down (or down and up) by about the same amount.
# Its cell state leaves the range from −1 to 1 by far, which $h$ never does.
#
# How far does it count?
# These strings were never trained:

# %% key="count-test" tags=["demo"]
for n in (10, 11, 12, 14, 20, 40):
    letters = string(n)
    with torch.no_grad():
        scores = readout(counter(torch.nn.functional.one_hot(letters[:-1], 3).float()[None])[0])[0]  # (2n + 1, 3)
    right = bool((scores.argmax(-1)[n + 1 :] == letters[n + 2 :]).all())
    print(f"n = {n:2}: {'every letter right' if right else 'wrong somewhere'}")

# %% [markdown] key="closing"
# It counts beyond what it has seen, but not without end: the steps up and down are not exactly equal, and the error adds up.
#
# ## What you have seen
#
# - An LSTM is four layers and one sum: $c_t = f \odot c_{t-1} + i \odot g$ keeps and writes, $h_t = o \odot \tanh(c_t)$ shows.
# - On the way back the sum distributes the gradient and the forget gate multiplies it: open, it reaches far; half open, it vanishes as in a vanilla RNN.
# - The order of the blocks and the two biases are conventions, and where they differ nothing complains; only fixed numbers tell.
#
# ## Questions to think about
#
# <details><summary>Why does a gradient check not find a wrong order of the blocks?</summary>
#
# It compares the backward pass with the forward pass of the same code.
# If both use the same order, they agree, whatever the order is.
# Only numbers from outside, such as PyTorch's states with PyTorch's weights, can tell.
#
# </details>
#
# <details><summary>How many parameters has an LSTM compared with a vanilla RNN of the same D and H?</summary>
#
# Four times as many: $4(DH + H^2 + H)$, because there are four layers.
# PyTorch counts $4H$ more, for its second bias.
#
# </details>
#
# <details><summary>With forget bias 3 the gradient grew on its way back. Where does the growth come from?</summary>
#
# Along the cell state it is only multiplied by shares, which cannot make it grow.
# But each $c_t$ also gets gradient through $h_t$ and the four layers of the next step, through $W_{hh}$, and this is added.
# So the LSTM's gradient can explode, and clipping stays useful.
#
# </details>
#
# <details><summary>The handmade memory ignores h. What could a gate do with it that it cannot do with the input alone?</summary>
#
# React to what is in the memory: stop writing when something is stored, or open the output gate when the count is back at zero.
#
# </details>
#
# ## What to read next
#
# - S. Hochreiter, J. Schmidhuber, *Long Short-Term Memory*, Neural Computation, 1997: the cell, still without a forget gate.
# - F. Gers, J. Schmidhuber, F. Cummins, *Learning to Forget: Continual Prediction with LSTM*, Neural Computation, 2000: the forget gate.
# - R. Jozefowicz, W. Zaremba, I. Sutskever, *An Empirical Exploration of Recurrent Network Architectures*, ICML, 2015: thousands of cells compared; with a forget bias of 1 the LSTM closes the gap to the GRU.
# - A. Karpathy, J. Johnson, L. Fei-Fei, *Visualizing and Understanding Recurrent Networks*, 2015: cells that follow quotes, brackets and line lengths.
# - G. Weiss, Y. Goldberg, E. Yahav, *On the Practical Computational Power of Finite Precision RNNs for Language Recognition*, ACL, 2018: why LSTMs count and GRUs hardly do.
# - C. Olah, *Understanding LSTM Networks*, blog, 2015: the cell in pictures.
#
# In unit 05 the GRU does with two gates and one state what the LSTM does with three and two.
