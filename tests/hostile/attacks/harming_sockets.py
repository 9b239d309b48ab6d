"""Connects to the host by TCP, UDP and an abstract socket, and to the world by name and by number."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import socket

def reached(family, kind, address):
    try:
        with socket.socket(family, kind) as made:
            made.settimeout(0.3)
            made.connect(address)
            made.send(b"hello")
            return True
    except OSError:
        return False

INET, INET6, UNIX = socket.AF_INET, socket.AF_INET6, socket.AF_UNIX
addresses = ("127.0.0.1", "0.0.0.0", "10.0.2.2", "172.17.0.1", "169.254.169.254", "8.8.8.8")
for address in addresses:
    assert not reached(INET, socket.SOCK_STREAM, (address, @tcp@)), address
    reached(INET, socket.SOCK_DGRAM, (address, @udp@))
    reached(INET, socket.SOCK_DGRAM, (address, 53))
assert not reached(INET6, socket.SOCK_STREAM, ("::1", @tcp@))
assert not reached(UNIX, socket.SOCK_STREAM, "\\0@abstract@")
try:
    socket.getaddrinfo("example.com", 80)
except OSError:
    pass
else:
    raise AssertionError("a name was found")
"""


def make(nb):
    append(nb, "softmax", CODE)
