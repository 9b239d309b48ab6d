"""The notebook says that it is written in R."""

from tests.hostile.damage import put


def make(folder, nb):
    nb.metadata["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    nb.metadata["language_info"] = {"name": "R", "file_extension": ".r"}
    put(folder, nb)
