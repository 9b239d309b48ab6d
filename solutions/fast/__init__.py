"""Fast versions of the course's networks in plain NumPy: the same arithmetic as the units' answers, laid out well.

Read the answers of units 01, 02, 04 and 05 first; these are what to read after one's own.
Begin with ``rnn.py``, whose comments give the reasons that the other two share.
"""

from solutions.fast.gru import gru_backward, gru_forward
from solutions.fast.lstm import lstm_backward, lstm_forward
from solutions.fast.rnn import rnn_backward, rnn_forward

__all__ = ["gru_backward", "gru_forward", "lstm_backward", "lstm_forward", "rnn_backward", "rnn_forward"]
