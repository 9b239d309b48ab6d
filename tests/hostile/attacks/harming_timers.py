"""Makes timers until there are none left, in many processes, and lets them ring."""

from tests.hostile.attack_tools import CHILDREN, put

POINTS = {}

CODE = """
def softmax(z, axis=-1):
    import ctypes, os, time

    def ring():
        libc, timer = ctypes.CDLL(None), ctypes.c_void_p()
        silent = (ctypes.c_int * 16)(0, 0, 0, 1)
        soon = (ctypes.c_long * 4)(0, 1_000_000, 0, 1_000_000)
        made = 0
        while made < 5000 and libc.timer_create(1, silent, ctypes.byref(timer)) == 0:
            libc.timer_settime(timer, 0, soon, None)
            made += 1
        time.sleep(0.2)
        os._exit(made > 1000)

    children(10, ring)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CHILDREN + CODE)
