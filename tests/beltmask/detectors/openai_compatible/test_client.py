"""The real HTTP client talking to a local server: from a picture to findings."""

from __future__ import annotations

import subprocess
import sys

import cv2
import numpy as np
import pytest
from pydantic import SecretStr

from beltmask.detectors.base import ObjectFound, ReplyFinished, RequestSent
from beltmask.detectors.openai_compatible.client import OpenAICompatibleDetector, Server
from beltmask.detectors.openai_compatible.request import prompt_text
from beltmask.errors import SettingsError
from beltmask.masks import iou
from beltmask.model import MaskSource, Picture, Prompt
from tests.beltmask.detectors.gemini.one_belt import BELT, OBJECTS
from tests.beltmask.detectors.openai_compatible.one_belt import KEY, PROMPT, ask, detector
from tests.openai_server import OpenAIServer, picture_in, size_of, text_in
from tests.openai_words import SHAPES

PIXELS = Prompt("openai", "bolts", model="Qwen/Qwen2.5-VL-7B-Instruct", image_side=240)


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("units", ["parts", "thousandths", "pixels"])
def test_objects_come_back_where_they_are(
    openai: OpenAICompatibleDetector, server: OpenAIServer, shape: str, units: str, streams: bool
) -> None:
    server.shape, server.units, server.streams = shape, units, streams
    asked = ask(openai, prompt=PIXELS if units == "pixels" else PROMPT)
    assert asked.error is None
    assert [finding.label for finding in asked.findings] == ["bolt", "nut"]
    drawn = shape in {"outlines", "both"}
    for finding, known in zip(asked.findings, OBJECTS, strict=True):
        assert finding.mask is not None
        assert iou(finding.mask, known.mask) > 0.9
        assert finding.mask_source is (MaskSource.MODEL if drawn else MaskSource.REFINED)
    assert set(asked.kinds) <= {"mask_refined", "box_derived"}


def test_a_large_picture_is_sent_small_and_measured_large(
    openai: OpenAICompatibleDetector, server: OpenAIServer
) -> None:
    large = cv2.resize(BELT.pixels, (1280, 960), interpolation=cv2.INTER_LINEAR).astype(np.uint8)
    asked = ask(openai, Picture("belt.png", "cd" * 32, large), PROMPT)
    assert size_of(picture_in(server.requests[-1])) == (1024, 768)
    x0, y0, x1, y1 = asked.findings[0].box.corners
    assert max(abs(x0 - 160), abs(y0 - 120), abs(x1 - 480), abs(y1 - 320)) <= 2


def test_a_model_that_counts_pixels_gets_sizes_it_does_not_change(
    openai: OpenAICompatibleDetector, server: OpenAIServer
) -> None:
    ask(openai, prompt=PIXELS)
    assert size_of(picture_in(server.requests[-1])) == (224, 168)
    assert "in pixels of this picture" in text_in(server.requests[-1])


def test_events_come_in_order_and_name_the_request(openai: OpenAICompatibleDetector) -> None:
    sent, *between, last = ask(openai).events
    assert isinstance(sent, RequestSent)
    assert isinstance(between[0], ObjectFound)
    assert isinstance(last, ReplyFinished)
    assert last.reply.request == sent.request


def test_the_reply_keeps_what_the_server_counted(openai: OpenAICompatibleDetector) -> None:
    reply = ask(openai).reply
    usage = reply.usage
    assert (usage.prompt_tokens, usage.output_tokens, usage.thinking_tokens) == (900, 40, 20)
    assert (reply.finish_reason, reply.model_version) == ("stop", "qwen3-vl:8b")
    assert (reply.cost, reply.readable, reply.object_cap) == (None, True, PROMPT.object_cap)
    assert 0 < reply.latency < 20


@pytest.mark.parametrize("outlines", [False, True])
def test_the_words_shown_are_the_words_sent(server: OpenAIServer, outlines: bool) -> None:
    ask(detector(server, outlines=outlines))
    body = server.requests[-1]
    assert text_in(body) == prompt_text(PROMPT, outlines=outlines)
    assert ("polygon" in text_in(body)) is outlines
    assert (body["temperature"], body["model"]) == (0.3, "qwen3-vl:8b")
    assert server.keys[-1] == f"Bearer {KEY}"


def test_without_a_key_none_is_sent(server: OpenAIServer) -> None:
    ask(detector(server, api_key=None))
    assert server.keys == [""]


def test_a_prompt_without_a_model_asks_the_usual_one(server: OpenAIServer) -> None:
    ask(detector(server, model="moondream"), prompt=Prompt("openai", "bolts"))
    assert server.requests[-1]["model"] == "moondream"
    asked = ask(detector(server), prompt=Prompt("openai", "bolts"))
    assert "BELTMASK_OPENAI_MODEL" in (asked.error.explanation if asked.error else "")


def test_an_address_copied_with_its_end_is_understood(server: OpenAIServer) -> None:
    for copied in (f"{server.url}/", f" {server.url}/chat/completions "):
        assert len(ask(detector(server, base_url=copied)).findings) == 2


@pytest.mark.parametrize("refused", ["max_tokens", "temperature", "stream_options"])
def test_what_a_server_refuses_is_left_out_from_then_on(
    openai: OpenAICompatibleDetector, server: OpenAIServer, refused: str
) -> None:
    server.refuses.add(refused)
    for requests in (2, 3):
        asked = ask(openai)
        assert len(asked.findings) == 2
        assert ("setting_refused" in asked.kinds) is (refused == "temperature")
        assert len(server.requests) == requests


@pytest.mark.parametrize(
    ("url", "key", "said"),
    [
        (None, None, "Set BELTMASK_OPENAI_BASE_URL"),
        ("  ", None, "Set BELTMASK_OPENAI_BASE_URL"),
        ("gpu-box:8000/v1", None, "no address"),
        ("http://", None, "no address"),
        ("http://gpu-box:port/v1", None, "no address"),
        ("http://gpu-box/v1", "schlüssel", "no key"),
    ],
)
def test_not_set_up_it_says_what_to_do(url: str | None, key: str | None, said: str) -> None:
    openai = OpenAICompatibleDetector(Server(url, SecretStr(key) if key else None))
    assert not openai.availability().ready
    assert said in openai.availability().note
    with pytest.raises(SettingsError):
        next(openai.detect(BELT, PROMPT))


def test_secrets_show_nowhere(server: OpenAIServer, caplog: pytest.LogCaptureFixture) -> None:
    secret = server.url.replace("http://", "http://ann:hunter2@")
    openai = detector(server, base_url=secret)
    with caplog.at_level("DEBUG"):
        assert len(ask(openai).findings) == 2
    note = openai.availability().note
    assert note == f"OpenAI-compatible server at {server.url}."
    assert KEY not in caplog.text + repr(openai) + repr(vars(openai)) + note
    assert "hunter2" not in note


def test_importing_the_detector_leaves_the_http_client_alone() -> None:
    code = "import sys, beltmask.detectors.openai_compatible.client; print('httpx2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
