"""The queue walked by key: every order and filter, from every image, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier

import pytest

from beltmask.model import AnnotationState, Change, Image, ReviewState
from beltmask.store import queue as queue_module
from beltmask.store.images import ImageFilter
from beltmask.store.queue import Order, Spot
from beltmask.store.queue_positions import QueuePosition
from beltmask.store.records import Store
from tests.beltmask.store.builders import ANN, annotation, facts, project_with_images

CAPTURED = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
HOURS = (5, None, 3, 3, None, 1, 8, 2)
SCORES = (0.5, 0.25, None, 0.25, 0.9, None, 0.1, 0.3)
DISAGREEMENTS = (None, 1 / 3, 0.0, 1.0, 1 / 3, 0.7, None, 0.0)
EXPECTED = {
    Order.ADDED: [0, 1, 2, 3, 4, 5, 6, 7],
    Order.CAPTURED: [5, 7, 2, 3, 0, 6, 1, 4],
    Order.LOWEST_SCORE: [6, 1, 3, 7, 0, 4, 2, 5],
    Order.DISAGREEMENT: [3, 5, 4, 1, 7, 2, 0, 6],
}


@pytest.fixture(params=[200, 2], ids=["all is near", "little is near"])
def images(store: Store, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Images:
    """Eight images with ranks, some of them alike and some missing, among another project's."""
    monkeypatch.setattr(queue_module, "_NEAR", request.param)
    with store.write() as records:
        other = records.projects.add("another belt", actor=ANN)
        project = records.projects.add("Belt 3", actor=ANN)
        found = []
        for n, hour in enumerate(HOURS):
            at = None if hour is None else CAPTURED + timedelta(hours=hour)
            found.append(records.images.add(project.id, facts(n, captured_at=at), actor=ANN))
            theirs = records.images.add(other.id, facts(n, captured_at=at), actor=ANN)
            for image in (found[-1], theirs):
                records.queue.set_ranks(
                    image.id, lowest_score=SCORES[n], disagreement=DISAGREEMENTS[n]
                )
    return found


Images = list[Image]


def everything(images: Images) -> ImageFilter:
    return ImageFilter(images[0].project_id)


@pytest.mark.parametrize("order", Order)
def test_the_queue_is_walked_in_its_order_forth_and_back(
    order: Order, store: Store, images: Images
) -> None:
    where, expected = everything(images), [images[n].id for n in EXPECTED[order]]
    assert forth(store, where, order) == expected
    with store.read() as records:
        for earlier, later in pairwise([None, *expected]):
            assert later is not None
            found = records.queue.before(records.queue.spot(later, order), where, order)
            assert (found and found.id) == earlier


@pytest.mark.parametrize("order", Order)
def test_every_image_knows_how_many_come_before_it(
    order: Order, store: Store, images: Images
) -> None:
    with store.read() as records:
        for ahead, n in enumerate(EXPECTED[order]):
            spot = records.queue.spot(images[n].id, order)
            assert records.queue.counted(spot, everything(images), order) == (ahead, len(images))


@pytest.mark.parametrize("order", Order)
def test_an_image_that_left_the_filter_keeps_its_place(
    order: Order, store: Store, images: Images
) -> None:
    where = replace(everything(images), reviews=(ReviewState.NEW,))
    before, gone, after = (images[n] for n in EXPECTED[order][3:6])
    with store.write() as records:
        records.images.move(gone, review=ReviewState.APPROVED, object_count=0)
    with store.read() as records:
        spot = records.queue.spot(gone.id, order)
        found = records.queue.before(spot, where, order), records.queue.after(spot, where, order)
        assert [each and each.id for each in found] == [before.id, after.id]
        assert not records.queue.holds(gone.id, where)
        assert records.queue.counted(spot, where, order) == (4, 7)


@pytest.mark.parametrize("order", Order)
def test_a_picture_in_the_trash_is_in_no_queue(order: Order, store: Store, images: Images) -> None:
    gone = images[EXPECTED[order][2]]
    with store.write() as records:
        records.images.trash(gone.project_id, [gone.id], deleted_at=datetime.now(UTC))
    expected = [images[n].id for n in EXPECTED[order] if images[n] is not gone]
    assert forth(store, everything(images), order) == expected


@pytest.mark.parametrize("order", Order)
def test_filters_by_class_proposals_and_problem(order: Order, store: Store, images: Images) -> None:
    with store.write() as records:
        can = records.classes.add(images[0].project_id, name="can", color="#ff0000", key=None)
        for n, state in ((1, "accepted"), (2, "proposed"), (4, "rejected"), (7, "edited")):
            kept = annotation(
                f"object-{n}", images[n].id, class_id=can.id, state=AnnotationState(state)
            )
            records.annotations.apply([Change(None, kept)])
        records.queue.set_problems(images[3].id, ["cut_off", "loop", "cut_off"])
        records.queue.set_problems(images[6].id, ["cut_off"])
        records.queue.set_problems(images[6].id, ["loop"])
    where = everything(images)
    for wanted, members in (
        (replace(where, class_id=can.id), {1, 2, 7}),
        (replace(where, proposals=True), {2}),
        (replace(where, problem="cut_off"), {3}),
        (replace(where, problem="loop"), {3, 6}),
        (replace(where, problem="loop", proposals=True), set[int]()),
    ):
        expected = [images[n].id for n in EXPECTED[order] if n in members]
        assert forth(store, wanted, order) == expected
    with store.read() as records:
        assert records.queue.problem_kinds(images[0].project_id) == ["cut_off", "loop"]


def test_two_windows_that_come_at_the_same_moment_keep_one_place(store: Store) -> None:
    project, images = project_with_images(store, 8)
    start = Barrier(len(images))

    def come(image: Image) -> None:
        start.wait()
        with store.write() as records:
            records.queue_positions.keep(project.id, ANN, QueuePosition(Spot(image.id, 0.5), {}))

    with ThreadPoolExecutor(len(images)) as windows:
        list(windows.map(come, images))
    with store.read() as records:
        place = records.queue_positions.of(project.id, ANN)
    assert place is not None
    assert place.spot.image_id in {image.id for image in images}


def test_a_spot_between_images_that_are_there_leads_on(store: Store, images: Images) -> None:
    with store.read() as records:
        spot = Spot(images[7].id + 1, 0.3)
        after = records.queue.after(spot, everything(images), Order.LOWEST_SCORE)
        before = records.queue.before(spot, everything(images), Order.LOWEST_SCORE)
    assert (after and after.id, before and before.id) == (images[0].id, images[7].id)


def forth(store: Store, where: ImageFilter, order: Order) -> list[int]:
    """Ids from the first image to the last, each found from the one before."""
    found = list[int]()
    with store.read() as records:
        image = records.queue.first(where, order)
        while image is not None and len(found) < 20:
            found.append(image.id)
            image = records.queue.after(records.queue.spot(image.id, order), where, order)
    return found
