"""COCO's average precision, where every prediction has a score. hotcoco counts it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from beltmask import masks
from beltmask.model import Size
from beltmask.scoring.overlaps import ScoredObject, box_of

_NO_CLASS = "no class"


class PrecisionRecord:
    """Gathers pictures, their masks as run lengths, until their average precision is asked for.

    Classes are told apart, as COCO does; objects without one are a class of their own. Where any
    object has no mask all are compared by their boxes. Of equal scores the prediction handed in
    first comes first.
    """

    def __init__(self) -> None:
        self._truth: list[dict[str, Any]] = []
        self._found: list[dict[str, Any]] = []
        self._images: list[dict[str, Any]] = []
        self._classes: dict[str, int] = {}
        self._scored, self._masked = True, True

    def add(
        self, predictions: Sequence[ScoredObject], truth: Sequence[ScoredObject], size: Size
    ) -> None:
        """Take in one picture of ``size``."""
        self._scored = self._scored and all(each.score is not None for each in predictions)
        if not self._scored:
            return
        number = len(self._images) + 1
        self._images.append({"id": number, "width": size[0], "height": size[1]})
        for each in truth:
            row = self._row(each, number, size)
            facts = {"id": len(self._truth) + 1, "iscrowd": int(each.ignored)}
            self._truth.append(row | facts)
        self._found += [
            self._row(each, number, size) | {"score": each.score} for each in predictions
        ]

    def average_precision(self) -> dict[str, float | None]:
        """``ap`` (mean over IoU 0.5 to 0.95 in steps of 0.05), ``ap50`` and ``ap75``.

        None without scores of all predictions, without a prediction, and without truth.
        """
        precision = self._precision()
        if precision is None:
            return {"ap": None, "ap50": None, "ap75": None}
        parts = {"ap": precision, "ap50": precision[:1], "ap75": precision[5:6]}
        return {name: _mean(part) for name, part in parts.items()}

    def _precision(self) -> Any:
        """By IoU threshold, recall and class, over objects of all sizes, 100 a picture at most."""
        if not self._scored or not self._found:
            return None
        from hotcoco import COCO, COCOeval  # noqa: PLC0415

        classes = [{"id": number, "name": name} for name, number in self._classes.items()]
        wanted = COCO({"images": self._images, "annotations": self._truth, "categories": classes})
        found = wanted.load_res(self._found)
        evaluation = COCOeval(wanted, found, "segm" if self._masked else "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        curves: Any = evaluation.eval
        return np.asarray(curves["precision"])[:, :, :, 0, -1]

    def _row(self, each: ScoredObject, number: int, size: Size) -> dict[str, Any]:
        box, label = box_of(each), each.label or _NO_CLASS
        row: dict[str, Any] = {
            "image_id": number,
            "category_id": self._classes.setdefault(label, len(self._classes) + 1),
            "bbox": [box.x0, box.y0, box.width, box.height],
            "area": box.area if each.mask is None else each.mask.area,
        }
        self._masked = self._masked and each.mask is not None
        return (
            row if each.mask is None else row | {"segmentation": masks.to_coco_rle(each.mask, size)}
        )


def _mean(precision: Any) -> float | None:
    known = precision[precision > -1]
    return float(known.mean()) if known.size else None
