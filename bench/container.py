"""A container for untrusted programs that do not isolate submissions themselves, such as stock nbgrader.

bubblewrap without a network, with a read-only system, private folders in memory, an ordinary user, and the grader's
watchdog for the memory, CPU time and processes of everything in it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.sandbox import bubblewrap
from autograder.sandbox.limits import GIB, MIB, Bounds
from autograder.sandbox.watchdog import PRIVATE_FOLDERS, Watchdog

TOGETHER = Bounds(memory=3 * GIB, fair=1 * GIB, reserve=1 * GIB, cpu=400.0, processes=500)
ADDRESS_SPACE = 8 * GIB
FILE_SIZE = 256 * MIB
FOLDER_SIZE = 512 * MIB


def run(argv: Sequence[str], shown: Mapping[Path, str], folder: str, seconds: float) -> tuple[str, str]:
    """Run ``argv`` in a container; return its output, and how it ended in a few words.

    ``shown`` maps paths of this machine to read-only paths inside; ``folder`` is the working folder.
    It is killed after ``seconds``, or when it exceeds ``TOGETHER``.
    """
    process = subprocess.Popen(
        [*_command(shown, folder), *argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath},
        text=True,
    )
    watchdog = Watchdog(process.pid, TOGETHER, lambda: bubblewrap.kill(process.pid))
    with watchdog:
        try:
            printed = process.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            bubblewrap.kill(process.pid)
            return process.communicate()[0], f"did not end within {seconds:g} s"
    return printed, watchdog.excess.message if watchdog.excess else f"exit code {process.returncode}"


def _command(shown: Mapping[Path, str], folder: str) -> list[str]:
    seen = {Path("/usr"): "/usr", Path(sys.base_prefix): sys.base_prefix, Path(sys.prefix): sys.prefix, **shown}
    parts = ["bwrap", "--die-with-parent", "--new-session", "--hostname", "container"]
    parts += [f"--unshare-{kind}" for kind in ("ipc", "pid", "net", "uts", "cgroup-try")]
    for path in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(path):
            parts += ["--symlink", os.readlink(path), path]
    parts += ["--proc", "/proc", "--dev", "/dev", *_folders(Path(bubblewrap.HOME))]
    for path in PRIVATE_FOLDERS:
        parts += ["--perms", "1777", "--size", str(FOLDER_SIZE), "--tmpfs", path]
    # After the temporary folders, which may contain mount points.
    for path, place in seen.items():
        parts += [*_folders(Path(place)), "--ro-bind", str(path), place]
    parts += [*_folders(Path("/etc/passwd")), *("--ro-bind", "/etc/passwd", "/etc/passwd")]
    parts += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", folder]
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    variables = {"PATH": path, "HOME": bubblewrap.HOME, "LANG": "C.UTF-8"}
    parts += ["--clearenv", *(word for pair in variables.items() for word in ("--setenv", *pair))]
    return [*parts, *_ordinary_user()]


def _ordinary_user() -> list[str]:
    """Switch to an unused user id, without privileges and without the right to create namespaces."""
    user = ["--unshare-user", "--uid", str(bubblewrap.ORDINARY_USER), "--gid", str(bubblewrap.ORDINARY_USER)]
    inner = ["bwrap", "--dev-bind", "/", "/", *user, "--disable-userns", "--"]
    bounds = [
        "prlimit",
        f"--as={ADDRESS_SPACE}",
        f"--fsize={FILE_SIZE}",
        "--core=0",
        f"--nproc={TOGETHER.processes}",
        "--",
    ]
    if os.geteuid() != 0:
        return ["--unshare-user", *user[1:], "--", *inner, *bounds]
    uid = str(bubblewrap.new_user())
    given_up = ["--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", "--clear-groups"]
    kept = [part for name in ("SETUID", "SETGID", "SETPCAP") for part in ("--cap-add", f"CAP_{name}")]
    return [
        "--cap-drop",
        "ALL",
        *kept,
        "--",
        "setpriv",
        "--reuid",
        uid,
        "--regid",
        uid,
        *given_up,
        "--",
        *inner,
        *bounds,
    ]


def _folders(path: Path) -> list[str]:
    """Create the folders above ``path``; root's bubblewrap would create them readable for root alone."""
    return [part for folder in reversed(path.parents[:-1]) for part in ("--perms", "0755", "--dir", str(folder))]
