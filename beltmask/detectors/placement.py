"""Whether a patch lies on the belt, or is part of the belt or of the machine around it."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from beltmask.detectors.belt import Map
from beltmask.detectors.patches import SURROUND, Patch
from beltmask.model import BoolArray

RING_REACH = 4
LEAST_BACKGROUND = 0.15
LEAST_BELT = 0.6
STRIPE_LENGTH = 0.33
STRIPE_WIDTH = 0.15
EDGE_COVERED = 0.4
PATTERN_COUNT = 8
PATTERN_TOLERANCE = 0.2
PATTERN_COLOR = 25.0


def lies_on_belt(patch: Patch, difference: Map, belt: BoolArray) -> bool:
    """The background around it is belt, and it is neither an edge stripe nor a frame."""
    frame = (difference.shape[0], difference.shape[1])
    covered = max(_covered_edges(patch, frame))
    if covered > EDGE_COVERED or (covered > 0 and _is_stripe(patch, frame)):
        return False
    ring = _ring(patch.bits)
    background = difference[patch.window][ring] < SURROUND
    if np.mean(background) < LEAST_BACKGROUND:
        return False
    return bool(np.mean(belt[patch.window][ring][background]) >= LEAST_BELT)


def without_pattern(patches: Sequence[Patch], lab: Map) -> list[Patch]:
    """The patches that are not one of many alike: a belt's own slots, cleats or studs.

    ``lab`` is the picture: what is alike in size but not in colour was laid there.
    """
    if len(patches) < PATTERN_COUNT:
        return list(patches)
    sizes = np.log([(patch.area, *_extent(patch)) for patch in patches])
    colors = np.array([np.median(lab[patch.window][patch.bits], axis=0) for patch in patches])
    alike = np.abs(sizes[:, None] - sizes).max(axis=2) < PATTERN_TOLERANCE
    alike &= np.linalg.norm(colors[:, None] - colors, axis=2) < PATTERN_COLOR
    return [p for p, count in zip(patches, alike.sum(axis=1), strict=True) if count < PATTERN_COUNT]


def _extent(patch: Patch) -> tuple[int, int]:
    """Rows and columns that hold any of the patch."""
    rows, columns = patch.bits.any(axis=1), patch.bits.any(axis=0)
    return int(rows.sum()), int(columns.sum())


def _ring(bits: BoolArray) -> BoolArray:
    """Pixels a little outside the outline; the mixed ones right at it are left out."""
    grown, size = bits.astype(np.uint8), (2 * RING_REACH + 1,) * 2
    wide = cv2.dilate(grown, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, size))
    return np.asarray((wide > 0) & (cv2.dilate(grown, np.ones((3, 3), np.uint8)) == 0))


def _covered_edges(patch: Patch, frame: tuple[int, int]) -> list[float]:
    """The share of the picture's left, top, right and bottom edge that the patch covers."""
    (height, width), (rows, columns) = frame, patch.bits.shape
    at_edge = {
        (0, patch.x == 0): patch.bits[:, :2].any(axis=1).sum() / height,
        (1, patch.y == 0): patch.bits[:2].any(axis=0).sum() / width,
        (2, patch.x + columns == width): patch.bits[:, -2:].any(axis=1).sum() / height,
        (3, patch.y + rows == height): patch.bits[-2:].any(axis=0).sum() / width,
    }
    return [float(share) if touches else 0.0 for (_, touches), share in at_edge.items()]


def _is_stripe(patch: Patch, frame: tuple[int, int]) -> bool:
    """Long, narrow and straight: a painted edge line, a slit, a rail."""
    points = cv2.findNonZero(patch.bits.astype(np.uint8))
    short, long = sorted(side + 1 for side in cv2.minAreaRect(points)[1])
    return bool(long > STRIPE_LENGTH * max(frame) and short < STRIPE_WIDTH * long)
