"""Where the belt is: the ground on which an object must lie.

Materials that pass softly into one another are one ground under uneven light; a hard edge
parts the belt from the machine. Small grounds (a frame, the floor, a cable duct) are not
belt, so what lies on them is no foreign object.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from beltmask.detectors.belt import Map, Material, length, shrunk
from beltmask.model import BoolArray

BACKGROUND = 4.0
SOFT_EDGE = 5.0
EDGE_SPAN = 3
EDGE_PIXELS = 10
BELT_SHARE = 0.25


def find_belt(lab: Map, materials: Sequence[Material]) -> BoolArray:
    """Pixels whose nearest material is belt, objects lying on it included, (rows, columns)."""
    small = shrunk(lab)
    distances = np.stack([material.distance(small) for material in materials])
    nearest = cv2.medianBlur(distances.argmin(axis=0).astype(np.uint8), 5).astype(np.intp)
    nearest[distances.min(axis=0) >= BACKGROUND] = -1
    belt = _belt_materials(small, nearest, materials)
    whole = np.isin(distances.argmin(axis=0), belt).astype(np.uint8)
    size = (lab.shape[1], lab.shape[0])
    return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_NEAREST)) > 0


def _belt_materials(
    small: Map, nearest: NDArray[np.intp], materials: Sequence[Material]
) -> list[int]:
    """Indices of the materials in grounds that are large beside the largest one."""
    grounds = _grounds(small, nearest, materials)
    areas = np.bincount(nearest[nearest >= 0], minlength=len(materials))
    ground_areas = [areas[grounds == ground].sum() for ground in grounds]
    return [k for k, area in enumerate(ground_areas) if area >= BELT_SHARE * max(ground_areas)]


def _grounds(
    small: Map, nearest: NDArray[np.intp], materials: Sequence[Material]
) -> NDArray[np.intp]:
    """A ground number for every material; materials with a soft edge between share one."""
    whitening = np.mean([material.whitening for material in materials], axis=0)
    grounds = np.arange(len(materials))
    for one in range(len(materials)):
        for other in range(one):
            steps = _steps_between(small @ whitening, nearest, one, other)
            if steps.size >= EDGE_PIXELS and np.median(steps) < SOFT_EDGE:
                grounds[grounds == grounds[other]] = grounds[one]
    return grounds


def _steps_between(small: Map, nearest: NDArray[np.intp], one: int, other: int) -> Map:
    """Colour steps, in standard deviations, across the line between two materials."""
    steps = []
    for first, second, before, after in (
        (nearest[:-EDGE_SPAN], nearest[EDGE_SPAN:], small[:-EDGE_SPAN], small[EDGE_SPAN:]),
        (
            nearest[:, :-EDGE_SPAN],
            nearest[:, EDGE_SPAN:],
            small[:, :-EDGE_SPAN],
            small[:, EDGE_SPAN:],
        ),
    ):
        across = ((first == one) & (second == other)) | ((first == other) & (second == one))
        steps.append(length(before[across] - after[across]))
    return np.concatenate(steps)
