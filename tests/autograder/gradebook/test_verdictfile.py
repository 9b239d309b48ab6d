"""Verdict files: the same bytes for the same verdicts, and damage is noticed."""

from autograder.gradebook.verdictfile import read_verdicts, verdict_file

RECORD = {"exercise": "softmax", "points": 1, "status": "fail", "message": "∞ statt 1", "seconds": 0.25}


def test_a_file_is_read_as_it_was_written(tmp_path):
    file = verdict_file("김 철수", "u01_rnn_cell", 7, "d" * 64, [RECORD])
    path = tmp_path / "김 철수.json"
    path.write_text(file.text(), encoding="utf-8")

    assert read_verdicts(path) == file


def test_the_digest_is_of_all_but_the_seconds():
    slow, other = {**RECORD, "seconds": 9.5}, {**RECORD, "points": 2}
    digests = [verdict_file("ada", "u01_rnn_cell", 7, "d" * 64, [record]).verdict for record in (RECORD, slow, other)]

    assert digests[0] == digests[1] != digests[2]


def test_a_file_that_is_absent_damaged_or_changed_is_none(tmp_path):
    text = verdict_file("ada", "u01_rnn_cell", 7, "d" * 64, [RECORD]).text()

    assert read_verdicts(tmp_path / "absent.json") is None
    for number, damaged in enumerate(("", "[]", "{}", text[:100], text.replace('"points": 1', '"points": 2'))):
        path = tmp_path / f"{number}.json"
        path.write_text(damaged)
        assert read_verdicts(path) is None
