"""Demonstrations run whatever is solved: each cell lets the exercises that it uses be stood in for."""

import ast

import pytest

import solutions
from rnnlab import standins
from rnnlab.specs import SPECS, UNITS
from solutions.text import Cell, Unit

# Units whose demonstrations run before their exercises are solved: those that have stand-ins.
READY = sorted(name for name in UNITS if (solutions.FOLDER.parent / "rnnlab" / "standins" / f"{name}.py").exists())


def exercises_used(cell: Cell) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name)} & set(SPECS)


def exercises_stood_in_for(cell: Cell) -> set[str]:
    calls = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
    asked = [call for call in calls if ast.unparse(call.func) == "stand_in"]
    return {argument.value for call in asked for argument in call.args if isinstance(argument, ast.Constant)}


def demonstrations(unit: Unit) -> list[Cell]:
    return [cell for cell in unit.cells if cell.demo]


@pytest.mark.parametrize("name", READY)
def test_a_demonstration_asks_for_what_stands_in_for_the_exercises_that_it_uses(name):
    lacking = {}
    for cell in demonstrations(solutions.unit(name)):
        if without := exercises_used(cell) - exercises_stood_in_for(cell):
            lacking[cell.key] = without

    assert lacking == {}


@pytest.mark.parametrize("name", READY)
def test_whatever_a_demonstration_asks_for_is_there(name):
    module = __import__(f"{standins.__name__}.{name}", fromlist=["*"])
    asked = set().union(*(exercises_stood_in_for(cell) for cell in demonstrations(solutions.unit(name))))

    assert asked <= set(vars(module))
