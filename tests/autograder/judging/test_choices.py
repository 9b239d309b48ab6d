"""What can be had in choice questions by trying words on what ships, and guessing the rest: nearly nothing."""

import pytest

import solutions
from autograder.judging.exam_builder import fresh_exam
from rnnlab.checking import public_answers
from rnnlab.checking.calling import Parameter, Raised, Returned
from rnnlab.checking.compare import Digest
from rnnlab.checking.marking import mark
from rnnlab.specs import SPECS, UNITS
from tests.autograder.judging.test_replay import CHOICES

EXERCISES = {
    str(cell.exercise): (unit, cell.points)
    for unit in UNITS
    for cell in solutions.unit(unit).exercises
    if cell.exercise in CHOICES
}
WORDS = {name: next(case.choices for case in SPECS[name].cases if case.choices) for name in EXERCISES}


class Trying:
    """Tries all words on the digest of a question; where none fits, it guesses always the same."""

    def __init__(self, exercise, guess):
        unit, _ = EXERCISES[exercise]
        self.spec, self.guess = SPECS[exercise], guess
        self.questions = public_answers.load(self.spec.name, unit).questions

    def parameters(self):
        return tuple(Parameter(name, True) for name in self.spec.parameters)

    def call(self, inputs, supply):
        known = next(q.expected for q in self.questions if q.inputs == dict(inputs))
        if isinstance(known, Raised):
            return known
        (digest,) = known.value
        assert isinstance(digest, Digest)
        return Returned(next((word for word in WORDS[self.spec.name] if digest.matches(word)), self.guess))


def earned(exercise, guess):
    unit, points = EXERCISES[exercise]
    exam = fresh_exam(SPECS[exercise], points, solutions.reference(unit), [], seed=1)
    return mark(SPECS[exercise], exam, Trying(exercise, guess)).points


def test_choice_questions_are_worth_seven_points():
    assert sum(points for _, points in EXERCISES.values()) == 7


@pytest.mark.slow
def test_trying_and_guessing_earns_at_most_one_point_of_seven_on_average():
    average = {name: sum(earned(name, word) for word in WORDS[name]) / len(WORDS[name]) for name in EXERCISES}

    assert sum(average.values()) <= 1


@pytest.mark.parametrize("exercise", EXERCISES)
def test_only_answers_that_the_text_gives_can_be_found_by_trying(exercise):
    tried = Trying(exercise, "")
    text = "".join(cell.source for cell in solutions.unit(EXERCISES[exercise][0]).cells)
    found = [q.inputs for q in tried.questions if not isinstance(q.expected, Raised) and tried.call(q.inputs, {}).value]

    assert len(found) <= 3
    for inputs in found:
        (asked,) = inputs.values()
        assert f'"{asked}"' in text
