"""Pictures of images with their objects drawn over them."""

from __future__ import annotations

import numpy as np
import pytest

from beltmask.images import read_image
from beltmask.model import Image, TaskState
from beltmask.workflows.images import original_pixels
from beltmask.workflows.pictures import (
    Look,
    class_names,
    object_colors,
    overlay_jpeg,
    overlay_png,
    unfinished_jpeg,
)
from beltmask.workflows.projects import add_class, classes_of
from beltmask.workflows.services import Services
from tests.beltmask.store.builders import ANN, PROMPT, annotation, finding, mask

NO_BOXES = Look(boxes=False)


@pytest.fixture
def task_id(image: Image, services: Services) -> int:
    """A task that found an object of a known class and one of none."""
    findings = [finding("foreign object", mask(4, 4)), finding("can", mask(30, 25))]
    with services.store.write() as records:
        run = records.runs.add(image.project_id, PROMPT, [image.id], actor=ANN)
        [task] = records.runs.tasks(run.id, TaskState.QUEUED)
        records.predictions.add(task.id, image.id, findings)
    return task.id


def test_hidden_objects_are_not_drawn(image: Image, task_id: int, services: Services) -> None:
    plain = original_pixels(image, services=services)
    drawn = {
        hidden: read_image(
            overlay_png(image.id, task_id, NO_BOXES, hidden=hidden, services=services), name="o.png"
        ).pixels
        for hidden in [(), (1,), (1, 2)]
    }
    assert np.array_equal(drawn[1, 2], plain)
    assert not np.array_equal(drawn[1,], plain)
    assert not np.array_equal(drawn[()], drawn[1,])


@pytest.mark.parametrize("look", [Look(), Look(by_class=True), Look(opacity=0.3), NO_BOXES])
def test_what_is_found_so_far_looks_as_it_will_in_the_end(
    look: Look, image: Image, task_id: int, services: Services
) -> None:
    with services.store.read() as records:
        findings = [each.finding for each in records.predictions.of_task(task_id)]
    done = overlay_jpeg(image.id, task_id, look, hidden=(), services=services)
    assert unfinished_jpeg(image.id, findings, look, services=services) == done
    first = overlay_jpeg(image.id, task_id, look, hidden=(2,), services=services)
    assert unfinished_jpeg(image.id, findings[:1], look, services=services) == first != done


@pytest.mark.parametrize("look", [Look(), Look(by_class=True), Look(opacity=0.0), NO_BOXES])
def test_every_look_is_a_picture_of_the_images_size(
    look: Look, image: Image, task_id: int, services: Services
) -> None:
    shown = overlay_jpeg(image.id, task_id, look, hidden=(), services=services)
    height, width = read_image(shown, name="shown.jpg").pixels.shape[:2]
    assert (width, height) == image.size


def test_predictions_name_the_class_their_label_means(
    image: Image, task_id: int, services: Services
) -> None:
    with services.store.read() as records:
        found = records.predictions.of_task(task_id)
    names = class_names(image.project_id, found, services=services)
    assert names == {1: "foreign object", 2: None}
    add_class(image.project_id, "Can", services=services)
    assert class_names(image.project_id, found, services=services)[2] == "Can"


def test_objects_wear_the_colour_of_their_class(image: Image, services: Services) -> None:
    [first] = classes_of(image.project_id, services=services)
    objects = [annotation("a", image.id, class_id=first.id), annotation("b", image.id)]
    colors = object_colors(objects, [first])
    assert colors["a"] == first.color
    assert colors["b"] != first.color
