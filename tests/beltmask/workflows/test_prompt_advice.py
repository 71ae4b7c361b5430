"""Better prompts are drafted from what went wrong, and proven on pictures that did not see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from beltmask.detectors.base import DetectorTraits
from beltmask.errors import NotFoundError
from beltmask.model import Contender, Prompt, Tiling
from beltmask.review import Edit, EditKind
from beltmask.workflows.comparison_plan import ComparisonWish, plan_comparison
from beltmask.workflows.history import new_id
from beltmask.workflows.prompt_advice import Advice, Case, advice_for, drafts
from tests.beltmask.workflows.prompt_lab import PromptLab, prompt_lab
from tests.gestures import apply_edits

PROMPT = Prompt("gemini", "All foreign objects", model="m", temperature=0.7)
ROW: dict[str, Any] = {"losses": {"found": 20}, "errors": {}, "unreadable": 0, "answers": 20}
CASE = Case(PROMPT, ROW, DetectorTraits(True, takes_tiles=True), True, ("can", "foil"), ())


def drafted(case: Case = CASE, **row: Any) -> dict[str, Advice]:
    return {each.name: each for each in drafts(replace(case, row={**ROW, **row}))}


@pytest.fixture
def lab() -> Iterator[PromptLab]:
    with prompt_lab(12) as made:
        yield made


def test_what_goes_well_or_went_wrong_once_is_left_alone() -> None:
    assert drafted() == {}
    assert drafted(errors={"merged": 1, "extra": 1}, losses={"found": 19, "not_seen": 1}) == {}


@pytest.mark.parametrize(
    ("row", "name", "changed"),
    [
        ({"losses": {"found": 9, "cut_off": 3}}, "up to 50", {"object_cap": 50}),
        ({"unreadable": 4}, "t 0.2", {"temperature": 0.2}),
        ({"errors": {"loose_box": 1, "shifted": 2}}, "1536 px", {"image_side": 1536}),
        ({"losses": {"not_seen": 4}}, "part by part", {"tiling": Tiling.SUSPECTS}),
    ],
)
def test_a_setting_is_changed_for_what_it_is_to_blame_for(
    row: dict[str, Any], name: str, changed: dict[str, Any]
) -> None:
    advice = drafted(**row)[name]
    assert advice.prompt == replace(PROMPT, **changed)
    assert any(letter.isdigit() for letter in str(advice.why)), "how many"


def test_words_are_added_for_what_words_can_mend_and_once_only() -> None:
    found = drafted(errors={"merged": 4, "duplicate": 3})
    assert set(found) == {"apart", "once", "all of it"}
    assert found["apart"].prompt.query.startswith("All foreign objects. Objects that touch")
    assert found["all of it"].prompt.query.endswith("entries of their own. Name each object once.")
    again = replace(CASE, prompt=found["all of it"].prompt)
    assert drafted(again, errors={"merged": 4, "duplicate": 3}) == {}


def test_words_taken_from_classes_and_labels_are_pointed_out() -> None:
    case = replace(CASE, rejected=("belt joint", "glare"))
    found = drafted(case, errors={"extra": 5}, losses={"found": 9, "not_seen": 5})
    assert found["with a not"].prompt.query.endswith("Not: belt joint, glare.")
    assert found["with a not"].copied == ("belt joint", "glare")
    assert found["with classes"].copied == ("can", "foil")
    assert found["all of it"].copied == ("can", "foil", "belt joint", "glare")
    knows = replace(case, prompt=replace(PROMPT, query="Every can and FOIL, no glare, belt joint"))
    assert set(drafted(knows, errors={"extra": 5}, losses={"not_seen": 5})) == {"part by part"}


def test_a_temperature_that_is_not_heeded_is_not_advised() -> None:
    assert drafted(replace(CASE, heeds_temperature=False), unreadable=4) == {}


def test_advice_comes_from_answers_and_is_measured_on_pictures_they_were_not_about(
    lab: PromptLab,
) -> None:
    seen = lab.compare("merges", "perfect", pictures=8)
    found = advice_for(seen.id, "merges", services=lab.services)
    [apart] = [each for each in found if each.name == "merges: apart"]
    assert "entries of their own" in apart.prompt.query
    assert advice_for(seen.id, "perfect", services=lab.services) == []
    wish = ComparisonWish(
        lab.project.id,
        (seen.contenders[0], Contender(apart.name, apart.prompt)),
        unseen_by=seen.id,
    )
    plan = plan_comparison(wish, services=lab.services)
    assert set(plan.image_ids) == set(lab.image_ids) - set(seen.image_ids)
    everything = lab.start("noisy", "perfect")
    with pytest.raises(NotFoundError, match="nothing is left to measure on"):
        plan_comparison(replace(wish, unseen_by=everything.id), services=lab.services)


def test_what_people_rejected_on_these_pictures_is_known(lab: PromptLab) -> None:
    *others, last = lab.image_ids
    gone = lab.reopen(last).annotations[0]
    edit = Edit(new_id(), EditKind.REJECT, gone.id, gone.revision)
    apply_edits(last, [edit], services=lab.services)
    with lab.services.store.read() as records:
        assert records.annotations.rejected_labels(lab.image_ids, limit=5) == [gone.label]
        assert records.annotations.rejected_labels(others, limit=5) == []
