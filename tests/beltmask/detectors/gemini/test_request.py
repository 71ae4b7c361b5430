"""A prompt and a picture -> what is sent."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from beltmask.detectors.gemini.request import build_request, prompt_text
from beltmask.model import Picture, Pixels, Prompt

PIXELS = np.random.default_rng(0).integers(0, 255, (300, 400, 3), dtype=np.uint8)
PICTURE = Picture("belt.jpg", "ab" * 32, PIXELS)
PROMPT = Prompt("gemini", "all foreign objects on the belt")


def _decoded(jpeg: bytes) -> Pixels:
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert pixels is not None
    return pixels.astype(np.uint8)


def test_outlines_are_asked_for_with_a_schema_and_without_a_temperature() -> None:
    request = build_request(PICTURE, Prompt("gemini", "bolts", temperature=0.9))
    assert request.model == "gemini-3.8-flash"
    assert request.config["response_mime_type"] == "application/json"
    assert request.config["thinking_config"] == {"thinking_level": "LOW"}
    assert "temperature" not in request.config


def test_a_classic_model_is_asked_for_masks_without_a_schema() -> None:
    request = build_request(PICTURE, Prompt("gemini", "bolts", model="gemini-2.5-flash"))
    assert request.config["thinking_config"] == {"thinking_budget": 0}
    assert request.config["temperature"] == 0.5
    assert "response_schema" not in request.config
    assert "segmentation mask" in request.text


@pytest.mark.parametrize(
    ("model", "wish", "sent"),
    [
        ("gemini-3.8-flash", "off", {"thinking_level": "LOW"}),
        ("gemini-3.8-flash", "minimal", {"thinking_level": "LOW"}),
        ("gemini-3.8-flash", "high", {"thinking_level": "HIGH"}),
        ("gemini-3.5-flash", "off", {"thinking_level": "MINIMAL"}),
        ("gemini-2.5-flash", "medium", {"thinking_budget": 4096}),
        ("somebody-elses-model", "off", None),
        ("somebody-elses-model", "low", {"thinking_level": "LOW"}),
    ],
)
def test_thinking_is_what_the_model_accepts(
    model: str, wish: str, sent: dict[str, object] | None
) -> None:
    request = build_request(PICTURE, Prompt("gemini", "bolts", model=model, thinking=wish))
    assert request.config.get("thinking_config") == sent


def test_the_text_names_the_query_and_the_cap() -> None:
    text = prompt_text(Prompt("gemini", "  bolts {and}\n nuts ", object_cap=7))
    assert "bolts {and} nuts" in text
    assert "at most 7 objects" in text


@pytest.mark.parametrize(("side", "shape"), [(200, (150, 200, 3)), (400, (300, 400, 3))])
def test_the_picture_is_scaled_to_the_longest_side(side: int, shape: tuple[int, ...]) -> None:
    sent = _decoded(build_request(PICTURE, Prompt("gemini", "bolts", image_side=side)).image)
    assert sent.shape == shape


def test_the_hash_changes_with_whatever_is_sent_and_only_then() -> None:
    first = build_request(PICTURE, PROMPT).hash
    assert build_request(Picture("other name", "cd", PIXELS.copy()), PROMPT).hash == first
    darker = Picture("belt.jpg", "ab" * 32, PIXELS // np.uint8(2))
    changed = [Prompt("gemini", "bolts"), Prompt("gemini", PROMPT.query, object_cap=9)]
    hashes = {build_request(PICTURE, prompt).hash for prompt in changed}
    assert len({first, build_request(darker, PROMPT).hash, *hashes}) == 4
    assert len(first) == 64


def test_more_objects_get_more_tokens_up_to_the_limit() -> None:
    few, many, all_of_them = (
        build_request(PICTURE, Prompt("gemini", "x", object_cap=cap)).config["max_output_tokens"]
        for cap in (1, 25, 500)
    )
    assert few < many < all_of_them == 65_536
    assert many - few == 24_000
