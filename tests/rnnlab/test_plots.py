"""The course's figures: each is a Figure, drawn in the course's style, shown with a description."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from rnnlab import course, data, plots

FIGURES = {
    "vanilla cell": plots.rnn_cell,
    "vanilla cell, backwards": plots.rnn_cell_backward,
    "scores": lambda: plots.scores(np.eye(2), ["a", "b"], ["1", "2"], [0, 1]),
    "unrolled": lambda: plots.unrolled(["'h'", "'e'"], ["'e'?", "'l'?"]),
    "unrolled, outputs not named": lambda: plots.unrolled(["'h'", "'e'"]),
    "task types": plots.task_types,
    "stroke by stroke": lambda: plots.stroke_by_stroke(data.pen_strokes()),
    "batch axes": lambda: plots.batch_axes(np.arange(24).reshape(2, 3, 4), 1, 2),
    "course map": lambda: plots.course_map(course.units()),
    "heat map": lambda: plots.heat_map(np.zeros((2, 3)), ["a", "b"], ["x", "y", "z"], "letter"),
    "histograms": lambda: plots.histograms({"one": np.zeros(5), "two": np.ones((2, 2))}, "h"),
    "curves": lambda: plots.curves({"loss": [3.0, 2.0, 1.0]}, "step", "loss"),
    "backward graph": plots.backward_graph,
    "chunks, the last one shorter": lambda: plots.chunks(10, 4),
    "bars": lambda: plots.bars([1.0, 0.1, 0.01], "lag", "size"),
    "measured": lambda: plots.measured([1, 10], {"a": [1.0, 0.1], "b": [0.5, 0.2]}, "h", "error", (True, True)),
    "LSTM cell, gate by gate": plots.lstm_parts,
    "ways back": plots.ways_back,
    "GRU cells": plots.gru_cells,
    "gate map": lambda: plots.gate_map({"$f$": [0.2, 1.0], "$c$": [-3.0, 0.0]}, ["a", "b"], "letter"),
    "gate map of many steps": lambda: plots.gate_map({"$c$": np.linspace(-1, 1, 50)}, [""] * 50),
    "decays": lambda: plots.decays({"fast": 0.01 ** np.arange(9.0), "slow": np.ones(9)}, "steps", "gradient"),
    "decays below their bounds": lambda: plots.decays({"a": [1.0, 0.1]}, "k", "share", bounds={"a": [1.0, 0.5]}),
    "gallery": lambda: plots.gallery([np.eye(3), np.ones((4, 1))], ["square", "column"]),
    "slopes": lambda: plots.slopes([-1.0, 0.0, 1.0], {"relu": ([0.0, 0.0, 1.0], [0.0, 0.0, 1.0])}),
    "log panels": lambda: plots.panels({"a": {"x": [1.0, 1e-9]}, "b": {"x": [1.0, np.nan]}}, "lag", "norm", 1e-6),
    "surface": lambda: plots.surface([0.0, 1.0], [0.0, 1.0, 2.0], np.ones((3, 2)), [0.9]),
    "paths": lambda: plots.paths([0.0, 1.0], [0.0, 1.0], np.eye(2), {"one": [[0, 0], [1, 1]], "two": [[0, 0]]}),
}


@pytest.fixture
def shown(monkeypatch):
    """Return a function that shows a figure and returns the picture that the notebook gets."""
    pictures = []
    monkeypatch.setattr("rnnlab.plots.picture.display", pictures.append)

    def show(figure: Figure, name: str = "", **described: object) -> plots.Picture:
        plots.show(figure, name, **described)
        return pictures.pop()

    return show


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES.keys())
def test_every_figure_can_be_drawn_and_fits_the_page(draw):
    figure = draw()
    figure.draw_without_rendering()

    assert isinstance(figure, Figure)
    assert figure.get_figwidth() <= 7.0
    assert figure.get_figheight() <= 3.5


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES.keys())
def test_drawing_leaves_the_readers_own_settings_and_figures_alone(draw):
    before = mpl.rcParams.copy()
    draw()

    assert [key for key in before if key != "backend" and before[key] != mpl.rcParams[key]] == []
    assert plt.get_fignums() == []


def test_lines_are_two_points_wide_and_there_is_no_box():
    (ax,) = plots.curves({"loss": [3.0, 2.0]}, "step", "loss").axes

    assert [line.get_linewidth() for line in ax.lines] == [2.0]
    assert not ax.spines["top"].get_visible()
    assert not ax.spines["right"].get_visible()


def test_a_curve_is_labelled_at_its_end():
    (ax,) = plots.curves({"train": [3.0, 2.0], "test": [3.0, 2.5]}, "step", "loss").axes

    assert [(text.get_text(), text.xy) for text in ax.texts] == [("train", (2, 2.0)), ("test", (2, 2.5))]


def test_curves_differ_without_colour_and_their_labels_cover_what_passes_below():
    (ax,) = plots.curves({str(k): [3.0, k] for k in range(4)}, "step", "loss").axes

    assert len({line.get_linestyle() for line in ax.lines}) == 4
    assert all(text.get_bbox_patch().get_facecolor() == (1, 1, 1, 1) for text in ax.texts)


def test_heat_map_writes_its_values_with_their_signs():
    figure = plots.heat_map([[0.5, -0.25]], ["unit"], ["h", "e"])

    assert [text.get_text() for text in figure.axes[0].texts] == ["+0.50", "−0.25"]


def test_heat_map_without_written_values_has_no_text():
    assert not plots.heat_map([[0.5]], ["unit"], ["h"], written=False).axes[0].texts


def test_a_column_in_a_gallery_is_as_tall_and_wide_as_the_square_beside_it():
    figure = plots.gallery([np.eye(8), np.ones((64, 1))], ["rows", "pixels"])
    figure.draw_without_rendering()
    square, column = (ax.get_window_extent() for ax in figure.axes)

    assert (column.width, column.height) == pytest.approx((square.width, square.height))


def test_bars_of_a_histogram_sum_to_a_hundred_percent():
    (ax,) = plots.histograms({"states": np.linspace(-1, 1, 30)}, "h").axes

    assert sum(bar.get_height() for bar in ax.patches) == pytest.approx(100)


def test_unrolled_graph_names_tokens_and_states():
    texts = [text.get_text() for text in plots.unrolled(["'h'", "'e'", "'l'"]).axes[0].texts]

    assert {"'h'", "'e'", "'l'", "$h_0$", "$h_1$", "$h_2$", "$y_3$"} <= set(texts)


def test_shown_picture_has_its_description_as_alt_text(shown):
    picture = shown(FIGURES["heat map"](), alt='Two "units" <0')

    assert 'alt="Two &quot;units&quot; &lt;0"' in picture._repr_html_()
    assert repr(picture) == 'Figure: Two "units" <0'


def test_shown_picture_is_a_sharp_png_of_the_figures_width(shown):
    picture = shown(plots.task_types(), alt="Five networks.")

    assert picture.png.startswith(b"\x89PNG")
    assert picture.width == 700
    assert 'width="700"' in picture._repr_html_()


def test_the_same_figure_gives_the_same_bytes(shown):
    first, second = (shown(plots.task_types(), alt="Five networks.") for _ in range(2))

    assert first == second


def test_a_figure_without_description_is_refused():
    with pytest.raises(ValueError, match="needs a description"):
        plots.show(plots.task_types(), alt=" ")


def test_a_figure_of_the_course_is_described_by_its_name_with_measured_values(shown, monkeypatch):
    monkeypatch.setattr("rnnlab.plots.picture._description", {"loss": "It ends at {last:.2f}."}.__getitem__)
    picture = shown(plots.task_types(), "loss", last=0.1234)

    assert picture.alt == "It ends at 0.12."


def test_a_name_that_no_figure_of_the_course_has_is_refused():
    with pytest.raises(LookupError, match=r"no figure called 'my-own'; describe a figure of your own"):
        plots.show(plots.task_types(), "my-own")


def test_scores_frame_what_is_wanted_and_star_what_is_highest():
    (ax, _) = plots.scores([[1.0, 2.0], [3.0, -1.0]], ["a", "b"], ["step 1", "step 2"], [0, 0]).axes
    stars = [text.get_position() for text in ax.texts if text.get_text() == "★"]
    frames = [(patch.get_x() + patch.get_width() / 2, patch.get_y() + patch.get_height() / 2) for patch in ax.patches]

    assert [(round(x), y) for x, y in stars] == [(0, 1), (1, 0)]
    assert frames == [pytest.approx((0, 0)), pytest.approx((1, 0))]


@pytest.mark.parametrize("draw", [plots.rnn_cell, plots.rnn_cell_backward], ids=["forward", "backward"])
def test_the_vanilla_cell_shows_the_numbers_that_it_is_given(draw):
    names = ("h_prev", "x_t", "b_h", "memory", "input", "sum", "h_t", "dh_t", "da_t", "dh_prev", "dx_t", "db_h")
    known = [name for name in names if name.startswith("d") == (draw is plots.rnn_cell_backward)]
    written = " ".join(text.get_text() for text in draw({name: f"({name})" for name in known}).axes[0].texts)

    assert [name for name in known if f"({name})" not in written] == []
