"""The judge against automatic mutants of the reference answers: a fault that costs nothing is a gap in the checks."""

import signal
from contextlib import contextmanager

import numpy as np
import pytest

import solutions
from autograder.exams import fresh_exam
from rnnlab.checks import Own
from rnnlab.marking import mark
from rnnlab.specs import SPECS, UNITS
from tests.mutants import mutants

REFERENCES = {unit: solutions.reference(unit) for unit in UNITS}
EXERCISES = [(unit, cell) for unit in UNITS for cell in solutions.unit(unit).exercises]

# Mutants that are right answers, too: exercise → what was changed → why it changes nothing that is asked.
EQUIVALENT: dict[str, dict[str, str]] = {
    "softmax": {
        "line 11: left out: z = z.astype(np.float64)": "np.exp of whole numbers is float64 anyway",
    },
    "rnn_backward": {
        "line 9: one less: 0": "dh_all[:, -1] has the shape of dh_all[:, 0], and only its shape is used",
    },
    "image_to_sequence": {
        "line 15: one more: 1": "reshape takes -2 for the unknown size as it takes -1",
    },
}


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
            mark(SPECS[cell.exercise], exam, Own(namespace[cell.exercise])).points == cell.points for exam in exams
        )


@pytest.mark.parametrize(("unit", "cell"), EXERCISES, ids=lambda value: getattr(value, "exercise", value))
@pytest.mark.filterwarnings("ignore")  # mutants divide by zero and worse
def test_mutants_of_a_reference_lose_points(unit, cell):
    exams = [fresh_exam(SPECS[cell.exercise], cell.points, REFERENCES[unit], [], seed) for seed in (1, 2)]
    made = mutants(cell)
    survivors = [change for change, source in made.items() if survives(unit, cell, source, exams)]

    assert sorted(survivors) == sorted(EQUIVALENT.get(cell.exercise, {}))
    assert made


@pytest.mark.parametrize("unit", [unit for unit, specs in UNITS.items() if specs])
def test_at_least_95_of_100_mutants_of_a_unit_lose_points(unit, capsys):
    cells = solutions.unit(unit).exercises
    made = sum(len(mutants(cell)) for cell in cells)
    survived = sum(len(EQUIVALENT.get(str(cell.exercise), {})) for cell in cells)
    with capsys.disabled():
        print(f"\n{unit}: {made} mutants, {made - survived} lose points, {survived} are right answers too")

    assert made - survived >= 0.95 * made
