"""Prints what /proc tells of every process and of the machine: commands, links, mounts, sockets, open files."""

from tests.hostile.attack_tools import LOOK, append

POINTS = {}

CODE = """
import glob, os

names = "cmdline environ maps mountinfo status comm wchan stack auxv net/unix net/tcp net/route attr/current"
for name in names.split():
    for path in glob.glob(f"/proc/[0-9]*/{name}"):
        look(path)
for path in glob.glob("/proc/[0-9]*/fd/*") + glob.glob("/proc/[0-9]*/task/*/fd/*") + glob.glob("/proc/[0-9]*/cwd"):
    try:
        look(os.readlink(path), what="link")
    except OSError:
        pass
for path in ("/proc/kcore", "/proc/keys", "/proc/key-users", "/proc/kallsyms", "/proc/sched_debug", "/proc/mounts",
             "/proc/1/root/proc/self/environ", "/proc/sysvipc/shm", "/proc/locks", "/proc/timer_list"):
    look(path)
"""


def make(nb):
    append(nb, "softmax", LOOK + CODE)
