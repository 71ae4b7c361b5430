"""The stand-in speaks the parts of the API that the SDK uses, each in its own way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from google import genai
from google.genai import types

from beltmask.detectors.gemini.reply import read_reply
from beltmask.detectors.gemini.request import build_request
from tests.beltmask.detectors.gemini.asking import BELT, PROMPT
from tests.gemini_server import GeminiServer

MODEL = "gemini-3.8-flash"


@pytest.fixture
def client(server: GeminiServer) -> Iterator[genai.Client]:
    options = types.HttpOptions(base_url=server.url, timeout=20_000)
    with genai.Client(api_key="any", http_options=options) as open_client:
        yield open_client


@pytest.fixture
def contents() -> types.Content:
    image = types.Part.from_bytes(data=build_request(BELT, PROMPT).image, mime_type="image/jpeg")
    return types.Content(role="user", parts=[image, types.Part.from_text(text="all objects")])


def test_a_stream_gives_the_same_text_in_pieces(
    client: genai.Client, contents: types.Content
) -> None:
    stream = client.models.generate_content_stream(model=MODEL, contents=contents)
    pieces = [piece.text or "" for piece in stream]
    assert len(pieces) > 1
    assert len(read_reply("".join(pieces), size=BELT.size).findings) == 2


def test_tokens_are_counted(client: genai.Client, contents: types.Content) -> None:
    counted = client.models.count_tokens(model=MODEL, contents=contents)
    assert (counted.total_tokens or 0) > 1000


def test_models_are_listed(client: genai.Client) -> None:
    assert f"models/{MODEL}" in {model.name for model in client.models.list()}


def test_a_strange_picture_is_said_to_be_strange(
    client: genai.Client, server: GeminiServer
) -> None:
    answer = client.models.generate_content(model=MODEL, contents="no picture at all")
    assert read_reply(answer.text or "", size=(9, 9)).findings == ()
    assert server.served["unrecognised"] == 1
