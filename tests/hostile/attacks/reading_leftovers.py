"""Hides notes wherever it may write, and looks there for the notes of the submission before it."""

from tests.hostile.attack_tools import last

POINTS = {}
TIMES = 2

CODE = """
import ctypes, os, tempfile

libc = ctypes.CDLL(None, use_errno=True)
places = ["/tmp", "/var/tmp", "/dev/shm", "/run", "/run/agent", "~", ".", "/opt/course", "/opt/site-packages", "/dev"]
places += [os.environ.get("MPLCONFIGDIR", "/tmp"), tempfile.gettempdir(), "/usr/lib", "/proc/self/cwd", "/opt"]
paths = [os.path.join(os.path.expanduser(place), "left-behind") for place in places]
for path in paths:
    if os.path.exists(path):
        print("### BEGIN SOLUTION", "was left in", path)
for path in paths:
    try:
        with open(path, "w") as file:
            file.write("notes for the next submission")
    except OSError:
        pass
segment = libc.shmget(0x1EF7, 4096, 0)
if segment >= 0:
    print("### BEGIN SOLUTION was left in shared memory")
libc.shmget(0x1EF7, 4096, 0o1666)
if libc.syscall(250, 10, -4, b"user", b"left-behind", 0) > 0:
    print("### BEGIN SOLUTION was left in a key")
libc.syscall(248, b"user", b"left-behind", b"notes", 5, -4)
"""


def make(nb):
    last(nb, CODE)
