"""Returns objects that lie about their length, class and name, and that raise or hang when they are looked at."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "died"), "rnn_readout": (0, "timeout"), "num_params": (0, "fail")}
LIMITS = {"call": 1.0}

CODE = """
class Liar:
    __class__ = property(lambda self: np.ndarray)
    __len__ = lambda self: 2**62
    def __getattr__(self, name):
        raise SystemExit

Liar.__name__ = "<script>alert(1)</script>" * 10_000

def softmax(z, axis=-1):
    return Liar()
"""
HANGS = """
def rnn_readout(h_all, W_hy, b_y, mode):
    class Hangs:
        def __len__(self):
            while True:
                pass
    return Hangs()
"""
KEYS = """
def num_params(D, H, C):
    class Key(str):
        def __str__(self):
            raise KeyboardInterrupt
        __repr__ = __format__ = __str__
    return {Key("a"): Key("b")}
"""


def make(nb):
    put(nb, "softmax", CODE)
    put(nb, "rnn_readout", HANGS)
    put(nb, "num_params", KEYS)
