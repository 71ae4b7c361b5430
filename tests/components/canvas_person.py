"""A browser in miniature: the drawing as Fabric would send it back, and hands to change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from beltmask.masks import mask_from_box, mask_from_frame
from beltmask.model import (
    Annotation,
    AnnotationSource,
    AnnotationState,
    BoolArray,
    Box,
    Class,
    Mask,
    Size,
)
from beltmask.review import Edit, edited
from components.canvas.drawing import fabric_drawing, view_of
from components.canvas.gestures import Scene, told
from components.canvas.ledger import (
    Known,
    Ledger,
    known,
    new_ledger,
    read_ledger,
    shows,
    with_new_sheet,
    write_ledger,
)
from components.canvas.shapes import read_snapshot

SIZE: Size = (120, 90)
BOLT = Class(1, 1, 0, "bolt", "#e6194b")
Drawing = list[dict[str, Any]]


def annotation(name: str, mask: Mask) -> Annotation:
    return Annotation(
        id=name,
        image_id=1,
        label="bolt",
        box=mask.box,
        mask=mask,
        source=AnnotationSource.MODEL,
        state=AnnotationState.PROPOSED,
        class_id=1,
        revision=3,
    )


def mask_of(bits: BoolArray) -> Mask:
    mask = mask_from_frame(bits)
    assert mask is not None
    return mask


def rectangle(x: int = 20, y: int = 20, width: int = 40, height: int = 30) -> Mask:
    return mask_from_box(Box(x, y, x + width, y + height))


def ring_and_island() -> Mask:
    """A square with a hole, and a second part to its right."""
    bits = np.zeros((90, 120), dtype=np.bool_)
    bits[20:60, 20:60] = True
    bits[30:50, 30:50] = False
    bits[20:40, 80:100] = True
    return mask_of(bits)


class Person:
    """Holds the annotations, the ledger, and what is on the screen."""

    def __init__(self, *masks: Mask, size: Size = SIZE) -> None:
        self.view = view_of(size)
        self.annotations = {chr(97 + i): annotation(chr(97 + i), m) for i, m in enumerate(masks)}
        self.ledger: Ledger = new_ledger("canvas")
        self.redraw()

    @property
    def scale(self) -> float:
        return self.view.canvas[0] / self.view.image[0]

    def redraw(self) -> None:
        self.ledger = with_new_sheet(self.ledger, self._list(), view=self.view, now=self.known())
        sheet = self.ledger.sheet
        drawing = fabric_drawing(sheet.base, sheet=sheet.number, colors=sheet.colors)
        self.screen: Drawing = [as_sent(o) for o in drawing["objects"]]

    def shows_truth(self) -> bool:
        return shows(self.ledger.sheet, self.known())

    def look(self, to_class: Class | None = BOLT) -> tuple[Edit, ...]:
        """One run of the page: read the screen, keep the ledger as text, apply nothing."""
        snapshot = read_snapshot({"objects": self.screen})
        assert snapshot is not None
        scene = Scene(self.annotations, self.known(), self.view, to_class, self.ledger.session)
        sheet = next(s for s in self.ledger.sheets if s.number == snapshot.sheet)
        sheet, edits = told(sheet, snapshot, scene)
        kept = read_ledger(write_ledger(self.ledger.with_sheet(sheet)))
        assert kept is not None
        self.ledger = kept
        return edits

    def apply(self, edits: Sequence[Edit]) -> None:
        for edit in edits:
            before = self.annotations.pop(edit.annotation_id, None)
            after = edited(edit, before, image_id=1).after
            if after is not None:
                self.annotations[after.id] = after

    def outlines(self, name: str) -> Drawing:
        """The object's polygons on the screen, its main one first."""
        numbers = [o.shape.number for o in self.ledger.sheet.outlines if o.owner == name]
        return [o for o in self.screen if o["strokeDashOffset"] in numbers]

    def change(self, thing: dict[str, Any], **values: float) -> None:
        thing.update({key: rounded(value) for key, value in values.items()})

    def drag_corner(self, thing: dict[str, Any], corner: int, dx: float, dy: float) -> None:
        """Move one corner by image pixels; Fabric moves the centre to keep the others still."""
        old = middle(thing["points"])
        point = thing["points"][corner]
        thing["points"][corner] = {
            "x": rounded(point["x"] + dx * self.scale),
            "y": rounded(point["y"] + dy * self.scale),
        }
        new = middle(thing["points"])
        self.change(thing, left=thing["left"] + new[0] - old[0], top=thing["top"] + new[1] - old[1])

    def draw_box(self, x: float, y: float, width: float, height: float) -> dict[str, Any]:
        """As the box tool leaves it, in image pixels; the stroke shifts it by its half."""
        box = {
            "type": "Rect",
            "left": x * self.scale - 1,
            "top": y * self.scale - 1,
            "originX": "left",
            "originY": "top",
            "width": width * self.scale,
            "height": height * self.scale,
            "strokeWidth": 2,
        }
        self.screen.append(as_sent(box))
        return self.screen[-1]

    def _list(self) -> list[Annotation]:
        return list(self.annotations.values())

    def known(self) -> dict[str, Known]:
        return dict(known(self._list(), dict.fromkeys(self.annotations, BOLT.color)))


def rounded(value: float) -> float:
    """Fabric writes four decimals, some of them off by floating point."""
    return round(float(value) + 2e-5, 4)


def as_sent(thing: dict[str, Any]) -> dict[str, Any]:
    """A Fabric object after a round trip through the browser."""
    plain = {"visible": True, "scaleX": 1, "scaleY": 1, "angle": 0, "strokeDashOffset": 0}
    sent = {**plain, **thing, "left": rounded(thing["left"]), "top": rounded(thing["top"])}
    if "points" in thing:
        sent["points"] = [dict(point) for point in thing["points"]]
    return sent


def middle(points: Sequence[dict[str, float]]) -> tuple[float, float]:
    xs, ys = [p["x"] for p in points], [p["y"] for p in points]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
