"""Objects -> COCO JSON (instances).

What readers trip over, and what is done about it:

* Shapes are compressed run lengths of the whole frame with ``iscrowd`` 0, so holes and parts
  survive; polygons would lose holes, and ``iscrowd`` 1 means "do not judge": only what is to be
  ignored has it.
* Ids count from 1: COCOeval takes an annotation with id 0 for "not matched".
* ``bbox`` is ``[x, y, width, height]`` on pixel edges: columns 10..19 are x 10, width 10.
* ``area`` is the number of mask pixels.
* The id of a category is the position of its class + 1, so it never moves.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import IO, Any

from beltmask import masks
from beltmask.errors import FormatError
from beltmask.formats.dataset import (
    DatasetImage,
    DatasetObject,
    Loss,
    WrittenDataset,
    image_print,
    named_apart,
    object_print,
    written_mask,
)
from beltmask.messages import Message, as_said
from beltmask.model import Mask, Size

Row = dict[str, Any]
"""One JSON object of the file."""


def write_coco(
    out: IO[str],
    images: Iterable[DatasetImage],
    classes: Mapping[int, str],
    *,
    description: str = "",
) -> WrittenDataset:
    """Write one COCO file, holding one image and its objects in memory at a time.

    Args:
        out: An open text file (UTF-8).
        images: Taken once, in order; ids follow that order. Names are made safe and unique.
        classes: Name of each class by its position, counted from 0.
        description: What the file says it is about.

    Raises:
        FormatError: An object leaves its image, its class is unknown, or an attribute is
            nothing JSON can hold. The message names the image.
    """
    info = {"description": description} if description else {}
    head = {"info": info, "licenses": [], "categories": _categories(classes)}
    writer = _Writer(out, classes)
    out.write(_json(head, where=Message("formats.the_description"))[:-1] + ',\n"annotations":[')
    for image in named_apart(images):
        writer.add(image)
    # Annotations come first because they are many; the rows of the images are kept till here.
    out.write('],\n"images":[' + ",".join(writer.image_rows) + "]}\n")
    return writer.written


class _Writer:
    def __init__(self, out: IO[str], classes: Mapping[int, str]) -> None:
        self._out = out
        self._classes = classes
        self._lost = Counter[Loss]()
        self._image_prints: list[bytes] = []
        self._object_prints: list[bytes] = []
        self.image_rows: list[str] = []

    @property
    def written(self) -> WrittenDataset:
        return WrittenDataset(tuple(self._image_prints), tuple(self._object_prints), self._lost)

    def add(self, image: DatasetImage) -> None:
        self._image_prints.append(image_print(image.file_name, image.size))
        image_id = len(self._image_prints)
        for number, item in enumerate(image.objects, start=1):
            where = Message("formats.object_of", number=number, name=image.file_name)
            self._add_object(item, image=image, image_id=image_id, where=where)
        row = _json(image_row(image, image_id=image_id), where=as_said(image.file_name))
        self.image_rows.append(f"\n{row}")

    def _add_object(
        self, item: DatasetObject, *, image: DatasetImage, image_id: int, where: Message
    ) -> None:
        position = item.class_position
        if position not in self._classes:
            raise FormatError(Message("formats.unknown_class", where=where, position=position))
        self._lost.update([Loss.NO_MASK] if item.mask is None else [])
        mask = written_mask(item, size=image.size, where=where)
        number = len(self._object_prints) + 1
        row = annotation_row(item, mask, size=image.size, image_id=image_id, number=number)
        self._out.write((",\n" if number > 1 else "\n") + _json(row, where=where))
        named = (position, self._classes[position])
        self._object_prints.append(object_print(image_id, named, mask, ignored=item.ignored))


def image_row(image: DatasetImage, *, image_id: int) -> Row:
    """An entry of ``images``."""
    width, height = image.size
    row: Row = {"id": image_id, "file_name": image.file_name, "width": width, "height": height}
    return row | ({"sha256": image.sha256} if image.sha256 else {})


def annotation_row(
    item: DatasetObject, mask: Mask, *, size: Size, image_id: int, number: int
) -> Row:
    """An entry of ``annotations``; ``mask`` is the object's own, or its rectangle."""
    box = mask.box
    row: Row = {
        "id": number,
        "image_id": image_id,
        "category_id": item.class_position + 1,
        "bbox": [float(v) for v in (box.x0, box.y0, box.width, box.height)],
        "area": mask.area,
        "iscrowd": int(item.ignored),
        "segmentation": masks.to_coco_rle(mask, size),
    }
    attributes = {**item.attributes, **({"box_only": True} if item.mask is None else {})}
    row |= {"attributes": attributes} if attributes else {}
    return row | ({} if item.score is None else {"score": item.score})


def _categories(classes: Mapping[int, str]) -> list[Row]:
    return [
        {"id": position + 1, "name": name, "supercategory": ""}
        for position, name in sorted(classes.items())
    ]


def _json(row: Mapping[str, Any], *, where: Message) -> str:
    try:
        return json.dumps(row, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise FormatError(
            Message("formats.not_json_able", where=where, reason=str(error))
        ) from error
