"""U2-Netp, a small network that marks what stands out, run on the processor.

Qin et al., "U2-Net: Going Deeper with Nested U-Structure for Salient Object Detection"
(Pattern Recognition, 2020); weights under Apache-2.0. It sees a whole picture at 320 pixels,
so it is also shown two overlapping halves, and the mean of both looks is taken: what it
marks in only one of them is mostly an empty belt's frame.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from beltmask.detectors.belt import Map
from beltmask.detectors.networks import Network
from beltmask.model import Pixels

INPUT_SIDE = 320
MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
DEVIATION = np.array([0.229, 0.224, 0.225], dtype=np.float32)
HALF = 0.6


class Saliency(Protocol):
    """How much each pixel stands out, 0..1, for RGB of shape (rows, columns, 3)."""

    def __call__(self, rgb: Pixels) -> Map: ...


class SaliencyNetwork:
    """The network in memory; safe to call from several threads."""

    def __init__(self, weights: Path) -> None:
        """Read the weights.

        Raises:
            OSError: The file cannot be read.
            NetworkError: It holds no network that can be run.
        """
        self._network = Network(weights)
        self._input = next(iter(self._network.inputs))
        self._output = next(iter(self._network.outputs))

    def __call__(self, rgb: Pixels) -> Map:
        side = (INPUT_SIDE, INPUT_SIDE)
        shrunk = cv2.resize(rgb, side, interpolation=cv2.INTER_AREA).astype(np.float32)
        scaled = (shrunk / max(float(shrunk.max()), 1.0) - MEAN) / DEVIATION
        batch = np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])
        shown = self._network.run([self._output], {self._input: batch})[0][0, 0]
        return np.asarray(cv2.resize(shown, (rgb.shape[1], rgb.shape[0])), dtype=np.float32)


def look_twice(rgb: Pixels, saliency: Saliency) -> Map:
    """The mean of a look at the whole picture and a look at its two overlapping halves."""
    halves, counts = np.zeros(rgb.shape[:2], np.float32), np.zeros(rgb.shape[:2], np.float32)
    for half in _halves(rgb.shape[0], rgb.shape[1]):
        halves[half] += saliency(rgb[half])
        counts[half] += 1
    return np.asarray((saliency(rgb) + halves / counts) / 2, dtype=np.float32)


def _halves(rows: int, columns: int) -> list[tuple[slice, slice]]:
    """Two overlapping parts along the longer side."""
    part = max(1, round(HALF * max(rows, columns)))
    if rows >= columns:
        return [(slice(0, part), slice(None)), (slice(rows - part, rows), slice(None))]
    return [(slice(None), slice(0, part)), (slice(None), slice(columns - part, columns))]
