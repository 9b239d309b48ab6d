"""What a failure costs: answers that call unwritten functions, lists of questions, examples worked by hand."""

from functools import cache

import numpy as np
import pytest

import solutions
from autograder.judging.exam_builder import fresh_exam
from rnnlab.checking import public_answers
from rnnlab.checking.marking import mark
from rnnlab.checks import LocalFunction
from rnnlab.specs import SPECS, UNITS

POINTS = {cell.exercise: (unit, cell.points) for unit in UNITS for cell in solutions.unit(unit).exercises}
DEPENDENT = [name for name in POINTS if SPECS[name].builds_on]
LISTS = [name for name in POINTS if SPECS[name].proportional]


@cache
def exams(exercise):
    """Return the exam of the student's check and one of the judge's."""
    unit, points = POINTS[exercise]
    spec = SPECS[exercise]
    return [public_answers.load(exercise, unit), fresh_exam(spec, points, solutions.reference(unit), [], seed=4)]


def stub(*args, **kwargs):
    raise NotImplementedError


def unwritten(module, name):
    setattr(module, name, stub)


def missing(module, name):
    delattr(module, name)


# -- exercises that build on others ------------------------------------------------------------------------------------


@pytest.mark.parametrize("exercise", DEPENDENT)
@pytest.mark.parametrize("without", [unwritten, missing])
def test_a_right_answer_keeps_its_points_without_the_exercises_that_it_builds_on(exercise, without):
    unit, points = POINTS[exercise]
    answers = solutions.reference(unit)
    for name in SPECS[exercise].builds_on:
        without(answers, name)

    for exam in exams(exercise):
        result = mark(SPECS[exercise], exam, LocalFunction(getattr(answers, exercise)))

        assert (result.points, result.status) == (points, "pass"), result.message
        assert "a right one was put in its place" in result.message


@pytest.mark.parametrize("without", [unwritten, missing])
def test_a_wrong_answer_is_wrong_and_not_unwritten_where_another_is(without):
    answers = solutions.reference("u01_rnn_cell")
    without(answers, "rnn_cell_forward")
    exec(
        "def rnn_forward(x, h0, W_xh, W_hh, b_h):\n    return rnn_cell_forward(x[:, 0], h0, W_xh, W_hh, b_h)",
        vars(answers),
    )

    for exam in exams("rnn_forward"):
        result = mark(SPECS["rnn_forward"], exam, LocalFunction(answers.rnn_forward))

        assert (result.points, result.status) == (0, "fail")
        assert "h_all has shape" in result.message


@pytest.mark.parametrize("exercise", DEPENDENT)
def test_an_unwritten_answer_is_unwritten_where_others_are_right(exercise):
    def unwritten(*args, **kwargs):
        raise NotImplementedError

    unit, _ = POINTS[exercise]
    unwritten.__signature__ = __import__("inspect").signature(getattr(solutions.reference(unit), exercise))

    for exam in exams(exercise):
        assert mark(SPECS[exercise], exam, LocalFunction(unwritten)).status == "unwritten"


def test_an_answer_with_one_unwritten_branch_is_not_unwritten():
    reference = solutions.reference("u01_rnn_cell").rnn_readout

    def rnn_readout(h_all, W_hy, b_y, mode):
        if mode not in ("every", "last"):
            raise NotImplementedError
        return reference(h_all, W_hy, b_y, mode)

    for exam in exams("rnn_readout"):
        result = mark(SPECS["rnn_readout"], exam, LocalFunction(rnn_readout))
        assert (result.points, result.status) == (1, "error")


# -- lists of questions ------------------------------------------------------------------------------------------------


def asked(exercise):
    """Return the name of the parameter, and the right answer to each question that has one."""
    spec = SPECS[exercise]
    (parameter,) = spec.parameters
    reference = getattr(solutions.reference(POINTS[exercise][0]), exercise)
    answers = {}
    for case in spec.cases:
        question = spec.draw(case, np.random.default_rng(0), {})[parameter]
        try:
            answers[question] = reference(question)
        except KeyError:
            continue
    return parameter, answers


def table(parameter, answers):
    return eval(f"lambda {parameter}: answers[{parameter}]", {"answers": answers})


def earned(exercise, answers):
    """Return what a table of answers gets at the judge; the check, which does not know all of them, gives no less."""
    parameter, _ = asked(exercise)
    check, judge = (
        mark(SPECS[exercise], exam, LocalFunction(table(parameter, answers))).points for exam in exams(exercise)
    )
    assert check >= judge
    return judge


def test_ten_of_twelve_tasks_are_worth_half_of_the_points():
    _, right = asked("classify_task")
    answers = dict(list(right.items())[:10])

    assert earned("classify_task", {**dict.fromkeys(right, "many-to-many"), **answers}) == 1


@pytest.mark.parametrize("exercise", LISTS)
def test_points_grow_with_the_answers_that_are_right(exercise):
    _, right = asked(exercise)
    points = [
        earned(exercise, dict.fromkeys(right, "?") | dict(list(right.items())[:known]))
        for known in range(len(right) + 1)
    ]

    assert points == sorted(points)
    assert (points[0], points[-2], points[-1]) == (0, max(0, POINTS[exercise][1] - 1), POINTS[exercise][1])


@pytest.mark.parametrize("exercise", LISTS)
def test_one_word_for_every_question_earns_nothing(exercise):
    _, right = asked(exercise)

    for word in set(right.values()):
        assert earned(exercise, dict.fromkeys(right, word)) == 0


def test_the_choice_questions_are_the_lists():
    assert set(LISTS) == {"classify_task", "cheapest_check", "vanishing_quiz", "lstm_to_gru"}


# -- examples worked by hand -------------------------------------------------------------------------------------------


def test_an_example_costs_everything_where_the_idea_is_wrong():
    def image_to_sequence(images, order):
        return images

    for exam in exams("image_to_sequence"):
        result = mark(SPECS["image_to_sequence"], exam, LocalFunction(image_to_sequence))
        assert result.points == 0
        assert result.message.startswith("a 2 x 2 image by columns")
