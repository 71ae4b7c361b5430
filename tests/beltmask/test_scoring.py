from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from beltmask import masks
from beltmask.model import Box
from beltmask.scoring import (
    Matches,
    Region,
    Score,
    disagreement,
    match,
    score,
    score_images,
)

SIZE = (64, 48)
NOTHING = Score()


def block(x: int, y: int, width: int = 10, height: int = 10, **facts: Any) -> Region:
    box = Box(x, y, x + width, y + height)
    return Region(box, masks.mask_from_box(box), **facts)


@st.composite
def blocks(draw: st.DrawFn, *, ignoring: bool = False) -> list[Region]:
    """Up to six overlapping rectangles inside a frame of ``SIZE``."""
    corners = st.tuples(st.integers(0, 40), st.integers(0, 30), st.integers(1, 20))
    flag = st.booleans() if ignoring else st.just(False)
    chosen = draw(st.lists(st.tuples(corners, flag), max_size=6))
    return [block(x, y, side, min(side, 18), ignored=crowd) for (x, y, side), crowd in chosen]


def test_the_same_objects_on_both_sides_score_one() -> None:
    objects = [block(0, 0), block(20, 20)]
    assert score(objects, objects) == Score(2, 0, 0, 2.0)
    assert score(objects, objects).mean_iou == 1.0


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


def test_masks_are_compared_not_their_boxes() -> None:
    ring = np.ones((10, 10), dtype=np.bool_)
    ring[1:9, 1:9] = False
    hollow = masks.mask_from_frame(ring)
    assert hollow is not None
    assert score([Region(hollow.box, hollow)], [block(0, 0)]).true_positive == 0
    assert score([Region(hollow.box, None)], [block(0, 0)]).true_positive == 1
    assert score([Region(hollow.box)], [Region(hollow.box, hollow)]).mean_iou == 1.0
    assert score([Region(hollow.box, hollow)], [Region(hollow.box)]).mean_iou == 1.0


@pytest.mark.parametrize(
    ("given_score", "figures"),
    [
        pytest.param(NOTHING, (None, None, None, None), id="nothing to find, nothing found"),
        pytest.param(Score(0, 0, 3), (None, 0.0, 0.0, None), id="nothing found"),
        pytest.param(Score(0, 3, 0), (0.0, None, 0.0, None), id="nothing to find"),
        pytest.param(Score(3, 1, 2, 2.4), (0.75, 0.6, 2 / 3, 0.8), id="some of each"),
    ],
)
def test_a_figure_that_divides_by_nothing_is_none(
    given_score: Score, figures: tuple[float | None, ...]
) -> None:
    found = given_score.as_dict()
    names = ("precision", "recall", "f1", "mean_iou")
    assert [found[name] for name in names] == [
        None if figure is None else pytest.approx(figure) for figure in figures
    ]
    json.dumps(found, allow_nan=False)


def test_an_ignored_region_is_neither_missed_nor_makes_false_objects() -> None:
    crowd = block(0, 0, 40, 40, ignored=True)
    found = match([block(5, 5), block(20, 20), block(50, 0)], [crowd])
    assert found == Matches(pairs=(), false=(2,), missed=(), ignored=(0, 1))


def test_an_object_on_an_ignored_region_is_still_found() -> None:
    truth = [block(0, 0, 40, 40, ignored=True), block(5, 5)]
    found = match([block(5, 5)], truth)
    assert [(pair.prediction, pair.truth) for pair in found.pairs] == [(0, 1)]
    assert found.ignored == ()


def test_images_are_added_up_before_dividing() -> None:
    empty_belt: tuple[list[Region], list[Region]] = ([], [])
    perfect = ([block(0, 0)], [block(0, 0)])
    hopeless: tuple[list[Region], list[Region]] = ([block(0, 0), block(30, 0)], [])
    report = score_images([empty_belt, perfect, hopeless])
    assert report.overall == Score(1, 2, 0, 1.0)
    assert report.image_count == 3


def test_a_wrong_label_hides_an_object_from_its_class_only() -> None:
    found, wanted = [block(0, 0, label="nut")], [block(0, 0, label="bolt")]
    report = score_images([(found, wanted)])
    assert report.overall == Score(1, 0, 0, 1.0)
    assert report.per_class == {"bolt": Score(0, 0, 1), "nut": Score(0, 1, 0)}


def test_an_object_without_a_label_counts_overall_only() -> None:
    report = score_images([([block(0, 0)], [block(0, 0, label="bolt")])])
    assert report.overall.true_positive == 1
    assert report.per_class == {"bolt": Score(0, 0, 1)}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param([], [], 0.0, id="two empty answers"),
        pytest.param([block(0, 0)], [], 1.0, id="one object, one answer"),
        pytest.param([block(0, 0)], [block(30, 0)], 1.0, id="apart"),
        pytest.param([block(0, 0, label="a")], [block(0, 0, label="b")], 0.0, id="other labels"),
        pytest.param([block(0, 0)], [block(0, 0, 10, 4)], 0.6, id="little shared"),
        pytest.param([block(0, 0), block(30, 0)], [block(0, 0)], 0.5, id="one object more"),
    ],
)
def test_answers_disagree_by_what_they_do_not_share(
    one: list[Region], other: list[Region], expected: float
) -> None:
    assert disagreement(one, other) == pytest.approx(expected)
    assert disagreement(other, one) == pytest.approx(expected)


@pytest.mark.parametrize("threshold", [0.0, -1.0, 1.1, float("nan")])
def test_a_senseless_threshold_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="IoU threshold"):
        match([], [], iou=threshold)


@given(blocks(), blocks(ignoring=True), st.sampled_from([0.1, 0.5, 0.75, 1.0]))
def test_every_object_is_counted_once(
    predictions: list[Region], truth: list[Region], iou: float
) -> None:
    found = match(predictions, truth, iou=iou)
    used = [pair.prediction for pair in found.pairs]
    assert sorted([*used, *found.false, *found.ignored]) == list(range(len(predictions)))
    wanted = [i for i, region in enumerate(truth) if not region.ignored]
    assert sorted([*(pair.truth for pair in found.pairs), *found.missed]) == wanted
    assert all(pair.iou >= iou for pair in found.pairs)


@given(blocks(), blocks())
def test_iou_is_that_of_full_frames(predictions: list[Region], truth: list[Region]) -> None:
    for pair in match(predictions, truth, iou=0.01).pairs:
        one, other = (
            masks.frame_of(region.mask, SIZE)
            for region in (predictions[pair.prediction], truth[pair.truth])
            if region.mask is not None
        )
        assert pair.iou == (one & other).sum() / (one | other).sum()


@given(blocks(), blocks())
def test_above_half_no_pair_that_could_be_made_is_left(
    predictions: list[Region], truth: list[Region]
) -> None:
    found = match(predictions, truth)
    left = match([predictions[i] for i in found.false], [truth[i] for i in found.missed])
    assert left.pairs == ()


@given(blocks(), blocks(ignoring=True))
def test_pycocotools_counts_the_same_objects(
    predictions: list[Region], truth: list[Region]
) -> None:
    """COCOeval takes predictions by score; giving ours in the order of fit makes it agree."""
    found = match(predictions, truth)
    order = [pair.prediction for pair in found.pairs] + [*found.false, *found.ignored]
    ours = (len(found.pairs), len(found.false), len(found.missed))
    assert ours == coco_counts([predictions[i] for i in order], truth)


def coco_counts(predictions: list[Region], truth: list[Region]) -> tuple[int, int, int]:
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


def coco_of(regions: list[Region]) -> dict[str, Any]:
    rows = []
    for number, region in enumerate(regions, start=1):
        assert region.mask is not None
        shape = masks.to_coco_rle(region.mask, SIZE)
        row = {"id": number, "image_id": 1, "category_id": 1, "segmentation": shape}
        row |= {"area": region.mask.area, "iscrowd": int(region.ignored)}
        rows.append(row | {"score": 1 - number / 100})
    picture = {"id": 1, "width": SIZE[0], "height": SIZE[1], "file_name": "a.png"}
    return {"images": [picture], "annotations": rows, "categories": [{"id": 1, "name": "x"}]}
