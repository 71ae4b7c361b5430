"""Two people, or two runs, at the same rows in the same moment, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Barrier, BrokenBarrierError

import pytest

from beltmask.errors import StaleRevisionError
from beltmask.model import AnnotationState, BeltRegion, Image, Project, TaskState
from beltmask.workflows.belt_regions import (
    belt_region_of,
    bring_back_region,
    change_belt_region,
)
from beltmask.workflows.decisions import Decision, EditKind, Target, decide
from beltmask.workflows.demonstration import DEMO_PROJECT, demo_project
from beltmask.workflows.images import move_to_trash, restore
from beltmask.workflows.projects import list_projects
from beltmask.workflows.review_state import open_sheet
from beltmask.workflows.services import Services
from beltmask.workflows.task_store import propose
from tests.beltmask.interruptions import meanwhile
from tests.beltmask.store.builders import PROMPT, finding, mask
from tests.beltmask.workflows.conftest import detected
from tests.beltmask.workflows.person import Person

LEFT = BeltRegion((((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)),), ())
RIGHT = BeltRegion((((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)),), ())
TOP = BeltRegion((((0.0, 0.0), (1.0, 0.0), (1.0, 0.5), (0.0, 0.5)),), ())


@pytest.fixture
def services(in_each_database: Services) -> Services:
    return in_each_database


def at_once(*works: Callable[[], object]) -> list[object]:
    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result() for each in [pool.submit(work) for work in works]]


def test_two_runs_that_finish_with_one_picture_at_the_same_moment_both_finish(
    image: Image, services: Services
) -> None:
    """Each had written rows that name the picture before it wanted to hold it."""
    both_there = Barrier(2)

    def meet() -> None:
        """SQLite lets the other one begin only when this one is over."""
        with suppress(BrokenBarrierError):
            both_there.wait(timeout=0.5)

    def finish(label: str) -> None:
        with services.store.write() as records:
            run = records.runs.add(image.project_id, PROMPT, [image.id], actor=services.actor)
            [task] = records.runs.tasks(run.id, TaskState.QUEUED)
            found = records.predictions.add(task.id, image.id, [finding(label)])
            meet()
            propose(records, image.id, found, detail={"run": run.id})

    at_once(partial(finish, "can"), partial(finish, "tin"))
    [kept] = open_sheet(image.id, services=services).annotations
    assert kept.label in ("can", "tin")


def test_pictures_go_to_the_trash_and_come_back_at_the_same_moment(
    image: Image, other_image: int, project: Project, services: Services
) -> None:
    ids = [image.id, other_image]
    thrown = partial(move_to_trash, project_id=project.id, services=services)
    taken = partial(restore, project_id=project.id, services=services)
    for _ in range(5):
        at_once(
            partial(thrown, ids),
            partial(thrown, ids[::-1]),
            partial(taken, ids),
            partial(taken, ids[::-1]),
        )
    with services.store.read() as records:
        assert len({each.deleted_at for each in records.images.by_ids(ids).values()}) == 1


def test_bringing_a_region_back_does_not_pass_over_one_drawn_in_the_same_moment(
    project: Project, services: Services
) -> None:
    for region in (LEFT, RIGHT):
        change_belt_region(project.id, region, services=services)
    draw = partial(change_belt_region, project.id, TOP, services=services)
    bring = partial(bring_back_region, project.id, services=services)
    at_once(draw, bring)
    assert belt_region_of(project.id, services=services) in (TOP, RIGHT)


def test_what_a_colleague_rejects_while_it_is_decided_on_is_not_counted_as_accepted(
    image: Image, services: Services
) -> None:
    detected(image, services, [finding("foreign object", mask(2, 3))])
    ben = Person("Ben", image.id, services)
    [seen] = ben.objects
    ben.make("reject", ben.edit(EditKind.REJECT, seen.id))
    accept = Decision("d", EditKind.ACCEPT, (Target(seen.id, image.id, seen.revision),))
    with meanwhile(ben.send, after="FROM images"):
        result = decide(accept, services=services)
    [now] = open_sheet(image.id, services=services).annotations
    assert (now.state, result.done, len(result.refused)) == (AnnotationState.REJECTED, 0, 1)


def test_an_image_that_is_held_can_be_named_by_others_but_not_changed(
    image: Image, database_kind: str, services: Services
) -> None:
    """A run about a picture somebody works on may be started; both come to their end."""

    def start() -> None:
        with services.store.write() as records:
            records.runs.add(image.project_id, PROMPT, [image.id], actor=services.actor)

    with ThreadPoolExecutor(1) as pool:
        with services.store.write() as records:
            held = records.images.get(image.id, lock=True)
            started = pool.submit(start)
            if database_kind == "postgresql":  # SQLite has one writer at a time
                started.result(timeout=20)
            records.images.move(held, review=held.review, object_count=3)
        started.result()
    with pytest.raises(StaleRevisionError), services.store.write() as records:
        records.images.move(held, review=held.review, object_count=4)


def test_a_first_start_that_comes_second_goes_on_with_the_demo_of_the_other(
    services: Services,
) -> None:
    with meanwhile(partial(demo_project, services), after="FROM projects"):
        found = demo_project(services)
    assert [each.name for each in list_projects(services)] == [DEMO_PROJECT]
    assert found == list_projects(services)[0]
