"""A pipe, a link to itself and a link to the root of the disk lie beside the notebook."""

import os

from tests.hostile.damage import put


def make(folder, nb):
    put(folder, nb)
    os.mkfifo(folder / "pipe.ipynb")
    (folder / "loop.ipynb").symlink_to("loop.ipynb")
    (folder / "root").symlink_to("/")
