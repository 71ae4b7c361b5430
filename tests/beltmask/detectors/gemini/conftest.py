"""A local Gemini that knows one belt, and a detector that asks it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from beltmask.detectors.gemini.client import GeminiDetector
from tests.beltmask.detectors.gemini.asking import BELT, KEY, OBJECTS
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
    detector = GeminiDetector(
        api_key=SecretStr(KEY), base_url=server.url, timeout=20.0, sleep=waits.append
    )
    yield detector
    detector.close()
