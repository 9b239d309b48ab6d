"""The table that a check shows: it works without colours and with a screen reader."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from rnnlab.checking.marking import Marks, Row

RESULT_LABELS = {"passed": "✓ passed", "failed": "✗ failed", "not run": "– not run", "remark": "! remark"}

# Inline styles, because JupyterLab, VS Code and Colab each strip or scope style sheets differently.
TABLE = "border-collapse:collapse;min-width:34em;text-align:left;margin:0.5em 0;max-width:60em"
HINT = "max-width:60em"
CELL = "border-top:1px solid #888;padding:0.3em 1em 0.3em 0;text-align:left;vertical-align:top"
CAPTION = "text-align:left;font-weight:bold;padding:0.3em 0;caption-side:top;color:inherit"


@dataclass(frozen=True)
class Table:
    """A table of checks, as a notebook shows it: HTML, or plain text where there is no HTML.

    ``summary`` is one sentence: what the exercise is called, how many checks passed, and what that is worth.
    """

    summary: str
    rows: tuple[Row, ...]
    hint: str = ""

    def _repr_html_(self) -> str:
        titles = ["Check", "Result", "What was seen"] if any(row.lines for row in self.rows) else ["Check", "Result"]
        head = "".join(f'<th scope="col" style="{CELL}">{title}</th>' for title in titles)
        body = "".join(_html_row(row, len(titles)) for row in self.rows)
        hint = f'<p style="{HINT}"><strong>Hint.</strong> {escape(self.hint)}</p>' if self.hint else ""
        return (
            f'<table style="{TABLE}"><caption style="{CAPTION}">{escape(self.summary)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{hint}"
        )

    def __repr__(self) -> str:
        width = max(len(row.title) for row in self.rows)
        lines = [self.summary]
        for row in self.rows:
            lines.append(f"  {RESULT_LABELS[row.result]:<10} {row.title:<{width}}".rstrip())
            lines += [f"             {line}" for line in row.lines]
        return "\n".join(lines + ([f"Hint. {self.hint}"] if self.hint else []))


def table_of(marks: Marks) -> Table:
    """Return the table of the checks that were run."""
    return Table(_summary(marks), marks.rows, marks.hint)


def no_points(exercise: str, reason: str, max_points: int) -> str:
    """Return the summary of an exercise that earned nothing for a ``reason`` in a few words."""
    return f"{exercise}: {reason}, 0 of {_points(max_points)}"


_NOTHING_YET = {"unwritten": "not written yet", "missing": "not defined"}


def _summary(marks: Marks) -> str:
    if nothing := _NOTHING_YET.get(marks.status):
        return no_points(marks.exercise, nothing, marks.max_points)
    counted = [row for row in marks.rows if row.result != "remark"]
    passed = sum(row.result == "passed" for row in counted)
    return f"{marks.exercise}: {passed} of {len(counted)} checks passed, {marks.points} of {_points(marks.max_points)}"


def _html_row(row: Row, columns: int) -> str:
    details = "<br>".join(escape(line) for line in row.lines)
    cells = [
        f'<th scope="row" style="{CELL};font-weight:normal">{escape(row.title)}</th>',
        f'<td style="{CELL};white-space:nowrap">{RESULT_LABELS[row.result]}</td>',
        f'<td style="{CELL}">{details}</td>',
    ]
    return f"<tr>{''.join(cells[:columns])}</tr>"


def _points(number: int) -> str:
    return f"{number} point" if number == 1 else f"{number} points"
