"""The course's figures: every function returns a Figure and shows nothing; ``show`` shows one, with its description."""

from rnnlab.plots.charts import curves, gallery, heat_map, histograms
from rnnlab.plots.diagrams import stroke_by_stroke, task_types, unrolled
from rnnlab.plots.gates import decays, gate_map, lstm_cell
from rnnlab.plots.picture import Picture, show

__all__ = [
    "Picture",
    "curves",
    "decays",
    "gallery",
    "gate_map",
    "heat_map",
    "histograms",
    "lstm_cell",
    "show",
    "stroke_by_stroke",
    "task_types",
    "unrolled",
]
