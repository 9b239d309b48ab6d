"""Files are there as a whole or not at all."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.files import TEMPORARY, sweep, write_whole


def test_a_file_gets_its_text_and_its_permissions(tmp_path):
    path = tmp_path / "학생" / "a.json"

    write_whole(path, "∂L/∂h\n", 0o444)

    assert path.read_text(encoding="utf-8") == "∂L/∂h\n"
    assert path.stat().st_mode & 0o777 == 0o444


def test_a_read_only_file_is_replaced(tmp_path):
    write_whole(tmp_path / "a", "old", 0o444)
    write_whole(tmp_path / "a", "new", 0o444)

    assert (tmp_path / "a").read_text() == "new"


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    write_whole(tmp_path / "a", "old")
    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "a", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_text() == "old"


def test_what_a_killed_run_left_half_written_is_swept(tmp_path):
    (tmp_path / f"{TEMPORARY}x1").write_text("half")
    (tmp_path / "whole").write_text("whole")

    sweep([tmp_path, tmp_path / "not there"])

    assert [path.name for path in tmp_path.iterdir()] == ["whole"]


def test_a_file_named_after_a_student_with_such_a_name_is_not_swept(tmp_path):
    for name in (f"{TEMPORARY}x.json", f"{TEMPORARY}0123456789abcdef.json"):
        (tmp_path / name).write_text("{}")
    (tmp_path / f"{TEMPORARY}folder").mkdir()

    sweep([tmp_path])

    assert len(list(tmp_path.iterdir())) == 3


KILLED = "from autograder.files import own_folder; import os; print(own_folder()); os.kill(os.getpid(), 9)"


def test_a_temporary_folder_goes_with_its_process_or_with_the_next(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    left = Path(subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True).stdout.strip())
    assert left.exists()
    living = subprocess.Popen(
        [sys.executable, "-c", "from autograder.files import own_folder; print(own_folder(), flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    kept = Path(living.stdout.readline().strip())
    assert not left.exists()

    ends = "from autograder.files import own_folder; assert own_folder().exists()"
    subprocess.run([sys.executable, "-c", ends], check=True)
    assert list(tmp_path.iterdir()) == [kept]
    living.communicate("")
    assert list(tmp_path.iterdir()) == []
