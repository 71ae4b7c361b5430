"""Reads a written export back with somebody else's reader before it is offered."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from pycocotools import mask as reader
from pycocotools.coco import COCO

from beltmask import masks
from beltmask.errors import FormatError
from beltmask.formats.archive import ANNOTATIONS, IMAGES
from beltmask.formats.coco import CocoSummary, image_print, object_print
from beltmask.model import Box, Mask

_HINT = "Nothing was exported. Report this with the log: the export would have lost data."


@dataclass(frozen=True, slots=True)
class Certificate:
    """The verdict of an independent reader on a file: what it found, all of it as written."""

    reader: str
    version: str
    images: int
    objects: int
    differing: int = 0

    def __str__(self) -> str:
        read = f"{self.objects} objects in {self.images} images read back by"
        return f"{read} {self.reader} {self.version}, {self.differing} differ"


def certify_coco(path: Path, written: CocoSummary) -> Certificate:
    """Read a COCO file, or a ZIP that holds one, with pycocotools and compare every object.

    Every mask is decoded from the file and compared bit for bit with what was to be written,
    and so are image, category, box and area; ids must count from 1 without a gap; pictures
    that were to be in a ZIP must be there, unharmed, under the names the file gives them.

    Raises:
        FormatError: Anything differs, or the file cannot be read back.
    """
    try:
        data, pictures = _read(path)
        _check_ids(data)
        images = [image_print(r["file_name"], (r["width"], r["height"])) for r in data["images"]]
        differing = _differing(images, written.image_prints)
        differing += _differing(list(_object_prints(data)), written.object_prints)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise FormatError(f"{path.name} cannot be read back: {error!r}", hint=_HINT) from error
    if differing or pictures != written.picture_count:
        facts = f"{differing} entries differ, {pictures} of {written.picture_count} pictures"
        raise FormatError(f"{path.name} is not what was to be written: {facts}", hint=_HINT)
    counts = (written.image_count, written.object_count)
    return Certificate("pycocotools", version("pycocotools"), *counts)


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
    coco = COCO()
    # Not createIndex(): it prints, and a command's standard output is its answer.
    coco.imgs = {row["id"]: row for row in data["images"]}
    names = {row["id"]: row["name"] for row in data["categories"]}
    for row in data["annotations"]:
        category = (row["category_id"], names[row["category_id"]])
        yield object_print(row["image_id"], category, _mask_of(coco, row))


def _mask_of(coco: COCO, row: dict[str, Any]) -> Mask:
    """The mask of an annotation as pycocotools understands it."""
    frame = coco.annToMask(row).view(np.bool_)
    x, y, width, height = row["bbox"]
    box = Box(int(x), int(y), int(x + width), int(y + height))
    crop = masks.mask_from_crop(frame[box.y0 : box.y1, box.x0 : box.x1], box.x0, box.y0)
    shape = coco.annToRLE(row)
    agreed = reader.toBbox(shape).tolist() == row["bbox"] and reader.area(shape) == row["area"]
    if crop is None or crop.area != row["area"] or not agreed or row["iscrowd"] != 0:
        raise ValueError(f"box or area of annotation {row['id']} is not that of its mask")
    return crop


def _differing(found: list[bytes], wanted: tuple[bytes, ...]) -> int:
    pairs = zip(found, wanted, strict=False)
    return sum(one != other for one, other in pairs) + abs(len(found) - len(wanted))
