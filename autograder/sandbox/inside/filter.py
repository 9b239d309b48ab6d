"""Installs a seccomp filter in the calling process, for processes that bubblewrap does not start.

It needs only the standard library: the filter is compiled outside, by ``autograder.sandbox.seccomp``.
"""

import ctypes
import os
from typing import Any

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 22, 38
SECCOMP_MODE_FILTER = 2
INSTRUCTION = 8  # bytes


class _Program(ctypes.Structure):
    """struct sock_fprog of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def install(program: bytes) -> None:
    """Install ``program`` in the calling thread and all that it will start, permanently; other threads are unaffected.

    Filters add up: what any of them refuses is refused. Raises OSError if the kernel rejects the filter.
    """
    # Without the first, the second is for root only.
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(_Program(len(program) // INSTRUCTION, program)))


def _prctl(option: int, value: int, pointer: Any = None) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = (ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong)
    if libc.prctl(option, value, pointer, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"the filter of system calls: {os.strerror(ctypes.get_errno())}")
