"""The rules of every exercise, one module a unit: what a function takes and returns, and what is asked of it."""

from rnnlab.specs import u01_rnn_cell, u02_bptt, u03_vanishing_gradients, u04_lstm, u05_gru, u06_image_captioning
from rnnlab.specs.spec import Spec

UNITS: dict[str, tuple[Spec, ...]] = {
    "u00_start_here": (),
    "u01_rnn_cell": u01_rnn_cell.SPECS,
    "u02_bptt": u02_bptt.SPECS,
    "u03_vanishing_gradients": u03_vanishing_gradients.SPECS,
    "u04_lstm": u04_lstm.SPECS,
    "u05_gru": u05_gru.SPECS,
    "u06_image_captioning": u06_image_captioning.SPECS,
}

SPECS: dict[str, Spec] = {spec.name: spec for specs in UNITS.values() for spec in specs}
