"""``python -m tests.hostile.attacks [name ...]`` prints what hostile and damaged submissions tried, and the outcomes.

Each attack starts cold and starts warm; for root all of it runs a second time, as an ordinary user.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.autograder.helpers import as_ordinary_user
from tests.hostile import damage, pool, witnesses
from tests.hostile.attack_tools import names
from tests.hostile.table import Row, show

Tally = list[tuple[str, int, int]]  # who and how, cases, surprises
FOR_ANOTHER = "import sys; from tests.hostile.attacks.__main__ import for_another; for_another({wanted!r}, {end})"


def main(wanted: list[str]) -> int:
    """Run the attacks ``wanted``, or else all and all damage; return 1 if any ended in another way than it says."""
    before = witnesses.installed()
    tally = tallied(wanted)
    if os.geteuid() == 0:
        tally += as_another(wanted)
    for who, cases, surprises in tally:
        print(f"{who}: {cases} cases, {surprises} surprises")
    different = len(wanted or names()) + (0 if wanted else len(damage.cases()))
    surprises = sum(each for _, _, each in tally)
    print(
        f"all together: {different} different cases, {sum(cases for _, cases, _ in tally)} runs, {surprises} surprises"
    )
    changed = witnesses.changed(before)
    if changed:
        print("changed meanwhile:", *changed[:20])
    return int(surprises > 0 or bool(changed))


def tallied(wanted: list[str]) -> Tally:
    """Run the attacks as whoever this is, print the tables, and return how many there were and surprised."""
    who = "as root" if os.geteuid() == 0 else "as an ordinary user"
    found: Tally = []
    for start in ("cold", "warm"):
        print(f"\n{who}, {start}:", flush=True)
        rows = attacked(wanted or names(), start)
        # Damage is graded as a class, and a class starts warm.
        rows += damage.rows() if start == "warm" and not wanted else []
        found.append((f"{who}, {start}", len(rows), show(rows)))
    return found


def attacked(wanted: list[str], start: str) -> list[Row]:
    """Return the rows of the attacks ``wanted``, each started in that way."""
    with pool.workers() as workers:
        futures = {name: pool.begin(workers, name, start) for name in wanted}
        return [pool.outcome(name, future) for name, future in futures.items()]


def as_another(wanted: list[str]) -> Tally:
    """Do what `tallied` does, in a process of somebody who is not root."""
    reader, writer = os.pipe()
    with tempfile.TemporaryDirectory() as folder, open(reader, encoding="utf-8") as answer:
        program = FOR_ANOTHER.format(wanted=wanted, end=writer)
        process = subprocess.Popen(as_ordinary_user(Path(folder), program), pass_fds=(writer,))
        os.close(writer)
        told = answer.read()
        process.wait()
    # Without an answer it failed, and has said why.
    return [(who, cases, surprises) for who, cases, surprises in json.loads(told or '[["as an ordinary user", 0, 1]]')]


def for_another(wanted: list[str], end: int) -> None:
    """Write what `tallied` returns to the descriptor ``end``."""
    with open(end, "w", encoding="utf-8") as answer:
        json.dump(tallied(wanted), answer)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
