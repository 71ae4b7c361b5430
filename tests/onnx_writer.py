"""Writes small ONNX files: a graph of nodes as protocol-buffer bytes, by the published schema.

Field numbers are those of onnx.proto3. The `onnx` package would do the same with some thirty
megabytes to install.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Shape = Sequence[int | str]
"""Sides of a tensor; a word is one that is not fixed."""
Array = NDArray[np.float32] | NDArray[np.int64]

_IR_VERSION, _OPSET = 8, 17
_FLOAT, _INT64 = 1, 7
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INT, _ATTRIBUTE_TEXT, _ATTRIBUTE_INTS = 1, 2, 3, 7


@dataclass(slots=True)
class Graph:
    """What the file will hold; ``add`` says what is computed, one node after the other."""

    inputs: Mapping[str, Shape]
    outputs: Mapping[str, Shape]
    _nodes: list[bytes] = field(default_factory=list)
    _constants: list[bytes] = field(default_factory=list)

    def add(
        self, kind: str, *taken: str | Array, into: str, **attributes: float | str | list[int]
    ) -> str:
        """A node that takes values by name, or constants, and gives the value named ``into``."""
        names = [each if isinstance(each, str) else self._constant(each) for each in taken]
        message = b"".join(_text(1, name) for name in names) + _text(2, into) + _text(4, kind)
        message += b"".join(_bytes(5, _attribute(*each)) for each in attributes.items())
        self._nodes.append(message)
        return into

    def model(self) -> bytes:
        """The bytes of the file."""
        graph = b"".join(_bytes(1, node) for node in self._nodes) + _text(2, "graph")
        graph += b"".join(_bytes(5, constant) for constant in self._constants)
        graph += b"".join(_bytes(11, _value(*each)) for each in self.inputs.items())
        graph += b"".join(_bytes(12, _value(*each)) for each in self.outputs.items())
        return _number(1, _IR_VERSION) + _bytes(7, graph) + _bytes(8, _number(2, _OPSET))

    def _constant(self, values: Array) -> str:
        name = f"constant {len(self._constants)}"
        kind = _INT64 if values.dtype == np.int64 else _FLOAT
        message = b"".join(_number(1, side) for side in values.shape) + _number(2, kind)
        self._constants.append(message + _text(8, name) + _bytes(9, values.tobytes()))
        return name


def floats(*values: float) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


def ints(*values: int) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def _attribute(name: str, value: float | str | list[int]) -> bytes:
    message = _text(1, name)
    if isinstance(value, str):
        return message + _text(4, value) + _number(20, _ATTRIBUTE_TEXT)
    if isinstance(value, float):
        return message + _tag(2, 5) + floats(value).tobytes() + _number(20, _ATTRIBUTE_FLOAT)
    if isinstance(value, int):
        return message + _number(3, value) + _number(20, _ATTRIBUTE_INT)
    return message + b"".join(_number(8, each) for each in value) + _number(20, _ATTRIBUTE_INTS)


def _value(name: str, shape: Shape) -> bytes:
    sides = (_number(1, side) if isinstance(side, int) else _text(2, side) for side in shape)
    sized = b"".join(_bytes(1, side) for side in sides)
    tensor = _number(1, _FLOAT) + _bytes(2, sized)
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _tag(number: int, kind: int) -> bytes:
    return _varint(number << 3 | kind)


def _number(number: int, value: int) -> bytes:
    return _tag(number, 0) + _varint(value & (1 << 64) - 1)


def _text(number: int, value: str) -> bytes:
    return _bytes(number, value.encode())


def _bytes(number: int, value: bytes) -> bytes:
    return _tag(number, 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
