"""Unit 00: what it says about the course is what the texts say."""

import pytest

import solutions
from autograder.build import README, SUMMARIES, readme, summaries
from rnnlab import course
from rnnlab.specs import UNITS

TEXTS = [solutions.unit(name) for name in solutions.units()]


def test_every_folder_of_a_unit_has_its_rules_and_nothing_else_has():
    assert solutions.units() == list(UNITS)


def test_the_committed_map_is_what_the_texts_say():
    assert SUMMARIES.read_text(encoding="utf-8") == summaries(TEXTS)


def test_the_committed_readme_lists_the_units_as_the_texts_say():
    assert README.read_text(encoding="utf-8") == readme(TEXTS)


def test_the_map_shows_the_units_in_order():
    assert [unit.title[:2] for unit in course.units()] == [f"{number:02d}" for number in range(len(TEXTS))]


@pytest.mark.parametrize("unit", TEXTS, ids=lambda unit: unit.name)
def test_the_minutes_of_a_unit_are_those_of_its_exercises_and_of_reading_it(unit):
    least, _ = unit.minutes

    assert f"**Time** {unit.span} minutes" in unit.cells[0].source
    assert least >= unit.words / 250 + 5 * len(unit.exercises) - 5
