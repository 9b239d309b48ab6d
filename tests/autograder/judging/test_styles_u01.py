"""Unit 01: no right answer to a sequence exercise is refused for its style."""

import pytest

import solutions
from autograder.judging.exam_builder import fresh_exam
from rnnlab.checking.marking import mark
from rnnlab.checks import LocalFunction, marks
from rnnlab.specs import SPECS

U01 = solutions.reference("u01_rnn_cell")

STYLES = {
    "a buffer of torch's default dtype": """
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    import torch
    x, h, W_xh, W_hh, b_h = map(torch.as_tensor, (x, h0, W_xh, W_hh, b_h))
    h_all = torch.zeros(*x.shape[:2], h.shape[1])
    for t in range(x.shape[1]):
        h = torch.tanh(x[:, t] @ W_xh + h @ W_hh + b_h)
        h_all[:, t] = h
    return h_all.numpy(), [None] * x.shape[1]
""",
    "nn.RNN in float32": """
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    import torch
    layer = torch.nn.RNN(x.shape[2], h0.shape[1], batch_first=True, dtype=torch.from_numpy(h0).dtype)
    with torch.no_grad():
        layer.weight_ih_l0[:], layer.weight_hh_l0[:] = torch.tensor(W_xh.T), torch.tensor(W_hh.T)
        layer.bias_ih_l0[:], layer.bias_hh_l0[:] = torch.tensor(b_h), 0
        h_all, _ = layer(torch.tensor(x), torch.tensor(h0)[None])
    return h_all.float().numpy(), [None] * x.shape[1]
""",
    "float64 buffers": """
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    h_all, caches = np.zeros((*x.shape[:2], len(b_h))), []
    for t in range(x.shape[1]):
        h_all[:, t], cache = rnn_cell_forward(x[:, t], h0 if t == 0 else h_all[:, t - 1], W_xh, W_hh, b_h)
        caches.append(cache)
    return h_all, caches
""",
}


@pytest.mark.parametrize("source", STYLES.values(), ids=STYLES)
def test_no_right_answer_is_refused_for_its_style(source):
    namespace = dict(vars(U01))
    exec(source, namespace)
    answer = namespace["rnn_forward"]
    exams = [fresh_exam(SPECS["rnn_forward"], 4, U01, [], seed) for seed in range(3)]

    for result in [marks(answer), *(mark(SPECS["rnn_forward"], exam, LocalFunction(answer)) for exam in exams)]:
        assert (result.points, result.status) == (4, "pass"), result.message


def test_a_float32_buffer_earns_a_remark():
    namespace = dict(vars(U01))
    exec(STYLES["a buffer of torch's default dtype"], namespace)

    assert "float64 inputs came back as float32" in marks(namespace["rnn_forward"]).message
