"""Synthetic belts with known truth: for trying the app, for teaching and for tests.

The same seed draws the same belt on the same versions of NumPy and OpenCV.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from beltmask.demo import scenery
from beltmask.demo.bodies import Light
from beltmask.demo.noise import Random
from beltmask.demo.scatter import DemoObject, Table, scattered
from beltmask.demo.surfaces import SURFACES, Canvas
from beltmask.model import Box, Pixels, Size

__all__ = ["DEMO_NAMES", "DemoBelt", "DemoObject", "demo_belts", "draw_belt"]

_STYLES = tuple(SURFACES)
_GLARE = {
    "rubber": 0.14,
    "woven": 0.06,
    "green": 0.20,
    "worn": 0.16,
    "bright": 0.75,
    "modular": 0.3,
}
_COUNTS = (6, 9, 5, 0, 8, 7, 12, 4, 7, 10, 0, 14)
DEMO_NAMES = tuple(f"{_STYLES[seed % len(_STYLES)]}-{seed:02d}" for seed in range(len(_COUNTS)))
"""What the belts of the demo are called, in their order."""


@dataclass(frozen=True, slots=True, eq=False)
class DemoBelt:
    """``pixels`` are RGB, shape (rows, columns, 3). No objects: the belt is empty."""

    name: str
    pixels: Pixels
    objects: tuple[DemoObject, ...]


def draw_belt(seed: int, *, size: Size = (1280, 960), object_count: int | None = None) -> DemoBelt:
    """Draw a belt; the seed chooses its style, direction, light and objects.

    Args:
        size: (width, height) in px.
        object_count: 0 draws the same belt empty; None chooses 3 to 10.
    """
    random, thrower = (np.random.default_rng((seed, part)) for part in range(2))
    style = _STYLES[seed % len(_STYLES)]
    scene, table = _bare_belt(random, style, size, lying=(seed // len(_STYLES)) % 2 == 1)
    chosen = int(thrower.integers(3, 11)) if object_count is None else object_count
    objects = scattered(thrower, scene, table, chosen)
    scene = scenery.lit(random, scene, table.light[:2], _GLARE[style] * random.uniform(0.5, 1))
    return DemoBelt(f"{style}-{seed:02d}", scenery.photographed(random, scene), objects)


def demo_belts(*, without: Collection[str] = ()) -> Iterator[DemoBelt]:
    """A dozen different belts, two of them empty; those named in ``without`` are not drawn."""
    for seed, (name, count) in enumerate(zip(DEMO_NAMES, _COUNTS, strict=True)):
        if name not in without:
            yield draw_belt(seed, object_count=count)


def _bare_belt(random: Random, style: str, size: Size, *, lying: bool) -> tuple[Canvas, Table]:
    """A belt with its machine, travelling across the picture when ``lying``."""
    unit = min(size) / 960
    scene = SURFACES[style](random, size if lying else size[::-1], unit)
    if style != "modular" and random.random() < 0.45:
        scenery.add_seam(random, scene, unit)
    red, green, blue = (float(channel) for channel in np.median(scene[::7, ::7], axis=(0, 1)))
    region = scenery.add_frame(random, scene, unit)
    if lying:
        scene = np.ascontiguousarray(scene.swapaxes(0, 1))
        region = Box(region.y0, region.x0, region.y1, region.x1)
    return scene, Table(region, (red, green, blue), _lamp(random), unit)


def _lamp(random: Random) -> Light:
    """Somewhere around the belt, 45 to 65 degrees up."""
    around, up = random.uniform(0, 2 * np.pi), np.radians(random.uniform(45, 65))
    flat = np.cos(up)
    return float(np.cos(around) * flat), float(np.sin(around) * flat), float(np.sin(up))
