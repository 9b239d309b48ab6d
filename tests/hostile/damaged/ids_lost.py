"""All cells have new random ids, as after a round trip through a text format."""

from tests.hostile.damage import put


def make(folder, nb):
    for number, cell in enumerate(nb.cells):
        cell.id = f"{number * 2654435761 % 2**32:08x}"
    put(folder, nb)
