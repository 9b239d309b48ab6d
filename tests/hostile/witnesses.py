"""What watches while a hostile submission is judged: secrets it must not find, things it must not touch or leave."""

from __future__ import annotations

import ctypes
import os
import re
import secrets
import socket
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
MIB = 2**20
MAX_MEMORY = 300 * MIB  # by which the grader may grow while it judges one submission
MAX_OUTPUT_LENGTH = 10 * MIB  # of a notebook, as JSON
MAX_RECORD_LENGTH = 10_000  # characters of one verdict: a few sentences
STRAY = "left-behind"  # how every file is named that an attack tries to leave on the host
ENVIRONMENT = "GRADER_PASSWORD"
# Text of the course that no student may see; attacks print it when they find it.
ANSWERS = ("### BEGIN SOLUTION", "@mistake(")


def canary(place: str) -> str:
    """Return a secret that says where it was found."""
    return f"canary-{place}-{secrets.token_hex(8)}"


@dataclass
class Witnesses:
    """The grader's surroundings during one run, made to be read, contacted, killed or written to."""

    folder: Path
    bystander: subprocess.Popen[bytes]
    tcp: socket.socket
    udp: socket.socket
    abstract: socket.socket
    secrets: list[str]
    processes: set[int]
    before: set[Path] = field(default_factory=set)

    @property
    def course(self) -> Path:
        """The course folder, with the files that lie beside a submission."""
        return self.folder / "course"

    def told(self, text: str) -> str:
        """Return the code of an attack with what it could only guess filled in: ports, names, process numbers."""
        known = {
            "@tcp@": self.tcp.getsockname()[1],
            "@udp@": self.udp.getsockname()[1],
            "@abstract@": self.abstract.getsockname()[1:].decode(),
            "@bystander@": self.bystander.pid,
            "@grader@": os.getpid(),
            "@course@": self.course,
        }
        for name, value in known.items():
            text = text.replace(name, str(value))
        return text

    def leaks(self, text: str) -> list[str]:
        """Return what must not be told but stands in ``text``."""
        return [f"told {known}" for known in (*self.secrets, str(ROOT), *ANSWERS) if known in text]

    def harm(self) -> list[str]:
        """Return what the run did to its surroundings, a phrase each."""
        found = []
        if self.bystander.poll() is not None:
            found.append("killed another process of the grader's user")
        if _contacted(self.tcp):
            found.append("connected to a TCP port of the host")
        if _received(self.udp):
            found.append("sent UDP to the host")
        if _contacted(self.abstract):
            found.append("connected to an abstract socket of the host")
        found += [f"left the process {name}" for name in self._left_processes()]
        found += [f"left the file {path}" for path in sorted(set(_files(self.folder)) - self.before)]
        return found

    def _left_processes(self) -> list[str]:
        """Return the processes of the run that live on; orphans come here, see `bench.clock.adopt_orphans`."""
        deadline = time.monotonic() + 2
        while (left := self._processes()) and time.monotonic() < deadline:
            time.sleep(0.02)
        return left

    def _processes(self) -> list[str]:
        names = []
        for process in psutil.Process().children(recursive=True):
            try:
                if process.pid not in self.processes and process.status() != psutil.STATUS_ZOMBIE:
                    names.append(f"{process.pid} {process.name()}")
            except psutil.NoSuchProcess:
                continue
        return names


@contextmanager
def witnesses() -> Iterator[Witnesses]:
    """Give the surroundings for one run: home, temporary and course folder of the grader are new ones while it lasts.

    Files, environment, shared memory and an inheritable descriptor hold secrets.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=canary("folder"))))
        places = {
            "secret": "course/secret",
            "gradebook": "course/gradebook.db",
            "neighbour": "course/submitted/neighbour/u01_rnn_cell/u01_rnn_cell.ipynb",
            "home": "home/.netrc",
            "temporary": "tmp/notes",
            "descriptor": "descriptor",
        }
        known = {place: canary(place) for place in (*places, "memory", "keyring")}
        for place, path in places.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(known[place])
        _keep_in_keyring(known["keyring"])
        descriptor = stack.enter_context((folder / places["descriptor"]).open())
        os.set_inheritable(descriptor.fileno(), True)
        shared = SharedMemory(create=True, size=4096)
        stack.callback(shared.unlink)
        stack.callback(shared.close)
        shared.buf[: len(known["memory"])] = known["memory"].encode()
        bystander = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "sleep", "infinity"], env={"PATH": os.defpath})
        stack.callback(bystander.wait)
        stack.callback(bystander.kill)
        stack.enter_context(_surroundings(folder))
        told = [*known.values(), folder.name, os.environ.get(ENVIRONMENT) or canary("none")]
        sockets = [stack.enter_context(made) for made in _sockets()]
        running = {process.pid for process in psutil.Process().children(recursive=True)}
        seen = Witnesses(folder, bystander, *sockets, told, running)
        seen.before = set(_files(folder))
        yield seen


@contextmanager
def memory_growth() -> Iterator[list[int]]:
    """Give a list that afterwards holds by how many bytes this process's memory had grown at its peak."""
    grown: list[int] = []
    Path("/proc/self/clear_refs").write_text("5")  # begins the measurement of the peak again
    before = psutil.Process().memory_info().rss
    yield grown
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    grown.append(int(peak.split()[1]) * 1024 - before)


def installed() -> dict[Path, tuple[int, int]]:
    """Return size and time of change of every file that a submission is judged with: packages, course and grader.

    Nobody can set that time back; to read the contents, which are gigabytes, would take minutes.
    """
    tops = (Path(sysconfig.get_path("purelib")), *(ROOT / name for name in ("rnnlab", "autograder", "solutions")))
    # The grader's own imports write bytecode beside its sources.
    own = {path for top in tops[1:] for path in _files(top) if path.suffix == ".pyc"}
    files = {path for top in tops for path in _files(top)} - own
    return {path: (status.st_size, status.st_ctime_ns) for path in files if (status := path.lstat())}


def changed(before: dict[Path, tuple[int, int]]) -> list[Path]:
    """Return the files that are not as they were when `installed` returned ``before``."""
    after = installed()
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def active(message: str, page: str) -> list[str]:
    """Return what the message could do to a terminal, and the page to a browser."""
    controls = {character for character in message if not character.isprintable() and character != "\n"}
    found = [f"the message has the control character {character!r}" for character in sorted(controls)]
    return found + [f"the page has the tag {tag}" for tag in re.findall(r"<(?:script|img|iframe|svg|a|link)\b", page)]


def strays() -> list[str]:
    """Return the files that an attack left in the folders that everybody on this machine may write to."""
    tops = [Path(top) for top in ("/tmp", "/var/tmp", "/dev/shm", str(Path.home()))]
    return [str(path) for top in tops if top.is_dir() for path in top.glob(f"{STRAY}*")]


def _keep_in_keyring(secret: str) -> None:
    """Add the secret to the session's keys, which child processes inherit; machines without keyrings have none."""
    SYSCALL_ADD_KEY, SESSION = 248, -3
    ctypes.CDLL(None).syscall(SYSCALL_ADD_KEY, b"user", b"grader-password", secret.encode(), len(secret), SESSION)


def _sockets() -> Iterator[socket.socket]:
    tcp, udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
    abstract = socket.socket(socket.AF_UNIX)
    for made, address in ((tcp, ("127.0.0.1", 0)), (udp, ("127.0.0.1", 0)), (abstract, f"\0{secrets.token_hex(8)}")):
        made.bind(address)
        made.setblocking(False)
        if made is not udp:
            made.listen()
        yield made


def _contacted(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _received(receiver: socket.socket) -> bool:
    try:
        receiver.recv(1)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _surroundings(folder: Path) -> Iterator[None]:
    """Let the folders be this process's home, temporary folder and working folder."""
    before = {name: os.environ.get(name) for name in ("HOME", "TMPDIR")}
    here = Path.cwd()
    os.environ.update(HOME=str(folder / "home"), TMPDIR=str(folder / "tmp"))
    tempfile.tempdir = None
    os.chdir(folder / "course")
    try:
        yield
    finally:
        os.chdir(here)
        tempfile.tempdir = None
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _files(top: Path) -> Iterator[Path]:
    for folder, _, files in os.walk(top):
        yield from (Path(folder, name) for name in files)
