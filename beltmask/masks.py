"""What can be done with the shape of an object. Every function is pure.

A ``Mask`` is the one truth for shape; boxes, areas, run lengths and rings are derived from
it and never the other way round, unless somebody edits that object. Nothing here makes an
array as large as the image: cost follows the object.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

import cv2
import numpy as np
from numpy.typing import NDArray
from rlemasklib import RLEMask

from beltmask.model import BoolArray, Box, Mask, Size

Ring = NDArray[np.float64]
"""Corners of a closed polygon, shape (n, 2), as x, y on pixel edges: pixel (3, 5) covers
x 3..4 and y 5..6. The last corner joins the first."""

_AT_ONCE = 200_000
"""Pixels, or crossings of rows, that are worked on at a time."""


class CocoRle(TypedDict):
    """COCO's compressed run lengths: column-major, the first run counts zeros."""

    size: list[int]
    counts: str


def mask_from_crop(bits: BoolArray, x: int = 0, y: int = 0) -> Mask | None:
    """The set bits of a crop whose top left pixel is image pixel (x, y); None when none is set."""
    left, top, width, height = cv2.boundingRect(bits.view(np.uint8))
    if width == 0:
        return None
    tight = bits[top : top + height, left : left + width]
    return Mask(x + left, y + top, np.array(tight, dtype=np.bool_))


def mask_from_frame(frame: BoolArray) -> Mask | None:
    """The set bits of a whole image, shape (rows, columns)."""
    return mask_from_crop(frame)


def mask_from_box(box: Box) -> Mask:
    """Every pixel of a box."""
    return Mask(box.x0, box.y0, np.ones((box.height, box.width), dtype=np.bool_))


def bits_in(mask: Mask, window: Box) -> BoolArray:
    """The mask's bits within ``window``, shape (window.height, window.width)."""
    out = np.zeros((window.height, window.width), dtype=np.bool_)
    shared = mask.box.overlap(window)
    if shared is not None:
        out[_within(shared, window)] = mask.bits[_within(shared, mask.box)]
    return out


def part_in(mask: Mask, window: Box) -> Mask | None:
    """The part of the mask inside ``window``; None when nothing is left."""
    inside = mask.box.overlap(window)
    if inside is None or inside == mask.box:
        return None if inside is None else mask
    return mask_from_crop(bits_in(mask, inside), inside.x0, inside.y0)


def clipped(mask: Mask, size: Size) -> Mask | None:
    """The part of the mask inside an image of ``size``."""
    return part_in(mask, Box(0, 0, *size))


def moved(mask: Mask, x: int, y: int) -> Mask:
    """The same shape, ``x`` pixels to the right and ``y`` down."""
    return Mask(mask.x + x, mask.y + y, mask.bits)


def union(first: Mask | None, second: Mask | None) -> Mask | None:
    if first is None or second is None:
        return first or second
    window = first.box.hull(second.box)
    return mask_from_crop(bits_in(first, window) | bits_in(second, window), window.x0, window.y0)


def difference(mask: Mask | None, taken: Mask | None) -> Mask | None:
    """The pixels of ``mask`` that are not in ``taken``."""
    if mask is None or taken is None:
        return mask
    return mask_from_crop(mask.bits & ~bits_in(taken, mask.box), mask.x, mask.y)


def intersection_area(first: Mask, second: Mask) -> int:
    """Number of pixels in both."""
    shared = first.box.overlap(second.box)
    if shared is None:
        return 0
    both = first.bits[_within(shared, first.box)] & second.bits[_within(shared, second.box)]
    return int(np.count_nonzero(both))


def iou(first: Mask, second: Mask) -> float:
    """Intersection over union, 0..1."""
    shared = intersection_area(first, second)
    return shared / (first.area + second.area - shared)


class _EncodedMask(Mask):
    """A mask as run lengths, which become bits when somebody first looks at them."""

    __slots__ = ("_box", "counts")
    counts: bytes
    _box: Box

    def __init__(self, counts: bytes, box: Box) -> None:
        fill = object.__setattr__  # it is frozen, and has no bits for now
        fill(self, "x", box.x0)
        fill(self, "y", box.y0)
        fill(self, "counts", counts)
        fill(self, "_box", box)

    def __getattr__(self, name: str) -> BoolArray:
        if name != "bits":
            raise AttributeError(name)
        bits = _decoded(self.counts, (self._box.height, self._box.width))
        bits.setflags(write=False)
        object.__setattr__(self, "bits", bits)
        return bits

    def __reduce__(self) -> tuple[type[Mask], tuple[int, int, BoolArray]]:
        return (Mask, (self.x, self.y, self.bits))

    @property
    def box(self) -> Box:
        return self._box


def encoded(counts: bytes, box: Box) -> Mask:
    """What ``encode`` wrote of a mask with that box; cheap, as bits are made when looked at."""
    return _EncodedMask(counts, box)


def encode(mask: Mask) -> bytes:
    """The crop's bits as COCO compressed run lengths; with the box they restore the mask."""
    if isinstance(mask, _EncodedMask):
        return mask.counts
    counts: bytes = _runs(mask).to_dict()["counts"]
    return counts


def decode(counts: bytes, box: Box) -> Mask:
    """What ``encode`` wrote, bit for bit."""
    return Mask(box.x0, box.y0, _decoded(counts, (box.height, box.width)))


def to_coco_rle(mask: Mask, size: Size) -> CocoRle:
    """Run lengths of the full frame of ``size``, without ever making that frame."""
    box = mask.box
    frame = _runs(mask).pad(box.y0, size[1] - box.y1, box.x0, size[0] - box.x1).to_dict()
    return {"size": [size[1], size[0]], "counts": frame["counts"].decode("ascii")}


def from_coco_rle(counts: bytes, size: Size) -> Mask | None:
    """A full-frame compressed RLE as a mask; None when it is empty.

    Raises:
        ValueError: The runs do not fit the size, or no image has that size.
    """
    if min(size) < 1 or size[0] * size[1] >= 2**32:
        raise ValueError(f"no image is {size[0]} x {size[1]} px")
    rle = RLEMask.from_dict({"size": [size[1], size[0]], "counts": counts})
    x, y, width, height = (int(v) for v in rle.bbox())
    if width == 0 or height == 0:
        return None
    crop = rle.crop(np.array([x, y, width, height])).to_array(1, 0)
    return Mask(x, y, np.ascontiguousarray(crop).astype(np.bool_))


def rings_of(mask: Mask) -> list[Ring]:
    """The mask's outlines as exact pixel-edge rings, outer rings and holes alike.

    Filling them by the even-odd rule restores the mask bit for bit. The crop is doubled so
    that OpenCV's pixel-centre contours fall on pixel edges (the recipe COCO polygons need).
    """
    doubled = mask.bits.astype(np.uint8).repeat(2, axis=0).repeat(2, axis=1)
    contours, _ = cv2.findContours(doubled, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    offset = np.array([mask.x, mask.y])
    return [_corners((np.asarray(c, dtype=np.int32)[:, 0] + 1) // 2) + offset for c in contours]


def mask_from_rings(rings: Iterable[Ring], size: Size | None = None) -> Mask | None:
    """Pixels whose centre lies inside the rings by the even-odd rule; None when there are none.

    ``size`` bounds the result to an image.
    """
    closed = [np.asarray(ring, dtype=np.float64) for ring in rings if len(ring) >= 3]
    window = _window(closed, size)
    if window is None:
        return None
    crossed = np.zeros((window.height, window.width + 1), dtype=np.uint8)
    for ring in closed:
        for places in _crossings(ring, window):
            np.add.at(crossed.reshape(-1), places, np.uint8(1))  # odd stays odd: 256 wraps to 0
    return mask_from_crop(_odd_to_the_left(crossed), window.x0, window.y0)


def _odd_to_the_left(crossed: NDArray[np.uint8]) -> BoolArray:
    """Where the sum of a row up to here is odd; the last column is left out.

    Sums over whole rectangles, of which two rows differ by one row's: OpenCV makes these fastest.
    """
    odd = np.empty((crossed.shape[0], crossed.shape[1] - 1), dtype=np.bool_)
    step = max(1, _AT_ONCE // crossed.shape[1])
    for top in range(0, len(odd), step):
        rows = slice(top, top + step)
        sums: NDArray[np.int32] = np.asarray(cv2.integral(crossed[rows] & 1), dtype=np.int32)
        odd[rows] = (sums[1:] ^ sums[:-1])[:, 1:-1] & 1
    return odd


def _window(rings: Sequence[Ring], size: Size | None) -> Box | None:
    """The pixels that rings could enclose, within an image of ``size``."""
    if not rings:
        return None
    corners = np.concatenate(list(rings))
    low, high = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0))
    if size is not None:
        low, high = np.maximum(low, 0), np.minimum(high, size)
    return None if (high <= low).any() else Box(*(int(v) for v in (*low, *high)))


def _crossings(ring: Ring, window: Box) -> Iterator[NDArray[np.intp]]:
    """Where each edge crosses the middle of a row: the first pixel whose centre lies right of it.

    Flat places in an array of the window with one column more, in portions: an outline that goes
    up and down thousands of times crosses many more rows than it has pixels.
    """
    start = ring - (window.x0, window.y0)
    end = np.roll(start, -1, axis=0)
    top, bottom = (
        np.clip(np.ceil(y - 0.5), 0, window.height).astype(np.intp)
        for y in (np.minimum(start[:, 1], end[:, 1]), np.maximum(start[:, 1], end[:, 1]))
    )
    step = max(1, _AT_ONCE // window.height)
    for first in range(0, len(ring), step):
        some = slice(first, first + step)
        edge, row = _rows_of(top[some], bottom[some])
        (xa, ya), (xb, yb) = start[some][edge].T, end[some][edge].T
        at = xa + (row + 0.5 - ya) * (xb - xa) / (yb - ya)
        column = np.clip(np.ceil(at - 0.5), 0, window.width).astype(np.intp)
        yield row * (window.width + 1) + column


def _rows_of(
    top: NDArray[np.intp], bottom: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Every (edge, row) of edges that go from row ``top`` up to ``bottom``, that one left out."""
    rows = bottom - top
    edge = np.repeat(np.arange(len(top)), rows)
    return edge, np.arange(edge.size) + np.repeat(top + rows - np.cumsum(rows), rows)


def _corners(ring: NDArray[np.int32]) -> Ring:
    """Drop repeated points and those on a straight line between their neighbours."""
    points = ring[(ring != np.roll(ring, 1, axis=0)).any(axis=1)]
    before, after = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
    turns = before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0]
    corners: Ring = points[turns].astype(np.float64)
    return corners


def _runs(mask: Mask) -> RLEMask:
    return RLEMask.from_array(mask.bits.astype(np.uint8))  # a copy: it wants a writable buffer


def _decoded(counts: bytes, shape: tuple[int, int]) -> BoolArray:
    array = RLEMask.from_dict({"size": list(shape), "counts": counts}).to_array(1, 0)
    return np.ascontiguousarray(array).astype(np.bool_)


def _within(box: Box, outer: Box) -> tuple[slice, slice]:
    """``box`` as slices (rows, columns) of an array that covers ``outer``."""
    return (
        slice(box.y0 - outer.y0, box.y1 - outer.y0),
        slice(box.x0 - outer.x0, box.x1 - outer.x0),
    )
