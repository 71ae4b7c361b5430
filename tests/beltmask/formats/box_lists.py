"""A format of one text file a picture: what it takes to add one."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from beltmask.formats.archive import with_pictures_stored
from beltmask.formats.certificate import Certificate, ReadBack, check_same
from beltmask.formats.dataset import (
    Dataset,
    DatasetImage,
    DatasetObject,
    Loss,
    WrittenDataset,
    image_print,
    named_apart,
    object_print,
)
from beltmask.masks import mask_from_box
from beltmask.messages import Message
from beltmask.model import Box


@dataclass(frozen=True, slots=True)
class BoxLists:
    """``NAME.txt`` begins with the picture's size; then a line an object: class and corners."""

    name: str = "box-lists"
    title: str = "Lists of boxes"
    suffix: str = ""
    loses: frozenset[Loss] = frozenset({Loss.MASKS})

    def write(
        self,
        path: Path,
        images: Iterable[DatasetImage],
        classes: Mapping[int, str],
        *,
        description: str = "",
    ) -> WrittenDataset:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("classes.txt", "\n".join(classes.values()))
            stored = list(with_pictures_stored(archive, named_apart(images)))
            pictures = len(archive.namelist()) - 1
            for image in stored:
                rows = [(each.class_position, *each.box.corners) for each in image.objects]
                lines = [" ".join(map(str, row)) for row in [image.size, *rows]]
                archive.writestr(f"{image.file_name}.txt", "\n".join(lines))
        found = prints(stored, classes)
        lost = Counter(Loss.MASKS for image in stored for each in image.objects if each.mask)
        return WrittenDataset(found[0], found[1], lost, pictures)

    def read(
        self, path: Path, *, truth: Dataset | None = None, left_out: list[Message] | None = None
    ) -> Dataset:
        with zipfile.ZipFile(path) as archive:
            classes = dict(enumerate(archive.read("classes.txt").decode().split("\n")))
            lists = [name for name in archive.namelist()[1:] if name.endswith(".txt")]
            images = [image_from(name, archive.read(name).decode()) for name in lists]
        return Dataset(path.name, tuple(images), classes)

    def certify(self, path: Path, written: WrittenDataset) -> Certificate:
        data = self.read(path)
        with zipfile.ZipFile(path) as archive:
            pictures = sum(name.startswith("images/") for name in archive.namelist())
        check_same(path, ReadBack(*prints(data.images, data.classes), pictures), written)
        return Certificate("ourselves", "1", written.image_count, written.object_count)


def image_from(name: str, text: str) -> DatasetImage:
    (width, height), *rows = [[int(word) for word in line.split()] for line in text.split("\n")]
    objects = [DatasetObject(position, Box(*corners), None) for position, *corners in rows]
    return DatasetImage(name.removesuffix(".txt"), (width, height), objects)


def prints(
    images: Iterable[DatasetImage], classes: Mapping[int, str]
) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Of images, and of objects as their boxes."""
    images = list(images)
    objects = [
        object_print(number, (each.class_position, classes[each.class_position]), mask)
        for number, image in enumerate(images, start=1)
        for each in image.objects
        for mask in [mask_from_box(each.box)]
    ]
    return tuple(image_print(image.file_name, image.size) for image in images), tuple(objects)
