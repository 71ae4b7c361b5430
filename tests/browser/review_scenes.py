"""Pictures with objects a person drew, for the tests of the Review page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from playwright.sync_api import Page

from beltmask.masks import mask_from_box
from beltmask.model import Box, Image, Project, Size
from beltmask.review import Edit, EditKind
from beltmask.workflows.history import new_id
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import classes_of, create_project
from tests.belts import belt_png
from tests.browser.hands import Behind, Hands
from tests.gestures import apply_edits

SIZE = (320, 240)

Picture = tuple[str, bytes]
"""A file's name and what is in it."""


def at_review(page: Page, url: str, see: Behind, *counts: int) -> tuple[Hands, list[Image]]:
    """Drawn belts of a new project with so many objects each; the first is open for review."""
    project = new_id()
    images = pictures_with_objects(see, counts, project=project)
    hands = Hands(page, url)
    hands.open_review(images[0], project=project)
    return hands, images


def pictures_with_objects(see: Behind, counts: Sequence[int], *, project: str) -> list[Image]:
    """Drawn belts of a new project, with so many objects each."""
    made = create_project(project, services=see.services)
    return add_with_objects(see, made, zip(drawn_belts(len(counts)), counts, strict=True))


def add_with_objects(
    see: Behind, project: Project, pictures: Iterable[tuple[Picture, int]]
) -> list[Image]:
    """Pictures with so many objects each: squares of 40 px side by side, of the first class."""
    first = classes_of(project.id, services=see.services)[0]
    images = []
    for (name, data), count in pictures:
        image = add_picture(name, data, project_id=project.id, services=see.services).image
        assert image is not None
        shapes = [mask_from_box(Box(20 + 60 * n, 20, 60 + 60 * n, 60)) for n in range(count)]
        drawn = [Edit(new_id(), EditKind.ADD, new_id(), mask=s, to_class=first) for s in shapes]
        apply_edits(image.id, drawn, services=see.services)
        images.append(image)
    return images


def drawn_belts(count: int, *, size: Size = SIZE) -> list[Picture]:
    """Small belts with one piece on each."""
    belts = (belt_png(place + 1, size=size, object_count=1) for place in range(count))
    return [(f"{chr(ord('a') + n)}.png", belt) for n, belt in enumerate(belts)]
