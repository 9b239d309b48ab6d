"""What stands in for answers that are not written yet: where, for how long, and that it is right and no answer."""

import importlib
import pkgutil
from functools import partial

import pytest

from rnnlab import CheckFailed, check, stand_in, standins, unsolved
from rnnlab.checks import marks
from rnnlab.specs import SPECS, UNITS

NAMES = [module.name for module in pkgutil.iter_modules(standins.__path__)]
MODULES = [importlib.import_module(f"rnnlab.standins.{name}") for name in NAMES]
LENT = [getattr(module, name) for module in MODULES for name in sorted(vars(module)) if name in SPECS]


def stub(z, axis=-1):
    """Say what is to be done."""
    raise NotImplementedError("write this")


def half_written(z, axis=-1):
    shifted = z - z.max()
    print(shifted)
    raise NotImplementedError("write this")


def written(z, axis=-1):
    if axis != -1:
        raise NotImplementedError("another axis")
    return z


@pytest.fixture
def ask():
    """Return a function that calls stand_in in a notebook with these names, and returns what it has afterwards."""

    def asked(*names, **notebook):
        notebook["stand_in"] = stand_in
        exec(f"stand_in(*{names!r})", notebook)
        return notebook

    return asked


@pytest.mark.parametrize("function", LENT, ids=lambda function: function.__name__)
def test_what_stands_in_passes_every_check_of_its_exercise(function):
    result = marks(function)

    assert result.status == "pass"
    assert not [row for row in result.rows if row.result != "passed"]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_what_a_unit_lends_belongs_to_its_own_exercises(module):
    unit = module.__name__.rpartition(".")[2]
    own = {name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__}

    assert {name for name in own if not name.startswith("_")} <= {spec.name for spec in UNITS[unit]}


@pytest.mark.parametrize("there", [{}, {"softmax": stub}, {"softmax": half_written}], ids=["nothing", "stub", "half"])
def test_a_function_that_is_not_written_is_stood_in_for_and_a_line_says_so(ask, capsys, there):
    notebook = ask("softmax", **there)

    assert unsolved.is_lent(notebook["softmax"])
    assert capsys.readouterr().out == "Not written yet, so a function of the course stands in: softmax.\n"


def test_a_function_that_was_written_stays_even_if_it_raises_for_some_arguments(ask, capsys):
    assert ask("softmax", softmax=written)["softmax"] is written
    assert capsys.readouterr().out == ""


def test_the_line_comes_again_as_long_as_a_function_stands_in(ask, capsys):
    ask("softmax", softmax=ask("softmax")["softmax"])

    assert capsys.readouterr().out.count("stands in: softmax") == 2


def test_what_an_exercise_builds_on_is_stood_in_for_too(ask):
    notebook = ask("rnn_forward", rnn_forward=written)

    assert notebook["rnn_forward"] is written
    assert unsolved.is_lent(notebook["rnn_cell_forward"])


def test_a_name_that_no_exercise_has_is_refused_with_the_nearest_one(ask):
    with pytest.raises(LookupError, match=r"no exercise is called 'sofmax'\. Did you mean 'softmax'\?"):
        ask("sofmax")


def test_a_check_takes_a_stand_in_for_an_answer_that_is_not_written(ask):
    with pytest.raises(CheckFailed, match="softmax is not written yet: a function of the course stands in"):
        check(ask("softmax")["softmax"])


def test_where_there_are_no_stand_ins_as_while_grading_nothing_changes(ask, capsys, monkeypatch):
    monkeypatch.setattr(unsolved, "PACKAGE", "rnnlab.nowhere")
    notebook = ask("softmax", softmax=stub)

    assert notebook["softmax"] is stub
    assert capsys.readouterr().out == ""


def test_the_messages_name_no_exercise_that_was_not_asked_for(ask):
    assert set(partial(ask, "num_params")()) & set(SPECS) == {"num_params"}
