"""Makes the system calls that have opened machines before: bpf, io_uring, userfaultfd, keys, modules and the like."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
room = ctypes.create_string_buffer(4096)
CALLS = {
    "ptrace": (101, 0, 0, 0, 0),
    "bpf": (321, 0, room, 128),
    "io_uring_setup": (425, 8, room),
    "userfaultfd": (323, 0),
    "perf_event_open": (298, room, 0, -1, -1, 0),
    "add_key": (248, b"user", b"k", b"v", 1, -3),
    "keyctl": (250, 0, -3, 1),
    "init_module": (175, room, 10, b""),
    "finit_module": (313, 0, b"", 0),
    "kexec_load": (246, 0, 0, room, 0),
    "reboot": (169, 0xFEE1DEAD, 672274793, 0x89ABCDEF),
    "swapon": (167, b"/tmp/x", 0),
    "settimeofday": (164, room, 0),
    "clock_settime": (227, 0, room),
    "sethostname": (170, b"x", 1),
    "acct": (163, b"/tmp/x"),
    "quotactl": (179, 0, b"/", 0, room),
    "syslog": (103, 3, room, 4096),
    "iopl": (172, 3),
    "ioperm": (173, 0, 10, 1),
    "open_by_handle_at": (304, -100, room, 0),
    "process_vm_readv": (310, 1, room, 1, room, 1, 0),
    "pidfd_getfd": (438, 3, 0, 0),
    "vhangup": (153,),
    "lookup_dcookie": (212, 1, room, 100),
    "kcmp": (312, 1, 1, 0, 0, 0),
    "move_pages": (279, 1, 1, room, room, room, 0),
    "migrate_pages": (256, 1, 8, room, room),
    "name_to_handle_at": (303, -100, b"/", room, room, 0),
    "setuid": (105, 0),
    "setgroups": (116, 0, room),
    "personality": (135, 0x0400000),
}
done = [name for name, call in CALLS.items() if libc.syscall(*call) >= 0]
assert not done, done
"""


def make(nb):
    append(nb, "softmax", CODE)
