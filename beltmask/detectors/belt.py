"""What the belt looks like, learnt from the one picture it is in.

A belt, what it carries on purpose and the machine around it share one trait: they reach
the picture's border over long stretches. Each such material becomes a smooth field of
colour (a polynomial in Lab, so uneven light is part of it) with its own scatter,
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
RIDGE = 1e-4
FIT_ROUNDS = 6
CLUSTER_WEIGHTS = np.array([0.6, 1.5, 1.5])
NEAR = 3.0
MEETING_REACH = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """One thing a picture's background is made of.

    ``surface`` is Lab as a polynomial of place, one row per term of ``_powers``; colours
    times ``whitening`` have a scatter of one in every direction.
    """

    surface: Map
    whitening: Map

    def colors(self, height: int, width: int) -> Map:
        """The colour it would have at every pixel, shape (height, width, 3), in Lab."""
        degree = _degree(len(self.surface))
        grid = np.zeros((degree + 1, degree + 1, 3), dtype=np.float32)
        for (x_power, y_power), color in zip(_powers(degree), self.surface, strict=True):
            grid[y_power, x_power] = color
        down = np.vander(_places(height), degree + 1, increasing=True).astype(np.float32)
        across = np.vander(_places(width), degree + 1, increasing=True).astype(np.float32)
        rows = np.tensordot(down, grid, axes=(1, 0))
        return np.ascontiguousarray(np.tensordot(rows, across, axes=(1, 1)).transpose(0, 2, 1))

    def distance(self, lab: Map) -> Map:
        """Standard deviations between each pixel and this material, shape (rows, columns)."""
        rest = lab - self.colors(lab.shape[0], lab.shape[1])
        return length(np.asarray(cv2.transform(rest, self.whitening.T)))


def lab_of(rgb: Pixels) -> Map:
    """CIE Lab with L in 0..100, shape (rows, columns, 3)."""
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB))


def shrunk(lab: Map) -> Map:
    """The picture at the size at which its materials are learnt."""
    height, width = lab.shape[:2]
    scale = LEARN_SIDE / max(height, width)
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    return np.asarray(cv2.resize(lab, size, interpolation=cv2.INTER_AREA))


def learn_materials(small: Map) -> list[Material]:
    """The background materials of a ``shrunk`` picture, the commonest on the border first."""
    colors = small.reshape(-1, 3).astype(np.float64)
    groups = _group_colors(colors * CLUSTER_WEIGHTS)
    border = _border(small.shape[0], small.shape[1]).ravel()
    shape = (small.shape[0], small.shape[1])
    return [
        fit_material(small, (groups == k).reshape(shape), degree=2)
        for k in _background_groups(groups, border)
    ]


def fit_material(small: Map, where: NDArray[np.bool_], *, degree: int) -> Material:
    """The material of the pixels ``where``; what merely lies on it is given no weight.

    Reweighted least squares with Tukey's weights.
    """
    y, x = np.meshgrid(_places(small.shape[0]), _places(small.shape[1]), indexing="ij")
    places = np.stack([x[where] ** i * y[where] ** j for i, j in _powers(degree)], axis=1)
    colors, weights = small[where].astype(np.float64), np.ones(len(places))
    ridge = RIDGE * len(places) * np.eye(places.shape[1])
    ridge[0, 0] = RIDGE
    for _ in range(FIT_ROUNDS):
        weighted = places * weights[:, None]
        surface = np.linalg.solve(weighted.T @ places + ridge, weighted.T @ colors)
        rest = colors - places @ surface
        scatter = (rest * weights[:, None]).T @ rest / max(weights.sum(), 1)
        whitening = np.linalg.cholesky(np.linalg.inv(1.3 * scatter + SCATTER_FLOOR))
        distance = np.linalg.norm(rest @ whitening, axis=1)
        weights = np.clip(1 - (distance / OUTLIER) ** 2, 0, 1) ** 2
    return Material(surface.astype(np.float32), whitening.astype(np.float32))


def belt_difference(
    lab: Map, materials: Sequence[Material], distances: Sequence[Map] | None = None
) -> Map:
    """Standard deviations between each pixel and the nearest material, shape (rows, columns).

    Along the line where two materials meet, a mixture of both is as good as either.
    ``distances`` are those to each material, where they are known already.
    """
    if distances is None:
        distances = [material.distance(lab) for material in materials]
    difference = np.min(distances, axis=0)
    near = [_near(d <= np.minimum(difference, NEAR)) for d in distances]
    for one, other in combinations(range(len(materials)), 2):
        meeting = near[one] & near[other]
        if meeting.any():
            mixed = _mixture_distance(lab, meeting, materials[one], materials[other])
            difference[meeting] = np.minimum(difference[meeting], mixed)
    return np.asarray(difference)


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
        gap = _squared_distances(colors, centres).min(axis=0)
        far = np.argsort(gap)[int(0.98 * len(gap))]
        centres = np.concatenate([centres, colors[far][None]])
    for _ in range(12):
        groups = _squared_distances(colors, centres).argmin(axis=0)
        centres = np.array(
            [
                colors[groups == k].mean(axis=0) if (groups == k).any() else centre
                for k, centre in enumerate(centres)
            ]
        )
    return np.asarray(groups)


def _powers(degree: int) -> list[tuple[int, int]]:
    return [(total - y, y) for total in range(degree + 1) for y in range(total + 1)]


def _degree(terms: int) -> int:
    return next(degree for degree in range(terms) if len(_powers(degree)) == terms)


def _places(count: int) -> NDArray[np.float64]:
    """Pixel centres along one side of the picture, which reaches from -1 to 1."""
    return (np.arange(count) + 0.5) * 2 / count - 1


def _border(height: int, width: int) -> NDArray[np.bool_]:
    depth = max(2, min(height, width) // 30)
    border = np.ones((height, width), dtype=np.bool_)
    border[depth:-depth, depth:-depth] = False
    return border


def _squared_distances(
    colors: NDArray[np.float64], centres: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Of every colour to every centre, shape (centres, colours): long rows are quick to add."""
    lightness, red, blue = (
        np.square(part - at[:, None]) for part, at in zip(colors.T, centres.T, strict=True)
    )
    return np.asarray(lightness + red + blue)
