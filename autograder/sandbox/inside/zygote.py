"""A warm process: it has imported what units need, and forks a fresh, isolated process for each submission.

It runs in the sandbox, never handles a submission, and reads nothing that one wrote.
Each fork gets namespaces, temporary folders and a seccomp filter of its own, so it sees what a cold start would:
neither its parent nor earlier submissions.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import random
import select
import selectors
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import numpy as np

from .agent import Agent, leave_standard_streams
from .filter import install
from .frames import FrameLimits
from .shell import Shell, new_shell

FORK, KILL, ENDED = b"f", b"k", b"e"
FILTER = Path("/run/filter")
MAX_FILES = 100_000  # in each temporary folder; units create none

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
NAMESPACES = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT = 1, 2, 4, 32
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER = 1, 24, 36
LAST_CAPABILITY = 63
CAPABILITY_VERSION = 0x20080522  # of linux/capability.h, with 64 bits in two words

libc = ctypes.CDLL(None, use_errno=True)


class Zygote:
    """Forks at the request of the host at the other end of ``control``."""

    def __init__(self, control: socket.socket, frame: FrameLimits, shell: Shell) -> None:
        self.control = control
        self.frame = frame
        self.filter = FILTER.read_bytes()
        # Each fork gets folders as large as this process's.
        self.size = os.statvfs("/tmp").f_blocks * os.statvfs("/tmp").f_frsize
        self.shell = shell
        self.font_lists = {path.name: path.read_bytes() for path in Path(os.environ["MPLCONFIGDIR"]).glob("*.json")}
        self.processor = Path("/proc/cpuinfo").read_bytes()

    def serve(self) -> None:
        """Fork one submission after another until the host closes the connection."""
        # Orphaned processes become children of this one, which waits until they have ended.
        _check(libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
        self.control.sendall(ENDED + bytes([0]))
        while True:
            order, descriptors, _, _ = socket.recv_fds(self.control, 1, 1)
            if not order:
                return
            if order == KILL:
                # Too late: the fork had already ended.
                continue
            (connection,) = descriptors
            child = os.fork()
            if child == 0:
                _end_with(self._isolate, connection)
            os.close(connection)
            self.control.sendall(ENDED + bytes([self._wait(child)]))

    def _wait(self, child: int) -> int:
        """Return the child's exit code when all its descendants have ended; the host may have them killed."""
        descriptor = os.pidfd_open(child)
        try:
            ready, _, _ = select.select([descriptor, self.control.fileno()], [], [])
            if self.control.fileno() in ready:
                # Any message from the host means that it no longer wants to wait.
                self.control.recv(1)
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)
        finally:
            os.close(descriptor)
        ended = 0
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, 0)
                ended = _code(status) if pid == child else ended
        return ended

    def _isolate(self, connection: int) -> int:
        """In the fork: leave all shared namespaces; return the exit code of the submission's process."""
        self.control.close()
        user, group = os.getuid(), os.getgid()
        _check(libc.unshare(NAMESPACES))
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
        self._mount()
        first = os.fork()
        if first == 0:
            _end_with(self._first, connection)
        os.close(connection)
        return _code(os.waitpid(first, 0)[1])

    def _mount(self) -> None:
        """Mount fresh folders over those that others could write to, and over /proc."""
        fresh = f"size={self.size},nr_inodes={MAX_FILES}"
        for path, mode in (("/tmp", "1777"), (os.environ["HOME"], "0777"), ("/dev/shm", "1777")):
            _mount_memory(path, f"{fresh},mode={mode}")
        fonts = Path(os.environ["MPLCONFIGDIR"])
        fonts.mkdir()
        fonts.chmod(0o777)
        for name, content in self.font_lists.items():
            (fonts / name).write_bytes(content)
            (fonts / name).chmod(0o644)
        _mount_memory("/proc", "size=65536,nr_inodes=10,mode=0755")
        Path("/proc/cpuinfo").write_bytes(self.processor)
        Path("/proc/cpuinfo").chmod(0o444)
        _mount_memory("/run", "size=4096,mode=0755", MS_RDONLY)
        _mount_memory("/proc", "", MS_REMOUNT | MS_RDONLY)

    def _first(self, connection: int) -> int:
        """As the first process of the new namespaces: drop all privileges, start the submission, reap its orphans."""
        _check(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))
        _drop_capabilities()
        install(self.filter)
        # Signals to a process group reach beyond the namespace.
        os.setsid()
        # From inside, only signals that process 1 handles reach it, and Python handles this one.
        interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)
        process = os.fork()
        if process == 0:
            signal.signal(signal.SIGINT, interrupted)
            _end_with(self._submission, connection)
        os.close(connection)
        while True:
            pid, status = os.wait()
            if pid == process:
                return _code(status)

    def _submission(self, connection: int) -> int:
        leave_standard_streams(2)
        os.chdir(os.environ["HOME"])
        # Forks would otherwise draw the same numbers.
        random.seed()
        np.random.seed()
        # The filter refuses epoll; in a cold start this module detects that when it is imported.
        selectors.DefaultSelector = selectors.PollSelector  # type: ignore[assignment, misc]
        Agent(socket.socket(fileno=connection), self.frame, self.shell).serve()
        return 0


def _end_with(work: Callable[[int], int], connection: int) -> NoReturn:
    """Do the work of a fork and exit with the code that it returns, whatever happens."""
    code = 1
    try:
        code = work(connection)
    except Exception as error:
        # The host reads the last line on standard error if the submission's process does not start.
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(code)


def _code(status: int) -> int:
    """Return the exit code of a process, or 128 plus the number of the signal that ended it."""
    code = os.waitstatus_to_exitcode(status)
    return 128 - code if code < 0 else code


def _mount_memory(path: str, options: str, flags: int = 0) -> None:
    _check(libc.mount(b"tmpfs", path.encode(), b"tmpfs", MS_NOSUID | MS_NODEV | flags, options.encode()))


def _drop_capabilities() -> None:
    for capability in range(LAST_CAPABILITY + 1):
        # Capabilities that this kernel does not have need not be dropped.
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    _check(libc.capset(header, (ctypes.c_uint32 * 6)()))


def _check(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def main() -> None:
    """Serve on the socket that is this process's standard input.

    The arguments are Python code with the imports, and the limits of a frame.
    """
    control = socket.socket(fileno=os.dup(0))
    # Before the imports: matplotlib connects to the shell that exists when it is imported.
    shell = new_shell()
    imports, *numbers = sys.argv[1:]
    exec(imports, {})
    zygote = Zygote(control, FrameLimits(*map(int, numbers)), shell)
    # Forks share memory until they write to it, and the garbage collector writes to every object that it visits.
    gc.freeze()
    leave_standard_streams(0, 1)
    zygote.serve()


if __name__ == "__main__":
    main()
