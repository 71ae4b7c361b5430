"""Prompts compared on files: several makers' predictions against one truth."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from beltmask.errors import FormatError, SettingsError
from beltmask.formats.dataset import Dataset, DatasetImage
from beltmask.formats.registry import DEFAULT_FORMAT, format_named
from beltmask.messages import Message
from beltmask.scoring import ScoredObject
from beltmask.scoring.average_precision import PrecisionRecord
from beltmask.scoring.comparison import compared
from beltmask.scoring.error_kinds import ErrorKind
from beltmask.scoring.picture_counts import PictureCounts, picture_counts
from beltmask.workflows.picture_pairs import PicturePairs, picture_pairs
from beltmask.workflows.scored_objects import class_names, scored_objects
from beltmask.workflows.verdict import verdict_sentence

Counts = dict[str, PictureCounts]


def compare_files(
    truth: Path,
    predictions: Mapping[str, Path],
    *,
    baseline: str | None = None,
    iou: float = 0.5,
    groups: Path | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Score COCO files (or results lists) of predictions, by name, against a COCO file of truth.

    Pictures are paired as ``evaluate_files`` does, and F1 is the same. A picture without
    predictions is one in which nothing was found. A prediction that cannot be read, and one whose
    mask has no pixel, counts as an empty mask; only the second has a box to be found by.
    ``groups`` is a CSV file with the columns file_name and group. The baseline is the first
    unless it is named.

    Returns:
        For JSON: ``sentence`` (what to do), what ``scoring.comparison.compared`` says
        and of each prompt ``ap``, ``ap50`` and ``ap75`` (None where predictions have no scores),
        ``iou_threshold``, ``seed``, ``left_out`` (a sentence for each object that cannot be read)
        and ``remarks`` (sentences on what the figures rest on).

    Raises:
        FormatError: A file cannot be read or is not what it should be, or has no picture in
            common with the truth, or another size of one.
        SettingsError: There are no predictions named ``baseline``.
        ValueError: ``iou`` is not above 0 and at most 1.
    """
    first = next(iter(predictions)) if baseline is None else baseline
    if first not in predictions:
        raise SettingsError(
            Message("comparison.no_baseline", name=first),
            hint=Message("comparison.name_baseline", names=tuple(predictions)),
        )
    form, left_out = format_named(DEFAULT_FORMAT), list[Message]()
    wanted = form.read(truth, left_out=left_out)
    keys = _keys(wanted)
    grouped = None if groups is None else _groups(groups, wanted, keys)
    pairs = {
        name: picture_pairs(wanted, form.read(path, truth=wanted, left_out=left_out))
        for name, path in predictions.items()
    }
    precision = {name: PrecisionRecord() for name in pairs}
    counts = _counts(pairs, keys, precision, iou=iou, left_out=left_out)
    found = compared(counts, baseline=first, groups=grouped, seed=seed)
    for name, record in precision.items():
        found["prompts"][name] |= record.average_precision()
    return {
        "sentence": _sentence(found),
        **found,
        "iou_threshold": iou,
        "seed": seed,
        "left_out": [str(each) for each in left_out],
        "remarks": [remark for each in pairs.values() for remark in each.remarks],
    }


def _sentence(found: Mapping[str, Any]) -> str:
    if found["differences"]:
        return verdict_sentence(found)
    return str(Message("comparison.alone", name=found["baseline"]))


def _counts(
    pairs: Mapping[str, PicturePairs],
    keys: Mapping[DatasetImage, str],
    precision: Mapping[str, PrecisionRecord],
    *,
    iou: float,
    left_out: list[Message],
) -> dict[str, Counts]:
    """Picture by picture, so that the objects of one are in memory at a time."""
    truth = next(iter(pairs.values())).truth
    names = class_names(truth, *(each.found for each in pairs.values()))
    counts: dict[str, Counts] = {name: {} for name in pairs}
    for image, key in keys.items():
        objects = scored_objects(truth, image, names)
        for name, each in pairs.items():
            found, unread = _found(each, image, names, left_out)
            precision[name].add(found, objects, image.size)
            scored = picture_counts(found, objects, image.size, iou=iou)
            counts[name][key] = scored.with_errors({ErrorKind.EMPTY_MASK: unread})
    return counts


def _found(
    pairs: PicturePairs, image: DatasetImage, names: Mapping[str, str], left_out: list[Message]
) -> tuple[list[ScoredObject], int]:
    """The predictions on an image of the truth, and how many could not be read."""
    other = pairs.by_truth.get(image)
    if other is None:
        return [], 0
    before = len(left_out)
    return scored_objects(pairs.found, other, names), len(left_out) - before


def _keys(truth: Dataset) -> dict[DatasetImage, str]:
    """What each picture is known by: its name, and its id where the name occurs twice."""
    count = Counter(image.file_name for image in truth.images)
    return {
        image: image.file_name if count[image.file_name] == 1 else f"{image.file_name} {image.id}"
        for image in truth.images
    }


def _groups(path: Path, truth: Dataset, keys: Mapping[DatasetImage, str]) -> dict[str, str]:
    """The group of every picture, by its key."""
    named: dict[str, str] = {}
    known = {image.file_name for image in truth.images}
    for picture, group in _group_rows(path):
        if picture not in known:
            raise FormatError(
                Message(
                    "comparison.group_of_unknown", name=path.name, picture=picture, truth=truth.name
                ),
                hint=Message("comparison.same_names"),
            )
        if picture in named:
            raise FormatError(
                Message("comparison.group_twice", name=path.name, picture=picture),
                hint=Message("comparison.same_names"),
            )
        named[picture] = group
    for image in truth.images:
        if not named.get(image.file_name):
            raise FormatError(
                Message("comparison.no_group", name=path.name, picture=image.file_name),
                hint=Message("comparison.every_picture"),
            )
    return {key: named[image.file_name] for image, key in keys.items()}


def _group_rows(path: Path) -> Iterator[tuple[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            for column in ("file_name", "group"):
                if column not in (rows.fieldnames or ()):
                    raise FormatError(
                        Message("comparison.no_column", name=path.name, column=column),
                        hint=Message("comparison.two_columns"),
                    )
            for row in rows:
                yield row["file_name"], (row["group"] or "").strip()
    except OSError as error:
        raise FormatError(
            Message("formats.not_opened", name=path.name, reason=error.strerror)
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise FormatError(Message("comparison.not_csv", name=path.name)) from error
