"""A box and the picture -> the object's mask."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from beltmask.detectors.refine import mask_from_box_in
from beltmask.masks import bits_in, iou, mask_from_box, mask_from_frame
from beltmask.model import Box, Mask, Pixels
from tests.gemini_truth import read_truth


def _belt(width: int = 300, height: int = 200) -> Pixels:
    noise = np.random.default_rng(0).normal(60, 4, (height, width, 3))
    return noise.clip(0, 255).astype(np.uint8)


def _with_disc(pixels: Pixels, centre: tuple[int, int], radius: int) -> tuple[Pixels, Mask]:
    frame = np.zeros(pixels.shape[:2], np.uint8)
    cv2.circle(frame, centre, radius, 1, cv2.FILLED)
    mask = mask_from_frame(frame.astype(np.bool_))
    assert mask is not None
    drawn = np.where(frame[:, :, None] == 1, np.array([200, 160, 40]), pixels)
    return drawn.astype(np.uint8), mask


@pytest.mark.parametrize(("scale", "least"), [(1, 0.95), (6, 0.93)])
def test_an_object_is_found_in_its_box(scale: int, least: float) -> None:
    belt = _belt(300 * scale, 200 * scale)
    pixels, disc = _with_disc(belt, (150 * scale, 100 * scale), 40 * scale)
    found = mask_from_box_in(pixels, disc.box)
    assert found is not None
    assert iou(found, disc) > least


def test_the_mask_stays_inside_the_box_and_the_picture() -> None:
    pixels, disc = _with_disc(_belt(), (290, 100), 40)
    box = Box(disc.box.x0, disc.box.y0, 340, disc.box.y1)
    found = mask_from_box_in(pixels, box)
    assert found is not None
    assert found.box.clipped((300, 200)) == found.box
    assert np.array_equal(bits_in(found, disc.box).any(), True)


def test_the_same_box_always_gives_the_same_mask() -> None:
    pixels, disc = _with_disc(_belt(), (150, 100), 40)
    assert mask_from_box_in(pixels, disc.box) == mask_from_box_in(pixels, disc.box)


def test_an_object_as_square_as_its_box_is_found_whole() -> None:
    pixels, box = _belt(), Box(100, 60, 180, 120)
    pixels[60:120, 100:180] = (220, 220, 210)
    found = mask_from_box_in(pixels, box)
    assert found is not None
    assert iou(found, mask_from_box(box)) > 0.97


@pytest.mark.parametrize(
    "box", [Box(0, 0, 300, 200), Box(10, 10, 12, 40), Box(400, 10, 450, 40), Box(50, 50, 150, 120)]
)
def test_where_nothing_stands_out_there_is_no_mask(box: Box) -> None:
    flat = np.full((200, 300, 3), 60, dtype=np.uint8)
    assert mask_from_box_in(flat, box) is None


def test_the_picture_is_left_alone() -> None:
    pixels, disc = _with_disc(_belt(), (150, 100), 40)
    before = pixels.copy()
    pixels.setflags(write=False)
    mask_from_box_in(pixels, disc.box)
    assert np.array_equal(pixels, before)


@pytest.mark.pictures
@pytest.mark.parametrize(
    ("folder", "least"), [("fruits_nuts", 0.9), ("smartbelt_scrap", 0.75), ("snack_on_belt", 0.9)]
)
def test_masks_of_real_objects(shared_data: Path, folder: str, least: float) -> None:
    scores = []
    for known in list(read_truth(shared_data / "pictures" / folder))[:3]:
        bgr = cv2.imread(str(shared_data / "pictures" / folder / "images" / known.name))
        assert bgr is not None
        pixels = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.uint8)
        for truth in known.objects[:4]:
            found = mask_from_box_in(pixels, truth.mask.box)
            scores.append(0.0 if found is None else iou(found, truth.mask))
    assert np.mean(scores) > least
