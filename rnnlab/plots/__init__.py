"""The course's figures: every function returns a Figure and shows nothing; ``show`` shows one, with its description."""

from rnnlab.plots import gru
from rnnlab.plots.cells import rnn_cell, rnn_cell_backward
from rnnlab.plots.charts import curves, gallery, heat_map, histograms, scores
from rnnlab.plots.diagrams import stroke_by_stroke, task_types, unrolled
from rnnlab.plots.gated_cells import gru_cells, lstm_parts, ways_back
from rnnlab.plots.gates import gate_map
from rnnlab.plots.gradients import backward_graph, bars, chunks, decays, measured
from rnnlab.plots.overview import batch_axes, course_map
from rnnlab.plots.picture import Picture, show
from rnnlab.plots.vanishing import panels, paths, slopes, surface

__all__ = [
    "Picture",
    "backward_graph",
    "bars",
    "batch_axes",
    "chunks",
    "course_map",
    "curves",
    "decays",
    "gallery",
    "gate_map",
    "gru",
    "gru_cells",
    "heat_map",
    "histograms",
    "lstm_parts",
    "measured",
    "panels",
    "paths",
    "rnn_cell",
    "rnn_cell_backward",
    "scores",
    "show",
    "slopes",
    "stroke_by_stroke",
    "surface",
    "task_types",
    "unrolled",
    "ways_back",
]
