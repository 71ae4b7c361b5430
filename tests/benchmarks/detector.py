"""How well and how fast the offline detector finds objects, with and without its network.

``python -m tests.benchmarks.detector`` measures on the real pictures in the folder that
BELTMASK_SHARED_DATA names, or, where there is none, on belts drawn by ``beltmask.demo``.
``--markdown`` prints the table of the README, ``--drawn`` measures on drawn belts anyway.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from beltmask.demo import demo_belts, draw_belt
from beltmask.detectors.offline import find_objects
from beltmask.detectors.saliency import Saliency, SaliencyNetwork
from beltmask.detectors.weights import weights_path
from beltmask.masks import mask_from_rings
from beltmask.model import Pixels, Size
from beltmask.scoring import Matches, Score, ScoredObject, match

BELONGS_HERE = {"cotton_belt_foreign": {"cotton"}}
"""Categories that are no foreign objects on their belt: neither missed nor false."""
TIMED_SIZE: Size = (1280, 960)
TIMED_ROUNDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A picture with its truth; ``kind`` is the set it belongs to."""

    kind: str
    pixels: Pixels
    truth: list[ScoredObject]


@dataclass(slots=True)
class DetectorTally:
    """The figures of one set: its score, and what was found on its empty belts."""

    score: Score = field(default_factory=Score)
    empty_count: int = 0
    false_on_empty: int = 0

    def add(self, example: Example, matches: Matches) -> None:
        self.score += Score.of(matches)
        if not example.truth:
            self.empty_count += 1
            self.false_on_empty += len(matches.false)


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    folder = pictures_folder()
    drawn = options.drawn or folder is None
    if folder is None:
        print("BELTMASK_SHARED_DATA names no folder of real pictures: measuring on drawn belts.")
    for name, saliency in _ways():
        examples = drawn_examples() if drawn or folder is None else real_examples(folder)
        tallies = measure(examples, saliency)
        print(f"\n**{name}**\n" if options.markdown else f"\n{name}")
        print(markdown(tallies) if options.markdown else plain(tallies))
        print(_closing_line(tallies, seconds_per_picture(saliency)))


def measure(examples: Iterator[Example], saliency: Saliency | None) -> dict[str, DetectorTally]:
    """The tally of every set, in the order in which the sets come."""
    tallies: defaultdict[str, DetectorTally] = defaultdict(DetectorTally)
    for example in examples:
        found = find_objects(example.pixels, saliency=saliency)
        regions = [ScoredObject(one.mask.box, one.mask) for one in found]
        tallies[example.kind].add(example, match(regions, example.truth))
    return dict(tallies)


def mean_f1(tallies: dict[str, DetectorTally]) -> float:
    """The mean over the sets that hold something to find."""
    figures = [t.score.f1 for t in tallies.values() if t.score.recall is not None]
    return float(np.mean([figure or 0.0 for figure in figures]))


def seconds_per_picture(saliency: Saliency | None) -> float:
    """Median of a few rounds on one drawn belt of 1280 x 960."""
    pixels = draw_belt(7, size=TIMED_SIZE).pixels
    seconds = []
    for _ in range(TIMED_ROUNDS):
        started = time.perf_counter()
        find_objects(pixels, saliency=saliency)
        seconds.append(time.perf_counter() - started)
    return float(np.median(seconds))


def drawn_examples() -> Iterator[Example]:
    for belt in demo_belts():
        yield Example(
            "drawn belts", belt.pixels, [ScoredObject(o.mask.box, o.mask) for o in belt.objects]
        )


def real_examples(folder: Path) -> Iterator[Example]:
    """Every picture of every set in ``folder``; truth is COCO polygons."""
    for path in sorted(folder.glob("*/truth.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        objects = defaultdict(list)
        for annotation in truth["annotations"]:
            objects[annotation["image_id"]].append(annotation)
        names = {category["id"]: category["name"] for category in truth["categories"]}
        at_home = {i for i, name in names.items() if name in BELONGS_HERE.get(path.parent.name, ())}
        for image in truth["images"]:
            pixels = np.asarray(
                Image.open(path.parent / "images" / image["file_name"]).convert("RGB")
            )
            regions = [_region(one, at_home) for one in objects[image["id"]]]
            yield Example(path.parent.name, pixels, [r for r in regions if r is not None])


def plain(tallies: dict[str, DetectorTally]) -> str:
    return "\n".join("  ".join(cell.ljust(19) for cell in row) for row in _rows(tallies))


def markdown(tallies: dict[str, DetectorTally]) -> str:
    head, *rows = [f"| {' | '.join(row)} |" for row in _rows(tallies)]
    return "\n".join([head, "|---" * len(_rows(tallies)[0]) + "|", *rows])


def _rows(tallies: dict[str, DetectorTally]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        ("pictures", "precision", "recall", "F1", "mean IoU", "false on empty belts")
    ]
    for kind, tally in tallies.items():
        score = tally.score
        figures = [score.precision, score.recall, score.f1, score.mean_iou]
        if score.recall is None:
            figures = [None] * 4
        empty = f"{tally.false_on_empty} on {tally.empty_count}" if tally.empty_count else "-"
        rows.append((kind, *("-" if f is None else f"{f:.2f}" for f in figures), empty))
    return rows


def _closing_line(tallies: dict[str, DetectorTally], seconds: float) -> str:
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    width, height = TIMED_SIZE
    return (
        f"\nMean F1 over the sets {mean_f1(tallies):.2f}; {seconds:.2f} s per picture "
        f"of {width} × {height}; the process has used at most {megabytes:.0f} MB."
    )


def _region(annotation: dict[str, Any], at_home: set[int]) -> ScoredObject | None:
    rings = [np.array(ring, dtype=np.float64).reshape(-1, 2) for ring in annotation["segmentation"]]
    mask = mask_from_rings(rings)
    if mask is None:
        return None
    return ScoredObject(mask.box, mask, ignored=annotation["category_id"] in at_home)


def _ways() -> Iterator[tuple[str, Saliency | None]]:
    yield "Without weights", None
    path = weights_path()
    if path.is_file():
        yield "With weights", SaliencyNetwork(path)
    else:
        print(f"There are no weights at {path} (make weights): measuring without them.")


def pictures_folder() -> Path | None:
    named = os.environ.get("BELTMASK_SHARED_DATA")
    folder = Path(named) / "pictures" if named else None
    return folder if folder is not None and folder.is_dir() else None


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", action="store_true", help="print Markdown tables")
    parser.add_argument("--drawn", action="store_true", help="measure on drawn belts")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
