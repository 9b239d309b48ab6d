"""Answers that are the text's with some of it replaced."""

import numpy as np
import pytest

import solutions
from solutions import variants
from solutions.mistakes import mistakes
from solutions.text import TextError
from solutions.variants import answers

UNIT = "u01_rnn_cell"


def known(name):
    return next(mistake for mistake in mistakes(UNIT) if mistake.name == name)


def module_with(monkeypatch, function):
    monkeypatch.setattr(variants.importlib, "import_module", lambda name: type("Module", (), {"slip": function}))
    return list(variants.variants(UNIT, "mistakes"))


def slip():
    """The hint."""


def test_a_slip_in_the_texts_answer_is_made_and_the_rest_stays():
    rng = np.random.default_rng(0)
    inputs = [rng.standard_normal(shape) for shape in [(2, 4, 3), (2, 5), (3, 5), (5, 5), (5,)]]
    right = solutions.reference(UNIT).rnn_forward(*inputs)[0]
    wrong = known("time-axis-first").function(*inputs)[0]

    assert np.array_equal(wrong, right.swapaxes(0, 1))


def test_its_answer_is_the_texts_cell_without_the_marks_of_a_solution():
    answer = known("time-axis-first").as_answer()

    assert answer.startswith("def rnn_forward(x, h0, W_xh, W_hh, b_h):")
    assert "np.stack(states, axis=0)" in answer
    assert "SOLUTION" not in answer


def test_its_docstring_is_the_hint():
    assert known("time-axis-first").hint.startswith(known("time-axis-first").function.__doc__.splitlines()[0])


@pytest.mark.parametrize("old", ["np.vstack", "cache", "W_xh: input weights"])
def test_what_does_not_occur_once_in_the_answer_is_refused_with_its_place(monkeypatch, old):
    wanted = rf"u01_rnn_cell/text.py:\d+: mistakes.slip replaces '{old}', which occurs [02-9] times in rnn_forward"

    with pytest.raises(TextError, match=wanted):
        module_with(monkeypatch, answers("rnn_forward", {old: "x"})(slip))


def test_two_parts_may_change_places(monkeypatch):
    swapped = answers(
        "rnn_forward", {"states.append(h)": "caches.append(cache)", "caches.append(cache)": "states.append(h)"}
    )
    (variant,) = module_with(monkeypatch, swapped(slip))
    lines = [line.strip() for line in variant.source.splitlines()]

    assert lines.index("caches.append(cache)") < lines.index("states.append(h)")
