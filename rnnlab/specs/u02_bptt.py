"""What is asked of the nine exercises of unit 02, backpropagation through time."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from rnnlab.checking.calling import InputRecipe, Raised, Returned
from rnnlab.checking.compare import Difference, same
from rnnlab.checking.properties import fits
from rnnlab.checking.spec import Array, Ask, Case, Inputs, Property, Rng, Sizes, Spec, Value, fixed, in_float32, normal


def _parts(result: Returned | Raised) -> tuple[Any, ...]:
    """Return what was returned; nothing if there was an exception, so that it equals nothing."""
    return () if isinstance(result, Raised) else result.value


def _function(name: str) -> InputRecipe:
    return InputRecipe("function", name)


# -- 1 numerical_gradient ----------------------------------------------------------------------------------------------


def _draw_cubic(rng: Rng, sizes: Sizes) -> Inputs:
    return {"f": _function("cubic"), "x": normal(rng, sizes["N"], sizes["D"]), "h": 0.01}


def _draw_raised(rng: Rng, sizes: Sizes) -> Inputs:
    return {"f": _function("raised_sines"), "x": normal(rng, sizes["D"])}


def _draw_mixed(rng: Rng, sizes: Sizes) -> Inputs:
    N, D = sizes["N"], sizes["D"]
    return {"f": _function("mixed"), "x": (0.3 * normal(rng, N, D)).round(3), "df": normal(rng, D, N), "h": 1e-3}


def _draw_unchanged(rng: Rng, sizes: Sizes) -> Inputs:
    N, D = sizes["N"], sizes["D"]
    return {"f": _function("unchanged"), "x": normal(rng, N, D), "df": normal(rng, N, D)}


def _draw_whole(rng: Rng, sizes: Sizes) -> Inputs:
    return {"f": _function("quadratic"), "x": rng.integers(-3, 4, size=(sizes["N"], sizes["D"]))}


def _draw_deep(rng: Rng, sizes: Sizes) -> Inputs:
    return {"f": _function("cubic"), "x": normal(rng, 2, sizes["N"], sizes["D"])}


def _changes_x(ask: Ask, inputs: Inputs) -> Difference | None:
    # Roots have digits to the last bit, so that some of forty do not survive being nudged back and forth.
    result = ask({"f": _function("quadratic"), "x": np.sqrt(np.arange(2.0, 42.0))})
    if isinstance(result, Returned) and "x" in result.changed:
        return Difference(
            "x is not the same afterwards, to the last bit",
            guess="x + h - 2h + h is not x in floating point: work on a copy, or put the old number back.",
        )
    return None


NUMERICAL_GRADIENT = Spec(
    name="numerical_gradient",
    parameters=("f", "x", "df", "h"),
    returns=(Array("the gradient"),),
    sizes={"N": 2, "D": 3},
    worked=(
        Case("the sum of squares worked by hand", fixed(f=_function("quadratic"), x=np.array([3.0, -2.0]), h=0.5)),
    ),
    properties=(Property("x is left as it was", _changes_x, edge=True, unchanged="x"),),
    cases=(
        Case("a table (N, D), nudged by h = 0.01", _draw_cubic),
        Case("a small slope on a large constant, h not given", _draw_raised),
        Case("a function that returns an array, weighed by df", _draw_mixed),
        Case("three axes", _draw_deep, edge=True),
        Case("a function that returns its own input", _draw_unchanged, edge=True),
        Case("whole numbers raise TypeError", _draw_whole, edge=True),
        Case("float32 raises TypeError", in_float32(_draw_cubic), edge=True),
    ),
)


# -- 2 relative_error --------------------------------------------------------------------------------------------------


def _draw_pair(rng: Rng, sizes: Sizes) -> Inputs:
    return {"a": normal(rng, sizes["N"], sizes["D"]), "b": normal(rng, sizes["N"], sizes["D"])}


def _draw_near(rng: Rng, sizes: Sizes) -> Inputs:
    a = np.round(rng.uniform(-0.01, 0.01, sizes["D"]), 4)
    return {"a": a, "b": (a * np.linspace(0.5, 1.5, a.size)).round(5)}


def _draw_opposite(rng: Rng, sizes: Sizes) -> Inputs:
    a = normal(rng, sizes["D"]) + 0.001
    return {"a": a, "b": (-0.5 * a).round(5)}


def _draw_zeros(rng: Rng, sizes: Sizes) -> Inputs:
    return {"a": np.zeros(sizes["D"]), "b": np.zeros(sizes["D"])}


def _draw_one_zero(rng: Rng, sizes: Sizes) -> Inputs:
    return {"a": np.zeros(sizes["D"]), "b": -np.abs(normal(rng, sizes["D"])) - 1.0}


def _draw_misfit(rng: Rng, sizes: Sizes) -> Inputs:
    return {"a": normal(rng, sizes["D"]), "b": normal(rng, sizes["D"], 1)}


def _draw_misfit_turned(rng: Rng, sizes: Sizes) -> Inputs:
    return {"a": normal(rng, sizes["D"], 1), "b": normal(rng, sizes["D"])}


RELATIVE_ERROR = Spec(
    name="relative_error",
    parameters=("a", "b"),
    returns=(Value("the error"),),
    sizes={"N": 3, "D": 5},
    worked=(Case("(1, 2) and (1, 3) give 0.2", fixed(a=np.array([1.0, 2.0]), b=np.array([1.0, 3.0]))),),
    cases=(
        Case("two tables", _draw_pair),
        Case("small numbers", _draw_near),
        Case("opposite signs", _draw_opposite),
        Case("zeros against other numbers give 1", _draw_one_zero, edge=True),
        Case("zeros against zeros give 0", _draw_zeros, edge=True),
        Case("shapes (D,) and (D, 1) raise ValueError", _draw_misfit, edge=True),
        Case("shapes (D, 1) and (D,) raise ValueError", _draw_misfit_turned, edge=True),
    ),
)


# -- 3 rnn_cell_backward -----------------------------------------------------------------------------------------------


def _states(rng: Rng, *shape: int) -> Any:
    """Return hidden states; a backward pass takes them as they are, so they need not come from a forward pass."""
    return np.tanh(normal(rng, *shape)).round(2)


def _weights(rng: Rng, sizes: Sizes) -> tuple[Any, Any]:
    D, H = sizes["D"], sizes["H"]
    return (0.5 * normal(rng, D, H)).round(3), (0.5 * normal(rng, H, H)).round(3)


def _draw_step(rng: Rng, sizes: Sizes) -> Inputs:
    N, D, H = sizes["N"], sizes["D"], sizes["H"]
    W_xh, W_hh = _weights(rng, sizes)
    cache = (normal(rng, N, D), _states(rng, N, H), W_xh, W_hh, _states(rng, N, H))
    return {"dh_t": normal(rng, N, H), "cache": cache}


def _draw_step_by_hand(rng: Rng, sizes: Sizes) -> Inputs:
    W_xh, W_hh = np.array([[1.0, 0.0], [0.5, 1.0]]), np.array([[0.2, 0.4], [0.6, -0.2]])
    cache = (np.array([[1.0, 2.0]]), np.array([[0.0, 0.5]]), W_xh, W_hh, np.array([[0.5, 0.0]]))
    return {"dh_t": np.array([[4.0, -1.0]]), "cache": cache}


def _not_linear(upstream: str, ask: Ask, inputs: Inputs) -> Difference | None:
    """Nothing in, nothing out; twice the gradient in, twice the gradient out."""
    once = _parts(ask(inputs))
    nothing = _parts(ask({**inputs, upstream: np.zeros_like(inputs[upstream])}))
    if any(np.any(part) for part in nothing):
        return Difference(
            f"with {upstream} = 0 some gradient is not 0",
            guess="Something is returned that is not a gradient, or something is added without being multiplied.",
        )
    twice = _parts(ask({**inputs, upstream: 2 * inputs[upstream]}))
    if len(once) == len(twice) and all(
        same(np.asarray(b), 2 * np.asarray(a)) for a, b in zip(once, twice, strict=True)
    ):
        return None
    return Difference(f"twice the {upstream} does not give twice the gradients")


_step_not_linear = partial(_not_linear, "dh_t")


RNN_CELL_BACKWARD = Spec(
    name="rnn_cell_backward",
    parameters=("dh_t", "cache"),
    returns=(
        Array("dx_t", "N D"),
        Array("dh_prev", "N H"),
        Array("dW_xh", "D H"),
        Array("dW_hh", "H H"),
        Array("db_h", "H"),
    ),
    sizes={"N": 3, "D": 4, "H": 5},
    worked=(Case("the step worked by hand (D = H = 2)", _draw_step_by_hand, sizes={"N": 1, "D": 2, "H": 2}),),
    properties=(Property("nothing in, nothing out; twice in, twice out", _step_not_linear),),
    cases=(
        Case("N, D, H all different", _draw_step),
        Case("one sequence (N = 1)", _draw_step, sizes={"N": 1}, edge=True),
        Case("one hidden unit (H = 1)", _draw_step, sizes={"H": 1}, edge=True),
        Case("float32 stays float32", in_float32(_draw_step), remark=True),
    ),
)


# -- 4 rnn_backward ----------------------------------------------------------------------------------------------------


def _draw_sequence(rng: Rng, sizes: Sizes) -> Inputs:
    N, T, D, H = (sizes[letter] for letter in "NTDH")
    W_xh, W_hh = _weights(rng, sizes)
    x, h = normal(rng, N, T, D), _states(rng, N, T + 1, H)
    caches = [(x[:, t].copy(), h[:, t].copy(), W_xh, W_hh, h[:, t + 1].copy()) for t in range(T)]
    return {"dh_all": normal(rng, N, T, H), "caches": caches}


def _draw_sequence_by_hand(rng: Rng, sizes: Sizes) -> Inputs:
    def number(value: float) -> Any:
        return np.array([[value]])

    W_xh, W_hh = number(1.0), number(0.5)
    caches = [(number(1.0), number(0.2), W_xh, W_hh, number(0.5)), (number(-1.0), number(0.5), W_xh, W_hh, number(0.0))]
    return {"dh_all": np.array([[[1.0], [2.0]]]), "caches": caches}


_sequence_not_linear = partial(_not_linear, "dh_all")


def _never_reaches_the_start(ask: Ask, inputs: Inputs) -> Difference | None:
    """A gradient that comes from above at the last step only must arrive at h0."""
    late = np.zeros_like(inputs["dh_all"])
    late[:, -1] = 1.0
    dh0 = np.asarray(_parts(ask({**inputs, "dh_all": late}))[1])
    if np.any(dh0):
        return None
    return Difference(
        "a gradient at the last step does not arrive at h0",
        guess="What step t + 1 returns as dh_prev arrives at h_t too: it is added to dh_all[:, t].",
    )


RNN_BACKWARD = Spec(
    name="rnn_backward",
    parameters=("dh_all", "caches"),
    returns=(
        Array("dx", "N T D"),
        Array("dh0", "N H"),
        Array("dW_xh", "D H"),
        Array("dW_hh", "H H"),
        Array("db_h", "H"),
    ),
    sizes={"N": 2, "T": 6, "D": 3, "H": 4},
    as_dict=True,
    builds_on=("rnn_cell_backward",),
    worked=(Case("the two steps worked by hand", _draw_sequence_by_hand, sizes={"N": 1, "T": 2, "D": 1, "H": 1}),),
    properties=(
        Property("nothing in, nothing out; twice in, twice out", _sequence_not_linear),
        Property("the last step's gradient arrives at h0", _never_reaches_the_start),
    ),
    cases=(
        Case("a gradient at every step, N, T, D, H all different", _draw_sequence),
        Case("one step (T = 1)", _draw_sequence, sizes={"T": 1}, edge=True),
        Case("one sequence (N = 1)", _draw_sequence, sizes={"N": 1}, edge=True),
        Case("float32 stays float32", in_float32(_draw_sequence), remark=True),
    ),
)


# -- 5 repaired_notes_backward -----------------------------------------------------------------------------------------


def _draw_notes(rng: Rng, sizes: Sizes) -> Inputs:
    m, n_x, n_a = sizes["m"], sizes["n_x"], sizes["n_a"]
    parameters = {"Wax": (0.5 * normal(rng, n_a, n_x)).round(3), "Waa": (0.5 * normal(rng, n_a, n_a)).round(3)}
    cache = (_states(rng, n_a, m), _states(rng, n_a, m), normal(rng, n_x, m), parameters)
    return {"da_next": normal(rng, n_a, m), "cache": cache}


def _draw_notes_by_hand(rng: Rng, sizes: Sizes) -> Inputs:
    zero, half, two = np.array([[0.0]]), np.array([[0.5]]), np.array([[2.0]])
    parameters = {"Wax": np.array([[1.0]]), "Waa": np.array([[3.0]])}
    return {"da_next": np.array([[4.0]]), "cache": (zero, half, two, parameters)}


REPAIRED_NOTES_BACKWARD = Spec(
    name="repaired_notes_backward",
    parameters=("da_next", "cache"),
    returns=(
        Array("dxt", "n_x m"),
        Array("da_prev", "n_a m"),
        Array("dWax", "n_a n_x"),
        Array("dWaa", "n_a n_a"),
        Array("dba"),
    ),
    sizes={"m": 4, "n_x": 3, "n_a": 5},
    as_dict=True,
    worked=(Case("the step worked by hand", _draw_notes_by_hand, sizes={"m": 1, "n_x": 1, "n_a": 1}),),
    cases=(
        Case("all sizes different", _draw_notes),
        Case("one sequence (m = 1)", _draw_notes, sizes={"m": 1}, edge=True),
        Case("float32 stays float32", in_float32(_draw_notes), remark=True),
    ),
)


# -- 6 cheapest_check --------------------------------------------------------------------------------------------------

FINDS = ("shapes", "zero upstream", "numerical, T = 1", "numerical, T = 5")
BUGS = ("bias as a row", "weight returned", "no square", "no carry", "overwritten", "not transposed", "dh0 zero")

CHEAPEST_CHECK = Spec(
    name="cheapest_check",
    parameters=("bug",),
    returns=(Value("the check"),),
    proportional=True,
    cases=(
        Case(f"{BUGS[0]!r}", fixed(bug=BUGS[0])),  # the text answers this one
        *(Case(f"{bug!r}", fixed(bug=bug), choices=FINDS) for bug in BUGS[1:]),
        Case("an unknown bug raises KeyError", fixed(bug="no such bug")),
    ),
)


# -- 7 readout_backward ------------------------------------------------------------------------------------------------


def _draw_readout(rng: Rng, sizes: Sizes) -> Inputs:
    N, T, H, C = (sizes[letter] for letter in "NTHC")
    return {"dlogits": normal(rng, N, T, C), "h_all": _states(rng, N, T, H), "W_hy": normal(rng, H, C)}


def _draw_readout_by_hand(rng: Rng, sizes: Sizes) -> Inputs:
    return {
        "dlogits": np.array([[[1.0, 0.0, -1.0], [0.0, 2.0, 0.0]]]),
        "h_all": np.array([[[1.0, 0.0], [0.5, -0.5]]]),
        "W_hy": np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 4.0]]),
    }


_readout_not_linear = partial(_not_linear, "dlogits")


READOUT_BACKWARD = Spec(
    name="readout_backward",
    parameters=("dlogits", "h_all", "W_hy"),
    returns=(Array("dh_all", "N T H"), Array("dW_hy", "H C"), Array("db_y", "C")),
    sizes={"N": 3, "T": 4, "H": 5, "C": 2},
    worked=(Case("the two steps worked by hand", _draw_readout_by_hand, sizes={"N": 1, "T": 2, "H": 2, "C": 3}),),
    properties=(Property("nothing in, nothing out; twice in, twice out", _readout_not_linear),),
    cases=(
        Case("N, T, H, C all different", _draw_readout),
        Case("one step (T = 1)", _draw_readout, sizes={"T": 1}, edge=True),
        Case("one sequence (N = 1)", _draw_readout, sizes={"N": 1}, edge=True),
        Case("float32 stays float32", in_float32(_draw_readout), remark=True),
    ),
)


# -- 8 sequence_cross_entropy ------------------------------------------------------------------------------------------


def _draw_unmasked(rng: Rng, sizes: Sizes) -> Inputs:
    N, T, V = (sizes[letter] for letter in "NTV")
    return {"logits": normal(rng, N, T, V), "targets": rng.integers(0, V, size=(N, T))}


def _draw_masked(rng: Rng, sizes: Sizes) -> Inputs:
    """The first sequence counts nowhere, the second everywhere, the others up to some step."""
    N, T = sizes["N"], sizes["T"]
    lengths = np.concatenate([[0, T], rng.integers(1, T, size=N)])[:N]
    return _draw_unmasked(rng, sizes) | {"mask": (np.arange(T) < lengths[:, None]).astype(np.float64)}


def _draw_truth_values(rng: Rng, sizes: Sizes) -> Inputs:
    inputs = _draw_masked(rng, sizes)
    return {**inputs, "mask": inputs["mask"][::-1, ::-1] > 0}


def _draw_nothing_known(rng: Rng, sizes: Sizes) -> Inputs:
    return {"logits": np.zeros((3, 10, 10)), "targets": rng.integers(0, 10, size=(3, 10))}


def _draw_far_apart(rng: Rng, sizes: Sizes) -> Inputs:
    """At step 0 the wanted class lies 800 below another; at step 1 all scores are large."""
    inputs = _draw_unmasked(rng, sizes)
    inputs["logits"][:, 0, 0] += 800.0
    inputs["targets"][:, 0] = 1
    inputs["logits"][:, 1] += 900.0
    return inputs


def _draw_loss_by_hand(rng: Rng, sizes: Sizes) -> Inputs:
    return {"logits": np.array([[[0.0, np.log(3.0)], [0.0, 0.0]]]), "targets": np.array([[1, 0]])}


def _draw_masked_by_hand(rng: Rng, sizes: Sizes) -> Inputs:
    return _draw_loss_by_hand(rng, sizes) | {"mask": np.array([[1.0, 0.0]])}


def _loss_and_gradient_differ(ask: Ask, inputs: Inputs) -> Difference | None:
    """The loss must change along a direction as its gradient says."""
    direction = np.cos(np.arange(inputs["logits"].size)).reshape(inputs["logits"].shape)
    ahead, behind = (
        float(_parts(ask({**inputs, "logits": inputs["logits"] + step * direction}))[0]) for step in (0.01, -0.01)
    )
    dlogits = _parts(ask(inputs))[1]
    if not fits(dlogits, direction):
        return Difference(f"dlogits of shape {np.shape(dlogits)}", f"the shape of the scores, {direction.shape}")
    # Steps so large that a loss in float32 has enough digits; what is missing shows in the first digit or the second.
    slope, told = (ahead - behind) / 0.02, float(np.sum(direction * dlogits))
    if abs(slope - told) <= 1e-3 * max(1.0, abs(slope)):
        return None
    return Difference(
        f"moving the scores changes the loss by {slope:.4g} per unit, but dlogits says {told:.4g}",
        guess="The loss and its gradient do not fit together: a factor or the mask is in one of them only.",
    )


def _masked_steps_matter(ask: Ask, inputs: Inputs) -> Difference | None:
    out = inputs["mask"] == 0
    logits = np.where(out[..., None], inputs["logits"] + np.arange(inputs["logits"].shape[-1]), inputs["logits"])
    here, there = _parts(ask(inputs)), _parts(ask({**inputs, "logits": logits}))
    if same(np.asarray(here[0]), np.asarray(there[0])) and same(np.asarray(here[1]), np.asarray(there[1])):
        return None
    return Difference("other scores at a step that does not count change the loss or its gradient")


SEQUENCE_CROSS_ENTROPY = Spec(
    name="sequence_cross_entropy",
    parameters=("logits", "targets", "mask"),
    returns=(Value("loss"), Array("dlogits", "N T V")),
    sizes={"N": 3, "T": 4, "V": 5},
    worked=(
        Case("the two steps worked by hand", _draw_loss_by_hand, sizes={"N": 1, "T": 2, "V": 2}),
        Case("the same with the mask (1, 0)", _draw_masked_by_hand, sizes={"N": 1, "T": 2, "V": 2}),
    ),
    properties=(
        Property("the loss and its gradient belong together", _loss_and_gradient_differ),
        Property("steps that do not count do not matter", _masked_steps_matter),
    ),
    cases=(
        Case("a mask of 0 and 1, one sequence counts nowhere", _draw_masked),
        Case("no mask", _draw_unmasked),
        Case("knowing nothing costs T ln V (ten steps of ten: 23.03)", _draw_nothing_known),
        Case("a mask of booleans", _draw_truth_values, edge=True),
        Case("one step (T = 1)", _draw_unmasked, sizes={"T": 1}, edge=True),
        Case("one sequence (N = 1)", _draw_unmasked, sizes={"N": 1}, edge=True),
        Case("scores 800 apart", _draw_far_apart, edge=True),
        Case("float32 stays float32", in_float32(_draw_unmasked), remark=True),
        Case("float32 stays float32 under a mask of truth values", in_float32(_draw_truth_values), remark=True),
    ),
)


# -- 9 tbptt_backward --------------------------------------------------------------------------------------------------


def _draw_text(rng: Rng, sizes: Sizes, chunk: int) -> Inputs:
    N, T, D, H, C = (sizes[letter] for letter in "NTDHC")
    W_xh, W_hh = _weights(rng, sizes)
    params = {
        "W_xh": W_xh,
        "W_hh": W_hh,
        "b_h": (0.3 * normal(rng, H)).round(3),
        "W_hy": normal(rng, H, C),
        "b_y": normal(rng, C),
    }
    return {
        "x": normal(rng, N, T, D),
        "h0": _states(rng, N, H),
        "targets": rng.integers(0, C, size=(N, T)),
        "params": params,
        "chunk": chunk,
    }


def _draw_in_three(rng: Rng, sizes: Sizes) -> Inputs:
    return _draw_text(rng, sizes, chunk=(sizes["T"] + 1) // 3 if sizes["T"] % 3 else sizes["T"] // 3 + 1)


def _draw_in_two(rng: Rng, sizes: Sizes) -> Inputs:
    return _draw_text(rng, sizes, chunk=sizes["T"] // 2 + 1)


def _draw_whole_text(rng: Rng, sizes: Sizes) -> Inputs:
    return _draw_text(rng, sizes, chunk=sizes["T"])


def _draw_long_chunk(rng: Rng, sizes: Sizes) -> Inputs:
    return _draw_text(rng, sizes, chunk=sizes["T"] + 3)


def _draw_single_steps(rng: Rng, sizes: Sizes) -> Inputs:
    return _draw_text(rng, sizes, chunk=1)


def _forgets_at_the_border(ask: Ask, inputs: Inputs) -> Difference | None:
    """The forward pass must not notice the cut: loss and last state are those of the whole sequence."""
    cut, whole = _parts(ask(inputs)), _parts(ask({**inputs, "chunk": inputs["x"].shape[1]}))
    if same(np.asarray(cut[0]), np.asarray(whole[0])) and same(np.asarray(cut[6]), np.asarray(whole[6])):
        return None
    return Difference(
        "the loss or the last state depends on the length of the chunks",
        guess="Does each chunk start from the state in which the chunk before it has ended, and is every step read?",
    )


TBPTT_BACKWARD = Spec(
    name="tbptt_backward",
    parameters=("x", "h0", "targets", "params", "chunk"),
    returns=(
        Value("loss"),
        Array("dW_xh", "D H"),
        Array("dW_hh", "H H"),
        Array("db_h", "H"),
        Array("dW_hy", "H C"),
        Array("db_y", "C"),
        Array("h_T", "N H"),
    ),
    sizes={"N": 2, "T": 7, "D": 3, "H": 4, "C": 5},
    as_dict=True,
    builds_on=("sequence_cross_entropy", "readout_backward", "rnn_backward"),
    properties=(Property("the forward pass does not notice the cut", _forgets_at_the_border),),
    cases=(
        Case("two chunks, the last one shorter", _draw_in_two),
        Case("more chunks, the last one shorter", _draw_in_three),
        Case("chunk = T is the full gradient", _draw_whole_text),
        Case("chunks of one step", _draw_single_steps, edge=True),
        Case("a chunk longer than the sequence", _draw_long_chunk, edge=True),
        Case("float32 stays float32", in_float32(_draw_in_two), remark=True),
    ),
)

SPECS = (
    NUMERICAL_GRADIENT,
    RELATIVE_ERROR,
    RNN_CELL_BACKWARD,
    RNN_BACKWARD,
    REPAIRED_NOTES_BACKWARD,
    CHEAPEST_CHECK,
    READOUT_BACKWARD,
    SEQUENCE_CROSS_ENTROPY,
    TBPTT_BACKWARD,
)
