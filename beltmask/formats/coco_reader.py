"""COCO JSON (instances or results) -> objects. Tolerant of many hands, never of nonsense.

Shapes are decoded image by image when asked for, so a file of ten thousand masks is never
in memory as bits.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from beltmask.errors import FormatError
from beltmask.formats.coco_shapes import finite, read_bbox, read_segmentation
from beltmask.model import Box, Mask, Size

T = TypeVar("T")
Row = Mapping[str, Any]
"""One JSON object of the file."""

_YES = (1, True, "1", "true", "True")
MAX_BYTES = 1_000_000_000
MAX_PIXELS = 150_000_000
"""Of one image, as for pictures."""


@dataclass(frozen=True, slots=True)
class CocoEntry:
    """An image of the file. ``id`` means something within the file only; ``sha256`` is that of
    the file the picture came from, where BeltMask wrote it.
    """

    id: int
    file_name: str
    size: Size
    sha256: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class CocoAnnotation:
    """One object of the file. ``ignored`` is COCO's ``iscrowd=1``, or ``ignore=1``: not to be
    judged.

    ``mask`` is None when the file gives a box only, a shape without a single pixel, or the
    rectangle of an object that never had a mask (the attribute ``box_only``).
    """

    category: str
    box: Box
    mask: Mask | None
    ignored: bool
    score: float | None
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class CocoData:
    """A COCO file whose ids fit together; its shapes are read on demand, from ``rows``.

    ``left_out`` gets a sentence for each object that cannot be read; without such a list the
    first of them is raised.
    """

    name: str
    images: tuple[CocoEntry, ...]
    categories: Mapping[int, str]
    rows: Mapping[int, Sequence[tuple[str, Row]]]
    left_out: list[str] | None = None

    def annotations(self, image: CocoEntry) -> list[CocoAnnotation]:
        """The objects of one image, in the order of the file.

        Raises:
            FormatError: A shape cannot be read; names the file and the annotation.
        """
        read = (
            self._read(row, image=image, where=f"{self.name}, {where}")
            for where, row in self.rows.get(image.id, ())
        )
        return [each for each in read if each is not None]

    def _read(self, row: Row, *, image: CocoEntry, where: str) -> CocoAnnotation | None:
        try:
            return _annotation(
                row, size=image.size, category=self.categories[int(row["category_id"])]
            )
        except (TypeError, ValueError) as error:
            if self.left_out is None:
                raise FormatError(f"{where}: {error}") from error
            self.left_out.append(f"{where}: {error}")
            return None


def read_coco(path: Path, *, left_out: list[str] | None = None) -> CocoData:
    """Read a COCO instances file. ``left_out`` as in ``CocoData``, from now on.

    Raises:
        FormatError: It is not one; names the file and the entry that is wrong.
    """
    return _instances(_json(path), path.name, left_out)


def read_predictions(path: Path, *, truth: CocoData, left_out: list[str] | None = None) -> CocoData:
    """Read predictions: a COCO file of its own, or a results list with the ids of ``truth``.

    Raises:
        FormatError: It is neither; names the file and the entry that is wrong.
    """
    data = _json(path)
    if not isinstance(data, list):
        return _instances(data, path.name, left_out)
    rows = _by_image(data, truth.images, truth.categories, path.name, left_out)
    return CocoData(path.name, truth.images, truth.categories, rows, left_out)


def _json(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FormatError(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB")
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FormatError(f"{path.name} cannot be opened: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path.name} is not JSON: {error}") from error


def _instances(data: Any, name: str, left_out: list[str] | None) -> CocoData:
    if not isinstance(data, dict):
        raise FormatError(f"{name} is not a COCO file: no object at its top")
    images = _table(data, "images", _entry, name)
    categories = _table(data, "categories", _category, name)
    _refuse_repeats([image.id for image in images], f"{name}: image")
    _refuse_repeats([number for number, _ in categories], f"{name}: category")
    rows = _by_image(_list(data, "annotations", name), images, dict(categories), name, left_out)
    return CocoData(name, tuple(images), dict(categories), rows, left_out)


def _list(data: Mapping[str, Any], table: str, name: str) -> list[Any]:
    rows = data.get(table)
    if not isinstance(rows, list):
        raise FormatError(f"{name} is not a COCO file: it has no list of {table}")
    return rows


def _table(data: Mapping[str, Any], table: str, read: Callable[[Any], T], name: str) -> list[T]:
    rows = enumerate(_list(data, table, name), start=1)
    return [_checked(read, row, f"{name}, entry {number} of {table}") for number, row in rows]


def _checked(read: Callable[[Any], T], row: Any, where: str) -> T:
    try:
        return read(row)
    except KeyError as error:
        raise FormatError(f"{where}: it has no {error.args[0]}") from error
    except (TypeError, ValueError) as error:
        raise FormatError(f"{where}: {error}") from error


def _entry(row: Any) -> CocoEntry:
    width, height = _whole(row["width"]), _whole(row["height"])
    if width < 1 or height < 1 or width * height > MAX_PIXELS:
        raise ValueError(f"no image is {width} x {height} px")
    sha256 = row.get("sha256")
    known = sha256 if isinstance(sha256, str) else ""
    return CocoEntry(_whole(row["id"]), _text(row["file_name"]), (width, height), known)


def _category(row: Any) -> tuple[int, str]:
    return _whole(row["id"]), _text(row["name"])


def _by_image(
    rows: Sequence[Any],
    images: Sequence[CocoEntry],
    categories: Mapping[int, str],
    name: str,
    left_out: list[str] | None,
) -> dict[int, list[tuple[str, Row]]]:
    """The raw annotations of each image, each with how to name it in an error."""
    known: dict[int, list[tuple[str, Row]]] = {image.id: [] for image in images}
    for number, row in enumerate(rows, start=1):
        where = _name_of(row, number)
        try:
            image_id = _image_of(row, known, categories, f"{name}, {where}")
        except FormatError as error:
            if left_out is None:
                raise
            left_out.append(str(error))
        else:
            known[image_id].append((where, row))
    return known


def _image_of(row: Any, images: Container[int], categories: Container[int], where: str) -> int:
    image_id, category_id = _checked(_references, row, where)
    if image_id not in images:
        raise FormatError(f"{where}: there is no image {image_id}")
    if category_id not in categories:
        raise FormatError(f"{where}: there is no category {category_id}")
    return image_id


def _name_of(row: Any, number: int) -> str:
    named = isinstance(row, dict) and isinstance(row.get("id"), int)
    return f"annotation {row['id']}" if named else f"entry {number} of the annotations"


def _references(row: Any) -> tuple[int, int]:
    return _whole(row["image_id"]), _whole(row["category_id"])


def _annotation(row: Row, *, size: Size, category: str) -> CocoAnnotation:
    attributes = row.get("attributes")
    attributes = attributes if isinstance(attributes, dict) else {}
    mask = read_segmentation(row.get("segmentation"), size)
    box = read_bbox(row.get("bbox"), size) if mask is None else mask.box
    if box is None:
        raise ValueError("it has neither pixels nor a box")
    score = row.get("score")
    return CocoAnnotation(
        category=category,
        box=box,
        mask=None if attributes.get("box_only") is True else mask,
        ignored=any(row.get(flag) in _YES for flag in ("iscrowd", "ignore")),
        score=None if score is None else finite(score),
        attributes=attributes,
    )


def _refuse_repeats(ids: Sequence[int], what: str) -> None:
    repeated = [number for number, count in Counter(ids).items() if count > 1]
    if repeated:
        raise FormatError(f"{what} {repeated[0]} occurs more than once")


def _whole(found: Any) -> int:
    if isinstance(found, int) and not isinstance(found, bool):
        return found
    if not finite(found).is_integer():
        raise ValueError(f"not a whole number: {found}")
    return int(found)


def _text(found: Any) -> str:
    if not isinstance(found, str) or not found.strip():
        raise ValueError(f"not a name: {str(found)[:40]!r}")
    return found
