"""Remarks that cost nothing: results in another precision, changed inputs, wrong functions beneath right ones."""

import numpy as np

import solutions
from autograder.judging.exam_builder import fresh_exam
from rnnlab.checking.marking import mark
from rnnlab.checks import LocalFunction, marks
from rnnlab.specs import SPECS
from solutions.styles import styles

U01 = solutions.reference("u01_rnn_cell")
U02 = solutions.reference("u02_bptt")
U04 = solutions.reference("u04_lstm")


def written(unit, name):
    """Return the source of a right answer in another style."""
    return next(style.as_answer() for style in styles(unit) if style.name == name)


def own(source, name, reference=U02):
    """Return the function ``name`` of a notebook whose other answers are right."""
    namespace = dict(vars(reference))
    exec(source, namespace)
    return namespace[name]


def test_a_float32_buffer_earns_a_remark():
    answer = own(written("u01_rnn_cell", "a-buffer-of-torchs-default-dtype"), "rnn_forward", U01)

    assert "float64 inputs came back as float32" in marks(answer).message


def test_a_sequence_backward_on_a_wrong_cell_keeps_its_points():
    source = """
def rnn_cell_backward(dh_t, cache):
    return None

def rnn_backward(dh_all, caches):
    carry, dx, sums = np.zeros_like(dh_all[:, 0]), [], [0, 0, 0]
    for t in range(len(caches))[::-1]:
        step, carry, *parts = rnn_cell_backward(dh_all[:, t] + carry, caches[t])
        dx.insert(0, step)
        sums = [a + b for a, b in zip(sums, parts)]
    return dict(zip(("dx", "dh0", "dW_xh", "dW_hh", "db_h"), (np.stack(dx, 1), carry, *sums)))
"""
    function = own(source, "rnn_backward")

    exam = fresh_exam(SPECS["rnn_backward"], 6, U02, [], seed=1)

    for result in (marks(function), mark(SPECS["rnn_backward"], exam, LocalFunction(function))):
        assert result.points == 6
        assert "Your own rnn_cell_backward is not right yet" in result.message


def test_chunks_on_a_wrong_loss_keep_their_points():
    wrong = "def sequence_cross_entropy(logits, targets, mask=None):\n    return 0.0, np.zeros_like(logits)\n"
    bptt = next(cell.source for cell in solutions.unit("u02_bptt").cells if cell.key == "bptt")
    namespace = dict(vars(U02))
    exec("\n".join([wrong, bptt, written("u02_bptt", "a-list-of-chunks")]), namespace)

    assert marks(namespace["tbptt_backward"]).points == 3


def test_a_tuple_in_place_of_the_dict_is_told():
    def rnn_backward(dh_all, caches):
        return tuple(U02.rnn_backward(dh_all, caches).values())

    result = marks(rnn_backward)

    assert result.points == 0
    assert "5 values returned; expected a dict with the keys dx, dh0, dW_xh, dW_hh, db_h" in result.message


def test_a_changed_input_costs_nothing_and_is_told():
    result = marks(own(written("u02_bptt", "cell-in-place"), "rnn_cell_backward"))

    assert result.points == 5
    assert "changes dh_t in place" in result.message


def test_float32_inside_float64_is_accepted_with_a_remark():
    def readout_backward(dlogits, h_all, W_hy):
        return tuple(part.astype(np.float32) for part in U02.readout_backward(dlogits, h_all, W_hy))

    result = marks(readout_backward)

    assert result.points == 2
    assert "float32" in result.message


def test_the_fresh_exam_hands_on_right_functions_for_wrong_ones():
    module = solutions.reference("u04_lstm")
    module.lstm_cell_backward = lambda dh, dc, cache: (dh,) * 6
    exam = fresh_exam(SPECS["lstm_backward"], 4, U04, [], 0)

    marks = mark(SPECS["lstm_backward"], exam, LocalFunction(module.lstm_backward))

    assert marks.points == 4
    assert "Your own lstm_cell_backward is not right yet" in marks.message
