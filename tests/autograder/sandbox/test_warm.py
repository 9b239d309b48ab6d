"""A forked start sees, may and leaves what a cold one does, and never anything of another submission."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from autograder.errors import SandboxError, Stopped
from autograder.sandbox.kernel import Kernel
from autograder.sandbox.launch import Launch, Sandbox
from autograder.sandbox.limits import LIMITS, MIB
from autograder.sandbox.remaining_budget import Budget
from autograder.sandbox.session import Session
from autograder.sandbox.warm import Warm
from rnnlab.checking.calling import Returned
from tests.autograder.helpers import as_ordinary_user, notebook

pytestmark = [pytest.mark.sandbox, pytest.mark.alone]
QUICK = replace(LIMITS, call=2.0, cell=10.0, temporary=8 * MIB)


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    warm = Warm(QUICK)
    yield warm
    warm.close()


def result_of(launch: Launch, code: str) -> Any:
    """Return what the function ``look`` in ``code`` returns, started by ``launch``."""
    with Session(notebook(code), launch=launch, limits=QUICK) as session:
        outcome = session.call("look", {})
    assert isinstance(outcome, Returned), (outcome, session.nb.cells[0].outputs)
    return outcome.value


SURROUNDINGS = """
import os, resource, ctypes, socket, stat
def tree(top):
    found = []
    for folder, folders, files in os.walk(top):
        folders[:] = [name for name in folders if os.path.join(folder, name) not in ("/usr", "/opt", "/sys", "/lib")]
        for name in (*folders, *files):
            status = os.lstat(os.path.join(folder, name))
            found.append([os.path.join(folder, name), stat.filemode(status.st_mode)])
    # IPython makes its folder when it starts, which was before the fork.
    return sorted(each for each in found if "/.ipython" not in each[0])
def refused(number, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    return [libc.syscall(number, *arguments), ctypes.get_errno()]
def look():
    libc = ctypes.CDLL(None)
    return {
        "environment": dict(os.environ),
        "files": tree("/"),
        "space": [os.statvfs(path).f_blocks for path in ("/tmp", "/home/student", "/dev/shm")],
        "ids": [*os.getresuid(), *os.getresgid(), os.getgroups()],
        "limits": [list(resource.getrlimit(number)) for number in range(16)],
        "rights": [bit for bit in range(64) if libc.prctl(23, bit) == 1],
        "privileges": libc.prctl(39, 0, 0, 0, 0),
        "unshare": refused(272, 0x10000000),
        "mount": refused(165, b"none", b"/tmp", b"tmpfs", 0, None),
        "umount": refused(166, b"/proc", 0),
        "folder": os.getcwd(),
        "family": [os.getpid(), os.getppid()],
        "host": os.uname().nodename,
        "descriptors": [number for number in range(64) if _open(number)],
    }
def _open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
"""


def test_it_sees_and_may_do_what_a_cold_start_does(warm: Warm) -> None:
    cold, forked = result_of(Sandbox, SURROUNDINGS), result_of(warm, SURROUNDINGS)
    for name, value in cold.items():
        assert forked[name] == value, name


LITTER = """
import os, socket, subprocess, sys
import numpy, matplotlib, rnnlab.checks
for folder in ("/tmp", "/home/student", "/dev/shm", "/tmp/matplotlib"):
    open(folder + "/litter", "w").write("litter")
sleeper = subprocess.Popen(["sleep", "54321.5"], start_new_session=True)
listener = socket.socket(socket.AF_UNIX); listener.bind("\\0litter"); listener.listen()
numpy.litter = matplotlib.litter = sys.litter = os.environ["LITTER"] = "litter"
numpy.allclose = lambda *arguments: True
rnnlab.checks.check = None
get_ipython().user_ns["litter"] = 1
os.environ["HOME"] = "/tmp"
"""
SEARCH = """
import os, socket, sys
import numpy, matplotlib, rnnlab.checks
def look():
    folders = ("/tmp", "/home/student", "/dev/shm", "/tmp/matplotlib")
    found = [folder for folder in folders if "litter" in os.listdir(folder)]
    found += [module.__name__ for module in (numpy, matplotlib, sys) if hasattr(module, "litter")]
    found += [name for name in ("litter",) if name in globals() or "LITTER" in os.environ]
    found += ["allclose"] if numpy.allclose([1.0], [2.0]) or rnnlab.checks.check is None else []
    with socket.socket(socket.AF_UNIX) as other:
        found += [] if other.connect_ex("\\0litter") else ["socket"]
    return found
"""


def test_nothing_of_one_submission_reaches_the_next(warm: Warm) -> None:
    with Session(notebook(LITTER), launch=warm, limits=QUICK) as session:
        assert session.nb.cells[0].outputs == []
        assert _alive("54321.5")
    assert not _alive("54321.5")
    assert result_of(warm, SEARCH) == []


KILLER = """
import ctypes, os, signal
def look():
    for pid in range(1, 500):
        if pid != os.getpid():
            try: os.kill(pid, signal.SIGKILL)
            except OSError: pass
    for group in (os.kill, os.killpg):
        for pid in (0, -1, os.getpgrp()):
            for number in (signal.SIGTERM, signal.SIGCONT):
                try: group(pid, number)
                except OSError: pass
    read = []
    for pid in range(1, 500):
        if pid != os.getpid() and ctypes.CDLL(None).syscall(101, 16, pid, 0, 0) == 0:
            read.append(pid)
    return read
"""


def test_no_fork_can_stop_or_read_the_process_it_came_from(warm: Warm) -> None:
    result_of(warm, "def look(): return 1")
    before = _below(warm)
    with Session(notebook("import signal\nsignal.signal(15, signal.SIG_IGN)", KILLER), launch=warm, limits=QUICK) as s:
        assert s.call("look", {}) == Returned([])
    assert before == _below(warm)
    assert result_of(warm, "def look(): return 1") == 1


FAMILY = """
import os, signal, time
def look():
    unknown = []
    for number in range(1, 65):
        for pid in (1, os.getppid()):
            try: os.kill(pid, number)
            except OSError as error: unknown.append([pid, number, error.errno])
    if os.fork() == 0:
        if os.fork() == 0:
            while os.getppid() != 1: time.sleep(0.01)
            open("/tmp/adopted", "w").close()
        os._exit(0)
    os.wait()
    while not os.path.exists("/tmp/adopted"): time.sleep(0.01)
    return [os.getpid(), os.getppid(), unknown]
"""


@pytest.mark.parametrize("start", ["cold", "warm"])
def test_the_first_process_is_the_parent_adopts_orphans_and_cannot_be_signalled(start: str, warm: Warm) -> None:
    assert result_of(warm if start == "warm" else Sandbox, FAMILY) == [2, 1, []]


def test_what_stops_a_fork_leaves_the_warm_process_as_it_was(warm: Warm) -> None:
    code = """
import ctypes, os
def leave(): os._exit(7)
def crash(): ctypes.string_at(0)
def loop():
    while True: pass
def fine(): return 1
"""
    result_of(warm, "def look(): return 1")
    before = _below(warm)
    with Session(notebook(code), launch=warm, limits=QUICK) as session:
        stopped = []
        for name in ("leave", "crash", "loop"):
            with pytest.raises(Stopped) as caught:
                session.call(name, {})
            stopped.append(caught.value.message)
            assert session.call("fine", {}) == Returned(1)
    assert stopped == [
        "leave ended the Python process.",
        "crash ended the Python process (Segmentation fault).",
        "loop did not finish within 2 s.",
    ]
    assert _below(warm) == before


def test_a_warm_process_that_died_is_replaced(warm: Warm) -> None:
    assert result_of(warm, "def look(): return 1") == 1
    (zygote,) = _below(warm)
    os.kill(zygote, signal.SIGKILL)
    assert result_of(warm, "def look(): return 2") == 2
    assert result_of(warm, "def look(): return 3") == 3


def test_forks_draw_different_random_numbers(warm: Warm) -> None:
    code = "import random, numpy\ndef look(): return [random.random(), float(numpy.random.rand())]"
    first, second = result_of(warm, code), result_of(warm, code)
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_torch_works_after_the_fork(warm: Warm) -> None:
    code = """
import torch
def look():
    lstm = torch.nn.LSTM(3, 4)
    optimizer = torch.optim.Adam(lstm.parameters())
    torch.set_num_threads(2)
    output, _ = lstm(torch.randn(5, 2, 3))
    output.sum().backward()
    optimizer.step()
    return bool(torch.isfinite(output).all())
"""
    assert result_of(warm, code) is True


def test_closing_leaves_no_process() -> None:
    before = set(psutil.Process().children(recursive=True))
    warm = Warm(QUICK)
    result_of(warm, "import os\nos.fork()\ndef look(): return 1")
    warm.close()
    assert set(psutil.Process().children(recursive=True)) == before


@pytest.mark.parametrize(
    ("imports", "reason"),
    [
        (
            "import no_such_module",
            "the warm process did not start: ModuleNotFoundError: No module named 'no_such_module'",
        ),
        ("import os\nos._exit(3)", "the warm process did not start: it gave no reason"),
        (
            "import sys\nsys._getframe(1).f_globals['_mount_memory'] = None",
            "TypeError: 'NoneType' object is not callable",
        ),
    ],
)
def test_a_warm_start_that_fails_says_why_and_a_cold_one_takes_its_place(imports: str, reason: str) -> None:
    warm = Warm(QUICK, imports=imports)
    kernel = Kernel(warm, QUICK, Budget(QUICK))
    with pytest.raises(SandboxError) as caught:
        kernel.start()
    kernel.close()
    assert reason in str(caught.value)
    assert result_of(warm, "def look(): return 1") == 1
    warm.close()


def test_other_limits_than_its_own_are_refused(warm: Warm) -> None:
    with pytest.raises(ValueError, match="other limits"):
        Session(notebook("x = 1"), launch=warm, limits=LIMITS).__enter__()


def test_an_ordinary_user_gets_warm_starts(tmp_path: Path) -> None:
    program = """
from nbformat.v4 import new_code_cell, new_notebook
from autograder.sandbox.session import Session
from autograder.sandbox.warm import Warm
warm = Warm()
nb = new_notebook(cells=[new_code_cell("import os\\ndef f(x): return [x + 1, os.getuid()]")])
for number in range(2):
    with Session(nb, launch=warm) as s:
        print(s.call("f", {"x": number}).value)
print(warm.wait_exit_code(0))
warm.close()
"""
    done = subprocess.run(as_ordinary_user(tmp_path, program), capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr) == ("[1, 1000]\n[2, 1000]\nNone\n", "")


def _alive(argument: str) -> bool:
    return any(argument in (process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"]))


def _below(warm: Warm) -> list[int]:
    """Return the warm process, once nothing but it is left in the sandbox."""
    assert warm.pid is not None
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        chain = [process for process in psutil.Process(warm.pid).children(recursive=True) if not process.children()]
        if len(chain) == 1:
            return [chain[0].pid]
        time.sleep(0.05)
    raise AssertionError(f"more than one process is left: {chain}")


def test_a_submission_may_import_what_was_not_imported_ahead() -> None:
    warm = Warm(QUICK, imports="import numpy")
    assert result_of(warm, "import json, torch\ndef look(): return float(torch.ones(2).sum())") == 2.0
    warm.close()
