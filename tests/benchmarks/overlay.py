"""Our overlay against the classic one: a full-frame Pillow alpha_composite per object.

Run ``python -m tests.benchmarks.overlay``. Both draw tints only, in turns, in one process, first
at full size, then for a screen: the classic way paints and then shrinks, ours shrinks and then
paints. Milliseconds are the processor's: what else the machine does is not counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import cv2
import numpy as np
from PIL import Image

from beltmask.images import shrunk
from beltmask.masks import mask_from_frame
from beltmask.model import Pixels, Size
from beltmask.palette import color_for, rgb_of
from beltmask.render import OverlayObject, display_overlay, overlay
from tests.benchmarks.race import race
from tests.frames import frame_of

SIZE: Size = (1920, 1080)
SIDE = 1600


def main() -> None:
    for count in (25, 100):
        pixels, objects = scene(count)
        copy = shrunk(pixels, SIDE)
        classic, ours, all_drawn = race(
            *(partial(way, pixels, objects) for way in (classic_overlay, tints, overlay))
        )
        classic_small, first, again, all_small = race(
            partial(classic_for_screen, pixels, objects),
            partial(tints_for_screen, pixels, objects),
            partial(tints_for_screen, copy, objects),
            partial(display_overlay, copy, objects, SIDE, size=SIZE),
        )
        print(
            f"{count} masks: classic {classic:.0f} ms, ours {ours:.1f} ms, "
            f"{classic / ours:.0f} times as fast; with outlines, boxes and chips {all_drawn:.1f} ms"
        )
        print(
            f"  for a screen of {SIDE} px: classic {classic_small:.0f} ms, ours {first:.1f} ms, "
            f"{classic_small / first:.0f} times; drawn over again {again:.1f} ms, "
            f"{classic_small / again:.0f} times, with outlines, boxes and chips {all_small:.1f} ms"
        )


def scene(count: int) -> tuple[Pixels, list[OverlayObject]]:
    """A noisy picture and ``count`` ellipses of 40 to 200 px."""
    random = np.random.default_rng(count)
    pixels = random.integers(0, 256, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
    return pixels, [ellipse(random, number) for number in range(1, count + 1)]


def ellipse(random: np.random.Generator, number: int) -> OverlayObject:
    frame = np.zeros((SIZE[1], SIZE[0]), dtype=np.uint8)
    center = (int(random.integers(100, SIZE[0] - 100)), int(random.integers(100, SIZE[1] - 100)))
    axes = (int(random.integers(20, 100)), int(random.integers(20, 100)))
    cv2.ellipse(frame, center, axes, float(random.integers(0, 180)), 0, 360, 1, -1)
    mask = mask_from_frame(frame > 0)
    assert mask is not None
    return OverlayObject(number, mask.box, mask, color_for(number))


def classic_overlay(pixels: Pixels, objects: Sequence[OverlayObject]) -> Pixels:
    picture = Image.fromarray(pixels).convert("RGBA")
    for item in objects:
        assert item.mask is not None
        veil = np.zeros((SIZE[1], SIZE[0], 4), dtype=np.uint8)
        veil[frame_of(item.mask, SIZE)] = (*rgb_of(item.color), 128)
        picture = Image.alpha_composite(picture, Image.fromarray(veil))
    return np.asarray(picture.convert("RGB"))


def classic_for_screen(pixels: Pixels, objects: Sequence[OverlayObject]) -> Pixels:
    return shrunk(classic_overlay(pixels, objects), SIDE)


def tints_for_screen(pixels: Pixels, objects: Sequence[OverlayObject]) -> Pixels:
    return display_overlay(
        pixels, objects, SIDE, size=SIZE, outlines=False, boxes=False, chips=False
    )


def tints(pixels: Pixels, objects: Sequence[OverlayObject]) -> Pixels:
    return overlay(pixels, objects, outlines=False, boxes=False, chips=False)


if __name__ == "__main__":
    main()
