"""Commands of the operating system run from cells, in a sandbox that has no terminals."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.sandbox.launch import Launch, Sandbox
from autograder.sandbox.session import Session
from autograder.sandbox.warm import Warm
from rnnlab.checking.calling import Returned
from tests.autograder.helpers import notebook, texts

pytestmark = pytest.mark.sandbox
SKIPPED = "[!sleep 60 & was skipped: the grader does not run it.]\n"


@pytest.fixture(scope="module", params=["cold", "warm"])
def launch(request: pytest.FixtureRequest) -> Iterator[Launch]:
    if request.param == "cold":
        yield Sandbox
        return
    warm = Warm(imports="import numpy")
    yield warm
    warm.close()


def test_what_a_command_prints_is_shown_and_the_cell_goes_on(launch: Launch) -> None:
    cells = [
        "what = 'hello'\n!echo {what} && cat && echo wrong >&2\nprint('next')",
        "!exit 3\nprint(_exit_code)",
        "listed = !echo kept\nprint(listed[0])",
        "!sleep 60 &",
        "def f(): return 1",
    ]
    with Session(notebook(*cells), launch=launch) as session:
        assert texts(session.nb) == ["hello\nwrong\nnext\n", "3\n", "kept\n", SKIPPED, ""]
        assert session.call("f", {}) == Returned(1)


def test_asyncio_waits_without_epoll(launch: Launch) -> None:
    code = """
import asyncio
async def wait():
    done = await asyncio.create_subprocess_exec("echo", "out", stdout=asyncio.subprocess.PIPE)
    return (await done.communicate())[0].decode()
def f(): return asyncio.run(wait())
"""
    with Session(notebook(code), launch=launch) as session:
        assert session.call("f", {}) == Returned("out\n")
