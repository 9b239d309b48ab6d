"""What is asked of the seven exercises of unit 05, the GRU."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from rnnlab.checking.calling import InputRecipe, Raised, Returned
from rnnlab.checking.compare import Difference, same
from rnnlab.checking.properties import broken_by_split, value_at
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
    Value,
    fixed,
    in_float32,
    normal,
)

LN3 = float(np.log(3.0))
SATURATED = 40.0


# -- 1 gru_cell_forward ------------------------------------------------------------------------------------------------


def _weights(rng: Rng, sizes: Sizes) -> Inputs:
    D, H = sizes["D"], sizes["H"]
    return {
        "W_xh": (0.5 * normal(rng, D, 3 * H)).round(3),
        "W_hh": (0.5 * normal(rng, H, 3 * H)).round(3),
        "b_xh": (0.5 * normal(rng, 3 * H)).round(3),
        "b_hh": (0.5 * normal(rng, 3 * H)).round(3),
    }


def _draw_cell(rng: Rng, sizes: Sizes) -> Inputs:
    N, D, H = sizes["N"], sizes["D"], sizes["H"]
    return {"x_t": normal(rng, N, D), "h_prev": np.tanh(normal(rng, N, H)).round(2), **_weights(rng, sizes)}


def _after(rng: Rng, sizes: Sizes) -> Inputs:
    return _draw_cell(rng, sizes) | {"reset_after": True}


def _before(rng: Rng, sizes: Sizes) -> Inputs:
    return _draw_cell(rng, sizes) | {"reset_after": False}


def _with_gate(draw: Callable[[Rng, Sizes], Inputs], block: int, value: float) -> Callable[[Rng, Sizes], Inputs]:
    """Return a ``draw`` whose gate (0: r, 1: z) is driven to 0 or 1 by its bias."""

    def drawn(rng: Rng, sizes: Sizes) -> Inputs:
        inputs, H = draw(rng, sizes), sizes["H"]
        inputs["b_xh"][block * H : (block + 1) * H] = value
        return inputs

    return drawn


def _cell_by_hand() -> Inputs:
    return {
        "x_t": np.array([[1.0]]),
        "h_prev": np.array([[1.0, -1.0]]),
        "W_xh": np.array([[0.0, LN3, LN3, 0.0, 1.0, 1.5]]),
        "W_hh": np.array([[0.0, 0.0, 0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0, 1.0, 2.0]]),
        "b_xh": np.zeros(6),
        "b_hh": np.zeros(6),
    }


def _mixed_up_batch(ask: Ask, inputs: Inputs) -> Difference | None:
    turned = {**inputs, "x_t": inputs["x_t"][::-1], "h_prev": inputs["h_prev"][::-1]}
    if same(value_at(ask(turned))[::-1], value_at(ask(inputs))):
        return None
    return Difference(
        "reversing the order of the sequences changes their states",
        guess="Every sequence is to be computed on its own.",
    )


GRU_CACHE = TupleOf(
    "cache",
    (
        Array("x_t", "N D"),
        Array("h_prev", "N H"),
        Array("W_xh"),
        Array("W_hh"),
        Array("r", "N H"),
        Array("z", "N H"),
        Array("n", "N H"),
        Array("m", "N H"),
        Array("reset_after"),
    ),
)

GRU_CELL_FORWARD = Spec(
    name="gru_cell_forward",
    parameters=("x_t", "h_prev", "W_xh", "W_hh", "b_xh", "b_hh", "reset_after"),
    returns=(Array("h_t", "N H"), GRU_CACHE),
    sizes={"N": 3, "D": 4, "H": 5},
    worked=(
        Case("the step worked by hand, reset after the product", fixed(**_cell_by_hand(), reset_after=True)),
        Case("the step worked by hand, reset before the product", fixed(**_cell_by_hand(), reset_after=False)),
    ),
    properties=(Property("sequences of a batch do not mix", _mixed_up_batch),),
    cases=(
        Case("all terms on, reset after (PyTorch's equation)", _after),
        Case("all terms on, reset before", _before),
        Case("reset_after left out means True", _draw_cell, edge=True),
        Case("z = 1 keeps the old state", _with_gate(_after, 1, SATURATED)),
        Case("z = 0 takes the candidate", _with_gate(_before, 1, -SATURATED)),
        Case("r = 0 takes the memory out of the candidate", _with_gate(_after, 0, -SATURATED)),
        Case("one sequence (N = 1)", _after, sizes={"N": 1}, edge=True),
        Case("one hidden unit (H = 1)", _before, sizes={"H": 1}, edge=True),
        Case("float32 stays float32", in_float32(_after), remark=True),
        Case("the cache holds what the text says, reset after", _after, edge=True, of="cache"),
        Case("the cache holds what the text says, reset before", _before, edge=True, of="cache"),
    ),
)


# -- 2 gru_cell_backward -----------------------------------------------------------------------------------------------


def _draw_backward(rng: Rng, sizes: Sizes, reset_after: bool) -> Inputs:
    """Draw gates and candidates directly: the backward pass of a step is asked about any cache, not about one run."""
    N, D, H = sizes["N"], sizes["D"], sizes["H"]
    weights = _weights(rng, sizes)
    x_t, h_prev = normal(rng, N, D), np.tanh(normal(rng, N, H)).round(2)
    r, z = (rng.uniform(0.1, 0.9, (N, H)).round(2) for _ in range(2))
    n, m = np.tanh(normal(rng, N, H)).round(2), normal(rng, N, H)
    cache = (x_t, h_prev, weights["W_xh"], weights["W_hh"], r, z, n, m, reset_after)
    return {"dh_t": normal(rng, N, H), "cache": cache}


_draw_backward_after = partial(_draw_backward, reset_after=True)
_draw_backward_before = partial(_draw_backward, reset_after=False)


def _backward_by_hand() -> Inputs:
    cell = _cell_by_hand()
    r, z = np.array([[0.5, 0.75]]), np.array([[0.75, 0.5]])
    n, m = np.array([[np.tanh(1.0), 0.0]]), np.array([[0.0, -2.0]])
    cache = (cell["x_t"], cell["h_prev"], cell["W_xh"], cell["W_hh"], r, z, n, m, True)
    return {"dh_t": np.array([[1.0, 1.0]]), "cache": cache}


def _not_linear(ask: Ask, inputs: Inputs) -> Difference | None:
    once, twice = ask(inputs), ask({**inputs, "dh_t": -2.0 * inputs["dh_t"]})
    if isinstance(once, Raised) or isinstance(twice, Raised):
        return Difference("an exception", "gradients")
    if all(same(np.asarray(b), -2.0 * np.asarray(a)) for a, b in zip(once.value, twice.value, strict=True)):
        return None
    return Difference("-2 times the upstream gradient does not give -2 times every gradient")


GRU_CELL_BACKWARD = Spec(
    name="gru_cell_backward",
    parameters=("dh_t", "cache"),
    returns=(
        Array("dx_t", "N D"),
        Array("dh_prev", "N H"),
        Array("dW_xh"),
        Array("dW_hh"),
        Array("db_xh"),
        Array("db_hh"),
    ),
    sizes={"N": 3, "D": 4, "H": 5},
    worked=(Case("the step worked by hand", fixed(**_backward_by_hand())),),
    properties=(Property("the gradients are in proportion to the upstream gradient", _not_linear),),
    cases=(
        Case("reset after, N, D, H all different", _draw_backward_after),
        Case("reset before, N, D, H all different", _draw_backward_before),
        Case("one sequence (N = 1)", _draw_backward_after, sizes={"N": 1}, edge=True),
        Case("one hidden unit (H = 1)", _draw_backward_before, sizes={"H": 1}, edge=True),
        Case("float32 stays float32, reset after", in_float32(_draw_backward_after), remark=True),
        Case("float32 stays float32, reset before", in_float32(_draw_backward_before), remark=True),
    ),
)


# -- 3 gru_forward -----------------------------------------------------------------------------------------------------


def _draw_sequence(rng: Rng, sizes: Sizes) -> Inputs:
    N, T, D, H = sizes["N"], sizes["T"], sizes["D"], sizes["H"]
    return {"x": normal(rng, N, T, D), "h0": np.tanh(normal(rng, N, H)).round(2), **_weights(rng, sizes)}


def _sequence_by_hand() -> Inputs:
    return {
        "x": np.array([[[1.0], [0.0], [0.0]]]),
        "h0": np.array([[0.0]]),
        "W_xh": np.array([[0.0, -2 * LN3, 1.0]]),
        "W_hh": np.zeros((1, 3)),
        "b_xh": np.array([0.0, LN3, 0.0]),
        "b_hh": np.zeros(3),
    }


GRU_FORWARD = Spec(
    name="gru_forward",
    parameters=("x", "h0", "W_xh", "W_hh", "b_xh", "b_hh"),
    returns=(Array("h_all", "N T H"), Unchecked("caches", length="T")),
    sizes={"N": 2, "T": 6, "D": 3, "H": 4},
    builds_on=("gru_cell_forward",),
    worked=(
        Case("the three steps worked by hand", fixed(**_sequence_by_hand()), sizes={"N": 1, "T": 3, "D": 1, "H": 1}),
    ),
    properties=(Property("split at k and carried on, the result is the same", broken_by_split),),
    cases=(
        Case("a random h0, N, T, D, H all different", _draw_sequence),
        Case("one step (T = 1)", _draw_sequence, sizes={"T": 1}, edge=True),
        Case("one sequence (N = 1)", _draw_sequence, sizes={"N": 1}, edge=True),
        Case("float32 stays float32", in_float32(_draw_sequence), remark=True),
    ),
)


# -- 4 param_count -----------------------------------------------------------------------------------------------------


def _count(kind: str, torch_biases: bool) -> Callable[[Rng, Sizes], Inputs]:
    return lambda rng, sizes: {"kind": kind, "D": sizes["D"], "H": sizes["H"], "torch_biases": torch_biases}


PARAM_COUNT = Spec(
    name="param_count",
    parameters=("kind", "D", "H", "torch_biases"),
    returns=(Value("the count"),),
    sizes={"D": 10, "H": 7},
    worked=(Case("a GRU with D = 3, H = 2, counted by hand", fixed(kind="GRU", D=3, H=2, torch_biases=True)),),
    cases=(
        Case("a GRU with PyTorch's biases", _count("GRU", True)),
        Case("a GRU with one bias per block", _count("GRU", False)),
        Case("an LSTM with PyTorch's biases", _count("LSTM", True)),
        Case("an LSTM with one bias per block", _count("LSTM", False)),
        Case("a vanilla RNN with PyTorch's biases", _count("RNN", True)),
        Case("a vanilla RNN with one bias", _count("RNN", False)),
        Case("an unknown kind raises ValueError", fixed(kind="GRUU", D=3, H=2, torch_biases=True), edge=True),
    ),
)


# -- 5 adding_problem --------------------------------------------------------------------------------------------------

Examination = Callable[[tuple[Any, ...], Inputs], Difference | None]


def _draw_problem(rng: Rng, sizes: Sizes) -> Inputs:
    return {"N": 600, "T": sizes["T"], "rng": InputRecipe("generator", int(rng.integers(1, 10_000)))}


def _draw_shortest(rng: Rng, sizes: Sizes) -> Inputs:
    return {"N": 5, "T": 2, "rng": InputRecipe("generator", int(rng.integers(1, 10_000)))}


def _draw_single(rng: Rng, sizes: Sizes) -> Inputs:
    return {"N": 1, "T": sizes["T"], "rng": InputRecipe("generator", int(rng.integers(1, 10_000)))}


def _misshapen(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
    for name, seen, shape in zip("xy", value, [(inputs["N"], inputs["T"], 2), (inputs["N"],)], strict=True):
        if not isinstance(seen, np.ndarray):
            return Difference(f"{name} is a {type(seen).__name__}", "a NumPy array")
        if seen.shape != shape:
            return Difference(f"{name} has shape {seen.shape}", f"shape {shape}")
        if seen.dtype.kind != "f":
            return Difference(f"{name} is {seen.dtype}", "float64")
    return None


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


def _looking_at(*examinations: Examination) -> Examination:
    """Return the first difference that these find, in a result of the right shapes."""

    def look(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
        return next((found for e in (_misshapen, *examinations) if (found := e(value, inputs))), None)

    return look


def _arrays(result: Returned | Raised) -> list[Any]:
    return [] if isinstance(result, Raised) else [np.asarray(part) for part in result.value]


def _not_from_rng(ask: Ask, inputs: Inputs) -> Difference | None:
    once, again = _arrays(ask(inputs)), _arrays(ask(inputs))
    if not all(same(a, b) for a, b in zip(once, again, strict=True)):
        return Difference(
            "two generators with the same seed give different sequences",
            guess="Draw everything from rng, nothing from np.random.",
        )
    other = _arrays(ask({**inputs, "rng": InputRecipe("generator", 10_001)}))
    if all(same(a, b) for a, b in zip(once, other, strict=True)):
        return Difference("generators with different seeds give the same sequences")
    return None


PROBLEM_SIZES = {"T": 9}

ADDING_PROBLEM = Spec(
    name="adding_problem",
    parameters=("N", "T", "rng"),
    returns=(Array("x"), Array("y")),
    sizes=PROBLEM_SIZES,
    properties=(Property("all randomness comes from rng", _not_from_rng),),
    cases=(
        Case("x is (N, T, 2), y is (N,)", _draw_problem, examine=_misshapen),
        Case("one marker in each half, zeros elsewhere", _draw_problem, examine=_looking_at(_bad_markers)),
        Case("y is the sum of the marked numbers", _draw_problem, examine=_looking_at(_bad_sums)),
        Case("the numbers are uniform between 0 and 1", _draw_problem, examine=_looking_at(_bad_numbers)),
        Case("every sequence has numbers of its own", _draw_problem, examine=_looking_at(_repeated_numbers)),
        # An even and an odd T: a second place tied to the first shows in one of them only.
        Case("every step can be marked", _draw_problem, sizes={"T": 10}, examine=_looking_at(_bad_places)),
        Case("the two places are independent", _draw_problem, sizes={"T": 9}, examine=_looking_at(_tied_places)),
        Case(
            "the shortest sequences (T = 2)",
            _draw_shortest,
            edge=True,
            examine=_looking_at(_bad_markers, _bad_sums),
        ),
        Case("one sequence (N = 1)", _draw_single, edge=True, examine=_looking_at(_bad_markers, _bad_sums)),
    ),
)


# -- 6 train_adding ----------------------------------------------------------------------------------------------------

BLOCKS = {"RNN": 1, "IRNN": 1, "LSTM": 4, "GRU": 3}


def _training(kind: str, batches: int = 2) -> Callable[[Rng, Sizes], Inputs]:
    """Return a ``draw`` of a whole training: first weights under PyTorch's names, and batches of fresh sequences."""

    def drawn(rng: Rng, sizes: Sizes) -> Inputs:
        N, T, H = sizes["N"], sizes["T"], sizes["H"]
        G = BLOCKS[kind] * H
        shapes = {
            "rnn.weight_ih_l0": (G, 2),
            "rnn.weight_hh_l0": (G, H),
            "rnn.bias_ih_l0": (G,),
            "rnn.bias_hh_l0": (G,),
            "readout.weight": (1, H),
            "readout.bias": (1,),
        }
        weights = {name: (0.4 * normal(rng, *shape)).round(3) for name, shape in shapes.items()}
        # Targets of growing size make gradients of different lengths, so that clipping them matters.
        data = [(normal(rng, N, T, 2), (1 + 2 * s) * normal(rng, N)) for s in range(batches)]
        return {"kind": kind, "weights": weights, "batches": data, "lr": 0.05, "max_norm": 0.5}

    return drawn


def _harmless_clipping(rng: Rng, sizes: Sizes) -> Inputs:
    return _training("GRU")(rng, sizes) | {"max_norm": 1000.0, "lr": 0.02}


TRAIN_ADDING = Spec(
    name="train_adding",
    parameters=("kind", "weights", "batches", "lr", "max_norm"),
    returns=(
        Array("losses", "S"),
        Array("rnn.weight_ih_l0"),
        Array("rnn.weight_hh_l0"),
        Array("rnn.bias_ih_l0"),
        Array("rnn.bias_hh_l0"),
        Array("readout.weight"),
        Array("readout.bias"),
    ),
    sizes={"N": 5, "T": 7, "H": 4},
    as_dict=True,
    cases=(
        Case("three steps of training a GRU, number by number", _training("GRU", batches=3)),
        Case("gradients below max_norm are left alone", _harmless_clipping),
        Case("an LSTM", _training("LSTM"), edge=True),
        Case("a vanilla RNN, a single batch", _training("RNN", batches=1), edge=True),
        Case("one sequence of one step (N = 1, T = 1)", _training("GRU"), sizes={"N": 1, "T": 1}, edge=True),
    ),
)


# -- 7 lstm_to_gru -----------------------------------------------------------------------------------------------------

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
BY_HAND = "candidate g"

LSTM_TO_GRU = Spec(
    name="lstm_to_gru",
    parameters=("piece",),
    returns=(Value("the answer"),),
    proportional=True,
    cases=(
        *(Case(f"{piece!r}", fixed(piece=piece), choices=() if piece == BY_HAND else BECAME) for piece in PIECES),
        Case("an unknown piece raises KeyError", fixed(piece="no such piece")),
    ),
)

SPECS = (
    GRU_CELL_FORWARD,
    GRU_CELL_BACKWARD,
    GRU_FORWARD,
    PARAM_COUNT,
    ADDING_PROBLEM,
    TRAIN_ADDING,
    LSTM_TO_GRU,
)
