"""A box or a click in the picture becomes the mask of the object there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from beltmask.detectors.base import Availability
from beltmask.detectors.click_segmentation import mask_at
from beltmask.detectors.refine import mask_from_box_in
from beltmask.detectors.sam.model import SamModel
from beltmask.errors import ImageError, NotFoundError
from beltmask.masks import clipped
from beltmask.model import Box, Image, Mask
from beltmask.review import Edit, Gesture
from beltmask.workflows.image_views import ImageView, image_views
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

GRABCUT = "GrabCut"
_CLICK = 1 / 40
"""A box up to this part of the picture's longest side only says where to look."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """An object, and the name of what found it."""

    mask: Mask
    by: str


def magic_availability(*, services: Services) -> Availability:
    """What finds the object in a box or under a click."""
    return services.sam.availability()


def magic_problem(*, services: Services) -> str | None:
    """Why the SAM model did not answer when it was last asked, if it did not."""
    return services.sam.problem


def with_masks_found(
    image_id: int, gestures: Sequence[Gesture], *, services: Services
) -> list[Gesture]:
    """The gestures with masks where they have only a box, as far as an object is found there.

    Nothing is looked for again for a gesture that has been answered.

    Raises:
        NotFoundError: There is no such image.
        NotAllowedError: This person may not review.
    """
    waiting = {gesture.id for gesture in gestures if any(map(_asks, gesture.edits))}
    if not waiting:
        return list(gestures)
    with services.store.read() as records:
        image = records.images.get(image_id)
        waiting -= records.operations.told(waiting).keys()
    require(services.actor, Action.REVIEW, image.project_id)
    return [_looked(each, image, services) if each.id in waiting else each for each in gestures]


def mask_in(image: Image, box: Box, *, services: Services) -> Found | None:
    """The object in ``box``, or around it where the box is as small as a click.

    The SAM model is asked if there is one, and GrabCut where it finds nothing.
    """
    require(services.actor, Action.SEE_IMAGES, image.project_id)
    inside = box.clipped(image.size)
    if inside is None:
        return None
    clicked = max(inside.width, inside.height) <= max(image.size) * _CLICK
    looks = image_views(image, inside, clicked=clicked, services=services)
    found = _by_sam(services.sam, image, inside, looks, clicked=clicked)
    return found or _by_grabcut(image, inside, looks, clicked=clicked)


def _by_sam(
    sam: SamModel, image: Image, box: Box, looks: Sequence[ImageView], *, clicked: bool
) -> Found | None:
    """What the model finds in the first look that shows all of it."""
    by, best = sam.name, None
    if by is None:
        return None
    for look in looks:
        view, place = look.view, look.of(box)
        found = sam.object_at(view, _middle(place)) if clicked else sam.object_in(view, place)
        mask = None if found is None else clipped(look.back(found), image.size)
        if mask is not None:
            best = Found(mask, by)
            if not look.cuts(mask, image):
                break
    return best


def _by_grabcut(
    image: Image, box: Box, looks: Sequence[ImageView], *, clicked: bool
) -> Found | None:
    for look in looks:
        place = look.of(box)
        if clicked:
            found = mask_at(look.pixels, _middle(place))
        else:
            found = mask_from_box_in(look.pixels, place)
        if found is not None:
            mask = clipped(look.back(found), image.size)
            return None if mask is None else Found(mask, GRABCUT)
    return None


def _middle(box: Box) -> tuple[int, int]:
    return ((box.x0 + box.x1) // 2, (box.y0 + box.y1) // 2)


def _asks(edit: Edit) -> bool:
    return edit.box is not None and edit.mask is None


def _looked(gesture: Gesture, image: Image, services: Services) -> Gesture:
    return replace(
        gesture, edits=tuple(_with_mask(edit, image, services) for edit in gesture.edits)
    )


def _with_mask(edit: Edit, image: Image, services: Services) -> Edit:
    if edit.box is None or edit.mask is not None:
        return edit
    try:
        found = mask_in(image, edit.box, services=services)
    except (ImageError, NotFoundError):  # a picture whose bytes are gone shows no object
        return edit
    return edit if found is None else replace(edit, mask=found.mask, found_by=found.by)
