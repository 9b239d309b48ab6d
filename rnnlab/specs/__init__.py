"""The rules of every exercise, one module a unit: what a function takes and returns, and what is asked of it."""

from rnnlab.specs import u01_rnn_cell, u04_lstm
from rnnlab.specs.spec import Spec

UNITS: dict[str, tuple[Spec, ...]] = {
    "u01_rnn_cell": u01_rnn_cell.SPECS,
    "u04_lstm": u04_lstm.SPECS,
}

SPECS: dict[str, Spec] = {spec.name: spec for specs in UNITS.values() for spec in specs}
