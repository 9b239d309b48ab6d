"""Known wrong answers to the exercises of unit 02; each docstring is the hint for those who make the mistake."""

import numpy as np

from solutions.mistakes import mistake

# -- numerical_gradient ------------------------------------------------------------------------------------------------


def _float64(x):
    if x.dtype != np.float64:
        raise TypeError("x must be float64")


def _nudged(x, position, h):
    other = x.copy()
    other[position] += h
    return other


def _weighed(slope, df):
    return slope if df is None else np.sum(slope * df)


@mistake("numerical_gradient")
def nudged_to_one_side(f, x, df=None, h=1e-5):
    """These are the slopes between x and x + h: the nudge goes to one side only.

    Its error shrinks like h, that of a nudge to both sides like h squared, which is five digits more at h = 1e-5.
    Take one value of f on each side, and divide by the whole distance.
    """
    _float64(x)
    gradient = np.zeros_like(x)
    for position in np.ndindex(x.shape):
        gradient[position] = _weighed((f(_nudged(x, position, h)) - f(x)) / h, df)
    return gradient


@mistake("numerical_gradient")
def divided_by_h(f, x, df=None, h=1e-5):
    """Every number is twice what it should be: the difference is divided by h.

    From x - h to x + h it is two steps of h.
    """
    _float64(x)
    gradient = np.zeros_like(x)
    for position in np.ndindex(x.shape):
        gradient[position] = _weighed((f(_nudged(x, position, h)) - f(_nudged(x, position, -h))) / h, df)
    return gradient


@mistake("numerical_gradient")
def behind_minus_ahead(f, x, df=None, h=1e-5):
    """Every number has the wrong sign.

    A slope is the value at x + h minus the value at x - h, in this order.
    """
    _float64(x)
    gradient = np.zeros_like(x)
    for position in np.ndindex(x.shape):
        slope = (f(_nudged(x, position, -h)) - f(_nudged(x, position, h))) / (2 * h)
        gradient[position] = _weighed(slope, df)
    return gradient


@mistake("numerical_gradient")
def nudge_too_small(f, x, df=None, h=1e-5):
    """Where f is large and its slope small, only the first digits are right: the nudge is tiny.

    It sounds better to take h = 1e-8 or less, but then two nearly equal numbers are subtracted and what is left is
    their rounding; look at the left half of the V-curve.
    Use the h that is given.
    """
    return divided_by_two_steps(f, x, df, 1e-10)


def divided_by_two_steps(f, x, df, h):
    _float64(x)
    gradient = np.zeros_like(x)
    for position in np.ndindex(x.shape):
        slope = (f(_nudged(x, position, h)) - f(_nudged(x, position, -h))) / (2 * h)
        gradient[position] = _weighed(slope, df)
    return gradient


@mistake("numerical_gradient")
def all_entries_nudged_at_once(f, x, df=None, h=1e-5):
    """All entries have one and the same number: x was nudged as a whole.

    x + h moves every entry, so the result is the sum of all slopes.
    One entry moves at a time, and the others stay.
    """
    _float64(x)
    return np.full_like(x, _weighed((f(x + h) - f(x - h)) / (2 * h), df))


@mistake("numerical_gradient")
def upstream_gradient_ignored(f, x, df=None, h=1e-5):
    """Without df all is right; with df these are the slopes of the plain sum of f, not of the weighed one.

    df says how much each output of f counts.
    Multiply the slope of each output by its df before you add.
    """
    _float64(x)
    gradient = np.zeros_like(x)
    for position in np.ndindex(x.shape):
        gradient[position] = np.sum(f(_nudged(x, position, h)) - f(_nudged(x, position, -h))) / (2 * h)
    return gradient


@mistake("numerical_gradient")
def one_array_for_both_sides(f, x, df=None, h=1e-5):
    """All is right until f returns its own input: then the gradient is zero.

    x was changed in place, so both results were the same array, changed twice.
    Call f with a new array each time, or copy its first result before you go on.
    """
    _float64(x)
    gradient = np.zeros_like(x)
    for position in np.ndindex(x.shape):
        before = x[position]
        x[position] = before + h
        ahead = f(x)
        x[position] = before - h
        behind = f(x)
        x[position] = before
        gradient[position] = _weighed((ahead - behind) / (2 * h), df)
    return gradient


@mistake("numerical_gradient")
def nudged_back_and_forth(f, x, df=None, h=1e-5):
    """The gradient is right, but x comes back changed in its last digits: + h, then - 2h, then + h is not nothing.

    Floating-point numbers round at each of the three.
    Remember the old number and put it back, or nudge a copy.
    """
    _float64(x)
    gradient = np.zeros_like(x)
    for position in np.ndindex(x.shape):
        x[position] += h
        ahead = np.copy(f(x))
        x[position] -= 2 * h
        behind = np.copy(f(x))
        x[position] += h
        gradient[position] = _weighed((ahead - behind) / (2 * h), df)
    return gradient


@mistake("numerical_gradient")
def any_dtype_taken(f, x, df=None, h=1e-5):
    """All is right except that whole numbers and float32 are taken without complaint.

    An integer array cuts the nudge off and the slope is zero; float32 has seven digits, and the nudge uses up five.
    Refuse both with TypeError, before anything else.
    """
    gradient = np.zeros_like(x)
    for position in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[position] = h
        gradient[position] = _weighed((f(x + nudge) - f(x - nudge)) / (2 * h), df)
    return gradient


# -- relative_error ----------------------------------------------------------------------------------------------------


def _same_shape(a, b):
    if np.shape(a) != np.shape(b):
        raise ValueError("the shapes differ")


@mistake("relative_error")
def absolute_difference(a, b):
    """This is the largest difference itself, not divided by anything.

    A difference of 0.001 says nothing until one knows how large the numbers are.
    """
    _same_shape(a, b)
    return float(np.max(np.abs(a - b)))


@mistake("relative_error")
def sign_not_dropped(a, b):
    """The differences keep their sign here, so negative ones are overlooked.

    The largest of -5 and 1 is 1, although -5 is the worse error.
    Take the absolute value before the maximum.
    """
    _same_shape(a, b)
    largest = np.max(np.abs(a) + np.abs(b))
    return float(np.max(a - b) / largest) if largest > 0 else 0.0


@mistake("relative_error")
def largest_of_the_sum(a, b):
    """The denominator is the size of a + b here; where a and b have different signs they cancel.

    Two gradients that are exactly opposite would be divided by zero.
    Take the size of each first, then add.
    """
    _same_shape(a, b)
    largest = np.max(np.abs(a + b))
    return float(np.max(np.abs(a - b)) / largest) if largest > 0 else 0.0


@mistake("relative_error")
def entry_by_entry(a, b):
    """These are relative errors of single entries, of which the largest was taken.

    A single entry near zero, where both gradients are mere rounding errors, then decides the whole comparison.
    Here both maxima go over the whole array before they are divided.
    """
    _same_shape(a, b)
    return float(np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12)))


@mistake("relative_error")
def zero_divided_by_zero(a, b):
    """All is right until both arrays are zero: then 0/0 gives nan.

    Two gradients that are both zero agree completely.
    Look at the denominator before you divide.
    """
    _same_shape(a, b)
    with np.errstate(all="ignore"):
        return float(np.max(np.abs(a - b)) / np.max(np.abs(a) + np.abs(b)))


@mistake("relative_error")
def shapes_not_compared(a, b):
    """All is right, but shapes (5,) and (5, 1) are taken without complaint.

    NumPy makes a table (5, 5) of their difference, in which every number of one meets every number of the other.
    A gradient of the wrong shape is wrong; say so with ValueError.
    """
    largest = np.max(np.abs(a) + np.abs(b))
    return float(np.max(np.abs(a - b)) / largest) if largest > 0 else 0.0


@mistake("relative_error")
def maxima_added(a, b):
    """The largest number of a and the largest of b were added, wherever they stand.

    The two may stand at different places; what is asked for is the largest of the sums at one place.
    Add the absolute values first, then take the maximum.
    """
    _same_shape(a, b)
    largest = np.max(np.abs(a)) + np.max(np.abs(b))
    return float(np.max(np.abs(a - b)) / largest) if largest > 0 else 0.0


@mistake("relative_error")
def larger_of_the_two(a, b):
    """The difference is divided by the larger of the two, where their sum is asked for.

    Both are in use, and this one is up to twice as large; limits such as 1e-7 are meant for the sum.
    """
    _same_shape(a, b)
    largest = max(np.max(np.abs(a)), np.max(np.abs(b)))
    return float(np.max(np.abs(a - b)) / largest) if largest > 0 else 0.0


@mistake("relative_error")
def half_the_sum(a, b):
    """The error is twice what it should be: it is divided by the mean of the two sizes instead of their sum.

    Leave the 2 out.
    """
    _same_shape(a, b)
    largest = np.max(np.abs(a) + np.abs(b)) / 2
    return float(np.max(np.abs(a - b)) / largest) if largest > 0 else 0.0


@mistake("relative_error")
def first_one_only(a, b):
    """The difference is divided by the size of a alone.

    Then the error of a and b is not that of b and a, and a gradient of zeros cannot be judged at all.
    """
    _same_shape(a, b)
    largest = np.max(np.abs(a))
    with np.errstate(all="ignore"):
        return float(np.max(np.abs(a - b)) / largest) if np.any(a) or np.any(b) else 0.0


@mistake("relative_error")
def lengths_instead_of_maxima(a, b):
    """This is the length of the difference divided by the sum of the two lengths.

    A course that many people know does it like this, and it is a good measure, but another one:
    in a large array a single wrong entry hardly changes it.
    Here both numbers are maxima.
    """
    _same_shape(a, b)
    lengths = np.sqrt(np.sum(a**2)) + np.sqrt(np.sum(b**2))
    return float(np.sqrt(np.sum((a - b) ** 2)) / lengths) if lengths > 0 else 0.0


@mistake("relative_error")
def mean_difference(a, b):
    """These are means where maxima are asked for.

    In a mean a single wrong entry disappears among the right ones, and it is the wrong one that you look for.
    """
    _same_shape(a, b)
    size = np.mean(np.abs(a) + np.abs(b))
    return float(np.mean(np.abs(a - b)) / size) if size > 0 else 0.0


# -- rnn_cell_backward -------------------------------------------------------------------------------------------------


def _from_da(da, cache):
    x_t, h_prev, W_xh, W_hh, _ = cache
    return da @ W_xh.T, da @ W_hh.T, x_t.T @ da, h_prev.T @ da, da.sum(axis=0)


@mistake("rnn_cell_backward")
def derivative_without_square(dh_t, cache):
    """These are the numbers that come out with 1 - h_t in place of 1 - h_t squared.

    For h_t = 0.5 that is 0.5 instead of 0.75, and for negative states it is even above 1.
    Look the derivative of tanh up once more.
    """
    return _from_da(dh_t * (1 - cache[4]), cache)


@mistake("rnn_cell_backward")
def tanh_taken_twice(dh_t, cache):
    """These are the numbers that come out with 1 - tanh(h_t) squared.

    The formula says 1 - tanh(a_t) squared, and tanh(a_t) is h_t already: it has been through the tanh.
    """
    return _from_da(dh_t * (1 - np.tanh(cache[4]) ** 2), cache)


@mistake("rnn_cell_backward")
def derivative_left_out(dh_t, cache):
    """These are the gradients of a cell without tanh: dh_t went straight into the products.

    Between h_t and the sum stands the tanh, and the gradient has to pass it first.
    """
    return _from_da(dh_t, cache)


@mistake("rnn_cell_backward")
def derivative_of_the_gradient(dh_t, cache):
    """The derivative was taken at the wrong array: 1 - dh_t squared.

    The tanh was computed from the state, so its derivative depends on the state; the gradient that arrives is
    multiplied by it.
    """
    return _from_da(1 - dh_t**2, cache)


@mistake("rnn_cell_backward")
def derivative_at_the_old_state(dh_t, cache):
    """The derivative was taken at h_prev, the state before the step.

    It is h_t, the last item of the cache, that came out of this step's tanh.
    Both have the same shape, so nothing complains.
    """
    return _from_da(dh_t * (1 - cache[1] ** 2), cache)


@mistake("rnn_cell_backward")
def hidden_weights_not_transposed(dh_t, cache):
    """Only dh_prev is off: W_hh was not transposed.

    W_hh is square, so both ways run; with D different from H, the same slip in dx_t would have raised an error.
    Forward the state is multiplied by W_hh, backward by its transpose.
    """
    dx_t, _, dW_xh, dW_hh, db_h = _from_da(dh_t * (1 - cache[4] ** 2), cache)
    return dx_t, (dh_t * (1 - cache[4] ** 2)) @ cache[3], dW_xh, dW_hh, db_h


@mistake("rnn_cell_backward")
def weight_gradient_from_the_new_state(dh_t, cache):
    """Only dW_hh is off: it was made with h_t instead of h_prev.

    W_hh has been multiplied by the state before the step, so that state stands in its gradient.
    """
    dx_t, dh_prev, dW_xh, _, db_h = _from_da(dh_t * (1 - cache[4] ** 2), cache)
    return dx_t, dh_prev, dW_xh, cache[4].T @ (dh_t * (1 - cache[4] ** 2)), db_h


@mistake("rnn_cell_backward")
def weight_returned_as_its_gradient(dh_t, cache):
    """dW_hh is W_hh itself. The shape is right, so every shape check passes.

    Probably a letter is missing in the line of the return.
    """
    dx_t, dh_prev, dW_xh, _, db_h = _from_da(dh_t * (1 - cache[4] ** 2), cache)
    return dx_t, dh_prev, dW_xh, cache[3], db_h


@mistake("rnn_cell_backward")
def hidden_gradient_transposed(dh_t, cache):
    """dW_hh is the transpose of what it should be: the two factors stand in the wrong order.

    The rows of W_hh belong to the old state and the columns to the new one, and so do those of its gradient.
    """
    dx_t, dh_prev, dW_xh, dW_hh, db_h = _from_da(dh_t * (1 - cache[4] ** 2), cache)
    return dx_t, dh_prev, dW_xh, dW_hh.T, db_h


@mistake("rnn_cell_backward")
def bias_averaged(dh_t, cache):
    """Only db_h is off: it is the mean over the batch, 1/N of the sum.

    The bias was added to each of the N rows, so N gradients come back to it, and they are added.
    If an average is wanted, the loss does it, once.
    """
    da = dh_t * (1 - cache[4] ** 2)
    return (*_from_da(da, cache)[:4], da.mean(axis=0))


@mistake("rnn_cell_backward")
def bias_as_a_row(dh_t, cache):
    """The numbers are right; only db_h has the shape (1, H) instead of (H,).

    A gradient has the shape of its array, to the last axis.
    Leave keepdims out.
    """
    da = dh_t * (1 - cache[4] ** 2)
    return (*_from_da(da, cache)[:4], da.sum(axis=0, keepdims=True))


@mistake("rnn_cell_backward")
def bias_one_number(dh_t, cache):
    """db_h is a single number: the sum went over rows and columns.

    Each hidden unit has a bias of its own; only the rows are summed. Give the sum an axis.
    """
    da = dh_t * (1 - cache[4] ** 2)
    return (*_from_da(da, cache)[:4], da.sum())


@mistake("rnn_cell_backward")
def bias_over_the_units(dh_t, cache):
    """db_h has one number per sequence: the sum went along the wrong axis.

    The bias has one number per hidden unit, so it is the rows that are added up.
    """
    da = dh_t * (1 - cache[4] ** 2)
    return (*_from_da(da, cache)[:4], da.sum(axis=1))


@mistake("rnn_cell_backward")
def batch_of_one_flattened(dh_t, cache):
    """All is right until there is only one sequence: then the batch axis is squeezed away.

    np.squeeze removes every axis of length 1, also one that means something.
    The formulas give the right shapes without it.
    """
    dx_t, dh_prev, dW_xh, dW_hh, db_h = _from_da(dh_t * (1 - cache[4] ** 2), cache)
    return dx_t.squeeze(), dh_prev.squeeze(), dW_xh, dW_hh, db_h


def _da(dh_t, cache):
    return dh_t * (1 - cache[4] ** 2)


@mistake("rnn_cell_backward")
def gradients_for_the_weights(dh_t, cache):
    """dx_t and dh_prev were made with dW_xh and dW_hh, the gradients, where the weights belong.

    The names differ by one letter and the shapes by nothing, so nothing complains.
    Forward the input was multiplied by W_xh, so backward its gradient is too.
    """
    *_, dW_xh, dW_hh, db_h = _from_da(_da(dh_t, cache), cache)
    da = _da(dh_t, cache)
    return da @ dW_xh.T, da @ dW_hh.T, dW_xh, dW_hh, db_h


@mistake("rnn_cell_backward")
def gradient_for_the_hidden_weights(dh_t, cache):
    """Only dh_prev is off: it was made with dW_hh, the gradient, where W_hh belongs.

    The names differ by one letter and the shapes by nothing.
    """
    dx_t, _, dW_xh, dW_hh, db_h = _from_da(_da(dh_t, cache), cache)
    return dx_t, _da(dh_t, cache) @ dW_hh.T, dW_xh, dW_hh, db_h


@mistake("rnn_cell_backward")
def gradient_for_the_input_weights(dh_t, cache):
    """Only dx_t is off: it was made with dW_xh, the gradient, where W_xh belongs.

    The names differ by one letter and the shapes by nothing.
    """
    _, dh_prev, dW_xh, dW_hh, db_h = _from_da(_da(dh_t, cache), cache)
    return _da(dh_t, cache) @ dW_xh.T, dh_prev, dW_xh, dW_hh, db_h


@mistake("rnn_cell_backward")
def tanh_of_the_square(dh_t, cache):
    """These are the numbers that come out with 1 - tanh(h_t²): a tanh was taken of the square.

    h_t is the tanh already, so its slope is made of h_t alone, with a square and without another tanh.
    """
    return _from_da(dh_t * (1 - np.tanh(cache[4] ** 2)), cache)


@mistake("rnn_cell_backward")
def tanh_between_two_squares(dh_t, cache):
    """These are the numbers that come out with 1 - tanh(h_t²)²: one square and one tanh too many.

    h_t is the tanh already, so its slope is made of h_t alone, with one square and without another tanh.
    """
    return _from_da(dh_t * (1 - np.tanh(cache[4] ** 2) ** 2), cache)


@mistake("rnn_cell_backward")
def old_state_past_the_tanh(dh_t, cache):
    """Only dh_prev is off: it was made with dh_t, which has not passed the tanh.

    h_prev stands inside the tanh like the input, so its gradient starts from the same da as dx_t.
    """
    dx_t, _, *weights = _from_da(_da(dh_t, cache), cache)
    return dx_t, dh_t @ cache[3].T, *weights


@mistake("rnn_cell_backward")
def input_past_the_tanh(dh_t, cache):
    """Only dx_t is off: it was made with dh_t, which has not passed the tanh.

    The input stands inside the tanh like the old state, so its gradient starts from the same da.
    """
    _, *others = _from_da(_da(dh_t, cache), cache)
    return dh_t @ cache[2].T, *others


@mistake("rnn_cell_backward")
def weights_past_the_tanh(dh_t, cache):
    """dx_t and dh_prev are right, but the gradients of the weights and the bias were made with dh_t.

    What was added up inside the tanh has a gradient that has passed it: all five results start from da.
    """
    return *_from_da(_da(dh_t, cache), cache)[:2], *_from_da(dh_t, cache)[2:]


@mistake("rnn_cell_backward")
def bias_past_the_tanh(dh_t, cache):
    """Only db_h is off: it is the sum of dh_t, which has not passed the tanh.

    The bias stands inside the tanh, with the two products.
    """
    return *_from_da(_da(dh_t, cache), cache)[:4], dh_t.sum(axis=0)


@mistake("rnn_cell_backward")
def arriving_gradient_multiplied_last(dh_t, cache):
    """Only dh_prev is off: the slope went through W_hh, and dh_t was multiplied to the result.

    dh_t belongs to the new state's units and the result to the old state's, so their columns do not belong together.
    First dh_t times the slope, number by number; then the product with the transposed weights.
    """
    dx_t, _, *weights = _from_da(_da(dh_t, cache), cache)
    return dx_t, dh_t * ((1 - cache[4] ** 2) @ cache[3].T), *weights


@mistake("rnn_cell_backward")
def arriving_gradient_left_out(dh_t, cache):
    """dh_t has no influence: all gradients start from the slope of the tanh alone.

    A slope says how much h_t moves; whether that matters to the loss is what dh_t says.
    Multiply the two, number by number.
    """
    return _from_da(1 - cache[4] ** 2, cache)


@mistake("rnn_cell_backward")
def gradients_averaged_over_the_batch(dh_t, cache):
    """The gradients of the weights and the bias are 1/N of what they should be: they were averaged over the batch.

    Each sequence has used the weights once, and what comes back from all of them is added.
    If an average is wanted, the loss does it, once, and dh_t contains it already.
    """
    dx_t, dh_prev, *sums = _from_da(_da(dh_t, cache), cache)
    return dx_t, dh_prev, *(part / np.asarray(len(dh_t), dh_t.dtype) for part in sums)


@mistake("rnn_cell_backward")
def weight_gradients_transposed(dh_t, cache):
    """dW_xh and dW_hh are the transposes of what they should be: the factors stand in the wrong order.

    With data in rows it is the transposed input times da; with data in columns it is the other way round.
    A gradient has the shape of its array.
    """
    dx_t, dh_prev, dW_xh, dW_hh, db_h = _from_da(_da(dh_t, cache), cache)
    return dx_t, dh_prev, dW_xh.T, dW_hh.T, db_h


@mistake("rnn_cell_backward")
def everything_in_columns(dh_t, cache):
    """The numbers are right, but all results are transposed: sequences in columns, as in other courses.

    Here a sequence is a row, (N, D) and (N, H), and the bias is (H,).
    Code that was written for columns has to be turned over as a whole.
    """
    dx_t, dh_prev, dW_xh, dW_hh, db_h = _from_da(_da(dh_t, cache), cache)
    return dx_t.T, dh_prev.T, dW_xh.T, dW_hh.T, db_h[:, None]


@mistake("rnn_cell_backward")
def bias_from_the_hidden_weights(dh_t, cache):
    """Only db_h is off: it was summed from dW_hh instead of da.

    The shapes fit, because both have H columns.
    The bias was added to the sum inside the tanh, so its gradient is the sum of da over the rows.
    """
    parts = _from_da(_da(dh_t, cache), cache)
    return *parts[:4], parts[3].sum(axis=0)


@mistake("rnn_cell_backward")
def bias_from_the_input_weights(dh_t, cache):
    """Only db_h is off: it was summed from dW_xh instead of da.

    The shapes fit, because both have H columns.
    The bias was added to the sum inside the tanh, so its gradient is the sum of da over the rows.
    """
    parts = _from_da(_da(dh_t, cache), cache)
    return *parts[:4], parts[2].sum(axis=0)


@mistake("rnn_cell_backward")
def arriving_gradient_handed_on(dh_t, cache):
    """dh_prev comes back as dh_t: the arriving gradient was handed on as it is.

    Between h_t and h_prev lie the tanh and W_hh, and the gradient passes both.
    """
    dx_t, _, *weights = _from_da(_da(dh_t, cache), cache)
    return dx_t, dh_t, *weights


# Two at once: whoever leaves the tanh out has mostly not looked at W_hh either.
@mistake("rnn_cell_backward")
def derivative_and_transposition_left_out(dh_t, cache):
    """Two things at once: the slope of the tanh is missing everywhere, and in dh_prev W_hh was not transposed.

    First da = dh_t times the slope; then the product with the transposed weights, as in dx_t.
    """
    dx_t, _, *weights = _from_da(dh_t, cache)
    return dx_t, dh_t @ cache[3], *weights


# Two at once: a bias gradient that is averaged, in code whose slope is wrong too.
@mistake("rnn_cell_backward")
def derivative_left_out_and_bias_averaged(dh_t, cache):
    """Two things at once: the slope of the tanh is missing everywhere, and db_h is a mean where a sum is due.

    First da = dh_t times the slope; then everything starts from da, and the bias gets its sum over the rows.
    """
    return *_from_da(dh_t, cache)[:4], dh_t.mean(axis=0)


@mistake("rnn_cell_backward")
def tanh_taken_twice_and_bias_averaged(dh_t, cache):
    """Two things at once: the slope was made with another tanh of h_t, and db_h is a mean where a sum is due.

    h_t has been through the tanh already: 1 - h_t squared.
    And the bias was added to every row, so what comes back from the rows is added.
    """
    da = dh_t * (1 - np.tanh(cache[4]) ** 2)
    return *_from_da(da, cache)[:4], da.mean(axis=0)


# -- rnn_backward ------------------------------------------------------------------------------------------------------


def _step(dh_t, cache):
    x_t, h_prev, W_xh, W_hh, h_t = cache
    da = dh_t * (1 - h_t**2)
    return da @ W_xh.T, da @ W_hh.T, x_t.T @ da, h_prev.T @ da, da.sum(axis=0)


def _packed(dxs, dh0, sums):
    return {"dx": np.stack(dxs, axis=1), "dh0": dh0, "dW_xh": sums[0], "dW_hh": sums[1], "db_h": sums[2]}


def _right(dh_all, caches):
    carry, dxs, sums = np.zeros_like(dh_all[:, 0]), [], [0, 0, 0]
    for t in reversed(range(len(caches))):
        dx_t, carry, *parts = _step(dh_all[:, t] + carry, caches[t])
        dxs.insert(0, dx_t)
        sums = [total + part for total, part in zip(sums, parts)]
    return _packed(dxs, carry, sums)


@mistake("rnn_backward")
def no_carry(dh_all, caches):
    """These are the numbers without the carry: what comes from step t + 1 is not added to dh_all[:, t].

    This is the commonest mistake in this exercise. A widely used course has printed expected values that belong to it,
    so agreeing with that course's printed numbers proves nothing; compare with finite differences instead.
    h_t went two ways, to its answer and to the next step: both gradients arrive, and they are added.
    """
    dxs, sums = [], [0, 0, 0]
    for t in reversed(range(len(caches))):
        dx_t, dh_prev, *parts = _step(dh_all[:, t], caches[t])
        dxs.insert(0, dx_t)
        sums = [total + part for total, part in zip(sums, parts)]
    return _packed(dxs, dh_prev, sums)


@mistake("rnn_backward")
def only_the_last_step_counts(dh_all, caches):
    """These are the numbers when dh_all is used at the last step only, and the carry alone before it.

    That is right for a network that answers once, at the end.
    Here every step has a loss of its own, so at every step dh_all[:, t] and the carry are added.
    """
    later = np.zeros_like(dh_all)
    later[:, -1] = dh_all[:, -1]
    return _right(later, caches)


@mistake("rnn_backward")
def forward_order(dh_all, caches):
    """These are the numbers of a loop from the first step to the last.

    The carry of step t is what step t + 1 returns, so step t + 1 has to come first.
    Turn the loop round.
    """
    carry, dxs, sums = np.zeros_like(dh_all[:, 0]), [], [0, 0, 0]
    for t in range(len(caches)):
        dx_t, carry, *parts = _step(dh_all[:, t] + carry, caches[t])
        dxs.append(dx_t)
        sums = [total + part for total, part in zip(sums, parts)]
    return _packed(dxs, carry, sums)


@mistake("rnn_backward")
def weights_overwritten(dh_all, caches):
    """dx and dh0 are right, but the weight gradients are those of the first step alone.

    Each turn of the loop replaced them, and the first step is the last to be visited.
    The weights are used at every step: add the parts up.
    """
    carry, dxs = np.zeros_like(dh_all[:, 0]), []
    for t in reversed(range(len(caches))):
        dx_t, carry, *parts = _step(dh_all[:, t] + carry, caches[t])
        dxs.insert(0, dx_t)
    return _packed(dxs, carry, parts)


@mistake("rnn_backward")
def weights_of_the_last_step(dh_all, caches):
    """dx and dh0 are right, but the weight gradients are those of the last step alone.

    They have been computed once and never added to.
    The weights are used at every step: add the parts up.
    """
    return {**_right(dh_all, caches), **_only_weights(_step(dh_all[:, -1], caches[-1]))}


def _only_weights(parts):
    return {"dW_xh": parts[2], "dW_hh": parts[3], "db_h": parts[4]}


@mistake("rnn_backward")
def weights_averaged_over_time(dh_all, caches):
    """The weight gradients are 1/T of what they should be: the parts were averaged.

    The loss is a sum over steps, and the gradient of a sum is the sum of the gradients.
    If an average is wanted, the loss does it, once.
    """
    right = _right(dh_all, caches)
    means = {name: right[name] / np.asarray(len(caches), dh_all.dtype) for name in ("dW_xh", "dW_hh", "db_h")}
    return {**right, **means}


@mistake("rnn_backward")
def accumulator_added_to_itself(dh_all, caches):
    """The weight gradients are all zero: the sum was added to itself, and twice zero is zero.

    Look for a line such as dW += dW, and add what the step has returned.
    """
    right = _right(dh_all, caches)
    return {**right, **{name: np.zeros_like(right[name]) for name in ("dW_xh", "dW_hh", "db_h")}}


@mistake("rnn_backward")
def initial_gradient_left_at_zero(dh_all, caches):
    """All is right except dh0, which is zero.

    After the loop the carry holds the dh_prev of the first step, and that is the gradient of h0.
    """
    return {**_right(dh_all, caches), "dh0": np.zeros_like(dh_all[:, 0])}


@mistake("rnn_backward")
def initial_gradient_one_step_short(dh_all, caches):
    """dh0 is the gradient that arrives at the first state, not the one that arrives at h0.

    The first step still lies between the two: its dh_prev is what you want.
    """
    carry, dxs, sums = np.zeros_like(dh_all[:, 0]), [], [0, 0, 0]
    for t in reversed(range(len(caches))):
        arrived = dh_all[:, t] + carry
        dx_t, carry, *parts = _step(arrived, caches[t])
        dxs.insert(0, dx_t)
        sums = [total + part for total, part in zip(sums, parts)]
    return _packed(dxs, arrived, sums)


@mistake("rnn_backward")
def inputs_in_reverse_order(dh_all, caches):
    """All is right except that dx stands in reverse order.

    The loop goes from the last step to the first, and so does a list that is appended to.
    Write each dx_t to its own place, or turn the list round at the end.
    """
    right = _right(dh_all, caches)
    return {**right, "dx": right["dx"][:, ::-1]}


@mistake("rnn_backward")
def time_axis_first(dh_all, caches):
    """The numbers of dx are right, but its axes are (T, N, D): the steps were stacked along the first axis.

    The batch comes first everywhere in this course; stack along axis 1.
    """
    right = _right(dh_all, caches)
    return {**right, "dx": right["dx"].transpose(1, 0, 2)}


@mistake("rnn_backward")
def bias_sum_as_a_row(dh_all, caches):
    """The numbers are right; only db_h has the shape (1, H) instead of (H,).

    Start its sum from zeros of the bias's own shape.
    """
    right = _right(dh_all, caches)
    return {**right, "db_h": right["db_h"][None]}


@mistake("rnn_backward")
def one_step_forgets_the_start(dh_all, caches):
    """All is right until there is only one step: then dh0 is zero.

    The case of one step was treated apart, or the loop stops before step 0 and the rest is done by hand.
    The same loop serves every length, if it visits all steps and hands on the carry.
    """
    right = _right(dh_all, caches)
    return right if len(caches) > 1 else {**right, "dh0": np.zeros_like(right["dh0"])}


@mistake("rnn_backward")
def carry_without_the_tanh(dh_all, caches):
    """The carry is dh_t times W_hh transposed: on its way from state to state the gradient has skipped the tanh.

    Use the dh_prev that rnn_cell_backward returns, as it is.
    """
    carry, dxs, sums = np.zeros_like(dh_all[:, 0]), [], [0, 0, 0]
    for t in reversed(range(len(caches))):
        arrived = dh_all[:, t] + carry
        dx_t, _, *parts = _step(arrived, caches[t])
        carry = arrived @ caches[t][3].T
        dxs.insert(0, dx_t)
        sums = [total + part for total, part in zip(sums, parts)]
    return _packed(dxs, carry, sums)


@mistake("rnn_backward")
def no_carry_and_no_start(dh_all, caches):
    """These are the numbers without the carry, and dh0 is zero: the carry was set to zeros and never replaced.

    A widely used course has printed expected values that belong to a pass without carry, so agreeing with that course's
    printed numbers proves nothing; compare with finite differences instead.
    What a step returns as dh_prev is added at the step before it, and what the first step returns is dh0.
    """
    dxs, sums = [], [0, 0, 0]
    for t in reversed(range(len(caches))):
        dx_t, dh_prev, *parts = _step(dh_all[:, t], caches[t])
        dxs.insert(0, dx_t)
        sums = [total + part for total, part in zip(sums, parts)]
    return _packed(dxs, np.zeros_like(dh_prev), sums)


# Two at once: both lines of the loop that should add something have a plain = instead.
@mistake("rnn_backward")
def no_carry_and_overwritten(dh_all, caches):
    """Two things at once: nothing is carried from step t + 1 to step t, and the weight gradients are not added up.

    What is left is the first step alone, with its own dh_all.
    In the loop the carry is added to dh_all[:, t], and each step's part to the sum of its weight.
    """
    steps = [_step(dh_all[:, t], cache) for t, cache in enumerate(caches)]
    return _packed([step[0] for step in steps], steps[0][1], steps[0][2:])


@mistake("rnn_backward")
def carry_adds_up(dh_all, caches):
    """The carry grows too large: each step's dh_prev was added to the carry instead of replacing it.

    dh_prev of a step contains all that came from later steps already.
    Weights are added up over time, a carry is replaced.
    """
    carry, dxs, sums = np.zeros_like(dh_all[:, 0]), [], [0, 0, 0]
    for t in reversed(range(len(caches))):
        dx_t, dh_prev, *parts = _step(dh_all[:, t] + carry, caches[t])
        carry = carry + dh_prev
        dxs.insert(0, dx_t)
        sums = [total + part for total, part in zip(sums, parts)]
    return _packed(dxs, carry, sums)


@mistake("rnn_backward")
def upstream_ignored(dh_all, caches):
    """All gradients are zero: only the carry was used, which is zero at the last step and stays so.

    The gradients that come from the losses are in dh_all, one for every step.
    At each step dh_all[:, t] and the carry are added.
    """
    return {name: np.zeros_like(value) for name, value in _right(dh_all, caches).items()}


@mistake("rnn_backward")
def ones_for_the_upstream(dh_all, caches):
    """The numbers of dh_all have no influence: every step started from ones.

    Ones stand for the loss that is the plain sum of all states.
    Which loss it is, dh_all says.
    """
    return _right(np.ones_like(dh_all), caches)


@mistake("rnn_backward")
def initial_gradient_is_none(dh_all, caches):
    """All is right except dh0, which is still None.

    It was set before the loop and never again.
    After the loop the carry holds the dh_prev of the first step, and that is the gradient of h0.
    """
    return {**_right(dh_all, caches), "dh0": None}


@mistake("rnn_backward")
def initial_gradient_of_all_steps(dh_all, caches):
    """All is right except dh0, which is the whole of dh_all.

    dh_all is what you were given; dh0 has to be computed, (N, H).
    After the loop the carry holds it.
    """
    return {**_right(dh_all, caches), "dh0": dh_all}


@mistake("rnn_backward")
def initial_gradient_from_above(dh_all, caches):
    """All is right except dh0, which is dh_all at the first step.

    That gradient arrives at the state after the first step, and from the loss alone.
    What arrives at h0 is the first step's dh_prev.
    """
    return {**_right(dh_all, caches), "dh0": dh_all[:, 0]}


@mistake("rnn_backward")
def input_gradient_everywhere(dh_all, caches):
    """All is right except dx: every step holds the sum of all steps.

    `dx += dx_t` adds a step's gradient to all steps at once, because broadcasting fits it.
    Each dx_t has a place of its own: dx[:, t].
    """
    right = _right(dh_all, caches)
    return {**right, "dx": np.broadcast_to(right["dx"].sum(axis=1, keepdims=True), right["dx"].shape).copy()}


@mistake("rnn_backward")
def last_cache_at_every_step(dh_all, caches):
    """Every step was taken back with the cache of the last step.

    Each step has states and an input of its own; what it needs is in caches[t].
    """
    return _right(dh_all, [caches[-1]] * len(caches))


@mistake("rnn_backward")
def first_cache_at_every_step(dh_all, caches):
    """Every step was taken back with the cache of the first step.

    Each step has states and an input of its own; what it needs is in caches[t].
    """
    return _right(dh_all, [caches[0]] * len(caches))


@mistake("rnn_backward")
def bias_overwritten(dh_all, caches):
    """All is right except db_h, which is that of the first step alone: it was replaced where the others are added to.

    The bias is used at every step like the weights.
    """
    return {**_right(dh_all, caches), "db_h": _first_parts(dh_all, caches)[4]}


def _first_parts(dh_all, caches):
    """Return the parts of the first step, with everything that came back to it."""
    carry = np.zeros_like(dh_all[:, 0])
    for t in reversed(range(len(caches))):
        parts = _step(dh_all[:, t] + carry, caches[t])
        carry = parts[1]
    return parts


@mistake("rnn_backward")
def input_gradient_left_at_zero(dh_all, caches):
    """All is right except dx, which is zero.

    Each step returns its dx_t first; store it at dx[:, t].
    """
    right = _right(dh_all, caches)
    return {**right, "dx": np.zeros_like(right["dx"])}


# -- repaired_notes_backward -------------------------------------------------------------------------------------------


def _notes(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    d = (1 - a_next**2) * da_next
    dxt, da_prev = parameters["Wax"].T @ d, parameters["Waa"].T @ d
    dba = d.sum(axis=1, keepdims=True)
    return {"dxt": dxt, "da_prev": da_prev, "dWax": d @ xt.T, "dWaa": d @ a_prev.T, "dba": dba}


@mistake("repaired_notes_backward")
def not_repaired(da_next, cache):
    """This is still the function of the notes: dWaa is Waa itself.

    Compare each key of the last line with the variable that stands behind it.
    """
    return {**_notes(da_next, cache), "dWaa": cache[3]["Waa"]}


@mistake("repaired_notes_backward")
def repaired_with_the_new_activation(da_next, cache):
    """dWaa is a gradient now, but it was made with a_next.

    Waa was multiplied by the activation before the step, a_prev.
    """
    a_next = cache[0]
    return {**_notes(da_next, cache), "dWaa": ((1 - a_next**2) * da_next) @ a_next.T}


@mistake("repaired_notes_backward")
def repaired_transposed(da_next, cache):
    """dWaa is the transpose of what it should be.

    In columns the gradient stands on the left and the transposed input on the right, as in dWax.
    """
    return {**_notes(da_next, cache), "dWaa": _notes(da_next, cache)["dWaa"].T}


@mistake("repaired_notes_backward")
def bias_flattened(da_next, cache):
    """dWaa is right now, but dba has lost its second axis.

    The bias of the column notation is (n_a, 1); what was right in the notes stays as it was.
    """
    return {**_notes(da_next, cache), "dba": _notes(da_next, cache)["dba"][:, 0]}


@mistake("repaired_notes_backward")
def repaired_and_slope_lost(da_next, cache):
    """dWaa is a gradient now, but on the way the slope of the tanh has been lost.

    The notes had it right: everything starts from (1 - a_next²) · da_next.
    """
    a_next, a_prev, xt, parameters = cache
    return _notes(da_next, (np.zeros_like(a_next), a_prev, xt, parameters))


@mistake("repaired_notes_backward")
def repaired_and_tanh_doubled(da_next, cache):
    """dWaa is a gradient now, but the slope was made with another tanh: 1 - tanh(a_next)².

    a_next has been through the tanh already.
    """
    a_next, a_prev, xt, parameters = cache
    return _notes(da_next, (np.tanh(a_next), a_prev, xt, parameters))


@mistake("repaired_notes_backward")
def repaired_and_bias_averaged(da_next, cache):
    """dWaa is right now, but dba is a mean over the sequences where a sum is due.

    The bias was added to each of them, so what comes back from all of them is added.
    """
    m = np.asarray(da_next.shape[1], da_next.dtype)
    return {**_notes(da_next, cache), "dba": _notes(da_next, cache)["dba"] / m}


@mistake("repaired_notes_backward")
def repaired_and_bias_over_the_units(da_next, cache):
    """dWaa is right now, but dba was summed along the wrong axis: over the units.

    The bias has one number for each unit, (n_a, 1); with data in columns the sequences lie along axis 1.
    """
    d = (1 - cache[0] ** 2) * da_next
    return {**_notes(da_next, cache), "dba": d.sum(axis=0, keepdims=True)}


@mistake("repaired_notes_backward")
def repaired_and_weights_not_transposed(da_next, cache):
    """dWaa is right now, but da_prev was made with Waa as it is.

    Waa is square, so both ways run.
    Forward the activation is multiplied by Waa, backward by its transpose.
    """
    d = (1 - cache[0] ** 2) * da_next
    return {**_notes(da_next, cache), "da_prev": cache[3]["Waa"] @ d}


@mistake("repaired_notes_backward")
def weights_of_the_input_returned(da_next, cache):
    """dWax is Wax itself and dWaa a gradient: the other key was changed as well, and for the worse.

    In the notes only one of the two keys has the wrong variable behind it.
    """
    return {**_notes(da_next, cache), "dWax": cache[3]["Wax"]}


# -- cheapest_check ----------------------------------------------------------------------------------------------------


def _check_of(bug, **changes):
    finds = {
        "bias as a row": "shapes",
        "weight returned": "zero upstream",
        "no square": "numerical, T = 1",
        "not transposed": "numerical, T = 1",
        "dh0 zero": "numerical, T = 1",
        "no carry": "numerical, T = 5",
        "overwritten": "numerical, T = 5",
    }
    return (finds | {name.replace("_", " "): check for name, check in changes.items()})[bug]


@mistake("cheapest_check")
def shapes_find_the_weight(bug):
    """ "weight returned" is not found by its shape: a weight and its gradient have the same one.

    That is why the notes went unnoticed for years.
    What should the gradient be if nothing comes from above, and what is the weight then?
    """
    return _check_of(bug, weight_returned="shapes")


@mistake("cheapest_check")
def numbers_for_the_weight(bug):
    """A numerical check does find "weight returned", but there is a cheaper one.

    A backward pass is linear in what comes from above: nothing in, nothing out.
    A weight that is returned as a gradient does not know that.
    """
    return _check_of(bug, weight_returned="numerical, T = 1")


@mistake("cheapest_check")
def one_step_shows_everything(bug):
    """With a single step there is no carry and only one part to add, so "no carry" and "overwritten" cannot be seen.

    All that connects steps needs several of them.
    """
    return _check_of(bug, no_carry="numerical, T = 1", overwritten="numerical, T = 1")


@mistake("cheapest_check")
def one_step_shows_the_overwriting(bug):
    """With a single step there is one part only, and replacing is the same as adding to zero.

    "overwritten" shows from two steps on.
    """
    return _check_of(bug, overwritten="numerical, T = 1")


@mistake("cheapest_check")
def transposition_needs_many_steps(bug):
    """ "not transposed" makes dh_prev wrong, and even a single step has one: the gradient of h0.

    The checks compare dh0 too, so one step is enough.
    """
    return _check_of(bug, not_transposed="numerical, T = 5")


@mistake("cheapest_check")
def start_needs_many_steps(bug):
    """ "dh0 zero" shows with one step already: its dh0 is not zero, as h0 has influenced h_1.

    Five steps find it as well, at five times the price.
    """
    return _check_of(bug, dh0_zero="numerical, T = 5")


@mistake("cheapest_check")
def both_starts_need_many_steps(bug):
    """The dh_prev of a single step is dh0, and the checks compare it.

    So "not transposed" and "dh0 zero" are both found with T = 1.
    """
    return _check_of(bug, not_transposed="numerical, T = 5", dh0_zero="numerical, T = 5")


@mistake("cheapest_check")
def zeros_find_the_start(bug):
    """ "dh0 zero" is not found by zero upstream: there, all gradients are zero, and dh0 rightly so.

    The bug shows only where something comes from above.
    """
    return _check_of(bug, dh0_zero="zero upstream")


# -- readout_backward --------------------------------------------------------------------------------------------------


def _readout(dlogits, h_all, W_hy):
    return dlogits @ W_hy.T, np.einsum("nth,ntc->hc", h_all, dlogits), dlogits.sum(axis=(0, 1))


@mistake("readout_backward")
def one_matrix_per_sequence(dlogits, h_all, W_hy):
    """dW_hy has one matrix per sequence: the steps were added, the sequences were not.

    All sequences use the same weights, so their parts are added as well.
    """
    dh_all, _, db_y = _readout(dlogits, h_all, W_hy)
    return dh_all, h_all.transpose(0, 2, 1) @ dlogits, db_y


@mistake("readout_backward")
def bias_per_step(dlogits, h_all, W_hy):
    """db_y has one row per step: only the sequences were added.

    The same bias serves every step; sum over the axes of sequences and of steps.
    """
    dh_all, dW_hy, _ = _readout(dlogits, h_all, W_hy)
    return dh_all, dW_hy, dlogits.sum(axis=0)


@mistake("readout_backward")
def last_step_only(dlogits, h_all, W_hy):
    """dh_all is right, but the gradients of weights and bias come from the last step alone.

    The read-out answers at every step, so every step has its part in them.
    """
    return dlogits @ W_hy.T, h_all[:, -1].T @ dlogits[:, -1], dlogits[:, -1].sum(axis=0)


@mistake("readout_backward")
def readout_gradient_transposed(dlogits, h_all, W_hy):
    """dW_hy comes out as (C, H), the transpose: the two factors stand in the wrong order.

    A gradient has the shape of its array, and W_hy is (H, C).
    """
    dh_all, dW_hy, db_y = _readout(dlogits, h_all, W_hy)
    return dh_all, dW_hy.T, db_y


@mistake("readout_backward")
def readout_bias_averaged(dlogits, h_all, W_hy):
    """db_y is a mean where a sum is due.

    Whether the loss is an average is decided in the loss; a backward pass adds what arrives.
    """
    dh_all, dW_hy, _ = _readout(dlogits, h_all, W_hy)
    return dh_all, dW_hy, dlogits.mean(axis=(0, 1))


@mistake("readout_backward")
def divided_by_the_batch(dlogits, h_all, W_hy):
    """The gradients of weights and bias are 1/N of what they should be.

    The loss has divided by N already, and dlogits contains it.
    """
    dh_all, dW_hy, db_y = _readout(dlogits, h_all, W_hy)
    N = np.asarray(len(h_all), h_all.dtype)
    return dh_all, dW_hy / N, db_y / N


@mistake("readout_backward")
def flattened_askew(dlogits, h_all, W_hy):
    """dW_hy has the right shape and wrong numbers: h_all was reshaped to (H, N·T) instead of transposed.

    A reshape reads on in the old order, so the numbers of different units get mixed.
    Flatten to (N·T, H) first, then transpose.
    """
    H, C = W_hy.shape
    return dlogits @ W_hy.T, h_all.reshape(H, -1) @ dlogits.reshape(-1, C), dlogits.sum(axis=(0, 1))


@mistake("readout_backward")
def tanh_included(dlogits, h_all, W_hy):
    """dh_all has been multiplied by 1 - h squared.

    The read-out has no tanh; that derivative belongs to the cell, which will apply it itself.
    """
    dh_all, dW_hy, db_y = _readout(dlogits, h_all, W_hy)
    return dh_all * (1 - h_all**2), dW_hy, db_y


@mistake("readout_backward")
def readout_bias_one_number(dlogits, h_all, W_hy):
    """db_y is a single number: the sum went over the classes too.

    Each class has a bias of its own, (C,); sequences and steps are summed, classes are not.
    """
    dh_all, dW_hy, _ = _readout(dlogits, h_all, W_hy)
    return dh_all, dW_hy, dlogits.sum()


@mistake("readout_backward")
def readout_bias_as_a_row(dlogits, h_all, W_hy):
    """The numbers are right; db_y has kept axes of length 1, and should be (C,).

    A gradient has the shape of its array; leave keepdims out.
    """
    dh_all, dW_hy, _ = _readout(dlogits, h_all, W_hy)
    return dh_all, dW_hy, dlogits.sum(axis=(0, 1))[None]


@mistake("readout_backward")
def sequences_only(dlogits, h_all, W_hy):
    """dW_hy has one matrix for each step: the sequences were added, the steps were not.

    All steps use the same weights, so their parts are added as well.
    """
    dh_all, _, db_y = _readout(dlogits, h_all, W_hy)
    return dh_all, np.einsum("nth,ntc->thc", h_all, dlogits), db_y


# -- sequence_cross_entropy --------------------------------------------------------------------------------------------


def _log_softmax(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _pieces(logits, targets, mask):
    """Return the loss of each step (N, T) and the gradient of each (N, T, V), unmasked, and the mask as floats."""
    log_p = _log_softmax(logits)
    hot = (np.arange(logits.shape[-1]) == targets[..., None]).astype(logits.dtype)
    counts = np.ones(targets.shape) if mask is None else mask
    return -(log_p * hot).sum(axis=-1), np.exp(log_p) - hot, np.asarray(counts).astype(logits.dtype)


@mistake("sequence_cross_entropy")
def averaged_over_steps_too(logits, targets, mask=None):
    """Loss and gradient are 1/T of what they should be: they were divided by N·T.

    It is a common choice, but not the one asked for here.
    With sums over time the losses of consecutive chunks can be added; divide by N only.
    """
    losses, dlogits, m = _pieces(logits, targets, mask)
    scale = np.asarray(targets.size, logits.dtype)
    return float((losses * m).sum() / scale), dlogits * m[..., None] / scale


@mistake("sequence_cross_entropy")
def averaged_over_counting_steps(logits, targets, mask=None):
    """The loss is the average over all steps that count.

    Then a batch of short sequences weighs each word more than a batch of long ones.
    Here the sum over the steps is divided by the number N of sequences, counting or not.
    """
    losses, dlogits, m = _pieces(logits, targets, mask)
    return float((losses * m).sum() / m.sum()), dlogits * m[..., None] / m.sum()


@mistake("sequence_cross_entropy")
def not_averaged(logits, targets, mask=None):
    """Loss and gradient are N times what they should be: the sum over the batch was not divided by N.

    Then the step size would have to change with the size of the batch.
    """
    losses, dlogits, m = _pieces(logits, targets, mask)
    return float((losses * m).sum()), dlogits * m[..., None]


@mistake("sequence_cross_entropy")
def gradient_not_averaged(logits, targets, mask=None):
    """The loss is right, and the gradient is N times what it should be.

    What the loss is divided by, its gradient is divided by too.
    """
    losses, dlogits, m = _pieces(logits, targets, mask)
    return float((losses * m).sum() / len(m)), dlogits * m[..., None]


@mistake("sequence_cross_entropy")
def mask_on_the_loss_only(logits, targets, mask=None):
    """The loss is right, but steps that do not count still have a gradient.

    The network would then be trained to predict the padding.
    The mask is a factor of the loss, so it is a factor of the gradient too.
    """
    losses, dlogits, m = _pieces(logits, targets, mask)
    return float((losses * m).sum() / len(m)), dlogits / np.asarray(len(m), logits.dtype)


@mistake("sequence_cross_entropy")
def mask_on_the_gradient_only(logits, targets, mask=None):
    """The gradient is right, but the loss counts all steps.

    Training would work, but the reported loss would depend on the padding more than on the words.
    """
    losses, dlogits, m = _pieces(logits, targets, mask)
    return float(losses.sum() / len(m)), dlogits * m[..., None] / np.asarray(len(m), logits.dtype)


@mistake("sequence_cross_entropy")
def mask_ignored(logits, targets, mask=None):
    """Without a mask all is right; with one, these are still the numbers for all steps.

    The argument mask is not used.
    """
    return _plain(*_pieces(logits, targets, None))


def _plain(losses, dlogits, m):
    return float((losses * m).sum() / len(m)), dlogits * m[..., None] / np.asarray(len(m), dlogits.dtype)


@mistake("sequence_cross_entropy")
def scores_masked(logits, targets, mask=None):
    """Steps that do not count cost ln V here: their scores were set to zero before the softmax.

    Scores of zero are a prediction too: that all classes are equally likely.
    Multiply the loss of the step by the mask, not its scores.
    """
    m = np.asarray(np.ones(targets.shape) if mask is None else mask).astype(logits.dtype)
    losses, dlogits, _ = _pieces(logits * m[..., None], targets, None)
    return float(losses.sum() / len(m)), dlogits * m[..., None] / np.asarray(len(m), logits.dtype)


@mistake("sequence_cross_entropy")
def logarithm_of_the_softmax(logits, targets, mask=None):
    """All is right until the scores lie far apart: then the probability is rounded to 0 and its logarithm is -inf.

    Work the logarithm out on paper: ln p is the score minus the logarithm of the sum of exponentials.
    Then no tiny number is ever formed.
    """
    _, dlogits, m = _pieces(logits, targets, mask)
    with np.errstate(all="ignore"):
        wanted = np.take_along_axis(np.exp(_log_softmax(logits)), targets[..., None], axis=-1)[..., 0]
        return _plain(np.where(m > 0, -np.log(wanted), 0), dlogits, m)


@mistake("sequence_cross_entropy")
def tiny_number_added(logits, targets, mask=None):
    """All is right until the scores lie far apart: then no step costs more than about 27.6 = -ln(1e-12).

    Adding a tiny number to the probability hides the infinity, and the true loss with it.
    Use the formula in which the logarithm is worked out; it needs no such patch.
    """
    losses, dlogits, m = _pieces(logits, targets, mask)
    return _plain(-np.log(np.exp(-losses.astype(np.float64)) + 1e-12).astype(logits.dtype), dlogits, m)


@mistake("sequence_cross_entropy")
def exponentials_overflow(logits, targets, mask=None):
    """nan where the scores are large: the exponentials were taken before the maximum was subtracted.

    exp(900) does not fit into a float64.
    Subtract the maximum of each row first; it changes no probability.
    """
    with np.errstate(all="ignore"):
        log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
        hot = (np.arange(logits.shape[-1]) == targets[..., None]).astype(logits.dtype)
        m = np.asarray(np.ones(targets.shape) if mask is None else mask).astype(logits.dtype)
        return _plain(-(np.where(hot > 0, log_p, 0)).sum(axis=-1), np.exp(log_p) - hot, m)


@mistake("sequence_cross_entropy")
def gradient_of_the_likelihood(logits, targets, mask=None):
    """The gradient has the wrong sign: one-hot minus p.

    The loss is *minus* the logarithm, and the wanted score must have a negative gradient, so that a step against it
    makes the score larger.
    """
    loss, dlogits = _plain(*_pieces(logits, targets, mask))
    return loss, -dlogits


@mistake("sequence_cross_entropy")
def one_not_subtracted(logits, targets, mask=None):
    """dlogits holds the probabilities themselves: the 1 of the wanted class was not subtracted.

    Then a step would lower all scores, the wanted one as well.
    """
    losses, dlogits, m = _pieces(logits, targets, mask)
    hot = (np.arange(logits.shape[-1]) == targets[..., None]).astype(logits.dtype)
    return _plain(losses, dlogits + hot, m)


@mistake("sequence_cross_entropy")
def loss_with_the_wrong_sign(logits, targets, mask=None):
    """The loss is negative: the minus of -ln p is missing.

    A logarithm of a probability is never above 0, so the loss is never below.
    """
    loss, dlogits = _plain(*_pieces(logits, targets, mask))
    return -loss, dlogits


@mistake("sequence_cross_entropy")
def averaged_over_time(logits, targets, mask=None):
    """Loss and gradient were divided by the number of steps T, where the number of sequences N is asked for.

    The two look alike in the code: the first axis of logits counts sequences, the second steps.
    """
    losses, dlogits, m = _pieces(logits, targets, mask)
    T = np.asarray(targets.shape[1], logits.dtype)
    return float((losses * m).sum() / T), dlogits * m[..., None] / T


@mistake("sequence_cross_entropy")
def loss_not_averaged(logits, targets, mask=None):
    """The gradient is right, and the loss is N times what it should be.

    What the gradient is divided by, the loss is divided by too.
    """
    losses, dlogits, m = _pieces(logits, targets, mask)
    return float((losses * m).sum()), dlogits * m[..., None] / np.asarray(len(m), logits.dtype)


# -- tbptt_backward ----------------------------------------------------------------------------------------------------


def _pass(x, h0, targets, params):
    """Return what bptt returns, for one pass over x and back."""
    h, hs = h0, [h0]
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ params["W_xh"] + h @ params["W_hh"] + params["b_h"])
        hs.append(h)
    h_all = np.stack(hs[1:], axis=1)
    loss, dlogits = _plain(*_pieces(h_all @ params["W_hy"] + params["b_y"], targets, None))
    dh_all, dW_hy, db_y = _readout(dlogits, h_all, params["W_hy"])
    caches = [(x[:, t], hs[t], params["W_xh"], params["W_hh"], hs[t + 1]) for t in range(x.shape[1])]
    cell = _only_cell(_right(dh_all, caches))
    return {"loss": loss, **cell, "dW_hy": dW_hy, "db_y": db_y, "h_T": h}


def _only_cell(grads):
    return {name: grads[name] for name in ("dW_xh", "dW_hh", "db_h")}


def _chunks(x, h0, targets, params, borders, carried=True):
    """Return what bptt returns for each chunk between two borders."""
    parts, h = [], h0
    for c, start in enumerate(borders[:-1]):
        end = borders[c + 1]
        parts.append(_pass(x[:, start:end], h, targets[:, start:end], params))
        h = parts[-1]["h_T"] if carried else h0
    return parts


def _added(parts):
    total = {name: sum(part[name] for part in parts) for name in parts[0]}
    return {**total, "h_T": parts[-1]["h_T"]}


def _borders(T, chunk):
    return [*range(0, T, chunk), T]


@mistake("tbptt_backward")
def state_not_carried(x, h0, targets, params, chunk):
    """Every chunk starts from h0 again, so the network forgets at each border.

    Truncation cuts the gradient, not the memory: forward, nothing changes.
    Start each chunk from the state in which the one before it has ended.
    """
    return _added(_chunks(x, h0, targets, params, _borders(x.shape[1], chunk), carried=False))


@mistake("tbptt_backward")
def zeros_after_each_border(x, h0, targets, params, chunk):
    """The first chunk starts from h0, every later one from zeros.

    Truncation cuts the gradient, not the memory.
    The state h_T that bptt returns is where the next chunk begins.
    """
    parts, h = [], h0
    borders = _borders(x.shape[1], chunk)
    for c, start in enumerate(borders[:-1]):
        end = borders[c + 1]
        parts.append(_pass(x[:, start:end], h, targets[:, start:end], params))
        h = np.zeros_like(h0)
    return _added(parts)


@mistake("tbptt_backward")
def gradient_crosses_the_borders(x, h0, targets, params, chunk):
    """This is the full gradient, the same for every chunk length: nothing was cut.

    Loss and last state are right, since forward nothing changes.
    Backward, the gradient must not leave the chunk in which its loss lies.
    """
    return _pass(x, h0, targets, params)


@mistake("tbptt_backward")
def short_last_chunk_dropped(x, h0, targets, params, chunk):
    """The steps after the last full chunk are missing.

    T // chunk counts the full chunks only.
    A slice that runs past the end stops there by itself, so the shorter chunk needs no special treatment.
    """
    T = x.shape[1]
    borders = _borders(max(T // chunk, 1) * chunk if chunk <= T else T, chunk)
    return _added(_chunks(x, h0, targets, params, borders))


@mistake("tbptt_backward")
def last_chunk_only(x, h0, targets, params, chunk):
    """Loss and gradients are those of the last chunk alone: each chunk has replaced the one before it.

    Add them up; only the state is replaced.
    """
    return _chunks(x, h0, targets, params, _borders(x.shape[1], chunk))[-1]


@mistake("tbptt_backward")
def averaged_over_chunks(x, h0, targets, params, chunk):
    """Loss and gradients are divided by the number of chunks.

    The loss of the sequence is the sum of the losses of its chunks, and a short last chunk must not weigh as much as
    a full one. Add, and leave it at that.
    """
    parts = _chunks(x, h0, targets, params, _borders(x.shape[1], chunk))
    total = _added(parts)
    count = len(parts)
    return {
        name: value if name == "h_T" else (value / count if name == "loss" else value * value.dtype.type(1 / count))
        for name, value in total.items()
    }


@mistake("tbptt_backward")
def initial_state_returned(x, h0, targets, params, chunk):
    """Loss and gradients are right, but h_T is the state in which the last chunk began.

    To read on from there, the caller needs the state after the last step.
    """
    parts = _chunks(x, h0, targets, params, _borders(x.shape[1], chunk))
    return {**_added(parts), "h_T": parts[-2]["h_T"] if len(parts) > 1 else h0}


@mistake("tbptt_backward")
def states_added_too(x, h0, targets, params, chunk):
    """Loss and gradients are right, but h_T is the sum of the last states of all chunks.

    Losses and gradients add up; a state is replaced by the next.
    """
    parts = _chunks(x, h0, targets, params, _borders(x.shape[1], chunk))
    return {**_added(parts), "h_T": sum(part["h_T"] for part in parts)}


@mistake("tbptt_backward")
def loss_of_the_last_chunk(x, h0, targets, params, chunk):
    """The gradients are added up, but the loss is that of the last chunk alone.

    Both belong to the whole sequence.
    """
    parts = _chunks(x, h0, targets, params, _borders(x.shape[1], chunk))
    return {**_added(parts), "loss": parts[-1]["loss"]}


@mistake("tbptt_backward")
def chunk_taken_as_their_number(x, h0, targets, params, chunk):
    """The sequence was cut into `chunk` pieces instead of pieces of `chunk` steps.

    chunk is a length: chunk = 7 means that the gradient goes back seven steps at most.
    """
    T = x.shape[1]
    return _added(_chunks(x, h0, targets, params, _borders(T, -(-T // chunk))))
