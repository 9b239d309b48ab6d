"""Known wrong answers to the exercises of unit 04; each docstring is the hint for those who make the mistake."""

import numpy as np

from solutions.mistakes import mistake

# -- sigmoid -----------------------------------------------------------------------------------------------------------


@mistake("sigmoid")
def exponential_overflows(x):
    """The numbers are right, but NumPy warns: exp was asked for a number too large to be written down.

    1 / (1 + exp(-x)) survives it, since 1/inf is 0, but a warning in every step of a training hides those that matter.
    np.where does not help by itself, because it computes both branches everywhere.
    Find a form whose exponent is never positive, or one without an exponential of your own.
    """
    return 1 / (1 + np.exp(-x))


@mistake("sigmoid")
def infinity_over_infinity(x):
    """nan at 1000: here inf was divided by inf.

    exp(x) / (1 + exp(x)) is right on paper, but exp(1000) is inf in a float64, above the line and below it.
    Find a form whose exponent is never positive, or one without an exponential of your own.
    """
    return np.exp(x) / (1 + np.exp(x))


@mistake("sigmoid")
def sign_of_the_exponent(x):
    """These are the numbers for -x: the gate opens where it should shut.

    Try x = 1000: the result must be 1, so the exponential must vanish there.
    Look at the sign in front of x.
    """
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(x))


@mistake("sigmoid")
def tanh_itself(x):
    """Some results are negative: this is the tanh.

    A gate says how large a share passes, from 0 to 1, and no share is negative.
    The two are the same curve, one of them squeezed and shifted.
    """
    return np.tanh(x)


@mistake("sigmoid")
def tanh_not_squeezed(x):
    """At 0 this is right, but it climbs too steeply: the tanh was shifted, and its argument was not halved.

    With s the sigmoid, s(x) = (1 + tanh(x/2)) / 2: two halves, and one of them is inside.
    """
    return (1 + np.tanh(x)) / 2


@mistake("sigmoid")
def derivative_instead(x):
    """These are the slopes s (1 - s), not the values s.

    The derivative will be wanted in the backward pass; it is computed there from the value.
    """
    s = (1 + np.tanh(x / 2)) / 2
    return s * (1 - s)


@mistake("sigmoid")
def whole_number_gate(x):
    """For whole numbers every result is 0 or 1: it was written into an array of whole numbers.

    np.zeros_like(x) takes over the dtype of x, and an integer array cuts off the decimals.
    """
    result = np.zeros_like(x)
    result[...] = (1 + np.tanh(x / 2)) / 2
    return result


@mistake("sigmoid")
def wide_gate(x):
    """The numbers are right, but float32 comes back as float64.

    An array made by np.zeros is float64 unless it is told otherwise, and so is everything written into it.
    """
    result = np.zeros(x.shape)
    result[...] = (1 + np.tanh(x / 2)) / 2
    return result


# -- lstm_cell_forward -------------------------------------------------------------------------------------------------


@mistake("lstm_cell_forward", {"a_i, a_f, a_o, a_g =": "a_i, a_f, a_g, a_o ="})
def blocks_in_torchs_order():
    """All four layers are there, but o and g have changed places: this is PyTorch's order, i, f, g, o.

    A gradient check would not notice, since forward and backward would agree with each other.
    The course's order of the blocks is i, f, o, g.
    """


@mistake("lstm_cell_forward", {"a_i, a_f, a_o, a_g =": "a_f, a_i, a_o, a_g ="})
def blocks_in_reading_order():
    """All four layers are there, but i and f have changed places: the forget gate writes and the input gate keeps.

    Many texts explain the forget gate first, and their formulas get copied in that order.
    The course's order of the blocks is i, f, o, g.
    """


@mistake("lstm_cell_forward", {"a_i, a_f, a_o, a_g =": "a_f, a_i, a_g, a_o ="})
def blocks_forget_candidate_first():
    """All four layers are there, but in the order f, i, g, o.

    It is the order of many blog posts and of some libraries; a gradient check would not notice it.
    The course's order of the blocks is i, f, o, g.
    """


@mistake("lstm_cell_forward", {"o * np.tanh(c_t)": "o * c_t"})
def no_tanh_of_the_cell_state():
    """The cell state is right; h_t is o times c_t, without the tanh in between.

    The cell state can grow beyond 1, and h would grow with it.
    Several published notes have it like this; compare with the line of h_t above exercise 1.
    """


@mistake("lstm_cell_forward", {"o * np.tanh(c_t)": "np.tanh(o * c_t)"})
def gate_inside_the_tanh():
    """The cell state is right; h_t is the tanh of o times c_t.

    First the tanh brings the cell state between -1 and 1, then the gate decides how much of it is shown.
    Check the brackets.
    """


@mistake("lstm_cell_forward", {"o * np.tanh(c_t)": "np.tanh(c_t)"})
def output_gate_not_used():
    """The cell state is right; h_t shows all of it, because the output gate is missing.

    The cell could then keep nothing to itself.
    """


@mistake("lstm_cell_forward", {"o * np.tanh(c_t)": "o * np.tanh(c_prev)"})
def old_cell_state_shown():
    """The cell state is right; h_t shows the old one, c_prev.

    What was written in this step must be visible in this step.
    """


@mistake("lstm_cell_forward", {"np.tanh(a_g)": "sigmoid(a_g)"})
def candidate_through_a_sigmoid():
    """These are the numbers that come out when g goes through a sigmoid like the other three.

    Then nothing negative could ever be written, and the cell state could only climb.
    The candidate g is a value, not a share: it takes the tanh.
    """


@mistake("lstm_cell_forward", {"sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)": "np.tanh(a_i), np.tanh(a_f), np.tanh(a_o)"})
def gates_through_tanh():
    """These are the numbers that come out when all four layers go through the tanh.

    A gate is a share between 0 and 1; with a tanh it could turn the sign of what it multiplies.
    """


@mistake("lstm_cell_forward", {"f * c_prev + i * g": "i * g"})
def past_cell_state_ignored():
    """These are the numbers of a cell that starts from c = 0 every time: c_prev has no influence.

    A test with c_prev = 0 would let it pass, which is why the check uses another one.
    What the forget gate keeps is added to what is written.
    """


@mistake("lstm_cell_forward", {"f * c_prev": "c_prev"})
def nothing_forgotten():
    """These are the numbers that come out when c_prev is added whole, without the forget gate.

    The first LSTM, of 1997, had no forget gate either; it could not clear its memory.
    """


@mistake("lstm_cell_forward", {"i * g": "g"})
def candidate_written_whole():
    """These are the numbers that come out when g is added whole, without the input gate.

    Then every input is written down, whether it matters or not.
    """


@mistake("lstm_cell_forward", {"f * c_prev": "f * h_prev"})
def hidden_state_kept_for_cell_state():
    """These are the numbers that come out when the forget gate multiplies h_prev instead of c_prev.

    The hidden state goes into the four layers; the cell state goes past them, through the forget gate.
    """


@mistake("lstm_cell_forward", {"h_prev @ W_hh": "c_prev @ W_hh"})
def cell_state_in_the_layers():
    """These are the numbers that come out when c_prev instead of h_prev is multiplied with W_hh.

    The layers read what the last step showed, h_prev.
    (Cells whose gates also look at c exist; they are said to have peepholes.)
    """


@mistake("lstm_cell_forward", {"@ W_hh + b": "@ W_hh"})
def bias_of_the_layers_left_out():
    """These are the numbers that come out when the bias is left out.

    In an LSTM the bias matters: that of the forget gate decides how long the cell remembers.
    """


@mistake("lstm_cell_forward", {"return h_t, c_t": "return c_t, h_t"})
def cell_state_returned_first():
    """Both states are right, but they come back in the wrong order: c_t first.

    They have the same shape, so whoever writes `h_t, c_t, cache = ...` takes one for the other without noticing.
    """


@mistake("lstm_cell_forward", {"i, f, o, g, c_t": "i, f, g, o, c_t"})
def cache_in_torchs_order():
    """Both states are right, but in the cache g stands where o should be, and o where g should be.

    It shows only in the backward pass, and there it is hard to find.
    The table in the exercise has the order.
    """


@mistake("lstm_cell_forward", {"i, f, o, g, c_t": "a_i, a_f, a_o, a_g, c_t"})
def cache_with_sums():
    """Both states are right, but the cache holds the sums before the sigmoids and the tanh, not what came out of them.

    The slopes can be had from the results: s (1 - s) and 1 - g².
    So the backward pass needs the results.
    """


@mistake("lstm_cell_forward", {"g, c_t, W_xh": "g, h_t, W_xh"})
def cache_with_the_hidden_state():
    """Both states are right, but the cache holds h_t where c_t should be.

    The backward pass needs the cell state of this step; h_t is not needed there at all.
    """


@mistake(
    "lstm_cell_forward",
    {
        "c_t = f * c_prev + i * g": "c_t = (f * c_prev + i * g).squeeze()",
        "return h_t, c_t": "return h_t.squeeze(), c_t",
        "g, c_t, W_xh": "g, f * c_prev + i * g, W_xh",
    },
)
def batch_of_one_lost():
    """All is right until there is only one sequence: then the batch axis is squeezed away.

    np.squeeze removes every axis of length 1, also one that means something.
    """


@mistake("lstm_cell_forward", {"a_i, a_f, a_o, a_g =": "a_i, a_o, a_f, a_g ="})
def blocks_input_output_forget():
    """All four layers are there, but f and o have changed places: the blocks were taken in the order i, o, f, g.

    A gradient check would not notice, since forward and backward would agree with each other.
    The course's order of the blocks is i, f, o, g.
    """


@mistake("lstm_cell_forward", {"a_i, a_f, a_o, a_g =": "a_i, a_g, a_f, a_o ="})
def blocks_candidate_second():
    """All four layers are there, but in the order i, g, f, o.

    Many texts write the formulas in an order of their own; what counts is how the columns of the weights are laid out.
    The course's order of the blocks is i, f, o, g.
    """


@mistake("lstm_cell_forward", {"a_i, a_f, a_o, a_g =": "a_g, a_i, a_f, a_o ="})
def blocks_candidate_first():
    """All four layers are there, but the candidate was taken first: g, i, f, o.

    Its tanh then stands where a gate should be, so that a gate is sometimes negative.
    The course's order of the blocks is i, f, o, g.
    """


@mistake("lstm_cell_forward", {"a_i, a_f, a_o, a_g =": "a_o, a_f, a_i, a_g ="})
def blocks_output_first():
    """All four layers are there, but in the order o, f, i, g.

    A gradient check would not notice, since forward and backward would agree with each other.
    The course's order of the blocks is i, f, o, g.
    """


@mistake("lstm_cell_forward", {"a_i, a_f, a_o, a_g =": "a_f, a_o, a_i, a_g ="})
def blocks_forget_output_first():
    """All four layers are there, but in the order f, o, i, g.

    A gradient check would not notice, since forward and backward would agree with each other.
    The course's order of the blocks is i, f, o, g.
    """


@mistake("lstm_cell_forward", {"return h_t, c_t": "return h_t, h_t"})
def both_states_in_one_array():
    """h_t and c_t are the same array: whoever writes into one of the two changes both.

    `c_t = h_t` makes no copy, it gives the array a second name, and what is written last stands in both.
    Let each state have an array of its own.
    """


@mistake("lstm_cell_forward", {"return h_t, c_t": "return c_t, c_t"})
def cell_state_for_both():
    """c_t is right, and it stands in the place of h_t as well.

    Either both names belong to one array, as after `c_t = h_t`, or the last line of the cell is missing.
    h_t is what the output gate lets out of tanh(c_t).
    """


@mistake("lstm_cell_forward", {"f * c_prev + i * g": "i * c_prev + f * g"})
def gates_exchanged_in_the_mix():
    """The input gate multiplies the old cell state, and the forget gate the candidate.

    What the cell held is kept by f; what is new is let in by i.
    """


@mistake("lstm_cell_forward", {"f * c_prev": "(1 - f) * c_prev"})
def forget_gate_as_it_is_called():
    """The old cell state was multiplied by 1 - f.

    The name is misleading: f = 1 keeps, f = 0 forgets.
    """


@mistake("lstm_cell_forward", {"i * g": "(1 - f) * g"})
def input_gate_as_the_rest():
    """The candidate was multiplied by 1 - f instead of i.

    That is how a GRU does it, with one gate for both; an LSTM has a gate of its own for what comes in.
    """


@mistake("lstm_cell_forward", {"np.tanh(a_g)": "a_g"})
def candidate_without_tanh():
    """The candidate is the plain sum: its tanh is missing.

    Three blocks go through a sigmoid, and the fourth through a tanh.
    """


@mistake("lstm_cell_forward", {"o * np.tanh(c_t)": "o * sigmoid(c_t)"})
def sigmoid_of_the_cell_state():
    """c_t is right; h_t was made with a sigmoid of it, where a tanh is due.

    What is shown must be able to be negative.
    """


@mistake("lstm_cell_forward", {"return h_t, c_t": "return h_t.T, c_t.T"})
def states_on_their_side():
    """The numbers are right, but the sequences stand in columns, (H, N), as in another course.

    Here a row is a sequence.
    Code that was written for columns has to be turned over, products and bias included.
    """


@mistake("lstm_cell_forward", {"o * np.tanh(c_t)": "np.tanh(o) * c_t"})
def tanh_of_the_gate():
    """c_t is right; for h_t the tanh was taken of the output gate instead of the cell state.

    The gate is a share between 0 and 1 already; it is the cell state that may be large.
    """


# -- lstm_forward ------------------------------------------------------------------------------------------------------


@mistake("lstm_forward", {"x[:, t], h, c,": "x[:, t], h, c0,"})
def cell_state_not_carried():
    """The first step is right, and then the cell state is c0 again at every step: only h is carried on.

    Two states come out of a step, and both go into the next one.
    """


@mistake("lstm_forward", {"x[:, t], h, c,": "x[:, t], h0, c,"})
def hidden_state_not_carried():
    """The first step is right, and then the hidden state is h0 again at every step: only c is carried on.

    Two states come out of a step, and both go into the next one.
    """


@mistake("lstm_forward", {"h0, c0, [], []": "0 * h0, 0 * c0, [], []"})
def states_start_from_zeros():
    """These are the states that come out when the first step starts from zeros instead of the h0 and c0 given.

    Zeros are a usual choice, but it is the caller's.
    """


@mistake("lstm_forward", {"h0, c0, [], []": "h0, 0 * c0, [], []"})
def cell_state_starts_from_zeros():
    """h0 is used, but the cell state starts from zeros instead of c0.

    Code that grew out of a vanilla RNN often has this: there was one initial state, now there are two.
    """


@mistake("lstm_forward", {"h0, c0, [], []": "h0, h0, [], []"})
def cell_state_starts_as_h0():
    """The cell state starts as h0 instead of c0.

    Both have the shape (N, H), so nothing complains.
    """


@mistake("lstm_forward", {"h, c, cache =": "c, h, cache ="})
def states_swapped_on_the_way():
    """From step to step h and c change places.

    Both have the shape (N, H), so nothing complains.
    Compare the order of what your cell returns with the order in which you receive it.
    """


@mistake("lstm_forward", {"append(h)": "append(c)"})
def cell_states_collected():
    """These are the cell states of all steps where the hidden states are asked for.

    Either the wrong list is returned, or both kinds of state were written into one array: after c = h the two names
    mean the same array, and what is written last stays. The rest of the network sees h.
    """


@mistake("lstm_forward", {"c, caches": "h, caches"})
def hidden_state_at_the_end():
    """h_all is right, but in place of c_T the last hidden state comes back.

    h_T is in h_all already; the cell state is what a caller needs besides, to carry on.
    """


@mistake("lstm_forward", {"axis=1": "axis=0"})
def time_in_front():
    """All states are right, but they are stacked with time first: (T, N, H) instead of (N, T, H).

    np.stack and np.array put the new axis in front unless they are told where it goes.
    """


@mistake("lstm_forward", {"c, caches": "c, caches[-1:]"})
def one_cache_for_all_steps():
    """The states are right, but caches holds the cache of the last step only.

    It does not show until the backward pass, which walks back through all of them.
    """


@mistake("lstm_forward", {"np.stack(states,": "np.stack([h0, *states],"})
def initial_state_among_the_others():
    """There is one state too many: h0 stands in front of the others.

    h_all[:, t] should be the state after reading x[:, t].
    """


@mistake("lstm_forward", {"x[:, t], h, c,": "x[:, t], h0, c0,"})
def both_states_start_anew():
    """The first step is right, and then every step starts from h0 and c0 again: nothing is carried on.

    What a step returns must be what the next step gets.
    Look at which variables you pass to the cell, and whether the loop ever changes them.
    """


@mistake("lstm_forward", {"h0, c0, [], []": "0 * h0, c0, [], []"})
def hidden_state_starts_from_zeros():
    """c0 is used, but the hidden state starts from zeros instead of h0.

    It also happens when step t reads h_all[:, t - 1]: for t = 0 that is the last column, which still holds zeros.
    """


@mistake("lstm_forward", {"np.stack(states,": "np.stack([h0, *states[:-1]],"})
def states_one_step_late():
    """The states stand one step too late: the first is h0, and the last one is missing.

    h_all[:, t] is the state after x[:, t] has been read.
    Store what the cell returns, not what it was given.
    """


@mistake("lstm_forward", {"c, caches": "np.stack([cache[7] for cache in caches], axis=1), caches"})
def cell_states_all_returned():
    """h_all is right, but all cell states come back where only the last one is asked for.

    c_T is (N, H): the cell state after the last step.
    """


@mistake("lstm_forward", {"c, caches": "c0, caches"})
def initial_cell_state_returned():
    """h_all is right, but c0 comes back where c_T is asked for.

    c_T is the cell state after the last step; the loop has it when it ends.
    """


@mistake("lstm_forward", {"np.stack(states, axis=1)": "h"})
def last_state_only():
    """Only the hidden state after the last step comes back where the states of all steps are asked for.

    A read-out may want any of them: (N, T, H).
    Collect them in the loop.
    """


@mistake("lstm_forward", {"x[:, t]": "x[:, 0]"})
def first_input_again():
    """The first step is right, and then the same input comes again and again: every step reads x at time 0.

    Each step takes its own slice along the time axis.
    """


@mistake("lstm_forward", {"c, caches": "c, []"})
def no_cache_kept():
    """The states are right, but the list of caches is empty.

    `np.append(caches, cache)` returns a new array and leaves the old one as it was.
    The append of a list changes the list itself.
    """


@mistake("lstm_forward", {"c, caches": "c, cache"})
def cache_for_caches():
    """The states are right, but in place of the list of caches the cache of the last step comes back.

    One letter makes the difference between the two names.
    """


@mistake("lstm_forward", {"caches.append(cache)": "caches.extend(cache)"})
def caches_in_one_row():
    """The states are right, but the caches of all steps were joined into one long list of arrays.

    Adding a tuple to a list puts its items there, one by one; append puts the tuple there as a whole.
    The backward pass wants one entry for each step.
    """


# -- lstm_from_torch ---------------------------------------------------------------------------------------------------


def _swapped(blocks):
    i, f, g, o = np.split(blocks, 4)
    return np.concatenate([i, f, o, g])


@mistake("lstm_from_torch")
def order_kept(state):
    """The arrays have the right shapes, but the blocks stand in PyTorch's order still: i, f, g, o.

    The course's order is i, f, o, g, so the third and the fourth block change places, in all three arrays.
    """
    b = state["bias_ih_l0"] + state["bias_hh_l0"]
    return {"W_xh": state["weight_ih_l0"].T, "W_hh": state["weight_hh_l0"].T, "b": b}


@mistake("lstm_from_torch")
def one_bias_only(state):
    """The weights are right; b is bias_ih alone.

    PyTorch keeps two biases and adds both to the same sum.
    The course has one bias, so it is the sum of the two.
    """
    weights = [_swapped(state[name]).T for name in ("weight_ih_l0", "weight_hh_l0")]
    return {"W_xh": weights[0], "W_hh": weights[1], "b": _swapped(state["bias_ih_l0"])}


@mistake("lstm_from_torch")
def other_bias_only(state):
    """The weights are right; b is bias_hh alone.

    PyTorch keeps two biases and adds both to the same sum.
    The course has one bias, so it is the sum of the two.
    """
    weights = [_swapped(state[name]).T for name in ("weight_ih_l0", "weight_hh_l0")]
    return {"W_xh": weights[0], "W_hh": weights[1], "b": _swapped(state["bias_hh_l0"])}


@mistake("lstm_from_torch")
def bias_in_torchs_order(state):
    """The weights are right; in b the blocks stand in PyTorch's order still.

    The biases belong to the same four layers, so they move in the same way.
    """
    weights = [_swapped(state[name]).T for name in ("weight_ih_l0", "weight_hh_l0")]
    return {"W_xh": weights[0], "W_hh": weights[1], "b": state["bias_ih_l0"] + state["bias_hh_l0"]}


@mistake("lstm_from_torch")
def weights_not_transposed(state):
    """The matrices are (4H, D) and (4H, H), as PyTorch stores them.

    PyTorch writes W x with columns, the course x W with rows; so every matrix is turned over.
    """
    b = _swapped(state["bias_ih_l0"] + state["bias_hh_l0"])
    return {"W_xh": _swapped(state["weight_ih_l0"]), "W_hh": _swapped(state["weight_hh_l0"]), "b": b}


@mistake("lstm_from_torch")
def reshaped_for_transposed(state):
    """The shapes are right, but the numbers are scattered: a reshape stands where a transpose is due.

    A reshape reads the numbers in the same order and cuts them into other rows; a transpose turns rows into columns.
    """
    x, h = _swapped(state["weight_ih_l0"]), _swapped(state["weight_hh_l0"])
    b = _swapped(state["bias_ih_l0"] + state["bias_hh_l0"])
    return {"W_xh": x.reshape(x.shape[::-1]), "W_hh": h.reshape(h.shape[::-1]), "b": b}


@mistake("lstm_from_torch")
def first_pair_swapped(state):
    """Two blocks have changed places, but the wrong ones: i and f.

    PyTorch has i, f, g, o and the course i, f, o, g: the first two agree already.
    """

    def wrong(blocks):
        i, f, g, o = np.split(blocks, 4)
        return np.concatenate([f, i, g, o])

    b = wrong(state["bias_ih_l0"] + state["bias_hh_l0"])
    return {"W_xh": wrong(state["weight_ih_l0"]).T, "W_hh": wrong(state["weight_hh_l0"]).T, "b": b}


@mistake("lstm_from_torch")
def biases_averaged(state):
    """The weights are right; b is the mean of the two biases.

    PyTorch adds them, so the sum is what one bias must be to do the same.
    """
    weights = [_swapped(state[name]).T for name in ("weight_ih_l0", "weight_hh_l0")]
    b = _swapped(state["bias_ih_l0"] + state["bias_hh_l0"]) / 2
    return {"W_xh": weights[0], "W_hh": weights[1], "b": b}


@mistake("lstm_from_torch")
def weights_as_stored_in_torchs_order(state):
    """The matrices are as PyTorch stores them, (4H, D) and (4H, H), with the blocks in its order too.

    Two things are to be done: the blocks o and g change places, and each matrix is transposed.
    """
    b = state["bias_ih_l0"] + state["bias_hh_l0"]
    return {"W_xh": state["weight_ih_l0"], "W_hh": state["weight_hh_l0"], "b": b}


# Two at once: the blocks in PyTorch's order, and half of the bias.
@mistake("lstm_from_torch")
def order_kept_and_one_bias(state):
    """Two things at once: the blocks stand in PyTorch's order still, and b is bias_ih alone.

    The third and the fourth block change places, in all three arrays, and b is the sum of the two biases.
    """
    return {"W_xh": state["weight_ih_l0"].T, "W_hh": state["weight_hh_l0"].T, "b": state["bias_ih_l0"]}


# -- handmade_memory ---------------------------------------------------------------------------------------------------


def _memory(H, i=(-10, 20), f=(10, -20), o=(10, 0), g=3, order="ifog"):
    """Return weights: for each gate its bias and what the flag adds, for the candidate the factor of its value."""
    blocks = {}
    for name, (bias, flag) in {"i": i, "f": f, "o": o}.items():
        W = np.zeros((H + 1, H))
        W[H] = flag
        blocks[name] = W, np.full(H, float(bias))
    blocks["g"] = np.vstack([g * np.eye(H), np.zeros((1, H))]), np.zeros(H)
    W_xh = np.concatenate([blocks[name][0] for name in order], axis=1)
    b = np.concatenate([blocks[name][1] for name in order])
    return {"W_xh": W_xh, "W_hh": np.zeros((H, 4 * H)), "b": b}


@mistake("handmade_memory")
def gates_not_saturated(H):
    """The memory fades: each gate is on the right side of 1/2, but not close enough to 0 or 1.

    A forget gate of 0.98 sounds good, but after 50 steps only 0.98 to the power 50 is left, about a third.
    Make the biases larger, so that the sigmoids come within a thousandth of 0 and 1.
    """
    return _memory(H, i=(-4, 8), f=(4, -8), o=(4, 0))


@mistake("handmade_memory")
def forget_gate_without_bias(H):
    """What is written is gone after a few steps: between the flags the forget gate stands half open.

    Without a bias its sum is 0 there, and the sigmoid of 0 is 1/2.
    When there is no flag, the bias alone must hold the gate open.
    """
    return _memory(H, f=(0, -20))


@mistake("handmade_memory")
def forget_gate_upside_down(H):
    """Nothing is kept, and what should go stays: the forget gate is shut without the flag and open with it.

    The name is misleading: f = 1 keeps, f = 0 forgets.
    """
    return _memory(H, f=(-10, 20))


@mistake("handmade_memory")
def always_writing(H):
    """Without noise all is well, with noise the value is lost: the input gate is open between the flags, too.

    It must be shut unless the flag says otherwise.
    """
    return _memory(H, i=(10, 0))


@mistake("handmade_memory")
def old_value_stays(H):
    """From an empty cell all is well, but a new value is added to an old one instead of replacing it.

    When the flag is up, the forget gate must shut, so that what was there goes.
    """
    return _memory(H, f=(10, 0))


@mistake("handmade_memory")
def kept_but_not_shown(H):
    """The cell state is right, but h shows only a part of it: the output gate is not open.

    With a sum of 0 it stands half open.
    """
    return _memory(H, o=(0, 0))


@mistake("handmade_memory")
def candidate_too_weak(H):
    """What is written is tanh(1) = 0.76 instead of 1: the candidate does not reach its end.

    tanh comes within 5 % of 1 at about 1.8, so multiply the value before it gets there.
    """
    return _memory(H, g=1)


@mistake("handmade_memory")
def memory_in_torchs_order(H):
    """The blocks stand in PyTorch's order, i, f, g, o, so your output gate is taken for the candidate.

    The course's order is i, f, o, g.
    """
    return _memory(H, order="ifgo")


@mistake("handmade_memory")
def flag_upside_down(H):
    """The input gate is shut when the flag is up, and open the rest of the time.

    The bias says what a gate does without the flag, the flag's weight what changes with it.
    """
    return _memory(H, i=(10, -20))


# -- lstm_cell_backward ------------------------------------------------------------------------------------------------


def _finish(cache, di, df, do, dg, dc_prev):
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)], axis=1)
    return da @ W_xh.T, da @ W_hh.T, dc_prev, x_t.T @ da, h_prev.T @ da, da.sum(axis=0)


def _right(dh, dc, cache):
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    t = np.tanh(c_t)
    dc = dc + dh * o * (1 - t**2)
    return _finish(cache, dc * g, dc * c_prev, dh * t, dc * i, dc * f)


def _raw(dh, dc, cache):
    """Return the four gradients before the slopes of the layers."""
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    t = np.tanh(c_t)
    dc = dc + dh * o * (1 - t**2)
    return dc * g, dc * c_prev, dh * t, dc * i, dc * f


@mistake("lstm_cell_backward", {" + dh * o * (1 - tanh_c**2)": ""})
def path_through_h_forgotten():
    """dh reaches only the output gate: its way through tanh(c_t) into the cell state is missing.

    c_t is used twice, by the next step and by h_t, so two gradients arrive at it, and they are added.
    """


@mistake("lstm_cell_backward", {"dc = dc + dh": "dc = dh"})
def gradient_of_the_cell_state_ignored():
    """dc is not used: only what comes through h_t is passed on.

    With dc = 0, at the last step, this is right; in the middle of a sequence it cuts the long way back.
    """


@mistake("lstm_cell_backward")
def previous_cell_state_from_dc_alone(dh, dc, cache):
    """Everything is right except dc_prev, which misses what came through h_t.

    Use the complete gradient of c_t, the sum, in every line that starts from c_t, this one too.
    """
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    di, df, do, dg, _ = _raw(dh, dc, cache)
    return _finish(cache, di, df, do, dg, dc * f)


@mistake("lstm_cell_backward")
def brackets_missing(dh, dc, cache):
    """These are the numbers of a formula without its brackets: a + b * d where (a + b) * d is meant.

    It stands like this in several printed solutions: dc is added, but only the second part is multiplied.
    First add the two gradients that reach c_t and give the sum a name; then multiply.
    """
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    t = np.tanh(c_t)
    through = dh * o * (1 - t**2)
    return _finish(cache, dc + through * g, dc + through * c_prev, dh * t, dc + through * i, dc + through * f)


@mistake("lstm_cell_backward", {"(1 - tanh_c**2)": "(1 - tanh_c)"})
def tanh_not_squared():
    """1 - t was taken for the slope of tanh; it is 1 - t².

    The square is easily lost when the line is long.
    """


@mistake("lstm_cell_backward", {"(1 - tanh_c**2)": "(1 - c_t**2)"})
def slope_at_the_raw_cell_state():
    """1 - c² was taken for the slope of tanh at c; it is 1 - tanh(c)².

    c_t is what went into the tanh, not what came out.
    """


@mistake("lstm_cell_backward", {" * (1 - tanh_c**2)": ""})
def slope_of_the_cell_state_missing():
    """The slope of the tanh between c_t and h_t is missing.

    h_t = o · tanh(c_t): on the way back through the tanh, dh · o is multiplied by 1 - tanh(c_t)².
    """


@mistake("lstm_cell_backward", {"dc * c_prev": "dc * c_t"})
def new_cell_state_for_the_old():
    """The forget gate's gradient uses c_t; it was c_prev that the gate multiplied.

    In a product, the gradient of one factor is the other factor.
    """


@mistake("lstm_cell_backward", {"dh * tanh_c": "dh * c_t"})
def output_gate_from_the_raw_cell_state():
    """The output gate's gradient uses c_t; it was tanh(c_t) that the gate multiplied.

    In a product, the gradient of one factor is the other factor.
    """


@mistake("lstm_cell_backward", {"dc * g": "dc * i", "dc * i": "dc * g"})
def input_gate_and_candidate_swapped():
    """The gradients of i and g have changed places: di was made with i and dg with g.

    In a product, the gradient of one factor is the *other* factor.
    """


@mistake("lstm_cell_backward", {"(1 - g**2)": "g * (1 - g)"})
def candidate_with_the_sigmoids_slope():
    """g was given the slope of a sigmoid, g (1 - g), like its three neighbours.

    It came out of a tanh, whose slope is 1 - g².
    """


@mistake("lstm_cell_backward", {"(1 - g**2)": "(1 - np.tanh(g) ** 2)"})
def tanh_of_the_candidate_again():
    """1 - tanh(g)² was taken for the slope of the candidate; g came out of the tanh already.

    The slope at the place where g came from is 1 - g².
    """


@mistake("lstm_cell_backward", {" * i * (1 - i)": "", " * f * (1 - f)": "", " * o * (1 - o)": "", " * (1 - g**2)": ""})
def slopes_of_the_layers_missing():
    """The slopes of the four layers are missing: the gradients of i, f, o and g were used as those of their sums.

    On the way back each passes its sigmoid or tanh: multiply by s (1 - s) and by 1 - g².
    dc_prev, which goes past the layers, is right.
    """


@mistake("lstm_cell_backward", {"da_i, da_f, da_o, da_g]": "da_i, da_f, da_g, da_o]"})
def gradients_in_torchs_order():
    """Every block is right, but o and g have changed places: the blocks were joined in the order i, f, g, o.

    They must stand in the order in which the forward pass split them: i, f, o, g.
    """


@mistake("lstm_cell_backward", {"h_prev.T @ da": "(o * tanh_c).T @ da"})
def hidden_weights_with_the_new_state():
    """All is right except dW_hh, which was made with h_t; the forward pass multiplied W_hh by h_prev."""


@mistake("lstm_cell_backward", {"da.sum(axis=0)": "da.mean(axis=0)"})
def bias_averaged():
    """All is right except db, which is the mean over the batch; it must be the sum.

    The bias was added to every row, so every row's gradient comes back to it.
    """


@mistake("lstm_cell_backward", {"da.sum(axis=0)": "da.sum(axis=0, keepdims=True)"})
def bias_gradient_as_a_row():
    """The numbers are right; db has the shape (1, 4H), while b has (4H,).

    A gradient has the shape of what it belongs to; keepdims is not wanted here.
    """


@mistake("lstm_cell_backward", {"da @ W_hh.T, dc * f": "dc * f, da @ W_hh.T"})
def states_gradients_swapped():
    """dh_prev and dc_prev come back in the wrong order.

    They have the same shape, so nothing complains until the next step back.
    """


def _sum_gradients(cache, di, df, do, dg):
    """Return the gradient of the sums, (N, 4H), from those of the gates and the candidate."""
    _, _, _, i, f, o, g, *_ = cache
    return np.concatenate([di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)], axis=1)


def _from_sums(cache, da, dc_prev):
    x_t, h_prev, *_, W_xh, W_hh = cache
    return da @ W_xh.T, da @ W_hh.T, dc_prev, x_t.T @ da, h_prev.T @ da, da.sum(axis=0)


def _through(dh, cache):
    """Return the gradient that reaches c_t through h_t."""
    *_, o, _, c_t, _, _ = cache
    return dh * o * (1 - np.tanh(c_t) ** 2)


@mistake("lstm_cell_backward")
def brackets_of_the_forget_gate_missing(dh, dc, cache):
    """Only the forget gate's block is off: in its line the brackets are missing, a + b * d where (a + b) * d is meant.

    It is the line of a published solution, quoted below this exercise.
    First add the two gradients that reach c_t and give the sum a name; then multiply.
    """
    di, _, do, dg, dc_prev = _raw(dh, dc, cache)
    return _finish(cache, di, dc + _through(dh, cache) * cache[2], do, dg, dc_prev)


@mistake("lstm_cell_backward")
def slopes_on_the_second_part_only(dh, dc, cache):
    """The slopes of i, f and g multiply only what came through h_t; what came with dc has passed none.

    This is a formula from a widely used notebook, whose brackets close too early.
    First add the two gradients that reach c_t and give the sum a name; then multiply that by each factor.
    """
    _, _, c_prev, i, f, o, g, c_t, _, _ = cache
    through = _through(dh, cache)
    blocks = [
        dc * g + through * g * i * (1 - i),
        dc * c_prev + through * c_prev * f * (1 - f),
        dh * np.tanh(c_t) * o * (1 - o),
        dc * i + through * i * (1 - g**2),
    ]
    return _from_sums(cache, np.concatenate(blocks, axis=1), (dc + through) * f)


# Two at once, because they stand side by side in one printed sheet: brackets that close too early, and in the
# candidate's line a factor too many and a second tanh.
@mistake("lstm_cell_backward")
def formulas_of_a_printed_sheet(dh, dc, cache):
    """These are the formulas of a widely used notebook as they were printed, and they are misprinted.

    Brackets close too early, and the candidate's line has a factor too many and a tanh of what is a tanh already.
    Do not copy them: add the two gradients that reach c_t, and go back through one operation at a time.
    """
    _, _, c_prev, i, f, o, g, c_t, _, _ = cache
    through = _through(dh, cache)
    blocks = [
        dc * g + through * g * i * (1 - i),
        dc * c_prev + through * c_prev * f * (1 - f),
        dh * np.tanh(c_t) * o * (1 - o),
        dc * i + through * i * g * (1 - np.tanh(g) ** 2),
    ]
    return _from_sums(cache, np.concatenate(blocks, axis=1), (dc + through) * f)


@mistake("lstm_cell_backward")
def candidate_of_a_printed_sheet(dh, dc, cache):
    """The candidate's block is off: brackets close too early there, and the slope was made with a second tanh.

    The line stands like this in a widely used notebook.
    The gradient that reaches c_t, times i, times 1 - g²: three factors, the first of which is a sum with a name.
    """
    _, _, _, i, _, _, g, _, _, _ = cache
    di, df, do, _, dc_prev = _raw(dh, dc, cache)
    da = _sum_gradients(cache, di, df, do, np.zeros_like(g))
    da[:, -g.shape[1] :] = dc * i + _through(dh, cache) * i * (1 - np.tanh(g) ** 2)
    return _from_sums(cache, da, dc_prev)


@mistake("lstm_cell_backward", {"da @ W_xh.T, da @ W_hh.T": "da @ (x_t.T @ da).T, da @ (h_prev.T @ da).T"})
def gradients_for_the_weights():
    """dx and dh_prev were made with dW_xh and dW_hh, the gradients, where the weights belong.

    The names differ by one letter and the shapes by nothing, so nothing complains.
    Forward the input was multiplied by W_xh, so backward its gradient is too.
    """


@mistake("lstm_cell_backward", {"da @ W_hh.T": "da @ (h_prev.T @ da).T"})
def gradient_for_the_hidden_weights():
    """Only dh_prev is off: it was made with dW_hh, the gradient, where W_hh belongs.

    The names differ by one letter and the shapes by nothing.
    """


@mistake("lstm_cell_backward", {"(1 - tanh_c**2)": "(1 - (o * tanh_c) ** 2)"})
def slope_at_the_hidden_state():
    """1 - h_t² was taken for the slope of the tanh between c_t and h_t.

    That was right in the vanilla cell, where h_t is the tanh; here h_t is o times the tanh.
    The slope is 1 - tanh(c_t)².
    """


@mistake("lstm_cell_backward", {"dh * tanh_c": "dh * np.tanh(o * tanh_c)"})
def output_gate_from_the_hidden_state():
    """The output gate's gradient uses tanh(h_t); it was tanh(c_t) that the gate multiplied.

    In a product, the gradient of one factor is the other factor.
    """


@mistake("lstm_cell_backward", {"dc * c_prev": "dc * h_prev"})
def hidden_state_for_the_cell_state():
    """The forget gate's gradient uses h_prev; it was c_prev that the gate multiplied.

    In a product, the gradient of one factor is the other factor.
    """


@mistake("lstm_cell_backward", {" * i * (1 - i)": "", " * f * (1 - f)": "", " * o * (1 - o)": ""})
def gates_slopes_missing():
    """The slopes of the three sigmoids are missing; that of the candidate's tanh is there.

    On the way back each gate passes its sigmoid: multiply by s (1 - s).
    """


@mistake("lstm_cell_backward", {" * (1 - g**2)": ""})
def candidates_slope_missing():
    """The slope of the candidate's tanh is missing; those of the three sigmoids are there.

    On the way back the candidate passes its tanh: multiply by 1 - g².
    """


@mistake("lstm_cell_backward", {"dc * f,": "dc,"})
def forget_gate_left_out_on_the_way_back():
    """Everything is right except dc_prev, which has not passed the forget gate.

    Forward the old cell state was multiplied by f, so backward its gradient is too.
    """


@mistake("lstm_cell_backward", {"da_i, da_f, da_o, da_g]": "da_i, da_o, da_f, da_g]"})
def gradients_input_output_forget():
    """Every block is right, but f and o have changed places: the blocks were joined in the order i, o, f, g.

    They must stand in the order in which the forward pass split them: i, f, o, g.
    """


@mistake("lstm_cell_backward", {"da_i, da_f, da_o, da_g]": "da_f, da_i, da_o, da_g]"})
def gradients_forget_first():
    """Every block is right, but i and f have changed places: the blocks were joined in the order f, i, o, g.

    They must stand in the order in which the forward pass split them: i, f, o, g.
    """


@mistake("lstm_cell_backward", {"da_i, da_f, da_o, da_g]": "da_f, da_i, da_g, da_o]"})
def gradients_forget_candidate_first():
    """Every block is right, but they were joined in the order f, i, g, o.

    They must stand in the order in which the forward pass split them: i, f, o, g.
    """


@mistake("lstm_cell_backward", {"da.sum(axis=0)": "da.sum()"})
def bias_one_number():
    """All is right except db, which is a single number: the sum went over rows and columns.

    Each of the 4H sums has a bias of its own; only the rows are summed. Give the sum an axis.
    """


@mistake("lstm_cell_backward", {"da.sum(axis=0)": "(h_prev.T @ da).sum(axis=0)"})
def bias_from_the_hidden_weights():
    """All is right except db, which was summed from dW_hh instead of da.

    The shapes fit, because both have 4H columns.
    """


@mistake("lstm_cell_backward", {"da.sum(axis=0)": "(x_t.T @ da).sum(axis=0)"})
def bias_from_the_input_weights():
    """All is right except db, which was summed from dW_xh instead of da.

    The shapes fit, because both have 4H columns.
    """


@mistake("lstm_cell_backward", {"x_t.T @ da, h_prev.T @ da": "da.T @ x_t, da.T @ h_prev"})
def weight_gradients_transposed():
    """dW_xh and dW_hh are the transposes of what they should be: the factors stand in the wrong order.

    With data in rows it is the transposed input times da; with data in columns it is the other way round.
    """


@mistake("lstm_cell_backward")
def everything_in_columns(dh, dc, cache):
    """The numbers are right, but all results are transposed: sequences in columns, as in other courses.

    Here a sequence is a row, and the bias is (4H,).
    Code that was written for columns has to be turned over as a whole.
    """
    *others, db = _right(dh, dc, cache)
    return *(part.T for part in others), db[:, None]


# Two at once, in the two lines that start from dc: the tanh is passed by, and dc_prev gets no share of dh.
@mistake("lstm_cell_backward")
def slope_missing_and_dc_prev_from_dc_alone(dh, dc, cache):
    """Two things at once: the slope of the tanh between c_t and h_t is missing, and dc_prev starts from dc alone.

    dh · o passes the tanh, then it is added to dc; every line that starts from c_t uses that sum.
    """
    _, _, c_prev, i, f, o, g, c_t, _, _ = cache
    both = dc + dh * o
    return _finish(cache, both * g, both * c_prev, dh * np.tanh(c_t), both * i, dc * f)


# -- lstm_backward -----------------------------------------------------------------------------------------------------


def _joined(steps, dh0, dc0):
    """Return the result from the list of each step's gradients, in the order of time."""
    return {
        "dx": np.stack([step[0] for step in steps], axis=1),
        "dh0": dh0,
        "dc0": dc0,
        "dW_xh": sum(step[3] for step in steps),
        "dW_hh": sum(step[4] for step in steps),
        "db": sum(step[5] for step in steps),
    }


def _back(dh_all, dc_T, caches, carry_h=1, carry_c=1, upstream=1):
    dh, dc, steps = 0 * dc_T, dc_T, []
    for t in reversed(range(len(caches))):
        step = _right(upstream * dh_all[:, t] + dh, dc, caches[t])
        dh, dc = carry_h * step[1], carry_c * step[2]
        steps.insert(0, step)
    return steps


@mistake("lstm_backward")
def no_carry_at_all(dh_all, dc_T, caches):
    """Each step works for itself: nothing comes back from the step after it.

    This is the commonest mistake in this exercise. A widely used course has printed expected values that belong to it,
    so agreeing with that course's printed numbers proves nothing.
    Every step passes on two gradients, dh_prev and dc_prev, and the step before it must use both.
    """
    steps = _back(dh_all, dc_T, caches, carry_h=0, carry_c=0)
    return _joined(steps, steps[0][1], steps[0][2])


@mistake("lstm_backward")
def only_the_cell_states_carry(dh_all, dc_T, caches):
    """The gradient of the cell state is carried back, that of the hidden state is not.

    h goes into the layers of the next step, so a gradient comes back from there; add it to dh_all[:, t].
    """
    steps = _back(dh_all, dc_T, caches, carry_h=0)
    return _joined(steps, steps[0][1], steps[0][2])


@mistake("lstm_backward")
def only_the_hidden_states_carry(dh_all, dc_T, caches):
    """The gradient of the hidden state is carried back, that of the cell state is not: dc starts from 0 at each step.

    That cuts the way along the top of the cell, on which an LSTM remembers.
    """
    steps = _back(dh_all, dc_T, caches, carry_c=0)
    return _joined(steps, steps[0][1], steps[0][2])


@mistake("lstm_backward")
def end_of_the_cell_state_ignored(dh_all, dc_T, caches):
    """dc_T is not used: the way back starts with zeros for the cell state.

    That is right where c_T is not used afterwards, but here it is.
    """
    steps = _back(dh_all, 0 * dc_T, caches)
    return _joined(steps, steps[0][1], steps[0][2])


@mistake("lstm_backward")
def end_of_the_cell_state_at_every_step(dh_all, dc_T, caches):
    """Every step gets dc_T; it belongs to the last step only.

    The other steps get the dc_prev of the step after them.
    """
    dh, steps = 0 * dc_T, []
    for t in reversed(range(len(caches))):
        step = _right(dh_all[:, t] + dh, dc_T, caches[t])
        dh = step[1]
        steps.insert(0, step)
    return _joined(steps, steps[0][1], steps[0][2])


@mistake("lstm_backward")
def gradients_from_above_ignored(dh_all, dc_T, caches):
    """Only the carry is used; the gradients dh_all that come from above at each step are not.

    Two gradients arrive at h_t: one from the loss of this step, one from the step after it.
    """
    steps = _back(dh_all, dc_T, caches, upstream=0)
    return _joined(steps, steps[0][1], steps[0][2])


@mistake("lstm_backward")
def only_the_last_gradient_from_above(dh_all, dc_T, caches):
    """Only dh_all at the last step is used.

    This is right for a network that answers once, at the end; here every step has a loss.
    """
    only = np.zeros_like(dh_all)
    only[:, -1] = dh_all[:, -1]
    steps = _back(only, dc_T, caches)
    return _joined(steps, steps[0][1], steps[0][2])


@mistake("lstm_backward")
def weights_of_the_first_step(dh_all, dc_T, caches):
    """dx, dh0 and dc0 are right, but the gradients of the weights are those of the first step alone.

    Written with = in a loop, each step replaces what the others left.
    All steps share the weights, so their gradients are added.
    """
    steps = _back(dh_all, dc_T, caches)
    result = _joined(steps, steps[0][1], steps[0][2])
    return {**result, "dW_xh": steps[0][3], "dW_hh": steps[0][4], "db": steps[0][5]}


@mistake("lstm_backward")
def weights_averaged_over_time(dh_all, dc_T, caches):
    """The gradients of the weights are divided by T.

    Whether a loss is a mean over the steps is decided where the loss is computed; the way back adds.
    """
    steps = _back(dh_all, dc_T, caches)
    result = _joined(steps, steps[0][1], steps[0][2])
    return result | {name: result[name] / len(caches) for name in ("dW_xh", "dW_hh", "db")}


@mistake("lstm_backward")
def forwards_in_time(dh_all, dc_T, caches):
    """The loop goes from the first step to the last; the gradient goes the other way.

    Start at the last step, whose dc is dc_T.
    """
    dh, dc, steps = 0 * dc_T, dc_T, []
    for t in range(len(caches)):
        step = _right(dh_all[:, t] + dh, dc, caches[t])
        dh, dc = step[1], step[2]
        steps.append(step)
    return _joined(steps, dh, dc)


@mistake("lstm_backward")
def inputs_in_the_order_of_the_loop(dh_all, dc_T, caches):
    """All is right except dx, whose steps come in the order of the loop: the last one first.

    A list that grows while the loop runs backwards has to be turned round.
    """
    steps = _back(dh_all, dc_T, caches)
    result = _joined(steps, steps[0][1], steps[0][2])
    return {**result, "dx": result["dx"][:, ::-1]}


@mistake("lstm_backward")
def initial_hidden_state_left_at_zero(dh_all, dc_T, caches):
    """All is right except dh0, which is zero.

    It is what the first step passes on as its dh_prev; the loop has it when it ends.
    """
    steps = _back(dh_all, dc_T, caches)
    return _joined(steps, np.zeros_like(dc_T), steps[0][2])


@mistake("lstm_backward")
def initial_cell_state_left_at_zero(dh_all, dc_T, caches):
    """All is right except dc0, which is zero.

    It is what the first step passes on as its dc_prev; the loop has it when it ends.
    """
    steps = _back(dh_all, dc_T, caches)
    return _joined(steps, steps[0][1], np.zeros_like(dc_T))


@mistake("lstm_backward")
def dh0_includes_the_first_steps_loss(dh_all, dc_T, caches):
    """All is right except dh0, to which dh_all[:, 0] was added.

    dh_all[:, 0] belongs to the state after the first step; h0 is the one before it.
    """
    steps = _back(dh_all, dc_T, caches)
    return _joined(steps, steps[0][1] + dh_all[:, 0], steps[0][2])


def _result(dh_all, dc_T, caches):
    steps = _back(dh_all, dc_T, caches)
    return _joined(steps, steps[0][1], steps[0][2])


@mistake("lstm_backward")
def no_carry_and_no_start(dh_all, dc_T, caches):
    """Each step works for itself, and dh0 and dc0 are zero: the two carries were set to zeros and never replaced.

    A widely used course has printed expected values that belong to a pass without carry, so agreeing with that course's
    printed numbers proves nothing; compare with finite differences instead.
    What a step passes on as dh_prev and dc_prev the step before it must use; what the first step passes on is returned.
    """
    steps = _back(dh_all, 0 * dc_T, caches, carry_h=0, carry_c=0)
    return _joined(steps, 0 * dc_T, 0 * dc_T)


@mistake("lstm_backward")
def no_carry_and_no_end(dh_all, dc_T, caches):
    """Each step works for itself, with dc = 0: neither dc_T nor what a step passes on is used.

    A widely used course has printed expected values that belong to this mistake, so agreeing with its printed numbers
    proves nothing.
    The last step gets dc_T; every other step gets dh_prev and dc_prev of the step after it.
    """
    steps = _back(dh_all, 0 * dc_T, caches, carry_h=0, carry_c=0)
    return _joined(steps, steps[0][1], steps[0][2])


@mistake("lstm_backward")
def no_carry_and_the_end_at_every_step(dh_all, dc_T, caches):
    """Nothing is carried back, and every step gets dc_T, which belongs to the last step only.

    A widely used course has printed expected values that belong to a pass like this, so agreeing with its printed
    numbers proves nothing.
    The last step gets dc_T; every other step gets dh_prev and dc_prev of the step after it.
    """
    steps = [_right(dh_all[:, t], dc_T, cache) for t, cache in enumerate(caches)]
    return _joined(steps, steps[0][1], steps[0][2])


@mistake("lstm_backward")
def accumulators_added_to_themselves(dh_all, dc_T, caches):
    """The gradients of the weights are all zero: nothing has been added to the zeros that they began with.

    Look for a line such as dW += dW, and add what the step has returned.
    """
    result = _result(dh_all, dc_T, caches)
    return result | {name: np.zeros_like(result[name]) for name in ("dW_xh", "dW_hh", "db")}


@mistake("lstm_backward")
def weights_of_the_last_step(dh_all, dc_T, caches):
    """dx, dh0 and dc0 are right, but the gradients of the weights are those of the last step alone.

    They have been computed once and never added to.
    All steps share the weights, so their gradients are added.
    """
    last = _back(dh_all, dc_T, caches)[-1]
    return {**_result(dh_all, dc_T, caches), "dW_xh": last[3], "dW_hh": last[4], "db": last[5]}


@mistake("lstm_backward")
def both_starts_left_at_zero(dh_all, dc_T, caches):
    """All is right except dh0 and dc0, which are zero.

    They are what the first step passes on; the loop has both when it ends.
    """
    return {**_result(dh_all, dc_T, caches), "dh0": np.zeros_like(dc_T), "dc0": np.zeros_like(dc_T)}


@mistake("lstm_backward")
def initial_gradient_is_none(dh_all, dc_T, caches):
    """All is right except dh0, which is still None.

    It was set before the loop and never again.
    It is what the first step passes on as its dh_prev.
    """
    return {**_result(dh_all, dc_T, caches), "dh0": None}


@mistake("lstm_backward")
def both_initial_gradients_are_none(dh_all, dc_T, caches):
    """All is right except dh0 and dc0, which are still None.

    They were set before the loop and never again.
    They are what the first step passes on as its dh_prev and dc_prev.
    """
    return {**_result(dh_all, dc_T, caches), "dh0": None, "dc0": None}


@mistake("lstm_backward")
def initial_gradient_of_all_steps(dh_all, dc_T, caches):
    """All is right except dh0, which is the whole of dh_all.

    dh_all is what you were given; dh0 has to be computed, (N, H).
    """
    return {**_result(dh_all, dc_T, caches), "dh0": dh_all}


@mistake("lstm_backward")
def initial_gradient_from_above(dh_all, dc_T, caches):
    """All is right except dh0, which is dh_all at the first step.

    That gradient arrives at the state after the first step, and from the loss alone.
    What arrives at h0 is the first step's dh_prev.
    """
    return {**_result(dh_all, dc_T, caches), "dh0": dh_all[:, 0]}


@mistake("lstm_backward")
def end_of_the_cell_state_returned(dh_all, dc_T, caches):
    """All is right except dc0, which is dc_T: what came in at the end was handed back.

    Between the two lie all steps; what the first step passes on as its dc_prev is dc0.
    """
    return {**_result(dh_all, dc_T, caches), "dc0": dc_T}


@mistake("lstm_backward")
def ones_for_the_upstream(dh_all, dc_T, caches):
    """The numbers of dh_all have no influence: every step started from ones.

    Ones stand for the loss that is the plain sum of all states.
    Which loss it is, dh_all says.
    """
    return _result(np.ones_like(dh_all), dc_T, caches)


@mistake("lstm_backward")
def last_cache_at_every_step(dh_all, dc_T, caches):
    """Every step was taken back with the cache of the last step.

    Each step has states, gates and an input of its own; what it needs is in caches[t].
    """
    return _result(dh_all, dc_T, [caches[-1]] * len(caches))


@mistake("lstm_backward")
def first_cache_at_every_step(dh_all, dc_T, caches):
    """Every step was taken back with the cache of the first step.

    Each step has states, gates and an input of its own; what it needs is in caches[t].
    """
    return _result(dh_all, dc_T, [caches[0]] * len(caches))


@mistake("lstm_backward")
def carries_exchanged(dh_all, dc_T, caches):
    """On the way back the two carries have changed places: dh_prev was used as dc and dc_prev as dh.

    They have the same shape, so nothing complains.
    Compare the order of what your cell returns with the order in which you receive it.
    """
    dh, dc, steps = 0 * dc_T, dc_T, []
    for t in reversed(range(len(caches))):
        step = _right(dh_all[:, t] + dh, dc, caches[t])
        dc, dh = step[1], step[2]
        steps.insert(0, step)
    return _joined(steps, dh, dc)


@mistake("lstm_backward")
def time_axis_first(dh_all, dc_T, caches):
    """The numbers of dx are right, but its axes are (T, N, D): the steps were stacked along the first axis.

    The batch comes first everywhere in this course; stack along axis 1.
    """
    result = _result(dh_all, dc_T, caches)
    return {**result, "dx": result["dx"].transpose(1, 0, 2)}


@mistake("lstm_backward")
def bias_sum_as_a_row(dh_all, dc_T, caches):
    """The numbers are right; only db has the shape (1, 4H) instead of (4H,).

    Start its sum from zeros of the bias's own shape.
    """
    result = _result(dh_all, dc_T, caches)
    return {**result, "db": result["db"][None]}


# Two at once: both lines of the loop that should add something have a plain = instead.
@mistake("lstm_backward")
def no_carry_and_overwritten(dh_all, dc_T, caches):
    """Two things at once: nothing is carried back from step to step, and the weight gradients are not added up.

    What is left is the first step alone, with its own dh_all.
    Every step gets dh_prev and dc_prev of the step after it, and its parts are added to the sums of the weights.
    """
    steps = _back(dh_all, dc_T, caches, carry_h=0, carry_c=0)
    result = _joined(steps, steps[0][1], steps[0][2])
    return {**result, "dW_xh": steps[0][3], "dW_hh": steps[0][4], "db": steps[0][5]}


# -- init_lstm ---------------------------------------------------------------------------------------------------------


def _weights(D, H, rng):
    k = 1 / np.sqrt(H)
    return {"W_xh": rng.uniform(-k, k, (D, 4 * H)), "W_hh": rng.uniform(-k, k, (H, 4 * H))}


def _bias(H, value, start, stop):
    b = np.zeros(4 * H)
    b[start * H : stop * H] = value
    return b


@mistake("init_lstm")
def whole_bias_filled(D, H, forget_bias, rng):
    """The whole bias is forget_bias; only the forget gate should get it.

    An open output gate does no harm, but an input gate that is open at the start writes everything down.
    """
    return {**_weights(D, H, rng), "b": _bias(H, forget_bias, 0, 4)}


@mistake("init_lstm")
def first_block_filled(D, H, forget_bias, rng):
    """The input gate got the bias: i is the first block, f the second.

    In libraries that write f first this slice would be right.
    """
    return {**_weights(D, H, rng), "b": _bias(H, forget_bias, 0, 1)}


@mistake("init_lstm")
def third_block_filled(D, H, forget_bias, rng):
    """The output gate got the bias: the forget gate's numbers are those from H up to 2H."""
    return {**_weights(D, H, rng), "b": _bias(H, forget_bias, 2, 3)}


@mistake("init_lstm")
def half_of_the_bias_filled(D, H, forget_bias, rng):
    """The input gate got the bias as well: the slice starts at 0 instead of H."""
    return {**_weights(D, H, rng), "b": _bias(H, forget_bias, 0, 2)}


@mistake("init_lstm")
def forget_bias_forgotten(D, H, forget_bias, rng):
    """All biases are zero, the forget gate's too."""
    return {**_weights(D, H, rng), "b": np.zeros(4 * H)}


@mistake("init_lstm")
def always_one(D, H, forget_bias, rng):
    """The forget gate's bias is 1, whatever forget_bias says."""
    return {**_weights(D, H, rng), "b": _bias(H, 1.0, 1, 2)}


@mistake("init_lstm")
def global_generator(D, H, forget_bias, rng):
    """The weights come from NumPy's global generator; rng is not used.

    Then the same seed does not give the same network, and nobody can repeat your experiment.
    """
    k = 1 / np.sqrt(H)
    W_xh, W_hh = np.random.uniform(-k, k, (D, 4 * H)), np.random.uniform(-k, k, (H, 4 * H))
    return {"W_xh": W_xh, "W_hh": W_hh, "b": _bias(H, forget_bias, 1, 2)}


@mistake("init_lstm")
def positive_weights(D, H, forget_bias, rng):
    """All weights are positive, which is what rng.random gives.

    The units could then only push in one direction; unit 01 has shown how such a cell sticks.
    Make them uniform between -k and k.
    """
    weights = {name: np.abs(weight) for name, weight in _weights(D, H, rng).items()}
    return {**weights, "b": _bias(H, forget_bias, 1, 2)}


@mistake("init_lstm")
def weights_not_scaled(D, H, forget_bias, rng):
    """The weights have another scale than uniform between -1/√H and 1/√H.

    Standard normal numbers are far too large for a cell of many units; uniform is what the exercise asks for.
    """
    weights = {"W_xh": rng.standard_normal((D, 4 * H)), "W_hh": rng.standard_normal((H, 4 * H))}
    return {**weights, "b": _bias(H, forget_bias, 1, 2)}
