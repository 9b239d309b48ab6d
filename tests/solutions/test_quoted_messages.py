"""What units 03 to 05 quote under "I get this message" is what their checks say of such answers."""

import contextlib
import re

import pytest

import solutions
from rnnlab import CheckFailed, check

# Unit, exercise, what is changed in the answer, and the message that the text quotes.
CASES = [
    (
        "u03_vanishing_gradients",
        "activation",
        {"np.maximum(a, 0)": "(a if a > 0 else 0)"},
        "The truth value of an array with more than one element is ambiguous",
    ),
    ("u03_vanishing_gradients", "activation", {"(a > 0).astype(a.dtype)": "a > 0"}, "the derivative is bool"),
    (
        "u03_vanishing_gradients",
        "activation",
        {"0.5 * (1 + np.tanh(0.5 * a))": "np.exp(a) / (1 + np.exp(a))"},
        "value[1, 0] = nan",
    ),
    (
        "u03_vanishing_gradients",
        "activation",
        {"0.5 * (1 + np.tanh(0.5 * a))": "1 / (1 + np.exp(-a))"},
        "overflow encountered in exp",
    ),
    ("u03_vanishing_gradients", "scalar_chain", {"range(T)": "range(T - 1)"}, "the derivative = 3"),
    ("u03_vanishing_gradients", "gradient_norms", {"norms[::-1]": "norms"}, "norms[0] = 5"),
    ("u03_vanishing_gradients", "gradient_norms", {"norms[::-1]": "norms[:0:-1]"}, "the norms have shape (6,)"),
    ("u03_vanishing_gradients", "decay_rate", {"norms[0] / norms[-1]": "norms[-1] / norms[0]"}, "the rate = 2"),
    ("u03_vanishing_gradients", "decay_rate", {"(len(norms) - 1)": "len(norms)"}, "the rate = 0.629961"),
    (
        "u03_vanishing_gradients",
        "gradient_bound",
        {"np.linalg.norm(W_hh, 2)": "np.abs(np.linalg.eigvals(W_hh)).max()"},
        "the bound = 0.0625",
    ),
    ("u03_vanishing_gradients", "gradient_bound", {"(W_hh, 2)": "(W_hh)"}, "the bound = 0.265625"),
    ("u03_vanishing_gradients", "init_hidden", {"np.sqrt(1 / H)": "1 / H"}, "entries with variance 2.5"),
    ("u03_vanishing_gradients", "init_hidden", {" * np.sign(np.diag(r))": ""}, "diagonal entries that sum to -7"),
    (
        "u03_vanishing_gradients",
        "init_hidden",
        {"rng.normal(0.0": "np.random.default_rng(0).normal(0.0"},
        "generators with different seeds give the same numbers",
    ),
    (
        "u03_vanishing_gradients",
        "clip_by_value",
        {"np.clip(g, -c, c) for name, g in grads.items()": "np.clip(grads[name], -c, c) for name in ('W_xh', 'W_hh')"},
        "b_h is None",
    ),
    (
        "u03_vanishing_gradients",
        "clip_by_global_norm",
        {"factor * g for": "np.clip(g, -max_norm, max_norm) for"},
        "the direction stays",
    ),
    ("u03_vanishing_gradients", "clip_by_global_norm", {"factor * g": "np.float64(factor) * g"}, "W_xh is float64"),
    (
        "u03_vanishing_gradients",
        "clip_by_global_norm",
        {"factor * g": "g / norm * min(norm, max_norm)"},
        "W_xh[0, 0] = nan",
    ),
    ("u03_vanishing_gradients", "vanishing_quiz", {"return letters[question]": "letters[question]"}, "seen: None"),
    ("u03_vanishing_gradients", "vanishing_quiz", {"letters[question]": "letters[question].upper()"}, "seen: 'A'"),
    ("u04_lstm", "sigmoid", {"0.5 * (1.0 + np.tanh(0.5 * x))": "1 / (1 + np.exp(-x))"}, "overflow encountered in exp"),
    (
        "u04_lstm",
        "sigmoid",
        {"0.5 * (1.0 + np.tanh(0.5 * x))": "1 / (1 + __import__('math').exp(-x))"},
        "can be converted to Python scalars",
    ),
    ("u04_lstm", "sigmoid", {"0.5 * (1.0": "np.zeros(np.shape(x)) + 0.5 * (1.0"}, "the result is float64"),
    (
        "u04_lstm",
        "lstm_cell_forward",
        {"np.split(x_t @ W_xh + h_prev @ W_hh + b, 4, axis=1)": "[x_t @ W_xh + h_prev @ W_hh + b] * 4"},
        "operands could not be broadcast together with shapes (3,20) (3,5)",
    ),
    ("u04_lstm", "lstm_cell_forward", {"axis=1": "axis=0"}, "array split does not result in an equal division"),
    ("u04_lstm", "lstm_forward", {"h, c, cache = ": "h, c = "}, "too many values to unpack"),
    ("u04_lstm", "lstm_forward", {"axis=1": "axis=0"}, "h_all has shape (6, 2, 4)"),
    ("u04_lstm", "lstm_from_torch", {".T\n": "\n"}, "W_xh has shape (20, 3)"),
    ("u04_lstm", "lstm_from_torch", {"weight_ih_l0": "weight_ih"}, "KeyError: 'weight_ih'"),
    ("u04_lstm", "handmade_memory", {"= 10, -20": "= 4, -20"}, "c 49 silent steps after the flagged one is 0.409"),
    ("u04_lstm", "handmade_memory", {"= 10, -20": "= 10, 0"}, "c after a flagged step that starts from 3 is 3.99"),
    ("u04_lstm", "handmade_memory", {"= -10, 20": "= -3, 20"}, "c after 49 steps of noise"),
    ("u04_lstm", "lstm_cell_backward", {"da.sum(axis=0)": "da.sum(axis=0, keepdims=True)"}, "db has shape (1, 12)"),
    ("u04_lstm", "lstm_cell_backward", {"W_xh, W_hh = cache": "W_xh = cache"}, "too many values to unpack"),
    ("u04_lstm", "lstm_cell_backward", {"dc = dc + ": "dc += "}, "changes dc in place"),
    ("u04_lstm", "lstm_backward", {"axis=1": "axis=0"}, "dx has shape (5, 4, 2)"),
    (
        "u04_lstm",
        "init_lstm",
        {"rng.uniform": "np.random.uniform"},
        "two generators with the same seed give different numbers",
    ),
    ("u04_lstm", "init_lstm", {"b[H : 2 * H] =": "b[:H] ="}, "the biases of f begin with 0"),
    (
        "u05_gru",
        "gru_cell_forward",
        {"r * m)": "r * (m - b_hh[2 * H :]) + b_hh[2 * H :])"},
        "all terms on, reset after",
    ),
    ("u05_gru", "gru_cell_forward", {"(1 - z) * n + z * h_prev": "z * n + (1 - z) * h_prev"}, "h_t[0, 0] = 0.821196"),
    ("u05_gru", "gru_cell_forward", {"m, reset_after)": "m)"}, "cache has length 8"),
    (
        "u05_gru",
        "gru_cell_backward",
        {"da_x.sum(axis=0)": "da_x.sum(axis=0, keepdims=True)"},
        "db_xh has shape (1, 15)",
    ),
    ("u05_gru", "gru_forward", {"axis=1": "axis=0"}, "h_all has shape (6, 2, 4)"),
    ("u05_gru", "gru_forward", {"= h0, [], []": "= 0 * h0, [], []"}, "split at k and carried on"),
    ("u05_gru", "param_count", {"if kind not in blocks:": "if False:"}, "KeyError: 'GRUU'"),
    (
        "u05_gru",
        "adding_problem",
        {"x[every, first, 1] = x[every, second, 1]": "x[:, first, 1] = x[:, second, 1]"},
        "a sequence with 4 markers in its first half",
    ),
    (
        "u05_gru",
        "adding_problem",
        {"rng.random": "np.random.random"},
        "two generators with the same seed give different numbers",
    ),
    (
        "u05_gru",
        "adding_problem",
        {"(0, T // 2, size": "(0, T, size", "(T // 2, T, size": "(0, T, size"},
        "a sequence with 0 markers in its first half",
    ),
    (
        "u05_gru",
        "train_adding",
        {
            ".squeeze(-1)": "",
            "torch.mean((guess - torch.as_tensor(y)) ** 2)": "torch.nn.functional.mse_loss(guess, torch.as_tensor(y))",
        },
        "Using a target size (torch.Size([5])) that is different to the input size (torch.Size([5, 1]))",
    ),
    ("u05_gru", "lstm_to_gru", {'"1 - z"': '"1-z"'}, "seen: '1-z'"),
    ("u05_gru", "lstm_to_gru", {"}[piece]": "}.get(piece.upper())"}, "seen: None"),
]


def wrong(unit, exercise, changes):
    """Return the answer with ``changes`` in its text, in a namespace with the other answers."""
    source = next(cell.source for cell in solutions.unit(unit).exercises if cell.exercise == exercise)
    for old, new in changes.items():
        assert old in source, f"no {old} in the answer to {exercise}"
        source = source.replace(old, new)
    notebook = dict(vars(solutions.reference(unit)))
    exec(source, notebook)
    return notebook[exercise]


def quoted(unit):
    """Return what is quoted at the beginning of the lines under "I get this message", by exercise."""
    found = []
    for cell in solutions.unit(unit).cells:
        for fold in re.findall(r"I get this message</summary>(.*?)</details>", cell.source, re.DOTALL):
            found += re.findall(r"^- `([^`]+)`(?::| fails)", fold, re.MULTILINE)
    return sorted(found)


@pytest.mark.parametrize(("unit", "exercise", "changes", "message"), CASES, ids=[f"{c[1]}-{c[3]}" for c in CASES])
def test_a_quoted_message_is_what_the_check_says(unit, exercise, changes, message, capsys):
    with contextlib.suppress(CheckFailed):
        check(wrong(unit, exercise, changes))

    assert message in " ".join(line.strip() for line in capsys.readouterr().out.splitlines() if "✓" not in line)


@pytest.mark.parametrize("unit", sorted({case[0] for case in CASES}))
def test_every_quoted_message_is_tried(unit):
    assert quoted(unit) == sorted(message for name, _, _, message in CASES if name == unit)
