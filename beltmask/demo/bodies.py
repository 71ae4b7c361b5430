"""Things with a height: how light falls on them, and how they lie on a belt."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from beltmask.demo.noise import Field, blurred
from beltmask.demo.surfaces import Canvas
from beltmask.model import BoolArray

Light = tuple[float, float, float]
"""Unit vector towards the lamp: right, down, up out of the picture."""
_AMBIENT = 0.42


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """One object in a crop of its own.

    ``height`` is in px above the belt; ``albedo`` its colour under white light; ``opacity`` 1
    where the belt cannot be seen through it.
    """

    mask: BoolArray
    height: Field
    albedo: Canvas
    gloss: float = 0.1
    shine: float = 20.0
    metal: bool = False
    opacity: Field | None = None


@dataclass(frozen=True, slots=True)
class FoldedSheet:
    """Coordinates to draw an object in: ``u`` along it and ``v`` across it, from its middle."""

    u: Field
    v: Field

    @classmethod
    def turned(cls, angle: float, length: float, width: float | None = None) -> FoldedSheet:
        """Just large enough for a thing of ``length`` x ``width`` px turned by ``angle``."""
        wide = length if width is None else width
        reach_x = abs(np.cos(angle)) * length + abs(np.sin(angle)) * wide
        reach_y = abs(np.sin(angle)) * length + abs(np.cos(angle)) * wide
        half_x, half_y = int(reach_x / 2) + 4, int(reach_y / 2) + 4
        y, x = np.mgrid[-half_y : half_y + 1, -half_x : half_x + 1].astype(np.float32)
        cosine, sine = np.float32(np.cos(angle)), np.float32(np.sin(angle))
        return cls(x * cosine + y * sine, y * cosine - x * sine)

    @property
    def shape(self) -> tuple[int, int]:
        return (self.u.shape[0], self.u.shape[1])

    @property
    def radius(self) -> Field:
        return np.hypot(self.u, self.v)

    @property
    def bearing(self) -> Field:
        return np.arctan2(self.v, self.u)


def dome(mask: BoolArray, height: float, bevel: float | None = None) -> Field:
    """Round from the rim upwards, flat from ``bevel`` px inside it (default: its middle)."""
    inside = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
    rise = np.clip(inside / (bevel or max(1.0, float(inside.max()))), 0, 1)
    return np.asarray(height * np.sqrt(1 - (1 - rise) ** 2), dtype=np.float32)


def paint(scene: Canvas, body: Body, corner: tuple[int, int], light: Light) -> None:
    """Lay ``body`` with its top left at ``corner`` (x, y): its shadow, then itself."""
    tall = float(body.height.max())
    pad = int(2 * tall) + 12
    mask = np.pad(body.mask.astype(np.float32), pad)
    window, cut = _shared(scene, (corner[0] - pad, corner[1] - pad), mask.shape)
    region = scene[window]
    region *= (1 - _shadow(mask, tall, light) * _solidity(body))[cut][..., None]
    opacity = np.ones_like(body.height) if body.opacity is None else body.opacity
    cover = (blurred(mask, 0.5) * np.pad(opacity, pad, mode="edge"))[cut][..., None]
    pads = ((pad, pad), (pad, pad), (0, 0))
    color = np.pad(_shaded(body, light), pads, mode="edge")[cut]
    gleam = np.pad(_gleam(body, light), pad)[cut][..., None]
    region[:] = region * (1 - cover) + color * cover + gleam


def _shared(
    scene: Canvas, corner: tuple[int, int], shape: tuple[int, ...]
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Slices of the scene and of a patch of ``shape`` at ``corner`` where both have pixels."""
    starts = (max(0, corner[1]), max(0, corner[0]))
    ends = (
        min(scene.shape[0], corner[1] + shape[0]),
        min(scene.shape[1], corner[0] + shape[1]),
    )
    rows, columns = (slice(a, b) for a, b in zip(starts, ends, strict=True))
    cut = (
        slice(rows.start - corner[1], rows.stop - corner[1]),
        slice(columns.start - corner[0], columns.stop - corner[0]),
    )
    return (rows, columns), cut


def _solidity(body: Body) -> float:
    return 1.0 if body.opacity is None else float(body.opacity[body.mask].mean())


def _shadow(mask: Field, tall: float, light: Light) -> Field:
    """A soft one thrown by the lamp and a narrow one where the thing touches the belt."""
    reach = 0.9 * tall
    move = np.array([[1, 0, -light[0] * reach], [0, 1, -light[1] * reach]])
    thrown = cv2.warpAffine(mask, move, mask.shape[::-1])
    cast = 0.5 * blurred(np.asarray(thrown, dtype=np.float32), 1.5 + 0.28 * tall)
    contact = 0.4 * blurred(mask, 1.5 + min(4.0, 0.1 * tall))
    return np.asarray(np.clip(cast + contact, 0, 0.78), dtype=np.float32)


def _slopes(body: Body) -> tuple[Field, Field, Field]:
    """The surface's unit normal: right, down, up."""
    down, right = np.gradient(blurred(body.height, 0.7))
    x, y = (-np.clip(slope, -2.2, 2.2).astype(np.float32) for slope in (right, down))
    up = 1 / np.sqrt(1 + x * x + y * y)
    return x * up, y * up, up


def _shaded(body: Body, light: Light) -> Canvas:
    x, y, up = _slopes(body)
    facing = np.maximum(x * light[0] + y * light[1] + up * light[2], 0)
    shade = _AMBIENT + (1 - _AMBIENT) * facing / light[2]
    if body.metal:  # bright and dark bands: the hall around it, reflected
        shade = shade * (0.72 + 0.42 * np.cos(3.1 * x - 2.3 * y + 5.0 * (1 - up)))
    return np.asarray(np.clip(body.albedo * shade[..., None], 0, 1), dtype=np.float32)


def _gleam(body: Body, light: Light) -> Field:
    x, y, up = _slopes(body)
    half = np.array([light[0], light[1], light[2] + 1])
    half /= np.linalg.norm(half)
    facing = np.clip(x * half[0] + y * half[1] + up * half[2], 0, 1)
    return np.asarray(body.gloss * facing**body.shine * body.mask, dtype=np.float32)
