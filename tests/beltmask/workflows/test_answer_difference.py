"""Two answers against each other: every object once, in both or in one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from beltmask.errors import NotFoundError
from beltmask.images import encode_png, read_image
from beltmask.masks import mask_from_box
from beltmask.model import Box, Finding, Image, MaskSource, Project, TaskState
from beltmask.palette import rgb_of
from beltmask.workflows.answer_difference import (
    IN_BOTH,
    ONLY_A,
    ONLY_B,
    answer_difference,
    difference_jpeg,
)
from beltmask.workflows.images import add_picture
from beltmask.workflows.pictures import Look
from beltmask.workflows.services import Services
from tests.beltmask.store.builders import ANN, PROMPT

SHARED, MOVED = Box(20, 40, 100, 100), Box(24, 40, 104, 100)
MINE, THEIRS = Box(140, 40, 200, 100), Box(20, 150, 100, 220)
NEAR = Box(140, 40, 200, 60)
"""A third of ``MINE``."""
JPEG_TOLERANCE = 30


@pytest.fixture
def services(in_each_database: Services) -> Services:
    return in_each_database


@pytest.fixture
def image(project: Project, services: Services) -> Image:
    data = encode_png(np.full((240, 320, 3), 90, dtype=np.uint8))
    added = add_picture("grey.png", data, project_id=project.id, services=services)
    assert added.image is not None
    return added.image


def answer(image_id: int, boxes: Sequence[Box], services: Services) -> int:
    """The id of a task that found objects in these boxes."""
    found = [Finding("can", box, mask_from_box(box), MaskSource.MODEL) for box in boxes]
    with services.store.write() as records:
        project_id = records.images.get(image_id).project_id
        run = records.runs.add(project_id, PROMPT, [image_id], actor=ANN, again=True)
        [task] = records.runs.tasks(run.id, TaskState.QUEUED)
        records.predictions.add(task.id, image_id, found)
    return task.id


def test_every_object_of_two_answers_is_in_both_or_in_one(image: Image, services: Services) -> None:
    a = answer(image.id, [MINE, SHARED], services)
    b = answer(image.id, [MOVED, NEAR, THEIRS], services)
    told = answer_difference(a, b, services=services)
    [same] = told.both
    assert (same.a.finding.box, same.b.finding.box) == (SHARED, MOVED)
    assert same.iou == pytest.approx(76 / 84)
    assert [each.finding.box for each in told.only_a] == [MINE]
    assert [each.finding.box for each in told.only_b] == [NEAR, THEIRS]


def test_an_answer_without_objects_differs_in_all_of_them(image: Image, services: Services) -> None:
    nothing = answer(image.id, [], services)
    told = answer_difference(nothing, answer(image.id, [MINE], services), services=services)
    assert (told.both, told.only_a) == ([], [])
    assert len(told.only_b) == 1


def test_what_only_one_answer_found_has_its_colour_and_the_rest_is_grey(
    image: Image, services: Services
) -> None:
    a = answer(image.id, [MINE, SHARED], services)
    b = answer(image.id, [MOVED, THEIRS], services)
    jpeg = difference_jpeg(a, b, Look(opacity=1, boxes=False), services=services)
    drawn = read_image(jpeg, name="d.jpg").pixels.astype(int)
    places = {SHARED: IN_BOTH, MINE: ONLY_A, THEIRS: ONLY_B, Box(102, 60, 104, 80): IN_BOTH}
    for box, color in places.items():
        shown = drawn[(box.y0 + box.y1) // 2, (box.x0 + box.x1) // 2]
        assert np.abs(shown - rgb_of(color)).max() < JPEG_TOLERANCE, box
    assert np.abs(drawn[120, 260] - 90).max() < JPEG_TOLERANCE


def test_answers_about_two_pictures_have_no_difference(
    image: Image, other_image: int, services: Services
) -> None:
    a, b = answer(image.id, [MINE], services), answer(other_image, [], services)
    with pytest.raises(NotFoundError, match="about two pictures"):
        answer_difference(a, b, services=services)
