"""What the grader says where it cannot isolate submissions."""

from __future__ import annotations

import shutil
import sys

import pytest

from autograder.sandbox import bubblewrap, doctor
from autograder.sandbox.doctor import missing, without_warm_starts
from autograder.sandbox.warm import Warm


@pytest.mark.sandbox
def test_nothing_is_missing_where_bubblewrap_works() -> None:
    assert missing() == []


def test_a_missing_program_is_named_with_the_command_that_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    assert missing() == [
        "Not installed, but needed to isolate submissions: bubblewrap util-linux."
        " Run: sudo apt-get install bubblewrap util-linux"
    ]


@pytest.mark.sandbox
def test_a_sandbox_that_does_not_start_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "python", lambda: "/no/such/python")
    (sentence,) = missing()
    assert "bwrap --unshare-all" in sentence or "sysctl" in sentence
    assert "/no/such/python" in sentence


@pytest.mark.sandbox
def test_a_warm_start_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    assert without_warm_starts() == []
    monkeypatch.setattr(doctor, "Warm", lambda imports: Warm(imports="import no_such_module"))
    (sentence,) = without_warm_starts()
    assert sentence.startswith("Warm starts fail here; each submission starts cold, which takes seconds longer.")
    assert "No module named 'no_such_module'" in sentence


def test_on_another_system_a_linux_machine_is_recommended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    (sentence,) = missing()
    assert "Linux" in sentence
