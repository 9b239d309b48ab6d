"""Automatic mutants of a reference answer: the function with one small fault, as a slip of the pen would make it."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Any

from solutions.text import Cell, Unit

OTHER_OPERATOR: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
}
OTHER_COMPARISON: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}


# Mutants that are right answers, too: exercise → what was changed → why it changes nothing that is asked.
WIDER = "float64 in place of float32 costs nothing here"
SATURATED = "a saturated gate needs a large number, not this one"
EQUIVALENT: dict[str, dict[str, str]] = {
    "softmax": {
        "line 11: left out: z = z.astype(np.float64)": "np.exp of whole numbers is float64 anyway",
    },
    "rnn_backward": {
        "line 9: one less: 0": "dh_all[:, -1] has the shape of dh_all[:, 0], and only its shape is used",
    },
    "activation": {
        "line 18: arguments swapped: np.maximum(a, 0)": "the larger of two numbers does not depend on their order",
    },
    "init_hidden": {
        "line 17: other operator: q * np.sign(np.diag(r))": "dividing by 1 or -1 is multiplying by it",
    },
    "sequence_cross_entropy": {
        "line 11: without dtype: np.asarray(counts, dtype=logits.dtype)": WIDER,
    },
    "embedding_backward": {
        "line 10: without dtype: np.zeros((V, dout.shape[2]), dtype=dout.dtype)": WIDER,
    },
    "clip_by_value": {
        "line 8: arguments swapped: np.clip(g, -c, c)": "the larger of g and -c does not depend on their order",
    },
    "clip_by_global_norm": {
        "line 11: other comparison: norm > max_norm": "at the limit itself the factor is 1 either way",
    },
    "handmade_memory": {
        **{
            f"line {line}: one {step}: {number}": SATURATED
            for line, number in [(9, 10), (9, 20), (10, 10), (10, 20), (11, 10)]
            for step in ("more", "less")
        },
        "line 11: right side only: 2 * H": "what lies before is left as it is or set to the same number",
        "line 11: one less: 2": "the forget gate's bias is set to the same number before",
        "line 10: one more: 2": "the output gate's bias is set to the same number afterwards",
    },
    "lstm_backward": {
        "line 14: arguments swapped: zip(sums, step, strict=True)": "a sum does not depend on the order",
    },
    "caption_loss": {
        "line 10: without axis: np.take_along_axis(log_p, targets[:, :, np.newaxis], axis=-1)": "-1 is the default",
        "line 10: one less: 0": "the axis has length 1, so the first is the last",
    },
    "greedy_caption": {
        "line 13: sign dropped: -1": "of two axes the last is axis 1",
    },
    "bleu": {
        "line 20: arguments swapped: min(1.0, np.exp(1 - r / len(words)))": "the smaller does not depend on the order",
    },
    "image_to_sequence": {
        "line 15: one more: 1": "reshape takes -2 for the unknown size as it takes -1",
    },
}


def counted(unit: Unit) -> tuple[int, int]:
    """Return how many mutants a unit's answers have, and how many of them must lose points."""
    made = sum(len(mutants(cell)) for cell in unit.exercises)
    return made, made - sum(len(EQUIVALENT.get(str(cell.exercise), {})) for cell in unit.exercises)


def mutants(cell: Cell) -> dict[str, str]:
    """Return the mutants of an answer cell: what was changed, with its line, → the whole source."""
    tree = ast.parse(cell.source)
    original = ast.unparse(tree)
    found: dict[str, str] = {}
    unasked = _texts(tree)
    for index, node in enumerate(ast.walk(tree)):
        if id(node) in unasked:
            continue
        for name, change in _changes(node):
            mutated = copy.deepcopy(tree)
            change(list(ast.walk(mutated))[index])
            source = ast.unparse(ast.fix_missing_locations(mutated))
            if source != original and source not in found.values():
                found[f"line {getattr(node, 'lineno', 0)}: {name}: {ast.unparse(node)}"] = source
    return found


def _texts(tree: ast.AST) -> set[int]:
    """Return the nodes of docstrings, of what errors say, and of zip's strict, which nobody grades."""
    holders = [n for n in ast.walk(tree) if isinstance(n, ast.Raise) or _is_docstring(n) or _is_strict(n)]
    return {id(part) for holder in holders for part in ast.walk(holder) if part is not holder}


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_strict(node: ast.AST) -> bool:
    return isinstance(node, ast.keyword) and node.arg == "strict"


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], None]]]:
    match node:
        case ast.BinOp(op=op):
            if type(op) in OTHER_OPERATOR:
                yield "other operator", lambda n: setattr(n, "op", OTHER_OPERATOR[type(n.op)]())
            yield "left side only", lambda n: _become(n, n.left)
            yield "right side only", lambda n: _become(n, n.right)
        case ast.AugAssign():
            yield "assigned, not added", _assign
            if type(node.op) in OTHER_OPERATOR:
                yield "subtracted, not added", lambda n: setattr(n, "op", OTHER_OPERATOR[type(n.op)]())
            yield "left out", _pass
        case ast.UnaryOp(op=ast.USub()):
            yield "sign dropped", lambda n: _become(n, n.operand)
        case ast.Compare(ops=[op]) if type(op) in OTHER_COMPARISON:
            yield "other comparison", lambda n: setattr(n, "ops", [OTHER_COMPARISON[type(n.ops[0])]()])
        case ast.BoolOp():
            yield "first condition only", lambda n: _become(n, n.values[0])
            yield "last condition only", lambda n: _become(n, n.values[-1])
        case ast.Constant(value=bool(value)):
            yield "flipped", lambda n: setattr(n, "value", not value)
        case ast.Constant(value=int(value)):
            yield "one more", lambda n: setattr(n, "value", value + 1)
            yield "one less", lambda n: setattr(n, "value", value - 1)
        case ast.Constant(value=str(value)):
            yield "another word", lambda n: setattr(n, "value", value + "?")
        case ast.Constant(value=float(value)):
            yield "a tenth more", lambda n: setattr(n, "value", value * 1.1 + 0.1)
        case ast.Attribute(attr="T"):
            yield "not transposed", lambda n: _become(n, n.value)
        case ast.Subscript(ctx=ast.Load()):
            yield "not indexed", lambda n: _become(n, n.value)
        case ast.Call(args=[_], keywords=[]) if not _converts(node):
            yield "not called", lambda n: _become(n, n.args[0])
        case ast.Call(args=[_, _, *_]):
            yield "arguments swapped", lambda n: n.args.__setitem__(slice(0, 2), n.args[1::-1])
        case ast.Return(value=ast.Tuple(elts=[_, _, *_])):
            yield "results swapped", lambda n: n.value.elts.__setitem__(slice(0, 2), n.value.elts[1::-1])
        case ast.Assign(value=value) if _converts(value):
            pass
        case ast.Assign() | ast.Raise() | ast.Expr(value=ast.Call()):
            yield "left out", _pass
    if isinstance(node, ast.Call):
        graded = [(at, keyword) for at, keyword in enumerate(node.keywords) if not _is_strict(keyword)]
        for at, keyword in graded:
            yield f"without {keyword.arg}", lambda n, at=at: n.keywords.pop(at)


def _converts(node: ast.AST) -> bool:
    """Return whether the node only turns a value into the same one of another type, which no answer depends on."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) in ("float", "int", "np.asarray", "np.array")


def _become(node: ast.AST, other: ast.AST) -> None:
    """Turn ``node`` into ``other`` in place, so that its parent holds the other."""
    node.__class__ = other.__class__  # type: ignore[misc]
    node.__dict__ = other.__dict__


def _assign(node: Any) -> None:
    _become(node, ast.Assign(targets=[node.target], value=node.value))


def _pass(node: Any) -> None:
    _become(node, ast.Pass())
