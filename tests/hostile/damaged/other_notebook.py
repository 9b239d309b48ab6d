"""A notebook that is not of this course."""

import nbformat
from nbformat.v4 import new_code_cell

from tests.hostile.damage import put

STATE = "unreadable"
SAYS = "has no cell of any unit of this course; submit the course's notebook."


def make(folder, nb):
    put(folder, nbformat.v4.new_notebook(cells=[new_code_cell("import pandas as pd\npd.DataFrame()")]))
