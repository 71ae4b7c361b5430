"""Reads a COCO file back with pycocotools before it is offered."""

from __future__ import annotations

import json
import warnings
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from pycocotools import mask as reader

from beltmask import masks
from beltmask.errors import FormatError
from beltmask.formats.archive import IMAGES
from beltmask.formats.certificate import HINT, Certificate, ReadBack, check_same
from beltmask.formats.dataset import WrittenDataset, image_print, object_print
from beltmask.messages import Message
from beltmask.model import BoolArray, Box, Mask

Shape = dict[str, Any]
"""A compressed RLE as it stands in the file."""

ANNOTATIONS = "annotations.json"
"""The name in a ZIP."""


def certify_coco(path: Path, written: WrittenDataset) -> Certificate:
    """Read a COCO file, or a ZIP that holds one, with pycocotools and compare every object.

    Every mask is decoded from the file and compared bit for bit with what was to be written,
    and so are image, category, box and area; ids must count from 1 without a gap; pictures
    that were to be in a ZIP must be there, unharmed, under the names the file gives them.

    Raises:
        FormatError: Anything differs, or the file cannot be read back.
    """
    try:
        found = _read_back(path)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise FormatError(
            Message("formats.not_read_back", name=path.name, reason=repr(error)), hint=HINT
        ) from error
    check_same(path, found, written)
    counts = (written.image_count, written.object_count)
    return Certificate("pycocotools", version("pycocotools"), *counts)


def _read_back(path: Path) -> ReadBack:
    data, pictures = _read(path)
    _check_ids(data)
    images = [image_print(r["file_name"], (r["width"], r["height"])) for r in data["images"]]
    return ReadBack(images, list(_object_prints(data)), pictures)


def _read(path: Path) -> tuple[dict[str, Any], int]:
    """The annotations, and how many of their images are in the archive."""
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            return json.load(file), 0
    with zipfile.ZipFile(path) as archive:
        damaged = archive.testzip()
        if damaged is not None:
            raise ValueError(f"{damaged} is damaged")
        with archive.open(ANNOTATIONS) as member:
            data = json.load(member)
        wanted = {IMAGES + row["file_name"] for row in data["images"]}
        return data, len(wanted.intersection(archive.namelist()))


def _check_ids(data: dict[str, Any]) -> None:
    for table in ("images", "annotations"):
        ids = [row["id"] for row in data[table]]
        if ids != list(range(1, len(ids) + 1)):
            raise ValueError(f"the ids of {table} do not count from 1")


def _object_prints(data: dict[str, Any]) -> Iterator[bytes]:
    names = {row["id"]: row["name"] for row in data["categories"]}
    sizes = {row["id"]: [row["height"], row["width"]] for row in data["images"]}
    for image_id, group in groupby(data["annotations"], key=lambda row: row["image_id"]):
        rows = list(group)
        if any(row["segmentation"]["size"] != sizes[image_id] for row in rows):
            raise ValueError(f"a mask of image {image_id} is not of its size")
        found = _masks_of([row["segmentation"] for row in rows])
        for row, mask in zip(rows, found, strict=True):
            _check_row(row, mask)
            named = (row["category_id"] - 1, names[row["category_id"]])
            yield object_print(image_id, named, mask, ignored=row["iscrowd"] != 0)


def _check_row(row: dict[str, Any], mask: Mask) -> None:
    box = mask.box
    agreed = row["bbox"] == [box.x0, box.y0, box.width, box.height] and row["area"] == mask.area
    if not agreed:
        raise ValueError(f"box or area of annotation {row['id']} is wrong")


def _masks_of(shapes: list[Shape]) -> list[Mask]:
    """The masks of one image as pycocotools decodes them.

    It decodes whole frames only, so shapes whose boxes lie apart share one frame: within
    its own box, the frame shows nothing but that shape.
    """
    boxes = [_box_of(shape) for shape in shapes]
    found: dict[int, Mask] = {}
    for layer in _layers(boxes):
        frame = _frame([shapes[i] for i in layer])
        for i in layer:
            found[i] = _tight(frame, boxes[i])
    return [found[i] for i in range(len(shapes))]


def _frame(shapes: list[Shape]) -> BoolArray:
    """The union of some shapes, shape (height, width)."""
    with warnings.catch_warnings():
        # pycocotools 2.0.11 hands NumPy 2 an __array__ of the old kind; the bits are right.
        warnings.filterwarnings("ignore", "__array__ implementation", DeprecationWarning)
        frame: BoolArray = reader.decode(reader.merge(shapes)).view(np.bool_)
    return frame


def _box_of(shape: Shape) -> Box:
    x, y, width, height = (int(v) for v in reader.toBbox(shape))
    return Box(x, y, x + width, y + height)


def _tight(frame: BoolArray, box: Box) -> Mask:
    mask = masks.mask_from_crop(frame[box.y0 : box.y1, box.x0 : box.x1], box.x0, box.y0)
    if mask is None:
        raise ValueError("a mask has no pixels")
    return mask


def _layers(boxes: list[Box]) -> list[list[int]]:
    """Indices of the boxes in groups within which no two overlap."""
    layers: list[list[int]] = []
    for i, box in enumerate(boxes):
        free = (layer for layer in layers if all(_apart(box, boxes[j]) for j in layer))
        layer = next(free, None)
        if layer is None:
            layers.append([i])
        else:
            layer.append(i)
    return layers


def _apart(one: Box, other: Box) -> bool:
    beside = one.x1 <= other.x0 or other.x1 <= one.x0
    return beside or one.y1 <= other.y0 or other.y1 <= one.y0
