"""What is asked of the nine exercises of unit 03, vanishing and exploding gradients."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from rnnlab.checking.cases import by_hand, float32, one, raises
from rnnlab.checking.compare import Difference
from rnnlab.checking.examinations import in_turn, shaped
from rnnlab.checking.inputs import (
    DrawOne,
    altered,
    computed,
    generator,
    normal,
    number,
    rounded_normal,
    size,
    state,
    weight,
)
from rnnlab.checking.properties import agrees, arrays, drawn_from_rng, holds, relation
from rnnlab.checking.spec import OMITTED, Array, Ask, Case, Examination, Inputs, Property, Rng, Sizes, Spec, Value

SUMS = altered(normal("N H", 2), lambda a: a + 0.01)  # weighted sums, none of which is 0
SUMS_OVER_TIME = altered(normal("N T H", 2), lambda a: a + 0.01)
FAR_OUT = np.array([[-1000.0, -40.0, 40.0], [1000.0, -3.0, 3.0]])

ACTIVATION = Spec(
    inputs={"name": "tanh", "a": SUMS},
    returns=(Array("the value"), Array("the derivative")),
    sizes={"N": 3, "H": 4, "T": 5},
    cases=(
        by_hand("tanh at 0: value 0, derivative 1", name="tanh", a=[0.0]),
        by_hand("sigmoid at 0: value 0.5, derivative 0.25", name="sigmoid", a=[0.0]),
        by_hand("ReLU at -2, 0 and 2", name="relu", a=[-2.0, 0.0, 2.0]),
        Case("tanh of a table"),
        Case("sigmoid of a table", {"name": "sigmoid"}),
        Case("ReLU of a table", {"name": "relu"}),
        Case("linear of a table", {"name": "linear"}, edge=True),
        Case("three axes", {"a": SUMS_OVER_TIME}, edge=True),
        Case("tanh far from 0", {"a": FAR_OUT}, edge=True),
        Case("sigmoid far from 0", {"name": "sigmoid", "a": FAR_OUT}, edge=True),
        float32(" (sigmoid)", name="sigmoid"),
        float32(" (ReLU)", name="relu"),
        raises("ValueError", "an unknown name", name="tnah", a=np.array([0.5])),
    ),
)


SCALAR_CHAIN = Spec(
    inputs={"w": number(0.9, 1.3), "h0": number(0.2, 0.9), "T": size("T"), "act": "tanh"},
    returns=(Value("the derivative"),),
    sizes={"T": 6},
    builds_on=("activation",),
    cases=(
        by_hand("linear, w = 3, two steps: 9", w=3.0, h0=1.0, T=2, act="linear"),
        by_hand("linear, w = 0.2, two steps: 0.04", w=0.2, h0=1.0, T=2, act="linear"),
        by_hand("tanh, w = 2, two steps from h0 = 0.5", w=2.0, h0=0.5, T=2, act="tanh"),
        Case("tanh"),
        Case("sigmoid", {"w": number(-4.5, -3.5), "act": "sigmoid"}),
        Case("linear", {"w": number(0.8, 1.2), "act": "linear"}),
        Case("a negative weight", {"w": number(-1.2, -0.8), "act": "linear"}),
        Case("ReLU with a negative weight", {"w": number(-1.2, -0.8), "act": "relu"}, edge=True),
        Case("no step at all (T = 0)", {"w": 3.0, "h0": 0.4, "T": 0}, edge=True),
        Case("without act it is linear", {"w": 3.0, "h0": 0.4, "T": 3, "act": OMITTED}, edge=True),
    ),
)


# Weights large enough for the norms to stay of similar size over a dozen steps, whatever the activation.
GAIN = {"tanh": 1.5, "sigmoid": 4.5, "relu": 1.5, "linear": 1.0}


IDENTITY = computed("W_hh", lambda W_hh: np.eye(len(W_hh)))

GRADIENT_NORMS = Spec(
    inputs={
        "x": normal("N T D", 0.5),
        "h0": state("N H"),
        "W_xh": weight("D H"),
        "W_hh": normal("H H"),
        "b_h": weight("H", 0.3),
        "act": "tanh",
        "dh_T": normal("N H"),
    },
    change=computed("W_hh", lambda act, W_hh: (GAIN[act] / np.sqrt(len(W_hh)) * W_hh).round(3)),
    returns=(Array("the norms"),),
    sizes={"N": 2, "T": 6, "D": 3, "H": 4},
    builds_on=("activation",),
    properties=(
        holds(
            "the last entry is the norm of dh_T",
            lambda norms, inputs: agrees(norms[-1:], np.array([np.sqrt(np.sum(inputs["dh_T"] ** 2))])),
            "the last entry is not the norm of dh_T",
            guess="Entry t belongs to h_t, so the list begins with h_0 and ends with h_T.",
        ),
        relation(
            "the norms grow in proportion to dh_T",
            {"dh_T": lambda dh_T: -3 * dh_T},
            "-3 times dh_T does not give 3 times the norms",
            wanted=lambda norms: 3 * norms,
        ),
    ),
    cases=(
        by_hand(
            "the two steps worked by hand",
            x=[[[1.0], [-1.5]]],
            h0=[[0.0, 0.0]],
            W_xh=[[1.0, 1.0]],
            W_hh=[[0.0, 2.0], [1.0, 0.0]],
            b_h=[0.0, 0.0],
            act="relu",
            dh_T=[[3.0, 4.0]],
        ),
        Case("tanh, N, T, D, H all different"),
        Case("sigmoid", {"act": "sigmoid"}),
        Case("ReLU", {"act": "relu"}),
        Case("linear with the identity: all norms equal", {"act": "linear"}, change=IDENTITY),
        one("T"),
        one("N", act="sigmoid"),
        one("H", "one unit"),
        float32(),
    ),
)


def _norms(factor: float) -> DrawOne:
    """Draw norms that change by about ``factor`` with every step back."""

    def draw(rng: Rng, sizes: Sizes) -> Any:
        steps = factor * np.exp(0.3 * rounded_normal(rng, sizes["T"]))
        return 2.5 * np.cumprod(np.concatenate([[1.0], steps]))[::-1]

    return draw


DECAY_RATE = Spec(
    inputs={"norms": _norms(0.6)},
    returns=(Value("the rate"),),
    sizes={"T": 6},
    properties=(
        relation(
            "the size of dh_T does not matter",
            {"norms": lambda norms: 7 * norms},
            "seven times the norms give another rate",
        ),
    ),
    cases=(
        by_hand("norms 1, 5, 4: a rate of 0.5", norms=[1.0, 5.0, 4.0]),
        Case("norms that vanish"),
        Case("norms that explode", {"norms": _norms(1.4)}),
        one("T", norms=_norms(0.5)),
        Case("fifty steps", {"norms": _norms(0.25)}, sizes={"T": 50}, edge=True),
    ),
)


GRADIENT_BOUND = Spec(
    inputs={"W_hh": altered(normal("H H"), lambda W: (W / np.sqrt(len(W))).round(3)), "gamma": 0.6, "k": 3},
    returns=(Value("the bound"),),
    sizes={"H": 5},
    cases=(
        by_hand("the matrix worked by hand", W_hh=[[0.0, 2.0], [0.5, 0.0]], gamma=0.25, k=2),
        Case("a random matrix"),
        Case("a matrix whose eigenvalues are all 0", {"W_hh": np.triu(np.full((4, 4), 1.5), 1), "gamma": 1.0, "k": 2}),
        Case("five steps", {"k": 5}),
        Case("no step at all (k = 0)", {"k": 0}, edge=True),
    ),
)


WIDE = 200


def _not_spread(value: tuple[Any, ...], inputs: Inputs, variance: float) -> Difference | None:
    W, H = value[0], inputs["H"]
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
    W = value[0]
    gap = np.abs(W @ W.T - np.eye(len(W))).max()
    if not gap <= 1e-5:
        return Difference(f"rows whose products differ from the identity by {gap:.2g}", "an orthogonal matrix")
    return None


def _not_uniform(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
    """Of all orthogonal matrices none may be likelier than others: the diagonal is then + or - at random."""
    W = value[0]
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


EXAMINED: dict[str, Examination] = {
    "small: mean 0, variance 0.0001": partial(_not_spread, variance=1e-4),
    "xavier: mean 0, variance 1/H": partial(_not_spread, variance=1 / WIDE),
    "he: mean 0, variance 2/H": partial(_not_spread, variance=2 / WIDE),
    "orthogonal: rows of length 1 at right angles": _not_orthogonal,
    "orthogonal: signs at random": _not_uniform,
}

INIT_HIDDEN = Spec(
    inputs={"kind": "identity", "H": WIDE, "rng": generator(0, 2**31)},
    returns=(Array("the matrix", "H H"),),
    properties=(drawn_from_rng(*({"kind": kind, "H": 6} for kind in ("small", "xavier", "he", "orthogonal"))),),
    cases=(
        Case("identity, H = 3", {"H": 3}, worked=True),
        Case("identity", {"H": 7}),
        *(
            Case(title, {"kind": title.partition(":")[0]}, edge=True, examine=in_turn(shaped("W H H"), examine))
            for title, examine in EXAMINED.items()
        ),
        raises("ValueError", "an unknown kind", kind="xaver", H=4),
    ),
)


KEYS = ("W_xh", "W_hh", "b_h")
GRADS = tuple(Array(key) for key in KEYS)


def _grads(*keys: str) -> DrawOne:
    def draw(rng: Rng, sizes: Sizes) -> Any:
        recipes = {"W_xh": normal("D H"), "W_hh": normal("H H", 3), "b_h": normal("H", 0.5)}
        drawn = {key: recipe(rng, sizes) for key, recipe in recipes.items()}
        return {key: drawn[key] for key in keys or KEYS}

    return draw


def _scaled(limit: str, squared_size: Any) -> Any:
    """Return the change that makes the limit so many times the gradients' root of ``squared_size``."""

    def change(inputs: Inputs, rng: Rng, sizes: Sizes) -> Inputs:
        squares = np.concatenate([g.ravel() ** 2 for g in inputs["grads"].values()])
        return {**inputs, limit: round(float(inputs[limit] * np.sqrt(squared_size(squares))), 3)}

    return change


ALL_ZERO = computed("grads", lambda grads: {key: np.zeros_like(g) for key, g in grads.items()})


def _clip_cases(limit: str, worked: Case) -> tuple[Case, ...]:
    return (
        worked,
        Case("gradients beyond the limit"),
        Case("a lower limit", {limit: 0.6 / 5}),
        Case("gradients within the limit stay as they are", {limit: 20.0}),
        Case("two arrays in the dict", {"grads": _grads("W_hh", "b_h")}, edge=True),
        Case("one array in the dict", {"grads": _grads("W_xh")}, edge=True),
        float32(),
        Case("gradients that are all 0", {limit: 0.5}, change=ALL_ZERO, edge=True),
    )


CLIP_BY_VALUE = Spec(
    inputs={"grads": _grads(), "c": 0.6},
    change=_scaled("c", np.mean),
    returns=GRADS,
    as_dict=True,
    sizes={"D": 3, "H": 4},
    cases=_clip_cases(
        "c", by_hand("(30, -40) and 2 clipped to ±5", grads={"W_xh": [[30.0, -40.0]], "b_h": [2.0]}, c=5.0)
    ),
)


def _direction_turned(ask: Ask, inputs: Inputs) -> Difference | None:
    before = np.concatenate([inputs["grads"][key].ravel() for key in KEYS])
    after = np.concatenate([g.ravel() for g in arrays(ask(inputs), len(KEYS))])
    across = float(before @ after / np.sqrt((before @ before) * (after @ after)))
    if across > 1 - 1e-6:
        return None
    return Difference(
        f"the angle between the gradient before and after has cosine {across:.4f}, not 1",
        guess="All arrays together are one long vector, and clipping its norm must not turn it.",
    )


CLIP_BY_GLOBAL_NORM = Spec(
    inputs={"grads": _grads(), "max_norm": 0.6},
    change=_scaled("max_norm", np.sum),
    returns=(*GRADS, Value("the norm")),
    as_dict=True,
    beside_dict=1,
    sizes={"D": 3, "H": 4},
    properties=(Property("the direction stays", _direction_turned),),
    cases=_clip_cases(
        "max_norm",
        by_hand(
            "30, -40 and 0: norm 50, clipped to 5",
            grads={"W_xh": [[30.0]], "W_hh": [[-40.0]], "b_h": [0.0]},
            max_norm=5.0,
        ),
    ),
)


VANISHING_QUIZ = Spec(
    inputs={"question": OMITTED},
    returns=(Value("the answer"),),
    proportional=True,
    cases=tuple(
        Case(f"question {name!r}", {"question": name}, choices=("a", "b", "c", "d"))
        for name in ("clipping", "relu", "sigmoid", "xavier")
    ),
)
