"""Which image of one data set is which of another, whatever tools did to their names between.

The surest sign first: the SHA-256 BeltMask writes of the file a picture came from, then names, then
ends of names. A sign pairs two images when no third bears it, in either file; what is left is told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import PurePosixPath

from beltmask.counts import counted
from beltmask.errors import FormatError
from beltmask.formats.dataset import Dataset, DatasetImage
from beltmask.images import SUFFIXES
from beltmask.messages import Message
from beltmask.names import folded
from beltmask.workflows.numbered_names import in_order

Sign = Callable[[DatasetImage], str]
"""What tells an image from others; "" where it has none."""

_HINT = Message("formats.matched_by_name")
_IMPORTED = re.compile(r"(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{6,40})[-_]+")
"""What importers put before a name, such as Label Studio."""
_SUFFIX_WITHIN = re.compile(r"_(png|jpe?g|webp|bmp|tiff?)\.rf\.[0-9a-z]+$")
"""What others put behind it, such as Roboflow: ``belt_png.rf.1b2c…`` was ``belt.png``."""
_DEEPEST = 32
_SOME = 3
"""Images a sentence names."""


@dataclass(slots=True)
class PicturePairs:
    """For each image of the truth, the image of the predictions that is the same picture.

    ``guesses`` are sentences about pairs that only likelihood made.
    """

    truth: Dataset
    found: Dataset
    by_truth: dict[DatasetImage, DatasetImage] = field(default_factory=dict)
    guesses: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[DatasetImage]:
        """Images of the truth that nobody predicted."""
        return [image for image in self.truth.images if image not in self.by_truth]

    @property
    def unknown(self) -> list[DatasetImage]:
        """Images of the predictions that are not in the truth."""
        used = set(self.by_truth.values())
        return [image for image in self.found.images if image not in used]

    @property
    def remarks(self) -> list[str]:
        """Sentences on guesses, and on images that have no pair."""
        told = list(self.guesses)
        if self.missing:
            images, names = counted(len(self.missing), "image"), _some(self.missing)
            told.append(f"{images} of {self.truth.name} without predictions, all missed: {names}.")
        if self.unknown:
            images, names = counted(len(self.unknown), "image"), _some(self.unknown)
            told.append(f"{images} of {self.found.name} without truth, not judged: {names}.")
        return told


def picture_pairs(truth: Dataset, found: Dataset) -> PicturePairs:
    """Pair the images of two files; a results list has the truth's own.

    Raises:
        FormatError: A file has two images of one name, none is in both, or sizes differ.
    """
    pairs = PicturePairs(truth, found)
    if found.of_truth:
        pairs.by_truth = dict(zip(truth.images, found.images, strict=True))
        return pairs
    for data in (truth, found):
        _refuse_repeats(data)
    _pair(pairs, lambda image: image.sha256)
    _pair_numbered(pairs, all_or_none=True)
    _pair(pairs, lambda image: image.file_name)
    _pair(pairs, _name)
    _check_sizes(pairs)
    _pair_numbered(pairs)
    for sign, its in _weaker_signs(pairs):
        _pair(pairs, sign, its, same_size=True)
    if found.images and truth.images and not pairs.by_truth:
        raise FormatError(
            Message("formats.nothing_in_common", one=found.name, other=truth.name), hint=_HINT
        )
    return pairs


def _weaker_signs(pairs: PicturePairs) -> Iterator[tuple[Sign, Sign]]:
    """Ends of names: as many folders as possible first, then without what tools change in them.

    One importer put its hash before the names of one file: two that differ are two pictures.
    """
    images = [*pairs.missing, *pairs.unknown]
    deepest = max((_name(image).count("/") + 1 for image in images), default=0)
    for changes in (
        (str, str),
        (_without_suffix, _without_suffix),
        (_bare, _without_import),
        (_without_import, _bare),
    ):
        for depth in range(min(deepest, _DEEPEST), 0, -1):
            one, other = (partial(_end, depth=depth, change=change) for change in changes)
            yield one, other


def _pair(
    pairs: PicturePairs, sign: Sign, its: Sign | None = None, *, same_size: bool = False
) -> None:
    """Pair what is left where nobody else, paired or not, has the same sign. ``its`` is the sign
    in the predictions, where it is another.
    """
    if not pairs.missing or not pairs.unknown:
        return
    wanted = _bearers(pairs.truth.images, sign)
    offered = _bearers(pairs.found.images, its or sign)
    left, free = set(pairs.missing), set(pairs.unknown)
    for mark in wanted.keys() & offered.keys():
        one, other = wanted[mark], offered[mark]
        if one in left and other in free and not (same_size and one.size != other.size):
            pairs.by_truth[one] = other


def _bearers(images: Sequence[DatasetImage], sign: Sign) -> dict[str, DatasetImage]:
    signs = [sign(image) for image in images]
    count = Counter(signs)
    return {
        mark: image for mark, image in zip(signs, images, strict=True) if mark and count[mark] == 1
    }


def _pair_numbered(pairs: PicturePairs, *, all_or_none: bool = False) -> None:
    """Files written before folders were kept in them: base names, numbered when they were equal."""
    wanted = sorted(pairs.missing, key=lambda image: _name(image).split("/"))
    offered = pairs.unknown
    if any("/" in _name(image) for image in offered):
        return
    bases = [_end(image, depth=1, change=str) for image in wanted]
    places = in_order([_name(image) for image in offered], bases)
    found = [(wanted[place], offered[at]) for at, place in places.items()]
    found = [(one, other) for one, other in found if one.size == other.size]
    if all_or_none and not len(found) == len(wanted) == len(offered):
        return
    pairs.by_truth |= dict(found)
    count = Counter(bases)
    unsure = [(one, other) for one, other in found if count[_end(one, 1, str)] > 1]
    if unsure:
        some = ", ".join(f"{other.file_name} as {one.file_name}" for one, other in unsure[:3])
        pairs.guesses.append(
            f"{len(unsure)} images of {pairs.found.name} without folders were taken in the order "
            f"of the folders of {pairs.truth.name}: {some}. Detect again to have folders."
        )


def _check_sizes(pairs: PicturePairs) -> None:
    for one in pairs.truth.images:
        other = pairs.by_truth.get(one)
        if other is not None and other.size != one.size:
            raise FormatError(
                Message(
                    "formats.other_picture",
                    name=one.file_name,
                    size=one.size,
                    file=pairs.truth.name,
                    other_size=other.size,
                    other_file=pairs.found.name,
                )
            )


def _refuse_repeats(data: Dataset) -> None:
    if len({image.file_name for image in data.images}) < len(data.images):
        raise FormatError(Message("formats.two_of_one_name", name=data.name))


def _some(images: Sequence[DatasetImage]) -> str:
    names = ", ".join(image.file_name for image in images[:_SOME])
    return names + (", …" if len(images) > _SOME else "")


def _name(image: DatasetImage) -> str:
    """The file name with ``/`` between its parts, whatever the capitals and Unicode's form."""
    return _folded(image.file_name)


@lru_cache(maxsize=1 << 18)
def _folded(name: str) -> str:
    parts = name.replace("\\", "/").split("/")
    return "/".join(folded(part) for part in parts if part not in ("", "."))


def _end(image: DatasetImage, depth: int, change: Callable[[str], str]) -> str:
    """The last parts of the name, the last of all changed; "" when there are not so many."""
    *folders, last = _name(image).split("/")
    if len(folders) + 1 < depth:
        return ""
    return "/".join([*folders[len(folders) + 1 - depth :], change(last)])


def _without_suffix(name: str) -> str:
    """A turned JPEG goes out as PNG."""
    path = PurePosixPath(name)
    return path.stem if path.suffix in SUFFIXES else name


def _without_import(name: str) -> str:
    """Without the hash an importer put before or behind."""
    return _bare(_SUFFIX_WITHIN.sub("", _without_suffix(_IMPORTED.sub("", name, count=1))))


def _bare(name: str) -> str:
    """Without suffix, and without the letters importers leave out."""
    return re.sub(r"[^\w.-]|_", "", _without_suffix(name))
