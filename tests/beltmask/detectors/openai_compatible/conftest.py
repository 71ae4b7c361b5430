"""A local server that knows one belt, and a detector that asks it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from beltmask.detectors.openai_compatible.client import OpenAICompatibleDetector
from tests.beltmask.detectors.gemini.one_belt import BELT, OBJECTS
from tests.beltmask.detectors.openai_compatible.one_belt import detector
from tests.gemini_truth import known_picture
from tests.openai_server import OpenAIServer


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer(truth=[known_picture("belt.png", BELT.pixels, OBJECTS)]) as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def openai(server: OpenAIServer, waits: list[float]) -> Iterator[OpenAICompatibleDetector]:
    openai = detector(server, sleep=waits.append)
    yield openai
    openai.close()
