"""The real SDK talking to a local server: from a picture to findings."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import cv2
import numpy as np
import pytest
from pydantic import SecretStr

from beltmask.detectors.base import ObjectFound, ReplyFinished, RequestSent
from beltmask.detectors.gemini.client import GeminiDetector
from beltmask.detectors.gemini.request import prompt_text
from beltmask.errors import NoKeyError
from beltmask.masks import iou
from beltmask.model import Box, MaskSource, Picture, Prompt
from tests.beltmask.detectors.gemini.one_belt import BELT, KEY, OBJECTS, PROMPT, ask
from tests.gemini_server import GeminiServer, image_in, text_in


@pytest.mark.parametrize(
    ("dialect", "named"),
    [
        ("polygons", "polygon"),
        ("polygons_xy", "polygon"),
        ("png", "png"),
        ("rle", "rle"),
    ],
)
def test_objects_come_back_where_they_are(
    gemini: GeminiDetector, server: GeminiServer, dialect: str, named: str
) -> None:
    server.dialect = dialect
    asked = ask(gemini)
    assert [finding.label for finding in asked.findings] == ["bolt", "nut"]
    for finding, known in zip(asked.findings, OBJECTS, strict=True):
        assert finding.mask is not None
        assert iou(finding.mask, known.mask) > 0.95
        assert finding.mask_source is MaskSource.MODEL
    assert (asked.kinds, asked.reply.dialect) == ([], named)


def test_boxes_alone_get_their_masks_from_the_picture(
    gemini: GeminiDetector, server: GeminiServer
) -> None:
    server.dialect = "tokens"
    asked = ask(gemini)
    assert {finding.mask_source for finding in asked.findings} == {MaskSource.REFINED}
    assert sorted(asked.kinds) == ["mask_refined"] * 2 + ["mask_unreadable"] * 2


def test_an_empty_belt_is_an_answer(gemini: GeminiDetector, server: GeminiServer) -> None:
    server.dialect = "empty"
    asked = ask(gemini)
    assert (asked.findings, asked.kinds, asked.error) == ([], [], None)


def test_events_come_in_order_and_name_the_request(gemini: GeminiDetector) -> None:
    sent, *between, last = ask(gemini).events
    assert isinstance(sent, RequestSent)
    assert all(isinstance(event, ObjectFound) for event in between)
    assert isinstance(last, ReplyFinished)
    assert last.reply.request == sent.request


def test_the_reply_keeps_what_it_cost(gemini: GeminiDetector) -> None:
    reply = ask(gemini).reply
    assert reply.usage.prompt_tokens == 1120
    assert reply.finish_reason == "STOP"
    assert reply.model_version == "gemini-3.8-flash"
    assert reply.cost is not None
    assert 0.0008 < reply.cost < 0.01
    assert 0 < reply.latency < 20


def test_a_large_picture_is_sent_small_and_measured_large(
    gemini: GeminiDetector, server: GeminiServer
) -> None:
    pixels = cv2.resize(BELT.pixels, (1280, 960), interpolation=cv2.INTER_LINEAR)
    large = Picture("belt.png", "cd" * 32, pixels.astype(np.uint8))
    asked = ask(gemini, large, Prompt("gemini", "bolts", image_side=256))
    sent = cv2.imdecode(np.frombuffer(image_in(server.requests[-1]), np.uint8), cv2.IMREAD_COLOR)
    assert sent is not None
    assert sent.shape == (192, 256, 3)
    assert asked.findings[0].box == Box(160, 120, 480, 320)


def test_the_words_shown_are_the_words_sent(gemini: GeminiDetector, server: GeminiServer) -> None:
    ask(gemini)
    assert text_in(server.requests[-1]) == prompt_text(PROMPT)
    assert server.keys[-1] == KEY


def test_another_model_answering_is_named(gemini: GeminiDetector, server: GeminiServer) -> None:
    server.model_version = "gemini-3.8-flash-001"
    assert ask(gemini).kinds == []
    server.model_version = "gemini-3.8-flash-lite"
    assert ask(gemini).kinds == ["rerouted"]


def test_the_alias_of_a_proxy_is_no_other_model(
    gemini: GeminiDetector, server: GeminiServer
) -> None:
    server.model_version = "publishers/google/models/gemini-3.8-flash@default"
    assert ask(gemini).kinds == []
    aliased = replace(PROMPT, model="belt-vision")
    assert "rerouted" not in ask(gemini, prompt=aliased).kinds


@pytest.mark.parametrize("key", [None, "", "  \n", "schlüssel"])
def test_without_a_key_it_says_how_to_get_going(key: str | None) -> None:
    gemini = GeminiDetector(api_key=None if key is None else SecretStr(key))
    assert not gemini.availability().ready
    assert "GEMINI_API_KEY" in gemini.availability().note
    with pytest.raises(NoKeyError):
        next(gemini.detect(BELT, PROMPT))


def test_the_key_shows_nowhere(gemini: GeminiDetector, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        ask(gemini)
    assert KEY not in caplog.text + repr(gemini) + repr(vars(gemini))
    assert gemini.availability().ready
    assert KEY not in gemini.availability().note


def test_importing_the_detector_leaves_the_sdk_alone() -> None:
    code = "import sys, beltmask.detectors.gemini.client; print('google.genai' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
