"""Predictions in a COCO file against truth in another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from beltmask.errors import FormatError
from beltmask.formats.coco_reader import CocoData, CocoEntry, read_coco, read_predictions
from beltmask.scoring import Region, Report, score_images

Pairs = list[tuple[CocoEntry, CocoEntry | None]]
"""Each image of the truth with the image of the predictions that is the same picture."""

_HINT = "Images are matched by file name: give both files the same names."


def evaluate_files(truth: Path, predictions: Path, *, iou: float = 0.5) -> dict[str, Any]:
    """Score a COCO file of predictions (or a COCO results list) against a COCO file of truth.

    Images are the same when their ``file_name`` is, or else their base name where it occurs
    once on both sides; ids do not matter, except in a results list, which has nothing else.
    Categories are the same when their names are, whatever the case. An image of the truth
    without predictions counts as one in which nothing was found: a missing case is not a
    passing case. Predictions for images without truth cannot be judged and are left out.
    Both are listed.

    Returns:
        For JSON: ``iou_threshold``, ``images`` (how many were judged), ``overall`` (labels
        ignored) with precision, recall, f1, mean_iou and counts, the four figures of
        ``overall`` again at the top, ``per_class`` by name, ``images_without_predictions``
        and ``images_without_truth``. A figure that divides by nothing is None; ``scoring``
        has the conventions.

    Raises:
        FormatError: A file cannot be read or is not COCO, no image is in both, or the sizes
            of an image differ.
        ValueError: ``iou`` is not above 0 and at most 1.
    """
    wanted = read_coco(truth)
    found = read_predictions(predictions, truth=wanted)
    pairs = _same_pictures(wanted, found)
    report = score_images(_regions(pairs, wanted, found), iou=iou)
    judged = {other.id for _, other in pairs if other is not None}
    return _as_dict(report, iou=iou) | {
        "images_without_predictions": [one.file_name for one, other in pairs if other is None],
        "images_without_truth": [i.file_name for i in found.images if i.id not in judged],
    }


def _as_dict(report: Report, *, iou: float) -> dict[str, Any]:
    overall = report.overall.as_dict()
    return {
        "iou_threshold": iou,
        "images": report.image_count,
        **{name: overall[name] for name in ("precision", "recall", "f1", "mean_iou")},
        "overall": overall,
        "per_class": {name: score.as_dict() for name, score in report.per_class.items()},
    }


def _same_pictures(truth: CocoData, found: CocoData) -> Pairs:
    if found.images is truth.images:
        return [(image, image) for image in truth.images]
    by_name, wanted = _by_name(found), _by_name(truth)
    exact = {name: by_name.pop(name, None) for name in wanted}
    loose = _by_base_name(list(by_name.values()))
    missing = _by_base_name([wanted[name] for name, image in exact.items() if image is None])
    for base_name in missing.keys() & loose.keys():
        exact[missing[base_name].file_name] = loose[base_name]
    if found.images and exact and not any(exact.values()):
        raise FormatError(f"{found.name} and {truth.name} have no image in common", hint=_HINT)
    return [(image, exact[name]) for name, image in wanted.items()]


def _by_name(data: CocoData) -> dict[str, CocoEntry]:
    named = {image.file_name: image for image in data.images}
    if len(named) < len(data.images):
        raise FormatError(f"{data.name} has two images of the same name")
    return named


def _by_base_name(images: Sequence[CocoEntry]) -> dict[str, CocoEntry]:
    """The images whose base name no other of them has."""
    names = [PurePosixPath(image.file_name.replace("\\", "/")).name for image in images]
    count = Counter(names)
    return {name: image for name, image in zip(names, images, strict=True) if count[name] == 1}


def _regions(
    pairs: Pairs, truth: CocoData, found: CocoData
) -> Iterator[tuple[list[Region], list[Region]]]:
    names: dict[str, str] = {}
    for category in [*truth.categories.values(), *found.categories.values()]:
        names.setdefault(_key(category), category)
    for one, other in pairs:
        if other is not None and other.size != one.size:
            sizes = f"{one.size} in {truth.name}, {other.size} in {found.name}"
            raise FormatError(f"{one.file_name} is not the same picture: {sizes}")
        predictions = [] if other is None else _of_image(found, other, names)
        yield predictions, _of_image(truth, one, names)


def _of_image(data: CocoData, image: CocoEntry, names: dict[str, str]) -> list[Region]:
    return [
        Region(item.box, item.mask, names[_key(item.category)], item.ignored)
        for item in data.annotations(image)
    ]


def _key(category: str) -> str:
    return " ".join(category.split()).casefold()
