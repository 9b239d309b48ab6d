"""Every hostile submission ends as its file says, and the witnesses would notice if it did not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from pebble import ProcessFuture, ProcessPool

from autograder.grading.grade import grade
from tests.hostile import attack_tools, pool, trials, witnesses

pytestmark = [pytest.mark.sandbox, pytest.mark.alone, pytest.mark.timeout(600)]
# Attacks that do no harm to a machine without a sandbox, and what the witnesses then see.
WITHOUT_SANDBOX = {
    "reading_environment": "told canary-environment",
    "reading_shared_memory": "told canary-memory",
    "reading_outside_its_root": "told canary-secret",
    "harming_background_processes": "left the process",
    "harming_sockets": "connected to a TCP port of the host",
}
# Attacks on what is recorded and shown: they go all the way to gradebook and feedback pages.
GRADED = (
    "forging_display_messages",
    "forging_duplicated_checks",
    "forging_points_in_metadata",
    "forging_recorded_outputs",
    "forging_swapped_ids",
    "harming_exceptions",
    "forging_nameless_results",
    "harming_output_of_pictures",
    "reading_environment",
    "reading_files",
)
AGAIN = ("forging_agreeable_objects", "forging_frames_on_the_channel", "reading_seeds", "harming_exceptions")


@pytest.fixture(scope="session")
def installed() -> dict[Path, tuple[int, int]]:
    """What is installed, before the first attack."""
    return witnesses.installed()


@pytest.fixture(scope="session")
def workers(installed: dict[Path, tuple[int, int]]) -> Iterator[ProcessPool]:
    with pool.workers() as workers:
        yield workers


@pytest.fixture(scope="session")
def futures(request: pytest.FixtureRequest, workers: ProcessPool) -> dict[str, ProcessFuture]:
    """All selected attacks, on their way in the processes of the pool."""
    tests = [item for item in request.session.items if item.originalname == "test_an_attack_ends_as_it_must"]
    return {name: pool.begin(workers, name) for name in (item.callspec.params["name"] for item in tests)}


@pytest.mark.parametrize("name", attack_tools.names())
def test_an_attack_ends_as_it_must(name: str, futures: dict[str, ProcessFuture]) -> None:
    row = pool.outcome(name, futures[name])
    assert not row.surprises, "\n".join(row.surprises)


def test_attacks_change_nothing_that_is_installed(
    installed: dict[Path, tuple[int, int]], futures: dict[str, ProcessFuture]
) -> None:
    for name, future in futures.items():
        pool.outcome(name, future)
    assert witnesses.changed(installed) == []


@pytest.mark.parametrize("name", AGAIN)
def test_judging_again_gives_the_same_record(name: str, workers: ProcessPool) -> None:
    first, second = (workers.schedule(trials.verdicts, args=(name,)).result(pool.PATIENCE) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(("name", "noticed"), WITHOUT_SANDBOX.items())
def test_the_witnesses_notice_what_an_attack_does_without_a_sandbox(
    name: str, noticed: str, workers: ProcessPool
) -> None:
    row = workers.schedule(trials.run, args=(name,), kwargs={"trusted": True}).result(pool.PATIENCE)
    assert any(noticed in surprise for surprise in row.surprises), row.surprises


# nbgrader 0.9.6 with SQLAlchemy 2.1
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_attacks_reach_neither_the_gradebook_nor_the_feedback_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(witnesses.ENVIRONMENT, secret := witnesses.canary("environment"))
    cases = {name: attack_tools.load(name) for name in GRADED}
    for name, case in cases.items():
        path = tmp_path / "submitted" / name / attack_tools.UNIT / f"{attack_tools.UNIT}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(case.notebook()))

    results = {result.student: result for result in grade(tmp_path, attack_tools.UNIT)}

    for name, case in cases.items():
        points = {exercise: case.points.get(exercise, (most,))[0] for exercise, most in attack_tools.FULL.items()}
        assert {verdict.exercise: verdict.points for verdict in results[name].verdicts} == points
        page = (tmp_path / "feedback" / name / attack_tools.UNIT / f"{attack_tools.UNIT}.html").read_text()
        assert not re.search(r"<(?:script|iframe|svg)\b|<[^>]*\son\w+=", page)
        assert not [told for told in (secret, str(tmp_path), (tmp_path / "secret").read_text().strip()) if told in page]
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db") as gradebook:
        scores = {
            submission.student.id: submission.score
            for submission in gradebook.assignment_submissions(attack_tools.UNIT)
        }
    assert scores == {name: result.points for name, result in results.items()}
