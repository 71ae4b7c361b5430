"""What the local Gemini server knows: pictures, their real objects, and how models write them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from beltmask.masks import Ring, mask_from_rings, rings_of, to_coco_rle
from beltmask.model import Mask, Pixels, Size

_SIDE = 48
_LARGEST_DIFFERENCE = 9.0
_LARGEST_STRETCH = 0.02
Thumbnail = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class KnownObject:
    label: str
    mask: Mask


@dataclass(frozen=True, eq=False)
class KnownPicture:
    """``thumbnail`` is grey, (48, 48): enough to know the picture again after resizing."""

    name: str
    size: Size
    thumbnail: Thumbnail
    objects: tuple[KnownObject, ...]


def known_picture(name: str, pixels: Pixels, objects: Iterable[KnownObject]) -> KnownPicture:
    """A picture given as RGB pixels, shape (rows, columns, 3)."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8)
    size = (pixels.shape[1], pixels.shape[0])
    return KnownPicture(name, size, _thumbnail(grey), tuple(objects))


@cache
def read_truth(path: Path) -> tuple[KnownPicture, ...]:
    """The pictures of a COCO file, or of a folder with ``truth.json`` and ``images/``.

    Decoded once for all the tests of a process.
    """
    return tuple(_pictures_in(path))


def _pictures_in(path: Path) -> Iterator[KnownPicture]:
    file = path / "truth.json" if path.is_dir() else path
    coco = json.loads(file.read_text(encoding="utf-8"))
    names = {category["id"]: category["name"] for category in coco["categories"]}
    for image in coco["images"]:
        size = (image["width"], image["height"])
        mine = [a for a in coco["annotations"] if a["image_id"] == image["id"]]
        objects = [o for a in mine if (o := _object(a, names, size)) is not None]
        picture = file.parent / "images" / image["file_name"]
        grey = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
        assert grey is not None, f"{picture} is missing"
        yield KnownPicture(picture.name, size, _thumbnail(grey.astype(np.uint8)), tuple(objects))


def recognise(encoded: bytes, known: Sequence[KnownPicture]) -> KnownPicture | None:
    """The known picture that ``encoded`` (JPEG, PNG) is a smaller copy of."""
    data = np.frombuffer(encoded or b"-", np.uint8)
    grey = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
    if grey is None:
        return None
    ratio, thumbnail = grey.shape[1] / grey.shape[0], _thumbnail(grey.astype(np.uint8))
    alike = [p for p in known if abs(p.size[0] / p.size[1] / ratio - 1) < _LARGEST_STRETCH]
    best = min(alike, key=lambda p: _difference(p.thumbnail, thumbnail), default=None)
    if best is None or _difference(best.thumbnail, thumbnail) > _LARGEST_DIFFERENCE:
        return None
    return best


def box_2d(mask: Mask, size: Size) -> list[int]:
    """[ymin, xmin, ymax, xmax], 0..1000."""
    x0, y0, x1, y1 = mask.box.corners
    return [_grid(y0, size[1]), _grid(x0, size[0]), _grid(y1, size[1]), _grid(x1, size[0])]


def polygon_entry(known: KnownObject, size: Size, *, y_first: bool = True) -> dict[str, Any]:
    """Outer rings as ``mask``, holes under their own key."""
    rings = rings_of(known.mask)
    outer = [ring for ring in rings if _turns_like(ring, rings[0])]
    holes = [ring for ring in rings if not _turns_like(ring, rings[0])]
    written = [_corners(ring, size, y_first=y_first) for ring in outer]
    return {
        "box_2d": box_2d(known.mask, size),
        "label": known.label,
        "mask": written[0] if len(written) == 1 else written,
        "holes": [_corners(ring, size, y_first=y_first) for ring in holes],
    }


def png_entry(known: KnownObject, size: Size) -> dict[str, Any]:
    """A 256 × 256 grey PNG that covers the box, as the 2.5 models gave."""
    grey = known.mask.bits.astype(np.uint8) * np.uint8(255)
    stretched = cv2.resize(grey, (256, 256), interpolation=cv2.INTER_LINEAR)
    _, png = cv2.imencode(".png", np.where(stretched > 127, 255, 0).astype(np.uint8))
    uri = "data:image/png;base64," + base64.b64encode(png.tobytes()).decode()
    return {"box_2d": box_2d(known.mask, size), "mask": uri, "label": known.label}


def rle_entry(known: KnownObject, size: Size) -> dict[str, Any]:
    counts = to_coco_rle(known.mask, size)["counts"]
    return {"box_2d": box_2d(known.mask, size), "mask": counts, "label": known.label}


def box_entry(known: KnownObject, size: Size) -> dict[str, Any]:
    return {"box_2d": box_2d(known.mask, size), "label": known.label}


def token_entry(known: KnownObject, size: Size) -> dict[str, Any]:
    tokens = "<start_of_mask>" + "".join(f"<seg_{n}>" for n in range(16))
    return {"box_2d": box_2d(known.mask, size), "mask": tokens, "label": known.label}


def _object(annotation: dict[str, Any], names: dict[int, str], size: Size) -> KnownObject | None:
    rings = [np.reshape(run, (-1, 2)).astype(np.float64) for run in annotation["segmentation"]]
    mask = mask_from_rings(rings, size)
    return None if mask is None else KnownObject(names[annotation["category_id"]], mask)


def _corners(ring: Ring, size: Size, *, y_first: bool) -> list[list[int]]:
    simple = cv2.approxPolyDP(ring.astype(np.float32)[:, None], 0.5, closed=True)[:, 0]
    if len(simple) < 3:
        simple = ring
    points = [[_grid(y, size[1]), _grid(x, size[0])] for x, y in simple]
    return points if y_first else [point[::-1] for point in points]


def _turns_like(ring: Ring, first: Ring) -> bool:
    """Holes run the other way round than the first ring, which is an outer one."""
    return bool(_signed_area(ring) * _signed_area(first) > 0)


def _signed_area(ring: Ring) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


def _thumbnail(grey: Pixels) -> Thumbnail:
    small = cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    return small.astype(np.float32)


def _difference(first: Thumbnail, second: Thumbnail) -> float:
    return cv2.norm(first, second, cv2.NORM_L1) / first.size


def _grid(value: float, length: int) -> int:
    return round(float(value) * 1000 / length)
