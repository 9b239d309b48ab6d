"""Functions that measure the targets."""

from __future__ import annotations

from statistics import mean, median

from autograder.sandbox.limits import MIB
from bench import graders, numpy_vs_torch, simulate, single, stages, student
from bench.clock import Spent
from bench.targets import Target

NUMPY_UNIT, TORCH_UNIT = "u01_rnn_cell", "u06_image_captioning"
CLASS = {NUMPY_UNIT: 40, TORCH_UNIT: 20}
FASTER_THAN_STOCK = {NUMPY_UNIT: 15, TORCH_UNIT: 20}
FASTER_THAN_OTTER = 20
STOCK_SIZES = (2, 6)  # a stock run of 40 takes minutes; its cost is linear, so it is extrapolated
OTTER_SIZE = 2  # every submission is a command of its own
LARGE, SMALL = 300, 30


def class_targets(unit: str) -> list[Target]:
    """Return how much faster a class of ``unit`` is graded than by stock nbgrader and by otter-grader, and the CPU."""
    size, short = CLASS[unit], unit[:3]
    small, large = STOCK_SIZES
    runs = [graders.autograder(unit, size)]
    stock = {small: graders.stock(unit, small), large: graders.stock(unit, large)}
    runs.append(graders.autograder(unit, size))
    otter = graders.otter(unit, OTTER_SIZE)
    runs.append(graders.autograder(unit, size))
    floor = graders.floor(unit, size)
    autograder = graders.middle(runs)
    wall = graders.line((small, stock[small].wall), (large, stock[large].wall))
    cpu = graders.line((small, stock[small].cpu), (large, stock[large].cpu))
    otter_wall = otter.wall / OTTER_SIZE * size
    details = {
        "autograder": [vars(spent) for spent in runs],
        "stock": {count: vars(spent) for count, spent in stock.items()},
        "stock_cpu_each": cpu.each,
        "otter_each": {"wall": otter.wall / OTTER_SIZE, "cpu": otter.cpu / OTTER_SIZE},
        "floor": vars(floor),
    }
    seconds = f"autograder {autograder.wall:.1f} s"
    at_stock = f"{seconds}; stock {wall.start:.1f} s and {wall.each:.2f} s each, from {small} and {large}"
    at_otter = f"{seconds}; otter {otter.wall / OTTER_SIZE:.1f} s each, from {OTTER_SIZE}"
    at_floor = f"{autograder.cpu / size:.3f} s and {floor.cpu / size:.3f} s for each of {size}, start-up included"
    return [
        Target(
            f"{size} of {short} against nbgrader",
            wall.at(size) / autograder.wall,
            FASTER_THAN_STOCK[unit],
            "times",
            at_stock,
            higher=True,
            details=details,
        ),
        Target(
            f"{size} of {short} against otter-grader",
            otter_wall / autograder.wall,
            FASTER_THAN_OTTER,
            "times",
            at_otter,
            higher=True,
        ),
        Target(f"CPU for {short} against the floor", autograder.cpu / floor.cpu, 3, "times", at_floor),
    ]


def verdict_targets() -> list[Target]:
    """Return how long one verdict takes, within a run and from nothing."""
    seconds = stages.measure(NUMPY_UNIT, 10)["judge"]
    verdict, imports = single.measure(NUMPY_UNIT, 5)
    return [
        Target("one verdict of u01 within a run", median(seconds), 0.5, "s", "median of 10, with its feedback page"),
        Target(
            "one verdict from nothing",
            verdict,
            1.5 * imports + 1,
            "s",
            f"1.5 times the imports' {imports:.2f} s, and 1 s",
        ),
    ]


def student_targets() -> list[Target]:
    """Return how long a check in the student's notebook takes, over all exercises, right and wrong."""
    checks = student.measure()
    slowest, first = max(checks, key=lambda check: check.seconds), max(checks, key=lambda check: check.first)
    details = {f"{check.exercise}, {check.answer}": [check.seconds, check.first] for check in checks}
    how = f"{slowest.exercise}, {slowest.answer}; with imports {first.first:.2f} s, {first.exercise}"
    return [
        Target(
            "a check, median",
            median(check.seconds for check in checks),
            0.1,
            "s",
            f"{len(checks)} checks, right and wrong, median of three times each",
            details=details,
        ),
        Target("a check, the slowest", slowest.seconds, 0.3, "s", how),
    ]


def recording_target(measured: stages.Stages) -> Target:
    """Return how many submissions the one writer records in a second."""
    each = mean(measured["record"])
    return Target(
        "recording on SQLite",
        1 / each,
        20,
        "a second",
        f"{each * 1000:.0f} ms each, of {len(measured['record'])}",
        higher=True,
    )


def size_targets() -> list[Target]:
    """Return what each of many submissions costs against each of few, and what two workers gain, on unit 01."""
    few = graders.autograder(NUMPY_UNIT, SMALL, workers=2)
    many = graders.autograder(NUMPY_UNIT, LARGE, workers=2)
    alone = graders.autograder(NUMPY_UNIT, LARGE, workers=1)
    each, busy = (few.wall / SMALL, many.wall / LARGE), alone.cpu / alone.wall
    return [
        Target(
            f"{LARGE} against {SMALL}, time",
            each[1] / each[0],
            1.1,
            "times",
            f"{each[1]:.3f} s and {each[0]:.3f} s each",
        ),
        Target(f"{LARGE} against {SMALL}, memory", many.memory / few.memory, 1.2, "times", _mib(many, few)),
        Target(
            "two workers against one",
            alone.wall / many.wall,
            1.7,
            "times",
            f"{LARGE} submissions: {alone.wall:.1f} s and {many.wall:.1f} s; one keeps {busy:.2f} cores busy",
            higher=True,
        ),
    ]


def network_targets() -> list[Target]:
    """Return the CPU time of the fast NumPy networks as shares of torch's."""
    rows = numpy_vs_torch.measure()
    name = "{network} {N}, {T}, {D}, {H} against torch"
    how = "N, T, D, H; {numpy_ms:.1f} ms and {torch_ms:.1f} ms, NumPy's matrix products alone {products_ms:.1f} ms"
    return [Target(name.format(**row), row["ratio"], row["target"], "times", how.format(**row)) for row in rows]


def writer_limit(measured: stages.Stages) -> str:
    """Return in a few sentences from where on the single writer is the bottleneck, and what to do then."""
    most = simulate.most_workers(measured)
    runs = ", ".join(f"with {run.workers} {run.seconds:.0f} s" for run in simulate.simulate(measured))
    return (
        f"{simulate.SIZE} submissions of unit 01, simulated, by number of workers: {runs}. "
        f"From about {most:.0f} workers on the one writer is the limit: judging takes {most:.1f} times as long as "
        "taking in and recording, and more workers gain nothing. What helps then is a run for each unit, each with a "
        "writer of its own on PostgreSQL, which takes writers side by side; or several submissions in one transaction."
    )


def _mib(many: Spent, few: Spent) -> str:
    return f"{many.memory / MIB:.0f} MiB and {few.memory / MIB:.0f} MiB, sandboxes not counted"
