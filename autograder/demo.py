"""The demo class: twelve submissions to unit 01, made from the course's notebook."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.notebook.released import released
from autograder.paths import instructor_path
from solutions.mistakes import mistakes

UNIT = "u01_rnn_cell"

NOISY = """
import sys, warnings, logging
warnings.warn("a warning that costs nothing")
logging.getLogger().warning("a log line that costs nothing")
print("progress 100 %", file=sys.stderr)
"""

LOOP = '''
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    """Never return."""
    while True:
        pass
'''

CHEAT = """
import builtins, numpy as np
from IPython import get_ipython

class Right(np.ndarray):
    __eq__ = __ge__ = __le__ = lambda self, other: True

def one_hot(idx, vocab_size, dtype=float):
    return np.zeros(3).view(Right)

np.testing.assert_allclose = np.allclose = np.array_equal = lambda *a, **k: True
builtins.check = lambda function: 20
check = lambda function: 20
get_ipython().display_formatter.formatters["text/plain"].for_type(object, lambda o, p, c: p.text("20"))
get_ipython().displayhook(20)
"""

SEARCH = """
import importlib, os, sys

def softmax(z, axis=-1):
    for module in ("solutions", "autograder.judging.judge", "autograder.judging.exam_builder"):
        try:
            return importlib.import_module(module).reference("u01_rnn_cell").softmax(z, axis)
        except Exception:
            pass
    for top in ("/root", "/home", "/opt", "/srv", "/tmp", "/work", *sys.path):
        for folder, _, files in os.walk(top):
            if "u01_rnn_cell.py" in files:
                names = {}
                exec(open(os.path.join(folder, "u01_rnn_cell.py")).read(), names)
                if "softmax" in names:
                    return names["softmax"](z, axis)
    return z * 0 + 0.5
"""


def make_class(course: Path) -> list[str]:
    """Write the twelve submissions into ``course``, replacing those of an earlier demo; return the students' names."""
    submissions = _submissions()
    for student, content in submissions.items():
        folder = course / "submitted" / student / UNIT
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / f"{UNIT}.ipynb").write_text(content, encoding="utf-8")
    return list(submissions)


def _submissions() -> dict[str, str]:
    right = nbformat.read(instructor_path(UNIT), as_version=4)
    made: dict[str, Callable[[NotebookNode], object]] = {
        "ada-right": lambda nb: None,
        "bela-right-but-noisy": lambda nb: _append_to(nb, "one_hot", NOISY),
        "dana-global-max": lambda nb: _put_mistake(nb, "softmax", 0),
        "emil-cell-wrong": lambda nb: _put_mistake(nb, "rnn_cell_forward", 0),
        "fay-forward-wrong": lambda nb: _put_mistake(nb, "rnn_forward", 0),
        "gus-pixels-wrong": lambda nb: _put_mistake(nb, "image_to_sequence", 0),
        "hana-half-done": lambda nb: _empty(nb, ["rnn_forward", "num_params", "classify_task", "image_to_sequence"]),
        "ivo-endless-loop": lambda nb: _append_to(nb, "rnn_cell_forward", LOOP),
        "jude-gives-points": lambda nb: _append_to(nb, "one_hot", CHEAT),
        "kim-seeks-answers": lambda nb: _append_to(nb, "softmax", SEARCH),
    }
    texts = {}
    for student, change in made.items():
        nb = nbformat.reads(nbformat.writes(right), as_version=4)
        change(nb)
        texts[student] = nbformat.writes(nb)
    texts["cleo-empty"] = nbformat.writes(released(UNIT))
    texts["lou-damaged"] = texts["ada-right"][: len(texts["ada-right"]) // 2]
    return dict(sorted(texts.items()))


def _cell(nb: NotebookNode, exercise: str) -> NotebookNode:
    return next(cell for cell in nb.cells if cell.id == exercise)


def _append_to(nb: NotebookNode, exercise: str, code: str) -> None:
    cell = _cell(nb, exercise)
    cell.source += "\n" + code


def _empty(nb: NotebookNode, exercises: list[str]) -> None:
    for exercise in exercises:
        _cell(nb, exercise).source = _cell(released(UNIT), exercise).source


def _put_mistake(nb: NotebookNode, exercise: str, number: int) -> None:
    """Replace the answer by the known mistake with this number."""
    known = [mistake for mistake in mistakes(UNIT) if mistake.exercise == exercise][number]
    _cell(nb, exercise).source = known.as_answer()
