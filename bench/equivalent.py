"""A unit as an instructor would write it by hand for nbgrader: the same exercises, with ordinary asserts as checks.

Instead of ``check(softmax)``, its cells make the calls that the judge makes and compare each result.
The cases worked by hand are visible tests, with their numbers; the rest are hidden tests, which contain the reference
answer to compare with, and draw larger arrays at random.
"""

from __future__ import annotations

import copy
import re
from typing import Any

import nbformat
import numpy as np
from nbformat import NotebookNode

import solutions
from autograder.judging.exam_builder import fresh_exam
from autograder.paths import instructor_path
from rnnlab.checking.calling import Opaque, Raised, Returned, call
from rnnlab.checking.exam import Outcome, Question, outcome
from rnnlab.checking.spec import Array, Inputs, Output, Spec, Unchecked
from rnnlab.specs import SPECS
from solutions.text import Unit

SEED = 20_260_401
HIDDEN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
SHOWN_HEAD = "import numpy as np\n"
HIDDEN_HEAD = """\
rng = np.random.default_rng(1)

def draw(shape, dtype):
    return rng.standard_normal(shape).round(2).astype(dtype)
"""
MAX_LITERAL_SIZE = 24  # numbers of an array that somebody would write out by hand
# Ordinary inputs are standard normal; larger numbers belong to special cases and are written out.
MAX_DRAWN = 6


class NotEquivalent(Exception):
    """The unit checks something that cannot be written as an ordinary assert; the message says what."""


def assignment(unit: str) -> NotebookNode:
    """Return the instructor's notebook of ``unit`` with ordinary tests in its check cells.

    Raises NotEquivalent for a unit with an exercise that has several correct results.
    """
    nb = nbformat.read(instructor_path(unit), as_version=4)
    written = tests(unit)
    for cell in nb.cells:
        exercise = cell.id.removesuffix("-check")
        if exercise != cell.id and exercise in written:
            shown, hidden = written[exercise]
            cell.source = "\n".join([shown, HIDDEN, hidden, END])
    return nb


def handed_in(nb: NotebookNode) -> NotebookNode:
    """Return the instructor's notebook ``nb`` as a student with every answer right would submit it."""
    nb = copy.deepcopy(nb)
    for cell in nb.cells:
        shown, hidden, _ = cell.source.partition(HIDDEN)
        if hidden:
            cell.source = shown.rstrip()
    return nb


def tests(unit: str) -> dict[str, tuple[str, str]]:
    """Return the visible and the hidden tests of each exercise of ``unit``, as Python.

    Raises NotEquivalent for a unit with an exercise that has several correct results.
    """
    text, reference = solutions.unit(unit), solutions.reference(unit)
    written = {}
    for cell in text.exercises:
        spec = SPECS[str(cell.exercise)]
        questions = fresh_exam(spec, int(cell.points or 0), reference, (), SEED).questions
        if any(question.case.examine for question in questions):
            raise NotEquivalent(f"{spec.name} has several correct results.")
        worked = max(1, len(spec.worked))
        shown = [_shown_test(spec, question) for question in questions[:worked]]
        hidden = [_hidden_test(spec, q.case.title, q.inputs, q.expected) for q in questions[worked:]]
        ordinary = questions[len(spec.worked)].inputs
        hidden += [_hidden_test(spec, *asked) for asked in _asked(spec, getattr(reference, spec.name), ordinary)]
        written[spec.name] = (
            "\n".join([SHOWN_HEAD, *shown]),
            "\n".join([HIDDEN_HEAD, *_right(text, spec.name), *hidden]),
        )
    return written


def _asked(spec: Spec, right: Any, inputs: Inputs) -> list[tuple[str, Inputs, Outcome]]:
    """Return the calls that the spec's properties make of the reference: title, inputs and outcome."""
    calls: list[tuple[str, Inputs, Outcome]] = []
    for property_ in spec.properties:

        def ask(asked: Inputs, title: str = property_.title) -> Returned | Raised:
            seen = outcome(spec, call(right, asked))
            calls.append((title, copy.deepcopy(asked), seen))
            return seen

        property_.broken(ask, dict(inputs))
    return calls


def _right(unit: Unit, exercise: str) -> list[str]:
    """Return the source of the reference answer and of those that it calls, renamed."""
    sources = {str(cell.exercise): cell.source for cell in unit.exercises}
    needed, found = [exercise], set[str]()
    while needed:
        name = needed.pop()
        found.add(name)
        needed += [other for other in sources if other not in found and re.search(rf"\b{other}\(", sources[name])]
    renamed = re.compile(rf"\b({'|'.join(sources)})(?=\()")
    answers = [renamed.sub(r"right_\1", sources[name]) for name in sources if name in found]
    # nbgrader rejects these markers in cells without a solution.
    return [re.sub(r"\n *### (BEGIN|END) SOLUTION", "", answer) + "\n" for answer in answers]


def _shown_test(spec: Spec, question: Question) -> str:
    if isinstance(question.expected, Raised):
        return _refusal(spec, question.case.title, question.inputs, question.expected)
    given = ", ".join(f"{name}={_literal(value)}" for name, value in question.inputs.items())
    parts = [_literal(value) for value in question.expected.value]
    right = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
    lines = [f"# {question.case.title}", f"seen = {spec.name}({given})", f"right = {right}"]
    return "\n".join([*lines, *_comparisons(spec, question.expected)]) + "\n"


def _hidden_test(spec: Spec, title: str, inputs: Inputs, expected: Outcome) -> str:
    if isinstance(expected, Raised):
        return _refusal(spec, title, inputs, expected)
    given = ", ".join(f"{name}={_drawn(value)}" for name, value in inputs.items())
    calls = [f"seen = {spec.name}(**inputs)", f"right = right_{spec.name}(**inputs)"]
    return "\n".join([f"# {title}", f"inputs = dict({given})", *calls, *_comparisons(spec, expected)]) + "\n"


def _refusal(spec: Spec, title: str, inputs: Inputs, expected: Raised) -> str:
    given = ", ".join(f"{name}={_drawn(value)}" for name, value in inputs.items())
    return f"# {title}\nwith np.testing.assert_raises({expected.kind}):\n    {spec.name}({given})\n"


def _comparisons(spec: Spec, expected: Returned) -> list[str]:
    """Return the lines that compare the variables ``seen`` and ``right``."""
    places = [""] if len(spec.returns) == 1 else [f"[{at}]" for at in range(len(spec.returns))]
    compared = zip(spec.returns, places, expected.value, strict=True)
    return [line for output, at, value in compared for line in _comparison(output, f"seen{at}", f"right{at}", value)]


def _comparison(output: Output, seen: str, right: str, value: Any) -> list[str]:
    if isinstance(output, Unchecked):
        return [f"assert len({seen}) == len({right})"] if output.length else []
    if isinstance(output, Array):
        tolerance = 1e-4 if value.dtype == np.float32 else 1e-6
        # strict compares shape and dtype, too.
        return [f"np.testing.assert_allclose({seen}, {right}, rtol={tolerance}, atol={tolerance}, strict=True)"]
    if isinstance(value, float):
        return [f"np.testing.assert_allclose({seen}, {right}, rtol=1e-5, atol=1e-5)"]
    return [f"assert {seen} == {right}"]


def _drawn(value: Any) -> str:
    """Return Python that makes ``value``, or, for a large ordinary array, one that draws another like it."""
    large = isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.size > MAX_LITERAL_SIZE
    if large and np.abs(value).max() < MAX_DRAWN:
        return f"draw({value.shape}, '{value.dtype}')"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_drawn(item)}" for key, item in value.items()) + "}"
    return _literal(value)


def _literal(value: Any) -> str:
    """Return Python that makes ``value``: an array, a number, a text, or a container of them."""
    if isinstance(value, np.ndarray):
        shape = f".reshape({value.shape})" if 0 in value.shape else ""
        return f"np.array({value.tolist()!r}, dtype='{value.dtype}'){shape}"
    if isinstance(value, np.generic):
        return repr(value.item())
    if isinstance(value, Opaque):
        # Only its length is compared.
        return f"[None] * {value.length}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return repr(value)
