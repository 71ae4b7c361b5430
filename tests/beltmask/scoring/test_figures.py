from __future__ import annotations

import json

import pytest

from beltmask.scoring import Score, ScoredObject, disagreement, score, score_images
from tests.beltmask.scoring.blocks import block

NOTHING = Score()


def test_the_same_objects_on_both_sides_score_one() -> None:
    objects = [block(0, 0), block(20, 20)]
    assert score(objects, objects) == Score(2, 0, 0, 2.0)
    assert score(objects, objects).mean_iou == 1.0


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


def test_images_are_added_up_before_dividing() -> None:
    empty_belt: tuple[list[ScoredObject], list[ScoredObject]] = ([], [])
    perfect = ([block(0, 0)], [block(0, 0)])
    hopeless: tuple[list[ScoredObject], list[ScoredObject]] = ([block(0, 0), block(30, 0)], [])
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
    one: list[ScoredObject], other: list[ScoredObject], expected: float
) -> None:
    assert disagreement(one, other) == pytest.approx(expected)
    assert disagreement(other, one) == pytest.approx(expected)
