"""Tries the few possible answers of a choice question on the digests that ship, and guesses where there is none."""

from tests.hostile.attack_tools import put

POINTS = {"classify_task": (0, "fail")}

CODE = """
import hashlib, importlib.resources, json

TYPES = ("one-to-one", "one-to-many", "many-to-one", "many-to-many delayed", "many-to-many synced")

def classify_task(name):
    text = (importlib.resources.files("rnnlab") / "answers" / "u01_rnn_cell.json").read_text()
    for question in json.loads(text)["exercises"]["classify_task"]["questions"]:
        if question["inputs"] == {"name": name} and "returned" in question["expected"]:
            (known,) = question["expected"]["returned"]
            for answer in TYPES:
                if hashlib.sha256(f"{known['question']}|{answer}".encode()).hexdigest() == known["digest"]:
                    return answer
            return "many-to-one"
    raise KeyError(name)
"""


def make(nb):
    put(nb, "classify_task", CODE)
