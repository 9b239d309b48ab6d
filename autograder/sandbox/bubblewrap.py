"""The command line that runs a process in bubblewrap.

Inside, a process sees the system's programs and libraries, Python with its packages, ``rnnlab`` and the agent,
all read-only, and small private temporary folders; it has no network, sees no process of the host, and cannot gain
privileges. `autograder.sandbox.doctor` checks whether this works on the machine.
"""

from __future__ import annotations

import copy
import importlib.util
import os
import resource
import secrets
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

import psutil

from autograder.sandbox import seccomp
from autograder.sandbox.inside.zygote import FILTER
from autograder.sandbox.limits import LIMITS, Limits

HOME = "/home/student"
COURSE_CODE = "/opt/course"
PACKAGES = "/opt/site-packages"
PREFIX = "/opt/python"
MATPLOTLIB = "/tmp/matplotlib"
# As in Jupyter.
MATPLOTLIB_BACKEND = "module://matplotlib_inline.backend_inline"
ORDINARY_USER = 1000
BUBBLEWRAP_PROCESSES = 4  # two bubblewraps of at most two processes each
# Above the ranges that systemd and its containers assign, below 2**31.
FIRST_UID, LAST_UID = 1_900_000_000, 2_100_000_000


class Descriptors(NamedTuple):
    """Open files that bubblewrap reads: matplotlib's list of fonts, and the filter of system calls."""

    fonts: int
    filter: int


def new_user() -> int:
    """Return the user id for one sandbox.

    The process limit counts per user, so root gives each sandbox an id of its own;
    any other user keeps theirs, which is mapped to 1000 inside.
    """
    if os.geteuid() != 0:
        return ORDINARY_USER
    return FIRST_UID + secrets.randbelow(LAST_UID - FIRST_UID)


def python() -> str:
    """Return the path of the Python interpreter inside the sandbox."""
    if _in_usr(Path(sys.base_prefix)):
        return str(Path(sys.executable).resolve())
    return f"{PREFIX}/bin/{Path(sys.executable).resolve().name}"


def command(
    argv: Sequence[str], uid: int, descriptors: Descriptors, limits: Limits = LIMITS, *, forks: bool = False
) -> list[str]:
    """Return the command line that runs ``argv`` in a sandbox as user ``uid``.

    The open ``descriptors`` are passed on to bubblewrap, which reads them and closes them.
    A process that ``forks`` puts each of its forks into a sandbox inside its own, so it keeps the right to do that.
    """
    filter_ = str(descriptors.filter)
    return [
        # If the machine runs out of memory, the kernel kills the sandbox before the grader.
        *("choom", "-n", "1000", "--", "bwrap"),
        *_namespaces(),
        *_system(),
        *_interpreter(),
        *_course(),
        *_private(limits),
        *("--perms", "0644", "--ro-bind-data", str(descriptors.fonts), f"{MATPLOTLIB}/{font_list()[0]}"),
        *_folders(FILTER),
        *(("--perms", "0644", "--ro-bind-data", filter_, str(FILTER)) if forks else ()),
        # A shared mapping of it would be memory that no process accounts for; nobody inside can open this mount.
        *("--ro-bind", "/dev/zero", "/dev/zero"),
        # The whole machine shares one limit on pseudo-terminals.
        *_empty("/dev/pts"),
        *("--remount-ro", "/dev", "--remount-ro", "/"),
        *("--chdir", HOME, "--clearenv"),
        *(part for name, value in environment().items() for part in ("--setenv", name, value)),
        "--",
        *_drop_root(uid),
        *_last_step(() if forks else ("--seccomp", filter_)),
        *_bounds(limits),
        *argv,
    ]


@contextmanager
def prepared(
    argv: Sequence[str], limits: Limits = LIMITS, *, forks: bool = False
) -> Iterator[tuple[list[str], tuple[int, ...]]]:
    """Yield the command line that runs ``argv`` in a sandbox of its own, and the descriptors to pass to it."""
    with _in_memory("fonts", font_list()[1].encode()) as fonts, _in_memory("filter", seccomp.program()) as filter_:
        descriptors = Descriptors(fonts, filter_)
        yield command(argv, new_user(), descriptors, limits, forks=forks), (fonts, filter_)


def kill(pid: int) -> None:
    """Kill the sandbox whose bubblewrap is process ``pid``.

    bubblewrap waits for its child, the first process of the sandbox, which ends last. So the child is killed, not
    bubblewrap: when bubblewrap has ended, all processes have.
    """
    try:
        bubblewrap = psutil.Process(pid)
        for process in bubblewrap.children() or [bubblewrap]:
            process.kill()
    except psutil.NoSuchProcess:
        return


def environment() -> dict[str, str]:
    """Return all environment variables inside the sandbox; none is inherited from the grader."""
    one_thread = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return {
        "HOME": HOME,
        "USER": "student",
        "LOGNAME": "student",
        "PATH": f"{PREFIX}/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONPATH": f"{COURSE_CODE}:{PACKAGES}",
        "PYTHONNOUSERSITE": "1",
        # No file in the working folder shadows a module.
        "PYTHONSAFEPATH": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "MPLCONFIGDIR": MATPLOTLIB,
        "MPLBACKEND": MATPLOTLIB_BACKEND,
        **dict.fromkeys(one_thread, "1"),
        **_libraries(),
    }


def _in_usr(path: Path) -> bool:
    return path.resolve().is_relative_to("/usr")


def _namespaces() -> list[str]:
    shared = ["--die-with-parent", "--new-session", "--hostname", "sandbox"]
    unshare = [f"--unshare-{kind}" for kind in ("ipc", "pid", "net", "uts", "cgroup-try")]
    if os.geteuid() == 0:
        # setpriv needs these three to drop the rest; in a user namespace the process would still be root's on the host.
        keep = [part for cap in ("SETUID", "SETGID", "SETPCAP") for part in ("--cap-add", f"CAP_{cap}")]
        return [*shared, *unshare, "--cap-drop", "ALL", *keep]
    return [*shared, *unshare, *_ordinary_user(), "--cap-drop", "ALL"]


def _system() -> list[str]:
    parts = ["--ro-bind", "/usr", "/usr"]
    if not _in_usr(Path(sys.base_prefix)) or not str(Path(sys.base_prefix).resolve()).startswith("/usr/local"):
        parts += [*_empty("/usr/local"), *_empty("/usr/src")]
    for path in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(path):
            parts += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            parts += ["--ro-bind", path, path]
    parts += ["--perms", "0755", "--dir", "/etc"]
    for path in ("/etc/ld.so.cache", "/etc/alternatives"):
        parts += ["--ro-bind-try", path, path]
    # Libraries count processors there; nothing else of /sys is needed.
    return [*parts, *_folders(Path("/sys/devices/system/cpu")), "--ro-bind-try", *["/sys/devices/system/cpu"] * 2]


def _interpreter() -> list[str]:
    packages = Path(sysconfig.get_path("purelib"))
    parts = [*_folders(Path(PACKAGES)), "--ro-bind", str(packages), PACKAGES]
    # These name the folder that a package was installed from, which is the checkout.
    revealing = [*packages.glob("*.pth"), *packages.glob("*.dist-info/direct_url.json")]
    inside = [f"{PACKAGES}/{path.relative_to(packages)}" for path in sorted(revealing)]
    parts += [part for path in inside for part in ("--ro-bind", "/dev/null", path)]
    prefix = Path(sys.base_prefix)
    if _in_usr(prefix):
        return parts
    parts += ["--perms", "0755", "--dir", PREFIX]
    for name in ("bin", "lib"):
        parts += ["--ro-bind", str(prefix / name), f"{PREFIX}/{name}"]
    # The interpreter's own packages may have other versions than the course's.
    bundled = f"lib/python{sysconfig.get_python_version()}/site-packages"
    return parts + (_empty(f"{PREFIX}/{bundled}") if (prefix / bundled).is_dir() else [])


def _course() -> list[str]:
    spec = importlib.util.find_spec("rnnlab")
    assert spec is not None
    assert spec.origin is not None
    rnnlab, inside = Path(spec.origin).parent, Path(__file__).parent / "inside"
    parts = ["--perms", "0755", "--dir", COURSE_CODE]
    parts += ["--ro-bind", str(rnnlab), f"{COURSE_CODE}/rnnlab", "--ro-bind", str(inside), f"{COURSE_CODE}/inside"]
    # What stands in for unwritten answers in a reader's notebook cannot be handed in: here it does not exist.
    return [*parts, *_empty(f"{COURSE_CODE}/rnnlab/standins")]


def _private(limits: Limits) -> list[str]:
    size = ("--size", str(limits.temporary))
    parts = ["--proc", "/proc", "--dev", "/dev", *_folders(Path(HOME))]
    for path, perms in (("/tmp", "1777"), (HOME, "0777"), ("/dev/shm", "1777")):
        parts += ["--perms", perms, *size, "--tmpfs", path]
    return [*parts, "--perms", "0777", "--dir", MATPLOTLIB]


def _empty(path: str) -> list[str]:
    return ["--perms", "0755", "--size", "4096", "--tmpfs", path, "--remount-ro", path]


def _folders(path: Path) -> list[str]:
    """Create the folders above ``path``; otherwise root's bubblewrap creates them readable for root alone."""
    return [part for folder in reversed(path.parents[:-1]) for part in ("--perms", "0755", "--dir", str(folder))]


def _libraries() -> dict[str, str]:
    shared = bool(sysconfig.get_config_var("Py_ENABLE_SHARED")) and not _in_usr(Path(sys.base_prefix))
    return {"LD_LIBRARY_PATH": f"{PREFIX}/lib"} if shared else {}


def _drop_root(uid: int) -> list[str]:
    """Drop root; in a user namespace around everything, the process would still be root's on the host."""
    if os.geteuid() != 0:
        return []
    ids = ["--reuid", str(uid), "--regid", str(uid), "--clear-groups", "--no-new-privs"]
    return ["setpriv", *ids, "--inh-caps=-all", "--bounding-set=-all", "--"]


def _last_step(filter_: Sequence[str]) -> list[str]:
    """Become an ordinary user; then, under the filter, hide the processes and close the way to new namespaces.

    This takes a second bubblewrap, because the first needs what the second takes away. Under the filter it also makes a
    process namespace: the parent of a submission's process is process 1 there, which nobody inside can signal.
    Process groups reach across namespaces, so the submission gets a session of its own.
    """
    inner = ["bwrap", "--dev-bind", "/", "/", *_ordinary_user(), "--chdir", HOME]
    hidden = ["--size", "65536", "--tmpfs", "/proc", "--ro-bind", "/proc/cpuinfo", "/proc/cpuinfo"]
    closed = [*hidden, "--remount-ro", "/proc", "--unshare-pid", "--new-session", "--disable-userns", *filter_]
    return [*inner, *(closed if filter_ else ()), "--"]


def _ordinary_user() -> list[str]:
    return ["--unshare-user", "--uid", str(ORDINARY_USER), "--gid", str(ORDINARY_USER)]


@contextmanager
def _in_memory(name: str, content: bytes) -> Iterator[int]:
    """Yield the descriptor of a file that exists in memory only, at its beginning."""
    with open(os.memfd_create(name), "w+b") as file:
        file.write(content)
        file.seek(0)
        yield file.fileno()


@cache
def font_list() -> tuple[str, str]:
    """Return name and content of matplotlib's font cache, which saves each process the search for fonts."""
    from matplotlib import font_manager, get_data_path

    fonts = copy.copy(font_manager.fontManager)
    # Without the system's fonts, whose paths may reveal the grader's home.
    fonts.ttflist = [font for font in fonts.ttflist if font.fname.startswith(get_data_path())]
    fonts.afmlist = [font for font in fonts.afmlist if font.fname.startswith(get_data_path())]
    name = f"fontlist-v{fonts.__version__}.json"
    with tempfile.TemporaryDirectory(prefix="fonts-") as folder:
        font_manager.json_dump(fonts, f"{folder}/{name}")
        return name, Path(folder, name).read_text()


def _bounds(limits: Limits) -> list[str]:
    bounds = {
        "as": limits.address_space,
        "core": 0,
        "cpu": limits.cpu,
        "fsize": limits.file_size,
        "nofile": limits.open_files,
        # The watchdog counts bubblewrap's processes too: at this limit fork fails, before the watchdog would kill.
        "nproc": limits.processes - BUBBLEWRAP_PROCESSES,
        "sigpending": limits.signals,
    }
    return ["prlimit", *(f"--{name}={_allowed(name, value)}" for name, value in bounds.items()), "--"]


def _allowed(name: str, value: int) -> int:
    """Return ``value``, or the hard limit of this process if that is lower."""
    hard = resource.getrlimit(getattr(resource, f"RLIMIT_{name.upper()}"))[1]
    return value if hard == resource.RLIM_INFINITY else min(value, hard)
