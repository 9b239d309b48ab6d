"""Right answers to the exercises of unit 06 in other styles than the text's."""

import numpy as np

from solutions.styles import style

# -- build_vocab -------------------------------------------------------------------------------------------------------


@style("build_vocab")
def one_string_and_a_dict(captions, min_count):
    counts = {}
    for word in " ".join(captions).split():
        counts[word] = counts.get(word, 0) + 1
    vocab = dict(zip(SPECIALS, range(4)))
    for word in sorted(counts):
        if counts[word] >= min_count:
            vocab[word] = len(vocab)
    return vocab


@style("build_vocab")
def counted_in_a_sorted_list(captions, min_count):
    words = sorted(word for caption in captions for word in caption.split())
    kept = [word for at, word in enumerate(words) if words[:at].count(word) == 0 and words.count(word) >= min_count]
    return {"<NULL>": 0, "<START>": 1, "<END>": 2, "<UNK>": 3, **{word: 4 + at for at, word in enumerate(kept)}}


@style("build_vocab")
def unique_by_numpy(captions, min_count):
    words, counts = np.unique([word for caption in captions for word in caption.split()], return_counts=True)
    return {str(word): at for at, word in enumerate([*SPECIALS, *words[counts >= min_count]])}


# -- encode_captions ---------------------------------------------------------------------------------------------------


@style("encode_captions")
def step_by_step(captions, word_to_ix, T):
    tokens = np.zeros((len(captions), T), dtype=int)
    for n, caption in enumerate(captions):
        words = caption.split()
        tokens[n, 0] = 1
        for t in range(1, T):
            if t == T - 1 or t == len(words) + 1:
                tokens[n, t] = 2
                break
            tokens[n, t] = word_to_ix[words[t - 1]] if words[t - 1] in word_to_ix else 3
    return tokens


@style("encode_captions")
def padded_lists(captions, word_to_ix, T):
    rows = []
    for caption in captions:
        row = [START, *(word_to_ix.get(word, UNK) for word in caption.split())]
        row = [*row[: T - 1], END]
        rows.append(row + [NULL] * (T - len(row)))
    return np.array(rows)


@style("encode_captions")
def padded_by_torch(captions, word_to_ix, T):
    import torch

    rows = [[1, *(word_to_ix.get(word, 3) for word in caption.split()[: T - 2]), 2] for caption in captions]
    padded = [torch.nn.functional.pad(torch.tensor(row), (0, T - len(row))) for row in rows]
    return torch.stack(padded).numpy()


# -- shift_captions ----------------------------------------------------------------------------------------------------


@style("shift_captions")
def by_steps(tokens):
    N, T = tokens.shape
    inputs, targets = np.zeros((N, T - 1), int), np.zeros((N, T - 1), int)
    mask = np.zeros((N, T - 1), bool)
    for t in range(T - 1):
        inputs[:, t], targets[:, t] = tokens[:, t], tokens[:, t + 1]
        mask[:, t] = tokens[:, t + 1] > 0
    return inputs, targets, mask


@style("shift_captions")
def deleted_columns(tokens):
    inputs, targets = np.delete(tokens, -1, axis=1), np.delete(tokens, 0, axis=1)
    return [inputs, targets, targets.astype(bool)]


@style("shift_captions")
def views_of_torch(tokens):
    import torch

    rows = torch.from_numpy(tokens)
    length = rows.shape[1] - 1
    inputs, targets = rows.narrow(1, 0, length), rows.narrow(1, 1, length)
    return inputs.numpy(), targets.numpy(), targets.ne(NULL).numpy()


# -- embedding_forward -------------------------------------------------------------------------------------------------


@style("embedding_forward")
def one_hot_times_the_matrix(tokens, W):
    return np.eye(len(W), dtype=W.dtype)[tokens] @ W


@style("embedding_forward")
def word_by_word(tokens, W):
    out = np.empty((*tokens.shape, W.shape[1]), dtype=W.dtype)
    for n in range(tokens.shape[0]):
        for t in range(tokens.shape[1]):
            out[n, t, :] = W[tokens[n, t]]
    return out


@style("embedding_forward")
def the_layer_of_torch(tokens, W):
    import torch

    return torch.nn.functional.embedding(torch.as_tensor(tokens), torch.as_tensor(W)).numpy()


# -- embedding_backward ------------------------------------------------------------------------------------------------


@style("embedding_backward")
def two_loops(dout, tokens, V):
    N, T, E = dout.shape
    dW = np.zeros((V, E), dtype=dout.dtype)
    for t in range(T):
        for n in range(N):
            dW[tokens[n, t]] += dout[n, t]
    return dW


@style("embedding_backward")
def a_sum_for_each_word(dout, tokens, V):
    return np.stack([dout[tokens == v].sum(axis=0) for v in range(V)])


@style("embedding_backward")
def index_add_of_torch(dout, tokens, V):
    import torch

    dout, tokens = torch.from_numpy(dout), torch.from_numpy(tokens)
    dW = torch.zeros(V, dout.shape[-1], dtype=dout.dtype)
    return dW.index_add_(0, tokens.flatten(), dout.flatten(0, 1)).numpy()


# -- caption_forward ---------------------------------------------------------------------------------------------------


@style("caption_forward")
def states_in_columns_inside(features, tokens, params, inject):
    if inject not in {"h0", "first", "every"}:
        raise ValueError(inject)
    W = {name: value.T for name, value in params.items()}
    v = W["W_ih"] @ features.T
    h = v if inject == "h0" else 0 * v
    scores = []
    for t in range(tokens.shape[1]):
        x = W["W_embed"][:, tokens[:, t]]
        s = 1 if inject == "every" or (inject, t) == ("first", 0) else 0
        h = np.tanh(W["W_xh"] @ x + W["W_hh"] @ h + params["b_h"][:, None] + s * v)
        scores.append((W["W_hy"] @ h + params["b_y"][:, None]).T)
    return np.stack(scores, axis=1)


@style("caption_forward")
def the_image_added_to_all_inputs_first(features, tokens, params, inject):
    N, T = tokens.shape
    a = embedding_forward(tokens, params["W_embed"]) @ params["W_xh"] + params["b_h"]
    image = np.einsum("nd,dh->nh", features, params["W_ih"])
    h = np.zeros((N, a.shape[2]), dtype=a.dtype)
    match inject:
        case "h0":
            h = image
        case "first":
            a[:, 0] += image
        case "every":
            a += image[:, None]
        case _:
            raise ValueError(f"unknown inject {inject}")
    for t in range(T):
        a[:, t] += h @ params["W_hh"]
        h = a[:, t] = np.tanh(a[:, t])
    return np.einsum("nth,hv->ntv", a, params["W_hy"]) + params["b_y"]


@style("caption_forward")
def a_cell_of_torch(features, tokens, params, inject):
    import torch

    p = {name: torch.from_numpy(value) for name, value in params.items()}
    image = torch.from_numpy(features) @ p["W_ih"]
    starts = {"h0": image, "first": torch.zeros_like(image), "every": torch.zeros_like(image)}
    if inject not in starts:
        raise ValueError("inject")
    h, out = starts[inject], []
    for t, word in enumerate(torch.from_numpy(tokens).unbind(1)):
        bias = p["b_h"] + image * float(inject == "every" or (inject == "first" and t == 0))
        h = torch.tanh(p["W_embed"][word] @ p["W_xh"] + h @ p["W_hh"] + bias)
        out.append(torch.nn.functional.linear(h, p["W_hy"].T, p["b_y"]))
    return torch.stack(out, dim=1).numpy()


# -- caption_loss ------------------------------------------------------------------------------------------------------


@style("caption_loss")
def cross_entropy_of_torch(logits, targets, mask):
    import torch

    scores, wanted = torch.from_numpy(logits), torch.from_numpy(targets)
    each = torch.nn.functional.cross_entropy(scores.transpose(1, 2), wanted, reduction="none")
    return (each * torch.from_numpy(mask)).sum().item() / len(logits)


@style("caption_loss")
def one_step_at_a_time(logits, targets, mask):
    import math

    total = 0.0
    for n in range(len(logits)):
        for t in range(logits.shape[1]):
            if mask[n, t]:
                z = logits[n, t]
                top = max(z)
                total += top + math.log(sum(math.exp(score - top) for score in z)) - z[targets[n, t]]
    return total / len(logits)


@style("caption_loss")
def only_the_steps_that_count(logits, targets, mask):
    z, wanted = logits[mask], targets[mask]
    z -= z.max(1)[:, None]
    return np.sum(np.log(np.exp(z).sum(1)) - z[np.arange(len(z)), wanted]) / logits.shape[0]


# -- greedy_caption ----------------------------------------------------------------------------------------------------


@style("greedy_caption")
def image_by_image(features, params, max_len, inject):
    out = np.zeros((len(features), max_len), int)
    for n in range(len(features)):
        words = [START]
        for t in range(max_len):
            scores = caption_forward(features[n : n + 1], np.array([words]), params, inject)
            out[n, t] = np.argmax(scores[0, t])
            if out[n, t] == END:
                break
            words.append(out[n, t])
    return out


@style("greedy_caption")
def cut_after_the_end(features, params, max_len, inject):
    rows = np.ones((len(features), 1 + max_len), dtype=np.int64)
    for t in range(max_len):
        rows[:, t + 1] = caption_forward(features, rows[:, : t + 1], params, inject)[:, t].argmax(1)
    words = rows[:, 1:]
    is_over = np.cumsum(words == END, axis=1) - (words == END) > 0
    words[is_over] = NULL
    return words


# -- bleu --------------------------------------------------------------------------------------------------------------


@style("bleu")
def a_mean_of_logarithms(candidate, references, max_n=4):
    import math

    words = candidate.split()
    known = [reference.split() for reference in references]
    logs = []
    for n in range(1, max_n + 1):
        mine = ngrams(words, n)
        hits = sum(min(count, max(ngrams(reference, n)[run] for reference in known)) for run, count in mine.items())
        if hits == 0:
            return 0
        logs.append(math.log(hits) - math.log(sum(mine.values())))
    c = len(words)
    r = min(map(len, known), key=lambda length: 2 * abs(length - c) + (length > c))
    return math.exp(sum(logs) / max_n) * (1 if c >= r else math.exp(1 - r / c))


@style("bleu")
def a_geometric_mean_by_numpy(candidate, references, max_n=4):
    def runs(text, n):
        words = text.split()
        return list(zip(*(words[i:] for i in range(n))))

    p = np.zeros(max_n)
    for n in range(max_n):
        mine = runs(candidate, n + 1)
        left = {run: max(runs(reference, n + 1).count(run) for reference in references) for run in mine}
        for run in mine:
            if left[run] > 0:
                left[run] -= 1
                p[n] += 1 / len(mine)
    if not p.all():
        return 0.0
    c, lengths = len(candidate.split()), sorted(len(reference.split()) for reference in references)
    r = lengths[int(np.argmin([abs(length - c) for length in lengths]))]
    return np.prod(p) ** (1 / max_n) * np.exp(min(0.0, 1 - r / c))


# -- spatial_attention -------------------------------------------------------------------------------------------------


@style("spatial_attention")
def attention_of_torch(h, A, W_q):
    import torch

    h, A, W_q = map(torch.from_numpy, (h, A, W_q))
    alpha = torch.softmax((A @ (h @ W_q).unsqueeze(2)).squeeze(2) / A.shape[2] ** 0.5, dim=1)
    return (alpha.unsqueeze(1) @ A).squeeze(1).numpy(), alpha.numpy()


@style("spatial_attention")
def one_image_at_a_time(h, A, W_q):
    import math

    context, alpha = np.zeros((len(A), A.shape[2]), A.dtype), np.zeros(A.shape[:2], A.dtype)
    for n, positions in enumerate(A):
        scores = positions.dot(h[n].dot(W_q)) / math.sqrt(A.shape[2])
        weights = np.exp(scores - scores.max())
        alpha[n] = weights / weights.sum()
        for weight, position in zip(alpha[n], positions):
            context[n] += weight * position
    return context, alpha


@style("spatial_attention")
def the_scaled_query(h, A, W_q):
    query = np.tensordot(h, W_q, axes=1) / A.shape[-1] ** 0.5
    e = (A * query[:, None, :]).sum(axis=-1)
    e -= np.max(e, axis=-1, keepdims=True)
    np.exp(e, out=e)
    e /= np.sum(e, axis=-1, keepdims=True)
    return [np.sum(A * e[..., None], axis=-2), e]
