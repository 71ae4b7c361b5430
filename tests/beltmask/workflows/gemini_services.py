"""An installation whose Gemini is the local server, with small belts that are all different."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
from pydantic import SecretStr

from beltmask.images import encode_png
from beltmask.masks import mask_from_box
from beltmask.model import Box, Image, Pixels, Prompt
from beltmask.runs import Runner
from beltmask.settings import load_settings
from beltmask.workflows.detection import DetectionResult, result_of, start_run
from beltmask.workflows.images import add_picture
from beltmask.workflows.services import Services
from tests.gemini_server import GeminiServer
from tests.gemini_truth import KnownObject, KnownPicture, known_picture

GEMINI = Prompt("gemini", "all foreign objects", model="gemini-3.8-flash")


class Idle(Executor):
    """Does nothing: the test works tasks off itself."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        return Future()


@contextmanager
def asking(
    server: GeminiServer, *, sleep: Callable[[float], None] = lambda _: None, **wishes: object
) -> Iterator[Services]:
    """Services whose Gemini asks ``server`` and does not really wait."""
    chosen = {"gemini_api_key": SecretStr("any"), "gemini_base_url": server.url, **wishes}
    settings = load_settings().model_copy(update=chosen)
    services = Services.open(settings, sleep=sleep)
    try:
        yield services
    finally:
        services.close()


def small_belt(number: int) -> tuple[Pixels, KnownPicture]:
    """64 x 48 pixels with one to three boxes, unlike that of any other number."""
    random = np.random.default_rng(number)
    pixels = np.full((48, 64, 3), 40, dtype=np.uint8)
    boxes = []
    for place in range(1 + number % 3):
        x, y = 2 + 20 * place + int(random.integers(0, 7)), int(random.integers(2, 30))
        box = Box(x, y, x + int(random.integers(6, 12)), y + int(random.integers(6, 15)))
        pixels[box.y0 : box.y1, box.x0 : box.x1] = random.integers(90, 250, 3)
        boxes.append(box)
    objects = [KnownObject(f"part {place}", mask_from_box(box)) for place, box in enumerate(boxes)]
    return pixels, known_picture(f"belt-{number}.png", pixels, objects)


def add_belt(number: int, project_id: int, services: Services) -> Image:
    pixels, known = small_belt(number)
    added = add_picture(known.name, encode_png(pixels), project_id=project_id, services=services)
    assert added.image is not None
    return added.image


def ask(
    images: Sequence[Image], services: Services, *, prompt: Prompt = GEMINI, again: bool = False
) -> list[DetectionResult]:
    """A run from start to end, here and now; what it gave for each image."""
    book, detectors = services.tasks, services.detectors
    runner = Runner(book, detectors=detectors, executor=Idle(), workers=1)
    here, ids = replace(services, runner=runner), [image.id for image in images]
    run = start_run(prompt, ids, services=here, again=again)
    while runner.answer_next(run.id):
        pass
    results = [result_of(image.id, services=services) for image in images]
    return [result for result in results if result is not None]
