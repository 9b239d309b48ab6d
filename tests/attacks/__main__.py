"""``python -m tests.attacks [name ...]`` runs the attacks and prints what each tried and what came of it."""

from __future__ import annotations

import sys

from tests import pool, witnesses
from tests.corpus import names
from tests.trials import Row


def main(wanted: list[str]) -> int:
    """Return 1 if any case ended in another way than it says, else 0."""
    before = witnesses.installed()
    rows = attacked(wanted)
    surprised = pool.show(rows)
    changed = witnesses.changed(before)
    if changed:
        print("changed meanwhile:", *changed[:20])
    return int(surprised > 0 or bool(changed))


def attacked(wanted: list[str]) -> list[Row]:
    """Return the rows of the cases ``wanted``, of all if it is empty."""
    with pool.workers() as workers:
        futures = {name: pool.begin(workers, name) for name in wanted or names()}
        return [pool.outcome(name, future) for name, future in futures.items()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
