"""The course's figures: every function returns a Figure and shows nothing; ``show`` shows one, with its description."""

from rnnlab.plots.charts import curves, gallery, heat_map, histograms
from rnnlab.plots.diagrams import stroke_by_stroke, task_types, unrolled
from rnnlab.plots.overview import batch_axes, course_map
from rnnlab.plots.picture import Picture, show

__all__ = [
    "Picture",
    "batch_axes",
    "course_map",
    "curves",
    "gallery",
    "heat_map",
    "histograms",
    "show",
    "stroke_by_stroke",
    "task_types",
    "unrolled",
]
