"""Twisted results earn nothing that they do not deserve, and no exception leaves `mark`."""

import numpy as np
import pytest

from rnnlab.specs import SPECS
from tests.twists import EXERCISES, SLICE, WHOLE, counted, is_right_array, is_right_value, most, undeserved
from tests.twists import exam_of as exam


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_few_twisted_results_of_every_exercise(exercise):
    assert [(name, wrong) for name, wrong in undeserved(exercise, SLICE) if wrong] == []


@pytest.mark.slow
@pytest.mark.parametrize("exercise", EXERCISES)
def test_twisted_results(exercise):
    found = list(undeserved(exercise, WHOLE))

    assert [(name, wrong) for name, wrong in found if wrong] == []
    # Text has no square: some twists are left out, but never most of them.
    assert len(found) >= len(counted(exercise, WHOLE))


def test_there_are_at_least_8000():
    assert sum(2 * len(counted(exercise, WHOLE)) for exercise in EXERCISES) >= 9000


RIGHT = np.array([[0.5, 2.0]])


@pytest.mark.parametrize("seen", [RIGHT, RIGHT.astype(np.float32), RIGHT.astype(np.float16), np.ma.array(RIGHT)])
def test_fewer_digits_and_other_array_classes_are_still_right(seen):
    assert is_right_array(seen, RIGHT)


@pytest.mark.parametrize(
    "seen", [RIGHT.T, RIGHT + 0.01, RIGHT * np.nan, RIGHT.astype(complex), RIGHT.astype(object), RIGHT.tolist(), None]
)
def test_other_shapes_types_and_numbers_are_not(seen):
    assert not is_right_array(seen, RIGHT)


@pytest.mark.parametrize(("seen", "right"), [(0.5, 0.5), (np.float32(0.5), 0.5), (np.array(3), 3), ("a", "a")])
def test_a_number_is_right_from_python_and_from_numpy(seen, right):
    assert is_right_value(seen, right)


@pytest.mark.parametrize(("seen", "right"), [(True, 1.0), ("1.0", 1.0), (2**1000, 1.0), (np.nan, 1.0), ([1.0], 1.0)])
def test_truth_values_and_text_are_no_numbers(seen, right):
    assert not is_right_value(seen, right)


def test_a_wrong_ordinary_question_leaves_nothing_and_a_wrong_edge_one_point_less():
    spec = SPECS["softmax"]
    cases = [question.case for question in exam("softmax").questions]
    ordinary = [case is spec.ordinary for case in cases]
    edge = [case is next(c for c in spec.cases if c.edge) for case in cases]

    assert most(spec, exam("softmax"), [False] * len(cases)) == 2
    assert most(spec, exam("softmax"), ordinary) == 0
    assert most(spec, exam("softmax"), edge) == 1
