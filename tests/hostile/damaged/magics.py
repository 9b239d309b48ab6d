"""Cells install packages, delete files, and run shell scripts and JavaScript."""

from nbformat.v4 import new_code_cell

from tests.hostile.damage import put

MAGICS = (
    "%pip install numpy",
    "!rm -rf ~ /tmp/* .",
    "%%bash\nfor i in 1 2 3; do echo $i; done; exit 3",
    "%%javascript\nalert(document.cookie)",
    "%matplotlib notebook",
    "%load_ext autoreload\n%autoreload 2",
    "%reset -f -s",
)


def make(folder, nb):
    nb.cells[1:1] = [new_code_cell(source) for source in MAGICS]
    put(folder, nb)
