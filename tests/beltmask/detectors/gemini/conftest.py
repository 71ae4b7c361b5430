"""A local Gemini that knows one belt, and a detector that asks it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from beltmask.detectors.gemini.client import GeminiDetector
from tests.beltmask.detectors.gemini.one_belt import BELT, OBJECTS, detector
from tests.gemini_server import GeminiServer
from tests.gemini_truth import known_picture


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    with GeminiServer(truth=[known_picture("belt.png", BELT.pixels, OBJECTS)]) as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def gemini(server: GeminiServer, waits: list[float]) -> Iterator[GeminiDetector]:
    gemini = detector(server, sleep=waits.append)
    yield gemini
    gemini.close()
