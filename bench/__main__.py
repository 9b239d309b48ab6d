"""``python -m bench`` measures every target in one run and writes table, numbers and chart to build/bench.

It is a benchmark, not a test: missed targets are reported, and nothing fails.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from autograder.paths import ROOT
from bench import chart, graders, machine, measurements, simulate, stages
from bench.targets import HEADINGS, Target, markdown

OUTPUT = ROOT / "build" / "bench"


def main() -> None:
    """Measure, print and write."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    before = machine.load()
    print("The first run installs otter-grader into an environment of its own.", file=sys.stderr)
    graders.install_otter()
    times = stages.measure(measurements.NUMPY_UNIT, 40)
    targets = list(_all_targets(times))
    surroundings = machine.described() | {"load": f"{before} before, {machine.load()} after"}
    limit = measurements.writer_limit(times)
    _show(targets)
    print(limit, *(f"{name}: {value}" for name, value in surroundings.items()), sep="\n")
    facts = "".join(f"- {name}: {value}\n" for name, value in surroundings.items())
    (OUTPUT / "targets.md").write_text(f"{markdown(targets)}\n{limit}\n\n{facts}")
    numbers = {
        "machine": surroundings,
        "targets": [asdict(target) | {"met": target.met} for target in targets],
        "stages": times,
    }
    (OUTPUT / "targets.json").write_text(json.dumps(numbers, indent=1))
    chart.draw(targets, simulate.simulate(times), OUTPUT / "targets.png")
    print(f"written: {OUTPUT.relative_to(ROOT)}/targets.md, targets.json, targets.png")


def _all_targets(times: stages.Stages) -> Iterator[Target]:
    parts: list[Callable[[], list[Target]]] = [
        lambda: measurements.class_targets(measurements.NUMPY_UNIT),
        lambda: measurements.class_targets(measurements.TORCH_UNIT),
        measurements.verdict_targets,
        measurements.student_targets,
        lambda: [measurements.recording_target(times)],
        measurements.size_targets,
        measurements.network_targets,
    ]
    for part in parts:
        for target in part():
            print("; ".join(target.cells()), file=sys.stderr)
            yield target


def _show(targets: list[Target]) -> None:
    console = Console() if Console().is_terminal else Console(width=160)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in HEADINGS:
        table.add_column(heading)
    for target in targets:
        table.add_row(*target.cells(), style=None if target.met else "red")
    console.print(table)


if __name__ == "__main__":
    main()
