"""What ships with the course is worth nothing: fresh questions differ from seed to seed, and public answers are wrong.

Choice questions are left out: who knows all answers to a question of four words has answered it.
"""

from functools import cache

import numpy as np
import pytest

import solutions
from autograder.judging.exam_builder import fresh_exam
from rnnlab.checking import public_answers
from rnnlab.checking.calling import InputRecipe, Opaque, Parameter, Raised, Returned
from rnnlab.checking.differences import outcome_difference
from rnnlab.checking.exam import outcome
from rnnlab.checking.marking import mark
from rnnlab.specs import SPECS, UNITS

CHOICES = {"classify_task", "cheapest_check", "vanishing_quiz", "lstm_to_gru"}
REFERENCES = {unit: solutions.reference(unit) for unit in UNITS}
EXERCISES = [
    (unit, cell.exercise, cell.points)
    for unit in UNITS
    for cell in solutions.unit(unit).exercises
    if cell.exercise not in CHOICES
]


@cache
def exam_of(unit, exercise, points, seed):
    return fresh_exam(SPECS[exercise], points, REFERENCES[unit], [], seed)


def alike(given, known):
    """Return whether two inputs are the same up to the digits that are shipped; generators count as such."""
    if isinstance(given, InputRecipe) and isinstance(known, InputRecipe):
        return given.kind == known.kind and (given.kind == "generator" or given.what == known.what)
    if isinstance(given, dict) and isinstance(known, dict):
        return given.keys() == known.keys() and all(alike(given[key], known[key]) for key in given)
    if isinstance(given, (tuple, list)) and isinstance(known, (tuple, list)):
        return len(given) == len(known) and all(map(alike, given, known))
    if isinstance(given, str) or isinstance(known, str):
        return given == known
    given, known = np.asarray(given), np.asarray(known)
    same_kind = (given.shape, given.dtype) == (known.shape, known.dtype)
    return same_kind and bool(np.allclose(given, known, rtol=1e-6))


class Replay:
    """Looks inputs up in the public answer file; for others it repeats the answer to the first question."""

    def __init__(self, unit, spec):
        self.spec = spec
        self.questions = public_answers.load(spec.name, unit).questions

    def parameters(self):
        return tuple(Parameter(name, True) for name in self.spec.parameters)

    def call(self, inputs, supply):
        known = next((q for q in self.questions if alike(dict(inputs), q.inputs)), self.questions[0])
        return self.returned(known.expected)

    def returned(self, expected):
        if isinstance(expected, Raised):
            return expected
        spec, parts = self.spec, [self.part(value) for value in expected.value]
        if spec.as_dict and len(parts) == len(spec.returns):
            held = len(parts) - spec.beside_dict
            as_dict = dict(zip((output.name for output in spec.returns), parts[:held], strict=False))
            return Returned((as_dict, *parts[held:]) if spec.beside_dict else as_dict)
        return Returned(tuple(parts) if len(parts) > 1 else parts[0])

    @staticmethod
    def part(value):
        return [None] * (value.length or 0) if isinstance(value, Opaque) else value


def asks_something_else(question, other):
    """Return whether the other question needs another answer: other numbers, or, of random ones, another generator."""
    if question.case.examine is not None:
        return question.inputs != other.inputs
    return not question.case.edge and not alike(question.inputs, other.inputs)


@pytest.mark.parametrize(("unit", "exercise", "points"), EXERCISES)
def test_some_question_that_costs_points_differs_between_seeds(unit, exercise, points):
    one, other = (exam_of(unit, exercise, points, seed).questions for seed in (1, 2))

    assert any(map(asks_something_else, one, other))


@pytest.mark.parametrize(("unit", "exercise", "points"), EXERCISES)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # public answers with other inputs lead to anything
def test_repeating_public_answers_earns_nothing(unit, exercise, points):
    replay = Replay(unit, SPECS[exercise])

    for seed in range(3):
        assert mark(SPECS[exercise], exam_of(unit, exercise, points, seed), replay).points == 0, f"seed {seed}"


@pytest.mark.parametrize(("unit", "exercise", "points"), EXERCISES)
def test_public_answers_are_right_for_public_questions(unit, exercise, points):
    spec = SPECS[exercise]
    replay = Replay(unit, spec)

    for question in replay.questions:
        if question.case.examine is None:
            again = outcome(spec, replay.call(question.inputs, {}))
            assert outcome_difference(spec, question, again, reveal=True) is None, question.case.title
