"""Submissions at work: what their functions give comes back, and what stops them does not stop the rest."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from autograder.errors import Stopped
from autograder.sandbox.launch import Sandbox
from autograder.sandbox.limits import LIMITS, MIB
from autograder.sandbox.remaining_budget import Budget
from autograder.sandbox.session import Session
from autograder.sandbox.warm import Warm
from rnnlab.checking.calling import Opaque, Parameter, Raised, Returned
from tests.autograder.helpers import as_ordinary_user, notebook, texts

pytestmark = [pytest.mark.sandbox, pytest.mark.alone]
QUICK = replace(LIMITS, cell=1.0, call=1.0)
FUNCTIONS = """
import logging, os, sys, warnings
import numpy as np

def double(x, factor=2):
    return x * factor

def noisy(x):
    print("noise" * 10)
    print("noise", file=sys.stderr)
    os.write(2, b"noise")
    logging.warning("noise")
    warnings.warn("noise")
    np.log(-1.0)
    return x

def fails(x):
    raise ValueError("the shapes differ")

def in_place(x):
    x += 1
    return x

def asks():
    return input("who is there? ")

def forward(x):
    h, cache = step(x)
    return h + step(x=x)[0], cache

def step(x):
    return x * 1000, {"deep": {1: 2}}

class Agreeable(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)
    def __array_ufunc__(self, *args, **kwargs):
        return np.ones(3)

def hostile():
    return np.zeros(3).view(Agreeable)

def memory():
    return np.ones(2**40)

def deep(n=0):
    return deep(n + 1)
"""


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session(notebook(FUNCTIONS)) as session:
        yield session


def test_a_function_is_called_with_the_inputs(session: Session) -> None:
    x = np.arange(3.0)
    outcome = session.call("double", {"x": x, "factor": 3})
    assert isinstance(outcome, Returned)
    np.testing.assert_array_equal(outcome.value, [0, 3, 6])
    assert outcome.changed == ()
    assert outcome.value.flags.writeable


def test_the_parameters_of_a_function_are_known(session: Session) -> None:
    assert session.parameters("double") == (Parameter("x", True), Parameter("factor", False))
    assert session.parameters("no_such_function") is None


def test_printing_warning_and_logging_do_no_harm(session: Session) -> None:
    assert session.call("noisy", {"x": 1}) == Returned(1, warned="invalid value encountered in log")


def test_an_exception_is_told_with_the_line_that_raised_it(session: Session) -> None:
    outcome = session.call("fails", {"x": 1})
    assert outcome == Raised("ValueError", "the shapes differ", 'raise ValueError("the shapes differ")')


def test_too_much_memory_and_too_deep_recursion_are_ordinary_exceptions(session: Session) -> None:
    outcomes = [session.call(name, {}) for name in ("memory", "deep")]
    kinds = [outcome.kind for outcome in outcomes if isinstance(outcome, Raised)]
    assert kinds == ["MemoryError", "RecursionError"]


def test_inputs_changed_in_place_are_named_and_every_call_gets_fresh_ones(session: Session) -> None:
    x = np.zeros(2)
    for _ in range(2):
        outcome = session.call("in_place", {"x": x})
        assert isinstance(outcome, Returned)
        np.testing.assert_array_equal(outcome.value, [1, 1])
        assert outcome.changed == ("x",)
    np.testing.assert_array_equal(x, [0, 0])


def test_a_function_that_asks_a_question_gets_no_answer(session: Session) -> None:
    assert session.call("asks", {}) == Raised("EOFError", "EOF when reading a line", ANY_LINE)


def test_a_subclass_with_a_will_of_its_own_arrives_as_a_plain_array(session: Session) -> None:
    outcome = session.call("hostile", {})
    assert isinstance(outcome, Returned)
    assert type(outcome.value) is np.ndarray
    assert not (outcome.value == 1).any()


def test_supplied_functions_are_computed_here_and_only_during_the_call() -> None:
    def step(x: int) -> tuple[int, str]:
        return x + 1, "cache"

    with Session(notebook(FUNCTIONS), functions={"step": step}) as session:
        assert session.call("forward", {"x": 1}, supply=["step"]) == Returned((4, "cache"))
        assert session.call("step", {"x": 1}) == Returned((1000, {"deep": Opaque("dict", 1)}))


def test_positions_that_are_looked_at_from_outside_come_back_opaque(session: Session) -> None:
    assert session.call("forward", {"x": 1}, opaque=[1]) == Returned((2000, Opaque("dict", 1)))


def test_what_a_supplied_function_raises_reaches_the_student() -> None:
    def step(x: int) -> None:
        raise ValueError("cannot multiply")

    with Session(notebook(FUNCTIONS), functions={"step": step}) as session:
        outcome = session.call("forward", {"x": 1}, supply=["step"])
    assert outcome == Raised("ValueError", "cannot multiply", "h, cache = step(x)")


class _AnyLine(str):
    def __eq__(self, other: object) -> bool:
        return isinstance(other, str)

    __hash__ = str.__hash__


ANY_LINE = _AnyLine()


def test_cells_are_executed_in_order_and_errors_do_not_stop_the_rest() -> None:
    nb = notebook(
        "x = 1; print(x)", "1 / 0", "x = 99", "", "print(x + 1); x", "import matplotlib.pyplot as p; p.plot([1])"
    )
    nb.cells.insert(1, new_markdown_cell("text"))
    with Session(nb, skip={"cell-2"}) as session:
        executed = session.nb
    cells = [cell for cell in executed.cells if cell.cell_type == "code"]
    assert texts(new_notebook(cells=cells))[:5] == ["1\n", "ZeroDivisionError", "", "", "2\n"]
    assert [output.output_type for output in cells[4].outputs] == ["stream", "execute_result"]
    assert "image/png" in cells[5].outputs[-1].data
    assert nb.cells[0].outputs == []
    nbformat.validate(executed)


def test_a_looping_cell_is_left_out_and_the_rest_is_executed() -> None:
    loop = "x = 2\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass"
    with Session(notebook("x = 1", loop, "print(x)\ndef f(): return x"), limits=QUICK) as session:
        assert texts(session.nb) == [
            "",
            "This cell did not finish within 1 s; the rest of the notebook was executed without it.\n",
            "1\n",
        ]
        assert session.call("f", {}) == Returned(1)


def test_a_cell_that_ends_the_process_is_left_out_and_the_rest_is_executed() -> None:
    with Session(notebook("import os; os._exit(7)", "print('on')"), limits=QUICK) as session:
        ended, after = texts(session.nb)
    assert ended == "This cell ended the Python process; the rest of the notebook was executed without it.\n"
    assert after == "on\n"


def test_a_function_that_ends_the_process_does_not_stop_the_next_one() -> None:
    functions = """
import ctypes, os, signal
def loop():
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        try:
            while True: pass
        except BaseException: pass
def leave(): os._exit(3)
def crash(): ctypes.string_at(0)
def hang_up(): os.closerange(3, 1000)
def fine(): return 1
"""
    with Session(notebook(functions, "import os; os._exit(1)"), limits=QUICK) as session:
        stopped = []
        for name in ("loop", "leave", "crash", "hang_up"):
            with pytest.raises(Stopped) as caught:
                session.call(name, {})
            stopped.append((caught.value.status, caught.value.message))
            assert session.call("fine", {}) == Returned(1)
    assert stopped[:3] == [
        ("timeout", "loop did not finish within 1 s."),
        ("died", "leave ended the Python process."),
        ("died", "crash ended the Python process (Segmentation fault)."),
    ]
    assert stopped[3][0] == "died"


def test_a_process_that_answers_nonsense_is_stopped_as_its_own_fault() -> None:
    tampered = """
import socket
def frames_of_my_own():
    import gc
    for thing in gc.get_objects():
        if isinstance(thing, socket.socket):
            thing.sendall(MESSAGE)
"""
    for message in (b"x" * 100, b"RNN1" + bytes([0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]) + b"17"):
        with Session(notebook(f"MESSAGE = {message!r}", tampered)) as session:
            with pytest.raises(
                Stopped, match=r"no result that a function can have|something other than an answer"
            ) as caught:
                session.call("frames_of_my_own", {})
            assert caught.value.status == "died"


def test_restarts_are_bounded_and_what_came_before_is_kept() -> None:
    stop = "import os; os._exit(1)"
    limits = replace(QUICK, restarts=1)
    with Session(notebook("def f(): return 1", stop, stop, stop, "x = 1"), limits=limits) as session:
        assert session.call("f", {}) == Returned(1)
        assert texts(session.nb)[3:] == ["This cell was not executed: too many cells had to be stopped.\n"] * 2


def test_the_time_of_the_whole_notebook_is_bounded() -> None:
    limits = replace(LIMITS, notebook=1.5)
    with Session(notebook("x = 1", "import time; time.sleep(60)", "x = 2"), limits=limits) as session:
        late = texts(session.nb)[2]
    assert late == "This cell was not executed: the notebook's 1.5 s were over.\n"


def test_the_number_of_processes_started_for_one_submission_is_bounded() -> None:
    with Session(notebook("import os\ndef leave(): os._exit(1)"), limits=replace(QUICK, kernels=2)) as session:
        for _ in range(2):
            with pytest.raises(Stopped, match="leave ended"):
                session.call("leave", {})
        with pytest.raises(Stopped, match="ended 2 times"):
            session.call("leave", {})


def test_it_works_inside_a_running_event_loop() -> None:
    async def judge() -> Returned | Raised:
        with Session(notebook("def f(): return 1")) as session:
            return session.call("f", {})

    assert asyncio.run(judge()) == Returned(1)


def test_an_ordinary_user_can_grade(tmp_path: Path) -> None:
    program = """
from nbformat.v4 import new_code_cell, new_notebook
from autograder.errors import Stopped
from autograder.sandbox.session import Session
source = '''
import os
def f(x): return x + 1
def bomb():
    while True: os.fork()
'''
with Session(new_notebook(cells=[new_code_cell(source)])) as session:
    print(session.call("f", {"x": 1}).value, session.call("bomb", {}).kind)
"""
    done = subprocess.run(as_ordinary_user(tmp_path, program), capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("2 BlockingIOError\n", "")


TOGETHER = """
import os, time
def hoard():
    for _ in range(5):
        if os.fork() == 0:
            block = bytearray(os.urandom(2**20)) * 100
            time.sleep(60)
    time.sleep(60)
def burn():
    for _ in range(3): os.fork()
    while True: pass
def fine(): return 1
"""


@pytest.mark.parametrize("start", ["cold", "warm"])
def test_what_several_processes_use_together_is_bounded(start: str) -> None:
    limits = replace(LIMITS, total_memory=400 * MIB, fair_memory=400 * MIB, total_cpu=12.0, call=60.0)
    warm = Warm(limits)
    stopped = []
    with Session(notebook(TOGETHER), launch=warm if start == "warm" else Sandbox, limits=limits) as session:
        for name in ("hoard", "burn", "fine"):
            with pytest.raises(Stopped) as caught:
                session.call(name, {})
            stopped.append((caught.value.status, caught.value.message))
            if name == "hoard":
                assert session.call("fine", {}) == Returned(1)
    warm.close()
    assert stopped == [
        ("memory", "hoard used more than 0.391 GiB of memory."),
        ("cpu", "burn used up the 12 s of processor time that a submission has."),
        ("cpu", "fine was not called: the submission's 12 s of processor time were used up."),
    ]


def test_cpu_time_is_bounded_over_all_processes_of_a_submission() -> None:
    burn = """
import os, time
def burn():
    end = time.process_time() + 2
    while time.process_time() < end: pass
    os._exit(0)
"""
    with Session(notebook(burn), limits=replace(LIMITS, total_cpu=7.0)) as session:
        statuses = []
        for _ in range(4):
            with pytest.raises(Stopped) as caught:
                session.call("burn", {})
            statuses.append(caught.value.status)
    assert statuses[0] == "died"
    assert statuses[-1] == "cpu"


def test_a_budget_counts_over_every_try() -> None:
    limits = replace(QUICK, submission=20.0)
    budget = Budget(limits)
    with Session(notebook("def f(): return 1"), limits=limits, budget=budget) as session:
        assert session.call("f", {}) == Returned(1)
    budget.spend(LIMITS.total_cpu)
    with Session(notebook("def f(): return 1"), limits=limits, budget=budget) as session:
        with pytest.raises(Stopped, match="f was not called: the submission's 110 s of"):
            session.call("f", {})
        assert texts(session.nb) == [
            "This cell was not executed: the submission's 110 s of processor time were used up.\n"
        ]


def test_a_cell_that_is_too_large_is_left_out_and_the_rest_is_executed() -> None:
    letters = "\N{HANGUL SYLLABLE GA}" * 800_000
    nb = notebook("x = 1", f"x = '{letters}'", "x += 1", "def f(): return x")
    with Session(nb) as session:
        assert texts(session.nb)[1] == "This cell was not executed: its 800,006 characters are too many.\n"
        assert session.left_out["cell-1"].status == "size"
        assert session.call("f", {}) == Returned(2)


def test_inputs_that_cannot_cross_the_border_are_refused_and_the_next_are_not(session: Session) -> None:
    with pytest.raises(ValueError, match="do not fit into a frame"):
        session.call("double", {"x": object()})
    assert session.call("double", {"x": 1}) == Returned(2)


def test_cells_below_the_place_wait_and_every_cell_shows_what_it_does_once() -> None:
    nb = notebook(
        "print(1)\ndef f(): return 1", "print(2)\nimport os\ndef leave(): os._exit(1)", "f = leave", "print(3)"
    )
    with Session(nb, until="cell-2", limits=QUICK) as session:
        assert session.call("f", {}) == Returned(1)
        with pytest.raises(Stopped, match="leave ended"):
            session.call("leave", {})
        assert session.call("f", {}) == Returned(1)
        assert texts(session.nb) == ["1\n", "2\n", "", ""]
        session.run()
        assert texts(session.nb) == ["1\n", "2\n", "", "3\n"]
        with pytest.raises(Stopped, match="f ended"):
            session.call("f", {})


def test_the_time_of_cells_is_counted_over_all_places() -> None:
    limits = replace(LIMITS, notebook=1.5)
    cells = ("import time; time.sleep(1)", "time.sleep(1)", "x = 2")
    with Session(notebook(*cells), until="cell-1", limits=limits) as session:
        session.run(until="cell-2")
        session.run()
        assert texts(session.nb)[1].startswith(("This cell did not finish", "This cell was not executed"))
        assert texts(session.nb)[2] == "This cell was not executed: the notebook's 1.5 s were over.\n"


def test_cells_that_stop_the_process_are_counted_over_all_places() -> None:
    stop = "import os; os._exit(1)"
    with Session(notebook(stop, stop, "x = 1"), until="cell-1", limits=replace(QUICK, restarts=1)) as session:
        session.run()
        assert texts(session.nb)[1].startswith("This cell ended the Python process")
        assert texts(session.nb)[2] == "This cell was not executed: too many cells had to be stopped.\n"


def test_cells_that_no_process_is_left_for_say_so() -> None:
    nb = notebook("import os\ndef leave(): os._exit(1)", "x = 1")
    with Session(nb, until="cell-1", limits=replace(QUICK, kernels=1)) as session:
        with pytest.raises(Stopped, match="leave ended"):
            session.call("leave", {})
        session.run()
        assert texts(session.nb)[1] == (
            "This cell was not executed: the submission's Python process had ended 1 times.\n"
        )
        with pytest.raises(Stopped, match="leave was not called: the submission's Python process had ended 1 times"):
            session.call("leave", {})
