"""What belts look like from above, before light, camera and machine. They travel up the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from beltmask.demo.noise import (
    Field,
    Random,
    Shape,
    clouds,
    grain,
    pixel_grid,
    scratches,
    specks,
    waves,
)

Canvas = NDArray[np.float32]
"""RGB in 0..1, shape (rows, columns, 3)."""
Rgb = tuple[float, float, float]


def rubber(random: Random, shape: Shape, unit: float) -> Canvas:
    shade = 0.02 * clouds(random, shape, 220 * unit) + 0.018 * _streaks(random, shape, unit)
    shade += 0.016 * waves(random, shape, (2.6, 2.6)) + 0.012 * grain(random, shape)
    shade += 0.05 * specks(random, shape, 500) + _scuffs(random, shape, unit, 18) * 0.10
    return _tinted(0.19 + shade, (0.98, 1.0, 1.04))


def woven(random: Random, shape: Shape, unit: float) -> Canvas:
    y, x = pixel_grid(shape)
    pitch = max(5.0, 8 * unit)
    u = (x + 1.3 * clouds(random, shape, 70 * unit, 2)) / pitch
    v = (y + 1.3 * clouds(random, shape, 70 * unit, 2)) / pitch
    over = (np.floor(u) + np.floor(v)) % 2 == 0
    yarn = np.where(over, np.sin(np.pi * (u % 1)), np.sin(np.pi * (v % 1)))
    shade = 0.62 + 0.2 * yarn + 0.045 * clouds(random, shape, 260 * unit)
    shade += 0.03 * _streaks(random, shape, unit) + 0.035 * grain(random, shape)
    return _tinted(shade - 0.1 * _stains(random, shape, unit), (1.0, 0.94, 0.80))


def green(random: Random, shape: Shape, unit: float) -> Canvas:
    y, x = pixel_grid(shape)
    pitch = 2 * np.pi / max(6.0, 10 * unit)
    diamonds = np.sin((x + y) * pitch) * np.sin((x - y) * pitch)
    shade = 0.40 + 0.022 * diamonds + 0.03 * clouds(random, shape, 300 * unit)
    shade += 0.012 * grain(random, shape) + 0.05 * specks(random, shape, 350)
    shade += 0.09 * _scuffs(random, shape, unit, 25) - 0.08 * _stains(random, shape, unit)
    return _tinted(shade, (0.30, 1.0, 0.62))


def worn(random: Random, shape: Shape, unit: float) -> Canvas:
    shade = (
        0.29 + 0.022 * clouds(random, shape, 150 * unit, 5) + 0.03 * _streaks(random, shape, unit)
    )
    polished = np.clip(waves(random, shape, (900 * unit, 130 * unit)) - 0.4, 0, 1)
    shade += 0.12 * polished + 0.02 * grain(random, shape) + 0.09 * specks(random, shape, 2500)
    shade += 0.22 * _scuffs(random, shape, unit, 120) - 0.06 * _stains(random, shape, unit)
    return _tinted(shade, (1.04, 1.0, 0.93))


def bright(random: Random, shape: Shape, unit: float) -> Canvas:
    shade = 0.80 + 0.018 * clouds(random, shape, 320 * unit) + 0.008 * grain(random, shape)
    shade += 0.008 * waves(random, shape, (3, 3)) - 0.02 * np.abs(_streaks(random, shape, unit))
    shade -= 0.12 * _stains(random, shape, unit) + 0.10 * _scuffs(random, shape, unit, 30)
    return _tinted(shade - 0.06 * np.abs(specks(random, shape, 250)), (0.97, 1.0, 1.03))


def modular(random: Random, shape: Shape, unit: float) -> Canvas:
    y, x = pixel_grid(shape)
    depth, width = 84 * unit, 150 * unit
    row = np.floor(y / depth)
    u = (x + row % 2 * width / 2) % width - width / 2
    v = y % depth - depth / 2
    slot = _rounded_slot(u, v + depth * 0.06, width * 0.30, depth * 0.15)
    # The hinge: a dark gap, a pin behind it, and the rounded edge of the next module.
    gap = np.exp(-(((np.abs(v) - depth / 2) / (2.2 * unit)) ** 2))
    joint = np.exp(-(((np.abs(u) - width / 2) / (1.6 * unit)) ** 2))
    shade = 0.62 + 0.03 * clouds(random, shape, 240 * unit) + 0.012 * grain(random, shape)
    shade += 0.07 * v / depth - 0.34 * gap - 0.2 * joint + 0.05 * _scuffs(random, shape, unit, 30)
    rim = np.exp(-(((slot - 3 * unit) / (2.5 * unit)) ** 2)) * np.sign(v)
    shade = np.where(slot < 0, 0.10 + 0.02 * v / depth, shade + 0.07 * rim)
    blue = random.random() < 0.5
    return _tinted(shade, (0.26, 0.55, 0.95) if blue else (1.0, 0.99, 0.95))


SURFACES: Mapping[str, Callable[[Random, Shape, float], Canvas]] = MappingProxyType(
    {
        "rubber": rubber,
        "woven": woven,
        "green": green,
        "worn": worn,
        "bright": bright,
        "modular": modular,
    }
)


def _tinted(shade: NDArray[np.floating], color: Rgb) -> Canvas:
    return np.asarray(cv2.merge([shade * part for part in np.array(color, np.float32)]), np.float32)


def _streaks(random: Random, shape: Shape, unit: float) -> Field:
    """Wear along the direction of travel."""
    fine = waves(random, shape, (500 * unit, 3 * unit + 1))
    return 0.5 * fine + waves(random, shape, (1200 * unit, 25 * unit))


def _stains(random: Random, shape: Shape, unit: float) -> Field:
    return np.asarray(np.clip(clouds(random, shape, 190 * unit, 5) - 1.2, 0, 1.2), np.float32)


def _scuffs(random: Random, shape: Shape, unit: float, count: int) -> Field:
    return scratches(random, shape, count, 190 * unit)


def _rounded_slot(u: Field, v: Field, half_width: float, half_height: float) -> Field:
    """Distance to a lying slot with round ends; negative inside."""
    beyond = np.maximum(np.abs(u) - (half_width - half_height), 0)
    return np.asarray(np.hypot(beyond, v) - half_height, dtype=np.float32)
