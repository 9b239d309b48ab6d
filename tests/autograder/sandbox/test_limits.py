"""The limits hold, tried from inside the real sandbox."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.sandbox import bubblewrap
from autograder.sandbox.limits import LIMITS, MIB
from tests.autograder.helpers import TRY, inside

pytestmark = pytest.mark.sandbox


def test_the_temporary_space_is_bounded() -> None:
    seen = inside(
        f"""{TRY}
def fill(folder):
    for number in range(40):
        with open(f"{{folder}}/{{number}}", "wb") as file:
            file.write(bytes(100_000))
tell([outcome(lambda folder=folder: fill(folder)) for folder in ("/tmp", "{bubblewrap.HOME}", "/dev/shm")])""",
        replace(LIMITS, temporary=2 * MIB),
    )
    assert seen == ["OSError"] * 3


def test_a_file_cannot_grow_past_its_limit() -> None:
    seen = inside(
        f"""{TRY}
def write(folder):
    with open(f"{{folder}}/large", "wb", buffering=0) as file:
        for _ in range(3):
            file.write(bytes(2**20))
outcomes = [outcome(lambda folder=folder: write(folder)) for folder in ("/tmp", "/dev/shm")]
tell([*outcomes, os.path.getsize("/tmp/large")])""",
        replace(LIMITS, file_size=MIB),
    )
    assert seen == ["OSError", "OSError", MIB]


def test_memory_is_bounded() -> None:
    seen = inside(
        """
try:
    bytearray(2**30)
except MemoryError:
    tell("MemoryError")""",
        replace(LIMITS, address_space=512 * MIB),
    )
    assert seen == "MemoryError"


def test_the_number_of_processes_is_bounded() -> None:
    seen = inside(
        """
import time
made = 0
try:
    while made < 200:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        made += 1
except BlockingIOError:
    pass
tell(made)""",
        replace(LIMITS, processes=30),
    )
    assert 0 < seen < 30


def test_cpu_time_open_files_signals_and_core_dumps_are_bounded() -> None:
    seen = inside(
        """
import resource
tell([resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in ("CPU", "NOFILE", "SIGPENDING", "CORE")])"""
    )
    assert seen == [[number] * 2 for number in (LIMITS.cpu, LIMITS.open_files, LIMITS.signals, 0)]


def test_timers_and_waiting_signals_are_bounded_together() -> None:
    seen = inside(
        """
import ctypes
libc = ctypes.CDLL(None)
silent, timer = (ctypes.c_int * 16)(0, 0, 0, 1), ctypes.c_void_p()
made = 0
while made < 1000 and libc.timer_create(1, silent, ctypes.byref(timer)) == 0:
    made += 1
tell(made)"""
    )
    assert LIMITS.signals / 2 < seen <= LIMITS.signals
