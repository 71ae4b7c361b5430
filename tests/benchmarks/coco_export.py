"""COCO export: images per second and peak memory, as ratios against the naive way.

The naive way puts every mask into a frame of its own, encodes it with pycocotools, keeps
all rows in one dictionary and dumps it. Both ways write the same objects in the same run,
and pycocotools must find the same pixels in both files. Run with::

    python -m tests.benchmarks.coco_export [--images 100] [--objects 10]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np
from pycocotools import mask as coco_mask

from beltmask import masks
from beltmask.formats.coco.certificate import certify_coco
from beltmask.formats.coco.writer import write_coco
from beltmask.formats.dataset import DatasetImage, DatasetObject, WrittenDataset
from beltmask.model import Mask, Size
from tests.frames import frame_of

SIZE: Size = (1920, 1080)
CLASSES = {0: "foreign object"}
ROUNDS = 5


def blob(random: np.random.Generator) -> Mask:
    """A ragged ellipse with a hole, about 60 to 120 px across."""
    radii = random.integers(30, 60, size=2)
    canvas = np.zeros((2 * radii[1] + 1, 2 * radii[0] + 1), dtype=np.uint8)
    centre = (int(radii[0]), int(radii[1]))
    cv2.ellipse(canvas, centre, centre, 0, 0, 360, 1, -1)
    cv2.circle(canvas, centre, 8, 0, -1)
    ragged = canvas.astype(np.bool_) & (random.random(canvas.shape) > 0.02)
    x, y = random.integers(0, SIZE[0] - 130), random.integers(0, SIZE[1] - 130)
    mask = masks.mask_from_crop(ragged, int(x), int(y))
    assert mask is not None
    return mask


def images(count: int, objects: int) -> Iterator[DatasetImage]:
    """Drawn anew each time, so that neither way can lean on what is already in memory."""
    random = np.random.default_rng(7)
    shapes = [blob(random) for _ in range(10 * objects)]
    for number in range(count):
        chosen = [shapes[(number + i) % len(shapes)] for i in range(objects)]
        yield DatasetImage(f"{number}.png", SIZE, [DatasetObject(0, m.box, m) for m in chosen])


def ours(path: Path, pictures: Iterator[DatasetImage]) -> WrittenDataset:
    with path.open("w", encoding="utf-8") as out:
        return write_coco(out, pictures, CLASSES)


def naive(path: Path, pictures: Iterator[DatasetImage]) -> None:
    data: dict[str, Any] = {"images": [], "annotations": []}
    data["categories"] = [{"id": 1, "name": CLASSES[0]}]
    for image_id, image in enumerate(pictures, start=1):
        width, height = image.size
        row = {"id": image_id, "file_name": image.file_name, "width": width, "height": height}
        data["images"].append(row)
        for item in image.objects:
            number = len(data["annotations"]) + 1
            data["annotations"].append(naive_row(item, number=number, image_id=image_id))
    path.write_text(json.dumps(data), encoding="utf-8")


def naive_row(item: DatasetObject, *, number: int, image_id: int) -> dict[str, Any]:
    assert item.mask is not None
    frame = np.asfortranarray(frame_of(item.mask, SIZE).astype(np.uint8))
    rle = coco_mask.encode(frame)
    return {
        "id": number,
        "image_id": image_id,
        "category_id": 1,
        "bbox": coco_mask.toBbox(rle).tolist(),
        "area": int(coco_mask.area(rle)),
        "iscrowd": 0,
        "segmentation": {"size": rle["size"], "counts": rle["counts"].decode()},
    }


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak_megabytes(work: Callable[[], object]) -> float:
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def same_shapes(one: Path, other: Path) -> bool:
    rows = [json.loads(path.read_text())["annotations"] for path in (one, other)]
    return all(a["segmentation"] == b["segmentation"] for a, b in zip(*rows, strict=True))


def main(folder: Path, *, count: int, objects: int) -> None:
    paths = (folder / "ours.json", folder / "naive.json")
    ways: list[Callable[[], object]] = [
        lambda: ours(paths[0], images(count, objects)),
        lambda: naive(paths[1], images(count, objects)),
    ]
    # Taken in turn, so that a busy moment of the machine hits both alike.
    rounds = [[seconds(way) for way in ways] for _ in range(ROUNDS)]
    fast, slow = (median(times) for times in zip(*rounds, strict=True))
    small, large = (peak_megabytes(way) for way in ways)
    summary = ours(paths[0], images(count, objects))
    certified = seconds(lambda: certify_coco(paths[0], summary))
    print(f"{count} images of {SIZE[0]} x {SIZE[1]} px with {objects} masks each")
    print(f"images/s     ours {count / fast:.0f}, naive {count / slow:.0f}: {slow / fast:.1f} x")
    print(f"peak memory  ours {small:.1f} MB, naive {large:.1f} MB: {large / small:.1f} x less")
    print(f"certificate  {certified / fast:.1f} x the time of writing")
    print(f"same shapes in both files: {same_shapes(*paths)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="COCO export against the naive way")
    parser.add_argument("--images", type=int, default=100)
    parser.add_argument("--objects", type=int, default=10)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        main(Path(temporary), count=asked.images, objects=asked.objects)
