"""Annotations -> outlines a hand can edit -> the canvas's own drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import cv2
import numpy as np

from beltmask.masks import Ring, mask_from_box, rings_of
from beltmask.model import Annotation, Mask, Size
from components.canvas.pieces import Affine
from components.canvas.shapes import Matrix, Shape, placed

USUAL_WIDTH, TALLEST = 960, 680
TOLERANCE = 1.0
MOST_CORNERS = 60
SMALLEST_SIDE = 3.0
STROKE = 2


class Role(StrEnum):
    """``MAIN`` is the largest outer ring: without it there is no object."""

    MAIN = "main"
    PART = "part"
    HOLE = "hole"


@dataclass(frozen=True, slots=True)
class Outline:
    """One ring on the canvas and the annotation it belongs to ("" for a stray click)."""

    owner: str
    role: Role
    shape: Shape


@dataclass(frozen=True, slots=True)
class View:
    """Image pixels and canvas pixels."""

    image: Size
    canvas: Size

    def to_canvas(self, ring: Ring) -> Ring:
        return ring * self._scale

    def to_image(self, ring: Ring) -> Ring:
        return ring / self._scale

    def affine(self, before: Matrix, after: Matrix) -> Affine:
        """What took an outline from one place to another, in image pixels."""
        in_image = np.diag([*(1 / self._scale), 1])
        turn = _square(after) @ np.linalg.inv(_square(before))
        moved: Affine = (in_image @ turn @ np.linalg.inv(in_image))[:2]
        return moved

    @property
    def _scale(self) -> Ring:
        return np.array(
            [self.canvas[0] / self.image[0], self.canvas[1] / self.image[1]], dtype=np.float64
        )


def canvas_size(image_size: Size, width: int = USUAL_WIDTH) -> Size:
    """(width, height) at which an image is shown, in screen pixels; draw the picture this large.

    ``width`` is the room there is.
    """
    scale = min(width / image_size[0], TALLEST / image_size[1])
    return (max(round(image_size[0] * scale), 1), max(round(image_size[1] * scale), 1))


def view_of(image_size: Size, width: int = USUAL_WIDTH) -> View:
    return View(image_size, canvas_size(image_size, width))


def shape_of(annotation: Annotation) -> Mask:
    """The annotation's pixels: its mask, or its whole box while it has none."""
    return mask_from_box(annotation.box) if annotation.mask is None else annotation.mask


def outlines_of(
    annotations: Sequence[Annotation], *, view: View, first_number: int
) -> tuple[Outline, ...]:
    """The rings of all objects, small ones last so that a click meets them first."""
    largest_first = sorted(annotations, key=lambda a: -a.box.area)
    rings = [(a.id, role, ring) for a in largest_first for role, ring in _rings(a, view)]
    return tuple(
        Outline(owner, role, placed(first_number + i, ring))
        for i, (owner, role, ring) in enumerate(rings)
    )


def fabric_drawing(
    outlines: Iterable[Outline], *, sheet: int, colors: Mapping[str, str]
) -> dict[str, Any]:
    """Fabric's JSON. An invisible rectangle carries the sheet's number back to us."""
    marker = {
        "type": "Rect",
        "left": -10,
        "top": -10,
        "width": 1,
        "height": 1,
        "visible": False,
        "strokeDashOffset": sheet,
    }
    return {"objects": [marker, *(_polygon(o, colors[o.owner]) for o in outlines)]}


def translucent(color: str, alpha: float) -> str:
    """``#rrggbb`` as CSS rgba."""
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return f"rgba({red}, {green}, {blue}, {alpha})"


def _polygon(outline: Outline, color: str) -> dict[str, Any]:
    shape = outline.shape
    left, top = shape.matrix[4:]
    hole = outline.role is Role.HOLE
    return {
        "type": "Polygon",
        "points": [{"x": x, "y": y} for x, y in shape.ring.tolist()],
        "left": left,
        "top": top,
        "originX": "center",
        "originY": "center",
        "stroke": color,
        "strokeWidth": STROKE,
        "strokeUniform": True,
        "strokeDashArray": [6, 4] if hole else None,
        "fill": translucent(color, 0.01 if hole else 0.15),
        "strokeDashOffset": shape.number,
        "perPixelTargetFind": True,
        "objectCaching": False,
        "transparentCorners": False,
        "cornerColor": color,
        "cornerStrokeColor": "#ffffff",
        "cornerStyle": "circle",
        "cornerSize": 9,
    }


def _rings(annotation: Annotation, view: View) -> list[tuple[Role, Ring]]:
    exact = rings_of(shape_of(annotation))
    areas = [_signed_area(ring) for ring in exact]
    outward = np.sign(max(areas, key=abs))
    main = int(np.argmax(np.abs(areas)))
    found = []
    for i, (ring, area) in enumerate(zip(exact, areas, strict=True)):
        role = Role.MAIN if i == main else Role.PART if area * outward > 0 else Role.HOLE
        shown = simplified(view.to_canvas(ring))
        if role is Role.MAIN or np.ptp(shown, axis=0).max() >= SMALLEST_SIDE:
            found.append((role, shown))
    return sorted(found, key=lambda pair: (pair[0] is Role.HOLE, -abs(_signed_area(pair[1]))))


def simplified(ring: Ring) -> Ring:
    """Few enough corners for a hand; at most about one canvas pixel off while that suffices."""
    tolerance = TOLERANCE
    points = ring.astype(np.float32).reshape(-1, 1, 2)
    while True:
        corners = cv2.approxPolyDP(points, tolerance, closed=True)[:, 0]
        if len(corners) <= MOST_CORNERS:
            return ring if len(corners) < 3 else np.asarray(corners, dtype=np.float64)
        tolerance *= 1.5


def _signed_area(ring: Ring) -> float:
    x, y = ring.T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def _square(matrix: Matrix) -> Ring:
    a, b, c, d, e, f = matrix
    return np.array([[a, c, e], [b, d, f], [0, 0, 1]])
