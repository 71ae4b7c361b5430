from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, bootstrap, false_discovery_control

from beltmask.scoring.figures import Score
from beltmask.scoring.picture_counts import PictureCounts
from beltmask.scoring.statistics import (
    FIGURES,
    FigureDifference,
    Floats,
    PromptVerdict,
    differences,
    figures_of,
    standing,
)

Counts = dict[str, PictureCounts]


def counts(matched: int, extra: int, missed: int) -> PictureCounts:
    score = Score(matched, extra, missed, 0.8 * matched)
    return PictureCounts(score, score, 0.9 * matched)


def noisy(seed: int, *, chance: float, pictures: int = 60) -> Counts:
    """Pictures of five objects, each found with a chance."""
    random = np.random.default_rng(seed)
    found = random.binomial(5, chance, size=pictures).tolist()
    extra = random.poisson(1, size=pictures).tolist()
    return {
        f"{n:03}.png": counts(hit, false, 5 - hit)
        for n, (hit, false) in enumerate(zip(found, extra, strict=True))
    }


def of(
    one: Counts,
    other: Counts,
    figure: str = "f1",
    *,
    groups: Mapping[str, str] | None = None,
    seed: int = 0,
) -> FigureDifference:
    found = differences({"a": one, "b": other}, baseline="a", groups=groups, seed=seed)
    return found["b"][figure]


def test_figures_are_those_of_the_counts_added_up() -> None:
    figures = figures_of(counts(3, 1, 2) + counts(0, 1, 0))
    assert figures == {
        "precision": 0.6,
        "recall": 0.6,
        "f1": 0.6,
        "mean_iou": pytest.approx(0.8),
        "pq": pytest.approx(2.4 / 5),
        "boundary_f": pytest.approx(2.7 / 5),
    }
    assert set(figures_of(PictureCounts()).values()) == {None}


def test_the_interval_is_that_of_scipy_s_paired_bootstrap() -> None:
    one, other = noisy(1, chance=0.6, pictures=400), noisy(2, chance=0.7, pictures=400)
    ours = of(one, other)

    def f1(rows: Floats) -> Floats:
        hit, false, missed = (rows[..., n, :].sum(axis=-1) for n in range(3))
        found: Floats = 2 * hit / (2 * hit + false + missed)
        return found

    table = np.array([[row.numbers[:3] for row in each.values()] for each in (one, other)])
    columns = table.transpose(0, 2, 1).reshape(6, -1)
    theirs = bootstrap(
        tuple(columns),
        lambda *rows, axis: f1(np.stack(rows[3:], axis=-2)) - f1(np.stack(rows[:3], axis=-2)),
        paired=True,
        vectorized=True,
        method="percentile",
        n_resamples=10_000,
        rng=np.random.default_rng(5),
    ).confidence_interval
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=2e-3)


def test_a_prompt_that_is_plainly_better_is_said_to_be_so_and_the_other_way_round() -> None:
    bad, good = noisy(1, chance=0.5), noisy(2, chance=0.8)
    assert of(bad, good).verdict is PromptVerdict.BETTER
    assert of(good, bad).verdict is PromptVerdict.WORSE
    assert of(bad, good).pictures_needed == of(good, bad).pictures_needed == 0
    there, back = of(bad, good), of(good, bad)
    assert (there.won, there.lost, there.tied) == (back.lost, back.won, back.tied)


def test_a_prompt_against_itself_shows_nothing_and_no_pictures_would_help() -> None:
    same = noisy(1, chance=0.6)
    found = of(same, same)
    assert (found.delta, found.low, found.high) == (0, 0, 0)
    assert (found.tied, found.p_sign, found.p) == (60, 1.0, 1.0)
    assert found.verdict is PromptVerdict.OPEN
    assert found.pictures_needed is None


@settings(max_examples=20)
@given(st.permutations(range(12)), st.permutations(["a", "b", "c"]))
def test_the_order_of_pictures_and_prompts_changes_nothing(
    order: list[int], names: list[str]
) -> None:
    prompts = {n: noisy(i, chance=0.5 + i / 10, pictures=12) for i, n in enumerate("abc")}
    keys = list(prompts["a"])
    groups = {key: str(n // 2) for n, key in enumerate(keys)}
    turned = {name: {keys[i]: prompts[name][keys[i]] for i in order} for name in names}
    renamed = {key: f"z{-int(groups[key])}" for key in reversed(keys)}
    found = differences(turned, groups=renamed, baseline="a", resamples=200)
    assert found == differences(prompts, groups=groups, baseline="a", resamples=200)


def test_near_duplicates_in_one_group_count_once() -> None:
    """Each picture ten times over is no more than each picture once."""
    one, other = noisy(3, chance=0.6, pictures=30), noisy(4, chance=0.7, pictures=30)
    copies = {f"{key}-{n}": key for key in one for n in range(10)}
    first, second = ({copy: each[key] for copy, key in copies.items()} for each in (one, other))
    grouped, single = of(first, second, groups=copies), of(one, other)
    assert (grouped.low, grouped.high) == pytest.approx((single.low, single.high))
    assert grouped.p_sign == single.p_sign
    assert (grouped.won, grouped.lost) == (10 * single.won, 10 * single.lost)
    assert width(of(first, second)) < width(single) / 2


def width(found: FigureDifference) -> float:
    assert found.low is not None
    assert found.high is not None
    return found.high - found.low


@pytest.mark.parametrize("pictures", [1, 2, 5])
def test_of_fewer_than_six_pictures_nothing_is_shown(pictures: int) -> None:
    nothing = {str(n): counts(0, 0, 3) for n in range(pictures)}
    found = of(nothing, {key: counts(3, 0, 0) for key in nothing})
    assert (found.delta, found.low, found.high) == (1, -1, 1)
    assert found.verdict is PromptVerdict.OPEN
    assert found.pictures_needed in (6 - pictures, None)


def test_six_pictures_that_all_agree_are_enough() -> None:
    nothing = {str(n): counts(0, 0, 3) for n in range(6)}
    found = of(nothing, {key: counts(2 + n % 2, 0, 1 - n % 2) for n, key in enumerate(nothing)})
    assert found.verdict is PromptVerdict.BETTER
    assert found.p_sign == pytest.approx(2 * 0.5**6)


def test_a_figure_that_divides_by_nothing_has_no_difference() -> None:
    silent = {str(n): counts(0, 0, 3) for n in range(8)}
    found = of(silent, {key: counts(2, 0, 1) for key in silent}, "precision")
    assert (found.delta, found.low, found.high, found.pictures_needed) == (None,) * 4
    assert found.verdict is PromptVerdict.OPEN
    empty: Counts = {}
    assert of(empty, empty).delta is None


def test_an_empty_belt_left_empty_wins_against_one_with_objects_made_up() -> None:
    made_up = {str(n): counts(0, 2, 0) for n in range(8)}
    found = of(made_up, {key: counts(0, 0, 0) for key in made_up})
    assert (found.won, found.lost, found.tied) == (8, 0, 0)


def test_as_many_pictures_as_are_said_to_be_needed_show_the_difference() -> None:
    """The same differences over again, in the number that was asked for."""
    one, other = noisy(5, chance=0.6, pictures=40), noisy(6, chance=0.62, pictures=40)
    found = of(one, other)
    assert found.verdict is PromptVerdict.OPEN
    assert found.pictures_needed is not None
    needed = 40 + found.pictures_needed
    assert of(repeated(one, needed * 12 // 10), repeated(other, needed * 12 // 10)).verdict != (
        PromptVerdict.OPEN
    )
    less = needed * 8 // 10
    assert of(repeated(one, less), repeated(other, less)).verdict is PromptVerdict.OPEN


def repeated(pictures: Counts, count: int) -> Counts:
    rows = list(pictures.values())
    return {f"{n:06}": rows[n % len(rows)] for n in range(count)}


def test_another_seed_draws_others_and_the_same_seed_the_same() -> None:
    one, other = noisy(1, chance=0.6), noisy(2, chance=0.7)
    assert of(one, other, seed=3) == of(one, other, seed=3) != of(one, other, seed=4)


def test_prompts_scored_on_other_pictures_are_refused() -> None:
    with pytest.raises(ValueError, match="not scored on the pictures of a"):
        of(noisy(1, chance=0.5), noisy(1, chance=0.5, pictures=3))


@given(st.lists(st.sampled_from([0.0001, 0.004, 0.01, 0.02, 0.03, 0.04, 0.05, 0.2, 1.0])))
def test_of_many_slices_those_stand_that_scipy_lets_stand(p_values: list[float]) -> None:
    expected = false_discovery_control(p_values) <= 0.05 if p_values else []
    assert standing(p_values) == list(expected)


@pytest.mark.parametrize(("won", "lost"), [(0, 0), (6, 0), (3, 3), (10, 4), (1, 20), (120, 95)])
def test_the_sign_test_is_scipy_s(won: int, lost: int) -> None:
    one = {f"{n}": counts(2, 0, 1) for n in range(won + lost)}
    other = {key: counts(3 if n < won else 1, 0, 0 if n < won else 2) for n, key in enumerate(one)}
    expected = binomtest(won, won + lost).pvalue if won + lost else 1.0
    assert of(one, other).p_sign == pytest.approx(expected)


def test_a_difference_is_plain_json() -> None:
    found = differences({"a": noisy(1, chance=0.5), "b": noisy(2, chance=0.6)}, baseline="a")
    kept: Mapping[str, object] = json.loads(json.dumps(found["b"]["f1"].as_dict(), allow_nan=False))
    assert kept["verdict"] in {"better", "worse", "no difference shown"}
    assert found["b"].keys() == FIGURES.keys()
