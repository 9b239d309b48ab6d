"""Verdict files: what was judged, from what, with which version of the course, one JSON file a submission."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.files import digest_of
from autograder.version import course_version

VERDICTS = "verdicts"


@dataclass(frozen=True)
class VerdictFile:
    """The verdicts on one submission, and what they come from.

    ``submission`` is the SHA-256 digest of its file, ``verdict`` that of the verdicts without the seconds they took.
    """

    student: str
    unit: str
    version: str
    seed: int
    submission: str
    verdict: str
    verdicts: Sequence[dict[str, Any]]

    def text(self) -> str:
        """Return the file's content: the same bytes for the same verdicts, but for the seconds that judging took."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


def verdict_file(student: str, unit: str, seed: int, submission: str, records: Sequence[dict[str, Any]]) -> VerdictFile:
    """Return the file of the verdict ``records`` on the submission with the digest ``submission``."""
    return VerdictFile(student, unit, course_version(unit), seed, submission, _digest(records), records)


def verdict_path(course: Path, unit: str, student: str) -> Path:
    """Return where the verdicts on ``student``'s submission to ``unit`` are written."""
    return course / VERDICTS / unit / f"{student}.json"


def read_verdicts(path: Path) -> VerdictFile | None:
    """Return the verdict file at ``path``, None if there is none or it is damaged."""
    try:
        file = VerdictFile(**json.loads(path.read_text(encoding="utf-8")))
        return file if file.verdict == _digest(file.verdicts) else None
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _digest(records: Sequence[dict[str, Any]]) -> str:
    lasting = [{name: value for name, value in record.items() if name != "seconds"} for record in records]
    return digest_of(json.dumps(lasting, sort_keys=True).encode())
