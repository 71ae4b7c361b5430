"""The objects of an image as crops."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from beltmask.masks import decode
from beltmask.model import AnnotationState, Box, Change, Image, Project
from beltmask.workflows.image_access import crop_of, shape_key
from beltmask.workflows.images import add_picture
from beltmask.workflows.services import Services
from components.routes import canvas_urls
from tests.beltmask.store.builders import annotation, finding, mask
from tests.beltmask.workflows.conftest import detected
from tests.belts import belt_png


@pytest.fixture
def address(image: Image, opened: Services) -> str:
    """Objects a, b (rejected) and c (only a box)."""
    shape = mask(40, 50, seed=2)
    objects = [
        annotation("a", image.id),
        annotation("b", image.id, box=shape.box, mask=shape, state=AnnotationState.REJECTED),
        annotation("c", image.id, box=Box(3, 4, 10, 9), mask=None),
    ]
    with opened.store.write() as records:
        records.annotations.apply([Change(None, each) for each in objects])
    return str(canvas_urls(image)["shapes"])


def test_every_object_comes_bit_for_bit(browser: TestClient, address: str) -> None:
    answer = browser.get(address)
    found = answer.json()
    assert list(found) == ["a", "b", "c"]
    for name, truth in (("a", mask()), ("b", mask(40, 50, seed=2))):
        crop = found[name]
        box = Box(crop["x"], crop["y"], crop["x"] + crop["width"], crop["y"] + crop["height"])
        assert box == truth.box
        assert (decode(crop["counts"].encode(), box).bits == truth.bits).all()


def test_an_object_that_is_only_a_box_is_all_of_it(browser: TestClient, address: str) -> None:
    crop = browser.get(f"{address}?objects=c").json()["c"]
    assert (crop["x"], crop["y"], crop["width"], crop["height"]) == (3, 4, 7, 5)
    assert decode(crop["counts"].encode(), Box(3, 4, 10, 9)).bits.all()


def test_shapes_change_and_are_not_kept(browser: TestClient, address: str) -> None:
    assert browser.get(address).headers["cache-control"] == "private, no-store"


def test_some_can_be_asked_for(browser: TestClient, address: str) -> None:
    assert browser.get(f"{address}?objects=c,a").json().keys() == {"a", "c"}


def test_objects_of_another_image_are_not_told(
    browser: TestClient, address: str, image: Image, project: Project, opened: Services
) -> None:
    other = belt_png(2, object_count=1)
    added = add_picture("other.png", other, project_id=project.id, services=opened)
    assert added.image is not None
    theirs = str(canvas_urls(added.image)["shapes"])
    assert browser.get(f"{theirs}?objects=a").status_code == 404
    assert browser.get(f"{address}?objects=a").status_code == 200


def test_what_was_deleted_meanwhile_is_left_out(browser: TestClient, address: str) -> None:
    assert list(browser.get(f"{address}?objects=a,gone,,%00,%F0%9F%98%80").json()) == ["a"]
    answer = browser.get(f"{address}?objects=gone")
    assert (answer.status_code, answer.text.partition(".")[0]) == (
        404,
        "none of these objects is in the picture any more",
    )


def test_an_image_without_objects_has_none(browser: TestClient, image: Image) -> None:
    assert browser.get(str(canvas_urls(image)["shapes"])).json() == {}


def test_the_same_pixels_have_the_same_key_and_others_another(image: Image) -> None:
    one = annotation("a", image.id)
    key = shape_key(crop_of(one))
    assert key.startswith(f"{one.box.x0},{one.box.y0},{one.box.width},{one.box.height}:")
    assert shape_key(crop_of(replace(one, id="b", revision=7))) == key
    assert shape_key(crop_of(annotation("a", image.id, mask=mask(seed=1)))) != key


def test_what_detectors_proposed_comes_apart_from_what_people_made_of_it(
    browser: TestClient, address: str, image: Image, opened: Services
) -> None:
    detected(image, opened, [finding("tin", mask(30, 20))])
    [told] = browser.get(f"{address}?of=model").json()
    assert (told["label"], told["x"], told["box_only"]) == ("tin", mask(30, 20).x, False)
