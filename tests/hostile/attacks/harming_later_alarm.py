"""Sets an alarm that ends its process when the next call is under way."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "died")}

CODE = """
def softmax(z, axis=-1):
    import signal, time

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    if not any(signal.getitimer(signal.ITIMER_REAL)):
        signal.setitimer(signal.ITIMER_REAL, 0.25)
    time.sleep(0.1)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
