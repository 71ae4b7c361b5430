"""The lab on real pictures: a Gemini that errs in known ways is found out, and ranked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from beltmask.model import Contender
from beltmask.settings import Settings
from beltmask.workflows.comparison import ComparisonWish
from beltmask.workflows.comparison_result import comparison_result
from beltmask.workflows.losses import LossStep
from beltmask.workflows.projects import add_class, create_project
from tests.beltmask.workflows.gemini_services import asking
from tests.beltmask.workflows.prompt_lab import (
    RECIPES,
    PromptLab,
    approved_picture,
    asking_for,
)
from tests.gemini_recipes import Recipe
from tests.gemini_server import GeminiServer
from tests.gemini_truth import read_truth

PICTURES = 10
CAP = 3


@pytest.fixture(scope="module")
def lab(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PromptLab]:
    """Real belts of 512 x 512 pixels with two to ten objects each, whose classes are known."""
    folder = shared_data / "pictures" / "cotton_belt_foreign"
    known = read_truth(folder)
    with pytest.MonkeyPatch.context() as patch, GeminiServer(truth=[folder]) as server:
        patch.setitem(Settings.model_config, "env_file", None)
        server.recipes = [Recipe(f"as {name} does", name) for name in RECIPES]
        data = tmp_path_factory.mktemp("lab")
        with asking(server, data=data, gemini_streaming=False) as services:
            project = create_project("Cotton", services=services)
            names = {each.label for picture in known for each in picture.objects}
            classes = {name: add_class(project.id, name, services=services) for name in names}
            ids = [
                approved_picture(
                    picture,
                    (folder / "images" / picture.name).read_bytes(),
                    project_id=project.id,
                    classes=classes,
                    services=services,
                )
                for picture in known[:PICTURES]
            ]
            yield PromptLab(services, server, project, ids)


@pytest.fixture(scope="module")
def result(lab: PromptLab) -> dict[str, Any]:
    """All recipes against the perfect one."""
    return compared(lab, *RECIPES)


def compared(lab: PromptLab, *recipes: str, **wishes: Any) -> dict[str, Any]:
    prompts = {name: asking_for(name) for name in recipes}
    if "capped" in prompts:
        prompts["capped"] = replace(prompts["capped"], object_cap=CAP)
    contenders = tuple(Contender(name, prompt) for name, prompt in prompts.items())
    wish = replace(ComparisonWish(lab.project.id, contenders), **wishes)
    comparison = lab.start_wish(wish)
    lab.answer(comparison)
    return comparison_result(comparison.id, services=lab.services)


def test_recipes_are_ranked_rightly(result: dict[str, Any]) -> None:
    assert result["pictures"] == PICTURES
    rows = result["prompts"]
    assert rows["perfect"]["f1"] > 0.99
    for name in ("misses_fifth", "merges", "hallucinates", "unreadable_tenth", "capped"):
        assert rows[name]["f1"] < rows["perfect"]["f1"] - 0.02, name
    assert rows["merges"]["f1"] < rows["misses_fifth"]["f1"]
    for name in ("noisy", "shifted"):
        assert rows[name]["mean_iou"] < rows["perfect"]["mean_iou"] - 0.02, name
        assert rows[name]["boundary_f"] < rows["perfect"]["boundary_f"] - 0.005, name


def test_the_kinds_of_error_are_those_that_were_fed(result: dict[str, Any]) -> None:
    errors = {
        name: {kind: count for kind, count in row["errors"].items() if count}
        for name, row in result["prompts"].items()
    }
    assert set(errors["misses_fifth"]) <= {"missed", "cut_off"}
    assert errors["hallucinates"]["extra"] == PICTURES
    assert max(errors["merges"], key=errors["merges"].__getitem__) == "merged"
    assert (
        errors["unreadable_tenth"]["format_error"]
        == result["prompts"]["unreadable_tenth"]["unreadable"]
    )
    assert errors["capped"]["cut_off"] > 0


def test_a_waterfall_adds_up_to_all_true_objects(result: dict[str, Any]) -> None:
    rows = result["prompts"]
    for row in rows.values():
        assert sum(row["losses"].values()) == row["objects"] == rows["perfect"]["objects"]
    main = {
        name: max(
            LossStep,
            key=lambda step: (step is not LossStep.FOUND) * rows[name]["losses"].get(step, 0),
        )
        for name in ("misses_fifth", "merges", "unreadable_tenth", "capped")
    }
    assert main == {
        "misses_fifth": LossStep.NOT_SEEN,
        "merges": LossStep.POOR_OUTLINE,
        "unreadable_tenth": LossStep.UNREADABLE,
        "capped": LossStep.CUT_OFF,
    }


def test_intervals_hold_the_known_differences(result: dict[str, Any]) -> None:
    """Of objects lost by chance: F1 is 2 r / (1 + r) of the share r that is left."""
    for name, left in (("misses_fifth", 0.8), ("unreadable_tenth", 0.9)):
        found = result["differences"][name]["f1"]
        known = 2 * left / (1 + left) - 1
        assert found["low"] <= known <= found["high"], name


def test_so_many_pictures_as_were_said_to_be_needed_show_the_difference(lab: PromptLab) -> None:
    few = compared(lab, "perfect", "misses_fifth", pictures=6, seed=2)
    found = few["differences"]["misses_fifth"]["f1"]
    asked = lab.server.asked
    more = min(6 + 2 * (found["pictures_needed"] or 1), PICTURES)
    enough = compared(lab, "perfect", "misses_fifth", pictures=more, seed=2)
    assert enough["differences"]["misses_fifth"]["f1"]["verdict"] == "worse"
    assert lab.server.asked == asked
