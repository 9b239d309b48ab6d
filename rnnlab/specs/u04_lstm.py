"""What is asked of the eight exercises of unit 04, the LSTM."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from rnnlab.checking.calling import InputRecipe, Raised, Returned
from rnnlab.checking.compare import Difference, same
from rnnlab.checking.properties import as_input, fits
from rnnlab.checking.spec import (
    Array,
    Ask,
    Case,
    Inputs,
    Property,
    Rng,
    Sizes,
    Spec,
    TupleOf,
    Unchecked,
    fixed,
    in_float32,
    normal,
)
from rnnlab.handmade_lstm import flagged_values, lstm_states

GATES = ("i", "f", "o", "g")


def _all(result: Returned | Raised, count: int) -> list[Any]:
    """Return the first ``count`` returned values as arrays; empty ones, which equal nothing, if there are none."""
    if isinstance(result, Raised) or len(result.value) < count:
        return [np.empty(0)] * count
    return [np.asarray(value) for value in result.value[:count]]


# -- 1 sigmoid ---------------------------------------------------------------------------------------------------------


def _draw_table(rng: Rng, sizes: Sizes) -> Inputs:
    return {"x": 3 * normal(rng, sizes["N"], sizes["H"])}


def _draw_far_out(rng: Rng, sizes: Sizes) -> Inputs:
    return {"x": np.array([-1000.0, -40.0, 0.0, 40.0, 1000.0])}


def _draw_whole(rng: Rng, sizes: Sizes) -> Inputs:
    return {"x": rng.integers(-4, 5, size=(sizes["N"], sizes["H"]))}


def _not_mirrored(ask: Ask, inputs: Inputs) -> Difference | None:
    (plus,), (minus,) = _all(ask(inputs), 1), _all(ask({"x": -inputs["x"]}), 1)
    if plus.shape == inputs["x"].shape and same(minus, 1 - plus):
        return None
    return Difference("the results for x and -x do not add up to 1")


SIGMOID = Spec(
    name="sigmoid",
    parameters=("x",),
    returns=(Array("the result"),),
    sizes={"N": 3, "H": 4},
    worked=(Case("0 gives 1/2, ln 3 gives 3/4", fixed(x=np.array([0.0, np.log(3.0), -np.log(3.0)]))),),
    properties=(Property("sigmoid(x) + sigmoid(-x) = 1", _not_mirrored),),
    cases=(
        Case("a table of numbers", _draw_table),
        Case("whole numbers", _draw_whole, edge=True),
        Case("-1000 and 1000, without a warning", _draw_far_out, edge=True, quiet=True),
        Case("float32 stays float32, even at 1000", in_float32(_draw_far_out), edge=True, quiet=True),
    ),
)


# -- 2 lstm_cell_forward -----------------------------------------------------------------------------------------------


def _draw_cell(rng: Rng, sizes: Sizes) -> Inputs:
    N, D, H = sizes["N"], sizes["D"], sizes["H"]
    return {
        "x_t": normal(rng, N, D),
        "h_prev": np.tanh(normal(rng, N, H)).round(2),
        "c_prev": normal(rng, N, H),
        "W_xh": (0.5 * normal(rng, D, 4 * H)).round(3),
        "W_hh": (0.5 * normal(rng, H, 4 * H)).round(3),
        "b": (0.5 * normal(rng, 4 * H)).round(3),
    }


def _draw_cell_by_hand(rng: Rng, sizes: Sizes) -> Inputs:
    return {
        "x_t": np.array([[1.0]]),
        "h_prev": np.array([[0.5]]),
        "c_prev": np.array([[2.0]]),
        "W_xh": np.array([[1.0, 0.0, 1.0, 0.0]]),
        "W_hh": np.array([[-2.0, 4.0, 2.0, 2.0]]),
        "b": np.array([0.0, -1.0, 0.0, -0.5]),
    }


def _saturated(**open_gates: float) -> Callable[[Rng, Sizes], Inputs]:
    """Return a draw whose gates are open (+) or shut (-) as told, whatever the inputs."""

    def draw(rng: Rng, sizes: Sizes) -> Inputs:
        inputs = _draw_cell(rng, sizes)
        b = inputs["b"].reshape(4, sizes["H"])
        for at, gate in enumerate(GATES):
            b[at] += open_gates.get(gate, 0.0)
        return {**inputs, "b": b.reshape(-1)}

    return draw


def _mixed_up_batch(ask: Ask, inputs: Inputs) -> Difference | None:
    turned = {name: value[::-1] if name in ("x_t", "h_prev", "c_prev") else value for name, value in inputs.items()}
    pairs = zip(_all(ask(turned), 2), _all(ask(inputs), 2), strict=True)
    if all(seen.ndim == 2 and same(seen[::-1], straight) for seen, straight in pairs):
        return None
    return Difference(
        "reversing the order of the sequences changes their states",
        guess="Every sequence is to be computed on its own.",
    )


CACHE = TupleOf(
    "cache",
    (
        Array("x_t", "N D"),
        Array("h_prev", "N H"),
        Array("c_prev", "N H"),
        Array("i", "N H"),
        Array("f", "N H"),
        Array("o", "N H"),
        Array("g", "N H"),
        Array("c_t", "N H"),
        Array("W_xh"),
        Array("W_hh"),
    ),
)

LSTM_CELL_FORWARD = Spec(
    name="lstm_cell_forward",
    parameters=("x_t", "h_prev", "c_prev", "W_xh", "W_hh", "b"),
    returns=(Array("h_t", "N H"), Array("c_t", "N H"), CACHE),
    sizes={"N": 3, "D": 4, "H": 5},
    builds_on=("sigmoid",),
    worked=(
        Case("the step worked by hand (D = H = 1)", _draw_cell_by_hand, sizes={"N": 1, "D": 1, "H": 1}),
        Case("f open, i shut: the cell state is kept", _saturated(f=40.0, i=-40.0)),
        Case("f and i shut: the cell state is reset", _saturated(f=-40.0, i=-40.0)),
        Case("f shut, i open: the candidate is written", _saturated(f=-40.0, i=40.0)),
    ),
    properties=(Property("sequences of a batch do not mix", _mixed_up_batch),),
    cases=(
        Case("all terms on, N, D, H all different", _draw_cell),
        Case("the cache holds what the text says, in its order", _draw_cell, edge=True, of="cache"),
        Case("one sequence (N = 1)", _draw_cell, sizes={"N": 1}, edge=True),
        Case("one hidden unit (H = 1)", _draw_cell, sizes={"H": 1}, edge=True),
        Case("float32 stays float32", in_float32(_draw_cell), remark=True),
    ),
)


# -- 3 lstm_forward ----------------------------------------------------------------------------------------------------


def _draw_sequence(rng: Rng, sizes: Sizes) -> Inputs:
    cell = _draw_cell(rng, sizes)
    x = normal(rng, sizes["N"], sizes["T"], sizes["D"])
    weights = {name: cell[name] for name in ("W_xh", "W_hh", "b")}
    return {"x": x, "h0": cell["h_prev"], "c0": cell["c_prev"], **weights}


def _draw_sequence_by_hand(rng: Rng, sizes: Sizes) -> Inputs:
    return {
        "x": np.array([[[1.0], [0.0], [0.0]]]),
        "h0": np.array([[0.0]]),
        "c0": np.array([[2.0]]),
        "W_xh": np.array([[0.0, 0.0, 0.0, 1.0]]),
        "W_hh": np.array([[0.0, 0.0, 0.0, 0.0]]),
        "b": np.array([0.0, 0.0, 0.0, 0.0]),
    }


def _broken_by_split(ask: Ask, inputs: Inputs) -> Difference | None:
    k = inputs["x"].shape[1] // 2
    whole, end = _all(ask(inputs), 2)
    head, middle = _all(ask({**inputs, "x": inputs["x"][:, :k]}), 2)
    if head.ndim != 3 or not fits(head[:, -1], inputs["h0"]) or not fits(middle, inputs["c0"]):
        return Difference("states of another shape for a part of the sequence", "states of the shapes of h0 and c0")
    states = {"h0": as_input(head[:, -1], inputs["h0"]), "c0": as_input(middle, inputs["c0"])}
    tail, last = _all(ask({**inputs, "x": inputs["x"][:, k:], **states}), 2)
    if same(np.concatenate([head, tail], axis=1), whole) and same(last, end):
        return None
    return Difference(
        "reading the sequence in two parts gives other states than reading it at once",
        guess="The second part starts from the h0 and the c0 that it is given.",
    )


LSTM_FORWARD = Spec(
    name="lstm_forward",
    parameters=("x", "h0", "c0", "W_xh", "W_hh", "b"),
    returns=(Array("h_all", "N T H"), Array("c_T", "N H"), Unchecked("caches", length="T")),
    sizes={"N": 2, "T": 6, "D": 3, "H": 4},
    builds_on=("lstm_cell_forward",),
    worked=(Case("the three steps worked by hand", _draw_sequence_by_hand, sizes={"N": 1, "T": 3, "D": 1, "H": 1}),),
    properties=(Property("split at k and carried on, the result is the same", _broken_by_split),),
    cases=(
        Case("random h0 and c0, N, T, D, H all different", _draw_sequence),
        Case("one step (T = 1)", _draw_sequence, sizes={"T": 1}, edge=True),
        Case("one sequence (N = 1)", _draw_sequence, sizes={"N": 1}, edge=True),
        Case("float32 stays float32", in_float32(_draw_sequence), remark=True),
    ),
)


# -- 4 lstm_from_torch -------------------------------------------------------------------------------------------------

WEIGHTS = (Array("W_xh"), Array("W_hh"), Array("b"))


def _draw_state(rng: Rng, sizes: Sizes) -> Inputs:
    D, H = sizes["D"], sizes["H"]
    return {
        "state": {
            "weight_ih_l0": normal(rng, 4 * H, D),
            "weight_hh_l0": normal(rng, 4 * H, H),
            "bias_ih_l0": normal(rng, 4 * H),
            "bias_hh_l0": normal(rng, 4 * H),
        }
    }


def _draw_state_by_hand(rng: Rng, sizes: Sizes) -> Inputs:
    return {
        "state": {
            "weight_ih_l0": np.array([[1.0], [2.0], [3.0], [4.0]]),
            "weight_hh_l0": np.array([[5.0], [6.0], [7.0], [8.0]]),
            "bias_ih_l0": np.array([0.1, 0.2, 0.3, 0.4]),
            "bias_hh_l0": np.array([1.0, 1.0, 1.0, 1.0]),
        }
    }


def _biases_not_alike(ask: Ask, inputs: Inputs) -> Difference | None:
    state = inputs["state"]
    moved = {**state, "bias_ih_l0": state["bias_ih_l0"] + 1.5, "bias_hh_l0": state["bias_hh_l0"] - 1.5}
    if same(_all(ask({"state": moved}), 3)[2], _all(ask(inputs), 3)[2]):
        return None
    return Difference("moving 1.5 from one of torch's biases to the other changes b")


LSTM_FROM_TORCH = Spec(
    name="lstm_from_torch",
    parameters=("state",),
    returns=WEIGHTS,
    sizes={"D": 3, "H": 5},
    as_dict=True,
    worked=(Case("the four rows worked by hand (D = H = 1)", _draw_state_by_hand),),
    properties=(Property("only the sum of the two biases counts", _biases_not_alike),),
    cases=(
        Case("random weights, D and H different", _draw_state),
        Case("one input (D = 1)", _draw_state, sizes={"D": 1}, edge=True),
        Case("float32 stays float32", in_float32(_draw_state), remark=True),
    ),
)


# -- 5 handmade_memory -------------------------------------------------------------------------------------------------

NEAR = 0.05
STEPS = 50


def _draw_units(rng: Rng, sizes: Sizes) -> Inputs:
    return {"H": int(sizes["H"])}


def _watched(look: Callable[[Any, int], Difference | None]) -> Callable[[tuple[Any, ...], Inputs], Difference | None]:
    """Return an examination of returned weights, by their shapes first; ``look`` gets a way to run them, and H."""

    def examine(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
        H = inputs["H"]
        shapes = {"W_xh": (H + 1, 4 * H), "W_hh": (H, 4 * H), "b": (4 * H,)}
        for (name, shape), weight in zip(shapes.items(), value, strict=True):
            if np.shape(weight) != shape or np.asarray(weight).dtype.kind not in "fi":
                return Difference(f"{name} has shape {np.shape(weight)}", f"numbers of shape {shape}")
        weights = [np.asarray(weight, dtype=np.float64) for weight in value]
        return look(lambda x, c0=0.0: lstm_states(x, np.full((len(x), H), c0), *weights), H)

    return examine


def _far(seen: Any, wanted: Any, where: str, guess: str = "") -> Difference | None:
    """Return the first number that is more than five percent off."""
    off = ~(np.abs(seen - wanted) <= NEAR * np.maximum(np.abs(wanted), 0.1))
    if not off.any():
        return None
    at = tuple(np.argwhere(off)[0])
    return Difference(f"{where} is {seen[at]:.3g}", f"{wanted[at]:.3g}, within 5 %", guess)


def _writes(run: Any, H: int) -> Difference | None:
    x = flagged_values(H, 1, 0.0, seed=H)
    return _far(run(x)[1], x[:, 0, :H], "c after a flagged step that starts from 0")


def _replaces(run: Any, H: int) -> Difference | None:
    x = flagged_values(H, 1, 0.0, seed=H + 1)
    where = "c after a flagged step that starts from 3"
    return _far(run(x, 3.0)[1], run(x)[1], where, "The old value must go.")


def _keeps(run: Any, H: int) -> Difference | None:
    x = flagged_values(H, STEPS, 0.0, seed=H + 2)
    return _far(run(x)[1], run(x[:, :1])[1], f"c {STEPS - 1} silent steps after the flagged one")


def _ignores_noise(run: Any, H: int) -> Difference | None:
    x = flagged_values(H, STEPS, 1.0, seed=H + 3)
    quiet = x.copy()
    quiet[:, 1:] = 0.0
    return _far(run(x)[1], run(quiet)[1], f"c after {STEPS - 1} steps of noise")


def _writes_and_ignores_noise(run: Any, H: int) -> Difference | None:
    return _writes(run, H) or _ignores_noise(run, H)


def _shows(run: Any, H: int) -> Difference | None:
    h_all, c = run(flagged_values(H, STEPS, 1.0, seed=H + 4))
    return _far(h_all[:, -1], np.tanh(c), "h, which should be tanh(c),", "What is kept must also be seen.")


HANDMADE_MEMORY = Spec(
    name="handmade_memory",
    parameters=("H",),
    returns=WEIGHTS,
    sizes={"H": 3},
    as_dict=True,
    cases=(
        Case("a flagged step writes the values, within 5 %", _draw_units, examine=_watched(_writes)),
        Case("it replaces what was there before", _draw_units, edge=True, examine=_watched(_replaces)),
        Case("50 silent steps keep c, within 5 %", _draw_units, edge=True, examine=_watched(_keeps)),
        Case("50 steps of noise change nothing, within 5 %", _draw_units, edge=True, examine=_watched(_ignores_noise)),
        Case("h shows tanh(c), within 5 %", _draw_units, edge=True, examine=_watched(_shows)),
        Case("one unit (H = 1)", fixed(H=1), edge=True, examine=_watched(_writes_and_ignores_noise)),
    ),
)


# -- 6 lstm_cell_backward ----------------------------------------------------------------------------------------------


def _share(rng: Rng, *shape: int) -> Any:
    return rng.uniform(0.1, 0.9, size=shape).round(2)


def _draw_cache(rng: Rng, sizes: Sizes, h_prev: Any, c_prev: Any, weights: tuple[Any, Any]) -> tuple[Any, ...]:
    """Return the cache of a step with some gates, as if inputs and biases had led to them."""
    N, D, H = sizes["N"], sizes["D"], sizes["H"]
    i, f, o = (_share(rng, N, H) for _ in range(3))
    g = (2 * _share(rng, N, H) - 1).round(2)
    mixed = np.multiply(i, g) + np.multiply(c_prev, f)
    return (normal(rng, N, D), h_prev, c_prev, i, f, o, g, mixed, *weights)


def _draw_weights(rng: Rng, sizes: Sizes) -> tuple[Any, Any]:
    cell = _draw_cell(rng, sizes)
    return cell["W_xh"], cell["W_hh"]


def _draw_step_back(rng: Rng, sizes: Sizes) -> Inputs:
    N, H = sizes["N"], sizes["H"]
    start = np.tanh(normal(rng, N, H)).round(2), normal(rng, N, H)
    cache = _draw_cache(rng, sizes, *start, _draw_weights(rng, sizes))
    return {"dh": normal(rng, N, H), "dc": normal(rng, N, H), "cache": cache}


def _draw_last_step_back(rng: Rng, sizes: Sizes) -> Inputs:
    inputs = _draw_step_back(rng, sizes)
    return {**inputs, "dc": np.zeros_like(inputs["dc"])}


def _draw_step_back_by_hand(rng: Rng, sizes: Sizes) -> Inputs:
    one = [[[1.0]], [[0.5]], [[2.0]], [[0.5]], [[0.75]], [[0.9]], [[0.5]], [[1.75]]]
    weights = [[[1.0, 0.0, 1.0, 0.0]], [[-2.0, 4.0, 2.0, 2.0]]]
    return {"dh": np.array([[0.0]]), "dc": np.array([[1.0]]), "cache": tuple(np.array(a) for a in (*one, *weights))}


def _not_doubled(ask: Ask, inputs: Inputs) -> Difference | None:
    doubled = {**inputs, "dh": 2 * inputs["dh"], "dc": 2 * inputs["dc"]}
    pairs = zip(_all(ask(doubled), 6), _all(ask(inputs), 6), strict=True)
    if all(same(seen, 2 * single) for seen, single in pairs):
        return None
    return Difference(
        "doubling dh and dc does not double every gradient",
        guess="Every path back is a product with dh or dc, nothing else.",
    )


LSTM_CELL_BACKWARD = Spec(
    name="lstm_cell_backward",
    parameters=("dh", "dc", "cache"),
    returns=(
        Array("dx", "N D"),
        Array("dh_prev", "N H"),
        Array("dc_prev", "N H"),
        Array("dW_xh"),
        Array("dW_hh"),
        Array("db"),
    ),
    sizes={"N": 4, "D": 2, "H": 3},
    worked=(Case("the step worked by hand (D = H = 1)", _draw_step_back_by_hand, sizes={"N": 1, "D": 1, "H": 1}),),
    properties=(Property("twice dh and dc give twice the gradients", _not_doubled),),
    cases=(
        Case("dh and dc both given, N, D, H all different", _draw_step_back),
        Case("the last step (dc = 0)", _draw_last_step_back),
        Case("one sequence (N = 1)", _draw_step_back, sizes={"N": 1}, edge=True),
        Case("one hidden unit (H = 1)", _draw_step_back, sizes={"H": 1}, edge=True),
        Case("float32 stays float32", in_float32(_draw_step_back), remark=True),
    ),
)


# -- 7 lstm_backward ---------------------------------------------------------------------------------------------------


def _draw_way_back(rng: Rng, sizes: Sizes) -> Inputs:
    N, T, H = sizes["N"], sizes["T"], sizes["H"]
    weights = _draw_weights(rng, sizes)
    h, c = np.tanh(normal(rng, N, H)).round(2), normal(rng, N, H)
    caches = []
    for _ in range(T):
        caches.append(_draw_cache(rng, sizes, h, c, weights))
        c = caches[-1][7]
        h = np.tanh(c) * caches[-1][5]
    return {"dh_all": normal(rng, N, T, H), "dc_T": normal(rng, N, H), "caches": caches}


def _draw_way_back_by_hand(rng: Rng, sizes: Sizes) -> Inputs:
    row = np.zeros((1, 4))
    steps = ((1.0, 0.0, 2.0, 0.5, 0.5, 0.5, 0.5, 1.25), (0.0, np.tanh(1.25) / 2, 1.25, 0.5, 0.5, 0.5, 0.0, 0.625))
    caches = [(*(np.array([[number]]) for number in step), row, row) for step in steps]
    return {"dh_all": np.zeros((1, 2, 1)), "dc_T": np.array([[1.0]]), "caches": caches}


def _broken_by_parts(ask: Ask, inputs: Inputs) -> Difference | None:
    """The gradients are linear in what comes from above: dh_all alone and dc_T alone add up to both."""
    only_h = {**inputs, "dc_T": np.zeros_like(inputs["dc_T"])}
    only_c = {**inputs, "dh_all": np.zeros_like(inputs["dh_all"])}
    parts = zip(_all(ask(only_h), 6), _all(ask(only_c), 6), _all(ask(inputs), 6), strict=True)
    if all(fits(one, both) and fits(other, both) and same(one + other, both) for one, other, both in parts):
        return None
    return Difference(
        "the gradients of dh_all alone and of dc_T alone do not add up to those of both",
        guess="Every gradient from above is added once and multiplied on its way back.",
    )


LSTM_BACKWARD = Spec(
    name="lstm_backward",
    parameters=("dh_all", "dc_T", "caches"),
    returns=(
        Array("dx", "N T D"),
        Array("dh0", "N H"),
        Array("dc0", "N H"),
        Array("dW_xh"),
        Array("dW_hh"),
        Array("db"),
    ),
    sizes={"N": 4, "T": 5, "D": 2, "H": 3},
    as_dict=True,
    builds_on=("lstm_cell_backward",),
    worked=(Case("the two steps worked by hand", _draw_way_back_by_hand, sizes={"N": 1, "T": 2, "D": 1, "H": 1}),),
    properties=(Property("gradients from several sources add up", _broken_by_parts),),
    cases=(
        Case("gradients at every step and on c_T, N, T, D, H all different", _draw_way_back),
        Case("one step (T = 1)", _draw_way_back, sizes={"T": 1}, edge=True),
        Case("one sequence (N = 1)", _draw_way_back, sizes={"N": 1}, edge=True),
        Case("float32 stays float32", in_float32(_draw_way_back), remark=True),
    ),
)


# -- 8 init_lstm -------------------------------------------------------------------------------------------------------

WIDE = {"D": 40, "H": 60}


def _draw_setting(rng: Rng, sizes: Sizes) -> Inputs:
    seed = int(rng.integers(1000))
    return {"D": int(sizes["D"]), "H": int(sizes["H"]), "forget_bias": 2.5, "rng": InputRecipe("generator", seed)}


def _draw_usual_setting(rng: Rng, sizes: Sizes) -> Inputs:
    return _draw_setting(rng, sizes) | {"forget_bias": 1.0}


def _bias_of(gate: str) -> Callable[[tuple[Any, ...], Inputs], Difference | None]:
    def examine(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
        H, at = inputs["H"], GATES.index(gate)
        b = np.asarray(value[2])
        if b.shape != (4 * H,):
            return Difference(f"b has shape {b.shape}", f"shape (4H,) = {(4 * H,)}")
        wanted = float(inputs["forget_bias"]) if gate == "f" else 0.0
        block = b[at * H : (at + 1) * H]
        if same(block.astype(np.float64), np.full(H, wanted)):
            return None
        return Difference(f"the biases of {gate} begin with {block[0]:.3g}", f"{wanted:g} in all of them")

    return examine


def _weights_of(value: tuple[Any, ...], inputs: Inputs) -> dict[str, Any]:
    D, H = inputs["D"], inputs["H"]
    weights = dict(zip(("W_xh", "W_hh"), map(np.asarray, value), strict=False))
    if weights["W_xh"].shape != (D, 4 * H) or weights["W_hh"].shape != (H, 4 * H):
        raise ValueError
    return weights


def _not_shaped(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
    D, H = inputs["D"], inputs["H"]
    for name, weight, shape in zip(("W_xh", "W_hh", "b"), value, ((D, 4 * H), (H, 4 * H), (4 * H,)), strict=True):
        if np.shape(weight) != shape:
            return Difference(f"{name} has shape {np.shape(weight)}", f"shape {shape}")
    return None


def _not_centred(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
    for name, weight in _weights_of(value, inputs).items():
        if not abs(weight.mean()) <= 0.1 * np.abs(weight).mean():
            return Difference(f"the mean of {name} is {weight.mean():.2g}", "about 0: as many below zero as above")
        if not len(np.unique(weight.round(12))) >= 0.99 * weight.size:
            return Difference(f"{name} holds the same numbers several times")
    return None


def _not_spread(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
    k = inputs["H"] ** -0.5
    for name, weight in _weights_of(value, inputs).items():
        root = float(np.sqrt(np.mean(weight**2)))
        if not (abs(weight).max() <= k * 1.001 and abs(root / (k / np.sqrt(3)) - 1) <= 0.05):
            seen = f"{name} reaches {np.abs(weight).max():.3g}, with a root mean square of {root:.3g}"
            return Difference(seen, f"uniform up to {k:.3g}, which has a root mean square of {k / np.sqrt(3):.3g}")
    return None


def _not_from_rng(ask: Ask, inputs: Inputs) -> Difference | None:
    first, again = _all(ask(inputs), 3), _all(ask(inputs), 3)
    other = _all(ask({**inputs, "rng": InputRecipe("generator", int(inputs["rng"].what) + 1)}), 3)
    if not all(same(a, b) for a, b in zip(first, again, strict=True)):
        return Difference("two generators with one seed give two sets of weights", guess="Use rng.")
    if same(first[0], other[0]) or same(first[1], other[1]):
        return Difference("generators with two seeds give one set of weights", guess="Use rng.")
    return None


INIT_LSTM = Spec(
    name="init_lstm",
    parameters=("D", "H", "forget_bias", "rng"),
    returns=WEIGHTS,
    sizes={"D": 3, "H": 5},
    as_dict=True,
    properties=(Property("the random numbers come from rng", _not_from_rng),),
    cases=(
        Case("W_xh, W_hh and b have the right shapes", _draw_setting, examine=_not_shaped),
        Case("the forget gate's biases are forget_bias", _draw_setting, edge=True, examine=_bias_of("f")),
        Case("forget_bias = 1, the usual choice", _draw_usual_setting, edge=True, examine=_bias_of("f")),
        *(
            Case(f"the biases of {gate} are 0", _draw_setting, sizes=WIDE, edge=True, examine=_bias_of(gate))
            for gate in GATES
            if gate != "f"
        ),
        Case("the weights are centred at 0", _draw_setting, sizes=WIDE, edge=True, examine=_not_centred),
        Case("the weights are uniform up to 1/√H", _draw_setting, sizes=WIDE, edge=True, examine=_not_spread),
    ),
)

SPECS = (
    SIGMOID,
    LSTM_CELL_FORWARD,
    LSTM_FORWARD,
    LSTM_FROM_TORCH,
    HANDMADE_MEMORY,
    LSTM_CELL_BACKWARD,
    LSTM_BACKWARD,
    INIT_LSTM,
)
