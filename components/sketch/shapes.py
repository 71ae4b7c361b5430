"""What is drawn on a pad, to the browser and back: it may send anything, so that is checked.

A shape is Fabric's: points around its own centre and what places them, in pixels of the pad.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians, sin, tan
from typing import Annotated, Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from beltmask.model import Line, Size
from components.sketch.curves import Points, extent_of, flattened

TOLERANCE = 0.7
"""Pixels of the pad by which a line kept may differ from the one drawn."""
MOST_SHAPES = 200
_DIGITS = 5
_FAR = 1e6
_LENGTHS = {"M": 2, "L": 2, "Q": 4}

_Number = Annotated[float, Field(ge=-_FAR, le=_FAR, allow_inf_nan=False)]
_Command = Annotated[list[str | _Number], Field(min_length=1, max_length=7)]
_Color = Annotated[str, Field(max_length=40)]


@dataclass(frozen=True, slots=True)
class DrawnShape:
    """A line in fractions of the picture. A ``closed`` one is an outline; ``color`` is #rrggbb."""

    line: Line
    color: str
    closed: bool


def read_drawing(raw: object, size: Size) -> tuple[DrawnShape, ...] | None:
    """What is on a pad of ``size``; None when any of it is not what we understand.

    One shape left out would look as if somebody had taken it away.
    """
    try:
        drawing = _DRAWING.validate_python(raw)
        return tuple(shape.drawn(size) for shape in drawing.objects if shape.finished)
    except ValidationError:
        return None


def fabric_drawing(shapes: Iterable[DrawnShape], size: Size, *, width: int) -> dict[str, Any]:
    """Fabric's JSON of the shapes on a pad of ``size``, their lines ``width`` px wide."""
    return {"objects": [_fabric(shape, size, width) for shape in shapes]}


def _fabric(shape: DrawnShape, size: Size, width: int) -> dict[str, Any]:
    points = np.asarray(shape.line, dtype=np.float64) * size
    left, top = ((points.min(axis=0) + points.max(axis=0)) / 2).tolist()
    common = {
        "left": left,
        "top": top,
        "originX": "center",
        "originY": "center",
        "stroke": shape.color,
        "strokeWidth": width,
        "strokeUniform": True,
        "fill": f"{shape.color}20" if shape.closed else None,
        "strokeLineCap": "round",
        "strokeLineJoin": "round",
        "objectCaching": False,
    }
    if shape.closed:
        return {"type": "Polygon", "points": [{"x": x, "y": y} for x, y in points], **common}
    path = [["M" if i == 0 else "L", x, y] for i, (x, y) in enumerate(points.tolist())]
    return {"type": "Path", "path": path if len(path) > 1 else [*path, *path], **common}


class _FabricShape(BaseModel):
    model_config = ConfigDict(extra="ignore")

    left: _Number = 0
    top: _Number = 0
    originX: Literal["left", "center"] = "center"  # noqa: N815 - Fabric's names
    originY: Literal["top", "center"] = "center"  # noqa: N815
    scaleX: _Number = 1  # noqa: N815
    scaleY: _Number = 1  # noqa: N815
    angle: _Number = 0
    skewX: Annotated[float, Field(ge=-89, le=89)] = 0  # noqa: N815
    skewY: Annotated[float, Field(ge=-89, le=89)] = 0  # noqa: N815
    flipX: bool = False  # noqa: N815
    flipY: bool = False  # noqa: N815
    strokeWidth: _Number = 0  # noqa: N815
    stroke: _Color | None = None
    fill: str | None = None

    @property
    def finished(self) -> bool:
        return True

    def outline(self) -> tuple[Points, NDArray[np.float64]]:
        """Its points, and the lower and upper corner of what they draw, before it is placed."""
        raise NotImplementedError

    def drawn(self, size: Size) -> DrawnShape:
        points, (low, high) = self.outline()
        placed = (points - (low + high) / 2) @ self._turn().T + self._centre(high - low)
        closed = isinstance(self, _Polygon)
        line = _simplified(placed, closed=closed) / size
        kept = tuple((round(float(x), _DIGITS), round(float(y), _DIGITS)) for x, y in line)
        return DrawnShape(kept, self.stroke or "", closed)

    def _turn(self) -> NDArray[np.float64]:
        across = -self.scaleX if self.flipX else self.scaleX
        down = -self.scaleY if self.flipY else self.scaleY
        slant_x = np.array([[1, tan(radians(self.skewX))], [0, 1]])
        slant_y = np.array([[1, 0], [tan(radians(self.skewY)), 1]])
        return np.asarray(_rotation(self.angle) @ np.diag([across, down]) @ slant_x @ slant_y)

    def _centre(self, extent: NDArray[np.float64]) -> NDArray[np.float64]:
        """From the anchor to the centre; Fabric counts the stroke into the width."""
        whole = extent * (abs(self.scaleX), abs(self.scaleY)) + self.strokeWidth
        anchored = np.array([self.originX == "left", self.originY == "top"])
        offset = _rotation(self.angle) @ (whole / 2 * anchored)
        return np.asarray(np.array([self.left, self.top]) + offset)


class _Point(BaseModel):
    x: _Number
    y: _Number


class _Polygon(_FabricShape):
    type: Literal["Polygon"]
    points: Annotated[list[_Point], Field(min_length=3, max_length=2000)]

    def outline(self) -> tuple[Points, NDArray[np.float64]]:
        points = np.array([(point.x, point.y) for point in self.points])
        return points, np.array([points.min(axis=0), points.max(axis=0)])


class _Path(_FabricShape):
    """A stroke; or an outline that is not closed yet, which is filled."""

    type: Literal["Path"]
    path: Annotated[list[_Command], Field(max_length=20_000)]

    @property
    def finished(self) -> bool:
        known = all(len(numbers) == _LENGTHS.get(name) for name, numbers in self._commands())
        return bool(self.path) and known and not self.fill

    def outline(self) -> tuple[Points, NDArray[np.float64]]:
        commands = [numbers for _, numbers in self._commands()]
        return flattened(commands), extent_of(commands)

    def _commands(self) -> list[tuple[str, list[float]]]:
        return [
            (str(command[0]), [value for value in command[1:] if not isinstance(value, str)])
            for command in self.path
        ]


class _Other(BaseModel):
    """What a polygon in the making may bring along."""

    type: Literal["Circle", "Line", "Rect", "IText"]

    @property
    def finished(self) -> bool:
        return False

    def drawn(self, size: Size) -> DrawnShape:
        raise NotImplementedError


class _Drawing(BaseModel):
    objects: Annotated[
        list[Annotated[_Polygon | _Path | _Other, Field(discriminator="type")]],
        Field(max_length=MOST_SHAPES),
    ]


_DRAWING = TypeAdapter(_Drawing)


def _simplified(points: Points, *, closed: bool) -> Points:
    """As few points as tell the line; an outline keeps every corner."""
    if closed or len(points) < 3:
        return points
    few = cv2.approxPolyDP(points.astype(np.float32).reshape(-1, 1, 2), TOLERANCE, closed=False)
    return np.asarray(few[:, 0], dtype=np.float64)


def _rotation(degrees: float) -> NDArray[np.float64]:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return np.array([[c, -s], [s, c]])
