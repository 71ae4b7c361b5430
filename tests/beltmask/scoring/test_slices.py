from __future__ import annotations

import pytest
from hypothesis import given

from beltmask.scoring import ScoredObject
from beltmask.scoring.picture_counts import PictureCounts, picture_counts, total
from beltmask.scoring.slices import by_object, by_picture, slice_differences
from tests.beltmask.scoring.blocks import SIZE, block, blocks
from tests.beltmask.scoring.test_statistics import counts, noisy


def by_width(each: ScoredObject) -> str:
    return "wide" if each.box.width > 9 else "narrow"


@given(blocks(), blocks(ignoring=True))
def test_the_slices_of_a_picture_add_up_to_it(
    predictions: list[ScoredObject], truth: list[ScoredObject]
) -> None:
    parts = by_object(predictions, truth, SIZE, name_of=by_width)
    whole, together = picture_counts(predictions, truth, SIZE), total(parts.values())
    assert together.errors == whole.errors
    assert together.numbers == pytest.approx(whole.numbers)


def test_a_pair_is_of_the_truth_s_slice_and_what_is_extra_of_its_own() -> None:
    truth = [block(0, 0), block(30, 0, 8, 10)]
    parts = by_object([block(0, 0, 9, 10), block(50, 30)], truth, SIZE, name_of=by_width)
    assert parts["wide"].numbers[:3] == (1, 1, 0)
    assert parts["narrow"].numbers[:3] == (0, 0, 1)
    assert parts["wide"].errors == {"extra": 1}


def test_pictures_are_parted_by_their_names() -> None:
    prompts = {"a": {"1": counts(1, 0, 0), "2": counts(0, 1, 0), "3": counts(0, 0, 1)}}
    assert by_picture(prompts, {"1": "dark", "2": "bright", "9": "dark"}) == {
        "dark": {"a": {"1": counts(1, 0, 0)}},
        "bright": {"a": {"2": counts(0, 1, 0)}},
    }


def test_of_many_slices_only_what_is_no_chance_stands() -> None:
    """In one the prompt is plainly better, in nineteen it is the same but for noise."""
    slices = {f"{n:02}": pair(n, gain=0.0) for n in range(19)} | {"real": pair(99, gain=0.3)}
    found = slice_differences(slices, baseline="a")
    assert [(each.slice, each.prompt) for each in found] == [(n, "b") for n in sorted(slices)]
    assert [each.slice for each in found if each.stands] == ["real"]
    assert {each.pictures for each in found} == {60}


def pair(seed: int, *, gain: float) -> dict[str, dict[str, PictureCounts]]:
    return {"a": noisy(2 * seed, chance=0.6), "b": noisy(2 * seed + 1, chance=0.6 + gain)}
