"""Long pictures with small things on them, and what a model would see of them at each size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from beltmask.demo import draw_belt
from beltmask.detectors.llm.picture_payload import sent_size
from beltmask.detectors.tiling import tiles_of
from beltmask.images import encode_jpeg
from beltmask.masks import iou, mask_from_crop, moved, part_in
from beltmask.model import Box, Finding, Image, Mask, Pixels, Size
from beltmask.workflows.images import add_picture
from beltmask.workflows.services import Services
from tests.gemini_truth import KnownObject, KnownPicture, known_picture

LEAST_SEEN = 8
"""Pixels, as sent, that an object must be wide and high to be seen at all."""


@dataclass(frozen=True, eq=False)
class LineScan:
    """``pixels`` are RGB, shape (rows, columns, 3)."""

    pixels: Pixels
    objects: tuple[KnownObject, ...]

    @property
    def size(self) -> Size:
        return (self.pixels.shape[1], self.pixels.shape[0])

    def views(self, side: int) -> Iterator[KnownPicture]:
        """All of it and each of its tiles, with what can be seen there."""
        for number, region in enumerate([Box(0, 0, *self.size), *tiles_of(self.size, side)]):
            cut = self.pixels[region.y0 : region.y1, region.x0 : region.x1]
            yield known_picture(f"view {number}", cut, self._seen(region, side))

    def hits(self, findings: Sequence[Finding]) -> int:
        """How many of its objects were found, at IoU 0.5."""
        masks = [one.mask for one in findings if one.mask is not None]
        return sum(any(iou(one.mask, mask) >= 0.5 for mask in masks) for one in self.objects)

    def add_to(self, project_id: int, services: Services) -> Image:
        data = encode_jpeg(self.pixels, quality=95)
        added = add_picture("line.jpg", data, project_id=project_id, services=services)
        assert added.image is not None
        return added.image

    def _seen(self, region: Box, side: int) -> Iterator[KnownObject]:
        size = (region.width, region.height)
        scale = sent_size(size, longest=side)[0] / size[0]
        for one in self.objects:
            part = part_in(one.mask, region)
            if part is not None and min(part.box.width, part.box.height) * scale >= LEAST_SEEN:
                yield KnownObject(one.label, moved(part, -region.x0, -region.y0))


def short_scan() -> LineScan:
    """900 x 300 pixels of speckle with four discs, the second one where tiles meet."""
    speckle = np.random.default_rng(5).integers(40, 120, (30, 90, 3)).astype(np.uint8)
    pixels = cv2.resize(speckle, (900, 300), interpolation=cv2.INTER_NEAREST)
    return _with_discs(
        pixels.astype(np.uint8), [(90, 150, 40), (250, 100, 60), (800, 200, 30), (740, 80, 30)]
    )


def long_scan(times: int = 4) -> LineScan:
    """Belt of 1,500 x 500 pixels ``times`` as large, with ten discs of 34 to 44 pixels on it.

    Two discs of 150 lie beside the last of them.
    """
    belt = draw_belt(2, size=(1500, 500), object_count=0).pixels
    size = (1500 * times, 500 * times)
    pixels = cv2.resize(belt, size, interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    places = [(150 + 280 * (n % 5), 170 + 160 * (n // 5)) for n in range(10)]
    small = [(x * times, y * times, 34 + n) for n, (x, y) in enumerate(places)]
    x, y, _ = small[-1]
    return _with_discs(pixels, [*small, (x - 200, y, 150), (x, y - 200, 150)])


def _with_discs(pixels: Pixels, discs: Sequence[tuple[int, int, int]]) -> LineScan:
    """Discs by centre and diameter."""
    painted = pixels.copy()
    return LineScan(painted, tuple(_paint(painted, *disc) for disc in discs))


def _paint(pixels: Pixels, x: int, y: int, diameter: int) -> KnownObject:
    bits = np.zeros((diameter + 1, diameter + 1), dtype=np.uint8)
    cv2.circle(bits, (diameter // 2, diameter // 2), diameter // 2, 1, -1)
    mask = mask_from_crop(bits.astype(np.bool_), x - diameter // 2, y - diameter // 2)
    assert isinstance(mask, Mask)
    box = mask.box
    pixels[box.y0 : box.y1, box.x0 : box.x1][mask.bits] = (240, 230, 60)
    return KnownObject(f"disc at {x}, {y}", mask)
