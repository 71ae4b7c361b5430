"""COCO instances as one of the formats: ``annotations.json``, alone or in a ZIP with pictures."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from beltmask.formats.archive import with_pictures_stored
from beltmask.formats.certificate import Certificate
from beltmask.formats.coco.certificate import ANNOTATIONS, certify_coco
from beltmask.formats.coco.reader import read_coco
from beltmask.formats.coco.writer import write_coco
from beltmask.formats.dataset import Dataset, DatasetImage, Loss, WrittenDataset, named_apart
from beltmask.messages import Message


@dataclass(frozen=True, slots=True)
class Coco:
    """Masks as run lengths, so that nothing of a shape is lost."""

    name: str = "coco"
    title: str = "COCO"
    suffix: str = ".json"
    loses: frozenset[Loss] = frozenset({Loss.NO_MASK})

    def write(
        self,
        path: Path,
        images: Iterable[DatasetImage],
        classes: Mapping[int, str],
        *,
        description: str = "",
    ) -> WrittenDataset:
        if path.suffix.lower() == ".zip":
            return _write_zip(path, images, classes, description)
        with path.open("w", encoding="utf-8") as file:
            return write_coco(file, images, classes, description=description)

    def read(
        self, path: Path, *, truth: Dataset | None = None, left_out: list[Message] | None = None
    ) -> Dataset:
        return read_coco(path, truth=truth, left_out=left_out)

    def certify(self, path: Path, written: WrittenDataset) -> Certificate:
        return certify_coco(path, written)


def _write_zip(
    path: Path, images: Iterable[DatasetImage], classes: Mapping[int, str], description: str
) -> WrittenDataset:
    """``file_name`` in the annotations is the picture's path below ``images/``."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        tempfile.TemporaryFile() as buffer,
        io.TextIOWrapper(buffer, encoding="utf-8") as text,
    ):
        stored = with_pictures_stored(archive, named_apart(images))
        written = write_coco(text, stored, classes, description=description)
        picture_count = len(archive.namelist())
        text.flush()
        buffer.seek(0)
        with archive.open(ANNOTATIONS, "w", force_zip64=True) as member:
            shutil.copyfileobj(buffer, member)
    return replace(written, picture_count=picture_count)
