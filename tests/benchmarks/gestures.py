"""One gesture on a picture of many objects against the least any saved change costs.

Run ``python -m tests.benchmarks.gestures``. The least is a transaction that writes the image's
row and nothing else, in the same SQLite file and in turns; most of it is the disk's.
"""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from beltmask.masks import mask_from_box
from beltmask.model import Box, Mask
from beltmask.review import Edit, EditKind, Gesture
from beltmask.settings import Settings
from beltmask.workflows.gestures import apply_gestures
from beltmask.workflows.history import new_id
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import create_project
from beltmask.workflows.review_state import ReviewSheet, open_sheet
from beltmask.workflows.services import Services
from tests.beltmask.simple_detectors import spotted_belt

ROUNDS = 60


def main() -> None:
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BELTMASK_DATA"] = folder
        services = Services.open(Settings())
        for count in (20, 200, 1000):
            measure(count, services)
        services.close()


def measure(count: int, services: Services) -> None:
    sheet = picture_of(count, services)
    least, one, undo = list[float](), list[float](), list[float]()
    for number in range(ROUNDS):
        least.append(milliseconds(partial(write_least, sheet, services)))
        one.append(milliseconds(partial(made, sheet, reshaping(sheet, number), services)))
        undo.append(milliseconds(partial(made, sheet, Gesture(new_id(), "undo"), services)))
        sheet = open_sheet(sheet.image.id, services=services)
    middle = [statistics.median(times) for times in (least, one, undo)]
    print(
        f"{count} objects: a bare write {middle[0]:.1f} ms, a gesture {middle[1]:.1f} ms "
        f"({middle[1] / middle[0]:.1f} times), an undo {middle[2]:.1f} ms"
    )


def picture_of(count: int, services: Services) -> ReviewSheet:
    project = create_project(f"{count} objects", services=services)
    data = spotted_belt(0)
    image = add_picture("belt.png", data, project_id=project.id, services=services).image
    assert image is not None
    meant = open_sheet(image.id, services=services).classes[0]
    edits = [Edit("", EditKind.ADD, new_id(), mask=shape(n), to_class=meant) for n in range(count)]
    drawn = [Gesture(new_id(), "add", (edit,)) for edit in edits]
    apply_gestures(image.id, drawn, services=services)
    return open_sheet(image.id, services=services)


def shape(number: int) -> Mask:
    x, y = number % 50, number // 50 % 36
    return mask_from_box(Box(x, y, x + 12, y + 10))


def reshaping(sheet: ReviewSheet, number: int) -> Gesture:
    chosen = sheet.annotations[int(np.random.default_rng(number).integers(len(sheet.annotations)))]
    name = new_id()
    edit = Edit(name, EditKind.RESHAPE, chosen.id, chosen.revision, shape(number + 7))
    return Gesture(name, "reshape", (edit,))


def made(sheet: ReviewSheet, gesture: Gesture, services: Services) -> None:
    assert not apply_gestures(sheet.image.id, [gesture], services=services)


def write_least(sheet: ReviewSheet, services: Services) -> None:
    with services.store.write() as records:
        image = records.images.get(sheet.image.id)
        records.images.move(image, review=image.review, object_count=image.object_count)


def milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
