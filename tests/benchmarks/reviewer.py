"""A scripted reviewer corrects real pictures in Chromium, by keys and mouse, as a person would.

Run ``python -m tests.benchmarks.reviewer`` with BELTMASK_SHARED_DATA set. It accepts what is right,
rejects what is not there, relabels by key, mends a mask with the brush and draws what was missed,
and reports seconds and gestures per object. The seconds are those of the tool and a machine's
hands: a person's eyes come on top.
"""

from __future__ import annotations

import os
import platform
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from math import hypot
from pathlib import Path
from time import monotonic

from beltmask.masks import difference, iou, rings_of
from beltmask.model import Annotation, Image, Mask
from beltmask.workflows.effort import effort_by_image, total_effort
from beltmask.workflows.projects import add_class, create_project
from tests.browser.app_server import ROOT, running
from tests.browser.canvas_hands import Spot
from tests.browser.chromium import chromium
from tests.browser.hands import Behind, Hands, behind, inmost
from tests.gemini_truth import KnownObject, KnownPicture, read_truth

PROJECT = "Scrap line"
OTHER = "sharp scrap"
"""The class that is not the usual one."""
PICTURES = 20
SAME, GOOD = 0.5, 0.8
"""IoU from which a proposal is the object, and from which its mask needs no mending."""
FEWEST = 3
"""Corners of a polygon."""
APART = 14
"""Screen pixels; a click nearer to the first corner closes a polygon."""


@dataclass
class ReviewTally:
    pictures: int = 0
    seconds: float = 0.0
    did: Counter[str] = field(default_factory=Counter)


def main() -> None:
    folder = Path(os.environ["BELTMASK_SHARED_DATA"]) / "pictures" / "smartbelt_scrap"
    with tempfile.TemporaryDirectory() as data:
        tally, lines = review(folder, Path(data), PICTURES)
    print(f"{platform.machine()}, {os.cpu_count()} cores, {tally.pictures} pictures")
    print(f"done: {dict(tally.did)}")
    print("\n".join(lines))


def review(folder: Path, data: Path, count: int) -> tuple[ReviewTally, list[str]]:
    """Review the first pictures of a folder with truth; what was done and how long it took."""
    known = {each.name: each for each in read_truth(folder)}
    files = sorted((folder / "images").iterdir())[:count]
    tally = ReviewTally()
    with running(ROOT / "app.py", data=data) as url, behind(data) as see, chromium() as browser:
        prepare(see)
        hands = Hands(browser.new_page(), url)
        hands.open("Images", project=PROJECT)
        hands.upload(files, says=f"Upload: {len(files)} added")
        hands.visit("Detect")
        hands.detect(detector="offline", scope="All pictures", patience_ms=600_000)
        images = see.images(PROJECT)
        hands.open_review(images[0], project=PROJECT)
        for image in images:
            began = monotonic()
            correct(hands, see, image, known[image.name], tally)
            tally.seconds += monotonic() - began
            tally.pictures += 1
        return tally, report(see, images, tally)


def prepare(see: Behind) -> None:
    """A project with the usual class, which the detector's label means, and one more."""
    project = create_project(PROJECT, services=see.services)
    add_class(project.id, OTHER, services=see.services, key="2")


def correct(
    hands: Hands, see: Behind, image: Image, truth: KnownPicture, tally: ReviewTally
) -> None:
    """One picture, from its proposals to its approval."""
    canvas = hands.canvas
    canvas.ready(image)
    annotations = see.sheet(image).annotations
    meant = {each.id: match(each, truth.objects) for each in annotations}
    for number, each in enumerate(annotations, start=1):
        canvas.select(number)
        found = meant[each.id]
        if found is None:
            canvas.press("x")
            tally.did["rejected"] += 1
            continue
        settle(hands, see, image, each, found, tally)
    for missed in truth.objects:
        if missed not in meant.values():
            draw(hands, missed.mask)
            label(hands, see, image, missed, tally)
            hands.canvas.press("Escape")
            tally.did["drawn"] += 1
    canvas.press("Shift+Enter")
    canvas.saved()
    tally.did["approved"] += 1


def match(annotation: Annotation, objects: tuple[KnownObject, ...]) -> KnownObject | None:
    mask = annotation.mask
    alike = [] if mask is None else [(iou(each.mask, mask), each) for each in objects]
    most, best = max(alike, key=lambda pair: pair[0], default=(0.0, None))
    return best if most >= SAME else None


def settle(
    hands: Hands,
    see: Behind,
    image: Image,
    each: Annotation,
    truth: KnownObject,
    tally: ReviewTally,
) -> None:
    """Mend the mask where it is poor, give it its class, accept it."""
    assert each.mask is not None
    if iou(each.mask, truth.mask) < GOOD:
        missing = difference(truth.mask, each.mask)
        if missing is not None:
            hands.canvas.press("b")
            hands.canvas.drag(*stroke_through(missing))
            hands.canvas.press("Escape")
            tally.did["mended"] += 1
    if label(hands, see, image, truth, tally):
        return
    hands.canvas.press("Enter")
    tally.did["accepted"] += 1


def label(hands: Hands, see: Behind, image: Image, truth: KnownObject, tally: ReviewTally) -> bool:
    """Press the key of the object's class where it is not the usual one; whether it was not."""
    if truth.label != OTHER:
        return False
    [other] = [each for each in see.sheet(image).classes if each.name == OTHER]
    assert other.key is not None
    hands.canvas.press(other.key)
    tally.did["relabelled"] += 1
    return True


def stroke_through(missing: Mask) -> tuple[Spot, Spot]:
    """From the middle of what is missing a little way along it."""
    x, y = inmost(missing)
    return (x, y), (x + min(missing.box.width / 4, 12), y)


def draw(hands: Hands, mask: Mask) -> None:
    """A polygon around an object, its corners well apart on the screen; a small one gets a box."""
    apart = APART / hands.canvas.view().scale
    corners = list[Spot]()
    for x, y in max(rings_of(mask), key=len):
        if all(hypot(x - cx, y - cy) > apart for cx, cy in corners):
            corners.append((float(x), float(y)))
    if len(corners) < FEWEST:
        hands.canvas.press("Escape", "r")
        box = mask.box
        hands.canvas.drag((box.x0, box.y0), (box.x1, box.y1))
        return
    hands.canvas.press("Escape", "p")
    hands.canvas.click(*corners)
    hands.canvas.press("n")


def report(see: Behind, images: list[Image], tally: ReviewTally) -> list[str]:
    project_id = images[0].project_id
    effort = total_effort(effort_by_image(project_id, services=see.services).values())
    objects = max(effort.objects + effort.operations.get("reject", 0), 1)
    seconds, gestures = tally.seconds / objects, effort.gestures / objects
    return [
        f"{objects} objects: {seconds:.2f} s and {gestures:.2f} gestures per object",
        f"operations: {dict(effort.operations)}",
        f"kept: {effort.untouched} untouched, {effort.corrected} corrected, {effort.drawn} drawn",
    ]


if __name__ == "__main__":
    main()
