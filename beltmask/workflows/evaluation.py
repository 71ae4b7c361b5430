"""Predictions in one file against truth in another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from beltmask.formats.registry import DEFAULT_FORMAT, format_named
from beltmask.messages import Message
from beltmask.scoring import ScoredObject, ScoreReport, score_images
from beltmask.workflows.picture_pairs import PicturePairs, picture_pairs
from beltmask.workflows.scored_objects import class_names, scored_objects


def evaluate_files(truth: Path, predictions: Path, *, iou: float = 0.5) -> dict[str, Any]:
    """Score a COCO file of predictions (or a COCO results list) against a COCO file of truth.

    Images are the same when ``picture_pairs`` says so: by the SHA-256 in both files, by name, or
    by as much of the names' ends as nobody else has. Ids do not matter, except in a results list,
    which has nothing else. Categories are the same when their names are, whatever the case.
    An image of the truth without predictions counts as one in which nothing was found: a missing
    case is not a passing case. Predictions for images without truth cannot be judged and are
    left out. Both are listed. An object that cannot be read is left out, and told.

    Returns:
        For JSON: ``iou_threshold``, ``images`` (how many were judged), ``overall`` (labels
        ignored) with precision, recall, f1, mean_iou and counts, the four figures of
        ``overall`` again at the top, ``per_class`` by name, ``images_without_predictions``,
        ``images_without_truth``, ``left_out`` (a sentence for each object) and ``remarks``
        (sentences on what the figures rest on). A figure that divides by nothing is None;
        ``scoring`` has the conventions.

    Raises:
        FormatError: A file cannot be read or is not COCO, no image is in both, or the sizes
            of an image differ.
        ValueError: ``iou`` is not above 0 and at most 1.
    """
    left_out: list[Message] = []
    form = format_named(DEFAULT_FORMAT)
    wanted = form.read(truth, left_out=left_out)
    found = form.read(predictions, truth=wanted, left_out=left_out)
    pairs = picture_pairs(wanted, found)
    judged = _Truths()
    report = score_images(judged.seen(_scored_pairs(pairs)), iou=iou)
    return _as_dict(report, iou=iou) | {
        "images_without_predictions": [image.file_name for image in pairs.missing],
        "images_without_truth": [image.file_name for image in pairs.unknown],
        "left_out": [str(each) for each in left_out],
        "remarks": [*pairs.remarks, *judged.remarks(wanted.name)],
    }


class _Truths:
    """Counts the objects of the truth on their way to be scored."""

    def __init__(self) -> None:
        self._count = self._ignored = 0

    def seen(
        self, images: Iterator[tuple[list[ScoredObject], list[ScoredObject]]]
    ) -> Iterator[tuple[list[ScoredObject], list[ScoredObject]]]:
        for predictions, truth in images:
            self._count += len(truth)
            self._ignored += sum(region.ignored for region in truth)
            yield predictions, truth

    def remarks(self, name: str) -> Iterator[str]:
        if self._count and self._ignored == self._count:
            yield (
                f"every object of {name} is marked as a crowd or to be ignored (iscrowd or ignore "
                "is 1), so nothing can be found or missed. Write 0 for objects that count."
            )


def _as_dict(report: ScoreReport, *, iou: float) -> dict[str, Any]:
    overall = report.overall.as_dict()
    return {
        "iou_threshold": iou,
        "images": report.image_count,
        **{name: overall[name] for name in ("precision", "recall", "f1", "mean_iou")},
        "overall": overall,
        "per_class": {name: score.as_dict() for name, score in report.per_class.items()},
    }


def _scored_pairs(
    pairs: PicturePairs,
) -> Iterator[tuple[list[ScoredObject], list[ScoredObject]]]:
    truth, found = pairs.truth, pairs.found
    names = class_names(truth, found)
    for image in truth.images:
        other = pairs.by_truth.get(image)
        predictions = [] if other is None else scored_objects(found, other, names)
        yield predictions, scored_objects(truth, image, names)
