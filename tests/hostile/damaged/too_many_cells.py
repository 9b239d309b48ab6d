"""A million tiny cells."""

from tests.hostile.damage import put

STATE = "unreadable"
SAYS = "has 1,000,000 cells, more than 2,000; ask the student to resubmit the course's notebook."


def make(folder, nb):
    put(folder, '{"cells": [' + '{"source":"1"},' * 999_999 + '{"source":"1"}]}')
