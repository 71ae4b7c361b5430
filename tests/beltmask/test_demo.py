from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from beltmask.demo import DEMO_NAMES, DemoBelt, demo_belts, draw_belt
from beltmask.masks import intersection_area


@pytest.fixture(scope="module")
def belts() -> list[DemoBelt]:
    return list(demo_belts())


def test_there_are_a_dozen_different_belts_and_two_are_empty(belts: list[DemoBelt]) -> None:
    assert [belt.name for belt in belts] == list(DEMO_NAMES)
    assert len(set(DEMO_NAMES)) == 12
    assert len({belt.pixels.tobytes() for belt in belts}) == 12
    assert sum(not belt.objects for belt in belts) == 2
    assert len({belt.name.split("-")[0] for belt in belts}) == 6


def test_pictures_are_rgb_of_the_size_asked_for(belts: list[DemoBelt]) -> None:
    assert {belt.pixels.shape for belt in belts} == {(960, 1280, 3)}
    assert {belt.pixels.dtype for belt in belts} == {np.dtype(np.uint8)}


def test_the_same_seed_draws_the_same_belt() -> None:
    first, again, other = (draw_belt(seed, size=(320, 240)) for seed in (5, 5, 17))
    assert np.array_equal(first.pixels, again.pixels)
    assert [found.mask for found in first.objects] == [found.mask for found in again.objects]
    assert not np.array_equal(first.pixels, other.pixels)


def test_every_kind_of_object_appears(belts: list[DemoBelt]) -> None:
    labels = {found.label for belt in belts for found in belt.objects}
    assert {"bolt", "washer", "thread", "cable", "glass shard", "rubber scrap"} <= labels
    assert len(labels) == 13


def test_no_pixel_belongs_to_two_objects(belts: list[DemoBelt]) -> None:
    for belt in belts:
        for one, other in combinations(belt.objects, 2):
            assert intersection_area(one.mask, other.mask) == 0


def test_masks_lie_inside_the_picture_and_are_worth_finding(belts: list[DemoBelt]) -> None:
    for belt in belts:
        for found in belt.objects:
            assert found.mask.box.clipped((1280, 960)) == found.mask.box
            assert found.mask.area >= 100, (belt.name, found.label)


def test_a_washer_has_its_hole(belts: list[DemoBelt]) -> None:
    washers = [f.mask for belt in belts for f in belt.objects if f.label == "washer"]
    assert washers
    for mask in washers:
        rows, columns = mask.bits.shape
        assert not mask.bits[rows // 2, columns // 2]


@pytest.mark.parametrize("seed", [2, 7])
def test_the_masks_are_where_the_objects_are(seed: int) -> None:
    """Against the same belt drawn empty, nearly every pixel of a mask has changed."""
    full, bare = draw_belt(seed, object_count=8), draw_belt(seed, object_count=0)
    change = np.abs(full.pixels.astype(int) - bare.pixels).sum(axis=2)
    for found in full.objects:
        if found.label not in {"rubber scrap", "glass shard"}:  # belt-coloured, transparent
            box = found.mask.box
            inside = change[box.y0 : box.y1, box.x0 : box.x1][found.mask.bits]
            assert (inside > 24).mean() > 0.85, found.label
    assert np.median(change) == 0


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("size", [(1280, 960), (160, 120), (300, 700)])
def test_any_style_and_size_holds_the_objects_asked_for(seed: int, size: tuple[int, int]) -> None:
    belt = draw_belt(seed, size=size, object_count=3)
    assert belt.pixels.shape == (size[1], size[0], 3)
    assert len(belt.objects) == 3
