"""The table of hostile and damaged submissions: what each tried, how it had to end, how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """A line of the table; ``surprises`` is empty where all was as it must be."""

    name: str
    tries: str
    expected: str
    outcome: str
    seconds: float
    surprises: tuple[str, ...] = ()


def show(rows: Sequence[Row]) -> int:
    """Print the table and return the number of cases with a surprise."""
    console = Console() if Console().is_terminal else Console(width=200)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("case", "what it tries", "expected", "outcome", "seconds"):
        table.add_column(heading, justify="right" if heading == "seconds" else "left")
    for row in rows:
        style = "red" if row.surprises else None
        table.add_row(row.name, row.tries, row.expected, row.outcome, f"{row.seconds:.1f}", style=style)
    console.print(table)
    surprised = [row for row in rows if row.surprises]
    for row in surprised:
        for surprise in row.surprises:
            console.print(f"{row.name}: {surprise}", style="red", markup=False, highlight=False)
    console.print(f"{len(rows)} cases, {len(surprised)} surprises")
    return len(surprised)
