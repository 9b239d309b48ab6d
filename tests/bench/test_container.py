"""What runs in the container cannot reach the machine, and ends."""

import sys

import pytest

from bench import container

pytestmark = pytest.mark.sandbox

LOOKS = """
import os, socket, sys
print(os.getuid())
for path in (os.path.dirname(os.__file__), sys.prefix, "/", "/shown"):
    try:
        open(os.path.join(path, "left-behind"), "w")
        print("wrote", path)
    except OSError:
        pass
try:
    socket.create_connection(("192.0.2.1", 80), 1)
    print("connected")
except OSError:
    print("no network")
print(open("/shown/note").read())
"""


def test_it_has_no_network_and_nothing_to_write_to_but_its_own_folders(tmp_path):
    (tmp_path / "note").write_text("hello")
    tmp_path.chmod(0o755)

    printed, ended = container.run([sys.executable, "-c", LOOKS], {tmp_path: "/shown"}, "/shown", 60)

    assert printed.split("\n")[:3] == ["1000", "no network", "hello"]
    assert ended == "exit code 0"


def test_it_is_killed_when_its_time_is_over():
    _, ended = container.run([sys.executable, "-c", "while True: pass"], {}, "/tmp", 1)

    assert ended == "did not end within 1 s"


def test_it_is_killed_when_it_takes_too_much_memory(monkeypatch):
    monkeypatch.setattr(container, "TOGETHER", container.Bounds(200 * container.MIB, 10**9, 0, 100.0, 100))
    holds = "import time; held = b'x' * 400_000_000; time.sleep(60)"

    _, ended = container.run([sys.executable, "-c", holds], {}, "/tmp", 50)

    assert "memory" in ended
