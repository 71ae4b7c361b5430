"""A spot and the picture -> the object's mask."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from beltmask.detectors.click_segmentation import mask_at
from beltmask.masks import iou, mask_from_frame
from beltmask.model import Mask, Pixels
from tests.benchmarks.magic import middle_of
from tests.gemini_truth import read_truth


def belt(width: int = 600, height: int = 400) -> Pixels:
    noise = np.random.default_rng(0).normal(60, 4, (height, width, 3))
    return noise.clip(0, 255).astype(np.uint8)


def with_disc(
    pixels: Pixels, centre: tuple[int, int], radius: int, color: tuple[int, int, int]
) -> tuple[Pixels, Mask]:
    frame = np.zeros(pixels.shape[:2], np.uint8)
    cv2.circle(frame, centre, radius, 1, cv2.FILLED)
    disc = mask_from_frame(frame.astype(np.bool_))
    assert disc is not None
    return np.where(frame[:, :, None] == 1, np.array(color), pixels).astype(np.uint8), disc


@pytest.mark.parametrize("radius", [8, 25, 70])
def test_the_object_under_a_click_is_found_whatever_its_size(radius: int) -> None:
    pixels, disc = with_disc(belt(), (300, 200), radius, (200, 160, 40))
    found = mask_at(pixels, (300 + radius // 3, 200))
    assert found is not None
    assert iou(found, disc) > 0.85


def test_a_click_takes_the_object_it_is_on_and_leaves_its_neighbour() -> None:
    pixels, left = with_disc(belt(), (200, 200), 40, (200, 160, 40))
    pixels, right = with_disc(pixels, (320, 200), 40, (30, 120, 210))
    for spot, disc in (((200, 200), left), ((320, 200), right)):
        found = mask_at(pixels, spot)
        assert found is not None
        assert iou(found, disc) > 0.85


def test_an_object_that_leaves_the_picture_is_found_up_to_its_edge() -> None:
    pixels, disc = with_disc(belt(), (10, 200), 40, (200, 160, 40))
    found = mask_at(pixels, (5, 200))
    assert found is not None
    assert iou(found, disc) > 0.85


def test_a_ring_is_found_with_its_hole_filled() -> None:
    pixels, disc = with_disc(belt(), (300, 200), 50, (200, 160, 40))
    cv2.circle(pixels, (300, 200), 8, (60, 60, 60), cv2.FILLED)
    found = mask_at(pixels, (330, 200))
    assert found is not None
    assert iou(found, disc) > 0.85


@pytest.mark.parametrize("spot", [(300, 200), (0, 0), (599, 399)])
def test_on_a_bare_belt_there_is_nothing_to_find(spot: tuple[int, int]) -> None:
    flat = np.full((400, 600, 3), 60, dtype=np.uint8)
    assert mask_at(belt(), spot) is None
    assert mask_at(flat, spot) is None


def test_the_same_click_always_gives_the_same_mask() -> None:
    pixels, _ = with_disc(belt(), (300, 200), 40, (200, 160, 40))
    assert mask_at(pixels, (310, 200)) == mask_at(pixels, (310, 200))


@pytest.mark.pictures
@pytest.mark.parametrize(("folder", "least"), [("fruits_nuts", 0.6), ("smartbelt_scrap", 0.75)])
def test_clicks_on_real_objects(shared_data: Path, folder: str, least: float) -> None:
    scores = []
    for known in list(read_truth(shared_data / "pictures" / folder))[:3]:
        bgr = cv2.imread(str(shared_data / "pictures" / folder / "images" / known.name))
        assert bgr is not None
        pixels = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.uint8)
        for truth in known.objects[:2]:
            found = mask_at(pixels, middle_of(truth.mask))
            scores.append(0.0 if found is None else iou(found, truth.mask))
    assert np.median(scores) > least
