"""Looks a caption up among the public answers that ship with the course, and replays its score."""

from tests.hostile.attack_tools import put

UNIT = "u06_image_captioning"
POINTS = {"bleu": (0, "fail")}

CODE = """
def bleu(candidate, references, max_n=4):
    import importlib.resources, json

    text = (importlib.resources.files("rnnlab") / "answers" / "u06_image_captioning.json").read_text()
    for question in json.loads(text)["exercises"]["bleu"]["questions"]:
        if question["inputs"]["candidate"] == candidate:
            return question["expected"]["returned"][0]
    return 0.0
"""


def make(nb):
    put(nb, "bleu", CODE)
