"""The bank of known mistakes."""

from solutions.mistakes import mistakes


def test_a_unit_without_a_module_of_mistakes_has_none():
    assert mistakes("u99_unit") == []
