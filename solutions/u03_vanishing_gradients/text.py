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
# A recurrent network can read a sequence of any length.
# Whether it can *learn* from the beginning of a long one is another question.
# In this unit you measure what becomes of a gradient on its way back through time, and try out the remedies, the good ones and those that only sound good.
#
# At the end you can
#
# - measure how much a gradient shrinks or grows per step, and say which of activation, weights and inputs is to blame;
# - initialise the hidden weights so that a plain RNN learns over 40 steps what it could not learn before;
# - clip gradients by value and by norm, and say which problem clipping solves and which one it leaves alone.
#
# **You build** measurements of the decay, clipping, initialisation.
# **Time** {minutes} minutes.
# **Points** {points}.
# **You need** unit 01, and from unit 02 the idea that a gradient travels back through the steps.
#
# The whole notebook runs in less than a minute.

# %% key="imports"
import numpy as np

from rnnlab import check, plots

# %% [markdown] key="moscow"
# ## A word at the beginning
#
# "In Moscow we walked along the river, ate far too much, and got lost in the metro; when my sister called and asked where we were, I answered: we are in ..."
# The word that is missing was said some thirty words ago.
# To predict it, a network must carry one word through all the others: a *long-term dependency*.
#
# Here is that problem with everything else taken away, the *delayed recall* task.
# The network reads T random symbols out of eight and, after the last one, has to name the first.
# A guess is right one time in eight.
# `recall_accuracy` trains PyTorch's `nn.RNN` with 48 hidden units on it for 400 steps, each with 64 fresh sequences (the code is in `rnnlab/long_sequences.py`).
#
# **Predict, then run.** The network learns to recall over 5 steps. What will the same network, trained in the same way, do with 40?
#
# <details><summary>Three guesses to choose from</summary>
#
# It learns as well; it learns more slowly, but learns; it does no better than guessing.
#
# </details>

# %% key="recall-short-long" tags=["demo"]
right = {}
from rnnlab import long_sequences, reach

for T in (5, 40):  # about 3 seconds
    right[f"T = {T}"] = long_sequences.recall_accuracy(T)  # (40,): mean of 10 steps of training each
    print(f"T = {T}: {right[f'T = {T}'][-5:].mean():.0%} right at the end")
plots.show(
    plots.panels(
        {"recall of the first symbol": right}, "tens of training steps", "share of right answers", scale="linear"
    ),
    alt="Two curves over 400 steps of training. For T = 5 the share of right answers climbs to 1; "
    "for T = 40 it stays at one in eight.",
)

# %% [markdown] key="activation-task"
# Over 5 steps the network soon answers nearly everything rightly.
# Over 40 steps, same network and same training, it stays at guessing.
# It has room enough for one symbol in 48 hidden units, so the trouble lies elsewhere: in the gradient, which is what it learns from.
#
# In unit 02 the gradient went back through one step in two movements: times the derivative of the activation, unit by unit, then times the hidden weights.
# We take them one after the other.
#
# ## Exercise 1: activation (2 points)
#
# **Write** four activations, each with its derivative.
#
# **Difficulty** ●○○ · **Time** 5–10 min
#
# **In** `name`: `'tanh'`, `'sigmoid'`, `'relu'` or `'linear'`; `a`: an array of any shape
#
# **Out** two arrays of the shape and dtype of `a`: the value, and the derivative with respect to `a`; any other name raises `ValueError`.
#
# | name | value | derivative |
# |---|---|---|
# | tanh | $\tanh a$ | $1 - \tanh^2 a$ |
# | sigmoid | $\sigma(a) = 1 / (1 + e^{-a})$ | $\sigma(a)\,(1 - \sigma(a))$ |
# | relu | $\max(a, 0)$ | 1 where $a > 0$, otherwise 0 |
# | linear | $a$ | 1 |
#
# **By hand** At $a = 0$: tanh has value 0 and derivative 1; the sigmoid has value $1/2$ and derivative $1/2 \cdot 1/2 = 1/4$.
# ReLU has no derivative at 0; we take 0, as PyTorch does.
#
# <details><summary>Hint 1: the idea</summary>
#
# For tanh and sigmoid, compute the value first.
# What does the derivative then need besides the value?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# With $v$ the value: tanh has $1 - v^2$, the sigmoid $v\,(1 - v)$.
# The sigmoid can also be had as $\frac12\,(1 + \tanh \frac a2)$, which never overflows.
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
# - `There are nan or inf among the numbers`: $e^{1000}$ overflows; look at hint 2.
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

# %% [markdown] key="slopes-intro"
# Here are three of them, drawn by your function.

# %% key="slopes" tags=["demo"]
a = np.linspace(-4, 4, 401)
plots.show(
    plots.slopes(a, {name: activation(name, a) for name in ("tanh", "sigmoid", "relu")}),
    alt="Two panels. Left, the values: tanh between -1 and 1, sigmoid between 0 and 1, ReLU zero and then rising. "
    "Right, the derivatives: tanh a bell of height 1, sigmoid a flat bell of height one quarter, ReLU a step from 0 to 1.",
)
for name in ("tanh", "sigmoid", "relu"):
    print(f"{name:<8} largest derivative {activation(name, a)[1].max():.2f}")

# %% [markdown] key="chain-task"
# The right panel is the one that matters here.
# The derivative of the sigmoid is never more than $1/4$; that of tanh reaches 1, but only around $a = 0$; that of ReLU is either 1 or 0.
#
# Now many steps, with a single hidden unit and no input: $h_t = f(w\, h_{t-1})$.
# How does the last state depend on the first?
#
# ## Exercise 2: scalar_chain (2 points)
#
# **Write** the derivative $\partial h_T / \partial h_0$ of this chain.
#
# **Difficulty** ●●○ · **Time** 10 min
#
# **In** `w`, `h0`: two numbers; `T`: the number of steps, 0 or more; `act`: a name that `activation` knows
#
# **Out** one number
#
# **By hand** Linear, two steps: $h_2 = w \cdot w \cdot h_0$, so the derivative is $w^2$: 9 for $w = 3$, and 0.04 for $w = 0.2$.
# With tanh, $w = 2$ and $h_0 = 0.5$:
#
# - step 1: $a_1 = 2 \cdot 0.5 = 1$, $h_1 = \tanh 1 = 0.7616$; factor $2 \cdot (1 - 0.7616^2) = 0.8399$
# - step 2: $a_2 = 2 \cdot 0.7616 = 1.5232$, $h_2 = 0.9093$; factor $2 \cdot (1 - 0.9093^2) = 0.3465$
# - together $0.8399 \cdot 0.3465 = 0.2910$
#
# <details><summary>Hint 1: the idea</summary>
#
# The chain rule multiplies one factor per step.
# What are the two parts of each factor, and at which point is the derivative of $f$ taken?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $\dfrac{\partial h_T}{\partial h_0} = \prod_{t=1}^{T} w\, f'(a_t)$ with $a_t = w\, h_{t-1}$; an empty product is 1.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Keep two variables: the state, which starts at `h0`, and the product, which starts at 1.
# In each of T rounds, ask `activation` for value and derivative at $w$ times the state; the product gains the factor, the state becomes the value.
# If your `activation` wants arrays, start from `np.asarray(h0)`.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `the derivative = 3.0, expected 9.0`: one factor too few; count the rounds.
# - `'float' object has no attribute 'dtype'`: your `activation` expects an array; see hint 3.
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

# %% [markdown] key="powers-intro"
# Let the chains grow longer:

# %% key="powers" tags=["demo"]
print("steps   linear w=3   linear w=0.2   tanh w=1   sigmoid w=1   sigmoid w=4")
for T in (2, 10, 50):
    chains = [(3.0, "linear"), (0.2, "linear"), (1.0, "tanh"), (1.0, "sigmoid"), (4.0, "sigmoid")]
    print(f"{T:>5}" + "".join(f"{scalar_chain(w, 0.5, T, act):13.1e}" for w, act in chains))

# %% [markdown] key="norms-intro"
# A product of many equal factors has no middle ground.
# With $w = 3$ the influence of the first state grows like $3^t$: it *explodes*.
# With $w = 0.2$ it falls like $0.2^t$: it *vanishes*.
# The tanh multiplies each factor by a number of at most 1, the sigmoid by one of at most $1/4$.
#
# The last column may surprise: with $w = 4$ the factor $w \cdot \frac14$ could be 1, and yet this gradient vanishes *faster* than with $w = 1$.
# A large weight drives the state to where the sigmoid is flat (it *saturates*), and there the derivative is far below $1/4$.
# With $w = 1$ the tanh keeps a few hundredths over 50 steps, since the state creeps towards 0, where the derivative is 1.
#
# ## From one unit to many
#
# With H units the factor of each step is a matrix.
# If $dh_t$ is the gradient of the loss with respect to $h_t$, a table (N, H), then one step back is
#
# $$dh_{t-1} = \bigl(dh_t \odot f'(a_t)\bigr)\, W_{hh}^\top \qquad\text{with}\qquad a_t = x_t W_{xh} + h_{t-1} W_{hh} + b_h$$
#
# where $\odot$ multiplies entry by entry.
# The length of the gradient, its *norm* $\|dh_t\| = \sqrt{\sum_{n,i} (dh_t)_{ni}^2}$, tells how strongly the loss still feels step $t$.
#
# ## Exercise 3: gradient_norms (5 points)
#
# **Write** a function that runs an RNN forward, sends a gradient back from its last state, and reports the norm at every step.
#
# **Difficulty** ●●● · **Time** 15–20 min
#
# **In** `x` (N, T, D), `h0` (N, H), `W_xh` (D, H), `W_hh` (H, H), `b_h` (H,); `act`: name of the activation; `dh_T` (N, H): the gradient with respect to $h_T$.
# No gradient comes in at any other step.
#
# **Out** an array (T + 1,) in the dtype of the inputs: $\|dh_0\|, \|dh_1\|, \dots, \|dh_T\|$, each norm over the whole table, batch and units.
#
# **By hand** ReLU, N = D = 1, H = 2, T = 2:
#
# $$x = (1, -1.5) \quad h_0 = (0, 0) \quad W_{xh} = (1, 1) \quad W_{hh} = \begin{pmatrix} 0 & 2 \\ 1 & 0 \end{pmatrix} \quad b_h = (0, 0) \quad dh_2 = (3, 4)$$
#
# - forward: $a_1 = (1, 1)$, $h_1 = (1, 1)$; $a_2 = -1.5 \cdot (1, 1) + (1, 2) = (-0.5, 0.5)$
# - derivatives: $f'(a_1) = (1, 1)$ and $f'(a_2) = (0, 1)$, for at step 2 the first unit is off
# - back through step 2: $(3, 4) \odot (0, 1) = (0, 4)$, times $W_{hh}^\top$ gives $dh_1 = (8, 0)$
# - back through step 1: $(8, 0) \odot (1, 1) = (8, 0)$, times $W_{hh}^\top$ gives $dh_0 = (0, 8)$
# - the norms, from $h_0$ to $h_2$: 8, 8, 5
#
# <details><summary>Hint 1: the idea</summary>
#
# Two loops, one forward and one backward.
# What must the first one write down for the second?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# Forward, keep $f'(a_t)$ of every step.
# Backward, repeat $dh \leftarrow (dh \odot f'(a_t))\, W_{hh}^\top$ for $t = T, \dots, 1$, and note $\|dh\|$ before the first round and after each.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Forward: for each t, `activation` gives the next state and the derivatives; append the derivatives to a list.
# Backward: start with `dh_T` and a list that holds its norm; walk through the derivatives from the end (`reversed`), and append a norm each time.
# The list now runs from T down to 0: turn it round before making an array of it.
# `np.linalg.norm` of a table is the root of the sum of its squares.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `the last entry is not the norm of dh_T`: the norms stand in backward order, or the first one is missing.
# - `the norms has shape (6,)`, expected (7,): T steps have T + 1 states, counting $h_0$.
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

# %% [markdown] key="fifty-steps"
# Lectures like to show what becomes of a gradient that is multiplied by one and the same matrix 50 times; their code leaves out the inputs, and some has a ReLU.
# Here it is without either.
# With your function it is an experiment.
# The matrix below is a rotation, which keeps every length, times a gain of 0.9, 1 or 1.1.

# %% key="same-matrix" tags=["demo"]
rotation = np.array([[0.8, 0.6], [-0.6, 0.8]])  # (H, H) = (2, 2): rows of length 1, at right angles
x, zeros = np.zeros((1, 50, 1)), np.zeros((1, 2))  # (N, T, D), (N, H)
for gain in (0.9, 1.0, 1.1):
    norms = gradient_norms(x, zeros, np.zeros((1, 2)), gain * rotation, np.zeros(2), "linear", np.array([[0.6, 0.8]]))
    print(f"gain {gain}: the gradient at h_0 is {norms[0]:.4f} times the one at h_50")

# %% [markdown] key="rate-task"
# A gain that is off by a tenth makes a factor of more than a hundred, in either direction.
#
# To compare networks we want one number: by which factor does the norm change per step back, on average?
# Since the factors multiply, the right average is the geometric mean.
#
# ## Exercise 4: decay_rate (1 point)
#
# **Write** the mean factor per step back.
#
# **Difficulty** ●○○ · **Time** 5 min
#
# **In** `norms` (T + 1,), as `gradient_norms` returns them, all above 0 and T at least 1
#
# **Out** one number: below 1 if the gradient vanishes on its way back, above 1 if it explodes
#
# **By hand** For norms (1, 5, 4) the gradient starts as 4 at $h_2$ and arrives as 1 at $h_0$: a quarter in two steps, so the rate is $\sqrt{1/4} = 0.5$.
#
# <details><summary>Hint 1: the idea</summary>
#
# If every step multiplied by the same factor $r$, what would T steps do?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $r^T = \|dh_0\| / \|dh_T\|$; solve for $r$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# One line: the first norm divided by the last, to the power of 1 over the number of steps.
# T + 1 norms have T steps between them.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `the rate = 2.0, expected 0.5`: you go forward in time; gradients go back.
# - `the rate = 0.6299..., expected 0.5`: the root has the number of norms in place of the number of steps.
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

# %% [markdown] key="rate-intro"
# The last of the three networks above had gain 1.1; its rate should be the same number:

# %% key="rate-of-rotation" tags=["demo"]
decay_rate(norms)  # norms (T + 1,) of the network with gain 1.1

# %% [markdown] key="bound-task"
# Can we know without measuring?
# At least in one direction.
# A matrix lengthens no vector by more than its largest *singular value* $\sigma_{\max}$, and the derivatives of the activation are at most $\gamma$: 1 for tanh and ReLU, $1/4$ for the sigmoid.
# So each step back multiplies the norm by at most $\gamma\, \sigma_{\max}$.
#
# ## Exercise 5: gradient_bound (1 point)
#
# **Write** the most that can be left of a gradient after $k$ steps back.
#
# **Difficulty** ●○○ · **Time** 5 min
#
# **In** `W_hh` (H, H); `gamma`: the largest derivative of the activation; `k`: the number of steps
#
# **Out** one number, $(\gamma\, \sigma_{\max})^k$
#
# **By hand** $W_{hh} = \begin{pmatrix} 0 & 2 \\ 0.5 & 0 \end{pmatrix}$ sends $(1, 0)$ to $(0, 2)$ and $(0, 1)$ to $(0.5, 0)$, so it lengthens at most by 2.
# With a sigmoid, two steps leave at most $(1/4 \cdot 2)^2 = 0.25$.
# The *eigenvalues* of this matrix are 1 and −1; they say how it acts over many steps, not how much a single step can lengthen.
#
# <details><summary>Hint 1: the idea</summary>
#
# Which number of a matrix says by how much it can lengthen a vector?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# The largest singular value is the matrix's 2-norm.
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
# - `the bound = 0.0625, expected 0.25`: these are eigenvalues.
# - The bound of a diagonal matrix is right, others are too large: the norm lacks its second argument.
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

# %% [markdown] key="bound-intro"
# What can a rotation leave after 50 steps, whatever the inputs are?

# %% key="bound-of-rotation" tags=["demo"]
print(f"tanh at most {gradient_bound(rotation, 1.0, 50):.2g}, sigmoid at most {gradient_bound(rotation, 0.25, 50):.2g}")

# %% [markdown] key="init-task"
# Under the sigmoid it is nothing that a float32 weight would notice.
# If $\gamma\, \sigma_{\max} < 1$ the gradient must vanish: that is a *sufficient* condition.
# The reverse does not hold: a bound of 1 or more promises nothing, since a bound need not be reached.
#
# The weights that a network starts with are ours to choose, so let us have a few to choose from.
#
# ## Exercise 6: init_hidden (3 points)
#
# **Write** five ways to make the first $W_{hh}$.
#
# **Difficulty** ●●○ · **Time** 15 min
#
# **In** `kind`: one of the names below; `H`: number of hidden units; `rng`: a NumPy random generator, from which *all* random numbers must come
#
# **Out** a float64 array (H, H); any other kind raises `ValueError`:
#
# | kind | entries | after |
# |---|---|---|
# | `'small'` | random, mean 0, standard deviation 0.01 | old habit |
# | `'xavier'` | random, mean 0, variance 2 / (fan-in + fan-out), here $1/H$ | Glorot and Bengio (2010) |
# | `'he'` | random, mean 0, variance 2 / fan-in, here $2/H$ | He and others (2015) |
# | `'orthogonal'` | a random orthogonal matrix, none likelier than any other | Saxe and others (2014) |
# | `'identity'` | the identity matrix | Le, Jaitly and Hinton (2015) |
#
# Fan-in and fan-out are the numbers of a layer's inputs and outputs; for $W_{hh}$ both are H.
# The random entries may be normal or uniform.
#
# **By hand** For H = 50: Xavier has variance $1/50 = 0.02$, a standard deviation of 0.141; He has variance 0.04, a standard deviation of 0.2.
#
# An orthogonal matrix can be had from the QR decomposition $A = QR$ of a matrix of normal numbers, with one catch.
# If a column of $Q$ and the row of $R$ beneath it both change sign, the product stays the same, so the routine may choose; NumPy's choice makes many diagonal entries of $R$ negative, and $Q$ is not uniform.
# The remedy of Mezzadri (2007): multiply each column of $Q$ by the sign of its diagonal entry in $R$.
#
# <details><summary>Does the sign matter here?</summary>
#
# Not for what this unit measures: $Q$ without the signs keeps every length just as well.
# It matters wherever "random" is meant literally, and it costs one multiplication.
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
# <details><summary>Hint 2: the formula</summary>
#
# The standard deviation is the root of the variance.
# A uniform number between $-u$ and $u$ has variance $u^2/3$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# For the orthogonal one: draw an (H, H) table of standard normal numbers, let `np.linalg.qr` take it apart, and multiply the first part by the signs of the second part's diagonal.
# A row (H,) multiplies the columns of a table (H, H) by broadcasting.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `entries with variance 2.5e-05, expected variance 0.005`: a variance was given where a standard deviation is asked.
# - `diagonal entries that sum to -7.4`: the signs of Q were left as they came.
# - `generators with different seeds give the same matrix`: the numbers do not come from `rng`.
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

# %% [markdown] key="init-intro"
# The standard deviations for 50 hidden units, which you know from the example by hand:

# %% key="deviations" tags=["demo"]
for kind in ("small", "xavier", "he", "orthogonal"):
    print(f"{kind:<11} {init_hidden(kind, 50, np.random.default_rng(0)).std():.3f}")

# %% [markdown] key="measure"
# Orthogonal weights are about as large as Xavier's, since each row has length 1 and 50 entries.
# Not in the list are numbers between 0 and 1, as `np.random.random` makes them: unit 01 showed that a cell with all-positive weights is dead after a few steps.
#
# ## The measurement
#
# Now everything is there.
# A network with 64 hidden units reads 50 steps of random inputs, eight numbers each; a random gradient goes in at the end, and your functions tell what arrives at the beginning.
# Each number is the mean of five random networks.
# Two more matrices join yours: PyTorch's own, uniform between $-1/\sqrt H$ and $1/\sqrt H$, and an orthogonal one times 1.5.
# The inputs come in two sizes, with standard deviation 0.3 and 1.
#
# A rule of thumb to predict with: random entries of variance $v/H$ multiply the length of a vector by about $\sqrt v$.
# PyTorch's entries have variance $\frac{1}{3H}$, so without an activation they keep $\sqrt{1/3} = 0.58$ per step, Xavier's keep 1 and He's 1.41.
#
# **Predict, then run.** Which rows of the table will have a number above 1? And in which column will no row reach it?

# %% key="measured-norms" tags=["demo"]
KINDS = ("small", "PyTorch's", "xavier", "orthogonal", "identity", "he", "1.5 x orthogonal")


def measured_norms(kind, act, scale, seed, H=64):
    """Return the norms (T + 1,) of a gradient that goes back through one random network."""
    rng = np.random.default_rng(seed)
    gain, name = (1.5, "orthogonal") if kind == "1.5 x orthogonal" else (1.0, kind)
    W_hh = rng.uniform(-1, 1, (H, H)) / np.sqrt(H) if name == "PyTorch's" else gain * init_hidden(name, H, rng)
    return gradient_norms(**long_sequences.random_network(W_hh, scale, seed), act=act)


# %% key="rates" tags=["demo"]
ACTS = ("tanh", "sigmoid", "relu")
print(f"factor per step back{'tanh':>14}{'sigmoid':>9}{'relu':>9}   tanh after 50 steps")
for kind in KINDS:
    for scale in (0.3, 1.0):
        rates = [np.mean([decay_rate(measured_norms(kind, act, scale, s)) for s in range(5)]) for act in ACTS]
        row = "".join(f"{rate:9.3f}" for rate in rates)
        print(f"{kind:<17} x {scale}{'':<4}{row}   {rates[0] ** 50:.1e}")

# %% [markdown] key="rates-picture"
# The same as a picture, for the small inputs.
# Time runs backwards from left to right: the *lag* is the number of steps that the gradient has gone back.
# The vertical axis is logarithmic, so that a constant factor per step makes a straight line.

# %% key="rates-figure" tags=["demo"]
by_lag, shown = {}, ("PyTorch's", "orthogonal", "identity", "he", "1.5 x orthogonal")
for act in ACTS:
    logs = {k: np.mean([np.log(measured_norms(k, act, 0.3, s)) for s in range(5)], axis=0) for k in shown}
    by_lag[act] = {kind: np.exp(log[::-1] - log[-1]) for kind, log in logs.items()}  # (T + 1,) by lag
plots.show(
    plots.panels(by_lag, "lag (steps back)", "norm of the gradient", lowest=1e-36),
    alt="Three panels, tanh, sigmoid and ReLU, norm of the gradient by lag from 0 to 50 on a logarithmic axis. "
    "Under sigmoid every line falls below 1e-20. Under tanh He and 1.5 times orthogonal stay level or rise, orthogonal and identity fall "
    "slowly, PyTorch's falls to about 1e-13. Under ReLU identity stays level, 1.5 times orthogonal rises, orthogonal and PyTorch's fall.",
)

# %% [markdown] key="what-rates-say"
# Three things can be read from it.
#
# - **The activation.** Under the sigmoid none of these seven starts helps: less than 0.4 of the gradient survives each step.
# - **The weights.** With PyTorch's own start, tanh keeps about half per step or less, as the rule foretold. Orthogonal and Xavier's weights keep more than 0.8 of it when the inputs are small; larger weights hold or enlarge it. "Small" weights, an old habit, keep less than a tenth.
# - **The inputs.** Large inputs push tanh away from 0, where its derivative is small: the same matrix then keeps less.
#
# **Can you see what is wrong?**
# Four sentences from lecture notes:
#
# <details><summary>"A network with the sigmoid cannot carry a gradient; that is why hidden states use tanh."</summary>
#
# What it can represent is not the matter, the start is.
# Since $\tanh a = 2\,\sigma(2a) - 1$, every tanh network *is* a sigmoid network with other weights: $4 W_{hh}$, $2 W_{xh}$, the bias $2 b_h - 2 \sum_i (W_{hh})_{i\cdot}$ (the sums of the columns) and $h_0 = \frac12$; its states are $(h + 1)/2$.
# The cell below runs both: same decay.
# The usual starts are far from such weights, and the training does not find them, because the gradient is gone.
#
# </details>
#
# <details><summary>"The gradients of a vanilla RNN do not get past two time steps."</summary>
#
# Too strong: it depends.
# With orthogonal weights and small inputs, tanh lets about a fifth through ten steps; the next cell prints it.
#
# </details>
#
# <details><summary>"ReLU diverges, so it is not used in RNNs."</summary>
#
# That depends on $W_{hh}$ too.
# In the table ReLU vanishes with orthogonal weights, at about $\sqrt{1/2}$ per step, since half of the units are off; with the identity it keeps 0.975 per step, about a quarter over 50; and it grows with 1.5 × orthogonal.
#
# </details>
#
# <details><summary>"ReLU does not normalise its values, and what is not normalised cannot be used."</summary>
#
# The values are indeed not bounded, which calls for care.
# But networks with ReLU and $W_{hh}$ started as the identity, called IRNN, have been trained over hundreds of steps (Le, Jaitly and Hinton, 2015).
#
# </details>

# %% key="ten-steps" tags=["demo"]
kept = [measured_norms("orthogonal", "tanh", 0.3, seed) for seed in range(5)]  # five arrays (T + 1,)
print(f"tanh, orthogonal, small inputs: {np.mean([n[-11] / n[-1] for n in kept]):.0%} is left after 10 steps")
norms = measured_norms("PyTorch's", "tanh", 1.0, 0)
print(f"tanh, PyTorch's, inputs of size 1: {norms[-11] / norms[-1]:.0e} is left after 10 steps")
for kind in ("identity", "PyTorch's"):
    relu = measured_norms(kind, "relu", 0.3, 0)
    print(f"ReLU, {kind}: {relu[0] / relu[-1]:.0e} is left after 50 steps")

# %% key="sigmoid-is-tanh" tags=["demo"]
W_hh = init_hidden("orthogonal", 64, np.random.default_rng(0))
net = long_sequences.random_network(W_hh, 0.3, 0)
same = {**net, "W_hh": 4 * W_hh, "W_xh": 2 * net["W_xh"], "b_h": 2 * net["b_h"] - 2 * W_hh.sum(axis=0)}
same["h0"] = np.full_like(net["h0"], 0.5)
for name, network, act in (("tanh", net, "tanh"), ("sigmoid with other weights", same, "sigmoid")):
    print(f"{name}: {decay_rate(gradient_norms(**network, act=act)):.4f} per step back")

# %% key="bound-beside" tags=["demo"]
print("left after 50 steps, small inputs: measured, and the most that there could be")
for kind in ("PyTorch's", "orthogonal", "1.5 x orthogonal"):
    norms, rng = measured_norms(kind, "tanh", 0.3, 0), np.random.default_rng(0)
    W_hh = rng.uniform(-1, 1, (64, 64)) / 8 if kind == "PyTorch's" else init_hidden("orthogonal", 64, rng)
    bound = gradient_bound(1.5 * W_hh if kind[0] == "1" else W_hh, 1.0, 50)
    print(f"{kind:<17} {norms[0] / norms[-1]:8.1e}   {bound:8.1e}")

# %% [markdown] key="bound-read"
# The bound holds each time, and is far from what happens: it supposes that every step lengthens as much as the matrix can in any direction, and that no tanh ever leaves 0.

# %% [markdown] key="cure"
# Back to the network that could not recall over 40 steps.
# It started from PyTorch's weights, with which hardly anything of the gradient arrives at the first symbol.
# Two remedies are often named: clipping the gradient, which you will write soon, and a better start.
# We train it as before; with clipping; and with clipping and two of your matrices as a start; each with three seeds.
#
# **Predict, then run.** Which of the two remedies will matter, the clipping or the start?


# %% key="recall-remedies" tags=["demo"]
def remedies(seed):
    """Return the options of each attempt."""
    start = {kind: init_hidden(kind, 48, np.random.default_rng(seed)) for kind in ("xavier", "orthogonal")}
    return {
        "as before": {},
        "clipped": {"max_norm": 1.0},
        "clipped, Xavier": {"max_norm": 1.0, "W_hh": start["xavier"]},
        "orthogonal": {"W_hh": start["orthogonal"]},
        "clipped, orthogonal": {"max_norm": 1.0, "W_hh": start["orthogonal"]},
    }


right = {name: [] for name in remedies(0)}
for name in right:  # about 25 seconds
    right[name] = [long_sequences.recall_accuracy(40, seed=seed, **remedies(seed)[name]) for seed in range(3)]
    print(
        f"{name:<20}" + "".join(f"{run[-5:].mean():7.0%}" for run in right[name]) + "  right at the end, seeds 0 to 2"
    )

# %% key="recall-remedies-figure" tags=["demo"]
shown = {name: np.mean(right[name], axis=0) for name in ("clipped", "clipped, Xavier", "clipped, orthogonal")}
plots.show(
    plots.panels(
        {"recall over T = 40, mean of three seeds": shown},
        "tens of training steps",
        "share of right answers",
        scale="linear",
    ),
    alt="Three curves over 400 steps of training, T = 40. With PyTorch's start the curve hardly leaves one in eight; "
    "Xavier's start is in between; the orthogonal one comes close to 1.",
)

# %% [markdown] key="exploding"
# The start makes the difference between guessing and knowing.
# Clipping alone makes hardly any: it shortens gradients that are too long, and here they are too short.
# Xavier's weights are of the same size as the orthogonal ones and do well with one seed and badly with another: the size does much, orthogonality makes it reliable.
# And without clipping the orthogonal start fails now and then: a gradient that survives 40 steps may also become too long, and that is what clipping is for.
#
# ## The cliff
#
# Take the smallest recurrent network, one unit without input: $x_t = w\, \sigma(x_{t-1}) + b$.
# It starts at $x_0 = 0.5$, runs 50 steps, and should arrive at 0.7; the error is $(x_{50} - 0.7)^2$.
# It has two parameters, so its error is a landscape that can be drawn (after Pascanu, Mikolov and Bengio, 2013).


# %% key="landscape" tags=["demo"]
import torch


def final_error(w, b):
    """Return the error after 50 steps, for tensors of weights and biases."""
    x = torch.full_like(w, 0.5)
    for _ in range(50):
        x = w * torch.sigmoid(x) + b
    return (x - 0.7) ** 2


grid = torch.linspace(4, 7, 121, dtype=torch.float64), torch.linspace(-4, -1.5, 121, dtype=torch.float64)
w, b = (part.requires_grad_() for part in torch.meshgrid(*grid, indexing="xy"))  # (121, 121) each
error = final_error(w, b)
slopes = torch.hypot(*torch.autograd.grad(error.sum(), (w, b)))  # (121, 121): length of the gradient
print(f"length of the gradient: median {slopes.median():.1f}, largest {slopes.max():.0f}")

# %% key="landscape-figure" tags=["demo"]
plots.show(
    plots.surface(*grid, error.detach()),
    alt="A landscape of the error over w from 4 to 7 and b from -4 to -1.5: two smooth slopes, "
    "and between them a valley one side of which is a vertical wall.",
)

# %% key="cut-figure" tags=["demo"]
cut = {"at w = 6": error[:, 80].detach(), "at w = 4.5": error[:, 20].detach()}
plots.show(
    plots.panels({"two cuts through the landscape": cut}, "b, in steps of 0.021 from -4", "error", scale="linear"),
    alt="The error along b. At w = 4.5 it falls to about 0 and rises again; at w = 6 it falls slowly, drops by more than ten "
    "between two points of the grid, and rises.",
)

# %% [markdown] key="value-task"
# Two gentle slopes, and between them a wall; the cut at w = 6 shows how steep it is.
# On one side the state settles at a low value, on the other at a high one; exactly between, 50 steps blow the smallest difference up.
# The gradient there is hundreds of times longer than elsewhere.
# A step of gradient descent that meets the wall is thrown far away, and all that was learned may be lost.
# This is one reason why the outputs of a plain RNN can change wildly from one training step to the next.
#
# The remedy is crude and good: limit the step.
#
# ## Exercise 7: clip_by_value (2 points)
#
# **Write** clipping entry by entry.
#
# **Difficulty** ●○○ · **Time** 5 min
#
# **In** `grads`: a dict from names to arrays, such as `{"W_xh": ..., "W_hh": ..., "b_h": ...}`, with any names; `c`: the limit, above 0
#
# **Out** a new dict with the same names; each entry below $-c$ has become $-c$, each above $c$ has become $c$, the others are as they were
#
# **By hand** With $c = 5$, the gradients $(30, -40)$ and $(2)$ become $(5, -5)$ and $(2)$.
#
# <details><summary>Hint 1: the idea</summary>
#
# The same for every array of the dict, whatever its name.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $\max(-c, \min(g, c))$
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# A dict comprehension over `grads.items()`.
# NumPy has a function with three arguments for it; it *returns* the clipped array and leaves its first argument alone, unless it gets `out=`.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - Nothing is clipped: the result of the clipping was not kept.
# - `KeyError: 'W_xh'`: names are written into the function; take them from the dict.
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
# Look at the example again: $(30, -40)$ became $(5, -5)$.
# The gradient said "more of the second than of the first"; after clipping it says "both alike".
# Clipping by value turns the direction.
#
# ## Exercise 8: clip_by_global_norm (2 points)
#
# **Write** clipping that keeps the direction: if all gradients together, as one long vector, are longer than `max_norm`, shorten them all by the same factor.
#
# **Difficulty** ●●○ · **Time** 10 min
#
# **In** `grads`: as before; `max_norm`: the limit, above 0
#
# **Out** a new dict with the same names, and the norm *before* clipping, a number worth logging during training
#
# **By hand** With $W_{xh}$: $(30)$, $W_{hh}$: $(-40)$, $b_h$: $(0)$ the norm is $\sqrt{900 + 1600 + 0} = 50$.
# For `max_norm` 5 the factor is $5/50 = 0.1$, and the result $(3)$, $(-4)$, $(0)$, with the norm 50.
#
# <details><summary>Hint 1: the idea</summary>
#
# One norm for all arrays, one factor for all arrays.
# What should the factor be when the norm is below the limit?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $\|g\| = \sqrt{\sum_{\text{arrays}} \sum_{\text{entries}} g^2}$, and each array is multiplied by $\min(1, \text{max\_norm} / \|g\|)$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Sum the squares over all arrays of `grads.values()`, take the root once, at the end.
# If it is above the limit, the factor is limit divided by norm, otherwise 1; with all gradients 0 this never divides by 0.
# Return the dict and the norm.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `the direction stays` fails: each array has its own factor, or single entries were clipped.
# - `W_hh is float64, expected float32`: a `np.float64` factor widens the array; `float(...)` of it does not.
# - `There are nan or inf among the numbers`: 0 divided by 0.
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
# Two walks down the landscape from the same place (black square), 60 steps of gradient descent with learning rate 0.01 each.


# %% key="walks" tags=["demo"]
def walk_down(limit, w=5.0, b=-2.0):
    """Return the places (61, 2) of a walk whose gradients are clipped to ``limit``, and the longest gradient."""
    place, walk, norms = {"w": np.array(w), "b": np.array(b)}, [[w, b]], []
    for _ in range(60):
        tensors = {name: torch.tensor(value, requires_grad=True) for name, value in place.items()}
        torch.autograd.backward(final_error(**tensors))
        clipped, norm = clip_by_global_norm({name: t.grad.numpy() for name, t in tensors.items()}, limit)
        place = {name: value - 0.01 * clipped[name] for name, value in place.items()}
        walk.append([float(place["w"]), float(place["b"])])
        norms.append(norm)
    return walk, max(norms)


walks = {}
for title, limit in {"no clipping": np.inf, "norm clipped to 5": 5.0}.items():
    walks[title], longest = walk_down(limit)
    end = final_error(*map(torch.tensor, walks[title][-1]))
    print(f"{title}: longest gradient {longest:.0f}, error at the end {float(end):.2f}")

# %% key="walks-figure" tags=["demo"]
plots.show(
    plots.paths(*grid, error.detach(), walks),
    alt="Two maps of the error with a walk each. Without clipping the walk comes down to the wall and is thrown out of the map. "
    "With clipping it goes on along the foot of the wall in small steps.",
)

# %% [markdown] key="training-intro"
# Without clipping, one step at the wall leads out of the map, and the rest of the walk is spent on the way back.
# With clipping the walk meets the wall too, and gradients that are longer still, but no step is longer than $0.01 \cdot 5 = 0.05$.
#
# And in a whole network?
# A ReLU network with 64 units reads 50 steps of noise and should repeat the last input, an easy task.
# Its hidden weights start as 1.7 × orthogonal, which makes gradients explode.
# `exploding_losses` trains it with plain gradient descent and a learning rate of 0.01: without clipping, and with your functions.
#
# **Predict, then run.** Clipping by norm keeps the direction, clipping by value does not. Which of the two, both with limit 1, will bring the loss down further?


# %% key="with-and-without" tags=["demo"]
clips = {
    "no clipping": lambda grads: grads,
    "by norm, 1": lambda grads: clip_by_global_norm(grads, 1.0)[0],
    "by norm, 5": lambda grads: clip_by_global_norm(grads, 5.0)[0],
    "by value, 1": lambda grads: clip_by_value(grads, 1.0),
}
start = 1.7 * init_hidden("orthogonal", 64, np.random.default_rng(0))
losses = {name: long_sequences.exploding_losses(start, clip) for name, clip in clips.items()}  # about 4 seconds
for name, loss in losses.items():
    print(
        f"{name:<12} {np.isfinite(loss).sum():3} of 300 losses are finite, the last 20 have mean {loss[-20:].mean():.3g}"
    )
plots.show(
    plots.panels({"loss of a ReLU network that explodes": losses}, "training step", "loss"),
    alt="Four curves of the loss on a logarithmic axis. Without clipping a single cross at the left: it overflows at once. "
    "Clipped by norm to 1 the loss falls from a huge number to about 1; by norm to 5 and by value to 1 it falls on, below a tenth.",
)

# %% [markdown] key="library"
# Without clipping the training is over after a step or two: the loss is no longer a number.
# With clipping it goes on through all 300 steps.
# That value clipping comes out ahead of norm clipping with the same limit is no merit of its own: "1" means another thing.
# The network has 4,545 weights, so clipped to ±1 each, a gradient may still be $\sqrt{4545} \approx 67$ long, where norm clipping allows 1; with a limit of 5 norm clipping gets there too.
# Limits of 1 to 5 are customary for the norm; Karpathy's well-known min-char-rnn clips by value, to ±5.
#
# Libraries have it built in.
# PyTorch's `clip_grad_norm_` works on the gradients in place, which the underscore announces, and returns the norm before clipping, as yours does.

# %% key="agree-with-torch" tags=["demo"]
rng = np.random.default_rng(0)
grads = {"W_xh": rng.normal(size=(3, 4)), "W_hh": rng.normal(size=(4, 4)), "b_h": rng.normal(size=4)}
weights = {name: torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)) for name, g in grads.items()}
for name, weight in weights.items():
    weight.grad = torch.tensor(grads[name])
theirs = torch.nn.utils.clip_grad_norm_(weights.values(), 1.0)
clipped, norm = clip_by_global_norm(grads, 1.0)
agree = all(np.allclose(clipped[name], w.grad, atol=1e-5) for name, w in weights.items())
print(f"norm before: {norm:.6f}, PyTorch says {theirs:.6f}; gradients agree: {agree}")

# %% [markdown] key="warning-keras"
# **Warning: older code.**
# Many notes show Keras: `optimizers.Adam(lr=0.0001, clipnorm=1.)`.
# The argument `lr` has since been removed from Keras (it is `learning_rate` now), and `clipnorm` limits the norm of each array by itself, which turns the direction of the whole; the norm over all arrays is `global_clipnorm`.
# In PyTorch the order matters: `loss.backward()`, then clip, then `optimizer.step()`.
#
# ## RNN and LSTM on one axis
#
# Many texts say that gradients vanish in the RNN and not in the LSTM, the network of unit 04.
# Let us put both on one axis.
# An LSTM carries a second state, the cell $c_t$, from step to step by $c_t = f_t \odot c_{t-1} + \dots$, where the *forget gate* $f_t = \sigma(\dots + b_f)$ lies between 0 and 1.
# One step back along this path multiplies by $f_t$, and by no matrix and no derivative of tanh.
# How much that helps depends on the *forget bias* $b_f$.
# `reach.shares` has PyTorch compute the gradients of fresh networks.
#
# **Predict, then run.** An LSTM with forget bias 0 and a plain RNN with an orthogonal start: of which will more be left after 49 steps?


# %% key="rnn-beside-lstm" tags=["demo"]
def orthogonal_shares(seed):
    norms = measured_norms("orthogonal", "tanh", 1.0, seed)
    return (norms / norms[-1])[:0:-1]  # (T,), by lag


networks = {"RNN, PyTorch's": lambda seed: reach.shares("RNN", seed=seed), "RNN, orthogonal": orthogonal_shares}
networks |= {f"LSTM, bias {bias}": lambda seed, bias=bias: reach.shares("LSTM", bias, seed) for bias in (0, 1, 2, 3)}
lines = {}
for name, shares in networks.items():
    lines[name] = np.exp(np.mean([np.log(shares(seed)) for seed in range(3)], axis=0))  # (T,)
    print(f"{name:<17} left after 49 steps: {lines[name][49]:.1e}")
plots.show(
    plots.panels({"RNN and LSTM, inputs of size 1": lines}, "lag (steps back)", "share of the gradient", 1e-13),
    alt="Share of the gradient by lag, logarithmic. The RNN with PyTorch's start falls to about 1e-12, the one with an orthogonal start "
    "and the LSTM with forget bias 0 to about 1e-10, the LSTM with bias 1 to a few 1e-4; with 2 it stays near 1, with 3 it rises above 1.",
)

# %% [markdown] key="lstm-read"
# The LSTM with forget bias 0 loses its gradient too: its gate stands at $\sigma(0) = 0.5$.
# The plain RNN with an orthogonal start does about as well.
# It is the bias that makes the difference: with 1 ($\sigma = 0.73$) some ten-thousandths are left after 49 steps, with 2 ($\sigma = 0.88$) more than half, and with 3 ($\sigma = 0.95$) the gradient grows severalfold, because other paths through $h$ add to it.
# So "the LSTM does not vanish" is a statement about a bias, at the start of training; unit 04 builds on that.
#
# ## Exercise 9: vanishing_quiz (2 points)
#
# **Write** a function that answers the four questions below; each wrong answer costs a point.
#
# **Difficulty** ●●○ · **Time** 5–10 min
#
# **In** `question`: `'clipping'`, `'relu'`, `'sigmoid'` or `'xavier'`
#
# **Out** the letter of the answer: `'a'`, `'b'`, `'c'` or `'d'`
#
# **clipping.** A network should recall a symbol over 40 steps and learns nothing; at the first step its gradient has norm $10^{-12}$. You clip the gradient to norm 1. What changes?
#
# - a. The gradient at the first step is lifted to norm 1.
# - b. The network learns, but more slowly.
# - c. Nothing that helps: clipping only shortens gradients that are too long.
# - d. The gradient at the first step becomes 0.
#
# **relu.** "ReLU does not normalise its values, so RNNs cannot use it." What do the measurements say?
#
# - a. It depends on $W_{hh}$: started as the identity, a ReLU network keeps about a quarter of its gradient over 50 steps, where PyTorch's start keeps $10^{-19}$.
# - b. True: with ReLU the gradient always explodes.
# - c. False: its derivative is at most 1, so its gradient can never explode.
# - d. True: with ReLU the gradient always vanishes.
#
# **sigmoid.** With the same weights, why does the gradient vanish faster under the sigmoid than under tanh?
#
# - a. Because the sigmoid's values are never negative.
# - b. Because the exponential function loses digits.
# - c. Because the sigmoid saturates and tanh does not.
# - d. Because its derivative is at most $1/4$, and every step back multiplies by it.
#
# **xavier.** A set of notes initialises the last layer of a model and then fits it to its number of classes:
#
# ```python
# torch.nn.init.xavier_uniform_(model.classifier.weight)
# model.classifier = torch.nn.Linear(in_features, num_classes)
# ```
#
# With which weights does training start?
#
# - a. With Xavier's, cut to the new shape.
# - b. With those that PyTorch gives to every new layer; Xavier's went away with the old one.
# - c. With zeros, as the new layer was never initialised.
# - d. With Xavier's, and PyTorch's own bias.
#
# **Points** in proportion to the answers that are right, rounded down: half of them are worth one point of two.
#
# **By hand** An answer has the form `"a"`.
# The check only says whether your answers have this form; whether they are right, the grading says.
# If you are not sure about the last question, try it out with two small `torch.nn.Linear` layers.
#
# <details><summary>Hint 1: the idea</summary>
#
# Every answer was measured or can be: look at the recall curves, the table of factors, the first figure.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# For the last question ask what the name `model.classifier` stands for after each of the two lines.
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
# - `seen None; expected one of 'a', …`: the function lacks a `return`.
# - `seen 'A'`: the letters are small.
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
# - On its way back through time a gradient is multiplied at every step by the activation's derivative and by $W_{hh}$; a factor a little below or above 1 makes it vanish or explode.
# - Which of the two, and how fast, is a matter of activation, weights and inputs, and can be measured; an orthogonal start let a plain RNN recall over 40 steps.
# - Clipping tames gradients that explode and does nothing for those that vanish; for these there are initialisation, skip connections and gates (units 04 and 05), the gates with the right bias.
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
# <details><summary>Forget bias 3 kept the most. Why not 10?</summary>
#
# Then the gate is nearly 1 whatever comes in, and its own derivative is nearly 0: the cell remembers everything and hardly learns to forget.
#
# </details>
#
# ## What to read next
#
# - S. Hochreiter, *Untersuchungen zu dynamischen neuronalen Netzen*, diploma thesis, 1991; and Y. Bengio, P. Simard, P. Frasconi, *Learning Long-Term Dependencies with Gradient Descent Is Difficult*, IEEE Transactions on Neural Networks, 1994: where the problem was found.
# - R. Pascanu, T. Mikolov, Y. Bengio, *On the Difficulty of Training Recurrent Neural Networks*, 2013 (arXiv 1211.5063): the bound, the cliff, clipping by norm.
# - X. Glorot, Y. Bengio, *Understanding the Difficulty of Training Deep Feedforward Neural Networks*, 2010, and K. He and others, *Delving Deep into Rectifiers*, 2015: the two variances.
# - A. Saxe, J. McClelland, S. Ganguli, *Exact Solutions to the Nonlinear Dynamics of Learning in Deep Linear Neural Networks*, 2014: why orthogonal.
# - F. Mezzadri, *How to Generate Random Matrices from the Classical Compact Groups*, 2007: the sign in QR.
# - Q. Le, N. Jaitly, G. Hinton, *A Simple Way to Initialize Recurrent Networks of Rectified Linear Units*, 2015: the identity.
# - R. Jozefowicz, W. Zaremba, I. Sutskever, *An Empirical Exploration of Recurrent Network Architectures*, 2015: the forget bias.
#
# Unit 04 opens the LSTM and looks at the gates one by one.
