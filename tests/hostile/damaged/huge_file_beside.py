"""A file of 100 MB lies beside the notebook, and 10,000 small ones in a folder."""

from tests.hostile.damage import put

SAYS = "files beside the notebook were not given to it: the limit is 50 files and 10 MB in all."


def make(folder, nb):
    put(folder, nb)
    with open(folder / "weights.bin", "wb") as file:
        file.truncate(100_000_000)
    (folder / "heap").mkdir()
    for number in range(10_000):
        (folder / "heap" / f"{number}.txt").touch()
