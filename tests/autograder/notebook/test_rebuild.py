"""Taking submissions in: what is read, what is refused in one sentence, and what is rebuilt."""

import json
import os
from contextlib import suppress

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.errors import Unreadable
from autograder.notebook.read import parse_notebook, read_notebook
from autograder.notebook.rebuild import not_executed, rebuild
from autograder.notebook.released import check_unit, released, unit_of
from autograder.sandbox.limits import MIB
from rnnlab.specs import UNITS
from tests.autograder.submissions import UNIT, cell_of
from tests.hostile.witnesses import memory_growth


@pytest.fixture
def hand_in(tmp_path):
    def write(content, name="u01_rnn_cell.ipynb"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


UNREADABLE = {
    "an empty file": (b"", "is empty"),
    "white space": (b" \n ", "is empty"),
    "half a notebook": (b'{"cells": [{"cell_type": "code", "sou', "is not JSON"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is not JSON"),
    "bytes that are zero": (bytes(1000), "is not JSON"),
    "deeply nested JSON": (b"[" * 100_000, "is nested too deeply"),
    "too many cells": (b'{"cells": [' + b"{}," * 2000 + b"{}]}", "has 2,001 cells, more than 2,000"),
    "too much text": (b'{"cells": [{"source": "' + b"x" * 2_000_001 + b'"}]}', "has 2,000,001 characters in its"),
    "a JSON list": (b"[1, 2]", "is JSON, but not a notebook"),
    "another JSON file": (b'{"a": 1}', "is JSON, but not a notebook"),
    "cells that are no list": (
        b'{"cells": 3, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
        "is JSON, but not a notebook",
    ),
}


@pytest.mark.parametrize(("content", "reason"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_notebook_is_refused_in_one_sentence(hand_in, content, reason):
    with pytest.raises(Unreadable) as refused:
        unit_of("u01_rnn_cell.ipynb", read_notebook(hand_in(content)))

    assert reason in str(refused.value)
    assert str(refused.value).startswith("u01_rnn_cell.ipynb ")
    assert str(refused.value).endswith(".")


KEYS = st.sampled_from(["softmax", "softmax-check", "imports", "unrolled-graph", "extra-0", "title", ""])
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
RESULT_LABELS = st.fixed_dictionaries(
    {}, optional={"nbgrader": st.fixed_dictionaries({"grade_id": KEYS | JUNK}) | JUNK}
)
CELL = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw"]) | JUNK,
        "source": st.text() | st.lists(st.text()) | JUNK,
        "metadata": RESULT_LABELS | JUNK,
        "id": KEYS | JUNK,
    },
)


@pytest.mark.slow
@given(st.lists(CELL | JUNK, max_size=6))
@settings(deadline=None)
def test_whatever_the_cells_hold_becomes_a_valid_notebook_with_every_graded_cell(cells):
    nb = parse_notebook("x.ipynb", json.dumps({"cells": cells}).encode())
    rebuilt = rebuild(nb, released(UNIT))
    graded = {cell.id for cell in released(UNIT).cells if "nbgrader" in cell.metadata}

    nbformat.validate(rebuilt)
    nbformat.writes(rebuilt).encode()
    assert graded <= {cell.id for cell in rebuilt.cells}
    assert not_executed(rebuilt, released(UNIT)) >= {cell.id for cell in rebuilt.cells if cell.id.endswith("-check")}


@given(st.data())
@settings(deadline=None)
def test_bytes_changed_anywhere_give_a_notebook_or_a_sentence(data):
    raw = bytearray(nbformat.writes(released(UNIT)).encode())
    for _ in range(data.draw(st.integers(1, 20))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Unreadable):
        nbformat.validate(rebuild(parse_notebook("x.ipynb", bytes(raw)), released(UNIT)))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(Unreadable, match="no such file"):
        read_notebook(tmp_path / "none.ipynb")


def test_a_symbolic_link_is_refused(tmp_path, hand_in):
    (tmp_path / "link.ipynb").symlink_to(hand_in("{}"))

    with pytest.raises(Unreadable, match="is not a regular file"):
        read_notebook(tmp_path / "link.ipynb")


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe.ipynb")

    with pytest.raises(Unreadable, match="is not a regular file"):
        read_notebook(tmp_path / "pipe.ipynb")


def test_a_huge_file_is_refused(hand_in):
    with pytest.raises(Unreadable, match="20,000,001 bytes"):
        read_notebook(hand_in(b" " * 20_000_001))


def test_a_notebook_of_format_3_is_read(hand_in, right):
    old = nbformat.v4.downgrade(right)
    read = read_notebook(hand_in(json.dumps(old)))

    assert any("def softmax" in cell.source for cell in rebuild(read, released(UNIT)).cells)


@pytest.mark.parametrize("worksheets", [3, [3], [{}], [{"cells": 3}]])
def test_worksheets_of_wrong_types_are_no_notebook_of_the_course(hand_in, worksheets):
    with pytest.raises(Unreadable, match=r"has no list of cells|has no cell of any unit"):
        unit_of("x.ipynb", read_notebook(hand_in(json.dumps({"worksheets": worksheets}))))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_ways_to_write_unicode_are_read(hand_in, right, encoding):
    cell_of(right, "softmax").source += "\n# 가나다"

    read = read_notebook(hand_in(nbformat.writes(right).encode(encoding)))

    assert cell_of(read, "softmax").source.endswith("# 가나다")


@pytest.mark.parametrize(("encoding", "letters"), [("latin-1", "é"), ("cp949", "가나다")])
def test_in_another_encoding_only_the_letters_are_lost(hand_in, right, encoding, letters):
    for cell in right.cells:
        cell.source = cell.source.encode("ascii", "ignore").decode()
    cell_of(right, "softmax").source += f"\n# {letters}"
    cell_of(right, "one_hot").source += "\n# the end"

    read = read_notebook(hand_in(nbformat.writes(right).encode(encoding)))

    assert cell_of(read, "softmax").source.startswith(cell_of(right, "softmax").source[:-5])
    assert cell_of(read, "one_hot").source == cell_of(right, "one_hot").source


def test_what_cannot_be_written_is_replaced(hand_in):
    read = read_notebook(
        hand_in(r'{"cells": [{"cell_type": "code", "source": "x = 1\u0000 # \ud83d", "id": "\ud83d"}]}')
    )

    assert (read.cells[0].source, read.cells[0].id) == ("x = 1 # ?", "?")


def test_numbers_of_any_length_are_read_over(hand_in, right):
    text = nbformat.writes(right).replace('"nbformat_minor": 5', f'"nbformat_minor": {"9" * 5000}')

    assert len(read_notebook(hand_in(text)).cells) == len(right.cells)


def test_a_file_that_the_grader_may_not_read_is_told(hand_in, monkeypatch):
    def refuse(*arguments):
        raise PermissionError

    path = hand_in("{}")
    # Root may read everything, and the tests may run as root.
    monkeypatch.setattr(os, "open", refuse)

    with pytest.raises(Unreadable, match="may not be read by the grader; change its permissions"):
        read_notebook(path)


def test_a_notebook_without_cells_of_the_course_is_refused(hand_in):
    other = new_notebook(cells=[new_code_cell("print(1)")])

    with pytest.raises(Unreadable, match="has no cell of any unit"):
        unit_of("x.ipynb", other)


def test_a_notebook_of_another_unit_is_refused_with_both_names(right):
    with pytest.raises(Unreadable, match="is a notebook of unit u01_rnn_cell, not of u02_bptt"):
        check_unit("x.ipynb", right, "u02_bptt")


def test_a_notebook_that_only_has_the_names_of_functions_is_not_called_one_of_that_unit():
    other = new_notebook(
        cells=[new_code_cell("def lstm_forward(x): pass"), new_code_cell("def lstm_backward(d): pass")]
    )

    with pytest.raises(Unreadable) as caught:
        check_unit("x.ipynb", other, "u02_bptt")

    assert str(caught.value) == (
        "x.ipynb is not a notebook of unit u02_bptt: it has functions with the names of unit u04_lstm, but none of its "
        "cells; submit the course's notebook."
    )


def test_a_unit_without_exercises_is_known_by_its_cells():
    assert unit_of("x.ipynb", nbformat.from_dict(released("u00_start_here"))) == "u00_start_here"


def test_cells_of_a_unit_without_exercises_are_in_no_other_unit():
    """Otherwise the notebook of another unit, its answers deleted, would be taken for that one."""
    plain = {cell.id for unit, specs in UNITS.items() if not specs for cell in released(unit).cells}
    others = {cell.id for unit, specs in UNITS.items() if specs for cell in released(unit).cells}

    assert plain
    assert plain.isdisjoint(others)


def test_an_answer_without_any_metadata_is_known_by_its_function():
    bare = new_notebook(cells=[new_code_cell("def softmax(z, axis=-1):\n    return z")])

    assert unit_of("x.ipynb", bare) == UNIT


def test_an_untouched_notebook_is_rebuilt_into_itself(untouched):
    assert rebuild(untouched, released(UNIT)) == released(UNIT)


def test_a_deleted_answer_and_check_come_back_as_they_were_given_out(right):
    right.cells = [cell for cell in right.cells if not cell.id.startswith("softmax")]

    rebuilt = rebuild(right, released(UNIT))

    assert "NotImplementedError" in cell_of(rebuilt, "softmax").source
    assert cell_of(rebuilt, "softmax-check").metadata.nbgrader.points == 2


def test_missing_code_comes_back_at_its_place(right):
    right.cells = [cell for cell in right.cells if cell.id not in ("imports", "softmax")]

    ids = [cell.id for cell in rebuild(right, released(UNIT)).cells]

    assert ids[: ids.index("imports") + 2] == [cell.id for cell in released(UNIT).cells[: ids.index("imports") + 2]]
    assert ids[ids.index("softmax") - 1] == "softmax-task"


def test_what_was_written_into_a_check_cell_is_kept_in_front_of_it(right):
    cell_of(right, "softmax-check").source = "def softmax(z, axis=-1):\n    return z\n\ncheck(softmax)"

    rebuilt = rebuild(right, released(UNIT))
    at = next(index for index, cell in enumerate(rebuilt.cells) if cell.id == "softmax-check")

    assert rebuilt.cells[at].source == "check(softmax)"
    assert rebuilt.cells[at - 1].source.startswith("def softmax(z")


def test_of_duplicated_cells_the_last_is_graded_and_both_are_executed(right):
    copy = new_code_cell("x = 1", metadata=dict(cell_of(right, "softmax").metadata))
    right.cells.append(copy)

    rebuilt = rebuild(right, released(UNIT))
    ids = [cell.metadata["nbgrader"]["grade_id"] for cell in rebuilt.cells if "nbgrader" in cell.metadata]

    assert ids.count("softmax") == 1
    assert cell_of(rebuilt, "softmax").source == "x = 1"
    assert any(cell.source.startswith("def softmax") and cell.id.startswith("extra-") for cell in rebuilt.cells)


def test_cell_ids_are_unique_whatever_was_handed_in(right):
    right.cells += [right.cells[3], right.cells[3], new_markdown_cell("x", id="extra-3")]

    ids = [cell.id for cell in rebuild(right, released(UNIT)).cells]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_an_answer_turned_into_text_is_code_again(right, kind):
    cell = cell_of(right, "softmax")
    cell.cell_type = kind
    source = cell.source

    rebuilt = cell_of(rebuild(right, released(UNIT)), "softmax")

    assert (rebuilt.cell_type, rebuilt.source) == ("code", source)


def test_the_order_of_the_submission_is_kept_but_imports_come_first(right):
    right.cells = right.cells[::-1]
    handed_in = [cell.id for cell in right.cells if cell.id != "imports"]

    assert [cell.id for cell in rebuild(right, released(UNIT)).cells] == ["imports", *handed_in]


def test_changed_checks_points_and_locks_are_set_back(right):
    check = cell_of(right, "softmax-check")
    check.source = "2"
    check.metadata.nbgrader.update(points=300, locked=False, grade=False)

    rebuilt = cell_of(rebuild(right, released(UNIT)), "softmax-check")

    assert rebuilt.source == "check(softmax)"
    assert rebuilt.metadata == cell_of(released(UNIT), "softmax-check").metadata


def test_tags_and_metadata_of_the_submission_do_not_survive(right):
    for cell in right.cells:
        cell.metadata["tags"] = ["skip-execution", "demo"]
    right.cells.append(new_code_cell("x = 1", metadata={"tags": ["demo"], "nbgrader": {"grade": True}}))
    right.metadata["kernelspec"]["name"] = "bash"

    rebuilt = rebuild(right, released(UNIT))

    assert rebuilt.metadata == released(UNIT).metadata
    assert "skip-execution" not in nbformat.writes(rebuilt)
    assert rebuilt.cells[-1].metadata == {}


@pytest.mark.parametrize("metadata", [None, [], "x", {"nbgrader": 3}, {"nbgrader": {"grade_id": []}}])
def test_metadata_of_wrong_types_does_no_harm(right, hand_in, metadata):
    raw = json.loads(nbformat.writes(right))
    for cell in raw["cells"]:
        cell["metadata"] = metadata

    rebuilt = rebuild(read_notebook(hand_in(json.dumps(raw))), released(UNIT))

    assert cell_of(rebuilt, "softmax").source == cell_of(right, "softmax").source


def test_checks_and_untouched_demonstrations_are_not_executed(right):
    skipped = not_executed(right, released(UNIT))

    assert "softmax-check" in skipped
    assert "unrolled-graph" in skipped
    assert "softmax" not in skipped
    assert "imports" not in skipped


def test_copies_of_checks_and_demonstrations_are_not_executed_either(right):
    right.cells = [new_code_cell(cell.source) for cell in right.cells if cell.cell_type == "code"]
    rebuilt = rebuild(right, released(UNIT))
    skipped = not_executed(rebuilt, released(UNIT))

    executed = {cell.source for cell in rebuilt.cells if cell.cell_type == "code" and cell.id not in skipped}
    assert not any(source.startswith(("check(", "plots.show(")) for source in executed)
    assert any(source.startswith("def softmax") for source in executed)


def test_a_demonstration_that_was_edited_is_executed(right):
    cell_of(right, "unrolled-graph").source += "\nx = 1"

    assert "unrolled-graph" not in not_executed(right, released(UNIT))


@pytest.mark.parametrize(
    "written",
    ["def softmax(z, axis=-1):\n    return z", "x = 1\nsoftmax = lambda z, axis=-1: z"],
)
def test_an_unwritten_answer_does_not_replace_the_same_function_in_another_cell(untouched, written):
    assert "softmax" not in not_executed(untouched, released(UNIT))

    untouched.cells.insert(2, new_code_cell(written))

    assert "softmax" in not_executed(untouched, released(UNIT))
    assert "one_hot" not in not_executed(untouched, released(UNIT))


def test_a_check_that_has_lost_its_name_is_known_by_its_text(right):
    check = cell_of(right, "softmax-check")
    check.metadata, check.id = {}, "lost"
    right.cells.insert(0, new_code_cell("x = 1", id="above"))
    place = right.cells.index(check)

    rebuilt = rebuild(right, released(UNIT))

    assert [cell.id for cell in rebuilt.cells].index("softmax-check") == place


def of_size(filling, size=19_600_000):
    """Return a notebook's file of about that many bytes, most of it ``filling``."""
    several = (filling + b",") * (size // (len(filling) + 1))
    return b'{"cells": [{"cell_type": "code", "source": "x = 1", "outputs": [' + several + b"0]}]}"


@pytest.mark.slow
@pytest.mark.parametrize(
    "filling", [b'{"":0}', b"[]", b'"\\ud83d\\ude00"', b"1e5"], ids=lambda filling: filling.decode()
)
def test_no_file_takes_the_grader_more_memory_than_it_is_long(filling):
    raw = of_size(filling)
    with memory_growth() as grown, suppress(Unreadable):
        parse_notebook("x.ipynb", raw)
    assert grown[0] < 30 * MIB


def test_a_large_file_with_pictures_and_any_letters_is_read():
    for letters in ("iVBORw0KGgo=", "\N{HANGUL SYLLABLE GA}", "\N{GRINNING FACE}"):
        text = f'"{letters * (19_000_000 // len(letters.encode()))}"'.encode()
        nb = parse_notebook("x.ipynb", of_size(text, len(text) + 1))
        assert [cell.source for cell in nb.cells] == ["x = 1"]


@pytest.mark.slow
def test_a_file_that_takes_too_much_memory_says_so():
    with pytest.raises(Unreadable, match="takes more memory or time to read than a notebook may"):
        parse_notebook("x.ipynb", of_size(b'{"":0}'))


def test_a_cell_with_an_endless_name_has_none():
    nb = parse_notebook("x.ipynb", json.dumps({"cells": [{"source": "x", "id": "i" * 10**6}]}).encode())
    assert nb.cells[0].id == ""
