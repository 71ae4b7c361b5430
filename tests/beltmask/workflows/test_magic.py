"""A box or a click becomes a mask when it reaches the server."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest

from beltmask.errors import NotAllowedError
from beltmask.images import encode_png
from beltmask.masks import iou, mask_from_frame, moved
from beltmask.model import Actor, Box, Image, Mask, Pixels, Project, Size
from beltmask.review import EditKind, Gesture
from beltmask.workflows import magic, permission
from beltmask.workflows.gestures import apply_gestures
from beltmask.workflows.images import add_picture
from beltmask.workflows.permission import Action
from beltmask.workflows.services import Services
from tests.beltmask.workflows.person import Person

CENTRE = (300, 200)


@cache
def noise(size: Size) -> Pixels:
    """Drawn once for all the tests."""
    width, height = size
    drawn = np.random.default_rng(0).standard_normal((height, width, 3), dtype=np.float32)
    return (60 + 4 * drawn).clip(0, 255).astype(np.uint8)


def picture_with_disc(
    size: Size,
    radius: int,
    project: Project,
    services: Services,
    centre: tuple[int, int] = CENTRE,
) -> Image:
    data = png_with_disc(size, radius, centre)
    added = add_picture("disc.png", data, project_id=project.id, services=services)
    assert added.image is not None
    return added.image


@cache
def png_with_disc(size: Size, radius: int, centre: tuple[int, int]) -> bytes:
    pixels = noise(size).copy()
    cv2.circle(pixels, centre, radius, (200, 160, 40), cv2.FILLED)
    return encode_png(pixels)


def disc(radius: int) -> Mask:
    frame = np.zeros((400, 600), np.uint8)
    cv2.circle(frame, CENTRE, radius, 1, cv2.FILLED)
    found = mask_from_frame(frame > 0)
    assert found is not None
    return found


def asking(person: Person, box: Box) -> Gesture:
    edit = person.edit(EditKind.ADD, None, None, person.told.classes[0])
    return person.make("magic", replace(edit, box=box))


@pytest.mark.parametrize("size", [(600, 400), (3000, 400), (5200, 400)])
@pytest.mark.parametrize("radius", [14, 50])
@pytest.mark.parametrize("clicked", [True, False], ids=["click", "box"])
def test_the_object_in_a_box_or_under_a_click_is_added(
    size: Size, radius: int, clicked: bool, project: Project, services: Services
) -> None:
    image = picture_with_disc(size, radius, project, services)
    ann = Person("Ann", image.id, services)
    x, y = CENTRE
    reach = 3 if clicked else radius + 4
    asking(ann, Box(x - reach, y - reach, x + reach, y + reach))
    outcome = ann.send()
    assert outcome.refused == {}
    [found] = outcome.sheet.annotations
    assert found.mask is not None
    assert iou(found.mask, disc(radius)) > 0.85
    assert outcome.sheet.undoable is not None
    assert outcome.sheet.undoable.kind == "magic"


@pytest.mark.parametrize("reach", [3, 34])
def test_a_small_thing_far_out_in_a_large_picture_is_found_in_its_place(
    reach: int, project: Project, services: Services
) -> None:
    x, y = 4301, 2107
    image = picture_with_disc((5200, 2600), 30, project, services, centre=(x, y))
    ann = Person("Ann", image.id, services)
    asking(ann, Box(x - reach, y - reach, x + reach, y + reach))
    assert ann.send().refused == {}
    [found] = ann.objects
    assert found.mask is not None
    there = moved(disc(30), x - CENTRE[0], y - CENTRE[1])
    assert iou(found.mask, there) > 0.9


@pytest.mark.parametrize("box", [Box(60, 60, 66, 66), Box(60, 60, 160, 140), Box(-50, -9, -2, -1)])
def test_where_nothing_stands_out_the_person_is_told_what_to_do(
    box: Box, project: Project, services: Services
) -> None:
    image = picture_with_disc((600, 400), 30, project, services)
    ann = Person("Ann", image.id, services)
    asking(ann, box)
    [error] = ann.send().refused.values()
    assert error.explanation == (
        "no object stands out there. Drag a box close around the object, or draw it with the brush."
    )
    assert ann.objects == []


def test_the_picture_is_not_looked_at_again_for_a_gesture_told_twice(
    project: Project, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = picture_with_disc((600, 400), 30, project, services)
    ann = Person("Ann", image.id, services)
    asking(ann, Box(265, 165, 335, 235))
    asking(ann, Box(60, 60, 160, 140))
    first = ann.tell()
    monkeypatch.delattr(magic, "mask_in")
    again = ann.tell()
    assert again.sheet.image == first.sheet.image
    assert again.refused.keys() == first.refused.keys()


def test_who_may_not_review_makes_no_work(
    project: Project, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = picture_with_disc((600, 400), 30, project, services)
    ann = Person("Ann", image.id, services)

    def nobody_reviews(_actor: Actor, wanted: Action, _project: int | None) -> bool:
        return wanted is not Action.REVIEW

    monkeypatch.setattr(permission, "allowed", nobody_reviews)
    monkeypatch.delattr(magic, "mask_in")
    asking(ann, Box(265, 165, 335, 235))
    with pytest.raises(NotAllowedError):
        apply_gestures(image.id, ann.tail, services=ann.services)
