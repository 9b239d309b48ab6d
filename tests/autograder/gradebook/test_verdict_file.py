"""Verdict files: the same bytes for the same verdicts, and damage is noticed."""

import json
from dataclasses import replace

from autograder.gradebook.verdict_file import read_verdicts, verdict_file
from autograder.results import Verdict
from tests.autograder.submissions import submission

VERDICT = Verdict("softmax", 1, 2, "fail", "∞ statt 1", None, 0.25, 7)
SUBMISSION = submission("김 철수", b"{}", seed=7)


def test_verdicts_are_read_as_they_were_written(tmp_path):
    path = tmp_path / "김 철수.json"
    path.write_text(verdict_file(SUBMISSION, [VERDICT, replace(VERDICT, exercise="one_hot")]), encoding="utf-8")

    assert read_verdicts(path) == (VERDICT, replace(VERDICT, exercise="one_hot"))


def test_the_file_says_what_the_verdicts_come_from():
    file = json.loads(verdict_file(SUBMISSION, [VERDICT]))

    assert (file["student"], file["unit"], file["seed"]) == ("김 철수", "u01_rnn_cell", 7)
    assert (file["version"], file["submission"]) == (SUBMISSION.version, SUBMISSION.digest)


def test_the_digest_is_of_all_but_the_seconds():
    verdicts = (VERDICT, replace(VERDICT, seconds=9.5), replace(VERDICT, points=2))
    digests = [json.loads(verdict_file(SUBMISSION, [verdict]))["verdict"] for verdict in verdicts]

    assert digests[0] == digests[1] != digests[2]


def test_a_file_that_is_absent_damaged_or_changed_is_none(tmp_path):
    text = verdict_file(SUBMISSION, [VERDICT])
    edited = [text.replace('"points": 1', '"points": 2'), text.replace('"mistake"', '"misteak"')]

    assert read_verdicts(tmp_path / "absent.json") is None
    for number, damaged in enumerate(("", "[]", "{}", '{"verdicts": [1]}', text[:100], *edited)):
        assert damaged != text
        path = tmp_path / f"{number}.json"
        path.write_text(damaged)
        assert read_verdicts(path) is None
