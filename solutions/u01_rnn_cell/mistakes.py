"""Known wrong answers to the exercises of unit 01; each docstring is the hint for those who make the mistake."""

import numpy as np

from solutions.mistakes import mistake

# -- one_hot -----------------------------------------------------------------------------------------------------------


@mistake("one_hot")
def negative_index_wraps(idx, vocab_size, dtype=np.float64):
    """These are the rows that come out when NumPy counts a negative index from the end.

    Index -1 then means the last symbol, and a mistake in the data goes unnoticed.
    Refuse every index below 0 yourself; NumPy will not.
    """
    return np.eye(vocab_size, dtype=dtype)[np.asarray(idx)]


@mistake("one_hot")
def out_of_range_gives_zeros(idx, vocab_size, dtype=np.float64):
    """All is right except that an index outside the vocabulary gives a row without any 1, where an error is due.

    A comparison with the numbers 0 to V - 1 finds no match for -1 or V and says nothing.
    Look at the smallest and the largest index first, and raise IndexError.
    """
    return (np.asarray(idx)[..., None] == np.arange(vocab_size)).astype(dtype)


@mistake("one_hot")
def vocabulary_from_largest_index(idx, vocab_size, dtype=np.float64):
    """The rows are as long as the largest index that happens to occur, plus one.

    The next batch may lack the last letter, and then its rows would have another length.
    The length of a row is the size of the vocabulary, which you are given.
    """
    idx = np.asarray(idx)
    size = int(idx.max()) + 1 if idx.size else 0
    return (idx[..., None] == np.arange(size)).astype(dtype)


@mistake("one_hot")
def indices_flattened(idx, vocab_size, dtype=np.float64):
    """The rows are right, but they stand in one long list: the shape of idx is lost.

    A batch of sentences (N, T) should give (N, T, V), so that each row stays where its letter was.
    Keep all axes of idx and add one at the end.
    """
    idx = np.asarray(idx).ravel()
    if idx.size and (idx.min() < 0 or idx.max() >= vocab_size):
        raise IndexError("index out of range")
    return (idx[:, None] == np.arange(vocab_size)).astype(dtype)


@mistake("one_hot")
def vocabulary_axis_first(idx, vocab_size, dtype=np.float64):
    """The ones and zeros are right, but the vocabulary lies along the first axis instead of the last.

    Each index should become a row; here each symbol has become one.
    Ask where the new axis goes: idx.shape comes first, then V.
    """
    idx = np.asarray(idx)
    if idx.size and (idx.min() < 0 or idx.max() >= vocab_size):
        raise IndexError("index out of range")
    return np.stack([idx == v for v in range(vocab_size)]).astype(dtype)


@mistake("one_hot")
def dtype_ignored(idx, vocab_size, dtype=np.float64):
    """The values are right, but they are always float64: the argument dtype is not used.

    A network in float32 that is fed float64 becomes a float64 network, at twice the memory.
    Hand dtype on to the function that makes the array.
    """
    idx = np.asarray(idx)
    if idx.size and (idx.min() < 0 or idx.max() >= vocab_size):
        raise IndexError("index out of range")
    return (idx[..., None] == np.arange(vocab_size)).astype(np.float64)


@mistake("one_hot")
def refused_with_value_error(idx, vocab_size, dtype=np.float64):
    """An index out of range is refused, which is good, but with ValueError.

    Callers expect IndexError, as a list would raise.
    Only the kind of the exception has to change.
    """
    idx = np.asarray(idx)
    if idx.size and (idx.min() < 0 or idx.max() >= vocab_size):
        raise ValueError("index out of range")
    return (idx[..., None] == np.arange(vocab_size)).astype(dtype)


# -- softmax -----------------------------------------------------------------------------------------------------------


def _floats(z):
    z = np.asarray(z)
    return z if z.dtype.kind == "f" else z.astype(np.float64)


@mistake("softmax")
def one_maximum_for_the_whole_table(z, axis=-1):
    """nan in some rows and right numbers in the others: this happens when one maximum is subtracted from all rows.

    A row that lies far below that maximum becomes exp of a huge negative number, all zeros, and 0/0 is nan.
    Every row needs its own maximum: take it along axis.
    """
    z = _floats(z)
    with np.errstate(all="ignore"):
        e = np.exp(z - z.max())
        return e / e.sum(axis=axis, keepdims=True)


@mistake("softmax")
def maximum_not_subtracted(z, axis=-1):
    """These numbers are right until the scores are large; then exp overflows to inf, and inf/inf is nan.

    The formula is correct on paper, but a float64 ends near exp(709).
    Subtracting one number from a whole row changes nothing in the result; choose it so that no exponent is large.
    """
    z = _floats(z)
    with np.errstate(all="ignore"):
        e = np.exp(z)
        return e / e.sum(axis=axis, keepdims=True)


@mistake("softmax")
def axis_dropped(z, axis=-1):
    """The shapes do not fit because max and sum have removed the axis along which they went.

    (N, C) minus (N,) does not line up row by row; if N equals C it even runs, and gives wrong numbers.
    Both max and sum have an option that keeps the axis with length 1.
    """
    z = _floats(z)
    e = np.exp(z - z.max(axis=axis))
    return e / e.sum(axis=axis)


@mistake("softmax")
def divided_by_the_whole_sum(z, axis=-1):
    """All numbers together sum to 1; each row should.

    The sum was taken over the whole table.
    In a batch every row is a distribution of its own: take the sum along axis.
    """
    z = _floats(z)
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum()


@mistake("softmax")
def always_the_last_axis(z, axis=-1):
    """With axis=-1 all is right; with any other axis these are still the numbers for the last one.

    Somewhere -1 is written where axis is meant.
    Look at both places where a direction is needed.
    """
    z = _floats(z)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@mistake("softmax")
def always_the_first_axis(z, axis=-1):
    """The columns sum to 1 instead of the rows: the softmax goes down axis 0.

    The sequences of the batch then compete with each other, while it is the classes that should.
    Use the axis that the caller asks for; by default it is the last one.
    """
    z = _floats(z)
    e = np.exp(z - z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


@mistake("softmax")
def whole_number_buffer(z, axis=-1):
    """For whole-number scores everything is 0 or 1: the result was written into an array of whole numbers.

    np.zeros_like(z) and np.empty_like(z) take the dtype of z, and an integer array cuts off the decimals.
    Make z a float array first.
    """
    z = np.asarray(z)
    shifted = _floats(z)
    e = np.exp(shifted - shifted.max(axis=axis, keepdims=True))
    result = np.zeros_like(z)
    result[...] = e / e.sum(axis=axis, keepdims=True)
    return result


@mistake("softmax")
def sigmoid_of_each_score(z, axis=-1):
    """These are sigmoids: every score was squashed by itself, and the rows do not sum to 1.

    A sigmoid answers one yes-or-no question per score; softmax shares one unit of probability among all scores.
    Each result must depend on all scores of its row.
    """
    z = _floats(z)
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-z))


@mistake("softmax")
def sum_along_another_axis(z, axis=-1):
    """The softmax goes along two axes: the maximum was taken along one, the sum along the other.

    Each row had its own maximum subtracted, and then the columns were divided by their sums.
    Both must go along the same axis, the one that the caller asks for.
    """
    z = _floats(z)
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=0 if axis != 0 else -1, keepdims=True)


@mistake("softmax")
def maximum_along_another_axis(z, axis=-1):
    """The rows sum to 1, but the numbers in them are wrong: the maximum was taken along another axis than the sum.

    What is subtracted must be one number for the whole row; otherwise the scores of the row move apart.
    Give max the axis that sum has.
    """
    z = _floats(z)
    with np.errstate(all="ignore"):
        e = np.exp(z - z.max(axis=0 if axis != 0 else -1, keepdims=True))
        return e / e.sum(axis=axis, keepdims=True)


@mistake("softmax")
def exponential_left_out(z, axis=-1):
    """The scores themselves were divided by their sum; the exponential is missing.

    Scores may be negative, and then so is their share.
    The exponential makes every score positive before the shares are taken.
    """
    z = _floats(z)
    with np.errstate(all="ignore"):
        return z / z.sum(axis=axis, keepdims=True)


@mistake("softmax")
def logarithm_returned(z, axis=-1):
    """These are the logarithms of the probabilities, all of them below 0.

    A loss wants them, and this function is asked for the probabilities.
    One function call is left to do, or one to leave out.
    """
    z = _floats(z)
    shifted = z - z.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


# -- rnn_cell_forward --------------------------------------------------------------------------------------------------


@mistake("rnn_cell_forward")
def tanh_of_each_term(x_t, h_prev, W_xh, W_hh, b_h):
    """These are the numbers that come out when tanh is taken of each term and the results are added.

    They can leave the range from -1 to 1, which a tanh never does.
    Add first: there is one tanh, around the whole sum.
    """
    h_t = np.tanh(x_t @ W_xh) + np.tanh(h_prev @ W_hh) + np.tanh(b_h)
    return h_t, (x_t, h_prev, h_t)


@mistake("rnn_cell_forward")
def hidden_weights_transposed(x_t, h_prev, W_xh, W_hh, b_h):
    """These are the numbers that come out when W_hh is transposed.

    It is square, so the shapes fit both ways and nothing complains.
    With states in columns the product is W_hh @ h_prev; with states in rows, as here, it is h_prev @ W_hh,
    without a transpose.
    """
    h_t = np.tanh(x_t @ W_xh + h_prev @ W_hh.T + b_h)
    return h_t, (x_t, h_prev, h_t)


@mistake("rnn_cell_forward")
def tanh_left_out(x_t, h_prev, W_xh, W_hh, b_h):
    """These are the sums before the tanh.

    Without it the cell is linear, and the state can grow from step to step without bound.
    One function call is missing.
    """
    h_t = x_t @ W_xh + h_prev @ W_hh + b_h
    return h_t, (x_t, h_prev, h_t)


@mistake("rnn_cell_forward")
def bias_left_out(x_t, h_prev, W_xh, W_hh, b_h):
    """These are the numbers that come out when the bias is left out.

    With b_h = 0 nobody would notice, which is why the check uses another one.
    Compare your sum with the formula, term by term.
    """
    h_t = np.tanh(x_t @ W_xh + h_prev @ W_hh)
    return h_t, (x_t, h_prev, h_t)


@mistake("rnn_cell_forward")
def memory_left_out(x_t, h_prev, W_xh, W_hh, b_h):
    """These are the numbers of a cell without memory: h_prev has no influence.

    That is a feed-forward layer, and it would answer the same to every 'l' of "hello".
    The old state enters the sum through W_hh.
    """
    h_t = np.tanh(x_t @ W_xh + b_h)
    return h_t, (x_t, h_prev, h_t)


@mistake("rnn_cell_forward")
def hidden_weights_not_used(x_t, h_prev, W_xh, W_hh, b_h):
    """These are the numbers that come out when the old state is added as it is, without W_hh.

    The shapes fit, because h_prev and the sum are both (N, H).
    But which unit listens to which is exactly what W_hh has to learn.
    """
    h_t = np.tanh(x_t @ W_xh + h_prev + b_h)
    return h_t, (x_t, h_prev, h_t)


@mistake("rnn_cell_forward")
def bias_outside_the_tanh(x_t, h_prev, W_xh, W_hh, b_h):
    """These are the numbers that come out when the bias is added after the tanh.

    The bias should move the point at which a unit switches over, so it belongs to the sum.
    Check the brackets.
    """
    h_t = np.tanh(x_t @ W_xh + h_prev @ W_hh) + b_h
    return h_t, (x_t, h_prev, h_t)


@mistake("rnn_cell_forward")
def sigmoid_for_tanh(x_t, h_prev, W_xh, W_hh, b_h):
    """All numbers lie between 0 and 1: this is a sigmoid, and the vanilla cell uses tanh.

    A tanh is centred, so a unit can say no (-1) as well as yes (+1).
    The sigmoid will have its place in the gates of the LSTM.
    """
    h_t = 1 / (1 + np.exp(-(x_t @ W_xh + h_prev @ W_hh + b_h)))
    return h_t, (x_t, h_prev, h_t)


@mistake("rnn_cell_forward")
def bias_as_a_column(x_t, h_prev, W_xh, W_hh, b_h):
    """The bias was made a column (H, 1), as in the column notation of books.

    Added to rows (N, H) it does not fit, or, for a single sequence, broadcasting makes a table (H, H) of it.
    With sequences in rows the bias is used as it comes, (H,), and lines up with the last axis.
    """
    h_t = np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h.reshape(-1, 1))
    return h_t, (x_t, h_prev, h_t)


@mistake("rnn_cell_forward")
def batch_of_one_squeezed(x_t, h_prev, W_xh, W_hh, b_h):
    """All is right until there is only one sequence: then the batch axis is squeezed away, and (1, H) becomes (H,).

    np.squeeze removes every axis of length 1, also one that means something.
    The formula gives the right shape without any squeezing.
    """
    h_t = np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h).squeeze()
    return h_t, (x_t, h_prev, h_t)


@mistake("rnn_cell_forward")
def cache_not_returned(x_t, h_prev, W_xh, W_hh, b_h):
    """The state comes back alone; the cache is missing.

    The function returns two things, and the backward pass of unit 02 will ask for the second.
    Return the state and the cache, separated by a comma.
    """
    return np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)


@mistake("rnn_cell_forward")
def cache_before_state(x_t, h_prev, W_xh, W_hh, b_h):
    """The two results come back in the wrong order: first the cache, then the state.

    Whoever writes `h_t, cache = ...` then takes one for the other.
    The state comes first.
    """
    h_t = np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)
    return (x_t, h_prev, h_t), h_t


@mistake("rnn_cell_forward")
def states_in_columns(x_t, h_prev, W_xh, W_hh, b_h):
    """The numbers are right, but the sequences stand in columns: this is (H, N), the convention of other courses.

    Here a row is a sequence, so a product has the data on the left and the weights on the right.
    Code that was written for columns has to be turned over, products and bias included.
    """
    h_t = np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h).T
    return h_t, (x_t, h_prev, h_t)


@mistake("rnn_cell_forward")
def relu_for_tanh(x_t, h_prev, W_xh, W_hh, b_h):
    """No number is negative, and some are above 1: this is a ReLU, and the vanilla cell uses tanh.

    What is read again at every step must not grow at every step; the tanh keeps the state within -1 and 1.
    """
    h_t = np.maximum(x_t @ W_xh + h_prev @ W_hh + b_h, np.zeros((), x_t.dtype))
    return h_t, (x_t, h_prev, h_t)


@mistake("rnn_cell_forward")
def tanh_of_the_tanh(x_t, h_prev, W_xh, W_hh, b_h):
    """These are the numbers that come out when tanh is taken twice.

    It happens when a line is copied, and when the sum has been through a tanh before it gets a name.
    One tanh, around the whole sum.
    """
    h_t = np.tanh(np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h))
    return h_t, (x_t, h_prev, h_t)


@mistake("rnn_cell_forward")
def bias_added_twice(x_t, h_prev, W_xh, W_hh, b_h):
    """These are the numbers that come out when the bias is added twice.

    PyTorch has two biases, one for each product; here one bias serves the whole sum.
    """
    h_t = np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h + b_h)
    return h_t, (x_t, h_prev, h_t)


# Two at once: whoever copies the line of a linear layer often leaves out what a linear layer does not have.
@mistake("rnn_cell_forward")
def bias_and_tanh_left_out(x_t, h_prev, W_xh, W_hh, b_h):
    """These are the two products alone: neither the bias nor the tanh is there.

    Go through the formula from the inside to the outside: two products, a bias, and one function around all three.
    """
    h_t = x_t @ W_xh + h_prev @ W_hh
    return h_t, (x_t, h_prev, h_t)


@mistake("rnn_cell_forward")
def memory_and_bias_left_out(x_t, h_prev, W_xh, W_hh, b_h):
    """This is the input's term alone, through a tanh: the old state and the bias have no influence.

    The sum inside the tanh has three terms.
    """
    h_t = np.tanh(x_t @ W_xh)
    return h_t, (x_t, h_prev, h_t)


# -- rnn_readout -------------------------------------------------------------------------------------------------------


def _refuse(mode):
    if mode not in ("every", "last"):
        raise ValueError("mode must be 'every' or 'last'")


@mistake("rnn_readout")
def softmax_inside(h_all, W_hy, b_y, mode):
    """These are probabilities: a softmax was applied to the scores.

    Losses work on scores, since the logarithm of a softmax can be computed more exactly than a softmax and then its
    logarithm; a second softmax later would flatten the probabilities.
    Return the scores themselves.
    """
    _refuse(mode)
    scores = (h_all if mode == "every" else h_all[:, -1]) @ W_hy + b_y
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@mistake("rnn_readout")
def first_step_for_last(h_all, W_hy, b_y, mode):
    """For 'last' these are the scores of the first step.

    After one word the network has read nothing of the rest of the review.
    Which index counts from the end?
    """
    _refuse(mode)
    return (h_all if mode == "every" else h_all[:, 0]) @ W_hy + b_y


@mistake("rnn_readout")
def last_sequence_for_last_step(h_all, W_hy, b_y, mode):
    """For 'last' these are the scores of the last sequence of the batch, at all its steps.

    The first axis counts sequences, the second one steps.
    Leave the first axis alone and index the second.
    """
    _refuse(mode)
    return (h_all if mode == "every" else h_all[-1]) @ W_hy + b_y


@mistake("rnn_readout")
def time_axis_kept(h_all, W_hy, b_y, mode):
    """For 'last' the numbers are right, but the shape is (N, 1, C): the time axis is still there, with length 1.

    A slice such as -1: keeps its axis, a single index drops it.
    One answer per sequence means (N, C).
    """
    _refuse(mode)
    return (h_all if mode == "every" else h_all[:, -1:]) @ W_hy + b_y


@mistake("rnn_readout")
def mean_over_time_for_last(h_all, W_hy, b_y, mode):
    """For 'last' these are the scores of the average state.

    Averaging over time is a read-out that people use, but not the one that is asked for.
    Take the state after the last step only; it has seen everything.
    """
    _refuse(mode)
    return (h_all if mode == "every" else h_all.mean(axis=1)) @ W_hy + b_y


@mistake("rnn_readout")
def readout_bias_left_out(h_all, W_hy, b_y, mode):
    """These are the scores without the read-out's bias.

    The read-out has a bias of its own, b_y, one number per class; it is not the b_h of the cell.
    Add it to every score.
    """
    _refuse(mode)
    return (h_all if mode == "every" else h_all[:, -1]) @ W_hy


@mistake("rnn_readout")
def tanh_of_scores(h_all, W_hy, b_y, mode):
    """All scores lie between -1 and 1: a tanh was applied to them.

    The tanh belongs to the cell; the states that come in have been through it already.
    The read-out is a matrix product and a bias, nothing more.
    """
    _refuse(mode)
    return np.tanh((h_all if mode == "every" else h_all[:, -1]) @ W_hy + b_y)


@mistake("rnn_readout")
def mistyped_mode_accepted(h_all, W_hy, b_y, mode):
    """A mode such as 'lsat' is taken for 'last'.

    A plain else catches everything that is not 'every', typing errors too, and they would be hard to find later.
    Name both modes, and raise ValueError for what is left.
    """
    if mode == "every":
        return h_all @ W_hy + b_y
    return h_all[:, -1] @ W_hy + b_y


@mistake("rnn_readout")
def mistyped_mode_gives_none(h_all, W_hy, b_y, mode):
    """A mode such as 'lsat' gives None: no branch matched, and the function ended without a return.

    The caller will stumble over the None much later, far from the typing error.
    Raise ValueError when the mode is neither of the two.
    """
    if mode == "every":
        return h_all @ W_hy + b_y
    if mode == "last":
        return h_all[:, -1] @ W_hy + b_y
    return None


@mistake("rnn_readout")
def always_every_step(h_all, W_hy, b_y, mode):
    """For 'last' these are the scores of every step: the mode has no influence.

    One review gets one answer, so 'last' takes one state per sequence before the product.
    """
    _refuse(mode)
    return h_all @ W_hy + b_y


@mistake("rnn_readout")
def always_the_last_step(h_all, W_hy, b_y, mode):
    """For 'every' these are the scores of the last step alone: the mode has no influence.

    A tagger answers at each step, so 'every' keeps the time axis.
    """
    _refuse(mode)
    return h_all[:, -1] @ W_hy + b_y


@mistake("rnn_readout")
def modes_exchanged(h_all, W_hy, b_y, mode):
    """Each of the two modes gives what the other one should.

    Turn the condition round.
    """
    _refuse(mode)
    return (h_all if mode == "last" else h_all[:, -1]) @ W_hy + b_y


@mistake("rnn_readout")
def scores_added_over_time(h_all, W_hy, b_y, mode):
    """For 'last' the states of all steps were added up.

    The state after the last step has seen everything; the others need not be added to it.
    """
    _refuse(mode)
    return (h_all if mode == "every" else h_all.sum(axis=1)) @ W_hy + b_y


@mistake("rnn_readout")
def batch_and_time_in_one(h_all, W_hy, b_y, mode):
    """The scores are right, but 'every' gives one long list of them: the axes of sequences and steps are one.

    To flatten for a product is fine, and afterwards the result gets its axes back: (N, T, C).
    The product with @ keeps them by itself.
    """
    _refuse(mode)
    scores = (h_all if mode == "every" else h_all[:, -1]) @ W_hy + b_y
    return scores.reshape(-1, scores.shape[-1])


# -- rnn_forward -------------------------------------------------------------------------------------------------------


def _cell(x_t, h_prev, W_xh, W_hh, b_h):
    h_t = np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)
    return h_t, (x_t, h_prev, W_xh, W_hh, h_t)


@mistake("rnn_forward", {"= h0, [], []": "= np.zeros_like(h0), [], []"})
def starts_from_zeros():
    """These are the states that come out when the first step starts from zeros instead of the h0 that is given.

    It happens when h0 is not used, and also when step t reads h_all[:, t - 1]: for t = 0 that is the last column,
    which still holds zeros.
    The state before the first step is h0.
    """


@mistake("rnn_forward", {"x[:, t], h,": "x[:, t], h0,"})
def initial_state_at_every_step():
    """The first step is right, and then every step starts from h0 again: nothing is remembered from step to step.

    The state that a step returns must be the one that the next step gets.
    Look at which variable you pass to the cell, and whether the loop ever changes it.
    """


@mistake("rnn_forward", {"x[:, t]": "x[:, 0]"})
def first_input_at_every_step():
    """The first step is right, and then the same input comes again and again: every step reads x at time 0.

    The state is carried on, but the network hears only the first letter.
    Each step takes its own slice along the time axis.
    """


@mistake("rnn_forward", {"axis=1": "axis=0"})
def time_axis_first():
    """All states are right, but they are stacked with time first: (T, N, H) instead of (N, T, H).

    np.stack and np.array put the new axis in front unless they are told where it goes.
    In this course the batch comes first, then time.
    """


@mistake("rnn_forward", {"np.stack": "np.concatenate"})
def states_joined_end_to_end():
    """All states are there, but side by side in one long row per sequence: (N, T * H).

    np.concatenate joins along an axis that exists already; here a new one is due.
    np.stack makes it.
    """


@mistake("rnn_forward", {"np.stack(states,": "np.stack([h0, *states],"})
def initial_state_included():
    """There is one state too many: h0 stands in front of the others.

    h_all holds the states after the steps 1 to T, so that h_all[:, t] belongs to x[:, t].
    Collect only what the cell returns.
    """


@mistake("rnn_forward", {"x[:, t]": "x[:, -1 - t]"})
def read_from_the_end():
    """The states come in the order of the steps, but the sequence is read from its end.

    A backward reader has its use, in unit 08.
    Here time runs from 0 to T - 1.
    """


@mistake("rnn_forward", {"np.stack(states,": "np.stack([h] * len(states),"})
def one_buffer_for_all_states():
    """Every step shows the same state, the last one: all entries of your list are one and the same array.

    Writing into an array with h[...] = or h[:] = changes it everywhere it was stored.
    Let each step make a new array, or store a copy.
    """


@mistake("rnn_forward", {"np.stack(states, axis=1)": "h"})
def only_the_last_state():
    """Only the state after the last step comes back.

    The read-out of a tagger needs the states of all steps, so the function returns them all: (N, T, H).
    Collect them in the loop.
    """


@mistake("rnn_forward", {"axis=1), caches": "axis=1), caches[-1:]"})
def only_the_last_cache():
    """The states are right, but caches holds only the cache of the last step.

    It does not show until the backward pass, which walks back through all of them.
    Append one cache per step.
    """


@mistake("rnn_forward", {"t in range(x.shape[1])": "x_t in x", "x[:, t]": "x_t"})
def loop_over_sequences():
    """The shapes do not fit because the loop goes over the first axis of x, which counts sequences, not steps.

    `for x_t in x` takes one whole sequence after the other.
    A step takes the inputs of all sequences at one time: go along axis 1.
    """


@mistake("rnn_forward", {"x.shape[1]": "x.shape[0]"})
def sequences_counted_for_steps():
    """There are as many states as sequences: the loop runs x.shape[0] times, which is N.

    With N = T nobody would notice, which is why the check uses sizes that differ.
    The number of steps is the length of the second axis.
    """


@mistake("rnn_forward", {"np.stack(states,": "np.stack([h0, *states[:-1]],"})
def states_one_step_late():
    """The states stand one step too late: the first is h0, and the last one is missing.

    h_all[:, t] is the state after x[:, t] has been read.
    Store what the cell returns, not what it was given.
    """


@mistake("rnn_forward")
def every_second_state(x, h0, W_xh, W_hh, b_h):
    """The first step is right; from then on a step gets the state from two steps before, not that of the last step.

    This is what happens when the list of states already begins with h0 and its places are counted as if it did not,
    or when the state is replaced before it has been used.
    Let one variable hold the state, and let each step replace it.
    """
    before, h, states, caches = h0, h0, [], []
    for t in range(x.shape[1]):
        new, cache = _cell(x[:, t], before, W_xh, W_hh, b_h)
        before, h = h, new
        states.append(new)
        caches.append(cache)
    return np.stack(states, axis=1), caches


@mistake("rnn_forward", {"axis=1), caches": "axis=1), []"})
def no_cache_kept():
    """The states are right, but the list of caches is empty.

    `np.append(caches, cache)` returns a new array and leaves the old one as it was.
    The append of a list changes the list itself.
    """


@mistake("rnn_forward", {"caches.append(cache)": "caches.extend(cache)"})
def caches_in_one_row():
    """The states are right, but the caches of all steps were joined into one long list of arrays.

    Adding a tuple to a list puts its items there, one by one; append puts the tuple there as a whole.
    The backward pass wants one entry for each step.
    """


@mistake("rnn_forward", {"axis=1), caches": "axis=1), cache"})
def cache_for_caches():
    """The states are right, but in place of the list of caches the cache of the last step comes back.

    One letter makes the difference between the two names.
    """


@mistake("rnn_forward", {"np.stack(states, axis=1)": "states"})
def states_in_a_list():
    """The states are right, but they come as a Python list, one array for each step.

    A list has no axes, and nothing that follows can slice it along time.
    np.stack makes one array of them; tell it which axis is time.
    """


# -- num_params --------------------------------------------------------------------------------------------------------


@mistake("num_params")
def readout_bias_not_counted(D, H, C):
    """The count is too small by C: the bias of the read-out, b_y, is missing.

    It has one number per class.
    Go through the five arrays of the table once more.
    """
    return D * H + H * H + H + H * C


@mistake("num_params")
def cell_bias_not_counted(D, H, C):
    """The count is too small by H: the bias of the cell, b_h, is missing.

    It has one number per hidden unit.
    Go through the five arrays of the table once more.
    """
    return D * H + H * H + H * C + C


@mistake("num_params")
def no_bias_counted(D, H, C):
    """The count holds the three matrices and no bias.

    The cell has a bias of H numbers and the read-out one of C numbers; they are trained as well.
    """
    return D * H + H * H + H * C


@mistake("num_params")
def hidden_weights_not_counted(D, H, C):
    """The count is too small by H * H: the matrix that carries the memory, W_hh, is missing.

    Without it this would be a feed-forward network.
    """
    return D * H + H + H * C + C


@mistake("num_params")
def cell_only(D, H, C):
    """This is the count of the cell alone.

    The read-out is trained too: a matrix (H, C) and a bias (C,).
    """
    return D * H + H * H + H


@mistake("num_params")
def two_biases_as_in_torch(D, H, C):
    """The count is too large by H: this is what nn.RNN has, with two biases that are added to each other.

    One would do, and the cell of this course has one.
    PyTorch keeps two because the GPU routines that it calls have two.
    """
    return D * H + H * H + 2 * H + H * C + C


@mistake("num_params")
def one_bias_for_both(D, H, C):
    """The read-out's bias was counted with H numbers, as if it were the cell's.

    Two biases that share a letter in some notes have different shapes: b_h one number per hidden unit, b_y one per
    class.
    """
    return D * H + H * H + H + H * C + H


@mistake("num_params")
def readout_from_the_input(D, H, C):
    """The read-out was counted as if it read the input, with a matrix (D, C).

    It reads the hidden state.
    Which shape does a matrix have that turns H numbers into C?
    """
    return D * H + H * H + H + D * C + C


# -- classify_task -----------------------------------------------------------------------------------------------------

_TYPES = {
    "image classification": "one-to-one",
    "house price": "one-to-one",
    "image captioning": "one-to-many",
    "drawing a digit": "one-to-many",
    "sentiment analysis": "many-to-one",
    "spam detection": "many-to-one",
    "video clip classification": "many-to-one",
    "machine translation": "many-to-many delayed",
    "chatbot": "many-to-many delayed",
    "part-of-speech tagging": "many-to-many synced",
    "per-frame video labelling": "many-to-many synced",
    "fall alarm": "many-to-many synced",
}


@mistake("classify_task")
def tagging_taken_for_translation(name):
    """Part-of-speech tagging was called delayed, as if it were translation.

    Both turn a sentence into a sequence, but a tag can be given with each word, at once.
    Ask whether the first output must wait for the last input.
    """
    return {**_TYPES, "part-of-speech tagging": "many-to-many delayed"}[name]


@mistake("classify_task")
def delayed_and_synced_swapped(name):
    """All tasks of the two many-to-many types have the other one's name.

    Synced means that each output leaves together with its input; delayed means that the whole input is read first.
    """
    swapped = {"many-to-many delayed": "many-to-many synced", "many-to-many synced": "many-to-many delayed"}
    return swapped.get(_TYPES[name], _TYPES[name])


@mistake("classify_task")
def translation_taken_for_synced(name):
    """Machine translation was called synced, word for word.

    The description says that the Korean sentence begins after the last English word: the order of words differs
    between languages, and so does their number.
    """
    return {**_TYPES, "machine translation": "many-to-many synced"}[name]


@mistake("classify_task")
def chatbot_taken_for_synced(name):
    """The chatbot was called synced, as if it answered each word of the question with a word.

    Its description says when the answer starts.
    """
    return {**_TYPES, "chatbot": "many-to-many synced"}[name]


@mistake("classify_task")
def every_video_labelled_per_frame(name):
    """The video clip was called synced, as if it had a label per frame.

    There are two video tasks in the list: one gives a label with every frame, the other a single label at the end.
    Count the outputs.
    """
    return {**_TYPES, "video clip classification": "many-to-many synced"}[name]


@mistake("classify_task")
def every_video_labelled_once(name):
    """Per-frame labelling was called many-to-one, as if the video had a single label.

    There are two video tasks in the list: one gives a single label at the end, the other a label with every frame.
    Count the outputs.
    """
    return {**_TYPES, "per-frame video labelling": "many-to-one"}[name]


@mistake("classify_task")
def alarm_only_at_the_end(name):
    """The fall alarm was called many-to-one, as if it spoke after the last reading.

    An alarm at the end of the data comes too late; the description says what goes out with every reading.
    """
    return {**_TYPES, "fall alarm": "many-to-one"}[name]


@mistake("classify_task")
def facts_taken_for_a_sequence(name):
    """The house price was called many-to-one, because ten facts come in.

    They come all at once and always ten: that is one input vector with ten numbers, not ten steps.
    """
    return {**_TYPES, "house price": "many-to-one"}[name]


@mistake("classify_task")
def strokes_taken_for_one_drawing(name):
    """Drawing a digit was called one-to-one, as if the drawing came out in one piece.

    The description says that the strokes go out one after another: that is a sequence of outputs.
    """
    return {**_TYPES, "drawing a digit": "one-to-one"}[name]


@mistake("classify_task")
def unknown_task_gives_none(name):
    """All twelve types are right, but an unknown name gives None instead of KeyError.

    `.get` and a chain of ifs without an end return None when nothing matches.
    Square brackets on a dictionary raise KeyError by themselves.
    """
    return _TYPES.get(name)


# -- image_to_sequence -------------------------------------------------------------------------------------------------


def _refuse_order(order):
    if order not in ("rows", "columns", "pixels"):
        raise ValueError("order must be 'rows', 'columns' or 'pixels'")


def _read(images, order):
    _refuse_order(order)
    if order == "columns":
        return images.transpose(0, 2, 1)
    return images if order == "rows" else images.reshape(images.shape[0], -1, 1)


@mistake("image_to_sequence")
def columns_by_reshape(images, order):
    """For 'columns' the shape is right, but the numbers were dealt out row by row: this is a reshape.

    A reshape keeps the order in which the numbers lie in memory; to read columns, two axes must change places.
    That is a transpose.
    """
    if order == "columns":
        return images.reshape(images.shape[0], images.shape[2], images.shape[1])
    return _read(images, order)


@mistake("image_to_sequence")
def columns_like_rows(images, order):
    """For 'columns' the images come back as they were, read row by row.

    Step t should hold column t.
    For images that are not square even the shape tells: (N, C, R).
    """
    return images if order == "columns" else _read(images, order)


@mistake("image_to_sequence")
def columns_from_the_right(images, order):
    """For 'columns' the columns are right, but they come in the wrong order: from right to left.

    Turning the picture by 90 degrees does that.
    Exchange the two axes and leave their directions as they are.
    """
    if order == "columns":
        return images[:, :, ::-1].transpose(0, 2, 1)
    return _read(images, order)


@mistake("image_to_sequence")
def batch_axis_reversed_too(images, order):
    """For 'columns' all three axes are reversed: the batch now comes last.

    `.T` reverses the order of all axes of an array.
    Only the second and the third should change places.
    """
    return images.T if order == "columns" else _read(images, order)


@mistake("image_to_sequence")
def pixels_down_the_columns(images, order):
    """For 'pixels' the shape is right, but the pixels come column after column.

    They should come as you read: along the first row, then along the second.
    A plain reshape of the images, without a transpose before it, reads in that order.
    """
    if order == "pixels":
        return images.transpose(0, 2, 1).reshape(images.shape[0], -1, 1)
    return _read(images, order)


@mistake("image_to_sequence")
def pixels_without_a_feature_axis(images, order):
    """For 'pixels' the numbers are right, but the last axis is missing: (N, R * C) instead of (N, R * C, 1).

    A cell expects D numbers at every step, also when D is 1.
    Add an axis of length 1 at the end.
    """
    return images.reshape(images.shape[0], -1) if order == "pixels" else _read(images, order)


@mistake("image_to_sequence")
def pixels_in_one_step(images, order):
    """For 'pixels' the whole image comes in a single step: (N, 1, R * C).

    That is what a feed-forward network would get.
    The pixels should be spread over time, one number per step.
    """
    return images.reshape(images.shape[0], 1, -1) if order == "pixels" else _read(images, order)


@mistake("image_to_sequence")
def all_images_in_one_sequence(images, order):
    """For 'pixels' all images became one long sequence: the batch axis is lost.

    Every image is a sequence of its own.
    Keep the first axis when you reshape.
    """
    return images.reshape(1, -1, 1) if order == "pixels" else _read(images, order)


@mistake("image_to_sequence")
def unknown_order_accepted(images, order):
    """An order that does not exist, such as 'spiral', is taken for 'pixels' without a word.

    A plain else catches everything, typing errors too.
    Name all three orders, and raise ValueError for what is left.
    """
    return _read(images, order if order in ("rows", "columns") else "pixels")


@mistake("image_to_sequence")
def unknown_order_gives_none(images, order):
    """An order that does not exist gives None: no branch matched, and the function ended without a return.

    Raise ValueError when the order is none of the three; the caller then learns at once what is wrong.
    """
    return _read(images, order) if order in ("rows", "columns", "pixels") else None
