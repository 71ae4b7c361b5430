"""How soon the next picture stands on the review canvas, in headless Chromium on this machine.

Run ``python -m tests.benchmarks.next_picture``. Measured in the page, from the key to the frame in
which the picture is drawn with all its masks; then the same for line scans of 12,000 x 4,000 px,
and how long one of them takes to be sharp after zooming to 100 %.
"""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

from beltmask.demo import draw_belt
from beltmask.images import encode_jpeg
from beltmask.model import Image
from beltmask.workflows.projects import create_project
from tests.benchmarks.tile_requests import line_scan
from tests.browser.app_server import ROOT, running
from tests.browser.chromium import chromium
from tests.browser.hands import Behind, Hands, behind
from tests.browser.review_scenes import Picture, add_with_objects

MASKS = 12
USUAL, LARGE = 10, 4
LISTEN = "window.addEventListener('keydown', () => { window.pressed = performance.now(); }, true)"
DRAWN = """
([id, close]) => {
  const hosts = [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')];
  const stage = hosts.map((each) => each.shadowRoot?.querySelector(".stage")).find(Boolean);
  const { shows, complete, sharp, view } = stage?.dataset ?? {};
  const there = close ? view?.startsWith("1,") && sharp === "true" : complete === "true";
  return shows === id && there && performance.now() - window.pressed;
}
"""


def main() -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Chromium without a graphics card")
    with tempfile.TemporaryDirectory() as folder, behind(Path(folder)) as see:
        usual = add(see, "Usual", [picture(number) for number in range(USUAL)])
        scans = [(f"scan-{n}.jpg", encode_jpeg(line_scan(seed=n), 90)) for n in range(LARGE)]
        large = add(see, "Line scan", scans)
        with running(ROOT / "app.py", data=Path(folder)) as url, chromium() as browser:
            hands = Hands(browser.new_page(), url)
            tell("1920 x 1080", walk(hands, usual, project="Usual"))
            tell("12,000 x 4,000", walk(hands, large, project="Line scan"))
            tell("its pixels at 100 %", [zoom_in(hands, large[-1])])


def add(see: Behind, name: str, pictures: Sequence[Picture]) -> list[Image]:
    project = create_project(name, services=see.services)
    return add_with_objects(see, project, [(each, MASKS) for each in pictures])


def picture(seed: int) -> Picture:
    belt = draw_belt(seed, size=(1920, 1080), object_count=6)
    return f"belt-{seed}.jpg", encode_jpeg(belt.pixels, 90)


def walk(hands: Hands, images: Sequence[Image], *, project: str) -> list[float]:
    """From the first picture to the last by key; the milliseconds of each step."""
    first, *others = images
    hands.open_review(first, project=project)
    hands.page.evaluate(LISTEN)
    return [step(hands, "f", image) for image in others]


def step(hands: Hands, key: str, image: Image) -> float:
    hands.page.wait_for_timeout(1500)  # a person looks at the picture; its neighbour is fetched
    return pressed(hands.page, key, image)


def zoom_in(hands: Hands, image: Image) -> float:
    return pressed(hands.page, "Shift+2", image, close=True)


def pressed(page: Page, key: str, image: Image, *, close: bool = False) -> float:
    page.keyboard.press(key)
    drawn = page.wait_for_function(DRAWN, arg=[str(image.id), close])
    return float(drawn.json_value())


def tell(what: str, milliseconds: Sequence[float]) -> None:
    middle, most = statistics.median(milliseconds), max(milliseconds)
    print(f"{what}: {middle:.0f} ms after the key, {most:.0f} ms at most")


if __name__ == "__main__":
    main()
