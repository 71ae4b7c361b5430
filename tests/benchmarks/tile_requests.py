"""A square of a line scan out of the store against decoding the picture at every request.

Run ``python -m tests.benchmarks.tile_requests``. Both give the same 512 px JPEG of a picture of
12,000 x 4,000 px, in turns, in one process; besides, what the squares cost when it comes in.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

import cv2
import numpy as np

from beltmask.demo import draw_belt
from beltmask.images import encode_jpeg, encode_png, preview_jpeg, read_image
from beltmask.model import Image, Pixels
from beltmask.samples import Samples
from beltmask.settings import load_settings
from beltmask.store.blobs import Shelf
from beltmask.workflows.images import add_picture, original_pixels
from beltmask.workflows.projects import create_project
from beltmask.workflows.pyramids import keep_pyramid, preview_through, square_jpeg
from beltmask.workflows.services import Services

ROUNDS = 5
WINDOW = (3_000.0, 20_000.0)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BELTMASK_DATA"] = folder
        services = Services.open(load_settings())
        project = create_project("Line 3", services=services)
        scan = line_scan()
        files = {"JPEG": encode_jpeg(scan, 95), "PNG": encode_png(scan), "16 bits": deep(scan)}
        for kind, data in files.items():
            added = add_picture(kind, data, project_id=project.id, services=services)
            assert added.image is not None
            measure(kind, data, added.image, services)
        sizes = {shelf: bytes_in(Path(folder) / "store" / shelf) for shelf in Shelf}
        print(", ".join(f"{shelf} {size / 1e6:.0f} MB" for shelf, size in sizes.items()))
        services.close()


def measure(kind: str, data: bytes, image: Image, services: Services) -> None:
    pixels, unused = original_pixels(image, services=services), kind.encode().hex() * 8
    decode = seconds(lambda: read_image(data, name=kind))
    preview = seconds(lambda: preview_jpeg(pixels))
    squares = seconds(lambda: keep_pyramid(unused, pixels, services=services))
    print(f"{kind}: decode {decode:.2f} s, preview {preview:.2f} s, squares {squares:.2f} s more")
    places = iter(product(range(3), range(3), range(2)))
    theirs, ours = race(
        lambda: cut(image, services), lambda: square_jpeg(image, next(places), services=services)
    )
    print(f"  a square {ours * 1000:.1f} ms, {theirs / ours:.0f} times as fast as decoding")
    if image.facts.window is not None:
        first = seconds(lambda: preview_through(image, WINDOW, services=services))
        later = seconds(lambda: square_jpeg(image, (0, 3, 3), window=WINDOW, services=services))
        print(f"  first window {first:.2f} s, then a square through it {later * 1000:.1f} ms")


def cut(image: Image, services: Services) -> bytes:
    pixels = original_pixels(image, services=services)
    return encode_jpeg(pixels[1024:1536, 1024:1536])


def line_scan(seed: int = 2) -> Pixels:
    """A drawn belt, enlarged, with the noise of a sensor."""
    belt = draw_belt(seed, size=(3000, 1000), object_count=8).pixels
    large = cv2.resize(belt, (12_000, 4_000), interpolation=cv2.INTER_CUBIC).astype(np.int16)
    noise = np.random.default_rng(0).integers(-8, 9, (4_000, 12_000, 1))
    pixels: Pixels = np.clip(large + noise, 0, 255).astype(np.uint8)
    return pixels


def deep(pixels: Pixels) -> bytes:
    noise = np.random.default_rng(1).integers(0, 100, pixels.shape[:2])
    samples: Samples = (pixels[..., 0].astype(np.uint16) * 100 + noise).astype(np.uint16)
    return encode_png(samples)


def bytes_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def race(*contenders: Callable[[], object]) -> list[float]:
    """Median seconds of each, run in turns so that they meet the same weather."""
    times: list[list[float]] = [[] for _ in contenders]
    for _ in range(ROUNDS):
        for contender, taken in zip(contenders, times, strict=True):
            taken.append(seconds(contender))
    return [statistics.median(taken) for taken in times]


if __name__ == "__main__":
    main()
