"""Magic select by a SAM-family model against GrabCut, on the same real objects in one run.

``BELTMASK_SAM_ENCODER=... BELTMASK_SAM_DECODER=... python -m tests.benchmarks.magic`` clicks the
middle of real objects and draws a box 3 % wider than they are, in the pictures of the folder that
BELTMASK_SHARED_DATA names. ``--pictures N`` takes N pictures of each set, 4 unless told.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np

from beltmask.detectors.click_segmentation import mask_at
from beltmask.detectors.networks import NetworkError
from beltmask.detectors.refine import mask_from_box_in
from beltmask.detectors.sam.files import SamNetworks, open_sam
from beltmask.detectors.sam.inference import Embedding, embed, object_at, object_in
from beltmask.masks import iou
from beltmask.model import Box, Mask, Pixels
from beltmask.settings import load_settings
from tests.benchmarks.detector import Example, pictures_folder, real_examples

Found = TypeVar("Found")
ALL = "all"
OBJECTS = 6
"""At most so many of one picture, so that crowded pictures do not decide alone."""
ROOM = 0.03


@dataclass(slots=True)
class MagicTally:
    """IoU with the truth, by the set of pictures and by who was asked how; and seconds."""

    scores: defaultdict[tuple[str, str], list[float]] = field(
        default_factory=lambda: defaultdict(list)
    )
    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def ask(self, kind: str, way: str, truth: Mask, question: Callable[[], Mask | None]) -> None:
        found, seconds = timed(question)
        score = 0.0 if found is None else iou(found, truth)
        self.scores[kind, way].append(score)
        self.scores[ALL, way].append(score)
        self.seconds[way].append(seconds)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=4, help="pictures of each set")
    most = parser.parse_args(arguments).pictures
    networks, folder = model(), pictures_folder()
    if networks is None:
        return
    if folder is None:
        print("Skipped: BELTMASK_SHARED_DATA names no folder of real pictures.")
        return
    tally = MagicTally()
    for example in some(folder, most):
        seen, seconds = timed(partial(embed, networks, example.pixels))
        tally.seconds["a first look"].append(seconds)
        for truth in truths(example):
            measure(tally, example, truth, networks, seen)
    report(networks.name, tally)


def model() -> SamNetworks | None:
    settings = load_settings()
    if settings.sam_encoder is None or settings.sam_decoder is None:
        print("Skipped: BELTMASK_SAM_ENCODER and BELTMASK_SAM_DECODER name no model's files.")
        return None
    try:
        return open_sam(settings.sam_encoder, settings.sam_decoder)
    except NetworkError as error:
        print(f"Skipped: {error}.")
        return None


def some(folder: Path, most: int) -> Iterator[Example]:
    taken = Counter[str]()
    for example in real_examples(folder):
        if example.truth and taken[example.kind] < most:
            taken[example.kind] += 1
            yield example


def truths(example: Example) -> list[Mask]:
    known = (each.mask for each in example.truth if not each.ignored)
    return [mask for mask in known if mask is not None][:OBJECTS]


def measure(
    tally: MagicTally, example: Example, truth: Mask, networks: SamNetworks, seen: Embedding
) -> None:
    kind, pixels = example.kind, example.pixels
    spot, box = middle_of(truth), around(truth.box, pixels)
    tally.ask(kind, "click, SAM", truth, lambda: object_at(networks, seen, spot))
    tally.ask(kind, "click, GrabCut", truth, lambda: mask_at(pixels, spot))
    tally.ask(kind, "box, SAM", truth, lambda: object_in(networks, seen, box))
    tally.ask(kind, "box, GrabCut", truth, lambda: mask_from_box_in(pixels, box))


def middle_of(mask: Mask) -> tuple[int, int]:
    """The pixel that is farthest from the outline."""
    depth = cv2.distanceTransform(np.pad(mask.bits.astype(np.uint8), 1), cv2.DIST_L2, 5)
    row, column = np.unravel_index(depth.argmax(), depth.shape)
    return (mask.x + int(column) - 1, mask.y + int(row) - 1)


def around(box: Box, pixels: Pixels) -> Box:
    room = max(1, round(ROOM * max(box.width, box.height)))
    wider = Box(box.x0 - room, box.y0 - room, box.x1 + room, box.y1 + room)
    return wider.clipped((pixels.shape[1], pixels.shape[0])) or box


def timed(question: Callable[[], Found]) -> tuple[Found, float]:
    started = time.perf_counter()
    found = question()
    return found, time.perf_counter() - started


def report(name: str, tally: MagicTally) -> None:
    print(f"{name} against GrabCut: IoU with the truth, mean (median)")
    for kind in sorted({kind for kind, _ in tally.scores}, key=lambda kind: (kind == ALL, kind)):
        ways = {way: scores for (of, way), scores in tally.scores.items() if of == kind}
        cells = [f"{way} {mean(each):.2f} ({median(each):.2f})" for way, each in ways.items()]
        print(f"{kind}, {len(ways['box, SAM'])} objects: " + "; ".join(cells))
    waits = [f"{way} {median(each):.2f}" for way, each in tally.seconds.items()]
    print("Median seconds: " + ", ".join(waits))
    print(f"At most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB.")


mean, median = statistics.fmean, statistics.median


if __name__ == "__main__":
    main()
