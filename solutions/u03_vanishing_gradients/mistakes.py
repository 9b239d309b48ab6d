"""Known wrong answers to the exercises of unit 03; each docstring is the hint for those who make the mistake."""

import numpy as np

from solutions.mistakes import mistake

# -- activation --------------------------------------------------------------------------------------------------------


def _stable_sigmoid(a):
    return (np.tanh(a / 2) + 1) / 2


def _pair(name, a):
    v = {"tanh": np.tanh, "sigmoid": _stable_sigmoid, "relu": lambda a: a * (a > 0), "linear": lambda a: a}
    slope = {
        "tanh": lambda v: 1 - v**2,
        "sigmoid": lambda v: v - v**2,
        "relu": lambda v: np.heaviside(v, 0).astype(v.dtype),
        "linear": lambda v: v * 0 + 1,
    }
    if name not in v:
        raise ValueError(name)
    value = v[name](a)
    return value, slope[name](value)


@mistake("activation")
def sigmoid_slope_from_the_input(name, a):
    """The sigmoid's derivative is computed from the input a, as a (1 - a); it grows beyond all bounds.

    In the formula v (1 - v), v is the *value* that the sigmoid has just given.
    Compute the value first and use that.
    """
    value, slope = _pair(name, a)
    return value, a * (1 - a) if name == "sigmoid" else slope


@mistake("activation")
def tanh_slope_from_the_input(name, a):
    """The derivative of tanh is computed from the input, as 1 - a squared; it should never be below 0.

    It is 1 minus the square of the tanh itself.
    """
    value, slope = _pair(name, a)
    return value, 1 - a**2 if name == "tanh" else slope


@mistake("activation")
def tanh_applied_twice(name, a):
    """In the derivative of tanh, tanh was applied to a number that already is a tanh.

    The value is there; square it, and that is all.
    """
    value, slope = _pair(name, a)
    return value, 1 - np.tanh(value) ** 2 if name == "tanh" else slope


@mistake("activation")
def tanh_not_squared(name, a):
    """The derivative of tanh is 1 - v here; the square is missing.

    It comes out as 2 for very negative inputs, where tanh is flat and the derivative should be 0.
    """
    value, slope = _pair(name, a)
    return value, 1 - value if name == "tanh" else slope


@mistake("activation")
def relu_slope_one_at_zero(name, a):
    """Everything is right except ReLU's derivative at exactly 0: it is 1 here.

    The derivative does not exist there, so it is a matter of agreement, and in this course it is 0, as in PyTorch.
    Which comparison leaves 0 out?
    """
    value, slope = _pair(name, a)
    return value, (a >= 0).astype(a.dtype) if name == "relu" else slope


@mistake("activation")
def relu_slope_is_the_value(name, a):
    """ReLU's derivative is the value itself here; it should be 1 wherever the unit is on, however large its input.

    The slope of a straight line does not grow along the line.
    """
    value, slope = _pair(name, a)
    return value, value if name == "relu" else slope


@mistake("activation")
def exponential_over_one_plus(name, a):
    """nan for large inputs: exp(1000) is inf, and inf divided by inf is nan.

    The formula is right on paper; write the sigmoid so that no exponential of a large positive number occurs.
    """
    value, slope = _pair(name, a)
    if name == "sigmoid":
        with np.errstate(all="ignore"):
            value = np.exp(a) / (1 + np.exp(a))
        slope = value * (1 - value)
    return value, slope


@mistake("activation")
def linear_slope_is_the_input(name, a):
    """For 'linear' the derivative comes back as a; the derivative of a by a is 1.

    All others are right.
    Which NumPy function makes an array of ones in the shape of another?
    """
    value, slope = _pair(name, a)
    return value, a if name == "linear" else slope


@mistake("activation")
def slope_as_truth_values(name, a):
    """ReLU's derivative is an array of True and False.

    Python counts them as 1 and 0, but the array's type is bool, and the next product may surprise you.
    Convert it to the type of a.
    """
    value, slope = _pair(name, a)
    return value, a > 0 if name == "relu" else slope


@mistake("activation")
def unknown_name_is_linear(name, a):
    """All is right, except that a mistyped name is taken for 'linear'.

    A typing error should stop the program at once, not change the network unnoticed.
    Raise ValueError when no branch fits.
    """
    return _pair(name if name in ("tanh", "sigmoid", "relu") else "linear", a)


# -- scalar_chain ------------------------------------------------------------------------------------------------------


def _chain(w, h0, T, act, factor):
    h, product = np.asarray(h0), 1.0
    for _ in range(T):
        a = w * h
        v, slope = _pair(act, a)
        product = product * factor(w, a, h, v, slope)
        h = v
    return float(product)


@mistake("scalar_chain")
def one_factor_too_few(w, h0, T, act="linear"):
    """These are the numbers of a chain that is one step shorter.

    From h_0 to h_T there are T steps, and every one of them has a factor.
    Count the rounds of your loop for T = 1.
    """
    return _chain(w, h0, T - 1, act, lambda w, a, h, v, slope: w * slope)


@mistake("scalar_chain")
def activation_slope_forgotten(w, h0, T, act="linear"):
    """These are powers of w: right for 'linear', but for the others the derivative of the activation is missing.

    Each step multiplies by two things, the weight and the slope of the curve at the point where the step landed.
    """
    return float(w**T)


@mistake("scalar_chain")
def weight_forgotten(w, h0, T, act="linear"):
    """These are products of slopes alone; each step also multiplies by the weight.

    For the linear chain your answer is 1, whatever w is.
    """
    return _chain(w, h0, T, act, lambda w, a, h, v, slope: slope)


@mistake("scalar_chain")
def slope_at_the_state(w, h0, T, act="linear"):
    """The slope is taken at the old state h instead of at w h.

    The activation is applied to the sum a = w h, so that is the point at which its derivative counts.
    """
    return _chain(w, h0, T, act, lambda w, a, h, v, slope: w * _pair(act, h)[1])


@mistake("scalar_chain")
def slope_at_the_new_state(w, h0, T, act="linear"):
    """The activation was applied once more before the slope was taken.

    `activation` wants the sum a = w h and gives value and slope at that point; feed it the sum, not the new state.
    """
    return _chain(w, h0, T, act, lambda w, a, h, v, slope: w * _pair(act, v)[1])


@mistake("scalar_chain")
def state_never_moves(w, h0, T, act="linear"):
    """Every step has the same factor, the one of the first step.

    The state has to move on in each round, otherwise the slope is always taken at the same place.
    """
    return float((w * _pair(act, np.asarray(w * h0))[1]) ** T)


@mistake("scalar_chain")
def last_state_returned(w, h0, T, act="linear"):
    """This is the last state h_T itself; asked is how it changes when h_0 changes.

    Keep a second variable for the product of the factors.
    """
    h = np.asarray(h0)
    for _ in range(T):
        h = _pair(act, w * h)[0]
    return float(h)


@mistake("scalar_chain")
def factors_added(w, h0, T, act="linear"):
    """The factors of the steps were added; along a chain they are multiplied.

    Sums belong to several paths, and here there is only one.
    """
    h, total = np.asarray(h0), 0.0
    for _ in range(T):
        h, slope = _pair(act, w * h)
        total = total + w * slope
    return float(total)


@mistake("scalar_chain")
def one_factor_too_many(w, h0, T, act="linear"):
    """There is one factor too many: T steps were taken and T + 1 factors multiplied.

    With T = 0 nothing has happened yet, and the derivative is 1.
    """
    return _chain(w, h0, T + 1, act, lambda w, a, h, v, slope: w * slope)


# -- gradient_norms ----------------------------------------------------------------------------------------------------


def _slopes(x, h0, W_xh, W_hh, b_h, act):
    h, states, slopes = h0, [h0], []
    for t in range(x.shape[1]):
        h, slope = _pair(act, x[:, t] @ W_xh + h @ W_hh + b_h)
        states.append(h)
        slopes.append(slope)
    return states, slopes


def _back(slopes, dh_T, step):
    dh, found = dh_T, [dh_T]
    for slope in slopes[::-1]:
        dh = step(dh, slope)
        found.insert(0, dh)
    return found


def _size(table):
    return np.sqrt((table**2).sum())


@mistake("gradient_norms")
def weights_not_transposed(x, h0, W_xh, W_hh, b_h, act, dh_T):
    """These are the numbers that come out when the gradient is multiplied by W_hh instead of its transpose.

    W_hh is square, so nothing complains.
    Forward, unit i sends through row i; on the way back it collects from everything that it sent to.
    """
    _, slopes = _slopes(x, h0, W_xh, W_hh, b_h, act)
    return np.array([_size(d) for d in _back(slopes, dh_T, lambda dh, s: (dh * s) @ W_hh)])


@mistake("gradient_norms")
def slope_left_out(x, h0, W_xh, W_hh, b_h, act, dh_T):
    """These are the norms of a network without activation: the derivative is missing on the way back.

    Each step back has two movements, times the slope and then times the weights.
    """
    _, slopes = _slopes(x, h0, W_xh, W_hh, b_h, act)
    return np.array([_size(d) for d in _back(slopes, dh_T, lambda dh, s: dh @ W_hh.T)])


@mistake("gradient_norms")
def slope_after_the_weights(x, h0, W_xh, W_hh, b_h, act, dh_T):
    """The two movements stand in the wrong order: first the weights, then the slope.

    Forward, the weights come first and the activation last; the way back undoes the last thing first.
    """
    _, slopes = _slopes(x, h0, W_xh, W_hh, b_h, act)
    return np.array([_size(d) for d in _back(slopes, dh_T, lambda dh, s: (dh @ W_hh.T) * s)])


@mistake("gradient_norms")
def slopes_in_forward_order(x, h0, W_xh, W_hh, b_h, act, dh_T):
    """On the way back the slopes were used in forward order: the first step back took those of step 1.

    The gradient starts at the last step, so the last slopes come first.
    """
    _, slopes = _slopes(x, h0, W_xh, W_hh, b_h, act)
    return np.array([_size(d) for d in _back(slopes[::-1], dh_T, lambda dh, s: (dh * s) @ W_hh.T)])


@mistake("gradient_norms")
def norms_in_backward_order(x, h0, W_xh, W_hh, b_h, act, dh_T):
    """The numbers are right but stand in the order in which they were found, from h_T back to h_0.

    Entry t should belong to h_t.
    Turn the list round before returning it.
    """
    _, slopes = _slopes(x, h0, W_xh, W_hh, b_h, act)
    return np.array([_size(d) for d in _back(slopes, dh_T, lambda dh, s: (dh * s) @ W_hh.T)])[::-1].copy()


@mistake("gradient_norms")
def first_state_left_out(x, h0, W_xh, W_hh, b_h, act, dh_T):
    """There are T norms; T steps have T + 1 states, counting h_0.

    One more step back leads from h_1 to h_0.
    """
    _, slopes = _slopes(x, h0, W_xh, W_hh, b_h, act)
    return np.array([_size(d) for d in _back(slopes, dh_T, lambda dh, s: (dh * s) @ W_hh.T)])[1:]


@mistake("gradient_norms")
def bias_left_out_forward(x, h0, W_xh, W_hh, b_h, act, dh_T):
    """These are the norms of a network without bias.

    The bias moves the sums, and with them the slopes; it belongs into the forward pass.
    """
    _, slopes = _slopes(x, h0, W_xh, W_hh, 0 * b_h, act)
    return np.array([_size(d) for d in _back(slopes, dh_T, lambda dh, s: (dh * s) @ W_hh.T)])


@mistake("gradient_norms")
def started_from_zeros(x, h0, W_xh, W_hh, b_h, act, dh_T):
    """The forward pass starts from zeros instead of the h0 that was given.

    The first slopes are then those of another network.
    """
    _, slopes = _slopes(x, 0 * h0, W_xh, W_hh, b_h, act)
    return np.array([_size(d) for d in _back(slopes, dh_T, lambda dh, s: (dh * s) @ W_hh.T)])


@mistake("gradient_norms")
def squares_without_root(x, h0, W_xh, W_hh, b_h, act, dh_T):
    """These are the squares of the norms; the root is missing.

    Three times the gradient would make nine times the number.
    """
    _, slopes = _slopes(x, h0, W_xh, W_hh, b_h, act)
    return np.array([(d**2).sum() for d in _back(slopes, dh_T, lambda dh, s: (dh * s) @ W_hh.T)])


@mistake("gradient_norms")
def sums_of_magnitudes(x, h0, W_xh, W_hh, b_h, act, dh_T):
    """These are sums of absolute values; the norm asked for is the root of the sum of squares.

    For (3, 4) that is 5, not 7.
    """
    _, slopes = _slopes(x, h0, W_xh, W_hh, b_h, act)
    return np.array([np.abs(d).sum() for d in _back(slopes, dh_T, lambda dh, s: (dh * s) @ W_hh.T)])


@mistake("gradient_norms")
def largest_singular_values(x, h0, W_xh, W_hh, b_h, act, dh_T):
    """For a batch of one all is right, for more the numbers are too small: this is the matrix norm, ord=2.

    The argument 2 asks `np.linalg.norm` for a table's largest singular value.
    Without it, it takes the root of the sum of all squares.
    """
    _, slopes = _slopes(x, h0, W_xh, W_hh, b_h, act)
    back = _back(slopes, dh_T, lambda dh, s: (dh * s) @ W_hh.T)
    return np.array([np.linalg.norm(d, 2) for d in back])


@mistake("gradient_norms")
def tanh_whatever_was_asked(x, h0, W_xh, W_hh, b_h, act, dh_T):
    """With tanh the norms are right; with every other activation they are still those of tanh.

    The argument act is not used everywhere.
    """
    _, slopes = _slopes(x, h0, W_xh, W_hh, b_h, "tanh")
    return np.array([_size(d) for d in _back(slopes, dh_T, lambda dh, s: (dh * s) @ W_hh.T)])


# -- decay_rate --------------------------------------------------------------------------------------------------------


@mistake("decay_rate")
def forward_in_time(norms):
    """This is the factor per step forward in time; gradients go back.

    A rate below 1 should mean that the gradient vanishes on its way from h_T to h_0.
    Which of the two norms does it start with?
    """
    return float((norms[-1] / norms[0]) ** (1 / (len(norms) - 1)))


@mistake("decay_rate")
def root_of_the_count(norms):
    """The root has the number of norms where the number of steps belongs.

    T + 1 states have T steps between them.
    """
    return float((norms[0] / norms[-1]) ** (1 / len(norms)))


@mistake("decay_rate")
def arithmetic_mean_of_factors(norms):
    """This is the arithmetic mean of the factors, which is too large.

    A factor of 4 and a factor of 1/4 together change nothing, but their arithmetic mean is above 2.
    Factors multiply, so their mean is a root.
    """
    return float(np.mean(norms[:-1] / norms[1:]))


@mistake("decay_rate")
def root_not_taken(norms):
    """This is what is left after all steps; asked is the factor of a single one.

    If each step multiplies by r, T steps multiply by r to the power T: take the root.
    """
    return float(norms[0] / norms[-1])


@mistake("decay_rate")
def divided_by_the_steps(norms):
    """The whole factor was divided by the number of steps.

    Sums are shared out by division, products by a root.
    """
    return float(norms[0] / norms[-1] / (len(norms) - 1))


@mistake("decay_rate")
def first_step_only(norms):
    """This is the factor of one step, between h_1 and h_0, instead of the mean over all of them."""
    return float(norms[0] / norms[1])


@mistake("decay_rate")
def logarithm_of_the_rate(norms):
    """This is the logarithm of the rate: below 0 where the norms vanish, above 0 where they explode.

    A rate of 0.5 means that half is left after each step; take the exponential of what you have.
    """
    return float(np.log(norms[0] / norms[-1]) / (len(norms) - 1))


# -- gradient_bound ----------------------------------------------------------------------------------------------------


@mistake("gradient_bound")
def largest_eigenvalue(W_hh, gamma, k):
    """This is the largest eigenvalue in the place of the largest singular value.

    A matrix can have only eigenvalues 0 and still make a vector a hundred times longer in one step.
    What bounds a single step is the singular value.
    """
    return float((gamma * np.abs(np.linalg.eigvals(W_hh)).max()) ** k)


@mistake("gradient_bound")
def root_of_all_squares(W_hh, gamma, k):
    """This is the root of the sum of all squares (Frobenius norm): a bound too, but a needlessly loose one.

    `np.linalg.norm` of a matrix gives it when no kind of norm is named.
    """
    return float((gamma * np.sqrt((W_hh**2).sum())) ** k)


@mistake("gradient_bound")
def gamma_only_once(W_hh, gamma, k):
    """The derivative of the activation counts only once here; every step has its own.

    Check what stands inside the bracket.
    """
    return float(gamma * np.linalg.svd(W_hh, compute_uv=False)[0] ** k)


@mistake("gradient_bound")
def gamma_left_out(W_hh, gamma, k):
    """The activation is missing: this is the bound of a linear network."""
    return float(np.linalg.svd(W_hh, compute_uv=False)[0] ** k)


@mistake("gradient_bound")
def times_the_steps(W_hh, gamma, k):
    """The factor of a step was multiplied by k; k steps raise it to the power k."""
    return float(gamma * np.linalg.svd(W_hh, compute_uv=False)[0] * k)


@mistake("gradient_bound")
def largest_entry(W_hh, gamma, k):
    """This is the largest entry of the matrix in the place of its largest singular value.

    Many small entries together can lengthen a vector more than one large one.
    """
    return float((gamma * np.abs(W_hh).max()) ** k)


@mistake("gradient_bound")
def smallest_singular_value(W_hh, gamma, k):
    """This is the smallest singular value: the least that can be left, not the most.

    NumPy sorts them from large to small.
    """
    return float((gamma * np.linalg.svd(W_hh, compute_uv=False)[-1]) ** k)


# -- init_hidden -------------------------------------------------------------------------------------------------------


def _signed(rng, H):
    q, r = np.linalg.qr(rng.standard_normal((H, H)))
    return np.where(np.diag(r) < 0, -q, q)


def _started(kind, H, rng, **other):
    made = {
        "small": lambda: 0.01 * rng.standard_normal((H, H)),
        "xavier": lambda: rng.standard_normal((H, H)) / np.sqrt(H),
        "he": lambda: rng.standard_normal((H, H)) / np.sqrt(H / 2),
        "orthogonal": lambda: _signed(rng, H),
        "identity": lambda: np.identity(H),
    }
    made.update(other)
    if kind not in made:
        raise ValueError(kind)
    return made[kind]()


@mistake("init_hidden")
def signs_as_they_came(kind, H, rng):
    """The orthogonal matrix is orthogonal, but its diagonal is negative far more often than chance allows.

    The QR routine fixes the signs by a rule of its own, so some orthogonal matrices never occur.
    Let the signs of the diagonal of R correct the columns of Q.
    """
    return _started(kind, H, rng, orthogonal=lambda: np.linalg.qr(rng.standard_normal((H, H)))[0])


@mistake("init_hidden")
def variance_for_deviation(kind, H, rng):
    """Xavier and He come out far too small: their variances were handed over as standard deviations.

    `rng.normal` asks for the standard deviation, the root of the variance.
    """
    return _started(
        kind,
        H,
        rng,
        xavier=lambda: rng.normal(0, 1 / H, (H, H)),
        he=lambda: rng.normal(0, 2 / H, (H, H)),
    )


@mistake("init_hidden")
def small_by_variance(kind, H, rng):
    """'small' has variance 0.01 here; it is the standard deviation that should be 0.01.

    The entries are ten times too large.
    """
    return _started(kind, H, rng, small=lambda: 0.1 * rng.standard_normal((H, H)))


@mistake("init_hidden")
def one_fan_for_two(kind, H, rng):
    """Xavier has variance 2/H here, which is He's: only one of the two fans was counted.

    2 / (fan-in + fan-out) with both equal to H is 1/H.
    """
    return _started(kind, H, rng, xavier=lambda: rng.standard_normal((H, H)) * np.sqrt(2 / H))


@mistake("init_hidden")
def he_like_xavier(kind, H, rng):
    """He has variance 1/H here, half of what it should be.

    The factor 2 makes up for the half of the units that a ReLU switches off.
    """
    return _started(kind, H, rng, he=lambda: rng.standard_normal((H, H)) / np.sqrt(H))


@mistake("init_hidden")
def all_entries_positive(kind, H, rng):
    """The random entries are all positive: they come from a generator of numbers between 0 and 1.

    All hidden units then push each other in the same direction, and after a few steps every tanh stands at 1, where
    its derivative is 0.
    Weights should have mean 0.
    """
    return _started(
        kind,
        H,
        rng,
        small=lambda: 0.01 * rng.random((H, H)),
        xavier=lambda: rng.random((H, H)) / np.sqrt(H),
        he=lambda: rng.random((H, H)) * np.sqrt(2 / H),
    )


@mistake("init_hidden")
def unit_rows_for_orthogonal(kind, H, rng):
    """The rows of 'orthogonal' have length 1, but they do not stand at right angles.

    Dividing each row by its length is half the work; the QR decomposition does all of it.
    """

    def scaled():
        W = rng.standard_normal((H, H))
        return W / np.sqrt((W**2).sum(axis=1, keepdims=True))

    return _started(kind, H, rng, orthogonal=scaled)


@mistake("init_hidden")
def ones_for_identity(kind, H, rng):
    """'identity' is a table full of ones; the identity has ones on its diagonal and zeros elsewhere.

    Multiplied by ones, every unit would receive the sum of all.
    """
    return _started(kind, H, rng, identity=lambda: np.ones((H, H)))


@mistake("init_hidden")
def own_generator(kind, H, rng):
    """The matrices are of the right kind, but the numbers do not come from rng.

    A generator made inside the function gives the same numbers every time, and NumPy's global one gives numbers that
    nobody can repeat.
    The caller passes rng to decide which numbers come; use it for every draw.
    """
    return _started(kind, H, np.random.default_rng(0))


@mistake("init_hidden")
def unknown_kind_is_identity(kind, H, rng):
    """All is right, except that a mistyped kind gives a matrix without complaint.

    Raise ValueError when no branch fits.
    """
    return _started(kind if kind in ("small", "xavier", "he", "orthogonal") else "identity", H, rng)


# -- clip_by_value -----------------------------------------------------------------------------------------------------


def _limited(g, c):
    return np.maximum(np.minimum(g, c), -c).astype(g.dtype)


@mistake("clip_by_value")
def result_not_kept(grads, c):
    """Nothing has changed: the clipped arrays were computed and thrown away.

    `np.clip` returns a new array and leaves the old one alone, unless it is told to write into it with out=.
    Put what it returns into the new dict.
    """
    for g in grads.values():
        np.clip(g, -c, c)
    return dict(grads)


@mistake("clip_by_value")
def only_from_above(grads, c):
    """The large positive entries are clipped, the large negative ones are not.

    A gradient of -1000 explodes as well as one of 1000.
    """
    return {key: np.minimum(g, c).astype(g.dtype) for key, g in grads.items()}


@mistake("clip_by_value")
def negative_entries_lost(grads, c):
    """The lower limit is 0 here: all negative entries have become 0.

    Then the weights could only ever move in one direction.
    The range goes from -c to c.
    """
    return {key: np.maximum(np.minimum(g, c), 0).astype(g.dtype) for key, g in grads.items()}


@mistake("clip_by_value")
def limit_written_in(grads, c):
    """The limit is always 5, whatever c says.

    It stood so in the example; use the argument.
    """
    return {key: _limited(g, 5.0) for key, g in grads.items()}


@mistake("clip_by_value")
def bias_not_clipped(grads, c):
    """The matrices are clipped, the bias is not.

    One key too few in the function; go through all items of the dict, whatever their names.
    """
    return {key: g if key == "b_h" else _limited(g, c) for key, g in grads.items()}


@mistake("clip_by_value")
def too_large_becomes_zero(grads, c):
    """Entries beyond the limit have become 0; they should become the limit, with their sign.

    A gradient that is too long still points in a useful direction.
    """
    return {key: np.where(np.abs(g) > c, 0, g).astype(g.dtype) for key, g in grads.items()}


@mistake("clip_by_value")
def scaled_to_the_limit(grads, c):
    """Each array was scaled so that its largest entry is c, small gradients included.

    Clipping changes only the entries that are beyond the limit; all others stay exactly as they were.
    """
    with np.errstate(all="ignore"):
        return {key: (c * g / np.abs(g).max()).astype(g.dtype) for key, g in grads.items()}


@mistake("clip_by_value")
def names_written_in(grads, c):
    """KeyError: the names of the arrays are written into the function.

    Another network has other weights.
    Go through the items of the dict that you are given.
    """
    return {key: _limited(grads[key], c) for key in ("W_xh", "W_hh", "b_h")}


@mistake("clip_by_value")
def comparison_reversed(grads, c):
    """The comparison is turned round: small entries have become the limit, large ones stay as they were.

    Clipping leaves alone what is within the limit and shortens what is beyond it.
    Try one number by hand: 2 with a limit of 5 must stay 2.
    """
    return {key: np.where(np.abs(g) < c, np.sign(g) * c, g).astype(g.dtype) for key, g in grads.items()}


@mistake("clip_by_value")
def minimum_and_maximum_exchanged(grads, c):
    """Every entry stands at a limit now: minimum and maximum, or the two comparisons, have changed places.

    The smaller of entry and c cuts from above, the larger of that and -c from below.
    The other way round, what lies within the limits is pushed out to them.
    """
    return {key: np.minimum(np.maximum(g, c), -c).astype(g.dtype) for key, g in grads.items()}


@mistake("clip_by_value")
def limit_of_one(grads, c):
    """The limit is always 1, whatever c says.

    A number that is written into the function is right for one network at most; use the argument.
    """
    return {key: _limited(g, 1.0) for key, g in grads.items()}


@mistake("clip_by_value")
def limit_of_ten(grads, c):
    """The limit is always 10, whatever c says.

    It stands like that in the solution of a well-known course; use the argument.
    """
    return {key: _limited(g, 10.0) for key, g in grads.items()}


@mistake("clip_by_value")
def negative_sign_lost(grads, c):
    """Large negative entries have become +c: their sign has been lost.

    The limit has two sides, and an entry beyond -c becomes -c.
    """
    return {key: np.where(np.abs(g) > c, c, g).astype(g.dtype) for key, g in grads.items()}


@mistake("clip_by_value")
def clipped_by_its_norm(grads, c):
    """Each array was shortened as a whole to the length c; that is clipping by norm, the next exercise.

    Here every entry is looked at by itself.
    """
    clipped = {}
    for key, g in grads.items():
        length = float(np.sqrt((g**2).sum()))
        clipped[key] = (g * (c / length)).astype(g.dtype) if length > c else g
    return clipped


# -- clip_by_global_norm -----------------------------------------------------------------------------------------------


def _global(grads):
    return float(np.sqrt(sum((g**2).sum() for g in grads.values())))


def _shrunk(grads, by):
    return {key: (g * by).astype(g.dtype) for key, g in grads.items()}


@mistake("clip_by_global_norm")
def each_array_by_itself(grads, max_norm):
    """Each array was clipped by its own norm, so that they are shortened by different factors.

    The gradient as a whole then points in another direction.
    Take one norm over all arrays together, then one factor for all.
    """
    clipped = {}
    for key, g in grads.items():
        own = _global({key: g})
        clipped[key] = g * (max_norm / own) if own > max_norm else g
    return clipped, _global(grads)


@mistake("clip_by_global_norm")
def short_gradients_lengthened(grads, max_norm):
    """Gradients below the limit were made longer, up to it.

    Clipping is a ceiling, not a target: the factor is never above 1.
    """
    norm = _global(grads)
    return _shrunk(grads, max_norm / norm if norm else 1), norm


@mistake("clip_by_global_norm")
def norm_after_clipping(grads, max_norm):
    """The gradients are right, but the norm that comes back is the one after clipping.

    That one never exceeds the limit and tells nothing; the norm before says whether training is about to explode.
    """
    norm = _global(grads)
    return _shrunk(grads, min(1, max_norm / norm) if norm else 1), min(norm, max_norm)


@mistake("clip_by_global_norm")
def norms_added(grads, max_norm):
    """The norms of the arrays were added; lengths at right angles do not add up like that.

    Add the squares of all arrays and take one root at the end.
    """
    norm = sum(_global({key: g}) for key, g in grads.items())
    return _shrunk(grads, min(1, max_norm / norm) if norm else 1), norm


@mistake("clip_by_global_norm")
def root_forgotten(grads, max_norm):
    """The norm that comes back is the sum of squares; the root is missing.

    For 30 and 40 it should be 50, not 2500.
    """
    norm = _global(grads) ** 2
    return _shrunk(grads, min(1, max_norm / norm) if norm else 1), norm


@mistake("clip_by_global_norm")
def zero_divided_by_zero(grads, max_norm):
    """All is right until all gradients are 0: then 0 is divided by 0 and everything becomes nan.

    A single nan in a weight spreads through the whole network.
    Divide only where the norm is above the limit.
    """
    norm = _global(grads)
    with np.errstate(all="ignore"):
        factor = np.minimum(1.0, np.float64(max_norm) / norm) if norm else np.nan
    return _shrunk(grads, factor), norm


@mistake("clip_by_global_norm")
def entries_clipped_as_well(grads, max_norm):
    """Single entries were limited to ±max_norm; this is clipping by value, and it turns the direction.

    Here all entries are multiplied by one and the same factor.
    """
    return {key: _limited(g, max_norm) for key, g in grads.items()}, _global(grads)


@mistake("clip_by_global_norm")
def divided_by_the_norm_only(grads, max_norm):
    """Gradients beyond the limit come out with norm 1, whatever the limit is.

    They were divided by their norm; the factor is limit divided by norm.
    """
    norm = _global(grads)
    return _shrunk(grads, 1 / norm if norm > max_norm else 1), norm


@mistake("clip_by_global_norm")
def norm_not_returned(grads, max_norm):
    """The clipped dict comes back alone; the norm is missing.

    Return both, separated by a comma: the dict first, then the norm.
    """
    norm = _global(grads)
    return _shrunk(grads, min(1, max_norm / norm) if norm else 1)


@mistake("clip_by_global_norm")
def comparison_reversed_for_the_norm(grads, max_norm):
    """The comparison is turned round: short gradients were lengthened to the limit, long ones stay as they were.

    Clipping is for the long ones: the factor is limit divided by norm where the norm is above the limit.
    """
    norm = _global(grads)
    return _shrunk(grads, max_norm / norm if 0 < norm < max_norm else 1), norm


@mistake("clip_by_global_norm")
def limit_of_five(grads, max_norm):
    """The limit is always 5, whatever max_norm says.

    It stood so in the example; use the argument.
    """
    norm = _global(grads)
    return _shrunk(grads, min(1, 5.0 / norm) if norm else 1), norm


@mistake("clip_by_global_norm")
def norm_limit_of_one(grads, max_norm):
    """The limit is always 1, whatever max_norm says.

    A number that is written into the function is right for one network at most; use the argument.
    """
    norm = _global(grads)
    return _shrunk(grads, min(1, 1.0 / norm) if norm else 1), norm


@mistake("clip_by_global_norm")
def largest_entry_for_the_norm(grads, max_norm):
    """The largest entry was taken for the length.

    A thousand entries of 1 have the length 31.6, though none of them is large.
    The norm is the root of the sum of all squares.
    """
    norm = max(float(np.abs(g).max()) for g in grads.values())
    return _shrunk(grads, min(1, max_norm / norm) if norm else 1), norm


@mistake("clip_by_global_norm")
def magnitudes_added(grads, max_norm):
    """The magnitudes of all entries were added; the length is the root of the sum of their squares.

    For 30 and 40 that is 50, not 70.
    """
    norm = float(sum(np.abs(g).sum() for g in grads.values()))
    return _shrunk(grads, min(1, max_norm / norm) if norm else 1), norm


@mistake("clip_by_global_norm")
def root_of_the_mean_square(grads, max_norm):
    """The mean of the squares was taken where their sum is due, so the norm hardly depends on the number of entries.

    Clipping limits the length of the whole step, and the length is made of a sum.
    """
    count = sum(g.size for g in grads.values())
    norm = _global(grads) / float(np.sqrt(count))
    return _shrunk(grads, min(1, max_norm / norm) if norm else 1), norm


@mistake("clip_by_global_norm")
def nothing_shortened(grads, max_norm):
    """The norm is right, but the gradients come back as they were.

    `g * factor` makes a new array; it has to be put somewhere, and that is what is returned.
    """
    return dict(grads), _global(grads)


# -- vanishing_quiz ----------------------------------------------------------------------------------------------------


def _answered(question, **chosen):
    return {"clipping": "c", "relu": "a", "sigmoid": "d", "xavier": "b", **chosen}[question]


@mistake("vanishing_quiz")
def clipping_lifts(question):
    """Your answer to 'clipping' says that clipping lifts short gradients to the limit.

    Your own clip_by_global_norm never makes anything longer.
    Read again what its factor is below the limit.
    """
    return _answered(question, clipping="a")


@mistake("vanishing_quiz")
def clipping_slows(question):
    """Your answer to 'clipping' says that the network learns after all, only more slowly.

    Look at the recall curves: with and without clipping they lie on each other.
    """
    return _answered(question, clipping="b")


@mistake("vanishing_quiz")
def relu_explodes(question):
    """Your answer to 'relu' says that ReLU always explodes.

    Many notes say so.
    The table of factors has a column for it: is every number in it above 1?
    """
    return _answered(question, relu="b")


@mistake("vanishing_quiz")
def relu_never_explodes(question):
    """Your answer to 'relu' says that a derivative of at most 1 rules out an explosion.

    The derivative is only half of the factor; the other half is W_hh.
    """
    return _answered(question, relu="c")


@mistake("vanishing_quiz")
def sigmoid_never_negative(question):
    """Your answer to 'sigmoid' is about its values, all of them positive.

    That has drawbacks of its own, but the gradient is multiplied by derivatives: look at the right panel of the first
    figure.
    """
    return _answered(question, sigmoid="a")


@mistake("vanishing_quiz")
def sigmoid_saturates(question):
    """Your answer to 'sigmoid' says that it saturates and tanh does not.

    Both saturate, as the first figure shows.
    They differ in the middle.
    """
    return _answered(question, sigmoid="c")


@mistake("vanishing_quiz")
def xavier_survives(question):
    """Your answer to 'xavier' says that Xavier's weights are still there.

    The second line does not change the layer, it puts another one in its place under the same name.
    """
    return _answered(question, xavier="d")


@mistake("vanishing_quiz")
def new_layer_is_zero(question):
    """Your answer to 'xavier' says that the new layer is all zeros.

    PyTorch initialises a layer when it is made; print the weight of a fresh `torch.nn.Linear`.
    """
    return _answered(question, xavier="c")
