"""What crosses the sandbox's border arrives plain and equal, and nothing malformed gets through."""

from __future__ import annotations

import json
import math
import socket
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox.inside.frames import DTYPES, MAGIC, PREFIX, Channel, FrameError, FrameLimits, decode, encode
from rnnlab.checking.calling import InputRecipe, Opaque

LIMITS = FrameLimits(size=100_000, header=50_000, depth=8, items=1000)

arrays = hnp.arrays(st.sampled_from(list(DTYPES.values())), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0))
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**300), 2**300)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | arrays
    | arrays.filter(lambda a: a.ndim == 0).map(lambda a: a[()])
    | st.builds(Opaque, st.text("abc"), st.none() | st.integers(0, 2**40))
    | st.builds(InputRecipe, st.just("generator"), st.integers(0, 2**63 - 1))
    | st.builds(InputRecipe, st.just("function"), st.text("abc", max_size=20))
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text("abc"), inner),
    max_leaves=10,
)


def equal(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(map(equal, one.values(), other.values()))
    if isinstance(one, (np.ndarray, np.generic)):
        same_kind = one.dtype == other.dtype and one.shape == other.shape
        return same_kind and np.array_equal(one, other, equal_nan=one.dtype.kind in "fc")
    return bool(one == other) or one != one


def frame(header: object, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return PREFIX.pack(MAGIC, len(text), len(data)) + text + data


@given(values)
@settings(deadline=None)
def test_every_value_comes_back_equal_and_of_the_same_type(value: Any) -> None:
    assert equal(decode(encode(value, LIMITS), LIMITS), value)


def test_a_numpy_scalar_stays_one_and_a_0d_array_stays_one() -> None:
    scalar, array = decode(encode((np.float64(3.0), np.array(3.0)), LIMITS), LIMITS)
    assert type(scalar) is np.float64
    assert scalar == 3.0
    assert type(array) is np.ndarray
    assert array.shape == ()


def test_an_array_arrives_writable_contiguous_and_in_native_byte_order() -> None:
    sent = np.asfortranarray(np.arange(6, dtype=">f8").reshape(2, 3))
    sent.flags.writeable = False
    array = decode(encode(sent, LIMITS), LIMITS)
    np.testing.assert_array_equal(array, sent)
    assert array.flags.c_contiguous
    assert array.flags.writeable
    assert array.dtype == np.dtype("=f8")


def test_a_subclass_of_ndarray_that_is_equal_to_everything_arrives_as_a_plain_array() -> None:
    class Agreeable(np.ndarray):
        def __eq__(self, other: object) -> Any:
            return np.ones(self.shape, bool)

        def __array_ufunc__(self, *args: Any, **kwargs: Any) -> Any:
            return np.ones(self.shape, bool)

    array = decode(encode(np.zeros(3).view(Agreeable), LIMITS), LIMITS)
    assert type(array) is np.ndarray
    assert not (array == 1).any()


@pytest.mark.parametrize("subclass", [type("L", (list,), {}), type("T", (tuple,), {})])
def test_a_subclass_of_a_container_arrives_as_the_container(subclass: type) -> None:
    value = decode(encode(subclass([1, 2]), LIMITS), LIMITS)
    assert type(value) in (list, tuple)
    assert list(value) == [1, 2]


def test_a_lone_surrogate_arrives_as_a_question_mark() -> None:
    assert decode(encode("a\ud800", LIMITS), LIMITS) == "a?"


@pytest.mark.parametrize(
    "value",
    [object(), {1: 2}, {1, 2}, b"bytes", np.array(["text"]), np.array([None]), np.longdouble(1), 2**2000, Exception()],
    ids=lambda value: type(value).__name__,
)
def test_a_value_of_no_known_type_is_refused_or_described(value: Any) -> None:
    with pytest.raises(FrameError):
        encode(value, LIMITS)
    described = decode(encode([value], LIMITS, Opaque.of), LIMITS)
    assert described == [Opaque.of(value)]


def test_a_value_past_a_limit_is_refused() -> None:
    nested: list[Any] = []
    endless: list[Any] = []
    endless.append(endless)
    for _ in range(LIMITS.depth + 1):
        nested = [nested]
    for value in (np.zeros(20_000), [0] * 1001, nested, endless, "x" * 60_000):
        with pytest.raises(FrameError):
            encode(value, LIMITS)


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"[",
        b"\xff",
        b"[" * 40_000,
        b'["list",' * 5000 + b"1" + b"]" * 5000,
        b"9" * 5000,
        2**64,
        {"a": 1},
        [],
        [1],
        [["list"]],
        ["unknown"],
        ["dict", ["key"]],
        ["dict", [1, 2]],
        ["list", *[0] * 1001],
        ["array", "float64", [99_999]],
        ["array", "float64", [-1]],
        ["array", "float64", [True]],
        ["array", "float64", [1.0]],
        ["array", "float64", [0, 99_999, 99_999]],
        ["array", "float64", [1] * 33],
        ["array", "float64", 3],
        ["array", "float64", [2]],
        ["array", "object", [0]],
        ["array", "float128", [0]],
        ["array", ["bool"], [0]],
        ["scalar", "float64"],
        ["scalar", "float64", []],
        ["int", "0x" + "f" * 999],
        ["int", "12"],
        ["int", 12],
        ["opaque", "x", -1],
        ["opaque", "x", True],
        ["opaque", "x" * 101, 1],
        ["opaque", "\x1b[2J", 1],
        ["opaque", "x"],
    ],
    ids=lambda header: repr(header)[:40],
)
def test_a_malformed_header_is_a_frame_error(header: object) -> None:
    with pytest.raises(FrameError):
        decode(frame(header), LIMITS)


def test_a_frame_of_the_wrong_length_is_a_frame_error() -> None:
    good = encode([1.0, np.arange(3)], LIMITS)
    for bad in (good[:-1], good + b"x", good[:10], b"", b"X" + good[1:], frame(None, b"unused")):
        with pytest.raises(FrameError):
            decode(bad, LIMITS)


def test_a_frame_that_says_it_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(FrameError):
        decode(PREFIX.pack(MAGIC, 2**31, 0), LIMITS)
    with pytest.raises(FrameError):
        decode(PREFIX.pack(MAGIC, 2, 2**62), LIMITS)


def test_a_boolean_array_holds_nothing_but_booleans() -> None:
    array = decode(frame(["array", "bool", [3]], b"\x00\x01\xff"), LIMITS)
    np.testing.assert_array_equal(array.view(np.uint8), [0, 1, 1])


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_random_bytes_are_a_frame_error(data: bytes) -> None:
    with pytest.raises(FrameError):
        decode(data, LIMITS)


@given(st.text('[]"0123456789-eE.,{}xlistarraydictopaque', max_size=80), st.binary(max_size=40))
@settings(max_examples=500, deadline=None)
def test_a_random_header_is_a_value_or_a_frame_error(header: str, data: bytes) -> None:
    survive(frame(header.encode(), data))


@pytest.mark.slow
@given(values, st.data())
@settings(max_examples=500, deadline=None)
def test_a_mutated_frame_is_a_value_or_a_frame_error(value: Any, data: st.DataObject) -> None:
    mutated = bytearray(encode(value, LIMITS))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(mutated) - 1))
        mutated[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    survive(bytes(mutated))


def survive(data: bytes) -> None:
    try:
        value = decode(data, LIMITS)
    except FrameError:
        return
    encode(value, replace(LIMITS, size=2 * LIMITS.size))


def test_a_channel_carries_values_both_ways_and_ends_with_eof() -> None:
    one, other = socket.socketpair()
    left, right = Channel(one, LIMITS), Channel(other, LIMITS)
    left.send({"x": np.arange(3)})
    np.testing.assert_array_equal(right.receive()["x"], np.arange(3))
    right.send(math.inf)
    assert left.receive() == math.inf
    one.sendall(encode(1, LIMITS)[:5])
    one.close()
    with pytest.raises(EOFError):
        right.receive()
    other.close()


def test_a_channel_waits_no_longer_than_its_deadline() -> None:
    one, other = socket.socketpair()
    with one, other:
        channel = Channel(one, LIMITS)
        channel.deadline = time.monotonic() + 0.05
        with pytest.raises(TimeoutError):
            channel.receive()
        with pytest.raises(TimeoutError):
            channel.connection.sendall(bytes(2**24))
