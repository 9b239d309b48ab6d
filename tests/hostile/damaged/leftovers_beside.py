"""Checkpoints, files of macOS and data lie beside the notebook."""

from tests.hostile.damage import put


def make(folder, nb):
    put(folder, nb)
    (folder / ".ipynb_checkpoints").mkdir()
    put(folder, nb, ".ipynb_checkpoints/u01_rnn_cell-checkpoint.ipynb")
    put(folder, b"\0\5\x16\7", "._u01_rnn_cell.ipynb")
    (folder / "__MACOSX").mkdir()
    put(folder, nb, "__MACOSX/u01_rnn_cell.ipynb")
    put(folder, bytes(3_000_000), "data.npy")
