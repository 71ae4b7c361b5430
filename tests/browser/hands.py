"""A QA engineer's hands on the real app, and a look behind its pages into the store."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import cv2
import numpy as np
from PIL import Image as PillowImage
from playwright.sync_api import Page, ViewportSize, expect

from beltmask.model import Annotation, Image, Mask, Pixels
from beltmask.settings import Settings
from beltmask.workflows.images import ImageFilter, gallery
from beltmask.workflows.projects import project_named
from beltmask.workflows.review_state import ReviewSheet, open_sheet
from beltmask.workflows.services import Services
from tests.browser.canvas_hands import CanvasHands
from tests.browser.script_runs import runs_of, settled

PATIENCE_MS = 60_000
"""Detection of real pictures on a busy machine."""
AT_REST = """
() => [...document.querySelectorAll("details")].every(
  (each) => each.getAnimations().length === 0 && each.style.height === ""
)
"""
SCREEN: ViewportSize = {"width": 1280, "height": 800}
"""Every pixel of it is drawn without a graphics card."""


class Hands:
    """What a person does; every step waits until the page has come to rest."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.canvas = CanvasHands(page)
        runs_of(page)
        page.set_viewport_size(SCREEN)

    def open(self, name: str, *, project: str = "") -> None:
        """Come to a page by its link, of a project or of the first there is."""
        choice = f"?project={quote(project)}" if project else ""
        self.page.goto(f"{self.url}/{name.lower()}{choice}")
        heading = self.page.get_by_role("heading", name=name, exact=True)
        expect(heading).to_be_visible(timeout=PATIENCE_MS)
        settled(self.page)

    def visit(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).click()
        expect(self.page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        settled(self.page)

    def make_project(self, name: str, *classes: str) -> None:
        self.visit("Project")
        self.unfold("New project")
        self.page.get_by_label("Name", exact=True).fill(name)
        self.press("Create project")
        expect(self.page.get_by_role("heading", name=f"Classes of {name}")).to_be_visible()
        for each in classes:
            self.page.get_by_label("New class").fill(each)
            self.press("Add class")
            expect(self.page.get_by_text(each, exact=True).first).to_be_visible()

    def unfold(self, title: str, *, exact: bool = False) -> None:
        """Open an expander and let it come to rest: what is in it moves half a second long."""
        self.page.get_by_text(title, exact=exact).click()
        self.page.wait_for_function(AT_REST)

    def upload(self, files: Sequence[Path], *, says: str) -> None:
        self.visit("Images")
        self.unfold("Add pictures")
        self.page.locator("input[type=file]").first.set_input_files(list(files))
        expect(self.page.get_by_text(says)).to_be_visible(timeout=PATIENCE_MS)
        settled(self.page)

    def detect(self, *, detector: str, scope: str, patience_ms: int = PATIENCE_MS) -> None:
        """On the Detect page, to the end of the detection."""
        self.choose("Detector", detector)
        self.choose("Pictures", scope)
        self.page.get_by_test_id("stBaseButton-primary").click()
        settled(self.page)  # what the page said of the last detection is gone by then
        expect(self.page.get_by_text("Detection over")).to_be_visible(timeout=patience_ms)
        settled(self.page)

    def choose(self, label: str, option: str) -> None:
        """Pick an option of a select box, by how it begins."""
        box = self.page.get_by_label(label, exact=True).first
        box.scroll_into_view_if_needed()
        settled(self.page)  # a page that scrolls closes the list again
        box.click()
        self.page.get_by_role("option", name=option).first.click()
        settled(self.page)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()
        settled(self.page)

    def open_review(self, image: Image, *, project: str) -> None:
        self.page.goto(f"{self.url}/review?project={quote(project)}&image={image.id}")
        self.canvas.ready(image)
        settled(self.page)

    def load_anew(self, image: Image) -> None:
        """The Review page, by the browser's own button."""
        self.page.reload()
        self.canvas.ready(image)
        settled(self.page)

    def shown_picture(self, name: str) -> Pixels:
        """The bytes of the picture on the page whose description begins with ``name``."""
        source = self.page.locator(f'img[alt^="{name}"]').first.get_attribute("src")
        assert source is not None
        answer = self.page.request.get(source if "://" in source else f"{self.url}{source}")
        return np.asarray(PillowImage.open(io.BytesIO(answer.body())).convert("RGB"))


class Behind:
    """The same store the app works on."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def images(self, project: str) -> list[Image]:
        where = ImageFilter(project_named(project, services=self.services).id)
        return list(gallery(where, services=self.services, after=0, limit=100).images)

    def sheet(self, image: Image) -> ReviewSheet:
        return open_sheet(image.id, services=self.services)

    def largest(self, image: Image) -> Annotation:
        return max(self.sheet(image).annotations, key=lambda each: each.box.area)


@contextmanager
def behind(data: Path) -> Iterator[Behind]:
    services = Services.open(Settings(data=data))
    yield Behind(services)
    services.close()


def inmost(mask: Mask) -> tuple[float, float]:
    """A pixel as deep inside a mask as can be, as image x, y."""
    padded = np.pad(mask.bits, 1).astype(np.uint8)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 3)
    row, column = np.unravel_index(int(np.argmax(depth)), depth.shape)
    return (mask.x + float(column) - 0.5, mask.y + float(row) - 0.5)
