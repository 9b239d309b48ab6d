"""The rules of the exercises keep rules of their own."""

from rnnlab.checking.spec import Case
from rnnlab.specs import SPECS, UNITS


def cases() -> list[tuple[str, Case]]:
    return [(spec.name, case) for spec in SPECS.values() for case in (*spec.worked, *spec.cases)]


def test_no_two_exercises_of_the_course_have_one_name():
    names = [spec.name for specs in UNITS.values() for spec in specs]

    assert len(names) == len(set(names))


def test_no_two_cases_of_an_exercise_have_one_title():
    titled = [(name, case.title) for name, case in cases()]

    assert len(titled) == len(set(titled))


def test_the_sizes_of_an_exercise_are_all_different():
    for spec in SPECS.values():
        assert len(set(spec.sizes.values())) == len(spec.sizes), spec.name


def test_what_an_exercise_builds_on_is_an_exercise():
    assert {name for spec in SPECS.values() for name in spec.builds_on} <= set(SPECS)
