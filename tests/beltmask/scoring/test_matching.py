from __future__ import annotations

import io
from contextlib import redirect_stdout
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from beltmask import masks
from beltmask.scoring import Matches, Score, ScoredObject, match, score
from tests.beltmask.scoring.blocks import SIZE, block, blocks


def test_an_object_is_never_found_twice() -> None:
    found = match([block(0, 0), block(1, 0)], [block(0, 0)])
    assert [(pair.prediction, pair.truth) for pair in found.pairs] == [(0, 0)]
    assert (found.false, found.missed) == ((1,), ())


def test_the_better_fit_wins_whatever_the_order() -> None:
    found = match([block(2, 0), block(0, 0)], [block(0, 0)])
    assert [pair.prediction for pair in found.pairs] == [1]


def test_of_fits_that_are_equally_good_the_first_prediction_takes_the_first_object() -> None:
    """Two predictions lie on two objects, each pair with the same IoU: whoever asks again, or in
    another order of the other side, gets the same answer.
    """
    left, right = block(0, 0), block(4, 0)
    between = [block(2, 0), block(2, 0)]
    pairs = match(between, [left, right], iou=0.1).pairs
    assert [(pair.prediction, pair.truth) for pair in pairs] == [(0, 0), (1, 1)]
    twins = match([left, block(0, 0)], [block(0, 0)])
    assert ([pair.prediction for pair in twins.pairs], twins.false) == ([0], (1,))
    objects = match([left], [block(0, 0), block(0, 0)])
    assert ([pair.truth for pair in objects.pairs], objects.missed) == ([0], (1,))
    many = match([left] * 40, [left] * 40)
    assert [(pair.prediction, pair.truth) for pair in many.pairs] == [(n, n) for n in range(40)]


def test_an_iou_exactly_at_the_threshold_counts() -> None:
    half = [block(0, 0, 10, 5)]
    assert score(half, [block(0, 0)], iou=0.5) == Score(1, 0, 0, 0.5)
    assert score(half, [block(0, 0)], iou=0.51) == Score(0, 1, 1, 0.0)


def test_an_ignored_region_is_neither_missed_nor_makes_false_objects() -> None:
    crowd = block(0, 0, 40, 40, ignored=True)
    found = match([block(5, 5), block(20, 20), block(50, 0)], [crowd])
    assert found == Matches(pairs=(), false=(2,), missed=(), ignored=(0, 1))


def test_an_object_on_an_ignored_region_is_still_found() -> None:
    truth = [block(0, 0, 40, 40, ignored=True), block(5, 5)]
    found = match([block(5, 5)], truth)
    assert [(pair.prediction, pair.truth) for pair in found.pairs] == [(0, 1)]
    assert found.ignored == ()


@pytest.mark.parametrize("threshold", [0.0, -1.0, 1.1, float("nan")])
def test_a_senseless_threshold_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="IoU threshold"):
        match([], [], iou=threshold)


@given(blocks(), blocks(ignoring=True), st.sampled_from([0.1, 0.5, 0.75, 1.0]))
def test_every_object_is_counted_once(
    predictions: list[ScoredObject], truth: list[ScoredObject], iou: float
) -> None:
    found = match(predictions, truth, iou=iou)
    used = [pair.prediction for pair in found.pairs]
    assert sorted([*used, *found.false, *found.ignored]) == list(range(len(predictions)))
    wanted = [i for i, region in enumerate(truth) if not region.ignored]
    assert sorted([*(pair.truth for pair in found.pairs), *found.missed]) == wanted
    assert all(pair.iou >= iou for pair in found.pairs)


@given(blocks(), blocks())
def test_above_half_no_pair_that_could_be_made_is_left(
    predictions: list[ScoredObject], truth: list[ScoredObject]
) -> None:
    found = match(predictions, truth)
    left = match([predictions[i] for i in found.false], [truth[i] for i in found.missed])
    assert left.pairs == ()


@given(blocks(), blocks(ignoring=True))
def test_pycocotools_counts_the_same_objects(
    predictions: list[ScoredObject], truth: list[ScoredObject]
) -> None:
    """COCOeval takes predictions by score; giving ours in the order of fit makes it agree."""
    found = match(predictions, truth)
    order = [pair.prediction for pair in found.pairs] + [*found.false, *found.ignored]
    ours = (len(found.pairs), len(found.false), len(found.missed))
    assert ours == coco_counts([predictions[i] for i in order], truth)


def coco_counts(predictions: list[ScoredObject], truth: list[ScoredObject]) -> tuple[int, int, int]:
    """Matched, false and missed objects as COCOeval sees them at IoU 0.5."""
    if not predictions:
        return 0, 0, sum(not region.ignored for region in truth)
    with redirect_stdout(io.StringIO()):
        wanted, found = COCO(), COCO()
        wanted.dataset, found.dataset = coco_of(truth), coco_of(predictions)
        wanted.createIndex()
        found.createIndex()
        evaluation = COCOeval(wanted, found, "segm")
        evaluation.params.iouThrs = np.array([0.5])
        evaluation.evaluate()
    [image] = [e for e in evaluation.evalImgs if e and e["aRng"] == [0, 1e10]]
    hits = image["dtMatches"][0] > 0
    ignored = image["dtIgnore"][0].astype(bool)
    matched = int((hits & ~ignored).sum())
    missed = sum(not region.ignored for region in truth) - matched
    return matched, int((~hits & ~ignored).sum()), missed


def coco_of(regions: list[ScoredObject]) -> dict[str, Any]:
    rows = []
    for number, region in enumerate(regions, start=1):
        assert region.mask is not None
        shape = masks.to_coco_rle(region.mask, SIZE)
        row = {"id": number, "image_id": 1, "category_id": 1, "segmentation": shape}
        row |= {"area": region.mask.area, "iscrowd": int(region.ignored)}
        rows.append(row | {"score": 1 - number / 100})
    picture = {"id": 1, "width": SIZE[0], "height": SIZE[1], "file_name": "a.png"}
    return {"images": [picture], "annotations": rows, "categories": [{"id": 1, "name": "x"}]}
