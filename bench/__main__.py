"""``python -m bench`` measures every bar in one run, prints them, and writes table, numbers and picture to build/bench.

It is a benchmark, not a test: missed bars are reported, and nothing fails.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from autograder.paths import ROOT
from bench import graders, machine, measured, picture, simulate, stages
from bench.bars import HEADINGS, Bar, markdown

OUTPUT = ROOT / "build" / "bench"


def main() -> None:
    """Measure, print and write."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    before = machine.load()
    print("The first run installs otter-grader into an environment of its own.", file=sys.stderr)
    graders.install_otter()
    times = stages.measure(measured.NUMPY_UNIT, 40)
    bars = list(_all_bars(times))
    surroundings = machine.described() | {"load": f"{before} before, {machine.load()} after"}
    limit = measured.writer_limit(times)
    _show(bars)
    print(limit, *(f"{name}: {value}" for name, value in surroundings.items()), sep="\n")
    facts = "".join(f"- {name}: {value}\n" for name, value in surroundings.items())
    (OUTPUT / "bars.md").write_text(f"{markdown(bars)}\n{limit}\n\n{facts}")
    numbers = {"machine": surroundings, "bars": [asdict(bar) | {"met": bar.met} for bar in bars], "stages": times}
    (OUTPUT / "bars.json").write_text(json.dumps(numbers, indent=1))
    picture.draw(bars, simulate.simulate(times), OUTPUT / "bars.png")
    print(f"written: {OUTPUT.relative_to(ROOT)}/bars.md, bars.json, bars.png")


def _all_bars(times: stages.Stages) -> Iterator[Bar]:
    parts: list[Callable[[], list[Bar]]] = [
        lambda: measured.class_bars(measured.NUMPY_UNIT),
        lambda: measured.class_bars(measured.TORCH_UNIT),
        measured.verdict_bars,
        measured.student_bars,
        lambda: [measured.recording_bar(times)],
        measured.size_bars,
        measured.network_bars,
    ]
    for part in parts:
        for bar in part():
            print("; ".join(bar.cells()), file=sys.stderr)
            yield bar


def _show(bars: list[Bar]) -> None:
    console = Console() if Console().is_terminal else Console(width=160)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in HEADINGS:
        table.add_column(heading)
    for bar in bars:
        table.add_row(*bar.cells(), style=None if bar.met else "red")
    console.print(table)


if __name__ == "__main__":
    main()
