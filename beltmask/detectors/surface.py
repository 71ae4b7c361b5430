"""Where the belt is: the ground on which an object must lie.

Materials that pass softly into one another are one ground under uneven light; a hard edge
parts the belt from the machine. Small grounds (a frame, the floor, a cable duct) are not
belt, so what lies on them is no foreign object.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from beltmask.detectors.belt import (
    Map,
    Material,
    belt_difference,
    fit_material,
    learn_materials,
    length,
    shrunk,
)
from beltmask.model import BoolArray

BACKGROUND = 4.0
SOFT_EDGE = 5.0
EDGE_SPAN = 3
EDGE_PIXELS = 10
BELT_SHARE = 0.4
LEAST_PIXELS = 50
FAR = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A stretch of background: its colours under this light, and whether it is belt."""

    material: Material
    is_belt: bool

    def distance(self, lab: Map) -> Map:
        """As the material's; but a frame is only where it is joined to the picture's border.

        A grey thing on the belt is no part of a grey frame.
        """
        distance = self.material.distance(lab)
        if not self.is_belt:
            distance[~_joined_to_border(distance < BACKGROUND)] = FAR
        return distance


def learn_grounds(lab: Map) -> list[Ground]:
    """The grounds of a picture, learnt from the picture itself."""
    small = shrunk(lab)
    materials = learn_materials(small)
    distances = np.stack([material.distance(small) for material in materials])
    nearest = cv2.medianBlur(distances.argmin(axis=0).astype(np.uint8), 5).astype(np.intp)
    nearest[distances.min(axis=0) >= BACKGROUND] = -1
    numbers = _ground_numbers(small, nearest, materials)
    parts = [np.isin(nearest, np.flatnonzero(numbers == n)) for n in np.unique(numbers)]
    large = [part for part in parts if np.count_nonzero(part) >= LEAST_PIXELS] or parts[:1]
    whole_belt = BELT_SHARE * max(np.count_nonzero(part) for part in large)
    return [
        Ground(fit_material(small, part, degree=4), bool(np.count_nonzero(part) >= whole_belt))
        for part in large
    ]


def belt_pixels(lab: Map, grounds: Sequence[Ground]) -> BoolArray:
    """Pixels whose nearest ground is belt, shape (rows, columns)."""
    small = shrunk(lab)
    nearest = np.argmin([ground.distance(small) for ground in grounds], axis=0)
    belt = np.array([ground.is_belt for ground in grounds])[nearest].astype(np.uint8)
    size = (lab.shape[1], lab.shape[0])
    return np.asarray(cv2.resize(belt, size, interpolation=cv2.INTER_NEAREST)) > 0


def ground_difference(lab: Map, grounds: Sequence[Ground]) -> Map:
    """Standard deviations between each pixel and the nearest ground, shape (rows, columns)."""
    distances = [ground.distance(lab) for ground in grounds]
    return belt_difference(lab, [ground.material for ground in grounds], distances)


def _joined_to_border(pixels: BoolArray) -> BoolArray:
    count, labels = cv2.connectedComponents(pixels.astype(np.uint8))
    edges = (labels[0], labels[-1], labels[:, 0], labels[:, -1])
    joined = np.zeros(count, dtype=np.bool_)
    joined[np.unique(np.concatenate(edges))] = True
    joined[0] = False
    return np.asarray(joined[labels])


def _ground_numbers(
    small: Map, nearest: NDArray[np.intp], materials: Sequence[Material]
) -> NDArray[np.intp]:
    """A number for every material; those with a soft edge between them share one."""
    whitening = np.mean([material.whitening for material in materials], axis=0)
    numbers = np.arange(len(materials))
    for one in range(len(materials)):
        for other in range(one):
            steps = _steps_between(small @ whitening, nearest, one, other)
            if steps.size >= EDGE_PIXELS and np.median(steps) < SOFT_EDGE:
                numbers[numbers == numbers[other]] = numbers[one]
    return numbers


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
