"""What a person's browser may fetch of an image, and the objects in the form it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict
from zlib import crc32

from beltmask.classes import class_for
from beltmask.errors import NotFoundError
from beltmask.masks import encode, mask_from_box
from beltmask.messages import Message
from beltmask.model import Annotation, Class, Finding, Image
from beltmask.palette import color_for
from beltmask.workflows.images import find_image
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services


class Crop(TypedDict):
    """The pixels of an object: COCO run lengths of a tight box in the upright image."""

    x: int
    y: int
    width: int
    height: int
    counts: str


class Proposed(Crop):
    """What a detector proposed: its crop, its label, and the colour of the class that means."""

    label: str
    color: str
    box_only: bool


def check_access(image: Image, *, services: Services) -> None:
    """Stop whoever may not see the image.

    Raises:
        NotAllowedError: The actor may not.
    """
    require(services.actor, Action.SEE_IMAGES, image.project_id)


def image_to_see(image_id: int, *, digest: str, services: Services) -> Image:
    """An image whose SHA-256 begins with ``digest``.

    Raises:
        NotAllowedError: The actor may not see it.
        NotFoundError: There is no such image, or it is in the trash.
    """
    image = find_image(image_id, services=services)
    check_access(image, services=services)
    if not image.facts.sha256.startswith(digest):
        raise NotFoundError(Message("images.other_bytes", id=image_id))
    if image.deleted_at is not None:
        hint = Message("images.take_out_to_see")
        raise NotFoundError(Message("images.in_trash_by_id", id=image_id), hint=hint)
    return image


def crops(image: Image, wanted: Sequence[str] | None, *, services: Services) -> dict[str, Crop]:
    """The crops of some of the image's objects by their ids; None asks for all of them.

    Those that are not there are left out.

    Raises:
        NotFoundError: None of those that were asked for is there.
    """
    require(services.actor, Action.SEE_IMAGES, image.project_id)
    with services.store.read() as records:
        if wanted is None:
            found = records.annotations.of_image(image.id)
        else:
            found = list(records.annotations.by_ids(wanted).values())
    there = {each.id: crop_of(each) for each in found if each.image_id == image.id}
    if wanted is not None and not there:
        raise NotFoundError(Message("images.objects_gone"))
    return there


def proposed_crops(image: Image, *, services: Services) -> list[Proposed]:
    """What detectors proposed of the image, as it was before people worked on it.

    The predictions behind its objects, those of rejected and deleted ones too; proposals that a
    later run replaced are left out.
    """
    require(services.actor, Action.SEE_IMAGES, image.project_id)
    with services.store.read() as records:
        there = records.annotations.of_image(image.id)
        behind = {each.prediction_id for each in there if each.prediction_id is not None}
        behind |= records.operations.deleted_predictions(image.id)
        found = records.predictions.by_ids(behind)
        classes = records.classes.of_project(image.project_id)
    return [_proposed(n, each.finding, classes) for n, each in enumerate(found)]


def _proposed(place: int, finding: Finding, classes: Sequence[Class]) -> Proposed:
    meant = class_for(finding.label, classes)
    color = color_for(place) if meant is None else meant.color
    box_only = finding.mask is None
    return Proposed(**crop_of(finding), label=finding.label, color=color, box_only=box_only)


def crop_of(annotation: Annotation | Finding) -> Crop:
    """An object that is only a box is all of it."""
    mask = annotation.mask or mask_from_box(annotation.box)
    box = mask.box
    return Crop(
        x=box.x0, y=box.y0, width=box.width, height=box.height, counts=encode(mask).decode()
    )


def shape_key(crop: Crop) -> str:
    """What a browser keeps a crop under: the same pixels have the same key."""
    place = f"{crop['x']},{crop['y']},{crop['width']},{crop['height']}"
    return f"{place}:{crc32(crop['counts'].encode()):08x}"
