"""Right answers in other styles than a text's, in each unit's styles.py: all of them must get full points.

They are written as in the notebook, where other exercises are answered: they use what the unit's text defines.
"""

from __future__ import annotations

from solutions.variants import Variant, answers, variants

style = answers


def styles(unit: str) -> list[Variant]:
    """Return the right answers in other styles to the exercises of ``unit`` ("u01_rnn_cell"), in their order.

    A unit without that file has none.
    """
    return list(variants(unit, "styles"))
