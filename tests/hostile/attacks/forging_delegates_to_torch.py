"""Lets PyTorch compute what was to be written by hand: no rule forbids it, and a right result counts."""

from tests.hostile.attack_tools import put

POINTS = {}

CODE = """
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    import torch

    rnn = torch.nn.RNN(x.shape[2], h0.shape[1], batch_first=True, dtype=torch.from_numpy(x).dtype)
    zero = np.zeros_like(b_h)
    for name, value in (("weight_ih_l0", W_xh.T), ("weight_hh_l0", W_hh.T), ("bias_ih_l0", b_h), ("bias_hh_l0", zero)):
        getattr(rnn, name).data = torch.tensor(value)
    h_all, _ = rnn(torch.from_numpy(x), torch.from_numpy(h0)[None])
    return h_all.detach().numpy(), [None] * x.shape[1]
"""


def make(nb):
    put(nb, "rnn_forward", CODE)
