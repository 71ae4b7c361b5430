"""Whatever an error of Gemini's service holds, there is a name for it and never a crash."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from google.genai.errors import APIError
from hypothesis import given
from hypothesis import strategies as st

from beltmask.detectors.gemini.failures import failure_of
from beltmask.errors import BeltMaskError, DetectorBusyError, QuotaSpentError
from tests.beltmask.detectors.gemini.one_belt import ask, detector
from tests.beltmask.detectors.llm.test_error_bodies import BODIES
from tests.gemini_server import GeminiServer
from tests.local_server import RawAnswer


@given(BODIES, st.integers(300, 599), st.booleans())
def test_every_error_is_told_on_one_line(body: Any, status: int, came: bool) -> None:
    for said in (body, {"error": body}):
        failure = failure_of(APIError(status, said), timeout=1, body=json.dumps(said), came=came)
        assert isinstance(failure, BeltMaskError)
        assert "\n" not in failure.explanation
        assert isinstance(failure_of(None, timeout=1, body=json.dumps(said)), BeltMaskError)


@pytest.mark.parametrize(
    "details",
    [
        [{"violations": ["x"]}],
        [{"violations": "x"}],
        [{"violations": [None, 7, {"quotaId": None}]}],
        ["x", None, 7],
        "x",
        {"violations": ["x"]},
    ],
)
@pytest.mark.parametrize("streaming", [True, False])
def test_an_error_body_with_fields_of_strange_types_is_still_that_error(
    server: GeminiServer, details: Any, streaming: bool
) -> None:
    error = {"error": {"code": 429, "message": "Slow down.", "details": details}}
    raw = RawAnswer([json.dumps(error).encode()], status=429, kind="application/json")
    server.raw_answers.extend([raw] * 5)
    gemini = detector(server, streaming=streaming)
    asked = ask(gemini)
    gemini.close()
    assert type(asked.error) is DetectorBusyError
    assert "429: Slow down." in str(asked.error)


def test_the_quota_of_the_day_is_found_among_strange_violations() -> None:
    quota = {"quotaId": "GenerateRequestsPerDayPerProject"}
    error = {"error": {"message": "m", "details": [7, {"violations": ["x", quota]}]}}
    assert isinstance(failure_of(APIError(429, error), timeout=1, body=""), QuotaSpentError)


@pytest.mark.parametrize(
    ("headers", "details", "wait"),
    [
        ({"Retry-After": "7"}, [], 7.0),
        ({"retry-after": "7"}, [{"retryDelay": "53s"}], 53.0),
        ({"Retry-After": "soon"}, [], None),
        ({}, [], None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_service_says_when_to_come_back(
    headers: dict[str, str], details: list[Any], wait: float | None, status: int
) -> None:
    response = httpx2.Response(status, headers=headers)
    error = APIError(status, {"error": {"message": "m", "details": details}}, response)
    failure = failure_of(error, timeout=1, body="")
    assert isinstance(failure, DetectorBusyError)
    assert failure.retry_after == wait
