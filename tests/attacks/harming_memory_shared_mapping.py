"""Takes memory in shared mappings and nameless files, which no limit of one process counts."""

from tests.corpus import put

POINTS = {"softmax": (0, {"memory", "died"})}
LIMITS = {"call": 5.0, "address_space": 2**31, "memory": 2**29}

CODE = """
def softmax(z, axis=-1):
    import mmap, os, time

    held = []
    for _ in range(4):
        if os.fork() == 0:
            held.append(mmap.mmap(-1, 2**28))
            held[-1].write(bytes(2**28))
            time.sleep(100)
            os._exit(0)
        try:
            nameless = os.memfd_create("nameless")
            for _ in range(4):
                os.write(nameless, bytes(2**26))
        except OSError:
            pass
    time.sleep(4)
    return np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
