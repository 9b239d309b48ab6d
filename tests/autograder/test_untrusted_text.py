"""Student text is harmless wherever it is shown, and text that harms nothing stays as it is."""

import ast
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.paths import ROOT
from autograder.untrusted_text import (
    BIDI_MARKS,
    MAX_FILE_NAME_LENGTH,
    csv_cell,
    file_name,
    page_source,
    page_text,
    printable,
    printable_lines,
    quotable,
    sanitized_html,
    storable,
)
from rnnlab.checking.calling import MAX_TEXT_LENGTH

# All of Unicode, surrogates included, with much of what is harmful.
NASTY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(["\ud800", "\0", "\x1b", "\x9b", "\r", "\n", "\u2028", "/", "=", "<", *sorted(BIDI_MARKS)]),
    )
)
ORDINARY = "김 철수, Zoë, O'Brien & Ωλ; e\u0301 x_t = 3"


@pytest.mark.parametrize("function", [storable, quotable, file_name, printable, csv_cell, page_source, page_text])
def test_ordinary_text_stays_as_it_is(function):
    assert function(ORDINARY) == ORDINARY


@given(NASTY)
def test_nothing_steers_a_terminal(text):
    for shown in (printable(text), csv_cell(text), quotable(text), file_name(text), *printable_lines(text).split("\n")):
        assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cs", "Zl", "Zp"}
        assert not BIDI_MARKS & set(shown)


@given(NASTY)
def test_nothing_on_a_page_is_hidden_or_reordered(text):
    for shown in (page_source(text), page_text(text)):
        assert not {c for c in shown if unicodedata.category(c) in ("Cc", "Cs")} - {"\t", "\n"}
        assert not BIDI_MARKS & set(shown)


@given(NASTY)
def test_what_is_stored_can_be_encoded_and_loses_nothing_else(text):
    stored = storable(text)

    stored.encode()
    assert "\0" not in stored
    assert stored == "".join("?" if "\ud800" <= c <= "\udfff" else c for c in text if c != "\0")


@given(st.lists(NASTY, min_size=2, max_size=2, unique=True))
def test_two_names_never_look_the_same_in_a_terminal_unless_one_spells_the_escapes_of_the_other(names):
    first, second = (name.replace("\\", "") for name in names)

    assert (printable(first) == printable(second)) == (first == second)


def test_a_quotation_is_one_line_of_bounded_length():
    assert quotable("a\nb\x1b[2J\u202e") == "a\ufffdb\ufffd[2J\ufffd"
    assert len(quotable("x" * 10_000)) == MAX_TEXT_LENGTH


def test_of_a_long_file_name_the_beginning_and_the_ending_are_shown():
    shown = file_name("a" * 100 + "\n.ipynb")

    assert shown == f"{'a' * 60}…{'a' * 8}\ufffd.ipynb"
    assert len(shown) < MAX_FILE_NAME_LENGTH


def test_html_keeps_its_formatting_and_nothing_that_acts():
    html = '<h2 onclick="x()">A</h2><p style="position:fixed">b <em>c</em> <a href="x">d</a><img src="x"></p>'

    assert sanitized_html(html + "<script>x()</script>") == "<h2>A</h2><p>b <em>c</em> d</p>x()"


def test_no_other_module_makes_text_harmless_by_itself():
    # What runs inside the sandbox cannot import this module; its one rule is that of the border.
    own = {"autograder/untrusted_text.py", "autograder/sandbox/inside/frames.py"}
    suspicious = {"isprintable", "unicode_escape", "bleach", "unicodedata", "normalize"}
    found = {}
    for path in sorted((ROOT / "autograder").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        names |= {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        if names & suspicious:
            found[str(path.relative_to(ROOT))] = names & suspicious

    assert found.keys() <= own
