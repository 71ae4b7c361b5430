"""Versions tried on a few pictures: asked once, seen beside earlier answers, never proposed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beltmask.errors import NotFoundError
from beltmask.geometry import BeltRegion
from beltmask.model import Image, Prompt, PromptVersion, ReviewState, TaskState
from beltmask.runs import Runner
from beltmask.workflows.belt_regions import change_belt_region
from beltmask.workflows.detection import result_of, running_run, start_run
from beltmask.workflows.images import find_image
from beltmask.workflows.prompt_trials import trial_grid, try_versions
from beltmask.workflows.prompt_versions import keep_version
from beltmask.workflows.services import Services
from tests.beltmask.simple_detectors import BrightSpots
from tests.beltmask.workflows.gemini_services import Idle

OFFLINE = Prompt("offline", "anything")


@pytest.fixture
def services(in_each_database: Services) -> Services:
    return in_each_database


@pytest.fixture
def versions(image: Image, services: Services) -> list[PromptVersion]:
    """Two; the second one asks for a smaller picture."""
    prompts = (OFFLINE, replace(OFFLINE, image_side=512))
    return [
        keep_version(image.project_id, prompt, name=f"of {prompt.image_side}", services=services)
        for prompt in prompts
    ]


def quick(services: Services) -> Services:
    """The same, but that looking takes no time, and happens when the test says so."""
    detectors = {"offline": BrightSpots()}
    runner = Runner(services.tasks, detectors=detectors, executor=Idle(), workers=1)
    return replace(services, runner=runner)


def answer(run_id: int, services: Services) -> None:
    while services.runner.answer_next(run_id):
        pass


def tried(versions: list[PromptVersion], image_ids: list[int], services: Services) -> list[int]:
    """Ids of the runs that trying started, once they are over."""
    here = quick(services)
    runs = try_versions(versions, image_ids, services=here)
    for run_id in runs:
        answer(run_id, here)
    return runs


def test_every_version_is_asked_about_every_picture_once(
    versions: list[PromptVersion], image: Image, other_image: int, services: Services
) -> None:
    cells = {(version.id, one) for version in versions for one in (image.id, other_image)}
    assert len(tried(versions, [image.id, other_image], services)) == 2
    grid = trial_grid(image.project_id, versions, [image.id, other_image], services=services)
    assert grid.keys() == cells
    assert {task.state for task in grid.values()} == {TaskState.DONE}
    assert try_versions(versions, [image.id], services=services) == []


def test_nothing_a_trial_finds_is_proposed_or_shown_as_the_picture_s_answer(
    versions: list[PromptVersion], image: Image, services: Services
) -> None:
    tried(versions, [image.id], services)
    kept = find_image(image.id, services=services)
    assert (kept.review, kept.object_count) == (ReviewState.NEW, 0)
    assert result_of(image.id, services=services) is None
    assert running_run(image.project_id, services=services) == 0


def test_what_detect_asked_before_is_not_asked_again(
    versions: list[PromptVersion], image: Image, services: Services
) -> None:
    here = quick(services)
    run = start_run(OFFLINE, [image.id], services=here)
    answer(run.id, here)
    [again] = tried(versions, [image.id], services)
    grid = trial_grid(image.project_id, versions, [image.id], services=services)
    assert [grid[version.id, image.id].run_id for version in versions] == [run.id, again]


def test_answers_that_heeded_another_belt_region_do_not_count(
    versions: list[PromptVersion], image: Image, services: Services
) -> None:
    tried(versions, [image.id], services)
    left = BeltRegion((((0.0, 0.0), (0.5, 0.0), (0.5, 1.0)),))
    change_belt_region(image.project_id, left, services=services)
    assert trial_grid(image.project_id, versions, [image.id], services=services) == {}
    assert len(tried(versions, [image.id], services)) == 2


def test_a_trial_of_nothing_is_refused(versions: list[PromptVersion], services: Services) -> None:
    with pytest.raises(NotFoundError, match="needs a version and a picture"):
        try_versions(versions, [], services=services)
