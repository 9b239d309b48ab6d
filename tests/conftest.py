"""For all tests: Ctrl-C works; those whose system package is missing here are left out, and `.ci/run` then fails."""

import shutil
import signal

import pytest

from bench.postgresql_server import programs

NEEDED = {
    "sandbox": (shutil.which("bwrap"), "bubblewrap is not installed here; make setup says how to get it"),
    "browser": (shutil.which("chromium"), "Chromium is not installed here; make chromium says how to get it"),
    "postgresql": (programs(), "PostgreSQL is not installed here; make postgresql says how to get it"),
}


def pytest_configure() -> None:
    # A shell that starts the tests in the background has them ignore Ctrl-C, and so all commands that they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for marker, (found, reason) in NEEDED.items():
        if found is None:
            for item in items:
                if item.get_closest_marker(marker):
                    item.add_marker(pytest.mark.skip(reason=reason))
