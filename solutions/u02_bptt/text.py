# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] key="title"
# # 02 Backpropagation through time
#
# Unit 01 built a network that reads "hell" and answers nonsense, because nobody had trained its weights.
# Training needs the gradient of the loss: one number per weight that says which way to turn it, and how much it matters.
# PyTorch works gradients out for you; in this unit you do it by hand, once, and afterwards know what it does.
#
# At the end you can
#
# - send a gradient backwards through an RNN, from the losses at all steps to every weight and to the initial state;
# - test a backward pass with a few lines, and choose the check that finds a given bug;
# - cut the backward pass into chunks for long sequences, and say what that leaves out.
#
# **You build** every gradient by hand, and the test that it is right.
# **Time** {minutes} minutes.
# **Points** {points}.
# **You need** the cell and the read-out of unit 01, and the chain rule: if $z$ depends on $y$ and $y$ on $x$, then $\frac{dz}{dx} = \frac{dz}{dy}\frac{dy}{dx}$.
#
# In each exercise you replace the line `raise NotImplementedError(...)` by your own code, run the cell, and run the check below it.
# The whole notebook runs in less than a minute.

# %% key="imports"
import time

import numpy as np

from rnnlab import check, plots, recurrent

VOCAB = "ehlo"  # the letters of the running example; the index of a letter is its place in this string

# %% [markdown] key="why"
# ## What the gradient is for
#
# The network makes one error per step, and each step has its loss $L_t$: small if the wanted letter was likely, large if not.
# What training makes smaller is their sum $L = L_1 + \dots + L_T$.
# The recipe is the same as for every network: compute $\partial L / \partial W$ for each weight array $W$ and take a small step against it, $W \leftarrow W - \eta \, \partial L / \partial W$.
#
# Two things are new with sequences.
#
# - A state influences many losses: $h_1$ enters $L_1$ directly, and $L_2, L_3, \dots$ through the states that follow.
# - A weight is used many times: the same $W_{hh}$ makes $h_1$, $h_2$, $h_3$.
#
# Both are handled by one rule: **where a value goes several ways, the gradients that come back are added.**

# %% key="graph" tags=["demo"]
plots.show(
    plots.backward_graph(),
    alt="Two drawings of three steps. Left, forward: arrows from W_hh up to h_1, h_2, h_3, from each state "
    "to the next, and up to its loss L_t. Right, backward: every arrow is turned round. Gradients from "
    "L_t and from the next state meet at dh_t and are added; arrows from all dh_t end in one sum dW_hh.",
)

# %% [markdown] key="why-backward"
# On the right every arrow of the left is turned round, and a plus stands where several meet.
# Walking through the right-hand picture from the last step to the first is *backpropagation through time* (BPTT).
# It is ordinary backpropagation on the unrolled network; only the sharing of weights over time is special.
# This course writes `dW` for $\partial L / \partial W$, an array of the same shape as `W`.
#
# **Why go backwards at all?**
# One could nudge each weight and watch the loss, but that takes two forward passes *per weight*.
# A network with a million weights would read its text two million times for one step of training.
# The backward pass computes every intermediate gradient once and shares it among all that need it, so that it costs about as much as one or two forward passes, however many weights there are.
#
# Nudging is slow, but too plain to be wrong.
# So it is the measuring stick for everything that follows, and we build it first.
#
# ## Exercise 1: numerical_gradient (2 points)
#
# **Write** the gradient of a function by nudging: for each entry of `x`, the slope between a little more and a little less.
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h\,e_i) - f(x - h\,e_i)}{2h} \qquad e_i \text{: 1 at entry } i \text{, 0 elsewhere}$$
#
# **Difficulty** ●●○ · **Time** 10–15 min
#
# **In** `f`: a function of one array; `x`: a float64 array of any shape; `df`: `None` if `f` returns a number, otherwise an array of the shape of `f(x)`; `h`: the size of the nudge
#
# **Out** a float64 array of the shape of `x`: the gradient of `f`, or, with `df`, of the number $\sum_j \mathit{df}_j \, f(x)_j$.
# `x` is left exactly as it was.
# An `x` of another dtype raises `TypeError`: whole numbers cannot be nudged, and float32 has too few digits for it.
#
# **By hand** $f(x) = x_1^2 + x_2^2$ at $(3, -2)$, with $h = 0.5$:
#
# - entry 1: $f(3.5, -2) - f(2.5, -2) = 16.25 - 10.25 = 6$, divided by $2h = 1$ gives 6
# - entry 2: $f(3, -1.5) - f(3, -2.5) = 11.25 - 15.25 = -4$, divided by 1 gives $-4$
#
# For this function the result is $2x$ exactly, even with so coarse a nudge.
#
# <details><summary>Hint 1: the idea</summary>
#
# Everything but one entry stays fixed.
# How do you make an array that differs from `x` in one entry, without touching `x`?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# With `df`, the slope in the formula is itself an array, one number per output of `f`.
# The chain rule weighs each with its `df` and adds: $\frac{\partial}{\partial x_i} \sum_j \mathit{df}_j f_j = \sum_j \mathit{df}_j \frac{\partial f_j}{\partial x_i}$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Refuse a wrong dtype first.
# Loop over all positions of `x` (`np.ndindex(x.shape)` gives them for any number of axes).
# For each, make an array of zeros with `h` at that position, call `f` at `x` plus and at `x` minus that array, and store the slope.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `setting an array element with a sequence`: `f` returned an array; this is the case with `df`.
# - The gradient is all zeros: `f` may return its own input, and if you change `x` in place, both results are the same array.
# - `x is left as it was` fails: $x + h - 2h + h$ is not always $x$ in floating point.
#
# </details>


# %% exercise="numerical_gradient" points=2
def numerical_gradient(f, x, df=None, h=1e-5):
    """Return the gradient of f at x by central differences.

    f: function of one array; returns a number, or an array if df is given
    x: float64 array of any shape; it is not changed
    df: None, or the gradient that arrives at f(x), an array of its shape
    h: how far each entry is nudged to both sides
    Returns a float64 array of the shape of x.
    Raises TypeError if x is not float64.
    """
    ### BEGIN SOLUTION
    if x.dtype != np.float64:
        raise TypeError(f"x must be float64, not {x.dtype}")
    gradient = np.zeros_like(x)
    for position in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[position] = h
        slope = (f(x + nudge) - f(x - nudge)) / (2 * h)
        gradient[position] = slope if df is None else np.sum(slope * df)
    return gradient
    ### END SOLUTION


# %% check="numerical_gradient"
check(numerical_gradient)

# %% [markdown] key="relative-task"
# A backward pass and a numerical gradient never agree to the last digit.
# Is a difference of 0.001 large?
# For gradients around 1000 it is nothing, for gradients around 0.001 everything is wrong, so the difference is measured against the numbers themselves.
#
# ## Exercise 2: relative_error (1 point)
#
# **Write** the relative error of two arrays: their largest difference, divided by the largest sum of sizes.
#
# $$\frac{\max_i |a_i - b_i|}{\max_i (|a_i| + |b_i|)}$$
#
# **Difficulty** ●○○ · **Time** 5 min
#
# **In** `a`, `b`: two arrays of one shape
#
# **Out** a number from 0 (equal) to 1 (nothing in common); 0 if both arrays are all zeros.
# Different shapes raise `ValueError`.
#
# **By hand** $a = (1, 2)$, $b = (1, 3)$: the largest difference is 1, the largest sum is $2 + 3 = 5$, the relative error 0.2.
#
# <details><summary>Hint 1: the idea</summary>
#
# The formula is one line.
# The two questions are what to do when the denominator is zero, and what broadcasting does to shapes (5,) and (5, 1).
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# Numerator and denominator each have a maximum of their own, over the whole array.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Compare the shapes and raise if they differ.
# Compute the denominator, and divide only if it is not zero.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `the error = nan`: 0/0, when both arrays are zero.
# - `seen no error; expected ValueError`: (5,) minus (5, 1) is a table (5, 5), so NumPy will not complain for you.
#
# </details>


# %% exercise="relative_error" points=1
def relative_error(a, b):
    """Return max|a - b| / max(|a| + |b|), 0.0 if both arrays are zero.

    a, b: arrays of one shape
    Returns a number from 0 to 1.
    Raises ValueError if the shapes differ.
    """
    ### BEGIN SOLUTION
    if np.shape(a) != np.shape(b):
        raise ValueError(f"shapes {np.shape(a)} and {np.shape(b)} differ")
    largest = np.max(np.abs(a) + np.abs(b))
    return float(np.max(np.abs(a - b)) / largest) if largest > 0 else 0.0
    ### END SOLUTION


# %% check="relative_error"
check(relative_error)

# %% [markdown] key="how-far"
# How far should one nudge?
# Here is the error of your numerical gradient of $e^{\sin x}$ at $x = 1$, whose slope is known, for nudges from 1 down to $10^{-12}$; beside it a shortcut that nudges to one side only.


# %% key="bump"
def bump(x):
    return float(np.exp(np.sin(x)).sum())


# %% key="v-curve" tags=["demo"]
x = np.array([1.0])
exact = np.exp(np.sin(x)) * np.cos(x)
sizes = 10.0 ** np.arange(0, -12.5, -0.5)
central = [relative_error(numerical_gradient(bump, x, h=h), exact) for h in sizes]
one_sided = [relative_error(np.array([(bump(x + h) - bump(x)) / h]), exact) for h in sizes]
plots.show(
    plots.measured(
        sizes, {"both sides": central, "one side": one_sided}, "nudge $h$", "relative error", logarithmic=(True, True)
    ),
    alt="Relative error against the nudge h, both axes logarithmic. Both curves are V-shaped: the error falls as "
    "h shrinks, then rises again. With both sides the lowest point is far deeper and lies near h = 1e-5.",
)
for h in (1e-2, 1e-5, 1e-8):
    print(f"h = {h:.0e}: relative error {relative_error(numerical_gradient(bump, x, h=h), exact):.0e}")

# %% [markdown] key="how-far-saw"
# Both curves are a V.
# On the right the nudge is so large that the function bends within it.
# On the left it is so small that two nearly equal numbers are subtracted and only rounding is left.
# Nudging to both sides with $h = 10^{-5}$ sits near the bottom, with nine digits or more; smaller is *not* better.
# As a rule, below $10^{-6}$ a gradient is right, above $10^{-3}$ it is wrong, and in between you look again.
#
# ## Back through one step
#
# One step of the network, split into two lines ($a_t$ is the sum before the tanh):
#
# $$a_t = x_t W_{xh} + h_{t-1} W_{hh} + b_h \qquad\qquad h_t = \tanh(a_t)$$
#
# Backwards, $dh_t$ is given: how much the loss changes with each number of $h_t$.
# Everything else follows from it.
# First the tanh: its derivative is $1 - \tanh^2(a_t)$, and since $\tanh(a_t)$ is $h_t$ itself, no tanh needs to be computed again:
#
# $$da_t = dh_t \odot (1 - h_t^2)$$
#
# The sign $\odot$ multiplies number by number.
# All five gradients start from this one array $da_t$, so it is computed once.
# For the products there is one rule: if $Y = XW$, then $dX = dY\,W^\top$ and $dW = X^\top dY$.
# Where all sizes differ, no other order fits; $W_{hh}$ is square, so there the shapes will not warn you.
# The bias is added to each of the N rows, which is one value going N ways, so its gradient is the sum over the rows.
#
# <details><summary>Where do the two rules for matrices come from?</summary>
#
# Written out, $Y_{nj} = \sum_i X_{ni} W_{ij}$, and the loss depends on $X$ and $W$ through all the $Y_{nj}$.
# $X_{ni}$ enters $Y_{nj}$ for every $j$, with the factor $W_{ij}$: $dX_{ni} = \sum_j dY_{nj} W_{ij} = (dY\, W^\top)_{ni}$.
# $W_{ij}$ enters $Y_{nj}$ for every $n$, with the factor $X_{ni}$: $dW_{ij} = \sum_n X_{ni}\, dY_{nj} = (X^\top dY)_{ij}$.
#
# </details>

# %% [markdown] key="cell-task"
# ## Exercise 3: rnn_cell_backward (5 points)
#
# **Write** the backward pass of one step.
#
# **Difficulty** ●●○ · **Time** 15–20 min
#
# **In** `dh_t` (N, H), the gradient that arrives at $h_t$; and `cache`, which the forward step has kept: the tuple `(x_t, h_prev, W_xh, W_hh, h_t)` with shapes (N, D), (N, H), (D, H), (H, H), (N, H)
#
# **Out** `dx_t` (N, D), `dh_prev` (N, H), `dW_xh` (D, H), `dW_hh` (H, H), `db_h` (H,), in the dtype of the inputs
#
# **By hand** One sequence, D = H = 2 (the states are invented so that the numbers are round):
#
# $$x_t = (1, 2) \quad h_{t-1} = (0, 0.5) \quad h_t = (0.5, 0) \quad dh_t = (4, -1) \quad W_{xh} = \begin{pmatrix} 1 & 0 \\ 0.5 & 1 \end{pmatrix} \quad W_{hh} = \begin{pmatrix} 0.2 & 0.4 \\ 0.6 & -0.2 \end{pmatrix}$$
#
# - the tanh: $da_t = (4 \cdot 0.75,\ -1 \cdot 1) = (3, -1)$
# - the input: $dx_t = da_t W_{xh}^\top = (3 - 0,\ 1.5 - 1) = (3, 0.5)$
# - the old state: $dh_{t-1} = da_t W_{hh}^\top = (0.6 - 0.4,\ 1.8 + 0.2) = (0.2, 2)$
# - the weights: $dW_{xh} = x_t^\top da_t = \begin{pmatrix} 3 & -1 \\ 6 & -2 \end{pmatrix}$ and $dW_{hh} = h_{t-1}^\top da_t = \begin{pmatrix} 0 & 0 \\ 1.5 & -0.5 \end{pmatrix}$
# - the bias: $db_h = (3, -1)$
#
# <details><summary>Hint 1: the idea</summary>
#
# What is the derivative of tanh, written with its result instead of its argument?
# And which array then stands at the beginning of all five gradients?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $a_t$ is the sum of two products and a bias, and a sum hands its gradient to each of its terms unchanged.
# Apply the rule for $Y = XW$ to both products.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Unpack the cache.
# One line for the array before the tanh, elementwise.
# Two products with a transposed weight on the right, two with a transposed input on the left, one sum over axis 0.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `matmul: Input operand 1 has a mismatch`: write the shapes beside both factors; one of them wants to be transposed, or the two change places.
# - `db_h has shape (1, 5)`: `keepdims=True` is not wanted here, the bias is (H,).
# - `db_h has shape ()`: the sum went over everything; it goes over the rows only.
#
# </details>


# %% exercise="rnn_cell_backward" points=5
def rnn_cell_backward(dh_t, cache):
    """Return the gradients of one step of a vanilla RNN.

    dh_t: gradient of the loss with respect to h_t (N, H)
    cache: the tuple (x_t, h_prev, W_xh, W_hh, h_t) of the forward step
    Returns dx_t (N, D), dh_prev (N, H), dW_xh (D, H), dW_hh (H, H), db_h (H,).
    """
    ### BEGIN SOLUTION
    x_t, h_prev, W_xh, W_hh, h_t = cache
    da_t = dh_t * (1 - h_t**2)
    dx_t, dh_prev = da_t @ W_xh.T, da_t @ W_hh.T
    dW_xh, dW_hh = x_t.T @ da_t, h_prev.T @ da_t
    return dx_t, dh_prev, dW_xh, dW_hh, da_t.sum(axis=0)
    ### END SOLUTION


# %% check="rnn_cell_backward"
check(rnn_cell_backward)

# %% [markdown] key="sequence"
# ## Back through the sequence
#
# Now the whole walk, from step T to step 1.
# At every step $t$ two gradients arrive at $h_t$:
#
# - from above, through the answer at this step: `dh_all[:, t]`, which is given;
# - from the right, through step $t+1$, because $h_t$ was also the input of that step: the `dh_prev` that step $t+1$ has just returned. We call it the *carry*.
#
# They are added before the step is entered.
# At the last step nothing comes from the right.
# After the first step the carry has nowhere to go but the initial state: it *is* `dh0`.
# The weights are shared, so their gradients are summed over all steps.

# %% [markdown] key="sequence-task"
# ## Exercise 4: rnn_backward (6 points)
#
# **Write** the backward pass of a whole sequence, with your `rnn_cell_backward` at every step.
#
# **Difficulty** ●●● · **Time** 20–25 min
#
# **In** `dh_all` (N, T, H), the gradient that arrives at every state from above; `caches`, a list with the cache of each step, `caches[0]` that of the first
#
# **Out** a dict with the keys `'dx'` (N, T, D), `'dh0'` (N, H), `'dW_xh'` (D, H), `'dW_hh'` (H, H), `'db_h'` (H,)
#
# **By hand** One sequence of two steps, D = H = 1, $W_{xh} = 1$, $W_{hh} = 0.5$; inputs 1 and $-1$; states $h_0 = 0.2$, $h_1 = 0.5$, $h_2 = 0$ (invented again); from above come $dh_1 = 1$ and $dh_2 = 2$:
#
# | | arrives | $da_t$ | $dx_t$ | carry | part of $dW_{xh}$ | part of $dW_{hh}$ | part of $db_h$ |
# |---|---|---|---|---|---|---|---|
# | step 2 | $2 + 0$ | $2 \cdot 1 = 2$ | 2 | $2 \cdot 0.5 = 1$ | $-1 \cdot 2 = -2$ | $0.5 \cdot 2 = 1$ | 2 |
# | step 1 | $1 + 1$ | $2 \cdot 0.75 = 1.5$ | 1.5 | $1.5 \cdot 0.5 = 0.75$ | $1 \cdot 1.5 = 1.5$ | $0.2 \cdot 1.5 = 0.3$ | 1.5 |
# | result | | | (1.5, 2) | $dh_0 = 0.75$ | $-0.5$ | 1.3 | 3.5 |
#
# <details><summary>Hint 1: the idea</summary>
#
# Look at the picture with the orange arrows once more.
# How many arrows end at $dh_2$, and in which order must the boxes be visited so that both have arrived when they are needed?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $dh_t^{\text{total}} = dh_t^{\text{above}} + dh_t^{\text{carry}}$ with $dh_T^{\text{carry}} = 0$.
# Every weight gradient is $\sum_t$ of what the step returns.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Start with a carry of zeros (N, H) and with sums of zeros for the three weight gradients.
# For t from the last to the first: call the cell with the sum of what arrives and the cache of *this* step; keep `dx_t` at place t; let the returned `dh_prev` *be* the carry; add the three parts to the sums.
# After the loop the carry is `dh0`.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `the first wrong step is step 1`, and only the last step of `dx` is right: the carry is lost on the way.
# - `too many values to unpack`: the whole list was handed to the cell; one step needs one cache.
# - `dx is float64, expected float32`: buffers made by `np.zeros` are float64 unless they are told otherwise.
# - It costs nothing, but the check says that the function changes `dh_all`: see the next section.
#
# </details>


# %% exercise="rnn_backward" points=6
def rnn_backward(dh_all, caches):
    """Return the gradients of a vanilla RNN over whole sequences; uses rnn_cell_backward at every step.

    dh_all: gradient of the loss with respect to every state, as it comes from above (N, T, H)
    caches: list of T tuples (x_t, h_prev, W_xh, W_hh, h_t), first step first
    Returns a dict: dx (N, T, D), dh0 (N, H), dW_xh (D, H), dW_hh (H, H), db_h (H,).
    """
    ### BEGIN SOLUTION
    carry = np.zeros_like(dh_all[:, 0])
    dx, dW_xh, dW_hh, db_h = [], 0, 0, 0
    for t in reversed(range(len(caches))):
        dx_t, carry, dW_xh_t, dW_hh_t, db_h_t = rnn_cell_backward(dh_all[:, t] + carry, caches[t])
        dx.insert(0, dx_t)
        dW_xh, dW_hh, db_h = dW_xh + dW_xh_t, dW_hh + dW_hh_t, db_h + db_h_t
    return {"dx": np.stack(dx, axis=1), "dh0": carry, "dW_xh": dW_xh, "dW_hh": dW_hh, "db_h": db_h}
    ### END SOLUTION


# %% check="rnn_backward"
check(rnn_backward)

# %% [markdown] key="prove"
# The check compares your numbers with a right answer.
# Outside a course there is none, but there is the measuring stick.
# In the next cell `recurrent.run` is the forward pass of unit 01, computed here by PyTorch: it returns the states and the caches.
# The loss is any fixed weighing `r` of the states, so `r` is also what comes from above.

# %% key="gradient-check" tags=["demo"]
rng = np.random.default_rng(0)
shapes = {"x": (2, 5, 3), "h0": (2, 4), "W_xh": (3, 4), "W_hh": (4, 4), "b_h": (4,)}  # N, T, D, H = 2, 5, 3, 4
inputs = {name: rng.normal(size=shape) for name, shape in shapes.items()}
h_all, caches = recurrent.run(**inputs)  # (2, 5, 4)
r = rng.normal(size=h_all.shape)
grads = rnn_backward(r, caches)
for name, value in inputs.items():
    numeric = numerical_gradient(lambda v, name=name: recurrent.run(**{**inputs, name: v})[0], value, df=r)
    print(f"d{name:5} {grads['d' + name].shape!s:10} relative error {relative_error(grads['d' + name], numeric):.0e}")

# %% [markdown] key="view"
# All five are far below $10^{-6}$: strong evidence that the backward pass is right, and no reference was needed.
# It is evidence at one point and no proof: a branch that this input never takes goes untested, and since `relative_error` compares with the largest entry, a wrong sign in an entry of $10^{-7}$ beside an entry of 1 would not show.
# Note how the test was set up: all sizes different, a random $h_0$, a gradient from above at *every* step, and five steps.
# Each of these choices finds bugs that would slip through otherwise.
#
# **Can you see what is wrong?**
# A student of another course wrote `dh[:, t] = dh[:, t] + dh_prev` in the loop.
# The gradients were right, yet the gradient check that followed reported relative errors of about 0.3, all five.
# Here is the heart of it:

# %% key="view-demo" tags=["demo"]
from_above = np.ones((1, 2, 3))  # (N, T, H), the caller's array
arrived = from_above[:, 0]  # a view, not a copy
arrived += 10
from_above[0, 0]

# %% [markdown] key="notes-bug"
# The function overwrote the caller's array, and the check then used it as if nothing had happened: it nudged with another `r` than the backward pass had begun with.
# A slice of a NumPy array is a window onto it, not a copy; `a + b` makes a new array, `a += b` and `a[:] = ...` write into the old one.
#
# ## A backward pass that passes every shape check
#
# The next cell is the backward step of a set of published notes, in our layout.
# It is written for columns: the batch is the *last* axis, $a$ stands for our $h$, $W_{ax}$ for $W_{xh}^\top$ and $W_{aa}$ for $W_{hh}^\top$.
# One thing in it is wrong.


# %% key="notes-code"
def notes_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    Wax, Waa = parameters["Wax"], parameters["Waa"]
    dtanh = (1 - a_next**2) * da_next
    dxt, dWax = Wax.T @ dtanh, dtanh @ xt.T
    da_prev, dWaa = Waa.T @ dtanh, dtanh @ a_prev.T
    dba = dtanh.sum(axis=1, keepdims=True)
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": Waa, "dba": dba}


# %% key="notes-shapes" tags=["demo"]
rng = np.random.default_rng(1)
n_x, n_a, m = 3, 5, 10  # D, H, N
xt, a_prev, ba = rng.normal(size=(n_x, m)), rng.normal(size=(n_a, m)), rng.normal(size=(n_a, 1))
parameters = {"Wax": rng.normal(size=(n_a, n_x)), "Waa": rng.normal(size=(n_a, n_a))}
a_next = np.tanh(parameters["Wax"] @ xt + parameters["Waa"] @ a_prev + ba)  # (n_a, m)
notes_cache, da_next = (a_next, a_prev, xt, parameters), rng.normal(size=(n_a, m))
arrays = {"dxt": xt, "da_prev": a_prev, "dWax": parameters["Wax"], "dWaa": parameters["Waa"], "dba": ba}
for name, gradient in notes_cell_backward(da_next, notes_cache).items():
    print(f"{name:8} {gradient.shape!s:8} like its array: {gradient.shape == arrays[name].shape}")

# %% [markdown] key="repair-task"
# Every gradient has the shape of its array, the code runs, and its loss may even fall, since all other gradients are right.
# The notes have more traps for a careful reader, which the fold lists.
#
# <details><summary>More that is wrong in these notes</summary>
#
# - The demonstration of the cell's backward defines `b` and then uses `ba`: it runs only while a `ba` of an earlier cell is still in memory. Restart the kernel and run all cells before you publish.
# - The last demonstration computes all gradients of a sequence, and then prints the shape of the *answers* $y$, (2, 10, 4); it looks at no gradient at all.
# - The gradients of the read-out, $dW_{ya}$ and $db_y$, are never computed, so the read-out would not learn. That is Exercise 7 here.
# - The *output* of the cell is described under the words "input element"; the text speaks of ten cells, and the demonstration uses four; two sections bear the number 3; four types of task are announced, and three headings follow.
#
# </details>
#
# ## Exercise 5: repaired_notes_backward (1 point)
#
# **Write** the function of the notes with the mistake repaired; everything else stays as it is.
#
# **Difficulty** ●○○ · **Time** 5–10 min
#
# **In** `da_next` ($n_a$, $m$), `cache`: the tuple `(a_next, a_prev, xt, parameters)`, where `parameters` is a dict with `"Wax"` and `"Waa"`
#
# **Out** a dict with the keys `"dxt"`, `"da_prev"`, `"dWax"`, `"dWaa"`, `"dba"`
#
# **By hand** With $n_x = n_a = m = 1$, $x = 2$, $a_{\text{prev}} = 0.5$, $a_{\text{next}} = 0$, $W_{ax} = 1$, $W_{aa} = 3$ and $da_{\text{next}} = 4$: the tanh lets 4 through, and the gradients are $dx = 4$, $da_{\text{prev}} = 12$, $dW_{ax} = 8$, $dW_{aa} = 2$, $db_a = 4$.
# The notes return $dW_{aa} = 3$.
#
# <details><summary>Hint 1: the idea</summary>
#
# Work the five numbers out by hand and compare them with what `notes_cell_backward` returns.
# Which one does not depend on `da_next` at all?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# In columns, $dW_{aa} = d\mathit{tanh}\; a_{\text{prev}}^\top$.
# Is this computed? Is it returned?
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Copy the function, give it the new name, and read its last line word by word.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `dba has shape (5,)`: in column notation the bias is ($n_a$, 1), so `keepdims=True` stays.
# - `1 value returned; expected a dict`: return the dict, as the notes do.
#
# </details>


# %% exercise="repaired_notes_backward" points=1
def repaired_notes_backward(da_next, cache):
    """Return the gradients of one step in column notation: notes_cell_backward without its mistake.

    da_next: gradient that arrives at a_next (n_a, m)
    cache: the tuple (a_next, a_prev, xt, parameters), parameters with the keys "Wax" and "Waa"
    Returns a dict: dxt (n_x, m), da_prev (n_a, m), dWax (n_a, n_x), dWaa (n_a, n_a), dba (n_a, 1).
    """
    ### BEGIN SOLUTION
    a, a_prev, xt, weights = cache
    delta = (1 - a * a) * da_next
    return {
        "dxt": weights["Wax"].T @ delta,
        "da_prev": weights["Waa"].T @ delta,
        "dWax": delta @ xt.T,
        "dWaa": delta @ a_prev.T,
        "dba": delta.sum(axis=1, keepdims=True),
    }
    ### END SOLUTION


# %% check="repaired_notes_backward"
check(repaired_notes_backward)

# %% [markdown] key="checks"
# Which check would have found it?
# Here are four, the cheapest first.
# All four look at all five gradients (`dx`, `dh0`, `dW_xh`, `dW_hh`, `db_h`) of a *sequence* backward pass like yours, with N, T, D, H all different, a random $h_0$ and a gradient from above at every step.
#
# | name | what it does | cost |
# |---|---|---|
# | `"shapes"` | each gradient has the shape of its array | one backward pass |
# | `"zero upstream"` | with `dh_all = 0` the loss does not depend on any state, so every gradient must be 0 | one backward pass, and a look at the numbers |
# | `"numerical, T = 1"` | all gradients against nudging, on a single step | two forward passes per number |
# | `"numerical, T = 5"` | the same on five steps | the same, five times as long |
#
# ## Exercise 6: cheapest_check (1 point)
#
# **Write** a function that names, for each of seven bugs, the *cheapest* of the four checks that finds it.
# A bug is a whole backward pass in which one thing is wrong and everything else right.
#
# **Difficulty** ●●○ · **Time** 10 min
#
# **In** `bug`: one of the names in this table
#
# | `bug` | what the backward pass does |
# |---|---|
# | `"bias as a row"` | `db_h` comes out as (1, H) |
# | `"weight returned"` | `dW_hh` of each step is `W_hh` itself, as in the notes |
# | `"no square"` | $1 - h_t$ is used in place of $1 - h_t^2$ |
# | `"no carry"` | only the gradient from above enters each step |
# | `"overwritten"` | the weight gradients of each step replace those of the step before, and are not added |
# | `"not transposed"` | the carry is $da_t W_{hh}$ instead of $da_t W_{hh}^\top$ |
# | `"dh0 zero"` | `dh0` is returned as zeros |
#
# **Out** `"shapes"`, `"zero upstream"`, `"numerical, T = 1"` or `"numerical, T = 5"`; an unknown bug raises `KeyError`
#
# **Points** one, for all seven answers together.
#
# **By hand** `"bias as a row"` is found by `"shapes"`: (1, H) is not (H,).
# Of the other six bugs the check only says whether your function names one of the four checks; whether it is the right one, the grading says.
#
# <details><summary>Hint 1: the idea</summary>
#
# For each bug ask: does the shape change? If not, is a zero still a zero? If so, can it be seen when there is only one step?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# A backward pass is *linear* in what comes from above: twice the gradient in, twice the gradient out, and nothing in, nothing out.
# Which bug breaks that?
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# With one step there is one sum of one part, and no step to the right.
# But there is an $h_0$, and its gradient is what the only step hands to its left.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `seen None; expected one of 'shapes', …`: no branch matched; compare the spelling with the tables.
# - Two bugs need several steps, two need one step only and the comparison of `dh0`; if you have other numbers, think about T = 1 again.
#
# </details>


# %% exercise="cheapest_check" points=1
def cheapest_check(bug):
    """Return the name of the cheapest check that finds a bug in a sequence backward pass.

    bug: 'bias as a row', 'weight returned', 'no square', 'no carry', 'overwritten', 'not transposed' or 'dh0 zero'
    Returns 'shapes', 'zero upstream', 'numerical, T = 1' or 'numerical, T = 5'.
    Raises KeyError for an unknown bug.
    """
    ### BEGIN SOLUTION
    finds = {
        "shapes": ["bias as a row"],
        "zero upstream": ["weight returned"],
        "numerical, T = 1": ["no square", "not transposed", "dh0 zero"],
        "numerical, T = 5": ["no carry", "overwritten"],
    }
    for name, bugs in finds.items():
        if bug in bugs:
            return name
    raise KeyError(bug)
    ### END SOLUTION


# %% check="cheapest_check"
check(cheapest_check)

# %% [markdown] key="readout-why"
# One line would have saved the notes: hand in zeros and look.
# (So would a linter, which reports that `dWaa` is computed and never used.)

# %% key="zero-upstream" tags=["demo"]
for function in (notes_cell_backward, repaired_notes_backward):
    largest = {name: f"{np.abs(g).max():.2f}" for name, g in function(np.zeros((n_a, m)), notes_cache).items()}
    print(f"{function.__name__:24} {largest}")

# %% [markdown] key="readout-task"
# ## From the losses to the states
#
# What comes "from above" has been given so far.
# It comes from the losses, through the read-out $y_t = h_t W_{hy} + b_y$, which the notes left out.
# It is the rule for $Y = XW$ once more, with one difference: $W_{hy}$ and $b_y$ serve all N sequences *and* all T steps, so their gradients are summed over both.
#
# ## Exercise 7: readout_backward (2 points)
#
# **Write** the backward pass of a read-out that answers at every step.
#
# **Difficulty** ●●○ · **Time** 10–15 min
#
# **In** `dlogits` (N, T, C), the gradient that arrives at the scores (*logits* is their usual name); `h_all` (N, T, H); `W_hy` (H, C)
#
# **Out** `dh_all` (N, T, H), `dW_hy` (H, C), `db_y` (C,)
#
# **By hand** One sequence of two steps, H = 2, C = 3, the states and weights of the example in unit 01:
#
# $$h_1 = (1, 0) \quad h_2 = (0.5, -0.5) \quad W_{hy} = \begin{pmatrix} 1 & 2 & 0 \\ 0 & 1 & 4 \end{pmatrix} \quad dy_1 = (1, 0, -1) \quad dy_2 = (0, 2, 0)$$
#
# - step 1: $dh_1 = dy_1 W_{hy}^\top = (1, -4)$, and $h_1^\top dy_1 = \begin{pmatrix} 1 & 0 & -1 \\ 0 & 0 & 0 \end{pmatrix}$
# - step 2: $dh_2 = (4, 2)$, and $h_2^\top dy_2 = \begin{pmatrix} 0 & 1 & 0 \\ 0 & -1 & 0 \end{pmatrix}$
# - summed: $dW_{hy} = \begin{pmatrix} 1 & 1 & -1 \\ 0 & -1 & 0 \end{pmatrix}$ and $db_y = (1, 2, -1)$
#
# <details><summary>Hint 1: the idea</summary>
#
# Nothing here connects one step with another.
# For the weights, N sequences of T steps are nothing but N·T rows.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $dW_{hy}[i, c] = \sum_{n,t} h[n, t, i] \, dy[n, t, c]$ and $db_y[c] = \sum_{n,t} dy[n, t, c]$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# The gradient of the states is one product with a transposed weight.
# For the weights either flatten the first two axes of both arrays and use one product, or let `np.einsum` do the sum of hint 2 as it stands.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `dW_hy has shape (3, 5, 2)`: `h_all.transpose(0, 2, 1) @ dlogits` is one matrix per sequence; they still have to be added.
# - `db_y has shape (4, 2)`: summed over the sequences, not over the steps.
#
# </details>


# %% exercise="readout_backward" points=2
def readout_backward(dlogits, h_all, W_hy):
    """Return the gradients of a read-out at every step, scores = h_all @ W_hy + b_y.

    dlogits: gradient that arrives at the scores (N, T, C)
    h_all: hidden states (N, T, H); W_hy: read-out weights (H, C)
    Returns dh_all (N, T, H), dW_hy (H, C), db_y (C,).
    """
    ### BEGIN SOLUTION
    dh_all = dlogits @ W_hy.T
    dW_hy = np.einsum("nth,ntc->hc", h_all, dlogits)
    return dh_all, dW_hy, dlogits.sum(axis=(0, 1))
    ### END SOLUTION


# %% check="readout_backward"
check(readout_backward)

# %% [markdown] key="loss-task"
# ## The loss
#
# At every step the wanted class $k$ should be likely, and the *cross-entropy* $-\ln p_k$ measures how far it is from that: 0 if $p_k = 1$, and without bound as $p_k$ goes to 0.
# A network that knows nothing gives each of V classes $1/V$ and pays $\ln V$ per step: 2.303 for V = 10, so 23.03 over ten steps.
# That is worth remembering, for it is the loss that a fresh network should start near.
#
# With $p = \operatorname{softmax}(y)$ the gradient is short: $\partial(-\ln p_k)/\partial y = p - e_k$, the probabilities minus the one-hot vector of the wanted class.
#
# <details><summary>Where does p − e_k come from?</summary>
#
# Written out, $-\ln p_k = -y_k + \ln \sum_j e^{y_j}$.
# The derivative of the first term by $y_i$ is $-1$ for $i = k$ and 0 otherwise, which is $-e_k$;
# that of the second is $e^{y_i} / \sum_j e^{y_j}$, which is $p_i$.
#
# </details>
#
# Sequences of a batch seldom have one length, so the short ones are filled up, and a *mask* says which steps count: 1 counts, 0 does not.
#
# How to average is a matter of taste, and a frequent source of factors that are off: PyTorch's `cross_entropy`, for one, divides by the number of steps in the whole batch, less those that it is told to ignore.
# **Here the loss is the sum over the steps that count, divided by the number N of sequences.**
# Losses of consecutive pieces of a text can then be added, which we shall need.
#
# ## Exercise 8: sequence_cross_entropy (4 points)
#
# **Write** the loss and its gradient.
#
# **Difficulty** ●●○ · **Time** 15–20 min
#
# **In** `logits` (N, T, V), scores; `targets` (N, T), the indices of the wanted classes; `mask` (N, T) of 0 and 1 or of booleans, or `None` if all steps count.
# At steps that do not count the target is some valid index without meaning.
#
# **Out** `loss`, a number; `dlogits` (N, T, V) in the dtype of `logits`.
# Scores of any size must work: the loss of a step at which the wanted class lies 800 below another is 800, not `inf`.
#
# $$L = -\frac{1}{N} \sum_{n,t} m_{nt} \ln p_{nt, k_{nt}} \qquad \ln p_k = (y_k - \max y) - \ln \sum_j e^{y_j - \max y}$$
#
# **By hand** One sequence of two steps, V = 2. Step 1 has the scores $(0, \ln 3)$ and wants class 1; step 2 has $(0, 0)$ and wants class 0:
#
# | | $p$ | loss | gradient |
# |---|---|---|---|
# | step 1 | $(1/4, 3/4)$ | $-\ln(3/4) = 0.2877$ | $(1/4, 3/4) - (0, 1) = (0.25, -0.25)$ |
# | step 2 | $(1/2, 1/2)$ | $\ln 2 = 0.6931$ | $(1/2, 1/2) - (1, 0) = (-0.5, 0.5)$ |
#
# Together 0.9808. With the mask $(1, 0)$ the loss is 0.2877 and the gradient of step 2 is $(0, 0)$.
#
# <details><summary>Hint 1: the idea</summary>
#
# A step that does not count must not change the loss; so what is the derivative of the loss with respect to its scores?
# The mask has to appear in two places.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# Never take the logarithm of a softmax: for a score of −800 the softmax is 0 in floating point, and its logarithm −inf.
# The right-hand formula above has the logarithm already worked out.
# $d\mathit{logits} = m \, (p - e_k) / N$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Shift the scores by their maximum along the last axis; subtract the logarithm of the sum of exponentials: these are the $\ln p$.
# Pick the wanted ones, with `np.take_along_axis` or with index arrays for n and t, multiply by the mask, sum, divide by N, change the sign.
# For the gradient take the exponential of the $\ln p$, subtract 1 at the wanted places, multiply by the mask with one more axis, divide by N.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `operands could not be broadcast together with shapes (2,4,5) (2,4)`: the mask needs an axis of length 1 at its end.
# - `the loss and its gradient belong together` fails: one of the two has a factor, or a mask, that the other lacks.
# - `loss = inf`: a logarithm of a probability that was rounded to 0.
# - `dlogits is float64, expected float32`: a mask made by `np.ones` is float64.
#
# </details>


# %% exercise="sequence_cross_entropy" points=4
def sequence_cross_entropy(logits, targets, mask=None):
    """Return the cross-entropy of sequences, summed over steps and averaged over sequences, and its gradient.

    logits: scores (N, T, V)
    targets: indices of the wanted classes (N, T)
    mask: (N, T), 1 or True where a step counts; None if all do
    Returns loss, a number: the sum over the steps that count, divided by N; and dlogits (N, T, V).
    """
    ### BEGIN SOLUTION
    counts = np.ones(targets.shape) if mask is None else mask
    weight = np.asarray(counts, dtype=logits.dtype)[..., np.newaxis] / len(logits)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    wanted = np.arange(logits.shape[-1]) == targets[..., np.newaxis]
    loss = -np.sum(weight * log_p, where=wanted)
    return float(loss), weight * (np.exp(log_p) - wanted)
    ### END SOLUTION


# %% check="sequence_cross_entropy"
check(sequence_cross_entropy)

# %% [markdown] key="training"
# ## Training by hand
#
# All parts are there.
# The next cell strings them together: forward with `recurrent.run`, the scores, the loss, and back again the same way.
# What it returns belongs to one pass over `x`; nothing is updated yet.


# %% key="bptt"
def bptt(x, h0, targets, params):
    """Return a dict for one pass over x and back: the loss, dW_xh, dW_hh, db_h, dW_hy, db_y, and the last state h_T.

    x (N, T, D), h0 (N, H), targets (N, T); params: dict with W_xh, W_hh, b_h, W_hy, b_y
    """
    h_all, caches = recurrent.run(x, h0, params["W_xh"], params["W_hh"], params["b_h"])
    loss, dlogits = sequence_cross_entropy(h_all @ params["W_hy"] + params["b_y"], targets)
    dh_all, dW_hy, db_y = readout_backward(dlogits, h_all, params["W_hy"])
    grads = rnn_backward(dh_all, caches)
    cell = {name: grads[name] for name in ("dW_xh", "dW_hh", "db_h")}
    return {"loss": loss, **cell, "dW_hy": dW_hy, "db_y": db_y, "h_T": h_all[:, -1]}


# %% [markdown] key="hello"
# Remember "hello": reading "hell" the network should answer "ello", but with the weights of unit 01 its first answer is 'o', with the highest score, 4.1.

# %% key="hello-weights"
HELLO = {
    "W_xh": np.array([[-1.5, 1.0, 1.0], [0.0, 0.5, -1.5], [1.0, 1.5, 0.0], [1.0, 0.5, 1.5]]),  # (4, 3)
    "W_hh": np.array([[0.0, 1.0, -1.0], [-0.5, -0.5, 1.0], [0.5, 0.0, 0.5]]),  # (3, 3)
    "b_h": np.zeros(3),
    "W_hy": np.array([[-3.0, -1.0, 1.0, 3.0], [3.0, 2.0, 0.0, 1.0], [-1.0, 3.0, 3.0, -4.0]]),  # (3, 4)
    "b_y": np.zeros(4),
}

# %% key="overfit" tags=["demo"]
letters = np.eye(len(VOCAB))  # (4, 4): the one-hot row of each letter
hell = letters[[[VOCAB.index(letter) for letter in "hell"]]]  # (N, T, D) = (1, 4, 4)
ello = np.array([[VOCAB.index(letter) for letter in "ello"]])  # (1, 4)
trained, losses, start = dict(HELLO), [], time.perf_counter()
for _ in range(200):
    step = bptt(hell, np.zeros((1, 3)), ello, trained)
    trained = {name: weight - 0.1 * step[f"d{name}"] for name, weight in trained.items()}
    losses.append(step["loss"])
print(f"knowing nothing: {4 * np.log(4):.2f}; loss at the start {losses[0]:.2f}, at the end {losses[-1]:.3f}")
print(f"{len(losses)} steps in {time.perf_counter() - start:.1f} s")

# %% [markdown] key="overfit-look"
# The untrained network did worse than one that knows nothing, because it was sure of wrong letters.
# After 200 steps the loss is below 0.05.
# Here are the scores now:

# %% key="overfit-scores" tags=["demo"]
h_all, _ = recurrent.run(hell, np.zeros((1, 3)), trained["W_xh"], trained["W_hh"], trained["b_h"])  # (1, 4, 3)
scores = h_all @ trained["W_hy"] + trained["b_y"]  # (1, 4, 4)
steps = ["reads h\nwants e", "reads e\nwants l", "reads l\nwants l", "reads l\nwants o"]
plots.show(
    plots.heat_map(scores[0].T, [f"score of {letter}" for letter in VOCAB], steps, limit=6),
    alt="Table of scores after training, four letters by four steps. The wanted letter has the highest score "
    "in each column: e, then l, then l, then o.",
)

# %% [markdown] key="overfit-saw"
# The wanted letter leads in every column, also at the two 'l', which only the hidden state can tell apart.
#
# Learning one small batch by heart is a test that every training program should pass first.
# It takes seconds, and if it fails, the fault is in the program and not in the data.
# The opposite conclusion is not allowed: a falling loss does not show that a gradient is right.
# At the end of this notebook a backward pass without any carry learns the same four letters.
#
# ## How far back does the gradient reach?
#
# In principle the loss at step 40 teaches the weights something about step 1.
# How much?
# A random network that reads random inputs will tell.


# %% key="lag-network"
def random_params(seed, scale, D=8, H=32, C=5):
    """Return the weights of a random network; scale multiplies those from state to state."""
    rng = np.random.default_rng(seed)
    return {
        "W_xh": 0.5 * rng.normal(size=(D, H)) / np.sqrt(D),
        "W_hh": scale * rng.normal(size=(H, H)) / np.sqrt(H),
        "b_h": np.zeros(H),
        "W_hy": rng.normal(size=(H, C)) / np.sqrt(H),
        "b_y": np.zeros(C),
    }


# %% key="lag-loss" tags=["demo"]
params = random_params(seed=0, scale=1.0)
rng = np.random.default_rng(0)
x, targets = rng.normal(size=(16, 40, 8)), rng.integers(0, 5, size=(16, 40))  # (N, T, D), (N, T)
h_all, caches = recurrent.run(x, rng.normal(size=(16, 32)) / 4, params["W_xh"], params["W_hh"], params["b_h"])
_, dlogits = sequence_cross_entropy(h_all @ params["W_hy"], targets)
dlogits[:, :-1] = 0  # only the loss of the last step
dh_all, _, _ = readout_backward(dlogits, h_all, params["W_hy"])  # (16, 40, 32), zero before the last step

# %% [markdown] key="lag-trick"
# Now hand `rnn_backward` only the last $k$ caches.
# What comes back is the gradient through the last $k$ steps, and the difference between $k$ and $k - 1$ is the part of the $k$-th step from the end.

# %% key="by-lag" tags=["demo"]
sums = [rnn_backward(dh_all[:, -k:], caches[-k:])["dW_hh"] for k in range(1, 41)]
parts = np.diff([np.zeros((32, 32)), *sums], axis=0)  # (40, H, H): the part of each step, the last step first
by_lag = np.linalg.norm(parts, axis=(1, 2))
plots.show(
    plots.bars(by_lag, "lag: steps before the loss", r"size of the part of $dW_{hh}$"),
    alt="Bar chart on a logarithmic scale of the part that each earlier step adds to the gradient of W_hh. "
    "The bars shrink steadily from lag 0 to lag 39, over several powers of ten.",
)
print(f"lag 10 counts {by_lag[10] / by_lag[0]:.1%} of lag 0, lag 30 {by_lag[30] / by_lag[0]:.2%}")

# %% [markdown] key="truncated"
# On the logarithmic scale the bars fall nearly on a line: each step back multiplies the gradient by $W_{hh}^\top$ and by $1 - h^2$, and what is left shrinks by about the same factor every time.
# Ten steps back it is down to a few per cent of what it was, thirty steps back to almost nothing; the cell prints the numbers of this network, and with seeds 0 to 4 they are 4 to 11 % and 0.01 to 0.3 %.
# Unit 03 is about this factor.
#
# ## Truncated backpropagation through time
#
# A text has a million letters.
# To go back through all of them we would have to keep a million caches and wait for a million steps before the first update, and for a network like the one above nearly all of that would be for nothing.
# So the sequence is cut into *chunks*, say of 7 steps:

# %% key="chunks" tags=["demo"]
plots.show(
    plots.chunks(steps=14, chunk=7),
    alt="Fourteen steps in a row, cut after step 7 by a dotted line. Arrows of the states run from h_0 "
    "through all steps and across the line. Backward arrows of the gradient run inside each chunk only.",
)

# %% [markdown] key="tbptt-task"
# **Forward**, nothing changes: the state at the end of a chunk is the initial state of the next, so the network remembers across the border.
# **Backward**, the gradient stops at the border: the state that came in is treated as a given number.
# That is *truncated BPTT*.
#
# **Why must the error be computed anew for every chunk?**
# Because a chunk's backward pass starts from the losses of its own steps, and can start as soon as these are known.
# In training one updates the weights after every chunk, and then the losses of the next chunk belong to new weights, which older losses know nothing about.
# In the next exercise the weights stay the same, so that the result can be compared with the full gradient.
#
# ## Exercise 9: tbptt_backward (3 points)
#
# **Write** truncated BPTT over a sequence: the loss and the gradients of all chunks, added.
# Use `bptt` from above for a chunk.
#
# **Difficulty** ●●○ · **Time** 15 min
#
# **In** `x` (N, T, D), `h0` (N, H), `targets` (N, T), `params` (dict with `W_xh`, `W_hh`, `b_h`, `W_hy`, `b_y`), `chunk`: the number of steps per chunk; the last chunk may be shorter
#
# **Out** a dict with the keys that `bptt` returns: `'loss'`, `'dW_xh'`, `'dW_hh'`, `'db_h'`, `'dW_hy'`, `'db_y'`, each the sum over the chunks, and `'h_T'`, the state after the last step
#
# **By hand** T = 5, chunk = 2:
#
# | chunk | steps | starts from | ends with |
# |---|---|---|---|
# | 1 | 1, 2 | $h_0$ | $h_2$ |
# | 2 | 3, 4 | $h_2$ | $h_4$ |
# | 3 | 5 | $h_4$ | $h_5$ |
#
# The three losses add up to the loss of the whole sequence; with `chunk=5` there is one chunk, and everything is the same as in `bptt`.
#
# <details><summary>Hint 1: the idea</summary>
#
# `bptt` never sends a gradient beyond the `x` that it is given.
# So the cut comes for free; what do you have to do so that the *state* is not cut too?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# Chunk $c$ holds the steps from $c \cdot k$ up to but not including $(c + 1) \cdot k$, and a slice that runs past the end stops at the end by itself.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Loop over the starts 0, k, 2k, ... below T.
# For each: slice `x` and `targets` along the time axis, call `bptt` with the current state, let its `h_T` be the current state, and add everything else to the sums.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - The loss is right for `chunk = T` only: the state is not carried from chunk to chunk.
# - Some chunk lengths work and others do not: `T // chunk` drops the last, shorter chunk.
# - `index 7 is out of bounds`: slices may run past the end, single indices may not.
#
# </details>


# %% exercise="tbptt_backward" points=3
def tbptt_backward(x, h0, targets, params, chunk):
    """Return loss and gradients of truncated BPTT: the state is carried from chunk to chunk, the gradient is not.

    x: inputs (N, T, D); h0: initial states (N, H); targets: indices of the wanted classes (N, T)
    params: dict with W_xh, W_hh, b_h, W_hy, b_y
    chunk: steps per chunk; the last chunk may be shorter
    Returns a dict: loss, dW_xh, dW_hh, db_h, dW_hy, db_y, summed over the chunks, and h_T, the last state (N, H).
    """
    ### BEGIN SOLUTION
    total = {"h_T": h0}
    for start in range(0, x.shape[1], chunk):
        now = slice(start, start + chunk)
        part = bptt(x[:, now], total.pop("h_T"), targets[:, now], params)
        state = part.pop("h_T")
        total = {name: total.get(name, 0) + value for name, value in part.items()}
        total["h_T"] = state
    return total
    ### END SOLUTION


# %% check="tbptt_backward"
check(tbptt_backward)

# %% [markdown] key="compare"
# How much of the gradient is lost?
# The *cosine* between the truncated and the full gradient of $W_{hh}$ tells whether they point the same way: 1 means the same direction, 0 that they have nothing to do with each other.
# Two random networks read the 40 steps from above, one with the weights that made the bar chart and one with half as large weights from state to state.


# %% key="cosine-of"
def cosine(a, b):
    return np.sum(a * b) / (np.linalg.norm(a) * np.linalg.norm(b))


# %% key="cosine" tags=["demo"]
lengths, lines = [1, 2, 3, 5, 7, 10, 15, 20, 30, 40], {}
for scale in (0.5, 1.0):
    params = random_params(seed=0, scale=scale)
    cut = [tbptt_backward(x, np.zeros((16, 32)), targets, params, chunk)["dW_hh"] for chunk in lengths]
    lines[f"scale {scale}"] = [cosine(gradient, cut[-1]) for gradient in cut]  # the last one is not cut
plots.show(
    plots.measured(lengths, lines, "chunk length", "cosine to the full gradient", logarithmic=(False, False)),
    alt="Cosine between truncated and full gradient against the chunk length. Both curves rise to 1 at 40. "
    "The network with half as large weights starts above 0.9, the other one near 0.7.",
)
for name, values in lines.items():
    print(f"{name}: cosine {values[0]:.2f} at chunk 1, {values[4]:.2f} at chunk 7, {values[-1]:.2f} at chunk 40")

# %% [markdown] key="no-carry-intro"
# With the smaller weights even chunks of one step point nearly the right way; with the larger ones the printed numbers are lower.
#
# And the four letters? Chunks of one step are a backward pass without any carry.
#
# **Predict, then run.** Will "hello" be learned all the same?

# %% key="no-carry" tags=["demo"]
cut = dict(HELLO)
for _ in range(200):
    step = tbptt_backward(hell, np.zeros((1, 3)), ello, cut, chunk=1)
    cut = {name: weight - 0.1 * step[f"d{name}"] for name, weight in cut.items()}
print(f"loss after 200 steps: {losses[-1]:.3f} with the carry, {step['loss']:.3f} without")

# %% [markdown] key="closing"
# It is: the states carry what is needed, and the gradient of each step's own loss suffices to make use of it.
# So a program that learns may still have a wrong gradient.
#
# The shorter the network's memory, the less a cut costs.
# The reverse is the danger: what lies further back than a chunk can be *remembered*, since the state is carried, but hardly be *learned*, since no gradient gets there.
# Language models over long texts are trained in this way.
#
# ## What you have seen
#
# - Where a value goes several ways, the gradients that come back are added: over the two ways out of a state, over steps for shared weights, over rows for a bias.
# - A numerical gradient is the strongest test of a backward pass; it needs different sizes, a random $h_0$, several steps, and a gradient at every one of them. Shapes that fit and a loss that falls show little.
# - Truncated BPTT carries the state and cuts the gradient; how much that loses depends on how fast the gradient fades anyway.
#
# ## Questions to think about
#
# <details><summary>Why is the carry added to dh_all[:, t] before the tanh derivative is applied, and not after?</summary>
#
# Both are gradients with respect to $h_t$, which comes after the tanh in the forward pass.
# The factor $1 - h_t^2$ leads from $h_t$ to $a_t$ and applies to all that arrives at $h_t$.
#
# </details>
#
# <details><summary>What is dh0 good for, if h0 is all zeros and never trained?</summary>
#
# It is the only gradient that has passed through every step, so it shows a wrong carry at once.
# And where the initial state comes from another network, as from an image in unit 06 or from an encoder in translation, dh0 is the gradient that this network learns from.
#
# </details>
#
# <details><summary>If the loss were divided by the number of steps in each chunk, what would go wrong with a short last chunk?</summary>
#
# Its steps would count more than the others, and the sum of the chunks would no longer be the loss of the sequence.
# Sums over time can be added; averages cannot.
#
# </details>
#
# <details><summary>Your gradient check has a relative error of 0.3 in dW_hh alone, and everything else, dh0 included, is at 1e-9. Where do you look?</summary>
#
# $da_t$ and the carry are right, or `dh0` and `dx` would be wrong.
# What is left is the product with $h_{t-1}$ and the sum over steps: perhaps $h_t$ in place of $h_{t-1}$, or a cache that holds a view of an array that a later step has overwritten.
#
# </details>
#
# ## What to read next
#
# - P. Werbos, *Backpropagation Through Time: What It Does and How to Do It*, Proceedings of the IEEE, 1990.
# - R. Williams, J. Peng, *An Efficient Gradient-Based Algorithm for On-Line Training of Recurrent Network Trajectories*, Neural Computation, 1990: truncated BPTT.
# - D. Rumelhart, G. Hinton, R. Williams, *Learning Representations by Back-propagating Errors*, Nature, 1986.
# - A. Karpathy, *Yes You Should Understand Backprop*, blog, 2016: what goes wrong for those who leave it all to the library.
# - Stanford CS231n, notes on backpropagation and on gradient checks: more on the choice of $h$ and on relative errors.
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, MIT Press, 2016, chapter 10.
#
# In unit 03 you measure how fast the gradient fades, see it explode, and learn what helps.
