"""A right answer that fails only for a size of 1 loses the one point that is promised, in check and judge alike."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

import solutions
from autograder.judging.exam_builder import fresh_exam
from rnnlab.checking import public_answers
from rnnlab.checking.calling import Raised
from rnnlab.checking.marking import mark
from rnnlab.checking.spec import each
from rnnlab.checks import LocalFunction
from rnnlab.specs import SPECS, UNITS

CELLS = {cell.exercise: (unit, cell.points) for unit in UNITS for cell in solutions.unit(unit).exercises}
reference = cache(solutions.reference)

# How the size that a letter stands for is read from the inputs: exercise → letter → size.
SIZE: dict[str, dict[str, Callable[[dict[str, Any]], int]]] = {
    "rnn_cell_forward": {"N": lambda i: len(i["x_t"]), "H": lambda i: len(i["b_h"])},
    "rnn_readout": {"T": lambda i: i["h_all"].shape[1]},
    "rnn_forward": {"N": lambda i: len(i["x"]), "T": lambda i: i["x"].shape[1]},
    "image_to_sequence": {"N": lambda i: len(i["images"])},
    "rnn_cell_backward": {"N": lambda i: len(i["dh_t"]), "H": lambda i: i["dh_t"].shape[1]},
    "rnn_backward": {"N": lambda i: len(i["dh_all"]), "T": lambda i: i["dh_all"].shape[1]},
    "repaired_notes_backward": {"m": lambda i: i["da_next"].shape[1]},
    "readout_backward": {"N": lambda i: len(i["dlogits"]), "T": lambda i: i["dlogits"].shape[1]},
    "sequence_cross_entropy": {"N": lambda i: len(i["logits"]), "T": lambda i: i["logits"].shape[1]},
    "gradient_norms": {
        "N": lambda i: len(i["x"]),
        "T": lambda i: i["x"].shape[1],
        "H": lambda i: len(i["b_h"]),
    },
    "decay_rate": {"T": lambda i: len(i["norms"]) - 1},
    "lstm_cell_forward": {"N": lambda i: len(i["x_t"]), "H": lambda i: i["h_prev"].shape[1]},
    "lstm_forward": {"N": lambda i: len(i["x"]), "T": lambda i: i["x"].shape[1]},
    "lstm_from_torch": {"D": lambda i: i["state"]["weight_ih_l0"].shape[1]},
    "handmade_memory": {"H": lambda i: i["H"]},
    "lstm_cell_backward": {"N": lambda i: len(i["dh"]), "H": lambda i: i["dh"].shape[1]},
    "lstm_backward": {"N": lambda i: len(i["dh_all"]), "T": lambda i: i["dh_all"].shape[1]},
    "gru_cell_forward": {"N": lambda i: len(i["x_t"]), "H": lambda i: i["h_prev"].shape[1]},
    "gru_cell_backward": {"N": lambda i: len(i["dh_t"]), "H": lambda i: i["dh_t"].shape[1]},
    "gru_forward": {"N": lambda i: len(i["x"]), "T": lambda i: i["x"].shape[1]},
    "adding_problem": {"N": lambda i: i["N"]},
    "train_adding": {"N": lambda i: len(i["batches"][0][0]), "T": lambda i: i["batches"][0][0].shape[1]},
    "embedding_forward": {"N": lambda i: len(i["tokens"]), "T": lambda i: i["tokens"].shape[1]},
    "embedding_backward": {"N": lambda i: len(i["tokens"])},
    "caption_forward": {"N": lambda i: len(i["tokens"]), "T": lambda i: i["tokens"].shape[1]},
    "caption_loss": {"N": lambda i: len(i["logits"]), "T": lambda i: i["logits"].shape[1]},
    "greedy_caption": {"N": lambda i: len(i["features"]), "T": lambda i: i["max_len"]},
    "spatial_attention": {"N": lambda i: len(i["A"]), "L": lambda i: i["A"].shape[1]},
}
PROMISED = re.compile(r"\b([A-Za-z]) = 1\b")


def promised(exercise):
    """Return the letters for which a case of the exercise promises that a size of 1 costs one point."""
    edges = [case for case in SPECS[exercise].cases if case.edge]
    told = {letter for case in edges for letter in PROMISED.findall(case.title)}
    return told | {letter for case in edges for letter, size in case.sizes.items() if size == 1}


def other_numbers(value):
    """Return a result with numbers that have nothing to do with those in ``value``."""
    rng = np.random.default_rng(0)

    def other(item):
        if isinstance(item, np.ndarray):
            return rng.standard_normal(item.shape)
        return rng.standard_normal() if isinstance(item, (float, np.generic)) else item

    return each(other, value)


def squeezed(value):
    return each(lambda item: np.squeeze(item) if isinstance(item, np.ndarray) else item, value)


class Broken:
    """The reference answer, whose results are another where a size is 1."""

    def __init__(self, function, size, twist):
        self.own, self.size, self.twist = LocalFunction(function), size, twist

    def parameters(self):
        return self.own.parameters()

    def call(self, inputs, supply):
        result = self.own.call(inputs, supply)
        if isinstance(result, Raised) or self.size(inputs) != 1:
            return result
        if self.twist is None:
            return Raised("IndexError", "too many indices for array")
        return replace(result, value=self.twist(result.value))


@cache
def exams(exercise):
    """Return the exam of the check, and two of the judge's."""
    unit, points = CELLS[exercise]
    fresh = [fresh_exam(SPECS[exercise], points, reference(unit), [], seed) for seed in range(2)]
    return [public_answers.load(exercise, unit), *fresh]


SIZES = [(exercise, letter) for exercise in SIZE for letter in SIZE[exercise]]


@pytest.mark.parametrize(("exercise", "letter"), SIZES)
def test_an_answer_that_fails_only_for_a_size_of_1_loses_one_point(exercise, letter):
    unit, points = CELLS[exercise]
    for title, twist in {"other numbers": other_numbers, "an exception": None}.items():
        broken = Broken(getattr(reference(unit), exercise), SIZE[exercise][letter], twist)
        for exam in exams(exercise):
            result = mark(SPECS[exercise], exam, broken)
            assert result.points == points - 1, f"{title}: {result.message}"


@pytest.mark.parametrize(
    "exercise", [e for e in SIZE if "N" in SIZE[e] and e not in ("caption_loss", "sequence_cross_entropy")]
)
def test_an_answer_that_squeezes_a_batch_of_one_loses_one_point_at_most(exercise):
    unit, points = CELLS[exercise]
    broken = Broken(getattr(reference(unit), exercise), SIZE[exercise]["N"], squeezed)

    assert {mark(SPECS[exercise], exam, broken).points for exam in exams(exercise)} <= {points, points - 1}


def test_every_promise_about_a_size_of_1_is_tried():
    assert {exercise: set(sizes) for exercise, sizes in SIZE.items()} == {
        exercise: letters for exercise in CELLS if (letters := promised(exercise))
    }
