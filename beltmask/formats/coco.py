"""Objects -> COCO JSON (instances). Reading is in ``coco_reader``.

What readers trip over, and what is done about it:

* Shapes are compressed run lengths of the whole frame with ``iscrowd`` 0, so holes and parts
  survive; polygons would lose holes, and ``iscrowd`` 1 means "do not judge".
* Ids count from 1: COCOeval takes an annotation with id 0 for "not matched".
* ``bbox`` is ``[x, y, width, height]`` on pixel edges: columns 10..19 are x 10, width 10.
* ``area`` is the number of mask pixels.
* The id of a category is the position of its class + 1, so it never moves.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import IO, Any

import numpy as np

from beltmask import masks
from beltmask.errors import FormatError
from beltmask.formats.files import FileNames
from beltmask.model import Box, Mask, Size

Row = dict[str, Any]
"""One JSON object of the file."""


@dataclass(frozen=True, slots=True, eq=False)
class CocoObject:
    """One object. ``class_position`` counts from 0; ``score`` (0..1) is for predictions.

    An object without a mask is written as its rectangle, with the attribute ``box_only``.
    """

    class_position: int
    box: Box
    mask: Mask | None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    score: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CocoImage:
    """One picture and its objects; none at all makes it a negative.

    ``file_name`` is relative to the folder of images and may name folders. ``picture`` gives
    the bytes of the file and is asked only by an archive that holds pictures. ``sha256`` is that
    of the file somebody gave us: it tells which picture it is, whatever it is called.
    """

    file_name: str
    size: Size
    objects: Sequence[CocoObject]
    picture: Callable[[], bytes] | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class CocoSummary:
    """What was written. The fingerprints are what a certificate compares with the file."""

    image_prints: tuple[bytes, ...] = field(repr=False)
    object_prints: tuple[bytes, ...] = field(repr=False)
    box_only_count: int
    picture_count: int = 0

    @property
    def image_count(self) -> int:
        return len(self.image_prints)

    @property
    def object_count(self) -> int:
        return len(self.object_prints)


def write_coco(
    out: IO[str],
    images: Iterable[CocoImage],
    categories: Mapping[int, str],
    *,
    info: Mapping[str, Any] | None = None,
    licenses: Sequence[Mapping[str, Any]] = (),
) -> CocoSummary:
    """Write one COCO file, holding one image and its objects in memory at a time.

    Args:
        out: An open text file (UTF-8).
        images: Taken once, in order; ids follow that order. Names are made safe and unique.
        categories: Name of each class by its position, counted from 0.
        info: Kept as it is.
        licenses: Kept as they are.

    Raises:
        FormatError: An object leaves its image, its class is unknown, or an attribute is
            nothing JSON can hold. The message names the image.
    """
    head = {"info": info or {}, "licenses": list(licenses), "categories": _categories(categories)}
    writer = _Writer(out, categories)
    out.write(_json(head, where="info and licenses")[:-1] + ',\n"annotations":[')
    for image in named_apart(images):
        writer.add(image)
    # Annotations come first because they are many; the rows of the images are kept till here.
    out.write('],\n"images":[' + ",".join(writer.image_rows) + "]}\n")
    return writer.summary


def named_apart(images: Iterable[CocoImage]) -> Iterator[CocoImage]:
    """The images under safe file names that occur once. Doing it twice changes nothing."""
    names = FileNames()
    for image in images:
        yield replace(image, file_name=names.free(image.file_name))


class _Writer:
    def __init__(self, out: IO[str], categories: Mapping[int, str]) -> None:
        self._out = out
        self._categories = categories
        self._box_only = 0
        self._image_prints: list[bytes] = []
        self._object_prints: list[bytes] = []
        self.image_rows: list[str] = []

    @property
    def summary(self) -> CocoSummary:
        prints = (tuple(self._image_prints), tuple(self._object_prints))
        return CocoSummary(*prints, box_only_count=self._box_only)

    def add(self, image: CocoImage) -> None:
        self._image_prints.append(image_print(image.file_name, image.size))
        image_id = len(self._image_prints)
        for number, item in enumerate(image.objects, start=1):
            where = f"object {number} of {image.file_name}"
            self._add_object(item, image=image, image_id=image_id, where=where)
        row = _json(image_row(image, image_id=image_id), where=image.file_name)
        self.image_rows.append(f"\n{row}")

    def _add_object(self, item: CocoObject, *, image: CocoImage, image_id: int, where: str) -> None:
        if item.class_position not in self._categories:
            raise FormatError(f"{where} has an unknown class: {item.class_position}")
        self._box_only += item.mask is None
        mask = _mask_of(item, size=image.size, where=where)
        number = len(self._object_prints) + 1
        row = annotation_row(item, mask, size=image.size, image_id=image_id, number=number)
        self._out.write((",\n" if number > 1 else "\n") + _json(row, where=where))
        category = (row["category_id"], self._categories[item.class_position])
        self._object_prints.append(object_print(image_id, category, mask))


def image_row(image: CocoImage, *, image_id: int) -> Row:
    """An entry of ``images``."""
    width, height = image.size
    row: Row = {"id": image_id, "file_name": image.file_name, "width": width, "height": height}
    return row | ({"sha256": image.sha256} if image.sha256 else {})


def annotation_row(item: CocoObject, mask: Mask, *, size: Size, image_id: int, number: int) -> Row:
    """An entry of ``annotations``; ``mask`` is the object's own, or its rectangle."""
    box = mask.box
    row: Row = {
        "id": number,
        "image_id": image_id,
        "category_id": item.class_position + 1,
        "bbox": [float(v) for v in (box.x0, box.y0, box.width, box.height)],
        "area": mask.area,
        "iscrowd": 0,
        "segmentation": masks.to_coco_rle(mask, size),
    }
    attributes = {**item.attributes, **({"box_only": True} if item.mask is None else {})}
    row |= {"attributes": attributes} if attributes else {}
    return row | ({} if item.score is None else {"score": item.score})


def image_print(file_name: str, size: Size) -> bytes:
    """A digest of the name and size of an image."""
    return hashlib.sha256(json.dumps([file_name, *size]).encode()).digest()


def object_print(image_id: int, category: tuple[int, str], mask: Mask) -> bytes:
    """A digest of an object: image, category (id, name), place and every bit of the mask."""
    facts = json.dumps([image_id, *category, *mask.box.corners]).encode()
    return hashlib.sha256(facts + np.packbits(mask.bits).tobytes()).digest()


def _mask_of(item: CocoObject, *, size: Size, where: str) -> Mask:
    mask = masks.mask_from_box(item.box) if item.mask is None else item.mask
    if mask.box.clipped(size) != mask.box:
        raise FormatError(f"{where} leaves its image of {size[0]} x {size[1]} px: {mask.box}")
    return mask


def _categories(categories: Mapping[int, str]) -> list[Row]:
    return [
        {"id": position + 1, "name": name, "supercategory": ""}
        for position, name in sorted(categories.items())
    ]


def _json(row: Mapping[str, Any], *, where: str) -> str:
    try:
        return json.dumps(row, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise FormatError(f"{where} cannot be written as JSON: {error}") from error
