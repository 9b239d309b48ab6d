"""Costs are counted with all that a command starts, and a failed command is no measurement."""

import sys

import pytest

from bench import clock
from bench.targets import Target

BUSY = "import time\nwhile time.process_time() < 0.3: pass"


def test_cpu_of_processes_that_are_left_behind_is_counted(tmp_path):
    leaves = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BUSY!r}])"

    spent = clock.run([sys.executable, "-c", leaves], tmp_path)

    assert spent.cpu > 0.3


@pytest.mark.slow
def test_memory_is_the_peak(tmp_path, monkeypatch):
    monkeypatch.setattr(clock, "SAMPLING_INTERVAL", 0.2)
    holds = "import time; held = b'x' * 200_000_000; time.sleep(2); del held"

    assert clock.run([sys.executable, "-c", holds], tmp_path).memory > 200_000_000


def test_a_command_that_fails_is_told_with_what_it_said(tmp_path):
    with pytest.raises(clock.CommandFailed, match="no such class"):
        clock.run([sys.executable, "-c", "raise SystemExit('no such class')"], tmp_path)


@pytest.mark.parametrize(
    ("value", "higher", "met"), [(2, False, True), (4, False, False), (2, True, False), (4, True, True)]
)
def test_a_bar_is_met_on_the_right_side_of_its_limit(value, higher, met):
    target = Target("speed", value, 3, "times", "", higher=higher)

    assert target.met is met
    assert (target.share <= 1) is met
