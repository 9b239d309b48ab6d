"""What is asked of the seven exercises of unit 05, the GRU."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnlab.checking.cases import by_hand, edges, float32, one, questions, raises
from rnnlab.checking.compare import Difference
from rnnlab.checking.examinations import in_turn, shaped
from rnnlab.checking.inputs import generator, normal, size, state, uniform, weight
from rnnlab.checking.properties import batch_independent, drawn_from_rng, linear_in, split_and_continue
from rnnlab.checking.spec import OMITTED, Case, Change, Inputs, Rng, Sizes, Spec, TupleOf, Unchecked, Value, returned

LN3 = float(np.log(3.0))
SATURATED = 40.0
WEIGHTS = {"W_xh": weight("D 3H"), "W_hh": weight("H 3H"), "b_xh": weight("3H"), "b_hh": weight("3H")}


def _with_gate(gate: str, value: float) -> Change:
    """Return the change that drives the gate r or z to 0 or 1 by its bias."""

    def change(inputs: Inputs, rng: Rng, sizes: Sizes) -> Inputs:
        block, H = "rz".index(gate), sizes["H"]
        inputs["b_xh"][block * H : (block + 1) * H] = value
        return inputs

    return change


CELL_BY_HAND = {
    "x_t": [[1.0]],
    "h_prev": [[1.0, -1.0]],
    "W_xh": [[0.0, LN3, LN3, 0.0, 1.0, 1.5]],
    "W_hh": [[0.0, 0.0, 0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0, 1.0, 2.0]],
}
NO_BIAS = {"b_xh": [0.0] * 6, "b_hh": [0.0] * 6}
GRU_CACHE = returned("x_t N D", "h_prev N H", "W_xh", "W_hh", "r N H", "z N H", "n N H", "m N H", "reset_after")

GRU_CELL_FORWARD = Spec(
    inputs={"x_t": normal("N D"), "h_prev": state("N H"), **WEIGHTS, "reset_after": True},
    returns=(*returned("h_t N H"), TupleOf("cache", GRU_CACHE)),
    sizes={"N": 3, "D": 4, "H": 5},
    properties=(batch_independent("x_t", "h_prev"),),
    cases=(
        by_hand("the step worked by hand, reset after the product", **CELL_BY_HAND, **NO_BIAS, reset_after=True),
        by_hand("the step worked by hand, reset before the product", **CELL_BY_HAND, **NO_BIAS, reset_after=False),
        Case("all terms on, reset after (PyTorch's equation)"),
        Case("all terms on, reset before", {"reset_after": False}),
        Case("reset_after left out means True", {"reset_after": OMITTED}, edge=True),
        Case("z = 1 keeps the old state", change=_with_gate("z", SATURATED)),
        Case("z = 0 takes the candidate", {"reset_after": False}, change=_with_gate("z", -SATURATED)),
        Case("r = 0 takes the memory out of the candidate", change=_with_gate("r", -SATURATED)),
        one("N"),
        one("H", reset_after=False),
        float32(),
        Case("the cache holds what the text says, reset after", edge=True, of="cache"),
        Case("the cache holds what the text says, reset before", {"reset_after": False}, edge=True, of="cache"),
    ),
)


# Gates and candidates are drawn directly: the backward pass of a step is asked about any cache, not about one run.
GATE = uniform("N H", 0.1, 0.9)
STEP = (normal("N D"), state("N H"), weight("D 3H"), weight("H 3H"), GATE, GATE, state("N H"), normal("N H"))
AFTER, BEFORE = (*STEP, True), (*STEP, False)

GRU_CELL_BACKWARD = Spec(
    inputs={"dh_t": normal("N H"), "cache": AFTER},
    returns=returned("dx_t N D", "dh_prev N H", "dW_xh", "dW_hh", "db_xh", "db_hh"),
    sizes={"N": 3, "D": 4, "H": 5},
    properties=(linear_in("dh_t"),),
    cases=(
        by_hand(
            "the step worked by hand",
            dh_t=[[1.0, 1.0]],
            cache=(
                *CELL_BY_HAND.values(),
                *([[0.5, 0.75]], [[0.75, 0.5]], [[np.tanh(1.0), 0.0]], [[0.0, -2.0]]),  # r, z, n, m
                True,
            ),
        ),
        Case("reset after, N, D, H all different"),
        Case("reset before, N, D, H all different", {"cache": BEFORE}),
        one("N"),
        one("H", cache=BEFORE),
        float32(", reset after"),
        float32(", reset before", cache=BEFORE),
    ),
)


GRU_FORWARD = Spec(
    inputs={"x": normal("N T D"), "h0": state("N H"), **WEIGHTS},
    returns=(*returned("h_all N T H"), Unchecked("caches", length="T")),
    sizes={"N": 2, "T": 6, "D": 3, "H": 4},
    builds_on=("gru_cell_forward",),
    properties=(split_and_continue(),),
    cases=(
        by_hand(
            "the three steps worked by hand",
            {"N": 1, "T": 3, "D": 1, "H": 1},
            x=[[[1.0], [0.0], [0.0]]],
            h0=[[0.0]],
            W_xh=[[0.0, -2 * LN3, 1.0]],
            W_hh=[[0.0, 0.0, 0.0]],
            b_xh=[0.0, LN3, 0.0],
            b_hh=[0.0, 0.0, 0.0],
        ),
        Case("a random h0, N, T, D, H all different"),
        *edges("T N"),
    ),
)


PARAM_COUNT = Spec(
    inputs={"kind": "GRU", "D": size("D"), "H": size("H"), "torch_biases": True},
    returns=(Value("the count"),),
    sizes={"D": 10, "H": 7},
    cases=(
        by_hand("a GRU with D = 3, H = 2, counted by hand", kind="GRU", D=3, H=2, torch_biases=True),
        Case("a GRU with PyTorch's biases"),
        Case("a GRU with one bias per block", {"torch_biases": False}),
        Case("an LSTM with PyTorch's biases", {"kind": "LSTM"}),
        Case("an LSTM with one bias per block", {"kind": "LSTM", "torch_biases": False}),
        Case("a vanilla RNN with PyTorch's biases", {"kind": "RNN"}),
        Case("a vanilla RNN with one bias", {"kind": "RNN", "torch_biases": False}),
        raises("ValueError", "an unknown kind", kind="GRUU", D=3, H=2),
    ),
)


SHAPED = shaped("x N T 2", "y N")


def _split(value: tuple[Any, ...]) -> tuple[Any, Any, Any, Any]:
    """Return values (N, T), whether a step is marked (N, T), where the first half ends, and y."""
    x, y = value
    return x[:, :, 0], x[:, :, 1] == 1.0, x.shape[1] // 2, y


def _bad_markers(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
    _, marked, half, _ = _split(value)
    if not np.isin(value[0][:, :, 1], (0.0, 1.0)).all():
        return Difference("numbers other than 0 and 1 in x[:, :, 1]", "markers, which are 0 or 1")
    for name, part in (("first", marked[:, :half]), ("second", marked[:, half:])):
        counts = part.sum(axis=1)
        if (counts != 1).any():
            wrong = int(counts[counts != 1][0])
            return Difference(f"a sequence with {wrong} markers in its {name} half", "exactly one in each half")
    return None


def _bad_sums(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
    numbers, marked, _, y = _split(value)
    off = ~(np.abs((numbers * marked).sum(axis=1) - y) <= 1e-6)
    if not off.any():
        return None
    at = int(np.argmax(off))
    return Difference(
        f"y[{at}] = {y[at]:.4g} is not the sum of the marked numbers, {numbers[at][marked[at]].round(4).tolist()}",
    )


def _bad_numbers(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
    numbers = value[0][:, :, 0]
    if not (numbers.min() >= 0 and numbers.max() <= 1):
        return Difference(f"numbers from {numbers.min():.3g} to {numbers.max():.3g}", "numbers from 0 to 1")
    # Six standard errors of a uniform number's mean and variance: no right answer ever fails.
    allowed = 6 / np.sqrt(12 * numbers.size)
    if not (abs(numbers.mean() - 0.5) <= allowed and abs(numbers.var() - 1 / 12) <= allowed):
        return Difference(
            f"numbers with mean {numbers.mean():.3f} and variance {numbers.var():.3f}",
            "uniform numbers: mean 0.5, variance 0.083",
        )
    return None


def _repeated_numbers(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
    numbers = value[0][:, :, 0]
    if np.unique(numbers).size > 0.9 * numbers.size:
        return None
    return Difference("the same numbers again and again", "a fresh number at every step of every sequence")


def _bad_places(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
    _, marked, half, _ = _split(value)
    for start, stop in ((0, half), (half, marked.shape[1])):
        counts = marked[:, start:stop].sum(axis=0)
        expected = len(marked) / (stop - start)
        if not (np.abs(counts - expected) <= 6 * np.sqrt(expected)).all():
            return Difference(
                f"steps {start} to {stop - 1} are marked {counts.tolist()} times in {len(marked)} sequences, "
                f"not about {expected:.0f} times each",
            )
    return None


def _tied_places(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
    _, marked, half, _ = _split(value)
    if not marked.any(axis=1).all():
        return Difference("a sequence without markers", "one in each half")
    pairs = set(zip(marked[:, :half].argmax(axis=1).tolist(), marked[:, half:].argmax(axis=1).tolist(), strict=True))
    possible = half * (marked.shape[1] - half)
    # With 600 sequences each of at most 30 pairs is missed less than once in a hundred million draws.
    if len(pairs) < possible:
        return Difference(
            f"only {len(pairs)} of the {possible} possible pairs of places occur",
            guess="The second place does not depend on the first.",
        )
    return None


ADDING_PROBLEM = Spec(
    inputs={"N": 600, "T": size("T"), "rng": generator(1, 10_000)},
    returns=returned("x", "y"),
    sizes={"T": 9},
    properties=(drawn_from_rng(),),
    cases=(
        Case("x is (N, T, 2), y is (N,)", examine=SHAPED),
        Case("one marker in each half, zeros elsewhere", examine=in_turn(SHAPED, _bad_markers)),
        Case("y is the sum of the marked numbers", examine=in_turn(SHAPED, _bad_sums)),
        Case("the numbers are uniform between 0 and 1", examine=in_turn(SHAPED, _bad_numbers)),
        Case("every sequence has numbers of its own", examine=in_turn(SHAPED, _repeated_numbers)),
        # An even and an odd T: a second place tied to the first shows in one of them only.
        Case("every step can be marked", sizes={"T": 10}, examine=in_turn(SHAPED, _bad_places)),
        Case("the two places are independent", sizes={"T": 9}, examine=in_turn(SHAPED, _tied_places)),
        Case(
            "the shortest sequences (T = 2)",
            {"N": 5, "T": 2},
            edge=True,
            examine=in_turn(SHAPED, _bad_markers, _bad_sums),
        ),
        Case("one sequence (N = 1)", {"N": 1}, edge=True, examine=in_turn(SHAPED, _bad_markers, _bad_sums)),
    ),
)


BLOCKS = {"RNN": 1, "IRNN": 1, "LSTM": 4, "GRU": 3}


def _training(kind: str, batches: int = 2) -> Inputs:
    """Return how a whole training is drawn: first weights under PyTorch's names, and batches of fresh sequences."""
    G = f"{BLOCKS[kind]}H"
    weights = {
        "rnn.weight_ih_l0": weight(f"{G} 2", 0.4),
        "rnn.weight_hh_l0": weight(f"{G} H", 0.4),
        "rnn.bias_ih_l0": weight(G, 0.4),
        "rnn.bias_hh_l0": weight(G, 0.4),
        "readout.weight": weight("1 H", 0.4),
        "readout.bias": weight("1", 0.4),
    }

    # Targets of growing size make gradients of different lengths, so that clipping them matters.
    data = [(normal("N T 2"), normal("N", 1 + 2 * s)) for s in range(batches)]
    return {"kind": kind, "weights": weights, "batches": data}


TRAIN_ADDING = Spec(
    inputs={**_training("GRU"), "lr": 0.05, "max_norm": 0.5},
    returns=returned(
        "losses S",
        *("rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0", "readout.weight", "readout.bias"),
    ),
    sizes={"N": 5, "T": 7, "H": 4},
    as_dict=True,
    cases=(
        Case("three steps of training a GRU, number by number", _training("GRU", batches=3)),
        Case("gradients below max_norm are left alone", {"max_norm": 1000.0, "lr": 0.02}),
        Case("an LSTM", _training("LSTM"), edge=True),
        Case("a vanilla RNN, a single batch", _training("RNN", batches=1), edge=True),
        Case("one sequence of one step (N = 1, T = 1)", sizes={"N": 1, "T": 1}, edge=True),
    ),
)


PIECES = (
    "forget gate f",
    "input gate i",
    "output gate o",
    "candidate g",
    "cell state c",
    "gate inside the candidate",
    "fewer weights at equal H",
)

BECAME = ("z", "1 - z", "r", "n", "h", "nothing", "GRU", "LSTM")

LSTM_TO_GRU = Spec(
    inputs={"piece": OMITTED},
    returns=(Value("the answer"),),
    proportional=True,
    cases=questions("piece", PIECES, BECAME, in_the_text=("candidate g",), unknown="piece"),
)
