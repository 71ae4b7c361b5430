"""Squares and windows of pictures that are in the store."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import cast

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from beltmask.errors import ImageError, NotFoundError
from beltmask.images import (
    ImageLimits,
    encode_jpeg,
    encode_png,
    opened_image,
    read_image,
    read_samples,
    shrunk,
)
from beltmask.model import Image, Pixels, Project
from beltmask.samples import Samples, shown_through
from beltmask.store.blobs import Shelf
from beltmask.workflows.images import add_picture, original_pixels
from beltmask.workflows.previews import preview
from beltmask.workflows.pyramids import (
    preview_through,
    pyramid,
    square_jpeg,
    window_of,
)
from beltmask.workflows.services import Services
from tests import belts

LONG = (2501, 700)


def added(data: bytes, project: Project, services: Services) -> Image:
    found = add_picture("long.png", data, project_id=project.id, services=services).image
    assert found is not None
    return found


def belt() -> Pixels:
    return belts.belt(4, size=LONG, object_count=3).pixels


def deep_belt() -> Samples:
    """16 bits, of which an ordinary window shows the middle."""
    return belt()[..., 1].astype(np.uint16) * 150 + 2_000


def joined(image: Image, level: int, services: Services, window: str = "") -> Pixels:
    """A level put together from its squares."""
    columns, rows = pyramid(image.size).grid(level)
    shown = window_of(window) if window else None

    def square(column: int, row: int) -> Pixels:
        place = (level, column, row)
        data = square_jpeg(image, place, services=services, window=shown)
        return read_image(data, name="square").pixels

    strips = [np.hstack([square(column, row) for column in range(columns)]) for row in range(rows)]
    return np.vstack(strips)


def alike(first: Samples, second: Samples) -> bool:
    """But for what JPEG changes."""
    difference = np.abs(first.astype(np.float64) - second)
    return first.shape == second.shape and bool(difference.mean() < 4)


def halved(pixels: Pixels) -> Pixels:
    size = ((pixels.shape[1] + 1) // 2, (pixels.shape[0] + 1) // 2)
    return cast("Pixels", cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


def test_a_large_picture_comes_in_with_its_squares(project: Project, services: Services) -> None:
    image = added(belts.belt_png(4, size=LONG, object_count=3), project, services)
    assert services.store.blobs.has(Shelf.PYRAMIDS, image.facts.sha256)
    assert pyramid(image.size).levels == 1
    assert alike(joined(image, 0, services), belt())


def test_each_level_is_half_as_large(project: Project, services: Services) -> None:
    pixels = cv2.resize(belt(), (5003, 301), interpolation=cv2.INTER_AREA).astype(np.uint8)
    image = added(encode_jpeg(pixels, 95), project, services)
    assert pyramid(image.size).levels == 2
    truth = original_pixels(image, services=services)
    assert alike(joined(image, 0, services), truth)
    assert alike(joined(image, 1, services), halved(truth))


def test_squares_lie_in_the_upright_picture(project: Project, services: Services) -> None:
    """A camera on its side: the file is wide, the picture high."""
    file, tags = BytesIO(), Pillow.Exif()
    tags[0x0112] = 6
    Pillow.fromarray(belt()).save(file, "PNG", exif=tags)
    image = added(file.getvalue(), project, services)
    assert image.size == (700, 2501)
    assert alike(joined(image, 0, services), np.rot90(belt(), -1))


def test_a_small_picture_needs_no_squares(
    image: Image, project: Project, services: Services
) -> None:
    assert not services.store.blobs.has(Shelf.PYRAMIDS, image.facts.sha256)
    with pytest.raises(NotFoundError, match="no level 0"):
        square_jpeg(image, (0, 0, 0), services=services)


@pytest.fixture
def came_before(project: Project, services: Services) -> Iterator[Image]:
    """A large picture from when no squares were made."""
    image = added(belts.belt_png(4, size=LONG, object_count=3), project, services)
    [squares] = [file for file in services.settings.data.rglob("pyramids/*/*") if file.is_file()]
    squares.unlink()
    assert not services.store.blobs.has(Shelf.PYRAMIDS, image.facts.sha256)
    yield image
    assert services.store.blobs.has(Shelf.PYRAMIDS, image.facts.sha256)


def test_squares_of_older_pictures_are_made_once(
    came_before: Image, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded = list[str]()

    def counting(data: bytes, *, name: str, limits: ImageLimits) -> object:
        decoded.append(name)
        return opened_image(data, name=name, limits=limits)

    monkeypatch.setattr("beltmask.workflows.pyramids.opened_image", counting)
    with ThreadPoolExecutor(8) as browser:
        asked = [
            browser.submit(square_jpeg, came_before, (0, column, 0), services=services)
            for column in range(5)
        ]
        assert all(one.result().startswith(b"\xff\xd8") for one in asked)
    assert decoded == ["long.png"]


@pytest.mark.parametrize("window", ["2000,20000", "-5,1e5", "9000.5,9001"])
def test_a_window_chooses_from_all_bits(project: Project, services: Services, window: str) -> None:
    data = encode_png(deep_belt())
    image = added(data, project, services)
    truth = shown_through(read_samples(data), window_of(window))
    assert alike(joined(image, 0, services, window), truth)


def test_without_a_window_squares_look_like_the_preview(
    project: Project, services: Services
) -> None:
    image = added(encode_png(deep_belt()), project, services)
    shown = original_pixels(image, services=services)
    assert alike(joined(image, 0, services), shown)
    low, high = image.facts.window or (0, 0)
    assert alike(joined(image, 0, services, f"{low},{high}"), shown)


def test_the_preview_can_be_seen_through_a_window(project: Project, services: Services) -> None:
    image = added(encode_png(deep_belt()), project, services)
    usual = read_image(preview(image, services=services), name="preview").pixels
    window = image.facts.window or (0.0, 0.0)
    shown = preview_through(image, window, services=services)
    assert alike(read_image(shown, name="preview").pixels, usual)
    dark = preview_through(image, (60_000, 65_000), services=services)
    assert read_image(dark, name="preview").pixels.max() < 10


@pytest.mark.parametrize("kind", [np.int16, np.int32, np.uint32, np.float32])
def test_samples_of_every_kind_have_windows(
    project: Project, services: Services, kind: type
) -> None:
    """What a float holds besides numbers does no harm."""
    grey = cv2.resize(belt()[..., 0], (2100, 70), interpolation=cv2.INTER_AREA)
    samples: Samples = (grey * 100.0).astype(kind)
    if kind is np.float32:
        samples[:2, :2] = np.nan
    file = BytesIO()
    Pillow.fromarray(samples).save(file, "TIFF")
    image = added(file.getvalue(), project, services)
    truth = shown_through(samples, (5_000, 15_000))
    assert alike(joined(image, 0, services, "5000,15000"), truth)
    shown = preview_through(image, (5_000, 15_000), services=services)
    assert alike(read_image(shown, name="preview").pixels, shrunk(truth, 2048))


def test_a_small_picture_of_16_bits_is_all_preview(project: Project, services: Services) -> None:
    samples = deep_belt()[:70, :90]
    image = added(encode_png(samples), project, services)
    shown = preview_through(image, (5_000, 15_000), services=services)
    assert alike(read_image(shown, name="preview").pixels, shown_through(samples, (5_000, 15_000)))


def test_colour_of_16_bits_has_a_window(project: Project, services: Services) -> None:
    samples = belt().astype(np.uint16) * 200
    image = added(encode_png(samples), project, services)
    assert alike(joined(image, 0, services, "1000,30000"), shown_through(samples, (1_000, 30_000)))


def test_8_bits_have_no_window(image: Image, services: Services) -> None:
    with pytest.raises(ImageError, match=r"belt-1\.png has 8 bits and no window"):
        preview_through(image, (0, 100), services=services)


@pytest.mark.parametrize(
    "text", ["", ",", "1", "5,5", "9,1", "nan,5", "0,inf", "-inf,0", "1,2,3", "a,b", "1;2"]
)
def test_a_window_is_two_numbers(text: str) -> None:
    with pytest.raises(ImageError, match="this window cannot be used"):
        window_of(text)
