"""Where objects lie on a belt, and which pixels stay theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from beltmask.demo import hard, soft
from beltmask.demo.bodies import Body, Light, paint
from beltmask.demo.noise import Random
from beltmask.demo.surfaces import Canvas, Rgb
from beltmask.masks import mask_from_crop
from beltmask.model import Box, Mask

Maker = Callable[[Random, float, Rgb], Body]
Owners = NDArray[np.int16]
"""For every pixel the number of the object seen there, from 1; 0 is belt."""
Corner = tuple[int, int]

KINDS: Mapping[str, tuple[Maker, float, float]] = MappingProxyType(
    {
        "bolt": (hard.bolt, 45, 130),
        "washer": (hard.washer, 22, 70),
        "bottle cap": (hard.cap, 45, 85),
        "wood splinter": (hard.splinter, 70, 220),
        "stone": (hard.stone, 30, 110),
        "glass shard": (hard.glass, 60, 140),
        "plastic packet": (soft.packet, 110, 230),
        "cloth scrap": (soft.cloth, 100, 220),
        "thread": (soft.thread, 150, 420),
        "cable": (soft.cable, 180, 420),
        "cardboard": (soft.cardboard, 90, 210),
        "glove": (soft.glove, 170, 260),
        "rubber scrap": (soft.rubber_scrap, 40, 110),
    }
)
"""Label -> how to make it, and its smallest and largest length in px at 1280 x 960."""


@dataclass(frozen=True, slots=True, eq=False)
class DemoObject:
    """``mask`` holds the pixels seen: where objects overlap, the upper one owns them."""

    label: str
    mask: Mask


@dataclass(frozen=True, slots=True)
class Table:
    """The belt that objects are laid on."""

    region: Box
    color: Rgb
    light: Light
    unit: float


def scattered(random: Random, scene: Canvas, table: Table, count: int) -> tuple[DemoObject, ...]:
    """Paint ``count`` objects into ``scene`` and say where they are."""
    owners = np.zeros(scene.shape[:2], dtype=np.int16)
    labels = _chosen_labels(random, count)
    places: list[Box] = []
    for number, label in enumerate(labels, start=1):
        body = _fitting(random, label, table)
        corner = _place(random, owners, body, table.region)
        paint(scene, body, corner, table.light)
        place = _box_at(corner, body)
        _view(owners, place)[body.mask] = number
        places.append(place)
    return tuple(_seen(owners, labels, places))


def _chosen_labels(random: Random, count: int) -> list[str]:
    """Every kind once before any comes twice."""
    labels: list[str] = []
    while len(labels) < count:
        labels += [str(label) for label in random.permutation(list(KINDS))]
    return labels[:count]


def _fitting(random: Random, label: str, table: Table) -> Body:
    """One in five is tiny; none is larger than the belt."""
    make, smallest, largest = KINDS[label]
    size = smallest if random.random() < 0.2 else random.uniform(smallest, largest)
    room = 0.8 * min(table.region.width, table.region.height)
    return make(random, min(max(10.0, size * table.unit), room), table.color)


def _place(random: Random, owners: Owners, body: Body, region: Box) -> Corner:
    """Free ground, three times out of ten pushed against or onto the nearest object."""
    rows, columns = body.mask.shape
    room = (max(1, region.width - columns), max(1, region.height - rows))
    tries = [
        (region.x0 + int(random.integers(room[0])), region.y0 + int(random.integers(room[1])))
        for _ in range(24)
    ]
    best = min(tries, key=lambda corner: _taken(owners, corner, body))
    if random.random() < 0.3 and owners.any():
        return _pushed(random, owners, body, best)
    return best


def _pushed(random: Random, owners: Owners, body: Body, start: Corner) -> Corner:
    """Towards the middle of some object until they touch, or the smaller loses a tenth."""
    other = mask_from_crop(owners == int(random.integers(1, owners.max() + 1)))
    if other is None:
        return start
    smaller = min(other.area, int(np.count_nonzero(body.mask)))
    allowed = max(int(smaller * random.choice([0.0, 0.1])), _taken(owners, start, body))
    goal = np.array([other.box.x0 + other.box.x1, other.box.y0 + other.box.y1]) / 2
    way = goal - np.array(body.mask.shape[::-1]) / 2 - start
    last = start
    for step in np.linspace(0, 1, 60):
        x, y = (round(float(place)) for place in np.array(start) + way * step)
        if _taken(owners, (x, y), body) > allowed:
            break
        last = (x, y)
    return last


def _taken(owners: Owners, corner: Corner, body: Body) -> int:
    """How many pixels ``body`` would take from others at ``corner``."""
    window = _view(owners, _box_at(corner, body))
    return int(np.count_nonzero((window > 0) & body.mask))


def _box_at(corner: Corner, body: Body) -> Box:
    rows, columns = body.mask.shape
    return Box(corner[0], corner[1], corner[0] + columns, corner[1] + rows)


def _view(owners: Owners, box: Box) -> Owners:
    return owners[box.y0 : box.y1, box.x0 : box.x1]


def _seen(owners: Owners, labels: list[str], places: list[Box]) -> list[DemoObject]:
    """What is left to see of each object; nothing of one that lies under others."""
    found = []
    for number, (label, place) in enumerate(zip(labels, places, strict=True), start=1):
        mask = mask_from_crop(_view(owners, place) == number, place.x0, place.y0)
        if mask is not None:
            found.append(DemoObject(label, mask))
    return found
