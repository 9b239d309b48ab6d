"""Cells that fail before their `def` does: what `autograder verdict --json` says of them, and of files beside them."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest
from nbformat.v4 import new_code_cell

from tests.autograder.submissions import cell_of

pytestmark = pytest.mark.sandbox
PYTHON = "The grader has Python 3.11."
RIGHT = """def softmax(z, axis=-1):
    e = np.exp(z - z.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)"""


def points(records: dict[str, dict[str, Any]]) -> int:
    return sum(record["points"] for record in records.values())


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def softmax(z, axis=-1):\n    e = np.exp(z\n    return e", "SyntaxError, line 2: '(' was never closed"),
        ("def softmax(z, axis=-1):\n\te = z\n        return e", "TabError, line 3: "),
        (
            'INFO = {"v": 1}\ndef softmax(z, axis=-1):\n    print(f"a {INFO["v"]}")\n    return z',
            "SyntaxError, line 3: f-string: unmatched '['",
        ),
        ("def softmax[T](z: T, axis=-1) -> T:\n    return z", "SyntaxError, line 1: "),
        (f"TABLE = np.load('table.npy')\n{RIGHT}", "FileNotFoundError, line 1: "),
        (f"\n1 / 0\n{RIGHT}", "ZeroDivisionError, line 2: division by zero"),
        (
            f"import pandas as pd\npd.set_option('x', 1)\n{RIGHT}",
            "ModuleNotFoundError, line 1: No module named 'pandas'; then NameError, line 2: name 'pd' is not defined",
        ),
        ("from mytools import softmax", "ModuleNotFoundError, line 1: No module named 'mytools'"),
    ],
)
def test_a_cell_that_did_not_run_is_called_so_with_the_error_the_line_and_the_version(right, verdicts, source, said):
    cell_of(right, "softmax").source = source

    records = verdicts(right)

    assert (records["softmax"]["status"], records["softmax"]["points"]) == ("not_run", 0)
    assert records["softmax"]["message"].startswith(f"The cell of softmax did not run: {said}")
    assert records["softmax"]["message"].endswith(PYTHON)
    assert points(records) == 18


@pytest.mark.parametrize(
    "lines",
    [
        "import pandas as pd",
        "import numpy as np, tqdm, scipy.special",
        "from tqdm.auto import (\n    tqdm,\n    trange,\n)",
        "!pip install pandas",
        "files = !ls",
        "%pip install -q pandas",
        "%conda install pandas",
        "%matplotlib widget",
        "%matplotlib notebook",
        "%tensorflow_version 2.x",
        "%load_ext cudf.pandas",
        "%cd /content/drive/MyDrive",
        "get_ipython().system('pip install pandas')",
        "get_ipython().run_line_magic('autotime', '')",
        "from google.colab import drive\ndrive.mount('/content/drive')",
        "import google.colab as colab\ncolab.drive.mount('/content/drive', force_remount=True)",
        "%%memit -r 1",
        "%%time",
    ],
)
def test_lines_that_only_another_environment_understands_lose_no_function(right, verdicts, lines):
    cell_of(right, "softmax").source = f"{lines}\n{RIGHT}"

    records = verdicts(right)

    assert records["softmax"]["status"] == "pass"
    assert points(records) == 20


def test_a_cell_that_was_run_without_an_import_says_so(right, verdicts):
    cell_of(right, "softmax").source = f"import pandas as pd\n{RIGHT}"

    assert verdicts(right)["softmax"]["message"].endswith(
        "The cell was run without an import: ModuleNotFoundError, line 1: No module named 'pandas'; "
        "the grader does not have that module."
    )


def test_an_import_that_the_student_catches_fails_as_it_does_everywhere(right, verdicts):
    cell_of(
        right, "softmax"
    ).source = f"try:\n    import google.colab\n    raise SystemError\nexcept ImportError:\n    COLAB = False\n{RIGHT}"

    assert verdicts(right)["softmax"]["message"].startswith("All ")


@pytest.mark.parametrize(
    "imports",
    [
        "import pandas as pd\nimport numpy as np\nfrom rnnlab import check",
        "import numpy as np\n1 / 0",
        "import numpy as np as",
    ],
)
def test_the_imports_of_the_course_run_whatever_became_of_their_cell(right, verdicts, imports):
    cell_of(right, "imports").source = imports

    assert points(verdicts(right)) == 20


def test_a_helper_whose_cell_did_not_run_is_named(right, verdicts):
    cell_of(right, "softmax").source = "def softmax(z, axis=-1):\n    return shares(z, axis)"
    right.cells.insert(2, new_code_cell("def shares(z, axis):\n    return z z", id="helper"))

    record = verdicts(right)["softmax"]

    assert (record["status"], record["points"]) == ("error", 0)
    assert "The cell of shares did not run: SyntaxError, line 2: invalid syntax" in record["message"]


def test_a_cell_that_did_not_run_counts_where_the_function_is_written_again_below(right, verdicts):
    cell_of(right, "softmax").source = "def softmax(z, axis=-1):\n    return e e"
    right.cells.append(new_code_cell(RIGHT, id="again"))

    assert points(verdicts(right)) == 20


def test_a_mistyped_name_gets_its_nearest_neighbour(right, verdicts):
    cell = cell_of(right, "rnn_forward")
    cell.source = cell.source.replace("def rnn_forward", "def rnn_forwar")

    record = verdicts(right)["rnn_forward"]

    assert (record["status"], record["points"]) == ("missing", 0)
    assert record["message"] == (
        "defined: seen no function named rnn_forward; expected a function of that name. "
        "There is rnn_forwar: did you mean rnn_forward?"
    )


def test_another_exercise_is_no_neighbour(right, verdicts):
    cell_of(right, "rnn_forward").source = "x = 1"

    assert "did you mean" not in verdicts(right)["rnn_forward"]["message"]


# -- files beside the notebook -----------------------------------------------------------------------------------------


def test_modules_packages_and_data_of_the_students_own_are_found(right, verdicts, tmp_path):
    (tmp_path / "mytools.py").write_text(f"import numpy as np\n{RIGHT}\n")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "__init__.py").write_text("from lib.counting import num_params\n")
    (tmp_path / "lib" / "counting.py").write_text(cell_of(right, "num_params").source)
    np.save(tmp_path / "data.npy", np.arange(3))
    cell_of(right, "softmax").source = "assert np.load('data.npy').sum() == 3\nfrom mytools import softmax"
    cell_of(right, "num_params").source = "from lib import num_params"

    assert points(verdicts(right)) == 20


def test_no_file_takes_the_place_of_a_package_or_of_the_standard_library(right, verdicts, tmp_path):
    spoiled = "print('spoiled')\nraise SystemExit\n"
    names = ["numpy", "torch", "rnnlab", "random", "json", "inside", "sitecustomize", "usercustomize", "conftest"]
    for name in names:
        (tmp_path / f"{name}.py").write_text(spoiled)
    (tmp_path / "rnnlab").mkdir()
    (tmp_path / "rnnlab" / "__init__.py").write_text(spoiled)
    (tmp_path / "start.pth").write_text("import spoiled_at_start\n")
    cell_of(right, "softmax").source = f"import torch, json, random, colorsys, rnnlab.gradient_check\n{RIGHT}"

    assert points(verdicts(right)) == 20


def test_files_are_read_only_and_the_ones_that_were_handed_in_stay_as_they_are(right, verdicts, tmp_path):
    (tmp_path / "data.txt").write_text("3")
    cell_of(right, "softmax").source = (
        "import os\nassert os.stat('data.txt').st_mode & 0o777 == 0o444\n"
        "try:\n    open('data.txt', 'w')\n    raise SystemError\nexcept PermissionError:\n    os.remove('data.txt')\n"
        f"{RIGHT}"
    )

    assert verdicts(right)["softmax"]["status"] == "pass"
    assert (tmp_path / "data.txt").read_text() == "3"


def test_links_devices_and_hidden_files_are_not_given_on(right, verdicts, tmp_path):
    (tmp_path / "secret.txt").symlink_to("/etc/passwd")
    (tmp_path / "etc").symlink_to("/etc")
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / "u02_bptt.ipynb").write_text("{}")
    os.mkfifo(tmp_path / "pipe")
    cell_of(
        right, "softmax"
    ).source = f"import os\nassert not [n for n in os.listdir() if n[:2] != '.i'], os.listdir()\n{RIGHT}"

    assert verdicts(right)["softmax"]["status"] == "pass"
