# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] key="title"
# # 03 Vanishing and exploding gradients
#
# A recurrent network can read a sequence of any length; whether it can *learn* from the beginning of a long one is another question.
# In this unit you measure what becomes of a gradient on its way back through time, and try out the usual remedies.
#
# At the end you can
#
# - measure how much a gradient shrinks or grows per step, and say what that depends on;
# - choose a network's initial hidden weights by measurement;
# - clip gradients, and say what clipping is good for.
#
# **You build** measurements of the decay, clipping, initialisation.
# **Time** {minutes} minutes.
# **Points** {points}.
# **You need** unit 01, and from unit 02 how a gradient travels back through the steps.
#
# The notebook runs in less than a minute.
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

from rnnlab import check, plots, stand_in

# %% [markdown] key="moscow"
# ## A word at the beginning
#
# "In Moscow we walked along the river, ate far too much, and got lost in the metro; when my sister called and asked where we were, I answered: we are in ..."
# To predict the missing word, a network must carry one word through almost thirty others: a *long-term dependency*.
#
# The *delayed recall* task is that problem with everything else taken away.
# A network reads T random symbols out of eight and must then name the first; guessing is right one time in eight.
# `recall_accuracy` trains PyTorch's `nn.RNN` with 48 hidden units on it for 400 steps, each with 64 new sequences.
#
# **Guess first:** the network learns to recall over T = 5 symbols.
# What will the same network, trained in the same way, do over 40?
#
# <details><summary>Possible answers</summary>
#
# - It learns as well.
# - It learns more slowly, but it learns.
# - It does no better than guessing.
#
# </details>

# %% key="recall-short-long" tags=["demo"]
right = {"guessing": np.full(40, 1 / 8)}
from rnnlab import long_sequences

for T in (5, 40):  # about 3 seconds
    right[f"T = {T}"] = long_sequences.recall_accuracy(T)  # (40,): a mean for each 10 steps of training
    print(f"T = {T}: {right[f'T = {T}'][-5:].mean():.0%} right at the end")
recall = {"recall of the first symbol": right}
figure = plots.panels(recall, "training step", "share of right answers", 0, "linear", every=10)
plots.show(figure, "recall-short-long", short=right["T = 5"][-5:].mean(), long=right["T = 40"][-5:].mean())

# %% [raw] alt="recall-short-long"
# Share of right answers over 400 steps of training.
# For T = 5 it soon rises and ends at {short:.2f}.
# For T = 40 it stays beside the line of guessing, one in eight, and ends at {long:.2f}.

# %% [markdown] key="activation-task"
# Over 40 symbols the network does no better than guessing.
# Its 48 hidden units have room for one symbol, so we look at what it learns from: the gradient.
#
# In unit 02 the gradient went back through a step in two multiplications: by the derivative of the activation, unit by unit, then by the hidden weights.
# First the activation.
#
# ## Exercise 1: activation (2 points)
#
# **Write** four activations, each with its derivative.
#
# **Difficulty** ●○○ (easy) · **Time** 5–10 min
#
# **In** `name`: `'tanh'`, `'sigmoid'`, `'relu'` or `'linear'`; `a`: an array of any shape
#
# **Out** two arrays of the shape and dtype of `a`: the value, and the derivative with respect to `a`.
# Neither may overflow, even for entries of ±1000; any other name raises `ValueError`.
#
# | name | value | derivative |
# |---|---|---|
# | tanh | $\tanh a$ | $1-\tanh^2a$ |
# | sigmoid | $\sigma(a)=1/(1+e^{-a})$ | $\sigma(a)\,(1-\sigma(a))$ |
# | relu | $\max(a,0)$ | 1 where $a>0$, otherwise 0 |
# | linear | $a$ | 1 |
#
# **By hand** At $a = 0$ tanh has value 0 and derivative 1, the sigmoid $1/2$ and $1/2 \cdot 1/2 = 1/4$.
# ReLU has no derivative at 0; we take 0, as PyTorch does.
#
# <details><summary>Hint 1: the idea</summary>
#
# For tanh and sigmoid, compute the value first.
# What else does the derivative need?
#
# </details>
#
# <details><summary>Hint 2: large numbers</summary>
#
# For which $a$ does $e^{-a}$ overflow?
# The sigmoid is a tanh that has been moved and stretched: $\sigma(a) = \frac12\,(1 + \tanh \frac a2)$.
# Which of the two forms is safe everywhere?
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Four branches, each returning a pair.
# A comparison gives booleans; `.astype(a.dtype)` makes them 0 and 1 of the right type.
# `np.ones_like` makes ones in the shape and dtype of its argument.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `The truth value of an array with more than one element is ambiguous`: an `if` cannot decide for many numbers at once; compare the array and use the result as numbers.
# - `the derivative is bool`: a comparison was returned as it is.
# - `value[1, 0] = nan`: the form of the sigmoid divides one overflow by another; see hint 2.
# - `overflow encountered in exp`: this costs nothing, and hint 2 avoids it.
#
# </details>


# %% exercise="activation" points=2
def activation(name, a):
    """Return an activation function's values and its derivatives.

    name: 'tanh', 'sigmoid', 'relu' or 'linear'
    a: floats, array of any shape
    Returns the value and the derivative, two arrays of the shape and dtype of a; relu has derivative 0 at 0.
    Raises ValueError for any other name.
    """
    ### BEGIN SOLUTION
    a = np.asarray(a)
    if name == "tanh":
        out = np.tanh(a)
        return out, 1 - out * out
    if name == "sigmoid":
        out = 0.5 * (1 + np.tanh(0.5 * a))
        return out, out * (1 - out)
    if name == "relu":
        return np.maximum(a, 0), (a > 0).astype(a.dtype)
    if name == "linear":
        return a, np.ones_like(a)
    raise ValueError(f"no activation is called {name!r}")
    ### END SOLUTION


# %% check="activation"
check(activation)

# %% [markdown] key="chain-task"
# Now many steps, with a single hidden unit and no input: $h_t=f(w\,h_{t-1})$.
# How much does the last state depend on the first?
#
# ## Exercise 2: scalar_chain (2 points)
#
# **Write** the derivative $\partial h_T / \partial h_0$ of this chain.
#
# **Difficulty** ●●○ (medium) · **Time** 10 min
#
# **In** `w`, `h0`: two numbers; `T`: the number of steps, 0 or more; `act`: a name that `activation` knows, `'linear'` if left out
#
# **Out** one number; 1 if T is 0
#
# <details><summary>By hand: two steps, linear and with tanh</summary>
#
# Linear: $h_2 = w \cdot w \cdot h_0$, so the derivative is $w^2$: 9 for $w = 3$, and 0.04 for $w = 0.2$.
#
# With tanh, $w = 2$ and $h_0 = 0.5$:
#
# - step 1: $a_1 = 2 \cdot 0.5 = 1$, $h_1 = \tanh 1 = 0.7616$; factor $2 \cdot (1 - 0.7616^2) = 0.8399$
# - step 2: $a_2 = 2 \cdot 0.7616 = 1.5232$, $h_2 = 0.9093$; factor $2 \cdot (1 - 0.9093^2) = 0.3465$
# - together $0.8399 \cdot 0.3465 = 0.2910$
#
# </details>
#
# <details><summary>Hint 1: the idea</summary>
#
# The chain rule multiplies one factor per step.
# What are the two parts of each factor, and at which point is the derivative of $f$ taken?
#
# </details>
#
# <details><summary>Hint 2: what changes from step to step</summary>
#
# In the example with tanh, the two factors differ although $w$ is the same.
# What has to be known at step 2 that step 1 has made?
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Keep two variables through the loop, one for the state and one for the product; what does each start from?
# One call of `activation` per step gives both things that you need.
# If your `activation` wants arrays, start from `np.asarray(h0)`.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `the derivative = 3`: one factor too few; count the rounds.
# - A float has no attribute `dtype`: your `activation` expects an array; see hint 3.
#
# </details>
#
# **Guess first**, for the cell below the check: the derivative of the sigmoid is at most $1/4$, so for $w = 4$ a factor can reach 1, for $w = 1$ it cannot.
# For which of the two is more left after 50 steps?
#
# <details><summary>Possible answers</summary>
#
# - for $w = 4$, by far
# - for $w = 1$
# - for both about the same
#
# </details>


# %% exercise="scalar_chain" points=2
def scalar_chain(w, h0, T, act="linear"):
    """Return how the last state of a one-unit chain depends on the first: the derivative of h_T by h_0.

    The chain is h_t = f(w * h_{t-1}).
    w: the weight; h0: the first state; T: number of steps, 0 or more
    act: name of the activation f, as in activation
    Returns a number.
    """
    ### BEGIN SOLUTION
    state, product = np.asarray(h0), 1.0
    for _ in range(T):
        state, derivative = activation(act, w * state)
        product *= w * derivative
    return float(product)
    ### END SOLUTION


# %% check="scalar_chain"
check(scalar_chain)

# %% key="powers" tags=["demo"]
stand_in("activation", "scalar_chain")
a = np.linspace(-4, 4, 401)
plots.show(plots.slopes(a, {name: activation(name, a) for name in ("tanh", "sigmoid", "relu")}), "slopes")
print("steps   linear w=3   linear w=0.2   tanh w=1   sigmoid w=1   sigmoid w=4")
chains = [(3.0, "linear"), (0.2, "linear"), (1.0, "tanh"), (1.0, "sigmoid"), (4.0, "sigmoid")]
for T in (2, 10, 50):
    print(f"{T:>5}" + "".join(f"{scalar_chain(w, 0.5, T, act):13.1e}" for w, act in chains))

# %% [raw] alt="slopes"
# Two panels over a from −4 to 4.
# Left, the values: tanh between −1 and 1, sigmoid between 0 and 1, ReLU 0 and then rising.
# Right, the derivatives: tanh a bell of height 1 at a = 0, sigmoid a flat bell of height one quarter, ReLU a step from 0 to 1.

# %% [markdown] key="norms-intro"
# A product of many equal factors has no middle ground: with $w = 3$ the influence of the first state *explodes*, with $w = 0.2$ it *vanishes*.
# The derivative of tanh reaches 1, but only around $a = 0$.
# The sigmoid leaves even less for $w = 4$ than for $w = 1$: the large weight drives the state to where the curve is flat (it *saturates*), and there the derivative is far below $1/4$.
#
# ## From one unit to many
#
# With H units the factor of each step is a matrix, the *Jacobian* $J_t = \partial h_t / \partial h_{t-1}$.
# With the loss $L_s$ at step $s$, for one sequence,
#
# $$\frac{\partial L}{\partial h_t}=\sum_{s\ge t}\frac{\partial L_s}{\partial h_s}\,J_s\,J_{s-1}\cdots J_{t+1}\qquad J_s=\operatorname{diag}(f'(a_s))\,W_{hh}^\top$$
#
# In code the matrices are never multiplied together; the gradient, a table $dh_t$ (N, H), goes back step by step:
#
# $$dh_{t-1}=\bigl(dh_t\odot f'(a_t)\bigr)W_{hh}^\top\qquad a_t=x_tW_{xh}+h_{t-1}W_{hh}+b_h$$
#
# where $\odot$ multiplies entry by entry.
# The length of $dh_t$, its *norm* $\|dh_t\|=\sqrt{\sum_{n,i}(dh_t)_{ni}^2}$, says how strongly the loss depends on step $t$.
#
# ## Exercise 3: gradient_norms (5 points)
#
# **Write** a function that runs an RNN forward, sends a gradient back from its last state, and returns the norm at every step.
#
# **Difficulty** ●●● (hard) · **Time** 15–20 min
#
# **In** `x` (N, T, D), `h0` (N, H), `W_xh` (D, H), `W_hh` (H, H), `b_h` (H,); `act`: name of the activation; `dh_T` (N, H): the gradient with respect to $h_T$; no gradient comes in at any other step
#
# **Out** an array (T + 1,) in the dtype of the inputs: $\|dh_0\|,\dots,\|dh_T\|$, each norm over the whole table, batch and units
#
# <details><summary>By hand: ReLU, N = D = 1, H = 2, T = 2</summary>
#
# $$x = (1, -1.5) \quad h_0 = (0, 0) \quad W_{xh} = (1, 1) \quad W_{hh} = \begin{pmatrix} 0 & 2 \\ 1 & 0 \end{pmatrix} \quad b_h = (0, 0) \quad dh_2 = (3, 4)$$
#
# - forward: $a_1 = (1, 1)$, $h_1 = (1, 1)$; $a_2 = -1.5 \cdot (1, 1) + (1, 2) = (-0.5, 0.5)$
# - derivatives: $f'(a_1) = (1, 1)$ and $f'(a_2) = (0, 1)$, because at step 2 the first unit is off
# - back through step 2: $(3, 4) \odot (0, 1) = (0, 4)$, times $W_{hh}^\top$ gives $dh_1 = (8, 0)$
# - back through step 1: $(8, 0) \odot (1, 1) = (8, 0)$, times $W_{hh}^\top$ gives $dh_0 = (0, 8)$
# - the norms, from $h_0$ to $h_2$: 8, 8, 5
#
# </details>
#
# <details><summary>Hint 1: the idea</summary>
#
# Two loops, one forward and one backward.
# What must the first one write down for the second?
#
# </details>
#
# <details><summary>Hint 2: the order</summary>
#
# Follow the example by hand: in which order do its norms appear, and in which order are they wanted?
# How many states are there for T steps?
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Forward, each call of `activation` gives the next state and something for a list.
# Backward, walk through that list from its end (`reversed`), renew `dh` by the formula above, and note its norm; do not forget the norm of `dh_T` itself.
# `np.linalg.norm` of a table is the root of the sum of its squares.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `norms[0] = 5`: the norms stand in backward order.
# - `the norms have shape (6,)`: T steps have T + 1 states, counting $h_0$.
# - Linear with the identity passes and everything else fails: the derivative is missing, or $W_{hh}$ is not transposed.
#
# </details>


# %% exercise="gradient_norms" points=5
def gradient_norms(x, h0, W_xh, W_hh, b_h, act, dh_T):
    """Return the norms of the gradient with respect to the states h_0 .. h_T, sent back from the last one.

    x: inputs (N, T, D); h0: first states (N, H)
    W_xh: input weights (D, H); W_hh: hidden weights (H, H); b_h: bias (H,)
    act: name of the activation, as in activation
    dh_T: gradient with respect to h_T (N, H)
    Returns norms (T + 1,): entry t is the norm of the gradient with respect to h_t, over the whole table (N, H).
    Source: Pascanu, Mikolov and Bengio (2013).
    """
    ### BEGIN SOLUTION
    state, derivatives = h0, []
    for t in range(x.shape[1]):
        state, derivative = activation(act, x[:, t] @ W_xh + state @ W_hh + b_h)
        derivatives.append(derivative)
    dh, norms = dh_T, [np.linalg.norm(dh_T)]
    for derivative in reversed(derivatives):
        dh = (dh * derivative) @ W_hh.T
        norms.append(np.linalg.norm(dh))
    return np.array(norms[::-1])
    ### END SOLUTION


# %% check="gradient_norms"
check(gradient_norms)

# %% [markdown] key="rate-task"
# Lectures like to show a gradient that is multiplied 50 times by the same matrix.
# If that is a rotation, which keeps every length, times 0.9, then $0.9^{50}=0.005$ of it is left; times 1.1, it becomes 117 times as long.
# In a network the factor changes from step to step, so we take a mean.
#
# ## Exercise 4: decay_rate (1 point)
#
# **Write** the mean factor by which the norm changes per step back; since factors multiply, the geometric mean.
#
# **Difficulty** ●○○ (easy) · **Time** 5 min
#
# **In** `norms` (T + 1,), as `gradient_norms` returns them, all above 0 and T at least 1
#
# **Out** one number: below 1 if the gradient vanishes on its way back, above 1 if it explodes
#
# **By hand** Norms (1, 5, 4): from 4 at $h_2$ to 1 at $h_0$ is a quarter in two steps, so the rate is $\sqrt{1/4} = 0.5$.
#
# <details><summary>Hint 1: the idea</summary>
#
# If every step multiplied by the same factor $r$, what would T steps do?
#
# </details>
#
# <details><summary>Hint 2: the equation</summary>
#
# Write down what the first norm is, if the last one is multiplied by $r$ in each of T steps; then solve for $r$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# One line.
# The T-th root is a power.
# T + 1 norms have T steps between them.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `the rate = 2`: you go forward in time; gradients go back.
# - `the rate = 0.629961`: the root has the number of norms in place of the number of steps.
#
# </details>


# %% exercise="decay_rate" points=1
def decay_rate(norms):
    """Return the mean factor by which a gradient's norm changes in one step back through time.

    norms: (T + 1,) norms at h_0 .. h_T, all above 0, T at least 1
    Returns a number, the geometric mean of the T factors.
    """
    ### BEGIN SOLUTION
    return float((norms[0] / norms[-1]) ** (1 / (len(norms) - 1)))
    ### END SOLUTION


# %% check="decay_rate"
check(decay_rate)

# %% [markdown] key="bound-task"
# Can we know without measuring?
# At least a limit: a matrix multiplies the length of a vector by at most its largest *singular value* $\sigma_{\max}$, and the derivatives are at most $\gamma$, which is 1 for tanh and ReLU and $1/4$ for the sigmoid.
# So each step back multiplies by at most $\gamma\,\sigma_{\max}$.
#
# ## Exercise 5: gradient_bound (1 point)
#
# **Write** the most that can be left of a gradient after $k$ steps back.
#
# **Difficulty** ●○○ (easy) · **Time** 5 min
#
# **In** `W_hh` (H, H); `gamma`: the largest derivative of the activation; `k`: the number of steps, 0 or more
#
# **Out** one number, $(\gamma\,\sigma_{\max})^k$
#
# <details><summary>By hand: two steps with a sigmoid</summary>
#
# $W_{hh} = \begin{pmatrix} 0 & 2 \\ 0.5 & 0 \end{pmatrix}$ sends the row $(1, 0)$ to $(0, 2)$ and $(0, 1)$ to $(0.5, 0)$, so it makes a vector at most twice as long.
# With a sigmoid, two steps leave at most $(1/4 \cdot 2)^2 = 0.25$.
#
# </details>
#
# <details><summary>Hint 1: the idea</summary>
#
# Which number of a matrix says how much longer it can make a vector in a single step?
#
# </details>
#
# <details><summary>Hint 2: its names</summary>
#
# The largest singular value is also called the matrix's 2-norm, or spectral norm.
# What does your first attempt give for the matrix of the example?
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# `np.linalg.norm` takes the kind of norm as its second argument; without one it gives the root of the sum of squares, which is larger.
# `np.linalg.svd` with `compute_uv=False` gives all singular values, the largest first.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `the bound = 0.0625`: these are eigenvalues; they say how a matrix acts over many steps, not how much a single step can do.
# - `the bound = 0.265625`: the norm lacks its second argument.
#
# </details>


# %% exercise="gradient_bound" points=1
def gradient_bound(W_hh, gamma, k):
    """Return the most that k steps back can leave of a gradient's norm, relative to its start.

    W_hh: hidden weights (H, H)
    gamma: largest derivative of the activation
    k: number of steps, 0 or more
    Returns (gamma * largest singular value of W_hh) ** k.
    Source: Pascanu, Mikolov and Bengio (2013).
    """
    ### BEGIN SOLUTION
    sigma_max = np.linalg.norm(W_hh, 2)
    return float((gamma * sigma_max) ** k)
    ### END SOLUTION


# %% check="gradient_bound"
check(gradient_bound)

# %% [markdown] key="init-task"
# If $\gamma\,\sigma_{\max}<1$, the gradient must vanish.
# The reverse does not hold: a bound of 1 or more promises nothing.
#
# The weights with which training starts are for us to choose.
#
# ## Exercise 6: init_hidden (3 points)
#
# **Write** five ways to make the initial $W_{hh}$.
#
# **Difficulty** ●●○ (medium) · **Time** 15 min
#
# **In** `kind`: one of the names below; `H`: number of hidden units; `rng`: a NumPy random generator, from which *all* random numbers must come
#
# **Out** a float64 array (H, H); any other kind raises `ValueError`:
#
# | kind | entries |
# |---|---|
# | `'small'` | random, mean 0, standard deviation 0.01 |
# | `'xavier'` | random, mean 0, variance $1/H$ |
# | `'he'` | random, mean 0, variance $2/H$ |
# | `'orthogonal'` | a random orthogonal matrix, none likelier than any other |
# | `'identity'` | the identity matrix |
#
# Random entries may be normal or uniform.
#
# **By hand** For H = 50: Xavier has variance $1/50 = 0.02$, He $2/50 = 0.04$.
#
# <details><summary>Where the two variances come from</summary>
#
# Xavier (Glorot and Bengio, 2010) is $2 / (\text{fan-in} + \text{fan-out})$ in general, He (He and others, 2015) $2 / \text{fan-in}$.
# Fan-in and fan-out are the numbers of a layer's inputs and outputs; for $W_{hh}$ both are H.
#
# </details>
#
# <details><summary>How to make a random orthogonal matrix</summary>
#
# It comes from the QR decomposition $A = QR$ of a matrix of normal numbers, with one catch: a column of $Q$ and the row of $R$ that belongs to it may both change sign, and the signs that NumPy chooses are not random.
# The remedy: multiply each column of $Q$ by the sign of its diagonal entry in $R$.
#
# For what this unit measures the signs do not matter: $Q$ without them keeps every length just as well.
# But "none likelier than any other" is wrong without them, and the check looks at that.
#
# </details>
#
# <details><summary>Hint 1: the idea</summary>
#
# Four of the five are one line each.
# Which arguments of `rng.normal` are a mean and a *standard deviation*, and which of the numbers above are variances?
#
# </details>
#
# <details><summary>Hint 2: widths</summary>
#
# How do you get a standard deviation from a variance?
# If you prefer uniform numbers between $-u$ and $u$: their variance is $u^2/3$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# `np.linalg.qr` returns both parts, `np.diag` a diagonal, `np.sign` signs.
# A row (H,) times a table (H, H): which of its columns does each entry meet?
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `entries with variance 2.5`: a variance was given where a standard deviation is asked.
# - `diagonal entries that sum to -7`: the signs of Q were left as they came.
# - `generators with different seeds give the same numbers`: the numbers do not come from `rng`.
#
# </details>


# %% exercise="init_hidden" points=3
def init_hidden(kind, H, rng):
    """Return hidden weights for the start of training.

    kind: 'small', 'xavier', 'he', 'orthogonal' or 'identity'
    H: number of hidden units
    rng: a numpy.random.Generator, the only source of random numbers
    Returns W_hh (H, H), float64.
    Raises ValueError for any other kind.
    Source: Glorot and Bengio (2010), He et al. (2015), Saxe et al. (2014), Mezzadri (2007), Le et al. (2015).
    """
    ### BEGIN SOLUTION
    deviations = {"small": 0.01, "xavier": np.sqrt(1 / H), "he": np.sqrt(2 / H)}
    if kind in deviations:
        return rng.normal(0.0, deviations[kind], size=(H, H))
    if kind == "orthogonal":
        q, r = np.linalg.qr(rng.normal(size=(H, H)))
        return q * np.sign(np.diag(r))
    if kind == "identity":
        return np.eye(H)
    raise ValueError(f"no initialisation is called {kind!r}")
    ### END SOLUTION


# %% check="init_hidden"
check(init_hidden)

# %% [markdown] key="measure"
# ## The measurement
#
# Networks with 64 hidden units read 50 random inputs, with standard deviation 0.3 or 1; a random gradient goes in at the end, and your functions measure what arrives at the beginning.
# `starts` holds five matrices of each of your kinds and of two others: PyTorch's own, uniform between $-1/\sqrt H$ and $1/\sqrt H$, and 1.5 times an orthogonal one.
#
# A rule of thumb: random entries of variance $v/H$ multiply the length of a vector by about $\sqrt v$.
# PyTorch's have variance $\frac{1}{3H}$, so without an activation they keep $\sqrt{1/3} = 0.58$ per step, Xavier's 1 and He's 1.41.
#
# **Guess first:** which rows of the table have a number above 1, and which column has none?
#
# <details><summary>Possible answers</summary>
#
# - rows: He's, or 1.5 × orthogonal, or both, or also the identity
# - columns: tanh, sigmoid, ReLU
#
# </details>
#
# **Guess first:** the figure draws four of these networks, and as thin lines their bounds.
# Which comes close to its bound?
#
# <details><summary>Possible answers</summary>
#
# all four · tanh with PyTorch's start · tanh with an orthogonal start · tanh with 1.5 × orthogonal · sigmoid with an orthogonal start
#
# </details>

# %% key="rates" tags=["demo"]
stand_in("gradient_norms", "decay_rate", "init_hidden")
starts, acts = long_sequences.starts(init_hidden), ("tanh", "sigmoid", "relu")
print("factor per step back")
print(f"{'start':<22}inputs" + "".join(f"{act:>9}" for act in acts))
for kind, matrices in starts.items():  # five matrices (H, H)
    for scale in (0.3, 1.0):
        networks = [long_sequences.random_network(W_hh, scale, seed) for seed, W_hh in enumerate(matrices)]
        rates = [np.mean([decay_rate(gradient_norms(**net, act=act)) for net in networks]) for act in acts]
        print(f"{kind:<22}{scale:>6}" + "".join(f"{rate:9.3f}" for rate in rates))

# %% key="rates-figure" tags=["demo"]
stand_in("gradient_norms", "gradient_bound", "init_hidden")
shown = [("PyTorch's", "tanh"), ("orthogonal", "tanh"), ("1.5 × orthogonal", "tanh"), ("orthogonal", "sigmoid")]
curves, bounds = {}, {}
for kind, act in shown:
    W_hh, gamma = starts[kind][0], 1 / 4 if act == "sigmoid" else 1
    norms = gradient_norms(**long_sequences.random_network(W_hh, 0.3, seed=0), act=act)  # (T + 1,)
    curves[f"{act}, {kind}"] = norms[::-1] / norms[-1]
    bounds[f"{act}, {kind}"] = [gradient_bound(W_hh, gamma, k) for k in range(51)]
figure = plots.decays(curves, "steps back", "share of the gradient", floor=1e-18, bounds=bounds)
plots.show(figure, "rates-figure", ends=", ".join(f"{name} at {curve[-1]:.0e}" for name, curve in curves.items()))

# %% [raw] alt="rates-figure"
# Four curves over 0 to 50 steps back on a logarithmic axis, all starting at 1, each with a thinner line of the same colour, its bound.
# After 50 steps they are: {ends}.
# The sigmoid falls fastest, in a nearly straight line just under its bound.
# Tanh with an orthogonal start falls slowly, under a bound that stays at 1.
# Tanh with PyTorch's start falls steeply, while its bound rises a little.
# Tanh with 1.5 times orthogonal rises a little, while its bound rises by almost nine powers of ten.

# %% [markdown] key="what-rates-say"
# - **Activation.** Under the sigmoid none of these starts helps: at most about a third of the gradient survives each step.
# - **Weights.** With PyTorch's own start tanh keeps about half per step or less, with small weights less than a tenth. When the inputs are small, orthogonal and Xavier's weights keep more than 0.8, and larger ones keep or enlarge the gradient.
# - **Inputs.** Larger inputs push tanh away from 0, so the same matrix keeps less. Without biases ReLU does not notice.
# - **Bound.** Only the sigmoid's, below 1, forces the gradient to vanish; a bound of 1 forbids growth, and one that rises leaves everything open.
#
# **Can you see what is wrong?** Four sentences from lecture notes:
#
# <details><summary>"A network with the sigmoid cannot carry a gradient; that is why hidden states use tanh."</summary>
#
# The matter is not what it can represent but where it starts.
# Since $\tanh a = 2\,\sigma(2a) - 1$, every tanh network *is* a sigmoid network with other weights: $4 W_{hh}$, $2 W_{xh}$, the bias $2 b_h - 2 \sum_i (W_{hh})_{i\cdot}$ (twice the sums of the columns are subtracted) and $h_0 = \frac12$; its states are $(h + 1)/2$.
# Its decay is the same, up to rounding; `test_a_sigmoid_network_with_other_weights_is_the_tanh_network` in `tests/solutions/test_claims_u03.py` measures it.
# The usual starts are far from such weights.
#
# </details>
#
# <details><summary>"The gradients of a vanilla RNN do not get past two time steps."</summary>
#
# Too strong: it depends.
# With orthogonal weights and small inputs, tanh keeps about 0.84 per step, and $0.84^{10}$ is still a sixth.
#
# </details>
#
# <details><summary>"ReLU diverges, so it is not used in RNNs."</summary>
#
# That depends on $W_{hh}$ too.
# In the table ReLU vanishes with orthogonal weights, at about $\sqrt{1/2}$ per step, since half of the units are off; with the identity it keeps 0.975 per step, about a quarter over 50; with 1.5 × orthogonal it grows.
#
# </details>
#
# <details><summary>"ReLU does not normalise its values, and what is not normalised cannot be used."</summary>
#
# The values are indeed not bounded, which calls for care.
# But networks with ReLU and $W_{hh}$ started as the identity, called IRNN, have been trained over hundreds of steps (Le, Jaitly and Hinton, 2015).
#
# </details>
#
# ## A remedy?
#
# For the network that could not recall over 40 symbols two remedies are often named: another start, and *clipping*, which shortens gradients that are longer than a limit.
#
# **Guess first:** which of these five attempts will leave guessing far behind with each of three seeds?
#
# <details><summary>Possible answers</summary>
#
# as before · clipped · clipped, Xavier's start · orthogonal start · clipped, orthogonal start
#
# </details>

# %% key="recall-remedies" tags=["demo"]
stand_in("init_hidden")
right = {f"seed {seed}": {"guessing": np.full(40, 1 / 8)} for seed in range(3)}
attempts = [("PyTorch's", None), ("PyTorch's", 1.0), ("xavier", 1.0), ("orthogonal", None), ("orthogonal", 1.0)]
for kind, max_norm in attempts:  # about 25 seconds
    name = f"{kind}, clipped" if max_norm else kind
    for seed, lines in enumerate(right.values()):
        W_hh = None if kind == "PyTorch's" else init_hidden(kind, 48, np.random.default_rng(seed))
        lines[name] = long_sequences.recall_accuracy(40, W_hh, max_norm, seed)  # (40,)
    print(f"{name:<20}", *(f"{lines[name][-5:].mean():7.0%}" for lines in right.values()), "  right at the end")
plots.show(plots.panels(right, "training step", "share of right answers", 0, "linear", every=10), "recall-remedies")

# %% [raw] alt="recall-remedies"
# Three panels, one per seed: the share of right answers over 400 steps of training, T = 40.
# A line for each attempt, and one for guessing at one in eight.
# The shares at the end are printed above the figure, a column per seed.

# %% [markdown] key="exploding"
# The start makes the difference; clipping alone changes little, for these gradients are too short, not too long.
# Xavier's weights are as large as the orthogonal ones, but with some seeds they hardly beat guessing; only the orthogonal starts leave it behind with every seed.
# Training can lose again what it had learned: a gradient that survives 40 steps may also become too long.
#
# <details><summary>And with other matrices?</summary>
#
# How far each attempt gets depends on the matrix, so yours may print other numbers.
# Of eight orthogonal matrices, with clipping, all ended above one half and the best near 1; of eight of Xavier's the best did as well, and the worst stayed below 0.4.
# `test_orthogonal_starts_leave_guessing_behind_and_xaviers_not_always` in `tests/solutions/test_claims_u03.py` measures it.
#
# </details>
#
# ## The cliff
#
# What an exploding gradient does can be seen in the smallest recurrent network, one unit without input (after Pascanu, Mikolov and Bengio, 2013):
#
# $$x_t=w\,\sigma(x_{t-1})+b\qquad x_0=0.5\qquad\text{error}=(x_{50}-0.7)^2$$
#
# With two parameters, its error is a landscape.
#
# **Guess first:** on a grid of 121 × 121 places, how many times as long as the median is the longest gradient?
#
# <details><summary>Possible answers</summary>
#
# 3 times · 30 times · 300 times
#
# </details>

# %% key="landscape" tags=["demo"]
from rnnlab import cliff

w, b, error, slopes = cliff.landscape()  # (121,), (121,), and two arrays (121, 121)
print(f"length of the gradient: median {np.median(slopes):.1f}, largest {slopes.max():.0f}")
plots.show(plots.surface(w, b, error, cuts=[6.0, 4.5]), "landscape")

# %% [raw] alt="landscape"
# Left, a landscape of the error over w from 4 to 7 and b from −4 to −1.5: two smooth slopes, and between them a vertical wall that grows with w.
# Right, two cuts along b: the error falls gently, drops from one point of the grid to the next, at w = 4.5 by more than four and at w = 6 by more than eleven, and rises gently again.

# %% [markdown] key="value-task"
# Two gentle slopes, and between them a wall: on one side the state settles at a low value, on the other at a high one, and in between 50 steps magnify the smallest difference.
# A step of gradient descent that meets the wall is thrown far away, and all that was learned may be lost.
# The remedy is simple: limit the step.
#
# ## Exercise 7: clip_by_value (2 points)
#
# **Write** clipping entry by entry.
#
# **Difficulty** ●○○ (easy) · **Time** 5 min
#
# **In** `grads`: a dict of arrays with any names, such as `"W_xh"`; `c`: the limit, above 0
#
# **Out** a new dict with the same names, shapes and dtypes; entries below $-c$ have become $-c$, those above $c$ have become $c$, the others stay
#
# **By hand** With $c = 5$, the gradients $(30, -40)$ and $(2)$ become $(5, -5)$ and $(2)$.
#
# <details><summary>Hint 1: the idea</summary>
#
# The same for every array of the dict, whatever its name.
#
# </details>
#
# <details><summary>Hint 2: one entry</summary>
#
# Write one entry's new value with a maximum and a minimum: which is applied to which limit?
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# A dict comprehension over `grads.items()`.
# NumPy has a function for the two limits at once; it *returns* the limited array and leaves its first argument alone.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - Nothing is clipped: the result of the clipping was not kept.
# - `b_h is None`: an array is missing, perhaps because names are written into the function; take them from the dict.
#
# </details>


# %% exercise="clip_by_value" points=2
def clip_by_value(grads, c):
    """Return gradients whose entries are limited to the range from -c to c.

    grads: dict of arrays, any names and shapes; c: the limit, above 0
    Returns a new dict with the same names, shapes and dtypes.
    """
    ### BEGIN SOLUTION
    return {name: np.clip(g, -c, c) for name, g in grads.items()}
    ### END SOLUTION


# %% check="clip_by_value"
check(clip_by_value)

# %% [markdown] key="norm-task"
# In the example $(30, -40)$ became $(5, -5)$: clipping by value changes the direction.
#
# ## Exercise 8: clip_by_global_norm (2 points)
#
# **Write** clipping that keeps the direction: if all gradients together, as one long vector, are longer than `max_norm`, shorten them all by the same factor.
#
# **Difficulty** ●●○ (medium) · **Time** 10 min
#
# **In** `grads`: as before; `max_norm`: the limit, above 0
#
# **Out** a new dict with the same names, shapes and dtypes; and the norm *before* clipping, a number worth logging during training.
# Gradients that are all 0 stay 0.
#
# <details><summary>By hand: three arrays of one entry, max_norm 5</summary>
#
# $(30)$, $(-40)$ and $(0)$ together have the norm $\sqrt{900 + 1600 + 0} = 50$.
# The factor is $5/50 = 0.1$, and the result is $(3)$, $(-4)$, $(0)$, with the norm 50.
#
# </details>
#
# <details><summary>Hint 1: the idea</summary>
#
# One norm for all arrays, one factor for all arrays.
# What should the factor be when the norm is below the limit?
#
# </details>
#
# <details><summary>Hint 2: one vector</summary>
#
# The squared length of a vector is the sum of its squares.
# So what does each array contribute, and when is the root taken?
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# A generator over `grads.values()` inside `sum` is enough for the norm.
# Compare the norm with the limit *before* dividing: then gradients of 0 never divide by 0.
# Return the dict and the norm.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `the direction stays` fails: each array has its own factor, or single entries were clipped.
# - `W_xh is float64`: a `np.float64` factor widens the array; `float(...)` of it does not.
# - `W_xh[0, 0] = nan`: 0 divided by 0.
#
# </details>


# %% exercise="clip_by_global_norm" points=2
def clip_by_global_norm(grads, max_norm):
    """Return gradients whose common norm is limited to max_norm, and the norm that they had before.

    grads: dict of arrays, any names and shapes; max_norm: the limit, above 0
    Returns a new dict with the same names, shapes and dtypes, all arrays multiplied by the same factor of at most 1;
    and the norm before clipping, a number.
    Source: Pascanu, Mikolov and Bengio (2013).
    """
    ### BEGIN SOLUTION
    norm = float(np.sqrt(sum(np.sum(g * g) for g in grads.values())))
    factor = max_norm / norm if norm > max_norm else 1.0
    return {name: factor * g for name, g in grads.items()}, norm
    ### END SOLUTION


# %% check="clip_by_global_norm"
check(clip_by_global_norm)

# %% [markdown] key="walks-intro"
# Two walks go down the landscape from the same place (black square), by 60 steps of gradient descent with learning rate 0.01, without clipping and with norm limit 5.
#
# **Guess first:** how long can a step of the clipped walk be at most?
#
# <details><summary>Possible answers</summary>
#
# 0.01 · 0.05 · 5 · any length
#
# </details>
#
# Then a ReLU network reads 50 steps of noise and should repeat the last input; its hidden weights start as 1.7 × orthogonal, so its gradients explode.
# `exploding_losses` trains it by 300 steps of the same descent.
#
# **Guess first:** which clipping, both with limit 1, will bring the loss down further?
#
# <details><summary>Possible answers</summary>
#
# - by norm, because it keeps the direction
# - by value
# - both alike, because the limit is the same
#
# </details>

# %% key="walks" tags=["demo"]
stand_in("clip_by_global_norm")
walks = {}
clips = {"no clipping": lambda grads: grads, "norm clipped to 5": lambda grads: clip_by_global_norm(grads, 5.0)[0]}
for title, clip in clips.items():
    walks[title], lengths = cliff.walk(clip)  # (61, 2), (60,)
    steps = np.linalg.norm(np.diff(walks[title], axis=0), axis=1)  # (60,)
    end = cliff.error(*walks[title][-1])[0]
    print(f"{title}: longest gradient {lengths.max():.0f}, longest step {steps.max():.2f}, error at the end {end:.2f}")
plots.show(plots.paths(w, b, error, walks), "walks")

# %% [raw] alt="walks"
# Two maps of the error with a walk each, both from the same place.
# Without clipping the walk comes down to the wall and is thrown out of the map.
# With clipping it comes to the wall too and goes on along its foot in small steps.

# %% key="with-and-without" tags=["demo"]
stand_in("init_hidden", "clip_by_global_norm", "clip_by_value")
clips = {"no clipping": lambda grads: grads, "by value, 1": lambda grads: clip_by_value(grads, 1.0)}
clips["by norm, 1"] = lambda grads: clip_by_global_norm(grads, 1.0)[0]
clips["by norm, 5"] = lambda grads: clip_by_global_norm(grads, 5.0)[0]
start = 1.7 * init_hidden("orthogonal", 64, np.random.default_rng(0))
losses = {name: long_sequences.exploding_losses(start, clip) for name, clip in clips.items()}  # about 4 seconds
for name, loss in losses.items():  # (300,)
    print(f"{name:<12} {np.isfinite(loss).sum():3} losses are finite, mean of the last 20: {loss[-20:].mean():.2g}")
plots.show(plots.panels({"loss of a ReLU network that explodes": losses}, "training step", "loss"), "with-and-without")

# %% [raw] alt="with-and-without"
# Four curves of the loss on a logarithmic axis.
# Without clipping the curve ends in a cross at the left, where the loss overflows.
# Clipped by norm to 5 and by value to 1 it falls furthest; the means of the last 20 losses are printed above the figure.

# %% [markdown] key="library"
# No step of the clipped walk is longer than $0.01 \cdot 5 = 0.05$; without clipping one step leads out of the map.
# In the network, training without clipping is over after a step or two.
#
# Value clipping comes out ahead because "1" means another thing: with each of 4,545 weights clipped to ±1, a gradient may still be $\sqrt{4545}\approx 67$ long.
# With a limit of 5, norm clipping comes close too.
#
# <details><summary>Clipping in libraries, and a warning about older code</summary>
#
# PyTorch's `clip_grad_norm_` changes the gradients in place, which the underscore announces, and returns the norm before clipping, as yours does.
# The order matters: `loss.backward()`, then clip, then `optimizer.step()`.
# Karpathy's well-known min-char-rnn clips by value, to ±5.
#
# Many notes show Keras: `optimizers.Adam(lr=0.0001, clipnorm=1.)`.
# The argument `lr` has since been removed (it is `learning_rate` now), and `clipnorm` limits the norm of each array by itself, which changes the direction of the whole; the norm over all arrays is `global_clipnorm`.
#
# </details>
#
# ## RNN and LSTM on one axis
#
# "Gradients vanish in the RNN and not in the LSTM", many texts say.
# An LSTM, the network of unit 04, carries a second state, $c_t=f_t\odot c_{t-1}+\dots$, where the *forget gate* $f_t=\sigma(\dots+b_f)$ lies between 0 and 1.
# One step back along this direct path multiplies by $f_t$, and by no matrix.
# The *forget bias* $b_f$ decides where the gate stands at the start: $\sigma(0)=0.5$, $\sigma(2)=0.88$.
#
# **Guess first:** how do four fresh networks rank by what is left after 49 steps?
#
# <details><summary>The four networks</summary>
#
# RNN with PyTorch's start · RNN with an orthogonal start · LSTM with forget bias 0 · LSTM with forget bias 2
#
# (The two RNNs have input weights of different sizes: PyTorch's, and those of the measurement above.)
#
# </details>

# %% key="rnn-beside-lstm" tags=["demo"]
stand_in("gradient_norms", "init_hidden")
from rnnlab import reach

norms = gradient_norms(**long_sequences.random_network(starts["orthogonal"][0], 1.0, seed=0), act="tanh")  # (51,)
curves = {"vanilla RNN": reach.shares("RNN"), "RNN, orthogonal": norms[:0:-1] / norms[-1]}  # (50,) each, by steps back
curves |= {f"LSTM, $b_f$ = {bias}": reach.shares("LSTM", bias) for bias in (0, 2)}
for name, share in curves.items():
    print(f"{name.replace('$', ''):<16} left after 49 steps: {share[49]:.0e}")
ends = ", ".join(f"{name.replace('$', '')} at {share[49]:.0e}" for name, share in curves.items())
plots.show(plots.decays(curves, "steps back", "share of the gradient"), "rnn-beside-lstm", ends=ends)

# %% [raw] alt="rnn-beside-lstm"
# Four curves over 0 to 49 steps back on a logarithmic axis, all starting at 1.
# After 49 steps they are: {ends}.
# The RNN with an orthogonal start and the LSTM with forget bias 0 fall almost as steeply as the vanilla RNN; the LSTM with forget bias 2 stays near the top.

# %% [markdown] key="lstm-read"
# The LSTM with forget bias 0 loses its gradient too, about as fast as a plain RNN with an orthogonal start; with a bias of 2 more than half is left.
# (The direct path alone would leave $0.88^{49} = 0.002$; the paths through $h_{t-1}$ add the rest, see unit 04.)
# So "the LSTM does not vanish" is a statement about a bias, at the start of training.
#
# ## Exercise 9: vanishing_quiz (2 points)
#
# **Write** a function that answers the four questions below.
#
# **Difficulty** ●●○ (medium) · **Time** 5–10 min
#
# **In** `question`: `'clipping'`, `'relu'`, `'sigmoid'` or `'xavier'`
#
# **Out** the letter of the answer: `'a'`, `'b'`, `'c'` or `'d'`
#
# **Points** in proportion to the right answers, rounded down: two of four are worth one point.
# The check only says whether your answers have the form `"a"`; whether they are right, the grading says.
#
# **clipping.** A network learns nothing about its first step, where its gradient has norm $10^{-12}$. You clip the gradient to norm 1. What changes?
#
# <details><summary>Answers a to d</summary>
#
# - a. The gradient at the first step is lifted to norm 1.
# - b. The network learns, but more slowly.
# - c. Nothing that helps: clipping only shortens gradients that are too long.
# - d. The gradient at the first step becomes 0.
#
# </details>
#
# **relu.** "ReLU does not normalise its values, so RNNs cannot use it." What do the measurements say?
#
# <details><summary>Answers a to d</summary>
#
# - a. It depends on $W_{hh}$: started as the identity, a ReLU network keeps about a quarter of its gradient over 50 steps, where PyTorch's start keeps $10^{-19}$.
# - b. True: with ReLU the gradient always explodes.
# - c. False: its derivative is at most 1, so its gradient can never explode.
# - d. True: with ReLU the gradient always vanishes.
#
# </details>
#
# **sigmoid.** With the same weights, why does the gradient vanish faster under the sigmoid than under tanh?
#
# <details><summary>Answers a to d</summary>
#
# - a. Because the sigmoid's values are never negative.
# - b. Because the exponential function loses digits.
# - c. Because the sigmoid saturates and tanh does not.
# - d. Because its derivative is at most $1/4$, and every step back multiplies by it.
#
# </details>
#
# **xavier.** Some notes initialise a model's last layer, then fit it to the number of classes. With which weights does training start?
#
# ```python
# torch.nn.init.xavier_uniform_(model.classifier.weight)
# model.classifier = torch.nn.Linear(in_features, num_classes)
# ```
#
# <details><summary>Answers a to d</summary>
#
# - a. With Xavier's, cut to the new shape.
# - b. With those that PyTorch gives to every new layer; Xavier's went away with the old one.
# - c. With zeros, as the new layer was never initialised.
# - d. With Xavier's, and PyTorch's own bias.
#
# </details>
#
# <details><summary>Hint 1: where to look</summary>
#
# Every answer was measured or can be: look at the recall curves, the table of factors, the figure of the derivatives.
#
# </details>
#
# <details><summary>Hint 2: the last question</summary>
#
# What does the name `model.classifier` stand for after each of the two lines?
# If you are not sure, try it out with two small `torch.nn.Linear` layers.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# A dictionary from the four names to letters, and one line that looks the question up.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `seen: None`: the function lacks a `return`.
# - `seen: 'A'`: the letters are small.
#
# </details>


# %% exercise="vanishing_quiz" points=2
def vanishing_quiz(question):
    """Return the letter of the right answer.

    question: 'clipping', 'relu', 'sigmoid' or 'xavier'
    Returns 'a', 'b', 'c' or 'd'.
    """
    ### BEGIN SOLUTION
    letters = {"clipping": "c", "relu": "a", "sigmoid": "d", "xavier": "b"}
    return letters[question]
    ### END SOLUTION


# %% check="vanishing_quiz"
check(vanishing_quiz)

# %% [markdown] key="closing"
# ## What you have seen
#
# - Every step back multiplies a gradient by the activation's derivative and by $W_{hh}$; a factor a little below or above 1 makes it vanish or explode.
# - How fast depends on activation, weights and inputs, and can be measured; with an orthogonal start a plain RNN learned over 40 steps.
# - Clipping helps against gradients that explode, not against those that vanish; for these there are better starts, and gates with the right bias (units 04 and 05).
#
# ## Questions to think about
#
# <details><summary>A vanishing gradient at step 1 does not mean that the gradient of W_hh vanishes. Why not?</summary>
#
# The gradient of $W_{hh}$ is a sum over all steps, and the last steps contribute as much as ever.
# So the network does learn, but only from the recent past: nothing in the sum tells it about step 1.
#
# </details>
#
# <details><summary>Why can a network with an orthogonal start still lose its gradient later in training?</summary>
#
# Training changes $W_{hh}$, and nothing keeps it orthogonal.
# The states change too: when tanh units move away from 0, their derivatives shrink.
#
# </details>
#
# <details><summary>A forget bias of 2 kept far more than 0. Why not 10?</summary>
#
# Then the gate is nearly 1 whatever comes in, and its own derivative is nearly 0: the cell remembers everything and hardly learns to forget.
#
# </details>
#
# ## What to read next
#
# <details><summary>Seven works, with a sentence on each</summary>
#
# - S. Hochreiter, [Untersuchungen zu dynamischen neuronalen Netzen](https://people.idsia.ch/~juergen/SeppHochreiter1991ThesisAdvisorSchmidhuber.pdf), diploma thesis, 1991 (in German): where the problem was found.
# - Y. Bengio, P. Simard, P. Frasconi, [Learning Long-Term Dependencies with Gradient Descent Is Difficult](https://doi.org/10.1109/72.279181), 1994: why a network that can hold a memory has gradients that vanish.
# - R. Pascanu, T. Mikolov, Y. Bengio, [On the Difficulty of Training Recurrent Neural Networks](https://arxiv.org/abs/1211.5063), 2013: the bound, the cliff, and clipping by norm.
# - X. Glorot, Y. Bengio, [Understanding the Difficulty of Training Deep Feedforward Neural Networks](https://proceedings.mlr.press/v9/glorot10a.html), 2010, and K. He and others, [Delving Deep into Rectifiers](https://arxiv.org/abs/1502.01852), 2015: where the two variances come from.
# - A. Saxe, J. McClelland, S. Ganguli, [Exact Solutions to the Nonlinear Dynamics of Learning in Deep Linear Neural Networks](https://arxiv.org/abs/1312.6120), 2014: why orthogonal weights let deep networks learn.
# - F. Mezzadri, [How to Generate Random Matrices from the Classical Compact Groups](https://arxiv.org/abs/math-ph/0609050), 2007: the sign in the QR decomposition.
# - Q. Le, N. Jaitly, G. Hinton, [A Simple Way to Initialize Recurrent Networks of Rectified Linear Units](https://arxiv.org/abs/1504.00941), 2015: ReLU and the identity over hundreds of steps.
#
# </details>
#
# Unit 04 opens the LSTM.
