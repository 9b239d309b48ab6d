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
# The network of unit 01 reads "hell" and gets the first two of the four next letters wrong, because its weights have not been trained.
# Training needs the gradient of the loss: how much it changes with each weight.
# PyTorch computes it for you; here you do it yourself, once.
#
# At the end you can
#
# - send a gradient backwards through an RNN, from all losses to every weight;
# - test a backward pass, and choose the check that finds a given bug;
# - truncate one for long sequences, and say what is lost.
#
# **You build** every gradient by hand, and the test that it is right.
# **Time** {minutes} minutes.
# **Points** {points}.
# **You need** the cell and the read-out of unit 01, and the chain rule $\frac{dz}{dx}=\frac{dz}{dy}\frac{dy}{dx}$.
#
# <details><summary>How to work with this notebook, why Run All stops, and what stand_in is</summary>
#
# In each exercise you replace the line `raise NotImplementedError(...)` with your own code, run the cell, and run the check below it.
# A check may be run as often as you like.
#
# *Run All* stops at the first check that does not pass yet; this is intended.
# To go on below it, select the next cell and choose *Run Selected Cell and All Below*.
#
# You need not solve everything in order.
# Cells that begin with `stand_in(...)` use your functions; where one is not written yet, a function of the course takes its place, and a line says so.
# A stand-in cannot be handed in.
#
# </details>
#
# ## What the gradient is for
#
# At every step $t$ there is a loss $L_t$, small if the wanted letter got a high probability.
# To make the sum $L=L_1+\dots+L_T$ smaller, each weight array $W$ takes a small step against its gradient: $W\leftarrow W-\eta\,\partial L/\partial W$, where $\eta$ is the *learning rate*.
#
# With sequences, a state influences many losses: $h_1$ enters $L_1$ directly, and $L_2,L_3,\dots$ through later states.
# And a weight is used many times: the same $W_{hh}$ makes $h_1$, $h_2$, $h_3$.
#
# **Guess first:** draw three steps, with arrows from each state to its loss and to the next state, and from $W_{hh}$ to each state. Turn every arrow round: how many end at $h_1$, at $h_3$, at $W_{hh}$?
#
# <details><summary>Possible answers</summary>
#
# 1, 1, 3 · 2, 1, 3 · 2, 2, 3 · 3, 1, 1
#
# </details>

# %% key="imports"
import numpy as np

from rnnlab import check, data, plots, recurrent, stand_in

VOCAB = "ehlo"  # the letters of the running example; the index of a letter is its place in this string
HELL = np.eye(4)[[[VOCAB.index(letter) for letter in "hell"]]]  # one-hot, (N, T, D) = (1, 4, 4)
ELLO = np.array([[VOCAB.index(letter) for letter in "ello"]])  # (N, T) = (1, 4)
HELLO = data.HELLO_CELL | data.HELLO_READOUT  # the untrained weights of unit 01, a dict

# %% key="graph" tags=["demo"]
plots.show(plots.backward_graph(), "backward-graph")

# %% [raw] alt="backward-graph"
# Two drawings of three steps.
# Left, forward: arrows from W_hh up to h_1, h_2, h_3, from each state to the next, and up to its loss L_t.
# Right, backward: every arrow is turned round and dashed.
# At dh_1 and dh_2 two arrows meet, one from the loss above and one from the next state, with a plus between them; at dh_3 only the one from its loss ends.
# The arrows from all three dh_t end in one sum dW_hh; one more leads from dh_1 to dh_0.

# %% [markdown] key="why-backward"
# **Where a value goes several ways, the gradients that come back are added.**
# At $h_1$ two meet, at $h_3$ there is one, at $W_{hh}$ one from each step.
#
# The walk through the right-hand drawing, from the last step to the first, is *backpropagation through time* (BPTT): ordinary backpropagation on the unrolled network.
# We write `dW` for $\partial L/\partial W$, an array of the shape of `W`.
#
# <details><summary>Why go backwards at all?</summary>
#
# One could nudge each weight and watch the loss, but that takes two forward passes *per weight*.
# A network with a million weights would read its text two million times for one step of training.
# The backward pass computes every intermediate gradient once and shares it among all that need it: it takes two matrix products for each one of the forward pass, however many weights there are.
#
# </details>
#
# Nudging each weight and watching the loss gives the gradient, too, approximately: far too slow for training, but easy to get right.
# So it comes first.
#
# ## Exercise 1: numerical_gradient (2 points)
#
# **Write** the gradient of a function by nudging each entry of `x` to both sides.
#
# $$\frac{\partial f}{\partial x_i}\approx\frac{f(x+h\,e_i)-f(x-h\,e_i)}{2h} \qquad e_i\text{: 1 at entry }i\text{, else 0}$$
#
# **Difficulty** ●●○ (medium) · **Time** 10–15 min
#
# **In** `f`: a function of one array; `x`: a float64 array of any shape; `df`: `None` if `f` returns a number, otherwise the gradient that arrives at `f(x)`, of its shape; `h`: the nudge
#
# **Out** an array of the shape of `x`: the gradient of `f` or, with `df`, of the number $\sum_j\mathit{df}_j\,f(x)_j$.
# `x` is left exactly as it was.
# Another dtype raises `TypeError`: whole numbers cannot be nudged, float32 has too few digits.
#
# **By hand** At $x=(3,-2)$, with $h=0.5$:
#
# - $f(x)=x_1^2+x_2^2$: entry 1 gives $(16.25-10.25)/1=6$, entry 2 gives $-4$.
# - $f(x)=(x_1^2,x_1x_2)$, $\mathit{df}=(1,10)$: entry 1 has the slopes 6 and $-2$, which gives $1\cdot6+10\cdot(-2)=-14$; entry 2 has 0 and 3, which gives 30.
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
# The chain rule multiplies each by its `df` and adds: $\frac{\partial}{\partial x_i}\sum_j\mathit{df}_jf_j=\sum_j\mathit{df}_j\frac{\partial f_j}{\partial x_i}$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Refuse a wrong dtype first.
# Loop over all positions of `x` (`np.ndindex(x.shape)` gives them for any number of axes).
# At each position you need two arrays that differ from `x` there, the slope between them, and a place to store it.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `setting an array element with a sequence`: `f` returned an array; this is the case with `df`.
# - The gradient is all zeros: `f` may return its own input, and if you change `x` in place, both results are the same array.
# - `x is left as it was` fails: $x+h-2h+h$ is not always $x$ in floating point.
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
# A backward pass and a numerical gradient do not agree to the last digit.
# A difference of 0.001 is nothing beside gradients of 1000, and everything beside gradients of 0.001.
#
# ## Exercise 2: relative_error (1 point)
#
# **Write** the relative error of two arrays:
#
# $$\frac{\max_i|a_i-b_i|}{\max_i(|a_i|+|b_i|)}$$
#
# **Difficulty** ●○○ (easy) · **Time** 5 min
#
# **In** `a`, `b`: two arrays of one shape
#
# **Out** a number from 0 (equal) to 1 (for example, zeros against other numbers, or $b=-a$); 0 if both arrays are all zeros.
# Different shapes raise `ValueError`.
#
# **By hand** $a=(1,2)$, $b=(1,3)$: the largest difference is 1, the largest sum 5, the relative error 0.2.
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
# Three steps: something to refuse, something to compute, something to ask before dividing.
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

# %% [markdown] key="one-step"
# ## Back through one step
#
# One step, in two parts:
#
# $$a_t=x_tW_{xh}+h_{t-1}W_{hh}+b_h\qquad\qquad h_t=\tanh(a_t)$$
#
# Backwards, $dh_t$ is given.
# The derivative of tanh is $1-\tanh^2(a_t)=1-h_t^2$, so (with $\odot$ for multiplying number by number)
#
# $$da_t=dh_t\odot(1-h_t^2)$$
#
# A sum hands its gradient to each of its terms unchanged.
# For a product $Y=XW$ there are two rules, $dX=dY\,W^\top$ and $dW=X^\top dY$.
# $W_{hh}$ is square, so there the shapes do not warn you of a wrong order.
# The bias goes to all N rows: its gradient is the sum over them.
#
# <details><summary>Where the two rules come from</summary>
#
# Written out, $Y_{nj}=\sum_i X_{ni}W_{ij}$.
#
# - $X_{ni}$ goes to $Y_{nj}$ for every $j$, each time with the factor $W_{ij}$; added up, $dX_{ni}=\sum_j dY_{nj}W_{ij}=(dY\,W^\top)_{ni}$.
# - $W_{ij}$ goes to $Y_{nj}$ for every $n$, each time with the factor $X_{ni}$; added up, $dW_{ij}=\sum_n X_{ni}\,dY_{nj}=(X^\top dY)_{ij}$.
#
# </details>
#
# **Guess first:** which arrays of the forward step does the backward step need again?
#
# <details><summary>Possible answers</summary>
#
# - all of them: $x_t$, $h_{t-1}$, $W_{xh}$, $W_{hh}$, $b_h$, $a_t$, $h_t$
# - only the two matrices
# - all but $a_t$ and $b_h$
#
# </details>

# %% key="rnn-cell-back" tags=["demo"]
numbers = {"dh_t": "(4, −1)", "da_t": "(3, −1)", "dh_prev": "(0.2, 2)", "dx_t": "(3, 0.5)", "db_h": "(3, −1)"}
plots.show(plots.rnn_cell_backward(numbers), "rnn-cell-back")

# %% [raw] alt="rnn-cell-back"
# The cell of unit 01 in pale grey, and on it dashed arrows that run the other way, from right to left.
# dh_t = (4, −1) comes in from the right; at the tanh it is multiplied by 1 − h_t², which gives da_t = (3, −1).
# The plus hands da_t on three ways.
# Up, it is db_h = (3, −1).
# Down, through the box of W_xh, it is multiplied by W_xh transposed and leaves as dx_t = (3, 0.5); the box gives dW_xh.
# To the left, through the box of W_hh, it is multiplied by W_hh transposed and leaves as dh_(t-1) = (0.2, 2); the box gives dW_hh.

# %% [markdown] key="cell-task"
# A product needs its factors, the tanh its result, and nothing needs $a_t$ or $b_h$. So the *cache* of this unit holds the other five.
#
# ## Exercise 3: rnn_cell_backward (5 points)
#
# **Write** the backward pass of one step.
#
# **Difficulty** ●●○ (medium) · **Time** 15–20 min
#
# **In** `dh_t` (N, H), the gradient that arrives at $h_t$; `cache`, the tuple `(x_t, h_prev, W_xh, W_hh, h_t)` of the forward step
#
# **Out** `dx_t` (N, D), `dh_prev` (N, H), `dW_xh` (D, H), `dW_hh` (H, H), `db_h` (H,)
#
# **By hand** The numbers of the figure, the states invented so that they are round:
#
# $$x_t=(1,2)\quad h_{t-1}=(0,0.5)\quad h_t=(0.5,0)\quad dh_t=(4,-1)$$
#
# $$W_{xh}=\begin{pmatrix}1&0\\0.5&1\end{pmatrix}\quad W_{hh}=\begin{pmatrix}0.2&0.4\\0.6&-0.2\end{pmatrix}$$
#
# The figure shows the results, except $dW_{xh}=\begin{pmatrix}3&-1\\6&-2\end{pmatrix}$ and $dW_{hh}=\begin{pmatrix}0&0\\1.5&-0.5\end{pmatrix}$.
#
# <details><summary>The sums in full</summary>
#
# - the tanh: $da_t=(4\cdot0.75,\ -1\cdot1)=(3,-1)$
# - the input: $dx_t=(3\cdot1-1\cdot0,\ 3\cdot0.5-1\cdot1)=(3,0.5)$
# - the old state: $dh_{t-1}=(3\cdot0.2-1\cdot0.4,\ 3\cdot0.6+1\cdot0.2)=(0.2,2)$
# - the input weights: row 1 is $1\cdot(3,-1)$, row 2 is $2\cdot(3,-1)$
# - the hidden weights: row 1 is $0\cdot(3,-1)$, row 2 is $0.5\cdot(3,-1)$
# - the bias: $(3,-1)$
#
# </details>
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
# $a_t$ is the sum of two products and a bias.
# Apply the two rules for $Y=XW$ to both products: what is $X$, what is $W$, and what is $dY$ in each?
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

# %% [markdown] key="sequence-task"
# ## Back through the sequence
#
# On the walk from step T to step 1 two gradients arrive at each $h_t$:
#
# - from above, through the answer at this step: `dh_all[:, t]`, which is given;
# - from the right, because $h_t$ was also the input of step $t+1$: the `dh_prev` that this step has just returned, the *carry*.
#
# They are added before the step is entered.
# At step T nothing comes from the right; what leaves step 1 is `dh0`.
# The weights' gradients are summed over all steps.
#
# <details><summary>The same in one formula</summary>
#
# Let $g_s$ be what arrives at $h_s$ from above, $\partial L_s/\partial h_s$ as a row, and $J_k=\partial h_k/\partial h_{k-1}=\operatorname{diag}(1-h_k^2)\,W_{hh}^\top$ the matrix by which step $k$ multiplies a gradient on its way back.
# Every later loss contributes to the gradient of $h_t$, each through all the steps between:
#
# $$\frac{\partial L}{\partial h_t}=\sum_{s=t}^{T}g_s\,J_sJ_{s-1}\cdots J_{t+1}$$
#
# For $s=t$ there is no factor.
# The loop computes this sum with one product per step, because $\frac{\partial L}{\partial h_t}=g_t+\frac{\partial L}{\partial h_{t+1}}J_{t+1}$.
#
# </details>
#
# ## Exercise 4: rnn_backward (6 points)
#
# **Write** the backward pass of a sequence, with your `rnn_cell_backward` at every step.
#
# **Difficulty** ●●● (hard) · **Time** 20–25 min
#
# **In** `dh_all` (N, T, H), the gradients from above; `caches`, a list with the cache of each step, `caches[0]` that of the first
#
# **Out** a dict with the keys `'dx'` (N, T, D), `'dh0'` (N, H), `'dW_xh'` (D, H), `'dW_hh'` (H, H), `'db_h'` (H,)
#
# **By hand** Two steps, N = D = H = 1, $W_{xh}=1$, $W_{hh}=0.5$; inputs 1, $-1$; states $h_0=0.2$, $h_1=0.5$, $h_2=0$ (round numbers, not the result of a forward pass); from above $dh_1=1$, $dh_2=2$.
# The result is $dx=(1.5,2)$, $dh_0=0.75$, $dW_{xh}=-0.5$, $dW_{hh}=1.3$, $db_h=3.5$.
#
# <details><summary>Step by step</summary>
#
# | | arrives | $da_t$ | $dx_t$ | carry | part of $dW_{xh}$ | part of $dW_{hh}$ | part of $db_h$ |
# |---|---|---|---|---|---|---|---|
# | step 2 | $2+0$ | $2\cdot1=2$ | 2 | $2\cdot0.5=1$ | $-1\cdot2=-2$ | $0.5\cdot2=1$ | 2 |
# | step 1 | $1+1$ | $2\cdot0.75=1.5$ | 1.5 | $1.5\cdot0.5=0.75$ | $1\cdot1.5=1.5$ | $0.2\cdot1.5=0.3$ | 1.5 |
# | result | | | (1.5, 2) | $dh_0=0.75$ | $-0.5$ | 1.3 | 3.5 |
#
# </details>
#
# <details><summary>Hint 1: the idea</summary>
#
# Look at the dashed arrows in the first figure once more.
# How many end at $dh_2$, and in which order must the steps be visited so that both have arrived when they are needed?
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
# For t from the last to the first: call the cell with the sum of what arrives and the cache of *this* step.
# It returns five arrays: one has a place along the time axis, one is needed at the next turn of the loop, three are parts of sums.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `the first wrong step is step 1`, and only the last step of `dx` is right: the carry is lost on the way.
# - `too many values to unpack`: the whole list was handed to the cell; one step needs one cache.
# - A remark about float64: buffers made by `np.zeros` are float64 unless they get another `dtype`; this costs nothing.
# - A remark that the function changes `dh_all`: it costs nothing either, but see "Can you see what is wrong?" below.
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
# ## Is it right?
#
# The check knows the right answer; outside a course you always have the numerical gradient.
#
# Below, `recurrent.random_inputs` draws all arrays at random, and `recurrent.run`, the forward pass of unit 01 by PyTorch, returns states and caches.
# The loss is a sum of the states, weighted by fixed numbers `r`: they are what comes from above.
# As a rule an error below $10^{-6}$ means right, one above $10^{-3}$ wrong, and in between you look again.
#
# **Guess first:** the nudge $h$ shrinks from 1 to $10^{-12}$. What does the error do?
#
# <details><summary>Possible answers</summary>
#
# - It falls all the way: the smaller the nudge, the better.
# - It falls to the precision of float64 and stays there.
# - It falls and then rises.
#
# </details>

# %% key="gradient-check" tags=["demo"]
stand_in("numerical_gradient", "relative_error", "rnn_backward")
inputs = recurrent.random_inputs(N=2, T=5, D=3, H=4)  # x, h0, W_xh, W_hh, b_h
h_all, caches = recurrent.run(**inputs)  # (N, T, H)
r = np.random.default_rng(1).normal(size=h_all.shape)
grads, nudges, errors = rnn_backward(r, caches), 10.0 ** np.arange(0, -12.5, -0.5), {}
for name, value in inputs.items():
    numeric = [numerical_gradient(recurrent.states_by(name, inputs), value, r, h) for h in nudges]
    errors[f"d{name}"] = [relative_error(grads[f"d{name}"], gradient) for gradient in numeric]
plots.show(plots.measured(nudges, errors, "nudge $h$", "relative error", (True, True)), "v-curve")
print("h = 1e-05:", ", ".join(f"{name} {error[10]:.0e}" for name, error in errors.items()))

# %% [raw] alt="v-curve"
# The relative errors of dx, dh0, dW_xh, dW_hh and db_h against the nudge h, both axes logarithmic.
# All five curves are the same V: from 0.1 or more at h = 1 the error falls to below 1e-10 near h = 1e-5, and rises again to about 1e-4 at h = 1e-12.

# %% [markdown] key="notes-bug"
# Each curve is a V.
# On the right the nudge is so large that the function bends within it; on the left two nearly equal numbers are subtracted, and mostly rounding is left.
# At $10^{-5}$ all five errors are far below $10^{-6}$: strong evidence that the gradients are right.
# It is no proof: a wrong sign in an entry of $10^{-7}$ beside an entry of 1 would not show.
#
# The set-up matters: all sizes different, a random $h_0$, several steps, a gradient from above at *every* one.
#
# <details><summary>Why nudge to both sides?</summary>
#
# By Taylor's series, $f(x\pm h)=f(x)\pm hf'+\frac{h^2}{2}f''\pm\frac{h^3}{6}f'''+\dots$
# The slope to one side, $(f(x+h)-f(x))/h$, is off by about $\frac{h}{2}f''$.
# With both sides the $f''$ cancels, and what remains is $\frac{h^2}{6}f'''$: a nudge ten times smaller makes the error a hundred times smaller.
#
# </details>
#
# <details><summary>Can you see what is wrong? The gradients are right, and yet the gradient check reports errors of several tenths</summary>
#
# The loop contained `dh[:, t] = dh[:, t] + dh_prev`.
# It overwrites the caller's array, so the check that follows multiplies the states by a different `r` from the one that the backward pass started with.
# A slice of a NumPy array is a window onto it, not a copy; `a + b` makes a new array, `a += b` and `a[:] = ...` write into the old one.
#
# </details>
#
# ## A backward pass that passes every shape check
#
# Next comes the backward step from published notes, only reformatted. It uses columns: the batch is the *last* axis; its $a$ is $h$ here, its $W_{ax}$ is $W_{xh}^\top$, its $W_{aa}$ is $W_{hh}^\top$.
# It runs, every gradient has the shape of its array, and one thing is wrong.
#
# <details><summary>More that is wrong in these notes</summary>
#
# - The demonstration of the cell's backward defines `b` and then uses `ba`: it runs only while a `ba` of an earlier cell is still in memory. Restart the kernel and run all cells before you publish.
# - The last demonstration computes all gradients of a sequence, and then prints the shape of the *answers* $y$, (2, 10, 4); it looks at no gradient at all.
# - The gradients of the read-out, $dW_{ya}$ and $db_y$, are never computed, so the read-out would not learn. That is Exercise 7 here.
# - The *output* of the cell is described under the words "input element"; the text speaks of ten cells, and the demonstration uses four; two sections bear the number 3; four types of task are announced, and three headings follow.
#
# </details>


# %% key="notes-code"
def notes_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    Wax, Waa = parameters["Wax"], parameters["Waa"]
    dtanh = (1 - a_next**2) * da_next
    dxt, dWax = Wax.T @ dtanh, dtanh @ xt.T
    da_prev, dWaa = Waa.T @ dtanh, dtanh @ a_prev.T
    dba = dtanh.sum(axis=1, keepdims=True)
    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": Waa, "dba": dba}


# %% [markdown] key="repair-task"
# ## Exercise 5: repaired_notes_backward (1 point)
#
# **Write** the function of the notes with the mistake repaired.
#
# **Difficulty** ●○○ (easy) · **Time** 5–10 min
#
# **In**, **Out** as in the notes
#
# **By hand** One input, one hidden unit, one sequence ($n_x=n_a=m=1$); $x=2$, $a_{\text{prev}}=0.5$, $a_{\text{next}}=0$, $W_{ax}=1$, $W_{aa}=3$ and $da_{\text{next}}=4$ give $dx=4$, $da_{\text{prev}}=12$, $dW_{ax}=8$, $dW_{aa}=2$, $db_a=4$.
#
# <details><summary>Hint 1: the idea</summary>
#
# Give `notes_cell_backward` the numbers worked by hand, each as an array of shape (1, 1), and compare.
#
# </details>
#
# <details><summary>Hint 2: the rule</summary>
#
# Every gradient is twice as large if `da_next` is.
# Which one of the notes is not?
#
# </details>
#
# <details><summary>Hint 3: how to read the code</summary>
#
# Follow each name from the line that computes it to the line that uses it.
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
# Here are four, the cheapest first; each looks at all five gradients of a *sequence* backward pass like yours, set up as above.
#
# - `"shapes"`: each gradient has the shape of its array.
# - `"zero upstream"`: with `dh_all = 0` every gradient must be 0.
# - `"numerical, T = 1"`: nudging, on one step.
# - `"numerical, T = 5"`: nudging, on five steps.
#
# ## Exercise 6: cheapest_check (1 point)
#
# **Write** a function that names, for each of seven bugs, the *cheapest* check that finds it.
#
# **Difficulty** ●●○ (medium) · **Time** 10 min
#
# **In** `bug`, the one thing that is wrong:
#
# - `"bias as a row"`: `db_h` is (1, H)
# - `"weight returned"`: each step returns `W_hh` as its `dW_hh`
# - `"no square"`: $1-h_t$ in place of $1-h_t^2$
# - `"no carry"`: only the gradient from above enters each step
# - `"overwritten"`: each step's weight gradients replace those before
# - `"not transposed"`: the carry is $da_tW_{hh}$
# - `"dh0 zero"`: `dh0` is zeros
#
# **Out** the name of one of the four checks; an unknown bug raises `KeyError`
#
# **Points** one, if all seven and the `KeyError` are right.
#
# **By hand** `"bias as a row"` is found by `"shapes"`.
# For the others, your check only tests whether the answer is one of the four; grading tests the rest.
#
# <details><summary>Hint 1: the idea</summary>
#
# For each bug ask: does the shape change? If not, is a zero still a zero? If so, can it be seen when there is only one step?
#
# </details>
#
# <details><summary>Hint 2: the rule</summary>
#
# A backward pass is *linear* in what comes from above: twice the gradient in, twice the gradient out, and nothing in, nothing out.
# Which bug breaks that?
#
# </details>
#
# <details><summary>Hint 3: what one step can show</summary>
#
# With one step there is one sum of one part, and no step to the right.
# But there is an $h_0$, and its gradient is what the only step hands to its left.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `seen None; expected one of 'shapes', …`: no branch matched; compare the spelling with the lists.
# - `KeyError` for a bug that is in the list: compare the spelling, spaces included.
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

# %% [markdown] key="readout-task"
# ## From the losses to the states
#
# What comes "from above" comes from the losses, through the read-out $y_t=h_tW_{hy}+b_y$.
# $W_{hy}$ and $b_y$ serve all sequences *and* all steps, so their gradients are summed over both.
#
# ## Exercise 7: readout_backward (2 points)
#
# **Write** the backward pass of a read-out that answers at every step.
#
# **Difficulty** ●●○ (medium) · **Time** 10–15 min
#
# **In** `dlogits` (N, T, C), the gradient that arrives at the scores, or *logits*; `h_all` (N, T, H); `W_hy` (H, C)
#
# **Out** `dh_all` (N, T, H), `dW_hy` (H, C), `db_y` (C,)
#
# **By hand** One sequence of two steps, H = 2, C = 3:
#
# $$h_1=(1,0)\quad h_2=(0.5,-0.5)\quad W_{hy}=\begin{pmatrix}1&2&0\\0&1&4\end{pmatrix}\quad dy_1=(1,0,-1)\quad dy_2=(0,2,0)$$
#
# - the states get $dh_1=(1,-4)$ and $dh_2=(4,2)$
# - step 1 adds $\begin{pmatrix}1&0&-1\\0&0&0\end{pmatrix}$ to $dW_{hy}$, step 2 adds $\begin{pmatrix}0&1&0\\0&-1&0\end{pmatrix}$; $db_y=(1,2,-1)$
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
# $dW_{hy}[i,c]=\sum_{n,t}h[n,t,i]\,dy[n,t,c]$ and $db_y[c]=\sum_{n,t}dy[n,t,c]$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# The gradient of the states is one product, as in the cell.
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
# At every step the network should give the wanted class $k$ a high probability $p_k$; the *cross-entropy* $-\ln p_k$ is 0 if $p_k=1$, and grows without bound as $p_k$ approaches 0.
# A network that knows nothing gives each of V classes $1/V$ and pays $\ln V$ per step; a fresh one should start near that.
#
# With $p=\operatorname{softmax}(y)$, written out, $-\ln p_k=-y_k+\ln\sum_j e^{y_j}$.
# Differentiated by $y_i$, the first term gives $-1$ for $i=k$ only, the second $e^{y_i}/\sum_j e^{y_j}=p_i$.
# So the gradient is $p-e_k$: the probabilities minus the one-hot vector of the wanted class.
#
# Sequences of a batch differ in length; short ones are filled up, and a *mask* is 1 where a step counts, else 0.
# **Here the loss is the sum over the steps that count, divided by the number N of sequences**, so that losses of consecutive pieces of a text can be added.
#
# <details><summary>What do others divide by?</summary>
#
# By default, PyTorch's `cross_entropy` divides by the number of steps in the whole batch that are not ignored.
# Look before you compare: such a factor is a common reason why two right programs disagree.
#
# </details>
#
# ## Exercise 8: sequence_cross_entropy (4 points)
#
# **Write** the loss and its gradient.
#
# **Difficulty** ●●○ (medium) · **Time** 15–20 min
#
# **In** scores `logits` (N, T, V); `targets` (N, T), the indices of the wanted classes, valid ones also where nothing counts; `mask` (N, T) of 0 and 1 or of booleans, or `None` if all steps count
#
# **Out** `loss`, a number; `dlogits` (N, T, V).
# Scores of any size must work: if the wanted class lies 800 below another, the loss is 800, not `inf`.
#
# $$L=-\frac{1}{N}\sum_{n,t}m_{nt}\ln p_{nt,k_{nt}}\qquad\ln p_k=(y_k-\max y)-\ln\sum_je^{y_j-\max y}$$
#
# <details><summary>By hand: one sequence, two steps, V = 2</summary>
#
# - scores $(0,\ln3)$, class 1 is wanted: $p=(1/4,3/4)$, loss $-\ln(3/4)=0.2877$, gradient $(0.25,-0.25)$
# - scores $(0,0)$, class 0 is wanted: $p=(1/2,1/2)$, loss $\ln2=0.6931$, gradient $(-0.5,0.5)$
#
# Together 0.9808. With the mask $(1,0)$ the loss is 0.2877 and the gradient of step 2 is $(0,0)$.
#
# </details>
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
# Never take the logarithm of a softmax: for a score 800 below the largest the softmax is 0 in floating point, and its logarithm −inf.
# The right-hand formula above has the logarithm already worked out.
# Differentiate $L$ as it stands: what happens to $m$ and to $1/N$?
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# First all $\ln p$, an array (N, T, V), by the right-hand formula along the last axis.
# For the loss pick the wanted ones, with `np.take_along_axis` or with index arrays for n and t.
# For the gradient you need $p$, which is one exponential away, and a 1 to subtract at the same places.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `operands could not be broadcast together with shapes (3,4,5) (3,4)`: the mask needs an axis of length 1 at its end.
# - `the loss and its gradient belong together` fails: one of the two has a factor, or a mask, that the other lacks.
# - `loss = inf`: a logarithm of a probability that was rounded to 0.
# - A remark about float64: a mask made by `np.ones` is float64; this costs nothing.
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
# All parts are there; `bptt` strings them together, forward and back again.
# With it the network of unit 01 takes 200 steps of gradient descent on "hell" → "ello".
# Knowing nothing costs $4\ln4=5.55$.
#
# **Guess first:** does the untrained network start below or above that? And will it answer both 'l' rightly in the end?
#
# <details><summary>Possible answers</summary>
#
# below, both are right · below, one is wrong · above, one is wrong, for both read the same letter · above, both are right
#
# </details>


# %% key="bptt"
def bptt(x, h0, targets, params):
    """Return a dict for one pass over x and back: loss, dW_xh, dW_hh, db_h, dW_hy, db_y, and the last state h_T."""
    h_all, caches = recurrent.run(x, h0, params["W_xh"], params["W_hh"], params["b_h"])
    loss, dlogits = sequence_cross_entropy(h_all @ params["W_hy"] + params["b_y"], targets)
    dh_all, dW_hy, db_y = readout_backward(dlogits, h_all, params["W_hy"])
    grads = rnn_backward(dh_all, caches)
    cell = {name: grads[name] for name in ("dW_xh", "dW_hh", "db_h")}
    return {"loss": loss, **cell, "dW_hy": dW_hy, "db_y": db_y, "h_T": h_all[:, -1]}


# %% key="overfit" tags=["demo"]
stand_in("sequence_cross_entropy", "readout_backward", "rnn_backward")
trained, start, losses = HELLO, np.zeros((1, 3)), []
for _ in range(201):
    step = bptt(HELL, start, ELLO, trained)
    trained = {name: weight - 0.1 * step[f"d{name}"] for name, weight in trained.items()}
    losses.append(step["loss"])
h_all, _ = recurrent.run(HELL, start, trained["W_xh"], trained["W_hh"], trained["b_h"])  # (N, T, H) = (1, 4, 3)
scores = h_all @ trained["W_hy"] + trained["b_y"]  # (N, T, V) = (1, 4, 4)
plots.show(plots.scores(scores[0].T, [f"score of {v}" for v in VOCAB], list("hell"), ELLO[0]), "overfit-scores")
print(f"loss: {losses[0]:.2f} at the start, {losses[-1]:.3f} after 200 steps")

# %% [raw] alt="overfit-scores"
# A table of scores after training, four letters by the four letters read, h, e, l, l; a frame marks the wanted letter of each step, a star the highest score.
# In every column frame and star are on the same letter: e, then l, then l, then o.

# %% [markdown] key="truncated"
# It starts above, sure of wrong letters.
# At the end, frame (wanted) and star (highest) agree in every column, even at the two 'l', which only the hidden state tells apart.
#
# Every training program should first learn one small batch by heart; if it cannot, suspect the program before the data.
# The converse does not hold, as you will see.
#
# ## Truncated backpropagation through time
#
# A text of a million letters would take a million caches, and as many steps before the first update.
# So it is cut into *chunks*, say of 7 steps.
#
# **Forward**, nothing changes: a chunk starts from the state in which the one before has ended.
# **Backward**, the gradient stops at the border: the state that came in is treated as a given number.
# That is *truncated BPTT*.
#
# What is lost depends on how far back a gradient reaches.
# Let a random gradient arrive at the last of 40 states of a random network (`recurrent.random_weights`).
#
# **Guess first:** how much of its length is left 10 steps back, and 30?
#
# <details><summary>Possible answers</summary>
#
# - all of it: backpropagation is exact
# - about a quarter, and nothing: each step costs a fixed amount
# - a few percent, and almost nothing: each step costs a fixed share
#
# </details>

# %% key="by-lag" tags=["demo"]
stand_in("rnn_backward")
plots.show(plots.chunks(steps=14, chunk=7), "chunks")
rng, weights = np.random.default_rng(0), recurrent.random_weights(scale=1.0)
x, h0 = rng.normal(size=(16, 40, 8)), np.zeros((16, 32))  # (N, T, D), (N, H)
h_all, caches = recurrent.run(x, h0, weights["W_xh"], weights["W_hh"], weights["b_h"])
upstream = np.pad(rng.normal(size=(16, 1, 32)), ((0, 0), (39, 0), (0, 0)))  # (N, T, H): 0 before the last step
arriving = [rnn_backward(upstream[:, -k:], caches[-k:])["dh0"] for k in range(1, 41)]  # k steps back, (N, H) each
left = [np.linalg.norm(gradient) / np.linalg.norm(upstream) for gradient in arriving]
plots.show(plots.bars([1, *left], "steps back", "length of the gradient"), "by-lag", ten=left[9], thirty=left[29])
print(f"left after 10 steps: {left[9]:.1%}, after 30 steps: {left[29]:.3%}")

# %% [raw] alt="chunks"
# Fourteen steps in a row, cut after step 7 by a dotted line.
# Arrows of the states run from h_0 through all steps and across the line.
# Dashed arrows of the gradient run backwards inside each chunk only; each chunk has its own loss, of its own steps.

# %% [raw] alt="by-lag"
# Bars on a logarithmic scale: the length of the gradient that arrives 0 to 40 steps back, beginning at 1.
# They fall nearly on a straight line, to {ten:.1%} at 10 steps and {thirty:.3%} at 30.

# %% [markdown] key="tbptt-task"
# On the logarithmic scale the tops of the bars lie nearly on a line: each step back multiplies by $1-h^2$ and $W_{hh}^\top$, and costs about the same share, the subject of unit 03.
# Over five random networks 4 to 10 % are left after ten steps, 0.003 to 0.4 % after thirty.
#
# <details><summary>Why does every chunk have a loss of its own?</summary>
#
# A chunk's backward pass starts from the losses of its own steps, and can start as soon as these are known.
# In training the weights are changed after every chunk, so the next one is read with new weights, of which older losses know nothing.
# In this exercise the weights stay as they are, so that the result can be compared with the full gradient.
#
# </details>
#
# ## Exercise 9: tbptt_backward (3 points)
#
# **Write** truncated BPTT over a sequence, with `bptt` from above for each chunk.
#
# **Difficulty** ●●○ (medium) · **Time** 15 min
#
# **In** `x` (N, T, D), `h0` (N, H), `targets` (N, T), `params` (a dict as `bptt` takes it), `chunk`: the steps per chunk; the last chunk may be shorter, even when it is the only one
#
# **Out** a dict with the keys of `bptt`: sums over the chunks, but under `'h_T'` the state after the last step
#
# **By hand** T = 5, `chunk=2`: steps 1 and 2 start from $h_0$, steps 3 and 4 from $h_2$, step 5 from $h_4$.
# The three losses add up to that of the whole sequence; with `chunk=5` everything is as in `bptt`.
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
# Let $k$ be `chunk`, and count chunks and steps from 0. Chunk $c$ holds the steps from $c\cdot k$ up to but not including $(c+1)\cdot k$, and a slice that runs past the end stops at the end by itself.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Loop over the starts 0, k, 2k, ... below T.
# Each turn calls `bptt` once, on slices along the time axis.
# Of what it returns, six numbers and arrays are summands; one is not.
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
# Do truncated and full gradient point the same way? Then their *cosine* is 1; at right angles it is 0.
# The first cell measures it for two random networks: that of the bars, and one whose $W_{hh}$ is half as large.
# The second trains "hello" again, in full and with chunks of one step: the state goes on, but no gradient comes back.
#
# **Guess first:** which of the two loses less by short chunks? And is "hello" learned with chunks of one step?
#
# <details><summary>Possible answers</summary>
#
# The first network: larger weights carry more · the second: there is less to lose · both lose the same
#
# No: without the carry the two 'l' stay alike · only the first letters · yes, all four
#
# </details>

# %% key="cosine" tags=["demo"]
stand_in("tbptt_backward")
targets = np.random.default_rng(1).integers(0, 5, size=(16, 40))  # (N, T)
lengths, lines = [1, 2, 3, 5, 7, 10, 15, 20, 30, 40], {}
for scale in (0.5, 1.0):
    cut = [tbptt_backward(x, h0, targets, recurrent.random_weights(scale), chunk)["dW_hh"] for chunk in lengths]
    directions = [gradient.ravel() / np.linalg.norm(gradient) for gradient in cut]  # the last one is not cut
    lines[f"scale {scale}"] = [direction @ directions[-1] for direction in directions]
found = ", ".join(f"{name}: {line[0]:.2f} at chunk 1, {line[4]:.2f} at 7" for name, line in lines.items())
figure = plots.measured(lengths, lines, "chunk length", "cosine to the full gradient", (False, False))
plots.show(figure, "cosine", found=found)

# %% [raw] alt="cosine"
# Cosine between truncated and full gradient of W_hh against the chunk length, from 1 to 40; both curves rise steeply at first and end at 1.
# They show, for {found}.

# %% key="no-carry" tags=["demo"]
stand_in("tbptt_backward")
cut, without = HELLO, []
for _ in range(201):
    step = tbptt_backward(HELL, np.zeros((1, 3)), ELLO, cut, chunk=1)
    cut = {name: weight - 0.1 * step[f"d{name}"] for name, weight in cut.items()}
    without.append(step["loss"])
lines = {"with the carry": losses[::10], "without": without[::10]}
plots.show(plots.measured(range(0, 201, 10), lines, "step", "loss", (False, True)), "no-carry")
print(f"loss after 200 steps: {losses[-1]:.4f} with the carry, {without[-1]:.4f} without")

# %% [raw] alt="no-carry"
# The loss over 200 steps of training, on a logarithmic scale, with the carry and without.
# Both curves fall side by side, from 6 to about 0.02; the one without the carry stays a little higher.

# %% [markdown] key="closing"
# The faster the gradient fades, the less a cut costs.
# And "hello" is learned all the same: the states carry what is needed, and here each step's own loss suffices.
# **A program that learns may still have a wrong gradient.**
#
# What lies further back than a chunk can still be *remembered*, since the state is carried, but hardly *learned*.
#
# ## What you have seen
#
# - Gradients are added wherever a value goes several ways: out of a state, to all steps, to all rows.
# - A numerical gradient, set up with care, is strong evidence for a backward pass; shapes that fit and a loss that falls show little.
# - Truncated BPTT carries the state and cuts the gradient.
#
# ## Questions to think about
#
# <details><summary>Which single line would have saved the published notes?</summary>
#
# One that passes zeros as `da_next` and prints the result: every gradient is zero except `dWaa`, which equals `Waa`.
# A linter would have saved them too: `dWaa` is computed and never used.
#
# </details>
#
# <details><summary>Why is the carry added to dh_all[:, t] before the tanh derivative is applied, and not after?</summary>
#
# Both are gradients with respect to $h_t$, which comes after the tanh in the forward pass.
# The factor $1-h_t^2$ leads from $h_t$ to $a_t$ and applies to all that arrives at $h_t$.
#
# </details>
#
# <details><summary>What is dh0 good for, if h0 is all zeros and never trained?</summary>
#
# It is what leaves the first step after the whole walk back, so with several steps a wrong carry shows in it.
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
# <details><summary>Six steps further, with a sentence on each</summary>
#
# - P. Werbos, [Backpropagation Through Time: What It Does and How to Do It](https://doi.org/10.1109/5.58337), Proceedings of the IEEE, 1990: the method by one of its inventors, with pseudocode.
# - D. Rumelhart, G. Hinton, R. Williams, [Learning Representations by Back-propagating Errors](https://doi.org/10.1038/323533a0), Nature, 1986: four pages; towards the end a recurrent network is unrolled.
# - R. Williams, J. Peng, [An Efficient Gradient-Based Algorithm for On-Line Training of Recurrent Network Trajectories](https://doi.org/10.1162/neco.1990.2.4.490), Neural Computation, 1990: a cross between full and truncated BPTT, for networks that run without end.
# - A. Karpathy, [Yes You Should Understand Backprop](https://karpathy.medium.com/yes-you-should-understand-backprop-e2f06eab496b), 2016: what goes wrong for those who leave it all to the library.
# - Stanford CS231n, [gradient checks](https://cs231n.github.io/neural-networks-3/#gradcheck): more on the choice of $h$, on relative errors, and on what spoils such a check.
# - A. Baydin and others, [Automatic Differentiation in Machine Learning: a Survey](https://arxiv.org/abs/1502.05767), 2018: what PyTorch does when it computes gradients for you.
#
# </details>
