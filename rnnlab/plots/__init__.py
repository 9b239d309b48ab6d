"""The course's figures: every function returns a Figure and shows nothing; ``show`` shows one, with its description."""

from rnnlab.plots.charts import curves, gallery, heat_map, histograms
from rnnlab.plots.diagrams import stroke_by_stroke, task_types, unrolled
from rnnlab.plots.picture import Picture, show
from rnnlab.plots.vanishing import panels, paths, slopes, surface

__all__ = [
    "Picture",
    "curves",
    "gallery",
    "heat_map",
    "histograms",
    "panels",
    "paths",
    "show",
    "slopes",
    "stroke_by_stroke",
    "surface",
    "task_types",
    "unrolled",
]
