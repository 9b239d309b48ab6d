"""Atomic writes: a reader finds the old file or the new one, never half of one; and this process's temporary folder."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterable
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path

TEMPORARY = ".autograder-"
# What `write_whole` leaves when it is killed. No output file has such a name: those have an extension.
UNFINISHED = re.compile(rf"{re.escape(TEMPORARY)}[a-z0-9_]+")
PROCESS_FOLDER, LOCK = "autograder-", "lock"
# The disk is full, broken or closed to us; any other error concerns one file only.
UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM}


def digest_of(content: bytes) -> str:
    """Return the SHA-256 digest of ``content``, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def write_whole(path: Path, text: str, mode: int = 0o666) -> None:
    """Write ``text`` to ``path`` atomically and flush it to the disk; folders are made as needed.

    The file gets the permissions ``mode``, less the process's umask.

    Raises OSError, for instance when the disk is full; an existing file is then unchanged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # A short name, however long the student's is, by which `sweep` finds what a killed run left.
    temporary = path.parent / f"{TEMPORARY}{secrets.token_hex(8)}"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with open(handle, "wb") as file:
            file.write(text.encode("utf-8", "replace"))
            file.flush()
            os.fsync(handle)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def is_open_to_others(path: Path) -> bool:
    """Return whether every account on this machine can read the file or folder ``path``."""
    folders = path.resolve().parents
    return path.exists() and bool(path.stat().st_mode & 0o004) and all(p.stat().st_mode & 0o001 for p in folders)


def sweep(folders: Iterable[Path]) -> None:
    """Remove the unfinished files that a killed run left in ``folders``."""
    for folder in folders:
        for path in folder.glob(f"{TEMPORARY}*"):
            if UNFINISHED.fullmatch(path.name) and not path.is_dir():
                path.unlink()


@cache
def own_folder() -> Path:
    """Return this process's temporary folder, removed at its end; if it is killed, the next process removes it."""
    for other in Path(tempfile.gettempdir()).glob(f"{PROCESS_FOLDER}*/{LOCK}"):
        _remove_if_left(other)
    folder = Path(tempfile.mkdtemp(prefix=PROCESS_FOLDER))
    # The lock is released when this process ends, however it ends.
    fcntl.flock(os.open(folder / LOCK, os.O_CREAT | os.O_WRONLY, 0o600), fcntl.LOCK_EX)
    # After multiprocessing, at priority -100, has removed its own folder in there; it would fail on a missing one.
    Finalize(None, shutil.rmtree, args=(folder,), kwargs={"ignore_errors": True}, exitpriority=-200)
    return folder


def _remove_if_left(lock: Path) -> None:
    with contextlib.suppress(OSError), lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(lock.parent, ignore_errors=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
