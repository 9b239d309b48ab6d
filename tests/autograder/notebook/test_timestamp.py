"""Who handed in, and when: whatever the folder and the file timestamp.txt are called and hold."""

import os
from datetime import datetime

import pytest

from autograder.errors import Unreadable
from autograder.notebook.timestamp import TIMESTAMP, check_name, has_name, submitted_at

NO_TIME = (None, "timestamp.txt has no valid time; lateness was not determined.")


@pytest.mark.parametrize("name", ["ada", "김 철수", 'O\'Brien "Bob"', "-rf", "=1+1", "a" * 128, "𝒜" * 62, "x\ny"])
def test_a_name_is_whatever_gradebook_and_files_can_hold(name):
    assert has_name(name)


@pytest.mark.parametrize("name", ["a" * 129, "가" * 100, os.fsdecode(b"\xff\xfe")])
def test_other_names_are_refused_with_a_sentence(name):
    with pytest.raises(Unreadable, match=r"not UTF-8, or longer than 128 characters or 250 bytes \(.*\); rename it"):
        check_name(name)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-02 15:58:23.948203 America/New_York", datetime(2026, 2, 2, 20, 58, 23, 948203)),
        ("2026-02-02 15:58:23.948203 UTC\n", datetime(2026, 2, 2, 15, 58, 23, 948203)),
        ("2026-02-02T15:58:23Z", datetime(2026, 2, 2, 15, 58, 23)),
        ("2026-02-02 15:58:23 +0900", datetime(2026, 2, 2, 6, 58, 23)),
    ],
)
def test_a_timestamp_of_any_zone_is_told_in_utc(tmp_path, text, moment):
    (tmp_path / TIMESTAMP).write_text(text)

    assert submitted_at(tmp_path) == (moment, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-02-31 10:00:00 UTC",
        "0000-00-00 99:99:99 +99:99",
        # Time zones are read from files: none may be named here.
        "2026-02-02 15:58:23 /etc/passwd",
        "2026-02-02 15:58:23 ../../etc/passwd",
    ],
)
def test_what_is_no_time_is_none_and_said(tmp_path, text):
    (tmp_path / TIMESTAMP).write_text(text)

    assert submitted_at(tmp_path) == NO_TIME


def test_without_a_timestamp_there_is_nothing_to_say(tmp_path):
    assert submitted_at(tmp_path) == (None, "")


def test_links_pipes_and_folders_are_neither_followed_nor_waited_for(tmp_path):
    for number, make in enumerate((os.mkfifo, os.mkdir, lambda path: os.symlink("/etc/hostname", path))):
        folder = tmp_path / str(number)
        folder.mkdir()
        make(folder / TIMESTAMP)

        assert submitted_at(folder) == NO_TIME
