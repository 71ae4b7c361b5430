"""What the browser says is on the canvas, checked: it may send anything.

A shape is Fabric's: corners around its own centre and a matrix that places them, in canvas
pixels. ``strokeDashOffset`` carries our number, the one property that comes back untouched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin, tan
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from beltmask.masks import Ring

Points = tuple[tuple[float, float], ...]
Matrix = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f as in SVG: x' = a x + c y + e, y' = b x + d y + f."""

NEAR = 0.02
"""Canvas pixels within which two corners are the same: Fabric rounds to four decimals."""

_Number = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
_Count = Annotated[int, Field(ge=0, le=2**31)]


@dataclass(frozen=True, slots=True)
class Shape:
    """One closed outline on the canvas; ``number`` is 0 for what a person drew since."""

    number: int
    local: Points
    matrix: Matrix

    @property
    def ring(self) -> Ring:
        """Corners in canvas pixels, shape (n, 2)."""
        return np.asarray(self.local) @ linear(self.matrix).T + self.matrix[4:]

    def same_place(self, other: Shape) -> bool:
        """Nothing moved more than the browser's rounding."""
        return len(self.local) == len(other.local) and close(self.ring, other.ring)

    def same_corners(self, other: Shape) -> bool:
        """The same outline, perhaps moved, scaled or turned as a whole."""
        return len(self.local) == len(other.local) and close(
            np.asarray(self.local), np.asarray(other.local)
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything on the canvas at one moment; ``sheet`` tells which base it grew from."""

    sheet: int
    shapes: tuple[Shape, ...]


def close(first: Ring, second: Ring) -> bool:
    return bool(np.abs(first - second).max() < NEAR)


def linear(matrix: Matrix) -> NDArray[np.float64]:
    a, b, c, d, _, _ = matrix
    return np.array([[a, c], [b, d]])


def placed(number: int, ring: Ring) -> Shape:
    """A shape whose corners lie at ``ring`` (canvas pixels)."""
    middle = (ring.min(axis=0) + ring.max(axis=0)) / 2
    local = tuple((float(x), float(y)) for x, y in ring - middle)
    return Shape(number, local, (1.0, 0.0, 0.0, 1.0, float(middle[0]), float(middle[1])))


def read_snapshot(raw: object) -> Snapshot | None:
    """The shapes of a Fabric drawing; None when any of it is not what we understand.

    One unreadable shape spoils the snapshot: left out, it would look like a deletion.
    """
    try:
        drawing = _DRAWING.validate_python(raw)
    except ValidationError:
        return None
    found = [o for o in drawing.objects if isinstance(o, _Polygon | _Rect)]
    sheets = [o.strokeDashOffset for o in found if not o.visible]
    shapes = tuple(o.shape() for o in found if o.visible)
    numbers = [s.number for s in shapes if s.number]
    if len(sheets) != 1 or len(set(numbers)) != len(numbers) or not _sane(shapes):
        return None
    return Snapshot(sheets[0], shapes)


def _sane(shapes: Sequence[Shape]) -> bool:
    """No shape is flat or far away: its matrix must be invertible."""
    return all(
        abs(np.linalg.det(linear(s.matrix))) > 1e-9 and np.abs(s.ring).max() < 1e6 for s in shapes
    )


class _Object(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=False)

    strokeDashOffset: _Count = 0  # noqa: N815 - Fabric's names
    visible: bool = True
    left: _Number = 0
    top: _Number = 0
    originX: Literal["left", "center"] = "center"  # noqa: N815
    originY: Literal["top", "center"] = "center"  # noqa: N815
    scaleX: _Number = 1  # noqa: N815
    scaleY: _Number = 1  # noqa: N815
    angle: _Number = 0
    skewX: Annotated[float, Field(ge=-89, le=89)] = 0  # noqa: N815
    skewY: Annotated[float, Field(ge=-89, le=89)] = 0  # noqa: N815
    flipX: bool = False  # noqa: N815
    flipY: bool = False  # noqa: N815
    strokeWidth: _Number = 0  # noqa: N815

    def corners(self) -> Points:
        raise NotImplementedError

    def shape(self) -> Shape:
        local = self.corners()
        turn, scale = _rotation(self.angle), self._dimensions()
        (a, c), (b, d) = turn @ scale
        x, y = np.array([self.left, self.top]) + turn @ self._to_centre(local)
        matrix = (float(a), float(b), float(c), float(d), float(x), float(y))
        return Shape(self.strokeDashOffset, local, matrix)

    def _dimensions(self) -> NDArray[np.float64]:
        scale = np.diag(
            [
                -self.scaleX if self.flipX else self.scaleX,
                -self.scaleY if self.flipY else self.scaleY,
            ]
        )
        slant_x = np.array([[1, tan(radians(self.skewX))], [0, 1]])
        slant_y = np.array([[1, 0], [tan(radians(self.skewY)), 1]])
        return np.asarray(scale @ slant_x @ slant_y, dtype=np.float64)

    def _to_centre(self, local: Points) -> NDArray[np.float64]:
        """From the anchor to the centre; Fabric counts the stroke into the width."""
        extent = np.ptp(np.asarray(local), axis=0) * (abs(self.scaleX), abs(self.scaleY))
        anchored = np.array([self.originX == "left", self.originY == "top"])
        return np.asarray((extent + self.strokeWidth) / 2 * anchored, dtype=np.float64)


class _Point(BaseModel):
    x: _Number
    y: _Number


class _Polygon(_Object):
    type: Literal["Polygon"]
    points: Annotated[list[_Point], Field(min_length=3, max_length=2000)]

    def corners(self) -> Points:
        ring = np.array([(p.x, p.y) for p in self.points])
        return placed(0, ring).local


class _Rect(_Object):
    type: Literal["Rect"]
    width: Annotated[float, Field(ge=0, le=1e6)]
    height: Annotated[float, Field(ge=0, le=1e6)]

    def corners(self) -> Points:
        x, y = self.width / 2, self.height / 2
        return ((-x, -y), (x, -y), (x, y), (-x, y))


class _Other(BaseModel):
    """A polygon in the making (a Path), or what only another tool could have drawn."""

    type: Literal["Path", "IText", "Circle", "Line", "LabeledRect"]


class _Drawing(BaseModel):
    objects: Annotated[
        list[Annotated[_Polygon | _Rect | _Other, Field(discriminator="type")]],
        Field(max_length=5000),
    ]


_DRAWING = TypeAdapter(_Drawing)


def _rotation(degrees: float) -> NDArray[np.float64]:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return np.array([[c, -s], [s, c]])
