"""What is asked of the ten exercises of unit 06, image captioning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from rnnlab.checking.cases import by_hand, float32, one, raises
from rnnlab.checking.compare import Difference, same
from rnnlab.checking.inputs import DrawOne, altered, computed, integers, length, normal, shape, size, state, weight
from rnnlab.checking.properties import agrees, batch_independent, holds, value_at
from rnnlab.checking.spec import OMITTED, Array, Ask, Case, Draw, Inputs, Property, Rng, Sizes, Spec, Value, returned

NULL, START, END, UNK = 0, 1, 2, 3
SPECIALS = 4
TWO_CAPTIONS = ["a red circle", "a blue circle on a red square"]
SMALL_VOCAB = {"<NULL>": 0, "<START>": 1, "<END>": 2, "<UNK>": 3, "a": 4, "circle": 5, "red": 6}
NOUNS = ("dog", "bird", "kite", "goat", "man", "hat", "boat", "tree", "ball", "horse", "cup", "hill")


def _captions(count: str, *more: str) -> DrawOne:
    """Draw ``count`` captions, as in "3N", of 1 to T words; ``more`` follow them."""

    def draw(rng: Rng, sizes: Sizes) -> list[str]:
        lengths = rng.integers(1, sizes["T"] + 1, size=length(count, sizes))
        return [*(" ".join(rng.choice(NOUNS, size=words).tolist()) for words in lengths), *more]

    return draw


def _rows(axes: str, vocab_size: str) -> DrawOne:
    """Draw rows of START, words, END and NULL, of all lengths."""

    def draw(rng: Rng, sizes: Sizes) -> Any:
        N, T = shape(axes, sizes)
        tokens = rng.integers(SPECIALS, length(vocab_size, sizes), size=(N, T))
        tokens[:, 0] = START
        for row, end in zip(tokens, rng.integers(1, T, size=N), strict=True):
            row[end] = END
            row[end + 1 :] = NULL
        return tokens

    return draw


BUILD_VOCAB = Spec(
    inputs={"captions": _captions("3N", "dog dog bird bird kite"), "min_count": 2},
    returns=(Value("the vocabulary"),),
    sizes={"N": 3, "T": 5},
    cases=(
        by_hand("the two captions worked by hand", captions=TWO_CAPTIONS, min_count=2),
        Case("other captions, min_count=2"),
        Case("min_count=1 keeps every word", {"captions": _captions("N"), "min_count": 1}, edge=True),
        Case("min_count=3", {"captions": ["b a b c", "c b a c"], "min_count": 3}, edge=True),
        Case("no captions at all", {"captions": [], "min_count": 1}, edge=True),
    ),
)


VOCAB = {"<NULL>": 0, "<START>": 1, "<END>": 2, "<UNK>": 3} | {w: i + SPECIALS for i, w in enumerate(NOUNS[:8])}

ENCODE_CAPTIONS = Spec(
    inputs={"captions": _captions("N", " ".join(NOUNS)), "word_to_ix": VOCAB, "T": size("T")},
    returns=(Array("the rows"),),
    sizes={"N": 3, "T": 6},
    properties=(
        holds(
            "every row has its END",
            lambda rows, inputs: rows.ndim == 2 and bool(((rows == END).sum(axis=1) == 1).all()),
            "a row without its END, or with two",
            "one END in every row",
            "Cut the words, not the row.",
        ),
    ),
    cases=(
        by_hand("the two captions worked by hand", captions=TWO_CAPTIONS, word_to_ix=SMALL_VOCAB, T=6),
        by_hand("a caption that fits exactly", captions=["red red circle a"], word_to_ix=SMALL_VOCAB, T=6),
        Case("short, long and unknown words"),
        Case("rows with room for all", {"T": len(NOUNS) + 5}),
        Case("room for START and END only (T = 2)", {"T": 2}, edge=True),
        Case("an empty caption", {"captions": [""], "word_to_ix": SMALL_VOCAB, "T": 4}, edge=True),
    ),
)


def _null_within(inputs: Inputs, rng: Rng, sizes: Sizes) -> Inputs:
    inputs["tokens"][:, 2] = NULL
    inputs["tokens"][:, 3] = 5
    return inputs


SHIFT_CAPTIONS = Spec(
    inputs={"tokens": _rows("N T", "12")},
    returns=returned("inputs", "targets", "mask"),
    sizes={"N": 3, "T": 6},
    cases=(
        by_hand("the row worked by hand", tokens=[[1, 4, 6, 5, 2, 0]]),
        Case("rows of all lengths"),
        Case("NULL in the middle of a row", change=_null_within, edge=True),
        Case("the shortest row: START, END", {"tokens": np.array([[1, 2]])}, edge=True),
    ),
)


EMBEDDING_FORWARD = Spec(
    inputs={"tokens": integers("N T", 0, "V"), "W": normal("V E")},
    returns=(Array("the result", "N T E"),),
    sizes={"N": 2, "T": 4, "V": 7, "E": 3},
    cases=(
        by_hand("three words by hand", tokens=[[2, 1, 1]], W=[[0.0, 0.0], [1.0, 10.0], [2.0, 20.0]]),
        Case("words of sentences"),
        Case("one word (N = T = 1)", sizes={"N": 1, "T": 1}, edge=True),
        float32(),
    ),
)


def _repeated_words(rng: Rng, sizes: Sizes) -> Any:
    tokens = rng.integers(0, sizes["V"] - 1, size=(sizes["N"], sizes["T"]))  # the last word never occurs
    tokens[0, 0] = tokens[0, 1] = tokens[-1, -1]
    return tokens


EMBEDDING_BACKWARD = Spec(
    inputs={"dout": normal("N T E"), "tokens": _repeated_words, "V": size("V")},
    returns=(Array("dW", "V E"),),
    sizes={"N": 2, "T": 5, "V": 7, "E": 3},
    properties=(
        holds(
            "no gradient is lost",
            lambda dW, inputs: dW.ndim == 2 and agrees(dW.sum(axis=0), inputs["dout"].sum(axis=(0, 1))),
            "the sum over all rows of dW is not the sum of all gradients",
            guess="Are there words that occur more than once?",
        ),
    ),
    cases=(
        by_hand(
            "three words by hand, one of them twice",
            dout=[[[1.0, 1.0], [2.0, 0.0], [3.0, 0.0]]],
            tokens=[[2, 1, 1]],
            V=3,
        ),
        Case("words that repeat, within a caption and between two"),
        one("N", "one caption"),
        float32(),
    ),
)


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
    inputs={"features": normal("N D"), "tokens": integers("N T", 0, "V+4"), "params": PARAMS, "inject": "h0"},
    returns=(Array("the scores"),),
    sizes={"N": 2, "T": 5, "D": 3, "E": 4, "H": 6, "V": 7},
    properties=(
        batch_independent("features", "tokens", of="caption", results="scores"),
        Property("'first' and 'every' agree at the first step only", _image_at_wrong_steps),
    ),
    cases=(
        _two_steps("h0"),
        _two_steps("first"),
        _two_steps("every"),
        Case("'h0', all sizes different"),
        Case("'first', all sizes different", {"inject": "first"}),
        Case("'every', all sizes different", {"inject": "every"}),
        one("T", inject="first"),
        one("N", "one caption", inject="every"),
        float32(inject="first"),
        raises("ValueError", "an unknown inject", inject="each"),
    ),
)


def _holes(inputs: Inputs, rng: Rng, sizes: Sizes) -> Inputs:
    mask = rng.random(inputs["mask"].shape) < 0.5
    mask[0] = True
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


FIRST_DOES_NOT_COUNT = computed("mask", lambda mask: mask & (np.arange(len(mask)) > 0)[:, None])
FIRST_FAR_ABOVE = computed("logits", lambda logits: np.concatenate([logits[:1] + 2000.0, logits[1:]]))
RIGHT_WORDS_FAR_BELOW = computed(
    "logits",
    lambda logits, targets: np.where(np.arange(logits.shape[2]) == targets[:, :, None], -2000.0, logits),
)
TARGETS = altered(_rows("N T+1", "V+4"), lambda tokens: tokens[:, 1:])

CAPTION_LOSS = Spec(
    inputs={"logits": normal("N T V+4"), "targets": TARGETS, "mask": OMITTED},
    change=computed("mask", lambda targets: targets != NULL),
    returns=(Value("the loss"),),
    sizes={"N": 3, "T": 5, "V": 6},
    properties=(Property("more NULL at the end changes nothing", _padding_counts),),
    cases=(
        by_hand(
            "three steps worked by hand, two of which count",
            logits=[[[0.0, 0.0], [0.0, np.log(3.0)], [5.0, 1.0]]],
            targets=[[0, 1, 0]],
            mask=[[True, True, False]],
        ),
        Case("captions of all lengths"),
        Case("a mask with holes", change=_holes),
        Case("a caption of which nothing counts", change=FIRST_DOES_NOT_COUNT, edge=True),
        Case("very large scores", change=computed("logits", lambda logits: logits + 2000.0), edge=True),
        Case("captions whose scores lie far apart", change=FIRST_FAR_ABOVE, edge=True),
        Case("right words that seem all but impossible", change=RIGHT_WORDS_FAR_BELOW, edge=True),
        one("N", "one caption"),
        one("T"),
    ),
)


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
    inputs={"features": normal("3N D", 2), "params": _writer(0.5), "max_len": size("T"), "inject": "first"},
    returns=(Array("the words"),),
    sizes={"N": 2, "T": 7, "D": 3, "E": 4, "H": 8, "V": 5},
    builds_on=("caption_forward",),
    properties=(Property("every image is described on its own", _neighbours_matter),),
    cases=(
        _straw_hat(),
        Case("'first', rows that end at different steps"),
        Case("'every'", {"inject": "every"}),
        Case("'h0'", {"inject": "h0"}),
        Case("captions that never end", {"params": _writer(-50.0), "inject": "every"}, edge=True),
        Case("one image (N = 1)", {"features": normal("1 D", 2)}, edge=True),
        Case("one word (max_len = 1)", sizes={"T": 1}, edge=True),
    ),
)


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


def _of_words(caption: Callable[[list[str]], Inputs]) -> Draw:
    """Draw the nouns in some order; ``caption`` makes the inputs of them."""
    return lambda rng, sizes: caption(_words(rng))


def _lengths(*beyond: int) -> Draw:
    """Draw a caption with one strange word, and references that are so many words longer, or shorter."""

    def draw(rng: Rng, sizes: Sizes) -> Inputs:
        words, c = _words(rng), int(rng.integers(4, 7))
        return _given([STRANGE, *words[1:c]], *(words[: c + more] for more in beyond), max_n=1)

    return draw


BLEU = Spec(
    inputs={"candidate": OMITTED, "references": OMITTED, "max_n": OMITTED},
    returns=(Value("BLEU"),),
    sizes={"T": 5},
    cases=(
        by_hand("the caption worked by hand", candidate="a red red circle", references=["a red circle"], max_n=2),
        Case("four words in a row (max_n is 4 by default)", _draw_one_strange),
        Case("two references", _draw_from_two),
        Case("a word in both references counts once", _draw_in_both),
        Case("a caption equal to a reference", _draw_same),
        Case("a short caption is penalised", _draw_cut_short),
        Case("the closest length, not the shortest", _lengths(-3, 2)),
        Case("the closest length, not the longest", _lengths(5, 1)),
        Case("two lengths equally close", _lengths(-1, 1), edge=True),
        Case("two lengths equally close, the other way round", _lengths(2, -2), edge=True),
        Case("three words have no run of four", _of_words(lambda w: _given(w[:3], w[:3])), edge=True),
        Case("no word in common", _of_words(lambda w: _given(w[:3], w[3:7], max_n=1)), edge=True),
        Case("words in common, but no pair", _of_words(lambda w: _given(w[:4], w[3::-1], max_n=2)), edge=True),
        Case("an empty caption", lambda rng, sizes: _given([], _said(rng, 3), max_n=2), edge=True),
    ),
)


def _order_matters(ask: Ask, inputs: Inputs) -> Difference | None:
    result, turned = ask(inputs), ask({**inputs, "A": inputs["A"][:, ::-1]})
    if same(value_at(result), value_at(turned)) and same(value_at(result, at=1)[:, ::-1], value_at(turned, at=1)):
        return None
    return Difference(
        "reversing the order of the positions changes more than the order of the weights",
        guess="The context stays the same, and the weights come in reverse order.",
    )


THOUSANDS_APART = computed("A", lambda A: A * np.linspace(100.0, 2000.0, len(A))[:, None, None])

SPATIAL_ATTENTION = Spec(
    inputs={"h": state("N H"), "A": normal("N L D"), "W_q": weight("H D")},
    returns=returned("context N D", "alpha N L"),
    sizes={"N": 3, "L": 6, "D": 4, "H": 5},
    properties=(
        holds(
            "the weights of every image sum to 1",
            lambda alpha, inputs: alpha.ndim == 2 and np.allclose(alpha.sum(axis=1), 1.0, atol=1e-5),
            "the weights of an image do not sum to 1",
            output=1,
        ),
        Property("the order of the positions does not matter", _order_matters),
    ),
    cases=(
        by_hand(
            "one look worked by hand",
            h=[[1.0]],
            A=[[[np.log(3.0), 0.0, 0.0, 8.0], [0.0, 0.0, 0.0, 4.0]]],
            W_q=[[2.0, 0.0, 0.0, 0.0]],
        ),
        Case("N, L, D, H all different"),
        Case("W_q = 0: the mean of all positions", change=computed("W_q", lambda W_q: np.zeros_like(W_q))),
        one("N", "one image"),
        one("L"),
        Case("very large scores", change=THOUSANDS_APART, edge=True),
        float32(),
    ),
)
