"""The contact sheet in a real browser, and the objects on it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from beltmask.masks import mask_from_box
from beltmask.model import THE_APP, AnnotationState, Box, Finding, MaskSource, Prompt
from beltmask.runs import TaskAnswer
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import add_class, create_project
from tests.belts import belt_png
from tests.browser.hands import Behind
from tests.browser.script_runs import runs_of, settled

PER_PICTURE, PICTURES = 5, 2


class Sheet:
    """The contact sheet before a person, and what is behind it."""

    def __init__(self, page: Page, url: str, see: Behind, project: str) -> None:
        self.page = page
        self.see = see
        self.project = project
        runs_of(page)
        self.open(url)

    def open(self, url: str) -> None:
        self.page.goto(f"{url}/by_class?project={self.project}")
        expect(self.tiles.first).to_be_visible()
        settled(self.page)

    @property
    def tiles(self) -> Locator:
        return self.page.get_by_role("option")

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("status")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def states(self) -> list[AnnotationState]:
        settled(self.page)
        images = self.see.images(self.project)
        return [each.state for image in images for each in self.see.sheet(image).annotations]

    def classes(self) -> list[str]:
        settled(self.page)
        images = self.see.images(self.project)
        return [each.label for image in images for each in self.see.sheet(image).annotations]


def fill(see: Behind, name: str) -> None:
    """Two pictures with five proposals of one class each, and a second class."""
    project = create_project(name, services=see.services)
    add_class(project.id, "bolt", services=see.services)
    for seed in range(PICTURES):
        belt = belt_png(seed, size=(640, 480), object_count=2)
        name = f"belt-{seed}.png"
        image = add_picture(name, belt, project_id=project.id, services=see.services).image
        assert image is not None
        with see.services.store.write() as records:
            run = records.runs.add(project.id, Prompt("offline", ""), [image.id], actor=THE_APP)
        task = see.services.tasks.claim(run.id)
        assert task is not None
        boxes = [Box(100 * n + 20, 40, 100 * n + 80, 90) for n in range(PER_PICTURE)]
        found = [
            Finding("foreign object", box, mask_from_box(box), MaskSource.MODEL) for box in boxes
        ]
        see.services.tasks.finish(task, TaskAnswer(findings=found))
