"""Pages of submissions that were really judged: what they keep to themselves, and that nbgrader makes the same."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.preprocessors import GetGrades

import solutions
from autograder.judging.exam_builder import fresh_exam
from autograder.judging.judge import judge
from autograder.nbgrader.course_folder import prepare
from autograder.pages.feedback import page
from autograder.pages.verdict_outputs import with_verdicts
from rnnlab.checking import calling
from rnnlab.checking.marking import mark
from rnnlab.specs import SPECS
from solutions.mistakes import mistakes
from tests.autograder.submissions import UNIT, cell_of
from tests.injections import graded
from tests.pages import strange, words

# An exception, a parameter and a returned object whose names are markup, in functions that the judge really calls.
HOSTILE = {
    "softmax": """
def softmax(z, axis=-1):
    kind = type("</td><img src=x onerror=bite()>", (Exception,), {})
    raise kind("<script>bite()</script> /home/student/x.py \\x1b[31m")
""",
    "rnn_cell_forward": """
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    return type("<script>bite()</script>", (), {"__len__": lambda self: 7})(), 1
""",
    "rnn_readout": """
import inspect
def rnn_readout(h_all, W_hy, b_y, mode): ...
part = inspect.Parameter("x", inspect.Parameter.POSITIONAL_OR_KEYWORD)
part._name = "<script>bite()</script>"
rnn_readout.__signature__ = inspect.Signature([part], __validate_parameters__=False)
""",
    "rnn_forward": """
import warnings
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    warnings.warn("<script>bite()</script>", RuntimeWarning)
    return rnn_forward
rnn_forward.__name__ = rnn_forward.__qualname__ = "<script>bite()</script>"
print("<script>bite()</script>")
raise ValueError("<script>bite()</script>")
""",
}


TOKEN = "c0ffee-for-the-grader-alone"
TELLING = """
import os, socket, sys, traceback, numpy as np
print("told:", dict(os.environ), sys.path, socket.gethostname(), os.getcwd(), os.path.expanduser("~"), np.__file__)
np.linalg.inv(np.zeros((2, 3)))
"""


@pytest.fixture(scope="module")
def hostile(instructor_path):
    """The page of a submission that was really judged, all of whose answers fight back."""
    nb = nbformat.read(instructor_path, as_version=4)
    for name, source in HOSTILE.items():
        cell_of(nb, name).source = source
    nb.cells.append(new_code_cell(TELLING))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_TOKEN", TOKEN)
        executed, verdicts = judge(UNIT, nb, seed=1)
    executed = with_verdicts(executed, verdicts)
    for verdict in verdicts:
        cell_of(executed, f"{verdict.exercise}-check").metadata.nbgrader.score = float(verdict.points)
    return page(UNIT, executed)


@pytest.mark.sandbox
def test_names_and_messages_of_a_judged_submission_are_text(hostile):
    assert strange(hostile) == []
    assert (
        "</td><img src=x onerror=bite()>: <script>bite()</script> …/x.py \N{REPLACEMENT CHARACTER}[31m, in the line"
        in words(hostile)
    )
    assert "rnn_readout(<script>bite()</script>)" in words(hostile)
    assert "is a <script>bite()</script>" in words(hostile)


@pytest.mark.sandbox
def test_the_page_tells_no_folder_and_no_environment_of_the_grader(hostile):
    assert "told:" in hostile
    assert "GRADER_TOKEN" not in hostile
    assert TOKEN not in hostile
    assert "/opt/" not in hostile
    assert "/site-packages/" not in hostile
    assert str(Path(sys.prefix)) not in hostile
    assert str(Path.home()) not in hostile


class Local:
    """A function in this process, as the judge sees those in the sandbox."""

    def __init__(self, function):
        self.function = function

    def parameters(self):
        return calling.parameters(self.function)

    def call(self, inputs, supply):
        with calling.replaced(self.function.__globals__, supply):
            return calling.call(self.function, inputs)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_no_page_tells_a_number_that_a_hidden_input_expects():
    reference, known = solutions.reference(UNIT), mistakes(UNIT)
    kept = 0
    for mistake in known:
        own = [other for other in known if other.exercise == mistake.exercise]
        exam = fresh_exam(SPECS[mistake.exercise], 2, reference, own, seed=3)
        told = mark(SPECS[mistake.exercise], exam, Local(mistake.function)).rows
        revealed = mark(SPECS[mistake.exercise], replace(exam, reveal=True), Local(mistake.function)).rows
        secrets = {row.expected for row in revealed} - {row.expected for row in told}
        # Short ones, such as 0, stand in many texts; answers that took one another's place were seen themselves.
        seen = " ".join(row.seen for row in told)
        secrets = {secret for secret in secrets if len(secret) > 3 and secret not in seen}

        text = words(page(UNIT, graded(told)))

        kept += len(secrets)
        assert not [secret for secret in secrets if re.search(rf"(?<![\w.]){re.escape(secret)}(?![\w.])", text)]

    assert kept > 10


@pytest.mark.sandbox
@pytest.mark.slow
def test_plain_nbgrader_makes_the_same_page(tmp_path, instructor_path):
    nb = nbformat.read(instructor_path, as_version=4)
    cell_of(nb, "softmax").source = "def softmax(z, axis=-1):\n    return z"
    folder = tmp_path / "submitted" / "ana" / UNIT
    folder.mkdir(parents=True)
    nbformat.write(nb, folder / f"{UNIT}.ipynb")
    prepare(tmp_path, UNIT)
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    for step in ("autograde", "generate_feedback"):
        command = ["nbgrader", step, UNIT, *(["--create"] if step == "autograde" else [])]
        subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True, timeout=200)

    autograded = nbformat.read(tmp_path / "autograded" / "ana" / UNIT / f"{UNIT}.ipynb", as_version=4)
    where = {"notebook": UNIT, "assignment": UNIT, "student": "ana", "db_url": f"sqlite:///{tmp_path}/gradebook.db"}
    with_grades, _ = GetGrades().preprocess(autograded, {"nbgrader": where})

    written = (tmp_path / "feedback" / "ana" / UNIT / f"{UNIT}.html").read_text(encoding="utf-8")
    assert written == page(UNIT, with_grades)
    assert "18 of 20 points" in words(written)
