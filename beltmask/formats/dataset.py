"""A data set as every format sees it: pictures, their objects, and what became of them in a file.

The same nouns go out and come in, so what one format reads another can write.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np

from beltmask import masks
from beltmask.errors import FormatError
from beltmask.formats.files import FileNames
from beltmask.messages import Message
from beltmask.model import Box, Mask, Size


class Loss(StrEnum):
    """What a format may be unable to hold."""

    NO_MASK = "no mask"
    """That an object has a box only: it goes out as its rectangle."""
    MASKS = "masks"
    HOLES = "holes"
    PARTS = "parts"
    OVERLAPS = "overlaps"
    LABELS = "labels"
    NEGATIVES = "negatives"
    """Pictures without an object."""


@dataclass(frozen=True, slots=True, eq=False)
class DatasetObject:
    """One object. ``class_position`` is a key of the data set's classes, from 0 in what is written.

    ``mask`` is None when only a box is known. ``score`` (0..1) is for predictions. What is
    ``ignored`` is not to be judged, such as a crowd. ``empty``: a mask was given, without a pixel.
    """

    class_position: int
    box: Box
    mask: Mask | None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    score: float | None = None
    ignored: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class DatasetImage:
    """One picture and its objects; none at all makes it a negative.

    ``file_name`` is relative to the folder of images and may name folders. ``objects`` may be
    gone through more than once; those of a file are read from it each time. ``picture`` gives
    the bytes of the file and is asked only by an archive that holds pictures. ``sha256`` is that
    of the file somebody gave us: it tells which picture it is, whatever it is called. ``id`` is
    what a file that was read calls the image; it means something within the file only.
    """

    file_name: str
    size: Size
    objects: Iterable[DatasetObject] = ()
    picture: Callable[[], bytes] | None = None
    sha256: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """What a file holds. ``classes`` are names by position.

    ``of_truth`` is True of predictions whose images are those of the truth they were read for,
    one by one: a list of results names no images of its own.
    """

    name: str
    images: tuple[DatasetImage, ...]
    classes: Mapping[int, str]
    of_truth: bool = False


@dataclass(frozen=True, slots=True)
class WrittenDataset:
    """What was written: a digest of each image and object, which a certificate compares with what
    a reader finds. ``lost`` counts the objects or images that something was lost of.
    """

    image_prints: tuple[bytes, ...] = field(repr=False)
    object_prints: tuple[bytes, ...] = field(repr=False)
    lost: Mapping[Loss, int] = field(default_factory=dict)
    picture_count: int = 0

    @property
    def image_count(self) -> int:
        return len(self.image_prints)

    @property
    def object_count(self) -> int:
        return len(self.object_prints)


def named_apart(images: Iterable[DatasetImage]) -> Iterator[DatasetImage]:
    """The images under safe file names that occur once. Doing it twice changes nothing."""
    names = FileNames()
    for image in images:
        yield replace(image, file_name=names.free(image.file_name))


def written_mask(item: DatasetObject, *, size: Size, where: Message) -> Mask:
    """The object's mask, or its rectangle where it has none.

    Raises:
        FormatError: It leaves its image; the message says ``where``.
    """
    mask = masks.mask_from_box(item.box) if item.mask is None else item.mask
    if mask.box.clipped(size) != mask.box:
        raise FormatError(
            Message(
                "formats.leaves_image",
                where=where,
                width=size[0],
                height=size[1],
                box=str(mask.box),
            )
        )
    return mask


def image_print(file_name: str, size: Size) -> bytes:
    """A digest of the name and size of an image."""
    return hashlib.sha256(json.dumps([file_name, *size]).encode()).digest()


def object_print(
    image_number: int, named: tuple[int, str], mask: Mask, *, ignored: bool = False
) -> bytes:
    """A digest of an object: image (from 1), class (position, name), place and every bit."""
    facts = json.dumps([image_number, *named, *mask.box.corners, ignored]).encode()
    return hashlib.sha256(facts + np.packbits(mask.bits).tobytes()).digest()
