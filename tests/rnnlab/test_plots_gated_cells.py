"""Drawings of the gated cells: what each panel shows."""

from matplotlib.colors import to_hex

from rnnlab import plots
from rnnlab.plots.cells import PALE


def texts(ax):
    return [text.get_text() for text in ax.texts]


def coloured(ax):
    return {text.get_text()[:3] for text in ax.texts if text.get_color() != PALE and "$" in text.get_text()[:1]}


def test_each_panel_of_the_lstm_adds_one_layer_in_colour():
    panels = plots.lstm_parts().axes
    layers = [{name for name in coloured(ax) if name in ("$f$", "$i$", "$o$", "$g$")} for ax in panels]

    assert layers == [{"$f$"}, {"$g$"}, {"$i$"}, {"$o$"}]
    assert all(any("$f$" in text for text in texts(ax)) for ax in panels)
    assert "$h_t$" in texts(panels[-1])


def test_the_ways_back_show_what_multiplies_the_gradient():
    vanilla, lstm = plots.ways_back().axes

    assert any("W_{hh}^" in text for text in texts(vanilla))
    assert {"$dh$", "$dc$", "$dc \\odot f$", "$\\odot\\ o$", "joins $dc$"} <= set(texts(lstm))


def test_the_two_grus_differ_only_in_where_the_product_stands():
    after, before = plots.gru_cells().axes
    place = {ax: next(text for text in ax.texts if text.get_text() == "$W_{hn}$") for ax in (after, before)}

    assert sorted(texts(after)) == sorted(texts(before))
    assert place[after].get_position()[1] < place[before].get_position()[1]


def test_gates_have_one_colour_and_candidates_another_in_every_cell():
    def edges(ax, letters):
        boxes = zip([p for p in ax.patches if hasattr(p, "get_boxstyle")], strict=False)
        middle = {p: p.get_bbox().x0 + p.get_bbox().width / 2 for (p,) in boxes}
        at = [
            text.get_position()[0] for text in ax.texts if text.get_text()[1:2] in letters and "  " in text.get_text()
        ]
        return {to_hex(p.get_edgecolor()) for p, x in middle.items() if any(abs(x - place) < 1e-9 for place in at)}

    lstm, (gru, _) = plots.lstm_parts().axes[-1], plots.gru_cells().axes
    _, back = plots.ways_back().axes

    assert edges(gru, "zr") == edges(back, "ifo")
    assert edges(gru, "n") == edges(back, "g")
    assert edges(lstm, "o") == edges(gru, "z")
