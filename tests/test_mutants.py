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
SATURATED = "a saturated gate needs a large number, not this one"
EQUIVALENT: dict[str, dict[str, str]] = {
    "softmax": {
        "line 11: left out: z = z.astype(np.float64)": "np.exp of whole numbers is float64 anyway",
    },
    "rnn_backward": {
        "line 9: one less: 0": "dh_all[:, -1] has the shape of dh_all[:, 0], and only its shape is used",
    },
    "activation": {
        "line 18: arguments swapped: np.maximum(a, 0)": "the larger of two numbers does not depend on their order",
    },
    "init_hidden": {
        "line 17: other operator: q * np.sign(np.diag(r))": "dividing by 1 or -1 is multiplying by it",
    },
    "clip_by_global_norm": {
        "line 11: other comparison: norm > max_norm": "at the limit itself the factor is 1 either way",
    },
    "handmade_memory": {
        **{
            f"line {line}: one {step}: {number}": SATURATED
            for line, number in [(9, 10), (9, 20), (10, 10), (10, 20), (11, 10)]
            for step in ("more", "less")
        },
        "line 11: right side only: 2 * H": "what lies before is left as it is or set to the same number",
        "line 11: one less: 2": "the forget gate's bias is set to the same number before",
        "line 10: one more: 2": "the output gate's bias is set to the same number afterwards",
    },
    "lstm_backward": {
        "line 14: arguments swapped: zip(sums, step, strict=True)": "a sum does not depend on the order",
    },
    "caption_loss": {
        "line 10: without axis: np.take_along_axis(log_p, targets[:, :, np.newaxis], axis=-1)": "-1 is the default",
        "line 10: one less: 0": "the axis has length 1, so the first is the last",
    },
    "greedy_caption": {
        "line 13: sign dropped: -1": "of two axes the last is axis 1",
    },
    "bleu": {
        "line 20: arguments swapped: min(1.0, np.exp(1 - r / len(words)))": "the smaller does not depend on the order",
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
