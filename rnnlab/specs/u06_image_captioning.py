"""What is asked of the ten exercises of unit 06, image captioning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnnlab.checking.cases import by_hand, float32, one, raises
from rnnlab.checking.compare import Difference, same
from rnnlab.checking.inputs import DrawOne, integers, normal, size, state, weight
from rnnlab.checking.properties import agrees, batch_independent, value_at
from rnnlab.checking.spec import OMITTED, Array, Ask, Case, Draw, Inputs, Property, Rng, Sizes, Spec, Value, returned

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


def _captions(rng: Rng, sizes: Sizes) -> Any:
    return [*_sentences(rng, 3 * sizes["N"], sizes["T"]), "dog dog bird bird kite"]


def _few_captions(rng: Rng, sizes: Sizes) -> Any:
    return _sentences(rng, sizes["N"], sizes["T"])


BUILD_VOCAB = Spec(
    name="build_vocab",
    inputs={"captions": _captions, "min_count": 2},
    returns=(Value("the vocabulary"),),
    sizes={"N": 3, "T": 5},
    worked=(by_hand("the two captions worked by hand", captions=TWO_CAPTIONS, min_count=2),),
    cases=(
        Case("other captions, min_count=2"),
        Case("min_count=1 keeps every word", {"captions": _few_captions, "min_count": 1}, edge=True),
        Case("min_count=3", {"captions": ["b a b c", "c b a c"], "min_count": 3}, edge=True),
        Case("no captions at all", {"captions": [], "min_count": 1}, edge=True),
    ),
)


# -- 2 encode_captions -------------------------------------------------------------------------------------------------


def _short_and_long(rng: Rng, sizes: Sizes) -> Any:
    return [*_sentences(rng, sizes["N"], sizes["T"]), " ".join(NOUNS)]


def _end_lost(ask: Ask, inputs: Inputs) -> Difference | None:
    rows = value_at(ask(inputs))
    if rows.ndim == 2 and ((rows == END).sum(axis=1) == 1).all():
        return None
    return Difference("a row without its END, or with two", "one END in every row", "Cut the words, not the row.")


VOCAB = {"<NULL>": 0, "<START>": 1, "<END>": 2, "<UNK>": 3} | {w: i + SPECIALS for i, w in enumerate(NOUNS[:8])}

ENCODE_CAPTIONS = Spec(
    name="encode_captions",
    inputs={"captions": _short_and_long, "word_to_ix": VOCAB, "T": size("T")},
    returns=(Array("the rows"),),
    sizes={"N": 3, "T": 6},
    worked=(
        by_hand("the two captions worked by hand", captions=TWO_CAPTIONS, word_to_ix=SMALL_VOCAB, T=6),
        by_hand("a caption that fits exactly", captions=["red red circle a"], word_to_ix=SMALL_VOCAB, T=6),
    ),
    properties=(Property("every row has its END", _end_lost),),
    cases=(
        Case("short, long and unknown words"),
        Case("rows with room for all", {"T": len(NOUNS) + 5}),
        Case("room for START and END only (T = 2)", {"T": 2}, edge=True),
        Case("an empty caption", {"captions": [""], "word_to_ix": SMALL_VOCAB, "T": 4}, edge=True),
    ),
)


# -- 3 shift_captions --------------------------------------------------------------------------------------------------


def _tokens(rng: Rng, sizes: Sizes) -> Any:
    return _rows(rng, sizes["N"], sizes["T"], 12)


def _null_within(inputs: Inputs, rng: Rng, sizes: Sizes) -> Inputs:
    inputs["tokens"][:, 2] = NULL
    inputs["tokens"][:, 3] = 5
    return inputs


SHIFT_CAPTIONS = Spec(
    name="shift_captions",
    inputs={"tokens": _tokens},
    returns=returned("inputs", "targets", "mask"),
    sizes={"N": 3, "T": 6},
    worked=(by_hand("the row worked by hand", tokens=[[1, 4, 6, 5, 2, 0]]),),
    cases=(
        Case("rows of all lengths"),
        Case("NULL in the middle of a row", change=_null_within, edge=True),
        Case("the shortest row: START, END", {"tokens": np.array([[1, 2]])}, edge=True),
    ),
)


# -- 4 embedding_forward, 5 embedding_backward -------------------------------------------------------------------------

EMBEDDING_FORWARD = Spec(
    name="embedding_forward",
    inputs={"tokens": integers("N T", 0, "V"), "W": normal("V E")},
    returns=(Array("the result", "N T E"),),
    sizes={"N": 2, "T": 4, "V": 7, "E": 3},
    worked=(by_hand("three words by hand", tokens=[[2, 1, 1]], W=[[0.0, 0.0], [1.0, 10.0], [2.0, 20.0]]),),
    cases=(
        Case("words of sentences"),
        Case("one word (N = T = 1)", sizes={"N": 1, "T": 1}, edge=True),
        float32(),
    ),
)


def _repeated_words(rng: Rng, sizes: Sizes) -> Any:
    tokens = rng.integers(0, sizes["V"] - 1, size=(sizes["N"], sizes["T"]))  # the last word never occurs
    tokens[0, 0] = tokens[0, 1] = tokens[-1, -1]
    return tokens


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
    inputs={"dout": normal("N T E"), "tokens": _repeated_words, "V": size("V")},
    returns=(Array("dW", "V E"),),
    sizes={"N": 2, "T": 5, "V": 7, "E": 3},
    worked=(
        by_hand(
            "three words by hand, one of them twice",
            dout=[[[1.0, 1.0], [2.0, 0.0], [3.0, 0.0]]],
            tokens=[[2, 1, 1]],
            V=3,
        ),
    ),
    properties=(Property("no gradient is lost", _sum_lost),),
    cases=(
        Case("words that repeat, within a caption and between two"),
        one("N", "one caption"),
        float32(),
    ),
)


# -- 6 caption_forward -------------------------------------------------------------------------------------------------

# SPECIALS is 4: a captioner knows V words and the special ones.
PARAMS = {
    "W_embed": normal("V+4 E"),
    "W_xh": weight("E H", 0.4),
    "W_hh": weight("H H", 0.4),
    "b_h": weight("H", 0.4),
    "W_ih": weight("D H", 0.4),
    "W_hy": normal("H V+4"),
    "b_y": normal("V+4"),
}


def _two_steps(inject: str) -> Case:
    return by_hand(
        f"two steps worked by hand, inject={inject!r}",
        features=[[0.3]],
        tokens=[[1, 0]],
        params={
            "W_embed": [[0.0], [1.0]],
            "W_xh": [[0.5]],
            "W_hh": [[0.5]],
            "b_h": [0.0],
            "W_ih": [[1.0]],
            "W_hy": [[1.0, -1.0]],
            "b_y": [0.0, 0.0],
        },
        inject=inject,
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
    inputs={"features": normal("N D"), "tokens": integers("N T", 0, "V+4"), "params": PARAMS, "inject": "h0"},
    returns=(Array("the scores"),),
    sizes={"N": 2, "T": 5, "D": 3, "E": 4, "H": 6, "V": 7},
    worked=(_two_steps("h0"), _two_steps("first"), _two_steps("every")),
    properties=(
        batch_independent("features", "tokens", of="caption", results="scores"),
        Property("'first' and 'every' agree at the first step only", _image_at_wrong_steps),
    ),
    cases=(
        Case("'h0', all sizes different"),
        Case("'first', all sizes different", {"inject": "first"}),
        Case("'every', all sizes different", {"inject": "every"}),
        one("T", inject="first"),
        one("N", "one caption", inject="every"),
        float32(inject="first"),
        raises("ValueError", "an unknown inject", inject="each"),
    ),
)


# -- 7 caption_loss ----------------------------------------------------------------------------------------------------


def _targets(rng: Rng, sizes: Sizes) -> Any:
    return _rows(rng, sizes["N"], sizes["T"] + 1, sizes["V"] + SPECIALS)[:, 1:]


def _with_mask(inputs: Inputs, rng: Rng, sizes: Sizes) -> Inputs:
    return {**inputs, "mask": inputs["targets"] != NULL}


def _holes(inputs: Inputs, rng: Rng, sizes: Sizes) -> Inputs:
    mask = rng.random(inputs["mask"].shape) < 0.5
    mask[0] = True
    return {**inputs, "mask": mask}


def _nothing_counts(inputs: Inputs, rng: Rng, sizes: Sizes) -> Inputs:
    inputs["mask"][0] = False
    return inputs


def _large_scores(inputs: Inputs, rng: Rng, sizes: Sizes) -> Inputs:
    return {**inputs, "logits": inputs["logits"] + 2000.0}


def _far_apart(inputs: Inputs, rng: Rng, sizes: Sizes) -> Inputs:
    inputs["logits"][0] += 2000.0
    return inputs


def _unlikely_words(inputs: Inputs, rng: Rng, sizes: Sizes) -> Inputs:
    np.put_along_axis(inputs["logits"], inputs["targets"][:, :, None], -2000.0, axis=2)
    return inputs


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
    inputs={"logits": normal("N T V+4"), "targets": _targets, "mask": OMITTED},
    change=_with_mask,
    returns=(Value("the loss"),),
    sizes={"N": 3, "T": 5, "V": 6},
    worked=(
        by_hand(
            "three steps worked by hand, two of which count",
            logits=[[[0.0, 0.0], [0.0, np.log(3.0)], [5.0, 1.0]]],
            targets=[[0, 1, 0]],
            mask=[[True, True, False]],
        ),
    ),
    properties=(Property("more NULL at the end changes nothing", _padding_counts),),
    cases=(
        Case("captions of all lengths"),
        Case("a mask with holes", change=_holes),
        Case("a caption of which nothing counts", change=_nothing_counts, edge=True),
        Case("very large scores", change=_large_scores, edge=True),
        Case("captions whose scores lie far apart", change=_far_apart, edge=True),
        Case("right words that seem all but impossible", change=_unlikely_words, edge=True),
        one("N", "one caption"),
        one("T"),
    ),
)


# -- 8 greedy_caption --------------------------------------------------------------------------------------------------


def _writer(end: float) -> DrawOne:
    """Draw weights with which the words vary, rows end at different steps, and NULL and START are never chosen.

    ``end`` is the bias of END.
    """

    def draw(rng: Rng, sizes: Sizes) -> Any:
        params = {name: draw(rng, sizes) for name, draw in PARAMS.items()}
        params["W_xh"] *= 2.5
        params["W_hh"] *= 2.0
        params["b_y"] = np.zeros_like(params["b_y"])
        params["b_y"][[NULL, START]] = -20.0
        params["b_y"][END] = end
        return params

    return draw


def _straw_hat() -> Case:
    straw, hat = 4, 5
    W_xh = np.zeros((6, 6))
    W_xh[START, straw] = W_xh[straw, hat] = W_xh[hat, END] = 1.0
    W_ih = np.zeros((1, 6))
    W_ih[0, hat] = 2.0
    params = {"W_embed": np.eye(6), "W_xh": W_xh, "W_hh": np.zeros((6, 6)), "b_h": np.zeros(6), "W_ih": W_ih}
    params |= {"W_hy": np.eye(6), "b_y": np.zeros(6)}
    return by_hand("straw hat, worked by hand", features=[[0.0], [1.0]], params=params, max_len=4, inject="first")


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
    inputs={"features": normal("3N D", 2), "params": _writer(0.5), "max_len": size("T"), "inject": "first"},
    returns=(Array("the words"),),
    sizes={"N": 2, "T": 7, "D": 3, "E": 4, "H": 8, "V": 5},
    builds_on=("caption_forward",),
    worked=(_straw_hat(),),
    properties=(Property("every image is described on its own", _neighbours_matter),),
    cases=(
        Case("'first', rows that end at different steps"),
        Case("'every'", {"inject": "every"}),
        Case("'h0'", {"inject": "h0"}),
        Case("captions that never end", {"params": _writer(-50.0), "inject": "every"}, edge=True),
        Case("one image (N = 1)", {"features": normal("1 D", 2)}, edge=True),
        Case("one word (max_len = 1)", sizes={"T": 1}, edge=True),
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
    inputs={"candidate": OMITTED, "references": OMITTED, "max_n": OMITTED},
    returns=(Value("BLEU"),),
    sizes={"T": 5},
    worked=(by_hand("the caption worked by hand", candidate="a red red circle", references=["a red circle"], max_n=2),),
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


def _thousands_apart(inputs: Inputs, rng: Rng, sizes: Sizes) -> Inputs:
    return {**inputs, "A": inputs["A"] * np.linspace(100.0, 2000.0, sizes["N"])[:, None, None]}


def _blind(inputs: Inputs, rng: Rng, sizes: Sizes) -> Inputs:
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
    inputs={"h": state("N H"), "A": normal("N L D"), "W_q": weight("H D")},
    returns=returned("context N D", "alpha N L"),
    sizes={"N": 3, "L": 6, "D": 4, "H": 5},
    worked=(
        by_hand(
            "one look worked by hand",
            h=[[1.0]],
            A=[[[np.log(3.0), 0.0, 0.0, 8.0], [0.0, 0.0, 0.0, 4.0]]],
            W_q=[[2.0, 0.0, 0.0, 0.0]],
        ),
    ),
    properties=(
        Property("the weights of every image sum to 1", _weights_not_one),
        Property("the order of the positions does not matter", _order_matters),
    ),
    cases=(
        Case("N, L, D, H all different"),
        Case("W_q = 0: the mean of all positions", change=_blind),
        one("N", "one image"),
        one("L"),
        Case("very large scores", change=_thousands_apart, edge=True),
        float32(),
    ),
)
