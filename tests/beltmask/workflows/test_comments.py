"""Comments on images, objects and spots; threads, resolved and reopened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from beltmask.errors import BeltMaskError, NotAllowedError, NotFoundError
from beltmask.model import Actor, Image, Project
from beltmask.review import Edit, EditKind
from beltmask.workflows.comments import (
    CommentKind,
    Pin,
    comment_on,
    open_counts,
    pins_of,
    reopen,
    reply,
    resolve,
    take_back,
    threads_of,
)
from beltmask.workflows.history import new_id
from beltmask.workflows.images import ImageFilter, find_image, gallery
from beltmask.workflows.services import Services
from tests.beltmask.store.builders import content
from tests.beltmask.workflows.classes_at_work import objects_in, opened_on, picture_of
from tests.gestures import apply_edits


@pytest.fixture
def services(tables_url: str) -> Iterator[Services]:
    with opened_on(tables_url) as services:
        yield services


@pytest.fixture
def image(project: Project, services: Services) -> Image:
    return picture_of("can tin", project, services)


@pytest.fixture
def bob(services: Services) -> Services:
    return replace(services, actor=Actor("Bob"))


def test_a_thread_is_begun_answered_resolved_and_reopened(
    image: Image, services: Services, bob: Services
) -> None:
    thread = comment_on(image.id, "  Is this a can?\nOr a tin? ", services=services)
    reply(thread.id, "A tin.", services=bob)
    settled = resolve(thread.id, services=services)
    assert (settled.resolved, settled.resolved_by) == (True, services.actor.name)
    again = reopen(thread.id, services=bob)
    assert (again.resolved, again.resolved_by) == (False, None)
    assert [(each.kind, each.actor.name, each.text) for each in again.comments] == [
        (CommentKind.SAID, services.actor.name, "Is this a can?\nOr a tin?"),
        (CommentKind.SAID, "Bob", "A tin."),
        (CommentKind.RESOLVED, services.actor.name, ""),
        (CommentKind.REOPENED, "Bob", ""),
    ]
    assert threads_of(image.id, services=services) == [again]


def test_resolving_twice_is_resolving_once(image: Image, services: Services, bob: Services) -> None:
    thread = comment_on(image.id, "look", services=services)
    first = resolve(thread.id, services=services)
    assert resolve(thread.id, services=bob) == first


def test_threads_begun_at_the_same_moment_get_numbers_of_their_own(
    image: Image, services: Services
) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: comment_on(image.id, f"no. {n}", services=services), range(4)))
    assert [each.number for each in threads_of(image.id, services=services)] == [1, 2, 3, 4]


def test_a_comment_changes_nothing_of_the_image(image: Image, services: Services) -> None:
    before = objects_in(image, services)
    thread = comment_on(image.id, "look", services=services)
    assert threads_of(image.id, services=services) == [thread]
    assert find_image(image.id, services=services) == image
    assert list(map(content, objects_in(image, services))) == list(map(content, before))


def test_pins_stand_on_spots_and_objects_and_stay_where_an_object_was(
    image: Image, services: Services
) -> None:
    can, tin = objects_in(image, services)
    comment_on(image.id, "blurred", services=services)
    comment_on(image.id, "here", services=services, spot=(3.5, 4))
    comment_on(image.id, "a can?", services=services, annotation_id=can.id)
    last = comment_on(image.id, "a tin?", services=services, annotation_id=tin.id)
    resolve(last.id, services=services)
    gone = Edit(new_id(), EditKind.DELETE, can.id, can.revision)
    apply_edits(image.id, [gone], services=services)
    middles = [((a.box.x0 + a.box.x1) / 2, (a.box.y0 + a.box.y1) / 2) for a in (can, tin)]
    assert pins_of(image.id, services=services) == [
        Pin(2, 3.5, 4.0, resolved=False, text="here"),
        Pin(3, *middles[0], resolved=False, text="a can?"),
        Pin(4, *middles[1], resolved=True, text="a tin?"),
    ]


def test_what_is_taken_back_is_kept_and_resolves_a_thread_that_says_nothing_more(
    image: Image, services: Services, bob: Services
) -> None:
    thread = comment_on(image.id, "look", services=services)
    thread = reply(thread.id, "where?", services=bob)
    mine, theirs = thread.comments
    with pytest.raises(NotAllowedError, match="only Bob"):
        take_back(theirs, services=services)
    left = take_back(mine, services=services)
    assert ([each.text for each in left.said], left.resolved) == (["where?"], False)
    empty = take_back(theirs, services=bob)
    assert (empty.said, empty.resolved) == ((), True)
    assert [each.text for each in empty.comments] == ["look", "where?", ""]
    with pytest.raises(NotFoundError):
        take_back(mine, services=services)


def test_open_threads_are_counted_and_found(
    project: Project, image: Image, services: Services
) -> None:
    other = picture_of("bolt", project, services, seed=1)
    first, second = (comment_on(image.id, word, services=services) for word in ("a", "b"))
    third = comment_on(other.id, "c", services=services)
    ids = [image.id, other.id]
    assert open_counts(ids, services=services) == {image.id: 2, other.id: 1}
    resolve(second.id, services=services)
    resolve(third.id, services=services)
    assert open_counts(ids, services=services) == {image.id: 1}
    where = ImageFilter(project.id, open_comments=True)
    assert list(gallery(where, services=services, after=0, limit=9).images) == [image]
    resolve(first.id, services=services)
    assert gallery(where, services=services, after=0, limit=9).total == 0


@pytest.mark.parametrize(
    ("say", "why"),
    [
        (lambda i, s: comment_on(i.id, " \n", services=s), "needs words"),
        (lambda i, s: comment_on(i.id, "\0", services=s), "needs words"),
        (lambda i, s: comment_on(i.id, "x" * 5001, services=s), "at most 5000"),
        (lambda i, s: comment_on(i.id, "x", spot=(65, 3), services=s), "outside the picture"),
        (lambda i, s: comment_on(i.id, "x", spot=(3, float("nan")), services=s), "outside"),
        (lambda i, s: comment_on(i.id, "x", annotation_id="none", services=s), "not in belt"),
        (lambda i, s: comment_on(99, "x", services=s), "no image 99"),
        (lambda i, s: reply(7, "x", services=s), "no thread 7"),
        (lambda i, s: resolve(7, services=s), "no thread 7"),
    ],
)
def test_what_cannot_be_said_is_refused(
    say: Callable[[Image, Services], object], why: str, image: Image, services: Services
) -> None:
    with pytest.raises(BeltMaskError, match=why):
        say(image, services)
    assert threads_of(image.id, services=services) == []


def test_an_object_of_another_image_is_refused(
    project: Project, image: Image, services: Services
) -> None:
    other = picture_of("bolt", project, services, seed=1)
    [bolt] = objects_in(other, services)
    with pytest.raises(NotFoundError):
        comment_on(image.id, "x", services=services, annotation_id=bolt.id)


def test_an_image_with_everything_said_in_any_script_keeps_it(
    image: Image, services: Services
) -> None:
    words = "Ist das 傷? \U0001f50d 'quoted'; DROP TABLE comments"
    assert comment_on(image.id, words, services=services).said[0].text == words
