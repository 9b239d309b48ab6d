"""The reference answers of unit 06 against torch in float64, finite differences, and what the prose promises."""

from collections import Counter

import numpy as np
import pytest
import torch

import solutions
from rnnlab import gradient_error
from rnnlab.captioners import Captioner
from solutions.text import FOLD

U06 = solutions.reference("u06_image_captioning")
CLOSE = {"rtol": 0, "atol": 1e-10}
N, T, D, E, H, V = 3, 5, 4, 6, 7, 9


@pytest.fixture
def rng():
    return np.random.default_rng(1)


@pytest.fixture
def network(rng):
    """Image vectors, words and weights, of sizes that are all different."""
    shapes = {"W_embed": (V, E), "W_xh": (E, H), "W_hh": (H, H), "b_h": H, "W_ih": (D, H), "W_hy": (H, V), "b_y": V}
    params = {name: rng.normal(size=shape) * 0.5 for name, shape in shapes.items()}
    return rng.normal(size=(N, D)), rng.integers(0, V, size=(N, T)), params


def torch_scores(features, tokens, params, inject):
    """Return the scores of torch's own RNN, in which the image term is made by laying the image beside the words."""
    p = {name: torch.from_numpy(value) for name, value in params.items()}
    v = torch.from_numpy(features)
    rnn = torch.nn.RNN(E + D, H, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(torch.cat([p["W_xh"], p["W_ih"]]).T)
        rnn.weight_hh_l0.copy_(p["W_hh"].T)
        rnn.bias_ih_l0.copy_(p["b_h"])
        rnn.bias_hh_l0.zero_()
        shown = v[:, None].repeat(1, T, 1)
        shown[:, {"h0": 0, "first": 1, "every": T}[inject] :] = 0
        h0 = v @ p["W_ih"] if inject == "h0" else torch.zeros(N, H, dtype=torch.float64)
        h, _ = rnn(torch.cat([p["W_embed"][torch.from_numpy(tokens)], shown], dim=2), h0[None])
        return (h @ p["W_hy"] + p["b_y"]).numpy()


@pytest.mark.parametrize("inject", ["h0", "first", "every"])
def test_caption_forward_is_torchs_rnn(network, inject):
    features, tokens, params = network

    scores = U06.caption_forward(features, tokens, params, inject)

    np.testing.assert_allclose(scores, torch_scores(features, tokens, params, inject), **CLOSE)


@pytest.mark.parametrize("inject", ["h0", "first", "every"])
def test_a_trained_networks_weights_give_caption_forward_its_scores(inject):
    torch.manual_seed(0)
    model, pictures = Captioner(V, inject).eval(), torch.randn(N, 3, 36, 36)
    with torch.no_grad():
        features, scores = model.see(pictures).numpy(), model(pictures, torch.tensor([[1, 4, 5]] * N)).numpy()

    again = U06.caption_forward(features, np.array([[1, 4, 5]] * N), model.weights_in_numpy(), inject)

    np.testing.assert_allclose(again, scores, rtol=0, atol=1e-5)


def test_the_weights_of_an_lstm_are_refused():
    with pytest.raises(ValueError, match="cannot take the weights of an LSTM"):
        Captioner(V, "every", "LSTM").weights_in_numpy()


def test_caption_loss_is_torchs_cross_entropy(rng):
    logits, targets = rng.normal(size=(N, T, V)) * 10, rng.integers(0, V, size=(N, T))
    each = torch.nn.functional.cross_entropy(
        torch.from_numpy(logits).flatten(0, 1),
        torch.from_numpy(targets).flatten(),
        ignore_index=U06.NULL,
        reduction="sum",
    )

    assert U06.caption_loss(logits, targets, targets != U06.NULL) == pytest.approx(each.item() / N, abs=1e-10)


def test_embeddings_are_torchs_forward_and_backward(rng):
    tokens, W, dout = rng.integers(0, 4, size=(N, T)), rng.normal(size=(V, E)), rng.normal(size=(N, T, E))
    weight = torch.from_numpy(W).requires_grad_()

    out = torch.nn.functional.embedding(torch.from_numpy(tokens), weight)
    out.backward(torch.from_numpy(dout))

    np.testing.assert_allclose(U06.embedding_forward(tokens, W), out.detach().numpy(), **CLOSE)
    np.testing.assert_allclose(U06.embedding_backward(dout, tokens, V), weight.grad.numpy(), **CLOSE)


def test_embedding_backward_is_what_finite_differences_say(rng):
    tokens, W, dout = rng.integers(0, 4, size=(N, T)), rng.normal(size=(V, E)), rng.normal(size=(N, T, E))

    def loss(W):
        return np.sum(U06.embedding_forward(tokens, W) * dout)

    assert gradient_error(loss, {"W": W}, {"W": U06.embedding_backward(dout, tokens, V)})["W"] < 1e-8


def test_spatial_attention_is_torchs_scaled_dot_product(rng):
    L = 8
    h, A, W_q = rng.normal(size=(N, H)), rng.normal(size=(N, L, D)), rng.normal(size=(H, D))
    query, keys = torch.from_numpy(h @ W_q)[:, None], torch.from_numpy(A)

    expected = torch.nn.functional.scaled_dot_product_attention(query, keys, keys)[:, 0]
    context, alpha = U06.spatial_attention(h, A, W_q)

    np.testing.assert_allclose(context, expected.numpy(), **CLOSE)
    np.testing.assert_allclose(alpha.sum(axis=1), 1.0, **CLOSE)


def test_without_a_query_the_whole_image_is_averaged(rng):
    A = rng.normal(size=(N, 8, D))

    context, alpha = U06.spatial_attention(rng.normal(size=(N, H)), A, np.zeros((H, D)))

    np.testing.assert_allclose(alpha, 1 / 8, **CLOSE)
    np.testing.assert_allclose(context, A.mean(axis=1), **CLOSE)


@pytest.mark.parametrize("inject", ["h0", "first", "every"])
def test_greedy_caption_takes_the_best_next_word_until_the_end(network, inject):
    features, _, params = network

    words = U06.greedy_caption(features, params, 6, inject)

    for n, row in enumerate(words):
        written = [U06.START]
        for word in row:
            if U06.END in written:
                assert word == U06.NULL
                continue
            scores = U06.caption_forward(features[n : n + 1], np.array([written]), params, inject)
            assert word == scores[0, -1].argmax()
            written.append(word)


def test_encoded_and_shifted_captions_fit_together():
    captions = ["a red circle", "a blue circle on a red square"]
    vocab = U06.build_vocab(captions, 1)

    inputs, targets, mask = U06.shift_captions(U06.encode_captions(captions, vocab, 9))

    np.testing.assert_array_equal(inputs[:, 0], U06.START)
    assert all(U06.END in row for row in targets)
    assert mask.sum(axis=1).tolist() == [len(caption.split()) + 1 for caption in captions]


def plain_bleu(candidate, references, max_n):
    """Return BLEU written out word by word, as a second opinion."""
    words, score = candidate.split(), 0.0
    for n in range(1, max_n + 1):
        grams = [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
        hits = 0
        for gram, count in Counter(grams).items():
            most = max(
                sum(tuple(r.split()[i : i + n]) == gram for i in range(len(r.split()) - n + 1)) for r in references
            )
            hits += min(count, most)
        if not hits:
            return 0.0
        score += np.log(hits / len(grams)) / max_n
    r = min((abs(len(s.split()) - len(words)), len(s.split())) for s in references)[1]
    return float(np.exp(score) * (1.0 if len(words) >= r else np.exp(1 - r / len(words))))


def test_bleu_is_bleu(rng):
    def sentence(longest):
        return " ".join(rng.choice(["a", "b", "c"], size=rng.integers(1, longest)))

    for _ in range(300):
        candidate, references = sentence(9), [sentence(12) for _ in range(rng.integers(1, 4))]
        for max_n in (1, 2, 4):
            assert U06.bleu(candidate, references, max_n) == pytest.approx(plain_bleu(candidate, references, max_n))


# -- the text ----------------------------------------------------------------------------------------------------------


def test_each_half_is_one_sitting():
    """As long as another unit at most: 45 cells, 2,500 words outside folds, and code that fits ten lines."""
    cells = solutions.unit("u06_image_captioning").cells
    door = next(at for at, cell in enumerate(cells) if "# Second half" in cell.source)
    for half in (cells[:door], cells[door:]):
        prose = [FOLD.sub("", cell.source) for cell in half if cell.kind == "markdown"]
        code = [cell.source for cell in half if cell.kind == "code" and not cell.exercise]

        assert len(half) <= 45
        assert sum(len(text.split()) for text in prose) <= 2500
        assert max(len(source.splitlines()) for source in code) <= 10
