"""The verdict of somebody else's reader on a written export, before it is offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from beltmask.counts import counted
from beltmask.errors import FormatError
from beltmask.formats.dataset import WrittenDataset

HINT = "Nothing was exported. Report this with the log: the export would have lost data."


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
        entries = counted(differing, "differing entry", "differing entries")
        facts = f"{entries}, {found.picture_count} of {counted(written.picture_count, 'picture')}"
        raise FormatError(f"{path.name} is not what was to be written: {facts}", hint=HINT)


def _differing(found: Sequence[bytes], wanted: Sequence[bytes]) -> int:
    pairs = zip(found, wanted, strict=False)
    return sum(one != other for one, other in pairs) + abs(len(found) - len(wanted))
