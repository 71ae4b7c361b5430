from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from beltmask import masks
from beltmask.formats.coco.reader import read_coco
from beltmask.model import Size
from beltmask.scoring import ScoredObject
from beltmask.scoring.average_precision import PrecisionRecord
from tests.beltmask.scoring.blocks import SIZE, block

Picture = tuple[list[ScoredObject], list[ScoredObject], Size]
NONE = {"ap": None, "ap50": None, "ap75": None}


def ours(pictures: Sequence[Picture]) -> dict[str, float | None]:
    record = PrecisionRecord()
    for each in pictures:
        record.add(*each)
    return record.average_precision()


def theirs(pictures: Sequence[Picture]) -> list[float]:
    """AP, AP50 and AP75 of pycocotools."""
    images, truth, found = [], [], []
    for number, (predictions, wanted, size) in enumerate(pictures, start=1):
        images.append({"id": number, "width": size[0], "height": size[1]})
        truth += [coco_row(each, number, size) for each in wanted]
        found += [coco_row(each, number, size) | {"score": each.score} for each in predictions]
    labels = sorted({row["category_id"] for row in [*truth, *found]})
    for number, row in enumerate(truth, start=1):
        row["id"] = number
    with redirect_stdout(io.StringIO()):
        data = COCO()
        data.dataset = {
            "images": images,
            "annotations": truth,
            "categories": [{"id": label, "name": str(label)} for label in labels],
        }
        data.createIndex()
        evaluation = COCOeval(data, data.loadRes(found), "segm")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return [float(value) for value in evaluation.stats[:3]]


def coco_row(each: ScoredObject, number: int, size: Size) -> dict[str, Any]:
    assert each.mask is not None
    return {
        "image_id": number,
        "category_id": int(each.label or 0),
        "segmentation": masks.to_coco_rle(each.mask, size),
        "area": each.mask.area,
        "iscrowd": int(each.ignored),
    }


def shaken(random: np.random.Generator, each: ScoredObject, **facts: Any) -> ScoredObject:
    """A little elsewhere and partly worn away, with a score of its own."""
    assert each.mask is not None
    bits = each.mask.bits & (random.random(each.mask.bits.shape) > random.uniform(0, 0.6))
    mask = masks.mask_from_crop(bits, each.mask.x + int(random.integers(-1, 2)), each.mask.y)
    mask = masks.clipped(mask or each.mask, facts.pop("size")) or each.mask
    label = each.label if random.random() < 0.8 else "3"
    return ScoredObject(mask.box, mask, label, score=float(random.random()))


def random_picture(seed: int) -> Picture:
    random = np.random.default_rng(seed)
    truth = [
        block(*random.integers(0, 30, size=2).tolist(), *random.integers(1, 16, size=2).tolist(),
              label=str(random.integers(1, 4)), ignored=bool(random.random() < 0.1))
        for _ in range(random.integers(0, 8))
    ]  # fmt: skip
    found = [shaken(random, each, size=SIZE) for each in truth if random.random() < 0.8]
    return [*found, block(40, 30, label="1", score=float(random.random()))], truth, SIZE


def test_average_precision_is_that_of_pycocotools_on_random_sets() -> None:
    for start in range(0, 200, 20):
        pictures = [random_picture(seed) for seed in range(start, start + 20)]
        assert list(ours(pictures).values()) == pytest.approx(theirs(pictures), abs=1e-12)


@pytest.mark.pictures
@pytest.mark.parametrize("folder", ["smartbelt_scrap", "fruits_nuts", "cotton_belt_foreign"])
def test_average_precision_is_that_of_pycocotools_on_real_outlines(
    shared_data: Path, folder: str
) -> None:
    random = np.random.default_rng(7)
    pictures: list[Picture] = []
    for image in read_coco(shared_data / "pictures" / folder / "truth.json").images[:12]:
        truth = [
            ScoredObject(item.box, item.mask, str(item.class_position + 1))
            for item in image.objects
        ]
        found = [shaken(random, each, size=image.size) for each in truth]
        pictures.append((found, truth, image.size))
    expected = theirs(pictures)
    assert 0 < expected[0] < 1
    assert list(ours(pictures).values()) == pytest.approx(expected, abs=1e-12)


def test_boxes_alone_are_compared_as_boxes() -> None:
    box = ScoredObject(block(0, 0).box, score=0.5)
    found = ours([([box], [block(0, 0)], SIZE)])
    assert list(found.values()) == pytest.approx([1.0] * 3)


def test_without_scores_predictions_or_truth_there_is_none() -> None:
    assert ours([([block(0, 0)], [block(0, 0)], SIZE)]) == NONE
    assert ours([([], [block(0, 0)], SIZE)]) == NONE
    assert ours([([block(0, 0, score=0.5)], [], SIZE)]) == NONE
    assert ours([]) == NONE


def test_one_prediction_without_a_score_leaves_nothing_to_order_by() -> None:
    scored = ([block(0, 0, score=0.5)], [block(0, 0)], SIZE)
    assert ours([scored])["ap"] == pytest.approx(1.0)
    assert ours([scored, ([block(0, 0)], [block(0, 0)], SIZE)]) == NONE
