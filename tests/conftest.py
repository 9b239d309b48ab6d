"""Leaves out the tests whose system package is not on this machine; `.ci/run` then fails."""

import shutil

import pytest

PROGRAMS = {
    "sandbox": ("bwrap", "bubblewrap is not installed here; make setup says how to get it"),
    "browser": ("chromium", "Chromium is not installed here; make chromium says how to get it"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for marker, (program, reason) in PROGRAMS.items():
        if shutil.which(program) is None:
            for item in items:
                if item.get_closest_marker(marker):
                    item.add_marker(pytest.mark.skip(reason=reason))
