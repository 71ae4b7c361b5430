"""What the review canvas costs with many masks, in headless Chromium on this machine.

Run ``python -m tests.benchmarks.canvas``. It prints frames per second while panning and zooming,
and how long a gesture takes until it is on the screen and until the page says it is saved.
"""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
from playwright.sync_api import Page

from beltmask.demo import draw_belt
from beltmask.images import encode_jpeg
from beltmask.masks import mask_from_rings
from beltmask.model import Image, Mask, Size
from beltmask.review import Edit, EditKind
from beltmask.workflows.history import new_id
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import classes_of, create_project
from tests.browser.app_server import ROOT, running
from tests.browser.canvas_hands import CanvasHands
from tests.browser.chromium import chromium
from tests.browser.hands import Behind, Hands, behind
from tests.gestures import apply_edits

PROJECT = "Line 3"
SIZE: Size = (1920, 1080)
COUNTS = (200, 1000)
GESTURES = 20
SECONDS = 3
FRAMES = """
async (stage, seconds) => {
  const top = stage.querySelector("canvas.hands");
  const { left, top: above, width, height } = stage.getBoundingClientRect();
  const at = { clientX: left + width / 2, clientY: above + height / 2 };
  const times = [];
  const until = performance.now() + seconds * 1000;
  for (let turn = 0; performance.now() < until; turn++) {
    const deltaY = turn % 40 < 20 ? -60 : 60;
    top.dispatchEvent(new WheelEvent("wheel", { ...at, deltaY, bubbles: true, cancelable: true }));
    times.push(await new Promise((done) => requestAnimationFrame(done)));
  }
  return times;
}
"""
"""Zoom in and out at the middle; the time of each frame in ms."""


def main() -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Chromium without a graphics card")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with running(ROOT / "app.py", data=data) as url, behind(data) as see:
            images = make_pictures(see)
            with chromium() as browser:
                page = browser.new_page()
                hands = Hands(page, url)
                for image, count in zip(images, COUNTS, strict=True):
                    hands.open_review(image, project=PROJECT)
                    measure(page, hands.canvas, count)


def measure(page: Page, canvas: CanvasHands, count: int) -> None:
    times = canvas.stage.evaluate(FRAMES, SECONDS)
    gaps = np.diff(times)
    print(
        f"{count} masks, {SIZE[0]} x {SIZE[1]}: {1000 / np.mean(gaps):.0f} frames a second, "
        f"slowest twentieth {1000 / np.quantile(gaps, 0.95):.0f}"
    )
    canvas.press("Shift+1", "r")
    saved = [one_gesture(page, canvas, number) for number in range(GESTURES)]
    print(f"  a box is saved after {1000 * statistics.median(saved):.0f} ms (median)")


def one_gesture(page: Page, canvas: CanvasHands, number: int) -> float:
    with canvas.dragging((20, 20 + 10 * number), (60, 26 + 10 * number)):
        pass
    began = perf_counter()
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stBidiComponentIsolated]')"
        ".shadowRoot.querySelector('.status').textContent === 'Saved'",
        polling=5,
    )
    return perf_counter() - began


def make_pictures(see: Behind) -> list[Image]:
    project = create_project(PROJECT, services=see.services)
    [usual] = classes_of(project.id, services=see.services)
    images = []
    for seed, count in enumerate(COUNTS):
        belt = encode_jpeg(draw_belt(seed, size=SIZE, object_count=9).pixels)
        image = add_picture(f"{seed}.jpg", belt, project_id=project.id, services=see.services).image
        assert image is not None
        drawn = [
            Edit(new_id(), EditKind.ADD, new_id(), mask=each, to_class=usual)
            for each in blobs(seed, count)
        ]
        apply_edits(image.id, drawn, services=see.services)
        images.append(image)
    return images


def blobs(seed: int, count: int) -> list[Mask]:
    """Uneven round shapes 30 to 160 px across, all over the picture."""
    random, shapes = np.random.default_rng(seed), list[Mask]()
    turns = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    while len(shapes) < count:
        middle = random.uniform((100, 100), (SIZE[0] - 100, SIZE[1] - 100))
        reach = random.uniform(15, 80) * random.uniform(0.8, 1.2, len(turns))
        ring = middle + reach[:, None] * np.stack([np.cos(turns), np.sin(turns)], axis=1)
        shape = mask_from_rings([ring], SIZE)
        shapes += [shape] if shape is not None else []
    return shapes


if __name__ == "__main__":
    main()
