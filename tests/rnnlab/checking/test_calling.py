"""Calling a student's function: copies of the inputs, and a record of what happened."""

import numpy as np
import pytest

from rnnlab.checking.calling import Opaque, Parameter, Raised, Returned, call, parameters, replaced


def double_in_place(x):
    x *= 2
    return x


def helper():
    return "own"


def uses_helper():
    return helper()


def test_a_changed_input_is_named_and_the_callers_array_stays_as_it_was():
    x = np.ones(3)

    outcome = call(double_in_place, {"x": x})

    assert outcome.changed == ("x",)
    assert (x == 1).all()


def test_nan_inputs_do_not_count_as_changed():
    assert call(lambda x: 1, {"x": np.array([np.nan])}) == Returned(1, ())


def test_an_exception_comes_back_with_its_kind_and_message():
    def fails():
        raise ValueError("first line\nsecond line")

    outcome = call(fails, {})

    assert (outcome.kind, outcome.message) == ("ValueError", "first line")


def test_the_line_of_the_students_own_function_is_told():
    def multiplies():
        return np.ones((2, 3)) @ np.ones((2, 3))

    assert call(multiplies, {}).line == "return np.ones((2, 3)) @ np.ones((2, 3))"


def test_an_exception_that_cannot_be_printed_does_no_harm():
    class Silent(Exception):
        def __str__(self):
            raise RuntimeError

    def fails():
        raise Silent

    assert call(fails, {}) == Raised("Silent", "", "raise Silent")


def test_an_interrupt_passes_through():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(interrupted, {})


def test_parameters_are_named_in_order_and_star_arguments_left_out():
    def function(x, y=1, *args, z, **kwargs): ...

    assert parameters(function) == (Parameter("x", True), Parameter("y", False), Parameter("z", True))


def test_what_is_no_function_has_no_parameters():
    with pytest.raises(TypeError, match="expected a function, got int"):
        parameters(3)


def test_stand_ins_replace_a_global_name_only_for_a_while():
    with replaced(globals(), {"helper": lambda: "stand-in"}):
        during = uses_helper()

    assert (during, uses_helper()) == ("stand-in", "own")


def test_a_name_that_was_not_defined_is_undefined_again_afterwards():
    with replaced(globals(), {"unheard_of": helper}):
        pass

    assert "unheard_of" not in globals()


def test_an_opaque_object_tells_its_type_and_length():
    assert (Opaque.of([1, 2]), Opaque.of(3.0)) == (Opaque("list", 2), Opaque("float", None))


def test_numpys_first_warning_is_recorded_and_not_shown():
    def overflows():
        return float(np.exp(np.array(1000.0)))

    assert call(overflows, {}) == Returned(float("inf"), (), "overflow encountered in exp")


@pytest.mark.parametrize("item", [np.zeros(2), None, [np.zeros(2)], {"a": np.zeros(2)}, 1], ids=repr)
def test_whatever_is_put_into_a_list_or_a_dict_is_a_change(item):
    def put(words, grads):
        words[0] = item
        grads["W"] = item

    assert call(put, {"words": ["a", "b"], "grads": {"W": [1.0]}}) == Returned(None, ("words", "grads"))
