"""Detects syntax that is newer than the grader's Python."""

from __future__ import annotations

import ast
import io
import tokenize
from functools import lru_cache

GRADERS_PYTHON = (3, 11)


@lru_cache(maxsize=32)
def newer_syntax(source: str) -> str:
    """Return which line of ``source`` the grader's Python cannot parse and why, "" if no such line is found.

    It finds syntax added in Python 3.12 and later that the running Python knows; code that this cannot parse itself is
    not examined.
    """
    try:
        ast.parse(source)
    except SyntaxError:
        return ""
    try:
        ast.parse(source, feature_version=GRADERS_PYTHON)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    return _newer_f_string(source)


def _newer_f_string(source: str) -> str:
    """Return which f-string has something in its braces that only Python 3.12 allows there.

    `ast` does not detect this for any ``feature_version``; in Python 3.11 an f-string is a single token.
    """
    quotes: list[str] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind, text = tokenize.tok_name[token.type], token.string
        found = ""
        if kind in ("STRING", "FSTRING_START") and any(quote in text for quote in quotes):
            found = "its own quotes"
        elif "\\" in text and ((quotes and kind == "STRING") or (len(quotes) > 1 and kind == "FSTRING_MIDDLE")):
            found = "a backslash"
        elif quotes and kind == "COMMENT":
            found = "a comment"
        elif quotes and kind == "NL" and len(quotes[0]) == 1:
            found = "a line break"
        if found:
            return f"line {token.start[0]}: f-string with {found} in its braces"
        if kind == "FSTRING_START":
            quotes.append(text.lstrip("fFrR"))
        elif kind == "FSTRING_END":
            quotes.pop()
    return ""
