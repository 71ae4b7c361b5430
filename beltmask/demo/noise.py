"""Randomness with a grain: what surfaces and outlines are made of."""

from __future__ import annotations

from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
"""One value per pixel, shape (rows, columns)."""
Shape = tuple[int, int]
"""(rows, columns)."""
Random = np.random.Generator


def waves(random: Random, shape: Shape, cell: tuple[float, float]) -> Field:
    """Smooth hills about ``cell`` (rows, columns) px apart, mean 0, deviation about 1."""
    if min(cell) > 24:  # so smooth that a quarter of the size holds it all
        quarter = waves(random, (shape[0] // 4, shape[1] // 4), (cell[0] / 4, cell[1] / 4))
        return np.asarray(cv2.resize(quarter, shape[::-1]), dtype=np.float32)
    rows, columns = (ceil(n / c) + 4 for n, c in zip(shape, cell, strict=True))
    knots = random.standard_normal((rows, columns), dtype=np.float32)
    zoom = np.array([[1 / cell[1], 0, 1.5], [0, 1 / cell[0], 1.5]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    hills = cv2.warpAffine(knots, zoom, shape[::-1], flags=flags, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(hills, dtype=np.float32) * np.float32(1.35)


def clouds(random: Random, shape: Shape, cell: float, octaves: int = 4) -> Field:
    """Hills upon hills, each half the size of the last, down from ``cell`` px."""
    total = np.zeros(shape, dtype=np.float32)
    for octave in range(octaves):
        size = max(1.5, cell / 2**octave)
        total += waves(random, shape, (size, size)) * np.float32(0.55**octave)
    return total


def grain(random: Random, shape: Shape) -> Field:
    """Independent noise in every pixel, deviation 1."""
    return random.standard_normal(shape, dtype=np.float32)


def specks(random: Random, shape: Shape, count: int, blur: float = 0.6) -> Field:
    """``count`` dust grains, 0 elsewhere, some bright and some dark."""
    layer = np.zeros(shape, dtype=np.float32)
    rows = random.integers(0, shape[0], count)
    layer[rows, random.integers(0, shape[1], count)] = random.normal(0.4, 1.2, count)
    return blurred(layer, blur) * np.float32(2.5)


def scratches(random: Random, shape: Shape, count: int, length: float) -> Field:
    """``count`` hairlines, mostly along the rows' direction of travel (up and down), 0..1."""
    layer = np.zeros(shape, dtype=np.uint8)
    for _ in range(count):
        x, y = random.uniform(0, shape[1]), random.uniform(0, shape[0])
        angle, reach = random.normal(np.pi / 2, 0.25), random.uniform(0.2, 1) * length
        end = (round(x + np.cos(angle) * reach), round(y + np.sin(angle) * reach))
        strength = int(random.integers(60, 256))
        cv2.line(layer, (round(x), round(y)), end, strength, 1, cv2.LINE_AA)
    return blurred(layer.astype(np.float32) / 255, 0.7)


def blurred(field: NDArray[np.floating], sigma: float) -> Field:
    return np.asarray(cv2.GaussianBlur(field, (0, 0), sigma), dtype=np.float32)


def pixel_grid(shape: Shape) -> tuple[Field, Field]:
    """y, shape (rows, 1), and x, shape (1, columns); together they are every pixel."""
    y, x = (np.arange(length, dtype=np.float32) for length in shape)
    return y[:, None], x[None, :]
