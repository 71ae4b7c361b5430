"""The key stays with the server it is for: no redirect takes it along, no echo shows it."""

from __future__ import annotations

import json

import pytest

from beltmask.detectors.openai_compatible.client import OpenAICompatibleDetector
from beltmask.errors import RequestRejectedError
from tests.beltmask.detectors.gemini.test_secrets import told
from tests.beltmask.detectors.llm.echoes import forms, gives_away
from tests.beltmask.detectors.openai_compatible.one_belt import KEY, ask, detector
from tests.local_server import RawAnswer
from tests.openai_server import OpenAIServer

FORMS = sorted(forms(KEY))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_carries_neither_the_key_nor_the_picture_away(
    openai: OpenAICompatibleDetector, server: OpenAIServer, status: int
) -> None:
    with OpenAIServer() as elsewhere:
        place = {"Location": elsewhere.url.replace("127.0.0.1", "localhost") + f"?key={KEY}"}
        server.raw_answers.append(RawAnswer(status=status, headers=place))
        asked = ask(openai)
        assert elsewhere.requests == []
    assert isinstance(asked.error, RequestRejectedError)
    assert f"answered {status} and sends on to localhost" in str(asked.error)
    assert "BELTMASK_OPENAI_BASE_URL" in asked.error.explanation
    assert (len(server.requests), gives_away(told(asked), KEY)) == (1, False)


@pytest.mark.parametrize("form", FORMS)
def test_an_error_that_echoes_the_key_does_not_show_it(
    *,
    openai: OpenAICompatibleDetector,
    server: OpenAIServer,
    form: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    error = {"error": {"code": "400", "message": f"bad key {forms(KEY)[form]}."}}
    answer = RawAnswer([json.dumps(error).encode()], status=400, kind="application/json")
    page = RawAnswer([f"<p>{forms(KEY)[form]}</p>".encode()], kind="text/html")
    with caplog.at_level("DEBUG"):
        for raw in (answer, page):
            server.raw_answers.append(raw)
            asked = ask(openai)
            assert asked.error is not None
            assert not gives_away(told(asked) + caplog.text, KEY)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("step", [3, 400])
def test_an_answer_that_echoes_the_key_does_not_show_it(
    openai: OpenAICompatibleDetector, server: OpenAIServer, form: str, step: int
) -> None:
    text = json.dumps([{"bbox_2d": [100, 100, 300, 300], "label": f"bolt {forms(KEY)[form]} x"}])
    words = [text[at : at + step] for at in range(0, len(text), step)]
    pieces = [{"choices": [{"delta": {"content": word}}]} for word in words]
    last = {"choices": [{"delta": {}, "finish_reason": "stop"}], "model": f"model {KEY}"}
    events = [f"data: {json.dumps(piece)}\n\n".encode() for piece in [*pieces, last]]
    server.raw_answers.append(RawAnswer(events))
    asked = ask(openai)
    assert asked.error is None
    assert "bolt" in asked.findings[-1].label
    assert not gives_away(told(asked), KEY)


def test_the_password_of_an_address_is_a_secret_too(server: OpenAIServer) -> None:
    server.raw_answers.append(RawAnswer([b"<p>hunter2222 for Ann</p>"], kind="text/html"))
    address = server.url.replace("http://", "http://ann:hunter2222@")
    asked = ask(detector(server, base_url=address, api_key=None))
    assert asked.error is not None
    assert asked.reply.raw == "<p>*** for Ann</p>"
