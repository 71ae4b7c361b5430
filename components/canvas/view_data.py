"""What the canvas is told: an image, its objects, and what became of its gestures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from beltmask.model import Annotation, Class, Image
from beltmask.workflows.image_access import crop_of, shape_key
from beltmask.workflows.pictures import object_colors
from beltmask.workflows.review_state import ReviewSheet


def image_data(image: Image, urls: Mapping[str, object]) -> dict[str, Any]:
    return {
        "id": image.id,
        "sha": image.facts.sha256[:16],
        "name": image.name,
        "width": image.size[0],
        "height": image.size[1],
        "revision": image.revision,
        "review": image.review,
        "deep": deep_data(image),
        **urls,
    }


def deep_data(image: Image) -> dict[str, float] | None:
    """The samples that are shown as black and white, where a window may choose others."""
    facts = image.facts
    if facts.window is None:
        return None
    return {"low": facts.window[0], "high": facts.window[1], "bits": facts.bit_depth}


def objects_data(sheet: ReviewSheet) -> list[dict[str, Any]]:
    """The objects without their masks: those the browser fetches, by their content address."""
    colors = object_colors(sheet.annotations, sheet.classes)
    return [
        {**_object(number, each, colors[each.id]), "theirs": sheet.versions.get(each.id, "")}
        for number, each in enumerate(sheet.annotations, start=1)
    ]


def classes_data(classes: Sequence[Class]) -> list[dict[str, Any]]:
    return [{"id": c.id, "name": c.name, "color": c.color, "key": c.key} for c in classes]


def _object(number: int, each: Annotation, color: str) -> dict[str, Any]:
    return {
        "id": each.id,
        "revision": each.revision,
        "number": number,
        "label": each.label,
        "class": each.class_id,
        "color": color,
        "state": each.state,
        "source": each.source,
        "apart": each.conflict_copy,
        "layer": each.layer,
        "box": list(each.box.corners),
        "boxOnly": each.mask is None,
        "shape": "" if each.mask is None else shape_key(crop_of(each)),
    }
