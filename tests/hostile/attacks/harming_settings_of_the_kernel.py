"""Writes to every file below /proc and /sys that sets something for the whole machine or another process."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import glob, os

wrote = []
paths = glob.glob("/proc/sys/**", recursive=True) + glob.glob("/sys/**", recursive=True)
paths += ["/proc/sysrq-trigger", "/proc/self/oom_score_adj", "/proc/1/oom_score_adj", "/proc/self/uid_map"]
paths += glob.glob("/proc/[0-9]*/attr/*") + glob.glob("/proc/irq/*/*") + glob.glob("/sys/fs/cgroup/*")
for path in paths:
    if os.path.isfile(path):
        try:
            with open(path, "r+b", buffering=0) as file:
                if path.startswith(("/proc/sys", "/sys", "/proc/irq")):
                    wrote.append(path)
                elif path.endswith("oom_score_adj"):
                    file.write(b"-1000")
                    wrote.append(path)
        except OSError:
            pass
assert not wrote, wrote
"""


def make(nb):
    append(nb, "softmax", CODE)
