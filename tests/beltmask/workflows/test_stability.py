"""Repeats of a question: what they agree on, how far that can be trusted, and where it is shown."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from beltmask.images import read_image
from beltmask.masks import mask_from_box
from beltmask.model import Box
from beltmask.scoring.agreement import SeenObject
from beltmask.scoring.overlaps import ScoredObject
from beltmask.workflows.stability import agreement_jpeg, heated, stability_of
from tests.beltmask.workflows.prompt_lab import PromptLab, prompt_lab
from tests.gemini_recipes import Recipe

REPEATS = 4
GREY = np.full((40, 60, 3), 90, dtype=np.uint8)


@pytest.fixture
def lab() -> Iterator[PromptLab]:
    with prompt_lab(6) as made:
        yield made


def asked_again_and_again(lab: PromptLab) -> int:
    """Id of a comparison whose first prompt answers otherwise the first time than ever after."""
    comparison = lab.start("perfect", "noisy", repeats=REPEATS)
    with lab.services.store.read() as records:
        perfect, noisy = records.comparisons.open_runs(comparison.id)
    runner = lab.idle.runner
    for _ in lab.image_ids:
        assert runner.answer_next(perfect)
    lab.server.recipes = [Recipe("as perfect does", "hallucinates"), *lab.server.recipes]
    for run_id in (perfect, noisy):
        while runner.answer_next(run_id):
            pass
    return comparison.id


def test_what_each_repeat_saw_is_counted_and_the_least_agreed_comes_first(lab: PromptLab) -> None:
    comparison_id = asked_again_and_again(lab)
    found = stability_of(comparison_id, "perfect", services=lab.services)
    assert (found.repeats, found.unreadable) == (REPEATS, 0.0)
    assert {each.image.id for each in found.pictures} == set(lab.image_ids)
    for each in found.pictures:
        *real, ghost = each.seen
        assert set(real) == {REPEATS}
        assert ghost == REPEATS - 1
        assert each.counts == (len(real), *[len(real) + 1] * (REPEATS - 1))
    order = [each.disagreement for each in found.pictures]
    assert order == sorted(order, reverse=True)
    assert order[0] == pytest.approx(0.125), "one real object of two that were seen"
    steady = stability_of(comparison_id, "noisy", services=lab.services)
    assert {each.disagreement for each in steady.pictures} == {0.0}


def test_what_all_repeats_saw_is_right_and_what_some_saw_is_not(lab: PromptLab) -> None:
    comparison_id = asked_again_and_again(lab)
    sometimes, always = stability_of(comparison_id, "perfect", services=lab.services).reliability
    assert (sometimes.score, sometimes.right, sometimes.count) == (0.75, 0.0, len(lab.image_ids))
    assert (always.score, always.right) == (1.0, 1.0)


def test_a_picture_whose_repeats_are_not_over_is_left_out(lab: PromptLab) -> None:
    comparison = lab.start("perfect", "noisy", repeats=2)
    assert stability_of(comparison.id, "perfect", services=lab.services).pictures == ()


def test_words_nobody_could_read_are_no_repeat_that_saw_nothing(lab: PromptLab) -> None:
    lab.server.every_fault = "prose"
    comparison = lab.compare("perfect", "noisy", repeats=2)
    found = stability_of(comparison.id, "perfect", services=lab.services)
    assert found.unreadable == 1.0
    assert {each.disagreement for each in found.pictures} == {1.0}


def test_a_map_is_red_where_all_agree_and_blue_where_one_saw_something() -> None:
    def seen(box: Box, times: int) -> SeenObject:
        return SeenObject((ScoredObject(box, mask_from_box(box)),) * times, REPEATS)

    often, once = Box(4, 4, 24, 24), Box(60, 40, 80, 60)
    drawn = heated(GREY, [seen(often, REPEATS), seen(once, 1)], size=(120, 80))
    red, blue = drawn[7, 7].astype(int), drawn[25, 35].astype(int)
    assert red[0] > red[2] + 50
    assert blue[2] > blue[0] + 50
    assert (drawn[0, 30] == GREY[0, 30]).all()


def test_the_map_of_a_picture_is_drawn(lab: PromptLab) -> None:
    comparison = lab.compare("perfect", "noisy", repeats=2)
    [first, *_] = lab.image_ids
    jpeg = agreement_jpeg(comparison.id, first, "perfect", services=lab.services)
    pixels = read_image(jpeg, name="map.jpg").pixels.astype(int)
    assert ((pixels[..., 0] - pixels[..., 2]) > 50).any()
