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
# You read this sentence word by word, and what you understand of each depends on those before it.
# A recurrent neural network (RNN) reads in the same way: one element at a time, with a memory that it carries along.
# In this unit you build one in NumPy, from a single number up to a network that reads digits.
#
# At the end you can
#
# - write a vanilla RNN, state the shape of everything in it, and reproduce the states of PyTorch's `nn.RNN` up to rounding;
# - say which steps of a task read and which answer, and choose the read-out that fits;
# - see from its hidden states whether a cell is saturated.
#
# **You build** the cell, the loop over time, the read-out.
# **Time** {minutes} minutes.
# **Points** {points}.
# **You need** NumPy, and a rough idea of what a neural network and its training are.
#
# <details><summary>How to work with this notebook, why Run All stops, and what stand_in is</summary>
#
# In each exercise you replace the line `raise NotImplementedError(...)` with your own code, run the cell, and run the check below it.
# You may run a check as often as you like.
#
# *Run All* stops at the first check that does not pass yet; this is intended.
# To go on, select the cell below it and choose *Run Selected Cell and All Below* in the menu *Run*.
#
# You need not solve everything in order.
# Cells that begin with `stand_in(...)` use your functions, right or wrong; where one is not written yet, a function of the course takes its place, and a line says so.
# That function earns no points.
#
# </details>

# %% key="imports"
import numpy as np

from rnnlab import check, data, plots, stand_in

VOCAB = "ehlo"  # the letters of the running example; the index of a letter is its place in this string

# %% [markdown] key="echo"
# ## A memory of one number
#
# The smallest recurrent network reads one number per step and remembers one number, $h$.
# At every step it adds the input $x_t$ to $w$ times what it remembers, and the function tanh squeezes the sum into the range from −1 to 1:
#
# $$h_t = \tanh(x_t + w\, h_{t-1}) \qquad h_0 = 0$$
#
# Let it read 1, 0, 0. With $w = 0.5$ the first state is $h_1 = \tanh(1 + 0.5 \cdot 0) = 0.76$.
#
# **Guess first:** what are $h_2$ and $h_3$, when only zeros come in? And what are they with $w = 0$?
#
# <details><summary>Possible answers</summary>
#
# - Both are 0: no input, no output.
# - They stay at 0.76: what was read is remembered.
# - Each is a little less than half of the one before.
#
# </details>

# %% key="echo-run" tags=["demo"]
for w in (0, 0.5, 1):
    h, seen = 0.0, []
    for x in (1, 0, 0):
        h = np.tanh(x + w * h)
        seen.append(f"{h:.4f}")
    print(f"w = {w}:  h_1, h_2, h_3 =", ", ".join(seen))

# %% [markdown] key="memory"
# With $w = 0.5$ or $1$, an echo of the 1 is still in the state two steps later: that is the memory, and $w$ decides how long it lasts.
#
# ## A network with a memory
#
# In a *feed-forward network* values flow only from the input through hidden layers to the output.
# The simplest kind, the multilayer perceptron, has two difficulties with sequences.
#
# - The size of its input is fixed; sentences differ in length.
# - What it learns at one position stays there: that a noun often follows "The" must be learned once for word 1 and again for word 4.
#
# A *recurrent* network keeps a vector $h$, its *hidden state*, and updates it at every time step $t$:
#
# $$h_t = f_W(h_{t-1}, x_t)$$
#
# The function $f_W$ is called the *cell*; $W$ stands for its trainable weights.
# The new state goes to the next step and, where an answer is wanted, to an output $y_t$.
# The network in the figure reads "hell" and should predict the next letter at each step.

# %% key="unrolled-graph" tags=["demo"]
plots.show(plots.unrolled(["'h'", "'e'", "'l'", "'l'"], ["'e'?", "'l'?", "'l'?", "'o'?"]), "unrolled-graph")

# %% [raw] alt="unrolled-graph"
# Left: a cell f_W with input x_t below, output y_t above, and an arrow h that leaves it and comes back to it.
# Right: the same cell four times in a row, reading h, e, l, l from below and giving e, l, l, o above, each with a question mark.
# An arrow leads from h_0 into the first copy, and arrows h_1 to h_3 join the copies.

# %% [markdown] key="one-hot-task"
# On the left is the network with its loop; on the right it is *unrolled*, with one copy per time step.
# All copies are the same function with the same weights.
# Nothing in $f_W$ depends on $t$: what it learns at one position holds at every other.
#
# A network calculates with numbers, so the letters must become vectors first.
# The index of a letter in "ehlo" will not do: 'o' (3) would look like three times 'h' (1).
#
# ## Exercise 1: one_hot (2 points)
#
# **Write** a function that turns every index into a *one-hot vector*: zeros, with a single 1 at the position given by the index.
#
# **Difficulty** ●○○ (easy) · **Time** 5–10 min
#
# **In** `idx`: whole numbers, an array with any number of axes or a nested list, possibly empty; `vocab_size`: the number $V$ of symbols; `dtype`: the type of the result.
#
# **Out** an array of shape `idx.shape + (V,)` and of type `dtype`; an index below 0 or above $V-1$ raises `IndexError`.
#
# **By hand** In the alphabet `"ehlo"` the letters of "hello" have the indices 1, 0, 2, 2, 3; with $V = 4$ the rows are
#
# $$\text{h}\ (0, 1, 0, 0) \quad \text{e}\ (1, 0, 0, 0) \quad \text{l}\ (0, 0, 1, 0) \quad \text{l}\ (0, 0, 1, 0) \quad \text{o}\ (0, 0, 0, 1)$$
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
# <details><summary>Hint 3: pseudocode</summary>
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
    """Return one-hot vectors: zeros, with a single 1 at the position given by each index.

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

# %% [markdown] key="softmax-task"
# Multiplied by a matrix, a one-hot vector picks one row of it: every letter has its own row of weights.
#
# So much for the input; now the output.
# A network gives each symbol a *score*, any real number, and softmax turns scores into probabilities.
#
# ## Exercise 2: softmax (2 points)
#
# **Write** softmax along one axis, so that it also works for very large scores.
#
# **Difficulty** ●●○ (medium) · **Time** 10 min
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
# <details><summary>Can you see what is wrong with e = np.exp(z - z.max()), as it is often published?</summary>
#
# Take a batch of two rows, $(0, \ln 3)$ and $(800, 800)$.
# The maximum of the whole array is 800, so the first row becomes $e^{-800}$, which is 0 in float64, and $0/0$ is `nan`.
# With rows of similar size nobody notices, which is why this mistake is so common.
#
# </details>
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
# <details><summary>Hint 3: pseudocode</summary>
#
# Three lines: shift each row by its maximum, take the exponential, divide by the row's sum.
# Maximum and sum both go along `axis`, and both need `keepdims=True` so that their shape still fits `z`.
# Convert whole numbers to float64 before anything else.
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

# %% [markdown] key="cell"
# ## The cell
#
# The vanilla RNN, also called an Elman network, is the network of the first section with vectors instead of numbers: two matrices, one bias, one tanh.
#
# $$h_t = \tanh(x_t W_{xh} + h_{t-1} W_{hh} + b_h) \qquad\qquad y_t = h_t W_{hy} + b_y$$
#
# The first formula is the cell; the second is the *read-out*, which turns a state into scores.
#
# | symbol | shape | what it is |
# |---|---|---|
# | $x_t$ | (N, D) | inputs: N sequences, D numbers each |
# | $h_{t-1}$, $h_t$ | (N, H) | hidden states; H is the size of the memory |
# | $W_{xh}$, $W_{hh}$, $b_h$ | (D, H), (H, H), (H,) | weights of the cell |
# | $y_t$ | (N, C) | scores of C classes |
# | $W_{hy}$, $b_y$ | (H, C), (C,) | weights of the read-out |
#
# T, the number of steps, appears in no shape: no weight belongs to a step.
# Many books write $x_t$ as a column; a table in unit 00 translates.
#
# The figure shows the inside of the cell, with the numbers of the next exercise.

# %% key="rnn-cell-inside" tags=["demo"]
numbers = {"h_prev": "(0.5, −0.5)", "x_t": "(1, 0, 2)", "b_h": "(0.1, 0)"}
numbers |= {"memory": "(−0.2, 0.3)", "input": "(0.1, 0)", "sum": "(0, 0.3)", "h_t": "(0, 0.29)"}
plots.show(plots.rnn_cell(numbers), "rnn-cell-inside")

# %% [raw] alt="rnn-cell-inside"
# One step of a vanilla RNN, from left to right.
# The old state h_(t-1) = (0.5, −0.5) goes through a box "times W_hh" and becomes (−0.2, 0.3).
# From below x_t = (1, 0, 2) goes through a box "times W_xh" and becomes (0.1, 0).
# From above comes b_h = (0.1, 0).
# A circle adds the three, which gives (0, 0.3); a box tanh makes it h_t = (0, 0.29).
# From there one arrow leads on to the next step and one up to the read-out.

# %% [markdown] key="cell-task"
# Three contributions meet in the circle: from the memory, the input and the bias.
#
# ## Exercise 3: rnn_cell_forward (4 points)
#
# **Write** one step of the vanilla RNN for a batch of sequences.
# Return the new state and a *cache*: whatever you think the backward pass of unit 02 will need, in any form.
#
# **Difficulty** ●●○ (medium) · **Time** 10–15 min
#
# **In** `x_t` (N, D), `h_prev` (N, H), `W_xh` (D, H), `W_hh` (H, H), `b_h` (H,)
#
# **Out** `h_t` (N, H) and `cache`
#
# **By hand** The numbers of the figure:
#
# $$x_t = (1, 0, 2) \quad h_{t-1} = (0.5, -0.5) \quad W_{xh} = \begin{pmatrix} 0.1 & 0.2 \\ 0.3 & 0.4 \\ 0 & -0.1 \end{pmatrix} \quad W_{hh} = \begin{pmatrix} 0.2 & 0.4 \\ 0.6 & -0.2 \end{pmatrix} \quad b_h = (0.1, 0)$$
#
# <details><summary>The sums in full</summary>
#
# - from the input: $x_t W_{xh} = (0.1 + 0 + 0,\ 0.2 + 0 - 0.2) = (0.1,\ 0)$
# - from the memory: $h_{t-1} W_{hh} = (0.1 - 0.3,\ 0.2 + 0.1) = (-0.2,\ 0.3)$
# - the sum with the bias: $(0.1 - 0.2 + 0.1,\ 0 + 0.3 + 0) = (0,\ 0.3)$
# - the new state: $h_t = (\tanh 0,\ \tanh 0.3) = (0,\ 0.2913)$
#
# </details>
#
# <details><summary>Hint 1: the idea</summary>
#
# Three contributions meet at every hidden unit.
# Do they meet before or after the tanh?
#
# </details>
#
# <details><summary>Hint 2: the shapes</summary>
#
# Write the shape under each factor of the formula: (N, D)(D, H), (N, H)(H, H) and (H,).
# Which axes disappear in the products, and what does NumPy do with the (H,)?
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Let `a` be the sum of two matrix products (`@`) and the bias, which broadcasts over the N rows by itself.
# The new state is the tanh of all of `a`.
# For the cache: the derivative of tanh can be computed from `h_t`.
# What else appears in the formula?
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `matmul: Input operand 1 has a mismatch in its core dimension`: a matrix is on the wrong side or transposed; write the shapes under the formula.
# - `operands could not be broadcast together`: the bias is (H,), not a column (H, 1).
# - Only some numbers are off: `W_hh` is square, so one transpose too many goes unnoticed until the values are compared.
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

# %% [markdown] key="readout-task"
# <details><summary>Can you see what is wrong? A set of notes writes two formulas with columns</summary>
#
# The notes give $x_t$ the shape $(d, 1)$, $h_{t-1}$ the shape $(D_h, 1)$ and $W_h$ the shape $(D_h, D_h)$, and then write
# $h_t = \tanh(W_x x_t + h_{t-1} W_h + b)$ and $O_t = f(W_y h_t + b)$.
#
# A $(D_h, 1)$ column times a $(D_h, D_h)$ matrix is not defined: with columns it must be $W_h h_{t-1}$.
# And one $b$ cannot serve both formulas: the first has one number per hidden unit, the second one per output.
#
# </details>
#
# <details><summary>One matrix instead of two</summary>
#
# Some texts write the cell as $h_t = \tanh([x_t, h_{t-1}]\, W + b_h)$: input and state are concatenated, and $W_{xh}$ is stacked on $W_{hh}$.
# It is the same, because a product with stacked matrices is the sum of the products.
# In column notation the matrix of the example by hand is 2×5; its columns 1–3 are $W_{xh}$ transposed, 4–5 are $W_{hh}$ transposed. With 10,000 words and 100 hidden units it is 100×10,100.
#
# </details>
#
# A hidden state is not yet an answer.
# The tags of a sentence's words, such as noun or verb, are due at every word; the sentiment of a review only after the last.
# A choice among C classes takes C scores and a softmax; for yes or no, one score is enough.
#
# ## Exercise 4: rnn_readout (2 points)
#
# **Write** the read-out: from hidden states to scores, at every step or after the last.
#
# **Difficulty** ●○○ (easy) · **Time** 5–10 min
#
# **In** `h_all` (N, T, H), `W_hy` (H, C), `b_y` (C,), and `mode`, either `'every'` or `'last'`
#
# **Out** scores (N, T, C) for `'every'`, (N, C) for `'last'`; any other mode raises `ValueError`.
# Return plain scores, without softmax.
#
# <details><summary>By hand: one sequence of two steps, H = 2, C = 3</summary>
#
# $$h_1 = (1, 0) \quad h_2 = (0.5, -0.5) \quad W_{hy} = \begin{pmatrix} 1 & 2 & 0 \\ 0 & 1 & 4 \end{pmatrix} \quad b_y = (0, 0.5, 1)$$
#
# - step 1: $(1, 2, 0) + (0, 0.5, 1) = (1, 2.5, 1)$
# - step 2: $(0.5, 1 - 0.5, -2) + (0, 0.5, 1) = (0.5, 1, -1)$, which is all that `'last'` returns
#
# </details>
#
# <details><summary>Hint 1: the idea</summary>
#
# Like the cell, the read-out is the same at every step.
# So the only question is which states it gets.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $y_t = h_t W_{hy} + b_y$, for all $t$ or only for $t = T$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
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
# - The shape is (4, 2): `h_all[-1]` is the last *sequence*; the time axis is axis 1.
# - `matmul: Input operand 1 has a mismatch`: the last axis must be the hidden one; `h_all[..., -1]` is the last hidden unit.
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
# What is missing is the loop that computes the hidden states.
# It needs a state to start from, $h_0$.
# Zeros are the usual choice: no memory yet.
# But $h_0$ may also be the last state of an earlier piece of the same text; so `h0` is an input, and your function must use it.
#
# ## Exercise 5: rnn_forward (4 points)
#
# **Write** the forward pass over a whole sequence: call your `rnn_cell_forward` at every step and collect the states.
#
# **Difficulty** ●●○ (medium) · **Time** 10–15 min
#
# **In** `x` (N, T, D), `h0` (N, H), and the cell's `W_xh`, `W_hh`, `b_h`
#
# **Out** `h_all` (N, T, H), the states $h_1$ to $h_T$ without $h_0$; and `caches`, a list with the cache of each step
#
# **By hand** The echo: $W_{xh} = 1$, $W_{hh} = 0.5$, $b_h = 0$, $h_0 = 0$, input 1, 0, 0; the states are 0.7616, $\tanh(0.5 \cdot 0.7616) = 0.3634$ and $\tanh(0.5 \cdot 0.3634) = 0.1797$.
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
# <details><summary>Hint 3: pseudocode</summary>
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
# - `h_all has shape (2, 2, 4)`: the loop counts sequences (axis 0) instead of steps (axis 1).
# - A remark about float64: a buffer made by `np.zeros` is float64 unless it is given another `dtype`; this costs nothing.
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
# `data.HELLO_CELL` and `data.HELLO_READOUT` hold the weights of an untrained network with three hidden units.
# It reads "hell" and gives every letter a score at every step; a trained network would answer "ello".
#
# **Guess first:** at steps 3 and 4 the network reads the same letter, 'l', with the same weights. Will its scores be the same?
#
# <details><summary>Possible answers</summary>
#
# - Yes: the same input and the same weights give the same scores.
# - No: something other than the input differs.
#
# </details>

# %% key="hello-scores" tags=["demo"]
stand_in("one_hot", "rnn_forward", "rnn_readout")
x = one_hot([[VOCAB.index(letter) for letter in "hell"]], len(VOCAB))  # (N, T, D) = (1, 4, 4)
h_all, caches = rnn_forward(x, np.zeros((1, 3)), **data.HELLO_CELL)  # (N, T, H) = (1, 4, 3)
scores = rnn_readout(h_all, **data.HELLO_READOUT, mode="every")  # (N, T, C) = (1, 4, 4)
reads = ["reads h\nwants e", "reads e\nwants l", "reads l\nwants l", "reads l\nwants o"]
symbols = [f"score of {letter}" for letter in VOCAB]
plots.show(plots.scores(scores[0].T, symbols, reads, [VOCAB.index(letter) for letter in "ello"]), "hello-scores")
units = [f"hidden unit {i}" for i in (1, 2, 3)]
plots.show(plots.heat_map(h_all[0].T, units, list("hell"), "letter read"), "hello-states")

# %% [raw] alt="hello-scores"
# A table of scores, four letters by four steps; a frame marks the wanted letter of each step, a star the highest score.
# Step 1 reads h: o has 4.08, the highest; the wanted e only 2.29.
# Step 2 reads e: h has 4.56, the highest; the wanted l only 1.32.
# Steps 3 and 4 both read l, and all their scores differ: at step 3 the wanted l is highest, at step 4 the wanted o.

# %% [raw] alt="hello-states"
# A heat map of the three hidden units over the letters h, e, l, l, with the values written in.
# After h the state is 0, 0.46, −0.91.
# The two columns of l differ in every unit.

# %% [markdown] key="hello-saw"
# A frame marks the wanted letter, a star the highest score.
# At step 1 'o' has 4.1 and the wanted 'e' only 2.3; step 2 is wrong too.
# Training, in unit 02, compares `softmax(scores)` with the wanted letter at every step and changes the weights.
#
# In the two columns of 'l' the scores differ.
# The lower figure shows why: the hidden states differ, since the second 'l' has a different past.
#
# ## How large should the weights be?
#
# The curve of tanh is flat on both sides: a unit whose sum is far from 0 is near −1 or 1, and a small change of the sum hardly moves it; it is *saturated*.
# Below, four cells with 64 hidden units read random inputs for 10 steps.
# One has all weights between 0 and 1, from `np.random.random`, as in several published introductions; three have weights centred at 0, with standard deviation $s/\sqrt{64}$ in $W_{hh}$ and $s/\sqrt{4}$ in $W_{xh}$.
#
# **Guess first:** in which of the four do the states use the whole range?
#
# <details><summary>Possible answers</summary>
#
# all-positive weights · $s = 0.1$ · $s = 1$ · $s = 8$
#
# </details>

# %% key="four-scales" tags=["demo"]
stand_in("rnn_forward")
rng = np.random.default_rng(2)
x, h0 = rng.normal(size=(50, 10, 4)), np.zeros((50, 64))  # (N, T, D), (N, H)
W_xh, W_hh = rng.normal(size=(4, 64)) / 2, rng.normal(size=(64, 64)) / 8  # (D, H), (H, H)
weights = {"all positive": (rng.random((4, 64)), rng.random((64, 64)))}
weights |= {f"s = {s}": (s * W_xh, s * W_hh) for s in (0.1, 1, 8)}
last = {name: rnn_forward(x, h0, *pair, np.zeros(64))[0][:, -1] for name, pair in weights.items()}  # (N, H) each
stuck = [f"{name} {np.mean(np.abs(h) > 0.99):.0%}" for name, h in last.items()]
plots.show(plots.histograms(last, "hidden state $h$ at step 10"), "four-scales", stuck=", ".join(stuck))
print("within 0.01 of −1 or 1:", ", ".join(stuck))

# %% [raw] alt="four-scales"
# Four histograms of hidden states at step 10.
# With all-positive weights nearly all states lie in the two outermost bars, at −1 and 1.
# With s = 0.1 all lie near 0; with s = 1 they fill the range; with s = 8 most lie in the two outermost bars.
# Within 0.01 of −1 or 1 are: {stuck}.

# %% [markdown] key="params-task"
# Only with $s = 1$.
# Smaller weights hardly move the states from 0, and larger ones push them to ±1; so do weights that are all positive, because their contributions add up instead of cancelling.
# A saturated unit also learns badly: each step back through the cell multiplies the gradient by the derivative of tanh, $1 - h^2$, which is then nearly 0 (unit 03).
#
# ## Exercise 6: num_params (1 point)
#
# **Write** a function that counts the trainable numbers of a vanilla RNN with its read-out.
#
# **Difficulty** ●○○ (easy) · **Time** 5 min
#
# **In** `D`, `H`, `C`: size of an input, of the hidden state, and number of scores
#
# **Out** an `int`: the parameters of the cell and of the read-out together
#
# **By hand** D = 3, H = 2, C = 4: $W_{xh}$ has 6, $W_{hh}$ 4, $b_h$ 2, $W_{hy}$ 8, $b_y$ 4; together 24.
#
# <details><summary>Hint 1: the idea</summary>
#
# Five arrays are trained.
# Is there a separate copy of any of them for each time step?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# The size of an array is the product of its axes; add the five sizes.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Three arrays belong to the cell, two to the read-out.
# For the numbers above, the cell alone has 12.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - The count is too large by H: `nn.RNN` keeps two biases that are added; this cell has one.
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

# %% [markdown] key="types"
# The length T is not among the arguments: the same weights read three letters or three thousand.
#
# ## Five types of task
#
# A network need not read and answer at every step.
#
# - *One-to-one*: nothing is a sequence; a feed-forward network is enough.
# - *One-to-many*: one input, then a sequence of outputs.
# - *Many-to-one*: the whole sequence is read, then one answer is given.
# - *Many-to-many, delayed*: the whole input is read first, then a sequence of outputs follows, often of another length.
# - *Many-to-many, synced*: one output per input, at once, from everything read so far.
#
# In the figure inputs are at the bottom, hidden states in the middle, outputs on top.
# Below it are twelve tasks: which steps read, which answer?

# %% key="five-types" tags=["demo"]
plots.show(plots.task_types(), "five-types")
for name, description in data.TASKS.items():
    print(f"{name:<26}{description}")

# %% [raw] alt="five-types"
# Five small networks. One-to-one: one input, one output.
# One-to-many: one input, three outputs. Many-to-one: three inputs, one output at the last step.
# Many-to-many delayed: three inputs, and three outputs that begin at the last input.
# Many-to-many synced: three inputs, each with an output.

# %% [markdown] key="types-task"
# ## Exercise 7: classify_task (2 points)
#
# **Write** a function that returns the type of each of the twelve tasks in `data.TASKS`.
#
# **Difficulty** ●○○ (easy) · **Time** 5–10 min
#
# **In** `name`: a name in `data.TASKS`
#
# **Out** one of `"one-to-one"`, `"one-to-many"`, `"many-to-one"`, `"many-to-many delayed"`, `"many-to-many synced"`; an unknown name raises `KeyError`.
#
# **Points** in proportion to 13 questions, the twelve tasks and the unknown name, rounded down: both need all 13.
#
# **By hand** `"image classification"` is `"one-to-one"`, `"image captioning"` is `"one-to-many"`, `"sentiment analysis"` is `"many-to-one"`.
# For the other nine (the figure shows two), your check only tests whether the answer is one of the five types; grading tests whether it is right.
#
# <details><summary>Hint 1: the idea</summary>
#
# Ask two questions of each description: does the input arrive piece by piece, does the output leave piece by piece?
#
# </details>
#
# <details><summary>Hint 2: the rule</summary>
#
# If both are sequences, ask a third: can the first output leave before the second input has arrived?
# Yes means synced, no means delayed.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
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

# %% [markdown] key="image-task"
# Inputs and outputs that are not sequences by nature can be made into sequences: a picture can be drawn stroke by stroke, or read row by row.
# The last exercise prepares the second.
#
# ## Exercise 8: image_to_sequence (3 points)
#
# **Write** a function that turns images into sequences, in one of three reading orders.
#
# **Difficulty** ●●○ (medium) · **Time** 10–15 min
#
# **In** `images` (N, R, C): N images of R rows and C columns; `order`: `'rows'`, `'columns'` or `'pixels'`
#
# **Out** a sequence per image; any other order raises `ValueError`:
#
# - `'rows'`, shape (N, R, C): step $t$ reads row $t$, from left to right.
# - `'columns'`, shape (N, C, R): step $t$ reads column $t$, from top to bottom.
# - `'pixels'`, shape (N, R·C, 1): every step reads one pixel, along the first row, then along the second, and so on.
#
# **By hand** The image $\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}$ becomes
#
# - by rows (1, 2), (3, 4); by columns (1, 3), (2, 4); by pixels (1), (2), (3), (4).
#
# <details><summary>Hint 1: the idea</summary>
#
# For each order, which axis of the image is time, and which holds the numbers of one step?
# One order needs no change, one exchanges two axes, and one merges two axes.
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
# <details><summary>Hint 3: pseudocode</summary>
#
# Exchanging axes is a transpose; name all three axes, since the first one must stay where it is.
# Flattening is a reshape; NumPy reads row by row.
# A reshape to (N, C, R) has the shape of a transpose and the wrong numbers in it.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - The shape is right, but most numbers are off: a reshape where a transpose is needed.
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
# Here is a digit in all three orders.
# Below it an output is drawn step by step: four numbers per step, the start and the end of the next stroke.

# %% key="reading-orders" tags=["demo"]
stand_in("image_to_sequence")
images, labels = data.digits(3000, seed=1)  # (N, R, C) = (3000, 8, 8), (N,)
orders = ("rows", "columns", "pixels")
read = [image_to_sequence(images[:1], order)[0] for order in orders]  # (T, D): (8, 8), (8, 8), (64, 1)
titles = [f"{order} of a {labels[0]}: T = {len(steps)}" for order, steps in zip(orders, read, strict=True)]
plots.show(plots.gallery(read, titles, "numbers of one step", "time"), "reading-orders", digit=labels[0])
plots.show(plots.stroke_by_stroke(data.pen_strokes()), "pen-strokes")  # (T, 4): x0, y0, x1, y1 of each stroke

# %% [raw] alt="reading-orders"
# The digit {digit} as three grey tables, time running down.
# Read by rows, T = 8, it looks as it was written; by columns, T = 8, it is mirrored on its diagonal; by pixels, T = 64, it is 64 stripes, one number each.

# %% [raw] alt="pen-strokes"
# Six panels, t = 1 to 6, in which the house number 47 is drawn; each adds one stroke of the pen, an arrow, to those before.

# %% [markdown] key="digits"
# By rows a network must remember over 8 steps, by pixels over 64.
#
# ## An RNN that reads digits
#
# Finally, a whole network learns from 3,000 generated digits.
# In `digit_reader.train` PyTorch's `nn.RNN` with 48 hidden units reads each digit row by row, and a linear layer gives ten scores after the last row.
# In 720 small steps the weights are changed so that the *loss* falls, a number that is large when the right digit gets a small probability; unit 02 says how.
#
# **Guess first:** blind guessing is right once in ten times. How often will the network be right about digits that it has never seen?
#
# <details><summary>Possible answers</summary>
#
# about half of the time · 70 to 90 % · more than 95 %
#
# </details>

# %% key="train" tags=["demo"]
stand_in("image_to_sequence")
from rnnlab import digit_reader

reader, losses = digit_reader.train(image_to_sequence(images, "rows"), labels, seed=0)
averages = np.reshape(losses, (-1, 20)).mean(axis=1)  # (36,): of 20 steps each
first, last = averages[[0, -1]]
figure = plots.curves({"training": averages}, "averages of 20 training steps", "loss")
plots.show(figure, "digit-loss", first=first, last=last)
new, truth = data.digits(1000, seed=2)  # (1000, 8, 8), (1000,): digits that it has not seen

# %% [raw] alt="digit-loss"
# A curve of the loss over 36 averages of 20 training steps: it falls from {first:.1f} steeply at first, then slowly, to {last:.2f}.

# %% [markdown] key="yours"
# Is your NumPy code the same network?
# Below, your functions read 1,000 new digits with PyTorch's trained weights: transposed, because PyTorch writes them for columns, and with its two biases added.

# %% key="agreement" tags=["demo"]
stand_in("image_to_sequence", "rnn_forward", "rnn_readout")
x = image_to_sequence(new, "rows").astype(np.float32)  # (N, T, D) = (1000, 8, 8)
cell, readout = digit_reader.weights(reader)
h_all, _ = rnn_forward(x, np.zeros((1000, 48), np.float32), **cell)  # (N, T, H) = (1000, 8, 48)
print(f"largest difference from nn.RNN: {np.abs(h_all - digit_reader.states(reader, x)).max():.0e}")
answers = rnn_readout(h_all, **readout, mode="last").argmax(axis=-1)  # (N,): the digit with the highest score
print(f"right answers on new digits: {(answers == truth).mean():.1%}")
some = np.r_[:3, np.flatnonzero(answers != truth)[:3]]  # the first three, and three that it got wrong
titles = [f"reads {answers[i]},\nis {truth[i]}" for i in some]
plots.show(plots.gallery(list(new[some]), titles), "digits-read", answers=answers[some], truth=truth[some])

# %% [raw] alt="digits-read"
# Three new digits and some that the network got wrong, with its answers above them: it reads {answers}, and what was drawn is {truth}.

# %% [markdown] key="closing"
# Your functions give the states of `nn.RNN` up to the rounding of float32, and read nearly all new digits correctly.
#
# ## What you have seen
#
# - A recurrent network is one small function, applied again and again with the same weights, whatever the length.
# - The hidden state is the memory: equal inputs can get different answers when their pasts differ.
# - Which steps read and which answer decides the type of the task; weights that are too large, or all of one sign, saturate a cell.
#
# ## Questions to think about
#
# <details><summary>Why does the check of rnn_cell_forward use N, D and H that are all different?</summary>
#
# In square matrices a transpose is invisible in the shapes, and equal sizes hide a mixed-up axis.
# $W_{hh}$ is always square, so there only the values can show it.
#
# </details>
#
# <details><summary>If W_hh were all zeros, what could the network still do?</summary>
#
# Each state would depend on the current input alone, as in the first line of the echo: a feed-forward network applied to each step, without memory.
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
# <details><summary>Five steps further, with a sentence on each</summary>
#
# - J. L. Elman, [Finding Structure in Time](https://doi.org/10.1207/s15516709cog1402_1), Cognitive Science, 1990: the network of this unit, predicting letters and words.
# - A. Karpathy, [The Unreasonable Effectiveness of Recurrent Neural Networks](https://karpathy.github.io/2015/05/21/rnn-effectiveness/), 2015: what recurrent networks write after training on books and programs; the five types and "hello" come from there.
# - PyTorch, [`torch.nn.RNN`](https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html): compare its formula and its shapes with yours.
# - D. Rumelhart, G. Hinton, R. Williams, [Learning Representations by Back-propagating Errors](https://doi.org/10.1038/323533a0), Nature, 1986: how the weights are learned, in four pages; a preparation for unit 02.
# - J. Ba, V. Mnih, K. Kavukcuoglu, [Multiple Object Recognition with Visual Attention](https://arxiv.org/abs/1412.7755), 2015, reads house numbers glimpse by glimpse; K. Gregor and others, [DRAW](https://arxiv.org/abs/1502.04623), 2015, draws them step by step.
#
# </details>
