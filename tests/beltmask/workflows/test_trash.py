"""Pictures in the trash are not asked, approved, decided on or exported, whoever was about to."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from beltmask.errors import FormatError, NotFoundError, ReviewError
from beltmask.model import AnnotationState, Image, Project, Prompt, ReviewState, TaskState
from beltmask.workflows.decisions import Decision, EditKind, Target, decide
from beltmask.workflows.detection import progress_of, result_of, start_run
from beltmask.workflows.export import ExportChoice, export_dataset
from beltmask.workflows.images import (
    AddOutcome,
    add_picture,
    find_image,
    move_to_trash,
    restore,
)
from beltmask.workflows.review_state import open_sheet
from beltmask.workflows.services import Services
from tests.beltmask.interruptions import meanwhile
from tests.beltmask.simple_detectors import spotted_belt
from tests.beltmask.store.builders import finding, mask
from tests.beltmask.workflows.conftest import detected
from tests.beltmask.workflows.person import Person
from tests.gestures import accept_all, approve

REPLAY = Prompt("replay", "Detect all foreign objects")
"""There is nothing recorded: whoever asks has failed at once."""


@pytest.fixture
def services(in_each_database: Services) -> Services:
    return in_each_database


@pytest.fixture
def settled(image: Image, services: Services) -> Image:
    """A picture with an accepted object, ready to be approved."""
    detected(image, services, [finding("foreign object", mask(2, 3))])
    return accept_all(image.id, services=services).image


@pytest.fixture
def throw_away(project: Project, services: Services) -> Callable[[int], None]:
    def thrown(image_id: int) -> None:
        move_to_trash([image_id], project_id=project.id, services=services)

    return thrown


def test_a_restored_upload_comes_back_as_not_deleted(
    image: Image, project: Project, services: Services, throw_away: Callable[[int], None]
) -> None:
    throw_away(image.id)
    again = add_picture("a.png", spotted_belt(0), project_id=project.id, services=services)
    assert (again.outcome, again.image) == (AddOutcome.RESTORED, image)


def test_a_script_that_approves_a_picture_in_the_trash_is_told(
    settled: Image, services: Services, throw_away: Callable[[int], None]
) -> None:
    throw_away(settled.id)
    with pytest.raises(ReviewError, match=r"belt-1\.png is in the trash"):
        approve(settled.id, seen=settled.revision, services=services)
    assert find_image(settled.id, services=services).review is ReviewState.IN_REVIEW


def test_an_approval_under_way_when_its_picture_is_thrown_away_is_refused_and_shapes_are_kept(
    settled: Image, project: Project, services: Services, throw_away: Callable[[int], None]
) -> None:
    ann = Person("Ann", settled.id, services)
    drawn = ann.add(mask(20, 30))
    approval = ann.make("approve")
    throw_away(settled.id)
    outcome = ann.send()
    assert [*outcome.refused] == [approval.id]
    assert "is in the trash" in outcome.refused[approval.id].explanation
    assert drawn in {each.id for each in ann.objects}
    restore([settled.id], project_id=project.id, services=services)
    ann.reload()
    assert ann.do("approve").refused == {}
    assert ann.told.image.review is ReviewState.APPROVED


def test_a_decision_leaves_objects_of_a_picture_in_the_trash_alone(
    settled: Image, services: Services, throw_away: Callable[[int], None]
) -> None:
    [kept] = open_sheet(settled.id, services=services).annotations
    targets = (Target(kept.id, settled.id, kept.revision),)
    reject = Decision("d", EditKind.REJECT, targets)
    with meanwhile(partial(throw_away, settled.id), after="FROM images"):
        result = decide(reject, services=services)
    assert (result.done, result.refused) == (0, ("an object was deleted, or its picture was",))
    [now] = open_sheet(settled.id, services=services).annotations
    assert now.state is AnnotationState.ACCEPTED


def test_a_run_under_way_does_not_ask_about_what_was_thrown_away_since(
    image: Image, other_image: int, services: Services, throw_away: Callable[[int], None]
) -> None:
    with services.store.write() as records:
        ids = [image.id, other_image]
        run = records.runs.add(image.project_id, REPLAY, ids, actor=services.actor)
    throw_away(image.id)
    while services.runner.answer_next(run.id):
        pass
    counts = progress_of(run.id, services=services).counts
    assert dict(counts) == {TaskState.CANCELLED: 1, TaskState.FAILED: 1}
    assert result_of(image.id, services=services) is None
    assert result_of(other_image, services=services) is not None


def test_a_run_is_not_started_about_pictures_in_the_trash(
    image: Image, other_image: int, services: Services, throw_away: Callable[[int], None]
) -> None:
    throw_away(image.id)
    run = start_run(REPLAY, [image.id, other_image], services=services)
    while not progress_of(run.id, services=services).over:
        services.runner.answer_next(run.id)
    assert dict(progress_of(run.id, services=services).counts) == {TaskState.FAILED: 1}
    with pytest.raises(NotFoundError, match="in the trash"):
        start_run(REPLAY, [image.id], services=services)


def test_an_export_leaves_out_what_is_in_the_trash(
    settled: Image,
    project: Project,
    services: Services,
    throw_away: Callable[[int], None],
    tmp_path: Path,
) -> None:
    approve(settled.id, seen=settled.revision, services=services)
    path = tmp_path / "out.json"
    export_dataset(project, ExportChoice(), path=path, services=services)
    assert len(json.loads(path.read_text())["images"]) == 1
    throw_away(settled.id)
    with pytest.raises(FormatError, match="nothing to export"):
        export_dataset(project, ExportChoice(), path=path, services=services)
