"""A PostgreSQL server of the tests' own, from Debian's programs, in a folder of its own; Debian's stays as it is."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

import psycopg

USER = "grader"
PASSWORD = "an-uncommon-word"
READY = 30.0  # seconds for starting, and for stopping


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server that is installed, None if there is none."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in found), key=lambda path: float(path.parent.name), default=None)


class Server:
    """A context manager: a server on a port of 127.0.0.1 that asks for a password, and on a socket that does not."""

    def __enter__(self) -> Self:
        bin_ = programs()
        assert bin_ is not None
        self._bin = bin_
        # Not in pytest's folder: the server does not run as root, who alone may enter that.
        self.folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
        self._numbers = itertools.count()
        self.port = _free_port()
        password = self.folder / "password"
        password.write_text(PASSWORD)
        if os.geteuid() == 0:
            for path in (self.folder, password):
                shutil.chown(path, "postgres", "postgres")
        self._make()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def url(self, database: str = "postgres", user: str = USER, password: str = PASSWORD) -> str:
        """Return the URL of a database on this server."""
        return f"postgresql+psycopg://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def execute(self, *statements: str) -> None:
        """Run statements as the server's own administrator."""
        with self._connected() as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def database(self) -> str:
        """Make another empty database; return its URL."""
        name = f"empty_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        words = ["postgres", "-D", "data", "-k", str(self.folder), "-p", str(self.port)]
        settings = ["-c", "fsync=off", "-c", "listen_addresses=127.0.0.1"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._as_its_user([*words, *settings]), cwd=self.folder, stdout=log, stderr=log
            )
        deadline = time.monotonic() + READY
        while True:
            try:
                self._connected().close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server at once, in the middle of whatever it does."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=READY)

    def _make(self) -> None:
        words = ["initdb", "-D", "data", "-U", USER, "--pwfile=password", "--no-sync"]
        access = ["--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
        line = self._as_its_user([*words, *access])
        subprocess.run(line, cwd=self.folder, capture_output=True, check=True, timeout=READY)

    def _connected(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), port=self.port, user=USER, dbname="postgres", autocommit=True)

    def _as_its_user(self, words: list[str]) -> list[str]:
        """Return the command that runs a program of the server's, which ends when the tests do, however they end."""
        rights = ["--reuid", "postgres", "--regid", "postgres", "--clear-groups"] if os.geteuid() == 0 else []
        return ["setpriv", *rights, "--pdeathsig", "INT", str(self._bin / words[0]), *words[1:]]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
