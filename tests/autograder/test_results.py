"""The values of grading: what they hold, and that JSON takes nothing from them and adds nothing."""

import hashlib
import json
from dataclasses import replace

import pytest

from autograder.results import Change, Result, Verdict, from_json, to_json
from rnnlab.checking.marking import Marks, Row
from tests.autograder.submissions import submission

FAILED = Verdict("softmax", 1, 2, "fail", "∞ statt 1", "maximum-not-subtracted", 0.25, 2**47)
TABLE = Marks("softmax", 1, 2, "fail", (Row("finite", "failed", "∞", "1"),))


def test_the_digest_of_a_notebook_alone_is_that_of_its_bytes():
    assert submission("ada", b"x").digest == hashlib.sha256(b"x").hexdigest()


def test_the_digest_changes_with_every_file_beside_the_notebook():
    beside = ({}, {"a": b"1"}, {"a": b"2"}, {"b": b"1"}, {"a": b"1", "b": b""})

    assert len({submission("ada", b"x", files=files).digest for files in beside}) == 5
    one, other = {"a": b"1", "b": b"2"}, {"b": b"2", "a": b"1"}
    assert submission("ada", b"x", files=one).digest == submission("bela", b"x", files=other).digest


def test_what_was_handed_in_is_in_no_log():
    assert "secret" not in repr(submission("ada", b"secret", files={"a": b"secret"}))


@pytest.mark.parametrize("value", [FAILED, replace(FAILED, mistake=None), Change("softmax", 1.5, 0, 2, "died")])
def test_a_value_comes_back_from_json_as_it_was(value):
    text = json.dumps(to_json(value))

    assert from_json(type(value), json.loads(text)) == value


def test_tables_and_tracebacks_stay_out_of_json():
    assert to_json(replace(FAILED, marks=TABLE, fault="Traceback")) == to_json(FAILED)


@pytest.mark.parametrize("content", [None, [], {}, {**to_json(FAILED), "marks": None}, {"exercise": "softmax"}])
def test_json_of_something_else_is_refused(content):
    with pytest.raises(ValueError, match="no Verdict"):
        from_json(Verdict, content)


def test_a_result_adds_up_the_points_and_gathers_the_tracebacks():
    verdicts = (FAILED, replace(FAILED, points=2, fault="over softmax"))

    assert Result("ada", "graded", verdicts=verdicts).points == 3
    assert Result("ada", "graded", verdicts=verdicts, fault="over all").faults == ["over all", "over softmax"]
