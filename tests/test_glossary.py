"""The glossary: sorted, without duplicates, nothing left empty."""

import re
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[1] / "GLOSSARY.md").read_text(encoding="utf-8")
HANGUL = re.compile("[가-힣]")


def rows(heading):
    """Return the rows of the first table after the line that starts with ``heading``, without its head."""
    lines = TEXT[TEXT.index(f"\n{heading}") :].splitlines()[1:]
    start = next(number for number, line in enumerate(lines) if line.startswith("|"))
    table = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        table.append([field.strip() for field in line.strip("|").split("|")])
    return table


TABLES = {"## Terms": 3, "Sizes": 2, "Arrays": 4}


@pytest.mark.parametrize(("heading", "columns"), TABLES.items())
def test_every_row_has_all_its_columns_filled(heading, columns):
    assert rows(heading)
    assert [row for row in rows(heading) if len(row) != columns or not all(row)] == []


@pytest.mark.parametrize("heading", TABLES)
def test_rows_are_sorted_and_nothing_comes_twice(heading):
    names = [row[0].strip("`").casefold() for row in rows(heading)]

    assert names == sorted(set(names))


def test_every_term_has_a_korean_name_and_one_sentence():
    for english, korean, line in rows("## Terms"):
        assert HANGUL.search(korean), english
        assert line.endswith("."), english
        assert len(line) <= 140, english


def test_no_korean_name_stands_for_two_terms():
    names = [korean for _, korean, _ in rows("## Terms")]

    assert len(names) == len(set(names))
