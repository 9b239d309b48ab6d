"""Stock nbgrader at work on one attack, in a prepared folder of a container: ``python -m tests.hostile.stock_inside``.

In the current folder lie ``course`` (a released assignment with its gradebook), ``attack.ipynb``, ``right.ipynb`` and
``case.json``. The outcome is printed as one line of JSON.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from bench.clock import adopt_orphans
from tests.hostile import witnesses

ATTACKER, NEIGHBOUR = "eve", "neighbour"  # the neighbour is graded after the attacker
LEAKED = re.compile(r"found (### BEGIN SOLUTION|@mistake.*)")


def main() -> None:
    """Print what happened to the attacker, the neighbour and the machine."""
    here = Path.cwd()
    case = json.loads((here / "case.json").read_text())
    adopt_orphans()
    os.environ[witnesses.ENVIRONMENT] = witnesses.canary("environment")
    with witnesses.witnesses() as seen:
        _lay_out(here, seen, case["unit"])
        ended = [_autograde(case["unit"], case["seconds"]) for _ in range(case["times"])]
        outputs = _outputs(seen.course / "autograded" / ATTACKER / case["unit"] / f"{case['unit']}.ipynb")
        print(
            json.dumps(
                {
                    "ended": ended,
                    "scores": {name: _scores(seen.course, case["unit"], name) for name in (ATTACKER, NEIGHBOUR)},
                    "leaks": sorted(
                        {s.rpartition("-")[0] for s in (*seen.secrets, case["secret"]) if s in outputs}
                        | set(LEAKED.findall(outputs))
                    ),
                    "harm": [harm for harm in seen.harm() if not harm.startswith("left the file")],
                    "files": [str(path) for path in _strays(seen.folder)],
                }
            )
        )
    # What the attack left running must not keep this process alive.
    sys.stdout.flush()
    os._exit(0)


def _lay_out(here: Path, seen: witnesses.Witnesses, unit: str) -> None:
    """Put the course and both submissions into the witnesses' folder, with the secret in the neighbour's notebook."""
    secret = next(known for known in seen.secrets if known.startswith("canary-neighbour"))
    shutil.copytree(here / "course", seen.course, dirs_exist_ok=True)
    attack = seen.told((here / "attack.ipynb").read_text())
    right = json.loads((here / "right.ipynb").read_text())
    right["metadata"]["secret"] = secret
    for name, text in ((ATTACKER, attack), (NEIGHBOUR, json.dumps(right))):
        path = seen.course / "submitted" / name / unit / f"{unit}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _autograde(unit: str, seconds: float) -> str:
    """Run stock nbgrader on the whole class; return how it ended."""
    command = [str(Path(sys.executable).with_name("nbgrader")), "autograde", unit, "--force"]
    with open("nbgrader.log", "ab") as log:
        run = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            return f"exit code {run.wait(seconds)}"
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            return "did not end"


def _scores(course: Path, unit: str, student: str) -> dict[str, Any] | None:
    """Return of each graded cell the score and whether it needs manual grading; None without a record."""
    if not (course / "autograded" / student / unit / f"{unit}.ipynb").exists():
        return None
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        try:
            (notebook,) = gradebook.find_submission(unit, student).notebooks
        except MissingEntry:
            return None
        return {grade.name: [grade.score, grade.needs_manual_grade] for grade in notebook.grades}


def _outputs(path: Path) -> str:
    if not path.exists():
        return ""
    cells = json.loads(path.read_text())["cells"]
    return json.dumps([cell["outputs"] for cell in cells if cell["cell_type"] == "code"], ensure_ascii=False)


def _strays(folder: Path) -> list[Path]:
    left = [Path(path) for path in witnesses.strays()]
    return left + list(folder.rglob(f"*{witnesses.STRAY}*"))


if __name__ == "__main__":
    main()
