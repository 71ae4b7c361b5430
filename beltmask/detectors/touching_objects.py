"""Objects that touch: one patch with a neck becomes several.

The distance to the outline has one peak per round part. Two peaks are two objects when the
neck between them is clearly narrower than either, and a cut is kept only when the pieces
are nearly convex: thread and cloth, which are narrow everywhere, stay whole.
"""

from __future__ import annotations

import cv2
import numpy as np

from beltmask.detectors.belt import Map
from beltmask.model import BoolArray

NECK = 0.75
SMALLEST_PEAK = 0.3
LEAST_PEAK = 3.0
LEVELS = 24
CORE_DEPTH = 0.8
WHOLE = 0.93
NEARLY_CONVEX = 0.85


def split_touching(bits: BoolArray) -> list[BoolArray]:
    """The objects in a patch's bits, each in a frame of the same shape; disjoint."""
    if _solidity(bits) > WHOLE:
        return [bits]
    padded = np.pad(bits, 1)
    depth = _depth(padded)
    seeds = _seeds(depth, padded, 0.0)
    if len(seeds) < 2:
        return [bits]
    pieces = [piece[1:-1, 1:-1] for piece in _grown(seeds, depth) if piece.any()]
    areas = np.array([np.count_nonzero(piece) for piece in pieces])
    solidity = np.array([_solidity(piece) for piece in pieces])
    return pieces if np.average(solidity, weights=areas) > NEARLY_CONVEX else [bits]


def _depth(bits: BoolArray) -> Map:
    """Distance of every pixel to the outline, in pixels."""
    depth = cv2.distanceTransform(bits.astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(depth, dtype=np.float32)


def _seeds(depth: Map, region: BoolArray, level: float) -> list[BoolArray]:
    """One region per object, found by raising the level until the neck between two is cut."""
    peak = float(depth[region].max())
    for height in np.arange(level + 0.5, peak, max(0.5, peak / LEVELS)):
        count, labels = cv2.connectedComponents((region & (depth > height)).astype(np.uint8))
        parts = [labels == i for i in range(1, count)]
        peaks = [part for part in parts if _is_object(float(depth[part].max()), height, depth)]
        if len(peaks) > 1:
            return [seed for part in peaks for seed in _seeds(depth, part, float(height))]
    return [region]


def _is_object(peak: float, neck: float, depth: Map) -> bool:
    return peak >= max(LEAST_PEAK, SMALLEST_PEAK * float(depth.max())) and neck < NECK * peak


def _grown(seeds: list[BoolArray], depth: Map) -> list[BoolArray]:
    """Every pixel given to the seed whose inscribed disc is nearest, which cuts at the neck."""
    gaps = [_gap_to_disc(seed, depth) for seed in seeds]
    nearest = np.argmin(gaps, axis=0)
    return [(nearest == number) & (depth > 0) for number in range(len(seeds))]


def _gap_to_disc(seed: BoolArray, depth: Map) -> Map:
    peak = float(depth[seed].max())
    core = seed & (depth > CORE_DEPTH * peak)
    distance = cv2.distanceTransform((~core).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(distance - CORE_DEPTH * peak, dtype=np.float32)


def _solidity(bits: BoolArray) -> float:
    """The share of its convex hull that a shape fills; 0 for nothing."""
    points = cv2.findNonZero(bits.astype(np.uint8))
    if points is None:
        return 0.0
    hull = cv2.convexHull(points)
    area = cv2.contourArea(hull) + cv2.arcLength(hull, True) / 2 + 1
    return float(np.count_nonzero(bits) / area)
