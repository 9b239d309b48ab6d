"""Has a cell with a literal of 800,000 letters that take six bytes each in a frame; an honest accident."""

from tests.hostile.attack_tools import last

POINTS = {}


def make(nb):
    last(nb, "names = '" + "\N{HANGUL SYLLABLE GA}" * 800_000 + "'")
