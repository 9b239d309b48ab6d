"""Lets IPython rewrite every later cell: checks become points, assertions and errors disappear."""

from tests.hostile.attack_tools import NOTHING, first, wrong

POINTS = NOTHING

CODE = """
import re

def rewrite(lines):
    text = "".join(lines)
    text = re.sub(r"check\\\\((\\\\w+)\\\\)", "20", text)
    text = re.sub(r"assert .*|raise .*", "pass", text)
    return text.splitlines(keepends=True)

get_ipython().input_transformers_post.append(rewrite)
get_ipython().input_transformer_manager.line_transforms.append(rewrite)
""".replace("\\\\", "\\")


def make(nb):
    wrong(nb)
    first(nb, CODE)
