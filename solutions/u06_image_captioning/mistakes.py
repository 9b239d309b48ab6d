"""Known wrong answers to the exercises of unit 06; each docstring is the hint for those who make the mistake."""

from collections import Counter

import numpy as np

from solutions.mistakes import mistake

SPECIALS = ("<NULL>", "<START>", "<END>", "<UNK>")

# -- build_vocab -------------------------------------------------------------------------------------------------------


def _counted(captions):
    return Counter(word for caption in captions for word in caption.split())


@mistake("build_vocab")
def strictly_more_often(captions, min_count):
    """Words that occur exactly min_count times are missing.

    A word is kept if it occurs at least so often, and "at least 2" includes 2.
    Look at the comparison.
    """
    counts = _counted(captions)
    return {w: i for i, w in enumerate([*SPECIALS, *sorted(w for w in counts if counts[w] > min_count)])}


@mistake("build_vocab")
def min_count_ignored(captions, min_count):
    """Every word that occurs is in the vocabulary, also the rare ones.

    A word seen once cannot be learned; that is what min_count is for.
    Count first, then choose.
    """
    return {w: i for i, w in enumerate([*SPECIALS, *sorted(_counted(captions))])}


@mistake("build_vocab")
def specials_left_out(captions, min_count):
    """The four special words are missing, so the first word of the captions has the number 0.

    0 will be taken for NULL and masked away, 1 will be taken for START.
    The specials come first, with the numbers 0 to 3.
    """
    counts = _counted(captions)
    return {w: i for i, w in enumerate(sorted(w for w in counts if counts[w] >= min_count))}


@mistake("build_vocab")
def specials_at_the_end(captions, min_count):
    """The special words are there, but they come last.

    Their numbers then depend on the captions, while NULL, START, END and UNK must be 0, 1, 2, 3 everywhere.
    Put them before the words.
    """
    counts = _counted(captions)
    return {w: i for i, w in enumerate([*sorted(w for w in counts if counts[w] >= min_count), *SPECIALS])}


@mistake("build_vocab")
def order_of_appearance(captions, min_count):
    """The right words, but numbered in the order in which they first occur.

    Add one caption at the front and all numbers change.
    The words are sorted alphabetically before they are numbered.
    """
    counts = _counted(captions)
    return {w: i for i, w in enumerate([*SPECIALS, *(w for w in counts if counts[w] >= min_count)])}


@mistake("build_vocab")
def order_of_frequency(captions, min_count):
    """The right words, but numbered from the most frequent to the rarest.

    That is a usual order too, but ties are then left to chance, and it is not the one asked for.
    Sort the words themselves.
    """
    counts = _counted(captions)
    return {w: i for i, w in enumerate([*SPECIALS, *(w for w, n in counts.most_common() if n >= min_count)])}


@mistake("build_vocab")
def letters_for_words(captions, min_count):
    """The vocabulary holds single letters and the space.

    A loop over a string gives its letters.
    Split each caption into words first.
    """
    counts = Counter(letter for caption in captions for letter in caption)
    return {w: i for i, w in enumerate([*SPECIALS, *sorted(w for w in counts if counts[w] >= min_count)])}


@mistake("build_vocab")
def counted_once_per_caption(captions, min_count):
    """Words that occur several times in one caption are counted once there, so some are missing.

    A set of a caption's words forgets repetitions.
    The count is over all words of all captions.
    """
    counts = Counter(word for caption in captions for word in set(caption.split()))
    return {w: i for i, w in enumerate([*SPECIALS, *sorted(w for w in counts if counts[w] >= min_count)])}


# -- encode_captions ---------------------------------------------------------------------------------------------------


@mistake("encode_captions")
def end_lost_when_cut(captions, word_to_ix, T):
    """Captions that are too long have lost their END: the whole row was cut.

    From such rows the network learns to go on for ever.
    Cut the words, so that START and END still fit.
    """
    tokens = np.full((len(captions), T), 0)
    for row, caption in zip(tokens, captions):
        numbers = [1, *(word_to_ix.get(w, 3) for w in caption.split()), 2][:T]
        row[: len(numbers)] = numbers
    return tokens


@mistake("encode_captions")
def one_word_too_few(captions, word_to_ix, T):
    """Long captions have lost one word more than necessary.

    Only START and END need a place besides the words, so T - 2 words fit.
    Count the places of a full row.
    """
    tokens = np.full((len(captions), T), 0)
    for row, caption in zip(tokens, captions):
        numbers = [1, *(word_to_ix.get(w, 3) for w in caption.split()[: max(T - 3, 0)]), 2]
        row[: len(numbers)] = numbers
    return tokens


@mistake("encode_captions")
def unknown_words_dropped(captions, word_to_ix, T):
    """Unknown words are left out, where they should become UNK.

    The rest of the caption then moves together, as if the unknown word had never been said.
    The network has a word for "some word": its number is 3.
    """
    tokens = np.full((len(captions), T), 0)
    for row, caption in zip(tokens, captions):
        numbers = [1, *[word_to_ix[w] for w in caption.split() if w in word_to_ix][: T - 2], 2]
        row[: len(numbers)] = numbers
    return tokens


@mistake("encode_captions")
def unknown_words_null(captions, word_to_ix, T):
    """Unknown words have become 0, which is NULL.

    NULL means that the caption is over, so the mask would drop these steps.
    Unknown words have a number of their own.
    """
    tokens = np.full((len(captions), T), 0)
    for row, caption in zip(tokens, captions):
        numbers = [1, *(word_to_ix.get(w, 0) for w in caption.split()[: T - 2]), 2]
        row[: len(numbers)] = numbers
    return tokens


@mistake("encode_captions")
def start_left_out(captions, word_to_ix, T):
    """The rows begin with the first word; START is missing.

    START is the first thing that the network reads; without it nothing predicts the first word.
    Each row is START, words, END.
    """
    tokens = np.full((len(captions), T), 0)
    for row, caption in zip(tokens, captions):
        numbers = [*(word_to_ix.get(w, 3) for w in caption.split()[: T - 1]), 2]
        row[: len(numbers)] = numbers
    return tokens


@mistake("encode_captions")
def end_left_out(captions, word_to_ix, T):
    """No row has an END.

    The network learns to stop only if it has seen captions stop.
    Each row is START, words, END.
    """
    tokens = np.full((len(captions), T), 0)
    for row, caption in zip(tokens, captions):
        numbers = [1, *(word_to_ix.get(w, 3) for w in caption.split()[: T - 1])]
        row[: len(numbers)] = numbers
    return tokens


@mistake("encode_captions")
def end_in_the_last_column(captions, word_to_ix, T):
    """END always stands in the last column, after the NULLs.

    The words of a short caption are then followed by NULL, and END comes at a step that has nothing to do with it.
    END follows the last word at once.
    """
    tokens = np.full((len(captions), T), 0)
    for row, caption in zip(tokens, captions):
        numbers = [1, *(word_to_ix.get(w, 3) for w in caption.split()[: T - 2])]
        row[: len(numbers)] = numbers
        row[-1] = 2
    return tokens


@mistake("encode_captions")
def filled_up_with_end(captions, word_to_ix, T):
    """Short rows are filled up with END instead of NULL.

    The mask keeps every END, so the loss would be dominated by steps after the end of the caption.
    One END, then NULL.
    """
    tokens = np.full((len(captions), T), 2)
    for row, caption in zip(tokens, captions):
        numbers = [1, *(word_to_ix.get(w, 3) for w in caption.split()[: T - 2]), 2]
        row[: len(numbers)] = numbers
    return tokens


@mistake("encode_captions")
def rows_of_floats(captions, word_to_ix, T):
    """The numbers are right, but they are floats.

    np.zeros makes floats unless it is told otherwise, and an array of floats cannot pick rows of an embedding.
    Make the array of whole numbers.
    """
    tokens = np.zeros((len(captions), T))
    for row, caption in zip(tokens, captions):
        numbers = [1, *(word_to_ix.get(w, 3) for w in caption.split()[: T - 2]), 2]
        row[: len(numbers)] = numbers
    return tokens


# -- shift_captions ----------------------------------------------------------------------------------------------------


@mistake("shift_captions")
def targets_not_shifted(tokens):
    """Targets and inputs are the same: the network would learn to repeat the word that it has just read.

    That is a very easy task; its loss falls to zero, and no caption comes out.
    The target of a step is the next word.
    """
    return tokens[:, :-1], tokens[:, :-1], tokens[:, :-1] != 0


@mistake("shift_captions")
def mask_of_the_inputs(tokens):
    """The mask marks where the input is a real word; it should ask the target.

    At the step that reads END there is nothing left to predict, and that step must not count.
    Compare the targets with NULL.
    """
    return tokens[:, :-1], tokens[:, 1:], tokens[:, :-1] != 0


@mistake("shift_captions")
def mask_of_the_whole_row(tokens):
    """The mask has a column more than the targets: it was made before the row was cut.

    Mask and targets belong together, entry by entry.
    Make the one from the other.
    """
    return tokens[:, :-1], tokens[:, 1:], tokens != 0


@mistake("shift_captions")
def end_masked_too(tokens):
    """The mask leaves out END as well as NULL.

    Then nothing ever teaches the network to stop, and its captions run to the largest length.
    END is a target like any word.
    """
    return tokens[:, :-1], tokens[:, 1:], tokens[:, 1:] > 2


@mistake("shift_captions")
def mask_the_other_way_round(tokens):
    """The mask is True where it should be False: it marks the NULLs.

    Multiplied with the losses, it would keep exactly the steps that must not count.
    True means "this step counts".
    """
    return tokens[:, :-1], tokens[:, 1:], tokens[:, 1:] == 0


@mistake("shift_captions")
def mask_as_numbers(tokens):
    """The mask holds 0 and 1 as numbers, not False and True.

    For a product it makes no difference, but an array of whole numbers used as an index picks entries 0 and 1.
    Return the comparison itself.
    """
    return tokens[:, :-1], tokens[:, 1:], (tokens[:, 1:] != 0).astype(np.int64)


@mistake("shift_captions")
def inputs_and_targets_exchanged(tokens):
    """Inputs and targets have changed places: the network would read a word and predict the one before it.

    It reads from START on and writes up to END.
    The inputs are the row without its last number.
    """
    return tokens[:, 1:], tokens[:, :-1], tokens[:, 1:] != 0


@mistake("shift_captions")
def first_axis_cut(tokens):
    """Whole captions were cut off, the first and the last one, instead of the first and the last word.

    The first axis counts captions, the second words.
    Leave the first axis alone.
    """
    return tokens[:-1], tokens[1:], tokens[1:] != 0


# -- embedding_forward -------------------------------------------------------------------------------------------------


@mistake("embedding_forward")
def columns_for_rows(tokens, W):
    """Columns of the matrix were picked instead of rows.

    Each row of W belongs to a word, each column to one of the E numbers.
    The index goes to the first axis.
    """
    return np.moveaxis(W[:, tokens % W.shape[1]], 0, -1)


@mistake("embedding_forward")
def rows_flattened(tokens, W):
    """The rows are right, but they stand in one long list (N·T, E).

    Which word belongs to which caption is lost.
    The shape of the tokens stays in front.
    """
    return W[tokens.ravel()]


@mistake("embedding_forward")
def time_axis_first(tokens, W):
    """The axes of captions and steps have changed places.

    This course keeps the batch first, (N, T, E).
    Index with the tokens as they come.
    """
    return W[tokens.T]


@mistake("embedding_forward")
def counted_from_one(tokens, W):
    """Every word has got the row of the word before it: the rows were counted from 1.

    Word 0 takes row 0.
    Nothing has to be subtracted.
    """
    return W[tokens - 1]


# -- embedding_backward ------------------------------------------------------------------------------------------------


@mistake("embedding_backward")
def repeats_lost(dout, tokens, V):
    """Rows of words that occur once are right, rows of repeated words have only one of their gradients.

    `dW[tokens] += dout` reads all rows, adds, and writes them back; where an index repeats, the last write wins.
    Use an addition that does not buffer, or a loop.
    """
    dW = np.zeros((V, dout.shape[2]), dtype=dout.dtype)
    dW[tokens] += dout
    return dW


@mistake("embedding_backward")
def last_caption_only(dout, tokens, V):
    """Only one caption's gradients are there: those of the others were overwritten.

    The array of zeros is made anew, or assigned to, for each caption.
    Begin with zeros once, then add.
    """
    for tokens_n, dout_n in zip(tokens, dout):
        dW = np.zeros((V, dout.shape[2]), dtype=dout.dtype)
        np.add.at(dW, tokens_n, dout_n)
    return dW


@mistake("embedding_backward")
def mean_over_repeats(dout, tokens, V):
    """Rows of repeated words hold the mean of their gradients; it should be the sum.

    Each use of a row has its own effect on the loss, and effects add up.
    Do not divide by the number of uses.
    """
    dW = np.zeros((V, dout.shape[2]), dtype=dout.dtype)
    np.add.at(dW, tokens, dout)
    return (dW / np.maximum(np.bincount(tokens.ravel(), minlength=V), 1)[:, None]).astype(dout.dtype)


@mistake("embedding_backward")
def divided_by_the_batch(dout, tokens, V):
    """All numbers are too small by the same factor, the number of captions.

    The mean over the batch belongs to the loss, and dout has it inside already.
    Add, and nothing else.
    """
    dW = np.zeros((V, dout.shape[2]), dtype=dout.dtype)
    np.add.at(dW, tokens, dout)
    return dW / np.asarray(len(tokens), dout.dtype)


@mistake("embedding_backward")
def as_many_rows_as_seen(dout, tokens, V):
    """The gradient has as many rows as the largest word of this batch, not V.

    The next batch may hold other words, and the gradient must fit the matrix.
    V is given.
    """
    dW = np.zeros((int(tokens.max()) + 1, dout.shape[2]), dtype=dout.dtype)
    np.add.at(dW, tokens, dout)
    return dW


# -- caption_forward ---------------------------------------------------------------------------------------------------


@mistake("caption_forward", {'inject == "every" or (inject == "first" and t == 0)': 'inject != "h0"'})
def image_at_all_steps():
    """With 'first' the image is added at every step, as with 'every'.

    The first step is right, all others are not.
    In the loop, ask which step it is.
    """


@mistake("caption_forward", {'inject == "every" or (inject == "first" and t == 0)': 'inject != "h0" and t == 0'})
def image_at_the_first_step_only():
    """With 'every' the image is added at the first step only, as with 'first'.

    The first step is right, all others are not.
    Two of the three ways differ in nothing but the steps at which the image is added.
    """


@mistake("caption_forward", {'inject == "every" or (inject == "first" and t == 0)': 'inject == "every" or t == 0'})
def h0_also_added():
    """With 'h0' the image enters twice: as the initial state, and in the sum of the first step.

    As h_0 it goes through W_hh into the first step, and that is its only way in.
    Add it in the sum for the two other ways only.
    """


@mistake(
    "caption_forward",
    {
        'image if inject == "h0"': 'image if inject != "every"',
        'inject == "every" or (inject == "first" and t == 0)': 'inject == "every"',
    },
)
def first_as_initial_state():
    """With 'first' these are the numbers of 'h0': the image was made the initial state.

    The two look alike but are not: an initial state goes through W_hh, the term of 'first' is added as it is.
    With 'first' the initial state is zero.
    """


@mistake("caption_forward", {'image if inject == "h0"': 'np.tanh(image) if inject == "h0"'})
def tanh_of_the_initial_state():
    """With 'h0' the initial state has gone through a tanh.

    Some networks do that; in this one h_0 is v W_ih, as it is.
    The two other ways are right.
    """


@mistake("caption_forward", {"np.tanh(a + image if seen else a)": "np.tanh(a) + image if seen else np.tanh(a)"})
def image_outside_the_tanh():
    """The image is added after the tanh instead of inside it.

    The state then leaves the range from -1 to 1.
    The image is one more term of the sum.
    """


@mistake("caption_forward", {"h = np.tanh(": "h_t = np.tanh(", "append(h)": "append(h_t)"})
def state_not_carried():
    """Every step starts from the initial state: the state is never passed on.

    Such a network reads one word at a time and forgets it at once.
    The state of a step is the h_prev of the next.
    """


@mistake("caption_forward", {'params["W_hh"]': 'params["W_hh"].T'})
def hidden_weights_transposed():
    """These are the numbers that come out when W_hh is transposed.

    It is square, so the shapes fit both ways and nothing complains.
    With states in rows it is used as it is.
    """


@mistake("caption_forward", {' + params["b_h"]': ""})
def hidden_bias_left_out():
    """These are the numbers that come out when b_h is left out.

    Compare the sum inside the tanh with the formula, term by term.
    There are four terms, one of which is not always there.
    """


@mistake(
    "caption_forward",
    {
        "return np.stack": "scores = np.stack",
        '+ params["b_y"]': '+ params["b_y"]\n    e = np.exp(scores)\n    return e / e.sum(axis=-1, keepdims=True)',
    },
)
def softmax_inside():
    """These are probabilities: a softmax was applied to the scores.

    The loss makes its own softmax, and a second one would flatten the probabilities.
    Return plain scores.
    """


@mistake("caption_forward", {"raise ValueError(f\"inject must be 'h0', 'first' or 'every', not {inject!r}\")": "pass"})
def unknown_inject_accepted():
    """An unknown inject is accepted, and the image is never used.

    A typing error would go unnoticed until the training is over.
    Raise ValueError for anything but the three names.
    """


@mistake("caption_forward", {'image if inject == "h0" else np.zeros_like(image)': "image"})
def image_as_initial_state_always():
    """The initial state is the image in every mode: with 'first' and 'every' it enters twice.

    Only with 'h0' is h_0 the image; with the two others it is zero, and the image is added in the sum.
    """


@mistake(
    "caption_forward",
    {
        'image if inject == "h0" else np.zeros_like(image)': "image",
        'inject == "every" or (inject == "first" and t == 0)': "False",
    },
)
def inject_not_used():
    """All three modes give the numbers of 'h0': what inject says has no influence.

    With 'first' and 'every' the initial state is zero, and the image is added in the sum, once or at every step.
    """


@mistake(
    "caption_forward",
    {
        'image if inject == "h0" else np.zeros_like(image)': "np.zeros_like(image)",
        'inject == "every" or (inject == "first" and t == 0)': "False",
    },
)
def image_left_out():
    """The image has no influence: whatever is to be seen, the scores are the same.

    Compute v W_ih once, and use it where inject says.
    """


@mistake("caption_forward", {"t == 0": "t == tokens.shape[1] - 1"})
def image_at_the_last_step():
    """With 'first' the image is added at the last step.

    Then nothing that was said before could depend on it.
    """


@mistake("caption_forward", {' + params["b_y"]': ""})
def readout_bias_left_out():
    """These are the scores without the bias of the read-out, b_y.

    It has one number for each word, and the frequent words have large ones.
    """


@mistake("caption_forward", {' @ params["W_hy"] + params["b_y"]': ""})
def states_returned():
    """These are the hidden states: the read-out is missing.

    A score for each word is made of a state by W_hy and b_y.
    """


@mistake("caption_forward", {"axis=1": "axis=0"})
def time_axis_in_front():
    """The scores are right, but the steps lie along the first axis: (T, N, V).

    np.stack and np.array put the new axis in front unless they are told where it goes.
    """


# -- caption_loss ------------------------------------------------------------------------------------------------------


def _log_p(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _of_targets(values, targets):
    return np.take_along_axis(values, targets[:, :, None], axis=-1)[:, :, 0]


@mistake("caption_loss")
def mask_not_used(logits, targets, mask):
    """The steps after the end of a caption are counted too.

    The network would spend most of its effort on predicting NULL after NULL.
    Multiply by the mask before summing.
    """
    return -np.sum(_of_targets(_log_p(logits), targets)) / len(logits)


@mistake("caption_loss")
def mean_over_words(logits, targets, mask):
    """This is the mean per word; asked for is the sum over the words of a caption, averaged over the captions.

    Both are in use, and a learning rate found for one is wrong for the other.
    Divide by N, the number of captions, only.
    """
    return -np.sum(_of_targets(_log_p(logits), targets) * mask) / np.maximum(mask.sum(), 1)


@mistake("caption_loss")
def mean_over_all_steps(logits, targets, mask):
    """The sum is divided by the number of all steps, N times T, padding included.

    More NULL at the end would then make the loss smaller, though nothing has become better.
    Divide by N.
    """
    return -np.sum(_of_targets(_log_p(logits), targets) * mask) / mask.size


@mistake("caption_loss")
def sum_over_the_batch(logits, targets, mask):
    """The sum over all captions is not divided by their number.

    The loss, and with it every gradient, would grow with the size of the batch.
    Divide by N.
    """
    return -np.sum(_of_targets(_log_p(logits), targets) * mask)


@mistake("caption_loss")
def sign_forgotten(logits, targets, mask):
    """The number is negative: the sign is missing.

    The log of a probability is at most 0; the loss is minus that.
    Training would make the captions worse and worse.
    """
    return np.sum(_of_targets(_log_p(logits), targets) * mask) / len(logits)


@mistake("caption_loss")
def log_of_an_underflow(logits, targets, mask):
    """All is right until the scores are large; then the loss is inf or nan.

    The softmax of a word that lies far below the best one is 0 in float64, and its log is -inf.
    Take the log of the formula first, then compute.
    """
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    with np.errstate(all="ignore"):
        return -np.sum(np.log(_of_targets(p, targets)) * mask) / len(logits)


@mistake("caption_loss")
def maximum_not_subtracted(logits, targets, mask):
    """All is right until the scores are large; then exp overflows, and the loss is inf.

    A float64 ends near exp(709).
    Subtract each step's largest score first; the result is the same.
    """
    with np.errstate(all="ignore"):
        log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
        return -np.sum(_of_targets(log_p, targets) * mask) / len(logits)


@mistake("caption_loss")
def one_maximum_for_all_captions(logits, targets, mask):
    """All is right until the scores of two captions lie far apart; then the loss is inf.

    One maximum was subtracted from everything, and far below it every exponential is 0.
    Each step needs its own maximum, along the last axis.
    """
    with np.errstate(all="ignore"):
        shifted = logits - logits.max()
        log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
        return -np.sum(_of_targets(log_p, targets) * mask) / len(logits)


@mistake("caption_loss")
def softmax_over_the_steps(logits, targets, mask):
    """The softmax goes over the steps of a caption instead of over the words.

    At each step the words compete with each other; the steps do not.
    The words lie along the last axis.
    """
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(_of_targets(log_p, targets) * mask) / len(logits)


@mistake("caption_loss")
def divided_by_the_steps(logits, targets, mask):
    """The sum is divided by the number of steps T instead of the number of captions N.

    The first axis counts captions, the second steps.
    """
    return -np.sum(_of_targets(_log_p(logits), targets) * mask) / logits.shape[1]


@mistake("caption_loss")
def scores_for_probabilities(logits, targets, mask):
    """The scores of the right words were added up as they are: the softmax and its logarithm are missing.

    A score says nothing until it is compared with those of the other words.
    """
    return -np.sum(_of_targets(logits, targets) * mask) / len(logits)


@mistake("caption_loss")
def probabilities_without_logarithm(logits, targets, mask):
    """The probabilities of the right words were added up; their logarithm is missing.

    The loss of a word is -ln p: 0 where the network is sure and right, large where it is sure and wrong.
    """
    return -np.sum(np.exp(_of_targets(_log_p(logits), targets)) * mask) / len(logits)


@mistake("caption_loss")
def loss_of_each_caption(logits, targets, mask):
    """There is one loss for each caption; one number for the batch is asked for.

    Take their mean.
    """
    return -np.sum(_of_targets(_log_p(logits), targets) * mask, axis=1)


# -- greedy_caption ----------------------------------------------------------------------------------------------------


def _step(word, h, image, p):
    h = np.tanh(p["W_embed"][word] @ p["W_xh"] + h @ p["W_hh"] + p["b_h"] + image)
    return h, h @ p["W_hy"] + p["b_y"]


def _begin(features, params, inject):
    image = features @ params["W_ih"]
    zeros = np.zeros_like(image)
    return (image if inject == "h0" else zeros), image, zeros


def _decode(features, params, max_len, inject, reset=False, feed=True, stop="row", image_always=False):
    """Decode greedily, with the faults that the arguments name."""
    h0, image, zeros = _begin(features, params, inject)
    N = len(features)
    h, word, out = h0, np.full(N, 1), np.zeros((N, max_len), dtype=np.int64)
    finished = np.zeros(N, dtype=bool)
    for t in range(max_len):
        seen = inject == "every" or (inject == "first" and (t == 0 or image_always))
        h, scores = _step(word, h0 if reset else h, image if seen else zeros, params)
        best = scores.argmax(axis=1)
        out[:, t] = np.where(finished, 0, best)
        if stop == "row":
            finished |= best == 2
        if stop == "any" and (best == 2).any():
            break
        if feed:
            word = np.where(finished, 0, best)
    return out


@mistake("greedy_caption")
def word_not_fed_back(features, params, max_len, inject):
    """The network reads START at every step: the word that it wrote is never fed back.

    So it writes without knowing what it has written.
    The word of this step is the input of the next.
    """
    return _decode(features, params, max_len, inject, feed=False)


@mistake("greedy_caption")
def score_for_word(features, params, max_len, inject):
    """These numbers are made from scores: the largest score was stored where its index is due.

    max gives the height of the highest score, argmax the place where it stands.
    The word is the place.
    """
    h, image, zeros = _begin(features, params, inject)
    N = len(features)
    word, out = np.full(N, 1), np.zeros((N, max_len), dtype=np.int64)
    for t in range(max_len):
        seen = inject == "every" or (inject == "first" and t == 0)
        h, scores = _step(word, h, image if seen else zeros, params)
        out[:, t] = scores.max(axis=1)
    return out


@mistake("greedy_caption")
def start_in_the_result(features, params, max_len, inject):
    """The first column is START, and the last word is missing.

    START is what the network reads first, not what it writes.
    Leave it out of the result; the first column is the first word.
    """
    words = _decode(features, params, max_len, inject)
    return np.concatenate([np.ones((len(features), 1), dtype=np.int64), words[:, :-1]], axis=1)


@mistake("greedy_caption")
def goes_on_after_the_end(features, params, max_len, inject):
    """Rows go on after their END.

    What a network says after END means nothing; it never learned to say anything there.
    After END a row holds NULL.
    """
    return _decode(features, params, max_len, inject, stop="never")


@mistake("greedy_caption")
def all_stop_with_the_first(features, params, max_len, inject):
    """All rows stop as soon as one of them has written END.

    The others are cut in the middle of a sentence, and which words they get depends on their neighbours.
    Keep a True or False for each row.
    """
    return _decode(features, params, max_len, inject, stop="any")


@mistake("greedy_caption")
def state_reset(features, params, max_len, inject):
    """Every step starts from the initial state: the state is not carried on.

    The network then knows only the last word, not the words before it.
    Keep the state of the step, or run all words so far again.
    """
    return _decode(features, params, max_len, inject, reset=True)


@mistake("greedy_caption")
def image_fed_at_every_step(features, params, max_len, inject):
    """With 'first' the image enters at every step.

    That happens when each word is run as a sequence of length 1, whose first step it always is.
    Run all words so far, or keep track of the step.
    """
    return _decode(features, params, max_len, inject, image_always=True)


@mistake("greedy_caption")
def end_not_written(features, params, max_len, inject):
    """END has been replaced by NULL, so no caption has an end.

    The row is finished after END, not before it.
    Write the word first, then remember that the row is finished.
    """
    words = _decode(features, params, max_len, inject)
    return np.where(words == 2, 0, words)


@mistake("greedy_caption")
def filled_with_end(features, params, max_len, inject):
    """After their END the rows are filled up with END instead of NULL.

    A caption has one END; what follows is padding, and padding is NULL.
    Look at what is written where a row is finished.
    """
    words = _decode(features, params, max_len, inject)
    return np.where(np.cumsum(words == 2, axis=1) > 0, 2, words)


@mistake("greedy_caption")
def first_word_again(features, params, max_len, inject):
    """The first word comes again and again: every step gives the answer to START alone.

    Either the word that was chosen is never appended to what the network reads, or it is, and the scores of the first
    step are looked at instead of those of the last.
    Run all words so far and take the last step's scores; or keep the state and read the new word.
    """
    return _decode(features, params, max_len, inject, reset=True, feed=False, stop="row", image_always=True)


@mistake("greedy_caption")
def word_not_fed_back_and_no_end(features, params, max_len, inject):
    """The network reads START at every step, and no row ends.

    The word of this step is the input of the next, and after END a row holds NULL.
    """
    return _decode(features, params, max_len, inject, feed=False, stop="never")


@mistake("greedy_caption")
def nothing_written(features, params, max_len, inject):
    """All is NULL: the words were chosen and never written down.

    Put the word of step t into column t of the result.
    """
    return np.zeros((len(features), max_len), dtype=np.int64)


@mistake("greedy_caption")
def words_of_the_first_step(features, params, max_len, inject):
    """Only the first column is written; the others are still NULL.

    After the first word the loop has ended, or the next words have never been appended.
    """
    words = _decode(features, params, max_len, inject)
    words[:, 1:] = 0
    return words


@mistake("greedy_caption")
def image_remembered_in_every_mode(features, params, max_len, inject):
    """The initial state is the image in every mode.

    Only with 'h0' is h_0 the image; with the two others it is zero.
    If caption_forward is right, let it do this: give it the words so far and take the scores of the last step.
    """
    image = features @ params["W_ih"]
    zeros = np.zeros_like(image)
    N = len(features)
    h, word, out = image, np.full(N, 1), np.zeros((N, max_len), dtype=np.int64)
    finished = np.zeros(N, dtype=bool)
    for t in range(max_len):
        seen = inject == "every" or (inject == "first" and t == 0)
        h, scores = _step(word, h, image if seen else zeros, params)
        word = np.where(finished, 0, scores.argmax(axis=1))
        out[:, t] = word
        finished |= word == 2
    return out


@mistake("greedy_caption")
def sequences_in_columns(features, params, max_len, inject):
    """The words are right, but a caption stands in a column: (T, N).

    A list that gets one array for each step has time in front; stack along axis 1.
    """
    return _decode(features, params, max_len, inject).T


@mistake("greedy_caption")
def words_as_floats(features, params, max_len, inject):
    """The words are right, but they are floats.

    np.zeros makes floats unless it is told otherwise, and an array of floats cannot pick rows of an embedding.
    """
    return _decode(features, params, max_len, inject).astype(np.float64)


# -- bleu --------------------------------------------------------------------------------------------------------------


def _grams(words, n):
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))


def _closest(words, known):
    return min((len(reference) for reference in known), key=lambda length: (abs(length - len(words)), length))


def _bleu(candidate, references, max_n, clip=True, add=False, mean="geometric", length=_closest, brevity=True):
    """Compute BLEU, with the faults that the arguments name."""
    words, known = candidate.split(), [reference.split() for reference in references]
    parts = []
    for n in range(1, max_n + 1):
        have, allowed = _grams(words, n), Counter()
        for reference in known:
            allowed = allowed + _grams(reference, n) if add else allowed | _grams(reference, n)
        if clip:
            matches = (have & allowed).total()
        else:
            matches = sum(count for gram, count in have.items() if gram in allowed)
        if matches == 0:
            return 0.0
        parts.append(matches / have.total())
    r, c = length(words, known), len(words)
    penalty = min(1.0, float(np.exp(1 - r / c))) if brevity else 1.0
    if mean == "geometric":
        return float(np.prod(parts)) ** (1 / max_n) * penalty
    return (float(np.mean(parts)) if mean == "arithmetic" else float(np.prod(parts))) * penalty


@mistake("bleu")
def counts_not_clipped(candidate, references, max_n=4):
    """Repeated words count each time: "kite kite kite" gets full marks from one kite.

    A run of words counts at most as often as it occurs in a reference.
    Take the smaller of the two counts.
    """
    return _bleu(candidate, references, max_n, clip=False)


@mistake("bleu")
def references_added_up(candidate, references, max_n=4):
    """The counts of all references were added up.

    A word that stands once in each of two references may then count twice, though no reference has it twice.
    Take the largest count of any single reference.
    """
    return _bleu(candidate, references, max_n, add=True)


@mistake("bleu")
def brevity_left_out(candidate, references, max_n=4):
    """Short captions are not penalised.

    One word that is surely right would get the best score.
    Multiply by the brevity penalty when the caption is shorter than the reference.
    """
    return _bleu(candidate, references, max_n, brevity=False)


@mistake("bleu")
def arithmetic_mean(candidate, references, max_n=4):
    """The precisions were averaged by adding; BLEU takes their geometric mean.

    The geometric mean is the max_n-th root of the product, and one small factor pulls it down.
    Multiply, then take the root.
    """
    return _bleu(candidate, references, max_n, mean="arithmetic")


@mistake("bleu")
def root_forgotten(candidate, references, max_n=4):
    """This is the product of the precisions; its root is missing.

    Without the root, longer runs would make every score smaller, whatever the caption.
    The exponent is 1 / max_n.
    """
    return _bleu(candidate, references, max_n, mean="product")


@mistake("bleu")
def shortest_reference(candidate, references, max_n=4):
    """The caption's length is compared with the shortest reference.

    It should be the reference whose length is closest to the caption's.
    Which of two equally close ones is taken matters too: the shorter.
    """
    return _bleu(candidate, references, max_n, length=lambda words, known: min(map(len, known)))


@mistake("bleu")
def longest_reference(candidate, references, max_n=4):
    """The caption's length is compared with the longest reference.

    One long-winded reference would then punish every normal caption.
    Take the reference whose length is closest.
    """
    return _bleu(candidate, references, max_n, length=lambda words, known: max(map(len, known)))


@mistake("bleu")
def best_single_reference(candidate, references, max_n=4):
    """Each reference was scored alone, and the best score returned.

    BLEU pools the references: one may have the beginning of the caption, another its end.
    Join their counts before comparing.
    """
    return max(_bleu(candidate, [reference], max_n) for reference in references)


@mistake("bleu")
def always_four(candidate, references, max_n=4):
    """max_n is not used: runs of one to four words are always counted.

    With max_n=2 only words and pairs count.
    Look at the range of the loop.
    """
    return _bleu(candidate, references, 4)


@mistake("bleu")
def penalty_upside_down(candidate, references, max_n=4):
    """The brevity penalty has its ratio upside down: long captions are punished and short ones are not.

    exp(1 - r / c) with r the reference's length and c the caption's: below 1 where the caption is shorter.
    """
    words = candidate.split()
    if not words:
        return 0.0
    r = _closest(words, [reference.split() for reference in references])
    return _bleu(candidate, references, max_n, brevity=False) * min(1.0, float(np.exp(1 - len(words) / r)))


@mistake("bleu")
def penalty_without_exponential(candidate, references, max_n=4):
    """The score was multiplied by c / r, the ratio of the lengths; the penalty is exp(1 - r / c).

    Both are 1 for equal lengths, and the exponential falls faster.
    """
    words = candidate.split()
    if not words:
        return 0.0
    r = _closest(words, [reference.split() for reference in references])
    return _bleu(candidate, references, max_n, brevity=False) * min(1.0, len(words) / r)


@mistake("bleu")
def longest_runs_only(candidate, references, max_n=4):
    """Only runs of max_n words were counted.

    All lengths from 1 to max_n count, each with its own precision.
    """
    words = candidate.split()
    known = [reference.split() for reference in references]
    have, allowed = _grams(words, max_n), Counter()
    for reference in known:
        allowed = allowed | _grams(reference, max_n)
    if not (have & allowed).total():
        return 0.0
    penalty = min(1.0, float(np.exp(1 - _closest(words, known) / len(words))))
    return (have & allowed).total() / have.total() * penalty


# -- spatial_attention -------------------------------------------------------------------------------------------------


def _looked(scores, A, axis=1):
    e = np.exp(scores - scores.max(axis=axis, keepdims=True))
    alpha = e / e.sum(axis=axis, keepdims=True)
    return np.einsum("nl,nld->nd", alpha, A), alpha


def _scores(h, A, W_q):
    return np.einsum("nd,nld->nl", h @ W_q, A) / np.sqrt(A.shape[2]).astype(A.dtype)


@mistake("spatial_attention")
def not_scaled(h, A, W_q):
    """The weights are too sharp: the scores were not divided by the root of D.

    The sum of D products grows with D, and the softmax with it.
    Divide the scores before the softmax.
    """
    return _looked(np.einsum("nd,nld->nl", h @ W_q, A), A)


@mistake("spatial_attention")
def scaled_by_the_positions(h, A, W_q):
    """The scores were divided by the root of L, the number of positions, instead of D.

    It is the length of the sum in the dot product that makes scores large, and that is D.
    D is the last axis of A.
    """
    return _looked(np.einsum("nd,nld->nl", h @ W_q, A) / np.sqrt(A.shape[1]).astype(A.dtype), A)


@mistake("spatial_attention")
def scaled_by_the_state(h, A, W_q):
    """The scores were divided by the root of H, the length of the state, instead of D.

    The dot product is taken between the query and a position, and both have length D.
    The state itself does not appear in it.
    """
    return _looked(np.einsum("nd,nld->nl", h @ W_q, A) / np.sqrt(h.shape[1]).astype(A.dtype), A)


@mistake("spatial_attention")
def divided_by_d(h, A, W_q):
    """The scores were divided by D, not by its root, so the weights are too even.

    A sum of D random products grows like the root of D.
    Take the root.
    """
    return _looked(np.einsum("nd,nld->nl", h @ W_q, A) / np.asarray(A.shape[2], A.dtype), A)


@mistake("spatial_attention")
def softmax_over_the_batch(h, A, W_q):
    """The softmax goes over the batch: the images compete for the same position.

    For one image alone all weights would be 1.
    Each image's weights sum to 1 over its own positions, along the last axis of the scores.
    """
    return _looked(_scores(h, A, W_q), A, axis=0)


@mistake("spatial_attention")
def softmax_left_out(h, A, W_q):
    """These are plain scores: the softmax is missing.

    Scores may be negative and do not sum to 1, so the context is no average.
    Turn the scores into weights first.
    """
    scores = _scores(h, A, W_q)
    return np.einsum("nl,nld->nd", scores, A), scores


@mistake("spatial_attention")
def context_of_the_scores(h, A, W_q):
    """The weights are right, but the context was made from the scores before the softmax.

    The context is an average, so it needs weights that sum to 1.
    Use alpha in the last sum.
    """
    scores = _scores(h, A, W_q)
    return np.einsum("nl,nld->nd", scores, A), _looked(scores, A)[1]


@mistake("spatial_attention")
def results_exchanged(h, A, W_q):
    """The two results have changed places: first the weights, then the context.

    Whoever writes `context, alpha = ...` takes one for the other.
    The context comes first.
    """
    context, alpha = _looked(_scores(h, A, W_q), A)
    return alpha, context


@mistake("spatial_attention")
def mean_instead_of_sum(h, A, W_q):
    """The context is too small by the factor L: a mean was taken of the weighted positions.

    The weights sum to 1 already, so the weighted sum is the average.
    Do not divide again.
    """
    context, alpha = _looked(_scores(h, A, W_q), A)
    return context / np.asarray(A.shape[1], A.dtype), alpha


@mistake("spatial_attention")
def overflows(h, A, W_q):
    """All is right until the scores are large; then exp overflows, and the weights are nan.

    Subtract the largest score of each image before the exponential.
    The weights stay the same.
    """
    with np.errstate(all="ignore"):
        e = np.exp(_scores(h, A, W_q))
        alpha = e / e.sum(axis=1, keepdims=True)
        return np.einsum("nl,nld->nd", alpha, A), alpha


@mistake("spatial_attention")
def one_maximum_for_all(h, A, W_q):
    """Some images have nan for weights, the others are right: one maximum was subtracted from all of them.

    An image whose scores lie far below it becomes 0 divided by 0.
    Each image needs its own maximum.
    """
    scores = _scores(h, A, W_q)
    with np.errstate(all="ignore"):
        e = np.exp(scores - scores.max())
        alpha = e / e.sum(axis=1, keepdims=True)
        return np.einsum("nl,nld->nd", alpha, A), alpha


@mistake("spatial_attention")
def softmax_over_everything(h, A, W_q):
    """All weights of the whole batch sum to 1; those of each image should.

    The sum was taken over both axes, so the images share one unit of attention.
    Sum along the positions only.
    """
    scores = _scores(h, A, W_q)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    alpha = e / e.sum()
    return np.einsum("nl,nld->nd", alpha, A), alpha


@mistake("spatial_attention")
def sum_along_the_batch(h, A, W_q):
    """The softmax goes along two axes: the maximum was taken over the positions, the sum over the batch.

    Both go along the positions, the last axis of the scores.
    """
    scores = _scores(h, A, W_q)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    alpha = e / e.sum(axis=0, keepdims=True)
    return np.einsum("nl,nld->nd", alpha, A), alpha


@mistake("spatial_attention")
def weights_as_a_column(h, A, W_q):
    """The numbers are right, but alpha has kept an axis of length 1.

    It is (N, L): one weight for each position of each image.
    """
    context, alpha = _looked(_scores(h, A, W_q), A)
    return context, alpha[:, :, None]


@mistake("spatial_attention")
def mean_of_all_positions(h, A, W_q):
    """alpha is right, but the context is the plain mean of all positions.

    The context is their sum, each multiplied by its weight.
    """
    _, alpha = _looked(_scores(h, A, W_q), A)
    return A.mean(axis=1), alpha


@mistake("spatial_attention")
def best_position_only(h, A, W_q):
    """alpha is right, but the context is the position with the largest weight, and no other.

    That would be hard attention; soft attention averages, so that a gradient reaches every position.
    """
    _, alpha = _looked(_scores(h, A, W_q), A)
    return A[np.arange(len(A)), alpha.argmax(axis=1)], alpha
