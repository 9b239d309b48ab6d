"""Text that came from a submission, made harmless for the place where it is to stand.

Students choose the names of files and folders, the source of cells, and whatever their code prints, raises or returns.
Each function here is for one kind of place; its docstring says what it lets through, and why.
What crosses the sandbox's border has lost its lone surrogates before, in `autograder.sandbox.inside.frames`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from rnnlab.checking.calling import MAX_TEXT_LENGTH

MAX_FILE_NAME_LENGTH = 80  # characters of a file's name in a sentence
MAX_PAGE_TEXT_LENGTH = 20_000  # characters of one cell's code or of one output on a page
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Marks that reorder the text around them, so that it reads differently from what it is.
BIDI_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Control characters, surrogates, and what separates lines and paragraphs: terminals obey the first.
CONTROL_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
# All control characters but tab and line feed.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Terminal escape sequences: CSI, OSC, or a lone escape.
ESCAPE_SEQUENCES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?)?")
HOME_FOLDERS = re.compile(r"(?<![\w.])/(?:root\b|(?:home|Users)/[^/\s:\"'<>()]+)")
PARENT_FOLDERS = re.compile(r"(?<![\w./])~?(?:/[\w.@+-]+)+(?=/)|~(?=/)")
# What a spreadsheet takes for the beginning of a formula, perhaps after spaces, quotes and invisible characters.
FORMULA_STARTS = frozenset("=+-@\N{MINUS SIGN}")
QUOTES = frozenset("\"'`")
# What Markdown itself makes: no attributes, so nothing is loaded, linked, styled or run.
HTML_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "em", "strong", "del", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "details", "summary", "table", "thead", "tbody", "tr", "th", "td"),
}


def storable(text: str) -> str:
    """Return ``text`` as files, databases and processes take it: without zero bytes, "?" for lone surrogates.

    Everything else stays, as this is for the source of cells, which is executed as the student wrote it.
    """
    return _encodable(text).replace("\0", "")


def quotable(text: str) -> str:
    """Return ``text`` as a message may quote it: on one line, of bounded length.

    What is not printable becomes U+FFFD, so that the message stays one sentence wherever it is shown.
    """
    return _replaced(text[:MAX_TEXT_LENGTH], lambda character: not character.isprintable(), REPLACEMENT)


def file_name(name: str) -> str:
    """Return a file's name as a message may quote it: `quotable`, and the middle of a long one left out."""
    return quotable(name if len(name) <= MAX_FILE_NAME_LENGTH else f"{name[:60]}…{name[-15:]}")


def printable(text: str) -> str:
    """Return ``text`` as one line for a terminal: escapes in the place of control characters and bidi marks.

    Printable characters of all scripts stay. Others are not dropped, because two names must not look the same.
    """
    return "".join(_escape(character) if _is_control(character) else character for character in text)


def printable_lines(text: str) -> str:
    """Return ``text`` for a terminal as `printable` does, with its line breaks."""
    return "\n".join(map(printable, text.split("\n")))


def csv_cell(text: str) -> str:
    """Return ``text`` as a cell of a CSV file: `printable`, and quoted if a spreadsheet would compute it."""
    text = printable(text)
    # Full-width and small forms count, too: NFKC makes ordinary ones of them.
    characters = unicodedata.normalize("NFKC", text)
    first = next((character for character in characters if not _is_skipped(character)), "")
    return f"'{text}" if first in FORMULA_STARTS else text


def page_source(text: str) -> str:
    """Return the source of a cell for a page, whose template escapes HTML: shortened, otherwise line by line as it is.

    Control characters go, and bidi marks become U+FFFD: code must read as it runs.
    """
    return _readable(text[:MAX_PAGE_TEXT_LENGTH] + _left_out(text))


def page_text(text: str) -> str:
    """Return printed text or a message for a page, whose template escapes HTML: as `page_source`, without paths.

    Escape sequences go. Of a line that was written over, as progress bars do, the last state is kept; of an absolute
    path the last name, since folders tell of the grader's machine.
    """
    text = ESCAPE_SEQUENCES.sub("", text[:MAX_PAGE_TEXT_LENGTH]) + _left_out(text)
    text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return PARENT_FOLDERS.sub("…", HOME_FOLDERS.sub("~", _readable(text))).rstrip("\n")


def sanitized_html(html: str) -> str:
    """Return ``html`` with the tags that Markdown makes and no attributes: it formats, but runs and loads nothing."""
    # Only the formgrader needs it.
    import bleach

    return bleach.clean(html, HTML_TAGS, attributes={}, strip=True)


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _replaced(text: str, condition: Callable[[str], bool], replacement: str) -> str:
    return "".join(replacement if condition(character) else character for character in text)


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in CONTROL_CATEGORIES or character in BIDI_MARKS


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode()


def _is_skipped(character: str) -> bool:
    return character.isspace() or character in QUOTES or unicodedata.category(character) in ("Cf", "Mn")


def _left_out(text: str) -> str:
    left = len(text) - MAX_PAGE_TEXT_LENGTH
    return f"\n[{left:,} more characters are not shown here.]" if left > 0 else ""


def _readable(text: str) -> str:
    return _replaced(CONTROLS.sub("", _encodable(text)), BIDI_MARKS.__contains__, REPLACEMENT)
