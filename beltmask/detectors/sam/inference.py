"""Pixels and a place in them -> the mask a SAM-family model gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from beltmask.detectors.networks import NetworkError
from beltmask.detectors.sam.files import SamNetworks
from beltmask.detectors.sam.frame import SamFrame
from beltmask.masks import mask_from_frame
from beltmask.model import BoolArray, Box, Mask, Pixels

MEAN = np.array([123.675, 116.28, 103.53], dtype=np.float32)
DEVIATION = np.array([58.395, 57.12, 57.375], dtype=np.float32)
_OBJECT, _TOP_LEFT, _BOTTOM_RIGHT, _NO_POINT = 1, 2, 3, -1
_MOST_CLICKED = 0.5
"""What a click marks more of a view than this is the belt, not an object on it."""

Spot = tuple[int, int]
"""A pixel, (x, y)."""


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """What the encoder made of a picture, by the decoder's names, and how the picture lay."""

    frame: SamFrame
    tensors: Mapping[str, NDArray[Any]]

    @property
    def byte_count(self) -> int:
        return sum(tensor.nbytes for tensor in self.tensors.values())


def embed(networks: SamNetworks, pixels: Pixels) -> Embedding:
    """Look at RGB of shape (rows, columns, 3): the costly half.

    Raises:
        NetworkError: The encoder fails.
    """
    fit = SamFrame.stretched if networks.stretches else SamFrame.fitted
    frame = fit((pixels.shape[1], pixels.shape[0]), networks.side)
    port = next(iter(networks.encoder.inputs.values()))
    shown = frame.shown(pixels)
    fed = port.cast(shown if networks.plain else _square(shown, networks.side))
    given = networks.encoder.run(networks.given, {port.name: fed})
    return Embedding(frame, dict(zip(networks.embeds, given, strict=True)))


def object_in(networks: SamNetworks, seen: Embedding, box: Box) -> Mask | None:
    """The object a box was drawn around, in pixels of what was embedded.

    Raises:
        NetworkError: The decoder fails.
    """
    corners = [seen.frame.place(box.x0, box.y0), seen.frame.place(box.x1, box.y1)]
    bits = _answer(networks, seen, corners, [_TOP_LEFT, _BOTTOM_RIGHT])
    return None if bits is None else mask_from_frame(bits)


def object_at(networks: SamNetworks, seen: Embedding, spot: Spot) -> Mask | None:
    """The object that covers a pixel; None where the model sees none, or only the belt.

    Raises:
        NetworkError: The decoder fails.
    """
    width, height = seen.frame.picture
    spot = (min(spot[0], width - 1), min(spot[1], height - 1))
    x, y = seen.frame.place(spot[0] + 0.5, spot[1] + 0.5)
    middle = (x - 0.5, y - 0.5)  # the decoder counts from the middle of the first pixel
    no_point = (0.0, 0.0)  # it was trained to expect one wherever there is no box
    bits = _answer(networks, seen, [middle, no_point], [_OBJECT, _NO_POINT], covering=spot)
    part = None if bits is None else _part_at(bits, spot)
    return None if part is None or part.mean() > _MOST_CLICKED else mask_from_frame(part)


def _square(shown: Pixels, side: int) -> NDArray[np.float32]:
    square = np.zeros((1, 3, side, side), dtype=np.float32)
    rows, columns = shown.shape[:2]
    normal = (shown.astype(np.float32) - MEAN) / DEVIATION
    square[0, :, :rows, :columns] = normal.transpose(2, 0, 1)
    return square


def _answer(
    networks: SamNetworks,
    seen: Embedding,
    points: list[tuple[float, float]],
    labels: list[int],
    *,
    covering: Spot | None = None,
) -> BoolArray | None:
    """The mask the decoder thinks best of, among those that cover the spot if one is given."""
    masks, scores = networks.decoder.run(networks.wanted, _fed(networks, seen, points, labels))
    if masks.ndim != 4 or scores.size != masks.shape[1]:
        raise NetworkError(f"the decoder gave masks of shape {masks.shape}")
    for best in np.argsort(-scores.reshape(-1), kind="stable"):
        bits = seen.frame.cut(np.ascontiguousarray(masks[0, best], dtype=np.float32))
        if covering is None or bits[covering[1], covering[0]]:
            return bits
    return None


def _fed(
    networks: SamNetworks, seen: Embedding, points: list[tuple[float, float]], labels: list[int]
) -> dict[str, NDArray[Any]]:
    taken = networks.decoder.inputs
    side = taken["mask_input"].shape[-1] or networks.side // 4
    told = {
        "point_coords": np.array([points]),
        "point_labels": np.array([labels]),
        "mask_input": np.zeros((1, 1, side, side)),
        "has_mask_input": np.zeros(1),
        "orig_im_size": np.array(seen.frame.inner[::-1]),
    }
    prompt = {name: taken[name].cast(each) for name, each in told.items() if name in taken}
    return prompt | dict(seen.tensors)


def _part_at(bits: BoolArray, spot: Spot) -> BoolArray:
    """The connected part that covers the spot."""
    _, numbers = cv2.connectedComponents(bits.astype(np.uint8))
    return np.asarray(numbers == numbers[spot[1], spot[0]])
