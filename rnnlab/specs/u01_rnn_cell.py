"""What is asked of the eight exercises of unit 01, the vanilla RNN cell."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnlab import data
from rnnlab.checking.cases import by_hand, edges, float32, one, questions, raises
from rnnlab.checking.compare import Difference
from rnnlab.checking.inputs import altered, computed, integers, normal, size, state, weight
from rnnlab.checking.properties import agrees, batch_independent, relation, split_and_continue, value_at
from rnnlab.checking.spec import OMITTED, Array, Ask, Case, Inputs, Property, Rng, Sizes, Spec, Unchecked, Value


def _indices(rng: Rng, sizes: Sizes) -> Any:
    """Return indices among which the first class occurs and the last does not."""
    idx = rng.integers(0, sizes["V"] - 1, size=(sizes["N"], sizes["T"]))
    idx.flat[0] = 0
    return idx


ONE_HOT = Spec(
    inputs={"idx": _indices, "vocab_size": size("V"), "dtype": OMITTED},
    returns=(Array("the result"),),
    sizes={"N": 2, "T": 5, "V": 7},
    cases=(
        by_hand('"hello" as five rows of four', idx=[1, 0, 2, 2, 3], vocab_size=4),
        Case("a table of indices (N, T) gives (N, T, V)"),
        Case("one row of indices", {"idx": integers("T", 0, "V")}),
        Case("three axes of indices", {"idx": integers("2 N T", 0, "V")}, edge=True),
        Case("a nested list of indices", {"idx": altered(integers("N T", 0, "V"), np.ndarray.tolist)}, edge=True),
        Case("no index at all", {"idx": np.zeros((0,), dtype=np.int64)}, edge=True),
        Case("dtype is kept (float32)", {"dtype": "float32"}, edge=True),
        raises("IndexError", "index -1", idx=np.array([0, -1])),
        raises("IndexError", "index V", idx=lambda rng, sizes: np.array([sizes["V"], 0])),
    ),
)


def _not_one_in_sum(ask: Ask, inputs: Inputs) -> Difference | None:
    sums = value_at(ask(inputs)).sum(axis=-1)
    if np.allclose(sums, 1.0, atol=1e-5):
        return None
    return Difference(f"a row sums to {sums.flat[0]:.6g}", "1", "Divide by the sum of the same row.")


SOFTMAX = Spec(
    inputs={"z": normal("N C"), "axis": OMITTED},
    returns=(Array("the result"),),
    sizes={"N": 3, "T": 4, "C": 5},
    properties=(
        Property("every row sums to 1", _not_one_in_sum),
        relation(
            "adding a constant to a row changes nothing",
            {"z": lambda z: z + 3.0},
            "adding 3 to every score changes the result",
        ),
    ),
    cases=(
        by_hand("scores 0 and ln 3 give 1/4 and 3/4", z=[[0.0, np.log(3.0)]]),
        Case("rows of scores (N, C)"),
        Case("sequences of scores (N, T, C)", {"z": normal("N T C")}),
        Case("axis=0 works down the columns", {"z": normal("C N"), "axis": 0}, edge=True),
        Case("rows 800 apart", change=computed("z", lambda z: np.concatenate([z[:1] + 800.0, z[1:]])), edge=True),
        Case("whole numbers as scores", {"z": integers("N C", -3, 4)}, edge=True),
        Case("float32 stays float32", float32=True, edge=True),
    ),
)


WEIGHTS = {"W_xh": weight("D H", 0.4), "W_hh": weight("H H", 0.4), "b_h": weight("H", 0.4)}

RNN_CELL_FORWARD = Spec(
    inputs={"x_t": normal("N D"), "h_prev": state("N H"), **WEIGHTS},
    returns=(Array("h_t", "N H"), Unchecked("cache")),
    sizes={"N": 3, "D": 4, "H": 5},
    properties=(batch_independent("x_t", "h_prev"),),
    cases=(
        by_hand(
            "the step worked by hand (D = 3, H = 2)",
            x_t=[[1.0, 0.0, 2.0]],
            h_prev=[[0.5, -0.5]],
            W_xh=[[0.1, 0.2], [0.3, 0.4], [0.0, -0.1]],
            W_hh=[[0.2, 0.4], [0.6, -0.2]],
            b_h=[0.1, 0.0],
        ),
        Case("all terms on, N, D, H all different"),
        *edges("N H"),
    ),
)


RNN_READOUT = Spec(
    inputs={"h_all": state("N T H"), "W_hy": normal("H C"), "b_y": normal("C"), "mode": "every"},
    returns=(Array("the scores"),),
    sizes={"N": 3, "T": 4, "H": 5, "C": 2},
    properties=(
        relation(
            "'last' is the last step of 'every'",
            {"mode": "last"},
            "the scores of 'last' are not those of the last step of 'every'",
            wanted=lambda every: every[:, -1],
        ),
    ),
    cases=(
        by_hand(
            "two steps worked by hand",
            h_all=[[[1.0, 0.0], [0.5, -0.5]]],
            W_hy=[[1.0, 2.0, 0.0], [0.0, 1.0, 4.0]],
            b_y=[0.0, 0.5, 1.0],
            mode="every",
        ),
        Case("mode 'every': (N, T, C)"),
        Case("mode 'last': (N, C)", {"mode": "last"}),
        Case("one step (T = 1), 'last'", {"mode": "last"}, sizes={"T": 1}, edge=True),
        float32(),
        raises("ValueError", "a mistyped mode", mode="lsat"),
    ),
)


RNN_FORWARD = Spec(
    inputs={"x": normal("N T D"), "h0": state("N H"), **WEIGHTS},
    returns=(Array("h_all", "N T H"), Unchecked("caches", length="T")),
    sizes={"N": 2, "T": 6, "D": 3, "H": 4},
    builds_on=("rnn_cell_forward",),
    properties=(split_and_continue(),),
    cases=(
        by_hand(
            "the three steps worked by hand",
            {"N": 1, "T": 3, "D": 1, "H": 1},
            x=[[[1.0], [0.0], [0.0]]],
            h0=[[0.0]],
            W_xh=[[1.0]],
            W_hh=[[0.5]],
            b_h=[0.0],
        ),
        Case("a random h0, N, T, D, H all different"),
        *edges("T N"),
    ),
)


NUM_PARAMS = Spec(
    inputs={"D": size("D"), "H": size("H"), "C": size("C")},
    returns=(Value("the count"),),
    sizes={"D": 10, "H": 7, "C": 5},
    cases=(
        by_hand("D = 3, H = 2, C = 4, counted by hand", D=3, H=2, C=4),
        Case("other sizes"),
        Case("one of each", {"D": 1, "H": 1, "C": 1}),
        Case("the sizes of a small language model", {"D": 65, "H": 128, "C": 65}),
    ),
)


TYPES = ("one-to-one", "one-to-many", "many-to-one", "many-to-many delayed", "many-to-many synced")
TYPES_BY_HAND = ("image classification", "image captioning", "sentiment analysis")

CLASSIFY_TASK = Spec(
    inputs={"name": OMITTED},
    returns=(Value("the type"),),
    proportional=True,
    cases=questions("name", data.TASKS, TYPES, in_the_text=TYPES_BY_HAND, unknown="task"),
)


def _pixels_lost(ask: Ask, inputs: Inputs) -> Difference | None:
    images = inputs["images"]
    for order in ("rows", "columns", "pixels"):
        sequence = value_at(ask({**inputs, "order": order}))
        if not agrees(np.sort(sequence, axis=None), np.sort(images, axis=None)):
            return Difference(f"order {order!r} loses or repeats pixels")
    return None


IMAGE_TO_SEQUENCE = Spec(
    inputs={"images": normal("N R C"), "order": "rows"},
    returns=(Array("the sequence"),),
    sizes={"N": 2, "R": 3, "C": 4},
    properties=(Property("every pixel comes exactly once", _pixels_lost),),
    cases=(
        by_hand("a 2 x 2 image by columns", images=[[[1.0, 2.0], [3.0, 4.0]]], order="columns"),
        by_hand("a 2 x 2 image by pixels", images=[[[1.0, 2.0], [3.0, 4.0]]], order="pixels"),
        Case("rows of images that are not square"),
        Case("columns of images that are not square", {"order": "columns"}),
        Case("pixels of images that are not square", {"order": "pixels"}),
        one("N", "one image", order="columns"),
        float32(order="pixels"),
        raises("ValueError", "an unknown order", order="spiral"),
    ),
)
