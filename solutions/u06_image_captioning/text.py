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
# In this unit a network that sees and a network that writes are joined into one, and you train it from nothing.
#
# At the end you can
#
# - build a captioning network from a CNN and an RNN, and turn its scores into sentences that stop by themselves;
# - say where the image can enter the RNN, and show with an experiment what difference that makes;
# - add attention, draw where the network looks at each word, and measure whether it looks at the right thing.
#
# **You build** a network that says what it sees, word by word.
# **Time** {minutes} minutes.
# **Points** {points}.
# **You need** units 01 and 02 for the vanilla RNN, and a rough idea of a convolution; the attention network at the end contains an LSTM (unit 04).
#
# The whole notebook runs in one to two minutes, most of which the training cells take; each says how long.

# %% key="imports"
from collections import Counter

import numpy as np

from rnnlab import check, plots, scenes
from rnnlab.plots import captioning

# %% [markdown] key="pipeline-intro"
# ## One picture in, a sentence out
#
# Captioning is a *one-to-many* task: one input, then a sequence of outputs.
# Two networks in series do it.
#
# - A *CNN* reads the image.
#   A CNN made for classification ends in a layer with one score per class (1,000 of them in the networks trained on ImageNet) and a softmax.
#   Both are cut off; what the layers before them compute is a vector $v$ that describes the image.
# - An *RNN* writes the sentence.
#   Its first input is a START word, which says nothing but "begin"; after that, each word that it writes becomes its next input.
#   It stops when it writes the word END.
#
# The image reaches the RNN through one more matrix, $W_{ih}$ ("image to hidden"), whose product with $v$ is added in the first step:
#
# $$h_1 = \tanh(x_1 W_{xh} + h_0 W_{hh} + b_h + v\,W_{ih}) \qquad\qquad h_t = \tanh(x_t W_{xh} + h_{t-1} W_{hh} + b_h) \quad\text{for } t > 1$$

# %% key="pipeline-figure" tags=["demo"]
plots.show(
    captioning.pipeline(["straw", "hat"]),
    alt="An image goes into a CNN, which gives a vector v. Three steps of an RNN read START, straw, hat and write "
    "straw, hat, END. A solid arrow carries v W_ih into the first step, dotted arrows lead to the other steps.",
)

# %% [markdown] key="which-arrow"
# Suppose the photo shows a man in a straw hat.
# The term $v\,W_{ih}$ moves $h_1$ so that "straw" gets a high score; "straw" is fed back, and now "hat" is likely; after "hat", END.
#
# **Can you see what is wrong?**
# One set of notes gives the two formulas above and then says that at the second word the CNN recognises the hat and sends its information to the RNN *again*.
#
# <details><summary>What does not fit</summary>
#
# In the second formula there is no $v$ at all: at the second word the RNN knows of the image only what $h_1$ has kept.
# A network in which $v$ enters at every step (the dotted arrows) can be built too, but it is another network.
# Which of them learns better is a question for an experiment, and you will make it.
#
# </details>
#
# ## Scenes instead of photos
#
# Large captioning networks are trained for days on a hundred thousand photos, usually from a CNN that was trained before.
# We take pictures simple enough to learn in seconds, with everything trained from random weights: coloured shapes on a 3×3 grid.
# Because the program that draws a scene knows what is in it, it also knows which sentences about it are *true*.

# %% key="data-sheet" tags=["demo"]
some = scenes.draw(4, seed=1) + scenes.draw(4, seed=4, things=2)
plots.show(
    captioning.sheet(scenes.images(some, seed=1), [scenes.caption(scene) for scene in some], some),
    alt="Eight scenes with their captions, four with one thing and four with two. "
    "A letter beside each thing names its colour: R, G, B or Y.",
)
print(scenes.caption(some[4]), "|", scenes.caption(some[4], korean=True))

# %% [markdown] key="data-choices"
# A scene with one thing is described by size, colour, shape and place; a scene with two by colours, shapes and a relation.
# One choice in this data matters more than it seems: things are named in reading order, from the top left.
# If their order were left to chance, every picture would have two equally good captions, and no network could know which of them is meant.
#
# ## From words to numbers
#
# The network needs a *vocabulary*: a number for every word, with the first four numbers taken by special words.

# %% key="specials"
NULL, START, END, UNK = 0, 1, 2, 3
SPECIALS = ("<NULL>", "<START>", "<END>", "<UNK>")  # fill-up after the end, begin, stop, any rare word

# %% [markdown] key="vocab-task"
# Words that occur only once or twice in a large collection cannot be learned and would make the output layer huge.
# All of them become the one word `<UNK>`, unknown.
#
# ## Exercise 1: build_vocab (1 point)
#
# **Write** the function that makes the vocabulary of a list of captions.
#
# **Difficulty** ●○○ · **Time** 5 min
#
# **In** `captions`: a list of strings, words separated by spaces; `min_count`: how often a word must occur, over all captions together, to be kept
#
# **Out** a dict from word to number: the four `SPECIALS` get 0 to 3, the kept words follow from 4 in alphabetical order.
#
# **By hand** With `min_count=2`, the captions "a red circle" and "a blue circle on a red square" keep *a* (3 times), *circle* and *red* (twice each):
#
# | word | `<NULL>` | `<START>` | `<END>` | `<UNK>` | a | circle | red |
# |---|---|---|---|---|---|---|---|
# | number | 0 | 1 | 2 | 3 | 4 | 5 | 6 |
#
# <details><summary>Hint 1: the idea</summary>
#
# Two passes: first count, then number.
# Why must the order be alphabetical, and not that of a Python set?
#
# </details>
#
# <details><summary>Hint 2: the formula</summary>
#
# A word is kept if its count is at least `min_count`; the $k$-th kept word in alphabetical order, counted from 0, gets the number $4 + k$.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
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
# A Python set has another order each time Python starts.
# With it the numbers would change from run to run, and a network saved yesterday would speak gibberish today.
#
# Now the captions become rows of numbers.
# All rows of an array are equally long, so short captions are filled up with NULL, and long ones are cut.
#
# ## Exercise 2: encode_captions (2 points)
#
# **Write** the function that turns captions into an array of word numbers.
#
# **Difficulty** ●●○ · **Time** 10 min
#
# **In** `captions`: a list of N strings; `word_to_ix`: a vocabulary as in exercise 1; `T`: the length of a row, at least 2
#
# **Out** whole numbers (N, T): START, the words, END, then NULL to the end of the row.
# An unknown word becomes UNK.
# If a caption is too long, its last words are dropped, never its END.
#
# **By hand** With the vocabulary above and $T = 6$:
#
# | caption | row |
# |---|---|
# | a red circle | 1 4 6 5 2 0 |
# | a blue circle on a red square | 1 4 3 5 3 2 |
#
# The second has seven words; four of them fit between START and END.
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
# <details><summary>Hint 3: near-code</summary>
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
# - `the rows is float64, expected int64`: `np.zeros` makes floats unless it is told otherwise.
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
# A caption that has lost its END would teach the network never to stop, which is why END is kept at any price.
#
# At every step the network reads one word and should predict the *next* one.
# So the same row serves twice: without its last number it is the input, without its first one it is the target.
#
# ## Exercise 3: shift_captions (2 points)
#
# **Write** the function that makes inputs, targets and a mask from rows of word numbers.
#
# **Difficulty** ●○○ · **Time** 5 min
#
# **In** `tokens`: whole numbers (N, T)
#
# **Out** `inputs` (N, T−1), `targets` (N, T−1), and `mask` (N, T−1), which is True where the target is a real word or END, False where it is NULL
#
# **By hand** For the row 1 4 6 5 2 0:
#
# | step | 1 | 2 | 3 | 4 | 5 |
# |---|---|---|---|---|---|
# | input | START | a | red | circle | END |
# | target | a | red | circle | END | NULL |
# | mask | True | True | True | True | False |
#
# At step 5 the network reads END; what it answers there is never used, so it is not counted either.
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
# <details><summary>Hint 3: near-code</summary>
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
# Unit 01 fed letters as one-hot vectors, and saw that a one-hot vector times a matrix picks one row of it.
# With thousands of words the zeros are a waste: the row can be picked directly.
# The matrix is called an *embedding*; its rows are trained like all other weights.
#
# ## Exercise 4: embedding_forward (1 point)
#
# **Write** the function that gives every word its row.
#
# **Difficulty** ●○○ · **Time** 5 min
#
# **In** `tokens`: whole numbers (N, T); `W` (V, E): one row of E numbers for each of V words
#
# **Out** (N, T, E)
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
# $\text{out}[n, t] = W[\text{tokens}[n, t]]$
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
#
# One pair of square brackets, no loop; the result has the axes of the index, then the remaining axes of `W`.
#
# </details>
#
# <details><summary>I get this message</summary>
#
# - `the result has shape (3, 4, 2)` with the axes in another order: the columns were picked instead of the rows.
#
# </details>


# %% exercise="embedding_forward" points=1
def embedding_forward(tokens, W):
    """Return the embeddings of words.

    tokens: whole numbers 0 .. V - 1 (N, T)
    W: embedding matrix (V, E)
    Returns (N, T, E): for each word its row of W.
    """
    ### BEGIN SOLUTION
    return W[tokens]
    ### END SOLUTION


# %% check="embedding_forward"
check(embedding_forward)

# %% [markdown] key="embedding-backward-task"
# Backwards, each word's gradient must go to the row that the word was taken from.
# A word that occurs five times in the batch has used its row five times, so five gradients come together there.
#
# ## Exercise 5: embedding_backward (2 points)
#
# **Write** the gradient of the embedding matrix.
#
# **Difficulty** ●●○ · **Time** 10 min
#
# **In** `dout` (N, T, E): the gradient of the loss with respect to the result of exercise 4; `tokens` (N, T): the words that were looked up; `V`: the number of rows of the matrix
#
# **Out** `dW` (V, E), in the dtype of `dout`
#
# **By hand** Tokens 2 1 1, $V = 3$, and gradients $(1, 1), (2, 0), (3, 0)$: row 2 gets $(1, 1)$, row 1 gets $(2, 0) + (3, 0) = (5, 0)$, row 0 was not used and stays $(0, 0)$.
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
# <details><summary>Hint 3: near-code</summary>
#
# Begin with zeros, (V, E).
# A double loop over n and t that adds to the right row is correct.
# Without a loop, `dW[tokens] += dout` looks the same and is not: where an index repeats, only one of the additions survives.
# NumPy has `np.add.at` for exactly this case.
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
# The image vector $v$ can reach the RNN in three ways, all of them in use:
#
# | `inject` | what happens | $h_0$ |
# |---|---|---|
# | `'h0'` | the image *is* the initial state | $v\,W_{ih}$ |
# | `'first'` | $v\,W_{ih}$ is added inside the tanh at the first step only | zeros |
# | `'every'` | $v\,W_{ih}$ is added inside the tanh at every step | zeros |
#
# ## Exercise 6: caption_forward (5 points)
#
# **Write** the network that turns image vectors and words into scores for the next word, with all three ways in.
#
# **Difficulty** ●●● · **Time** 20–25 min
#
# **In** `features` (N, D): the image vectors $v$, one per caption; `tokens` (N, T): the words to read, beginning with START; `params`: a dict of weights; `inject`: `'h0'`, `'first'` or `'every'`
#
# | key | shape | | key | shape |
# |---|---|---|---|---|
# | `W_embed` | (V, E) | | `W_ih` | (D, H) |
# | `W_xh` | (E, H) | | `W_hy` | (H, V) |
# | `W_hh` | (H, H) | | `b_y` | (V,) |
# | `b_h` | (H,) | | | |
#
# **Out** scores (N, T, V), in the dtype of the weights; any other `inject` raises `ValueError`
#
# **By hand** One hidden unit; the two words have the embeddings 1 and 0; $W_{xh} = W_{hh} = 0.5$, $W_{ih} = 1$, $b_h = 0$, and the image is $v = 0.3$:
#
# | `inject` | $h_0$ | $h_1$ | $h_2$ |
# |---|---|---|---|
# | `'h0'` | 0.3 | $\tanh(0.5 + 0.15) = 0.572$ | $\tanh(0 + 0.286) = 0.278$ |
# | `'first'` | 0 | $\tanh(0.5 + 0 + 0.3) = 0.664$ | $\tanh(0 + 0.332) = 0.320$ |
# | `'every'` | 0 | $\tanh(0.5 + 0 + 0.3) = 0.664$ | $\tanh(0 + 0.332 + 0.3) = 0.559$ |
#
# With $W_{hy} = (1, -1)$ and $b_y = 0$ the scores at step $t$ are $(h_t, -h_t)$.
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
# <details><summary>Hint 3: near-code</summary>
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
    Returns scores (N, T, V). Raises ValueError for any other inject.
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
# During training the network reads the *true* caption, whatever it would have written itself; this is called *teacher forcing*.
# All its answers can then be judged at once.
#
# ## Exercise 7: caption_loss (2 points)
#
# **Write** the loss: cross-entropy, summed over the steps that count, averaged over the captions.
#
# **Difficulty** ●●○ · **Time** 10–15 min
#
# **In** `logits` (N, T, V): scores; `targets` (N, T): the right next words; `mask` (N, T): True where a step counts
#
# **Out** a number:
#
# $$L = -\frac{1}{N} \sum_{n} \sum_{t:\ \text{mask}[n, t]} \log \operatorname{softmax}(\text{logits}[n, t])_{\text{targets}[n, t]}$$
#
# **By hand** One caption of three steps with the scores $(0, 0)$, $(0, \ln 3)$, $(5, 1)$, the targets 0, 1, 0, and the mask True, True, False:
#
# - step 1: the probabilities are $1/2$ and $1/2$; $-\ln(1/2) = 0.693$
# - step 2: $1/4$ and $3/4$; $-\ln(3/4) = 0.288$
# - step 3 does not count; $L = 0.981$
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
# <details><summary>Hint 3: near-code</summary>
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
# Before anything is trained, a prediction: a network that knows nothing gives each of the $V$ words the probability $1/V$, so each step costs $\ln V$, and a caption costs $\ln V$ times its number of steps.
# Here are 2,000 scenes, and a network of your functions with small random weights.


# %% key="training-data"
def numbered(captions, word_to_ix):
    """Return captions as rows that are long enough for the longest of them."""
    return encode_captions(captions, word_to_ix, T=max(len(caption.split()) for caption in captions) + 2)


# %% key="initial-loss" tags=["demo"]
one_thing = scenes.draw(2000, seed=10)
captions = [scenes.caption(scene) for scene in one_thing]
vocab = build_vocab(captions, min_count=1)
tokens = numbered(captions, vocab)  # (N, T) = (2000, 10)
V, rng = len(vocab), np.random.default_rng(0)
shapes = {"W_embed": (V, 8), "W_xh": (8, 16), "W_hh": (16, 16), "b_h": 16, "W_ih": (4, 16), "W_hy": (16, V), "b_y": V}
untrained = {name: 0.1 * rng.normal(size=shape) for name, shape in shapes.items()}
inputs, targets, mask = shift_captions(tokens)
logits = caption_forward(rng.normal(size=(2000, 4)), inputs, untrained, "first")  # (N, T, V) = (2000, 9, 24)
print("loss", round(float(caption_loss(logits, targets, mask)), 2))
print("mean steps times ln V", round(mask.sum(axis=1).mean() * np.log(V), 2))

# %% [markdown] key="one-network"
# The two numbers agree within 2 %.
# A first loss that is far off means an error in the loss, the mask or the scale of the weights; it is the cheapest test there is.
#
# ## One network, one backward pass
#
# From here on PyTorch does the gradients.
# The CNN below has three convolutions and makes 6×6 positions from 36×36 pixels; for now, one linear layer gathers them into the vector $v$.
#
# The image term is written in another way than yours: $v$ is laid beside the word's embedding, and one matrix multiplies both, which is the same as adding $v\,W_{ih}$ (unit 01 showed why).
# After the first step zeros stand in its place if `inject` is `'first'`.

# %% key="torch-model" tags=["demo"]
import torch
from torch import nn


def vision(D):  # (N, 3, 36, 36) -> (N, D, 6, 6)
    layers = [nn.Conv2d(3, 16, 4, stride=2, padding=1), nn.BatchNorm2d(16), nn.ReLU()]  # 36 -> 18
    layers += [nn.Conv2d(16, 32, 3, stride=3), nn.BatchNorm2d(32), nn.ReLU()]  # 18 -> 6
    return nn.Sequential(*layers, nn.Conv2d(32, D, 3, padding=1), nn.BatchNorm2d(D), nn.ReLU())


class Captioner(nn.Module):
    def __init__(self, V, inject, D=64, E=32, H=96):
        super().__init__()
        self.inject = inject
        self.cnn = nn.Sequential(vision(32), nn.Flatten(), nn.Linear(32 * 36, D), nn.ReLU())
        self.embed = nn.Embedding(V, E)
        self.start = nn.Linear(D, H, bias=False)  # used if the image goes to h0
        sizes = {"h0": E, "LSTM": E, "first": E + D, "every": E + D}
        self.rnn = (nn.LSTM if inject == "LSTM" else nn.RNN)(sizes[inject], H, batch_first=True)
        self.readout = nn.Linear(H, V)

    def forward(self, images, tokens):  # (N, 3, 36, 36), (N, T) -> (N, T, V)
        v, x = self.cnn(images), self.embed(tokens)  # (N, D), (N, T, E)
        if self.inject in ("h0", "LSTM"):
            h0 = self.start(v)[None]  # (1, N, H)
            state = (h0, torch.zeros_like(h0)) if self.inject == "LSTM" else h0
            return self.readout(self.rnn(x, state)[0])
        shown = v[:, None].repeat(1, x.shape[1], 1)  # (N, T, D)
        if self.inject == "first":
            shown[:, 1:] = 0
        return self.readout(self.rnn(torch.cat([x, shown], dim=2))[0])


# %% [markdown] key="training-intro"
# The CNN and the RNN are one network: the loss of the words is sent back through the RNN, through $v$, and into the convolutions, in one backward pass.
# No layer was trained before, and none is held fixed.
# Watch the gradient arrive at the very first convolution.

# %% key="one-backward" tags=["demo"]
torch.manual_seed(0)
torch.set_num_threads(1)  # so small a network is faster without helpers
pictures = scenes.images(one_thing, seed=10)  # (2000, 3, 36, 36), from 0 to 1
centre = pictures.mean(axis=(0, 2, 3), keepdims=True)  # (1, 3, 1, 1): mean red, green, blue
x, y = torch.tensor(pictures - centre), torch.tensor(tokens)
model = Captioner(V, "every")
scores = model(x[:32], y[:32, :-1])  # (32, 9, V)
loss = nn.functional.cross_entropy(scores.flatten(0, 1), y[:32, 1:].flatten(), ignore_index=NULL)
loss.backward()
print(f"loss per word {loss.item():.2f}, ln V {np.log(V):.2f}")
print(f"largest gradient in the first convolution {model.cnn[0][0].weight.grad.abs().max():.4f}")

# %% [markdown] key="training-loop"
# It is small, but not zero.
#
# The pixels were *centred*: the mean colour of all pictures is subtracted.
# The paper of the scenes is nearly white, so raw pixels are almost all close to 1, and the network would see one and the same large input behind everything.
# `BatchNorm2d` does the same for what each layer of the CNN hands on.
# Both matter, and you will see how much.
#
# The training loop is the usual one, with a learning rate that rises at first and falls towards the end, and with the gradient's norm clipped (unit 03).

# %% key="train-function" tags=["demo"]
import time


def train(model, images, tokens, epochs, rate=0.004, batch=50, title=""):
    """Train with teacher forcing, and return the loss per caption at every step."""
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    steps = epochs * -(-len(images) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps)
    losses, start = [], time.perf_counter()
    for epoch in range(epochs):
        for rows in torch.randperm(len(images)).split(batch):
            scores, targets = model(images[rows], tokens[rows, :-1]), tokens[rows, 1:]
            words = nn.functional.cross_entropy(
                scores.flatten(0, 1), targets.flatten(), ignore_index=NULL, reduction="sum"
            )
            loss = words / len(rows)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            losses += [loss.item()]
        done, passed = (epoch + 1) / epochs, time.perf_counter() - start
        print(f"\r{title:<30}{done:4.0%} {passed:5.1f} s  loss {np.mean(losses[-10:]):.3f}", end="", flush=True)
    print()
    return losses


# %% [markdown] key="tiny-batch"
# **Overfit a tiny batch first.**
# Before a long training, give the network 32 pictures and let it learn them by heart.
# If it cannot do even that, something is broken, and you have found out in seconds instead of hours.
# The loss begins near 28 and should fall below 1; this takes 2 to 5 seconds.

# %% key="overfit" tags=["demo"]
torch.manual_seed(0)
losses = train(Captioner(V, "every"), x[:32], y[:32], epochs=100, batch=32, title="32 scenes by heart")
plots.show(
    plots.curves({"32 scenes": losses}, "training step", "loss per caption"),
    alt="The loss per caption falls from 28 to nearly zero within 100 steps.",
)

# %% [markdown] key="greedy-task"
# It can.
#
# ## Writing
#
# A trained network gives scores; a sentence is made from them step by step.
# *Greedy* decoding always takes the word with the highest score:
# read START, take the best next word, read that word, take the best next one, until END.
#
# ## Exercise 8: greedy_caption (4 points)
#
# **Write** greedy decoding for a batch of images.
# You may call your `caption_forward`; the check puts a right one in its place if yours is not.
#
# **Difficulty** ●●● · **Time** 20 min
#
# **In** `features` (N, D), `params` and `inject` as in exercise 6; `max_len`: the number of words after which writing stops in any case
#
# **Out** whole numbers (N, max_len): the words of each caption, then END, then NULL to the end of the row.
# START is not part of the result.
# A row without END has `max_len` words.
#
# **By hand** Six words: the specials, 4 = "straw", 5 = "hat".
# One hidden unit stands for each word, and the highest unit is the word that is written.
# $W_{xh}$ is 1 from START to straw, from straw to hat, and from hat to END, $W_{hh}$ is 0, and $W_{ih}$ is 2 to hat.
# With `inject='first'` and `max_len=4`:
#
# | image | step 1 | step 2 | step 3 | step 4 | result |
# |---|---|---|---|---|---|
# | $v = 0$ | START → straw | straw → hat | hat → END | finished | 4 5 2 0 |
# | $v = 1$ | START → hat, since $\tanh 2 > \tanh 1$ | hat → END | finished | finished | 5 2 0 0 |
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
# $w_{t+1} = \operatorname{argmax}_i \text{scores}_t[i]$, with $w_0 =$ START; in a row that contains END already, $w_{t+1} =$ NULL.
#
# </details>
#
# <details><summary>Hint 3: near-code</summary>
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
# Back to the question of the beginning.
# Five networks are trained on the same 2,000 scenes, for 8 epochs each:
#
# - a vanilla RNN with the image as $h_0$, at the first step, and at every step: your three;
# - an LSTM with the image as $h_0$ and zeros as $c_0$;
# - the RNN with the image at every step once more, but with raw pixels and without BatchNorm.
#
# Each then describes 500 new scenes, and the *truth rate* is the share of its captions that are true.
# The captions are written greedily, as in exercise 8.
# Five times 3 to 10 seconds.

# %% key="write-function" tags=["demo"]
WORDS = list(vocab)


def spell(rows):
    """Return rows of word numbers (N, T), without START, as sentences: what stands before END."""
    return [" ".join(WORDS[i] for i in row[: (row == END).argmax()]) for row in np.asarray(rows)]


@torch.no_grad()
def write(model, images, length=11):  # -> (N, 1 + length), with START
    model.eval()  # BatchNorm: use the averages of the training
    rows = torch.full((len(images), 1), START)
    for _ in range(length):
        rows = torch.cat([rows, model(images, rows)[:, -1:].argmax(dim=2)], dim=1)
    model.train()
    return rows


# %% key="compare-train" tags=["demo"]
new_scenes = scenes.draw(500, seed=11)
new_pictures = scenes.images(new_scenes, seed=11)
x_new = torch.tensor(new_pictures - centre)
runs = {
    "image as h0": ("h0", x, x_new),
    "at the first step": ("first", x, x_new),
    "at every step": ("every", x, x_new),
    "LSTM, image as h0, c0 = 0": ("LSTM", x, x_new),
    "every step, raw, no BatchNorm": ("every", torch.tensor(pictures), torch.tensor(new_pictures)),
}
models, losses, truth, written = {}, {}, {}, {}
for name, (inject, seen, unseen) in runs.items():
    torch.manual_seed(0)
    models[name] = Captioner(V, inject)
    if "raw" in name:
        models[name].cnn[0] = nn.Sequential(*[m for m in models[name].cnn[0] if not isinstance(m, nn.BatchNorm2d)])
    losses[name] = train(models[name], seen, y, epochs=8, title=name)
    written[name] = spell(write(models[name], unseen)[:, 1:])
    truth[name] = scenes.truth_rate(written[name], new_scenes)

# %% [markdown] key="compare-figure-intro"
# The captions are judged by what is in the scene, and for each network the number of *different* captions among the 500 is printed too.

# %% key="compare-figure" tags=["demo"]
plots.show(
    captioning.bars(truth, "truth rate on 500 new scenes"),
    alt="Bars of the truth rate. Image at every step: nearly 1. All others are far lower; the LSTM is at zero.",
)
for name, sentences in written.items():
    print(f"{name:<32} true {truth[name]:.3f}, {len(set(sentences)):3} different captions")

# %% [markdown] key="compare-saw"
# After the same training, the network that sees the image at every step tells the truth nearly always (above 0.95); the two RNNs that see it once stay below 0.6, and the LSTM below 0.05.
#
# The number of different captions tells why.
# The LSTM writes one caption, or a handful, for all 500 images, and the RNN with the image as $h_0$ hardly more: they have learned how captions *sound* and have not found the image yet.
# This is the commonest complaint about home-made captioning networks, and here it is, made on purpose.
# On its way from the image to a word, the signal passes all the steps in between, and the gradient passes them back (unit 03); as long as the state says nothing useful about the image, there is little to learn from.
# With the image at every step, the way is short everywhere.
#
# Is one look too little, then?
# The losses show where the networks got stuck.

# %% key="compare-curves" tags=["demo"]
smooth = {name: np.convolve(losses[name], np.ones(40) / 40, "valid") for name in ("at the first step", "at every step")}
plots.show(
    plots.curves(smooth, "training step", "loss per caption"),
    alt="Two loss curves. Both fall quickly to about 6. With the image at every step the loss goes on to zero; "
    "with the image at the first step only it stays near 5.",
)

# %% [markdown] key="plateau"
# Both fall at once to about 6, and one of them hardly any further: this is a *plateau*, on which a network knows how captions sound and guesses what it should see.
# The network that sees the image at every step passes through without a halt; the other stays, and so do the two with $h_0$.
#
# They are not unable, they are slow.
# Train the network with the image at the first step for 25 epochs instead of 8, and try three seeds: some runs leave the plateau and end up telling the truth nearly always, others are still on it.
# So a single look can be enough; what takes long is learning to remember it.
# For photos, with large CNNs trained before, the two papers at the end of this unit that made such captioning known report the opposite: there one look worked better than many.
# Which wiring is best is a matter of experiment, for your data and your training time.
#
# The raw pixels cost something too, although that network sees the image at every step.
#
# ## Your network
#
# Is what you wrote the same network?
# Below, the weights of the best one are taken apart for `caption_forward`: the upper rows of PyTorch's input matrix are $W_{xh}$, the lower ones $W_{ih}$.

# %% key="own-network" tags=["demo"]
best = models["at every step"].eval()
w = {name: weight.detach().numpy() for name, weight in best.named_parameters()}
W_in = w["rnn.weight_ih_l0"].T  # (E + D, H) = (96, 96)
params = {"W_embed": w["embed.weight"], "W_xh": W_in[:32], "W_ih": W_in[32:], "W_hh": w["rnn.weight_hh_l0"].T}
params |= {"b_h": w["rnn.bias_ih_l0"] + w["rnn.bias_hh_l0"], "W_hy": w["readout.weight"].T, "b_y": w["readout.bias"]}
v = best.cnn(x_new).detach().numpy()  # (500, 64)
yours = greedy_caption(v, params, 11, "every")  # (500, 11)
agree = np.mean([a == b for a, b in zip(spell(yours), written["at every step"], strict=True)])
print(f"the same captions as PyTorch's network: {agree:.1%}")
print(f"truth rate: {scenes.truth_rate(spell(yours), new_scenes):.3f}")

# %% [markdown] key="end-intro"
# Your functions write PyTorch's captions.
#
# How does the network know when to stop?
# It asks itself at every step; END is a word like any other.
# Below is its probability of END after each word, averaged over the captions of seven words and over those of eight.

# %% key="end-curve" tags=["demo"]
rows = np.concatenate([np.full((500, 1), START), yours], axis=1)
logits = caption_forward(v, rows[:, :9], params, "every")  # (500, 9, V)
p = np.exp(logits - logits.max(axis=-1, keepdims=True))
p_end = (p / p.sum(axis=-1, keepdims=True))[:, :, END]  # (500, 9)
lengths = np.array([len(sentence.split()) for sentence in spell(yours)])
plots.show(
    plots.curves({f"{n} words": p_end[lengths == n].mean(axis=0)[: n + 1] for n in (7, 8)}, "step", "P(END)"),
    alt="Two curves of the probability of END, each near zero at every step but its last, where it jumps to one.",
)

# %% [markdown] key="end-saw"
# The probability stays near zero and jumps to nearly one after the last word, which is another step in each group.
# It need not count for that: after "in the" a place must follow, and after "centre" nothing may.
#
# ## Right and wrong
#
# Published examples of captions are usually the good ones.
# Here are four true captions and four false ones; since the best network makes hardly any mistakes, the false ones are those of the network that got raw pixels.

# %% key="right-and-wrong" tags=["demo"]
judged = {
    name: [scenes.is_true(s, scene) for s, scene in zip(written[name], new_scenes, strict=True)] for name in written
}
right = [(i, "at every step") for i in np.flatnonzero(judged["at every step"])[:4]]
raw = "every step, raw, no BatchNorm"
wrong = [(i, raw) for i in np.flatnonzero(~np.array(judged[raw]))[:4]]
shown = [i for i, _ in right + wrong]
titles = [f"{'true' if judged[name][i] else 'FALSE'}:\n{written[name][i]}" for i, name in right + wrong]
plots.show(
    captioning.sheet(new_pictures[shown], titles, [new_scenes[i] for i in shown]),
    alt="Eight scenes with written captions: four marked true, four marked false.",
)

# %% [markdown] key="shuffle-intro"
# The false captions are faultless English.
# Some of their words are right and some are not: what a fluent network does not know, it invents.
#
# **Does the network look at the image at all?**
# One test tells: give every scene the picture of another one.
# If the score stays, the captions came from habit; it must collapse.

# %% key="shuffle" tags=["demo"]
other = torch.randperm(500, generator=torch.Generator().manual_seed(1))
confused = spell(write(best, x_new[other])[:, 1:])
print(f"truth rate with the right pictures {truth['at every step']:.3f}")
print(f"truth rate with shuffled pictures  {scenes.truth_rate(confused, new_scenes):.3f}")

# %% [markdown] key="bleu-task"
# With other scenes' pictures hardly any caption is true: the network looks.
#
# ## Counting words instead of truth
#
# Nobody can check the truth of captions of photos by program.
# There, a caption is compared with *references* that people have written, by a score that comes from machine translation: BLEU.
# It asks which share of the caption's $n$-grams, its runs of $n$ words, occur in a reference.
# An $n$-gram counts at most as often as it occurs in the one reference that has most of it (*clipping*), or "red red red red" would be perfect.
# A caption shorter than the references pays a *brevity penalty*, or "a" would be perfect.
#
# $$\text{BLEU} = B \cdot \Big(\prod_{n=1}^{\text{max\_n}} p_n\Big)^{1/\text{max\_n}} \qquad p_n = \frac{\text{clipped matches}}{\text{number of } n\text{-grams in the caption}} \qquad B = \begin{cases} 1 & \text{if } c \ge r \\ e^{1 - r/c} & \text{if } c < r \end{cases}$$
#
# Here $c$ is the length of the caption in words and $r$ that of the reference whose length is closest to it (the shorter one if two are equally close).


# %% key="ngrams"
def ngrams(words, n):
    """Return how often each run of n words occurs, as a Counter of tuples."""
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))


# %% [markdown] key="bleu-exercise"
# ## Exercise 9: bleu (2 points)
#
# **Write** BLEU for one caption; `ngrams` above counts the runs for you.
#
# **Difficulty** ●●○ · **Time** 15 min
#
# **In** `candidate`: the caption, a string; `references`: a list of strings, at least one; `max_n`: the longest runs that count
#
# **Out** a number from 0 to 1; 0 if any $p_n$ is 0 or has nothing to count, as for an empty caption
#
# **By hand** The caption "a red red circle", the only reference "a red circle", and `max_n=2`:
#
# - words: *a* 1, *red* twice but clipped to 1, *circle* 1; $p_1 = 3/4$
# - pairs: *a red* and *red circle* occur, *red red* does not; $p_2 = 2/3$
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
# <details><summary>Hint 3: near-code</summary>
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
# How well does BLEU replace the truth?
# Here are four captions of one scene, judged both ways; the references are two true captions.

# %% key="bleu-and-truth" tags=["demo"]
scene = (scenes.Thing("circle", "red", "big", 0, 1), scenes.Thing("square", "blue", "small", 2, 1))
references = [scenes.caption(scene), "a blue square below a red circle"]
for said in (
    scenes.caption(scene),
    "a red circle below a blue square",
    "a blue square in the bottom left",
    "a red circle at the top",
):
    print(f"{said:<36} true: {scenes.is_true(said, scene)!s:<6} BLEU-2 {bleu(said, references, 2):.2f}")

# %% [markdown] key="attention-intro"
# The second caption says the opposite of the truth, with nearly all the right pairs of words, and gets nearly full marks.
# Of the last two, one is true and one is false; BLEU cannot tell them apart.
# BLEU measures likeness to what people said, and a single wrong word costs it little.
# Remember that when you read that one network has two BLEU points more than another.
#
# ## Looking again: attention
#
# So far the whole image is squeezed into one vector $v$.
# With *attention* the CNN's map is kept as it is, a grid of $L$ positions with $D$ numbers each, and before each word the network chooses where to look:
#
# - its state $h$ is turned into a *query*, $q = h\,W_q$, of length D;
# - each position is scored by how well it fits the query, $e_l = q \cdot A_l / \sqrt{D}$;
# - a softmax makes weights of the scores, $\alpha_l$, which sum to 1 over the positions;
# - the *context* is the average of all positions with these weights, $\sum_l \alpha_l A_l$.
#
# From the state and the context comes the next word, and the state that has read this word decides where to look next.
# The $\sqrt D$ keeps the scores from growing with the length of the vectors, which would leave the softmax with one winner and hardly any gradient.
#
# ## Exercise 10: spatial_attention (4 points)
#
# **Write** one look at a batch of images.
#
# **Difficulty** ●●○ · **Time** 15–20 min
#
# **In** `h` (N, H): states; `A` (N, L, D): the grid of each image, its positions in one row; `W_q` (H, D)
#
# **Out** `context` (N, D) and `alpha` (N, L), in the dtype of the inputs
#
# **By hand** One image with $L = 2$ positions and $D = 4$; $h = (1)$ and $W_q = (2, 0, 0, 0)$:
#
# $$A_1 = (\ln 3,\ 0,\ 0,\ 8) \qquad A_2 = (0,\ 0,\ 0,\ 4)$$
#
# - query: $q = (2, 0, 0, 0)$
# - scores: $2 \ln 3 / \sqrt 4 = \ln 3$ and $0$
# - weights: $(3/4,\ 1/4)$
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
# <details><summary>Hint 3: near-code</summary>
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
# Now the whole network, for scenes with two things.
# The grid has 6×6 = 36 positions, four to each cell of the scene.
# A convolution says what there is, not where, so each position gets a trained vector of its own, its place.
# An LSTM reads the words; it starts from the mean of all positions, so that it knows roughly what the picture holds.
# Since the context goes to the read-out only, every word that needs the image needs a look of its own.


# %% key="attention-model" tags=["demo"]
class Attentive(nn.Module):
    def __init__(self, V, D=48, E=32, H=96):
        super().__init__()
        self.cnn, self.place = vision(D), nn.Parameter(0.3 * torch.randn(36, D))
        self.embed, self.lstm = nn.Embedding(V, E), nn.LSTM(E, H, batch_first=True)
        self.start, self.readout = nn.Linear(D, 2 * H), nn.Linear(H + D, V)
        self.W_q = nn.Parameter(torch.randn(H, D) / H**0.5)

    def look(self, images, tokens):
        A = self.cnn(images).flatten(2).transpose(1, 2) + self.place  # (N, L, D) = (N, 36, 48)
        h0, c0 = torch.tanh(self.start(A.mean(dim=1)))[None].chunk(2, dim=2)
        h, _ = self.lstm(self.embed(tokens), (h0.contiguous(), c0.contiguous()))  # (N, T, H)
        alpha = torch.softmax(h @ self.W_q @ A.transpose(1, 2) / 48**0.5, dim=2)  # (N, T, L)
        return A, h, alpha

    def forward(self, images, tokens):  # -> (N, T, V)
        A, h, alpha = self.look(images, tokens)
        return self.readout(torch.cat([h, alpha @ A], dim=2))


# %% [markdown] key="attention-training"
# PyTorch looks at all words of a caption at once here, which teacher forcing allows.
# The network learns from 3,000 scenes in 10 epochs, 10 to 25 seconds; then it describes 500 new ones.

# %% key="attention-train" tags=["demo"]
two_things, new_pairs = scenes.draw(3000, seed=20, things=2), scenes.draw(500, seed=21, things=2)
captions = [scenes.caption(scene) for scene in two_things]
vocab = build_vocab(captions, min_count=1)
WORDS = list(vocab)
pair_tokens = torch.tensor(numbered(captions, vocab))
pair_pictures, new_pair_pictures = scenes.images(two_things, seed=20), scenes.images(new_pairs, seed=21)
middle = pair_pictures.mean(axis=(0, 2, 3), keepdims=True)
x_pairs, x_new_pairs = torch.tensor(pair_pictures - middle), torch.tensor(new_pair_pictures - middle)
torch.manual_seed(0)
attentive = Attentive(len(vocab))
train(attentive, x_pairs, pair_tokens, epochs=10, rate=0.005, title="attention")
pair_rows = write(attentive, x_new_pairs)  # (500, 12)
sentences = spell(pair_rows[:, 1:])
print(f"truth rate on 500 new scenes {scenes.truth_rate(sentences, new_pairs):.3f}")
print(f"with shuffled pictures       {scenes.truth_rate([sentences[i] for i in other], new_pairs):.3f}")

# %% [markdown] key="attention-own"
# The truth rate is above 0.85, and shuffled pictures ruin it.
#
# Does your function see what PyTorch sees?
# It gets the states before the second word, the grid and the trained query weights.

# %% key="attention-agree" tags=["demo"]
attentive.eval()
with torch.no_grad():
    A, h, alpha = (part.numpy() for part in attentive.look(x_new_pairs, pair_rows[:, :-1]))
context, yours = spatial_attention(h[:, 1], A, attentive.W_q.detach().numpy())  # (500, 48), (500, 36)
print(f"largest difference from PyTorch's weights: {np.abs(yours - alpha[:, 1]).max():.0e}")

# %% [markdown] key="attention-figure-intro"
# Here is one scene, once for each word: bright is where the network looks when it writes the word.
# For a colour or a shape, the cell of the thing that it belongs to is outlined.


# %% key="attention-figure" tags=["demo"]
def named(sentence, scene):
    """Return for each word of a sentence, and END, the thing that it names; None for words that name none."""
    words, found = sentence.split(), {}
    for i, word in enumerate(words):
        if word in scenes.SHAPES:
            thing = next((t for t in scene if (t.colour, t.shape) == (words[i - 1], word)), None)
            found |= {i - 1: thing, i: thing}
    return [found.get(i) for i in range(len(words) + 1)]


about = named(sentences[0], new_pairs[0])
boxes = [[thing] if thing else [] for thing in about]
plots.show(
    captioning.attention(new_pair_pictures[0], [*sentences[0].split(), "END"], alpha[0], boxes),
    alt=f"The scene of '{sentences[0]}', once for each word, bright where the network looks. "
    "At the colours and shapes the light is in the outlined cell of the thing.",
)

# %% [markdown] key="attention-score-intro"
# A picture like this is easy to choose and proves little.
# We know where every thing is, so we can count: over all colours and shapes in the true captions of the 500 scenes, how often does the largest weight lie in the cell of the thing that is being named?

# %% key="attention-score" tags=["demo"]
row, column = np.divmod(alpha.argmax(axis=2), 6)  # (500, 11) each: position on the 6 x 6 grid
hits = [
    (thing.row, thing.column) == (row[i, t] // 2, column[i, t] // 2)
    for i, scene in enumerate(new_pairs)
    for t, thing in enumerate(named(sentences[i], scene))
    if thing is not None and scenes.is_true(sentences[i], scene)
]
print(f"{len(hits)} words, the largest weight on the right thing: {np.mean(hits):.1%}")

# %% [markdown] key="attention-saw"
# More than 95 % of the looks go to the right thing, and nobody told the network where anything is: it had captions, nothing else.
#
# Do not conclude that attention always points at what a word is about.
# Here each word needs a look of its own, because the context goes to the read-out and nowhere else.
# If the context is also fed to the RNN, the network can read colour *and* shape with one look, keep the shape in its state, and look somewhere else while it writes the shape; then its captions are true, and its map at the shape words is wrong.
# A map shows where information was taken from, which need not be where you would look.
#
# **New combinations.**
# No training scene showed a green triangle or a yellow cross, though triangles, crosses, green and yellow were everywhere.
# What do the networks write about scenes that have one?

# %% key="withheld" tags=["demo"]
strange, strange_pairs = scenes.draw(300, seed=30, withheld=True), scenes.draw(300, seed=31, things=2, withheld=True)
on_pairs = spell(write(attentive, torch.tensor(scenes.images(strange_pairs, seed=31) - middle))[:, 1:])
WORDS = list(build_vocab([scenes.caption(scene) for scene in one_thing], 1))
on_one = spell(write(best, torch.tensor(scenes.images(strange, seed=30) - centre))[:, 1:])
print(f"image vector at every step, one thing   {scenes.truth_rate(on_one, strange):.3f}")
print(f"attention, two things, one of them new  {scenes.truth_rate(on_pairs, strange_pairs):.3f}")

# %% [markdown] key="withheld-saw"
# Both do worse than on familiar pairs.
# A network that has never seen "green" followed by "triangle" has learned that it does not occur, and the RNN, which is a language model, may prefer a familiar falsehood to an unfamiliar truth.
# How much is lost differs a lot from one training to the next; try other seeds.
#
# <details><summary>On your own photos</summary>
#
# `rnnlab.photos` reads captioned photos that you have on your disk: COCO captions, files in Karpathy's form, Flickr8k.
# Nothing is downloaded, and the photos stay under their own licences.
#
# ```python
# from rnnlab import photos
#
# mine = photos.load_flickr8k("Flickr8k.token.txt", "Flicker8k_Dataset", "Flickr_8k.trainImages.txt")
# pictures = photos.images(mine, side=36)  # (N, 3, 36, 36)
# captions = [photo.captions[0] for photo in mine]
# vocab = build_vocab(captions, min_count=5)
# tokens = numbered(captions, vocab)
# ```
#
# With these in place of the scenes', the training cells run as they are, and `bleu` judges the results; truth rates and attention scores need scenes.
# Expect fluent sentences and little truth: six thousand photos of 36×36 pixels are far too little for a CNN trained from nothing, which is why real systems begin with one that was trained on a million photos.
#
# </details>
#
# ## What you have seen
#
# - A captioning network is a CNN and an RNN in series, trained together in one backward pass; START begins a sentence, END is a word that the network chooses, and each word is fed back.
# - Where the image enters decides how fast the network learns to use it: at every step it learned in seconds, through the initial state or the first step alone it stayed for long with captions that fit any image.
# - A fluent caption may be false; truth, shuffled pictures and attention scored against true places tell what fluency and BLEU do not.
#
# ## Questions to think about
#
# <details><summary>Your network writes the same caption for every image. What do you look at, in which order?</summary>
#
# Whether it can learn 32 pictures by heart; whether the pixels are centred and images and captions belong together, row by row; whether a gradient arrives at the first convolution; how the loss compares with the plateau.
# If all is well, it may only need more time, or a shorter way from the image to the words.
#
# </details>
#
# <details><summary>Why is the true caption fed in training, although the network must later live with its own words?</summary>
#
# All steps can be computed at once, and each is judged on its own, not on the ruins of an early mistake.
# The price is that the network never learns what to do after a mistake of its own.
#
# </details>
#
# <details><summary>Greedy decoding takes the best word at each step. Is the sentence then the best sentence?</summary>
#
# No: the first word of the most probable sentence need not be the most probable first word.
# Beam search keeps several beginnings at a time.
#
# </details>
#
# <details><summary>If W_q is zero, what does spatial_attention return?</summary>
#
# All scores are 0, all weights $1/L$, and the context is the mean of all positions: the network sees the whole image blurred, the same at every word.
#
# </details>
#
# ## What to read next
#
# - O. Vinyals, A. Toshev, S. Bengio, D. Erhan, *Show and Tell: A Neural Image Caption Generator*, CVPR 2015: the image enters once; the authors report that feeding it at every step did worse.
# - A. Karpathy, L. Fei-Fei, *Deep Visual-Semantic Alignments for Generating Image Descriptions*, CVPR 2015: the image vector in the first step only, which they found better than at each step.
# - K. Xu and others, *Show, Attend and Tell: Neural Image Caption Generation with Visual Attention*, ICML 2015: attention over positions, with the pictures that made it famous.
# - K. Papineni, S. Roukos, T. Ward, W.-J. Zhu, *BLEU: a Method for Automatic Evaluation of Machine Translation*, ACL 2002.
# - A. Kuhnle, A. Copestake, *ShapeWorld: A New Test Methodology for Multimodal Language Understanding*, 2017: generated scenes with captions whose truth is known.
# - Stanford CS231n, lecture on recurrent neural networks: the straw hat.
#
# Take the picture away, and the same network writes on its own, word by word or letter by letter: a language model.
