"""What the filter of system calls refuses and what it lets through, tried from inside the real sandbox."""

from __future__ import annotations

import ctypes.util
import os
import subprocess
import sys
from pathlib import Path

import pyseccomp
import pytest

from autograder.sandbox import seccomp
from tests.autograder.helpers import ROOT, as_ordinary_user, inside

# Raw system calls with arguments that the kernel would not refuse for being nonsense, by name.
RAW = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
def raw(number, *arguments):
    ctypes.set_errno(0)
    result = libc.syscall(*map(ctypes.c_long, (number, *arguments)))
    return "allowed" if result >= 0 else errno.errorcode[ctypes.get_errno()]
"""


def number(name: str) -> int:
    return pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)


def test_every_name_is_one_that_libseccomp_knows() -> None:
    names = " ".join([*seccomp.ALLOWED.values(), seccomp.NOT_PERMITTED]).split()
    assert len(names) == len(set(names))
    newer_than_libseccomp = {"epoll_pwait2", "futex_waitv", "process_mrelease", "quotactl_fd"}
    assert {name for name in names if number(name) == -1} <= newer_than_libseccomp


def test_the_program_fits_what_the_kernel_takes() -> None:
    assert 100 < len(seccomp.program()) / 8 < 4096
    assert len(seccomp.program()) % 8 == 0


def test_a_missing_library_is_named_with_the_command_that_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert seccomp.missing() == []
    monkeypatch.setattr(ctypes.util, "find_library", lambda name: None)
    (sentence,) = seccomp.missing()
    assert "sudo apt-get install libseccomp2" in sentence


@pytest.mark.sandbox
def test_what_gives_power_over_others_is_not_permitted() -> None:
    names = [name for name in seccomp.NOT_PERMITTED.split() if number(name) >= 0]
    seen = inside(f"{RAW}\ntell({{name: raw(number, -1) for name, number in {[(n, number(n)) for n in names]}}})")
    assert seen == dict.fromkeys(names, "EPERM")
    assert {"ptrace", "mount", "unshare", "bpf", "io_uring_setup", "keyctl", "process_vm_readv"} <= set(seen)


@pytest.mark.sandbox
def test_what_is_not_on_the_list_does_not_exist() -> None:
    names = ["clone3", "memfd_create", "memfd_secret", "shmget", "semget", "msgget", "mq_open", "remap_file_pages"]
    names += [
        "epoll_create",
        "epoll_create1",
        "inotify_init",
        "splice",
        "vmsplice",
        "tee",
        "io_setup",
        "seccomp",
        "sync",
        "syncfs",
        "setxattr",
        "set_mempolicy",
    ]
    calls = {name: number(name) for name in names if number(name) >= 0}
    seen = inside(f"{RAW}\ntell({{**{{name: raw(number) for name, number in {calls}.items()}}, 'new': raw(5000)}})")
    assert seen == dict.fromkeys([*calls, "new"], "ENOSYS")


@pytest.mark.sandbox
def test_there_are_no_pseudo_terminals() -> None:
    seen = inside(
        """
opened = []
for path in ("/dev/ptmx", "/dev/pts/ptmx", "/dev/pts/0"):
    try:
        opened.append(os.open(path, os.O_RDWR | os.O_NOCTTY))
    except OSError:
        pass
tell([opened, os.listdir("/dev/pts")])"""
    )
    assert seen == [[], []]


@pytest.mark.sandbox
def test_arguments_decide_where_a_call_is_both_useful_and_dangerous() -> None:
    seen = inside(
        f"""{RAW}
import fcntl, mmap, socket, stat, termios, threading
def outcome(what):
    try:
        what()
        return "allowed"
    except OSError as error:
        return errno.errorcode[error.errno]
clone, personality = {number("clone")}, {number("personality")}
namespaces = {{hex(1 << bit): raw(clone, 1 << bit | 17) for bit in (15, 17, 25, 26, 27, 28, 29, 30)}}
own, other = socket.socketpair()
file = open("/tmp/file", "w+")
tell({{
    "namespaces": sorted(set(namespaces.values())),
    "personality": [raw(personality, 0xFFFFFFFF), raw(personality, 0x0040000)],
    "memory": [outcome(lambda: mmap.mmap(-1, 4096, mmap.MAP_PRIVATE)), outcome(lambda: mmap.mmap(-1, 4096))],
    "nodes": [outcome(lambda: os.mkfifo("/tmp/fifo")), outcome(lambda: os.mknod("/tmp/node", stat.S_IFCHR | 0o600))],
    "terminal": [
        outcome(lambda request=request: fcntl.ioctl(own, request, bytes(8)))
        for request in (termios.TIOCGWINSZ, termios.TIOCSTI, 0x541C, 0x80045430, 0x40045431, 0x5441)
    ],
    "locks": [
        outcome(lambda: fcntl.flock(file, fcntl.LOCK_EX)),
        outcome(lambda: fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1)),
        outcome(lambda: fcntl.lockf(file, fcntl.LOCK_EX, 1)),
        *(outcome(lambda command=command: fcntl.fcntl(file, command, bytes(32))) for command in (37, 38)),
    ],
    # Larger pipes, leases, notices of changes.
    "files": [outcome(lambda command=command: fcntl.fcntl(file, command, 0)) for command in (1031, 1024, 1026)],
    # Further filters, merging of equal pages, names of mappings.
    "processes": [raw({number("prctl")}, option, 0, 0, 0, 0) for option in (22, 67, 0x53564D41)],
    "name": raw({number("prctl")}, 15, ctypes.addressof(ctypes.create_string_buffer(b"name")), 0, 0, 0),
    "limits of others": raw({number("prlimit64")}, 1, 0, 0, 0),
    "buffers": outcome(lambda: own.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)),
    "families": [
        outcome(lambda: socket.socket(family, kind))
        for family, kind in [(1, 1), (2, 1), (10, 2), (16, 3), (17, 3), (38, 5), (40, 1)]
    ],
    # The kernel looks at the lower half of this number only, and so must the filter.
    "upper half": raw({number("socket")}, (1 << 32) | 2, 1, 0),
}})"""
    )
    assert seen == {
        "namespaces": ["ENOSYS"],
        "personality": ["allowed", "ENOSYS"],
        "memory": ["allowed", "ENOSYS"],
        "nodes": ["allowed", "ENOSYS"],
        "terminal": ["ENOTTY"] + ["ENOSYS"] * 5,
        "locks": ["allowed", "EPERM", "EPERM", "ENOSYS", "ENOSYS"],
        "files": ["ENOSYS"] * 3,
        "processes": ["ENOSYS"] * 3,
        "name": "allowed",
        "limits of others": "ENOSYS",
        "buffers": "ENOSYS",
        "families": ["allowed"] + ["EAFNOSUPPORT"] * 6,
        "upper half": "EAFNOSUPPORT",
    }


# In machine code: the number of getpid for 32-bit programs in eax, then the old way into the kernel.
OLD_WAY = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"
CALL_OLD_WAY = f"""
import ctypes, mmap
code = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write({OLD_WAY!r})
answer = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
"""


@pytest.mark.sandbox
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="only x86-64 has further ways into the kernel")
def test_the_other_ways_into_the_kernel_are_closed() -> None:
    seen = inside(f"{RAW}\n{CALL_OLD_WAY}\ntell([raw(0x40000000 | 39), answer])")
    assert seen == ["ENOSYS", -38]


def test_the_old_way_would_be_open_without_the_filter() -> None:
    done = subprocess.run([sys.executable, "-c", f"{CALL_OLD_WAY}\nimport os\nassert answer == os.getpid()"])
    if done.returncode != 0:
        pytest.skip("this kernel or processor has no 32-bit programs")


USES = {
    "subprocess": """
import subprocess
done = subprocess.run(["sh", "-c", "cp /usr/bin/env /tmp/x && ls /tmp | grep -c x"], capture_output=True, text=True)
tell(done.stdout)
""",
    "processes that share": """
import multiprocessing, multiprocessing.shared_memory as shared
def square(x): return x * x
block = shared.SharedMemory(create=True, size=100)
block.close(), block.unlink()
with multiprocessing.get_context("fork").Pool(2) as pool:
    queue = multiprocessing.Queue()
    queue.put(sum(pool.map(square, range(10))))
    tell(queue.get())
""",
    "threads": """
import concurrent.futures, threading
with concurrent.futures.ThreadPoolExecutor(4) as pool, threading.Lock():
    tell(sum(pool.map(abs, range(-9, 1))))
""",
    "asyncio": """
import asyncio
async def work():
    process = await asyncio.create_subprocess_exec("echo", "out", stdout=asyncio.subprocess.PIPE)
    said, _ = await asyncio.wait_for(process.communicate(), 20)
    return said.decode() + str(await asyncio.to_thread(len, "abc"))
tell(asyncio.run(work()))
""",
    "files": """
import shutil, sqlite3, tempfile, pathlib
folder = pathlib.Path(tempfile.mkdtemp())
# SQLite locks records of a file, which is refused, unless it is told to lock nothing.
with sqlite3.connect(f"file:{folder}/a.db?vfs=unix-none", uri=True) as base:
    base.execute("create table t (x)")
    base.execute("insert into t values (1)")
shutil.copytree(folder, folder.with_name("b"))
os.utime(folder.with_name("b") / "a.db")
tell(sorted(path.name for path in folder.with_name("b").iterdir()))
""",
    "time and signals": """
import signal, time
signal.signal(signal.SIGALRM, lambda *_: tell("rang"))
signal.setitimer(signal.ITIMER_REAL, 0.05)
signal.pause()
""",
    "matplotlib": """
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
plt.plot([1, 2, 3])
plt.savefig("/tmp/figure.png")
tell(open("/tmp/figure.png", "rb").read(4).decode("latin-1"))
""",
    "IPython": """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell()
shell.run_cell("import numpy as np\\na = np.linalg.inv(np.ones((300, 300)) + np.eye(300)) @ np.ones(300)")
shell.run_cell("said = !echo hello")
tell([*shell.user_ns["said"], round(float(shell.user_ns["a"].sum()) * 301)])
""",
    "torch": """
import torch
from torch.utils.data import DataLoader
torch.set_num_threads(2)
model = torch.nn.LSTM(8, 64)
optimizer = torch.optim.Adam(model.parameters())
for batch in DataLoader(torch.randn(40, 5, 8), batch_size=10, num_workers=2):
    model(batch)[0].square().sum().backward()
    optimizer.step()
torch.save(model.state_dict(), "/tmp/model.pt")
tell(len(torch.load("/tmp/model.pt", weights_only=True)))
""",
}
RESULTS = {
    "subprocess": "1\n",
    "processes that share": 285,
    "threads": 45,
    "asyncio": "out\n3",
    "files": ["a.db"],
    "time and signals": "rang",
    "matplotlib": "\x89PNG",
    "IPython": ["hello", 300],
    "torch": 4,
}


@pytest.mark.sandbox
@pytest.mark.parametrize("use", USES)
def test_what_courses_do_works(use: str) -> None:
    assert inside(USES[use]) == RESULTS[use]


def run_with_the_inside(code: str) -> str:
    """Return what ``code`` prints in a process outside of any sandbox that has the packages of the inside."""
    environment = {"PYTHONPATH": str(ROOT / "autograder/sandbox")}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment).stdout


def test_a_process_can_put_itself_under_the_filter() -> None:
    seen = run_with_the_inside(
        f"""
import os, socket
from inside.filter import install
socket.socket(socket.AF_INET).close()
install({seccomp.program()!r})
for attempt in (lambda: socket.socket(socket.AF_INET), lambda: os.chroot("/"), lambda: os.memfd_create("x")):
    try:
        attempt()
    except OSError as error:
        print(error.errno, end=" ")
"""
    )
    assert seen == "97 1 38 "


def test_nonsense_is_no_filter() -> None:
    seen = run_with_the_inside(
        "from inside.filter import install\ntry:\n    install(bytes(8))\nexcept OSError as error:\n    print(error)"
    )
    assert "the filter of system calls: Invalid argument" in seen


@pytest.mark.sandbox
def test_an_ordinary_user_gets_the_same_filter(tmp_path: Path) -> None:
    program = """
import subprocess
from autograder.sandbox import bubblewrap, seccomp
code = "import numpy, socket; print([socket.socketpair() and 1, socket.socket(socket.AF_INET)])"
with bubblewrap.prepared([bubblewrap.python(), "-c", code]) as (line, descriptors):
    done = subprocess.run(line, capture_output=True, text=True, pass_fds=descriptors)
print(seccomp.missing(), done.stdout, done.stderr.splitlines()[-1])
"""
    done = subprocess.run(as_ordinary_user(tmp_path, program), capture_output=True, text=True, timeout=60)
    assert "[]  OSError: [Errno 97]" in done.stdout, done.stderr
