"""Changes the installed packages, the course's package and the caches beside them, for those who come after."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import glob, os, site, sys

changed = []
folders = [*sys.path, *site.getsitepackages(), *glob.glob("/opt/*"), *glob.glob("/opt/course/*"), "/usr/lib", "/etc"]
folders += [os.path.join(folder, "__pycache__") for folder in folders]
for folder in {folder for folder in folders if os.path.isdir(folder)} - {os.path.expanduser("~"), os.getcwd()}:
    for name in ("left-behind.pth", "sitecustomize.py", "__init__.py", "numpy/__init__.py"):
        path = os.path.join(folder, name)
        for change in (lambda: open(path, "a"), lambda: os.utime(path), lambda: os.chmod(path, 0o777),
                       lambda: os.rename(path, path + "x"), lambda: os.unlink(path), lambda: os.link("/bin/sh", path)):
            try:
                change()
                changed.append(path)
            except OSError:
                pass
assert not changed, changed
"""


def make(nb):
    append(nb, "softmax", CODE)
