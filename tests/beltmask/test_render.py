from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from beltmask.masks import bits_in, mask_from_crop
from beltmask.model import BoolArray, Box, Mask, Pixels
from beltmask.palette import rgb_of
from beltmask.render import OverlayObject, color_for, display_overlay, fitted, overlay, palette
from tests.examples import examples

# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
COLOR_VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0521]]
    ),
    "deuteranopia": np.array(
        [[0.3673, 0.8606, -0.228], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]]
    ),
    "tritanopia": np.array(
        [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]]
    ),
}


def belt(rows: int = 90, columns: int = 120) -> Pixels:
    return np.random.default_rng(5).integers(0, 256, (rows, columns, 3), dtype=np.uint8)


def shape(bits: BoolArray, x: int = 0, y: int = 0) -> Mask:
    mask = mask_from_crop(bits, x, y)
    assert mask is not None
    return mask


def shown(mask: Mask, number: int = 1, color: str = "#e69f00") -> OverlayObject:
    return OverlayObject(number, mask.box, mask, color)


def tinted(pixels: Pixels, objects: list[OverlayObject], opacity: float = 0.5) -> Pixels:
    return overlay(pixels, objects, opacity=opacity, outlines=False, boxes=False, chips=False)


def composited(pixels: Pixels, item: OverlayObject, opacity: float) -> Pixels:
    """The classic way: one full-frame veil per object."""
    alpha = np.zeros(pixels.shape[:2], dtype=np.uint8)
    assert item.mask is not None
    box = item.mask.box
    alpha[box.y0 : box.y1, box.x0 : box.x1] = item.mask.bits * round(opacity * 255)
    veil = Image.new("RGBA", (pixels.shape[1], pixels.shape[0]), (*rgb_of(item.color), 0))
    veil.putalpha(Image.fromarray(alpha))
    return np.asarray(Image.alpha_composite(Image.fromarray(pixels).convert("RGBA"), veil))[..., :3]


def blob(random: np.random.Generator, number: int) -> OverlayObject:
    x, y, width, height = (int(value) for value in random.integers(1, 40, 4))
    bits = random.random((height, width)) < 0.7
    bits[0, 0] = True
    return shown(shape(bits, x, y), number, color_for(number))


def blurred(random: np.random.Generator) -> BoolArray:
    """Smooth shapes with holes, as objects have them."""
    return cv2.GaussianBlur(random.random((40, 50)), (9, 9), 3) > 0.5


def traced(pixels: Pixels, item: OverlayObject) -> Pixels:
    """The straightforward outline: a line from each pixel of the border to the next."""
    assert item.mask is not None
    picture, size = pixels.copy(), max(pixels.shape)
    bits = np.pad(item.mask.bits, 1).astype(np.uint8)
    offset = (item.mask.x - 1, item.mask.y - 1)
    found, _ = cv2.findContours(bits, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    width = max(1, round(size / 900))
    cv2.drawContours(picture, found, -1, rgb_of(item.color), width, offset=offset)
    return picture


def covered(bits: BoolArray, rows: int, columns: int) -> NDArray[np.float64]:
    """The share of each pixel of a smaller copy, by counting the pixels of a multiple of both."""
    fine = np.kron(bits, np.ones((rows, columns)))
    height, width = bits.shape
    cover: NDArray[np.float64] = fine.reshape(rows, height, columns, width).mean(axis=(1, 3))
    return cover


@given(
    seed=st.integers(0, 999),
    color=st.from_regex(r"#[0-9a-f]{6}", fullmatch=True),
    opacity=st.floats(0, 1),
)
@settings(max_examples=examples(20, exploring=60))
def test_a_tint_is_bit_for_bit_pillows_alpha_composite(
    seed: int, color: str, opacity: float
) -> None:
    bits = np.random.default_rng(seed).random((40, 50)) < 0.5
    item = shown(shape(bits, 30, 20), color=color)
    assert np.array_equal(tinted(belt(), [item], opacity), composited(belt(), item, opacity))


@given(seed=st.integers(0, 999), opacity=st.floats(0, 1))
@settings(max_examples=40)
def test_overlapping_tints_are_composited_one_by_one_the_largest_first(
    seed: int, opacity: float
) -> None:
    random = np.random.default_rng(seed)
    items = [blob(random, number) for number in range(1, 6)]
    expected = belt()
    for item in sorted(items, key=lambda item: 0 if item.mask is None else -item.mask.area):
        expected = composited(expected, item, opacity)
    assert np.array_equal(tinted(belt(), items, opacity), expected)


@given(seed=st.integers(0, 999), longest=st.sampled_from([300, 1600, 2600, 3700, 4600]))
@settings(max_examples=60)
def test_an_outline_is_drawn_along_every_pixel_of_its_border(seed: int, longest: int) -> None:
    random = np.random.default_rng(seed)
    bits = random.random((40, 50)) < random.choice([0.1, 0.5, 0.9])
    item = shown(shape(bits | blurred(random), 30, 20))
    ground = np.zeros((80, longest, 3), dtype=np.uint8)
    picture = overlay(ground, [item], opacity=0, boxes=False, chips=False)
    assert np.array_equal(picture, traced(ground, item))


@given(
    seed=st.integers(0, 999),
    source=st.tuples(st.integers(1, 30), st.integers(1, 30)),
    share=st.tuples(st.floats(0.02, 1), st.floats(0.02, 1)),
)
@settings(max_examples=100)
def test_a_shrunk_mask_is_every_pixel_it_covers_by_a_third(
    seed: int, source: tuple[int, int], share: tuple[float, float]
) -> None:
    random = np.random.default_rng(seed)
    bits = random.random(source) < random.choice([0.05, 0.5, 0.9])
    bits[0, 0] = bits[-1, -1] = True
    rows, columns = (max(1, round(n * part)) for n, part in zip(source, share, strict=True))
    [small] = fitted([shown(shape(bits))], (source[1], source[0]), (columns, rows))
    assert small.mask is not None
    cover = covered(bits, rows, columns)
    drawn = bits_in(small.mask, Box(0, 0, columns, rows))
    limit = min(1 / 3, cover.max())
    assert drawn[cover > limit + 1 / 255].all()
    assert not drawn[cover < limit - 1 / 255].any()


def test_the_picture_handed_in_is_left_alone() -> None:
    pixels = belt()
    pixels.setflags(write=False)
    drawn = overlay(pixels, [shown(shape(np.ones((9, 9), dtype=bool)))])
    assert not np.array_equal(drawn, pixels)
    assert np.array_equal(pixels, belt())


def test_without_objects_the_picture_is_unchanged() -> None:
    assert np.array_equal(overlay(belt(), []), belt())


def test_small_objects_are_painted_last() -> None:
    small = shown(shape(np.ones((4, 4), dtype=bool), 20, 20), 1, "#0072b2")
    large = shown(shape(np.ones((60, 60), dtype=bool)), 2, "#e69f00")
    picture = tinted(belt(), [small, large], opacity=1)
    assert tuple(picture[21, 21]) == rgb_of("#0072b2")
    assert tuple(picture[5, 5]) == rgb_of("#e69f00")


def test_what_lies_outside_the_picture_is_not_drawn() -> None:
    over_the_edge = shown(shape(np.ones((40, 40), dtype=bool), 100, 70))
    outside = shown(shape(np.ones((4, 4), dtype=bool), 500, 500))
    picture = overlay(belt(), [over_the_edge, outside], chips=False)
    assert picture.shape == belt().shape
    assert not np.array_equal(picture[70:, 100:], belt()[70:, 100:])
    assert np.array_equal(picture[:70], belt()[:70])


def test_an_object_without_mask_is_a_box() -> None:
    item = OverlayObject(1, Box(10, 20, 30, 50), None, "#d55e00")
    picture = overlay(belt(), [item], chips=False)
    changed = (picture != belt()).any(axis=2)
    assert tuple(picture[20, 15]) == tuple(picture[49, 29]) == rgb_of("#d55e00")
    assert not changed[21:49, 11:29].any()
    assert not changed[50:].any()
    assert not changed[:, 30:].any()


def test_holes_are_outlined_too_and_stay_untinted() -> None:
    ring = np.ones((31, 31), dtype=bool)
    ring[10:21, 10:21] = False
    item = shown(shape(ring, 40, 40))
    picture = overlay(belt(), [item], boxes=False, chips=False)
    assert np.array_equal(picture[52:59, 52:59], belt()[52:59, 52:59])
    assert tuple(picture[49, 55]) == rgb_of(item.color)


@pytest.mark.parametrize("corner", [(0, 0), (118, 0), (0, 88), (118, 88)])
def test_chips_stay_inside_the_picture(corner: tuple[int, int]) -> None:
    item = OverlayObject(128, Box(*corner, corner[0] + 2, corner[1] + 2), None, "#cc79a7")
    plain = overlay(belt(), [item], chips=False)
    chip = (overlay(belt(), [item]) != plain).any(axis=2)
    rows, columns = np.nonzero(chip)
    assert np.ptp(rows) + 1 == 13
    assert np.ptp(columns) + 1 > 13


@pytest.mark.parametrize("color", palette(10))
def test_chips_are_legible_on_their_own_colour(color: str) -> None:
    ground = np.full((90, 120, 3), rgb_of(color), dtype=np.uint8)
    picture = overlay(ground, [OverlayObject(8, Box(40, 40, 60, 60), None, color)], boxes=False)
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(int)
    assert np.ptp(grey) > 90


def test_a_picture_smaller_than_a_chip_can_be_drawn() -> None:
    item = OverlayObject(1234, Box(0, 0, 3, 3), None, "#cc79a7", "label")
    assert overlay(belt(4, 5), [item], labels=True).shape == (4, 5, 3)


def test_the_display_copy_is_small_and_aligned() -> None:
    item = shown(shape(np.ones((400, 600), dtype=bool), 1000, 800))
    ground = np.zeros((1500, 3000, 3), dtype=np.uint8)
    picture = display_overlay(ground, [item], 1000, outlines=False, boxes=False, chips=False)
    assert picture.shape == (500, 1000, 3)
    rows, columns = np.nonzero(picture.any(axis=2))
    assert (rows.min(), rows.max() + 1) == (267, 400)
    assert (columns.min(), columns.max() + 1) == (333, 533)


def test_a_small_copy_of_the_picture_shows_objects_of_the_large_one() -> None:
    item = shown(shape(np.ones((40, 60), dtype=bool), 100, 80))
    large = np.zeros((150, 300, 3), dtype=np.uint8)
    copy = np.zeros((75, 150, 3), dtype=np.uint8)
    assert np.array_equal(
        display_overlay(copy, [item], 100, size=(300, 150)), display_overlay(large, [item], 100)
    )


@given(st.integers(0, 2999), st.integers(0, 1999), st.integers(1, 9), st.integers(1, 9))
@settings(max_examples=examples(30, exploring=100))
def test_no_mask_vanishes_when_shrunk(x: int, y: int, width: int, height: int) -> None:
    bits = np.zeros((height, width), dtype=bool)
    bits[0, 0] = bits[-1, -1] = True
    item = shown(shape(bits, min(x, 3000 - width), min(y, 2000 - height)))
    [small] = fitted([item], (3000, 2000), (200, 133))
    assert small.mask is not None
    assert small.mask.box.clipped((200, 133)) == small.mask.box
    assert small.box.clipped((200, 133)) == small.box


def test_a_thread_stays_in_one_piece_when_shrunk() -> None:
    line = np.zeros((800, 800), dtype=np.uint8)
    cv2.line(line, (10, 20), (780, 760), 255, 3)
    [small] = fitted([shown(shape(line > 0))], (800, 800), (300, 300))
    assert small.mask is not None
    pieces, _ = cv2.connectedComponents(small.mask.bits.astype(np.uint8))
    assert pieces - 1 == 1


@pytest.mark.parametrize("vision", COLOR_VISION)
def test_colours_differ_for_every_kind_of_colour_vision(vision: str) -> None:
    encoded = np.array([rgb_of(color) for color in palette(10)]) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ COLOR_VISION[vision].T, 0, 1)
    lab = cv2.cvtColor(seen[None].astype(np.float32), cv2.COLOR_LRGB2LAB)[0]
    apart = np.linalg.norm(lab[:, None] - lab[None], axis=2)
    assert apart[~np.eye(10, dtype=bool)].min() > 10


def test_colours_repeat_after_the_last() -> None:
    assert color_for(10) == color_for(0)
    assert len(set(palette(10))) == 10


@pytest.mark.parametrize("color", ["red", "#fff", "#gggggg", "112233x"])
def test_other_ways_to_write_a_colour_are_refused(color: str) -> None:
    with pytest.raises(ValueError, match=r"colour|base 16"):
        rgb_of(color)
