"""Pictures of images with their objects drawn over them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from beltmask.classes import class_for
from beltmask.images import encode_jpeg, encode_png, read_image, shrunk
from beltmask.model import Annotation, BeltRegion, Class, Finding, Image, Pixels, Prediction
from beltmask.palette import color_for
from beltmask.render import BELT, IGNORED, OverlayObject, display_overlay, overlay, with_region
from beltmask.workflows.images import original_pixels
from beltmask.workflows.permission import Action, require
from beltmask.workflows.previews import preview
from beltmask.workflows.services import Services

__all__ = ["BELT", "IGNORED"]

SCREEN_SIDE = 1600


@dataclass(frozen=True, slots=True)
class Look:
    """How objects are drawn. ``opacity`` lies in 0..1; colours are by class or by object.

    ``belt`` is the region to outline.
    """

    opacity: float = 0.5
    by_class: bool = False
    boxes: bool = True
    belt: BeltRegion | None = None


def bare_jpeg(image_id: int, belt: BeltRegion | None, *, services: Services) -> bytes:
    """The image's preview with the belt outlined, at most 1600 px."""
    with services.store.read() as records:
        image = records.images.get(image_id)
    require(services.actor, Action.SEE_IMAGES, image.project_id)
    return drawn_jpeg(image, [], Look(belt=belt), services=services)


def overlay_jpeg(
    image_id: int, task_id: int, look: Look, *, hidden: Collection[int], services: Services
) -> bytes:
    """What a task found, over the image's preview, at most 1600 px."""
    image, shown = _shown(image_id, task_id, look, hidden=hidden, services=services)
    return drawn_jpeg(image, shown, look, services=services)


def unfinished_jpeg(
    image_id: int, findings: Sequence[Finding], look: Look, *, services: Services
) -> bytes:
    """What has been found so far, drawn just as ``overlay_jpeg`` draws it in the end."""
    with services.store.read() as records:
        image = records.images.get(image_id)
        require(services.actor, Action.SEE_IMAGES, image.project_id)
        classes = records.classes.of_project(image.project_id) if look.by_class else []
    shown = [_as_shown(number, each, classes) for number, each in enumerate(findings, start=1)]
    return drawn_jpeg(image, shown, look, services=services)


def overlay_png(
    image_id: int, task_id: int, look: Look, *, hidden: Collection[int], services: Services
) -> bytes:
    """The same at the image's full size, without loss."""
    image, shown = _shown(image_id, task_id, look, hidden=hidden, services=services)
    pixels = original_pixels(image, services=services)
    drawn = overlay(pixels, shown, opacity=look.opacity, boxes=look.boxes)
    return encode_png(with_region(drawn, look.belt))


def object_colors(annotations: Sequence[Annotation], classes: Sequence[Class]) -> dict[str, str]:
    """#rrggbb of every annotation's id: its class's colour, or one of its own without a class."""
    by_class = {each.id: each.color for each in classes}
    return {
        each.id: by_class.get(each.class_id or 0, color_for(number))
        for number, each in enumerate(annotations)
    }


def class_names(
    project_id: int, predictions: Sequence[Prediction], *, services: Services
) -> dict[int, str | None]:
    """Name of the class each prediction's label means, by its number; None where none does."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        classes = records.classes.of_project(project_id)
    found = {p.number: class_for(p.finding.label, classes) for p in predictions}
    return {number: None if each is None else each.name for number, each in found.items()}


def _shown(
    image_id: int, task_id: int, look: Look, *, hidden: Collection[int], services: Services
) -> tuple[Image, list[OverlayObject]]:
    with services.store.read() as records:
        image = records.images.get(image_id)
        require(services.actor, Action.SEE_IMAGES, image.project_id)
        classes = records.classes.of_project(image.project_id)
        predictions = records.predictions.of_task(task_id)
    return image, [
        _as_shown(prediction.number, prediction.finding, classes if look.by_class else ())
        for prediction in predictions
        if prediction.number not in hidden
    ]


def _as_shown(number: int, finding: Finding, classes: Sequence[Class]) -> OverlayObject:
    """Coloured by its class among ``classes``, or by its number."""
    meant = class_for(finding.label, classes)
    color = color_for(number - 1) if meant is None else meant.color
    return OverlayObject(number, finding.box, finding.mask, color, finding.label)


def drawn_jpeg(
    image: Image,
    shown: Sequence[OverlayObject],
    look: Look,
    *,
    services: Services,
    below: Sequence[OverlayObject] = (),
    labels: bool = False,
) -> bytes:
    """Objects over an image's preview, at most 1600 px; those ``below`` without their numbers."""
    require(services.actor, Action.SEE_IMAGES, image.project_id)
    drawn = _screen_pixels(preview(image, services=services), image.name)
    for objects, chips in ((below, False), (shown, True)):
        drawn = display_overlay(
            drawn,
            objects,
            SCREEN_SIDE,
            size=image.size,
            opacity=look.opacity,
            boxes=look.boxes,
            chips=chips,
            labels=labels,
        )
    return encode_jpeg(with_region(drawn, look.belt))


@lru_cache(maxsize=4)
def _screen_pixels(jpeg: bytes, name: str) -> Pixels:
    """A preview as large as it is shown: drawn over again and again, decoded and shrunk once."""
    pixels = shrunk(read_image(jpeg, name=name).pixels, SCREEN_SIDE)
    pixels.setflags(write=False)
    return pixels
