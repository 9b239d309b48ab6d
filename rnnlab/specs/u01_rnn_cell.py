"""What is asked of the eight exercises of unit 01, the vanilla RNN cell."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from rnnlab import data
from rnnlab.checking.compare import Difference, same
from rnnlab.checking.properties import agrees, broken_by_split, value_at
from rnnlab.checking.spec import (
    Array,
    Ask,
    Case,
    Inputs,
    Property,
    Rng,
    Sizes,
    Spec,
    Unchecked,
    Value,
    fixed,
    in_float32,
    normal,
)

# -- 1 one_hot ---------------------------------------------------------------------------------------------------------


def _draw_indices(rng: Rng, sizes: Sizes) -> Inputs:
    V = sizes["V"]
    idx = rng.integers(0, V - 1, size=(sizes["N"], sizes["T"]))
    idx.flat[0] = 0
    return {"idx": idx, "vocab_size": V}


def _draw_vector(rng: Rng, sizes: Sizes) -> Inputs:
    return {"idx": rng.integers(0, sizes["V"], size=sizes["T"]), "vocab_size": sizes["V"]}


def _draw_deep(rng: Rng, sizes: Sizes) -> Inputs:
    return {"idx": rng.integers(0, sizes["V"], size=(2, sizes["N"], sizes["T"])), "vocab_size": sizes["V"]}


def _draw_nested_list(rng: Rng, sizes: Sizes) -> Inputs:
    idx = rng.integers(0, sizes["V"], size=(sizes["N"], sizes["T"]))
    return {"idx": idx.tolist(), "vocab_size": sizes["V"]}


def _draw_none(rng: Rng, sizes: Sizes) -> Inputs:
    return {"idx": np.zeros((0,), dtype=np.int64), "vocab_size": sizes["V"]}


def _draw_as_float32(rng: Rng, sizes: Sizes) -> Inputs:
    return _draw_indices(rng, sizes) | {"dtype": "float32"}


def _draw_negative(rng: Rng, sizes: Sizes) -> Inputs:
    return {"idx": np.array([0, -1]), "vocab_size": sizes["V"]}


def _draw_too_large(rng: Rng, sizes: Sizes) -> Inputs:
    return {"idx": np.array([sizes["V"], 0]), "vocab_size": sizes["V"]}


ONE_HOT = Spec(
    name="one_hot",
    parameters=("idx", "vocab_size", "dtype"),
    returns=(Array("the result"),),
    sizes={"N": 2, "T": 5, "V": 7},
    worked=(Case('"hello" as five rows of four', fixed(idx=np.array([1, 0, 2, 2, 3]), vocab_size=4)),),
    cases=(
        Case("a table of indices (N, T) gives (N, T, V)", _draw_indices),
        Case("one row of indices", _draw_vector),
        Case("three axes of indices", _draw_deep, edge=True),
        Case("a nested list of indices", _draw_nested_list, edge=True),
        Case("no index at all", _draw_none, edge=True),
        Case("dtype is kept (float32)", _draw_as_float32, edge=True),
        Case("index -1 raises IndexError", _draw_negative, edge=True),
        Case("index V raises IndexError", _draw_too_large, edge=True),
    ),
)


# -- 2 softmax ---------------------------------------------------------------------------------------------------------


def _draw_scores(rng: Rng, sizes: Sizes) -> Inputs:
    return {"z": normal(rng, sizes["N"], sizes["C"])}


def _draw_far_apart(rng: Rng, sizes: Sizes) -> Inputs:
    z = normal(rng, sizes["N"], sizes["C"])
    z[0] += 800.0
    return {"z": z}


def _draw_first_axis(rng: Rng, sizes: Sizes) -> Inputs:
    return {"z": normal(rng, sizes["C"], sizes["N"]), "axis": 0}


def _draw_sequence_scores(rng: Rng, sizes: Sizes) -> Inputs:
    return {"z": normal(rng, sizes["N"], sizes["T"], sizes["C"])}


def _draw_whole(rng: Rng, sizes: Sizes) -> Inputs:
    return {"z": rng.integers(-3, 4, size=(sizes["N"], sizes["C"]))}


def _not_one_in_sum(ask: Ask, inputs: Inputs) -> Difference | None:
    sums = value_at(ask(inputs)).sum(axis=-1)
    if np.allclose(sums, 1.0, atol=1e-5):
        return None
    return Difference(f"a row sums to {sums.flat[0]:.6g}", "1", "Divide by the sum of the same row.")


def _moved_by_constant(ask: Ask, inputs: Inputs) -> Difference | None:
    if same(value_at(ask({**inputs, "z": inputs["z"] + 3.0})), value_at(ask(inputs))):
        return None
    return Difference("adding 3 to every score changes the result")


SOFTMAX = Spec(
    name="softmax",
    parameters=("z", "axis"),
    returns=(Array("the result"),),
    sizes={"N": 3, "T": 4, "C": 5},
    worked=(Case("scores 0 and ln 3 give 1/4 and 3/4", fixed(z=np.array([[0.0, np.log(3.0)]]))),),
    properties=(
        Property("every row sums to 1", _not_one_in_sum),
        Property("adding a constant to a row changes nothing", _moved_by_constant),
    ),
    cases=(
        Case("rows of scores (N, C)", _draw_scores),
        Case("sequences of scores (N, T, C)", _draw_sequence_scores),
        Case("axis=0 works down the columns", _draw_first_axis, edge=True),
        Case("rows 800 apart", _draw_far_apart, edge=True),
        Case("whole numbers as scores", _draw_whole, edge=True),
        Case("float32 stays float32", in_float32(_draw_scores), edge=True),
    ),
)


# -- 3 rnn_cell_forward ------------------------------------------------------------------------------------------------


def _draw_cell(rng: Rng, sizes: Sizes) -> Inputs:
    N, D, H = sizes["N"], sizes["D"], sizes["H"]
    return {
        "x_t": normal(rng, N, D),
        "h_prev": np.tanh(normal(rng, N, H)).round(2),
        "W_xh": (0.4 * normal(rng, D, H)).round(3),
        "W_hh": (0.4 * normal(rng, H, H)).round(3),
        "b_h": (0.4 * normal(rng, H)).round(3),
    }


def _draw_cell_by_hand(rng: Rng, sizes: Sizes) -> Inputs:
    return {
        "x_t": np.array([[1.0, 0.0, 2.0]]),
        "h_prev": np.array([[0.5, -0.5]]),
        "W_xh": np.array([[0.1, 0.2], [0.3, 0.4], [0.0, -0.1]]),
        "W_hh": np.array([[0.2, 0.4], [0.6, -0.2]]),
        "b_h": np.array([0.1, 0.0]),
    }


def _mixed_up_batch(ask: Ask, inputs: Inputs) -> Difference | None:
    turned = {**inputs, "x_t": inputs["x_t"][::-1], "h_prev": inputs["h_prev"][::-1]}
    if same(value_at(ask(turned))[::-1], value_at(ask(inputs))):
        return None
    return Difference(
        "reversing the order of the sequences changes their states",
        guess="Every sequence is to be computed on its own.",
    )


RNN_CELL_FORWARD = Spec(
    name="rnn_cell_forward",
    parameters=("x_t", "h_prev", "W_xh", "W_hh", "b_h"),
    returns=(Array("h_t", "N H"), Unchecked("cache")),
    sizes={"N": 3, "D": 4, "H": 5},
    worked=(Case("the step worked by hand (D = 3, H = 2)", _draw_cell_by_hand),),
    properties=(Property("sequences of a batch do not mix", _mixed_up_batch),),
    cases=(
        Case("all terms on, N, D, H all different", _draw_cell),
        Case("one sequence (N = 1)", _draw_cell, sizes={"N": 1}, edge=True),
        Case("one hidden unit (H = 1)", _draw_cell, sizes={"H": 1}, edge=True),
        Case("float32 stays float32", in_float32(_draw_cell), remark=True),
    ),
)


# -- 4 rnn_readout -----------------------------------------------------------------------------------------------------


def _draw_states(rng: Rng, sizes: Sizes, mode: str) -> Inputs:
    N, T, H, C = sizes["N"], sizes["T"], sizes["H"], sizes["C"]
    return {
        "h_all": np.tanh(normal(rng, N, T, H)).round(2),
        "W_hy": normal(rng, H, C),
        "b_y": normal(rng, C),
        "mode": mode,
    }


_draw_every = partial(_draw_states, mode="every")
_draw_last = partial(_draw_states, mode="last")
_draw_typo = partial(_draw_states, mode="lsat")


def _draw_readout_by_hand(rng: Rng, sizes: Sizes) -> Inputs:
    return {
        "h_all": np.array([[[1.0, 0.0], [0.5, -0.5]]]),
        "W_hy": np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 4.0]]),
        "b_y": np.array([0.0, 0.5, 1.0]),
        "mode": "every",
    }


def _last_is_not_last(ask: Ask, inputs: Inputs) -> Difference | None:
    every, last = value_at(ask({**inputs, "mode": "every"})), value_at(ask({**inputs, "mode": "last"}))
    if every.ndim == 3 and same(last, every[:, -1]):
        return None
    return Difference("the scores of 'last' are not those of the last step of 'every'")


RNN_READOUT = Spec(
    name="rnn_readout",
    parameters=("h_all", "W_hy", "b_y", "mode"),
    returns=(Array("the scores"),),
    sizes={"N": 3, "T": 4, "H": 5, "C": 2},
    worked=(Case("two steps worked by hand", _draw_readout_by_hand),),
    properties=(Property("'last' is the last step of 'every'", _last_is_not_last),),
    cases=(
        Case("mode 'every': (N, T, C)", _draw_every),
        Case("mode 'last': (N, C)", _draw_last),
        Case("one step (T = 1), 'last'", _draw_last, sizes={"T": 1}, edge=True),
        Case("float32 stays float32", in_float32(_draw_every), remark=True),
        Case("a mistyped mode raises ValueError", _draw_typo, edge=True),
    ),
)


# -- 5 rnn_forward -----------------------------------------------------------------------------------------------------


def _draw_sequence(rng: Rng, sizes: Sizes) -> Inputs:
    cell = _draw_cell(rng, sizes)
    x = normal(rng, sizes["N"], sizes["T"], sizes["D"])
    return {"x": x, "h0": cell["h_prev"], "W_xh": cell["W_xh"], "W_hh": cell["W_hh"], "b_h": cell["b_h"]}


def _draw_sequence_by_hand(rng: Rng, sizes: Sizes) -> Inputs:
    return {
        "x": np.array([[[1.0], [0.0], [0.0]]]),
        "h0": np.array([[0.0]]),
        "W_xh": np.array([[1.0]]),
        "W_hh": np.array([[0.5]]),
        "b_h": np.array([0.0]),
    }


RNN_FORWARD = Spec(
    name="rnn_forward",
    parameters=("x", "h0", "W_xh", "W_hh", "b_h"),
    returns=(Array("h_all", "N T H"), Unchecked("caches", length="T")),
    sizes={"N": 2, "T": 6, "D": 3, "H": 4},
    builds_on=("rnn_cell_forward",),
    worked=(Case("the three steps worked by hand", _draw_sequence_by_hand, sizes={"N": 1, "T": 3, "D": 1, "H": 1}),),
    properties=(Property("split at k and carried on, the result is the same", broken_by_split),),
    cases=(
        Case("a random h0, N, T, D, H all different", _draw_sequence),
        Case("one step (T = 1)", _draw_sequence, sizes={"T": 1}, edge=True),
        Case("one sequence (N = 1)", _draw_sequence, sizes={"N": 1}, edge=True),
        Case("float32 stays float32", in_float32(_draw_sequence), remark=True),
    ),
)


# -- 6 num_params ------------------------------------------------------------------------------------------------------


def _draw_sizes(rng: Rng, sizes: Sizes) -> Inputs:
    return {letter: int(sizes[letter]) for letter in "DHC"}


NUM_PARAMS = Spec(
    name="num_params",
    parameters=("D", "H", "C"),
    returns=(Value("the count"),),
    sizes={"D": 10, "H": 7, "C": 5},
    worked=(Case("D = 3, H = 2, C = 4, counted by hand", fixed(D=3, H=2, C=4)),),
    cases=(
        Case("other sizes", _draw_sizes),
        Case("one of each", fixed(D=1, H=1, C=1)),
        Case("the sizes of a small language model", fixed(D=65, H=128, C=65)),
    ),
)


# -- 7 classify_task ---------------------------------------------------------------------------------------------------

TYPES = ("one-to-one", "one-to-many", "many-to-one", "many-to-many delayed", "many-to-many synced")
TYPES_BY_HAND = ("image classification", "image captioning", "sentiment analysis")

CLASSIFY_TASK = Spec(
    name="classify_task",
    parameters=("name",),
    returns=(Value("the type"),),
    proportional=True,
    cases=(
        *(Case(f"{name!r}", fixed(name=name), choices=() if name in TYPES_BY_HAND else TYPES) for name in data.TASKS),
        Case("an unknown task raises KeyError", fixed(name="no such task")),
    ),
)


# -- 8 image_to_sequence -----------------------------------------------------------------------------------------------


def _images(rng: Rng, sizes: Sizes) -> Any:
    return normal(rng, sizes["N"], sizes["R"], sizes["C"])


def _draw_rows(rng: Rng, sizes: Sizes) -> Inputs:
    return {"images": _images(rng, sizes), "order": "rows"}


def _draw_columns(rng: Rng, sizes: Sizes) -> Inputs:
    return {"images": _images(rng, sizes), "order": "columns"}


def _draw_pixels(rng: Rng, sizes: Sizes) -> Inputs:
    return {"images": _images(rng, sizes), "order": "pixels"}


def _draw_order_typo(rng: Rng, sizes: Sizes) -> Inputs:
    return {"images": _images(rng, sizes), "order": "spiral"}


def _pixels_lost(ask: Ask, inputs: Inputs) -> Difference | None:
    images = inputs["images"]
    for order in ("rows", "columns", "pixels"):
        sequence = value_at(ask({**inputs, "order": order}))
        if not agrees(np.sort(sequence, axis=None), np.sort(images, axis=None)):
            return Difference(f"order {order!r} loses or repeats pixels")
    return None


IMAGE_TO_SEQUENCE = Spec(
    name="image_to_sequence",
    parameters=("images", "order"),
    returns=(Array("the sequence"),),
    sizes={"N": 2, "R": 3, "C": 4},
    worked=(
        Case("a 2 x 2 image by columns", fixed(images=np.array([[[1.0, 2.0], [3.0, 4.0]]]), order="columns")),
        Case("a 2 x 2 image by pixels", fixed(images=np.array([[[1.0, 2.0], [3.0, 4.0]]]), order="pixels")),
    ),
    properties=(Property("every pixel comes exactly once", _pixels_lost),),
    cases=(
        Case("rows of images that are not square", _draw_rows),
        Case("columns of images that are not square", _draw_columns),
        Case("pixels of images that are not square", _draw_pixels),
        Case("one image (N = 1)", _draw_columns, sizes={"N": 1}, edge=True),
        Case("float32 stays float32", in_float32(_draw_pixels), remark=True),
        Case("an unknown order raises ValueError", _draw_order_typo, edge=True),
    ),
)

SPECS = (
    ONE_HOT,
    SOFTMAX,
    RNN_CELL_FORWARD,
    RNN_READOUT,
    RNN_FORWARD,
    NUM_PARAMS,
    CLASSIFY_TASK,
    IMAGE_TO_SEQUENCE,
)
