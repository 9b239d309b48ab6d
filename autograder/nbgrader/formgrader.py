"""What nbgrader's formgrader, which opens submissions in the instructor's browser, shows of their Markdown."""

from __future__ import annotations

from nbconvert.filters import markdown2html

from autograder.untrusted_text import sanitized_html


def markdown_without_html(source: str) -> str:
    """Return Markdown as HTML that formats, but contains no scripts, links, pictures or styles.

    It replaces nbconvert's filter `markdown2html`, which passes on any HTML in the Markdown.
    """
    return sanitized_html(markdown2html(source))
