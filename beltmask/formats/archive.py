"""Objects -> a ZIP with ``annotations.json`` at its top and pictures below ``images/``."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from beltmask.formats.coco import CocoImage, CocoSummary, named_apart, write_coco

ANNOTATIONS = "annotations.json"
IMAGES = "images/"
_STORED = (".jpg", ".jpeg", ".png", ".webp")
"""Compressed already: compressing them again takes time and saves nothing."""


def write_coco_zip(
    target: Path | IO[bytes],
    images: Iterable[CocoImage],
    categories: Mapping[int, str],
    *,
    info: Mapping[str, Any] | None = None,
    licenses: Sequence[Mapping[str, Any]] = (),
) -> CocoSummary:
    """Write the COCO file of ``images``, and the picture of each image that brings one.

    One image, its objects and its picture are in memory at a time. ``file_name`` in the
    annotations is the picture's path below ``images/``. Arguments and errors are those of
    ``coco.write_coco``.
    """
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
        tempfile.TemporaryFile() as buffer,
        io.TextIOWrapper(buffer, encoding="utf-8") as text,
    ):
        stored = _storing(archive, named_apart(images))
        summary = write_coco(text, stored, categories, info=info, licenses=licenses)
        picture_count = len(archive.namelist())
        text.flush()
        buffer.seek(0)
        with archive.open(ANNOTATIONS, "w", force_zip64=True) as member:
            shutil.copyfileobj(buffer, member)
    return replace(summary, picture_count=picture_count)


def _storing(archive: zipfile.ZipFile, images: Iterable[CocoImage]) -> Iterator[CocoImage]:
    """The images as they come, each picture put into the archive on its way."""
    for image in images:
        if image.picture is not None:
            stored = image.file_name.lower().endswith(_STORED)
            method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(IMAGES + image.file_name, image.picture(), method)
        yield image
