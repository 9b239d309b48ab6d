"""A kernel ends with everything that it started, whatever it did; and if it does not start it is our fault."""

from __future__ import annotations

import gc
import os
import socket
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import nbformat
import psutil
import pytest

from autograder.errors import SandboxError, Stopped
from autograder.sandbox import bubblewrap
from autograder.sandbox.kernel import PatientChannel
from autograder.sandbox.launch import Trusted
from autograder.sandbox.limits import LIMITS
from autograder.sandbox.session import Session
from rnnlab.checking.calling import Returned
from tests.autograder.helpers import notebook

pytestmark = pytest.mark.sandbox
QUICK = replace(LIMITS, cell=1.0, call=1.0)


def test_a_flood_of_output_is_bounded_and_ends_with_the_cell() -> None:
    flood = """
import threading
from IPython.display import display
def forever():
    while True:
        print("x" * 10_000, flush=True)
        display("x" * 10_000)
for _ in range(3): threading.Thread(target=forever).start()
print("y" * 50_000_000)
"""
    before = psutil.Process().memory_info().rss
    with Session(notebook(flood, "def f(): return 1"), limits=replace(QUICK, call=10.0)) as session:
        assert session.call("f", {}) == Returned(1)
        size = len(nbformat.writes(session.nb))
    assert size < 3 * LIMITS.output_bytes
    assert psutil.Process().memory_info().rss - before < 300 * 2**20


def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    litter = """
import os, subprocess
sleeper = subprocess.Popen(["sleep", "12345.678"], start_new_session=True)
for folder in ("/tmp", os.path.expanduser("~"), "/dev/shm"):
    open(folder + "/litter", "w").close()
"""
    gc.collect()
    before = set(psutil.Process().children(recursive=True))
    bubblewrap.font_list()
    threads, descriptors = threading.active_count(), len(os.listdir("/proc/self/fd"))
    with Session(notebook(litter)) as session:
        assert session.nb.cells[0].outputs == []
        assert any("12345.678" in (process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"]))
        own = [process for process in psutil.Process().children(recursive=True) if process not in before]
        assert own
    assert not any(process.is_running() for process in own)
    assert not any("12345.678" in (process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"]))
    assert list(tmp_path.iterdir()) == []
    assert threading.active_count() == threads
    assert len(os.listdir("/proc/self/fd")) == descriptors


def test_nothing_is_left_behind_when_the_judge_fails() -> None:
    before = set(psutil.Process().children(recursive=True))

    def judge() -> None:
        with Session(notebook("x = 1")):
            assert set(psutil.Process().children(recursive=True)) > before
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        judge()
    assert set(psutil.Process().children(recursive=True)) == before


def test_a_sandbox_that_does_not_start_is_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "python", lambda: "/no/such/python")
    started = time.monotonic()
    with pytest.raises(SandboxError, match="/no/such/python"), Session(notebook("x = 1")):
        pass
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(("kin", "patient"), [(0.0, True), (0.8, True), (1.0, False), (2.0, False)])
def test_more_time_is_for_waiting_for_others_not_for_ones_own_kin(kin: float, patient: bool, tmp_path: Path) -> None:
    host_end, agent_end = socket.socketpair()
    with host_end, agent_end:
        channel = PatientChannel(host_end, LIMITS.frame)
        times = tmp_path / "schedstat"
        totals = {"used": 0.5}
        channel.count(lambda: totals["used"])
        channel._process = times
        times.write_text("500000000 0 7")
        channel.give(0.05, 60.0)
        assert channel.deadline is not None
        before = channel.deadline
        # It ran for another tenth of a second and waited for one second, in which its kin may have run.
        times.write_text("600000000 1000000000 8")
        totals["used"] = 0.6 + kin
        with pytest.raises(TimeoutError):
            channel.receive()
        assert (channel.deadline > before) is patient


def test_a_trusted_submission_runs_without_a_sandbox() -> None:
    before = set(psutil.Process().children(recursive=True))
    nb = notebook("import os\ndef where(): return os.getpid()\ndef leave(): os._exit(1)")
    with Session(nb, launch=Trusted, limits=QUICK) as session:
        outcome = session.call("where", {})
        assert isinstance(outcome, Returned)
        assert psutil.Process(outcome.value).ppid() == os.getpid()
        with pytest.raises(Stopped):
            session.call("leave", {})
        assert isinstance(session.call("where", {}), Returned)
    assert set(psutil.Process().children(recursive=True)) == before
