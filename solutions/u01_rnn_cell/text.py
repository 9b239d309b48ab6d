# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] key="title"
# # 01 The vanilla RNN cell
#
# You read this sentence from left to right, and what you understand of each word depends on the words before it.
# A recurrent neural network (RNN) reads in the same way: one element at a time, with a memory that it carries along.
# In this unit you build one in NumPy, from its smallest part up to a network that reads digits.
#
# At the end you can
#
# - write one step of a vanilla RNN, say the shape of everything in it, and run it over a sequence of any length;
# - tell which steps of a task read and which steps answer, and choose the read-out that fits;
# - see from its hidden states whether a cell is alive or saturated, and reproduce PyTorch's `nn.RNN` number by number.
#
# **You build** the cell, the loop over time, the read-out.
# **Time** {minutes} minutes.
# **Points** {points}.
# **You need** NumPy, and a rough idea of what a neural network and its training are.
#
# In each exercise you replace the line `raise NotImplementedError(...)` by your own code, run the cell, and run the check below it.
# A check takes less than a second, tells what it saw, and may be run as often as you like.
# The whole notebook runs in less than a minute.

# %% key="imports"
import numpy as np

from rnnlab import check, data, plots

VOCAB = "ehlo"  # the letters of the running example; the index of a letter is its place in this string

# %% [markdown] key="memory"
# ## A network with a memory
#
# In a *feed-forward network*, such as a multilayer perceptron or a CNN, values flow in one direction only: from the input through hidden layers to the output.
# The perceptron is awkward with sequences in two ways.
#
# - The size of its input is fixed, but one sentence has five words and the next has six.
# - What it learns at one position stays there: weights that have learned at word 1 that a noun tends to follow "The" know nothing about a "The" at word 4.
#
# A *recurrent* network keeps a vector $h$, its *hidden state*.
# At every time step $t$ it takes the input vector $x_t$ and the state it had before, and makes the new state:
#
# $$h_t = f_W(h_{t-1}, x_t)$$
#
# The function $f_W$ is called the *cell* (RNN cell, memory cell), and $W$ stands for its trainable weights.
# The new state goes two ways: to the next step, and, where an answer is wanted, to an output $y_t$.
# Here is such a network that reads "hell" and should predict the next letter each time.

# %% key="unrolled-graph" tags=["demo"]
plots.show(
    plots.unrolled(["'h'", "'e'", "'l'", "'l'"], ["'e'?", "'l'?", "'l'?", "'o'?"]),
    alt="Left: a cell f_W with input x_t below, output y_t above, and an arrow h back to itself. "
    "Right: the cell four times in a row, reading h, e, l, l; arrows h_1 to h_3 join the copies.",
)

# %% [markdown] key="one-hot-task"
# On the left the network is drawn with its loop; on the right it is *unrolled*, with one copy per time step.
# The copies are one and the same function with one and the same set of weights.
# Because nothing in $f_W$ depends on $t$, the network can read four letters or four thousand, and what it learns at one position holds at every other.
#
# A network calculates with numbers, so the letters must become vectors first.
#
# ## Exercise 1: one_hot (2 points)
#
# **Write** a function that turns every index into a *one-hot vector*: zeros, with a single 1 at the place that the index names.
#
# **Difficulty** ●○○ · **Time** 5–10 min
#
# **In** `idx`: whole numbers in an array of any shape, also an empty one, or in a nested list; `vocab_size`: the number $V$ of symbols; `dtype`: the type of the result.
#
# **Out** an array of shape `idx.shape + (V,)`; an index below 0 or above $V-1$ raises `IndexError`.
#
# **By hand** In the alphabet `"ehlo"` the letters of "hello" have the indices 1, 0, 2, 2, 3, so with $V = 4$ the result has shape (5, 4):
#
# | letter | index | row |
# |---|---|---|
# | h | 1 | 0 1 0 0 |
# | e | 0 | 1 0 0 0 |
# | l | 2 | 0 0 1 0 |
# | l | 2 | 0 0 1 0 |
# | o | 3 | 0 0 0 1 |
#
# <details><summary>Hint 1: the idea</summary>
#
# Each index asks $V$ questions: am I 0, am I 1, ..., am I $V-1$?
# The answers, as 0 and 1, are its row.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $\text{out}[\dots, v] = 1$ if $\text{idx}[\dots] = v$, otherwise 0.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# First make an array of `idx` and refuse it if its smallest or largest entry is out of range (an empty array has neither).
# Then give it one more axis of length 1 at the end and compare it with the numbers 0 to $V-1$; broadcasting does the rest.
# Convert the booleans to `dtype`.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `zero-size array to reduction operation minimum`: an empty array has no smallest entry; ask for its `size` first.
# - `arrays used as indices must be of integer (or boolean) type`: an empty list becomes an array of floats.
#
# </details>


# %% exercise="one_hot" points=2
def one_hot(idx, vocab_size, dtype=np.float64):
    """Return one-hot vectors: zeros, with a single 1 at the place that each index names.

    idx: whole numbers 0 .. vocab_size - 1, array of any shape or nested list
    vocab_size: number of symbols V
    dtype: type of the result
    Returns an array of shape idx.shape + (V,).
    Raises IndexError if an index is < 0 or >= vocab_size.
    """
    ### BEGIN SOLUTION
    idx = np.asarray(idx)
    if idx.size and (idx.min() < 0 or idx.max() >= vocab_size):
        raise IndexError(f"indices must be 0 to {vocab_size - 1}, got {idx.min()} to {idx.max()}")
    return (idx[..., np.newaxis] == np.arange(vocab_size)).astype(dtype)
    ### END SOLUTION


# %% check="one_hot"
check(one_hot)

# %% [markdown] key="one-hot-use"
# Why not feed the index itself?
# Because 'o' (3) would then look like three times 'h' (1), which means nothing.
# A one-hot row multiplied by a matrix picks one row of the matrix, so every letter gets a row of weights of its own:

# %% key="one-hot-picks" tags=["demo"]
hell = one_hot([VOCAB.index(letter) for letter in "hell"], len(VOCAB))  # (T, V) = (4, 4)
table = np.array([[10, 11], [20, 21], [30, 31], [40, 41]])  # (V, 2): the row of 'h' is 20 21
hell @ table  # (4, 2)

# %% [markdown] key="softmax-task"
# The two rows of 'l' are the same: a one-hot vector says which letter it is, not where it stands.
# Knowing where it is will be the memory's business.
#
# That was the way in; now the way out.
# A network answers with one *score* per symbol, any real number, and softmax turns the scores into probabilities.
#
# ## Exercise 2: softmax (2 points)
#
# **Write** softmax along one axis, so that it also works for very large scores.
#
# **Difficulty** ●●○ · **Time** 10 min
#
# **In** `z`: scores, an array of any shape; `axis`: the axis along which the probabilities sum to 1.
#
# **Out** an array of the shape of `z`; float32 stays float32, whole numbers give float64.
#
# $$\operatorname{softmax}(z)_i = \frac{e^{z_i}}{\sum_j e^{z_j}} = \frac{e^{z_i - m}}{\sum_j e^{z_j - m}} \qquad\text{for any number } m$$
#
# **By hand** For $z = (0, \ln 3)$ the exponentials are 1 and 3 and their sum is 4, so the result is $(1/4, 3/4)$.
# For $z = (1000, 1000)$ it must be $(1/2, 1/2)$, although $e^{1000}$ is too large for a float64.
#
# <details><summary>Hint 1: the idea</summary>
#
# Subtracting a number from all scores of a row changes nothing in the result.
# Which number makes every exponent harmless, whatever the scores are?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# Take $m = \max_j z_j$, the maximum *of the same row*: the largest exponent is then 0, and the sum is at least 1.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# Three lines: shift each row by its maximum, take the exponential, divide by the row's sum.
# Maximum and sum both go along `axis`, and both need `keepdims=True` so that their shape still fits `z`.
# Integers are made float64 before anything else.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `operands could not be broadcast together with shapes (3,5) (3,)`: the maximum or the sum has lost its axis; see `keepdims`.
# - `RuntimeWarning: overflow encountered in exp` or `invalid value encountered in divide`: the maximum is not subtracted, or it is not the row's own.
#
# </details>


# %% exercise="softmax" points=2
def softmax(z, axis=-1):
    """Return the softmax of scores along one axis.

    z: scores, array of any shape, floats or whole numbers
    axis: the axis along which the result sums to 1
    Returns an array of the shape of z; the dtype of z, or float64 if z holds whole numbers.
    """
    ### BEGIN SOLUTION
    z = np.asarray(z)
    if z.dtype.kind != "f":
        z = z.astype(np.float64)
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
    ### END SOLUTION


# %% check="softmax"
check(softmax)

# %% [markdown] key="softmax-bug"
# **Can you see what is wrong?**
# Several published notes subtract the maximum like this: `e = np.exp(z - z.max())`.
# Here it is, applied to two rows of scores that lie 800 apart:

# %% key="softmax-compare" tags=["demo"]
z = np.array([[0.0, np.log(3)], [800.0, 800.0]])  # (N, C) = (2, 2)
with np.errstate(invalid="ignore"):
    e = np.exp(z - z.max())
    print("maximum of the table:", (e / e.sum(axis=-1, keepdims=True)).tolist())
print("maximum of each row: ", softmax(z).round(2).tolist())

# %% [markdown] key="cell"
# The maximum of the whole table is 800, so the first row becomes $e^{-800}$, which is 0 in float64, and $0/0$ is `nan`.
# With rows of similar size both versions agree, which is why this mistake lives long.
#
# ## The cell
#
# The vanilla RNN, also called Elman network, has the plainest cell: two matrices, one bias, one nonlinearity.
#
# $$h_t = \tanh(x_t W_{xh} + h_{t-1} W_{hh} + b_h) \qquad\qquad y_t = h_t W_{hy} + b_y$$
#
# The first formula is the cell; the second is the *read-out*, which turns a state into scores, one for each possible answer.
#
# | symbol | shape | what it is |
# |---|---|---|
# | $x_t$ | (N, D) | inputs of step $t$: N sequences side by side, D numbers each (`input_size`) |
# | $h_{t-1}$, $h_t$ | (N, H) | hidden states before and after the step; H (`hidden_size`) is the capacity of the memory |
# | $W_{xh}$ | (D, H) | weights from the input to the hidden state |
# | $W_{hh}$ | (H, H) | weights from the old hidden state to the new one |
# | $b_h$ | (H,) | bias of the hidden state |
# | $y_t$ | (N, C) | scores of C classes |
# | $W_{hy}$, $b_y$ | (H, C), (C,) | weights and bias of the read-out |
#
# There are T steps, such as the words of a sentence; T appears in no shape, because no weight belongs to a step.
# The tanh keeps every hidden unit between −1 and 1, so the state cannot grow without bound (ReLU is used too; unit 03 compares them).
#
# **Columns or rows?**
# Books treat one sequence and write vectors as columns: $h_t = \tanh(W_{xh}\, x_t + W_{hh}\, h_{t-1} + b_h)$.
# Programs treat a batch of N sequences, one per row, so the order of each product turns round and every matrix is the transpose of the book's.
# The numbers are the same.
# This course writes rows, batch first; elsewhere you will meet these names:
#
# | this course | columns, after Andrew Ng's course | columns, short | PyTorch |
# |---|---|---|---|
# | $x$ (N, T, D) | $x$ ($n_x$, $m$, $T_x$) | $x_t$ or $I_t$ ($d$, 1) | `input` (N, T, D) if `batch_first=True` |
# | $h_t$ (N, H) | $a^{\langle t\rangle}$ ($n_a$, $m$) | $h_t$ ($D_h$, 1) | `output[:, t]` (N, H) |
# | $W_{xh}$ (D, H) | $W_{ax}$ ($n_a$, $n_x$) | $W_x$ ($D_h$, $d$) | `weight_ih_l0` (H, D) |
# | $W_{hh}$ (H, H) | $W_{aa}$ ($n_a$, $n_a$) | $W_h$ ($D_h$, $D_h$) | `weight_hh_l0` (H, H) |
# | $b_h$ (H,) | $b_a$ ($n_a$, 1) | $b$ ($D_h$, 1) | `bias_ih_l0 + bias_hh_l0` (H,) |
# | $W_{hy}$ (H, C) | $W_{ya}$ ($n_y$, $n_a$) | $W_y$ | `weight` of an `nn.Linear` (C, H) |
# | $b_y$ (C,) | $b_y$ ($n_y$, 1) | $b$ | `bias` of the `nn.Linear` (C,) |
#
# Inputs laid out features first, $(n_x, m, T_x)$ with $m$ for our N, become ours by `x.transpose(1, 2, 0)`.
#
# **Can you see what is wrong?**
# A set of notes gives $x_t$ the shape $(d, 1)$, $h_{t-1}$ the shape $(D_h, 1)$, $W_h$ the shape $(D_h, D_h)$, and then writes two formulas:
# $h_t = \tanh(W_x x_t + h_{t-1} W_h + b)$ and $O_t = f(W_y h_t + b)$.
#
# <details><summary>Two things are wrong</summary>
#
# A $(D_h, 1)$ column times a $(D_h, D_h)$ matrix is not defined: with columns it must be $W_h h_{t-1}$.
# And one $b$ cannot serve both: the first has one number per hidden unit, the second one per output.
#
# </details>

# %% [markdown] key="cell-task"
# ## Exercise 3: rnn_cell_forward (4 points)
#
# **Write** one step of the vanilla RNN for a batch of sequences.
# Return the new state, and with it a *cache*: whatever you think the backward pass of unit 02 will need.
# Its form is free; a tuple is customary.
#
# **Difficulty** ●●○ · **Time** 10–15 min
#
# **In** `x_t` (N, D), `h_prev` (N, H), `W_xh` (D, H), `W_hh` (H, H), `b_h` (H,)
#
# **Out** `h_t` (N, H) in the dtype of the inputs, and `cache`
#
# **By hand** One sequence, D = 3, H = 2:
#
# $$x_t = (1, 0, 2) \quad h_{t-1} = (0.5, -0.5) \quad W_{xh} = \begin{pmatrix} 0.1 & 0.2 \\ 0.3 & 0.4 \\ 0 & -0.1 \end{pmatrix} \quad W_{hh} = \begin{pmatrix} 0.2 & 0.4 \\ 0.6 & -0.2 \end{pmatrix} \quad b_h = (0.1, 0)$$
#
# - from the input: $x_t W_{xh} = (0.1 + 0 + 0,\ 0.2 + 0 - 0.2) = (0.1,\ 0)$
# - from the memory: $h_{t-1} W_{hh} = (0.1 - 0.3,\ 0.2 + 0.1) = (-0.2,\ 0.3)$
# - the sum with the bias: $(0.1 - 0.2 + 0.1,\ 0 + 0.3 + 0) = (0,\ 0.3)$
# - the new state: $h_t = (\tanh 0,\ \tanh 0.3) = (0,\ 0.2913)$
#
# <details><summary>Hint 1: the idea</summary>
#
# Three contributions meet at every hidden unit: the input's, the memory's, and the bias.
# Do they meet before or after the tanh?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $h_t = \tanh(x_t W_{xh} + h_{t-1} W_{hh} + b_h)$, with the shapes (N, D)(D, H) + (N, H)(H, H) + (H,).
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# Let `a` be the sum of two matrix products (`@`) and the bias, which broadcasts over the N rows by itself.
# The new state is the tanh of all of `a`.
# The derivative of tanh can be had from `h_t`.
# What else appears in the formula?
# Put it into the cache.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `matmul: Input operand 1 has a mismatch in its core dimension`: a matrix is on the wrong side or transposed; write the shapes under the formula.
# - `operands could not be broadcast together`: the bias is (H,), not a column (H, 1).
# - Only some numbers are off: `W_hh` is square, so a transpose too many goes unnoticed until the values are compared.
#
# </details>


# %% exercise="rnn_cell_forward" points=4
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    """Return the next hidden state of a vanilla RNN, and what its backward pass will need.

    x_t: inputs of this step (N, D)
    h_prev: hidden states before this step (N, H)
    W_xh: input weights (D, H); W_hh: hidden weights (H, H); b_h: bias (H,)
    Returns h_t: hidden states after this step (N, H), in the dtype of the inputs; and
    cache: anything of your choice.
    Source: Elman (1990), with tanh.
    """
    ### BEGIN SOLUTION
    h_t = np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)
    cache = (x_t, h_prev, W_xh, W_hh, h_t)
    return h_t, cache
    ### END SOLUTION


# %% check="rnn_cell_forward"
check(rnn_cell_forward)

# %% [markdown] key="concat"
# Some texts write the cell with one matrix: $h_t = \tanh([x_t, h_{t-1}]\, W + b_h)$.
# The input and the state are laid end to end, and $W_{xh}$ is stacked on $W_{hh}$.
# Is that the same?

# %% key="concat-check" tags=["demo"]
rng = np.random.default_rng(0)
x_t, h_prev = rng.normal(size=(4, 3)), rng.normal(size=(4, 2))  # (N, D), (N, H)
W_xh, W_hh, b_h = rng.normal(size=(3, 2)), rng.normal(size=(2, 2)), rng.normal(size=2)
both = np.concatenate([x_t, h_prev], axis=1)  # (N, D + H) = (4, 5)
W = np.concatenate([W_xh, W_hh], axis=0)  # (D + H, H) = (5, 2)
h_t, cache = rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h)  # (N, H) = (4, 2)
print(both.shape, W.shape, h_t.shape, "agree:", np.allclose(h_t, np.tanh(both @ W + b_h)))

# %% [markdown] key="readout-task"
# It is the same: a product with stacked matrices is the sum of the products.
# In the column notation the matrix of this example is 2×5, its columns 1–3 being $W_{xh}$ and 4–5 $W_{hh}$; with 10,000 words and 100 hidden units it is 100×10,100.
#
# A hidden state is not yet an answer.
# For part-of-speech tags an answer is due at every word; for the sentiment of a review only after the last one.
# A choice among C classes takes C scores and a softmax; for yes or no, one score and a sigmoid are enough.
#
# ## Exercise 4: rnn_readout (2 points)
#
# **Write** the read-out: from hidden states to scores, at every step or after the last.
#
# **Difficulty** ●○○ · **Time** 5–10 min
#
# **In** `h_all` (N, T, H), `W_hy` (H, C), `b_y` (C,), and `mode`, either `'every'` or `'last'`
#
# **Out** scores (N, T, C) for `'every'`, (N, C) for `'last'`; any other mode raises `ValueError`.
# Return plain scores, without softmax: the losses of the coming units start from scores.
#
# **By hand** One sequence of two steps, H = 2, C = 3:
#
# $$h_1 = (1, 0) \quad h_2 = (0.5, -0.5) \quad W_{hy} = \begin{pmatrix} 1 & 2 & 0 \\ 0 & 1 & 4 \end{pmatrix} \quad b_y = (0, 0.5, 1)$$
#
# - step 1: $(1, 2, 0) + (0, 0.5, 1) = (1, 2.5, 1)$
# - step 2: $(0.5, 1 - 0.5, -2) + (0, 0.5, 1) = (0.5, 1, -1)$, which is all that `'last'` returns
#
# <details><summary>Hint 1: the idea</summary>
#
# The read-out is the same at every step, as the cell is.
# So the whole question is which states it gets to see.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $y_t = h_t W_{hy} + b_y$, for all $t$ or only for $t = T$.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# `@` multiplies the last axis of the left factor, however many axes stand before it, so no loop is needed.
# For `'last'`, index the time axis with −1 before (or after) the product, so that the axis disappears.
# Decide what to do with a mode that is neither of the two before returning anything.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `the scores has shape (3, 1, 2)`: a slice such as `-1:` keeps the time axis; a single index drops it.
# - `matmul: Input operand 1 has a mismatch`: the time axis was taken for the hidden axis, as in `h_all[-1]`, which is the last *sequence*.
#
# </details>


# %% exercise="rnn_readout" points=2
def rnn_readout(h_all, W_hy, b_y, mode):
    """Return the scores that are read from hidden states, at every step or after the last.

    h_all: hidden states (N, T, H)
    W_hy: read-out weights (H, C); b_y: read-out bias (C,)
    mode: 'every' or 'last'
    Returns scores without softmax: (N, T, C) for 'every', (N, C) for 'last'.
    Raises ValueError for any other mode.
    """
    ### BEGIN SOLUTION
    if mode == "every":
        return h_all @ W_hy + b_y
    if mode == "last":
        return h_all[:, -1] @ W_hy + b_y
    raise ValueError(f"mode must be 'every' or 'last', not {mode!r}")
    ### END SOLUTION


# %% check="rnn_readout"
check(rnn_readout)

# %% [markdown] key="forward-task"
# The same states can answer either kind of question; only the read-out changes.
#
# What is missing is the loop that makes the hidden states.
# It needs a state to start from, $h_0$.
# Zeros are the usual choice: no memory yet.
# Other choices are random numbers, the last state of an earlier piece of the same text, or the summary that another network has made; so `h0` is an input, and your function must use it.
#
# ## Exercise 5: rnn_forward (4 points)
#
# **Write** the forward pass over a whole sequence: call your `rnn_cell_forward` at every step and collect the states.
#
# **Difficulty** ●●○ · **Time** 10–15 min
#
# **In** `x` (N, T, D), `h0` (N, H), and the cell's `W_xh`, `W_hh`, `b_h`
#
# **Out** `h_all` (N, T, H), the states $h_1$ to $h_T$ without $h_0$; and `caches`, a list with the cache of each step
#
# **By hand** One sequence, D = H = 1, $W_{xh} = 1$, $W_{hh} = 0.5$, $b_h = 0$, $h_0 = 0$; the input is 1, 0, 0:
#
# - $h_1 = \tanh(1 + 0) = 0.7616$
# - $h_2 = \tanh(0 + 0.5 \cdot 0.7616) = 0.3634$
# - $h_3 = \tanh(0 + 0.5 \cdot 0.3634) = 0.1797$
#
# Two steps after the input has gone, an echo of it is still in the state: that is the memory.
#
# <details><summary>Hint 1: the idea</summary>
#
# One variable holds the current state.
# What is its value before the first step, and what happens to it in each step?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $h_t = f_W(h_{t-1}, x_t)$ for $t = 1, \dots, T$, beginning with the $h_0$ that was given.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# Start with the state `h0` and two empty lists.
# For each t: take the inputs of that step from axis 1 of `x`, call the cell with the current state, let the result *be* the current state, and append state and cache to the lists.
# After the loop, stack the states along a new axis 1.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `h_all has shape (6, 2, 4)`: the states were stacked along axis 0.
# - `h_all is float64, expected float32`: a buffer made by `np.zeros` is float64 unless it is told otherwise.
# - `h_all has shape (2, 2, 4)`: the loop counts sequences (axis 0) instead of steps (axis 1).
#
# </details>


# %% exercise="rnn_forward" points=4
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    """Return the hidden states of a vanilla RNN over whole sequences; uses rnn_cell_forward at every step.

    x: inputs (N, T, D)
    h0: hidden states before the first step (N, H)
    W_xh: input weights (D, H); W_hh: hidden weights (H, H); b_h: bias (H,)
    Returns h_all: states after steps 1 .. T (N, T, H), in the dtype of the inputs; and
    caches: a list of T caches, one for each step.
    """
    ### BEGIN SOLUTION
    h, states, caches = h0, [], []
    for t in range(x.shape[1]):
        h, cache = rnn_cell_forward(x[:, t], h, W_xh, W_hh, b_h)
        states.append(h)
        caches.append(cache)
    return np.stack(states, axis=1), caches
    ### END SOLUTION


# %% check="rnn_forward"
check(rnn_forward)

# %% [markdown] key="hello"
# ## Reading "hello"
#
# All the parts are there.
# The network below has three hidden units and weights that nobody has trained.
# It reads "hell" and gives every letter a score at every step; the letter with the highest score is its answer, and a trained network would answer "ello".

# %% key="hello-weights"
HELLO_CELL = {
    "W_xh": np.array([[-1.5, 1.0, 1.0], [0.0, 0.5, -1.5], [1.0, 1.5, 0.0], [1.0, 0.5, 1.5]]),  # (4, 3)
    "W_hh": np.array([[0.0, 1.0, -1.0], [-0.5, -0.5, 1.0], [0.5, 0.0, 0.5]]),  # (3, 3)
    "b_h": np.zeros(3),
}
HELLO_READOUT = {
    "W_hy": np.array([[-3.0, -1.0, 1.0, 3.0], [3.0, 2.0, 0.0, 1.0], [-1.0, 3.0, 3.0, -4.0]]),  # (3, 4)
    "b_y": np.zeros(4),
}

# %% key="hello-scores" tags=["demo"]
x = one_hot([[VOCAB.index(letter) for letter in "hell"]], len(VOCAB))  # (N, T, D) = (1, 4, 4)
h_all, caches = rnn_forward(x, h0=np.zeros((1, 3)), **HELLO_CELL)  # (N, T, H) = (1, 4, 3)
scores = rnn_readout(h_all, **HELLO_READOUT, mode="every")  # (N, T, C) = (1, 4, 4)
steps = ["reads h\nwants e", "reads e\nwants l", "reads l\nwants l", "reads l\nwants o"]
plots.show(
    plots.heat_map(scores[0].T, [f"score of {letter}" for letter in VOCAB], steps, limit=6),
    alt="Table of scores, four letters by four steps. At the first step o scores 4.08 and e 2.29. "
    "At the second step h is highest, at the third l, at the fourth o.",
)

# %% [markdown] key="hello-saw"
# At the first step the network is wrong: it gives 'o' a score of 4.1, the highest, and 'e' only 2.3.
# The second answer is wrong too.
# Training compares `softmax(scores)` with the wanted letter at every step and changes the weights, which all steps share, so that the wanted letter gains; that is unit 02.
#
# Now compare the third and the fourth column.
# Both times the network reads 'l', yet the scores differ.
# Only the hidden state can make that difference, so let us look at it.

# %% key="hello-heat-map" tags=["demo"]
plots.show(
    plots.heat_map(h_all[0].T, [f"hidden unit {i}" for i in range(3)], list("hell"), "letter read"),
    alt="Heat map of three hidden units over the letters h, e, l, l, with the values written in. "
    "The columns of the two l differ in every unit.",
)

# %% [markdown] key="saturation"
# After the first letter the state is tanh of the row of 'h' in $W_{xh}$: $\tanh(0, 0.5, -1.5) = (0, 0.46, -0.91)$.
# The two columns of 'l' differ because the second one comes with another past.
#
# **Can you see what is wrong?**
# A tutorial makes all its weights with `np.random.random`, numbers between 0 and 1.
# Here are the states at step 10 of such a cell, beside those of a cell whose weights are small and centred at zero.

# %% key="saturation-histogram" tags=["demo"]
rng = np.random.default_rng(2)
x, h0 = rng.random((200, 10, 4)), np.zeros((200, 8))  # (N, T, D), (N, H)
uniform, _ = rnn_forward(x, h0, rng.random((4, 8)), rng.random((8, 8)), rng.random(8))
centred, _ = rnn_forward(x, h0, *(0.3 * rng.normal(size=size) for size in [(4, 8), (8, 8), 8]))
states = {"all-positive weights": uniform[:, -1], "small centred weights": centred[:, -1]}  # (N, H) each
plots.show(
    plots.histograms(states, "hidden state $h$ at step 10"),
    alt="Two histograms. With all-positive weights every state lies in the last bar, at 1. "
    "With small centred weights the states spread over both sides of zero.",
)
for name, h in states.items():
    print(f"{name}: smallest |h| = {np.abs(h).min():.4f}, largest 1 - h² = {(1 - h**2).max():.4f}")

# %% [markdown] key="scales"
# With all-positive weights the sums grow from step to step and every unit sits at 1: the cell is *saturated*.
# It says the same whatever it reads.
# It cannot learn well either: the derivative of tanh is $1 - h^2$, and each step back through the cell multiplies the gradient by it, unit by unit.
#
# How large may centred weights be?
# Below, a cell with 64 hidden units reads random inputs, with weights drawn at five scales $s$: standard deviation $s/\sqrt{64}$ for $W_{hh}$ and $s/\sqrt{4}$ for $W_{xh}$.

# %% key="five-scales" tags=["demo"]
x, h0 = rng.normal(size=(50, 10, 4)), np.zeros((50, 64))  # (N, T, D), (N, H)
W_xh, W_hh = rng.normal(size=(4, 64)) / 2, rng.normal(size=(64, 64)) / 8  # (D, H), (H, H)
states = {}
for s in (0.1, 0.5, 1, 2, 8):
    h_all, _ = rnn_forward(x, h0, s * W_xh, s * W_hh, np.zeros(64))  # (50, 10, 64)
    states[f"$s$ = {s}"] = h_all[:, -1]  # (50, 64)
plots.show(
    plots.histograms(states, "hidden state $h$ at step 10"),
    alt="Five histograms of hidden states. At scale 0.1 all lie near zero, at 0.5 and 1 they fill the "
    "range, at 2 they gather towards -1 and 1, and at 8 nearly all lie at -1 or 1.",
)

# %% [markdown] key="params-task"
# Too small, and the states hardly leave zero; too large, and they stick at ±1.
# In between the cell uses its whole range, which is why the scale of the first weights matters so much (unit 03).
#
# ## Exercise 6: num_params (1 point)
#
# **Write** the number of trainable numbers in a vanilla RNN with read-out.
#
# **Difficulty** ●○○ · **Time** 5 min
#
# **In** `D`, `H`, `C`: size of an input, of the hidden state, and number of scores
#
# **Out** an `int`: the parameters of the cell and of the read-out together, as in the table of shapes above
#
# **By hand** D = 3, H = 2, C = 4: $W_{xh}$ has 6, $W_{hh}$ 4, $b_h$ 2, $W_{hy}$ 8, $b_y$ 4; together 24.
#
# <details><summary>Hint 1: the idea</summary>
#
# Five arrays are trained.
# Is any of them made once per time step?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# The size of an array is the product of its axes; add the five sizes.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# Three arrays belong to the cell, two to the read-out.
# For the numbers above, the cell alone has 12.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - The count is too large by H: `nn.RNN` keeps two biases that are added; our cell has one.
# - `got an unexpected keyword argument 'T'`: there is no T here.
#
# </details>


# %% exercise="num_params" points=1
def num_params(D, H, C):
    """Return the number of trainable parameters of a vanilla RNN cell and its read-out.

    D: size of an input; H: size of the hidden state; C: number of scores
    Returns an int.
    """
    ### BEGIN SOLUTION
    cell = D * H + H * H + H
    readout = H * C + C
    return cell + readout
    ### END SOLUTION


# %% check="num_params"
check(num_params)

# %% [markdown] key="any-length"
# The length T of the sequence is not among the arguments.
# One and the same set of weights reads three letters or three thousand:

# %% key="any-length-check" tags=["demo"]
print("parameters of the 'hello' network:", num_params(D=4, H=3, C=4))
for word in ["eel", "hello", "hole" * 750]:
    x = one_hot([[VOCAB.index(letter) for letter in word]], len(VOCAB))  # (1, T, 4)
    print("x", x.shape, "-> h_all", rnn_forward(x, np.zeros((1, 3)), **HELLO_CELL)[0].shape)

# %% [markdown] key="types"
# ## Five types of task
#
# Since reading and answering are separate, a network need not do both at every step.
#
# - *One-to-one*: nothing is a sequence; a feed-forward network does it.
# - *One-to-many*: one input, then a sequence of outputs.
# - *Many-to-one*: the whole sequence is read, then one answer is given.
# - *Many-to-many, delayed*: the whole input is read first, then a sequence of outputs follows, often of another length.
# - *Many-to-many, synced*: one output per input, at once; it can use everything read so far, not only the current input.
#
# In the figure inputs stand below (green), hidden states in the middle (blue), outputs on top (orange).
# The list under it describes twelve tasks.

# %% key="five-types" tags=["demo"]
plots.show(
    plots.task_types(),
    alt="Five small networks. One-to-one: one input, one output. "
    "One-to-many: one input, three outputs. Many-to-one: three inputs, one output at the last step. "
    "Many-to-many delayed: three inputs, and three outputs that begin at the last input. "
    "Many-to-many synced: three inputs, each with an output.",
)

# %% key="tasks" tags=["demo"]
for name, description in data.TASKS.items():
    print(f"{name:<26}{description}")

# %% [markdown] key="types-task"
# A green box marks a step that reads, an orange box a step that answers.
# For each task in the list, which steps read and which answer?
#
# ## Exercise 7: classify_task (2 points)
#
# **Write** a function that knows the type of each of the twelve tasks in `data.TASKS`.
#
# **Difficulty** ●○○ · **Time** 5–10 min
#
# **In** `name`: a name in `data.TASKS`
#
# **Out** one of `"one-to-one"`, `"one-to-many"`, `"many-to-one"`, `"many-to-many delayed"`, `"many-to-many synced"`; an unknown name raises `KeyError`.
#
# **Points** in proportion to the answers that are right, rounded down: 10 of 12 are worth one point of two.
#
# **By hand** Three of the twelve are given:
#
# | name | reads | answers | type |
# |---|---|---|---|
# | `"image classification"` | one photo | one label | `"one-to-one"` |
# | `"image captioning"` | one photo | word by word | `"one-to-many"` |
# | `"sentiment analysis"` | word by word | one verdict | `"many-to-one"` |
#
# Of the other nine the check only says whether your function has one of the five types for them; whether it is the right one, the grading says.
#
# <details><summary>Hint 1: the idea</summary>
#
# Ask two questions of each description: does the input arrive piece by piece, does the output leave piece by piece?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# If both are sequences, ask a third: can the first output leave before the second input has arrived?
# Yes means synced, no means delayed.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# A dictionary from each name to its type, and one line that looks the name up.
# Square brackets raise `KeyError` by themselves; `.get` does not.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `seen None; expected one of 'one-to-one', …`: no branch matched; compare the spelling of the name with `data.TASKS`.
# - The answer looks right but is none of the five: the types are spelled with hyphens and, for the last two, a space.
#
# </details>


# %% exercise="classify_task" points=2
def classify_task(name):
    """Return the type of a task.

    name: one of the names in data.TASKS
    Returns 'one-to-one', 'one-to-many', 'many-to-one', 'many-to-many delayed' or 'many-to-many synced'.
    Raises KeyError for an unknown name.
    """
    ### BEGIN SOLUTION
    types = {
        "one-to-one": ["image classification", "house price"],
        "one-to-many": ["image captioning", "drawing a digit"],
        "many-to-one": ["sentiment analysis", "spam detection", "video clip classification"],
        "many-to-many delayed": ["machine translation", "chatbot"],
        "many-to-many synced": ["part-of-speech tagging", "per-frame video labelling", "fall alarm"],
    }
    for kind, names in types.items():
        if name in names:
            return kind
    raise KeyError(name)
    ### END SOLUTION


# %% check="classify_task"
check(classify_task)

# %% [markdown] key="fixed-size"
# Even where neither side is a sequence by nature, it can be made one.
# A fixed-size *output*, such as the picture of a house number, can be drawn stroke by stroke, each step adding to what is there.
# A fixed-size *input*, such as a photo of a house number, can be read glimpse by glimpse.

# %% key="pen-strokes" tags=["demo"]
plots.show(
    plots.stroke_by_stroke(data.pen_strokes()),  # (T, 4): x0, y0, x1, y1 of each stroke
    alt="Six panels in which the house number 47 is drawn, each with one more pen stroke, as an arrow.",
)

# %% [markdown] key="image-task"
# A network that draws like this gives four numbers per step, the ends of the next stroke, and the finished picture is the sum of all steps.
#
# The last exercise goes the other way and turns a picture into a sequence.
#
# ## Exercise 8: image_to_sequence (3 points)
#
# **Write** a function that turns a batch of images into a batch of sequences, in one of three reading orders.
#
# **Difficulty** ●●○ · **Time** 10–15 min
#
# **In** `images` (N, R, C): N images of R rows and C columns; `order`: `'rows'`, `'columns'` or `'pixels'`
#
# **Out** a sequence per image; any other order raises `ValueError`:
#
# - `'rows'`, shape (N, R, C): step $t$ reads row $t$, from top to bottom; its C numbers are the row's pixels from left to right.
# - `'columns'`, shape (N, C, R): step $t$ reads column $t$, from left to right; its R numbers are the column's pixels from top to bottom.
# - `'pixels'`, shape (N, R·C, 1): every step reads one pixel, in the order of this text: along the first row, then along the second, and so on.
#
# **By hand** For the image $\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}$:
#
# | order | step 1 | step 2 | step 3 | step 4 |
# |---|---|---|---|---|
# | rows | (1, 2) | (3, 4) | | |
# | columns | (1, 3) | (2, 4) | | |
# | pixels | (1) | (2) | (3) | (4) |
#
# <details><summary>Hint 1: the idea</summary>
#
# For each order, which axis of the image is time, and which holds the numbers of one step?
# One order needs nothing, one needs two axes to change places, one needs two axes to become one.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# columns: $\text{out}[n, c, r] = \text{images}[n, r, c]$.
# pixels: $\text{out}[n,\ r \cdot C + c,\ 0] = \text{images}[n, r, c]$.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# Exchanging axes is a transpose; name all three axes, since the first one must stay where it is.
# Flattening is a reshape; NumPy reads row by row.
# A reshape to (N, C, R) has the shape of a transpose and the wrong numbers in it.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - The shape is right, but most numbers are off: a reshape where a transpose is due.
# - `axes don't match array`: give as many axes as the array has, batch included.
# - `the sequence has shape (4, 3, 2)` where `(2, 4, 3)` is expected: `.T` reverses *all* axes, the batch too.
#
# </details>


# %% exercise="image_to_sequence" points=3
def image_to_sequence(images, order):
    """Return images as sequences, read row by row, column by column, or pixel by pixel.

    images: (N, R, C), N images of R rows and C columns
    order: 'rows' (top to bottom), 'columns' (left to right) or 'pixels' (row after row)
    Returns (N, R, C) for 'rows', (N, C, R) for 'columns', (N, R * C, 1) for 'pixels'.
    Raises ValueError for any other order.
    """
    ### BEGIN SOLUTION
    if order == "rows":
        return images
    if order == "columns":
        return images.transpose(0, 2, 1)
    if order == "pixels":
        return images.reshape(len(images), -1, 1)
    raise ValueError(f"order must be 'rows', 'columns' or 'pixels', not {order!r}")
    ### END SOLUTION


# %% check="image_to_sequence"
check(image_to_sequence)

# %% [markdown] key="orders"
# Here is a digit in all three orders, with time running downwards and the numbers of one step side by side:

# %% key="reading-orders" tags=["demo"]
images, labels = data.digits(3000, seed=1)  # (N, R, C) = (3000, 8, 8), (N,)
sequences = {order: image_to_sequence(images[:1], order)[0] for order in ("rows", "columns", "pixels")}
plots.show(
    plots.gallery(list(sequences.values()), list(sequences), "numbers of one step", "time"),
    alt="One digit as three grey tables: by rows it looks like the digit, by columns like its "
    "mirror image on the diagonal, by pixels like a single tall column of 64 fields.",
)

# %% [markdown] key="digits"
# Same pixels, three different tasks: with rows the network remembers over 8 steps, with pixels over 64.
#
# ## An RNN that reads digits
#
# To close, a whole network learns: PyTorch's `nn.RNN` with 48 hidden units reads 3,000 generated digits row by row, and a linear layer names the digit after the last row.
# PyTorch works out the gradients; from unit 02 on, you do.
# Training takes about 1 to 6 seconds, and more than 95 % of 1,000 new digits should then be read rightly.

# %% key="row-reader" tags=["demo"]
import torch


class RowReader(torch.nn.Module):
    def __init__(self, D=8, H=48, C=10):
        super().__init__()
        self.rnn = torch.nn.RNN(D, H, batch_first=True)
        self.readout = torch.nn.Linear(H, C)

    def forward(self, x):  # (N, T, D)
        h_all, _ = self.rnn(x)  # (N, T, H)
        return self.readout(h_all[:, -1])  # (N, C): mode 'last'


# %% key="train" tags=["demo"]
import time

torch.manual_seed(0)
torch.set_num_threads(1)  # so small a network is faster without helpers
x = torch.tensor(image_to_sequence(images, "rows"), dtype=torch.float32)  # (N, T, D) = (3000, 8, 8)
y = torch.tensor(labels)  # (N,)
reader = RowReader()
optimizer = torch.optim.Adam(reader.parameters(), lr=0.005)
loss_history, start = [], time.perf_counter()
for _ in range(12):
    for batch in torch.randperm(len(x)).split(50):
        loss = torch.nn.functional.cross_entropy(reader(x[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_history.append(loss.item())
print(f"{len(loss_history)} steps in {time.perf_counter() - start:.1f} s, last loss {loss_history[-1]:.2f}")

# %% [markdown] key="yours"
# Is your NumPy code the same network?
# Below it reads 1,000 new digits with PyTorch's trained weights, which are transposed because PyTorch writes them for columns; its two biases are added.
# In float32 the states should differ by about a millionth at most.

# %% key="agreement" tags=["demo"]
test_images, test_labels = data.digits(1000, seed=2)
x = image_to_sequence(test_images, "rows").astype(np.float32)  # (1000, 8, 8)
rnn = {name: weight.detach().numpy() for name, weight in reader.rnn.named_parameters()}
W_xh, W_hh = rnn["weight_ih_l0"].T, rnn["weight_hh_l0"].T  # (8, 48), (48, 48)
b_h = rnn["bias_ih_l0"] + rnn["bias_hh_l0"]  # (48,)
h_all, _ = rnn_forward(x, np.zeros((1000, 48), np.float32), W_xh, W_hh, b_h)  # (1000, 8, 48)
theirs = reader.rnn(torch.tensor(x))[0].detach().numpy()  # (1000, 8, 48)
print(f"largest difference from nn.RNN: {np.abs(h_all - theirs).max():.0e}")

# %% key="new-digits" tags=["demo"]
readout = {name: weight.detach().numpy() for name, weight in reader.readout.named_parameters()}
scores = rnn_readout(h_all, readout["weight"].T, readout["bias"], "last")  # (N, C) = (1000, 10)
answers = scores.argmax(axis=-1)  # (1000,): the digit with the highest score
print(f"right answers on new digits: {(answers == test_labels).mean():.1%}")

# %% [markdown] key="closing"
# Your functions give the states of `nn.RNN` up to the rounding of float32, and with its trained weights they read digits.
# What PyTorch calls `nn.RNN` is what you wrote.
#
# ## What you have seen
#
# - A recurrent network is one small function, applied again and again with the same weights, so its size does not depend on the length of what it reads.
# - The hidden state is the memory: two equal inputs get different answers when their pasts differ.
# - Which steps read and which answer makes the type of the task; the scale of the weights decides whether the cell can use its range.
#
# ## Questions to think about
#
# <details><summary>Why does the check of rnn_cell_forward use N, D and H that are all different?</summary>
#
# In square matrices a transpose is invisible in the shapes, and equal sizes hide a mixed-up axis.
# $W_{hh}$ is always square, so there the values must tell.
#
# </details>
#
# <details><summary>If W_hh were all zeros, what could the network still do?</summary>
#
# Each state would depend on the current input alone: a feed-forward network applied to each step, without memory.
# It could not tell the two 'l' of "hello" apart.
#
# </details>
#
# <details><summary>The network answers after the last row. What must be true of the last state for that to work?</summary>
#
# Everything about the first rows that matters for the answer must have survived seven updates.
# How well that works over many steps, and why it often fails, is the subject of unit 03.
#
# </details>
#
# ## What to read next
#
# - J. L. Elman, *Finding Structure in Time*, Cognitive Science, 1990: the network of this unit, predicting letters and words.
# - D. Rumelhart, G. Hinton, R. Williams, *Learning Representations by Back-propagating Errors*, Nature, 1986: how the weights are learned.
# - A. Karpathy, *The Unreasonable Effectiveness of Recurrent Neural Networks*, blog, 2015: what recurrent networks write after training on books and programs.
# - Stanford CS231n, lecture on recurrent neural networks: the five types and the "hello" example come from there.
# - J. Ba, V. Mnih, K. Kavukcuoglu, *Multiple Object Recognition with Visual Attention*, 2015, reads house numbers glimpse by glimpse; K. Gregor and others, *DRAW*, 2015, draws them step by step.
# - R. Pascanu, T. Mikolov, Y. Bengio, *On the Difficulty of Training Recurrent Neural Networks*, 2013: what comes in unit 03.
#
# In unit 02 you work out the gradients of this network by hand and train it yourself.
