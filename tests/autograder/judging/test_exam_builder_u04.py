"""Right answers to the LSTM exercises in other styles keep their points."""

import pytest

import solutions
from autograder.judging.exam_builder import fresh_exam
from rnnlab.checking.marking import mark
from rnnlab.checks import LocalFunction
from rnnlab.specs import SPECS

U04 = solutions.reference("u04_lstm")

STYLES = {
    "sigmoid by signs": """
def sigmoid(x):
    z = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, z) / (1 + z)
""",
    "sigmoid by torch": """
def sigmoid(x):
    import torch
    x = torch.as_tensor(x)
    return torch.sigmoid(x if x.is_floating_point() else x.double()).numpy()
""",
    "lstm_cell_forward by slices, the cache a list": """
def lstm_cell_forward(x_t, h_prev, c_prev, W_xh, W_hh, b):
    H = h_prev.shape[-1]
    a = np.einsum("nd,dk->nk", x_t, W_xh) + h_prev.dot(W_hh) + b[None]
    s = sigmoid(a[:, : 3 * H])
    g = np.tanh(a[:, 3 * H :])
    i, f, o = s[:, :H], s[:, H : 2 * H], s[:, 2 * H :]
    c_t = c_prev * f
    c_t += g * i
    return np.tanh(c_t) * o, c_t, [x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh]
""",
    "lstm_forward into a buffer of torch's default dtype": """
def lstm_forward(x, h0, c0, W_xh, W_hh, b):
    import torch
    x, h, c, W_xh, W_hh, b = map(torch.as_tensor, (x, h0, c0, W_xh, W_hh, b))
    h_all = torch.zeros(*x.shape[:2], h.shape[1])
    for t in range(x.shape[1]):
        i, f, o, g = (x[:, t] @ W_xh + h @ W_hh + b).chunk(4, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        h_all[:, t] = h
    return h_all.numpy(), c.float().numpy(), [None] * x.shape[1]
""",
    "lstm_cell_backward in place": """
def lstm_cell_backward(dh, dc, cache):
    x_t, h_prev, c_prev, i, f, o, g, c_t, W_xh, W_hh = cache
    t = np.tanh(f * c_prev + i * g)
    dc += dh * o * (1 - t * t)
    da = np.hstack((dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dh * t * o * (1 - o), dc * i * (1 - g * g)))
    return [da.dot(W_xh.T), da.dot(W_hh.T), f * dc, x_t.T.dot(da), h_prev.T.dot(da), np.ones(len(da), da.dtype) @ da]
""",
    "lstm_backward into buffers": """
def lstm_backward(dh_all, dc_T, caches):
    N, T, H = dh_all.shape
    W_xh, W_hh = caches[0][8:]
    dx = np.zeros((N, T, len(W_xh)), dh_all.dtype)
    out = {"db": np.zeros(4 * H, dh_all.dtype), "dW_hh": np.zeros_like(W_hh), "dW_xh": np.zeros_like(W_xh), "dx": dx}
    dh = np.zeros((N, H), dh_all.dtype)
    for t in range(T - 1, -1, -1):
        dx[:, t], dh, dc_T, dW_xh, dW_hh, db = lstm_cell_backward(dh_all[:, t] + dh, dc_T, caches.pop())
        out["dW_xh"] += dW_xh
        out["dW_hh"] += dW_hh
        out["db"] += db
    return {**out, "dh0": dh, "dc0": dc_T}
""",
    "handmade_memory with other numbers": """
def handmade_memory(H):
    W = np.zeros((H + 1, 4, H))
    W[H, 0], W[H, 1], W[:H, 3] = 60, -45, 5 * np.eye(H)
    return {"W_xh": W.reshape(H + 1, 4 * H), "W_hh": np.zeros((H, 4 * H)), "b": np.repeat([-30.0, 15, 15, 0], H)}
""",
    "init_lstm from one draw": """
def init_lstm(D, H, forget_bias, rng):
    W = (2 * rng.random((D + H, 4 * H)) - 1) / np.sqrt(H)
    return {"b": np.repeat([0.0, forget_bias, 0, 0], H), "W_xh": W[:D], "W_hh": W[D:]}
""",
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("source", STYLES.values(), ids=STYLES)
def test_no_right_answer_is_refused_for_its_style(source, seed):
    namespace = dict(vars(U04))
    exec(source, namespace)
    exercise = source.split("(")[0].split()[-1]
    exam = fresh_exam(SPECS[exercise], 6, U04, [], seed)

    assert mark(SPECS[exercise], exam, LocalFunction(namespace[exercise])).points == 6


def test_the_fresh_exam_hands_on_right_functions_for_wrong_ones():
    module = solutions.reference("u04_lstm")
    module.lstm_cell_backward = lambda dh, dc, cache: (dh,) * 6
    exam = fresh_exam(SPECS["lstm_backward"], 4, U04, [], 0)

    marks = mark(SPECS["lstm_backward"], exam, LocalFunction(module.lstm_backward))

    assert marks.points == 4
    assert "Your own lstm_cell_backward is not right yet" in marks.message
