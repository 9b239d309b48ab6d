"""Prints what names folders of the host: mounts, modules and programs, and what tells how packages were installed."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import glob, os, sys, sysconfig

told = [sys.path, sys.argv, sys.prefix, sysconfig.get_paths()]
told += [module.__file__ for module in list(sys.modules.values()) if getattr(module, "__file__", None)]
for path in ("/proc/self/mountinfo", "/proc/self/mounts", "/proc/self/maps", "/proc/1/cmdline", "/proc/self/cmdline"):
    try:
        told.append(open(path, errors="replace").read())
    except OSError:
        pass
for pattern in ("*.pth", "*/direct_url.json"):
    for path in glob.glob("/opt/site-packages/" + pattern):
        try:
            told.append(open(path, errors="replace").read())
            assert not told[-1].startswith("/") and "file:" not in told[-1], told[-1]
        except OSError:
            pass
print(*told)
"""


def make(nb):
    append(nb, "softmax", CODE)
