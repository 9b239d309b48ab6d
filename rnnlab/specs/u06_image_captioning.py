"""What is asked of the ten exercises of unit 06, image captioning."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from rnnlab.checking.compare import Difference, same
from rnnlab.checking.properties import agrees, value_at
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

NULL, START, END, UNK = 0, 1, 2, 3
SPECIALS = 4
TWO_CAPTIONS = ["a red circle", "a blue circle on a red square"]
SMALL_VOCAB = {"<NULL>": 0, "<START>": 1, "<END>": 2, "<UNK>": 3, "a": 4, "circle": 5, "red": 6}
NOUNS = ("dog", "bird", "kite", "goat", "man", "hat", "boat", "tree", "ball", "horse", "cup", "hill")


def _sentences(rng: Rng, count: int, longest: int) -> list[str]:
    """Return ``count`` captions of 1 to ``longest`` words."""
    lengths = rng.integers(1, longest + 1, size=count)
    return [" ".join(rng.choice(NOUNS, size=length).tolist()) for length in lengths]


def _rows(rng: Rng, N: int, T: int, V: int) -> Any:
    """Return rows (N, T) of START, words, END and NULL, of all lengths."""
    tokens = rng.integers(SPECIALS, V, size=(N, T))
    tokens[:, 0] = START
    for row, end in zip(tokens, rng.integers(1, T, size=N), strict=True):
        row[end] = END
        row[end + 1 :] = NULL
    return tokens


# -- 1 build_vocab -----------------------------------------------------------------------------------------------------


def _draw_captions(rng: Rng, sizes: Sizes) -> Inputs:
    return {"captions": [*_sentences(rng, 3 * sizes["N"], sizes["T"]), "dog dog bird bird kite"], "min_count": 2}


def _draw_all_kept(rng: Rng, sizes: Sizes) -> Inputs:
    return {"captions": _sentences(rng, sizes["N"], sizes["T"]), "min_count": 1}


BUILD_VOCAB = Spec(
    name="build_vocab",
    parameters=("captions", "min_count"),
    returns=(Value("the vocabulary"),),
    sizes={"N": 3, "T": 5},
    worked=(Case("the two captions worked by hand", fixed(captions=TWO_CAPTIONS, min_count=2)),),
    cases=(
        Case("other captions, min_count=2", _draw_captions),
        Case("min_count=1 keeps every word", _draw_all_kept, edge=True),
        Case("min_count=3", fixed(captions=["b a b c", "c b a c"], min_count=3), edge=True),
        Case("no captions at all", fixed(captions=[], min_count=1), edge=True),
    ),
)


# -- 2 encode_captions -------------------------------------------------------------------------------------------------


def _vocab(known: int) -> dict[str, int]:
    return {"<NULL>": 0, "<START>": 1, "<END>": 2, "<UNK>": 3} | {w: i + SPECIALS for i, w in enumerate(NOUNS[:known])}


def _draw_for_rows(rng: Rng, sizes: Sizes, T: int) -> Inputs:
    short = _sentences(rng, sizes["N"], sizes["T"])
    return {"captions": [*short, " ".join(NOUNS)], "word_to_ix": _vocab(8), "T": T}


def _draw_rows(rng: Rng, sizes: Sizes) -> Inputs:
    return _draw_for_rows(rng, sizes, sizes["T"])


_draw_wide_rows = partial(_draw_for_rows, T=len(NOUNS) + 5)
_draw_narrow_rows = partial(_draw_for_rows, T=2)


def _end_lost(ask: Ask, inputs: Inputs) -> Difference | None:
    rows = value_at(ask(inputs))
    if rows.ndim == 2 and ((rows == END).sum(axis=1) == 1).all():
        return None
    return Difference("a row without its END, or with two", "one END in every row", "Cut the words, not the row.")


ENCODE_CAPTIONS = Spec(
    name="encode_captions",
    parameters=("captions", "word_to_ix", "T"),
    returns=(Array("the rows"),),
    sizes={"N": 3, "T": 6},
    worked=(
        Case("the two captions worked by hand", fixed(captions=TWO_CAPTIONS, word_to_ix=SMALL_VOCAB, T=6)),
        Case("a caption that fits exactly", fixed(captions=["red red circle a"], word_to_ix=SMALL_VOCAB, T=6)),
    ),
    properties=(Property("every row has its END", _end_lost),),
    cases=(
        Case("short, long and unknown words", _draw_rows),
        Case("rows with room for all", _draw_wide_rows),
        Case("room for START and END only (T = 2)", _draw_narrow_rows, edge=True),
        Case("an empty caption", fixed(captions=[""], word_to_ix=SMALL_VOCAB, T=4), edge=True),
    ),
)


# -- 3 shift_captions --------------------------------------------------------------------------------------------------


def _draw_tokens(rng: Rng, sizes: Sizes) -> Inputs:
    return {"tokens": _rows(rng, sizes["N"], sizes["T"], 12)}


def _draw_null_within(rng: Rng, sizes: Sizes) -> Inputs:
    tokens = _rows(rng, sizes["N"], sizes["T"], 12)
    tokens[:, 2] = NULL
    tokens[:, 3] = 5
    return {"tokens": tokens}


SHIFT_CAPTIONS = Spec(
    name="shift_captions",
    parameters=("tokens",),
    returns=(Array("inputs"), Array("targets"), Array("mask")),
    sizes={"N": 3, "T": 6},
    worked=(Case("the row worked by hand", fixed(tokens=np.array([[1, 4, 6, 5, 2, 0]]))),),
    cases=(
        Case("rows of all lengths", _draw_tokens),
        Case("NULL in the middle of a row", _draw_null_within, edge=True),
        Case("the shortest row: START, END", fixed(tokens=np.array([[1, 2]])), edge=True),
    ),
)


# -- 4 embedding_forward, 5 embedding_backward -------------------------------------------------------------------------

ROWS = np.array([[0.0, 0.0], [1.0, 10.0], [2.0, 20.0]])


def _draw_words(rng: Rng, sizes: Sizes) -> Inputs:
    V = sizes["V"]
    return {"tokens": rng.integers(0, V, size=(sizes["N"], sizes["T"])), "W": normal(rng, V, sizes["E"])}


EMBEDDING_FORWARD = Spec(
    name="embedding_forward",
    parameters=("tokens", "W"),
    returns=(Array("the result", "N T E"),),
    sizes={"N": 2, "T": 4, "V": 7, "E": 3},
    worked=(Case("three words by hand", fixed(tokens=np.array([[2, 1, 1]]), W=ROWS)),),
    cases=(
        Case("words of sentences", _draw_words),
        Case("one word (N = T = 1)", _draw_words, sizes={"N": 1, "T": 1}, edge=True),
        Case("float32 stays float32", in_float32(_draw_words), remark=True),
    ),
)


def _draw_upstream(rng: Rng, sizes: Sizes) -> Inputs:
    N, T, V = sizes["N"], sizes["T"], sizes["V"]
    tokens = rng.integers(0, V - 1, size=(N, T))  # the last word never occurs
    tokens[0, 0] = tokens[0, 1] = tokens[N - 1, T - 1]
    return {"dout": normal(rng, N, T, sizes["E"]), "tokens": tokens, "V": V}


def _sum_lost(ask: Ask, inputs: Inputs) -> Difference | None:
    dW = value_at(ask(inputs))
    if dW.ndim == 2 and agrees(dW.sum(axis=0), inputs["dout"].sum(axis=(0, 1))):
        return None
    return Difference(
        "the sum over all rows of dW is not the sum of all gradients",
        guess="Are there words that occur more than once?",
    )


EMBEDDING_BACKWARD = Spec(
    name="embedding_backward",
    parameters=("dout", "tokens", "V"),
    returns=(Array("dW", "V E"),),
    sizes={"N": 2, "T": 5, "V": 7, "E": 3},
    worked=(
        Case(
            "three words by hand, one of them twice",
            fixed(dout=np.array([[[1.0, 1.0], [2.0, 0.0], [3.0, 0.0]]]), tokens=np.array([[2, 1, 1]]), V=3),
        ),
    ),
    properties=(Property("no gradient is lost", _sum_lost),),
    cases=(
        Case("words that repeat, within a caption and between two", _draw_upstream),
        Case("one caption (N = 1)", _draw_upstream, sizes={"N": 1}, edge=True),
        Case("float32 stays float32", in_float32(_draw_upstream), remark=True),
    ),
)


# -- 6 caption_forward -------------------------------------------------------------------------------------------------


def _weights(rng: Rng, sizes: Sizes) -> dict[str, Any]:
    D, E, H, V = sizes["D"], sizes["E"], sizes["H"], sizes["V"] + SPECIALS
    return {
        "W_embed": normal(rng, V, E),
        "W_xh": (0.4 * normal(rng, E, H)).round(3),
        "W_hh": (0.4 * normal(rng, H, H)).round(3),
        "b_h": (0.4 * normal(rng, H)).round(3),
        "W_ih": (0.4 * normal(rng, D, H)).round(3),
        "W_hy": normal(rng, H, V),
        "b_y": normal(rng, V),
    }


def _draw_network(rng: Rng, sizes: Sizes, inject: str) -> Inputs:
    N, T = sizes["N"], sizes["T"]
    return {
        "features": normal(rng, N, sizes["D"]),
        "tokens": rng.integers(0, sizes["V"] + SPECIALS, size=(N, T)),
        "params": _weights(rng, sizes),
        "inject": inject,
    }


_draw_h0 = partial(_draw_network, inject="h0")
_draw_at_first = partial(_draw_network, inject="first")
_draw_at_every = partial(_draw_network, inject="every")
_draw_inject_typo = partial(_draw_network, inject="each")


def _by_hand(inject: str) -> Case:
    weights = {
        "W_embed": np.array([[0.0], [1.0]]),
        "W_xh": np.array([[0.5]]),
        "W_hh": np.array([[0.5]]),
        "b_h": np.array([0.0]),
        "W_ih": np.array([[1.0]]),
        "W_hy": np.array([[1.0, -1.0]]),
        "b_y": np.array([0.0, 0.0]),
    }
    drawn = fixed(features=np.array([[0.3]]), tokens=np.array([[1, 0]]), params=weights, inject=inject)
    return Case(f"two steps worked by hand, inject={inject!r}", drawn)


def _mixed_up_images(ask: Ask, inputs: Inputs) -> Difference | None:
    turned = {**inputs, "features": inputs["features"][::-1], "tokens": inputs["tokens"][::-1]}
    if same(value_at(ask(turned))[::-1], value_at(ask(inputs))):
        return None
    return Difference(
        "reversing the order of the captions changes their scores", guess="Every caption has an image of its own."
    )


def _image_at_wrong_steps(ask: Ask, inputs: Inputs) -> Difference | None:
    first, every = (value_at(ask({**inputs, "inject": name})) for name in ("first", "every"))
    if first.ndim != 3 or first.shape != every.shape:
        return Difference("scores of different shapes", "the same shape for 'first' and 'every'")
    if not same(first[:, 0], every[:, 0]):
        return Difference("'first' and 'every' differ at the first step, where both see the image")
    if same(first[:, 1], every[:, 1]):
        return Difference("'first' and 'every' agree at the second step, where only 'every' adds the image")
    return None


CAPTION_FORWARD = Spec(
    name="caption_forward",
    parameters=("features", "tokens", "params", "inject"),
    returns=(Array("the scores"),),
    sizes={"N": 2, "T": 5, "D": 3, "E": 4, "H": 6, "V": 7},
    worked=(_by_hand("h0"), _by_hand("first"), _by_hand("every")),
    properties=(
        Property("captions of a batch do not mix", _mixed_up_images),
        Property("'first' and 'every' agree at the first step only", _image_at_wrong_steps),
    ),
    cases=(
        Case("'h0', all sizes different", _draw_h0),
        Case("'first', all sizes different", _draw_at_first),
        Case("'every', all sizes different", _draw_at_every),
        Case("one step (T = 1)", _draw_at_first, sizes={"T": 1}, edge=True),
        Case("one caption (N = 1)", _draw_at_every, sizes={"N": 1}, edge=True),
        Case("float32 stays float32", in_float32(_draw_at_first), remark=True),
        Case("an unknown inject raises ValueError", _draw_inject_typo, edge=True),
    ),
)


# -- 7 caption_loss ----------------------------------------------------------------------------------------------------


def _draw_answers(rng: Rng, sizes: Sizes) -> Inputs:
    N, T, V = sizes["N"], sizes["T"], sizes["V"] + SPECIALS
    targets = _rows(rng, N, T + 1, V)[:, 1:]
    return {"logits": normal(rng, N, T, V), "targets": targets, "mask": targets != NULL}


def _draw_large_scores(rng: Rng, sizes: Sizes) -> Inputs:
    inputs = _draw_answers(rng, sizes)
    return {**inputs, "logits": inputs["logits"] + 2000.0}


def _draw_far_apart(rng: Rng, sizes: Sizes) -> Inputs:
    inputs = _draw_answers(rng, sizes)
    inputs["logits"][0] += 2000.0
    return inputs


def _draw_unlikely_words(rng: Rng, sizes: Sizes) -> Inputs:
    inputs = _draw_answers(rng, sizes)
    logits = inputs["logits"]
    np.put_along_axis(logits, inputs["targets"][:, :, None], -2000.0, axis=2)
    return {**inputs, "logits": logits}


def _draw_mask_within(rng: Rng, sizes: Sizes) -> Inputs:
    inputs = _draw_answers(rng, sizes)
    mask = rng.random(inputs["mask"].shape) < 0.5
    mask[0] = True
    return {**inputs, "mask": mask}


def _draw_nothing_counts(rng: Rng, sizes: Sizes) -> Inputs:
    inputs = _draw_answers(rng, sizes)
    mask = inputs["mask"].copy()
    mask[0] = False
    return {**inputs, "mask": mask}


def _padding_counts(ask: Ask, inputs: Inputs) -> Difference | None:
    logits, targets, mask = inputs["logits"], inputs["targets"], inputs["mask"]
    N, _, V = logits.shape
    longer = {
        "logits": np.concatenate([logits, np.ones((N, 3, V))], axis=1),
        "targets": np.concatenate([targets, np.zeros((N, 3), dtype=targets.dtype)], axis=1),
        "mask": np.concatenate([mask, np.zeros((N, 3), dtype=bool)], axis=1),
    }
    before, after = value_at(ask(inputs)), value_at(ask(longer))
    if before.size == after.size == 1 and np.allclose(before, after, rtol=1e-4):
        return None
    return Difference("three more columns of NULL change the loss", guess="NULL does not count.")


CAPTION_LOSS = Spec(
    name="caption_loss",
    parameters=("logits", "targets", "mask"),
    returns=(Value("the loss"),),
    sizes={"N": 3, "T": 5, "V": 6},
    worked=(
        Case(
            "three steps worked by hand, two of which count",
            fixed(
                logits=np.array([[[0.0, 0.0], [0.0, np.log(3.0)], [5.0, 1.0]]]),
                targets=np.array([[0, 1, 0]]),
                mask=np.array([[True, True, False]]),
            ),
        ),
    ),
    properties=(Property("more NULL at the end changes nothing", _padding_counts),),
    cases=(
        Case("captions of all lengths", _draw_answers),
        Case("a mask with holes", _draw_mask_within),
        Case("a caption of which nothing counts", _draw_nothing_counts, edge=True),
        Case("very large scores", _draw_large_scores, edge=True),
        Case("captions whose scores lie far apart", _draw_far_apart, edge=True),
        Case("right words that seem all but impossible", _draw_unlikely_words, edge=True),
        Case("one caption (N = 1)", _draw_answers, sizes={"N": 1}, edge=True),
        Case("one step (T = 1)", _draw_answers, sizes={"T": 1}, edge=True),
    ),
)


# -- 8 greedy_caption --------------------------------------------------------------------------------------------------


def _draw_writer(rng: Rng, sizes: Sizes, inject: str) -> Inputs:
    weights = _weights(rng, sizes)
    # The words vary, rows end at different steps, and NULL and START are never written by choice.
    weights["W_xh"] *= 2.5
    weights["W_hh"] *= 2.0
    weights["b_y"] = np.zeros_like(weights["b_y"])
    weights["b_y"][[NULL, START]] = -20.0
    weights["b_y"][END] = 0.5
    return {
        "features": 2.0 * normal(rng, 3 * sizes["N"], sizes["D"]),
        "params": weights,
        "max_len": sizes["T"],
        "inject": inject,
    }


_draw_writer_first = partial(_draw_writer, inject="first")
_draw_writer_every = partial(_draw_writer, inject="every")
_draw_writer_h0 = partial(_draw_writer, inject="h0")


def _draw_one_image(rng: Rng, sizes: Sizes) -> Inputs:
    inputs = _draw_writer(rng, sizes, "first")
    return {**inputs, "features": inputs["features"][:1]}


def _draw_endless(rng: Rng, sizes: Sizes) -> Inputs:
    inputs = _draw_writer(rng, sizes, "every")
    inputs["params"]["b_y"][END] = -50.0
    return inputs


def _straw_hat() -> Inputs:
    straw, hat = 4, 5
    W_xh = np.zeros((6, 6))
    W_xh[START, straw] = W_xh[straw, hat] = W_xh[hat, END] = 1.0
    W_ih = np.zeros((1, 6))
    W_ih[0, hat] = 2.0
    weights = {
        "W_embed": np.eye(6),
        "W_xh": W_xh,
        "W_hh": np.zeros((6, 6)),
        "b_h": np.zeros(6),
        "W_ih": W_ih,
        "W_hy": np.eye(6),
        "b_y": np.zeros(6),
    }
    return {"features": np.array([[0.0], [1.0]]), "params": weights, "max_len": 4, "inject": "first"}


def _neighbours_matter(ask: Ask, inputs: Inputs) -> Difference | None:
    features = inputs["features"]
    together = value_at(ask(inputs))
    if together.ndim != 2 or len(together) != len(features):
        return Difference(f"words of shape {together.shape}", f"a row for each of the {len(features)} images")
    # Two at a time: what fails for a single image is an edge of its own.
    pairs = [features[n : n + 2] for n in range(min(3, len(features) - 1))]
    apart = [value_at(ask({**inputs, "features": pair})) for pair in pairs]
    if all(seen.ndim == 2 and same(seen, together[n : n + 2]) for n, seen in enumerate(apart)):
        return None
    return Difference("an image gets another caption beside other images", guess="Each row has its own END.")


GREEDY_CAPTION = Spec(
    name="greedy_caption",
    parameters=("features", "params", "max_len", "inject"),
    returns=(Array("the words"),),
    sizes={"N": 2, "T": 7, "D": 3, "E": 4, "H": 8, "V": 5},
    builds_on=("caption_forward",),
    worked=(Case("straw hat, worked by hand", fixed(**_straw_hat())),),
    properties=(Property("every image is described on its own", _neighbours_matter),),
    cases=(
        Case("'first', rows that end at different steps", _draw_writer_first),
        Case("'every'", _draw_writer_every),
        Case("'h0'", _draw_writer_h0),
        Case("captions that never end", _draw_endless, edge=True),
        Case("one image (N = 1)", _draw_one_image, edge=True),
        Case("one word (max_len = 1)", _draw_writer_first, sizes={"T": 1}, edge=True),
    ),
)


# -- 9 bleu ------------------------------------------------------------------------------------------------------------


STRANGE = "zebra"  # a word of no reference


def _given(candidate: Sequence[str], *references: Sequence[str], max_n: int | None = None) -> Inputs:
    inputs: Inputs = {"candidate": " ".join(candidate), "references": [" ".join(words) for words in references]}
    return inputs if max_n is None else {**inputs, "max_n": max_n}


def _words(rng: Rng) -> list[str]:
    """Return all nouns in another order: what is a run of them here is none there."""
    return [str(noun) for noun in rng.permutation(NOUNS)]


def _said(rng: Rng, length: int) -> list[str]:
    """Return words of which some come again."""
    return [str(noun) for noun in rng.choice(_words(rng)[:6], size=length)]


def _draw_one_strange(rng: Rng, sizes: Sizes) -> Inputs:
    reference = _said(rng, sizes["T"] + 4)
    return _given([*reference[1:-2], STRANGE, reference[-1]], reference)


def _draw_from_two(rng: Rng, sizes: Sizes) -> Inputs:
    words = _words(rng)
    a, b, strange = rng.integers(2, 5, size=3)
    one, other = words[:a], words[4 : 4 + b]
    return _given([*one, *other, *[STRANGE] * strange], one, [*other, words[8], words[9]], max_n=2)


def _draw_in_both(rng: Rng, sizes: Sizes) -> Inputs:
    often, once = _words(rng)[:2]
    most = int(rng.integers(2, 6))
    references = [often] * (most - 1) + [once, often], [often] * most + [once]
    return _given([often] * (most + 1) + [once], *references, max_n=2)


def _draw_same(rng: Rng, sizes: Sizes) -> Inputs:
    words = _said(rng, sizes["T"] + 4)
    return _given(words, _said(rng, 2), words)


def _draw_cut_short(rng: Rng, sizes: Sizes) -> Inputs:
    reference = _said(rng, sizes["T"] + 4)
    return _given(reference[: int(rng.integers(len(reference) // 2, len(reference)))], reference, max_n=2)


def _draw_lengths(rng: Rng, sizes: Sizes, *beyond: int) -> Inputs:
    """Return a caption with one strange word, and references that are so many words longer, or shorter."""
    words, c = _words(rng), int(rng.integers(4, 7))
    return _given([STRANGE, *words[1:c]], *(words[: c + more] for more in beyond), max_n=1)


def _lengths(*beyond: int) -> Draw:
    return lambda rng, sizes: _draw_lengths(rng, sizes, *beyond)


def _draw_three_words(rng: Rng, sizes: Sizes) -> Inputs:
    words = _words(rng)[:3]
    return _given(words, words)


def _draw_nothing_common(rng: Rng, sizes: Sizes) -> Inputs:
    words = _words(rng)
    return _given(words[:3], words[3:7], max_n=1)


def _draw_no_pair(rng: Rng, sizes: Sizes) -> Inputs:
    words = _words(rng)[:4]
    return _given(words, words[::-1], max_n=2)


def _draw_empty(rng: Rng, sizes: Sizes) -> Inputs:
    return _given([], _said(rng, 3), max_n=2)


BLEU = Spec(
    name="bleu",
    parameters=("candidate", "references", "max_n"),
    returns=(Value("BLEU"),),
    sizes={"T": 5},
    worked=(
        Case(
            "the caption worked by hand",
            fixed(candidate="a red red circle", references=["a red circle"], max_n=2),
        ),
    ),
    cases=(
        Case("four words in a row (max_n is 4 by default)", _draw_one_strange),
        Case("two references", _draw_from_two),
        Case("a word in both references counts once", _draw_in_both),
        Case("a caption equal to a reference", _draw_same),
        Case("a short caption is penalised", _draw_cut_short),
        Case("the closest length, not the shortest", _lengths(-3, 2)),
        Case("the closest length, not the longest", _lengths(5, 1)),
        Case("two lengths equally close", _lengths(-1, 1), edge=True),
        Case("two lengths equally close, the other way round", _lengths(2, -2), edge=True),
        Case("three words have no run of four", _draw_three_words, edge=True),
        Case("no word in common", _draw_nothing_common, edge=True),
        Case("words in common, but no pair", _draw_no_pair, edge=True),
        Case("an empty caption", _draw_empty, edge=True),
    ),
)


# -- 10 spatial_attention ----------------------------------------------------------------------------------------------


def _draw_look(rng: Rng, sizes: Sizes) -> Inputs:
    N, L, D, H = sizes["N"], sizes["L"], sizes["D"], sizes["H"]
    return {
        "h": np.tanh(normal(rng, N, H)).round(2),
        "A": normal(rng, N, L, D),
        "W_q": (0.5 * normal(rng, H, D)).round(3),
    }


def _draw_sharp_look(rng: Rng, sizes: Sizes) -> Inputs:
    inputs = _draw_look(rng, sizes)
    # The scores of different images lie thousands apart.
    factors = np.linspace(100.0, 2000.0, sizes["N"])[:, None, None]
    return {**inputs, "A": inputs["A"] * factors}


def _draw_blind(rng: Rng, sizes: Sizes) -> Inputs:
    inputs = _draw_look(rng, sizes)
    return {**inputs, "W_q": np.zeros_like(inputs["W_q"])}


def _weights_not_one(ask: Ask, inputs: Inputs) -> Difference | None:
    alpha = value_at(ask(inputs), at=1)
    if alpha.ndim == 2 and np.allclose(alpha.sum(axis=1), 1.0, atol=1e-5):
        return None
    return Difference("the weights of an image do not sum to 1")


def _order_matters(ask: Ask, inputs: Inputs) -> Difference | None:
    result, turned = ask(inputs), ask({**inputs, "A": inputs["A"][:, ::-1]})
    if same(value_at(result), value_at(turned)) and same(value_at(result, at=1)[:, ::-1], value_at(turned, at=1)):
        return None
    return Difference(
        "reversing the order of the positions changes more than the order of the weights",
        guess="The context stays the same, and the weights come in reverse order.",
    )


SPATIAL_ATTENTION = Spec(
    name="spatial_attention",
    parameters=("h", "A", "W_q"),
    returns=(Array("context", "N D"), Array("alpha", "N L")),
    sizes={"N": 3, "L": 6, "D": 4, "H": 5},
    worked=(
        Case(
            "one look worked by hand",
            fixed(
                h=np.array([[1.0]]),
                A=np.array([[[np.log(3.0), 0.0, 0.0, 8.0], [0.0, 0.0, 0.0, 4.0]]]),
                W_q=np.array([[2.0, 0.0, 0.0, 0.0]]),
            ),
        ),
    ),
    properties=(
        Property("the weights of every image sum to 1", _weights_not_one),
        Property("the order of the positions does not matter", _order_matters),
    ),
    cases=(
        Case("N, L, D, H all different", _draw_look),
        Case("W_q = 0: the mean of all positions", _draw_blind),
        Case("one image (N = 1)", _draw_look, sizes={"N": 1}, edge=True),
        Case("one position (L = 1)", _draw_look, sizes={"L": 1}, edge=True),
        Case("very large scores", _draw_sharp_look, edge=True),
        Case("float32 stays float32", in_float32(_draw_look), remark=True),
    ),
)

SPECS = (
    BUILD_VOCAB,
    ENCODE_CAPTIONS,
    SHIFT_CAPTIONS,
    EMBEDDING_FORWARD,
    EMBEDDING_BACKWARD,
    CAPTION_FORWARD,
    CAPTION_LOSS,
    GREEDY_CAPTION,
    BLEU,
    SPATIAL_ATTENTION,
)
