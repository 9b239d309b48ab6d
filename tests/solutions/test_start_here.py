"""Unit 00: what it says about the course is what the other texts say."""

import re
from pathlib import Path

import pytest

import solutions
from rnnlab.specs import UNITS
from rnnlab.stages import STAGES

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
BY_TITLE = {stage.title: stage for stage in STAGES}


def minutes(unit):
    least, most = re.search(r"^\*\*Time\*\* (\d+)–(\d+) minutes\.$", unit.cells[0].source, re.MULTILINE).groups()
    return int(least), int(most)


@pytest.mark.parametrize("name", UNITS)
def test_the_map_shows_title_points_and_minutes_of_every_unit(name):
    unit = solutions.unit(name)
    stage = BY_TITLE[unit.title]

    assert (stage.points, stage.minutes) == (unit.points, minutes(unit))


@pytest.mark.parametrize("name", UNITS)
def test_the_readme_lists_every_unit_with_its_points_and_minutes(name):
    unit = solutions.unit(name)
    least, most = minutes(unit)
    row = next(line for line in README.splitlines() if line.startswith(f"| [{unit.title}](notebooks/en/{name}/"))

    assert row.endswith(f"| {unit.points or '–'} | {least}–{most} |")


def test_the_map_shows_the_units_in_order():
    assert [stage.title[:2] for stage in STAGES] == [f"{number:02d}" for number in range(len(STAGES))]
