"""What keeps nbgrader from running a submission when it does not read the course's configuration.

Two things stand in nbgrader's way, each enough by itself; `docs/decisions/fail-closed.md` tells why these two.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Assignment, Notebook
from sqlalchemy import select
from sqlalchemy.orm import Session

from rnnlab.specs import UNITS

PYTHON = {"display_name": "Python 3", "language": "python", "name": "python3"}

# Kernels are folders, and no folder has a slash in its name. Jupyter says: No such kernel named …
KERNEL = "(none) / submissions to this course run only in its sandbox / run `autograder grade` or see docs/settings.md"
KERNELSPEC = {"display_name": "none: run `autograder grade`", "language": "python", "name": KERNEL}

# nbgrader copies what lies beside a source, and nothing can be copied from here: the error names the link.
LINK = "submissions to this course run only in its sandbox - run autograder grade or see docs, settings.md"
NOWHERE = "/dev/null/none"


def without_kernel(text: str) -> str:
    """Return the notebook in ``text`` with a kernel that does not exist, as the source that nbgrader knows."""
    nb = json.loads(text)
    nb["metadata"]["kernelspec"] = KERNELSPEC
    return json.dumps(nb, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def take_kernel(nb: NotebookNode) -> None:
    """Give ``nb`` the kernel that does not exist."""
    # The metadata are the release's own, which stay.
    nb.metadata = NotebookNode({**nb.metadata, "kernelspec": NotebookNode(KERNELSPEC)})


def put_link(source: Path) -> None:
    """Put into the folder of a unit's source what nbgrader cannot copy."""
    with contextlib.suppress(FileExistsError):
        os.symlink(NOWHERE, source / LINK)


def is_closed(source: Path) -> bool:
    """Return whether what nbgrader cannot copy lies in the folder of a unit's source."""
    return (source / LINK).is_symlink()


def close_gradebook(session: Session) -> None:
    """Have the gradebook know no kernel for any unit: nbgrader takes a submission's kernel from there."""
    units = select(Notebook).join(Assignment, Notebook.assignment_id == Assignment.id).where(Assignment.name.in_(UNITS))
    for notebook in session.scalars(units):
        notebook.kernelspec = json.dumps(KERNELSPEC)
