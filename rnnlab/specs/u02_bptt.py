"""What is asked of the nine exercises of unit 02, backpropagation through time."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnlab.checking.calling import Returned
from rnnlab.checking.cases import by_hand, edges, float32, one, questions
from rnnlab.checking.compare import Difference
from rnnlab.checking.inputs import altered, computed, function, integers, normal, size, state, uniform, weight, zeros
from rnnlab.checking.properties import arrays, fits, linear_in, relation
from rnnlab.checking.spec import OMITTED, Array, Ask, Case, Inputs, Property, Rng, Sizes, Spec, Value, returned


def _changes_x(ask: Ask, inputs: Inputs) -> Difference | None:
    # Roots have digits to the last bit, so that some of forty do not survive being nudged back and forth.
    result = ask({"f": function("quadratic"), "x": np.sqrt(np.arange(2.0, 42.0))})
    if isinstance(result, Returned) and "x" in result.changed:
        return Difference(
            "x is not the same afterwards, to the last bit",
            guess="x + h - 2h + h is not x in floating point: work on a copy, or put the old number back.",
        )
    return None


NUMERICAL_GRADIENT = Spec(
    inputs={"f": function("cubic"), "x": normal("N D"), "df": OMITTED, "h": 0.01},
    returns=(Array("the gradient"),),
    sizes={"N": 2, "D": 3},
    properties=(Property("x is left as it was", _changes_x, edge=True, unchanged="x"),),
    cases=(
        by_hand("the sum of squares worked by hand", f=function("quadratic"), x=[3.0, -2.0], h=0.5),
        Case("a table (N, D), nudged by h = 0.01"),
        Case(
            "a small slope on a large constant, h not given",
            {"f": function("raised_sines"), "x": normal("D"), "h": OMITTED},
        ),
        Case(
            "a function that returns an array, weighed by df",
            {"f": function("mixed"), "x": weight("N D", 0.3), "df": normal("D N"), "h": 1e-3},
        ),
        Case("three axes", {"x": normal("2 N D"), "h": OMITTED}, edge=True),
        Case(
            "a function that returns its own input",
            {"f": function("unchanged"), "df": normal("N D"), "h": OMITTED},
            edge=True,
        ),
        Case(
            "whole numbers raise TypeError",
            {"f": function("quadratic"), "x": integers("N D", -3, 4), "h": OMITTED},
            edge=True,
        ),
        Case("float32 raises TypeError", float32=True, edge=True),
    ),
)


BELOW_MINUS_ONE = altered(normal("D"), lambda b: -np.abs(b) - 1.0)
NEAR = computed("b", lambda a: (a * np.linspace(0.5, 1.5, a.size)).round(5))
OPPOSITE = computed("b", lambda a: (-0.5 * a).round(5))

RELATIVE_ERROR = Spec(
    inputs={"a": normal("N D"), "b": normal("N D")},
    returns=(Value("the error"),),
    sizes={"N": 3, "D": 5},
    cases=(
        by_hand("(1, 2) and (1, 3) give 0.2", a=[1.0, 2.0], b=[1.0, 3.0]),
        Case("two tables"),
        Case("small numbers", {"a": uniform("D", -0.01, 0.01, digits=4), "b": OMITTED}, change=NEAR),
        Case("opposite signs", {"a": altered(normal("D"), lambda a: a + 0.001), "b": OMITTED}, change=OPPOSITE),
        Case("zeros against other numbers give 1", {"a": zeros("D"), "b": BELOW_MINUS_ONE}, edge=True),
        Case("zeros against zeros give 0", {"a": zeros("D"), "b": zeros("D")}, edge=True),
        Case("shapes (D,) and (D, 1) raise ValueError", {"a": normal("D"), "b": normal("D 1")}, edge=True),
        Case("shapes (D, 1) and (D,) raise ValueError", {"a": normal("D 1"), "b": normal("D")}, edge=True),
    ),
)


# A backward pass takes the states as they are, so they need not come from a forward pass.
CELL_CACHE = (normal("N D"), state("N H"), weight("D H"), weight("H H"), state("N H"))

RNN_CELL_BACKWARD = Spec(
    inputs={"dh_t": normal("N H"), "cache": CELL_CACHE},
    returns=returned("dx_t N D", "dh_prev N H", "dW_xh D H", "dW_hh H H", "db_h H"),
    sizes={"N": 3, "D": 4, "H": 5},
    properties=(linear_in("dh_t"),),
    cases=(
        by_hand(
            "the step worked by hand (D = H = 2)",
            {"N": 1, "D": 2, "H": 2},
            dh_t=[[4.0, -1.0]],
            cache=([[1.0, 2.0]], [[0.0, 0.5]], [[1.0, 0.0], [0.5, 1.0]], [[0.2, 0.4], [0.6, -0.2]], [[0.5, 0.0]]),
        ),
        Case("N, D, H all different"),
        *edges("N H"),
    ),
)


def _caches(rng: Rng, sizes: Sizes) -> Any:
    """Return the caches of T steps, each of which starts from the state in which the one before has ended."""
    W_xh, W_hh = weight("D H")(rng, sizes), weight("H H")(rng, sizes)
    x, h = normal("N T D")(rng, sizes), state("N T+1 H")(rng, sizes)
    return [(x[:, t].copy(), h[:, t].copy(), W_xh, W_hh, h[:, t + 1].copy()) for t in range(sizes["T"])]


def _never_reaches_the_start(ask: Ask, inputs: Inputs) -> Difference | None:
    """A gradient that comes from above at the last step only must arrive at h0."""
    late = np.zeros_like(inputs["dh_all"])
    late[:, -1] = 1.0
    if np.any(arrays(ask({**inputs, "dh_all": late}), 2)[1]):
        return None
    return Difference(
        "a gradient at the last step does not arrive at h0",
        guess="What step t + 1 returns as dh_prev arrives at h_t too: it is added to dh_all[:, t].",
    )


RNN_BACKWARD = Spec(
    inputs={"dh_all": normal("N T H"), "caches": _caches},
    returns=returned("dx N T D", "dh0 N H", "dW_xh D H", "dW_hh H H", "db_h H"),
    sizes={"N": 2, "T": 6, "D": 3, "H": 4},
    as_dict=True,
    builds_on=("rnn_cell_backward",),
    properties=(linear_in("dh_all"), Property("the last step's gradient arrives at h0", _never_reaches_the_start)),
    cases=(
        by_hand(
            "the two steps worked by hand",
            {"N": 1, "T": 2, "D": 1, "H": 1},
            dh_all=[[[1.0], [2.0]]],
            caches=[([[1.0]], [[0.2]], [[1.0]], [[0.5]], [[0.5]]), ([[-1.0]], [[0.5]], [[1.0]], [[0.5]], [[0.0]])],
        ),
        Case("a gradient at every step, N, T, D, H all different"),
        *edges("T N"),
    ),
)


NOTES_CACHE = (
    state("n_a m"),
    state("n_a m"),
    normal("n_x m"),
    {"Wax": weight("n_a n_x"), "Waa": weight("n_a n_a")},
)

REPAIRED_NOTES_BACKWARD = Spec(
    inputs={"da_next": normal("n_a m"), "cache": NOTES_CACHE},
    returns=returned("dxt n_x m", "da_prev n_a m", "dWax n_a n_x", "dWaa n_a n_a", "dba"),
    sizes={"m": 4, "n_x": 3, "n_a": 5},
    as_dict=True,
    cases=(
        by_hand(
            "the step worked by hand",
            {"m": 1, "n_x": 1, "n_a": 1},
            da_next=[[4.0]],
            cache=([[0.0]], [[0.5]], [[2.0]], {"Wax": [[1.0]], "Waa": [[3.0]]}),
        ),
        Case("all sizes different"),
        one("m"),
        float32(),
    ),
)


FINDS = ("shapes", "zero upstream", "numerical, T = 1", "numerical, T = 5")
BUGS = ("bias as a row", "weight returned", "no square", "no carry", "overwritten", "not transposed", "dh0 zero")

CHEAPEST_CHECK = Spec(
    inputs={"bug": OMITTED},
    returns=(Value("the check"),),
    proportional=True,
    cases=questions("bug", BUGS, FINDS, in_the_text=BUGS[:1], unknown="bug"),
)


READOUT_BACKWARD = Spec(
    inputs={"dlogits": normal("N T C"), "h_all": state("N T H"), "W_hy": normal("H C")},
    returns=returned("dh_all N T H", "dW_hy H C", "db_y C"),
    sizes={"N": 3, "T": 4, "H": 5, "C": 2},
    properties=(linear_in("dlogits"),),
    cases=(
        by_hand(
            "the two steps worked by hand",
            {"N": 1, "T": 2, "H": 2, "C": 3},
            dlogits=[[[1.0, 0.0, -1.0], [0.0, 2.0, 0.0]]],
            h_all=[[[1.0, 0.0], [0.5, -0.5]]],
            W_hy=[[1.0, 2.0, 0.0], [0.0, 1.0, 4.0]],
        ),
        Case("N, T, H, C all different"),
        *edges("T N"),
    ),
)


def _mask(rng: Rng, sizes: Sizes) -> Any:
    """Return a mask in which the first sequence counts nowhere, the second everywhere, the others up to some step."""
    N, T = sizes["N"], sizes["T"]
    lengths = np.concatenate([[0, T], rng.integers(1, T, size=N)])[:N]
    return (np.arange(T) < lengths[:, None]).astype(np.float64)


def _far_apart(inputs: Inputs, rng: Rng, sizes: Sizes) -> Inputs:
    """At step 0 the wanted class lies 800 below another; at step 1 all scores are large."""
    inputs["logits"][:, 0, 0] += 800.0
    inputs["targets"][:, 0] = 1
    inputs["logits"][:, 1] += 900.0
    return inputs


def _loss_and_gradient_differ(ask: Ask, inputs: Inputs) -> Difference | None:
    """The loss must change along a direction as its gradient says."""
    direction = np.cos(np.arange(inputs["logits"].size)).reshape(inputs["logits"].shape)
    ahead, behind = (
        float(arrays(ask({**inputs, "logits": inputs["logits"] + step * direction}))[0]) for step in (0.01, -0.01)
    )
    dlogits = arrays(ask(inputs))[1]
    if not fits(dlogits, direction):
        return Difference(f"dlogits of shape {np.shape(dlogits)}", f"the shape of the scores, {direction.shape}")
    # Steps so large that a loss in float32 has enough digits; what is missing shows in the first digit or the second.
    slope, claimed = (ahead - behind) / 0.02, float(np.sum(direction * dlogits))
    if abs(slope - claimed) <= 1e-3 * max(1.0, abs(slope)):
        return None
    return Difference(
        f"moving the scores changes the loss by {slope:.4g} per unit, but dlogits says {claimed:.4g}",
        guess="The loss and its gradient do not fit together: a factor or the mask is in one of them only.",
    )


BOOLEANS = computed("mask", lambda mask: mask[::-1, ::-1] > 0)
STEPS_BY_HAND = {"logits": [[[0.0, np.log(3.0)], [0.0, 0.0]]], "targets": [[1, 0]]}

SEQUENCE_CROSS_ENTROPY = Spec(
    inputs={"logits": normal("N T V"), "targets": integers("N T", 0, "V"), "mask": _mask},
    returns=(Value("loss"), Array("dlogits", "N T V")),
    sizes={"N": 3, "T": 4, "V": 5},
    properties=(
        Property("the loss and its gradient belong together", _loss_and_gradient_differ),
        relation(
            "steps that do not count do not matter",
            {"logits": lambda logits, mask: logits + (mask == 0)[..., None] * np.arange(logits.shape[-1])},
            "other scores at a step that does not count change the loss or its gradient",
            outputs=(0, 1),
        ),
    ),
    cases=(
        by_hand("the two steps worked by hand", {"N": 1, "T": 2, "V": 2}, **STEPS_BY_HAND),
        by_hand("the same with the mask (1, 0)", {"N": 1, "T": 2, "V": 2}, **STEPS_BY_HAND, mask=[[1.0, 0.0]]),
        Case("a mask of 0 and 1, one sequence counts nowhere"),
        Case("no mask", {"mask": OMITTED}),
        Case(
            "knowing nothing costs T ln V (ten steps of ten: 23.03)",
            {"logits": zeros("3 10 10"), "targets": integers("3 10", 0, 10), "mask": OMITTED},
        ),
        Case("a mask of booleans", change=BOOLEANS, edge=True),
        one("T", mask=OMITTED),
        one("N", mask=OMITTED),
        Case("scores 800 apart", {"mask": OMITTED}, change=_far_apart, edge=True),
        float32(mask=OMITTED),
        float32(" under a mask of booleans", change=BOOLEANS),
    ),
)


PARAMS = {
    "W_xh": weight("D H"),
    "W_hh": weight("H H"),
    "b_h": weight("H", 0.3),
    "W_hy": normal("H C"),
    "b_y": normal("C"),
}


def _third(rng: Rng, sizes: Sizes) -> int:
    """Return a third of T, rounded so that the last chunk is shorter."""
    return (sizes["T"] + 1) // 3 if sizes["T"] % 3 else sizes["T"] // 3 + 1


TBPTT_BACKWARD = Spec(
    inputs={
        "x": normal("N T D"),
        "h0": state("N H"),
        "targets": integers("N T", 0, "C"),
        "params": PARAMS,
        "chunk": lambda rng, sizes: sizes["T"] // 2 + 1,
    },
    returns=(Value("loss"), *returned("dW_xh D H", "dW_hh H H", "db_h H", "dW_hy H C", "db_y C", "h_T N H")),
    sizes={"N": 2, "T": 7, "D": 3, "H": 4, "C": 5},
    as_dict=True,
    builds_on=("sequence_cross_entropy", "readout_backward", "rnn_backward"),
    properties=(
        relation(
            "the forward pass does not notice the cut",
            {"chunk": lambda x: x.shape[1]},
            "the loss or the last state depends on the length of the chunks",
            "Does each chunk start from the state in which the chunk before it has ended, and is every step read?",
            outputs=(0, 6),
        ),
    ),
    cases=(
        Case("two chunks, the last one shorter"),
        Case("more chunks, the last one shorter", {"chunk": _third}),
        Case("chunk = T is the full gradient", {"chunk": size("T")}),
        Case("chunks of one step", {"chunk": 1}, edge=True),
        Case("a chunk longer than the sequence", {"chunk": size("T+3")}, edge=True),
        float32(),
    ),
)
