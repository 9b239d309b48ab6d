"""``python -m tests.attacks [name ...]`` prints what hostile and damaged submissions tried, and what came of it."""

from __future__ import annotations

import sys

from tests import damage, pool, witnesses
from tests.corpus import names
from tests.table import Row, show


def main(wanted: list[str]) -> int:
    """Run the attacks ``wanted``, or else all and all damage; return 1 if any ended in another way than it says."""
    before = witnesses.installed()
    surprised = show(attacked(wanted) if wanted else attacked(names()) + damage.rows())
    changed = witnesses.changed(before)
    if changed:
        print("changed meanwhile:", *changed[:20])
    return int(surprised > 0 or bool(changed))


def attacked(wanted: list[str]) -> list[Row]:
    """Return the rows of the attacks ``wanted``."""
    with pool.workers() as workers:
        futures = {name: pool.begin(workers, name) for name in wanted}
        return [pool.outcome(name, future) for name, future in futures.items()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
