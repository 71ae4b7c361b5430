"""Boxes, masks and annotations as columns of a row, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from beltmask.masks import bits_in, decode, encode, encoded, mask_from_crop
from beltmask.model import Annotation, AnnotationSource, AnnotationState, Box, Mask

_CORNERS = ("x0", "y0", "x1", "y1")
_PLAIN = ("id", "image_id", "label", "class_id", "prediction_id", "revision", "position", "layer")


def shape_columns(box: Box, mask: Mask | None) -> dict[str, Any]:
    """The columns x0, y0, x1, y1 and counts; counts is None while there is only a box.

    A model's box may be larger than its mask: both are kept, the mask as bits of all the box.
    """
    around = box if mask is None else box.hull(mask.box)
    corners = dict(zip(_CORNERS, around.corners, strict=True))
    if mask is None or mask.box == around:
        return {**corners, "counts": None if mask is None else encode(mask)}
    return {**corners, "counts": encode(Mask(around.x0, around.y0, bits_in(mask, around)))}


def shape_of(row: Mapping[Any, Any]) -> tuple[Box, Mask | None]:
    box = Box(*(row[name] for name in _CORNERS))
    counts = row["counts"]
    if counts is None:
        return box, None
    return box, mask_from_crop(decode(bytes(counts), box).bits, box.x0, box.y0)


def annotation_columns(annotation: Annotation) -> dict[str, Any]:
    """The box of an annotation with a mask is the mask's."""
    mask = annotation.mask
    box = annotation.box if mask is None else mask.box
    return {
        **{name: getattr(annotation, name) for name in _PLAIN},
        **shape_columns(box, mask),
        "source": annotation.source,
        "state": annotation.state,
    }


def annotation_of(row: Mapping[Any, Any]) -> Annotation:
    box = Box(*(row[name] for name in _CORNERS))
    counts = row["counts"]
    mask = None if counts is None else encoded(bytes(counts), box)
    return Annotation(
        **{name: row[name] for name in _PLAIN},
        box=box,
        mask=mask,
        source=AnnotationSource(row["source"]),
        state=AnnotationState(row["state"]),
    )
