"""What the queue goes by is kept with each answer, and where a person was with each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from beltmask.messages import Explanation, as_said
from beltmask.model import Actor, Finding, Image, Problem, Project, Reply, ReviewState
from beltmask.runs import TaskAnswer
from beltmask.store.queue import Order, Rank
from beltmask.workflows.images import find_image, move_to_trash
from beltmask.workflows.review_queue import (
    ImageFilter,
    ReviewQueue,
    count_queue,
    first_of,
    left_off,
    problem_kinds,
    remember,
    stand_at,
)
from beltmask.workflows.services import Services
from tests.beltmask.store.builders import PROMPT, facts, finding, mask
from tests.gestures import approve

CUT_OFF = Problem("cut_off", as_said("the answer broke off"))


def answered(
    image: Image,
    services: Services,
    findings: Sequence[Finding] = (),
    *problems: Problem,
    error: str = "",
) -> None:
    """One more run over an image, over at once."""
    with services.store.write() as records:
        run = records.runs.add(image.project_id, PROMPT, [image.id], actor=services.actor)
    task = services.tasks.claim(run.id)
    assert task is not None
    answer = TaskAnswer(replies=[(Reply("raw"), problems)], findings=list(findings))
    if error:
        services.tasks.fail(task, answer, Explanation(as_said(error)))
    else:
        services.tasks.finish(task, answer)


def rank(image: Image, order: Order, services: Services) -> Rank:
    with services.store.read() as records:
        return records.queue.spot(image.id, order).rank


@pytest.fixture
def images(project: Project, services: Services) -> list[Image]:
    """Four new pictures of which nothing but their records are there."""
    with services.store.write() as records:
        return [records.images.add(project.id, facts(n), actor=services.actor) for n in range(4)]


def test_the_lowest_score_is_the_last_good_answer_s(image: Image, services: Services) -> None:
    assert rank(image, Order.LOWEST_SCORE, services) is None
    answered(image, services, [finding(score=0.1)])
    answered(image, services, [finding(score=0.8), finding(score=0.6), finding()])
    assert rank(image, Order.LOWEST_SCORE, services) == 0.6
    answered(image, services, error="no answer")
    assert rank(image, Order.LOWEST_SCORE, services) == 0.6
    answered(image, services)
    assert rank(image, Order.LOWEST_SCORE, services) is None


def test_disagreement_is_between_the_last_two_good_answers(
    image: Image, services: Services
) -> None:
    one, other = finding(shape=mask(2, 3)), finding(shape=mask(30, 20))
    answered(image, services, [one])
    assert rank(image, Order.DISAGREEMENT, services) is None
    answered(image, services, [one, other])
    assert rank(image, Order.DISAGREEMENT, services) == 0.5
    answered(image, services, [one], error="no answer")
    assert rank(image, Order.DISAGREEMENT, services) == 0.5
    answered(image, services, [one, other])
    assert rank(image, Order.DISAGREEMENT, services) == 0.0


def test_problems_are_those_of_the_last_answer_good_or_not(
    image: Image, services: Services
) -> None:
    queue = ReviewQueue(ImageFilter(image.project_id, problem="cut_off"))
    answered(image, services, [], CUT_OFF, CUT_OFF)
    assert first_of(queue, services=services) == find_image(image.id, services=services)
    assert problem_kinds(image.project_id, services=services) == ["cut_off"]
    answered(image, services)
    assert first_of(queue, services=services) is None
    answered(image, services, [], CUT_OFF, error="no answer")
    assert problem_kinds(image.project_id, services=services) == ["cut_off"]


def test_after_a_picture_is_approved_the_way_goes_on_from_its_place(
    images: list[Image], services: Services
) -> None:
    queue = ReviewQueue(ImageFilter(images[0].project_id, (ReviewState.NEW,)))
    for image in images[1:3]:
        remember(image, queue, services=services)
        approve(image.id, seen=image.revision, services=services)
        here = stand_at(image, queue, services=services)
        assert not here.member
        assert (here.previous, here.next) == (images[0], images[images.index(image) + 1])
    assert count_queue(queue, here.spot, services=services) == (1, 2)


def test_an_answer_that_comes_meanwhile_does_not_move_the_person(
    images: list[Image], services: Services
) -> None:
    queue = ReviewQueue(ImageFilter(images[0].project_id), Order.LOWEST_SCORE)
    for image, score in zip(images, (0.2, 0.4, 0.6, 0.8), strict=True):
        answered(image, services, [finding(score=score)])
    remember(images[1], queue, services=services)
    answered(images[1], services, [finding(score=0.9)])
    remember(images[1], queue, services=services)
    here = stand_at(images[1], queue, services=services)
    assert (here.next and here.next.id) == images[2].id
    remember(images[2], queue, services=services)
    here = stand_at(images[1], queue, services=services)
    assert here.next is None


def test_where_one_was_is_kept_for_each_person_and_project(
    images: list[Image], project: Project, services: Services
) -> None:
    colleague = replace(services, actor=Actor("Ben"))
    queue = ReviewQueue(
        ImageFilter(
            project.id,
            (ReviewState.PREDICTED, ReviewState.IN_REVIEW),
            class_id=3,
            problem="loop",
            proposals=True,
            open_comments=True,
        ),
        Order.CAPTURED,
    )
    assert left_off(project.id, services=services) is None
    remember(images[0], ReviewQueue(ImageFilter(project.id)), services=services)
    remember(images[2], queue, services=services)
    remember(images[3], ReviewQueue(ImageFilter(project.id)), services=colleague)
    left = left_off(project.id, services=services)
    assert left is not None
    assert (left.image, set(left.queue.where.reviews)) == (images[2], set(queue.where.reviews))
    assert replace(left.queue, where=queue.where) == queue
    assert replace(left.queue.where, reviews=()) == replace(queue.where, reviews=())
    theirs = left_off(project.id, services=colleague)
    assert theirs is not None
    assert theirs.image == images[3]


def test_a_spot_by_capture_time_comes_back_exactly(project: Project, services: Services) -> None:
    at = datetime(2026, 3, 1, 12, 0, 0, 123457, tzinfo=UTC)
    with services.store.write() as records:
        image = records.images.add(project.id, facts(9, captured_at=at), actor=services.actor)
    queue = ReviewQueue(ImageFilter(project.id), Order.CAPTURED)
    remember(image, queue, services=services)
    assert stand_at(image, queue, services=services).spot.rank == at


def test_a_picture_in_the_trash_is_nowhere_to_continue(
    images: list[Image], project: Project, services: Services
) -> None:
    remember(images[0], ReviewQueue(ImageFilter(project.id)), services=services)
    move_to_trash([images[0].id], project_id=project.id, services=services)
    assert left_off(project.id, services=services) is None
