"""Fresh exams: other numbers for every seed, the reference passes all of them, known mistakes are known in all."""

from functools import cache

import numpy as np
import pytest

import solutions
from autograder.judging.exam_builder import fresh_exam, fresh_sizes
from rnnlab.checking.exam import same_outcome
from rnnlab.checking.marking import mark
from rnnlab.checks import LocalFunction
from rnnlab.specs import SPECS, UNITS
from solutions.mistakes import mistakes

REFERENCES = {unit: solutions.reference(unit) for unit in UNITS}
KNOWN = {unit: mistakes(unit) for unit in UNITS}
EXERCISES = [(unit, cell.exercise, cell.points) for unit in UNITS for cell in solutions.unit(unit).exercises]
SEEDS = range(3)


@cache
def exam_of(unit, exercise, points, seed):
    known = [mistake for mistake in KNOWN[unit] if mistake.exercise == exercise]
    return fresh_exam(SPECS[exercise], points, REFERENCES[unit], known, seed)


@pytest.mark.parametrize(("unit", "exercise", "points"), EXERCISES)
def test_the_reference_passes_every_exam(unit, exercise, points):
    answer = LocalFunction(getattr(REFERENCES[unit], exercise))

    for seed in SEEDS:
        result = mark(SPECS[exercise], exam_of(unit, exercise, points, seed), answer)
        assert result.points == points, f"seed {seed}: {result.message}"


@pytest.mark.parametrize("seeds", [SEEDS[:1], pytest.param(SEEDS[1:], marks=pytest.mark.slow)], ids=["one", "others"])
@pytest.mark.parametrize(("unit", "exercise", "points"), EXERCISES)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # overflow and division by zero are what some mistakes do
def test_every_known_mistake_loses_points_and_is_named(unit, exercise, points, seeds):
    tried = [(mistake, seed) for mistake in KNOWN[unit] if mistake.exercise == exercise for seed in seeds]
    faults = []
    for mistake, seed in tried:
        result = mark(SPECS[exercise], exam_of(unit, exercise, points, seed), LocalFunction(mistake.function))
        if result.points == points or result.mistake != mistake.name:
            faults.append(f"{mistake.name}, seed {seed}: {result.points} points, named {result.mistake}")

    assert tried
    assert not faults, "\n".join(faults)


def test_two_seeds_ask_other_numbers_and_one_seed_the_same():
    def asked(seed):
        exam = exam_of("u01_rnn_cell", "rnn_cell_forward", 4, seed)
        return exam.questions[1].inputs["x_t"]

    np.testing.assert_array_equal(asked(1), asked(1))
    assert asked(1).shape != asked(2).shape or (asked(1) != asked(2)).any()


def test_the_sizes_of_an_exam_are_all_different():
    for seed in range(20):
        sizes = fresh_sizes(SPECS["rnn_forward"], np.random.default_rng(seed))
        assert len(set(sizes.values())) == 4


def test_hidden_exams_tell_no_expected_number():
    def nearly(z, axis=-1):
        right = REFERENCES["u01_rnn_cell"].softmax(z, axis)
        return right + (0.25 * (-1) ** np.arange(z.shape[-1]) if z.ndim == 3 else 0)

    marks = mark(SPECS["softmax"], exam_of("u01_rnn_cell", "softmax", 2, 0), LocalFunction(nearly))

    assert "expected another number" in marks.message


@pytest.mark.parametrize(("unit", "exercise", "points"), EXERCISES)
def test_examples_worked_by_hand_are_the_same_in_every_exam(unit, exercise, points):
    # Their expected numbers are shown, so nothing in them may be drawn.
    one, other = (exam_of(unit, exercise, points, seed).questions for seed in (0, 1))

    for a, b in zip(one, other, strict=True):
        assert a.by_hand == b.by_hand
        assert not a.by_hand or same_outcome(SPECS[exercise], a.expected, b.expected)


def test_only_examples_without_drawn_numbers_are_known_to_be_worked_by_hand():
    softmax, lstm = (
        [question.by_hand for question in exam_of(unit, exercise, 5, 0).questions[:4]]
        for unit, exercise in (("u01_rnn_cell", "softmax"), ("u04_lstm", "lstm_cell_forward"))
    )

    assert softmax == [True, False, False, False]
    assert lstm == [True, False, False, False]  # the gates that are open or shut stand among drawn weights


def test_an_answer_written_for_features_first_is_told_its_axes():
    def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
        return np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h).T, None

    marks = mark(
        SPECS["rnn_cell_forward"], exam_of("u01_rnn_cell", "rnn_cell_forward", 4, 0), LocalFunction(rnn_cell_forward)
    )

    assert marks.mistake == "states-in-columns"
    assert "weights on the right" in marks.message
