"""What `autograder verdict --json` says of answers that are right but for a detail.

Each is tried over all exercises elsewhere, at the functions that mark; here it goes the whole way.
"""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell

from tests.autograder.submissions import cell_of

pytestmark = pytest.mark.sandbox
CELL = """def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    h_t = np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)
    return {}, (x_t, h_prev, W_xh, W_hh, h_t)"""


def test_float64_for_float32_is_a_remark_where_it_is_not_the_lesson_and_a_point_where_it_is(right, verdicts):
    cell_of(right, "rnn_cell_forward").source = CELL.format("h_t.astype(np.float64)")
    cell_of(right, "one_hot").source = """def one_hot(idx, vocab_size, dtype=np.float64):
    idx = np.asarray(idx, dtype=int)
    if idx.size and (idx.min() < 0 or idx.max() >= vocab_size):
        raise IndexError(idx)
    return np.eye(vocab_size)[idx]"""

    records = verdicts(right)

    remarked, charged = records["rnn_cell_forward"], records["one_hot"]
    assert (remarked["points"], remarked["status"]) == (remarked["max_points"], "pass")
    assert charged["points"] == charged["max_points"] - 1
    assert "float64" in charged["message"]


def test_an_answer_that_fails_only_for_one_sequence_loses_one_point(right, verdicts):
    cell_of(right, "rnn_cell_forward").source = CELL.format("h_t[0] if len(h_t) == 1 else h_t")

    record = verdicts(right)["rnn_cell_forward"]

    assert record["points"] == record["max_points"] - 1
    assert "(2,)" in record["message"]
    assert "(1, 2)" in record["message"]


def test_a_buffer_of_torchs_own_width_costs_nothing(right, verdicts):
    cell_of(right, "rnn_forward").source = """def rnn_forward(x, h0, W_xh, W_hh, b_h):
    import torch
    N, T, _ = x.shape
    h, states, caches = h0, torch.zeros(N, T, h0.shape[1]), []
    for t in range(T):
        h, cache = rnn_cell_forward(x[:, t], h, W_xh, W_hh, b_h)
        states[:, t] = torch.as_tensor(h)
        caches.append(cache)
    return states.numpy(), caches"""

    record = verdicts(right)["rnn_forward"]

    assert (record["points"], record["status"]) == (record["max_points"], "pass")


def test_an_exercise_is_judged_with_a_right_one_in_the_place_of_one_that_is_not_written(right, untouched, verdicts):
    cell_of(right, "rnn_cell_forward").source = cell_of(untouched, "rnn_cell_forward").source

    records = verdicts(right)

    assert (records["rnn_cell_forward"]["points"], records["rnn_cell_forward"]["status"]) == (0, "unwritten")
    whole = records["rnn_forward"]
    assert (whole["points"], whole["status"]) == (whole["max_points"], "pass")
    assert "rnn_cell_forward" in whole["message"]


def test_what_is_tried_below_a_check_costs_the_answer_nothing(right, verdicts):
    right.cells.append(new_code_cell("softmax = 3\nnp.tanh = np.sin\ndel one_hot"))

    records = verdicts(right)

    assert all(record["points"] == record["max_points"] for record in records.values())


def test_ten_of_twelve_right_answers_earn_points_in_part(right, verdicts):
    wrong = """
_answer = classify_task
def classify_task(name):
    return _answer(name) if name not in list(data.TASKS)[:2] else "many-to-many"
"""
    cell_of(right, "classify_task").source += wrong

    record = verdicts(right)["classify_task"]

    assert (record["points"], record["max_points"]) == (1, 2)
    assert record["message"].startswith("'image classification': seen the type = 'many-to-many'")
