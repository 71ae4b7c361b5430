"""Prompts compared on approved pictures: asked once, paid once, and never proposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from beltmask.errors import NotFoundError, SettingsError
from beltmask.model import ReviewState, TaskState
from beltmask.workflows.comparison import (
    cancel_comparison,
    comparison_progress,
    comparisons_of,
    pause_comparison,
    resume_comparison,
    spent_on_comparison,
    start_comparison,
)
from beltmask.workflows.comparison_plan import plan_comparison
from beltmask.workflows.comparison_result import comparison_result
from beltmask.workflows.comparison_scores import changed_truths
from beltmask.workflows.detection import result_of, running_run
from beltmask.workflows.review_state import open_sheet
from tests.beltmask.workflows.gemini_services import ask
from tests.beltmask.workflows.prompt_lab import PromptLab, asking_for, prompt_lab


@pytest.fixture
def lab(data_with_tables: object) -> Iterator[PromptLab]:
    with prompt_lab(7) as opened:
        yield opened


@pytest.fixture
def lab_in_each_database(tables_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[PromptLab]:
    monkeypatch.setenv("BELTMASK_DATABASE_URL", tables_url)
    with prompt_lab(3) as opened:
        yield opened


def test_comparing_goes_the_same_way_in_each_database(lab_in_each_database: PromptLab) -> None:
    lab = lab_in_each_database
    comparison = lab.start("noisy", "perfect", budget=0.002)
    lab.answer(comparison)
    resume_comparison(comparison.id, services=lab.idle, budget=1.0)
    lab.answer(comparison)
    told = result(comparison.id, lab)
    assert (told["pictures"], told["prompts"]["perfect"]["f1"]) == (3, 1.0)
    assert result(comparison.id, lab) == told
    assert result(comparison.id, lab, anew=True) == told
    lab.lose_an_object(lab.image_ids[0])
    assert changed_truths(comparison.id, services=lab.services) == [lab.image_ids[0]]


def result(comparison_id: int, lab: PromptLab, *, anew: bool = False) -> dict[str, Any]:
    return comparison_result(comparison_id, services=lab.services, anew=anew)


def test_what_a_comparison_finds_is_measured_and_the_truth_stays_as_it_was(lab: PromptLab) -> None:
    before = [open_sheet(n, services=lab.services) for n in lab.image_ids]
    comparison = lab.compare("misses_fifth", "perfect")
    assert result(comparison.id, lab)["pictures"] == 7
    after = [open_sheet(n, services=lab.services) for n in lab.image_ids]
    assert [s.image.revision for s in after] == [s.image.revision for s in before]
    assert {s.image.review for s in after} == {ReviewState.APPROVED}
    assert result_of(lab.image_ids[0], services=lab.services) is None


def test_nobody_on_detect_waits_for_a_comparison(lab: PromptLab) -> None:
    comparison = lab.start("noisy", "perfect")
    assert running_run(lab.project.id, services=lab.services) == 0
    assert not comparison_progress(comparison.id, services=lab.services).over


def test_the_same_question_of_the_same_picture_is_never_asked_twice(lab: PromptLab) -> None:
    lab.compare("noisy", "perfect")
    assert lab.server.asked == 14
    wish = lab.wish("perfect", "noisy", "shifted")
    plan = plan_comparison(wish, services=lab.services)
    assert (plan.asked, plan.reused, plan.requests) == (7, 14, (7, 7))
    lab.compare("perfect", "noisy", "shifted")
    assert lab.server.asked == 21


def test_an_answer_on_detect_is_an_answer_in_a_comparison(lab: PromptLab) -> None:
    images = [open_sheet(n, services=lab.services).image for n in lab.image_ids[:2]]
    ask(images, lab.services, prompt=asking_for("perfect"))
    plan = plan_comparison(lab.wish("perfect", "noisy"), services=lab.services)
    assert (plan.asked, plan.reused) == (12, 2)


def test_words_nobody_could_read_are_an_answer_too_and_every_object_is_missed(
    lab: PromptLab,
) -> None:
    lab.server.text = "I see a belt."
    comparison = lab.compare("noisy", "shifted")
    asked = lab.server.asked
    rows = result(comparison.id, lab)["prompts"]
    assert {name: (row["unreadable"], row["recall"]) for name, row in rows.items()} == {
        "noisy": (7, 0.0),
        "shifted": (7, 0.0),
    }
    assert rows["noisy"]["losses"] == {"unreadable": rows["noisy"]["objects"]}
    lab.compare("shifted", "noisy")
    assert lab.server.asked == asked


def test_a_line_that_broke_is_asked_again_and_counts_as_missed_until_then(lab: PromptLab) -> None:
    lab.server.every_fault = "403"
    comparison = lab.compare("noisy", "perfect")
    rows = result(comparison.id, lab)["prompts"]
    assert (rows["perfect"]["failed"], rows["perfect"]["f1"]) == (7, 0.0)
    assert rows["perfect"]["losses"] == {"no_answer": rows["perfect"]["objects"]}
    lab.server.every_fault = None
    again = lab.compare("noisy", "perfect")
    assert result(again.id, lab)["prompts"]["perfect"]["f1"] == 1.0


def test_each_picture_counts_as_soon_as_all_prompts_have_answered(lab: PromptLab) -> None:
    comparison = lab.start("noisy", "perfect")
    assert result(comparison.id, lab)["pictures"] == 0
    lab.answer(comparison, most=7)
    assert result(comparison.id, lab)["pictures"] == 0
    lab.answer(comparison, most=3)
    told = result(comparison.id, lab)
    assert (told["pictures"], told["waiting"]) == (3, 4)
    lab.answer(comparison)
    assert (result(comparison.id, lab)["pictures"], lab.server.asked) == (7, 14)


def test_a_comparison_pauses_goes_on_and_is_given_up(lab: PromptLab) -> None:
    comparison = lab.start("noisy", "perfect")
    lab.answer(comparison, most=9)
    pause_comparison(comparison.id, services=lab.services)
    assert lab.answer(comparison) == 0
    counts = comparison_progress(comparison.id, services=lab.services).counts
    assert counts == {TaskState.DONE: 9, TaskState.PAUSED: 5}
    resume_comparison(comparison.id, services=lab.idle)
    assert lab.answer(comparison, most=2) == 2
    cancel_comparison(comparison.id, services=lab.services)
    assert lab.answer(comparison) == 0
    told = result(comparison.id, lab)
    assert (told["pictures"], told["waiting"], told["given_up"]) == (4, 0, 3)


def test_a_comparison_that_has_spent_its_budget_is_paused_until_it_gets_more(
    lab: PromptLab,
) -> None:
    comparison = lab.start("noisy", "perfect", budget=0.003)
    answered = lab.answer(comparison)
    spent = spent_on_comparison(comparison.id, services=lab.services)
    assert 0 < answered < 14
    assert 0.003 <= spent < 0.003 + 2 * spent / answered
    counts = comparison_progress(comparison.id, services=lab.services).counts
    assert counts[TaskState.PAUSED] == 14 - answered
    resume_comparison(comparison.id, services=lab.idle, budget=1.0)
    assert lab.answer(comparison) == 14 - answered


def test_repeats_are_askings_of_their_own(lab: PromptLab) -> None:
    comparison = lab.compare("noisy", "perfect", repeats=3)
    assert lab.server.asked == 42
    told = result(comparison.id, lab)
    assert (told["pictures"], told["prompts"]["perfect"]["answers"]) == (7, 21)


def test_a_sample_is_what_its_seed_says(lab: PromptLab) -> None:
    def chosen(seed: int) -> tuple[int, ...]:
        wish = lab.wish("noisy", "perfect", pictures=3, seed=seed)
        return plan_comparison(wish, services=lab.services).image_ids

    assert chosen(1) == chosen(1)
    assert len({chosen(seed) for seed in range(9)}) > 1
    with pytest.raises(NotFoundError, match="only 7 pictures are approved"):
        plan_comparison(lab.wish("noisy", "perfect", pictures=8), services=lab.services)


def test_a_changed_truth_is_noticed_and_scored_again_without_a_request(lab: PromptLab) -> None:
    comparison = lab.compare("noisy", "perfect")
    before = result(comparison.id, lab)
    assert changed_truths(comparison.id, services=lab.services) == []
    lab.lose_an_object(lab.image_ids[0])
    assert changed_truths(comparison.id, services=lab.services) == [lab.image_ids[0]]
    assert result(comparison.id, lab) == before
    now = result(comparison.id, lab, anew=True)
    assert now["prompts"]["perfect"]["extra"] == 1
    assert changed_truths(comparison.id, services=lab.services) == []
    assert lab.server.asked == 14


def test_a_scene_taken_again_is_no_further_evidence(lab: PromptLab) -> None:
    comparison = lab.compare("noisy", "perfect")
    assert result(comparison.id, lab)["groups"] == 7
    lab.approve_again(0)
    comparison = lab.compare("noisy", "perfect")
    told = result(comparison.id, lab)
    assert (told["pictures"], told["groups"]) == (8, 7)


def test_a_second_look_counts_nothing_again(
    lab: PromptLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = lab.compare("noisy", "perfect")
    before = result(comparison.id, lab)
    monkeypatch.delattr("beltmask.workflows.comparison_scores.answer_figures")
    assert result(comparison.id, lab) == before
    assert result(comparison.id, lab, anew=True) == before


@pytest.mark.parametrize(
    ("wishes", "why"),
    [
        ({"contenders": ()}, "a comparison needs two prompts"),
        ({"baseline": "other"}, "other is not among the prompts"),
        ({"iou": 0.0}, "an IoU lies above 0"),
        ({"repeats": 0}, "a picture is asked about at least once"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(
    lab: PromptLab, wishes: dict[str, Any], why: str
) -> None:
    wish = replace(lab.wish("noisy", "perfect"), **wishes)
    with pytest.raises(SettingsError, match=why):
        start_comparison(wish, services=lab.idle)
    assert comparisons_of(lab.project.id, services=lab.services) == []


def test_a_project_without_truth_has_nothing_to_compare_on(lab: PromptLab) -> None:
    for image_id in lab.image_ids:
        lab.reopen(image_id)
    with pytest.raises(NotFoundError, match="no approved picture"):
        plan_comparison(lab.wish("noisy", "perfect"), services=lab.services)
