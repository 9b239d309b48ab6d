"""A Dask cluster in the place of this machine's workers: the same verdicts, whichever of its processes end."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import dask
import nbformat
import pytest

from autograder.errors import NoWorkers, UnusableWorkers
from autograder.grading import cluster, cluster_worker
from autograder.grading.cluster import Cluster
from autograder.grading.cluster_worker import Refused, dask_setup, judge_submission
from autograder.grading.pool import Failed
from autograder.results import Result
from autograder.version import course_version
from tests.autograder.dask_processes import ROOT, DaskProcesses, kill, wait_for
from tests.autograder.grading.test_interrupted_runs import COUNTER, assert_each_recorded_once, graded, state
from tests.autograder.submissions import UNIT, cell_of, hand_in, submission

COMMAND = Path(sys.executable).with_name("autograder")
COMMAND_TIMEOUT = 300  # seconds for a command, on a machine that does other things as well
WRONG = {
    "loop": ("rnn_forward", "def rnn_forward(X, h0, params):\n    while True:\n        pass"),
    "crash": ("softmax", "import os\n\n\ndef softmax(z):\n    os.abort()"),
    "forger": ("one_hot", "check = lambda function: 2"),
    "unwritten": ("num_params", "def num_params(D, H, C):\n    raise NotImplementedError"),
}

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.alone,
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]


@pytest.fixture
def course(released_course, instructor_path):
    """A class of nine: right ones, wrong ones, one that is damaged."""
    for name, (key, source) in WRONG.items():
        nb = nbformat.read(instructor_path, as_version=4)
        cell_of(nb, key).source = source
        hand_in(released_course, name, nb)
    for number in range(4):
        hand_in(released_course, f"right-{number}", nbformat.read(instructor_path, as_version=4))
    hand_in(released_course, "damaged", "{}")
    return released_course


@pytest.fixture
def processes(tmp_path):
    """A scheduler without workers."""
    (tmp_path / "dask").mkdir()
    with DaskProcesses(tmp_path / "dask") as started:
        yield started


def start(course, *options):
    """Start to grade ``course`` as its user would; return the process."""
    words = [COMMAND, "grade", UNIT, "--course", course, *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process):
    """Wait for a command; return its exit code and what it printed."""
    out, err = process.communicate(timeout=COMMAND_TIMEOUT)
    assert "Traceback" not in err, err
    return process.returncode, out + err


@pytest.mark.slow
def test_with_a_worker_killed_half_way_the_files_are_the_same_as_of_one_machine(course, tmp_path, processes):
    local = shutil.copytree(course, tmp_path / "local", symlinks=True)
    assert finish(start(local, "--workers", "2"))[0] == 0
    with sqlite3.connect(course / "gradebook.db") as database:
        database.executescript(COUNTER)
    database.close()
    first = processes.worker()
    processes.worker()

    grading = start(course, "--scheduler", processes.address)
    wait_for(lambda: graded(course) >= 2 or grading.poll() is not None)
    kill(first)
    processes.worker()
    code, output = finish(grading)

    assert code == 0, output
    assert "8 graded, 1 not graded." in output
    assert state(course) == state(local)
    assert_each_recorded_once(course)


@pytest.mark.slow
def test_after_ctrl_c_and_with_the_scheduler_gone_half_way_this_machine_goes_on_where_it_was(course, processes):
    processes.worker()
    grading = start(course, "--scheduler", processes.address)
    wait_for(lambda: graded(course) >= 1 or grading.poll() is not None)
    grading.send_signal(signal.SIGINT)
    code, output = finish(grading)
    assert code == 1
    assert "Stopped. What was graded is kept; to go on" in output
    first = graded(course)

    grading = start(course, "--scheduler", processes.address)
    wait_for(lambda: graded(course) > first or grading.poll() is not None)
    kill(processes.scheduler)
    code, output = finish(grading)
    kept = graded(course)

    assert code == 2
    assert f"the scheduler {processes.address} does not answer any more; without --scheduler the same command" in output
    assert "run the same command again" in output
    assert first < kept < 8
    code, output = finish(start(course))
    assert code == 0
    assert f"{8 - kept} graded, {kept} graded earlier and unchanged, 1 not graded." in output


def test_where_no_scheduler_is_a_sentence_says_so(monkeypatch):
    monkeypatch.setattr(cluster, "SCHEDULER_TIMEOUT", 1.0)

    with (
        pytest.raises(UnusableWorkers, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9 .* start one with"),
        Cluster("tcp://127.0.0.1:9", 60.0),
    ):
        pass


@pytest.mark.parametrize("address", ["", "tcp://host", "foo://host:1", "tcp://host:port", "8786"])
def test_what_is_no_address_is_not_tried(address):
    with pytest.raises(UnusableWorkers, match="no address of a scheduler"), Cluster(address, 60.0):
        pass


@pytest.mark.parametrize(
    ("file", "fault"),
    [(None, "configuration names no certificates"), ("/nowhere/some.pem", "certificates cannot be read")],
)
def test_tls_without_certificates_says_how_to_make_them(file, fault):
    tls = "distributed.comm.tls"
    with (
        dask.config.set({f"{tls}.ca-file": file, f"{tls}.client.cert": file, f"{tls}.client.key": file}),
        pytest.raises(UnusableWorkers, match=rf"{fault}.*docs/cluster\.md"),
        Cluster("tls://127.0.0.1:8786", 60.0),
    ):
        pass


@pytest.mark.parametrize("option", [["--trusted"], ["--workers", "2"]])
def test_options_of_one_machine_and_of_a_cluster_do_not_mix(tmp_path, option):
    code, output = finish(start(tmp_path, "--scheduler", "tcp://127.0.0.1:9", *option))

    assert code == 1
    assert "--trusted and --workers are for grading on this machine" in output


@pytest.mark.slow
def test_workers_that_must_not_judge_are_refused_and_where_there_are_none_it_says_how_to_start_one(
    processes, monkeypatch, instructor_path
):
    monkeypatch.setattr(cluster, "WORKER_TIMEOUT", 1.0)
    with pytest.raises(UnusableWorkers, match=r"no workers for 1 s.*To start one: dask worker tcp"):
        Cluster(processes.address, 60.0).__enter__()

    monkeypatch.setattr(cluster, "WORKER_TIMEOUT", 120.0)
    processes.worker(preload=None)
    with Cluster(processes.address, 60.0) as crew:
        crew.submit(submission("ada", instructor_path.read_bytes()))
        with pytest.raises(UnusableWorkers, match="was started without --preload"):
            crew.next()


@pytest.mark.slow
def test_jobs_that_end_or_hang_their_worker_fail_and_the_others_do_not(tmp_path):
    folder = tmp_path / "dask"
    folder.mkdir()
    with DaskProcesses(folder, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0") as processes:
        processes.worker(preload="tests.autograder.faulty_worker")
        found = {}
        with Cluster(processes.address, 5.0) as crew:
            for order in ("die", "raise", "hang", "work"):
                # One by one: Dask takes each job that a worker holds when it ends for the culprit.
                crew.submit(submission(order, b""))
                judged, outcome = crew.next()
                found[judged.student] = outcome
            assert not crew.busy

    ended = Failed("it was given to 1 workers, and each of them ended")
    assert (found["die"], found["hang"]) == (ended, ended)
    assert found["raise"].reason == "ValueError: no such thing"
    assert found["work"] == Result("work", "unreadable")


@pytest.mark.slow
def test_memory_does_not_grow_with_the_class_and_a_scheduler_that_stands_still_is_not_waited_for_long(
    processes, monkeypatch
):
    processes.worker(preload="tests.autograder.faulty_worker")
    with Cluster(processes.address, 60.0) as crew:
        tracemalloc.start()
        before, most = tracemalloc.get_traced_memory()[0], 0
        for number in range(40):
            crew.submit(submission("work", bytes(900_000), seed=number))
            most = max(most, len(crew._sent))
            while crew.full:
                crew.next()
        while crew.busy:
            crew.next()
        grown = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        # The 40 submissions have 36 MB.
        assert (most, grown // 4_000_000) == (2, 0)

        monkeypatch.setattr(cluster, "SCHEDULER_TIMEOUT", 2.0)
        crew.submit(submission("hang", b""))
        os.kill(processes.scheduler.pid, signal.SIGSTOP)
        with pytest.raises(NoWorkers, match="does not answer any more"):
            crew.next()


@pytest.fixture
def prepared(monkeypatch):
    """What a worker process has after `dask_setup`."""
    monkeypatch.setattr(cluster_worker, "problems", [*cluster_worker.problems])
    monkeypatch.setattr(cluster_worker, "versions", {})
    dask_setup(SimpleNamespace(state=SimpleNamespace(nthreads=1)))


def test_a_prepared_worker_judges(prepared):
    result = judge_submission(submission("ada", b"{}"), 60.0)

    assert (result.state, "not a notebook" in result.reason) == ("unreadable", True)


def test_a_worker_with_another_version_of_the_course_is_refused(prepared):
    refused = judge_submission(submission("ada", b"{}", version="0123456789ab"), 60.0)

    assert isinstance(refused, Refused)
    assert f"has version {course_version(UNIT)}, yours 0123456789ab; give both the same" in refused.reason


def test_a_worker_whose_files_have_changed_since_it_started_is_refused(prepared, monkeypatch):
    monkeypatch.setitem(cluster_worker.versions, UNIT, "0123456789ab")

    refused = judge_submission(submission("ada", b"{}", version="0123456789ab"), 60.0)

    assert isinstance(refused, Refused)
    assert "have changed since it was started; start it again." in refused.reason


def test_a_worker_with_threads_is_refused(prepared):
    dask_setup(SimpleNamespace(state=SimpleNamespace(nthreads=2)))

    refused = judge_submission(submission("ada", b"{}"), 60.0)

    assert isinstance(refused, Refused)
    assert "it has 2 threads; start it with --nthreads 1." in refused.reason


def test_a_worker_without_isolation_is_refused(prepared, monkeypatch):
    monkeypatch.setattr("autograder.sandbox.doctor.missing", lambda: ["Not installed: bubblewrap."])
    dask_setup(SimpleNamespace(state=SimpleNamespace(nthreads=1)))

    refused = judge_submission(submission("ada", b"{}"), 60.0)

    assert isinstance(refused, Refused)
    assert refused.reason.endswith("Not installed: bubblewrap.")


def test_grading_on_one_machine_does_not_import_dask():
    program = (
        "import sys, autograder.cli, autograder.grading.grade; print({'dask', 'distributed'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert done.stdout == "set()\n", done.stderr
