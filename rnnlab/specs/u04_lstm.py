"""What is asked of the eight exercises of unit 04, the LSTM."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from rnnlab.checking.cases import by_hand, edges
from rnnlab.checking.compare import Difference, same
from rnnlab.checking.examinations import in_turn, shaped
from rnnlab.checking.inputs import computed, generator, integers, normal, size, state, uniform, weight
from rnnlab.checking.properties import (
    arrays,
    batch_independent,
    drawn_from_rng,
    fits,
    linear_in,
    relation,
    split_and_continue,
    value_at,
)
from rnnlab.checking.spec import (
    Array,
    Ask,
    Case,
    Change,
    Examination,
    Inputs,
    Property,
    Rng,
    Sizes,
    Spec,
    TupleOf,
    Unchecked,
    returned,
)
from rnnlab.handmade_lstm import flagged_values, lstm_states

GATES = ("i", "f", "o", "g")


FAR_OUT = np.array([-1000.0, -40.0, 0.0, 40.0, 1000.0])


def _not_mirrored(ask: Ask, inputs: Inputs) -> Difference | None:
    plus, minus = value_at(ask(inputs)), value_at(ask({"x": -inputs["x"]}))
    if plus.shape == inputs["x"].shape and same(minus, 1 - plus):
        return None
    return Difference("the results for x and -x do not add up to 1")


SIGMOID = Spec(
    inputs={"x": normal("N H", 3)},
    returns=(Array("the result"),),
    sizes={"N": 3, "H": 4},
    properties=(Property("sigmoid(x) + sigmoid(-x) = 1", _not_mirrored),),
    cases=(
        by_hand("0 gives 1/2, ln 3 gives 3/4", x=[0.0, np.log(3.0), -np.log(3.0)]),
        Case("a table of numbers"),
        Case("whole numbers", {"x": integers("N H", -4, 5)}, edge=True),
        Case("-1000 and 1000, without a warning", {"x": FAR_OUT}, edge=True, quiet=True),
        Case("float32 stays float32, even at 1000", {"x": FAR_OUT}, float32=True, edge=True, quiet=True),
    ),
)


WEIGHTS = {"W_xh": weight("D 4H"), "W_hh": weight("H 4H"), "b": weight("4H")}


def _saturated(**open_gates: float) -> Change:
    """Return the change that opens (+) or shuts (-) gates, whatever the inputs."""

    def change(inputs: Inputs, rng: Rng, sizes: Sizes) -> Inputs:
        b = inputs["b"].reshape(4, sizes["H"])
        for at, gate in enumerate(GATES):
            b[at] += open_gates.get(gate, 0.0)
        return {**inputs, "b": b.reshape(-1)}

    return change


LSTM_CELL_FORWARD = Spec(
    inputs={"x_t": normal("N D"), "h_prev": state("N H"), "c_prev": normal("N H"), **WEIGHTS},
    returns=(
        *returned("h_t N H", "c_t N H"),
        TupleOf(
            "cache",
            returned(
                *("x_t N D", "h_prev N H", "c_prev N H", "i N H", "f N H", "o N H", "g N H", "c_t N H", "W_xh", "W_hh")
            ),
        ),
    ),
    sizes={"N": 3, "D": 4, "H": 5},
    builds_on=("sigmoid",),
    properties=(batch_independent("x_t", "h_prev", "c_prev", outputs=2),),
    cases=(
        by_hand(
            "the step worked by hand (D = H = 1)",
            {"N": 1, "D": 1, "H": 1},
            x_t=[[1.0]],
            h_prev=[[0.5]],
            c_prev=[[2.0]],
            W_xh=[[1.0, 0.0, 1.0, 0.0]],
            W_hh=[[-2.0, 4.0, 2.0, 2.0]],
            b=[0.0, -1.0, 0.0, -0.5],
        ),
        Case("f open, i shut: the cell state is kept", change=_saturated(f=40.0, i=-40.0), worked=True),
        Case("f and i shut: the cell state is reset", change=_saturated(f=-40.0, i=-40.0), worked=True),
        Case("f shut, i open: the candidate is written", change=_saturated(f=-40.0, i=40.0), worked=True),
        Case("all terms on, N, D, H all different"),
        Case("the cache holds what the text says, in its order", edge=True, of="cache"),
        *edges("N H"),
    ),
)


LSTM_FORWARD = Spec(
    inputs={"x": normal("N T D"), "h0": state("N H"), "c0": normal("N H"), **WEIGHTS},
    returns=(*returned("h_all N T H", "c_T N H"), Unchecked("caches", length="T")),
    sizes={"N": 2, "T": 6, "D": 3, "H": 4},
    builds_on=("lstm_cell_forward",),
    properties=(split_and_continue("c0"),),
    cases=(
        by_hand(
            "the three steps worked by hand",
            {"N": 1, "T": 3, "D": 1, "H": 1},
            x=[[[1.0], [0.0], [0.0]]],
            h0=[[0.0]],
            c0=[[2.0]],
            W_xh=[[0.0, 0.0, 0.0, 1.0]],
            W_hh=[[0.0, 0.0, 0.0, 0.0]],
            b=[0.0, 0.0, 0.0, 0.0],
        ),
        Case("random h0 and c0, N, T, D, H all different"),
        *edges("T N"),
    ),
)


TORCH_STATE = {
    "weight_ih_l0": normal("4H D"),
    "weight_hh_l0": normal("4H H"),
    "bias_ih_l0": normal("4H"),
    "bias_hh_l0": normal("4H"),
}


def _moved_between_biases(state: Any) -> Any:
    return {**state, "bias_ih_l0": state["bias_ih_l0"] + 1.5, "bias_hh_l0": state["bias_hh_l0"] - 1.5}


LSTM_FROM_TORCH = Spec(
    inputs={"state": TORCH_STATE},
    returns=returned(*WEIGHTS),
    sizes={"D": 3, "H": 5},
    as_dict=True,
    properties=(
        relation(
            "only the sum of the two biases counts",
            {"state": _moved_between_biases},
            "moving 1.5 from one of torch's biases to the other changes b",
            outputs=(2,),
        ),
    ),
    cases=(
        by_hand(
            "the four rows worked by hand (D = H = 1)",
            state={
                "weight_ih_l0": [[1.0], [2.0], [3.0], [4.0]],
                "weight_hh_l0": [[5.0], [6.0], [7.0], [8.0]],
                "bias_ih_l0": [0.1, 0.2, 0.3, 0.4],
                "bias_hh_l0": [1.0, 1.0, 1.0, 1.0],
            },
        ),
        Case("random weights, D and H different"),
        *edges("D"),
    ),
)


NEAR = 0.05
STEPS = 50


def _watched(look: Callable[[Any, int], Difference | None]) -> Examination:
    """Return an examination of returned weights, by their shapes first; ``look`` gets a way to run them, and H."""

    def examine(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
        H = inputs["H"]
        weights = [np.asarray(weight, dtype=np.float64) for weight in value]
        return look(lambda x, c0=0.0: lstm_states(x, np.full((len(x), H), c0), *weights), H)

    return in_turn(shaped("W_xh H+1 4H", "W_hh H 4H", "b 4H", kinds="fi"), examine)


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
    inputs={"H": size("H")},
    returns=returned(*WEIGHTS),
    sizes={"H": 3},
    as_dict=True,
    cases=(
        Case("a flagged step writes the values, within 5 %", examine=_watched(_writes)),
        Case("it replaces what was there before", edge=True, examine=_watched(_replaces)),
        Case("50 silent steps keep c, within 5 %", edge=True, examine=_watched(_keeps)),
        Case("50 steps of noise change nothing, within 5 %", edge=True, examine=_watched(_ignores_noise)),
        Case("h shows tanh(c), within 5 %", edge=True, examine=_watched(_shows)),
        Case("one unit (H = 1)", {"H": 1}, edge=True, examine=_watched(_writes_and_ignores_noise)),
    ),
)


def _cache(rng: Rng, sizes: Sizes, h_prev: Any, c_prev: Any, weights: tuple[Any, Any]) -> tuple[Any, ...]:
    """Return the cache of a step with some gates, as if inputs and biases had led to them."""
    i, f, o, share = (uniform("N H", 0.1, 0.9)(rng, sizes) for _ in range(4))
    g = (2 * share - 1).round(2)
    return (normal("N D")(rng, sizes), h_prev, c_prev, i, f, o, g, i * g + c_prev * f, *weights)


def _start(rng: Rng, sizes: Sizes) -> tuple[Any, Any, tuple[Any, Any]]:
    weights = weight("D 4H")(rng, sizes), weight("H 4H")(rng, sizes)
    return state("N H")(rng, sizes), normal("N H")(rng, sizes), weights


def _cell_cache(rng: Rng, sizes: Sizes) -> Any:
    return _cache(rng, sizes, *_start(rng, sizes))


LSTM_CELL_BACKWARD = Spec(
    inputs={"dh": normal("N H"), "dc": normal("N H"), "cache": _cell_cache},
    returns=returned("dx N D", "dh_prev N H", "dc_prev N H", "dW_xh", "dW_hh", "db"),
    sizes={"N": 4, "D": 2, "H": 3},
    properties=(linear_in("dh", "dc"),),
    cases=(
        by_hand(
            "the step worked by hand (D = H = 1)",
            {"N": 1, "D": 1, "H": 1},
            dh=[[0.0]],
            dc=[[1.0]],
            cache=(
                *([[1.0]], [[0.5]], [[2.0]], [[0.5]], [[0.75]], [[0.9]], [[0.5]], [[1.75]]),
                *([[1.0, 0.0, 1.0, 0.0]], [[-2.0, 4.0, 2.0, 2.0]]),
            ),
        ),
        Case("dh and dc both given, N, D, H all different"),
        Case("the last step (dc = 0)", change=computed("dc", lambda dc: np.zeros_like(dc))),
        *edges("N H"),
    ),
)


def _caches(rng: Rng, sizes: Sizes) -> Any:
    """Return the caches of T steps, each of which starts from the states in which the one before has ended."""
    h, c, weights = _start(rng, sizes)
    caches = []
    for _ in range(sizes["T"]):
        caches.append(_cache(rng, sizes, h, c, weights))
        c = caches[-1][7]
        h = np.tanh(c) * caches[-1][5]
    return caches


def _cache_by_hand(*values: float) -> tuple[Any, ...]:
    row = [[0.0, 0.0, 0.0, 0.0]]
    return (*([[value]] for value in values), row, row)


def _sources_do_not_add_up(ask: Ask, inputs: Inputs) -> Difference | None:
    """The gradients are linear in what comes from above: dh_all alone and dc_T alone add up to both."""
    only_h = {**inputs, "dc_T": np.zeros_like(inputs["dc_T"])}
    only_c = {**inputs, "dh_all": np.zeros_like(inputs["dh_all"])}
    parts = zip(arrays(ask(only_h), 6), arrays(ask(only_c), 6), arrays(ask(inputs), 6), strict=True)
    if all(fits(one, both) and fits(other, both) and same(one + other, both) for one, other, both in parts):
        return None
    return Difference(
        "the gradients of dh_all alone and of dc_T alone do not add up to those of both",
        guess="Every gradient from above is added once and multiplied on its way back.",
    )


LSTM_BACKWARD = Spec(
    inputs={"dh_all": normal("N T H"), "dc_T": normal("N H"), "caches": _caches},
    returns=returned("dx N T D", "dh0 N H", "dc0 N H", "dW_xh", "dW_hh", "db"),
    sizes={"N": 4, "T": 5, "D": 2, "H": 3},
    as_dict=True,
    builds_on=("lstm_cell_backward",),
    properties=(Property("gradients from several sources add up", _sources_do_not_add_up),),
    cases=(
        by_hand(
            "the two steps worked by hand",
            {"N": 1, "T": 2, "D": 1, "H": 1},
            dh_all=[[[0.0], [0.0]]],
            dc_T=[[1.0]],
            caches=[
                _cache_by_hand(1.0, 0.0, 2.0, 0.5, 0.5, 0.5, 0.5, 1.25),
                _cache_by_hand(0.0, np.tanh(1.25) / 2, 1.25, 0.5, 0.5, 0.5, 0.0, 0.625),
            ],
        ),
        Case("gradients at every step and on c_T, N, T, D, H all different"),
        *edges("T N"),
    ),
)


WIDE = {"D": 40, "H": 60}
SHAPED = shaped("W_xh D 4H", "W_hh H 4H", "b 4H", kinds="fi")


def _bias_of(gate: str) -> Examination:
    def examine(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
        H, at, b = inputs["H"], GATES.index(gate), np.asarray(value[2])
        wanted = float(inputs["forget_bias"]) if gate == "f" else 0.0
        block = b[at * H : (at + 1) * H]
        if same(block.astype(np.float64), np.full(H, wanted)):
            return None
        return Difference(f"the biases of {gate} begin with {block[0]:.3g}", f"{wanted:g} in all of them")

    return in_turn(SHAPED, examine)


def _not_centred(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
    for name, W in zip(("W_xh", "W_hh"), map(np.asarray, value), strict=False):
        if not abs(W.mean()) <= 0.1 * np.abs(W).mean():
            return Difference(f"the mean of {name} is {W.mean():.2g}", "about 0: as many below zero as above")
        if not len(np.unique(W.round(12))) >= 0.99 * W.size:
            return Difference(f"{name} holds the same numbers several times")
    return None


def _not_spread(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
    k = inputs["H"] ** -0.5
    for name, W in zip(("W_xh", "W_hh"), map(np.asarray, value), strict=False):
        root = float(np.sqrt(np.mean(W**2)))
        if not (abs(W).max() <= k * 1.001 and abs(root / (k / np.sqrt(3)) - 1) <= 0.05):
            seen = f"{name} reaches {np.abs(W).max():.3g}, with a root mean square of {root:.3g}"
            return Difference(seen, f"uniform up to {k:.3g}, which has a root mean square of {k / np.sqrt(3):.3g}")
    return None


INIT_LSTM = Spec(
    inputs={"D": size("D"), "H": size("H"), "forget_bias": 2.5, "rng": generator(0, 1000)},
    returns=returned(*WEIGHTS),
    sizes={"D": 3, "H": 5},
    as_dict=True,
    properties=(drawn_from_rng(outputs=2),),
    cases=(
        Case("W_xh, W_hh and b have the right shapes", examine=SHAPED),
        Case("the forget gate's biases are forget_bias", edge=True, examine=_bias_of("f")),
        Case("forget_bias = 1, the usual choice", {"forget_bias": 1.0}, edge=True, examine=_bias_of("f")),
        *(Case(f"the biases of {g} are 0", sizes=WIDE, edge=True, examine=_bias_of(g)) for g in GATES if g != "f"),
        Case("the weights are centred at 0", sizes=WIDE, edge=True, examine=in_turn(SHAPED, _not_centred)),
        Case("the weights are uniform up to 1/√H", sizes=WIDE, edge=True, examine=in_turn(SHAPED, _not_spread)),
    ),
)
