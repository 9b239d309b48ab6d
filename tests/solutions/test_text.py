"""Reading a text: cells and roles, and one clear sentence with file and line for each broken rule."""

import textwrap

import pytest

from solutions.text import TextError, read_unit

TITLE = '# %% [markdown] key="title"\n# # 99 A unit\n# **You build** a function.\n'
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
        path = tmp_path / "u99_unit" / "text.py"
        path.parent.mkdir()
        path.write_text("".join(textwrap.dedent(part) for part in parts))
        return read_unit(path)

    return read_text


def test_a_text_gives_its_cells_with_keys_roles_and_lines(read):
    unit = read(TITLE, ANSWER, CHECK, '\n# %% key="show" tags=["demo"]\ndouble(2)\n')

    assert [cell.key for cell in unit.cells] == ["title", "double", "double-check", "show"]
    assert [cell.defines for cell in unit.cells] == [False, True, False, False]
    assert [cell.line for cell in unit.cells] == [1, 5, 12, 15]


def test_a_unit_knows_its_title_and_points(read):
    unit = read(TITLE, ANSWER, CHECK)

    assert (unit.name, unit.title, unit.points) == ("u99_unit", "99 A unit", 2)


def test_a_unit_without_exercises_has_no_points(read):
    unit = read(
        '# %% [markdown] key="title"\n# # 00 Start here\n# **You build** nothing yet.\n# **Points** {points}.\n'
    )

    assert unit.points == 0
    assert unit.cells[0].source.endswith("**Points** none.")


def test_minutes_are_those_of_the_exercises_and_of_reading_and_what_is_folded_away_counts_nothing(read):
    title = TITLE + "# **Time** {minutes} minutes.\n# **Points** {points}.\n"
    prose = '\n# %% [markdown] key="prose"\n# **Time** 10–15 min\n#\n# ' + "word " * 2000 + "\n"
    fold = '\n# %% [markdown] key="fold"\n# <details>' + "word " * 3000 + "</details>\n"

    unit = read(title, ANSWER, CHECK, prose, fold)

    assert unit.minutes == (20, 25)
    assert "**Time** 20–25 minutes.\n**Points** 2, in 1 exercise." in unit.cells[0].source


BROKEN = {
    "an exercise without a check": ([TITLE, ANSWER], "u99_unit/text.py:5: the exercise double has no check"),
    "a check without an exercise": (
        [TITLE, CHECK],
        "u99_unit/text.py:5: a check of double, but no exercise",
    ),
    "an exercise without points": (
        [TITLE, ANSWER.replace(" points=2", ""), CHECK],
        "u99_unit/text.py:5: the exercise double has no points",
    ),
    "two exercises of one name": (
        [TITLE, ANSWER, CHECK, ANSWER],
        "u99_unit/text.py:15: two exercises with the name double; the first is in line 5",
    ),
    "two cells with one key": (
        [TITLE, '\n# %% key="a"\n1\n\n# %% key="a"\n2\n'],
        "u99_unit/text.py:8: two cells with the key a; the first is in line 5",
    ),
    "an answer without markers": (
        [TITLE, ANSWER.replace("    ### END SOLUTION\n", ""), CHECK],
        "u99_unit/text.py:5: the answer to double needs one `### BEGIN SOLUTION` and one `### END SOLUTION`",
    ),
    "a solution outside an answer cell": (
        [TITLE, '\n# %% key="a"\n### BEGIN SOLUTION\n### END SOLUTION\n'],
        "u99_unit/text.py:5: a solution outside an answer cell",
    ),
    "an answer cell that defines another function": (
        [TITLE, ANSWER.replace("def double", "def treble"), CHECK],
        "u99_unit/text.py:5: the answer cell of double must define that function and nothing else",
    ),
    "a check cell that does something else": (
        [TITLE, ANSWER, CHECK.replace("check(double)\n", "check(double); print(1)\n")],
        "u99_unit/text.py:12: the check cell of double must read `check(double)`",
    ),
    "a cell without a key": ([TITLE, "\n# %%\n1\n"], "u99_unit/text.py:5: the cell needs a key"),
    "an unknown attribute in a marker": (
        [TITLE, '\n# %% key="a" pionts=2\n1\n'],
        "u99_unit/text.py:5: unknown attribute 'pionts'",
    ),
    "an unknown tag": ([TITLE, '\n# %% key="a" tags=["dmeo"]\n1\n'], "u99_unit/text.py:5: unknown tag 'dmeo'"),
    "half a point": (
        [TITLE, ANSWER.replace("points=2", "points=0.5"), CHECK],
        "u99_unit/text.py:5: points must be a whole number above 0, not 0.5",
    ),
    "a cell that is too long": (
        [TITLE, '\n# %% key="a"\n' + "1\n" * 41],
        "u99_unit/text.py:5: the cell a has more than 40 lines",
    ),
    "text before the first marker": (
        ["import numpy\n\n", TITLE],
        "u99_unit/text.py:3: text before the first cell marker",
    ),
    "a title that does not say what the reader builds": (
        ['# %% [markdown] key="title"\n# # 99 A unit\n'],
        "u99_unit/text.py:1: the title cell needs a line that begins with **You build**",
    ),
    "a first cell without a title": (
        ['# %% key="a"\n1\n'],
        "u99_unit/text.py:1: the first cell must be Markdown and start with the unit's title",
    ),
}


@pytest.mark.parametrize(("parts", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_rule_is_one_sentence_with_file_and_line(read, parts, message):
    with pytest.raises(TextError) as error:
        read(*parts)

    assert str(error.value).startswith(message)
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)


# -- figures and their descriptions ------------------------------------------------------------------------------------

SHOWS = '\n# %% key="draw" tags=["demo"]\nplots.show(plots.curves(lines), "loss", last=lines[-1])\n'
ALT = '\n# %% [raw] alt="loss"\n# A falling curve\n# that ends at {last:.2f}.\n'


def test_the_description_of_a_figure_stands_in_a_cell_that_is_in_no_notebook(read):
    unit = read(TITLE, SHOWS, ALT)

    assert [cell.key for cell in unit.cells] == ["title", "draw"]
    assert unit.alts == {"loss": "A falling curve that ends at {last:.2f}."}


def test_a_figure_may_bring_its_description_with_it(read):
    assert read(TITLE, SHOWS.replace('"loss", last=lines[-1]', 'alt="A curve."')).alts == {}


BROKEN_FIGURES = {
    "a figure without a description": ([SHOWS], "u99_unit/text.py:5: the figure loss has no description"),
    "a description without a figure": ([ALT], "u99_unit/text.py:1: the description loss belongs to no figure"),
    "two descriptions": ([SHOWS, ALT, ALT], "u99_unit/text.py:12: two descriptions of the figure loss"),
    "a description without a name": (
        [SHOWS, ALT.replace(' alt="loss"', "")],
        "u99_unit/text.py:8: a raw cell describes a figure and names it",
    ),
    "a value that is not given": (
        [SHOWS.replace(", last=lines[-1]", ""), ALT],
        "u99_unit/text.py:5: the description of loss needs last, show gives []",
    ),
}


@pytest.mark.parametrize(("parts", "message"), BROKEN_FIGURES.values(), ids=BROKEN_FIGURES)
def test_figures_and_descriptions_belong_together(read, parts, message):
    with pytest.raises(TextError) as error:
        read(TITLE, *parts)

    assert str(error.value).startswith(message)
