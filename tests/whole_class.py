"""A class with everything in it that the tests hand in: right and wrong answers, attacks and damage."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import nbformat

from solutions.mistakes import mistakes
from solutions.styles import styles
from tests.hostile import attack_tools, damage
from tests.solutions.naming import answers

Answer = tuple[str, str]  # exercise, source


def make_class(course: Path, unit: str, *, everything: bool) -> tuple[dict[str, str], list[str]]:
    """Hand in the class of ``unit`` in ``course``; return the family of each student, and the attacks left out."""
    answered: dict[str, list[list[Answer]]] = {
        "reference": [[]],
        "mistakes": packed((m.exercise, m.as_answer()) for m in mistakes(unit)),
        "styles": packed((s.exercise, s.as_answer()) for s in styles(unit)),
        "wrong answers": packed((a.exercise, a.source) for a in answers() if a.unit == unit),
    }
    families = {}
    for family, rounds in answered.items():
        for number, round_ in enumerate(rounds):
            nb = attack_tools.right(unit)
            for exercise, source in round_:
                attack_tools.put(nb, exercise, source)
            student = f"{family} {number:02}"
            hand_in(course, unit, student, nbformat.writes(nb))
            families[student] = family
    if unit == damage.UNIT:
        damage.make_class(course)
        families |= {path.name: "damage" for path in (course / "submitted").iterdir() if path.name not in families}
    cases = [case for case in map(attack_tools.load, attack_tools.names()) if case.unit == unit]
    left_out = [case.name for case in cases if not everything and is_slow(case)]
    for case in cases:
        if case.name not in left_out:
            # nbformat would tidy what an attack has made untidy.
            hand_in(course, unit, case.name, json.dumps(case.notebook()), case.files)
            families[case.name] = case.family
    return families, left_out


def packed(answers: Iterable[Answer]) -> list[list[Answer]]:
    """Return the answers in rounds, each with at most one for an exercise: one notebook holds a round."""
    queues: dict[str, list[Answer]] = {}
    for answer in answers:
        queues.setdefault(answer[0], []).append(answer)
    return [[answer for answer in round_ if answer] for round_ in itertools.zip_longest(*queues.values())]


def is_slow(case: attack_tools.Case) -> bool:
    """Return whether ``case`` runs into a limit of time, which is half a minute and more with the real limits."""
    return any({"timeout", "cpu"} & statuses(status) for _, status in case.points.values())


def statuses(status: attack_tools.Status) -> set[str]:
    """Return the statuses that are right for an answer under attack."""
    return {status} if isinstance(status, str) else set(status)


def hand_in(course: Path, unit: str, student: str, text: str, files: Mapping[str, bytes] | None = None) -> None:
    """Write a submission: the notebook ``text`` and the ``files`` beside it."""
    folder = course / "submitted" / student / unit
    for name, content in {f"{unit}.ipynb": text.encode(), **(files or {})}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def depends_on_chance() -> set[tuple[str, str]]:
    """Return the attacks and their exercises whose status may be one or another."""
    cases = map(attack_tools.load, attack_tools.names())
    return {(case.name, name) for case in cases for name, (_, s) in case.points.items() if len(statuses(s)) > 1}
