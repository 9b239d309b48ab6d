"""A zip archive, renamed to .ipynb."""

import io
import zipfile

import nbformat

from tests.hostile.damage import NAME, put

STATE = "unreadable"
SAYS = "is not JSON, so it is damaged or no notebook; ask the student to resubmit it."


def make(folder, nb):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(NAME, nbformat.writes(nb))
    put(folder, packed.getvalue())
