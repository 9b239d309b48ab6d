"""Everything but the answers was deleted, imports included."""

from tests.hostile.damage import FULL, put


def make(folder, nb):
    nb.cells = [cell for cell in nb.cells if cell.id in FULL]
    put(folder, nb)
