"""An older copy of the notebook and one of another unit lie beside it."""

from autograder.paths import instructor_path
from tests.autograder.submissions import cell_of
from tests.hostile.damage import put

SAYS = "u01_rnn_cell.ipynb was graded, not old.ipynb."


def make(folder, nb):
    put(folder, nb)
    put(folder, instructor_path("u02_bptt").read_bytes(), "u02_bptt.ipynb")
    cell_of(nb, "softmax").source = "def softmax(z, axis=-1):\n    return z"
    put(folder, nb, "old.ipynb")
