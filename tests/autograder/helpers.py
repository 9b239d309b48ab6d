"""What several tests of the sandbox need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.sandbox import bubblewrap
from autograder.sandbox.limits import LIMITS, Limits

ROOT = Path(bubblewrap.__file__).parents[2]
# Code for the inside: what a call gives, or the name of the OSError that it raises.
TRY = """
def outcome(what):
    try:
        return str(what())
    except OSError as error:
        return type(error).__name__
"""


def inside(code: str, limits: Limits = LIMITS) -> Any:
    """Run Python code in the sandbox and return the value that it gives to ``tell``."""
    program = f"import json, os, sys\ndef tell(x): print(json.dumps(x))\n{code}"
    with bubblewrap.prepared([bubblewrap.python(), "-c", program], limits) as (line, descriptors):
        done = subprocess.run(
            line, capture_output=True, text=True, timeout=60, env={"PATH": os.defpath}, pass_fds=descriptors
        )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def notebook(*sources: str) -> NotebookNode:
    """Return a notebook of code cells with the ids cell-0, cell-1 and so on."""
    return new_notebook(cells=[new_code_cell(source, id=f"cell-{at}") for at, source in enumerate(sources)])


def texts(nb: NotebookNode) -> list[str]:
    """Return what each cell printed, and the names of its errors."""
    return ["".join(output.get("text", output.get("ename", "")) for output in cell.outputs) for cell in nb.cells]


def as_ordinary_user(folder: Path, program: str) -> list[str]:
    """Return the command that runs ``program`` as somebody who is not root and can read Python and the project."""
    if os.geteuid() != 0:
        return [sys.executable, "-c", program, str(folder)]
    version = sysconfig.get_python_version()
    places = {
        sys.base_prefix: "/mnt/python",
        sysconfig.get_path("purelib"): f"/mnt/venv/lib/python{version}/site-packages",
        str(ROOT): "/mnt/project",
    }
    (folder / "pyvenv.cfg").write_text("home = /mnt/python/bin\n")
    name, fonts = bubblewrap.font_list()
    (folder / name).write_text(fonts)
    # nbgrader calls it by name; the environment's own has a first line that somebody else may not follow.
    alembic = folder / "alembic"
    alembic.write_text("#!/mnt/venv/bin/python\nfrom alembic.config import main\n\nmain()\n")
    alembic.chmod(0o755)
    binds = ["--tmpfs", "/mnt", "--dir", "/mnt/venv/bin", "--perms", "0777", "--dir", "/mnt/folder"]
    for source, path in places.items():
        binds += ["--ro-bind", source, path]
    binds += ["--ro-bind", str(folder / "pyvenv.cfg"), "/mnt/venv/pyvenv.cfg"]
    binds += ["--ro-bind", str(folder / name), f"/mnt/folder/{name}"]
    binds += ["--ro-bind", str(alembic), "/mnt/venv/bin/alembic"]
    binds += ["--symlink", f"/mnt/python/bin/python{version}", "/mnt/venv/bin/python"]
    for path in ("/mnt", "/mnt/venv", "/mnt/venv/bin", "/mnt/venv/lib", f"/mnt/venv/lib/python{version}"):
        binds += ["--chmod", "0755", path]
    environment = ["--clearenv", "--setenv", "PATH", os.defpath, "--setenv", "PYTHONPATH", "/mnt/project"]
    environment += ["--setenv", "HOME", "/mnt/folder", "--setenv", "MPLCONFIGDIR", "/mnt/folder"]
    # Where Python's own library was built to be found, somebody else may not look.
    environment += (
        ["--setenv", "LD_LIBRARY_PATH", "/mnt/python/lib"] if sysconfig.get_config_var("Py_ENABLE_SHARED") else []
    )
    somebody = ["setpriv", "--reuid", "4711", "--regid", "4711", "--clear-groups", "--inh-caps=-all"]
    python = ["/mnt/venv/bin/python", "-W", "error", "-c", program, "/mnt/folder"]
    return ["bwrap", "--dev-bind", "/", "/", *binds, *environment, "--", *somebody, "--bounding-set=-all", *python]
