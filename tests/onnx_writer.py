"""Small ONNX files for tests: what is computed, node by node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Shape = Sequence[int | str]
"""Sides of a tensor; a word is one that is not fixed."""
Array = NDArray[np.float32] | NDArray[np.int64]

_IR_VERSION, _OPSET = 8, 17


@dataclass(slots=True)
class Graph:
    """What the file will hold; ``add`` says what is computed, one node after the other."""

    inputs: Mapping[str, Shape]
    outputs: Mapping[str, Shape]
    _nodes: list[onnx.NodeProto] = field(default_factory=list)
    _constants: list[TensorProto] = field(default_factory=list)

    def add(
        self, kind: str, *taken: str | Array, into: str, **attributes: float | str | list[int]
    ) -> str:
        """A node that takes values by name, or constants, and gives the value named ``into``."""
        names = [each if isinstance(each, str) else self._constant(each) for each in taken]
        node = helper.make_node(kind, names, [into])
        node.attribute.extend(helper.make_attribute(*each) for each in attributes.items())
        self._nodes.append(node)
        return into

    def model(self) -> bytes:
        """The bytes of the file."""
        taken, given = (_values(each) for each in (self.inputs, self.outputs))
        graph = helper.make_graph(self._nodes, "graph", taken, given, self._constants)
        opset = helper.make_opsetid("", _OPSET)
        model = helper.make_model(graph, ir_version=_IR_VERSION, opset_imports=[opset])
        data: bytes = model.SerializeToString()
        return data

    def _constant(self, values: Array) -> str:
        name = f"constant {len(self._constants)}"
        self._constants.append(numpy_helper.from_array(values, name))
        return name


def floats(*values: float) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


def ints(*values: int) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def _values(shapes: Mapping[str, Shape]) -> list[onnx.ValueInfoProto]:
    kind = TensorProto.FLOAT
    return [helper.make_tensor_value_info(name, kind, shape) for name, shape in shapes.items()]
