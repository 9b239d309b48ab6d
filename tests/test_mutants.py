"""The judge against automatic mutants of the reference answers: a fault that costs nothing is a gap in the checks."""

import signal
from contextlib import contextmanager

import numpy as np
import pytest

import solutions
from autograder.judging.exam_builder import fresh_exam
from rnnlab.checking.marking import mark
from rnnlab.checks import LocalFunction
from rnnlab.specs import SPECS, UNITS
from tests.mutants import EQUIVALENT, counted, mutants

REFERENCES = {unit: solutions.reference(unit) for unit in UNITS}
EXERCISES = [(unit, cell) for unit in UNITS for cell in solutions.unit(unit).exercises]


@contextmanager
def seconds(limit):
    """Raise TimeoutError in the block after ``limit`` seconds: some mutants loop for ever."""

    def stop(number, frame):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def survives(unit, cell, source, exams):
    namespace = dict(vars(REFERENCES[unit]))
    exec(source, namespace)
    with seconds(20), np.errstate(all="ignore"):
        return all(
            mark(SPECS[cell.exercise], exam, LocalFunction(namespace[cell.exercise])).points == cell.points
            for exam in exams
        )


@pytest.mark.slow
@pytest.mark.parametrize(("unit", "cell"), EXERCISES, ids=lambda value: getattr(value, "exercise", value))
@pytest.mark.filterwarnings("ignore")  # mutants divide by zero and worse
def test_mutants_of_a_reference_lose_points(unit, cell):
    exams = [fresh_exam(SPECS[cell.exercise], cell.points, REFERENCES[unit], [], seed) for seed in (1, 2)]
    made = mutants(cell)
    survivors = [change for change, source in made.items() if survives(unit, cell, source, exams)]

    assert sorted(survivors) == sorted(EQUIVALENT.get(cell.exercise, {}))
    assert made


@pytest.mark.parametrize("unit", sorted({unit for unit, _ in EXERCISES}))
def test_at_least_95_of_100_mutants_of_a_unit_lose_points(unit):
    made, killed = counted(solutions.unit(unit))

    assert killed >= 0.95 * made
