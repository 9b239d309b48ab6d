"""Makes user, mount, process and network namespaces, in which it would be root, by every call that can."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import ctypes, os, subprocess

libc = ctypes.CDLL(None, use_errno=True)
FLAGS = {"user": 0x10000000, "mount": 0x20000, "pid": 0x20000000, "network": 0x40000000, "ipc": 0x8000000}
for name, flag in FLAGS.items():
    assert libc.unshare(flag) != 0, name
    assert libc.unshare(flag | FLAGS["user"]) != 0, name
    child = libc.syscall(56, flag | 17, 0, 0, 0, 0)  # clone
    if child == 0:
        os._exit(0)
    assert child < 0, name
for path in os.listdir("/proc/self/ns") if os.path.exists("/proc/self/ns") else ():
    own = os.open(f"/proc/self/ns/{path}", os.O_RDONLY)
    assert libc.setns(own, 0) != 0 or path == "time", path
for program in ("unshare -Ur id", "bwrap --bind / / id", "newuidmap 1 0 0 1"):
    try:
        done = subprocess.run(program.split(), capture_output=True, timeout=3)
        assert done.returncode != 0, program
    except OSError:
        pass
"""


def make(nb):
    append(nb, "softmax", CODE)
