"""Known wrong answers to the exercises of unit 05; each docstring is the hint for those who make the mistake."""

import numpy as np
import torch

from solutions.mistakes import mistake

# -- gru_cell_forward --------------------------------------------------------------------------------------------------


def _sigmoid(a):
    return torch.sigmoid(torch.as_tensor(a)).numpy()


def _parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh):
    """Return both gates, the input's part of the candidate, and the weights and bias of the memory's part."""
    H = h_prev.shape[1]
    a = (x_t @ W_xh + b_xh)[:, : 2 * H] + (h_prev @ W_hh + b_hh)[:, : 2 * H]
    r, z = _sigmoid(a[:, :H]), _sigmoid(a[:, H:])
    return r, z, (x_t @ W_xh + b_xh)[:, 2 * H :], W_hh[:, 2 * H :], b_hh[2 * H :]


def _finish(x_t, h_prev, W_xh, W_hh, r, z, a_n, W_hn, b_hn, reset_after):
    m = h_prev @ W_hn + b_hn if reset_after else (r * h_prev) @ W_hn + b_hn
    n = np.tanh(a_n + (r * m if reset_after else m))
    return (1 - z) * n + z * h_prev, (x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after)


@mistake("gru_cell_forward")
def keep_and_write_swapped(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """These are the numbers that come out when z and 1 - z have changed places: z = 1 writes instead of keeping.

    Many texts define z the other way round, so your source may be one of them.
    In this unit, as in PyTorch, z multiplies the old state.
    """
    _, (_, _, _, _, r, z, n, m, _) = _finish(
        x_t, h_prev, W_xh, W_hh, *_parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh), reset_after
    )
    return z * n + (1 - z) * h_prev, (x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after)


@mistake("gru_cell_forward")
def always_reset_before(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """With reset_after=False all is right; with reset_after=True these are still the numbers of the other variant.

    That is the equation of the published paper, where r multiplies the old state before the product.
    PyTorch takes the product first and multiplies its result, bias included.
    """
    return _finish(x_t, h_prev, W_xh, W_hh, *_parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh), False)


@mistake("gru_cell_forward")
def always_reset_after(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """With reset_after=True all is right; with reset_after=False these are still the numbers of reset after.

    Look whether reset_after is used at all.
    In the other variant r multiplies h_prev first, and the product is taken of the result.
    """
    return _finish(x_t, h_prev, W_xh, W_hh, *_parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh), True)


@mistake("gru_cell_forward")
def variants_exchanged(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """Both variants are there and both are right, but each one answers to the other's name.

    "After" and "before" say when r multiplies: after the product with W_hn, or before it.
    Turn the condition round.
    """
    return _finish(x_t, h_prev, W_xh, W_hh, *_parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh), not reset_after)


@mistake("gru_cell_forward")
def before_is_the_default(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=False):
    """All is right as long as reset_after is given; left out, it means False here.

    The signature that you were given has the default True, and gru_forward relies on it.
    Put it back.
    """
    return _finish(x_t, h_prev, W_xh, W_hh, *_parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh), reset_after)


@mistake("gru_cell_forward")
def reset_gate_on_the_input(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """These are the numbers that come out when the reset gate multiplies the input's part of the candidate.

    The gate is called reset because it can take the *memory* out; the input is always seen in full.
    Look which of the two terms inside the tanh it stands at.
    """
    r, z, a_n, W_hn, b_hn = _parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh)
    m = h_prev @ W_hn + b_hn if reset_after else (r * h_prev) @ W_hn + b_hn
    n = np.tanh(r * a_n + m)
    return (1 - z) * n + z * h_prev, (x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after)


@mistake("gru_cell_forward")
def bias_outside_the_reset(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """With reset after, these are the numbers that come out when b_hn is added outside the reset gate.

    The gate multiplies all that comes from the memory, the product and its bias together.
    This is why a GRU really needs two biases for its candidate.
    """
    r, z, a_n, W_hn, b_hn = _parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh)
    m = h_prev @ W_hn if reset_after else (r * h_prev) @ W_hn
    n = np.tanh(a_n + (r * m if reset_after else m) + b_hn)
    return (1 - z) * n + z * h_prev, (x_t, h_prev, W_xh, W_hh, r, z, n, m + b_hn, reset_after)


@mistake("gru_cell_forward")
def blocks_in_keras_order(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """All three blocks are there, but the first was taken for z and the second for r.

    Keras orders them like that; here the order is r, z, n.
    A numeric gradient would not notice, because the cell is consistent with itself.
    """
    z, r, *rest = _parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh)
    return _finish(x_t, h_prev, W_xh, W_hh, r, z, *rest, reset_after)


@mistake("gru_cell_forward")
def candidate_sigmoid(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """These are the numbers that come out when the candidate goes through a sigmoid like the gates.

    A gate answers how much, from 0 to 1; the candidate is what is written, and must be able to be negative.
    It takes a tanh.
    """
    r, z, a_n, W_hn, b_hn = _parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh)
    m = h_prev @ W_hn + b_hn if reset_after else (r * h_prev) @ W_hn + b_hn
    n = _sigmoid(a_n + (r * m if reset_after else m))
    return (1 - z) * n + z * h_prev, (x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after)


@mistake("gru_cell_forward")
def one_bias_used_twice(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """These are the numbers that come out when b_xh is added on both sides and b_hh nowhere.

    It is a slip of copy and paste, invisible while both biases are zero.
    The product with W_hh goes with b_hh.
    """
    return _finish(x_t, h_prev, W_xh, W_hh, *_parts(x_t, h_prev, W_xh, W_hh, b_xh, b_xh), reset_after)


@mistake("gru_cell_forward")
def hidden_bias_left_out(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """These are the numbers that come out when b_hh is left out.

    The two biases look like one too many, but they are two parameters, and both count.
    Compare your sums with the equations, term by term.
    """
    return _finish(x_t, h_prev, W_xh, W_hh, *_parts(x_t, h_prev, W_xh, W_hh, b_xh, 0 * b_hh), reset_after)


@mistake("gru_cell_forward")
def reset_gate_not_used(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """These are the numbers that come out when the reset gate is computed and then not used.

    The candidate sees the whole old state, whatever r says.
    r belongs into the candidate, at the memory's part.
    """
    r, z, a_n, W_hn, b_hn = _parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh)
    m = h_prev @ W_hn + b_hn
    n = np.tanh(a_n + m)
    return (1 - z) * n + z * h_prev, (x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after)


@mistake("gru_cell_forward")
def cache_with_the_memory_reset(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """The states are right; in the cache, with reset after, m is already multiplied by the reset gate.

    The backward pass needs m as it was before: it is the factor that the gradient of r meets.
    Give the product a name of its own and keep m.
    """
    parts = _parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh)
    h_t, (*rest, r, z, n, m, _) = _finish(x_t, h_prev, W_xh, W_hh, *parts, reset_after)
    return h_t, (*rest, r, z, n, r * m if reset_after else m, reset_after)


@mistake("gru_cell_forward")
def cache_without_the_variant(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """The states are right, but the cache has eight items: reset_after is missing.

    Without it the backward pass does not know which variant it goes back through.
    It is the ninth item.
    """
    parts = _parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh)
    h_t, cache = _finish(x_t, h_prev, W_xh, W_hh, *parts, reset_after)
    return h_t, cache[:-1]


@mistake("gru_cell_forward")
def hidden_bias_used_twice(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """These are the numbers that come out when b_hh is added on both sides and b_xh nowhere.

    It is a slip of copy and paste, invisible while both biases are zero.
    The product with W_xh goes with b_xh.
    """
    return _finish(x_t, h_prev, W_xh, W_hh, *_parts(x_t, h_prev, W_xh, W_hh, b_hh, b_hh), reset_after)


def _with_biases(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after):
    return _finish(x_t, h_prev, W_xh, W_hh, *_parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh), reset_after)


def _with_block(b, source, block):
    """Return b with one of its three blocks replaced by that of ``source``."""
    b, H = b.copy(), len(b) // 3
    b[block * H : (block + 1) * H] = source[block * H : (block + 1) * H]
    return b


@mistake("gru_cell_forward")
def reset_gate_with_one_bias_twice(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """In the reset gate one bias is added twice, b_xh for b_hh; the other two blocks are right.

    It is a slip of copy and paste, invisible while both biases are zero or equal.
    """
    return _with_biases(x_t, h_prev, W_xh, W_hh, b_xh, _with_block(b_hh, b_xh, 0), reset_after)


@mistake("gru_cell_forward")
def update_gate_with_one_bias_twice(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """In the update gate one bias is added twice, b_xh for b_hh; the other two blocks are right.

    It is a slip of copy and paste, invisible while both biases are zero or equal.
    """
    return _with_biases(x_t, h_prev, W_xh, W_hh, b_xh, _with_block(b_hh, b_xh, 1), reset_after)


@mistake("gru_cell_forward")
def candidate_with_one_bias_twice(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """In the candidate one bias is added twice, b_xh for b_hh; both gates are right.

    It is a slip of copy and paste, invisible while both biases are zero or equal.
    """
    return _with_biases(x_t, h_prev, W_xh, W_hh, b_xh, _with_block(b_hh, b_xh, 2), reset_after)


@mistake("gru_cell_forward")
def reset_gate_with_the_hidden_bias_twice(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """In the reset gate one bias is added twice, b_hh for b_xh; the other two blocks are right.

    It is a slip of copy and paste, invisible while both biases are zero or equal.
    """
    return _with_biases(x_t, h_prev, W_xh, W_hh, _with_block(b_xh, b_hh, 0), b_hh, reset_after)


@mistake("gru_cell_forward")
def update_gate_with_the_hidden_bias_twice(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """In the update gate one bias is added twice, b_hh for b_xh; the other two blocks are right.

    It is a slip of copy and paste, invisible while both biases are zero or equal.
    """
    return _with_biases(x_t, h_prev, W_xh, W_hh, _with_block(b_xh, b_hh, 1), b_hh, reset_after)


@mistake("gru_cell_forward")
def candidate_with_the_hidden_bias_twice(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """In the candidate one bias is added twice, b_hh for b_xh; both gates are right.

    It is a slip of copy and paste, invisible while both biases are zero or equal.
    """
    return _with_biases(x_t, h_prev, W_xh, W_hh, _with_block(b_xh, b_hh, 2), b_hh, reset_after)


@mistake("gru_cell_forward")
def input_bias_left_out(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """These are the numbers that come out when b_xh is left out.

    The two biases look like one too many, but they are two parameters, and both count.
    """
    return _with_biases(x_t, h_prev, W_xh, W_hh, 0 * b_xh, b_hh, reset_after)


@mistake("gru_cell_forward")
def both_biases_left_out(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """These are the numbers that come out without any bias.

    Each of the two products has one of its own.
    """
    return _with_biases(x_t, h_prev, W_xh, W_hh, 0 * b_xh, 0 * b_hh, reset_after)


def _from_candidate(x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after):
    return (1 - z) * n + z * h_prev, (x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after)


@mistake("gru_cell_forward")
def reset_memory_without_weights(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """In the candidate r * h_prev stands outside of the product: the old state is added without W_hn.

    The shapes fit, because r * h_prev and the sum are both (N, H).
    In both variants what is remembered goes through W_hn; they differ only in where r multiplies.
    """
    r, z, a_n, _, b_hn = _parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh)
    m = r * h_prev + b_hn
    return _from_candidate(x_t, h_prev, W_xh, W_hh, r, z, np.tanh(a_n + m), m, reset_after)


@mistake("gru_cell_forward")
def reset_gate_outside_the_tanh(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """The reset gate multiplies the finished candidate, outside of the tanh.

    It says how much of the memory goes into the candidate, so it stands inside, at the memory's part.
    """
    r, z, a_n, W_hn, b_hn = _parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh)
    m = h_prev @ W_hn + b_hn
    return _from_candidate(x_t, h_prev, W_xh, W_hh, r, z, r * np.tanh(a_n + m), m, reset_after)


@mistake("gru_cell_forward")
def reset_gate_on_both_parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """The reset gate multiplies both parts of the candidate, the input's too.

    The gate can take the memory out; the input is always seen in full.
    Check where the bracket opens.
    """
    r, z, a_n, W_hn, b_hn = _parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh)
    m = h_prev @ W_hn + b_hn
    return _from_candidate(x_t, h_prev, W_xh, W_hh, r, z, np.tanh(r * (a_n + m)), m, reset_after)


@mistake("gru_cell_forward")
def update_gate_for_the_reset_gate(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """In the candidate z stands where r should.

    z mixes old and new at the end; what the candidate sees of the memory is for r to say.
    """
    r, z, a_n, W_hn, b_hn = _parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh)
    m = h_prev @ W_hn + b_hn if reset_after else (z * h_prev) @ W_hn + b_hn
    n = np.tanh(a_n + (z * m if reset_after else m))
    return _from_candidate(x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after)


@mistake("gru_cell_forward")
def candidate_alone(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """This is the candidate alone: the old state is not mixed in.

    The update gate says which share of the old state stays; without that line nothing is kept directly.
    """
    _, (*cache, n, m, after) = _with_biases(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after)
    return n, (*cache, n, m, after)


@mistake("gru_cell_forward")
def candidate_without_tanh(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """The candidate is the plain sum: its tanh is missing.

    The two gates go through a sigmoid, and the candidate through a tanh.
    """
    r, z, a_n, W_hn, b_hn = _parts(x_t, h_prev, W_xh, W_hh, b_xh, b_hh)
    m = h_prev @ W_hn + b_hn if reset_after else (r * h_prev) @ W_hn + b_hn
    n = a_n + (r * m if reset_after else m)
    return _from_candidate(x_t, h_prev, W_xh, W_hh, r, z, n, m, reset_after)


@mistake("gru_cell_forward")
def states_in_columns(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after=True):
    """The numbers are right, but the sequences stand in columns, (H, N), as in another course.

    Here a row is a sequence.
    Code that was written for columns has to be turned over, products and biases included.
    """
    h_t, cache = _with_biases(x_t, h_prev, W_xh, W_hh, b_xh, b_hh, reset_after)
    return h_t.T, cache


# -- gru_cell_backward -------------------------------------------------------------------------------------------------


def _ways(dh_t, cache):
    """Return the gradients inside r, z and n, of the memory's part m, and the four ways into h_prev."""
    _, h_prev, _, W_hh, r, z, n, m, reset_after = cache
    H = h_prev.shape[1]
    W_hr, W_hz, W_hn = W_hh[:, :H], W_hh[:, H : 2 * H], W_hh[:, 2 * H :]
    da_z = dh_t * (h_prev - n) * z * (1 - z)
    da_n = dh_t * (1 - z) * (1 - n * n)
    dm = da_n * r if reset_after else da_n
    q = dm @ W_hn.T
    da_r = (da_n * m if reset_after else q * h_prev) * r * (1 - r)
    ways = [dh_t * z, da_r @ W_hr.T, da_z @ W_hz.T, q if reset_after else q * r]
    return da_r, da_z, da_n, dm, ways


def _collect(cache, da_r, da_z, da_n, dm, dh_prev):
    x_t, h_prev, W_xh, _, r, _, _, _, reset_after = cache
    da_x, da_h = np.hstack([da_r, da_z, da_n]), np.hstack([da_r, da_z, dm])
    H = h_prev.shape[1]
    dW_hh = h_prev.T @ da_h
    if not reset_after:
        dW_hh[:, 2 * H :] = (r * h_prev).T @ dm
    return da_x @ W_xh.T, dh_prev, x_t.T @ da_x, dW_hh, da_x.sum(axis=0), da_h.sum(axis=0)


@mistake("gru_cell_backward")
def straight_way_missing(dh_t, cache):
    """Only dh_prev is off: the straight way through z * h_prev is missing.

    It is the shortest of the four and the most important one, since it is what carries the gradient over many steps.
    Ask in how many places of the forward pass h_prev occurs.
    """
    *a, ways = _ways(dh_t, cache)
    return _collect(cache, *a, sum(ways[1:]))


@mistake("gru_cell_backward")
def way_through_the_reset_gate_missing(dh_t, cache):
    """Only dh_prev is off: the way through the reset gate is missing.

    r is computed from h_prev, so h_prev gets a share of r's gradient, through W_hr.
    Both gates have such a way, not only z.
    """
    *a, ways = _ways(dh_t, cache)
    return _collect(cache, *a, ways[0] + ways[2] + ways[3])


@mistake("gru_cell_backward")
def way_through_the_update_gate_missing(dh_t, cache):
    """Only dh_prev is off: the way through the update gate is missing.

    z multiplies h_prev, and z is also computed from h_prev; these are two ways, and the second is not there.
    It goes through W_hz.
    """
    *a, ways = _ways(dh_t, cache)
    return _collect(cache, *a, ways[0] + ways[1] + ways[3])


@mistake("gru_cell_backward")
def way_through_the_candidate_missing(dh_t, cache):
    """Only dh_prev is off: the way through the candidate is missing.

    The candidate sees the old state through W_hn, behind the reset gate.
    The gates are not the only things that were computed from h_prev.
    """
    *a, ways = _ways(dh_t, cache)
    return _collect(cache, *a, ways[0] + ways[1] + ways[2])


@mistake("gru_cell_backward")
def update_gate_with_the_wrong_sign(dh_t, cache):
    """The gradient of z has the wrong sign: it was taken of n - h_prev.

    In h_t = (1 - z) n + z h_prev a larger z brings more of h_prev and less of n.
    Differentiate with respect to z once more.
    """
    da_r, da_z, da_n, dm, ways = _ways(dh_t, cache)
    return _collect(cache, da_r, -da_z, da_n, dm, ways[0] + ways[1] - ways[2] + ways[3])


@mistake("gru_cell_backward")
def derivatives_of_the_gates_missing(dh_t, cache):
    """The derivatives of the two sigmoids are missing.

    What reaches r and z must still pass the sigmoid: multiply by r (1 - r) and by z (1 - z).
    These factors are at most 1/4, so your gradients of the gates are too large by 4 or more.
    """
    H, W_hh, r, z = cache[1].shape[1], *cache[3:6]
    da_r, da_z, da_n, dm, ways = _ways(dh_t, cache)
    da_r, da_z = da_r / (r * (1 - r)), da_z / (z * (1 - z))
    dh_prev = ways[0] + ways[3] + da_r @ W_hh[:, :H].T + da_z @ W_hh[:, H : 2 * H].T
    return _collect(cache, da_r, da_z, da_n, dm, dh_prev)


def _with_candidate(dh_t, cache, slope):
    """Return the gradients that come out when ``slope`` is taken for the derivative of the candidate's tanh."""
    _, h_prev, _, W_hh, r, z, _, m, reset_after = cache
    H = h_prev.shape[1]
    _, da_z, _, _, ways = _ways(dh_t, cache)
    da_n = dh_t * (1 - z) * slope
    dm = da_n * r if reset_after else da_n
    q = dm @ W_hh[:, 2 * H :].T
    da_r = (da_n * m if reset_after else q * h_prev) * r * (1 - r)
    dh_prev = ways[0] + da_r @ W_hh[:, :H].T + ways[2] + (q if reset_after else q * r)
    return _collect(cache, da_r, da_z, da_n, dm, dh_prev)


@mistake("gru_cell_backward")
def derivative_of_tanh_missing(dh_t, cache):
    """The derivative of the candidate's tanh is missing.

    Before the gradient reaches the sums inside, it is multiplied by 1 - n², number by number.
    All that comes through the candidate is too large.
    """
    return _with_candidate(dh_t, cache, 1.0)


@mistake("gru_cell_backward")
def tanh_applied_twice(dh_t, cache):
    """These are the numbers that come out when tanh is applied again to n: 1 - tanh(n)².

    n is already a tanh, and its derivative is made from it directly.
    Drop the second tanh.
    """
    return _with_candidate(dh_t, cache, 1 - np.tanh(cache[6]) ** 2)


@mistake("gru_cell_backward")
def slope_not_squared(dh_t, cache):
    """These are the numbers that come out with 1 - n in place of 1 - n².

    It is the sigmoid that has a factor (1 - s); the tanh has a square.
    At n = 0 both are 1, so small candidates hide it.
    """
    return _with_candidate(dh_t, cache, 1 - cache[6])


@mistake("gru_cell_backward")
def after_taken_for_before(dh_t, cache):
    """With reset before all is right; with reset after these are the numbers of reset before.

    The gradient of r was sent through W_hn, as in the published paper's equation.
    With reset after, r multiplies m, so its gradient is the candidate's times m, without any matrix.
    """
    flipped = (*cache[:-1], False)
    *a, ways = _ways(dh_t, flipped)
    return _collect(flipped, *a, sum(ways))


@mistake("gru_cell_backward")
def before_taken_for_after(dh_t, cache):
    """With reset after all is right; with reset before these are the numbers of reset after.

    Look whether the last item of the cache is used at all.
    With reset before, r and h_prev meet in front of the matrix, so the gradient passes W_hn first.
    """
    flipped = (*cache[:-1], True)
    *a, ways = _ways(dh_t, flipped)
    return _collect(flipped, *a, sum(ways))


@mistake("gru_cell_backward")
def candidate_weights_see_the_whole_state(dh_t, cache):
    """With reset before, only the last third of dW_hh is off: it was taken with h_prev.

    What W_hn multiplied in the forward pass was r * h_prev.
    A weight's gradient is made of what came in and what went out.
    """
    da_r, da_z, da_n, dm, ways = _ways(dh_t, cache)
    dx_t, dh_prev, dW_xh, _, db_xh, db_hh = _collect(cache, da_r, da_z, da_n, dm, sum(ways))
    return dx_t, dh_prev, dW_xh, cache[1].T @ np.hstack([da_r, da_z, dm]), db_xh, db_hh


@mistake("gru_cell_backward")
def biases_share_one_gradient(dh_t, cache):
    """Only db_hh is off, in its last third, and only with reset after: it equals db_xh.

    The two biases of the candidate differ: the reset gate multiplies one of them and not the other.
    Sum the gradient that reaches m.
    """
    *a, ways = _ways(dh_t, cache)
    dx_t, dh_prev, dW_xh, dW_hh, db_xh, _ = _collect(cache, *a, sum(ways))
    return dx_t, dh_prev, dW_xh, dW_hh, db_xh, db_xh.copy()


@mistake("gru_cell_backward")
def bias_gradients_averaged(dh_t, cache):
    """The bias gradients are too small by the batch size: they were averaged instead of summed.

    Every sequence adds its share to the same bias, so the shares are summed.
    If the loss is a mean, the 1/N is already in dh_t.
    """
    *a, ways = _ways(dh_t, cache)
    dx_t, dh_prev, dW_xh, dW_hh, db_xh, db_hh = _collect(cache, *a, sum(ways))
    return dx_t, dh_prev, dW_xh, dW_hh, db_xh / len(dh_t), db_hh / len(dh_t)


@mistake("gru_cell_backward")
def bias_gradients_as_rows(dh_t, cache):
    """The numbers are right, but the bias gradients have shape (1, 3H).

    keepdims=True keeps the axis of the batch; the biases are (3H,).
    Sum over axis 0 without it.
    """
    *a, ways = _ways(dh_t, cache)
    dx_t, dh_prev, dW_xh, dW_hh, db_xh, db_hh = _collect(cache, *a, sum(ways))
    return dx_t, dh_prev, dW_xh, dW_hh, db_xh[None], db_hh[None]


def _right(dh_t, cache):
    *a, ways = _ways(dh_t, cache)
    return _collect(cache, *a, sum(ways))


@mistake("gru_cell_backward")
def all_derivatives_missing(dh_t, cache):
    """None of the three derivatives is there: neither those of the two sigmoids nor that of the tanh.

    What reaches r, z and n must still pass the function that they came out of: r (1 - r), z (1 - z) and 1 - n².
    """
    _, h_prev, _, W_hh, r, z, n, m, reset_after = cache
    H = h_prev.shape[1]
    da_z, da_n = dh_t * (h_prev - n), dh_t * (1 - z)
    dm = da_n * r if reset_after else da_n
    q = dm @ W_hh[:, 2 * H :].T
    da_r = da_n * m if reset_after else q * h_prev
    dh_prev = dh_t * z + da_r @ W_hh[:, :H].T + da_z @ W_hh[:, H : 2 * H].T + (q if reset_after else q * r)
    return _collect(cache, da_r, da_z, da_n, dm, dh_prev)


@mistake("gru_cell_backward")
def straight_way_only(dh_t, cache):
    """Only dh_prev is off: it is the straight way alone, dh_t times z.

    h_prev was used by both gates and by the candidate as well; four gradients come back to it, and they are added.
    """
    dx_t, _, *weights = _right(dh_t, cache)
    return dx_t, dh_t * cache[5], *weights


@mistake("gru_cell_backward")
def gradients_for_the_weights(dh_t, cache):
    """dx_t was made with dW_xh, the gradient, where W_xh belongs.

    The names differ by one letter and the shapes by nothing, so nothing complains.
    """
    _, dh_prev, dW_xh, *others = _right(dh_t, cache)
    x_t, h_prev, W_xh, *rest = cache
    turned = (x_t, h_prev, dW_xh, *rest)
    return _right(dh_t, turned)[0], dh_prev, dW_xh, *others


@mistake("gru_cell_backward")
def update_gate_of_the_other_convention(dh_t, cache):
    """These are the gradients of a cell in which z writes: z and 1 - z have changed places.

    Many texts define z the other way round; in this unit z multiplies the old state.
    """
    _, h_prev, _, W_hh, r, z, n, m, reset_after = cache
    H = h_prev.shape[1]
    da_z, da_n = dh_t * (n - h_prev) * z * (1 - z), dh_t * z * (1 - n * n)
    dm = da_n * r if reset_after else da_n
    q = dm @ W_hh[:, 2 * H :].T
    da_r = (da_n * m if reset_after else q * h_prev) * r * (1 - r)
    back = da_r @ W_hh[:, :H].T + da_z @ W_hh[:, H : 2 * H].T + (q if reset_after else q * r)
    return _collect(cache, da_r, da_z, da_n, dm, dh_t * (1 - z) + back)


@mistake("gru_cell_backward")
def gates_in_keras_order(dh_t, cache):
    """Both gates are right, but their blocks have changed places: z first, then r.

    They must stand in the order in which the forward pass split them: r, z, n.
    """
    dx_t, dh_prev, dW_xh, dW_hh, db_xh, db_hh = _right(dh_t, cache)
    da_r, da_z, da_n, _, _ = _ways(dh_t, cache)

    def turned(blocks):
        r, z, n = np.split(blocks, 3, axis=-1)
        return np.concatenate([z, r, n], axis=-1)

    dx_t = np.hstack([da_z, da_r, da_n]) @ cache[2].T
    return dx_t, dh_prev, turned(dW_xh), turned(dW_hh), turned(db_xh), turned(db_hh)


@mistake("gru_cell_backward")
def bias_gradients_one_number(dh_t, cache):
    """The bias gradients are single numbers: the sums went over rows and columns.

    Each of the 3H sums has a bias of its own; only the rows are summed. Give the sums an axis.
    """
    *others, db_xh, db_hh = _right(dh_t, cache)
    return *others, db_xh.sum(), db_hh.sum()


@mistake("gru_cell_backward")
def everything_in_columns(dh_t, cache):
    """The numbers are right, but all results are transposed: sequences in columns, as in other courses.

    Here a sequence is a row, and a bias is (3H,).
    Code that was written for columns has to be turned over as a whole.
    """
    *others, db_xh, db_hh = _right(dh_t, cache)
    return *(part.T for part in others), db_xh[:, None], db_hh[:, None]


@mistake("gru_cell_backward")
def arriving_gradient_returned(dh_t, cache):
    """Only dh_prev is off: the arriving dh_t was handed on as it is.

    Only the share z of the old state stays; the rest goes through the gates and the candidate.
    """
    dx_t, _, *weights = _right(dh_t, cache)
    return dx_t, dh_t, *weights


# -- gru_forward -------------------------------------------------------------------------------------------------------


def _run(x, h0, W_xh, W_hh, b_xh, b_hh):
    """Return the states of a right forward pass, as a list, and its caches."""
    h, states, caches = h0, [], []
    for t in range(x.shape[1]):
        parts = _parts(x[:, t], h, W_xh, W_hh, b_xh, b_hh)
        h, cache = _finish(x[:, t], h, W_xh, W_hh, *parts, True)
        states.append(h)
        caches.append(cache)
    return states, caches


@mistake("gru_forward")
def starts_from_zeros(x, h0, W_xh, W_hh, b_xh, b_hh):
    """These are the numbers that come out when the loop starts from zeros whatever h0 is.

    Zeros are the usual h0, which is why this goes unnoticed until a text is read in pieces.
    Start from the state that is given.
    """
    states, caches = _run(x, np.zeros_like(h0), W_xh, W_hh, b_xh, b_hh)
    return np.stack(states, axis=1), caches


@mistake("gru_forward")
def first_state_at_every_step(x, h0, W_xh, W_hh, b_xh, b_hh):
    """The first step is right, and all others are computed from h0 again.

    The state that one step returns must be the one that the next step gets.
    Look at what you hand to the cell inside the loop.
    """
    steps = [_run(x[:, t : t + 1], h0, W_xh, W_hh, b_xh, b_hh) for t in range(x.shape[1])]
    return np.stack([states[0] for states, _ in steps], axis=1), [caches[0] for _, caches in steps]


@mistake("gru_forward")
def time_axis_first(x, h0, W_xh, W_hh, b_xh, b_hh):
    """The states are right, but they are stacked along axis 0: (T, N, H).

    PyTorch does that unless it is told batch_first=True.
    Here the batch comes first; tell np.stack which axis is time.
    """
    states, caches = _run(x, h0, W_xh, W_hh, b_xh, b_hh)
    return np.stack(states), caches


@mistake("gru_forward")
def initial_state_among_the_results(x, h0, W_xh, W_hh, b_xh, b_hh):
    """There is one state too many: h0 stands before the others.

    h_all holds the states after steps 1 to T.
    Begin the list empty.
    """
    states, caches = _run(x, h0, W_xh, W_hh, b_xh, b_hh)
    return np.stack([h0, *states], axis=1), caches


@mistake("gru_forward")
def only_the_last_cache(x, h0, W_xh, W_hh, b_xh, b_hh):
    """The states are right, but of the caches only the last one is kept.

    The backward pass walks through all steps and needs the cache of each.
    Append inside the loop.
    """
    states, caches = _run(x, h0, W_xh, W_hh, b_xh, b_hh)
    return np.stack(states, axis=1), [caches[-1]] if len(caches) > 1 else []


@mistake("gru_forward")
def states_one_step_late(x, h0, W_xh, W_hh, b_xh, b_hh):
    """The states stand one step too late: the first is h0, and the last one is missing.

    h_all[:, t] is the state after x[:, t] has been read.
    Store what the cell returns, not what it was given.
    """
    states, caches = _run(x, h0, W_xh, W_hh, b_xh, b_hh)
    return np.stack([h0, *states[:-1]], axis=1), caches


@mistake("gru_forward")
def only_the_last_state(x, h0, W_xh, W_hh, b_xh, b_hh):
    """Only the state after the last step comes back.

    A read-out may want any of them: (N, T, H).
    Collect them in the loop.
    """
    states, caches = _run(x, h0, W_xh, W_hh, b_xh, b_hh)
    return states[-1], caches


@mistake("gru_forward")
def first_input_at_every_step(x, h0, W_xh, W_hh, b_xh, b_hh):
    """The first step is right, and then the same input comes again and again: every step reads x at time 0.

    Each step takes its own slice along the time axis.
    """
    states, caches = _run(np.repeat(x[:, :1], x.shape[1], axis=1), h0, W_xh, W_hh, b_xh, b_hh)
    return np.stack(states, axis=1), caches


@mistake("gru_forward")
def read_from_the_end(x, h0, W_xh, W_hh, b_xh, b_hh):
    """The states come in the order of the steps, but the sequence is read from its end.

    Here time runs from 0 to T - 1.
    """
    states, caches = _run(x[:, ::-1], h0, W_xh, W_hh, b_xh, b_hh)
    return np.stack(states, axis=1), caches


@mistake("gru_forward")
def no_cache_kept(x, h0, W_xh, W_hh, b_xh, b_hh):
    """The states are right, but the list of caches is empty.

    `np.append(caches, cache)` returns a new array and leaves the old one as it was.
    The append of a list changes the list itself.
    """
    states, _ = _run(x, h0, W_xh, W_hh, b_xh, b_hh)
    return np.stack(states, axis=1), []


@mistake("gru_forward")
def cache_for_caches(x, h0, W_xh, W_hh, b_xh, b_hh):
    """The states are right, but in place of the list of caches the cache of the last step comes back.

    One letter makes the difference between the two names.
    """
    states, caches = _run(x, h0, W_xh, W_hh, b_xh, b_hh)
    return np.stack(states, axis=1), caches[-1]


@mistake("gru_forward")
def memory_reset_first(x, h0, W_xh, W_hh, b_xh, b_hh):
    """The loop runs the variant with reset before; gru_forward uses the cell's default, reset after.

    Leave reset_after out where you call the cell.
    """
    h, states, caches = h0, [], []
    for t in range(x.shape[1]):
        h, cache = _finish(x[:, t], h, W_xh, W_hh, *_parts(x[:, t], h, W_xh, W_hh, b_xh, b_hh), False)
        states.append(h)
        caches.append(cache)
    return np.stack(states, axis=1), caches


# -- param_count -------------------------------------------------------------------------------------------------------


def _count(blocks, kind, D, H, biases):
    if kind not in blocks:
        raise ValueError(f"unknown kind {kind!r}")
    return blocks[kind] * (D * H + H * H + biases * H)


@mistake("param_count")
def two_blocks_for_the_gru(kind, D, H, torch_biases):
    """The GRU has two gates, but three blocks of weights: the candidate has its own.

    The LSTM likewise has three gates and four blocks.
    Count everything that is multiplied by x.
    """
    return _count({"RNN": 1, "GRU": 2, "LSTM": 4}, kind, D, H, 2 if torch_biases else 1)


@mistake("param_count")
def three_blocks_for_the_lstm(kind, D, H, torch_biases):
    """The LSTM has three gates, but four blocks of weights: the candidate g has its own.

    The count for the vanilla RNN and the GRU is right.
    Count everything that is multiplied by x.
    """
    return _count({"RNN": 1, "GRU": 3, "LSTM": 3}, kind, D, H, 2 if torch_biases else 1)


@mistake("param_count")
def always_one_bias(kind, D, H, torch_biases):
    """With torch_biases=True the biases are counted once; PyTorch has two vectors of them.

    bias_ih and bias_hh are both parameters, even where one would do.
    """
    return _count({"RNN": 1, "GRU": 3, "LSTM": 4}, kind, D, H, 1)


@mistake("param_count")
def always_two_biases(kind, D, H, torch_biases):
    """With torch_biases=False the biases are still counted twice.

    Look whether torch_biases is used at all.
    """
    return _count({"RNN": 1, "GRU": 3, "LSTM": 4}, kind, D, H, 2)


@mistake("param_count")
def second_bias_only_once(kind, D, H, torch_biases):
    """With PyTorch's biases the count is too small: the second bias was added once, and every block has one.

    Each of the two is as long as all blocks together.
    Check where the bracket closes.
    """
    return (
        _count({"RNN": 1, "GRU": 3, "LSTM": 4}, kind, D, H, 1)
        + (H if torch_biases and kind != "RNN" else 0)
        + (H if torch_biases and kind == "RNN" else 0)
    )


@mistake("param_count")
def hidden_weights_left_out(kind, D, H, torch_biases):
    """The weights from the old state are missing: H times H for every block.

    Without them the layer would have no memory.
    """
    return (
        _count({"RNN": 1, "GRU": 3, "LSTM": 4}, kind, D, H, 2 if torch_biases else 1)
        - {
            "RNN": 1,
            "GRU": 3,
            "LSTM": 4,
        }[kind]
        * H
        * H
    )


@mistake("param_count")
def unknown_kind_as_key_error(kind, D, H, torch_biases):
    """The counts are right, but an unknown kind raises KeyError.

    A dictionary raises it by itself; the exercise asks for ValueError.
    Ask whether the kind is in the dictionary first.
    """
    return {"RNN": 1, "GRU": 3, "LSTM": 4}[kind] * (D * H + H * H + (2 if torch_biases else 1) * H)


# -- adding_problem ----------------------------------------------------------------------------------------------------


def _marked(x, first, second):
    """Return x with one marker per sequence at ``first`` and one at ``second``, and the sums."""
    every = np.arange(len(x))
    x[every, first, 1] = 1.0
    x[every, second, 1] = 1.0
    return x, x[every, first, 0] + x[every, second, 0]


def _numbers(N, T, rng):
    x = np.zeros((N, T, 2))
    x[:, :, 0] = rng.random((N, T))
    return x


@mistake("adding_problem")
def both_markers_anywhere(N, T, rng):
    """Both places are drawn from the whole sequence, so they may lie in the same half, or be the same step.

    One of them belongs to the steps before T // 2 and the other to the rest.
    Give each its own range.
    """
    return _marked(_numbers(N, T, rng), rng.integers(0, T, size=N), rng.integers(0, T, size=N))


@mistake("adding_problem")
def all_places_in_every_sequence(N, T, rng):
    """There are many markers in every sequence: an index such as x[:, places, 1] marks all drawn places everywhere.

    A slice in the first axis means "in all sequences", and a list of places in the second means "at all of these".
    Pair each sequence with its own place by an index array in both axes.
    """
    x = _numbers(N, T, rng)
    first, second = rng.integers(0, T // 2, size=N), rng.integers(T // 2, T, size=N)
    x[:, first, 1] = 1.0
    x[:, second, 1] = 1.0
    every = np.arange(N)
    return x, x[every, first, 0] + x[every, second, 0]


@mistake("adding_problem")
def one_place_for_the_batch(N, T, rng):
    """The markers stand at the same two steps in all sequences of the batch.

    A network could learn those two steps by heart and ignore the markers.
    Draw a place for every sequence: size=N.
    """
    return _marked(_numbers(N, T, rng), rng.integers(0, T // 2), rng.integers(T // 2, T))


@mistake("adding_problem")
def second_place_tied_to_the_first(N, T, rng):
    """The second marker always stands half a sequence after the first.

    Whoever has seen the first then knows where the second will be.
    Draw the second place by itself.
    """
    first = rng.integers(0, T // 2, size=N)
    return _marked(_numbers(N, T, rng), first, first + T // 2)


@mistake("adding_problem")
def last_step_never_marked(N, T, rng):
    """The last step is never marked: rng.integers(low, high) never draws high itself.

    With high = T - 1 the last place that can occur is T - 2.
    For T = 2 there is nothing left to draw from, and NumPy complains.
    """
    return _marked(_numbers(N, T, rng), rng.integers(0, T // 2, size=N), rng.integers(T // 2, T - 1, size=N))


@mistake("adding_problem")
def sum_of_all_numbers(N, T, rng):
    """y is the sum of all numbers of the sequence, marked or not.

    Then no marker is needed, and the task is another one.
    Only the two marked numbers count.
    """
    x, _ = _marked(_numbers(N, T, rng), rng.integers(0, T // 2, size=N), rng.integers(T // 2, T, size=N))
    return x, x[:, :, 0].sum(axis=1)


@mistake("adding_problem")
def product_for_sum(N, T, rng):
    """y is the product of the two marked numbers.

    There is a multiplication problem as well; this is the adding problem.
    """
    first, second = rng.integers(0, T // 2, size=N), rng.integers(T // 2, T, size=N)
    x, _ = _marked(_numbers(N, T, rng), first, second)
    return x, x[np.arange(N), first, 0] * x[np.arange(N), second, 0]


@mistake("adding_problem")
def normal_numbers(N, T, rng):
    """The numbers are normally distributed; some are negative and some larger than 1.

    The baseline of 1/6 holds for uniform numbers between 0 and 1.
    The generator's method for those is called random.
    """
    x = np.zeros((N, T, 2))
    x[:, :, 0] = rng.normal(size=(N, T))
    return _marked(x, rng.integers(0, T // 2, size=N), rng.integers(T // 2, T, size=N))


@mistake("adding_problem")
def one_row_of_numbers_for_all(N, T, rng):
    """All sequences of the batch hold the same numbers: they were drawn once, with shape (T,).

    Broadcasting then fills all rows with them and says nothing.
    Draw (N, T) of them.
    """
    x = np.zeros((N, T, 2))
    x[:, :, 0] = rng.random(T)
    return _marked(x, rng.integers(0, T // 2, size=N), rng.integers(T // 2, T, size=N))


@mistake("adding_problem")
def markers_in_the_first_channel(N, T, rng):
    """Numbers and markers have changed places: x[:, :, 0] should be the numbers, x[:, :, 1] the markers.

    A network can be trained either way, but the course's trained weights expect this order.
    """
    x, y = _marked(_numbers(N, T, rng), rng.integers(0, T // 2, size=N), rng.integers(T // 2, T, size=N))
    return x[:, :, ::-1].copy(), y


@mistake("adding_problem")
def sums_as_a_column(N, T, rng):
    """y has shape (N, 1); it should be (N,).

    Subtracting (N,) from (N, 1) later gives a table (N, N), without any error.
    Index the numbers with two arrays of length N, or drop the axis.
    """
    x, y = _marked(_numbers(N, T, rng), rng.integers(0, T // 2, size=N), rng.integers(T // 2, T, size=N))
    return x, y[:, None]


@mistake("adding_problem")
def another_source_of_randomness(N, T, rng):
    """The sequences are right, but they do not come from rng: the same seed gives other sequences.

    Nobody can repeat an experiment whose data come from a hidden generator.
    Replace every np.random by rng.
    """
    fresh = np.random.default_rng()
    return _marked(_numbers(N, T, fresh), fresh.integers(0, T // 2, size=N), fresh.integers(T // 2, T, size=N))


# -- train_adding ------------------------------------------------------------------------------------------------------


class Network(torch.nn.Module):
    def __init__(self, kind, H):
        super().__init__()
        layer = {"RNN": torch.nn.RNN, "IRNN": torch.nn.RNN, "LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU}[kind]
        self.rnn = layer(2, H, batch_first=True, **({"nonlinearity": "relu"} if kind == "IRNN" else {}))
        self.readout = torch.nn.Linear(H, 1)


def network(kind, weights):
    net = Network(kind, weights["readout.weight"].shape[1]).to(torch.tensor(weights["readout.weight"]).dtype)
    net.load_state_dict({name: torch.tensor(value) for name, value in weights.items()})
    return net


def arrays(net):
    return {name: value.numpy().copy() for name, value in net.state_dict().items()}


def _last(net, x):
    return net.readout(net.rnn(x)[0][:, -1])[:, 0]


def _error(net, x, y):
    return ((_last(net, x) - y) ** 2).mean()


def _clip(net, max_norm):
    torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm)


def _train(kind, weights, batches, lr, max_norm, loss_of=_error, clip=_clip, method="Adam", reset=True):
    """Return what training gives, with parts of it exchanged."""
    net, losses = network(kind, weights), []
    optimizer = getattr(torch.optim, method)(net.parameters(), lr=lr)
    for x, y in batches:
        loss = loss_of(net, torch.as_tensor(x), torch.as_tensor(y))
        if reset:
            optimizer.zero_grad()
        loss.backward()
        clip(net, max_norm)
        optimizer.step()
        losses.append(loss.item())
    return {"losses": np.array(losses), **arrays(net)}


@mistake("train_adding")
def guesses_from_the_first_state(kind, weights, batches, lr, max_norm):
    """The guesses are read from the first state: the network answers before it has read the sequence.

    Its loss will never fall below that of "always 1".
    Which index is the last step?
    """

    def first(net, x, y):
        return ((net.readout(net.rnn(x)[0][:, 0])[:, 0] - y) ** 2).mean()

    return _train(kind, weights, batches, lr, max_norm, loss_of=first)


@mistake("train_adding")
def guesses_from_the_mean_state(kind, weights, batches, lr, max_norm):
    """The guesses are read from the mean of all states.

    That can work, but then the network need not remember, and remembering is what is tested.
    Read the last state.
    """

    def mean(net, x, y):
        return ((net.readout(net.rnn(x)[0].mean(dim=1))[:, 0] - y) ** 2).mean()

    return _train(kind, weights, batches, lr, max_norm, loss_of=mean)


@mistake("train_adding")
def every_guess_against_every_sum(kind, weights, batches, lr, max_norm):
    """Guesses of shape (N, 1) minus sums of shape (N,) give a table (N, N): every guess is compared with every sum.

    The best that can be learned then is the average, and the loss stays at the baseline.
    Drop the last axis of the guesses.
    """

    def table(net, x, y):
        return ((net.readout(net.rnn(x)[0][:, -1]) - y) ** 2).mean()

    return _train(kind, weights, batches, lr, max_norm, loss_of=table)


@mistake("train_adding")
def loss_summed_over_the_batch(kind, weights, batches, lr, max_norm):
    """The losses are N times too large: the squared errors were summed, not averaged.

    Adam hardly minds, but the clipping does, and losses of different batch sizes cannot be compared.
    Take the mean.
    """

    def total(net, x, y):
        return ((_last(net, x) - y) ** 2).sum()

    return _train(kind, weights, batches, lr, max_norm, loss_of=total)


@mistake("train_adding")
def gradients_pile_up(kind, weights, batches, lr, max_norm):
    """The first two losses are right, the later ones are off: the gradients of earlier batches are still there.

    backward adds to the gradients that it finds.
    Set them to zero before each backward.
    """
    return _train(kind, weights, batches, lr, max_norm, reset=False)


@mistake("train_adding")
def gradients_not_clipped(kind, weights, batches, lr, max_norm):
    """These are the numbers that come out without clipping.

    max_norm is not used, or the clipping comes where it has no effect: before backward, or after the step.
    It belongs between the two.
    """
    return _train(kind, weights, batches, lr, max_norm, clip=lambda net, max_norm: None)


@mistake("train_adding")
def clipped_by_value(kind, weights, batches, lr, max_norm):
    """These are the numbers that come out when each number of the gradient is clipped to ±max_norm.

    That changes the direction of the step.
    Clipping by norm shortens the gradient as a whole.
    """

    def by_value(net, max_norm):
        torch.nn.utils.clip_grad_value_(net.parameters(), max_norm)

    return _train(kind, weights, batches, lr, max_norm, clip=by_value)


@mistake("train_adding")
def clipped_one_by_one(kind, weights, batches, lr, max_norm):
    """These are the numbers that come out when every weight matrix is clipped by its own norm.

    Large gradients then shrink and small ones do not, which changes the direction of the step.
    Hand all parameters to one call.
    """

    def each(net, max_norm):
        for parameter in net.parameters():
            torch.nn.utils.clip_grad_norm_([parameter], max_norm)

    return _train(kind, weights, batches, lr, max_norm, clip=each)


@mistake("train_adding")
def only_the_cell_is_clipped(kind, weights, batches, lr, max_norm):
    """These are the numbers that come out when the read-out is left out of the clipping.

    The norm is that of all gradients together.
    net.parameters() has both parts.
    """

    def cell(net, max_norm):
        torch.nn.utils.clip_grad_norm_(net.rnn.parameters(), max_norm)

    return _train(kind, weights, batches, lr, max_norm, clip=cell)


@mistake("train_adding")
def plain_gradient_descent(kind, weights, batches, lr, max_norm):
    """The first loss is right and the steps are those of plain gradient descent.

    The exercise asks for Adam, which measures each weight's steps by the size of its own past gradients.
    """
    return _train(kind, weights, batches, lr, max_norm, method="SGD")


@mistake("train_adding")
def loss_after_the_step(kind, weights, batches, lr, max_norm):
    """Each loss is taken after the step on the same batch; the trained weights are right.

    Such a loss looks better than it is, since the network has just learned from this batch.
    Keep the one that you went backward from.
    """
    net, losses = network(kind, weights), []
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    for x, y in batches:
        x, y = torch.as_tensor(x), torch.as_tensor(y)
        optimizer.zero_grad()
        _error(net, x, y).backward()
        _clip(net, max_norm)
        optimizer.step()
        losses.append(_error(net, x, y).item())
    return {"losses": np.array(losses), **arrays(net)}


@mistake("train_adding")
def first_weights_returned(kind, weights, batches, lr, max_norm):
    """The losses are right, but the weights are those that came in.

    The trained ones are inside the network.
    Take them from there when the loop is over.
    """
    return {**weights, "losses": _train(kind, weights, batches, lr, max_norm)["losses"]}


@mistake("train_adding")
def final_state_of_an_lstm(kind, weights, batches, lr, max_norm):
    """All is right for the vanilla RNN and the GRU; the LSTM fails.

    The second thing that an LSTM returns is a pair, hidden state and cell state, and [-1] takes the cell state of it.
    The first thing that comes back has the same form for every kind.
    """

    def final(net, x, y):
        state = net.rnn(x)[1][-1]
        return ((net.readout(state.reshape(len(x), -1))[:, 0] - y) ** 2).mean()

    return _train(kind, weights, batches, lr, max_norm, loss_of=final)


# -- lstm_to_gru -------------------------------------------------------------------------------------------------------

RIGHT = {
    "forget gate f": "z",
    "input gate i": "1 - z",
    "output gate o": "nothing",
    "candidate g": "n",
    "cell state c": "h",
    "gate inside the candidate": "r",
    "fewer weights at equal H": "GRU",
}


@mistake("lstm_to_gru")
def the_other_convention(piece):
    """Forget and input gate have changed places.

    In the convention where z = 1 means "write" you would be right.
    In this unit z multiplies the old state.
    """
    return {**RIGHT, "forget gate f": "1 - z", "input gate i": "z"}[piece]


@mistake("lstm_to_gru")
def reset_gate_for_forget_gate(piece):
    """The forget gate did not become the reset gate, although the names suggest it.

    The forget gate multiplies the memory that is kept; the reset gate only what the candidate sees of it.
    Which factor stands at the old state in the last equation?
    """
    return {**RIGHT, "forget gate f": "r"}[piece]


@mistake("lstm_to_gru")
def reset_gate_for_output_gate(piece):
    """The output gate has not become the reset gate.

    It is true that both filter the state on its way into the next step, but the output gate also decides what is shown.
    A GRU shows all of its state.
    """
    return {**RIGHT, "output gate o": "r"}[piece]


@mistake("lstm_to_gru")
def update_gate_for_both(piece):
    """The forget gate is right; the input gate is what is left of z, not z itself.

    Keeping and writing are one decision in a GRU, and they share what there is.
    """
    return {**RIGHT, "input gate i": "z"}[piece]


@mistake("lstm_to_gru")
def unknown_piece_gives_none(piece):
    """The seven answers are right, but an unknown piece gives None.

    The method get says nothing when a key is missing; square brackets raise KeyError.
    """
    return RIGHT.get(piece)
