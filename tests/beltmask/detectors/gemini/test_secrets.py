"""The key stays with the service it is for: no redirect takes it along, no echo shows it."""

from __future__ import annotations

import json

import pytest

from beltmask.detectors.gemini.client import GeminiDetector
from beltmask.errors import RequestRejectedError
from tests.beltmask.detectors.gemini.one_belt import KEY, Asked, ask, detector
from tests.beltmask.detectors.llm.echoes import forms, gives_away
from tests.gemini_faults import stopped
from tests.gemini_server import GeminiServer
from tests.local_server import RawAnswer

FORMS = sorted(forms(KEY))


def told(asked: Asked) -> str:
    """Everything a person or a log could be shown of it."""
    error = asked.error
    said = f"{error!r} {error.explanation} {getattr(error, 'reply', '')}" if error else ""
    return said + repr(asked.events) + str(asked.findings)


@pytest.mark.parametrize("streaming", [True, False])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_carries_neither_the_key_nor_the_picture_away(
    server: GeminiServer, status: int, streaming: bool
) -> None:
    with GeminiServer() as elsewhere:
        place = {"Location": f"{elsewhere.url.replace('127.0.0.1', 'localhost')}/?key={KEY}"}
        server.raw_answers.append(RawAnswer(status=status, headers=place))
        gemini = detector(server, streaming=streaming)
        asked = ask(gemini)
        gemini.close()
        assert (elsewhere.asked, elsewhere.served) == (0, {})
    assert isinstance(asked.error, RequestRejectedError)
    assert f"answered {status} and sends on to localhost" in str(asked.error)
    assert "BELTMASK_GEMINI_BASE_URL" in asked.error.explanation
    assert (server.asked, gives_away(told(asked), KEY)) == (1, False)


@pytest.mark.parametrize("form", FORMS)
def test_an_error_that_echoes_the_key_does_not_show_it(
    *,
    gemini: GeminiDetector,
    server: GeminiServer,
    form: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    error = {"error": {"code": 400, "message": f"bad key {forms(KEY)[form]}."}}
    answer = RawAnswer([json.dumps(error).encode()], status=400, kind="application/json")
    page = RawAnswer([f"<p>{forms(KEY)[form]}</p>".encode()], kind="text/html")
    with caplog.at_level("DEBUG"):
        for raw in (answer, page):
            server.raw_answers.append(raw)
            asked = ask(gemini)
            assert asked.error is not None
            assert not gives_away(told(asked) + caplog.text, KEY)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("step", [3, 400])
def test_an_answer_that_echoes_the_key_does_not_show_it(
    gemini: GeminiDetector, server: GeminiServer, form: str, step: int
) -> None:
    text = json.dumps([{"box_2d": [100, 100, 300, 300], "label": f"bolt {forms(KEY)[form]} x"}])
    words = [text[at : at + step] for at in range(0, len(text), step)]
    pieces = [json.dumps(stopped(None, [{"text": word}])) for word in words]
    pieces.append(json.dumps(stopped("STOP") | {"modelVersion": f"gemini {KEY}"}))
    server.raw_answers.append(RawAnswer([f"data: {piece}\n\n".encode() for piece in pieces]))
    asked = ask(gemini)
    assert asked.error is None
    assert "bolt" in asked.findings[-1].label
    assert not gives_away(told(asked), KEY)


def test_headers_that_echo_the_key_are_in_no_log(
    gemini: GeminiDetector, server: GeminiServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.raw_answers.append(RawAnswer(status=400, headers={"X-Said": KEY}))
    with caplog.at_level("DEBUG"):
        ask(gemini)
    assert not gives_away(caplog.text, KEY)
