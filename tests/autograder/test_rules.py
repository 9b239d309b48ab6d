"""The rules of a course: what rules.json may hold, and what lateness costs."""

from datetime import UTC, datetime, timedelta

import pytest

from autograder.errors import CourseError
from autograder.rules import RULES, LatePolicy, Rules, late_policy, parse_time, read_rules, write_rules

UNIT = "u01_rnn_cell"
NOON = datetime(2026, 3, 10, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2026-03-10T12:00+09:00", "2026-03-10 12:00 Asia/Seoul", "2026-03-10T03:00Z", "2026-03-10 03:00 UTC"]
)
def test_a_time_with_a_zone_is_read(text):
    assert parse_time(text) == NOON


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-03-10T12:00", "has no time zone"),
        ("2026-03-10", "has no time zone"),
        ("2026-03-10 12:00 KST", "is no time that is known here"),
        ("2026-03-10 12:00 ../etc", "is no time that is known here"),
        ("2026-13-10T12:00Z", "is no time that is known here"),
        ("tomorrow", "is no time that is known here"),
        ("", "is no time that is known here"),
    ],
)
def test_a_time_that_could_mean_another_one_is_refused_with_the_form_to_write(text, message):
    with pytest.raises(CourseError, match=f"{message}; write it as 2026-03-10T23:59"):
        parse_time(text)


@pytest.mark.parametrize(
    ("policy", "late", "penalty"),
    [
        (LatePolicy("none"), 1e6, 0),
        (LatePolicy("zero"), 1, 20),
        (LatePolicy("zero"), 0, 0),
        (LatePolicy("day", 10), 1, 2),
        (LatePolicy("day", 10), 86_400, 2),
        (LatePolicy("day", 10), 86_401, 4),
        (LatePolicy("day", 10, 50), 86_400 * 9, 10),
        (LatePolicy("hour", 1.5), 7_200, 0.6),
        (LatePolicy("hour", 50), 86_400, 20),
    ],
)
def test_lateness_costs_percents_of_the_points_for_each_period_begun_up_to_the_cap(policy, late, penalty):
    assert policy.penalty(20.0, late) == pytest.approx(penalty)


def test_an_extension_lengthens_and_never_shortens_the_time():
    rules = Rules().with_due(UNIT, NOON).with_extension(UNIT, "ada", NOON + timedelta(days=2))

    assert rules.extension(UNIT, "ada") == timedelta(days=2)
    assert rules.extension(UNIT, "bela") is None
    assert rules.with_due(UNIT, NOON + timedelta(days=3)).extension(UNIT, "ada") is None
    assert rules.with_due(UNIT, None).extension(UNIT, "ada") is None
    assert rules.with_extension(UNIT, "ada", None).extension(UNIT, "ada") is None


@pytest.mark.parametrize("late", [None, LatePolicy("zero"), LatePolicy("day", 10.0, 50.0)])
def test_what_is_written_is_read_again(tmp_path, late):
    rules = Rules(late).with_due(UNIT, NOON).with_due("u04_lstm", None).with_extension(UNIT, "김 철수", NOON)
    write_rules(tmp_path, rules)

    assert read_rules(tmp_path) == rules


def test_a_course_without_the_file_has_no_rules(tmp_path):
    assert read_rules(tmp_path) == Rules()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot be read"),
        ("[]", "should be an object with the keys due, extensions, late"),
        ('{"dues": {}}', "should be an object with the keys"),
        ('{"due": {"u01": "2026-03-10T12:00Z"}}', "there is no unit u01; did you mean"),
        ('{"due": {"u01_rnn_cell": "2026-03-10T12:00"}}', "has no time zone"),
        ('{"due": {"u01_rnn_cell": 5}}', "5 is no time"),
        ('{"extensions": {"u01_rnn_cell": []}}', "u01_rnn_cell is .*should be an object"),
        ('{"late": {"policy": "week"}}', "'week' is no late policy; it is none, zero, day or hour"),
        ('{"late": {"policy": "day"}}', "has no percent"),
        ('{"late": {"policy": "day", "percent": "10"}}', "should be numbers"),
        ('{"late": "zero"}', "late should be an object such as"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name_and_what_is_wrong(tmp_path, text, message):
    (tmp_path / RULES).write_text(text)

    with pytest.raises(CourseError, match=message) as refused:
        read_rules(tmp_path)
    assert str(tmp_path / RULES) in str(refused.value)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("zero", 10.0, None), "has neither percent nor cap"),
        (("day", None, 50.0), "has no percent"),
        (("day", 0.0, None), "percent is 0, and should be above 0"),
        (("hour", 10.0, 101.0), "cap is 101, and should be above 0 and at most 100"),
    ],
)
def test_a_policy_whose_parts_do_not_go_together_is_refused(words, message):
    with pytest.raises(CourseError, match=message):
        late_policy(*words)
