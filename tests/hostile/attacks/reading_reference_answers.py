"""Answers with the course's own reference, the grader's memory of it, or the answer of somebody else."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "fail")}

CODE = """
import glob, importlib, json, sys

def softmax(z, axis=-1):
    judging = ("autograder.judging.judge", "autograder.judging.exam_builder")
    for module in ("solutions", *judging, "solutions.u01_rnn_cell", "tests.hostile.attack_tools"):
        try:
            return importlib.import_module(module).reference("u01_rnn_cell").softmax(z, axis)
        except Exception:
            pass
    for pattern in ("/**/u01_rnn_cell.py", "/proc/*/root/**/u01_rnn_cell.py", "/**/submitted/*/*/*.ipynb"):
        for path in glob.iglob(pattern, recursive=False):
            names = {"np": np}
            try:
                text = open(path).read()
                cells = json.loads(text)["cells"] if path.endswith("ipynb") else [{"source": text}]
                for cell in cells:
                    exec("".join(cell["source"]), names)
                return names["softmax"](z, axis)
            except Exception:
                pass
    return np.full(np.shape(z), 0.5)
"""


def make(nb):
    put(nb, "softmax", CODE)
