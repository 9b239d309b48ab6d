"""Float32 and float64: what a dtype costs is announced, and a right answer of another width keeps its points."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import solutions
from autograder.judging.exam_builder import fresh_exam
from rnnlab.checking import public_answers
from rnnlab.checking.calling import Raised
from rnnlab.checking.exam import outcome
from rnnlab.checking.marking import mark
from rnnlab.checking.spec import each, with_dtype
from rnnlab.checks import LocalFunction
from rnnlab.specs import SPECS, UNITS

REFERENCES = {unit: solutions.reference(unit) for unit in UNITS}
EXERCISES = [(unit, cell) for unit in UNITS for cell in solutions.unit(unit).exercises]
ANNOUNCED = re.compile(r"\bdtype\b|\bfloat32\b|\bfloat64\b")


class Recast:
    """The reference answer, whose arrays of dtype ``old``, in what it takes or in what it returns, become ``new``."""

    def __init__(self, function, old, new, *, inside=False):
        self.own, self.old, self.new, self.inside = LocalFunction(function), old, new, inside

    def parameters(self):
        return self.own.parameters()

    def call(self, inputs, supply):
        asked = {name: with_dtype(value, self.old, self.new) for name, value in inputs.items()}
        result = self.own.call(asked if self.inside else inputs, supply)
        if isinstance(result, Raised):
            return result
        return replace(result, value=with_dtype(result.value, self.old, self.new))


@cache
def exams(unit, cell):
    """Return the exam of the check, and two of the judge's."""
    fresh = [fresh_exam(SPECS[cell.exercise], cell.points, REFERENCES[unit], [], seed) for seed in range(2)]
    return [public_answers.load(cell.exercise, unit), *fresh]


def dtypes(value):
    return each(lambda item: getattr(item, "dtype", None), value)


def statement(unit, cell):
    """Return the prose between the title of an exercise and its answer."""
    cells = solutions.unit(unit).cells
    return cells[cells.index(cell) - 1].source


@pytest.mark.parametrize(("unit", "cell"), EXERCISES, ids=lambda value: getattr(value, "exercise", value))
def test_float64_where_float32_was_given_costs_nothing_that_was_not_announced(unit, cell):
    reference = getattr(REFERENCES[unit], cell.exercise)

    for exam in exams(unit, cell):
        result = mark(SPECS[cell.exercise], exam, Recast(reference, np.float32, np.float64))

        if result.points < cell.points:
            assert result.points == cell.points - 1, result.message
            assert ANNOUNCED.search(statement(unit, cell))
            assert ANNOUNCED.search(reference.__doc__)


def test_dtype_is_charged_for_where_it_is_the_lesson():
    charging = {
        cell.exercise
        for unit, cell in EXERCISES
        for exam in exams(unit, cell)
        if mark(
            SPECS[cell.exercise], exam, Recast(getattr(REFERENCES[unit], cell.exercise), np.float32, np.float64)
        ).points
        < cell.points
    }

    assert charging == {"one_hot", "softmax", "sigmoid"}


@pytest.mark.parametrize(("unit", "cell"), EXERCISES, ids=lambda value: getattr(value, "exercise", value))
def test_properties_ask_in_the_dtypes_of_their_inputs(unit, cell):
    spec = SPECS[cell.exercise]
    narrow = Recast(getattr(REFERENCES[unit], cell.exercise), np.float64, np.float32)
    given = dict(fresh_exam(spec, cell.points, REFERENCES[unit], [], 0).questions[len(spec.worked)].inputs)
    asked = []

    def ask(inputs):
        asked.append(inputs)
        return outcome(spec, narrow.call(inputs, {}))

    for property_ in spec.properties:
        assert property_.broken(ask, given) is None

    assert len(asked) >= len(spec.properties)
    assert {str(dtypes(inputs[name])) for inputs in asked for name in inputs} <= {
        str(dtypes(value)) for value in [*given.values(), np.zeros(1)]
    }


@pytest.mark.parametrize(("unit", "cell"), EXERCISES, ids=lambda value: getattr(value, "exercise", value))
def test_float32_where_float64_was_given_costs_nothing(unit, cell):
    # numerical_gradient refuses float32, as its text says: the nudge would leave it too few digits.
    for inside in (False, True) if cell.exercise != "numerical_gradient" else (False,):
        narrow = Recast(getattr(REFERENCES[unit], cell.exercise), np.float64, np.float32, inside=inside)
        for exam in exams(unit, cell):
            result = mark(SPECS[cell.exercise], exam, narrow)
            assert result.points == cell.points, f"float32 inside: {inside}; {result.message}"
