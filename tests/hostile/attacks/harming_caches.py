"""Spoils the caches that the next run might use: fonts, bytecode, IPython's history and profile, temporary files."""

from tests.hostile.attack_tools import last

POINTS = {}
TIMES = 2

CODE = """
import glob, os, pathlib, tempfile

home, marker = pathlib.Path.home(), "left-behind"
places = [pathlib.Path(os.environ.get("MPLCONFIGDIR", "/tmp/matplotlib")), pathlib.Path(tempfile.gettempdir())]
caches = (".ipython/profile_default", ".cache/matplotlib", ".cache/torch", ".config", ".keras")
places += [home / name for name in caches]
found = [str(place / marker) for place in places if (place / marker).exists()]
assert not found, found
for place in places:
    try:
        place.mkdir(parents=True, exist_ok=True)
        (place / marker).write_text("spoiled")
        for file in place.glob("*"):
            file.write_text("{ spoiled")
    except OSError:
        pass
"""


def make(nb):
    last(nb, CODE)
