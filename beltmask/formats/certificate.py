"""The verdict of somebody else's reader on a written export, before it is offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from beltmask.counts import counted
from beltmask.errors import FormatError
from beltmask.formats.dataset import WrittenDataset
from beltmask.messages import Message

HINT = Message("formats.report_it")


@dataclass(frozen=True, slots=True)
class Certificate:
    """The verdict of an independent reader on a file: what it found, all of it as written."""

    reader: str
    version: str
    images: int
    objects: int
    differing: int = 0

    def __str__(self) -> str:
        read = f"{counted(self.objects, 'object')} in {counted(self.images, 'image')} read back by"
        return f"{read} {self.reader} {self.version}, {self.differing} differ"


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a reader found: digests as in ``WrittenDataset``, and how many pictures are there."""

    image_prints: Sequence[bytes]
    object_prints: Sequence[bytes]
    picture_count: int


def check_same(path: Path, found: ReadBack, written: WrittenDataset) -> None:
    """Compare every image and object.

    Raises:
        FormatError: Anything differs.
    """
    differing = _differing(found.image_prints, written.image_prints)
    differing += _differing(found.object_prints, written.object_prints)
    if differing or found.picture_count != written.picture_count:
        entries = Message("formats.differing_entries", count=differing)
        there, wanted = found.picture_count, written.picture_count
        pictures = Message("formats.pictures_found", found=there, count=wanted)
        said = Message("formats.not_as_written", name=path.name, entries=entries, pictures=pictures)
        raise FormatError(said, hint=HINT)


def _differing(found: Sequence[bytes], wanted: Sequence[bytes]) -> int:
    pairs = zip(found, wanted, strict=False)
    return sum(one != other for one, other in pairs) + abs(len(found) - len(wanted))
