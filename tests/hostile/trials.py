"""Running a hostile submission past the judge, with every witness on."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from functools import cache

from nbformat import NotebookNode

from autograder.judging.judge import judge
from autograder.notebook.read import read_notebook
from autograder.pages.verdict_outputs import verdict_table
from autograder.results import Verdict, to_json
from autograder.sandbox.warm import Warm
from tests.hostile import witnesses
from tests.hostile.attack_tools import QUICK, UNIT, Case, described, load, right
from tests.hostile.table import Row

SEED = 20_260_401
LONGEST = 90  # s that a case may take on a busy machine; on an idle one it takes a few


def run(name: str, start: str | None = None, *, trusted: bool = False) -> Row:
    """Judge the case ``name`` with all witnesses on and return what came of it; ``trusted`` leaves the sandbox out.

    It starts "cold" or "warm"; if that is left open, cases without limits of their own start warm, the others cold and
    then warm. Before each that starts warm without limits of its own, and after each that harms, a right submission is
    judged in the same place. Call it in a process of its own, see `tests.hostile.pool`.
    """
    case = load(name)
    shared = case.limits == QUICK and start != "cold" and not trusted
    warm = warm_start() if shared else None
    # A warm process that was lost is started again here, where it is not counted as left behind.
    surprises = _neighbour(warm) if warm else []
    began = time.perf_counter()
    with witnesses.witnesses() as seen:
        nb = _handed_in(case, seen)
        with witnesses.memory_growth() as grown:
            for _ in range(case.times if shared or start != "warm" else 0):
                executed, verdicts = judge(
                    case.unit, nb, seed=SEED, trusted=trusted, warm=warm, limits=case.limits, files=case.files
                )
                surprises += [*_unexpected(case, executed, verdicts), *seen.leaks(_shown(executed, verdicts))]
            for _ in range(case.times if not shared and start != "cold" and not trusted else 0):
                executed, verdicts = _judged_warm(case, nb)
                surprises += [*_unexpected(case, executed, verdicts), *seen.leaks(_shown(executed, verdicts))]
            seconds = time.perf_counter() - began
        surprises += seen.harm()
    if grown[0] > witnesses.MAX_MEMORY:
        surprises.append(f"the grader grew by {grown[0] // witnesses.MIB} MiB")
    if seconds > LONGEST:
        surprises.append(f"took longer than {LONGEST} s")
    surprises += [f"left the file {path}" for path in witnesses.strays()]
    if case.family == "harming" and not trusted:
        surprises += _neighbour(warm)
    outcome = described({v.exercise: (v.points, v.status) for v in verdicts})
    return Row(case.name, case.tries, case.expected, outcome, round(seconds, 1), tuple(surprises))


def _judged_warm(case: Case, nb: NotebookNode) -> tuple[NotebookNode, list[Verdict]]:
    warm = Warm(case.limits)
    try:
        return judge(case.unit, nb, seed=SEED, warm=warm, limits=case.limits, files=case.files)
    finally:
        warm.close()


def verdicts(name: str) -> list[Verdict]:
    """Return the verdicts on the case ``name`` without the times, which differ from run to run."""
    case = load(name)
    with witnesses.witnesses() as seen:
        _, found = judge(case.unit, _handed_in(case, seen), seed=SEED, limits=case.limits, files=case.files)
    return [replace(verdict, seconds=0, marks=None) for verdict in found]


def _handed_in(case: Case, seen: witnesses.Witnesses) -> NotebookNode:
    """Return the submission as the grader reads it from its file."""
    path = seen.course / "submitted" / "eve" / case.unit / f"{case.unit}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(seen.told(json.dumps(case.notebook())), encoding="utf-8")
    seen.before.add(path)
    return read_notebook(path)


def _unexpected(case: Case, executed: NotebookNode, verdicts: list[Verdict]) -> list[str]:
    if all(verdict.status == "internal_error" for verdict in verdicts):
        return [f"all internal errors: {verdicts[0].message}"]
    found = []
    for verdict in verdicts:
        points, status = case.points.get(verdict.exercise, (verdict.max_points, "pass"))
        states = {status} if isinstance(status, str) else set(status)
        if verdict.points != points or verdict.status not in states:
            found.append(f"{verdict.exercise} got {verdict.points} {verdict.status}: {verdict.message[:200]}")
        if len(verdict.message) > witnesses.MAX_RECORD_LENGTH:
            found.append(f"{verdict.exercise} has a message of {len(verdict.message):,} characters")
        found += witnesses.active(verdict.message, verdict_table(verdict)._repr_html_())
    if len(_outputs(executed)) > witnesses.MAX_OUTPUT_LENGTH:
        found.append(f"the notebook has {len(_outputs(executed)):,} characters of output")
    # An attack whose code fails before it bites would prove nothing.
    errors = [o for cell in executed.cells for o in cell.get("outputs", ()) if o.output_type == "error"]
    return found + [f"the attack itself failed with {error.ename}: {error.evalue[:200]}" for error in errors]


def _shown(executed: NotebookNode, verdicts: list[Verdict]) -> str:
    """Return all that a student gets to see beside what they handed in."""
    tables = [verdict_table(verdict) for verdict in verdicts]
    pages = [text for table in tables for text in (table._repr_html_(), repr(table))]
    return _outputs(executed) + json.dumps([[to_json(verdict) for verdict in verdicts], pages], ensure_ascii=False)


@cache
def warm_start() -> Warm:
    """Return what starts this process's warm submissions."""
    return Warm(QUICK)


def _outputs(executed: NotebookNode) -> str:
    return json.dumps([cell.outputs for cell in executed.cells if cell.cell_type == "code"], ensure_ascii=False)


def _neighbour(warm: Warm | None) -> list[str]:
    """Judge the right submission and return who was in its way."""
    _, verdicts = judge(UNIT, right(UNIT), seed=SEED, warm=warm, limits=QUICK)
    lost = [verdict.exercise for verdict in verdicts if verdict.points < verdict.max_points]
    return [f"a right submission beside it lost points for {' and '.join(lost)}"] if lost else []
