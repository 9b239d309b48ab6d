"""How the arrays of the fast networks lie in memory: the views and copies that all three share."""

import numpy as np


def time_first_with_ones(x, dtype):
    """Return a copy of x (N, T, D) as (T, N, D + 1): steps first, a column of ones last.

    Time comes first so that the numbers of one step lie side by side in memory; a step of (N, T, D) is N short
    pieces, each T D numbers from the next.
    The ones turn the bias into one more row of weights: one product then multiplies and adds it, and on the way
    back one product gives its gradient, too.
    """
    N, T, D = x.shape
    ones_last = np.ones((T, N, D + 1), dtype)
    ones_last[..., :D] = x.swapaxes(0, 1)
    return ones_last


def batch_first(a):
    """Return a copy of a (T, N, D) as (N, T, D)."""
    return a.swapaxes(0, 1).copy()


def all_steps(a):
    """Return a view of a (T, N, D) as one table with a row for each step of each sequence (T N, D)."""
    return a.reshape(-1, a.shape[-1])


def blocks(a, count):
    """Return a view of a (N, count H), its blocks side by side, as (count, N, H), one after the other."""
    return a.reshape(len(a), count, -1).swapaxes(0, 1)


def sigmoid_in_place(a):
    """Replace every number of a by its sigmoid, (1 + tanh(a / 2)) / 2, which cannot overflow and needs no division."""
    a *= 0.5
    np.tanh(a, out=a)
    a *= 0.5
    a += 0.5
