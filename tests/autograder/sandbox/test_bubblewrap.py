"""What a process in the sandbox can see and reach, tried from inside the real one."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.sandbox import bubblewrap
from tests.autograder.helpers import ROOT, TRY, as_ordinary_user, inside


@pytest.mark.sandbox
def test_no_network_is_reachable() -> None:
    abstract = f"\0rnn-course-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(abstract)
        unix.listen()
        seen = inside(
            f"""{TRY}
import socket
def connect(family, address):
    with socket.socket(family) as s:
        s.settimeout(2)
        return s.connect(address)
tell({{
    "internet": [outcome(lambda kind=kind: socket.socket(socket.AF_INET, kind)) for kind in (1, 2, 3)],
    "internet 6": outcome(lambda: socket.socket(socket.AF_INET6)),
    "netlink": outcome(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),
    "name": outcome(lambda: socket.getaddrinfo("example.org", 80)),
    "host's unix": outcome(lambda: connect(socket.AF_UNIX, {abstract!r})),
    "own unix": outcome(lambda: [end.close() for end in socket.socketpair()]),
}})"""
        )
    assert seen == {
        "internet": ["OSError"] * 3,
        "internet 6": "OSError",
        "netlink": "OSError",
        "name": "gaierror",
        "host's unix": "ConnectionRefusedError",
        "own unix": "[None, None]",
    }


@pytest.mark.sandbox
def test_the_course_and_the_graders_files_are_not_there(tmp_path: Path) -> None:
    gradebook = tmp_path / "gradebook-of-this-test.db"
    gradebook.write_text("grades")
    wanted = [
        str(path) for path in (ROOT, ROOT / "solutions", ROOT / "course", gradebook, Path.home(), "/root", "/var")
    ]
    assert not inside(f"tell([path for path in {wanted} if os.path.exists(path)])")
    found = inside(
        """
found = []
for folder, folders, files in os.walk("/", onerror=lambda error: None):
    folders[:] = [name for name in folders if (folder, name) not in {("/", "proc"), ("/", "usr")}]
    found += [name for name in folders + files if name in {"solutions", "judge.py", "gradebook-of-this-test.db"}]
tell(found)"""
    )
    assert found == []


@pytest.mark.sandbox
@pytest.mark.parametrize("package", ["autograder", "solutions", "tests"])
def test_the_packages_of_the_grader_cannot_be_imported(package: str) -> None:
    assert inside(f"import importlib.util\ntell(importlib.util.find_spec({package!r}) is None)")


@pytest.mark.sandbox
def test_the_packages_of_the_course_are_there_in_the_same_versions() -> None:
    seen = inside("import numpy, rnnlab, inside.frames\ntell([numpy.__version__, numpy.__file__, rnnlab.__file__])")
    assert seen == [
        np.__version__,
        f"{bubblewrap.PACKAGES}/numpy/__init__.py",
        f"{bubblewrap.COURSE_CODE}/rnnlab/__init__.py",
    ]


@pytest.mark.sandbox
def test_the_graders_environment_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_SECRET", "tell-nobody")
    seen = inside(
        """
import glob
seen = dict(os.environ)
for path in glob.glob("/proc/[0-9]*/environ"):
    try:
        seen[path] = open(path, errors="replace").read()
    except OSError:
        pass
tell(seen)"""
    )
    assert "tell-nobody" not in json.dumps(seen)
    assert seen["HOME"] == bubblewrap.HOME
    assert set(bubblewrap.environment()) <= set(seen)


@pytest.mark.sandbox
def test_no_other_process_is_in_sight() -> None:
    seen = inside(
        f"""{TRY}
tell([os.listdir("/proc"), outcome(lambda: os.kill({os.getpid()}, 0)), os.getppid()])"""
    )
    listed, other, parent = seen
    assert listed == ["cpuinfo"]
    assert other == "ProcessLookupError"
    assert parent == 1


@pytest.mark.sandbox
def test_nothing_can_be_written_outside_the_temporary_space() -> None:
    seen = inside(
        """
wrote = []
for folder, folders, files in os.walk("/", onerror=lambda error: None):
    if folder.startswith(("/proc", "/usr/")):
        folders.clear()
        continue
    for name in ("new", *files[:3]):
        try:
            with open(os.path.join(folder, name), "a"):
                wrote.append(folder)
        except OSError:
            pass
for path in ("/usr/new", "/usr/lib/new", "/proc/sys/kernel/hostname", "/proc/sysrq-trigger"):
    try:
        with open(path, "a"):
            wrote.append(path)
    except OSError:
        pass
devices = {"/dev", "/dev/pts"}
tell(sorted(set(wrote) - devices))"""
    )
    assert set(seen) == {"/tmp", bubblewrap.MATPLOTLIB, bubblewrap.HOME, "/dev/shm"}


@pytest.mark.sandbox
def test_it_is_nobody_and_cannot_become_somebody() -> None:
    seen = inside(
        f"""{TRY}
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
NEWUSER, NEWNS = 0x10000000, 0x20000
NO_NEW_PRIVS, CAPBSET_READ = 39, 23
tell({{
    "ids": [*os.getresuid(), *os.getresgid()],
    "groups": len(set(os.getgroups()) - {{os.getgid()}}),
    "capabilities": [bit for bit in range(64) if libc.prctl(CAPBSET_READ, bit) == 1],
    "no_new_privs": libc.prctl(NO_NEW_PRIVS, 0, 0, 0, 0),
    "setuid": outcome(lambda: os.setuid(0)),
    "user namespace": libc.unshare(NEWUSER),
    "mount namespace": libc.unshare(NEWNS),
    "mount": libc.mount(b"none", b"/tmp", b"tmpfs", 0, None),
    "chroot": outcome(lambda: os.chroot("/tmp")),
}})"""
    )
    # The host's root has no name inside.
    assert seen.pop("setuid") in ("OSError", "PermissionError")
    assert seen == {
        "ids": [1000] * 6,
        "groups": 0,
        "capabilities": [],
        "no_new_privs": 1,
        "user namespace": -1,
        "mount namespace": -1,
        "mount": -1,
        "chroot": "PermissionError",
    }


@pytest.mark.sandbox
def test_everything_dies_with_the_one_who_started_it() -> None:
    argv = [bubblewrap.python(), "-c", "import os, time; os.fork(); print('up', flush=True); time.sleep(1000)"]
    with bubblewrap.prepared(argv) as (line, descriptors):
        starter = f"import subprocess, time; p = subprocess.Popen({line!r}, pass_fds={descriptors}); time.sleep(1000)"
        command = [sys.executable, "-c", starter]
        with subprocess.Popen(command, stdout=subprocess.PIPE, pass_fds=descriptors) as process:
            assert process.stdout is not None
            assert process.stdout.readline() + process.stdout.readline() == b"up\nup\n"
            process.kill()
            # The pipe ends when the last process that holds it is gone.
            assert process.stdout.read() == b""


@pytest.mark.sandbox
@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_an_ordinary_user_gets_the_same_sandbox(tmp_path: Path, umask: int) -> None:
    # As `autograder grade` sets it, what the grader makes is for itself alone.
    program = (
        f"import os\nos.umask({umask})"
        + """
import subprocess, sys
from autograder.sandbox import bubblewrap
from autograder.sandbox.doctor import missing
code = '''import os, ctypes, numpy
assert os.getuid() == 1000 and ctypes.CDLL(None).unshare(0x10000000) == -1
for path in ("/new", "/dev/new", "/opt/new"):
    try:
        open(path, "w")
    except OSError:
        print("closed")
'''
with bubblewrap.prepared([bubblewrap.python(), "-c", code]) as (line, descriptors):
    done = subprocess.run(line, capture_output=True, text=True, check=True, pass_fds=descriptors)
print(missing(), done.stdout.split())
"""
    )
    done = subprocess.run(as_ordinary_user(tmp_path, program), capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("[] ['closed', 'closed', 'closed']\n", "")
