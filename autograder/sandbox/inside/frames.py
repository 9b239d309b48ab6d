"""Frames, which carry values into and out of the sandbox: a length, a JSON header, raw array data.

Decoded values are plain: None, bool, int, float, str, list, tuple, dict with str keys, Opaque,
NumPy scalars and fresh, writable, C-contiguous arrays of numbers or booleans.
Every length, shape, type, depth and count is checked before it is used.
"""

from __future__ import annotations

import json
import math
import re
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlab.checking.calling import InputRecipe, Opaque

MAGIC = b"RNN1"
PREFIX = struct.Struct(">4sIQ")
DTYPES = {
    str(np.dtype(code)): np.dtype(code)
    for code in ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
}
MAX_DIMENSIONS = 32
MAX_KIND_LENGTH = 100
MAX_HEX_DIGITS = 256
INTEGER = re.compile(rf"-?0x[0-9a-f]{{1,{MAX_HEX_DIGITS}}}")


class FrameError(Exception):
    """The frame is malformed or exceeds a limit, or the value cannot be encoded."""


@dataclass(frozen=True)
class FrameLimits:
    """The limits on one frame: bytes in total, bytes of header, nesting depth, number of values."""

    size: int
    header: int
    depth: int
    items: int


def encode(value: Any, limits: FrameLimits, otherwise: Callable[[Any], Any] | None = None) -> bytes:
    """Return ``value`` as one frame.

    ``otherwise`` converts objects of unknown types; without it such an object is an error.
    Raises FrameError if the value cannot be encoded within ``limits``.
    """
    packer = _Packer(limits, otherwise)
    header = json.dumps(packer.pack(value, 0), separators=(",", ":")).encode()
    size = sum(blob.nbytes for blob in packer.blobs)
    if len(header) > limits.header or PREFIX.size + len(header) + size > limits.size:
        raise FrameError("the value is too large")
    data = [blob.tobytes() for blob in packer.blobs]
    return b"".join([PREFIX.pack(MAGIC, len(header), size), header, *data])


def decode(frame: bytes | bytearray, limits: FrameLimits) -> Any:
    """Return the value in ``frame``; raises FrameError, and nothing else, whatever the bytes are."""
    header_size, size = lengths(frame[: PREFIX.size], limits)
    start = PREFIX.size + header_size
    if len(frame) != start + size:
        raise FrameError("the frame's length is not the one that it states")
    try:
        tree = json.loads(bytes(frame[PREFIX.size : start]).decode())
    except (ValueError, RecursionError):
        raise FrameError("the header is not JSON") from None
    unpacker = _Unpacker(memoryview(frame)[start:], limits)
    value = unpacker.unpack(tree, 0)
    if unpacker.used != size:
        raise FrameError("the frame has more data than its header describes")
    return value


def lengths(prefix: bytes | bytearray, limits: FrameLimits) -> tuple[int, int]:
    """Return the number of bytes of header and of data that follow ``prefix``; raises FrameError."""
    if len(prefix) != PREFIX.size:
        raise FrameError("the frame is too short")
    magic, header, data = PREFIX.unpack(prefix)
    if magic != MAGIC:
        raise FrameError("this is not a frame")
    if header > limits.header or PREFIX.size + header + data > limits.size:
        raise FrameError("the frame is too large")
    return header, data


class Channel:
    """Frames over a connected socket; ``deadline`` (in time.monotonic, or None) ends every wait."""

    def __init__(self, connection: socket.socket, limits: FrameLimits) -> None:
        self.connection = connection
        self.limits = limits
        self.deadline: float | None = None
        self.received = 0  # bytes of the last value

    def send(self, value: Any, otherwise: Callable[[Any], Any] | None = None) -> None:
        """Send ``value``; raises FrameError, TimeoutError, or another OSError if the connection is lost."""
        frame = encode(value, self.limits, otherwise)
        self._bound()
        self.connection.sendall(frame)

    def receive(self) -> Any:
        """Return the next value; raises EOFError when the other end is closed, or what ``send`` raises."""
        prefix = self._read(PREFIX.size)
        header, data = lengths(prefix, self.limits)
        self.received = PREFIX.size + header + data
        return decode(prefix + self._read(header + data), self.limits)

    def _read(self, count: int) -> bytearray:
        buffer = bytearray(count)
        view = memoryview(buffer)
        while view:
            self._bound()
            try:
                received = self.connection.recv_into(view)
            except TimeoutError:
                if not self._postponed():
                    raise
                continue
            if not received:
                raise EOFError
            view = view[received:]
        return buffer

    def _postponed(self) -> bool:
        """Return whether the deadline, which has passed, was moved; the host overrides this."""
        return False

    def _bound(self) -> None:
        if self.deadline is not None:
            # A timeout of zero would mean non-blocking, which raises another exception.
            self.connection.settimeout(max(self.deadline - time.monotonic(), 1e-6))


class _Packer:
    """Converts values to JSON trees, and collects the arrays' data."""

    def __init__(self, limits: FrameLimits, otherwise: Callable[[Any], Any] | None) -> None:
        self.limits = limits
        self.otherwise = otherwise
        self.items = 0
        self.size = 0
        self.blobs: list[NDArray[Any]] = []

    def pack(self, value: Any, depth: int) -> Any:
        self.items += 1
        if depth > self.limits.depth or self.items > self.limits.items:
            raise FrameError("the value is nested too deeply or holds too many items")
        if isinstance(value, (list, tuple)):
            tag = "list" if isinstance(value, list) else "tuple"
            return [tag, *(self.pack(item, depth + 1) for item in value)]
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return ["dict", *([key, self.pack(item, depth + 1)] for key, item in value.items())]
        leaf = _leaf(value)
        if leaf is None and self.otherwise is not None:
            value = self.otherwise(value)
            leaf = _leaf(value)
        if leaf is None:
            raise FrameError(f"a value of type {type(value).__name__} cannot be encoded")
        if isinstance(leaf, _Data):
            self._keep(leaf.array)
            return leaf.node
        return leaf.node

    def _keep(self, array: NDArray[Any]) -> None:
        self.size += array.nbytes
        if self.size > self.limits.size:
            raise FrameError("the value is too large")
        self.blobs.append(array)


@dataclass(frozen=True)
class _Leaf:
    node: Any


@dataclass(frozen=True)
class _Data(_Leaf):
    array: NDArray[Any]


def _leaf(value: Any) -> _Leaf | None:
    """Return the encoding of a value that contains no others; None if it cannot be encoded."""
    if isinstance(value, np.str_):
        return _Leaf(str(value))
    if isinstance(value, complex) and not isinstance(value, np.generic):
        value = np.complex128(value)
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        dtype = array.dtype.newbyteorder("=")
        if str(dtype) not in DTYPES:
            return None
        plain = np.ascontiguousarray(array, dtype=dtype)
        if isinstance(value, np.generic):
            return _Data(["scalar", str(dtype)], plain)
        return _Data(["array", str(dtype), list(array.shape)], plain)
    if value is None or isinstance(value, (bool, float, str)):
        return _Leaf(value)
    if isinstance(value, int):
        if -(2**63) <= value < 2**63:
            return _Leaf(int(value))
        return _Leaf(["int", hex(value)]) if value.bit_length() <= 4 * MAX_HEX_DIGITS else None
    if isinstance(value, Opaque):
        return _Leaf(["opaque", value.kind[:MAX_KIND_LENGTH], value.length])
    if isinstance(value, InputRecipe):
        return _Leaf(["made", value.kind, value.what])
    return None


class _Unpacker:
    """Converts JSON trees back to values, trusting nothing in them."""

    def __init__(self, data: memoryview, limits: FrameLimits) -> None:
        self.data = data
        self.limits = limits
        self.items = 0
        self.used = 0

    def unpack(self, node: Any, depth: int) -> Any:
        self.items += 1
        if depth > self.limits.depth or self.items > self.limits.items:
            raise FrameError("the frame is nested too deeply or holds too many items")
        if isinstance(node, str):
            return _without_surrogates(node)
        if node is None or isinstance(node, (bool, float)):
            return node
        if isinstance(node, int):
            return _bounded(node, -(2**63), 2**63 - 1)
        if not isinstance(node, list) or not node or not isinstance(node[0], str):
            raise FrameError("the header has a malformed value")
        return self._tagged(node[0], node[1:], depth)

    def _tagged(self, tag: str, rest: list[Any], depth: int) -> Any:
        match tag, rest:
            case "list", _:
                return [self.unpack(item, depth + 1) for item in rest]
            case "tuple", _:
                return tuple(self.unpack(item, depth + 1) for item in rest)
            case "dict", _:
                return dict(self._pair(item, depth + 1) for item in rest)
            case "array", [str(dtype), list(shape)]:
                return self._array(dtype, shape)
            case "scalar", [str(dtype)]:
                return self._array(dtype, [])[()]
            case "int", [str(digits)] if INTEGER.fullmatch(digits):
                return int(digits, 16)
            case "opaque", [str(kind), None] if len(kind) <= MAX_KIND_LENGTH and kind.isprintable():
                return Opaque(kind, None)
            case "opaque", [str(kind), int(length)] if len(kind) <= MAX_KIND_LENGTH and kind.isprintable():
                return Opaque(kind, _bounded(length, 0, 2**63 - 1))
            case "made", ["generator", int(seed)]:
                return InputRecipe("generator", _bounded(seed, 0, 2**63 - 1))
            case "made", ["function", str(name)] if len(name) <= MAX_KIND_LENGTH:
                return InputRecipe("function", _without_surrogates(name))
        raise FrameError("the header has a value of unknown type")

    def _pair(self, item: Any, depth: int) -> tuple[str, Any]:
        match item:
            case [str(key), value]:
                return _without_surrogates(key), self.unpack(value, depth)
        raise FrameError("the header has an entry without a key")

    def _array(self, name: str, shape: list[Any]) -> NDArray[Any]:
        dtype = DTYPES.get(name)
        if dtype is None or len(shape) > MAX_DIMENSIONS:
            raise FrameError("the header has an array of unknown type or of too many axes")
        sides = [_bounded(side, 0, self.limits.size) for side in shape]
        # Otherwise a side of length 0 would allow any length of the others.
        if math.prod(max(side, 1) for side in sides) * dtype.itemsize > self.limits.size:
            raise FrameError("the header has an array that is too large")
        size = math.prod(sides) * dtype.itemsize
        if size > len(self.data) - self.used:
            raise FrameError("the frame has less data than its header describes")
        raw = np.frombuffer(self.data[self.used : self.used + size], dtype=np.uint8)
        self.used += size
        if dtype.kind == "b":
            return (raw != 0).reshape(sides)
        return raw.copy().view(dtype).reshape(sides)


def _bounded(number: Any, least: int, most: int) -> int:
    if type(number) is not int or not least <= number <= most:
        raise FrameError("the header has a number out of range")
    return number


def _without_surrogates(text: str) -> str:
    """Return ``text`` with "?" for lone surrogates, which cannot be encoded; all text from a sandbox passes here."""
    return text.encode("utf-8", "replace").decode()
