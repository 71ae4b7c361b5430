"""One belt with two objects, and everything that asking a detector about it gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from pydantic import SecretStr

from beltmask.detectors.base import Event, ObjectFound, ProblemFound, ReplyCache, ReplyFinished
from beltmask.detectors.gemini.client import GeminiDetector, RequestOptions
from beltmask.errors import BeltMaskError
from beltmask.masks import mask_from_box
from beltmask.model import Box, Finding, Picture, Prompt, Reply
from tests.gemini_server import GeminiServer
from tests.gemini_truth import KnownObject

KEY = "AIzaSecretOfTheTest"
PROMPT = Prompt("gemini", "all foreign objects")
BOLT = Box(40, 30, 120, 80)
NUT = Box(200, 100, 260, 180)


def _belt() -> Picture:
    pixels = np.full((240, 320, 3), 40, dtype=np.uint8)
    for box, colour in ((BOLT, (220, 30, 30)), (NUT, (30, 60, 230))):
        pixels[box.y0 : box.y1, box.x0 : box.x1] = colour
    return Picture("belt.png", "ab" * 32, cv2.GaussianBlur(pixels, (3, 3), 0).astype(np.uint8))


BELT = _belt()
OBJECTS = [KnownObject("bolt", mask_from_box(BOLT)), KnownObject("nut", mask_from_box(NUT))]


@dataclass
class Asked:
    """Everything one request gave."""

    events: list[Event] = field(default_factory=list)
    error: BeltMaskError | None = None

    @property
    def findings(self) -> list[Finding]:
        return [event.finding for event in self.events if isinstance(event, ObjectFound)]

    @property
    def kinds(self) -> list[str]:
        return [event.problem.kind for event in self.events if isinstance(event, ProblemFound)]

    @property
    def details(self) -> list[str]:
        return [event.problem.detail for event in self.events if isinstance(event, ProblemFound)]

    @property
    def reply(self) -> Reply:
        last = self.events[-1]
        assert isinstance(last, ReplyFinished)
        return last.reply


def detector(
    server: GeminiServer, *, timeout: float = 20.0, cache: ReplyCache | None = None, **options: Any
) -> GeminiDetector:
    """One that asks the local server, once unless told otherwise, and does not really wait."""
    return GeminiDetector(
        api_key=SecretStr(KEY),
        base_url=server.url,
        timeout=timeout,
        options=RequestOptions(**{"sleep": lambda _: None, "requests": 1, **options}),
        cache=cache,
    )


def ask(gemini: GeminiDetector, picture: Picture = BELT, prompt: Prompt = PROMPT) -> Asked:
    """Ask once; the events that came before an error are kept."""
    asked = Asked()
    try:
        for event in gemini.detect(picture, prompt):
            asked.events.append(event)  # an error must not lose the first ones
    except BeltMaskError as error:
        asked.error = error
    return asked
