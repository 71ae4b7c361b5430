"""Errors as proxies send them: in streams, in bodies, with strings for numbers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from beltmask.detectors.openai_compatible.client import OpenAICompatibleDetector
from beltmask.errors import (
    AnswerBlockedError,
    BeltMaskError,
    DetectorBusyError,
    QuotaSpentError,
    RequestRejectedError,
)
from tests.beltmask.detectors.openai_compatible.one_belt import ask
from tests.local_server import RawAnswer
from tests.openai_server import OpenAIServer

Json = dict[str, Any]
TOO_LONG = "This model's maximum context length is 4096 tokens."
ERRORS: list[tuple[Any, type[BeltMaskError], str]] = [
    ({"message": "No.", "type": None, "param": None, "code": "400"}, RequestRejectedError, "No."),
    ({"message": "No.", "code": "401"}, RequestRejectedError, "BELTMASK_OPENAI_API_KEY"),
    ({"message": "No.", "code": "invalid_api_key"}, RequestRejectedError, "OPENAI_API_KEY"),
    ({"message": TOO_LONG, "code": "context_length_exceeded"}, RequestRejectedError, "longer"),
    ({"message": "No.", "code": "context_length_exceeded"}, RequestRejectedError, "longer"),
    ({"message": "No.", "type": "invalid_request_error"}, RequestRejectedError, "400: No."),
    ({"message": "No.", "code": "content_filter"}, AnswerBlockedError, "No."),
    ({"message": "No.", "code": "insufficient_quota"}, QuotaSpentError, "No."),
    ({"message": "No.", "code": "429"}, DetectorBusyError, "429: No."),
    ({"message": "No.", "code": "503"}, DetectorBusyError, "503: No."),
    ("litellm.AuthenticationError: no", RequestRejectedError, "BELTMASK_OPENAI_API_KEY"),
    (json.dumps({"error": {"message": "No.", "code": "400"}}), RequestRejectedError, "400: No."),
]


def sent(error: Any, *, streamed: bool, before: str = "") -> RawAnswer:
    body = json.dumps({"error": error})
    if not streamed:
        return RawAnswer([body.encode()], kind="application/json")
    first = json.dumps({"choices": [{"delta": {"content": before}}]})
    return RawAnswer([f"data: {first}\n\n".encode(), f"data: {body}\n\n".encode()])


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize(("error", "kind", "said"), ERRORS)
def test_an_error_whose_code_is_a_string_is_that_error_and_not_five_tries(
    *,
    openai: OpenAICompatibleDetector,
    server: OpenAIServer,
    streamed: bool,
    error: Any,
    kind: type[BeltMaskError],
    said: str,
) -> None:
    server.raw_answers.extend([sent(error, streamed=streamed)] * 5)
    asked = ask(openai)
    assert type(asked.error) is kind
    assert said in asked.error.explanation
    assert len(server.requests) == (5 if kind.retryable else 1)


def test_a_proxy_that_answers_500_for_a_key_of_no_use_is_asked_once(
    openai: OpenAICompatibleDetector, server: OpenAIServer
) -> None:
    body = json.dumps({"error": {"message": "No such key.", "code": "401"}})
    server.raw_answers.append(RawAnswer([body.encode()], status=500, kind="application/json"))
    asked = ask(openai)
    assert isinstance(asked.error, RequestRejectedError)
    assert len(server.requests) == 1


def test_the_reason_that_ended_a_stream_is_told_beside_what_came(
    openai: OpenAICompatibleDetector, server: OpenAIServer
) -> None:
    before = '{"boxes": [{"bbox_2d": [10, 10, 90, 90], "label": "bolt"}, {"bbox_2d": [1'
    error = {"message": TOO_LONG, "code": "400"}
    server.raw_answers.append(sent(error, streamed=True, before=before))
    asked = ask(openai)
    assert (asked.error, [one.label for one in asked.findings]) == (None, ["bolt"])
    assert f"the answer broke off: the server answered 400: {TOO_LONG}" in asked.details
    assert asked.kinds.count("cut_off") == 2


FIRST = json.dumps({"choices": [{"delta": {"content": '[{"bbox_2d":[10,10,90,90],'}}]})
LAST = json.dumps(
    {"choices": [{"delta": {"content": '"label":"größer"}]'}, "finish_reason": "stop"}]},
    ensure_ascii=False,
)
FORMS = {
    "no blank": f"data:{FIRST}\n\ndata:{LAST}\n\ndata:[DONE]\n\n",
    "carriage returns": f": x\r\rdata: {FIRST}\r\rdata: {LAST}\r\rdata: [DONE]\r\r",
    "a byte order mark": f"\ufeffdata: {FIRST}\n\ndata: {LAST}\n\n",
    "no blank lines": f"data: {FIRST}\ndata: {LAST}\ndata: [DONE]\n",
    "no end": f"data: {FIRST}\n\ndata: {LAST}",
    "JSON lines": f"{FIRST}\n{LAST}\n",
}


@pytest.mark.parametrize("kind", ["text/event-stream", "application/json", "text/plain"])
@pytest.mark.parametrize("form", FORMS)
def test_a_stream_is_read_however_it_is_written_and_wherever_it_is_cut(
    *, openai: OpenAICompatibleDetector, server: OpenAIServer, form: str, kind: str
) -> None:
    data = FORMS[form].encode()
    chunks = [data[at : at + 5] for at in range(0, len(data), 5)]
    server.raw_answers.append(RawAnswer(chunks, kind=kind))
    asked = ask(openai)
    assert (asked.error, [one.label for one in asked.findings]) == (None, ["größer"])
    assert len(server.requests) == 1


def test_a_damaged_piece_loses_nothing_that_came_before(
    openai: OpenAICompatibleDetector, server: OpenAIServer
) -> None:
    whole = json.dumps(
        {"choices": [{"delta": {"content": '[{"bbox_2d":[10,10,90,90],"label":"bolt"},'}}]}
    )
    server.raw_answers.append(RawAnswer([f"data: {whole}\n\ndata: {{oh no}}\n\n".encode()]))
    asked = ask(openai)
    assert (asked.error, [one.label for one in asked.findings]) == (None, ["bolt"])
    assert "the answer broke off: the answer was damaged on its way" in asked.details
