# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] key="start-here"
# # 00 Start here
#
# In this course you build recurrent neural networks by hand, and after each function a check tells you whether it is right.
# This first unit asks for no code.
# It makes sure that everything runs, fixes the names of things, and shows what a check says.
#
# At the end you can
#
# - say what each axis of an array of shape (N, T, D) means, and bring arrays from other sources into that order;
# - read the formulas of a book, of another course and of PyTorch's documentation as formulas of this one;
# - read the table under a check, and know what is graded and how.
#
# **You build** nothing yet: shapes, names, how checks and grading work.
# **Time** {minutes} minutes.
# **Points** {points}.
# **You need** Python with NumPy, at the level of slicing an array.
#
# A notebook consists of cells.
# Click into a cell and press Shift+Enter: it runs, its result appears below it, and the next cell is selected.
# Run the cells from top to bottom; this notebook takes about ten seconds in all.
#
# ## Is everything there?
#
# The first cell looks at your installation.
# It takes a few seconds, because it loads PyTorch.

# %% key="start-environment" tags=["demo"]
from rnnlab import check_environment

check_environment()

# %% [markdown] key="start-environment-read"
# Every line should say "as tested".
# "Other version" is a warning and no obstacle; "missing" and "does not start" have to be mended first, and the line under the table says how.
#
# <details><summary>I get this message</summary>
#
# - `ModuleNotFoundError: No module named 'rnnlab'`: the notebook runs in another Python than the one in which you installed the course.
#   Close JupyterLab, activate the course's environment, and start it from there; or choose the right kernel at the top right of this page.
# - `NameError: name 'np' is not defined`, in any unit: the cell with the imports has not been run since the kernel started.
#   The menu *Run* has *Run All Above Selected Cell*.
# - "The kernel appears to have died": it ran out of memory, or two libraries do not fit together.
#   Restart it from the menu *Kernel*; if it happens again, make the environment anew.
#
# </details>
#
# ## Three axes
#
# A recurrent network reads sequences, and it reads several at a time, a *batch*.
# Its input is therefore an array with three axes, always in this order:
#
# | axis | letter | what it counts | example |
# |---|---|---|---|
# | 0 | N | sequences in the batch | 2 sentences |
# | 1 | T | time steps | 3 words in each |
# | 2 | D | features: the numbers that describe one step | 4 numbers for each word |
#
# To see which axis is which, we fill an array with numbers that tell their own place: the entry 120 belongs to sequence 1, step 2, feature 0.

# %% key="start-imports"
import numpy as np
import torch

from rnnlab import CheckFailed, check, course, plots

N, T, D, H = 2, 3, 4, 5  # sequences, steps, features, hidden units

# %% key="start-axes" tags=["demo"]
n, t, d = np.indices((N, T, D))  # each (N, T, D)
x = 100 * n + 10 * t + d  # (N, T, D) = (2, 3, 4)
plots.show(
    plots.batch_axes(x, n=1, t=2),
    alt="The array x as two tables of 3 rows and 4 columns, one for each sequence; time runs down, features run right. "
    "x[1] is the second table, shape (T, D). x[:, 2] is the last row of both tables, shape (N, D).",
)

# %% [markdown] key="start-slices"
# The framed table is one whole sequence; the shaded rows are one step of all sequences.
# A recurrent network works with the shaded kind: at each step it takes the inputs of all N sequences at once.
#
# Which shapes will the next cell print?
# An index takes its axis away, a colon keeps it.

# %% key="start-shapes" tags=["demo"]
print("x          ", x.shape)
print("x[1]       ", x[1].shape, " one sequence")
print("x[:, 2]    ", x[:, 2].shape, " one step of every sequence")
print("x[1, 2]    ", x[1, 2].shape, "   one step of one sequence:", x[1, 2])
print("x[:, 2:3]  ", x[:, 2:3].shape)

# %% [markdown] key="start-counting"
# Look at the last line: a slice keeps its axis even when its length is 1, and a shape such as (2, 1, 4) is a frequent surprise.
#
# **From 1 or from 0?**
# Formulas count steps from 1, arrays from 0.
# So $x_1$ is `x[:, 0]`, and $x_T$ is `x[:, T - 1]`, which can be written `x[:, -1]`.
# The states $h_1$ to $h_T$ are kept in an array `h_all` (N, T, H) in the same way; the state before the first step, $h_0$, has an array of its own, `h0` (N, H).
#
# ## One network, many alphabets
#
# Everybody writes the same recurrent network, and nearly everybody writes it differently.
#
# - This course: $h_t = \tanh(x_t W_{xh} + h_{t-1} W_{hh} + b_h)$
# - Columns, after Andrew Ng's course: $a^{\langle t\rangle} = \tanh(W_{ax}\, x^{\langle t\rangle} + W_{aa}\, a^{\langle t-1\rangle} + b_a)$
# - Columns, short, in many books: $h_t = \tanh(W_x\, x_t + W_h\, h_{t-1} + b)$
# - PyTorch's documentation: $h_t = \tanh(x_t W_{ih}^T + b_{ih} + h_{t-1} W_{hh}^T + b_{hh})$
#
# What these formulas mean is the subject of unit 01; here they only show where the letters stand.
# There are three real differences, and the rest is spelling.
#
# - *Rows or columns.* Here a sequence is a row of a batch, and a weight matrix stands to the right of it. In the column convention it is a column, and the matrix stands to the left and is the transpose of ours.
# - *One bias or two.* PyTorch adds two, where one would do; their sum is our $b_h$.
# - *The order of the axes*, to which we come below.
#
# Use this table whenever you read something else beside the course.
#
# | what | this course | columns, after Ng | columns, short | PyTorch |
# |---|---|---|---|---|
# | number of sequences | N | $m$ | 1 | N |
# | number of steps | T | $T_x$ in, $T_y$ out | $T$ | L |
# | size of an input | D | $n_x$ | $d$ | `input_size` |
# | size of the hidden state | H | $n_a$ | $D_h$ | `hidden_size` |
# | inputs | `x` (N, T, D) | $x$ ($n_x$, $m$, $T_x$) | $x_t$ or $I_t$ ($d$, 1) | `input` (N, T, D) if `batch_first=True`, else (T, N, D) |
# | sequence $i$ at step $t$ | `x[i - 1, t - 1]` | $x^{(i)\langle t\rangle}$ | $x_t$ | `input[i - 1, t - 1]` |
# | hidden state at step $t$ | $h_t$ (N, H), `h_all[:, t - 1]` | $a^{\langle t\rangle}$ ($n_a$, $m$) | $h_t$ ($D_h$, 1) | `output[:, t - 1]` (N, H) |
# | state after the last step | $h_T$ (N, H), `h_all[:, -1]` | $a^{\langle T_x\rangle}$ | $h_T$ | `h_n[-1]` (N, H); `h_n` is (layers, N, H) also if `batch_first=True` |
# | weights, input to hidden | $W_{xh}$ (D, H) | $W_{ax}$ ($n_a$, $n_x$) | $W_x$ ($D_h$, $d$) | `weight_ih_l0` (H, D) |
# | weights, hidden to hidden | $W_{hh}$ (H, H) | $W_{aa}$ ($n_a$, $n_a$) | $W_h$ ($D_h$, $D_h$) | `weight_hh_l0` (H, H) |
# | bias of the cell | $b_h$ (H,) | $b_a$ ($n_a$, 1) | $b$ ($D_h$, 1) | `bias_ih_l0 + bias_hh_l0` (H,) |
# | weights, hidden to output | $W_{hy}$ (H, C) | $W_{ya}$ ($n_y$, $n_a$) | $W_y$ | `weight` (C, H) of an `nn.Linear` |
# | bias of the output | $b_y$ (C,) | $b_y$ ($n_y$, 1) | $b$ or $b_y$ | `bias` (C,) of the `nn.Linear` |
# | layer number $l$ | – | $[l]$, as in $a^{[l]\langle t\rangle}$ | $(l)$, $l$ | the ending `_l0`, `_l1` |
#
# <details><summary>The letters of LSTM and GRU, for units 04 and 05</summary>
#
# | what | this course | after Ng | papers | PyTorch |
# |---|---|---|---|---|
# | LSTM: cell state | $c$ | $c^{\langle t\rangle}$ | $C_t$, $c_t$ | `c` |
# | LSTM: input gate | $i$ | $\Gamma_u$ or $\Gamma_i$, called update gate | $i_t$ | `i` |
# | LSTM: forget gate | $f$ | $\Gamma_f$ | $f_t$ | `f` |
# | LSTM: output gate | $o$ | $\Gamma_o$ | $o_t$ | `o` |
# | LSTM: candidate | $g$ | $\tilde c^{\langle t\rangle}$ | $\tilde C_t$, $g_t$ | `g` |
# | LSTM: order of the blocks | $i, f, o, g$ | a matrix for each | a matrix for each | `i, f, g, o` |
# | GRU: reset gate | $r$ | $\Gamma_r$ | $r_t$ | `r` |
# | GRU: update gate | $z$, the share that is kept | $\Gamma_u = 1 - z$, the share that is new | $z_t$, some one way, some the other | `z` |
# | GRU: candidate | $n$ | $\tilde c^{\langle t\rangle}$ | $\tilde h_t$ | `n` |
# | GRU: order of the blocks | $r, z, n$ | a matrix for each | a matrix for each | `r, z, n` |
#
# </details>
#
# PyTorch keeps its weights as in the column convention, although its batches are rows.
# Here are the names and shapes that it gives them for D = 4 and H = 5:

# %% key="start-torch" tags=["demo"]
rnn = torch.nn.RNN(input_size=D, hidden_size=H, batch_first=True)
for name, weight in rnn.named_parameters():
    print(f"{name:<14}{tuple(weight.shape)}")

# %% [markdown] key="start-rows"
# It is `weight_ih_l0` (5, 4) where this course has $W_{xh}$ (4, 5): a transpose apart.
# `l0` is the first and only layer.
#
# Does turning everything round change a number?
# Below the same two inputs go through the same weights, once as rows and once as columns.

# %% key="start-columns" tags=["demo"]
rng = np.random.default_rng(0)
W_xh = rng.normal(size=(D, H))  # (4, 5), this course
W_ax = W_xh.T  # (5, 4), columns
rows = x[:, 0] @ W_xh  # (N, D)(D, H) = (N, H)
columns = W_ax @ x[:, 0].T  # (H, D)(D, N) = (H, N)
print("rows", rows.shape, " columns", columns.shape, " same numbers:", np.allclose(rows, columns.T))

# %% [markdown] key="start-features-first"
# The numbers are the same, so a formula may be carried over factor by factor: turn the order of each product round, and transpose every matrix.
#
# ## Arrays from elsewhere
#
# Andrew Ng's course and the many notes that follow it put the features first: their $x$ has the shape $(n_x, m, T_x)$, which is (D, N, T).
# PyTorch without `batch_first=True` puts time first: (T, N, D).
#
# | from | to this course | back |
# |---|---|---|
# | features first ($n_x$, $m$, $T_x$) | `x.transpose(1, 2, 0)` | `x.transpose(2, 0, 1)` |
# | time first (T, N, D) | `x.transpose(1, 0, 2)` | `x.transpose(1, 0, 2)` |
# | a weight matrix for columns | `W.T` | `W.T` |
# | a bias column ($n_a$, 1) | `b[:, 0]` | `b[:, None]` |
#
# The numbers in `transpose` name the old axes in their new order: `(1, 2, 0)` says "first what was axis 1, then axis 2, then axis 0".
#
# **Can you see what is wrong?**
# Somebody has an array of shape (4, 2, 3), wants (2, 3, 4), and writes `reshape(2, 3, 4)`.
# Both ways are tried here on the numbers that know their place.

# %% key="start-transpose" tags=["demo"]
theirs = x.transpose(2, 0, 1)  # (n_x, m, T_x) = (4, 2, 3)
moved = theirs.transpose(1, 2, 0)  # (N, T, D) = (2, 3, 4)
dealt = theirs.reshape(N, T, D)  # (2, 3, 4) as well
print("shapes       ", theirs.shape, "->", moved.shape, "and", dealt.shape)
print("by transpose ", moved[1, 2], " equal to x:", np.array_equal(moved, x))
print("by reshape   ", dealt[1, 2], " equal to x:", np.array_equal(dealt, x))

# %% [markdown] key="start-exercises"
# A transpose moves axes; a reshape deals the same numbers out again, row by row.
# What should be step 2 of sequence 1 has become feature 3 of both sequences at several steps, and the shape is right.
# A right shape proves little, which is why the checks of this course look at numbers.
#
# ## How an exercise works
#
# Each exercise is one function.
# The text says what it takes and returns, works a small case by hand, and offers three hints that you unfold one by one: the idea, the formula, and the way to write it.
# The hints cost nothing.
#
# <details><summary>Hint 1: the idea</summary>
#
# This is how a hint looks.
# Unfold the next one only after you have tried again.
#
# </details>
#
# In the cell below the text you replace `raise NotImplementedError(...)` by your code, and run it.
# Then you run the check: `check(softmax)`, for example, looks up the exercise that is called `softmax`, calls your function with several inputs, and shows a table.
#
# Let us see one for a wrong answer.
# `softmax`, from unit 01, has to turn each row of scores into shares that sum to 1; the function here squashes each score by itself, which is something else.
# In your own notebooks you need no `try`: it keeps this notebook running.


# %% key="start-check" tags=["demo"]
def softmax(z, axis=-1):
    return 1 / (1 + np.exp(-z))


try:
    check(softmax)
except CheckFailed as failed:
    print("CheckFailed:", failed)

# %% [markdown] key="start-table"
# Read the table from the top; the first row that failed is the one to mend.
#
# | result | what it means |
# |---|---|
# | ✓ passed | this is right |
# | ✗ failed | this is wrong; beside it stand the number that was seen and the one that was expected |
# | – not run | an earlier failure has cost all points already, so this one was not tried |
# | ! remark | no points lost, but worth knowing: an input was changed in place, say, or NumPy warned of something |
#
# Under the table stands a hint, because this very mistake is known.
# The check knows dozens of wrong answers that people give, by the numbers that come out, and says which of them it sees.
# Where your numbers are off in a way that nobody has met before, you get the numbers alone.
#
# **Points**
# Most checks concern the idea of the exercise, and one that fails costs all its points.
# A check of an edge costs one point: a batch of one sequence, a sequence of one step, an input that must be refused.
# The examples worked by hand often have a size of 1 too; one that fails while everything about the idea is right costs no more than the edge.
# Float64 where float32 was given earns a remark and costs nothing, except in the three exercises that say so: `one_hot`, `softmax` and `sigmoid`.
# Where an exercise is a list of questions, the points are in proportion to the questions that are right, rounded down.
# Where an exercise builds on an earlier one that is wrong, a right one is put in its place, so that nothing is lost twice.
#
# You may check as often as you like; only what you hand in counts.
#
# ## How grading works
#
# You hand in the notebook, the `.ipynb` file.
# The grader opens it in a closed room without network and treats its cells differently:
#
# | cell | what the grader does with it |
# |---|---|
# | imports and helper functions | runs them |
# | your answers | runs them |
# | cells that you added, demonstrations that you changed | runs them |
# | demonstrations that you left as they were | leaves them out, since they take time and define nothing that an answer needs |
# | the checks `check(...)` | does not run them; gives its own verdict in their place |
#
# Then it calls your functions with other sizes and other numbers than the check in your notebook, and compares what they return with a right answer.
# The rules are the same: a function that is right for all sizes and all numbers passes both.
# An endless loop is stopped after some seconds, and costs no more than its own exercise.
# A check cell that you changed or deleted comes back by itself; of an answer cell that stands there twice, the last one counts.
#
# **Can you see what is wrong?**
# Suppose that `shrink` were an exercise.
# This answer passes the check in the notebook, and gets no points:
#
# ```python
# scale = 0.5              # in a demonstration
#
# def shrink(x):           # the answer
#     return scale * x
# ```
#
# <details><summary>What is wrong</summary>
#
# The demonstration is left out when the notebook is graded, so `scale` does not exist there, and the call ends with `NameError: name 'scale' is not defined`.
# The same happens with a variable whose cell you have deleted: your kernel still remembers it, and the grader has never seen it.
# Let an answer use its arguments, what the cells with imports and helper functions define, and functions that you wrote; nothing else.
#
# </details>
#
# Before you hand in, choose *Restart Kernel and Run All Cells* in the menu *Kernel*.
# If all checks pass then, no answer hangs on a cell that is gone.
# This runs the demonstrations too, so it does not find an answer that uses one of their variables; that is for you to look at.
#
# ## The map of the course
#
# The filled part of each bar is the shorter time, the outline goes on to the longer one.

# %% key="start-map" tags=["demo"]
stops = [f"{s.title}, {s.minutes[0]} to {s.minutes[1]} minutes, {s.points} points" for s in course.units()]
plots.show(plots.course_map(course.units()), alt="A line with a stop for each unit: " + "; ".join(stops) + ".")
hours = [sum(s.minutes[end] for s in course.units()) / 60 for end in (0, 1)]
print(f"together {sum(s.points for s in course.units())} points, {hours[0]:.0f} to {hours[1]:.0f} hours")

# %% [markdown] key="start-closing"
# Units 01 and 02 lay the ground for all others.
# Each unit is a notebook that stands alone: it needs nothing that you wrote in an earlier one, and says at its top what you should know.
# The terms of the course, in English and Korean, with the letters and shapes of all arrays, are in `GLOSSARY.md`.
#
# ## What you have seen
#
# - A batch of sequences is an array (N, T, D); a network reads it step by step, `x[:, t]`, for all sequences at once.
# - Other conventions differ in letters, in rows or columns, and in the order of axes; transposing turns one into the other, and reshaping does not.
# - A check names what is wrong, and the mistake if it is a known one; grading asks the same questions with other numbers, of a notebook that must stand alone.
#
# ## Questions to think about
#
# <details><summary>What is the shape of x[:, -1, 0], and what does it hold?</summary>
#
# (N,): two axes are gone.
# It holds feature 0 of the last step, one number for each sequence.
#
# </details>
#
# <details><summary>Why do the figures of this unit use 2 sequences, 3 steps and 4 features, and not 3 of each?</summary>
#
# With equal sizes a mixed-up axis would leave all shapes as they are, and nobody would see it.
# The checks use different sizes for the same reason.
#
# </details>
#
# <details><summary>A batch holds sentences of different lengths. How can it be one array?</summary>
#
# T is the length of the longest, and the others are filled up with a symbol that means "nothing here".
# The loss must then leave those places out; unit 02 does that with a mask.
#
# </details>
#
# ## What to read next
#
# - C. R. Harris and others, *Array Programming with NumPy*, Nature, 2020: axes, slices and broadcasting by the people who made them.
# - A. Paszke and others, *PyTorch: An Imperative Style, High-Performance Deep Learning Library*, NeurIPS, 2019: the library that is our oracle throughout.
# - The documentation of `torch.nn.RNN`: read its formula and its shapes beside the table above.
#
# In unit 01 you write your first cell.
