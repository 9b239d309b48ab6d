"""Raises exceptions that are no Exception, with messages that are huge, endless, or scripts for terminal and page."""

from tests.hostile.attack_tools import put

POINTS = dict.fromkeys(("one_hot", "softmax", "rnn_readout", "num_params", "image_to_sequence"), (0, "error"))

BODIES = {
    "one_hot": "raise SystemExit('x' * 50_000_000)",
    "softmax": "raise ValueError('\\x1b]0;owned\\x07\\x1b[2J\\x00<script>alert(1)</script><img src=x>')",
    "rnn_readout": "raise KeyboardInterrupt",
    "num_params": "raise type('<script>alert(1)</script>' * 1000, (BaseException,), {})('\\ud800 \\u202e')",
    "image_to_sequence": "raise type('Endless', (ValueError,), {'__str__': lambda self: str(self)})()",
}


def make(nb):
    for exercise, body in BODIES.items():
        parameters = {"one_hot": "idx, vocab_size, dtype=float", "softmax": "z, axis=-1"}
        parameters |= {"rnn_readout": "h_all, W_hy, b_y, mode", "num_params": "D, H, C"}
        put(nb, exercise, f"def {exercise}({parameters.get(exercise, 'images, order')}):\n    {body}")
