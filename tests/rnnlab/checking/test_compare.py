"""What a student is told about a value that differs from the expected one."""

import numpy as np
import pytest

from rnnlab.checking.calling import Opaque
from rnnlab.checking.compare import Difference, Digest, difference, is_rougher, same

EXPECTED = np.arange(1.0, 13.0).reshape(3, 4)


def told(seen, expected=EXPECTED, axes="N H", sizes=None, reveal=True, name="h") -> Difference | None:
    return difference(name, seen, expected, axes=axes, sizes=sizes or {"N": 3, "H": 4}, reveal=reveal)


def test_a_whole_number_larger_than_every_float_is_another_number():
    assert told(2**1024, 0.5) is not None


def test_an_object_whose_type_has_no_name_is_no_array():
    assert told(Opaque("")).expected == "a NumPy array"


@pytest.mark.parametrize("noise", [0.0, 1e-7])
def test_numbers_within_rounding_are_accepted(noise):
    assert told(EXPECTED * (1 + noise)) is None


def test_float32_rounding_of_a_right_answer_is_accepted():
    assert told(EXPECTED.astype(np.float32)) is None


def test_a_number_that_is_off_is_named_with_its_place():
    seen = EXPECTED.copy()
    seen[1, 2] = 0.5

    found = told(seen)

    assert (found.seen, found.expected) == ("h[1, 2] = 0.5", "7")
    assert found.help == "1 of 12 numbers is off."


def test_a_hidden_expected_number_is_not_told():
    assert told(EXPECTED + 1, reveal=False).expected == "another number"


@pytest.mark.parametrize(
    ("factor", "name"),
    [(-1, "-1"), (0.25, "1/H = 1/4"), (3, "N = 3"), (0.5, "0.5"), (1 / 12, "1/(N·H) = 1/12")],
    ids=["sign", "1/H", "N", "half", "1/NH"],
)
def test_a_telling_ratio_is_told(factor, name):
    assert f"Every number is {name} times what it should be." in told(EXPECTED * factor).help


@pytest.mark.parametrize("sizes", [{"N": 1, "T": 2}, {"N": 2, "T": 2}, {"N": 2, "T": 3, "H": 6}])
def test_a_ratio_that_fits_several_letters_or_products_is_given_as_a_number(sizes):
    factor = 1 / max(sizes.values())

    assert f"Every number is {factor:.4g} times what it should be." in told(EXPECTED * factor, sizes=sizes).help


@pytest.mark.parametrize(
    "expected", [np.array([2.0, 4.0]), np.array([3.0, 3.0, 3.0, 3.0]), np.array([1.0, -1.0, 2.0, 0.0])]
)
def test_the_ratio_of_few_or_equal_numbers_is_chance(expected):
    assert "times" not in told(expected / 2, expected).help


def test_a_ratio_that_one_number_lacks_is_not_given():
    seen = EXPECTED / 2
    seen[0, 0] = 1.0

    assert "times" not in told(seen).help


def test_numbers_that_should_be_zero_and_are_do_not_count_as_off_by_the_ratio():
    expected = np.array([0.0, 1.0, 2.0, 4.0])

    assert told(expected / 2, expected).help == "3 of 4 numbers are off. Each of them is 0.5 times what it should be."


@pytest.mark.parametrize(
    ("name", "said"),
    [("dx", "dx is all zeros."), ("the result", "The result is all zeros."), ("the rows", "The rows are all zeros.")],
)
def test_all_zeros_are_told(name, said):
    assert told(np.zeros_like(EXPECTED), name=name).help.endswith(said)


def test_zeros_among_other_numbers_are_not_called_all_zeros():
    assert "zeros" not in told(np.where(EXPECTED > 6, 0.0, EXPECTED)).help


def test_of_a_single_number_neither_count_nor_zeros_are_told():
    assert told(np.zeros((1, 1)), np.ones((1, 1))).help == ""


def test_an_index_follows_a_name_without_an_article():
    assert told(-EXPECTED, name="the words").seen == "words[0, 0] = -1"


def test_of_two_booleans_the_expected_one_is_no_secret():
    found = told(np.array([True, True]), np.array([True, False]), reveal=False)

    assert (found.seen, found.expected) == ("h[1] = True", "False")


def test_numbers_have_six_digits_or_as_many_as_tell_them_apart():
    assert told(EXPECTED / 7, EXPECTED / 3).seen == "h[0, 0] = 0.142857"
    found = told(np.array([1.000002, 1.0]), np.array([1.0, 1.0]))
    assert (found.seen, found.expected) == ("h[0] = 1.000002", "1")
    assert told(1 / 3, 0.5).seen == "h = 0.333333"


@pytest.mark.parametrize(
    ("expected", "wanted"), [(2, "another number"), (0.5, "another number"), ("yes", "another answer")]
)
def test_a_hidden_number_is_called_a_number(expected, wanted):
    assert told(None, expected, reveal=False).expected == wanted


def test_nan_is_told():
    assert "nan or inf" in told(np.full_like(EXPECTED, np.nan)).help


def test_the_first_wrong_step_is_told():
    expected = np.ones((2, 5, 3))
    seen = expected.copy()
    seen[:, 2:] = 7

    assert "the first wrong step is step 3 of 5 (index 2)" in told(seen, expected, axes="N T H").help


@pytest.mark.parametrize(
    ("shape", "help_"),
    [((4, 3), "reverse order"), ((3, 1, 4), "axis of length 1 is too many"), ((4, 4), "broadcasting"), ((5, 2), "")],
)
def test_a_wrong_shape_is_told_with_the_names_of_the_axes(shape, help_):
    found = told(np.ones(shape))

    assert found.seen == f"h has shape {shape}"
    assert found.expected == "shape (N, H) = (3, 4)"
    assert help_ in found.help


@pytest.mark.parametrize(
    ("seen", "expected", "axes", "guess"),
    [
        ((2,), (1, 2), "N H", "only with one sequence (N = 1)"),
        ((3,), (3, 1), "N H", "An axis of length 1 is missing"),
        ((3,), (1, 3), None, "An axis of length 1 is missing"),
        ((1, 2), (2,), "H", "An axis of length 1 is too many"),
        ((2, 1), (1, 2), "N H", "An axis of length 1 stands in the wrong place"),
    ],
)
def test_what_has_happened_to_an_axis_of_length_1_is_told(seen, expected, axes, guess):
    assert guess in told(np.ones(seen), np.ones(expected), axes).guess


def test_a_list_in_place_of_an_array_is_told():
    assert told([[1.0]]).seen == "h is a list"


def test_a_result_that_is_still_none_is_told():
    assert "nothing has been assigned to it" in told(None).help


@pytest.mark.parametrize(
    ("ratio", "help_"),
    [
        (0.5, "It is half of what it should be."),
        (2.0, "It is twice what it should be."),
        (-1.0, "It has the wrong sign."),
        (3.0, "It is N = 3 times what it should be."),
        (0.25, "It is 1/H = 1/4 times what it should be."),
        (1.7, ""),
    ],
)
def test_a_telling_ratio_of_a_single_number_is_told(ratio, help_):
    found = difference("the loss", 2.3 * ratio, 2.3, axes=None, sizes={"N": 3, "H": 4}, reveal=False)

    assert found.help == help_


def test_the_ratio_of_a_count_or_of_a_truth_value_is_not_told():
    assert difference("the count", 20, 10, axes=None, sizes={}, reveal=True).help == ""
    assert difference("the loss", True, 0.5, axes=None, sizes={}, reveal=True).help == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [("the rows", "the rows are float64"), ("the loss", "the loss is float64"), ("dx", "dx is float64")],
)
def test_a_plural_is_spoken_of_as_a_plural(name, said):
    expected = EXPECTED.astype(np.float32)

    assert difference(name, EXPECTED, expected, axes=None, sizes={}, reveal=True).seen == said


def test_a_plural_has_its_shape_in_the_plural():
    found = difference("the scores", np.ones(2), EXPECTED, axes=None, sizes={}, reveal=True)

    assert found.seen == "the scores have shape (2,)"


def test_truth_values_are_not_called_rougher_than_floats():
    assert not is_rougher(np.ones(3, dtype=bool), np.ones(3))
    assert is_rougher(np.ones(3, dtype=np.float16), np.ones(3))


def test_float64_out_of_float32_is_told():
    found = told(EXPECTED, EXPECTED.astype(np.float32))

    assert (found.seen, found.expected) == ("h is float64", "float32")


def test_whole_numbers_of_any_integer_type_are_equal():
    assert difference("n", np.int64(5), 5, axes=None, sizes={}, reveal=True) is None


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ({"a": 0, "b": 2}, ("h['b'] = 2", "h['b'] = 1")),
        ({"a": 0}, ("no entry 'b'", "h['b'] = 1")),
        ({"a": 0, "b": 1, "c": 2}, ("h['c'] = 2", "no entry 'c'")),
    ],
)
def test_of_two_dicts_the_first_entry_that_differs_is_told(seen, said):
    found = told(seen, {"a": 0, "b": 1})

    assert (found.seen, found.expected) == said
    assert told(seen, {"a": 0, "b": 1}, reveal=False).expected == "another answer"


def test_true_is_not_accepted_for_a_string():
    assert difference("n", True, "yes", axes=None, sizes={}, reveal=False) is not None


def test_a_digest_matches_its_answer_and_shows_it_to_nobody():
    digest = Digest.of("chatbot", "many-to-many delayed")

    assert digest.matches("many-to-many delayed")
    assert not digest.matches("one-to-one")
    assert "many" not in repr(digest)


def test_same_tells_dtypes_apart():
    assert not same(EXPECTED.astype(np.float32), EXPECTED)


def test_object_arrays_are_refused_with_a_reason():
    assert "Python objects" in told(np.full((3, 4), None)).help


@pytest.mark.parametrize(
    ("seen", "expected"), [(np.float32(2.3025851), 2.302585093), (3.0000001, 3.0), (np.inf, np.inf)]
)
def test_a_single_number_is_compared_up_to_rounding(seen, expected):
    assert difference("the loss", seen, expected, axes=None, sizes={}, reveal=True) is None


def test_a_count_must_be_exact():
    assert difference("the count", 100001, 100000, axes=None, sizes={}, reveal=True) is not None
