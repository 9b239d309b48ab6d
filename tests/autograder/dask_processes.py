"""Real Dask processes on this machine: a scheduler and workers, as an instructor starts them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
PRELOAD = "autograder.grading.cluster_worker"
START = 120  # seconds; a worker imports torch, on a machine that does other things as well


class DaskProcesses:
    """A context manager; when it is left, no process is. What they print goes to files in ``folder``."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self._folder = folder
        settings = {
            "PYTHONPATH": str(ROOT),
            "DASK_TEMPORARY_DIRECTORY": str(folder),
            # As in docs/cluster/dask.yaml.
            "DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "0",
        }
        self._environment = {**os.environ, **settings, **environment}
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "DaskProcesses":
        """Start a scheduler."""
        file = self._folder / "scheduler.json"
        words = ["--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0"]
        self.scheduler = self._start("scheduler", *words, "--scheduler-file", str(file))
        wait_for(file.exists)
        self.address = json.loads(file.read_text())["address"]
        return self

    def __exit__(self, *error: object) -> None:
        for process in self._started:
            kill(process)

    def worker(self, preload: str | None = PRELOAD) -> subprocess.Popen[bytes]:
        """Start a worker below a nanny and return the nanny."""
        loaded = () if preload is None else ("--preload", preload)
        dashboard = ("--dashboard-address", "127.0.0.1:0")
        return self._start("worker", self.address, "--nthreads", "1", *dashboard, *loaded)

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        with (self._folder / f"{len(self._started)}-{words[0]}.log").open("wb") as log:
            command = [sys.executable, "-m", "dask", *words]
            # A folder of its own: workers must find the course wherever they are started.
            process = subprocess.Popen(command, cwd=self._folder, env=self._environment, stdout=log, stderr=log)
        self._started.append(process)
        return process


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it started, at once."""
    try:
        children = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        children = []
    process.kill()
    for child in children:
        try:
            os.kill(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait(30)
    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive, alive


def wait_for(condition, seconds=START):
    """Wait until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.02)
