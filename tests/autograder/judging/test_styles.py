"""Right answers in other styles than the reference's keep all their points, in the check and in every exam."""

from functools import cache

import pytest

import solutions
from autograder.judging.exam_builder import fresh_exam
from rnnlab.checking.marking import mark
from rnnlab.checks import LocalFunction, marks
from rnnlab.specs import SPECS, UNITS
from solutions.mistakes import mistakes
from solutions.styles import styles

SEEDS = range(3)
STYLES = [(unit, style) for unit in UNITS for style in styles(unit)]
POINTS = {cell.exercise: cell.points for unit in UNITS for cell in solutions.unit(unit).exercises}

reference = cache(solutions.reference)
known = cache(mistakes)


@cache
def exam_of(unit, exercise, seed):
    mine = [mistake for mistake in known(unit) if mistake.exercise == exercise]
    return fresh_exam(SPECS[exercise], POINTS[exercise], reference(unit), mine, seed)


@pytest.mark.parametrize("seeds", [SEEDS[:1], pytest.param(SEEDS[1:], marks=pytest.mark.slow)], ids=["one", "others"])
@pytest.mark.parametrize(
    ("unit", "style"), STYLES, ids=[f"{unit[:3]}-{style.exercise}-{style.name}" for unit, style in STYLES]
)
def test_no_right_answer_is_refused_for_its_style(unit, style, seeds):
    namespace = dict(vars(reference(unit)))
    exec(style.as_answer(), namespace)
    answer = namespace[style.exercise]

    results = {"the check": marks(answer)}
    for seed in seeds:
        exam = exam_of(unit, style.exercise, seed)
        results[f"seed {seed}"] = mark(SPECS[style.exercise], exam, LocalFunction(answer))

    for where, result in results.items():
        assert (result.points, result.status) == (POINTS[style.exercise], "pass"), f"{where}: {result.message}"
        assert result.mistake is None, f"{where}: named {result.mistake}"


@pytest.mark.parametrize("unit", [unit for unit, specs in UNITS.items() if specs])
def test_a_unit_with_exercises_has_right_answers_in_other_styles(unit):
    assert styles(unit)


@pytest.mark.parametrize("unit", ["u05_gru", "u06_image_captioning"])
def test_every_exercise_of_the_unit_is_answered_in_another_style(unit):
    assert {style.exercise for style in styles(unit)} == {cell.exercise for cell in solutions.unit(unit).exercises}


def test_a_unit_without_a_module_of_styles_has_none():
    assert styles("u99_unit") == []
