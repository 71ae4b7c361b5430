"""A ZIP of annotations at its top and pictures below ``images/``."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator

from beltmask.formats.dataset import DatasetImage

IMAGES = "images/"
_STORED = (".jpg", ".jpeg", ".png", ".webp")
"""Compressed already: compressing them again takes time and saves nothing."""


def with_pictures_stored(
    archive: zipfile.ZipFile, images: Iterable[DatasetImage]
) -> Iterator[DatasetImage]:
    """The images as they come, each picture put into the archive on its way."""
    for image in images:
        if image.picture is not None:
            stored = image.file_name.lower().endswith(_STORED)
            method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(IMAGES + image.file_name, image.picture(), method)
        yield image
