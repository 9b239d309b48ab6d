"""Opens the sockets that talk to the kernel of the operating system, past it, and to its neighbours."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import socket

opened = []
for family, kind, protocol in (
    (socket.AF_PACKET, socket.SOCK_RAW, 0x300),
    (socket.AF_INET, socket.SOCK_RAW, 255),
    (socket.AF_INET, socket.SOCK_RAW, 1),
    (16, socket.SOCK_RAW, 12),  # NETLINK, netfilter
    (16, socket.SOCK_RAW, 6),  # NETLINK, IPsec
    (38, socket.SOCK_SEQPACKET, 0),  # ALG
    (40, socket.SOCK_STREAM, 0),  # VSOCK
    (17, socket.SOCK_DGRAM, 0),
    (29, socket.SOCK_RAW, 1),  # CAN
):
    try:
        opened.append((socket.socket(family, kind, protocol), family))
    except OSError:
        pass
assert not opened, opened
"""


def make(nb):
    append(nb, "softmax", CODE)
