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
# In this course you build recurrent neural networks by hand, and after each function a check says whether it is right.
# This first unit asks for no code.
# It makes sure that everything runs, introduces the notation, and shows what a check says.
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
# Run the cells from top to bottom.
#
# ## Is everything there?
#
# The first cell tests your installation.
# It takes a few seconds, because it loads PyTorch.

# %% key="start-environment" tags=["demo"]
from rnnlab import check_environment

check_environment()

# %% [markdown] key="start-environment-read"
# Every line should say "as tested".
# "Other version" is only a warning; "missing" and "does not start" must be repaired first, and the line under the table says how.
#
# <details><summary>I get this message</summary>
#
# - `ModuleNotFoundError: No module named 'rnnlab'`: the notebook runs in a different Python from the one in which you installed the course.
#   Close JupyterLab, activate the course's environment, and start it from there; or choose the right kernel at the top right of this page.
# - `NameError: name 'np' is not defined`, in any unit: the cell with the imports has not been run since the kernel started.
#   The menu *Run* has *Run All Above Selected Cell*.
# - "The kernel appears to have died": it ran out of memory, or two libraries do not fit together.
#   Restart it from the menu *Kernel*; if it happens again, set up the course's environment again, as its README describes.
#
# </details>

# %% [markdown] key="start-three-axes"
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
# To see which axis is which, we fill an array with numbers that encode their position: the entry at `x[1, 2, 0]`, which belongs to sequence 1, step 2, feature 0, is 120.

# %% key="start-imports"
import numpy as np
import torch

from rnnlab import CheckFailed, check, course, plots

N, T, D, H = 2, 3, 4, 5  # sequences, steps, features, hidden units

# %% key="start-axes" tags=["demo"]
n, t, d = np.indices((N, T, D))  # each (N, T, D)
x = 100 * n + 10 * t + d  # (N, T, D) = (2, 3, 4)
plots.show(plots.batch_axes(x, n=1, t=2), "start-axes")

# %% [raw] alt="start-axes"
# The array x as two tables of 3 rows and 4 columns, one for each sequence; time runs down, features run right.
# The entry of sequence n, step t, feature d is written with these three digits, from 000 to 123.
# The second table, x[1], is framed and drawn again: shape (T, D).
# The last rows of both tables, x[:, 2], are shaded and drawn again below each other: shape (N, D).

# %% [markdown] key="start-slices"
# The framed table is one whole sequence; the shaded rows are one step of all sequences.
# A recurrent network works with the shaded kind: at each step it takes the inputs of all N sequences at once.
#
# **Guess first:** what are the shapes of `x`, `x[1]`, `x[:, 2]`, `x[1, 2]` and `x[:, 2:3]`?
# An index removes its axis, a slice keeps it.

# %% key="start-shapes" tags=["demo"]
parts = {"x": x, "x[1]": x[1], "x[:, 2]": x[:, 2], "x[1, 2]": x[1, 2], "x[:, 2:3]": x[:, 2:3]}
for name, part in parts.items():
    print(f"{name:<10}{part.shape}")

# %% [markdown] key="start-counting"
# In the last line the slice `2:3` keeps its axis, although only one step is left; a shape such as (2, 1, 4) is a frequent surprise.
#
# **From 1 or from 0?**
# Formulas count steps from 1, arrays from 0.
# So $x_1$ is `x[:, 0]`, and $x_T$ is `x[:, T - 1]` or `x[:, -1]`.
# The states $h_1$ to $h_T$ are kept in an array `h_all` (N, T, H) in the same way; the state before the first step, $h_0$, has an array of its own, `h0` (N, H).

# %% [markdown] key="start-notations"
# ## One network, many notations
#
# Books, courses and libraries write the same recurrent network in different ways:
#
# - This course: $h_t = \tanh(x_t W_{xh} + h_{t-1} W_{hh} + b_h)$
# - Columns, after Andrew Ng's course: $a^{\langle t\rangle} = \tanh(W_{ax}\, x^{\langle t\rangle} + W_{aa}\, a^{\langle t-1\rangle} + b_a)$
# - Columns, short, in many books: $h_t = \tanh(W_x\, x_t + W_h\, h_{t-1} + b)$
# - PyTorch's documentation: $h_t = \tanh(x_t W_{ih}^T + b_{ih} + h_{t-1} W_{hh}^T + b_{hh})$
#
# What the formulas mean is the subject of unit 01; here only the notation matters.
# There are three real differences; everything else is a matter of names.
#
# - *Rows or columns.* Here each sequence of a batch is a row, and is multiplied by a weight matrix on its right. In the column convention it is a column, and the transposed matrix is on its left.
# - *One bias or two.* PyTorch adds two where one is enough; their sum is $b_h$.
# - *The order of the axes.* More about it below.
#
# <details><summary>A table of all names, for reading other sources alongside this course</summary>
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
# </details>
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
# PyTorch stores its weights as in the column convention, although the sequences of its batches are rows.
#
# **Guess first:** this course has $W_{xh}$ (4, 5) for D = 4 and H = 5. What is the shape of PyTorch's `weight_ih_l0`?

# %% key="start-torch" tags=["demo"]
rnn = torch.nn.RNN(input_size=D, hidden_size=H, batch_first=True)
for name, weight in rnn.named_parameters():
    print(f"{name:<14}{tuple(weight.shape)}")

# %% [markdown] key="start-rows"
# It is (5, 4), the transpose; `l0` stands for the first and only layer.
#
# Do rows and columns lead to the same numbers?
# Below, the same two inputs are multiplied by the same weights both ways.

# %% key="start-columns" tags=["demo"]
rng = np.random.default_rng(0)
W_xh = rng.normal(size=(D, H))  # (4, 5), this course
W_ax = W_xh.T  # (5, 4), columns
rows = x[:, 0] @ W_xh  # (N, D)(D, H) = (N, H)
columns = W_ax @ x[:, 0].T  # (H, D)(D, N) = (H, N)
print("rows", rows.shape, " columns", columns.shape, " same numbers:", np.allclose(rows, columns.T))

# %% [markdown] key="start-features-first"
# They do, so a formula can be translated factor by factor: reverse the order of each product, and transpose every matrix.

# %% [markdown] key="start-elsewhere"
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
# The numbers in `transpose` name the old axes in their new order: `(1, 2, 0)` means "first what was axis 1, then axis 2, then axis 0".
#
# **Guess first:** you have features first, (4, 2, 3), and want (2, 3, 4).
# Do `reshape(2, 3, 4)` and `transpose(1, 2, 0)` give the same array?

# %% key="start-transpose" tags=["demo"]
features_first = x.transpose(2, 0, 1)  # (n_x, m, T_x) = (4, 2, 3)
by_transpose = features_first.transpose(1, 2, 0)  # (N, T, D) = (2, 3, 4)
by_reshape = features_first.reshape(N, T, D)  # (2, 3, 4)
for name, y in (("transpose", by_transpose), ("reshape", by_reshape)):
    print(f"by {name:<10}{y.shape}  [1, 2] is {y[1, 2]}  equal to x: {np.array_equal(y, x)}")

# %% [markdown] key="start-reshape"
# A transpose moves axes; a reshape reads the numbers in their order and fills the new shape with them, row by row.
# After the reshape the shape is right, but where step 2 of sequence 1 should be, there is now feature 3 four times: of the last step of sequence 0, and of all three steps of sequence 1.
# A right shape proves little, which is why the checks of this course compare numbers.

# %% [markdown] key="start-exercise"
# ## How an exercise works
#
# Each exercise is one function.
# The text says what it takes and returns, works a small case by hand, and offers three hints to unfold one at a time: the idea, the formula, and pseudocode.
# The hints cost nothing.
#
# In the cell below the text, replace `raise NotImplementedError(...)` with your code, and run it.
# Then run the check: `check(softmax)`, for example, calls your function `softmax` with several inputs and shows a table.
#
# Here is the table of a wrong answer.
# `softmax`, from unit 01, should turn each row of scores into shares that sum to 1; the function below squashes each score separately.
# (In your own notebooks you need no `try`: it is here to keep this one running after the failed check.)


# %% key="start-check" tags=["demo"]
def softmax(z, axis=-1):
    return 1 / (1 + np.exp(-z))


try:
    check(softmax)
except CheckFailed as failed:
    print("CheckFailed:", failed)

# %% [markdown] key="start-table"
# Read the table from the top; the first row that failed is the one to work on.
#
# | result | what it means |
# |---|---|
# | ✓ passed | this is right |
# | ✗ failed | this is wrong; beside it are the number seen and the number expected |
# | – not run | an earlier failure has cost all points already, so this one was not tried |
# | ! remark | no points lost, but worth knowing: an input was changed in place, say, or NumPy warned of something |
#
# The hint under the table appears because this mistake is known: the checks recognise hundreds of mistakes by the numbers that come out.
# You may check as often as you like; only what you hand in counts.
#
# <details><summary>What costs how many points</summary>
#
# - Most rows of the table test the idea of the exercise; if one of them fails, all points are lost.
# - A row that tests an edge case costs one point: for example a batch of one sequence, a sequence of one step, an empty input, or an input that must be refused.
# - The examples worked by hand often have a size of 1 too; if such an example fails and everything else about the idea is right, this costs one point, together with the edge case of that size.
# - float64 in place of float32 gives a remark and costs nothing, also where the text asks for a dtype; only in `one_hot`, `softmax` and `sigmoid` does it cost a point.
# - If an exercise is a list of questions, the points are in proportion to the right answers, rounded down.
# - If an exercise builds on an earlier one that is wrong, a right function takes the place of that one, so that nothing is lost twice.
#
# </details>

# %% [markdown] key="start-stuck"
# ## When you are stuck
#
# You may skip an exercise and come back to it.
# A cell that begins with a line such as `stand_in("softmax")` uses your function, right or wrong, if you have written one; otherwise a function of the course takes its place, and a line says so.
# No check accepts that function, and it earns no points.
#
# *Run All* stops at the first check that does not pass.
# This is intended: to go on, select the cell below it and choose *Run Selected Cell and All Below* in the menu *Run*.

# %% [markdown] key="start-grading"
# ## How grading works
#
# You hand in the notebook, the `.ipynb` file.
# The grader opens it in a sandbox without network and treats its cells differently:
#
# | cell | what the grader does with it |
# |---|---|
# | imports, helper functions, your answers, cells that you added or changed | runs them |
# | demonstrations, such as figures and experiments, that you left unchanged | skips them: they take time and define nothing that an answer needs |
# | the checks, `check(...)` | does not run them; judges your function itself |
#
# Then it calls your functions with other sizes and other numbers than the check in your notebook does, and compares the results with those of a right answer.
# The rules are the same: a function that is right for all sizes and all numbers passes both.
# An endless loop is stopped after some seconds, and costs only the points of its own exercise.
#
# **Can you see what is wrong?**
# Suppose that `shrink` were an exercise.
# This answer passes the check in the notebook, and gets no points:
#
# ```python
# scale = 0.5              # in a demonstration, as the notebook came
#
# def shrink(x):           # the answer
#     return scale * x
# ```
#
# <details><summary>What is wrong</summary>
#
# The grader skips the unchanged demonstration, so `scale` does not exist there, and the call ends with `NameError: name 'scale' is not defined`.
# The same happens with a variable whose cell you have deleted: your kernel still remembers it, but the grader has never seen it.
# An answer may use its arguments, what the cells with imports and helper functions define, and what is in cells that you wrote yourself; nothing else.
#
# </details>
#
# Before you hand in, choose *Restart Kernel and Run All Cells* in the menu *Kernel*.
# If all checks pass then, no answer depends on a cell that is gone.
# This does not reveal an answer that uses a variable of a demonstration; look for that yourself.

# %% [markdown] key="start-the-map"
# ## The map of the course
#
# The filled part of each bar is the shorter time, its outline ends at the longer one.
# Both are the times of the exercises plus the time to read the text at 200 words per minute.

# %% key="start-map" tags=["demo"]
units = course.units()
spans = [" to ".join(str(minutes) for minutes in sorted(set(u.minutes))) for u in units]
stops = "; ".join(f"{u.title}, {span} minutes, {u.points} points" for u, span in zip(units, spans, strict=True))
plots.show(plots.course_map(units), "start-map", stops=stops)
hours = [sum(u.minutes[end] for u in units) / 60 for end in (0, 1)]
print(f"together {sum(u.points for u in units)} points, {hours[0]:.0f} to {hours[1]:.0f} hours")

# %% [raw] alt="start-map"
# A line with a stop for each unit: {stops}.

# %% [markdown] key="start-closing"
# All units from 03 on build on the ideas of units 01 and 02.
# Each unit is a notebook of its own: it needs nothing that you wrote in an earlier one, and says at its top what you should know.
# The terms of the course, in English and Korean, with the letters and shapes of all arrays, are in `GLOSSARY.md`.
#
# ## What you have seen
#
# - A batch of sequences is an array (N, T, D); a network reads it step by step, `x[:, t]`, for all sequences at once.
# - Other conventions differ in letters, in rows or columns, and in the order of axes; transposing turns one into the other, and reshaping does not.
# - A check says what is wrong, and names the mistake if it is a known one; grading asks the same questions with other numbers.

# %% [markdown] key="start-questions"
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
# T is the length of the longest one, and the others are *padded* with a symbol that means "nothing here".
# The loss must then ignore those places; unit 02 does that with a mask.
#
# </details>
#
# ## What to read next
#
# - C. R. Harris and others, [Array Programming with NumPy](https://doi.org/10.1038/s41586-020-2649-2), Nature, 2020: axes, slices and broadcasting by the people who made them.
# - PyTorch, [`torch.nn.RNN`](https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html): read its formula and its shapes beside the table of names above.
# - A. Paszke and others, [PyTorch: An Imperative Style, High-Performance Deep Learning Library](https://arxiv.org/abs/1912.01703), NeurIPS, 2019: the library with which this course compares everything you build.
