"""The assignments for other graders check the same as the course's."""

import ast

import pytest

from bench import equivalent
from bench.equivalent import HIDDEN, NotEquivalent

UNITS = ("u01_rnn_cell", "u06_image_captioning")


@pytest.fixture(scope="module", params=UNITS)
def nb(request):
    return equivalent.assignment(request.param)


def executed(nb, answers=None):
    """Execute what the assignment defines and asks, with some answers replaced; return the exercises that fail."""
    names, failed = {"__name__": "__main__"}, []
    for cell in nb.cells:
        if cell.cell_type != "code" or "demo" in cell.metadata.get("tags", ()):
            continue
        source = (answers or {}).get(cell.id, cell.source)
        try:
            exec(compile(source, cell.id, "exec"), names)
        except Exception:
            failed.append(cell.id)
    return failed


def test_right_answers_pass_every_test(nb):
    assert executed(nb) == []


def test_a_wrong_answer_fails_the_tests_of_its_exercise(nb):
    checked = [cell.id.removesuffix("-check") for cell in nb.cells if HIDDEN in cell.source]

    for exercise in checked:
        (function,) = ast.parse(next(cell.source for cell in nb.cells if cell.id == exercise)).body
        function.body = ast.parse("return 0.0").body

        assert f"{exercise}-check" in executed(nb, {exercise: ast.unparse(function)})


def test_what_is_handed_in_holds_no_hidden_test_and_no_right_answer(nb):
    handed_in = equivalent.handed_in(nb)

    assert any(HIDDEN in cell.source for cell in nb.cells)
    assert not any(HIDDEN in cell.source or "right_" in cell.source for cell in handed_in.cells)


def test_exercises_with_several_right_results_are_refused():
    with pytest.raises(NotEquivalent, match="several correct results"):
        equivalent.tests("u03_vanishing_gradients")
