"""What the belt looks like, learnt from the one picture it is in.

A belt, what it carries on purpose and the machine around it share one trait: they reach
the picture's border over long stretches. Each such material becomes a smooth field of
colour (a quadratic surface in Lab, so uneven light is part of it) with its own scatter,
and a pixel's difference is how many standard deviations it lies from the nearest one.
The border as a sample of the background follows Zhu et al., "Saliency Optimization from
Robust Background Detection" (CVPR 2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from beltmask.model import Pixels

Map = NDArray[np.float32]

LEARN_SIDE = 160
COLORS = 6
BORDER_SHARE = 0.08
BORDER_PREFERENCE = 0.5
SCATTER_FLOOR = np.diag([2.0, 1.2, 1.2]) ** 2
OUTLIER = 4.0
CLUSTER_WEIGHTS = np.array([0.6, 1.5, 1.5])
NEAR = 3.0
MEETING_REACH = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """One thing the belt is made of. ``surface`` is (6, 3): Lab as a quadratic of place."""

    surface: Map
    whitening: Map

    def colors(self, height: int, width: int) -> Map:
        """The colour it would have at every pixel, shape (height, width, 3), in Lab."""
        return np.asarray(_basis(height, width).astype(np.float32) @ self.surface)

    def distance(self, lab: Map) -> Map:
        """Standard deviations between each pixel and this material, shape (rows, columns)."""
        rest = lab - self.colors(lab.shape[0], lab.shape[1])
        return length(np.asarray(rest @ self.whitening, dtype=np.float32))


def lab_of(rgb: Pixels) -> Map:
    """CIE Lab with L in 0..100, shape (rows, columns, 3)."""
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB))


def shrunk(lab: Map) -> Map:
    """The picture at the size at which its materials are learnt."""
    height, width = lab.shape[:2]
    scale = LEARN_SIDE / max(height, width)
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    return np.asarray(cv2.resize(lab, size, interpolation=cv2.INTER_AREA))


def learn_materials(lab: Map) -> list[Material]:
    """The background materials of a picture, the one that fills most of the border first."""
    small = shrunk(lab)
    height, width = small.shape[:2]
    colors, places = small.reshape(-1, 3).astype(np.float64), _basis(height, width).reshape(-1, 6)
    groups = _group_colors(colors * CLUSTER_WEIGHTS)
    border = _border(height, width).ravel()
    return [
        _fit_material(places[groups == k], colors[groups == k])
        for k in _background_groups(groups, border)
    ]


def belt_difference(lab: Map, materials: Sequence[Material]) -> Map:
    """Standard deviations between each pixel and the nearest material, shape (rows, columns).

    Along the line where two materials meet, a mixture of both is as good as either.
    """
    distances = [material.distance(lab) for material in materials]
    difference = np.min(distances, axis=0)
    near = [_near(d <= np.minimum(difference, NEAR)) for d in distances]
    for one, other in combinations(range(len(materials)), 2):
        meeting = near[one] & near[other]
        if meeting.any():
            mixed = _mixture_distance(lab, meeting, materials[one], materials[other])
            difference[meeting] = np.minimum(difference[meeting], mixed)
    return difference


def length(vectors: Map) -> Map:
    """Euclidean length along the last axis."""
    return np.asarray(np.sqrt(np.einsum("...i,...i->...", vectors, vectors)), dtype=np.float32)


def _near(pixels: NDArray[np.bool_]) -> NDArray[np.bool_]:
    size = 2 * max(1, round(MEETING_REACH * max(pixels.shape))) + 1
    return np.asarray(cv2.dilate(pixels.astype(np.uint8), np.ones((size, size), np.uint8)) > 0)


def _mixture_distance(lab: Map, where: NDArray[np.bool_], first: Material, second: Material) -> Map:
    """Distance of the pixels ``where`` to the straight line between two materials' colours."""
    height, width = lab.shape[:2]
    start, end = first.colors(height, width)[where], second.colors(height, width)[where]
    span, offset = (end - start) @ first.whitening, (lab[where] - start) @ first.whitening
    share = np.sum(span * offset, axis=1) / np.maximum(np.sum(span * span, axis=1), 1e-6)
    return length(offset - np.clip(share, 0, 1)[:, None] * span)


def _background_groups(groups: NDArray[np.intp], border: NDArray[np.bool_]) -> list[int]:
    on_border = np.bincount(groups[border], minlength=COLORS) / border.sum()
    overall = np.bincount(groups, minlength=COLORS) / groups.size
    chosen = (on_border >= BORDER_SHARE) & (on_border >= BORDER_PREFERENCE * overall)
    ranked = np.argsort(-on_border)
    return [int(k) for k in ranked if chosen[k]] or [int(ranked[0])]


def _group_colors(colors: NDArray[np.float64]) -> NDArray[np.intp]:
    """k-means with a start that is the same every time: the median, then far-off colours."""
    centres = np.median(colors, axis=0)[None]
    while len(centres) < COLORS:
        gap = _squared_distances(colors, centres).min(axis=1)
        far = np.argsort(gap)[int(0.98 * len(gap))]
        centres = np.concatenate([centres, colors[far][None]])
    for _ in range(12):
        groups = _squared_distances(colors, centres).argmin(axis=1)
        centres = np.array(
            [
                colors[groups == k].mean(axis=0) if (groups == k).any() else centre
                for k, centre in enumerate(centres)
            ]
        )
    return np.asarray(groups)


def _fit_material(places: NDArray[np.float64], colors: NDArray[np.float64]) -> Material:
    """Reweighted least squares with Tukey's weights, so that what lies on it is left out."""
    weights = np.ones(len(places))
    ridge = 1e-2 * len(places) * np.diag([0.0, 1, 1, 1, 1, 1]) / 100 + 1e-6 * np.eye(6)
    for _ in range(6):
        weighted = places * weights[:, None]
        surface = np.linalg.solve(weighted.T @ places + ridge, weighted.T @ colors)
        rest = colors - places @ surface
        scatter = 1.3 * (rest * weights[:, None]).T @ rest / max(weights.sum(), 1) + SCATTER_FLOOR
        whitening = np.linalg.cholesky(np.linalg.inv(scatter))
        distance = np.linalg.norm(rest @ whitening, axis=1)
        weights = np.clip(1 - (distance / OUTLIER) ** 2, 0, 1) ** 2
    return Material(surface.astype(np.float32), whitening.astype(np.float32))


def _basis(height: int, width: int) -> NDArray[np.float64]:
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    return np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=-1)


def _border(height: int, width: int) -> NDArray[np.bool_]:
    depth = max(2, min(height, width) // 30)
    border = np.ones((height, width), dtype=np.bool_)
    border[depth:-depth, depth:-depth] = False
    return border


def _squared_distances(
    colors: NDArray[np.float64], centres: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.asarray(((colors[:, None] - centres) ** 2).sum(axis=2))
