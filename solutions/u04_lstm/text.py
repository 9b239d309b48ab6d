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
# One word must be carried across seventeen others, and a vanilla RNN's gradient usually shrinks on the way back (unit 03).
# The long short-term memory (LSTM) was designed for such distances.
#
# At the end you can
#
# - write an LSTM, forward and backward, with the states and gradients of PyTorch's `nn.LSTM`;
# - say what each gate does, set gates by hand, and read them off a picture;
# - measure how far back an LSTM's gradient reaches, and choose its initial forget bias accordingly.
#
# **You build** a long-lived memory, forward and backward.
# **Time** {minutes} minutes.
# **Points** {points}.
# **You need** units 01 to 03.
#
# The notebook runs in about ten seconds.
#
# <details><summary>How to work with this notebook, why Run All stops, and what stand_in is</summary>
#
# In each exercise you replace the line `raise NotImplementedError(...)` by your own code, run the cell, and run the check below it.
# *Run All* stops at the first check that does not pass yet; this is intended.
# To go on below it, select the next cell and choose *Run Selected Cell and All Below*.
#
# You need not solve everything in order.
# Cells that begin with `stand_in(...)` use your functions; where one is not written yet, a function of the course takes its place, and a line says so.
# A stand-in cannot be handed in.
#
# </details>

# %% key="imports"
import numpy as np
import torch

from rnnlab import check, counting, handmade_lstm, plots, reach, stand_in
from rnnlab.adam import Adam

# %% [markdown] key="two-states"
# ## Two states instead of one
#
# A vanilla cell rewrites its whole state $h$ at every step, so whatever is to last must survive a matrix and a tanh again and again.
# An LSTM keeps a second state, the *cell state* $c$, and changes it in two ways only: it multiplies it by numbers between 0 and 1, and it adds something.
# With factor 1 and nothing added, $c$ stays as it is, for as many steps as you like.
#
# The figure builds the cell layer by layer.

# %% key="gate-by-gate" tags=["demo"]
plots.show(plots.lstm_parts(), "gate-by-gate")

# %% [raw] alt="gate-by-gate"
# One LSTM cell in four panels, each of which adds a layer that reads x_t and h_t-1.
# 1: the forget gate f multiplies the cell state on its way from left to right.
# 2: the candidate g.
# 3: the input gate i multiplies g, and the product is added to the cell state.
# 4: the new cell state c_t goes through a tanh and a multiplication by the output gate o and becomes h_t.

# %% [markdown] key="formulas"
# All four layers read the input $x_t$ and the last hidden state $h_{t-1}$, and each is built like a vanilla cell: a weighted sum, then a squashing function.
#
# $$a = x_t W_{xh} + h_{t-1} W_{hh} + b \qquad\qquad a = (a_i,\ a_f,\ a_o,\ a_g)$$
#
# $$i = \sigma(a_i) \qquad f = \sigma(a_f) \qquad o = \sigma(a_o) \qquad g = \tanh(a_g)$$
#
# $$c_t = f \odot c_{t-1} + i \odot g \qquad\qquad h_t = o \odot \tanh(c_t)$$
#
# $\odot$ multiplies number by number, and $\sigma$ is the *sigmoid*, a curve from 0 to 1.
# All four sums are computed at once, so the weights are four times as wide as in the vanilla cell: $W_{xh}$ (D, 4H), $W_{hh}$ (H, 4H), $b$ (4H,).
#
# | layer | decides | at 0 | at 1 |
# |---|---|---|---|
# | forget gate $f$ | how much of the old $c$ is kept | reset | keep all |
# | input gate $i$ | how much of $g$ is written | write nothing | write all |
# | output gate $o$ | how much of $\tanh(c_t)$ is shown | hide it | show all |
# | candidate $g$ | *what* is written, from −1 to 1 | | |
#
# Each unit has its own gates.
# A gate is a share, so it takes a sigmoid; a candidate is a value that may be negative, so it takes a tanh.
#
# Both states go two ways: $c_t$ to the next step and, through tanh and output gate, into $h_t$; $h_t$ up to the read-out and on to the four layers of the next step.
#
# <details><summary>Other names</summary>
#
# The candidate $g$ is also written $\tilde c$.
# PyTorch's documentation calls it the cell gate and some notes "update gate"; it is no gate, since it can be negative, and the second name belongs to the GRU of unit 05.
#
# </details>
#
# **Can you see what is wrong?** Three sentences that sound right:
#
# <details><summary>"An LSTM has four layers: the cell state and three gates."</summary>
#
# The cell state is not a layer; it has no weights.
# The four layers are $i$, $f$, $o$ and $g$.
#
# </details>
#
# <details><summary>"The candidate g decides how much of i is added to the cell state."</summary>
#
# The roles are swapped: the gate $i$ decides how much, and $g$ is what is added, with its sign.
#
# </details>
#
# <details><summary>"The output gate multiplies the cell state: h = o · c."</summary>
#
# It multiplies $\tanh(c_t)$.
# The cell state itself can leave the range from −1 to 1; at the end of this unit a cell does, because it counts.
#
# </details>
#
# ## Exercise 1: sigmoid (1 point)
#
# **Write** the sigmoid, so that it works for any number and NumPy gives no warning.
#
# **Difficulty** ●●○ (medium) · **Time** 5–10 min
#
# **In** `x`: an array of any shape, of floats or whole numbers
#
# **Out** an array of the same shape; float32 stays float32, whole numbers give float64
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}}$$
#
# **By hand** $\sigma(0) = 1/2$ and $\sigma(\ln 3) = 1/(1 + 1/3) = 3/4$.
# $\sigma(-1000)$ must be 0 without a warning, although $e^{1000}$ is too large for a float64.
#
# <details><summary>Hint 1: the idea</summary>
#
# A gate that is computed at every step of training will meet large numbers.
# For which $x$ does $e^{-x}$ become too large?
# Can the same curve be written so that nothing in it ever becomes large?
#
# </details>
#
# <details><summary>Hint 2: two ways</summary>
#
# Multiply numerator and denominator by $e^{x}$: which of the two forms is safe for negative $x$, and which for positive $x$?
# Or plot the sigmoid beside a function of NumPy that is S-shaped and never overflows.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# With two forms: $e^{-|x|}$ is never more than 1; `np.where` chooses by the sign of `x`, but both branches are computed everywhere before it chooses, so both must be harmless everywhere.
# With the other function: squeeze it so that it runs from 0 to 1, then stretch its argument until the slope at 0 is 1/4.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `overflow encountered in exp`: somewhere the exponent is large and positive.
# - `can be converted to Python scalars`: `math.exp` takes one number, `np.exp` an array.
# - `the result is float64`: `np.zeros` and `np.ones` make float64 arrays unless you give them a dtype.
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

# %% [markdown] key="cell-task"
# ## Exercise 2: lstm_cell_forward (5 points)
#
# **Write** one step of the LSTM for a batch of sequences.
#
# **Difficulty** ●●○ (medium) · **Time** 15 min
#
# **In** `x_t` (N, D), `h_prev` (N, H), `c_prev` (N, H), `W_xh` (D, 4H), `W_hh` (H, 4H), `b` (4H,); the blocks of H columns stand in the order **i, f, o, g**
#
# **Out** `h_t` (N, H), `c_t` (N, H), in the dtype of the inputs, and `cache`, a tuple of these ten arrays, which the backward pass will read:
#
# | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 |
# |---|---|---|---|---|---|---|---|---|---|
# | `x_t` | `h_prev` | `c_prev` | `i` | `f` | `o` | `g` | `c_t` | `W_xh` | `W_hh` |
#
# <details><summary>By hand: one sequence, D = H = 1, so each block is one column</summary>
#
# $$x_t = 1 \quad h_{t-1} = 0.5 \quad c_{t-1} = 2 \quad W_{xh} = (1,\ 0,\ 1,\ 0) \quad W_{hh} = (-2,\ 4,\ 2,\ 2) \quad b = (0,\ -1,\ 0,\ -0.5)$$
#
# - the sums: $a = (1, 0, 1, 0) + (-1, 2, 1, 1) + (0, -1, 0, -0.5) = (0,\ 1,\ 2,\ 0.5)$
# - the layers: $i = \sigma(0) = 0.5$, $f = \sigma(1) = 0.731$, $o = \sigma(2) = 0.881$, $g = \tanh(0.5) = 0.462$
# - the cell state: $c_t = 0.731 \cdot 2 + 0.5 \cdot 0.462 = 1.462 + 0.231 = 1.693$
# - the hidden state: $h_t = 0.881 \cdot \tanh(1.693) = 0.881 \cdot 0.935 = 0.823$
#
# </details>
#
# <details><summary>Hint 1: the idea</summary>
#
# First all four sums in one go, then cut, then squash each block in its own way.
# Where does the old cell state come in, and what happens to it there?
#
# </details>
#
# <details><summary>Hint 2: shapes</summary>
#
# Write down the shape of everything on the way: the sum of the two products and the bias, one block of it, each layer, each state.
# In which line does 4H become H?
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# `np.split` with 4 parts along axis 1 cuts the sum; so do slices such as `H` to `2H`.
# Three blocks go through your `sigmoid`, the last through the tanh.
# In NumPy `*` multiplies number by number and `@` is the matrix product.
# On the worked example, compare line by line: the sums, the layers, $c_t$, $h_t$.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `operands could not be broadcast together with shapes (3,20) (3,5)`: a block was not cut out before it met a state.
# - `array split does not result in an equal division`: the split goes along axis 0; the blocks stand side by side.
# - In the step worked by hand $i$ and $f$ are right, and $o$ and $g$ are not: the blocks were taken in PyTorch's order, see exercise 4.
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

# %% [markdown] key="predict-gates"
# **Predict, then run.**
# Biases of ±20 push every gate fully open or shut; the old cell state is 0.8, the candidate −0.5.
# Write down $c_t$ for four settings: *keep* ($f$ and $o$ open), *reset* (only $o$), *write* ($i$ and $o$), *hide* (only $f$).
# In which of them is $h_t$ zero?
#
# <details><summary>Possible answers</summary>
#
# - keep 0.8, reset 0, write −0.5, hide 0.8; $h_t$ is zero in *reset* and *hide*
# - keep 0.8, reset −0.5, write 0.3, hide 0; $h_t$ is zero in *hide* only
# - keep 0.8, reset 0, write 0.3, hide 0.8; $h_t$ is zero in *reset* only
#
# </details>

# %% key="open-and-shut" tags=["demo"]
stand_in("lstm_cell_forward")
settings = {"keep": (-20, 20, 20), "reset": (-20, -20, 20), "write": (20, -20, 20), "hide": (-20, 20, -20)}
state, zero = np.full((1, 1), 0.8), np.zeros((1, 1))
no_weights = np.zeros((1, 4))  # the biases alone decide
for name, gates in settings.items():
    b = np.array([*gates, np.arctanh(-0.5)])  # i, f, o, g
    h_t, c_t, cache = lstm_cell_forward(zero, zero, state, no_weights, no_weights, b)
    i, f, o = (cache[k].item() for k in (3, 4, 5))
    print(f"{name:6} i {i:.0f}  f {f:.0f}  o {o:.0f}   c {c_t.item():+.2f}   h {h_t.item():+.2f}")

# %% [markdown] key="forward-task"
# $h_t$ is zero twice: after the reset there is nothing to show, and in the last row the cell keeps its memory hidden.
#
# ## Exercise 3: lstm_forward (3 points)
#
# **Write** the forward pass over a whole sequence: call your `lstm_cell_forward` at every step.
#
# **Difficulty** ●○○ (easy) · **Time** 10 min
#
# **In** `x` (N, T, D), `h0` (N, H), `c0` (N, H), and the cell's `W_xh`, `W_hh`, `b`
#
# **Out** `h_all` (N, T, H), the hidden states $h_1$ to $h_T$, and `c_T` (N, H), the cell state after the last step, both in the dtype of the inputs; and `caches`, a list with the cache of each step
#
# <details><summary>By hand: one sequence of three steps, D = H = 1</summary>
#
# All weights and biases are 0, except that the candidate's input weight is 1.
# Then every gate is $\sigma(0) = 1/2$ and $g = \tanh(x_t)$.
# The input is 1, 0, 0, and the states before it are $h_0 = 0$, $c_0 = 2$:
#
# | $t$ | $c_t = \tfrac12 c_{t-1} + \tfrac12 \tanh(x_t)$ | $h_t = \tfrac12 \tanh(c_t)$ |
# |---|---|---|
# | 1 | 1 + 0.3808 = 1.3808 | 0.4406 |
# | 2 | 0.6904 + 0 | 0.2991 |
# | 3 | 0.3452 + 0 | 0.1661 |
#
# </details>
#
# <details><summary>Hint 1: the idea</summary>
#
# It is the loop of unit 01, with two states to carry instead of one.
#
# </details>
#
# <details><summary>Hint 2: what changes hands</summary>
#
# What does the cell need at step $t$ that step $t-1$ has made?
# What takes its place at the first step?
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Before the loop, two variables hold `h0` and `c0`.
# In the loop the cell gets both and returns both, in the same order; append `h` and the cache to two lists.
# After the loop, stack the hidden states along a new axis 1.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `too many values to unpack`: your cell returns three things.
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
# To compare it with `nn.LSTM`, both need the same weights, which PyTorch stores differently.
#
# | this course | PyTorch |
# |---|---|
# | blocks i, f, **o, g** | blocks i, f, **g, o** |
# | `W_xh` (D, 4H) | `weight_ih_l0` (4H, D) |
# | `W_hh` (H, 4H) | `weight_hh_l0` (4H, H) |
# | `b` (4H,) | `bias_ih_l0` and `bias_hh_l0`, (4H,) each, which are added |
#
# A wrong order shows only when weights come from elsewhere: a network that trains in its own order works well, and a gradient check finds nothing.
#
# ## Exercise 4: lstm_from_torch (2 points)
#
# **Write** the conversion of PyTorch's weights into the course's form.
#
# **Difficulty** ●●○ (medium) · **Time** 10 min
#
# **In** `state`: a dict with the four NumPy arrays of the right column
#
# **Out** a dict with the keys `W_xh`, `W_hh` and `b`, in the dtype of the arrays
#
# <details><summary>By hand: D = H = 1, so each block is one row in PyTorch and one column here</summary>
#
# | | i | f | g | o | becomes | i | f | o | g |
# |---|---|---|---|---|---|---|---|---|---|
# | `weight_ih_l0` | 1 | 2 | 3 | 4 | `W_xh` | 1 | 2 | 4 | 3 |
# | `weight_hh_l0` | 5 | 6 | 7 | 8 | `W_hh` | 5 | 6 | 8 | 7 |
# | `bias_ih_l0` | 0.1 | 0.2 | 0.3 | 0.4 | `b` | 1.1 | 1.2 | 1.4 | 1.3 |
# | `bias_hh_l0` | 1 | 1 | 1 | 1 | | | | | |
#
# </details>
#
# <details><summary>Hint 1: the idea</summary>
#
# Three things differ between the two columns of the first table.
# Which of them concern the bias?
#
# </details>
#
# <details><summary>Hint 2: axes</summary>
#
# In PyTorch the blocks lie one below the other along axis 0, H rows each; here they stand side by side along axis 1.
# Do you exchange the blocks before or after transposing?
# Either works, along different axes.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Write a helper inside the function: cut an array into four along axis 0, join the parts in the new order, transpose.
# A transposed vector is the same vector, so the helper works for the bias as well.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `W_xh has shape (20, 3)`: the matrix is not transposed.
# - The shapes are right and half of the numbers are off: the order of the blocks. Nearly all numbers of a matrix are off: a `reshape` where a transpose is needed.
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

# %% [markdown] key="memory-task"
# ## A memory made by hand
#
# Before anything is trained, set the weights yourself.
# A unit receives a value at every step, mostly noise, and a *flag*, which is 1 when the value is to be kept, else 0.
#
# ## Exercise 5: handmade_memory (3 points)
#
# **Write** weights for H units with D = H + 1 inputs: input $j$ is the value for unit $j$, the last input the flag for all.
#
# **Difficulty** ●●● (hard) · **Time** 15–20 min
#
# **In** `H`, the number of units
#
# **Out** a dict with `W_xh` (H+1, 4H), `W_hh` (H, 4H) and `b` (4H,), with which, each within 5 %,
#
# - a flagged step writes values of +1 and −1 into $c$, and what was there before is gone;
# - 49 further steps without a flag leave $c$ as it is, even if the values are noise (normal, standard deviation 1);
# - $h$ shows $\tanh(c)$.
#
# **By hand** Two numbers set each gate: its bias without the flag, bias plus flag weight with it.
# Without the flag $i$ is shut and $f$ open; with it $i$ is open. What must $f$ do then, and $o$?
#
# How far open is open?
# Over 49 steps a forget gate with sum 4 keeps $\sigma(4)^{49} = 41\,\%$, with sum 7 it keeps 96 %, with sum 10 it keeps 99.8 %.
#
# <details><summary>Hint 1: the idea</summary>
#
# The units need not know of each other, and the gates need not look at the values.
# So most weights are 0, all of $W_{hh}$ among them.
# Which numbers of $W_{xh}$ must not be 0?
#
# </details>
#
# <details><summary>Hint 2: the sizes</summary>
#
# Which bias, and which flag weight on top of it, take a gate's sum from far below 0 to far above?
# The candidate must give about 1 for a value of 1, within 5 %; $\tanh(1)$ is only 0.76.
# How large must the number inside the tanh be?
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Start from zeros.
# In the last row of `W_xh`, which belongs to the flag, fill the blocks of the two gates that react to the flag; they react in opposite directions.
# In the rows above, the block of $g$ is a multiple of `np.eye(H)`.
# Fill the blocks of `b` for the three gates.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `c 49 silent steps after the flagged one is 0.409`: the forget gate is not open far enough.
# - `c after a flagged step that starts from 3 is 3.99`: the forget gate does not shut when the flag is up.
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
# Your cell at work on 50 steps of noise; the flag is up at step 0 and at step 25, where the value has the opposite sign.
#
# **Predict, then run.** Which strips will change at every step, and which only at the two flags?
#
# <details><summary>Possible answers</summary>
#
# - value, $g$ and $c$ at every step; the gates and $h$ at the flags
# - value and $g$ at every step; $i$, $f$, $c$ and $h$ at the flags; $o$ never
# - value at every step; everything else at the flags
#
# </details>

# %% key="handmade-map" tags=["demo"]
stand_in("lstm_forward", "handmade_memory")
x = handmade_lstm.flagged_values(H=1, steps=50, noise=1.0, seed=3)  # (1, 50, 2): value, flag
x[0, 25] = [-x[0, 0, 0], 1.0]  # the other sign, flagged
h_all, _, caches = lstm_forward(x, np.zeros((1, 1)), np.zeros((1, 1)), **handmade_memory(1))
places = {"$i$": 3, "$f$": 4, "$o$": 5, "$g$": 6, "$c$": 7}  # where they stand in a cache
rows = {name: [cache[k].item() for cache in caches] for name, k in places.items()}
rows = {"value": x[0, :, 0], "flag": x[0, :, 1], **rows, "$h$": h_all[0, :, 0]}
steps = [str(t) if t % 5 == 0 else "" for t in range(50)]
plots.show(plots.gate_map(rows, steps, "step"), "handmade-map")

# %% [raw] alt="handmade-map"
# Eight strips over 50 steps: value, flag, i, f, o, g, c, h.
# The value and g change irregularly at every step.
# The flag is up at steps 0 and 25; there, and only there, i is open and f is shut. o is always open.
# c and h keep one sign from step 0 to 24 and the other from step 25 to 49.

# %% [markdown] key="back-task"
# $g$ follows the noise at every step and $c$ does not, because $i$ is shut.
# Whether training finds such weights depends on the way back.
#
# ## The way back
#
# Write $dc$ for the gradient of the loss with respect to $c_t$, and so on; it travels from right to left.

# %% key="highway" tags=["demo"]
plots.show(plots.ways_back(), "highway")

# %% [raw] alt="highway"
# Two cells with the gradient drawn as dashed arrows from right to left.
# Vanilla cell: dh is multiplied by the slope of the tanh, then by W_hh transposed.
# LSTM cell: dc runs along the cell state; at the plus sign it is handed on unchanged to the left and down to i and g; at the multiplication by f it becomes dc times f.
# A second arrow starts with dh at h_t, is multiplied by o, then by the slope of the tanh, and joins dc.

# %% [markdown] key="back-formulas"
# In the vanilla cell every step back multiplies by the slope of the tanh and by $W_{hh}$.
# Along the LSTM's cell state there are only two stations:
#
# - At the plus sign the gradient is *distributed*: both terms of a sum get all of it.
# - At the multiplication it becomes $dc_{t-1} = dc \odot f$: no matrix, no tanh. With $f = 1$ it passes whole. **A forget gate at 0 stops the gradient of the cell state**: the old memory was erased, so no earlier step can have an effect through it.
#
# One more gradient joins: since $c_t$ also goes into $h_t$, what arrives at $h_t$ runs back through the output gate and the tanh into $c_t$ (the arrow $dh \to o \to \tanh \to c$), and there the two are added.
#
# ## Exercise 6: lstm_cell_backward (6 points)
#
# **Write** the backward pass of one step.
# Three rules give all of it:
#
# - a value that is used twice collects two gradients;
# - in a product each factor gets the gradient times the *other* factor;
# - a squashing function multiplies the gradient by its slope: $s(1-s)$ for a sigmoid with value $s$, $1-g^2$ for a tanh with value $g$.
#
# What results is $da$ (N, 4H); from there on it is the vanilla cell again.
#
# **Difficulty** ●●● (hard) · **Time** 25–35 min
#
# **In** `dh` (N, H), `dc` (N, H): the gradients that arrive at $h_t$ and, from the next step, at $c_t$; `cache`: the tuple of exercise 2
#
# **Out** `dx` (N, D), `dh_prev` (N, H), `dc_prev` (N, H), `dW_xh` (D, 4H), `dW_hh` (H, 4H), `db` (4H,), in this order and in the dtype of the inputs
#
# <details><summary>By hand: one step, D = H = 1</summary>
#
# The layers are chosen for easy arithmetic; they are not those of exercise 2.
# Let $x_t = 1$, $h_{t-1} = 0.5$, $c_{t-1} = 2$, $i = 0.5$, $f = 0.75$, $o = 0.9$, $g = 0.5$, hence $c_t = 1.75$; $W_{xh} = (1, 0, 1, 0)$, $W_{hh} = (-2, 4, 2, 2)$.
# First $dh = 0$ and $dc = 1$:
#
# - the layers: $di = 0.5$, $df = 2$, $do = 0$, $dg = 0.5$; and past them $dc_{t-1} = 0.75$
# - their slopes: $da = (0.5 \cdot 0.25,\ 2 \cdot 0.1875,\ 0,\ 0.5 \cdot 0.75) = (0.125,\ 0.375,\ 0,\ 0.375)$
# - to the input and the old state: $dx = 0.125$, and $dh_{t-1} = -0.25 + 1.5 + 0 + 0.75 = 2$
# - to the weights: $dW_{xh} = 1 \cdot da$, $dW_{hh} = 0.5 \cdot da$, $db = da$
#
# With $dh = 1$ and $dc = 0$ instead, what arrives at $c_t$ is $0.9 \cdot (1 - 0.941^2) = 0.102$, so $di$, $df$, $dg$ and $dc_{t-1}$ are 0.102 times as large as above; and $do = \tanh 1.75 = 0.941$ gives $da_o = 0.941 \cdot 0.09 = 0.085$, which $dx$ and $dh_{t-1}$ get in addition.
#
# </details>
#
# <details><summary>Hint 1: the idea</summary>
#
# Go through the forward pass from its last line to its first, and ask for each name: in how many places is it used, and by what is it multiplied there?
# Which name is used in two places?
#
# </details>
#
# <details><summary>Hint 2: the formulas</summary>
#
# $$dc \leftarrow dc + dh \odot o \odot (1 - \tanh^2 c_t)$$
#
# $$di = dc \odot g \qquad df = dc \odot c_{t-1} \qquad dg = dc \odot i \qquad dc_{t-1} = dc \odot f \qquad do = dh \odot \tanh c_t$$
#
# $$da = \big(di \odot i(1-i),\quad df \odot f(1-f),\quad do \odot o(1-o),\quad dg \odot (1-g^2)\big)$$
#
# $$dx_t = da\, W_{xh}^\top \quad dh_{t-1} = da\, W_{hh}^\top \quad dW_{xh} = x_t^\top da \quad dW_{hh} = h_{t-1}^\top da \quad db = \textstyle\sum_n da_n$$
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Unpack the cache into ten names, and compute $\tanh c_t$ once.
# Make the complete gradient of $c_t$ as a *new* array (`dc = dc + ...`; with `+=` the caller's array changes).
# Join the four blocks along axis 1, in the order i, f, o, g; the last five gradients are one line each.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `db has shape (1, 12)`: sum over axis 0 without `keepdims`.
# - `too many values to unpack`: the cache holds ten arrays.
# - Right for dc = 0, wrong otherwise: a bracket is missing. Right for dh = 0, as in the step worked by hand, and wrong otherwise: a line uses the `dc` that came in instead of the sum.
# - `changes dc in place`: a remark, which costs nothing; the `+=` of hint 3.
#
# </details>


# %% exercise="lstm_cell_backward" points=6
def lstm_cell_backward(dh, dc, cache):
    """Return the gradients of one LSTM step.

    dh: gradient that arrives at h_t; dc: gradient that arrives at c_t from the next step (N, H)
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
# **Can you see what is wrong?**
# A published solution has the line `df = dc + dh * o * (1 - np.tanh(c_t) ** 2) * c_prev`.
#
# <details><summary>What is wrong</summary>
#
# Brackets are missing: the whole sum must be multiplied by `c_prev`, but here only its second part is.
# A test in which `dc` is 0 does not notice.
#
# </details>
#
# ## Exercise 7: lstm_backward (4 points)
#
# **Write** the backward pass over the whole sequence: call your `lstm_cell_backward` from the last step to the first.
#
# **Difficulty** ●●○ (medium) · **Time** 15–20 min
#
# **In** `dh_all` (N, T, H): what arrives at each $h_t$ from above; `dc_T` (N, H): what arrives at the last cell state; `caches`: the list of `lstm_forward`
#
# **Out** a dict with the keys `dx` (N, T, D), `dh0` (N, H), `dc0` (N, H), `dW_xh`, `dW_hh`, `db`, in the dtype of the inputs
#
# <details><summary>By hand: two steps, D = H = 1</summary>
#
# Two caches with numbers chosen for easy arithmetic: all gates are 1/2, weights 0, inputs 1 and 0; $g$ is 0.5 and then 0, the cell states are $c_0 = 2$, $c_1 = 1.25$, $c_2 = 0.625$.
# Nothing comes from above (`dh_all` = 0), and `dc_T` = 1.
#
# - step 2: $dc = 1$, so $da = (0,\ 1.25 \cdot 0.25,\ 0,\ 0.5) = (0,\ 0.3125,\ 0,\ 0.5)$, and 0.5 is passed on
# - step 1: $dc = 0.5$, so $da = (0.25 \cdot 0.25,\ 1 \cdot 0.25,\ 0,\ 0.25 \cdot 0.75) = (0.0625,\ 0.25,\ 0,\ 0.1875)$, and 0.25 is passed on
# - $dc_0 = 0.25$, and $db$ is the sum of both, $(0.0625,\ 0.5625,\ 0,\ 0.6875)$
#
# </details>
#
# <details><summary>Hint 1: the idea</summary>
#
# A hidden state is used twice, by its own read-out and by the next step, so how many gradients arrive at it?
# And at a cell state, at the end of the sequence and before?
#
# </details>
#
# <details><summary>Hint 2: what changes hands</summary>
#
# At step $t$ the cell needs a `dh` and a `dc`.
# Name the two things that make up the first, and say which step each comes from.
# What happens to the weights' gradients of the single steps, when all steps use the same weights?
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Two variables carry what comes from the right: one starts as zeros, the other as `dc_T`.
# In the loop over `reversed(range(T))`, call the cell, let the two variables be what it passes on, keep `dx`, and add up the rest.
# When the loop is over, the two variables are `dh0` and `dc0`.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - Only the last step of `dx` is right: nothing is carried from step to step. This mistake is common.
# - `dx` is right, `dW_xh` is not: `=` in the loop where `+=` is needed.
# - `dx has shape (5, 4, 2)`: stack along axis 1.
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

# %% [markdown] key="same-as-torch"
# Now the comparison with PyTorch, in float64.
# The loss is the sum of the squares of all hidden states, so $2 h_t$ arrives at each of them from above.

# %% key="same-as-torch-check" tags=["demo"]
stand_in("lstm_from_torch", "lstm_forward", "lstm_backward")
torch.manual_seed(0)
theirs, x = torch.nn.LSTM(3, 5, batch_first=True).double(), torch.randn(2, 7, 3).double().requires_grad_()
their_h, _ = theirs(x)  # N = 2, T = 7, H = 5
(their_h**2).sum().backward()
weights = lstm_from_torch({name: w.detach().numpy() for name, w in theirs.named_parameters()})
h_all, _, caches = lstm_forward(x.detach().numpy(), np.zeros((2, 5)), np.zeros((2, 5)), **weights)
dx = lstm_backward(2 * h_all, np.zeros((2, 5)), caches)["dx"]  # (2, 7, 3)
for name, mine, other in (("h", h_all, their_h.detach().numpy()), ("dx", dx, x.grad.numpy())):
    print(f"largest difference in {name}: {np.abs(mine - other).max():.0e}")

# %% [markdown] key="init-task"
# Only rounding is left: your LSTM *is* `nn.LSTM`.
#
# ## Does the gradient vanish?
#
# "In an LSTM the gradient does not vanish" is often said.
# Along the cell state it is multiplied by $f$ at each step, so it depends on where the forget gate stands.
# At the beginning of training its bias decides that: with small weights, $f \approx \sigma(b_f)$.
#
# ## Exercise 8: init_lstm (1 point)
#
# **Write** the initial weights of an LSTM.
#
# **Difficulty** ●○○ (easy) · **Time** 5 min
#
# **In** `D`, `H`; `forget_bias`: a number; `rng`: a NumPy random generator
#
# **Out** a dict: `W_xh` (D, 4H) and `W_hh` (H, 4H), every number uniform between $-1/\sqrt H$ and $1/\sqrt H$, drawn from `rng` and from nothing else; `b` (4H,), which is `forget_bias` for the forget gate and 0 for the others
#
# **By hand** H = 2 and `forget_bias` = 1: $b = (0, 0,\ 1, 1,\ 0, 0,\ 0, 0)$.
#
# <details><summary>Hint 1: the idea</summary>
#
# Which of the four blocks belongs to $f$, and where does it begin and end?
#
# </details>
#
# <details><summary>Hint 2: pseudocode</summary>
#
# `rng.uniform` takes the two ends and a shape.
# Start the bias from zeros and fill a slice.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `two generators with the same seed give different numbers`: `np.random` is used instead of `rng`.
# - `the biases of f begin with 0`: the slice begins at 0.
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

# %% [markdown] key="predict-vanishing"
# Fresh LSTMs with 64 units read 50 random inputs.
# A gradient starts at the last hidden state, your `lstm_cell_backward` carries it back, and we measure what arrives at each cell state.
#
# **Predict, then run.**
# Along the cell state alone, 49 steps multiply by $\sigma(b_f)^{49}$; for $b_f = 0$ that is $0.5^{49} \approx 2 \cdot 10^{-15}$.
# Will the measured share be smaller, equal or larger, and for which of the biases 0, 1, 2, 3 more than 10 %?
#
# <details><summary>Possible answers</summary>
#
# - smaller, and more than 10 % for none of them
# - equal, and more than 10 % for none of them (0.953 to the 49th is 9 %)
# - larger, and more than 10 % for 2 and 3
#
# </details>


# %% key="gradient-at-cells"
def gradient_at_cells(forget_bias, seed, N=16, T=50, D=8, H=64):
    rng, zeros = np.random.default_rng(seed), np.zeros((N, H))
    _, _, caches = lstm_forward(rng.normal(size=(N, T, D)), zeros, zeros, **init_lstm(D, H, forget_bias, rng))
    dh, dc, norms = rng.normal(size=(N, H)), zeros, []
    for cache in reversed(caches):
        o, c_t = cache[5], cache[7]
        norms.append(np.linalg.norm(dc + dh * o * (1 - np.tanh(c_t) ** 2)))  # all that arrives at c_t
        _, dh, dc, *_ = lstm_cell_backward(dh, dc, cache)
    return np.array(norms) / norms[0]  # (T,): 0, 1, ... steps back


# %% key="forget-bias" tags=["demo"]
stand_in("sigmoid", "init_lstm", "lstm_forward", "lstm_cell_backward")
print("b_f   f = sigmoid(b_f)   f to the 49th   measured after 49 steps, seeds 0 to 2")
curves = {"vanilla RNN": reach.shares("RNN")}  # by PyTorch
for bias in (0, 1, 2, 3):
    runs = [gradient_at_cells(bias, seed) for seed in range(3)]  # three arrays (50,)
    curves[f"LSTM, $b_f$ = {bias}"] = runs[0]
    f = sigmoid(np.array(bias))
    print(f"{bias:3}   {f:16.2f}   {f**49:13.0e}   " + "   ".join(f"{run[49]:.0e}" for run in runs))
low, high = curves["vanilla RNN"][49], runs[0][49]
plots.show(plots.decays(curves, "steps back", "share of the gradient"), "forget-bias", low=low, high=high)

# %% [raw] alt="forget-bias"
# Five curves over 0 to 49 steps back on a logarithmic axis, all starting at 1 and named at their ends.
# The vanilla RNN is lowest and ends at {low:.0e}; above it, in this order, lie the LSTMs with forget bias 0, 1, 2 and 3, the last at {high:.0f}.

# %% [markdown] key="counting"
# The measured shares are all larger than $f^{49}$: gradients also come back through $h$ and the four layers, and those are added.
# With a bias of 3 more arrives than started, so an LSTM's gradient can even explode.
# With a bias of 0 almost nothing arrives, LSTM or not.
# So the sentence should read: in an LSTM the gradient *need* not vanish, if the forget gate is open.
# So that a gradient arrives from the start, one usually begins with a positive bias; Keras adds 1 by default, PyTorch does not.
#
# ## Your LSTM learns to count
#
# The strings are $a^n b^n$: a full stop, some a's, equally many b's, and a full stop again.
# From the first b on, a network that has counted the a's can know what comes next.
# Your functions train 8 units on $n = 1$ to 10, from a forget bias of 1.
# `counting.loss` is a cross-entropy as in unit 02, averaged over the letters that can be known; `Adam`, gradient descent with a step size for each weight, changes the weights in place.
# Then the network reads $a^{10} b^{10}$; the strips show the unit whose cell state follows the count (a's minus b's) best.
#
# **Predict, then run.**
# If you had to set a counter by hand, what would $f$ be, and what would $g$ do on an a and on a b?
#
# <details><summary>Possible answers</summary>
#
# - $f$ near 1 throughout, $g$ positive on an a and negative on a b, or the other way round
# - $f$ near 1 on the a's and near 0 on the b's, $g$ always positive
# - $f$ near 1/2, $g$ growing with the count
#
# </details>

# %% key="count-train" tags=["demo"]
stand_in("init_lstm", "lstm_forward", "lstm_backward")
rng, zeros = np.random.default_rng(2), np.zeros((10, 8))
x, y = counting.strings(range(1, 11))  # (10, 21, 3), (10, 21)
weights, readout = init_lstm(3, 8, 1.0, rng), counting.first_readout(8, rng)
adam = Adam({**weights, **readout}, lr=0.02)
for _ in range(400):
    h_all, _, caches = lstm_forward(x, zeros, zeros, **weights)
    loss, dh_all, grads = counting.loss(h_all, y, **readout)
    adam.step(grads | lstm_backward(dh_all, zeros, caches))
print(f"loss after 400 steps: {loss:.4f}")

# %% key="count-map" tags=["demo"]
stand_in("lstm_forward")
x, letters, count = counting.example(10)  # (1, 21, 3), 21 letters, (21,)
h_all, _, caches = lstm_forward(x, zeros[:1], zeros[:1], **weights)
c_all = np.stack([cache[7][0] for cache in caches])  # (21, 8)
follows = [np.corrcoef(c, count)[0, 1] for c in c_all.T]
unit = int(np.argmax(np.abs(follows)))
print(f"unit {unit} follows the count with a correlation of {follows[unit]:+.3f}")
rows = {f"${name}$": [cache[k][0, unit] for cache in caches] for name, k in zip("ifogc", range(3, 8), strict=True)}
rows["$h$"] = h_all[0, :, unit]
plots.show(plots.gate_map(rows, letters, "letter read"), "count-map", most=np.abs(c_all[:, unit]).max())

# %% [raw] alt="count-map"
# Six strips over a full stop, ten a and ten b, with their numbers: i, f, o, g, c, h.
# The cell state moves away from zero with each a and back with each b, up to {most:.1f} in size.
# g has one sign on the a and the other on the b; f is near 1; h stays between -1 and 1.

# %% [markdown] key="count-far"
# The network has made itself a counter: $f$ stays close to 1, so little is lost; $g$ has one sign on the a's and the other on the b's, so the cell state moves away from 0 and comes back.
# It leaves the range from −1 to 1, which $h$ never does.
#
# **Predict, then run.** Trained up to $n = 10$, will it get $n = 11$ right? 20? 40?
#
# <details><summary>Possible answers</summary>
#
# - none of them, it has learned ten strings by heart
# - a few beyond 10, then mistakes
# - all of them, it has learned to count
#
# </details>

# %% key="count-test" tags=["demo"]
stand_in("lstm_forward")
for n in (10, 11, 12, 14, 20, 40):
    x, y = counting.strings([n])  # (1, 2n + 1, 3), (1, 2n + 1)
    h_all, _, _ = lstm_forward(x, zeros[:1], zeros[:1], **weights)
    named = (h_all @ readout["W_hy"] + readout["b_y"]).argmax(axis=-1)  # (1, 2n + 1)
    wrong = (named != y) & (y >= 0)  # from the first b on
    print(f"n = {n:2}: {wrong.sum()} of {n} letters wrong")

# %% [markdown] key="closing"
# It counts beyond what it has seen, but not without end: its counter is not exact.
#
# <details><summary>And with other seeds?</summary>
#
# An `init_lstm` that draws its weights in another order gives a different counter as well.
# Over seeds 0 to 5 the correlation is between 0.92 and 1.00 in size, positive for some seeds and negative for others, and every string is right up to some $n$ between 12 and 17.
# The test `test_your_lstm_counts_on_every_seed` in `tests/solutions/test_claims_u04.py` measures it.
#
# </details>
#
# ## What you have seen
#
# - $c_t = f \odot c_{t-1} + i \odot g$ keeps and writes, $h_t = o \odot \tanh(c_t)$ shows.
# - On the way back the sum distributes the gradient, and the forget gate multiplies it along the cell state: open, it reaches far; half open, it vanishes; shut, it ends there.
# - The order of the blocks is a convention; where it differs, only fixed numbers show it.
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
# <details><summary>How many parameters does an LSTM have, compared with a vanilla RNN of the same D and H?</summary>
#
# Four times as many: $4(DH + H^2 + H)$, because there are four layers.
# PyTorch counts $4H$ more, for its second bias.
#
# </details>
#
# <details><summary>With a forget bias of 3 the gradient grew on its way back. Where does the growth come from?</summary>
#
# Along the cell state it is only multiplied by shares, which cannot make it grow.
# But each $c_t$ also gets gradient through $h_t$ and the four layers of the next step, through $W_{hh}$, and this is added.
# So clipping stays useful.
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
# - Hochreiter and Schmidhuber 1997, [*Long Short-Term Memory*](https://doi.org/10.1162/neco.1997.9.8.1735): the cell, without a forget gate.
# - Gers, Schmidhuber and Cummins 2000, [*Learning to Forget*](https://doi.org/10.1162/089976600300015015): why a memory must be able to reset itself.
# - Jozefowicz, Zaremba and Sutskever 2015, [*An Empirical Exploration of Recurrent Network Architectures*](https://proceedings.mlr.press/v37/jozefowicz15.html): what a forget bias of 1 is worth, measured on several tasks.
# - Karpathy, Johnson and Fei-Fei 2015, [*Visualizing and Understanding Recurrent Networks*](https://arxiv.org/abs/1506.02078): cells that follow quotes, brackets and line lengths.
# - Weiss, Goldberg and Yahav 2018, [*On the Practical Computational Power of Finite Precision RNNs*](https://arxiv.org/abs/1805.04908): why LSTMs can count and GRUs hardly can.
# - Olah 2015, [*Understanding LSTM Networks*](https://colah.github.io/posts/2015-08-Understanding-LSTMs/): the cell in pictures, in other letters.
#
# Unit 05 asks how much of all this is needed.
