"""Cells were written for Colab and for libraries that the grader has not."""

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put

LINES = {
    "imports": "import pandas as pd\n!pip install -q wandb\n",
    "softmax": "from google.colab import drive\ndrive.mount('/content/drive')\n",
    "rnn_forward": "from tqdm.auto import tqdm\n%matplotlib widget\n",
    "num_params": "%tensorflow_version 2.x\n",
}


def make(folder, nb):
    for key, lines in LINES.items():
        cell = cell_of(nb, key)
        cell.source = lines + cell.source
    put(folder, nb)
