"""What is asked of the nine exercises of unit 03, vanishing and exploding gradients."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from rnnlab.checking.calling import InputRecipe, Raised, Returned
from rnnlab.checking.compare import Difference, same
from rnnlab.checking.properties import agrees
from rnnlab.checking.spec import (
    Array,
    Ask,
    Case,
    Draw,
    Inputs,
    Property,
    Rng,
    Sizes,
    Spec,
    Value,
    fixed,
    in_float32,
    normal,
)

KEYS = ("W_xh", "W_hh", "b_h")


def _parts(result: Returned | Raised) -> tuple[Any, ...]:
    """Return the returned parts, as arrays; empty ones if there are none, so that they equal nothing."""
    return (np.empty(0),) * 4 if isinstance(result, Raised) else tuple(map(np.asarray, result.value))


# -- 1 activation ------------------------------------------------------------------------------------------------------


def _draw_sums(name: str, *letters: str) -> Draw:
    return lambda rng, sizes: {"name": name, "a": 2 * normal(rng, *(sizes[letter] for letter in letters)) + 0.01}


def _draw_far_out(name: str) -> Draw:
    return fixed(name=name, a=np.array([[-1000.0, -40.0, 40.0], [1000.0, -3.0, 3.0]]))


ACTIVATION = Spec(
    name="activation",
    parameters=("name", "a"),
    returns=(Array("the value"), Array("the derivative")),
    sizes={"N": 3, "H": 4, "T": 5},
    worked=(
        Case("tanh at 0: value 0, derivative 1", fixed(name="tanh", a=np.array([0.0]))),
        Case("sigmoid at 0: value 0.5, derivative 0.25", fixed(name="sigmoid", a=np.array([0.0]))),
        Case("ReLU at -2, 0 and 2", fixed(name="relu", a=np.array([-2.0, 0.0, 2.0]))),
    ),
    cases=(
        Case("tanh of a table", _draw_sums("tanh", "N", "H")),
        Case("sigmoid of a table", _draw_sums("sigmoid", "N", "H")),
        Case("ReLU of a table", _draw_sums("relu", "N", "H")),
        Case("linear of a table", _draw_sums("linear", "N", "H"), edge=True),
        Case("three axes", _draw_sums("tanh", "N", "T", "H"), edge=True),
        Case("tanh far from 0", _draw_far_out("tanh"), edge=True),
        Case("sigmoid far from 0", _draw_far_out("sigmoid"), edge=True),
        Case("float32 stays float32 (sigmoid)", in_float32(_draw_sums("sigmoid", "N", "H")), remark=True),
        Case("float32 stays float32 (ReLU)", in_float32(_draw_sums("relu", "N", "H")), remark=True),
        Case("an unknown name raises ValueError", fixed(name="tnah", a=np.array([0.5])), edge=True),
    ),
)


# -- 2 scalar_chain ----------------------------------------------------------------------------------------------------


def _draw_chain(rng: Rng, sizes: Sizes, act: str, low: float, high: float) -> Inputs:
    w, h0 = rng.uniform(low, high), rng.uniform(0.2, 0.9)
    return {"w": round(float(w), 2), "h0": round(float(h0), 2), "T": sizes["T"], "act": act}


SCALAR_CHAIN = Spec(
    name="scalar_chain",
    parameters=("w", "h0", "T", "act"),
    returns=(Value("the derivative"),),
    sizes={"T": 6},
    builds_on=("activation",),
    worked=(
        Case("linear, w = 3, two steps: 9", fixed(w=3.0, h0=1.0, T=2, act="linear")),
        Case("linear, w = 0.2, two steps: 0.04", fixed(w=0.2, h0=1.0, T=2, act="linear")),
        Case("tanh, w = 2, two steps from h0 = 0.5", fixed(w=2.0, h0=0.5, T=2, act="tanh")),
    ),
    cases=(
        Case("tanh", partial(_draw_chain, act="tanh", low=0.9, high=1.3)),
        Case("sigmoid", partial(_draw_chain, act="sigmoid", low=-4.5, high=-3.5)),
        Case("linear", partial(_draw_chain, act="linear", low=0.8, high=1.2)),
        Case("a negative weight", partial(_draw_chain, act="linear", low=-1.2, high=-0.8)),
        Case("ReLU with a negative weight", partial(_draw_chain, act="relu", low=-1.2, high=-0.8), edge=True),
        Case("no step at all (T = 0)", fixed(w=3.0, h0=0.4, T=0, act="tanh"), edge=True),
        Case("without act it is linear", fixed(w=3.0, h0=0.4, T=3), edge=True),
    ),
)


# -- 3 gradient_norms --------------------------------------------------------------------------------------------------

# Weights large enough for the norms to stay of similar size over a dozen steps, whatever the activation.
GAIN = {"tanh": 1.5, "sigmoid": 4.5, "relu": 1.5, "linear": 1.0}


def _draw_network(rng: Rng, sizes: Sizes, act: str) -> Inputs:
    N, T, D, H = sizes["N"], sizes["T"], sizes["D"], sizes["H"]
    return {
        "x": (0.5 * normal(rng, N, T, D)).round(2),
        "h0": np.tanh(normal(rng, N, H)).round(2),
        "W_xh": (0.5 * normal(rng, D, H)).round(3),
        "W_hh": (GAIN[act] / np.sqrt(H) * normal(rng, H, H)).round(3),
        "b_h": (0.3 * normal(rng, H)).round(3),
        "act": act,
        "dh_T": normal(rng, N, H),
    }


def _draw_identity(rng: Rng, sizes: Sizes) -> Inputs:
    return {**_draw_network(rng, sizes, "linear"), "W_hh": np.eye(sizes["H"])}


def _draw_norms_by_hand(rng: Rng, sizes: Sizes) -> Inputs:
    return {
        "x": np.array([[[1.0], [-1.5]]]),
        "h0": np.zeros((1, 2)),
        "W_xh": np.array([[1.0, 1.0]]),
        "W_hh": np.array([[0.0, 2.0], [1.0, 0.0]]),
        "b_h": np.zeros(2),
        "act": "relu",
        "dh_T": np.array([[3.0, 4.0]]),
    }


def _last_norm_is_not_dh_T(ask: Ask, inputs: Inputs) -> Difference | None:
    norms = _parts(ask(inputs))[0]
    if norms.ndim == 1 and agrees(norms[-1:], np.array([np.sqrt(np.sum(inputs["dh_T"] ** 2))])):
        return None
    guess = "Entry t belongs to h_t, so the list begins with h_0 and ends with h_T."
    return Difference("the last entry is not the norm of dh_T", guess=guess)


def _not_proportional(ask: Ask, inputs: Inputs) -> Difference | None:
    if same(_parts(ask({**inputs, "dh_T": -3 * inputs["dh_T"]}))[0], 3 * _parts(ask(inputs))[0]):
        return None
    return Difference("-3 times dh_T does not give 3 times the norms")


GRADIENT_NORMS = Spec(
    name="gradient_norms",
    parameters=("x", "h0", "W_xh", "W_hh", "b_h", "act", "dh_T"),
    returns=(Array("the norms"),),
    sizes={"N": 2, "T": 6, "D": 3, "H": 4},
    builds_on=("activation",),
    worked=(Case("the two steps worked by hand", _draw_norms_by_hand),),
    properties=(
        Property("the last entry is the norm of dh_T", _last_norm_is_not_dh_T),
        Property("the norms grow in proportion to dh_T", _not_proportional),
    ),
    cases=(
        Case("tanh, N, T, D, H all different", partial(_draw_network, act="tanh")),
        Case("sigmoid", partial(_draw_network, act="sigmoid")),
        Case("ReLU", partial(_draw_network, act="relu")),
        Case("linear with the identity: all norms equal", _draw_identity),
        Case("one step (T = 1)", partial(_draw_network, act="tanh"), sizes={"T": 1}, edge=True),
        Case("one sequence (N = 1)", partial(_draw_network, act="sigmoid"), sizes={"N": 1}, edge=True),
        Case("one unit (H = 1)", partial(_draw_network, act="tanh"), sizes={"H": 1}, edge=True),
        Case("float32 stays float32", in_float32(partial(_draw_network, act="tanh")), remark=True),
    ),
)


# -- 4 decay_rate ------------------------------------------------------------------------------------------------------


def _draw_norms(rng: Rng, sizes: Sizes, factor: float) -> Inputs:
    steps = factor * np.exp(0.3 * normal(rng, sizes["T"]))
    return {"norms": 2.5 * np.cumprod(np.concatenate([[1.0], steps]))[::-1]}


def _changed_by_scale(ask: Ask, inputs: Inputs) -> Difference | None:
    if same(_parts(ask({"norms": 7 * inputs["norms"]}))[0], _parts(ask(inputs))[0]):
        return None
    return Difference("seven times the norms give another rate")


DECAY_RATE = Spec(
    name="decay_rate",
    parameters=("norms",),
    returns=(Value("the rate"),),
    sizes={"T": 6},
    worked=(Case("norms 1, 5, 4: a rate of 0.5", fixed(norms=np.array([1.0, 5.0, 4.0]))),),
    properties=(Property("the size of dh_T does not matter", _changed_by_scale),),
    cases=(
        Case("norms that vanish", partial(_draw_norms, factor=0.6)),
        Case("norms that explode", partial(_draw_norms, factor=1.4)),
        Case("one step (T = 1)", partial(_draw_norms, factor=0.5), sizes={"T": 1}, edge=True),
        Case("fifty steps", partial(_draw_norms, factor=0.25), sizes={"T": 50}, edge=True),
    ),
)


# -- 5 gradient_bound --------------------------------------------------------------------------------------------------


def _draw_bound(rng: Rng, sizes: Sizes) -> Inputs:
    H = sizes["H"]
    return {"W_hh": (normal(rng, H, H) / np.sqrt(H)).round(3), "gamma": 0.6, "k": 3}


GRADIENT_BOUND = Spec(
    name="gradient_bound",
    parameters=("W_hh", "gamma", "k"),
    returns=(Value("the bound"),),
    sizes={"H": 5},
    worked=(Case("the matrix worked by hand", fixed(W_hh=np.array([[0.0, 2.0], [0.5, 0.0]]), gamma=0.25, k=2)),),
    cases=(
        Case("a random matrix", _draw_bound),
        Case("a matrix whose eigenvalues are all 0", fixed(W_hh=np.triu(np.full((4, 4), 1.5), 1), gamma=1.0, k=2)),
        Case("five steps", lambda rng, sizes: {**_draw_bound(rng, sizes), "k": 5}),
        Case("no step at all (k = 0)", lambda rng, sizes: {**_draw_bound(rng, sizes), "k": 0}, edge=True),
    ),
)


# -- 6 init_hidden -----------------------------------------------------------------------------------------------------

WIDE = 200


def _draw_kind(rng: Rng, sizes: Sizes, kind: str, H: int = WIDE) -> Inputs:
    return {"kind": kind, "H": H, "rng": InputRecipe("generator", int(rng.integers(2**31)))}


def _misfit(W: Any, H: int) -> Difference | None:
    if not isinstance(W, np.ndarray) or W.shape != (H, H):
        return Difference(f"an array of shape {np.shape(W)}", f"shape (H, H) = ({H}, {H})")
    if W.dtype.kind != "f":
        return Difference(f"an array of {W.dtype}", "float64")
    return None


def _not_spread(value: tuple[Any, ...], inputs: Inputs, variance: float) -> Difference | None:
    W, H = value[0], inputs["H"]
    if found := _misfit(W, H):
        return found
    # With 40,000 entries the variance is right to 1 %, the mean to 0.5 % of the standard deviation.
    if not abs(W.mean()) <= 0.05 * np.sqrt(variance):
        return Difference(f"entries with mean {W.mean():.3g}", "mean 0")
    if not abs(W.var() / variance - 1) <= 0.05:
        return Difference(f"entries with variance {W.var():.3g}", f"variance {variance:.3g} for H = {H}")
    apart = np.abs(W - np.roll(W, 1, axis=0)).min(axis=0).max()
    if not (apart > 0 and np.abs(np.corrcoef(W[0], W[1])[0, 1]) <= 0.5):
        return Difference("there are rows that repeat each other", guess="Every entry is drawn on its own.")
    return None


def _not_orthogonal(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
    W, H = value[0], inputs["H"]
    if found := _misfit(W, H):
        return found
    gap = np.abs(W @ W.T - np.eye(H)).max()
    if not gap <= 1e-5:
        return Difference(f"rows whose products differ from the identity by {gap:.2g}", "an orthogonal matrix")
    return None


def _not_uniform(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
    """Of all orthogonal matrices none may be likelier than others: the diagonal is then + or - at random."""
    W, H = value[0], inputs["H"]
    if found := _misfit(W, H):
        return found
    # The trace of a uniform orthogonal matrix has mean 0 and variance 1; that of LAPACK's Q, for H = 200, is about -7.
    if not abs(np.trace(W)) <= 4.5:
        return Difference(
            f"diagonal entries that sum to {np.trace(W):.2g}",
            "a sum between -4 and 4, as when their signs are random",
            "Which signs does the diagonal of R have, and what has that to do with the columns of Q?",
        )
    # The sum of a column of length 1 has variance 1; one that points along (1, ..., 1) has the sum 14.
    if not (largest := np.abs(W.sum(axis=0)).max()) <= 6.5:
        return Difference(
            f"a column whose entries sum to {largest:.2g}",
            "columns in all directions",
            "The matrix that is taken apart must have entries with mean 0.",
        )
    return None


def _not_from_generator(ask: Ask, inputs: Inputs) -> Difference | None:
    def drawn(kind: str, seed: int) -> Any:
        return _parts(ask({"kind": kind, "H": 6, "rng": InputRecipe("generator", seed)}))[0]

    for kind in ("small", "xavier", "he", "orthogonal"):
        if not same(drawn(kind, 1), drawn(kind, 1)):
            return Difference(f"{kind}: two generators with the same seed give two matrices")
        if same(100 * drawn(kind, 1), 100 * drawn(kind, 2)):
            return Difference(f"{kind}: generators with different seeds give the same matrix")
    return None


def _kind_case(title: str, kind: str, examine: Callable[[tuple[Any, ...], Inputs], Difference | None]) -> Case:
    return Case(title, partial(_draw_kind, kind=kind), edge=True, examine=examine)


INIT_HIDDEN = Spec(
    name="init_hidden",
    parameters=("kind", "H", "rng"),
    returns=(Array("the matrix", "H H"),),
    worked=(Case("identity, H = 3", partial(_draw_kind, kind="identity", H=3)),),
    properties=(Property("the numbers come from rng", _not_from_generator),),
    cases=(
        Case("identity", partial(_draw_kind, kind="identity", H=7)),
        _kind_case("small: mean 0, variance 0.0001", "small", partial(_not_spread, variance=1e-4)),
        _kind_case("xavier: mean 0, variance 1/H", "xavier", partial(_not_spread, variance=1 / WIDE)),
        _kind_case("he: mean 0, variance 2/H", "he", partial(_not_spread, variance=2 / WIDE)),
        _kind_case("orthogonal: rows of length 1 at right angles", "orthogonal", _not_orthogonal),
        _kind_case("orthogonal: signs at random", "orthogonal", _not_uniform),
        Case("an unknown kind raises ValueError", partial(_draw_kind, kind="xaver", H=4), edge=True),
    ),
)


# -- 7 clip_by_value and 8 clip_by_global_norm -------------------------------------------------------------------------


def _draw_grads(rng: Rng, sizes: Sizes, limit: str, factor: float, keys: tuple[str, ...] = KEYS) -> Inputs:
    """Return gradients, and a limit that is ``factor`` times their root mean square or their global norm."""
    D, H = sizes["D"], sizes["H"]
    drawn = {"W_xh": normal(rng, D, H), "W_hh": 3 * normal(rng, H, H), "b_h": 0.5 * normal(rng, H)}
    grads = {key: drawn[key] for key in keys}
    squares = np.concatenate([g.ravel() ** 2 for g in grads.values()])
    size = squares.mean() if limit == "c" else squares.sum()
    return {"grads": grads, limit: round(float(factor * np.sqrt(size)), 3)}


def _zero_grads(rng: Rng, sizes: Sizes, limit: str) -> Inputs:
    drawn = _draw_grads(rng, sizes, limit, 0.5)
    return {**drawn, "grads": {key: np.zeros_like(g) for key, g in drawn["grads"].items()}}


def _clip_cases(limit: str, factor: float) -> tuple[Case, ...]:
    draw = partial(_draw_grads, limit=limit, factor=factor)
    return (
        Case("gradients beyond the limit", draw),
        Case("a lower limit", partial(_draw_grads, limit=limit, factor=factor / 5)),
        Case("gradients within the limit stay as they are", partial(_draw_grads, limit=limit, factor=20.0)),
        Case("two arrays in the dict", partial(draw, keys=("W_hh", "b_h")), edge=True),
        Case("one array in the dict", partial(draw, keys=("W_xh",)), edge=True),
        Case("float32 stays float32", in_float32(draw), remark=True),
        Case("gradients that are all 0", partial(_zero_grads, limit=limit), edge=True),
    )


GRADS = (Array("W_xh"), Array("W_hh"), Array("b_h"))

CLIP_BY_VALUE = Spec(
    name="clip_by_value",
    parameters=("grads", "c"),
    returns=GRADS,
    as_dict=True,
    sizes={"D": 3, "H": 4},
    worked=(
        Case(
            "(30, -40) and 2 clipped to ±5",
            fixed(grads={"W_xh": np.array([[30.0, -40.0]]), "b_h": np.array([2.0])}, c=5.0),
        ),
    ),
    cases=_clip_cases("c", 0.6),
)


def _direction_turned(ask: Ask, inputs: Inputs) -> Difference | None:
    before = np.concatenate([inputs["grads"][key].ravel() for key in KEYS])
    after = np.concatenate([g.ravel() for g in _parts(ask(inputs))[: len(KEYS)]])
    across = float(before @ after / np.sqrt((before @ before) * (after @ after)))
    if across > 1 - 1e-6:
        return None
    return Difference(
        f"the angle between the gradient before and after has cosine {across:.4f}, not 1",
        guess="All arrays together are one long vector, and clipping its norm must not turn it.",
    )


CLIP_BY_GLOBAL_NORM = Spec(
    name="clip_by_global_norm",
    parameters=("grads", "max_norm"),
    returns=(*GRADS, Value("the norm")),
    as_dict=True,
    beside_dict=1,
    sizes={"D": 3, "H": 4},
    worked=(
        Case(
            "30, -40 and 0: norm 50, clipped to 5",
            fixed(
                grads={"W_xh": np.array([[30.0]]), "W_hh": np.array([[-40.0]]), "b_h": np.array([0.0])}, max_norm=5.0
            ),
        ),
    ),
    properties=(Property("the direction stays", _direction_turned),),
    cases=_clip_cases("max_norm", 0.6),
)


# -- 9 vanishing_quiz --------------------------------------------------------------------------------------------------

VANISHING_QUIZ = Spec(
    name="vanishing_quiz",
    parameters=("question",),
    returns=(Value("the answer"),),
    proportional=True,
    cases=tuple(
        Case(f"question {name!r}", fixed(question=name), choices=("a", "b", "c", "d"))
        for name in ("clipping", "relu", "sigmoid", "xavier")
    ),
)

SPECS = (
    ACTIVATION,
    SCALAR_CHAIN,
    GRADIENT_NORMS,
    DECAY_RATE,
    GRADIENT_BOUND,
    INIT_HIDDEN,
    CLIP_BY_VALUE,
    CLIP_BY_GLOBAL_NORM,
    VANISHING_QUIZ,
)
