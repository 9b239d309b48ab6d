# %% key="by-frequency" exercise="build_vocab" kind="order" names=["order-of-frequency"]
# The words stand in the order of their frequency.
def build_vocab(captions, min_count):
    counter = Counter()
    for caption in captions:
        counter.update(caption.split())
    words = [w for w, c in counter.most_common() if c >= min_count]
    return {w: i for i, w in enumerate(["<NULL>", "<START>", "<END>", "<UNK>"] + words)}


# %% key="more-than-the-minimum" exercise="build_vocab" kind="comparison" names=["strictly-more-often"]
# A word must occur more often than min_count.
def build_vocab(captions, min_count):
    counts = {}
    for caption in captions:
        for word in caption.split(" "):
            counts[word] = counts.get(word, 0) + 1
    vocab = {"<NULL>": 0, "<START>": 1, "<END>": 2, "<UNK>": 3}
    for word in sorted(counts):
        if counts[word] > min_count:
            vocab[word] = len(vocab)
    return vocab


# %% key="end-cut-off" exercise="encode_captions" kind="end lost" names=["end-lost-when-cut"]
# Long captions are cut after T numbers, and their END goes with the rest.
def encode_captions(captions, word_to_ix, T):
    rows = np.zeros((len(captions), T), dtype=int)
    for n, caption in enumerate(captions):
        ids = [1] + [word_to_ix.get(w, 3) for w in caption.split()] + [2]
        ids = ids[:T]
        rows[n, : len(ids)] = ids
    return rows


# %% key="unknown-words-skipped" exercise="encode_captions" kind="unknown dropped" names=["unknown-words-dropped"]
# Unknown words are left out.
def encode_captions(captions, word_to_ix, T):
    out = []
    for caption in captions:
        words = [word_to_ix[w] for w in caption.split() if w in word_to_ix][: T - 2]
        row = [word_to_ix["<START>"]] + words + [word_to_ix["<END>"]]
        out.append(row + [word_to_ix["<NULL>"]] * (T - len(row)))
    return np.array(out)


# %% key="mask-of-the-inputs" exercise="shift_captions" kind="mask" names=["mask-of-the-inputs"]
# The mask is made of the inputs.
def shift_captions(tokens):
    captions_in = tokens[:, :-1]
    captions_out = tokens[:, 1:]
    mask = captions_in != 0
    return captions_in, captions_out, mask


# %% key="one-hot-product" exercise="embedding_forward" kind="wrong-weight-copy"
# Columns of W are taken for rows.
def embedding_forward(tokens, W):
    N, T = tokens.shape
    V, E = W.shape
    out = np.zeros((N, T, E))
    table = W.reshape(E, V).T
    for n in range(N):
        for t in range(T):
            out[n, t] = table[tokens[n, t]]
    return out


# %% key="index-assigned" exercise="embedding_backward" kind="overwritten-sum" names=["repeats-lost"]
# Rows of repeated words are overwritten, not added.
def embedding_backward(dout, tokens, V):
    dW = np.zeros((V, dout.shape[2]))
    dW[tokens] = dout
    return dW


# %% key="plus-equals-once" exercise="embedding_backward" kind="overwritten-sum" names=["repeats-lost"]
# += with an index array adds only one of the repetitions.
def embedding_backward(dout, tokens, V):
    N, T, E = dout.shape
    dW = np.zeros((V, E), dtype=dout.dtype)
    dW[tokens.reshape(-1)] += dout.reshape(-1, E)
    return dW


# %% key="loop-that-assigns" exercise="embedding_backward" kind="overwritten-sum" names=["repeats-lost"]
# The same in loops.
def embedding_backward(dout, tokens, V):
    N, T, E = dout.shape
    dW = np.zeros([V, E])
    for n in range(N):
        for t in range(T):
            word = tokens[n, t]
            dW[word] = dout[n, t]
    return dW


# %% key="averaged-rows" exercise="embedding_backward" kind="mean" names=["mean-over-repeats"]
# Each row is the mean over the word's occurrences.
def embedding_backward(dout, tokens, V):
    dW = np.zeros((V, dout.shape[-1]), dout.dtype)
    for v in range(V):
        where = tokens == v
        if where.any():
            dW[v] = dout[where].mean(axis=0)
    return dW


# %% key="image-is-always-the-start" exercise="caption_forward" kind="h0 = image in every mode" names=["image-as-initial-state-always"]
# The image is the initial state in every mode.
def caption_forward(features, tokens, params, inject):
    if inject not in ("h0", "first", "every"):
        raise ValueError(inject)
    image = features @ params["W_ih"]
    x = params["W_embed"][tokens]
    h = image
    hs = []
    for t in range(tokens.shape[1]):
        a = x[:, t] @ params["W_xh"] + h @ params["W_hh"] + params["b_h"]
        if inject == "every" or (inject == "first" and t == 0):
            a = a + image
        h = np.tanh(a)
        hs.append(h)
    return np.stack(hs, axis=1) @ params["W_hy"] + params["b_y"]


# %% key="first-is-every" exercise="caption_forward" kind="image at every step" names=["image-at-all-steps"]
# With 'first' the image is added at every step; float64 buffers.
def caption_forward(features, tokens, params, inject):
    W_embed, W_xh, W_hh, b_h = params["W_embed"], params["W_xh"], params["W_hh"], params["b_h"]
    W_ih, W_hy, b_y = params["W_ih"], params["W_hy"], params["b_y"]
    N, T = tokens.shape
    H, V = W_hy.shape
    v = features.dot(W_ih)
    if inject == "h0":
        h, add = v, 0
    elif inject in ("first", "every"):
        h, add = np.zeros((N, H)), v
    else:
        raise ValueError("inject")
    scores = np.zeros((N, T, V))
    for t in range(T):
        h = np.tanh(W_embed[tokens[:, t]].dot(W_xh) + h.dot(W_hh) + b_h + add)
        scores[:, t] = h.dot(W_hy) + b_y
    return scores


# %% key="image-after-the-tanh" exercise="caption_forward" kind="image outside tanh" names=["image-outside-the-tanh"]
# The image is added to the state after the tanh.
def caption_forward(features, tokens, params, inject):
    p = params
    image = features @ p["W_ih"]
    if inject not in {"h0", "first", "every"}:
        raise ValueError(f"unknown inject {inject!r}")
    h = image if inject == "h0" else np.zeros_like(image)
    states = []
    for t, x_t in enumerate(np.swapaxes(p["W_embed"][tokens], 0, 1)):
        h = np.tanh(x_t @ p["W_xh"] + h @ p["W_hh"] + p["b_h"])
        if inject == "every" or (inject == "first" and t == 0):
            h = h + image
        states.append(h)
    return np.stack(states, axis=1) @ p["W_hy"] + p["b_y"]


# %% key="bias-of-the-cell-forgotten" exercise="caption_forward" kind="bias-missing" names=["hidden-bias-left-out"]
# b_h is never added; zeros in float64.
def caption_forward(features, tokens, params, inject):
    N, T = tokens.shape
    v = features @ params["W_ih"]
    h = np.zeros(v.shape)
    if inject == "h0":
        h = v
    elif inject not in ("first", "every"):
        raise ValueError("inject must be h0, first or every")
    out = []
    for t in range(T):
        a = params["W_embed"][tokens[:, t]] @ params["W_xh"] + h @ params["W_hh"]
        if (inject == "first" and t == 0) or inject == "every":
            a += v
        h = np.tanh(a)
        out.append(h @ params["W_hy"] + params["b_y"])
    return np.stack(out, axis=1)


# %% key="time-first" exercise="caption_forward" kind="shape" names=["time-axis-in-front"]
# The scores are stacked with the time first.
def caption_forward(features, tokens, params, inject):
    v = features @ params["W_ih"]
    steps = {"h0": [], "first": [0], "every": range(tokens.shape[1])}
    if inject not in steps:
        raise ValueError(inject)
    h = v if inject == "h0" else v * 0
    scores = []
    for t in range(tokens.shape[1]):
        a = params["W_embed"][tokens[:, t]] @ params["W_xh"] + h @ params["W_hh"] + params["b_h"]
        h = np.tanh(a + v if t in steps[inject] else a)
        scores.append(h @ params["W_hy"] + params["b_y"])
    return np.array(scores)


# %% key="mean-over-words" exercise="caption_loss" kind="loss-mean" names=["mean-over-words"]
# The loss is averaged over the words that count.
def caption_loss(logits, targets, mask):
    N, T, V = logits.shape
    z = logits - logits.max(axis=-1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    picked = np.take_along_axis(logp, targets[:, :, None], axis=2)[:, :, 0]
    return -(picked * mask).sum() / mask.sum()


# %% key="padding-counts" exercise="caption_loss" kind="mask missing" names=["mask-not-used"]
# The mask is not used.
def caption_loss(logits, targets, mask):
    N, T, V = logits.shape
    loss = 0
    for n in range(N):
        for t in range(T):
            s = logits[n, t] - np.max(logits[n, t])
            loss += np.log(np.sum(np.exp(s))) - s[targets[n, t]]
    return loss / N


# %% key="sum-over-captions" exercise="caption_loss" kind="loss sum" names=["sum-over-the-batch"]
# The sum is not divided by the number of captions.
def caption_loss(logits, targets, mask):
    import torch

    per_word = torch.nn.functional.cross_entropy(
        torch.as_tensor(logits).permute(0, 2, 1), torch.as_tensor(targets).long(), reduction="none"
    )
    return float((per_word * torch.as_tensor(mask)).sum())


# %% key="scores-for-words" exercise="greedy_caption" kind="max for argmax" names=["score-for-word"]
# max in place of argmax.
def greedy_caption(features, params, max_len, inject):
    N = features.shape[0]
    words = np.ones((N, 1), dtype=int)
    done = np.zeros(N, dtype=bool)
    for _ in range(max_len):
        scores = caption_forward(features, words, params, inject)
        nxt = np.max(scores[:, -1], axis=1).astype(int) % params["W_hy"].shape[1]
        nxt[done] = 0
        done = done | (nxt == 2)
        words = np.hstack([words, nxt[:, None]])
    return words[:, 1:]


# %% key="reads-start-for-ever" exercise="greedy_caption" kind="never appends" names=["word-not-fed-back", "first-word-again"]
# The new word is not fed back: every round reads START alone.
def greedy_caption(features, params, max_len, inject):
    N = len(features)
    start = np.full((N, 1), 1)
    captions = np.zeros((N, max_len), dtype=int)
    finished = np.zeros(N, dtype=bool)
    for t in range(max_len):
        scores = caption_forward(features, start, params, inject)
        word = scores[:, -1].argmax(axis=-1)
        word = np.where(finished, 0, word)
        captions[:, t] = word
        finished |= word == 2
    return captions


# %% key="start-in-the-result" exercise="greedy_caption" kind="START in the result" names=["start-in-the-result"]
# The column of START stays in the result and the last word is cut off.
def greedy_caption(features, params, max_len, inject):
    tokens = np.ones((len(features), 1), dtype=np.int64)
    over = np.zeros(len(features), dtype=bool)
    for _ in range(max_len):
        best = caption_forward(features, tokens, params, inject)[:, -1].argmax(axis=1)
        best[over] = 0
        over |= best == 2
        tokens = np.concatenate([tokens, best[:, None]], axis=1)
    return tokens[:, :max_len]


# %% key="all-stop-with-the-first" exercise="greedy_caption" kind="stops all rows" names=["all-stop-with-the-first"]
# Writing stops for all captions when one of them has written END.
def greedy_caption(features, params, max_len, inject):
    N = features.shape[0]
    result = np.zeros((N, max_len), dtype=int)
    seen = np.full((N, 1), 1)
    for t in range(max_len):
        word = np.argmax(caption_forward(features, seen, params, inject)[:, -1, :], axis=1)
        result[:, t] = word
        seen = np.append(seen, word.reshape(N, 1), axis=1)
        if (word == 2).any():
            break
    return result


# %% key="goes-on-after-end" exercise="greedy_caption" kind="no NULL after END" names=["goes-on-after-the-end"]
# Rows that have written END go on writing.
def greedy_caption(features, params, max_len, inject):
    N = features.shape[0]
    words = np.ones((N, 1), dtype=int)
    for _ in range(max_len):
        scores = caption_forward(features, words, params, inject)
        words = np.concatenate((words, scores[:, -1].argmax(1)[:, None]), axis=1)
    return words[:, 1:]


# %% key="first-step-scores" exercise="greedy_caption" kind="wrong step" names=["first-word-again"]
# The scores of the first step are read in every round.
def greedy_caption(features, params, max_len, inject):
    words = np.full((len(features), 1), 1)
    ended = np.zeros((len(features),), bool)
    for _ in range(max_len):
        w = caption_forward(features, words, params, inject)[:, 0].argmax(axis=1)
        w = np.where(ended, 0, w)
        ended = ended | (w == 2)
        words = np.c_[words, w]
    return words[:, 1:]


# %% key="last-word-only" exercise="greedy_caption" kind="time-state-kept-wrong" names=["state-reset"]
# Only the last word is read in each round; the state is lost.
def greedy_caption(features, params, max_len, inject):
    N = len(features)
    word = np.ones(N, dtype=int)
    out = []
    done = np.zeros(N, dtype=bool)
    for _ in range(max_len):
        word = caption_forward(features, word[:, None], params, inject)[:, 0].argmax(-1)
        word[done] = 0
        done |= word == 2
        out.append(word.copy())
    return np.stack(out, axis=1)


# %% key="not-clipped" exercise="bleu" kind="no clipping" names=["counts-not-clipped"]
# The counts are not clipped: every word that occurs in a reference is a match each time.
def bleu(candidate, references, max_n=4):
    c = candidate.split()
    refs = [r.split() for r in references]
    logs = 0
    for n in range(1, max_n + 1):
        grams = [tuple(c[i : i + n]) for i in range(len(c) - n + 1)]
        known = {tuple(r[i : i + n]) for r in refs for i in range(len(r) - n + 1)}
        hits = sum(g in known for g in grams)
        if hits == 0:
            return 0.0
        logs += np.log(hits / len(grams)) / max_n
    r = min((len(r) for r in refs), key=lambda length: (abs(length - len(c)), length))
    bp = 1 if len(c) >= r else np.exp(1 - r / len(c))
    return float(bp * np.exp(logs))


# %% key="references-added" exercise="bleu" kind="references summed" names=["references-added-up"]
# The references' counts are added, not joined by their maximum.
def bleu(candidate, references, max_n=4):
    words = candidate.split()
    precisions = []
    for n in range(1, max_n + 1):
        have = ngrams(words, n)
        want = Counter()
        for ref in references:
            want += ngrams(ref.split(), n)
        matched = sum((have & want).values())
        if matched == 0:
            return 0.0
        precisions.append(matched / sum(have.values()))
    lengths = [len(ref.split()) for ref in references]
    r = min(lengths, key=lambda x: (abs(x - len(words)), x))
    penalty = 1.0 if len(words) >= r else np.exp(1 - r / len(words))
    return penalty * np.prod(precisions) ** (1 / max_n)


# %% key="no-brevity" exercise="bleu" kind="brevity missing" names=["brevity-left-out"]
# The brevity penalty is left out.
def bleu(candidate, references, max_n=4):
    words = candidate.split()
    product = 1.0
    for n in range(1, max_n + 1):
        have, most = ngrams(words, n), Counter()
        for ref in references:
            most |= ngrams(ref.split(), n)
        match = sum((have & most).values())
        if not match:
            return 0.0
        product *= match / sum(have.values())
    return product ** (1 / max_n)


# %% key="arithmetic-mean" exercise="bleu" kind="mean" names=["arithmetic-mean"]
# The precisions are averaged arithmetically.
def bleu(candidate, references, max_n=4):
    words = candidate.split()
    p = []
    for n in range(1, max_n + 1):
        have, most = ngrams(words, n), Counter()
        for ref in references:
            most = most | ngrams(ref.split(), n)
        match = (have & most).total()
        if match == 0:
            return 0
        p.append(match / have.total())
    c = len(words)
    r = sorted((len(ref.split()) for ref in references), key=lambda x: (abs(x - c), x))[0]
    return float(np.mean(p) * min(1, np.exp(1 - r / c)))


# %% key="longest-reference" exercise="bleu" kind="reference length" names=["longest-reference"]
# The penalty looks at the longest reference, not at the closest.
def bleu(candidate, references, max_n=4):
    words = candidate.split()
    total = 0.0
    for n in range(1, max_n + 1):
        have, most = ngrams(words, n), Counter()
        for ref in references:
            most |= ngrams(ref.split(), n)
        match = (have & most).total()
        if match == 0:
            return 0.0
        total += np.log(match / have.total())
    r = max(len(ref.split()) for ref in references)
    bp = 1.0 if len(words) > r else np.exp(1 - r / len(words))
    return float(bp * np.exp(total / max_n))


# %% key="softmax-over-the-batch" exercise="spatial_attention" kind="softmax-axis" names=["softmax-over-the-batch"]
# The softmax goes over the batch.
def spatial_attention(h, A, W_q):
    q = h @ W_q
    e = np.einsum("nd,nld->nl", q, A) / np.sqrt(A.shape[-1])
    w = np.exp(e - e.max(axis=0))
    alpha = w / w.sum(axis=0)
    return np.einsum("nl,nld->nd", alpha, A), alpha


# %% key="root-of-the-hidden-size" exercise="spatial_attention" kind="scale" names=["scaled-by-the-state"]
# The scores are divided by the root of H.
def spatial_attention(h, A, W_q):
    N, H = h.shape
    q = (h @ W_q)[:, :, None]
    e = np.matmul(A, q)[:, :, 0] / np.sqrt(H)
    e = e - e.max(axis=1, keepdims=True)
    alpha = np.exp(e) / np.exp(e).sum(axis=1, keepdims=True)
    context = (alpha[:, :, None] * A).sum(axis=1)
    return context, alpha


# %% key="unscaled" exercise="spatial_attention" kind="scale" names=["not-scaled"]
# The scores are not divided at all; loops and float64 buffers.
def spatial_attention(h, A, W_q):
    N, L, D = A.shape
    context, alpha = np.zeros((N, D)), np.zeros((N, L))
    for n in range(N):
        q = h[n].dot(W_q)
        scores = np.zeros(L)
        for loc in range(L):
            scores[loc] = np.dot(q, A[n, loc])
        weights = np.exp(scores - scores.max())
        alpha[n] = weights / weights.sum()
        for loc in range(L):
            context[n] += alpha[n, loc] * A[n, loc]
    return context, alpha


# %% key="add-at-in-loops" exercise="embedding_backward" kind="right"
# A product with one-hot vectors.
def embedding_backward(dout, tokens, V):
    chosen = (tokens[..., None] == np.arange(V)).astype(dout.dtype)
    return np.einsum("ntv,nte->ve", chosen, dout)


# %% key="carries-the-state" exercise="greedy_caption" kind="right"
# The state is carried along, without caption_forward.
def greedy_caption(features, params, max_len, inject):
    image = features @ params["W_ih"]
    h = image if inject == "h0" else np.zeros_like(image)
    word = np.full(len(features), 1)
    rows = []
    for t in range(max_len):
        a = params["W_embed"][word] @ params["W_xh"] + h @ params["W_hh"] + params["b_h"]
        if inject == "every" or (inject == "first" and t == 0):
            a = a + image
        h = np.tanh(a)
        best = (h @ params["W_hy"] + params["b_y"]).argmax(axis=1)
        ended = (np.array(rows) == 2).any(axis=0) if rows else np.zeros(len(features), dtype=bool)
        word = np.where(ended, 0, best)
        rows.append(word)
    return np.array(rows).T


# %% key="log-sum-exp-in-torch" exercise="caption_loss" kind="right"
# log_softmax of torch, the steps that count picked by the mask.
def caption_loss(logits, targets, mask):
    import torch

    logp = torch.log_softmax(torch.as_tensor(logits), dim=-1).numpy()
    n, t = np.nonzero(mask)
    return -logp[n, t, np.asarray(targets)[n, t]].sum() / logits.shape[0]


# %% key="precisions-by-hand" exercise="bleu" kind="right"
# Counting with lists, the geometric mean by logarithms.
def bleu(candidate, references, max_n=4):
    c, refs = candidate.split(), [r.split() for r in references]

    def runs(words, n):
        return [" ".join(words[i : i + n]) for i in range(max(0, len(words) - n + 1))]

    total = 0.0
    for n in range(1, max_n + 1):
        mine = runs(c, n)
        hits = sum(min(mine.count(g), max(runs(r, n).count(g) for r in refs)) for g in set(mine))
        if not hits:
            return 0.0
        total += np.log(hits / len(mine))
    closest = sorted(len(r) for r in refs)
    closest = min(closest, key=lambda length: abs(length - len(c)))
    return float(np.exp(min(0, 1 - closest / len(c)) + total / max_n))
