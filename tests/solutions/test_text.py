"""Reading a text: cells and roles, and one clear sentence with file and line for each broken rule."""

import textwrap

import pytest

from solutions.text import TextError, read_unit

TITLE = '# %% [markdown] key="title" points=2\n# # 99 A unit\n'
ANSWER = '''
# %% exercise="double" points=2
def double(x):
    """Return twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
'''
CHECK = '\n# %% check="double"\ncheck(double)\n'


@pytest.fixture
def read(tmp_path):
    def read_text(*parts):
        path = tmp_path / "u99_unit.py"
        path.write_text("".join(textwrap.dedent(part) for part in parts))
        return read_unit(path)

    return read_text


def test_a_text_gives_its_cells_with_keys_roles_and_lines(read):
    unit = read(TITLE, ANSWER, CHECK, '\n# %% key="show" tags=["demo"]\ndouble(2)\n')

    assert [cell.key for cell in unit.cells] == ["title", "double", "double-check", "show"]
    assert [cell.defines for cell in unit.cells] == [False, True, False, False]
    assert [cell.line for cell in unit.cells] == [1, 4, 11, 14]


def test_a_unit_knows_its_title_and_points(read):
    unit = read(TITLE, ANSWER, CHECK)

    assert (unit.name, unit.title, unit.points) == ("u99_unit", "99 A unit", 2)


def test_a_unit_without_exercises_needs_no_points(read):
    assert read('# %% [markdown] key="title"\n# # 00 Start here\n').points == 0


BROKEN = {
    "an exercise without a check": ([TITLE, ANSWER], "u99_unit.py:4: the exercise double has no check"),
    "a check without an exercise": (
        [TITLE.replace(" points=2", ""), CHECK],
        "u99_unit.py:4: a check of double, but no exercise",
    ),
    "points that do not add up": (
        [TITLE.replace("2", "3"), ANSWER, CHECK],
        "u99_unit.py:1: the title cell says points=3, but its exercises have 2 points",
    ),
    "no points in the title": (
        [TITLE.replace(" points=2", ""), ANSWER, CHECK],
        "u99_unit.py:1: the title cell says no points, but its exercises have 2",
    ),
    "an exercise without points": (
        [TITLE, ANSWER.replace(" points=2", ""), CHECK],
        "u99_unit.py:4: the exercise double has no points",
    ),
    "two exercises of one name": (
        [TITLE, ANSWER, CHECK, ANSWER],
        "u99_unit.py:14: two exercises of the name double; the first is in line 4",
    ),
    "two cells with one key": (
        [TITLE, '\n# %% key="a"\n1\n\n# %% key="a"\n2\n'],
        "u99_unit.py:7: two cells with the key a; the first is in line 4",
    ),
    "an answer without markers": (
        [TITLE, ANSWER.replace("    ### END SOLUTION\n", ""), CHECK],
        "u99_unit.py:4: the answer to double needs one `### BEGIN SOLUTION` and one `### END SOLUTION`",
    ),
    "a solution outside an answer cell": (
        [TITLE, '\n# %% key="a"\n### BEGIN SOLUTION\n### END SOLUTION\n'],
        "u99_unit.py:4: a solution outside an answer cell",
    ),
    "an answer cell that defines another function": (
        [TITLE, ANSWER.replace("def double", "def treble"), CHECK],
        "u99_unit.py:4: the answer cell of double must define that function and nothing else",
    ),
    "a check cell that does something else": (
        [TITLE, ANSWER, CHECK.replace("check(double)\n", "check(double); print(1)\n")],
        "u99_unit.py:11: the check cell of double must read `check(double)`",
    ),
    "a cell without a key": ([TITLE, "\n# %%\n1\n"], "u99_unit.py:4: the cell needs a key"),
    "an unknown word in a marker": ([TITLE, '\n# %% key="a" pionts=2\n1\n'], "u99_unit.py:4: unknown word 'pionts'"),
    "an unknown tag": ([TITLE, '\n# %% key="a" tags=["dmeo"]\n1\n'], "u99_unit.py:4: unknown tag 'dmeo'"),
    "half a point": (
        [TITLE, ANSWER.replace("points=2", "points=0.5"), CHECK],
        "u99_unit.py:4: points must be a whole number above 0, not 0.5",
    ),
    "a cell that is too long": (
        [TITLE, '\n# %% key="a"\n' + "1\n" * 41],
        "u99_unit.py:4: the cell a has more than 40 lines",
    ),
    "text before the first marker": (["import numpy\n\n", TITLE], "u99_unit.py:3: text before the first cell marker"),
    "a first cell without a title": (
        ['# %% key="a"\n1\n'],
        "u99_unit.py:1: the first cell must be Markdown and start with the unit's title",
    ),
}


@pytest.mark.parametrize(("parts", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_rule_is_one_sentence_with_file_and_line(read, parts, message):
    with pytest.raises(TextError) as error:
        read(*parts)

    assert str(error.value).startswith(message)
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)
