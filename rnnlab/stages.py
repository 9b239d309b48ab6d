"""The units of the course, in the order in which they are read; what the map of unit 00 shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """A unit as the map shows it: number and title, what the reader builds, points, least and most minutes."""

    title: str
    builds: str
    points: int
    minutes: tuple[int, int]


STAGES = (
    Stage("00 Start here", "nothing yet: shapes, names, how checks and grading work", 0, (20, 30)),
    Stage("01 The vanilla RNN cell", "the cell, the loop over time, the read-out", 20, (60, 90)),
    Stage("02 Backpropagation through time", "every gradient by hand, and the proof that it is right", 25, (75, 100)),
    Stage("03 Vanishing and exploding gradients", "measurements of the decay, clipping, initialisation", 20, (60, 90)),
    Stage("04 The LSTM and its gates", "a long-lived memory, forward and backward", 25, (90, 120)),
    Stage("05 The GRU", "one state, two gates, and a race", 20, (75, 90)),
    Stage("06 Image captioning", "a network that says what it sees, word by word", 25, (90, 120)),
)
