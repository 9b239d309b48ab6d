"""Verdict files: what was judged, from what, with which version of the course, one JSON file a submission."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from autograder.files import digest_of
from autograder.results import Submission, Verdict, from_json, to_json

VERDICTS = "verdicts"


def verdict_path(course: Path, unit: str, student: str) -> Path:
    """Return where the verdicts on ``student``'s submission to ``unit`` are written."""
    return course / VERDICTS / unit / f"{student}.json"


def verdict_file(submission: Submission, verdicts: Sequence[Verdict]) -> str:
    """Return the file's content: the same bytes for the same verdicts, but for the seconds that judging took.

    Its ``submission`` is the digest of what was handed in, its ``verdict`` that of the verdicts.
    """
    content = {
        "student": submission.student,
        "unit": submission.unit,
        "version": submission.version,
        "seed": submission.seed,
        "submission": submission.digest,
        "verdict": verdicts_digest(verdicts),
        "verdicts": [to_json(verdict) for verdict in verdicts],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def read_verdicts(path: Path) -> tuple[Verdict, ...] | None:
    """Return the verdicts in the file at ``path``, None if there is none or it is damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        verdicts = tuple(from_json(Verdict, verdict) for verdict in content["verdicts"])
        return verdicts if content["verdict"] == verdicts_digest(verdicts) else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def verdicts_digest(verdicts: Sequence[Verdict]) -> str:
    """Return the SHA-256 digest of the verdicts without the seconds that they took."""
    lasting = [{name: value for name, value in to_json(v).items() if name != "seconds"} for v in verdicts]
    return digest_of(json.dumps(lasting, sort_keys=True).encode())
