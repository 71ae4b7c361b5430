"""Seconds, operations and untouched objects are counted for each image."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beltmask.model import Project
from beltmask.review import EditKind
from beltmask.workflows.effort import Effort, effort_by_image, total_effort
from beltmask.workflows.images import move_to_trash
from beltmask.workflows.services import Services
from tests.beltmask.store.builders import finding, mask
from tests.beltmask.workflows.conftest import detected
from tests.beltmask.workflows.person import Person


def test_the_effort_of_an_image_is_what_people_did(
    ann: Person, ben: Person, project: Project, services: Services
) -> None:
    first, second = ann.objects
    ann.make("accept", ann.edit(EditKind.ACCEPT, first.id))
    ann.make("reshape", ann.edit(EditKind.RESHAPE, second.id, mask(5, 30)))
    ann.add(mask(20, 5))
    ann.make("undo")
    ann.make("redo")
    ann.send()
    ben.do("delete", ben.edit(EditKind.DELETE, first.id))
    once = {"accept": 1, "reshape": 1, "add": 1, "undo": 1, "redo": 1}
    effort = effort_by_image(project.id, services=services)[ann.told.image.id]
    assert effort == Effort(6 * 0.25, once, untouched=1, corrected=1, drawn=1)
    assert (effort.gestures, effort.objects, effort.untouched_share) == (5, 3, 0.5)


def test_pictures_nobody_worked_on_are_left_out(
    ann: Person, other_image: int, project: Project, services: Services
) -> None:
    assert effort_by_image(project.id, services=services) == {}
    with services.store.read() as records:
        other = records.images.get(other_image)
    detected(other, services, [finding("foreign object", mask(2, 3))])
    eve = Person("Eve", other_image, services)
    eve.do("accept", eve.edit(EditKind.ACCEPT, eve.objects[0].id))
    ann.add(mask(20, 5))
    ann.send()
    efforts = effort_by_image(project.id, services=services)
    assert [*efforts] == [ann.told.image.id, other_image]
    only = effort_by_image(project.id, services=services, image_ids=[other_image])
    assert only == {other_image: efforts[other_image]}
    total = total_effort(efforts.values())
    assert total == Effort(0.5, {"add": 1, "accept": 1}, untouched=1, drawn=1)
    move_to_trash([other_image], project_id=project.id, services=services)
    assert [*effort_by_image(project.id, services=services)] == [ann.told.image.id]


def test_an_object_of_a_model_that_was_edited_by_hand_and_accepted_is_not_untouched(
    ann: Person, project: Project, services: Services
) -> None:
    first, second = ann.objects
    ann.make("reshape", ann.edit(EditKind.RESHAPE, first.id, mask(5, 30)))
    ann.make("accept", ann.edit(EditKind.ACCEPT, first.id))
    ann.make("reject", ann.edit(EditKind.REJECT, first.id))
    ann.make("accept", ann.edit(EditKind.ACCEPT, first.id))
    ann.make("accept", ann.edit(EditKind.ACCEPT, second.id))
    assert ann.send().refused == {}
    [effort] = effort_by_image(project.id, services=services).values()
    assert (effort.untouched, effort.corrected, effort.drawn) == (1, 1, 0)


@pytest.mark.parametrize(
    ("told", "kept"),
    [(-5, 0.0), (0, 0.0), (250, 0.25), (3_600_000, 3600.0), (3_600_001, 3600.0), (2**60, 3600.0)],
)
def test_a_gesture_takes_no_less_than_nothing_and_no_more_than_an_hour(
    told: int, kept: float, ann: Person, project: Project, services: Services
) -> None:
    ann.make("accept", ann.edit(EditKind.ACCEPT, ann.objects[0].id))
    ann.tail[0] = replace(ann.tail[0], active_ms=told)
    assert ann.send().refused == {}
    [effort] = effort_by_image(project.id, services=services).values()
    assert effort.active_seconds == kept


def test_no_work_is_no_share() -> None:
    assert total_effort([]) == Effort()
    assert Effort(drawn=3).untouched_share is None
