"""Keeps nbgrader from running a submission when it does not read the course's configuration.

Two obstacles, each sufficient by itself; `docs/decisions/nbgrader-without-configuration.md` says why these two.
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

# No kernel has a slash in its name, as kernels are folders. Jupyter's error names it: No such kernel named …
KERNEL = "(none) / submissions to this course run only in its sandbox / run `autograder grade` or see docs/settings.md"
KERNELSPEC = {"display_name": "none: run `autograder grade`", "language": "python", "name": KERNEL}

# nbgrader copies the files beside a source; this link leads nowhere, and the error names it.
LINK = "submissions to this course run only in its sandbox - run autograder grade or see docs, settings.md"
NOWHERE = "/dev/null/none"


def without_kernel(text: str) -> str:
    """Return the notebook in ``text`` with a kernel that does not exist, to be nbgrader's source."""
    nb = json.loads(text)
    nb["metadata"]["kernelspec"] = KERNELSPEC
    return json.dumps(nb, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def remove_kernel(nb: NotebookNode) -> None:
    """Give ``nb`` the kernel that does not exist."""
    # A copy, as the metadata belong to the cached release.
    nb.metadata = NotebookNode({**nb.metadata, "kernelspec": NotebookNode(KERNELSPEC)})


def put_link(source: Path) -> None:
    """Put the link that nbgrader cannot copy into the folder of a unit's source."""
    with contextlib.suppress(FileExistsError):
        os.symlink(NOWHERE, source / LINK)


def is_closed(source: Path) -> bool:
    """Return whether the link that nbgrader cannot copy is in the folder of a unit's source."""
    return (source / LINK).is_symlink()


def close_gradebook(session: Session) -> None:
    """Remove the kernels of all units from the gradebook, where nbgrader looks up a submission's kernel."""
    units = select(Notebook).join(Assignment, Notebook.assignment_id == Assignment.id).where(Assignment.name.in_(UNITS))
    for notebook in session.scalars(units):
        notebook.kernelspec = json.dumps(KERNELSPEC)
