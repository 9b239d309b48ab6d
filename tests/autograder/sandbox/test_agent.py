"""The agent, here in this process: it calls what it is asked to call and leaves the namespace as it was."""

from __future__ import annotations

import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from socket import socketpair
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.sandbox.inside import agent
from autograder.sandbox.inside.frames import Channel, FrameLimits
from rnnlab.checking.calling import Opaque

LIMITS = FrameLimits(size=100_000, header=50_000, depth=8, items=1000)
Ask = Callable[..., Any]


@pytest.fixture
def names() -> dict[str, Any]:
    return {}


class Shell:
    """What the agent needs of a shell to call functions."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.user_ns = names

    def send_outputs_to(self, send: Any) -> None:
        """Print to nobody."""


@pytest.fixture
def channel(names: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Channel]:
    monkeypatch.setattr(os, "register_at_fork", lambda **functions: None)
    host_end, agent_end = socketpair()
    agent_ = agent.Agent(agent_end, LIMITS, Shell(names))  # type: ignore[arg-type]
    thread = threading.Thread(target=agent_.serve)
    thread.start()
    with host_end, agent_end:
        channel = Channel(host_end, LIMITS)
        assert channel.receive() == {"op": "ready"}
        yield channel
        host_end.close()
        thread.join(5)
    assert not thread.is_alive()


@pytest.fixture
def ask(channel: Channel) -> Ask:
    def ask(name: str, opaque: tuple[int, ...] = (), supply: tuple[str, ...] = (), **inputs: Any) -> Any:
        request = {"op": "call", "name": name, "inputs": inputs, "opaque": list(opaque), "supply": list(supply)}
        channel.send(request)
        return channel.receive()

    return ask


def test_the_parameters_of_a_function_are_told(names: dict[str, Any], channel: Channel) -> None:
    names.update(f=lambda x, y=1, *rest: x, not_a_function=3, hard_to_tell=max)
    seen = {}
    for name in ("f", "not_a_function", "nothing", "hard_to_tell"):
        channel.send({"op": "parameters", "name": name})
        seen[name] = channel.receive()["parameters"]
    assert seen == {"f": [("x", True), ("y", False)], "not_a_function": None, "nothing": None, "hard_to_tell": []}


def test_a_function_is_called_and_its_result_comes_back(names: dict[str, Any], ask: Ask) -> None:
    names["f"] = lambda x: (x * 2, "ok")
    answer = ask("f", x=np.arange(3))
    assert answer["op"] == "returned"
    np.testing.assert_array_equal(answer["value"][0], [0, 2, 4])
    assert answer["changed"] == []


def test_inputs_changed_in_place_are_named(names: dict[str, Any], ask: Ask) -> None:
    names["f"] = lambda x, y: x.fill(7)
    assert ask("f", x=np.zeros(2), y=np.zeros(2))["changed"] == ["x"]


def test_what_a_function_raises_is_told(names: dict[str, Any], ask: Ask) -> None:
    def stop(error: str) -> None:
        raise {"interrupt": KeyboardInterrupt(), "exit": SystemExit(3), "value": ValueError("first\nsecond")}[error]

    names["stop"] = stop
    kinds = {error: ask("stop", error=error)["kind"] for error in ("interrupt", "exit", "value")}
    assert kinds == {"interrupt": "KeyboardInterrupt", "exit": "SystemExit", "value": "ValueError"}
    assert ask("stop", error="value")["message"] == "first"
    assert ask("missing")["kind"] == "NameError"


def test_objects_that_do_not_cross_are_described(names: dict[str, Any], ask: Ask) -> None:
    class Cache:
        def __len__(self) -> int:
            return 4

    names["f"] = lambda: [Cache(), {1: 2}, np.array(["a", "b"]), names.get]
    assert ask("f")["value"] == [
        Opaque("Cache", 4),
        Opaque("dict", 1),
        Opaque("array of <U1", 2),
        Opaque("builtin_function_or_method", None),
    ]


def test_a_result_that_is_too_large_or_endless_is_described(names: dict[str, Any], ask: Ask) -> None:
    endless: list[Any] = []
    endless.append(endless)

    class Hostile(list[int]):
        def __iter__(self) -> Any:
            raise RuntimeError("no")

    names.update(large=lambda: np.zeros(10**6), endless=lambda: endless, hostile=lambda: Hostile())
    assert ask("large")["value"] == Opaque("ndarray", 10**6)
    assert ask("endless")["value"] == Opaque("list", 1)
    assert ask("hostile")["value"] == Opaque("Hostile", 0)


def test_the_positions_asked_for_come_back_described(names: dict[str, Any], ask: Ask) -> None:
    names["f"] = lambda: (np.zeros(2), {"cache": np.zeros(2)})
    h, cache = ask("f", opaque=(1,))["value"]
    np.testing.assert_array_equal(h, np.zeros(2))
    assert cache == Opaque("dict", 1)


def test_torch_tensors_come_back_as_arrays(names: dict[str, Any], ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Tensor:
        def detach(self) -> Any:
            return self

        cpu = detach

        def numpy(self) -> Any:
            return np.ones(2)

    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(Tensor=Tensor))
    names["f"] = lambda: [Tensor()]
    np.testing.assert_array_equal(ask("f")["value"][0], np.ones(2))


def test_what_a_function_prints_warns_and_logs_is_not_seen(
    names: dict[str, Any], ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    def noisy() -> int:
        print("noise")
        print("noise", file=sys.stderr)
        logging.getLogger("student").warning("noise")
        warnings.warn("noise", stacklevel=1)
        return 1

    names["f"] = noisy
    assert ask("f")["value"] == 1
    assert "noise" not in "".join(capsys.readouterr())


@pytest.mark.parametrize(("args", "kwargs"), [((2,), {"y": 3}), ((2, 3), {}), ((), {"x": 2, "y": 3})])
def test_a_supplied_function_is_computed_by_the_host(
    names: dict[str, Any], channel: Channel, args: tuple[int, ...], kwargs: dict[str, int]
) -> None:
    original = names["step"] = lambda x, y: "the student's own"
    names["f"] = lambda: names["step"](*args, **kwargs)
    channel.send({"op": "call", "name": "f", "inputs": {}, "opaque": [], "supply": ["step", "absent"]})
    assert channel.receive() == {"op": "supply", "name": "step", "args": args, "kwargs": kwargs}
    channel.send({"op": "returned", "value": "the host's"})
    assert channel.receive()["value"] == "the host's"
    assert names["step"] is original
    assert "absent" not in names


@pytest.mark.parametrize(
    ("kind", "raised"), [("ValueError", "ValueError"), ("Strange", "RuntimeError"), ("print", "RuntimeError")]
)
def test_what_the_host_raises_is_raised_in_the_students_function(
    names: dict[str, Any], channel: Channel, kind: str, raised: str
) -> None:
    names["f"] = lambda: names["step"]()
    channel.send({"op": "call", "name": "f", "inputs": {}, "opaque": [], "supply": ["step"]})
    channel.receive()
    channel.send({"op": "raised", "kind": kind, "message": "shapes differ"})
    answer = channel.receive()
    assert (answer["kind"], answer["message"]) == (raised, "shapes differ")
    assert "step" not in names
