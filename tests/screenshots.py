"""Draws the README's pictures from the real app: ``python -m tests.screenshots docs/screenshots``.

Only the demo project is needed, and no network.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image as PillowImage
from playwright.sync_api import Page, ViewportSize, expect

from beltmask.model import Contender, Image, Prompt, Tiling
from beltmask.workflows.comparison import comparison_progress, start_comparison
from beltmask.workflows.comparison_plan import ComparisonWish
from beltmask.workflows.demonstration import DEMO_PROJECT
from beltmask.workflows.image_review import give_class
from beltmask.workflows.projects import add_class, project_named
from beltmask.workflows.prompts import DEFAULT_QUERY
from tests.browser.app_server import ROOT, running
from tests.browser.chromium import chromium
from tests.browser.hands import PATIENCE_MS, Behind, Hands, behind
from tests.browser.script_runs import settled, until
from tests.gestures import accept_all, approve

SCREEN: ViewportSize = {"width": 1440, "height": 900}
LARGEST_BYTES = 400_000
DETECTION_MS = 300_000
SHOWN = "woven-01"
"""The demo belt that is shown on Detect and Review."""


def main() -> None:
    [_, folder] = sys.argv
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory() as data,
        running(ROOT / "app.py", data=Path(data)) as url,
        behind(Path(data)) as see,
        chromium() as browser,
    ):
        draw(Hands(browser.new_page(), url), url, see, target)


def draw(hands: Hands, url: str, see: Behind, target: Path) -> None:
    page = hands.page
    page.set_viewport_size(SCREEN)
    hands.open("Images")
    expect(page.get_by_text("1–12 of 12")).to_be_visible(timeout=PATIENCE_MS)
    hands.visit("Detect")
    hands.choose("Pictures", "All pictures")
    page.get_by_test_id("stBaseButton-primary").click()
    expect(page.get_by_text("Detection over")).to_be_visible(timeout=DETECTION_MS)
    images = see.images(DEMO_PROJECT)
    shown = next(image for image in images if image.name.startswith(SHOWN))
    page.goto(f"{url}/detect?image={shown.id}")
    expect(page.locator(f'img[alt^="{shown.name} with"]')).to_be_visible(timeout=PATIENCE_MS)
    shoot(page, target / "detect.png")
    name_objects(see, images)
    settle(see, [image for image in images[:6] if image != shown])
    hands.open_review(shown, project=DEMO_PROJECT)
    hands.press("Accept object")
    shoot(page, target / "review.png")
    compare_tiles(page, see)
    hands.visit("Compare")
    expect(page.get_by_text("Where it loses")).to_be_visible(timeout=DETECTION_MS)
    shoot(page, target / "compare.png")
    hands.visit("Versions")
    hands.press("Export as COCO")
    expect(page.get_by_text("read back by pycocotools")).to_be_visible(timeout=PATIENCE_MS)
    shoot(page, target / "versions.png")
    hands.visit("Images")
    expect(page.get_by_role("img", name=images[-1].name)).to_be_visible()
    expect(page.get_by_label("Name contains")).to_be_visible()
    shoot(page, target / "images.png")


def compare_tiles(page: Page, see: Behind) -> None:
    """Looking at pictures whole is compared with looking at them in tiles."""
    project = project_named(DEMO_PROJECT, services=see.services)
    whole = Prompt("offline", DEFAULT_QUERY)
    tiles = replace(whole, tiling=Tiling.TILES, image_side=1024)
    contenders = (Contender("Whole picture", whole), Contender("Tiles of 1,024 px", tiles))
    started = start_comparison(
        ComparisonWish(project.id, contenders, pictures=3), services=see.services
    )
    until(page, lambda: comparison_progress(started.id, services=see.services).over)


def name_objects(see: Behind, images: Sequence[Image]) -> None:
    """Every label becomes a class, in every picture."""
    services = see.services
    project = project_named(DEMO_PROJECT, services=services)
    for image in images:
        for label in see.sheet(image).unclassed:
            known = {each.name: each for each in see.sheet(image).classes}
            meant = known.get(label) or add_class(project.id, label, services=services)
            give_class(image.id, label, meant, services=services)


def settle(see: Behind, images: Sequence[Image]) -> None:
    """Approve some pictures behind the page's back."""
    for image in images:
        sheet = accept_all(image.id, services=see.services)
        approve(image.id, seen=sheet.image.revision, services=see.services)


def shoot(page: Page, path: Path) -> None:
    """The page at rest, as a PNG of few colours."""
    settled(page)
    page.evaluate("Promise.all([...document.images].map(image => image.decode()))")
    page.mouse.move(0, 0)
    picture = PillowImage.open(io.BytesIO(page.screenshot(animations="disabled")))
    picture.convert("RGB").quantize(256, PillowImage.Quantize.FASTOCTREE).save(path, optimize=True)
    assert path.stat().st_size < LARGEST_BYTES, f"{path} is too large"


if __name__ == "__main__":
    main()
