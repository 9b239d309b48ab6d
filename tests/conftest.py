"""Leaves out the tests whose system package is not on this machine; `.ci/run` then fails."""

import shutil

import pytest

from tests.autograder.postgresql_server import programs

NEEDED = {
    "sandbox": (shutil.which("bwrap"), "bubblewrap is not installed here; make setup says how to get it"),
    "browser": (shutil.which("chromium"), "Chromium is not installed here; make chromium says how to get it"),
    "postgresql": (programs(), "PostgreSQL is not installed here; make postgresql says how to get it"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for marker, (found, reason) in NEEDED.items():
        if found is None:
            for item in items:
                if item.get_closest_marker(marker):
                    item.add_marker(pytest.mark.skip(reason=reason))
