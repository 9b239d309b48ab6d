"""Whatever a process says, nothing comes of it but a result, an exception of the function, or a stop."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from nbformat import NotebookNode

from autograder.errors import SandboxError, Stopped
from autograder.sandbox.inside.frames import Channel, FrameError
from autograder.sandbox.kernel import Kernel
from autograder.sandbox.launch import Process
from autograder.sandbox.limits import LIMITS, Limits
from autograder.sandbox.messages import READERS, Message, message
from autograder.sandbox.remaining_budget import Budget
from autograder.sandbox.session import Session
from rnnlab.checking.calling import InputRecipe, Opaque, Parameter, Raised, Returned
from tests.autograder.helpers import notebook

QUICK = replace(LIMITS, start=2.0, cell=2.0, call=2.0, restarts=3, kernels=30)
FIELDS = ("kind", "content", "parameters", "name", "args", "kwargs", "value", "changed", "warned", "message", "line")
WORDS = (*READERS, "stdout", "stream", "error", "display_data", "execute_result", "clear_output", "step", "x", "", "\0")
SILENCE = object()  # instead of an answer: the process is gone


class Liar(threading.Thread):
    """A process in name only: a thread that answers each request with what ``say`` gives, first ``greeting``."""

    isolated = False

    def __init__(self, connection: socket.socket, greeting: Any, say: Callable[[dict[str, Any]], Any]) -> None:
        super().__init__(daemon=True)
        self.channel = Channel(connection.dup(), LIMITS.frame)
        self.greeting = greeting
        self.say = say
        self.pid = os.getpid()
        self.start()

    def run(self) -> None:
        with self.channel.connection, contextlib.suppress(OSError, EOFError):
            self.channel.send(self.greeting)
            while True:
                request = self.channel.receive()
                while (answer := self.say(request)) is not SILENCE:
                    self.channel.send(answer)
                    # After what is shown the host waits for more.
                    if not isinstance(answer, dict) or str(answer.get("op")) != "output":
                        break
                else:
                    return

    def end(self) -> None:
        with contextlib.suppress(OSError):
            self.channel.connection.shutdown(socket.SHUT_RDWR)

    def wait(self, seconds: float) -> int | None:
        return 0

    def kill(self, seconds: float) -> bool:
        self.end()
        self.join(seconds)
        return not self.is_alive()

    def complaint(self) -> str:
        return "nothing"


def liar(greeting: Any, say: Callable[[dict[str, Any]], Any]) -> Callable[[socket.socket, Limits], Process]:
    """Return what launches liars."""
    return lambda connection, limits: Liar(connection, greeting, say)


def any_value(draw: random.Random, depth: int = 0) -> Any:
    """Return a value of any type that a frame can hold."""
    leaves: list[Callable[[], Any]] = [
        lambda: None,
        lambda: draw.random() < 0.5,
        lambda: draw.choice((0, 1, -(2**63), 2**63 - 1, 2**1000)),
        lambda: draw.choice((0.0, -1.5, float("nan"), float("inf"))),
        lambda: draw.choice(WORDS),
        lambda: "\ud83d" * draw.randrange(400),
        lambda: np.zeros(draw.choice(((), (0,), (1,), (3,), (2, 2)))),
        lambda: np.full(draw.choice(((2,), (1, 3))), True),
        lambda: np.float32(draw.random()),
        lambda: np.int8(draw.randrange(9)),
        lambda: Opaque(draw.choice(WORDS[:5]), draw.choice((None, 3))),
        lambda: InputRecipe("generator", 7),
    ]
    several: list[Callable[[], Any]] = [
        lambda: [any_value(draw, depth + 1) for _ in range(draw.randrange(4))],
        lambda: tuple(any_value(draw, depth + 1) for _ in range(draw.randrange(4))),
        lambda: {draw.choice((*WORDS, *FIELDS)): any_value(draw, depth + 1) for _ in range(draw.randrange(4))},
    ]
    return draw.choice(leaves if depth > 2 else leaves + several)()


def right_message(draw: random.Random) -> dict[str, Any]:
    """Return a message as the agent sends it, most with values of any kind in them."""
    return draw.choice(
        [
            {"op": "ran"},
            {"op": "output", "kind": draw.choice(WORDS), "content": {"name": "stdout", "text": "x"}},
            {"op": "output", "kind": "display_data", "content": {"data": {"text/plain": "x"}}},
            {"op": "output", "kind": "error", "content": {"ename": "E", "evalue": "v", "traceback": ["x"]}},
            {"op": "parameters", "parameters": [("x", True)]},
            {"op": "parameters", "parameters": None},
            {"op": "supply", "name": "step", "args": (any_value(draw),), "kwargs": {}},
            {"op": "returned", "value": any_value(draw), "changed": ["x"], "warned": ""},
            {"op": "raised", "kind": "E", "message": "m", "line": ""},
        ]
    )


def any_message(draw: random.Random) -> Any:
    """Return a well-formed frame: a right message, or one with other values in some of its places, or any value."""
    roll = draw.random()
    if roll < 0.1:
        return any_value(draw)
    said = right_message(draw)
    if roll < 0.3:
        return said
    for name in [*said, *draw.sample(FIELDS, 2)]:
        if draw.random() < 0.4:
            said[name] = any_value(draw)
        elif draw.random() < 0.1:
            said.pop(name, None)
    # One level below, too: the fields of what a cell shows.
    content = said.get("content")
    if isinstance(content, dict):
        for name in content:
            if draw.random() < 0.4:
                content[name] = any_value(draw)
    return said


@pytest.mark.parametrize("seed", range(8))
def test_a_frame_holds_a_message_or_it_is_refused(seed: int) -> None:
    draw = random.Random(seed)
    read = refused = 0
    for _ in range(2500):
        try:
            assert isinstance(message(any_message(draw)), Message)
            read += 1
        except FrameError:
            refused += 1
    assert read > 500
    assert refused > 500


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 20))])
def test_an_agent_that_says_anything_gets_nothing_out_of_the_host_but_outcomes(seed: int) -> None:
    draw, exchanges = random.Random(seed), 0

    def say(request: dict[str, Any]) -> Any:
        nonlocal exchanges
        exchanges += 1
        if draw.random() < 0.02:
            return SILENCE
        if draw.random() < 0.6 and request.get("op") == "run":
            return {"op": "ran"}
        return any_message(draw)

    outcomes: list[Any] = []
    for _ in range(10):
        with Session(
            notebook(*["x = 1"] * 4),
            functions={"step": lambda *args, **kwargs: args[0] + kwargs["x"]},
            launch=liar({"op": "ready"}, say),
            limits=QUICK,
        ) as session:
            for _ in range(12):
                with contextlib.suppress(Stopped):
                    outcomes.append(session.parameters("f"))
                with contextlib.suppress(Stopped):
                    outcomes.append(session.call("f", {"x": np.ones(2), "y": 1}, supply=["step"]))
            assert_writable(session.nb)
    assert exchanges > 250
    for outcome in outcomes:
        match outcome:
            case None:
                pass
            case Returned(_, changed, warned):
                assert set(changed) <= {"x", "y"}
                assert len(warned) <= 300
            case Raised(kind, said, line):
                assert max(map(len, (kind, said, line))) <= 300
            case tuple():
                assert all(isinstance(parameter, Parameter) for parameter in outcome)
            case _:
                pytest.fail(f"an outcome of another kind: {outcome!r}")


def assert_writable(nb: NotebookNode) -> None:
    """Assert that what the cells show is text throughout."""
    for cell in nb.cells:
        for output in cell.outputs:
            texts = [output.get(name, "") for name in ("name", "text", "ename", "evalue")]
            texts += [*output.get("traceback", []), *output.get("data", {}).values()]
            assert all(isinstance(text, str) for text in texts)


@pytest.mark.parametrize("greeting", [{"op": np.ones(2)}, {"op": "ran"}, np.ones(3), [], 5, {"op": ["ready"]}, "ready"])
def test_a_process_that_is_never_ready_is_a_fault_of_the_sandbox(greeting: Any) -> None:
    kernel = Kernel(liar(greeting, lambda request: SILENCE), QUICK, Budget(QUICK))
    with contextlib.closing(kernel), pytest.raises(SandboxError):
        kernel.start()
