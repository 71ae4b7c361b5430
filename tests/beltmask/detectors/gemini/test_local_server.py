"""The stand-in speaks the parts of the API that the SDK uses, each in its own way."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from google import genai
from google.genai import types

from beltmask.detectors.gemini.request import build_request
from beltmask.detectors.replies.reader import read_reply
from tests.beltmask.detectors.gemini.one_belt import BELT, PROMPT
from tests.gemini_faults import ALL, fault_of
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


def test_a_picture_can_be_uploaded_first(client: genai.Client, server: GeminiServer) -> None:
    image = io.BytesIO(build_request(BELT, PROMPT).image)
    file = client.files.upload(file=image, config={"mime_type": "image/jpeg"})
    assert client.files.get(name=file.name or "").uri == file.uri
    part = types.Part.from_uri(file_uri=file.uri or "", mime_type="image/jpeg")
    answer = client.models.generate_content(model=MODEL, contents=part)
    assert len(read_reply(answer.text or "", size=BELT.size).findings) == 2
    assert server.served["uploads"] == 2


def test_a_batch_is_answered_in_order(client: genai.Client, contents: types.Content) -> None:
    nothing = types.Content(role="user", parts=[types.Part.from_text(text="no picture")])
    asked = [
        types.InlinedRequest(contents=[one], metadata={"key": str(number)})
        for number, one in enumerate((contents, nothing))
    ]
    job = client.batches.create(model=MODEL, src=asked)
    done = client.batches.get(name=job.name or "")
    assert done.state == types.JobState.JOB_STATE_SUCCEEDED
    answers = (done.dest and done.dest.inlined_responses) or []
    texts = [(one.response and one.response.text) or "" for one in answers]
    assert [len(read_reply(text, size=BELT.size).findings) for text in texts] == [2, 0]
    assert [(one.metadata or {})["key"] for one in answers] == ["0", "1"]


def test_the_same_seed_gives_the_same_faults() -> None:
    first, again = (
        [fault_of(f"{n}", 0, kinds=ALL, rate=0.3, seed=5) for n in range(200)] for _ in range(2)
    )
    assert first == again
    assert 40 < sum(map(bool, first)) < 80
