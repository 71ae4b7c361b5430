"""COCO JSON (instances or results) -> objects. Tolerant of many hands, never of nonsense.

Shapes are decoded image by image when asked for, so a file of ten thousand masks is never
in memory as bits.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from beltmask.errors import FormatError, UnusableValueError, reason_of
from beltmask.formats.coco.shapes import finite, read_bbox, read_segmentation
from beltmask.formats.dataset import Dataset, DatasetImage, DatasetObject
from beltmask.messages import Message
from beltmask.model import Size

T = TypeVar("T")
Row = Mapping[str, Any]
"""One JSON object of the file."""

_YES = (1, True, "1", "true", "True")
MAX_BYTES = 1_000_000_000
MAX_PIXELS = 150_000_000
"""Of one image, as for pictures."""


def read_coco(
    path: Path, *, truth: Dataset | None = None, left_out: list[Message] | None = None
) -> Dataset:
    """Read a COCO instances file or, given ``truth``, a results list with its ids besides.

    A mask is None when the file gives a box only, a shape without a single pixel, or the
    rectangle of an object that never had a mask (the attribute ``box_only``). What is ignored
    has ``iscrowd=1`` or ``ignore=1``. The position of a class is its category's id - 1.

    ``left_out`` gets a sentence for each object that cannot be read, now and whenever objects
    are asked for; without such a list the first of them is raised.

    Raises:
        FormatError: It is neither; names the file and the entry that is wrong.
    """
    data = _json(path)
    if truth is None or not isinstance(data, list):
        return _instances(data, path.name, left_out)
    classes = truth.classes
    images = _with_objects(data, truth.images, classes, path.name, left_out)
    return Dataset(path.name, images, classes, of_truth=True)


@dataclass(frozen=True, slots=True, eq=False)
class _CocoObjects:
    """The objects of one image in the order of the file, read whenever they are asked for.

    Each row comes with how to name it in an error.

    Raises (while iterating):
        FormatError: A shape cannot be read; names the file and the annotation.
    """

    rows: Sequence[tuple[Message, Row]]
    size: Size
    name: str
    left_out: list[Message] | None

    def __iter__(self) -> Iterator[DatasetObject]:
        for where, row in self.rows:
            try:
                yield _object(row, size=self.size)
            except (TypeError, ValueError) as error:
                told = FormatError(reason_of(error)).at(_in_file(self.name, where))
                if self.left_out is None:
                    raise told from error
                self.left_out.append(told.message)


def _json(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FormatError(
                Message("formats.too_large", name=path.name, megabytes=MAX_BYTES // 1_000_000)
            )
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FormatError(
            Message("formats.not_opened", name=path.name, reason=error.strerror)
        ) from error
    except (ValueError, RecursionError) as error:
        raise FormatError(Message("formats.not_json", name=path.name, reason=str(error))) from error


def _instances(data: Any, name: str, left_out: list[Message] | None) -> Dataset:
    if not isinstance(data, dict):
        raise FormatError(Message("formats.no_object_at_top", name=name))
    images = _table(data, "images", _image, name)
    classes = dict(categories := _table(data, "categories", _class, name))
    if repeated := _repeated([image.id for image in images]):
        raise FormatError(Message("formats.image_twice", name=name, id=repeated[0]))
    if repeated := _repeated([position + 1 for position, _ in categories]):
        raise FormatError(Message("formats.category_twice", name=name, id=repeated[0]))
    rows = _list(data, "annotations", name)
    return Dataset(name, _with_objects(rows, images, classes, name, left_out), classes)


def _list(data: Mapping[str, Any], table: str, name: str) -> list[Any]:
    rows = data.get(table)
    if not isinstance(rows, list):
        raise FormatError(Message("formats.no_list", name=name, table=table))
    return rows


def _table(data: Mapping[str, Any], table: str, read: Callable[[Any], T], name: str) -> list[T]:
    rows = enumerate(_list(data, table, name), start=1)
    places = ((Message("formats.entry", number=number, table=table), row) for number, row in rows)
    return [_checked(read, row, _in_file(name, where)) for where, row in places]


def _checked(read: Callable[[Any], T], row: Any, where: Message) -> T:
    try:
        return read(row)
    except KeyError as error:
        missing = Message("formats.key_missing", key=str(error.args[0]))
        raise FormatError(missing).at(where) from error
    except (TypeError, ValueError) as error:
        raise FormatError(reason_of(error)).at(where) from error


def _image(row: Any) -> DatasetImage:
    width, height = _whole(row["width"]), _whole(row["height"])
    if width < 1 or height < 1 or width * height > MAX_PIXELS:
        raise UnusableValueError(Message("formats.no_such_size", width=width, height=height))
    sha256 = row.get("sha256")
    known = sha256 if isinstance(sha256, str) else ""
    name = _text(row["file_name"])
    return DatasetImage(name, (width, height), sha256=known, id=_whole(row["id"]))


def _class(row: Any) -> tuple[int, str]:
    return _position(row["id"]), _text(row["name"])


def _position(category_id: Any) -> int:
    return _whole(category_id) - 1


def _with_objects(
    rows: Sequence[Any],
    images: Sequence[DatasetImage],
    classes: Container[int],
    name: str,
    left_out: list[Message] | None,
) -> tuple[DatasetImage, ...]:
    known: dict[int | None, list[tuple[Message, Row]]] = {image.id: [] for image in images}
    for number, row in enumerate(rows, start=1):
        where = _name_of(row, number)
        try:
            image_id = _image_of(row, known, classes, _in_file(name, where))
        except FormatError as error:
            if left_out is None:
                raise
            left_out.append(error.message)
        else:
            known[image_id].append((where, row))
    return tuple(
        replace(image, objects=_CocoObjects(known[image.id], image.size, name, left_out))
        for image in images
    )


def _image_of(
    row: Any, images: Container[int | None], classes: Container[int], where: Message
) -> int:
    image_id, category_id = _checked(_references, row, where)
    if image_id not in images:
        raise FormatError(Message("store.no_image", id=image_id)).at(where)
    if _position(category_id) not in classes:
        raise FormatError(Message("formats.no_category", id=category_id)).at(where)
    return image_id


def _name_of(row: Any, number: int) -> Message:
    if isinstance(row, dict) and isinstance(row.get("id"), int):
        return Message("formats.annotation", id=row["id"])
    return Message("formats.entry_of_annotations", number=number)


def _in_file(name: str, where: Message) -> Message:
    return Message("formats.in_file", name=name, where=where)


def _references(row: Any) -> tuple[int, int]:
    return _whole(row["image_id"]), _whole(row["category_id"])


def _object(row: Row, *, size: Size) -> DatasetObject:
    attributes = row.get("attributes")
    attributes = attributes if isinstance(attributes, dict) else {}
    shape = row.get("segmentation")
    mask = read_segmentation(shape, size)
    box = read_bbox(row.get("bbox"), size) if mask is None else mask.box
    if box is None:
        raise UnusableValueError(Message("formats.no_shape"))
    score = row.get("score")
    return DatasetObject(
        class_position=_position(row["category_id"]),
        box=box,
        mask=None if attributes.get("box_only") is True else mask,
        attributes=attributes,
        score=None if score is None else finite(score),
        ignored=any(row.get(flag) in _YES for flag in ("iscrowd", "ignore")),
        empty=mask is None and bool(shape),
    )


def _repeated(ids: Sequence[int | None]) -> list[int | None]:
    return [number for number, count in Counter(ids).items() if count > 1]


def _whole(found: Any) -> int:
    if isinstance(found, int) and not isinstance(found, bool):
        return found
    if not finite(found).is_integer():
        raise UnusableValueError(Message("formats.not_whole", found=found))
    return int(found)


def _text(found: Any) -> str:
    if not isinstance(found, str) or not found.strip():
        raise UnusableValueError(Message("formats.not_a_name", found=str(found)[:40]))
    return found
