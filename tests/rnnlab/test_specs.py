"""The rules of the exercises agree with the texts, and keep rules of their own."""

import numpy as np
import pytest

import solutions
from rnnlab.checking.calling import parameters
from rnnlab.checking.spec import Case
from rnnlab.specs import SPECS, UNITS


def cases() -> list[tuple[str, Case]]:
    return [(spec.name, case) for spec in SPECS.values() for case in spec.cases]


def test_no_two_exercises_of_the_course_have_one_name():
    names = [spec.name for specs in UNITS.values() for spec in specs]

    assert len(names) == len(set(names))


def test_no_two_cases_of_an_exercise_have_one_title():
    titled = [(name, case.title) for name, case in cases()]

    assert len(titled) == len(set(titled))


def test_a_spec_is_named_as_its_constant():
    assert SPECS["one_hot"].name == "one_hot"
    assert "" not in SPECS


def test_cases_that_are_worked_by_hand_come_first():
    for spec in SPECS.values():
        assert spec.cases[: len(spec.worked)] == spec.worked, spec.name


def test_the_sizes_of_an_exercise_are_all_different():
    for spec in SPECS.values():
        assert len(set(spec.sizes.values())) == len(spec.sizes), spec.name


def test_what_an_exercise_builds_on_is_an_exercise():
    assert {name for spec in SPECS.values() for name in spec.builds_on} <= set(SPECS)


@pytest.mark.parametrize("unit", UNITS)
def test_the_inputs_are_the_parameters_of_the_text_in_their_order(unit):
    reference = solutions.reference(unit)
    for spec in UNITS[unit]:
        written = tuple(parameter.name for parameter in parameters(getattr(reference, spec.name)))
        assert spec.parameters == written, spec.name


@pytest.mark.parametrize("unit", UNITS)
def test_every_case_gives_all_that_is_required_and_nothing_unknown(unit):
    reference = solutions.reference(unit)
    for spec in UNITS[unit]:
        required = {p.name for p in parameters(getattr(reference, spec.name)) if p.required}
        for case in spec.cases:
            drawn = spec.draw(case, np.random.default_rng(0), {**spec.sizes, **case.sizes})
            assert required <= set(drawn) <= set(spec.parameters), (spec.name, case.title)


def test_two_draws_share_no_array_that_is_drawn():
    """A case that alters its inputs must not alter those of the next."""
    for spec in SPECS.values():
        for case in spec.cases:
            sizes = {**spec.sizes, **case.sizes}
            first, again = (spec.draw(case, np.random.default_rng(1), sizes) for _ in range(2))
            assert repr(first) == repr(again), (spec.name, case.title)
