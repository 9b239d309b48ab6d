"""The file of public answers of a unit: exams as JSON numbers, written by the build and read by the check."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from rnnlab.checking.calling import InputRecipe, Opaque, Raised, Returned
from rnnlab.checking.compare import Digest
from rnnlab.checking.exam import Exam, Outcome, Question, Recorded
from rnnlab.specs import SPECS

# Eight digits are more than the checks ask for, and few enough that every machine writes the same file: the last bits
# of a sum or of tanh depend on the processor.
DIGITS = 8


@cache
def load(exercise: str, unit: str) -> Exam:
    """Return the public exam of an exercise, read once; raises FileNotFoundError if the answers were never built."""
    spec = SPECS[exercise]
    text = (resources.files("rnnlab") / "answers" / f"{unit}.json").read_text(encoding="utf-8")
    stored = json.loads(text)["exercises"][spec.name]
    cases = [case.public() for case in spec.cases]
    questions = tuple(
        Question(
            case,
            entry["sizes"],
            {name: _decode(value) for name, value in entry["inputs"].items()},
            _decode_outcome(entry["expected"]),
            {name: _decode_outcome(value) for name, value in entry["mistakes"].items()},
        )
        for case, entry in zip(cases, stored["questions"], strict=True)
    )
    return Exam(stored["points"], questions, stored["hints"], _supply(stored["supply"]))


def dump(unit: str, exams: Mapping[str, Exam], recorded: Mapping[str, Mapping[str, Sequence[Any]]]) -> str:
    """Return the file's text for the exams of a unit.

    ``recorded`` holds, for each exercise, the calls (inputs, returned) of the functions that it builds on.
    """
    exercises = {
        name: {
            "points": exam.points,
            "hints": dict(exam.hints),
            "questions": [_encode_question(question) for question in exam.questions],
            "supply": {
                function: [{"inputs": _encode_all(i), "returned": _encode(r)} for i, r in calls]
                for function, calls in recorded.get(name, {}).items()
            },
        }
        for name, exam in exams.items()
    }
    # A line for each exercise: what changes can be told, and nobody reads the numbers.
    lines = [f"{json.dumps(name)}: {json.dumps(entry, sort_keys=True)}" for name, entry in sorted(exercises.items())]
    return f'{{"unit": {json.dumps(unit)}, "exercises": {{\n' + ",\n".join(lines) + "\n}}\n"


def _supply(stored: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Recorded]:
    return {
        name: Recorded(
            SPECS[name].parameters,
            [
                ({key: _decode(value) for key, value in entry["inputs"].items()}, _decode(entry["returned"]))
                for entry in calls
            ],
        )
        for name, calls in stored.items()
    }


def _encode_question(question: Question) -> dict[str, Any]:
    asked = question.case.title
    return {
        "title": question.case.title,
        "sizes": dict(question.sizes),
        "inputs": _encode_all(question.inputs),
        "expected": _encode_outcome(question.expected, asked),
        "mistakes": {name: _encode_outcome(seen, asked) for name, seen in question.mistakes.items()},
    }


def _encode_outcome(seen: Outcome, asked: str) -> Any:
    if isinstance(seen, Raised):
        return {"raised": seen.kind}
    told = {"returned": [_encode_answer(value, asked) for value in seen.value]}
    return {**told, "warned": seen.warned} if seen.warned else told


def _encode_answer(value: Any, asked: str) -> Any:
    """Return ``value`` encoded; a string is the answer to a choice question, so only its digest is shipped."""
    if isinstance(value, str):
        return {"question": asked, "digest": Digest.of(asked, value).digest}
    return _encode(value)


def _decode_outcome(stored: Mapping[str, Any]) -> Outcome:
    if "raised" in stored:
        return Raised(stored["raised"])
    return Returned(tuple(_decode(value) for value in stored["returned"]), warned=stored.get("warned", ""))


def _encode_all(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _encode(value) for name, value in values.items()}


def _encode(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        value = np.asarray(value)
        numbers = [_rounded(number) for number in value.ravel().tolist()]
        return {"array": json.dumps(numbers), "shape": list(value.shape), "dtype": str(value.dtype)}
    if isinstance(value, Opaque):
        return {"opaque": value.kind, "length": value.length}
    if isinstance(value, InputRecipe):
        return {"made": value.kind, "what": value.what}
    if isinstance(value, (tuple, list)):
        return {type(value).__name__: [_encode(part) for part in value]}
    if isinstance(value, dict):
        return {"dict": _encode_all(value)}
    return _rounded(value)


def _rounded(number: Any) -> Any:
    return float(f"{number:.{DIGITS - 1}e}") if isinstance(number, float) else number


def _decode(stored: Any) -> Any:
    if not isinstance(stored, dict):
        return stored
    if "array" in stored:
        return np.array(json.loads(stored["array"]), dtype=stored["dtype"]).reshape(stored["shape"])
    if "tuple" in stored:
        return tuple(_decode(part) for part in stored["tuple"])
    if "list" in stored:
        return [_decode(part) for part in stored["list"]]
    if "dict" in stored:
        return {name: _decode(part) for name, part in stored["dict"].items()}
    if "made" in stored:
        return InputRecipe(stored["made"], stored["what"])
    if "digest" in stored:
        return Digest(stored["question"], stored["digest"])
    return Opaque(stored["opaque"], stored["length"])
