# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] key="title"
# # 06 Image captioning
#
# A picture goes in, and a sentence comes out, word by word.
# You join a network that sees and a network that writes, and train both from random weights.
#
# At the end you can
#
# - build a captioning network from a CNN and an RNN, and turn its scores into sentences that stop by themselves;
# - say where the image can enter the RNN, and measure what difference it makes;
# - judge captions by truth and by BLEU, and attention by where it looks.
#
# **You build** a network that says what it sees, word by word.
# **Time** {minutes} minutes, in two halves: exercises 1 to 8 make the captioner; 9 and 10 judge it, perhaps on another day.
# **Points** {points}.
# **You need** units 01 and 02, and a rough idea of a convolution.
#
# <details><summary>How long training takes, why Run All stops, and what stand_in is</summary>
#
# All training together takes one to two and a half minutes; the text says so before each cell that takes long.
#
# *Run All* stops at the first check that does not pass yet; select the next cell and choose *Run Selected Cell and All Below*.
# Cells that begin with `stand_in(...)` use your functions; where one is not written yet, a function of the course takes its place, and a line says so.
# It cannot be handed in.
#
# </details>

# %% key="imports"
from collections import Counter

import numpy as np

from rnnlab import check, plots, scenes, stand_in
from rnnlab.plots import captioning

NULL, START, END, UNK = 0, 1, 2, 3
SPECIALS = ("<NULL>", "<START>", "<END>", "<UNK>")  # filler after the end, begin, stop, any rare word

# %% [markdown] key="pipeline-intro"
# # First half: the captioner
#
# Two networks in series describe an image.
#
# - A *CNN* reads it.
#   The layers that would turn what it sees into scores of classes are cut off; what remains is the *image vector* $v$.
# - An *RNN* writes.
#   It first reads START; then each word that it writes becomes its next input, until it writes END.
#
# The image enters through a matrix $W_{ih}$ ("image to hidden"):
#
# $$h_1 = \tanh(x_1 W_{xh} + h_0 W_{hh} + b_h + v\,W_{ih})$$
#
# $$h_t = \tanh(x_t W_{xh} + h_{t-1} W_{hh} + b_h) \qquad \text{for } t > 1$$
#
# Do not confuse it with PyTorch's `weight_ih_l0`: there "ih" is *input* to hidden, the transpose of this course's $W_{xh}$.

# %% key="pipeline-figure" tags=["demo"]
plots.show(captioning.pipeline(["straw", "hat"]), "pipeline-figure")

# %% [raw] alt="pipeline-figure"
# An image goes into a CNN, whose last two layers, 1,000 scores and softmax, are cut off; it gives a vector v.
# Three steps of an RNN read START, straw, hat and write straw, hat, END.
# Dashed arrows lead from each written word to the next input.
# A solid arrow carries v W_ih into the first step; dotted arrows lead to the other steps.

# %% [markdown] key="which-arrow"
# Suppose the photo shows a man in a straw hat.
# The term $v\,W_{ih}$ moves $h_1$ so that "straw" gets a high score; "straw" is fed back, and now "hat" is likely; then END.
#
# **Can you see what is wrong?**
# Some notes give these formulas, and say that at the second word the CNN sends its information to the RNN *again*.
#
# <details><summary>What does not fit</summary>
#
# In the second formula there is no $v$: at the second word the RNN knows of the image only what $h_1$ has kept.
# A network in which $v$ enters at every step (dotted arrows) can be built too, but it is another network.
#
# </details>
#
# ## Scenes instead of photos
#
# Networks for photos learn from a hundred thousand of them.
# This unit's networks train in seconds, on drawn scenes, and the program that draws a scene knows which sentences about it are *true*.

# %% key="data-sheet" tags=["demo"]
some = scenes.draw(4, seed=1) + scenes.draw(4, seed=4, things=2)
captions = [scenes.caption(scene) for scene in some]
plots.show(captioning.sheet(scenes.images(some, seed=1), captions, some), "data-sheet")

# %% [raw] alt="data-sheet"
# Eight scenes with their captions, four with one thing and four with two.
# A letter beside each thing names its colour: R, G, B or Y.

# %% [markdown] key="data-choices"
# Each scene has one caption to learn: things are named in reading order (row by row, from the left); the second follows after "left of" or "right of" if the two are farther apart horizontally than vertically, else after "above".
# Other true captions ("a blue square below …") count as true, but are never trained on.
#
# ## Exercise 1: build_vocab (1 point)
#
# **Write** the function that numbers the words of captions.
#
# **Difficulty** ●○○ (easy) · **Time** 5 min
#
# **In** `captions`: a list of strings, words separated by spaces; `min_count`: how often a word must occur in all captions together to be kept
#
# **Out** a dict from word to number: the four `SPECIALS` get 0 to 3, the kept words follow from 4 in alphabetical order; without captions, the `SPECIALS` alone.
# (Words that are not kept will become `<UNK>`, unknown.)
#
# **By hand** With `min_count=2`, the captions "a red circle" and "a blue circle on a red square" keep
#
# | `<NULL>` | `<START>` | `<END>` | `<UNK>` | a | circle | red |
# |---|---|---|---|---|---|---|
# | 0 | 1 | 2 | 3 | 4 | 5 | 6 |
#
# <details><summary>Hint 1: the idea</summary>
#
# Two passes: first count, then number.
# The order is fixed because a set of strings can have a different order each time Python starts; a network saved yesterday would then write gibberish today.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# A word is kept if its count is at least `min_count`; the $k$-th kept word in alphabetical order, counted from 0, gets the number $4 + k$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# `Counter` (imported above) counts what a loop over captions and their words hands it.
# Sort the words whose count suffices, put the specials before them, and let `enumerate` do the numbering.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - The words are single letters: looping over a string gives its letters; split it first.
# - `unhashable type: 'list'`: whole split captions were handed to the counter instead of words.
#
# </details>


# %% exercise="build_vocab" points=1
def build_vocab(captions, min_count):
    """Return the vocabulary of captions: a dict from word to number.

    captions: list of strings, words separated by spaces
    min_count: a word is kept if it occurs at least so often in all captions together
    Returns a dict: the SPECIALS are 0 .. 3, the kept words follow in alphabetical order.
    """
    ### BEGIN SOLUTION
    counts = Counter(word for caption in captions for word in caption.split())
    kept = sorted(word for word in counts if counts[word] >= min_count)
    return {word: number for number, word in enumerate([*SPECIALS, *kept])}
    ### END SOLUTION


# %% check="build_vocab"
check(build_vocab)

# %% [markdown] key="encode-task"
# ## Exercise 2: encode_captions (2 points)
#
# **Write** the function that turns captions into rows of numbers, all equally long.
#
# **Difficulty** ●●○ (medium) · **Time** 10 min
#
# **In** `captions`: a list of N strings; `word_to_ix`: a vocabulary as in exercise 1; `T`: the length of a row, at least 2
#
# **Out** whole numbers (N, T): START, the words, END, then NULL to the end of the row.
# An unknown word becomes UNK; too long a caption loses its last words, never its END.
#
# **By hand** With the vocabulary above and $T = 6$:
#
# | caption | row |
# |---|---|
# | a red circle | 1 4 6 5 2 0 |
# | a blue circle on a red square | 1 4 3 5 3 2 |
#
# <details><summary>Hint 1: the idea</summary>
#
# How many words fit into a row of length $T$ if START and END must be there too?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# Row: START, at most $T - 2$ words, END, and as many NULL as are missing up to $T$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Begin with an array of whole numbers, (N, T), full of NULL.
# For each caption make the list of its numbers, cut to $T - 2$ words, with START before and END after it.
# Write the list into the beginning of the row.
# A dict's `.get` takes a second argument: what to give for an unknown key.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `could not broadcast input array from shape (9,) into shape (6,)`: the caption was not cut.
# - `KeyError: 'blue'`: the word is not in the vocabulary; it should become UNK.
# - `float64, expected int64`: `np.zeros` makes floats unless it is given a dtype.
#
# </details>


# %% exercise="encode_captions" points=2
def encode_captions(captions, word_to_ix, T):
    """Return captions as rows of word numbers: START, words, END, and NULL to the end.

    captions: list of N strings, words separated by spaces
    word_to_ix: dict from word to number; words that are not in it become UNK
    T: length of a row, at least 2; longer captions lose their last words, never their END
    Returns whole numbers (N, T).
    """
    ### BEGIN SOLUTION
    tokens = np.full((len(captions), T), NULL)
    for row, caption in zip(tokens, captions, strict=True):
        numbers = [word_to_ix.get(word, UNK) for word in caption.split()[: T - 2]]
        row[: len(numbers) + 2] = [START, *numbers, END]
    return tokens
    ### END SOLUTION


# %% check="encode_captions"
check(encode_captions)

# %% [markdown] key="shift-task"
# At every step the network reads one word and should predict the *next* one, so the same row gives input and target.
#
# ## Exercise 3: shift_captions (2 points)
#
# **Write** the function that makes inputs, targets and a mask from rows of word numbers.
#
# **Difficulty** ●○○ · **Time** 5 min
#
# **In** `tokens`: whole numbers (N, T)
#
# **Out** `inputs` (N, T−1), without the last column; `targets` (N, T−1), without the first; `mask` (N, T−1): True where the target is not NULL
#
# **By hand** For the row 1 4 6 5 2 0:
#
# | input | START | a | red | circle | END |
# |---|---|---|---|---|---|
# | target | a | red | circle | END | NULL |
# | mask | True | True | True | True | False |
#
# <details><summary>Hint 1: the idea</summary>
#
# Is START ever a target? Is the last number of a row ever an input?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $\text{inputs}[n, t] = \text{tokens}[n, t]$ and $\text{targets}[n, t] = \text{tokens}[n, t + 1]$, for $t$ from 0 to $T - 2$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Two slices along the second axis.
# The mask is a comparison of one of them with NULL; decide which of the two it is whose NULLs should not count.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `inputs has shape (3, 6)` where `(3, 5)` is expected: nothing was cut off.
# - The mask is off by one: it was taken from the inputs.
#
# </details>


# %% exercise="shift_captions" points=2
def shift_captions(tokens):
    """Return what a captioning network reads, what it should write, and which of its answers count.

    tokens: whole numbers (N, T), rows of START, words, END, NULL
    Returns inputs (N, T - 1): all but the last number of each row;
    targets (N, T - 1): all but the first; and
    mask (N, T - 1): True where the target is not NULL.
    """
    ### BEGIN SOLUTION
    inputs, targets = tokens[:, :-1], tokens[:, 1:]
    return inputs, targets, targets != NULL
    ### END SOLUTION


# %% check="shift_captions"
check(shift_captions)

# %% [markdown] key="embedding-task"
# ## A vector for every word
#
# A one-hot vector times a matrix picks one row of it (unit 01); with thousands of words it is quicker to pick the row directly.
# Such a matrix is called an *embedding*, and its rows are trained.
#
# ## Exercise 4: embedding_forward (1 point)
#
# **Write** the function that gives every word its row.
#
# **Difficulty** ●○○ · **Time** 5 min
#
# **In** `tokens`: whole numbers (N, T); `W` (V, E): a row for each of V words
#
# **Out** (N, T, E), in the dtype of `W`
#
# **By hand** With the rows $W_0 = (0, 0)$, $W_1 = (1, 10)$, $W_2 = (2, 20)$, the tokens 2 1 1 give $(2, 20), (1, 10), (1, 10)$.
#
# <details><summary>Hint 1: the idea</summary>
#
# What does NumPy give when an array is indexed by an array of whole numbers?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $\text{out}[n, t]$ is the row of $W$ with the number $\text{tokens}[n, t]$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# No loop is needed: the result of such an indexing has the axes of the index, then the remaining axes of `W`.
# Try it on the example by hand.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `the result has shape (3, 4, 2)` with the axes in another order: the columns were picked instead of the rows.
# - The result is float64 where float32 is expected: an array was made with `np.zeros`, without a dtype.
#
# </details>


# %% exercise="embedding_forward" points=1
def embedding_forward(tokens, W):
    """Return the embeddings of words.

    tokens: whole numbers 0 .. V - 1 (N, T)
    W: embedding matrix (V, E)
    Returns (N, T, E), in the dtype of W: for each word its row.
    """
    ### BEGIN SOLUTION
    return W[tokens]
    ### END SOLUTION


# %% check="embedding_forward"
check(embedding_forward)

# %% [markdown] key="embedding-backward-task"
# ## Exercise 5: embedding_backward (2 points)
#
# **Write** the gradient of the embedding matrix: each word's gradient is added to the row that the word was taken from.
#
# **Difficulty** ●●○ · **Time** 10 min
#
# **In** `dout` (N, T, E): the gradient with respect to the result of exercise 4; `tokens` (N, T); `V`: the number of rows
#
# **Out** `dW` (V, E), in the dtype of `dout`
#
# **By hand** Tokens 2 1 1, $V = 3$, gradients $(1, 1), (2, 0), (3, 0)$: row 2 gets $(1, 1)$, row 1 gets $(2, 0) + (3, 0) = (5, 0)$, row 0 stays $(0, 0)$.
#
# <details><summary>Hint 1: the idea</summary>
#
# Seen as one-hot vectors, the forward pass is the product $X W$.
# What is the gradient of a product, and what does it do with rows that occur twice?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $dW[v] = \sum_{n, t:\ \text{tokens}[n, t] = v} dout[n, t]$
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Begin with zeros, (V, E), in the right dtype.
# A double loop over n and t that adds to the right row is correct.
# Without a loop, try `dW[tokens] += dout` on the example by hand and look at row 1: which of its two gradients is missing?
# If you want to do without the loop nevertheless, look for "unbuffered" in NumPy's page on universal functions.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - Only the rows of repeated words are off: see hint 3.
# - `dW is float64, expected float32`: give the zeros the dtype of `dout`.
#
# </details>


# %% exercise="embedding_backward" points=2
def embedding_backward(dout, tokens, V):
    """Return the gradient of an embedding matrix.

    dout: gradient with respect to the embeddings (N, T, E)
    tokens: the words that were looked up (N, T)
    V: number of words
    Returns dW (V, E), in the dtype of dout.
    """
    ### BEGIN SOLUTION
    dW = np.zeros((V, dout.shape[2]), dtype=dout.dtype)
    np.add.at(dW, tokens, dout)
    return dW
    ### END SOLUTION


# %% check="embedding_backward"
check(embedding_backward)

# %% [markdown] key="forward-task"
# ## Three ways in for the image
#
# | `inject` | what happens to $v\,W_{ih}$ | $h_0$ |
# |---|---|---|
# | `'h0'` | it *is* the initial state | $v\,W_{ih}$ |
# | `'first'` | added inside the tanh at the first step | zeros |
# | `'every'` | added inside the tanh at every step | zeros |
#
# <details><summary>What papers call them</summary>
#
# Tanti, Gatt and Camilleri (2017) call `'h0'` *init-inject* and `'every'` *par-inject*.
# In their *pre-inject* the image is a word of its own, read before all others; `'first'`, which adds it to START, comes close.
# With *merge* the RNN never sees the image, which joins the RNN's states at the read-out.
#
# </details>
#
# ## Exercise 6: caption_forward (5 points)
#
# **Write** the network that turns image vectors and words into scores of the next word.
#
# **Difficulty** ●●● (hard) · **Time** 20–25 min
#
# **In** `features` (N, D): the vectors $v$; `tokens` (N, T): the words to read; `params`: a dict of weights; `inject`: a name from the table
#
# | `W_embed` | `W_xh` | `W_hh` | `b_h` | `W_ih` | `W_hy` | `b_y` |
# |---|---|---|---|---|---|---|
# | (V, E) | (E, H) | (H, H) | (H,) | (D, H) | (H, V) | (V,) |
#
# **Out** scores (N, T, V), $h_t W_{hy} + b_y$, in the dtype of the weights; any other `inject` raises `ValueError`
#
# **By hand** One hidden unit; the two words have the embeddings 1 and 0; $W_{xh} = W_{hh} = 0.5$, $W_{ih} = 1$, $b_h = 0$, $v = 0.3$:
#
# | `inject` | $h_0$ | $h_1$ | $h_2$ |
# |---|---|---|---|
# | `'h0'` | 0.3 | $\tanh(0.5 + 0.15) = 0.572$ | $\tanh(0.286) = 0.278$ |
# | `'first'` | 0 | $\tanh(0.5 + 0.3) = 0.664$ | $\tanh(0.332) = 0.320$ |
# | `'every'` | 0 | $\tanh(0.5 + 0.3) = 0.664$ | $\tanh(0.332 + 0.3) = 0.559$ |
#
# <details><summary>Hint 1: the idea</summary>
#
# The three networks share everything but two things: the state before the first step, and the list of steps at which the image is added.
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $h_t = \tanh(x_t W_{xh} + h_{t-1} W_{hh} + b_h + s_t\, v W_{ih})$, where $s_t$ is 1 at the steps at which the image enters and 0 elsewhere; the scores are $h_t W_{hy} + b_y$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Refuse an unknown `inject`.
# Look up the embeddings of all words and compute the image's term, (N, H), once.
# The state begins as that term or as zeros of its shape.
# In the loop over the steps, add the image's term if `inject` is `'every'`, or if it is `'first'` and this is step 0.
# Stack the states along axis 1 and multiply by `W_hy` after the loop.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `the scores has shape (4, 3, 7)` where `(3, 4, 7)` is expected: the states were stacked along axis 0.
# - `'first'` is right at the first step and wrong from the second on: the image is added at every step.
# - `the scores is float64, expected float32`: `np.zeros((N, H))` makes float64; `np.zeros_like` keeps the type.
#
# </details>


# %% exercise="caption_forward" points=5
def caption_forward(features, tokens, params, inject):
    """Return the scores of the next word after every word of captions.

    features: image vectors (N, D); tokens: words to read (N, T), beginning with START
    params: dict with W_embed (V, E), W_xh (E, H), W_hh (H, H), b_h (H,), W_ih (D, H), W_hy (H, V), b_y (V,)
    inject: 'h0' (the image is the initial state), 'first' or 'every' (it is added at the first or at every step)
    Returns scores (N, T, V), in the dtype of the weights. Raises ValueError for any other inject.
    """
    ### BEGIN SOLUTION
    if inject not in ("h0", "first", "every"):
        raise ValueError(f"inject must be 'h0', 'first' or 'every', not {inject!r}")
    x, image = params["W_embed"][tokens], features @ params["W_ih"]
    h, states = image if inject == "h0" else np.zeros_like(image), []
    for t in range(tokens.shape[1]):
        a = x[:, t] @ params["W_xh"] + h @ params["W_hh"] + params["b_h"]
        seen = inject == "every" or (inject == "first" and t == 0)
        h = np.tanh(a + image if seen else a)
        states.append(h)
    return np.stack(states, axis=1) @ params["W_hy"] + params["b_y"]
    ### END SOLUTION


# %% check="caption_forward"
check(caption_forward)

# %% [markdown] key="loss-task"
# In training the network reads the *true* caption, whatever it would have written itself (*teacher forcing*).
#
# ## Exercise 7: caption_loss (2 points)
#
# **Write** the loss: cross-entropy, summed over the steps that count, averaged over the captions.
#
# **Difficulty** ●●○ · **Time** 10–15 min
#
# **In** `logits` (N, T, V): scores; `targets` (N, T): the right next words; `mask` (N, T): True where a step counts
#
# **Out** a number, finite also for scores in the thousands; N counts every caption, even one in which no step counts:
#
# $$L = -\frac{1}{N} \sum_{n} \sum_{t:\ \text{mask}[n, t]} \log \operatorname{softmax}(\text{logits}[n, t])_{\text{targets}[n, t]}$$
#
# **By hand** One caption with the scores $(0, 0)$, $(0, \ln 3)$, $(5, 1)$, the targets 0, 1, 0, and the mask True, True, False:
#
# - probabilities $1/2$ and $3/4$; the third step does not count;
# - $L = -\ln(1/2) - \ln(3/4) = 0.693 + 0.288 = 0.981$.
#
# <details><summary>Hint 1: the idea</summary>
#
# Which of the $V$ probabilities of a step enters the loss, and by what is the sum divided?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $\log \operatorname{softmax}(z)_i = z_i - m - \log \sum_j e^{z_j - m}$ with $m = \max_j z_j$; in this form nothing overflows, and no log of 0 is taken.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Shift the scores by their maximum along the last axis (`keepdims=True`) and subtract the log of the sum of their exponentials.
# Pick the entry of each target with `np.take_along_axis`, or with an index array for each axis.
# Multiply by the mask, sum everything, change the sign, divide by N.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `divide by zero encountered in log`: the softmax was taken first and has become 0; use the formula of hint 2.
# - `Every number is 1/T times what it should be`, with the value of T: it is a mean over steps; the loss sums over them.
# - `only integer scalar arrays can be converted`: the targets were used as a slice; each axis needs its own index array.
#
# </details>


# %% exercise="caption_loss" points=2
def caption_loss(logits, targets, mask):
    """Return the cross-entropy of captions, summed over the steps that count and averaged over the captions.

    logits: scores (N, T, V); targets: right next words (N, T); mask: True where a step counts (N, T)
    Returns a number.
    """
    ### BEGIN SOLUTION
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    right = np.take_along_axis(log_p, targets[:, :, np.newaxis], axis=-1)[:, :, 0]
    return -np.sum(right * mask) / len(logits)
    ### END SOLUTION


# %% check="caption_loss"
check(caption_loss)

# %% [markdown] key="before-training"
# **Predict, then run.** The vocabulary has $V = 24$ words, and a caption takes 8 or 9 steps, END included.
# What is the loss per caption of a network that gives every word the probability $1/V$?

# %% key="initial-loss" tags=["demo"]
stand_in("build_vocab", "encode_captions", "shift_captions")
one_thing, new_scenes = scenes.draw(2000, seed=10), scenes.draw(500, seed=11)
captions = [scenes.caption(scene) for scene in one_thing]
vocab = build_vocab(captions, min_count=1)
tokens = encode_captions(captions, vocab, T=10)  # (N, T)
inputs, targets, mask = shift_captions(tokens)  # (N, T - 1) each
V, rng = len(vocab), np.random.default_rng(0)

# %% key="first-loss" tags=["demo"]
stand_in("caption_forward", "caption_loss")
shapes = {"W_embed": (V, 8), "W_xh": (8, 16), "W_hh": (16, 16), "b_h": 16, "W_ih": (4, 16), "W_hy": (16, V), "b_y": V}
untrained = {name: 0.1 * rng.normal(size=shape) for name, shape in shapes.items()}
features = rng.normal(size=(2000, 4))  # (N, D): any numbers will do here
logits = caption_forward(features, inputs, untrained, "first")  # (N, T - 1, V)
print("V =", V, " shape of the scores", logits.shape)
print("loss                 ", round(float(caption_loss(logits, targets, mask)), 2))
print("mean steps times ln V", round(mask.sum(axis=1).mean() * np.log(V), 2))

# %% [markdown] key="one-network"
# The two numbers agree within 2 %.
# A first loss that is far off betrays an error in the loss, the mask or the scale of the weights.
#
# ## One network, one backward pass
#
# From here on PyTorch computes the gradients, that of your exercise 5 included.
# `Captioner` is a CNN of three convolutions, a layer that gathers their 6×6 positions into $v$, and PyTorch's RNN; where $v$ is to be added, it is laid beside the word's embedding: one matrix times both is the same as $x W_{xh} + v W_{ih}$.
# Does a gradient arrive at the very first convolution?

# %% key="one-backward" tags=["demo"]
import torch

from rnnlab.captioners import Captioner, spell, train, write

torch.set_num_threads(1)  # so small a network is faster without helpers
pictures, new_pictures = scenes.images(one_thing, seed=10), scenes.images(new_scenes, seed=11)  # from 0 to 1
centre = pictures.mean(axis=(0, 2, 3), keepdims=True)  # (1, 3, 1, 1): mean red, green, blue
x, y = torch.tensor(pictures - centre), torch.tensor(tokens)  # (2000, 3, 36, 36) and (2000, 10)
x_new = torch.tensor(new_pictures - centre)

# %% key="gradient-arrives" tags=["demo"]
torch.manual_seed(0)
model = Captioner(V, "every")
scores = model(x[:32], y[:32, :-1])  # (32, 9, V)
loss = torch.nn.functional.cross_entropy(scores.flatten(0, 1), y[:32, 1:].flatten(), ignore_index=NULL)
loss.backward()
print(f"loss per word {loss.item():.2f}, ln V {np.log(V):.2f}")
print(f"largest gradient in the first convolution {model.see[0].weight.grad.abs().max():.4f}")

# %% [markdown] key="tiny-batch"
# It does: no layer is held fixed.
#
# **Overfit a tiny batch first.**
# A network that cannot learn 32 pictures by heart is broken, and you know it in seconds instead of hours.
# `train` is the usual loop: Adam, clipped gradients (unit 03), a learning rate that rises and falls again.

# %% key="overfit" tags=["demo"]
torch.manual_seed(0)
losses = train(Captioner(V, "every"), x[:32], y[:32], epochs=100, title="32 scenes by heart")
print(f"first loss {losses[0]:.1f}, last loss {losses[-1]:.3f}")
plots.show(
    plots.curves({"32 scenes": losses}, "training step", "loss per caption"),
    "overfit",
    first=losses[0],
    last=losses[-1],
)

# %% [raw] alt="overfit"
# The loss per caption falls from {first:.1f} to {last:.3f} within 100 training steps.

# %% [markdown] key="greedy-task"
# ## Writing
#
# *Greedy* decoding writes the word with the highest score, reads it, and repeats this until END.
#
# ## Exercise 8: greedy_caption (4 points)
#
# **Write** greedy decoding for a batch of images, with your `caption_forward`; if yours is wrong, the check uses a right one instead.
#
# **Difficulty** ●●● · **Time** 20 min
#
# **In** `features` (N, D), `params` and `inject` as in exercise 6; `max_len`: the largest number of words, END included
#
# **Out** whole numbers (N, max_len): the words of each caption without START, then END, then NULL to the end of the row.
# A row that never ends has `max_len` words and no END.
# No row depends on the other images.
#
# **By hand** Six words: the specials, 4 = "straw", 5 = "hat".
# `W_embed` and `W_hy` are identity matrices, so each word has a hidden unit of its own, and the word with the highest unit is written.
# $W_{xh}$ is 1 from START to straw, from straw to hat, and from hat to END; $W_{ih}$ is 2 to hat; all else is 0.
# With `inject='first'` and `max_len=4`:
#
# | image | step 1 | step 2 | step 3 | result |
# |---|---|---|---|---|
# | $v = 0$ | START → straw | straw → hat | hat → END | 4 5 2 0 |
# | $v = 1$ | START → hat, since $\tanh 2 > \tanh 1$ | hat → END | finished | 5 2 0 0 |
#
# <details><summary>Hint 1: the idea</summary>
#
# What do you know after $t$ words, and what does `caption_forward` need to give you the next one?
# And how does a row of the batch that has written END keep quiet while the others go on?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $w_0 =$ START, and $w_t = \operatorname{argmax}_i \text{scores}_t[i]$, where step $t$ has read $w_{t-1}$; in a row that already contains END, $w_t =$ NULL.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Keep the words so far, (N, 1) full of START at the beginning, and a True or False per row that says whether it is finished.
# In each of `max_len` rounds, run `caption_forward` on all words so far, look only at the scores of the last step, and take the index of the largest.
# Where a row is finished, put NULL instead; then update which rows are finished, and append the new column.
# In the end leave out the column of START.
# Running the whole beginning again for each word is more work than carrying the state along, but it needs no new formula.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - The first column is all 1: START is in the result.
# - The same word again and again: the new word is not fed back, or `max` (the score) was taken for `argmax` (its index).
# - Rows go on after END, or all rows stop when the first one does: each row has its own end.
#
# </details>


# %% exercise="greedy_caption" points=4
def greedy_caption(features, params, max_len, inject):
    """Return captions in which every word is the one with the highest score.

    features: image vectors (N, D); params, inject: as in caption_forward
    max_len: largest number of words, END included
    Returns whole numbers (N, max_len): words, END, and NULL to the end of the row; without START.
    """
    ### BEGIN SOLUTION
    tokens = np.full((len(features), 1), START)
    finished = np.zeros(len(features), dtype=bool)
    for _ in range(max_len):
        scores = caption_forward(features, tokens, params, inject)[:, -1]
        best = np.where(finished, NULL, scores.argmax(axis=-1))
        finished |= best == END
        tokens = np.concatenate([tokens, best[:, np.newaxis]], axis=1)
    return tokens[:, 1:]
    ### END SOLUTION


# %% check="greedy_caption"
check(greedy_caption)

# %% [markdown] key="compare-intro"
# ## The experiment: where should the image enter?
#
# Six wirings learn from 2,000 scenes for 8 epochs, each from three seeds: an RNN with your three ways in, and an LSTM (unit 04) with the image as $h_0$ (and $c_0 = 0$), as $h_0$ *and* $c_0$, and at every step.
# Each describes 500 new scenes; the *truth rate* is the share of its captions that are true.
#
# **Predict, then run.** Order the three RNNs by truth rate.
# Will the LSTM, with its longer memory, rescue "image as $h_0$"?
# (18 trainings of 2 to 5 s each)

# %% key="compare-run" tags=["demo"]
wirings = {"RNN, h0": ("h0", "RNN"), "RNN, first step": ("first", "RNN"), "RNN, every step": ("every", "RNN")}
wirings |= {"LSTM, h0": ("h0", "LSTM"), "LSTM, h0 and c0": ("h0 and c0", "LSTM"), "LSTM, every step": ("every", "LSTM")}
models, written, truth = {}, {}, {name: [] for name in wirings}
for name, (inject, cell) in wirings.items():
    for seed in (0, 1, 2):
        torch.manual_seed(seed)
        model = models[name, seed] = Captioner(V, inject, cell)
        train(model, x, y, epochs=8, title=f"{name}, seed {seed}")
        written[name, seed] = spell(write(model, x_new), vocab)
        truth[name].append(scenes.truth_rate(written[name, seed], new_scenes))

# %% key="compare-figure" tags=["demo"]
means = ", ".join(f"{name} {np.mean(rates):.2f}" for name, rates in truth.items())
plots.show(captioning.bars(truth, "truth rate on 500 new scenes; a dot for each seed"), "compare-figure", means=means)
print("different captions among the 500, and the share of right sizes, colours, shapes and places (seed 0)")
for name in wirings:
    right = scenes.parts_right(written[name, 0], new_scenes)
    print(f"{name:<18}{len(set(written[name, 0])):4}  ", *(f"{part} {share:.2f}" for part, share in right.items()))

# %% [raw] alt="compare-figure"
# A bar for each of the six wirings, as long as the mean truth rate of three seeds, with a dot for each seed.
# The means: {means}.

# %% [markdown] key="compare-saw"
# Seen at every step, the image is found within 8 epochs, by RNN and LSTM.
# Seen once, it is not, or only in part: most of these networks write one caption, or a few, for all images.
# They have learned how captions *sound*, and guess what they should see.
#
# Is the way from the image to the word too long (unit 03)?
# That is not all: except in the LSTM with $c_0$, even the size, the word right after *a*, is right in only half of the scenes, as if guessed.
# And the LSTM with the image in $c_0$ learns size and place, the nearest and the farthest word, earlier than colour and shape.
# With $c_0 = 0$ it is no better than the RNN.
#
# **Predict, then run.** Is a network that sees the image once unable, or only slow?
# The RNN that sees the image at the first step gets 25 epochs.
# Which words will it get right first? (10 s)

# %% key="longer" tags=["demo"]
torch.manual_seed(0)
longer = Captioner(V, "first")
train(longer, x, y, epochs=25, title="first step, 25 epochs")
said = spell(write(longer, x_new), vocab)
print(f"truth rate {scenes.truth_rate(said, new_scenes):.3f} ", scenes.parts_right(said, new_scenes))

# %% [markdown] key="plateau"
# This one is slow: it learned one word after the other, and still guesses the place, which is farthest from the image.
# How long it takes is a matter of luck: after 60 epochs the truth rates of seeds 0 to 2 were 0.96, 0.20 and 0.48.
# So one look can be enough; learning to use it takes long.
# For photos, with large CNNs trained before, two papers at the end report the opposite of these bars: one look worked better.
#
# <details><summary>What varies</summary>
#
# Here the words were learned from front to back; in another run, rounded differently, the colour came before the size.
# `test_how_far_one_look_is_learned_after_60_epochs_depends_on_the_seed` in `tests/solutions/test_claims_u06.py` measures the runs of 60 epochs anew; they differ between processors.
#
# </details>
#
# ## Your network
#
# Is what you wrote the same network?
# Your functions get the trained weights of the RNN that sees the image at every step.

# %% key="own-network" tags=["demo"]
stand_in("greedy_caption", "caption_forward")
best = models["RNN, every step", 0].eval()
params, v = best.weights_in_numpy(), best.see(x_new).detach().numpy()  # v (500, 64)
yours = greedy_caption(v, params, 11, "every")  # (500, 11)
agree = np.mean([a == b for a, b in zip(spell(yours, vocab), written["RNN, every step", 0], strict=True)])
print(f"the same captions as PyTorch's network: {agree:.1%}")
rows = np.concatenate([np.full((1, 1), START), yours[:1]], axis=1)
p = np.exp(caption_forward(v[:1], rows[:, :9], params, "every")[0])  # (9, V), up to a factor
for word, chance in zip(["START", *spell(yours, vocab)[0].split()], p[:, END] / p.sum(axis=1), strict=False):
    print(f"P(END) after {word:<8} {chance:.3f}")

# %% [markdown] key="end-saw"
# Your functions write PyTorch's captions, and END is a word like any other: its probability is near 0 until the sentence is complete.
#
# **End of the first half.** You have a captioner, from pixels to sentences.
# Stop here if you like; nothing in units 07 and later needs the second half.
#
# # Second half: looking and judging
#
# ## What the network is fed
#
# The pixels were *centred*: the mean colour was subtracted, since the background is nearly white.
# `BatchNorm2d` centres the output of each convolution, channel by channel, and scales it too.
#
# **Predict, then run.** Which matters more? Will the network with neither still learn? (10 s)

# %% key="pixels" tags=["demo"]
for pixels, shift in (("centred", centre), ("raw", np.zeros_like(centre))):
    for norm in (True, False):
        torch.manual_seed(0)
        model = Captioner(V, "every", batch_norm=norm)
        train(model, torch.tensor(pictures - shift), y, epochs=8)
        said = written[pixels, norm] = spell(write(model, torch.tensor(new_pictures - shift)), vocab)
        print(f"{pixels:<8}{'with' if norm else 'without':>8} BatchNorm {scenes.truth_rate(said, new_scenes):.3f}")

# %% [markdown] key="pixels-saw"
# With BatchNorm, centring hardly matters, since BatchNorm centres the output of the first convolution anyway.
# Without it, centring helps but is not enough, and the network with neither does worst.
#
# Here are four true ones, and four false ones of the network with raw pixels and no BatchNorm.

# %% key="right-and-wrong" tags=["demo"]
good, bad = written["RNN, every step", 0], written["raw", False]
right = [i for i, scene in enumerate(new_scenes) if scenes.is_true(good[i], scene)][:4]
wrong = [i for i, scene in enumerate(new_scenes) if i > right[-1] and not scenes.is_true(bad[i], scene)][:4]
titles = [f"true:\n{good[i]}" for i in right] + [f"FALSE:\n{bad[i]}" for i in wrong]
shown = right + wrong
plots.show(captioning.sheet(new_pictures[shown], titles, [new_scenes[i] for i in shown]), "right-and-wrong")

# %% [raw] alt="right-and-wrong"
# Eight different scenes with captions that networks wrote: the four above are marked true, the four below false.

# %% [markdown] key="shuffle-intro"
# The false captions are faultless English, and some of their words are right: what a fluent network does not know, it invents.
#
# **Predict, then run.** Does the good network look at the image at all?
# Every scene gets the picture of another one: what should happen to the truth rate?

# %% key="shuffle" tags=["demo"]
other = torch.randperm(500, generator=torch.Generator().manual_seed(1))
confused = spell(write(best, x_new[other]), vocab)
print(f"truth rate with the right pictures {truth['RNN, every step'][0]:.3f}")
print(f"truth rate with shuffled pictures  {scenes.truth_rate(confused, new_scenes):.3f}")

# %% [markdown] key="bleu-intro"
# It collapses, so the captions come from the picture, not from habit.
#
# ## Counting words instead of truth
#
# For photos there is no list of all true captions.
# There, a caption is compared with *references* that people have written, by a score from machine translation, BLEU.
# It counts the caption's *$n$-grams*, runs of $n$ words, that occur in a reference too.


# %% key="ngrams"
def ngrams(words, n):
    """Return how often each run of n words occurs, as a Counter of tuples."""
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))


# %% [markdown] key="bleu-exercise"
# An $n$-gram counts at most as often as in the one reference that has most of it (*clipping*); otherwise "red red red red" would have $p_1 = 1$:
#
# $$p_n = \frac{\text{clipped matches}}{\text{number of } n\text{-grams in the caption}}$$
#
# Let $c$ be the length of the caption, and $r$ that of the reference closest in length (the shorter of two equally close). If $c < r$, the caption pays a *brevity penalty*; otherwise "a red", cut from "a red circle", would be perfect for `max_n=2`:
#
# $$B = \min(1,\ e^{1 - r/c}) \qquad \text{BLEU} = B \cdot (p_1\, p_2 \cdots p_{\text{max\_n}})^{1/\text{max\_n}}$$
#
# ## Exercise 9: bleu (2 points)
#
# **Write** BLEU for one caption; `ngrams` above counts the runs for you.
#
# **Difficulty** ●●○ · **Time** 15 min
#
# **In** `candidate`: the caption, a string; `references`: a list of strings, at least one; `max_n`: the length of the longest runs that count, 4 if it is not given
#
# **Out** a number from 0 to 1; 0 if any $p_n$ is 0 or has nothing to count, as for an empty caption
#
# **By hand** The caption "a red red circle", the only reference "a red circle", and `max_n=2`:
#
# - words: *a* 1, *red* clipped to 1, *circle* 1; $p_1 = 3/4$
# - pairs: *a red* and *red circle*, not *red red*; $p_2 = 2/3$
# - $c = 4 \ge r = 3$, so $B = 1$, and BLEU $= \sqrt{3/4 \cdot 2/3} = 0.707$
#
# <details><summary>Hint 1: the idea</summary>
#
# For each $n$, which two counts are compared, and which of them may not exceed the other?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# Clipped matches: $\sum_g \min(\text{count}_{\text{caption}}(g),\ \max_{\text{references}} \text{count}(g))$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# Two Counters can be joined by `|`, which keeps the larger count of each entry, and by `&`, which keeps the smaller; `.total()` adds all counts up.
# Join the references' counts first, then meet them with the caption's.
# Return 0 as soon as there is no match, so that no logarithm of 0 and no division by 0 occurs.
# For the closest length, `min` takes a `key`; the key may be a pair, whose second entry decides ties.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `division by zero`: a caption of three words has no runs of four; that is a 0, not an error.
# - The result is a little too high: matches were added over the references instead of taking the largest.
#
# </details>


# %% exercise="bleu" points=2
def bleu(candidate, references, max_n=4):
    """Return the BLEU score of a caption: geometric mean of clipped n-gram precisions, times the brevity penalty.

    candidate: the caption, a string; references: list of strings; max_n: longest n-grams that count
    Returns a number from 0 to 1; 0 if for any n no n-gram matches.
    Source: Papineni et al. (2002), for a single sentence.
    """
    ### BEGIN SOLUTION
    words, known = candidate.split(), [reference.split() for reference in references]
    product = 1.0
    for n in range(1, max_n + 1):
        have, allowed = ngrams(words, n), Counter()
        for reference in known:
            allowed |= ngrams(reference, n)
        matches = (have & allowed).total()
        if matches == 0:
            return 0.0
        product *= matches / have.total()
    r = min((len(reference) for reference in known), key=lambda length: (abs(length - len(words)), length))
    return product ** (1 / max_n) * min(1.0, np.exp(1 - r / len(words)))
    ### END SOLUTION


# %% check="bleu"
check(bleu)

# %% [markdown] key="bleu-use"
# **Predict, then run.** The references are two true captions of one scene.
# What will "a red circle below a blue square", the opposite of the truth, get?

# %% key="bleu-and-truth" tags=["demo"]
stand_in("bleu")
scene = (scenes.Thing("circle", "red", "big", 0, 1), scenes.Thing("square", "blue", "small", 2, 1))
references = [scenes.caption(scene), "a blue square below a red circle"]
others = ["a red circle below a blue square", "a blue square in the bottom left", "a red circle at the top"]
for said in [scenes.caption(scene), *others]:
    print(f"{said:<36} true: {scenes.is_true(said, scene)!s:<6} BLEU-2 {bleu(said, references, 2):.2f}")

# %% [markdown] key="attention-intro"
# The opposite of the truth gets nearly full marks, with nearly all the right pairs of words.
# Of the last two, one is false and one is true, and BLEU cannot tell which: it measures likeness to what people said.
#
# Two later scores ask about the picture.
# *CHAIR* (2018) counts named objects that are not in it; it is nearest to the truth rate.
# *CLIPScore* (2021) needs no references: a network trained on 400 million pairs of image and text says how well the two fit.
#
# ## Looking again: attention
#
# So far the whole image is squeezed into one vector.
# With *attention* the CNN's grid of $L$ positions, $D$ numbers each, is kept, and before each word the network chooses where to look:
#
# - its state makes a *query*, $q = h\,W_q$;
# - each position is scored by how well it fits, $e_l = q \cdot A_l / \sqrt{D}$;
# - a softmax over the positions makes weights of the scores, $\alpha_l$;
# - the *context* is the average of all positions with these weights, $\sum_l \alpha_l A_l$.
#
# <details><summary>Why divide by √D?</summary>
#
# It keeps the scores from growing with the length of the vectors, which would leave the softmax with one winner and hardly any gradient.
#
# </details>
#
# ## Exercise 10: spatial_attention (4 points)
#
# **Write** one look at a batch of images.
#
# **Difficulty** ●●○ · **Time** 15–20 min
#
# **In** `h` (N, H): states; `A` (N, L, D): the grid of each image; `W_q` (H, D)
#
# **Out** `context` (N, D) and `alpha` (N, L), in the dtype of the inputs, finite also for scores in the thousands
#
# **By hand** One image, $L = 2$, $D = 4$; $h = (1)$, $W_q = (2, 0, 0, 0)$, $A_1 = (\ln 3, 0, 0, 8)$, $A_2 = (0, 0, 0, 4)$:
#
# - scores: $2 \ln 3 / \sqrt 4 = \ln 3$ and $0$; weights: $(3/4,\ 1/4)$
# - context: $3/4\, A_1 + 1/4\, A_2 = (0.824,\ 0,\ 0,\ 7)$
#
# <details><summary>Hint 1: the idea</summary>
#
# Each image of the batch has a query of its own and must be compared with its own positions only.
# Over which axis do the weights sum to 1?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# $e[n, l] = \sum_d q[n, d]\, A[n, l, d] / \sqrt D$, then $\alpha = \operatorname{softmax}(e)$ along $l$, then $\text{context}[n, d] = \sum_l \alpha[n, l]\, A[n, l, d]$.
#
# </details>
#
# <details><summary>Hint 3: pseudocode</summary>
#
# A query with one more axis at its end is (N, D, 1), and `A @` that is (N, L, 1); or `np.einsum` with the letters of the formula.
# Subtract the largest score of each row before the exponential.
# For the context, the weights become (N, 1, L) or (N, L, 1), and the sum goes over the positions.
# D is the length of the last axis of `A`; take it from there.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `alpha` has rows that do not sum to 1: the softmax went over the batch.
# - `overflow encountered in exp`: the maximum is not subtracted.
# - `cannot reshape array`: a size such as 16 or 36 was written as a number; L differs from check to check.
# - `float64` where float32 is expected: `np.sqrt` of a whole number is float64; give it the dtype of `A`.
#
# </details>


# %% exercise="spatial_attention" points=4
def spatial_attention(h, A, W_q):
    """Return what a network sees of images when it looks where its states point to.

    h: states (N, H); A: L positions of D numbers for each image (N, L, D); W_q: query weights (H, D)
    Returns context (N, D): the weighted mean of the positions; and
    alpha (N, L): the weights, softmax of the scaled scores over the positions.
    """
    ### BEGIN SOLUTION
    scores = np.einsum("nd,nld->nl", h @ W_q, A) / np.sqrt(A.shape[2]).astype(A.dtype)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    alpha = e / e.sum(axis=1, keepdims=True)
    return np.einsum("nl,nld->nd", alpha, A), alpha
    ### END SOLUTION


# %% check="spatial_attention"
check(spatial_attention)

# %% [markdown] key="attention-model-intro"
# Now a whole network, for scenes with two things: `AttentiveCaptioner`, an RNN that makes its query from its previous state, reads the context together with the word, and writes.
#
# Its CNN makes 6×6 positions, four to each cell of the scene; each depends on more pixels than its own, on its *receptive field*, 20×20 pixels.
# A convolution says what there is, not where; each position therefore gets a trained vector of its own.

# %% key="receptive-field" tags=["demo"]
from rnnlab.captioners import AttentiveCaptioner, receptive_field

picture = scenes.images(some[4:5], seed=4)[0]
plots.show(captioning.positions(picture, receptive_field(2, 2), (2, 2)), "receptive-field")

# %% [raw] alt="receptive-field"
# A scene twice.
# On the right, thin lines cut it into 6 by 6 positions.
# A solid outline shows one of them, and a dotted one the 20 by 20 pixels round it that it depends on.

# %% [markdown] key="attention-training"
# 3,000 scenes, 10 epochs, about 10 seconds:

# %% key="attention-data" tags=["demo"]
stand_in("build_vocab", "encode_captions")
two_things, new_pairs = scenes.draw(3000, seed=20, things=2), scenes.draw(500, seed=21, things=2)
captions_of_pairs = [scenes.caption(scene) for scene in two_things]
pair_vocab = build_vocab(captions_of_pairs, min_count=1)
pair_tokens = torch.tensor(encode_captions(captions_of_pairs, pair_vocab, T=11))
pair_pictures, new_pair_pictures = scenes.images(two_things, seed=20), scenes.images(new_pairs, seed=21)
middle = pair_pictures.mean(axis=(0, 2, 3), keepdims=True)
x_pairs, x_new_pairs = torch.tensor(pair_pictures - middle), torch.tensor(new_pair_pictures - middle)

# %% key="attention-train" tags=["demo"]
torch.manual_seed(0)
attentive = AttentiveCaptioner(len(pair_vocab))
train(attentive, x_pairs, pair_tokens, epochs=10, rate=0.007, title="attention")
pair_rows = write(attentive, x_new_pairs)
sentences = spell(pair_rows, pair_vocab)
print(f"truth rate on 500 new scenes {scenes.truth_rate(sentences, new_pairs):.3f}")
print(f"with shuffled pictures       {scenes.truth_rate([sentences[i] for i in other], new_pairs):.3f}")

# %% [markdown] key="attention-own"
# Does your function see what PyTorch sees?

# %% key="attention-agree" tags=["demo"]
stand_in("spatial_attention")
looks = attentive.look_back(x_new_pairs, pair_rows)
A, h, alpha = (part.numpy() for part in (looks.grid, looks.states, looks.alpha))
context, yours = spatial_attention(h[:, 2], A, attentive.W_q.detach().numpy())  # (500, 48), (500, 36)
print(f"largest difference from PyTorch's weights: {np.abs(yours - alpha[:, 2]).max():.0e}")

# %% [markdown] key="attention-figure-intro"
# One scene, once for each word, bright where the network looks before it writes the word.
# Dashed: the cell of the thing that a colour or shape belongs to.
# Dotted: the receptive field of the position with the largest weight.

# %% key="attention-figure" tags=["demo"]
boxes = [[thing] if thing else [] for thing in scenes.named_things(sentences[0], new_pairs[0])]
fields = [receptive_field(*divmod(int(weights.argmax()), 6)) for weights in alpha[0]]
words = [*sentences[0].split(), "END"]
plots.show(
    captioning.attention(new_pair_pictures[0], words, alpha[0], boxes, fields), "attention-figure", caption=sentences[0]
)

# %% [raw] alt="attention-figure"
# One scene, once for each word of "{caption}" and for END, bright where the network looks before it writes the word.
# At each colour and shape the cell of the thing that is meant has a dashed outline.
# A dotted outline shows the pixels that the brightest position depends on.

# %% [markdown] key="attention-score-intro"
# A picture like this is easy to choose and proves little; we know where every thing is, so we can count.
#
# **Predict, then run.** At the colours and shapes of all true captions, how often does the largest weight lie in the cell of the thing that is named?

# %% key="attention-score" tags=["demo"]
row, column = np.divmod(alpha.argmax(axis=2), 6)  # of the largest weight, on the 6 x 6 grid
hits = [
    (thing.row, thing.column) == (row[i, t] // 2, column[i, t] // 2)
    for i, scene in enumerate(new_pairs)
    for t, thing in enumerate(scenes.named_things(sentences[i], scene))
    if thing is not None and scenes.is_true(sentences[i], scene)
]
print(f"{len(hits)} words, the largest weight on the right thing: {np.mean(hits):.1%}")

# %% [markdown] key="attention-saw"
# All of them, or nearly (98 % at least on three seeds), and nobody told the network where to look: it learned from pictures and captions alone.
#
# **Do not conclude that attention always points at what a word is about.**
# A GRU (unit 05) writes eight digits in reverse order, looking at eight places before each.
# In one version the places hold the digits themselves; in the other, the states of a second GRU that has read them.
#
# **Predict, then run.** Both get the digits right. Will both look at the *mirrored* place, the last one for the first digit, and so on? (10 s)

# %% key="reversal" tags=["demo"]
from rnnlab.reversal import reverse

maps, shares, mirrored = {}, {}, np.arange(8)[::-1]
for keys in ("digits", "states"):
    done = reverse(keys)
    place = done.alpha.argmax(axis=2)  # (500, 8): of the largest weight
    maps[f"looking at {keys}"], shares[keys] = done.alpha[0], np.mean(place == mirrored)
    print(f"{keys}: {done.accuracy:.1%} right; mirrored place {shares[keys]:.1%}", end=", ")
    print(f"one to its right {np.mean(place == mirrored + 1):.1%}")

# %% key="reversal-figure" tags=["demo"]
plots.show(captioning.looks(maps), "reversal", digits=shares["digits"], states=shares["states"])

# %% [raw] alt="reversal"
# Two maps of attention weights for one sequence: a row for each written digit, a column for each place of the input, dark where the weight is large, a cross at the mirrored places.
# Looking at digits, {digits:.0%} of the largest weights lie on the crosses; looking at states, {states:.0%}.

# %% [markdown] key="reversal-saw"
# Both write the right digits, but the second network looks one place too far to the right nearly everywhere: a state also remembers the digit before its own, so the right-hand neighbour will do.
# A map shows where information was taken from, which need not be where it came in.
#
# ## New combinations
#
# No training scene showed a green triangle or a yellow cross, though triangles, crosses, green and yellow were everywhere.
#
# **Predict, then run.** What will the networks write about scenes that have one?

# %% key="withheld" tags=["demo"]
strange, strange_pairs = scenes.draw(300, seed=30, withheld=True), scenes.draw(300, seed=31, things=2, withheld=True)
on_one = spell(write(best, torch.tensor(scenes.images(strange, seed=30) - centre)), vocab)
on_pairs = spell(write(attentive, torch.tensor(scenes.images(strange_pairs, seed=31) - middle)), pair_vocab)
print(f"image vector at every step, one thing   {scenes.truth_rate(on_one, strange):.3f}")
print(f"attention, two things, one of them new  {scenes.truth_rate(on_pairs, strange_pairs):.3f}")
for i in (0, 1):
    print(f"scene: {scenes.caption(strange[i]):<44} written: {on_one[i]}")

# %% [markdown] key="withheld-saw"
# The first network fails nearly always: it writes a familiar pair, though it has seen each colour and each shape hundreds of times.
# The network with attention does far better; this does not show whether the repeated looking is the reason, since the scenes differ too.
#
# ## What you have seen
#
# - A captioning network is a CNN and an RNN in series, trained in one backward pass; each word is fed back, and END is a word that the network chooses.
# - Seen at every step, the image was found in seconds; seen once, slowly or not at all.
# - A fluent caption may be false; truth, shuffled pictures and attention scored against true places show what fluency and BLEU do not.
#
# **And today?** Vision-language models have the same two halves, both pretrained: an image encoder, and a Transformer language model in place of the RNN.
# [LLaVA](https://arxiv.org/abs/2304.08485) (2023) turns the encoder's grid into vectors that the language model reads like words; [BLIP-2](https://arxiv.org/abs/2301.12597) (2023) keeps both halves frozen and trains only the part between them.
#
# <details><summary>On your own photos</summary>
#
# `rnnlab.photos` reads captioned photos that you have on your disk (COCO, Karpathy's files, Flickr8k, also Kaggle's `captions.txt`) and trains a network on them with your vocabulary and your rows; nothing above is overwritten.
#
# ```python
# from rnnlab import photos
#
# mine = photos.load_flickr8k("captions.txt", "Images")
# trained = photos.train(mine[500:], build_vocab, encode_captions, epochs=5)
# described = trained.describe(mine[:500])
# np.mean([bleu(caption, photo.captions, 2) for caption, photo in zip(described, mine[:500])])
# ```
#
# All captions of a photo are learned, and all are references for BLEU.
# Expect fluent sentences and little truth: eight thousand photos of 36×36 pixels are far too few for a CNN trained from scratch.
# `docs/photos.md` in the course's repository says where photos come from, what their licences allow, how to use the features of a large CNN instead, and how long it takes.
#
# </details>
#
# <details><summary>Question: your network writes the same caption for every image. What do you look at, in which order?</summary>
#
# Whether it can learn 32 pictures by heart; whether images and captions belong together, row by row, and the pixels are centred or BatchNorm is there; whether a gradient arrives at the first convolution; which words are right already.
# If all is well, it may only need more time, or a shorter way from the image to the words.
#
# </details>
#
# <details><summary>Question: why is the true caption fed in training, although the network must later live with its own words?</summary>
#
# All inputs are known beforehand, and no step has to continue an earlier mistake.
# The price is that the network never learns what to do after a mistake of its own.
#
# </details>
#
# <details><summary>Question: greedy decoding takes the best word at each step. Is the sentence then the best sentence?</summary>
#
# No: the first word of the most probable sentence need not be the most probable first word.
# Beam search keeps several beginnings at a time.
#
# </details>
#
# <details><summary>Question: if W_q is zero, what does spatial_attention return?</summary>
#
# All scores are 0, all weights $1/L$, and the context is the mean of all positions: the network sees the whole image blurred, the same at every word.
#
# </details>
#
# <details><summary>What to read next</summary>
#
# - Vinyals and others, [*Show and Tell*](https://arxiv.org/abs/1411.4555), 2015: the image enters once; its authors found that feeding it at every step did worse, because the network overfits to noise in the image.
# - Karpathy and Fei-Fei, [*Deep Visual-Semantic Alignments*](https://arxiv.org/abs/1412.2306), 2015: the formula of this unit, image at the first step only, which worked better for them than at each step.
# - Tanti, Gatt and Camilleri, [*Where to put the Image in an Image Caption Generator*](https://arxiv.org/abs/1703.09137), 2017: the names of the wirings, and how little the choice matters for photos.
# - Xu and others, [*Show, Attend and Tell*](https://arxiv.org/abs/1502.03044), 2015: attention over positions, with the pictures that made it famous.
# - Papineni and others, [*BLEU*](https://aclanthology.org/P02-1040/), 2002: why clipping and brevity, and what the score was made for.
# - Rohrbach and others, [*Object Hallucination in Image Captioning*](https://arxiv.org/abs/1809.02156), 2018: CHAIR, and models with better scores that invent no less.
# - Hessel and others, [*CLIPScore*](https://arxiv.org/abs/2104.08718), 2021: judging without references, and where that fails.
# - Kuhnle and Copestake, [*ShapeWorld*](https://arxiv.org/abs/1704.04517), 2017: generated scenes with captions whose truth is known.
# - [CS231n](https://cs231n.stanford.edu/), Stanford's course on computer vision: the straw hat.
#
# </details>
