"""The rules of every exercise, one module a unit: what a function takes and returns, and what is asked of it."""

from rnnlab.specs import u01_rnn_cell, u06_image_captioning
from rnnlab.specs.spec import Spec

UNITS: dict[str, tuple[Spec, ...]] = {
    "u01_rnn_cell": u01_rnn_cell.SPECS,
    "u06_image_captioning": u06_image_captioning.SPECS,
}

SPECS: dict[str, Spec] = {spec.name: spec for specs in UNITS.values() for spec in specs}
