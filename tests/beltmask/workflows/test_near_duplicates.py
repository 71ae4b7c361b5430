"""Pictures that show the same scene again are one to statistics."""

from __future__ import annotations

import numpy as np

from beltmask.images import encode_png
from beltmask.model import Image, Pixels, Project
from beltmask.store.blobs import Shelf
from beltmask.workflows.images import add_picture
from beltmask.workflows.near_duplicates import scene_groups
from beltmask.workflows.services import Services


def belt(noise: int, *, objects: int = 1) -> Pixels:
    """320 x 240 pixels, the same belt each time; an object covers a hundredth of it."""
    random = np.random.default_rng(noise)
    pixels = np.full((240, 320, 3), 90)
    for place in range(objects):
        pixels[40:68, 30 + 90 * place : 58 + 90 * place] = 170
    return np.clip(pixels + random.integers(-6, 7, pixels.shape), 0, 255).astype(np.uint8)


def added(name: str, pixels: Pixels, project: Project, services: Services) -> Image:
    data = encode_png(pixels)
    image = add_picture(name, data, project_id=project.id, services=services).image
    assert image is not None
    return image


def test_a_scene_taken_twice_is_one_and_another_object_makes_another(
    project: Project, services: Services
) -> None:
    again = [added(f"{n}.png", belt(n), project, services) for n in range(3)]
    other = added("other.png", belt(9, objects=2), project, services)
    small = added("small.png", belt(1)[:120, :160], project, services)
    groups = scene_groups([again[0], other, again[1], small, again[2]], services=services)
    assert groups == {image.id: str(again[0].id) for image in again}
    assert scene_groups([], services=services) == {}


def test_a_picture_whose_bytes_are_gone_is_like_no_other(
    project: Project, services: Services
) -> None:
    images = [added(f"{n}.png", belt(n), project, services) for n in range(2)]
    blobs, sha256 = services.store.blobs, images[0].facts.sha256
    for shelf in (Shelf.ORIGINALS, Shelf.THUMBNAILS):
        for held in blobs.held(shelf, sha256[:2]):
            blobs.remove(held)
    assert scene_groups(images, services=services) == {}
