"""The course's figures: every function returns a Figure and shows nothing; ``show`` shows one, with its description."""

from rnnlab.plots import gru
from rnnlab.plots.charts import curves, gallery, heat_map, histograms
from rnnlab.plots.diagrams import stroke_by_stroke, task_types, unrolled
from rnnlab.plots.picture import Picture, show

__all__ = [
    "Picture",
    "curves",
    "gallery",
    "gru",
    "heat_map",
    "histograms",
    "show",
    "stroke_by_stroke",
    "task_types",
    "unrolled",
]
