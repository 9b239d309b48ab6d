"""What all processes of a sandbox use together has a bound, whatever they do to hide it."""

from __future__ import annotations

import dataclasses
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from autograder.sandbox import bubblewrap, watchdog
from autograder.sandbox.limits import Bounds
from autograder.sandbox.watchdog import Excess, Meter, Usage, Watchdog
from tests.autograder.helpers import as_ordinary_user

MIB = 2**20
BOUNDS = Bounds(memory=400 * MIB, fair=200 * MIB, reserve=0, cpu=100, processes=64)


@contextmanager
def running(code: str) -> Iterator[subprocess.Popen[str]]:
    """Run Python code in a sandbox; its last line should sleep."""
    argv = [bubblewrap.python(), "-c", f"import mmap, os, signal, socket, time\n{code}"]
    with (
        bubblewrap.prepared(argv) as (line, descriptors),
        subprocess.Popen(
            line, env={"PATH": os.defpath}, stdout=subprocess.PIPE, text=True, pass_fds=descriptors
        ) as process,
    ):
        try:
            yield process
        finally:
            bubblewrap.kill(process.pid)
            process.wait(10)


def watch(code: str, seconds: float = 20, **bounds: float) -> Excess | None:
    """Return why the sandbox that runs ``code`` was ended, None if it was not within ``seconds``."""
    with (
        running(code) as process,
        Watchdog(process.pid, dataclasses.replace(BOUNDS, **bounds), lambda: bubblewrap.kill(process.pid)) as dog,
    ):
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return dog.excess
        return dog.excess


def usage(code: str) -> Usage:
    """Return what the sandbox uses that runs ``code``, from its first line of output on for half a second."""
    with running(f"{code}\nprint('up', flush=True)\ntime.sleep(60)") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        meter = Meter(process.pid, 0)
        meter.read()
        time.sleep(0.5)
        return meter.read()


MEMORY = {
    "one block": "x = b'x' * (1 << 30)\ntime.sleep(60)",
    "many small pieces": "x = []\nwhile True: x.append(bytes(1000))",
    "several processes, none of which uses much": """
for _ in range(6):
    if os.fork() == 0:
        x = b"x" * (80 << 20)
        break
time.sleep(60)""",
    "forks that write to what they share": """
x = bytearray(b"x" * (80 << 20))
for _ in range(6):
    if os.fork() == 0:
        x[::4096] = b"y" * len(x[::4096])
        break
time.sleep(60)""",
    "a process that goes on as its own child": """
if os.fork():
    time.sleep(60)
x = bytearray()
while True:
    x += b"x" * (20 << 20)
    if os.fork():
        os._exit(0)
    os.setsid()""",
    "files": """
for folder in ("/tmp", "/dev/shm"):
    with open(f"{folder}/{0}", "wb") as file:
        [file.write(bytes(1 << 20)) for _ in range(60)]
    for at in range(1, 4):
        os.system(f"cp {folder}/0 {folder}/{at}")
time.sleep(60)""",
}


@pytest.mark.sandbox
@pytest.mark.alone
@pytest.mark.parametrize("way", MEMORY)
def test_memory_is_bounded_over_all_processes(way: str) -> None:
    assert watch(MEMORY[way]) == Excess("memory", "used more than 0.391 GiB of memory")


KERNEL = {
    "tables of pages that hold nothing": """
for _ in range(50):
    if os.fork() == 0: break
holes = mmap.mmap(-1, 3 << 30, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ)
holes.madvise(mmap.MADV_NOHUGEPAGE)
for at in range(0, 3 << 30, 2 << 20): holes[at]
time.sleep(60)""",
    "mappings of pages that hold nothing": """
import ctypes
for _ in range(30):
    if os.fork() == 0: break
libc = ctypes.CDLL(None)
holes = mmap.mmap(-1, 60_000 << 12, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
start = ctypes.addressof(ctypes.c_char.from_buffer(holes))
for page in range(0, 60_000, 2): libc.mprotect(ctypes.c_void_p(start + (page << 12)), ctypes.c_size_t(4096), 1)
time.sleep(60)""",
}


@pytest.mark.sandbox
@pytest.mark.alone
@pytest.mark.parametrize("way", KERNEL)
def test_what_the_operating_system_keeps_for_pages_is_bounded(way: str) -> None:
    assert watch(KERNEL[way], memory=200 * MIB) == Excess("memory", "used more than 0.195 GiB of memory")


@pytest.mark.sandbox
@pytest.mark.alone
def test_the_number_of_files_is_bounded() -> None:
    code = "for at in range(10**6): os.close(os.open(f'/tmp/{at}', os.O_CREAT))"
    assert watch(code, memory=60 * MIB) == Excess("memory", "used more than 0.0586 GiB of memory")


@pytest.mark.sandbox
@pytest.mark.alone
def test_what_waits_in_sockets_is_bounded() -> None:
    code = """
for _ in range(3): os.fork()
pairs = []
while len(pairs) < 50:
    pairs.append(socket.socketpair())
    for end in pairs[-1]:
        end.setblocking(False)
        try:
            while True: end.send(bytes(100_000))
        except BlockingIOError:
            time.sleep(0.001)
time.sleep(60)"""
    assert watch(code, memory=120 * MIB) == Excess("memory", "used more than 0.117 GiB of memory")


@pytest.mark.sandbox
@pytest.mark.alone
def test_what_processes_share_counts_once() -> None:
    shares = """
x = bytearray(b"x" * (200 << 20))
for _ in range(6):
    if os.fork() == 0:
        time.sleep(60)"""
    assert 200 * MIB < usage(shares).memory < 300 * MIB
    assert watch(f"{shares}\ntime.sleep(60)", seconds=1.5) is None


@pytest.mark.sandbox
@pytest.mark.alone
def test_what_takes_too_long_to_measure_counts_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "EXACT_CPU", -1.0)
    shares = "x = bytearray(b'x' * (50 << 20))\nfor _ in range(6):\n    if os.fork() == 0: time.sleep(60)"
    assert usage(shares).memory > 350 * MIB


@pytest.mark.sandbox
@pytest.mark.alone
def test_waiting_for_a_processor_does_not_make_shared_memory_count_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    share = watchdog._share
    monkeypatch.setattr(watchdog, "_share", lambda process: time.sleep(0.15) or share(process))
    shares = "x = bytearray(b'x' * (50 << 20))\nfor _ in range(6):\n    if os.fork() == 0: time.sleep(60)"
    assert usage(shares).memory < 150 * MIB


CPU = {
    "one": "while True: pass",
    "several": "[os.fork() for _ in range(3)]\nwhile True: pass",
    "children that end soon": """
while True:
    if os.fork() == 0:
        end = time.process_time() + 0.03
        while time.process_time() < end: pass
        os._exit(0)
    os.wait()""",
    "children that nobody waits for": """
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    if os.fork() == 0:
        end = time.process_time() + 0.3
        while time.process_time() < end: pass
        os._exit(0)
    time.sleep(0.3)""",
}


@pytest.mark.sandbox
@pytest.mark.alone
@pytest.mark.parametrize("way", CPU)
def test_processor_time_is_bounded_over_all_processes(way: str) -> None:
    assert watch(CPU[way], cpu=0.4) == Excess("cpu", "used more than 0.4 s of processor time")


@pytest.mark.sandbox
@pytest.mark.alone
def test_processor_time_before_the_first_look_counts_too() -> None:
    burn = "end = time.process_time() + 0.5\nwhile time.process_time() < end: pass"
    assert 0.5 <= usage(burn).cpu < 1


@pytest.mark.sandbox
@pytest.mark.alone
def test_too_many_processes_are_ended() -> None:
    bomb = """
while True:
    try:
        os.fork()
    except OSError:
        time.sleep(0.1)"""
    assert watch(bomb, processes=40) == Excess("processes", "had 40 processes and threads at once")


@pytest.mark.sandbox
@pytest.mark.alone
def test_a_quiet_process_is_never_stopped() -> None:
    assert watch("time.sleep(60)", seconds=1.5) is None
    found = usage("")
    assert 2 * MIB < found.memory < 50 * MIB
    assert found.cpu < 0.1
    assert 2 <= found.processes <= 4


@pytest.mark.sandbox
@pytest.mark.alone
def test_a_sandbox_that_ends_by_itself_was_not_stopped() -> None:
    assert watch("time.sleep(0.3)") is None


@pytest.mark.sandbox
@pytest.mark.alone
def test_when_the_machine_runs_short_the_large_sandboxes_end() -> None:
    machine = psutil.virtual_memory().available
    large = "x = b'x' * (250 << 20)\ntime.sleep(60)"
    short = Excess("memory", "used more than 0.195 GiB when the machine had no memory left")
    assert watch(large, reserve=int(1.5 * machine)) == short
    assert watch("time.sleep(60)", seconds=1, reserve=int(1.5 * machine)) is None


@pytest.mark.sandbox
@pytest.mark.alone
def test_mappings_of_a_right_submission_hardly_count() -> None:
    assert usage("import numpy, matplotlib.pyplot").memory < 100 * MIB


NOTHING_LEFT = 3 * psutil.virtual_memory().total


@pytest.mark.sandbox
@pytest.mark.alone
def test_when_the_machine_has_nothing_left_it_is_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "RELEASE_TIMEOUT", 0.5)
    excess = watch("time.sleep(60)", reserve=NOTHING_LEFT)
    assert excess == Excess("internal_error", "was stopped, because the machine had no memory left")


class Machine:
    """The memory that a machine has left: it falls while a sandbox lives, and some of it comes back when it ends."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, fell: int, back: int) -> None:
        self.fell, self.back = fell, back
        self.looks = 0
        self.ended = False
        monkeypatch.setattr(watchdog, "_available", self.available)
        monkeypatch.setattr(watchdog, "RELEASE_TIMEOUT", 0.5)

    def available(self) -> int:
        self.looks += 1
        return 100 * MIB + (self.fell if self.looks == 1 else 0) + (self.back if self.ended else 0)

    def ends(self, bounds: Bounds) -> Excess | None:
        """Return why a small sandbox on this machine was ended, None if it was not."""
        with running("time.sleep(60)") as process:

            def end() -> None:
                self.ended = True
                bubblewrap.kill(process.pid)

            with Watchdog(process.pid, bounds, end) as dog:
                time.sleep(1.0)
                return dog.excess


SHORT = dataclasses.replace(BOUNDS, reserve=400 * MIB)


@pytest.mark.sandbox
@pytest.mark.alone
def test_memory_that_fell_while_a_sandbox_lived_and_came_back_when_it_ended_was_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken = Excess("memory", "took 0.293 GiB of memory, the last that the machine had")
    assert Machine(monkeypatch, fell=500 * MIB, back=300 * MIB).ends(SHORT) == taken


@pytest.mark.sandbox
@pytest.mark.alone
@pytest.mark.parametrize(("fell", "back"), [(500, 0), (0, 500), (150, 500)])
def test_memory_that_others_took_or_gave_back_is_no_fault_of_a_sandbox(
    monkeypatch: pytest.MonkeyPatch, fell: int, back: int
) -> None:
    excess = Machine(monkeypatch, fell=fell * MIB, back=back * MIB).ends(SHORT)
    assert excess == Excess("internal_error", "was stopped, because the machine had no memory left")


@pytest.mark.sandbox
@pytest.mark.alone
def test_one_sandbox_at_a_time_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX) as turn:
        turn.bind(watchdog.TURN_ADDRESS)
        assert Machine(monkeypatch, fell=500 * MIB, back=500 * MIB).ends(SHORT) is None


def test_a_watchdog_that_fails_ends_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Meter, "read", lambda self: 1 / 0)
    with (
        subprocess.Popen(["sleep", "60"]) as process,
        Watchdog(process.pid, BOUNDS, process.kill) as dog,
    ):
        assert process.wait(10) == -9
    assert dog.excess == Excess("internal_error", "could no longer be watched")


@pytest.mark.sandbox
@pytest.mark.alone
def test_names_that_look_like_numbers_deceive_nobody() -> None:
    seen = usage("import ctypes\nctypes.CDLL(None).prctl(15, b'x) R 1\\nRssAnon: 0')\nx = b'x' * (100 << 20)")
    assert seen.memory > 100 * MIB


@pytest.mark.sandbox
@pytest.mark.alone
def test_an_ordinary_user_can_watch_as_well(tmp_path: Path) -> None:
    program = """
import subprocess
from autograder.sandbox import bubblewrap
from autograder.sandbox.watchdog import Bounds, Meter, Watchdog
code = '''import os, time
open("/tmp/file", "wb").write(bytes(50 << 20))
x = b"x" * (100 << 20)
for _ in range(4):
    if os.fork() == 0: time.sleep(60)
print("up", flush=True)
time.sleep(1)
x = b"x" * (1 << 30)
time.sleep(60)'''
with (
    bubblewrap.prepared([bubblewrap.python(), "-c", code]) as (line, fds),
    subprocess.Popen(line, stdout=subprocess.PIPE, pass_fds=fds) as process,
):
    process.stdout.readline()
    meter = Meter(process.pid, 0)
    print(150 < meter.read().memory / 2**20 < 200)
    with Watchdog(process.pid, Bounds(400 * 2**20, 0, 0, 100, 100), lambda: bubblewrap.kill(process.pid)) as dog:
        process.wait(20)
    print(dog.excess)
"""
    done = subprocess.run(as_ordinary_user(tmp_path, program), capture_output=True, text=True, timeout=60)
    expected = f"True\n{Excess('memory', 'used more than 0.391 GiB of memory')}\n"
    assert (done.stdout, done.stderr) == (expected, "")
