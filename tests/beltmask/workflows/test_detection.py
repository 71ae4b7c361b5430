"""Ask a detector about images, watch it work, and look at what it found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from beltmask.demo import draw_belt
from beltmask.errors import NotFoundError
from beltmask.images import encode_png
from beltmask.masks import mask_from_box
from beltmask.model import (
    Actor,
    AnnotationState,
    Box,
    Image,
    Project,
    Prompt,
    ReviewState,
    TaskState,
)
from beltmask.workflows import permission
from beltmask.workflows.detection import (
    cancel_run,
    failures_of,
    progress_of,
    raw_text,
    result_of,
    resume_runs,
    running_run,
    start_run,
    try_again,
)
from beltmask.workflows.images import add_picture, find_image, original_pixels
from beltmask.workflows.permission import Action
from beltmask.workflows.projects import create_project
from beltmask.workflows.prompts import DEFAULT_QUERY
from beltmask.workflows.review_state import open_sheet
from beltmask.workflows.rollback import restore
from beltmask.workflows.services import Services
from tests.beltmask.simple_detectors import spotted_belt

REPLAY = Prompt("replay", DEFAULT_QUERY)
OFFLINE = Prompt("offline", DEFAULT_QUERY)
TWO_BOXES = json.dumps(
    [
        {"box_2d": [100, 100, 300, 300], "label": "foreign object"},
        {"box_2d": [500, 500, 900, 900], "label": "glove"},
    ]
)


def detect(prompt: Prompt, image: Image, services: Services) -> int:
    """A run from start to end, on the services' own threads."""
    run = start_run(prompt, [image.id], services=services)
    while services.runner.answer_next(run.id):
        pass
    services.executor.shutdown(wait=True)
    assert progress_of(run.id, services=services).over
    return run.id


def test_a_recorded_reply_becomes_predictions_and_proposals(
    image: Image, services: Services, replay_folder: Path
) -> None:
    (replay_folder / "belt-1.json").write_text(TWO_BOXES)
    detect(REPLAY, image, services)
    result = result_of(image.id, services=services)
    assert result is not None
    assert (result.task.state, result.prompt) == (TaskState.DONE, REPLAY)
    assert [p.finding.label for p in result.predictions] == ["foreign object", "glove"]
    [reply] = result.replies
    assert raw_text(reply, services=services) == TWO_BOXES
    assert result.problem_count == len(reply.problems)
    first, second = open_sheet(image.id, services=services).annotations
    assert {first.state, second.state} == {AnnotationState.PROPOSED}
    assert first.class_id is not None
    assert second.class_id is None
    now = find_image(image.id, services=services)
    assert (now.review, now.object_count) == (ReviewState.PREDICTED, 2)


def test_a_mask_smaller_than_its_box_is_kept_with_its_box(
    image: Image, services: Services, replay_folder: Path
) -> None:
    ring = [[200, 200], [200, 600], [500, 600], [500, 200]]
    entry = {"box_2d": [100, 100, 700, 900], "label": "bolt", "mask": ring}
    (replay_folder / "belt-1.json").write_text(json.dumps([entry]))
    detect(REPLAY, image, services)
    result = result_of(image.id, services=services)
    assert result is not None
    [prediction] = result.predictions
    finding = prediction.finding
    assert finding.box == Box(6, 5, 58, 34)
    assert finding.mask is not None
    assert finding.mask == mask_from_box(finding.mask.box)
    assert finding.mask.box.area < finding.box.area
    [annotation] = open_sheet(image.id, services=services).annotations
    assert (annotation.mask, annotation.box) == (finding.mask, finding.mask.box)


def test_a_reply_nobody_can_read_is_a_failure_and_is_kept(
    image: Image, services: Services, replay_folder: Path
) -> None:
    (replay_folder / "belt-1.txt").write_text("I see a belt 🙂", encoding="utf-8")
    run_id = detect(REPLAY, image, services)
    [failed] = failures_of(run_id, services=services)
    assert failed.error
    result = result_of(image.id, services=services)
    assert result is not None
    assert raw_text(result.replies[0], services=services) == "I see a belt 🙂"
    assert find_image(image.id, services=services).review is ReviewState.NEW
    assert open_sheet(image.id, services=services).annotations == []


def test_a_picture_without_a_recorded_reply_fails_in_words(
    image: Image, services: Services
) -> None:
    [failed] = failures_of(detect(REPLAY, image, services), services=services)
    assert failed.error is not None
    assert str(failed.error).startswith("there is no recorded reply for belt-1.png.")


def test_the_offline_detector_finds_objects_on_a_belt(project: Project, services: Services) -> None:
    belt = draw_belt(1, size=(320, 240), object_count=3)
    data = encode_png(belt.pixels)
    added = add_picture("belt.png", data, project_id=project.id, services=services)
    assert added.image is not None
    detect(OFFLINE, added.image, services)
    result = result_of(added.image.id, services=services)
    assert result is not None
    assert result.task.error is None
    assert result.predictions
    width, height = added.image.size
    for prediction in result.predictions:
        assert prediction.finding.box.clipped((width, height)) == prediction.finding.box
    assert original_pixels(added.image, services=services).shape == belt.pixels.shape


def test_what_a_run_proposed_can_be_taken_back(
    image: Image, services: Services, replay_folder: Path
) -> None:
    (replay_folder / "belt-1.json").write_text(TWO_BOXES)
    detect(REPLAY, image, services)
    before = open_sheet(image.id, services=services)
    assert before.last is not None
    assert (before.last.kind, before.last.actor.name) == ("propose", "beltmask")
    sheet = restore(image.id, 0, seen=before.image.revision, services=services)
    assert (sheet.annotations, sheet.image.review) == ([], ReviewState.IN_REVIEW)


def test_an_image_that_was_never_asked_has_no_result(image: Image, services: Services) -> None:
    assert result_of(image.id, services=services) is None


def test_a_run_left_by_an_earlier_process_is_gone_on_with(
    image: Image, services: Services, replay_folder: Path
) -> None:
    (replay_folder / "belt-1.json").write_text(TWO_BOXES)
    with services.store.write() as records:
        run = records.runs.add(image.project_id, REPLAY, [image.id], actor=services.actor)
    resume_runs(services)
    while services.runner.answer_next(run.id):
        pass
    services.executor.shutdown(wait=True)
    assert progress_of(run.id, services=services).counts == {TaskState.DONE: 1}


def test_a_cancelled_run_is_over(image: Image, services: Services) -> None:
    with services.store.write() as records:
        run = records.runs.add(image.project_id, REPLAY, [image.id], actor=services.actor)
    cancel_run(run.id, services=services)
    progress = progress_of(run.id, services=services)
    assert progress.over
    assert progress.counts == {TaskState.CANCELLED: 1}


def test_a_run_belongs_to_the_project_of_its_images(image: Image, services: Services) -> None:
    run = start_run(REPLAY, [image.id], services=services)
    assert run.project_id == image.project_id


def test_a_run_over_images_of_two_projects_is_refused(image: Image, services: Services) -> None:
    elsewhere = create_project("Belt 4", services=services)
    stranger = add_picture("x.png", spotted_belt(5), project_id=elsewhere.id, services=services)
    assert stranger.image is not None
    with pytest.raises(NotFoundError, match="in another project"):
        start_run(REPLAY, [image.id, stranger.image.id], services=services)
    assert running_run(image.project_id, services=services) == 0


def test_a_run_over_nothing_is_refused(services: Services) -> None:
    with pytest.raises(NotFoundError, match="no picture to ask about"):
        start_run(REPLAY, [], services=services)


@pytest.mark.parametrize("change", [cancel_run, try_again])
def test_a_run_that_is_not_there_is_neither_cancelled_nor_tried_again(
    change: Callable[..., object], services: Services
) -> None:
    with pytest.raises(NotFoundError, match="there is no run 41"):
        change(41, services=services)


@pytest.mark.parametrize("change", [cancel_run, try_again])
def test_the_project_of_a_run_decides_who_may_change_it(
    change: Callable[..., object],
    image: Image,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int | None] = []
    run = start_run(REPLAY, [image.id], services=services)
    while services.runner.answer_next(run.id):
        pass
    services.executor.shutdown(wait=True)
    create_project("Belt 4", services=services)

    def allowed(_actor: Actor, _action: Action, project_id: int | None) -> bool:
        asked.append(project_id)
        return True

    monkeypatch.setattr(permission, "allowed", allowed)
    change(run.id, services=services)
    assert asked == [image.project_id]


def test_a_run_over_an_image_that_is_gone_fails_before_it_starts(
    project: Project, services: Services
) -> None:
    with pytest.raises(NotFoundError):
        start_run(REPLAY, [41], services=services)
