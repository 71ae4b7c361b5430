"""Networks in ONNX files, run on the processor."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

THREADS = 2
_LONGEST = 200
_PREFIX = re.compile(r"^\[ONNXRuntimeError\] : \d+ : \w+ : (Load model from .*? failed:)?")
_TYPES = {
    "tensor(float)": np.float32,
    "tensor(uint8)": np.uint8,
    "tensor(int32)": np.int32,
    "tensor(int64)": np.int64,
}


class NetworkError(ValueError):
    """A file holds no network that can be run, or the network cannot do what it was asked."""


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output of a network. A side of its shape that is not fixed is None."""

    name: str
    shape: tuple[int | None, ...]
    type: str

    def cast(self, values: NDArray[Any]) -> NDArray[Any]:
        """The values as the network takes them here."""
        return np.ascontiguousarray(values, dtype=_TYPES.get(self.type, np.float32))


class Network:
    """A network in memory; safe to call from several threads."""

    def __init__(self, path: Path) -> None:
        """Read the file, and what it keeps beside itself.

        Raises:
            OSError: The file cannot be read.
            NetworkError: It holds no network that can be run.
        """
        with path.open("rb"):  # its own words for a missing file are not for people
            pass
        self._session = _opened(path)
        self.inputs = {port.name: port for port in map(_port, self._session.get_inputs())}
        self.outputs = {port.name: port for port in map(_port, self._session.get_outputs())}

    def run(self, wanted: Sequence[str], fed: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
        """The outputs named, in that order.

        Raises:
            NetworkError: The network cannot work with what it was fed.
        """
        try:
            return list(self._session.run(list(wanted), dict(fed)))
        except _failures() as error:
            raise NetworkError(f"the network failed ({_reason(error)})") from error


def _opened(path: Path) -> Any:
    # A good part of a start, and few starts need it at once.
    import onnxruntime  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = False  # it keeps hundreds of MB for good and is no faster
    options.intra_op_num_threads = THREADS
    options.log_severity_level = 4
    # Threads that wait in a loop take a processor from whatever else is at work.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except _failures() as error:
        raise NetworkError(f"not a network that can be run ({_reason(error)})") from error


def _failures() -> tuple[type[Exception], ...]:
    """Whatever the library itself raises."""
    from onnxruntime.capi import onnxruntime_pybind11_state as errors  # noqa: PLC0415

    kinds = (each for each in vars(errors).values() if isinstance(each, type))
    return tuple(each for each in kinds if issubclass(each, Exception))


def _port(argument: Any) -> Port:
    shape = tuple(side if isinstance(side, int) else None for side in argument.shape)
    return Port(argument.name, shape, argument.type)


def _reason(error: Exception) -> str:
    """What the library says first, without its codes and the place of the file."""
    said = str(error).strip().partition("\n")[0]
    return _PREFIX.sub("", said).strip(". ")[:_LONGEST]
