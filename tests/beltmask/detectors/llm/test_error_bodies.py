"""An error is understood whatever a service or a proxy made of its fields."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.detectors.llm.error_bodies import UNKNOWN, error_body, error_in_answer

LITELLM = "litellm.BadRequestError: OpenAIException - "
INNER = {"error": {"message": "No such thing", "type": "invalid_request_error", "code": "400"}}


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        ({"message": "m", "code": 404}, 404, "m"),
        ({"message": "m", "code": "400"}, 400, "m"),
        ({"message": "m", "code": " 401 "}, 401, "m"),
        ({"message": "m", "code": 403.0}, 403, "m"),
        ({"message": "m", "code": "403.0"}, 403, "m"),
        ({"message": "m", "status": "429"}, 429, "m"),
        ({"message": "m", "status_code": 413}, 413, "m"),
        ({"message": "m", "code": None, "type": "401"}, 401, "m"),
        ({"message": "m", "code": "context_length_exceeded"}, 400, "m"),
        ({"message": "m", "code": "invalid_api_key"}, 401, "m"),
        ({"message": "m", "status": "OUT_OF_RANGE"}, 400, "m"),
        ({"message": "m", "type": "authentication_error"}, 401, "m"),
        ({"message": "m", "type": "AuthenticationError"}, 401, "m"),
        ({"message": "m", "type": "invalid_request_error", "code": None}, 400, "m"),
        ({"message": "m", "type": "BadRequestError"}, 400, "m"),
        ({"message": "m", "code": "model_not_found"}, 404, "m"),
        ({"message": "m", "code": "rate_limit_exceeded"}, 429, "m"),
        ({"message": "m", "status": "RESOURCE_EXHAUSTED"}, 429, "m"),
        ({"message": "m", "code": 3, "status": "INVALID_ARGUMENT"}, 400, "m"),
        ({"message": "m", "code": 14, "status": "UNAVAILABLE"}, 503, "m"),
        ({"message": "m", "type": "overloaded_error"}, 503, "m"),
        ({"message": "m", "code": True}, UNKNOWN, "m"),
        ({"message": "m", "code": 200}, UNKNOWN, "m"),
        ({"message": "m"}, UNKNOWN, "m"),
        ("model runner stopped", UNKNOWN, "model runner stopped"),
        ("Error code: 401 - no such key", 401, "Error code: 401 - no such key"),
        ({"message": "litellm.AuthenticationError: no"}, 401, "litellm.AuthenticationError: no"),
        (json.dumps(INNER), 400, "No such thing"),
        ({"message": LITELLM + json.dumps(INNER), "code": "400"}, 400, "No such thing"),
        ({"message": INNER["error"], "code": 500}, 400, "No such thing"),
        ({"message": 'Bad value {"a": 1}'}, UNKNOWN, 'Bad value {"a": 1}'),
        ([INNER["error"]], 400, "No such thing"),
    ],
)
def test_an_error_is_that_error_however_it_is_written(error: Any, status: int, said: str) -> None:
    found = error_in_answer({"error": error})
    assert found is not None
    assert (found.status, found.message) == (status, said)


@pytest.mark.parametrize(
    "body",
    [
        {"object": "error", "message": "m", "code": "400"},
        {"type": "error", "message": "m", "code": 400},
        {"message": "m", "code": "400"},
        {"detail": "m", "status": 400},
        [{"error": {"message": "m", "code": 400}}],
    ],
)
def test_an_error_needs_no_name(body: Any) -> None:
    found = error_in_answer(body)
    assert found is not None
    assert (found.status, found.message) == (400, "m")


@pytest.mark.parametrize(
    "body",
    [
        {"choices": [], "message": "m"},
        {"candidates": [], "detail": "m"},
        {"error": None, "choices": []},
        {"error": {}, "candidates": []},
        {},
        [],
        "text",
        7,
        {"message": {"role": "assistant", "content": "[]"}},
    ],
)
def test_an_answer_is_no_error(body: Any) -> None:
    assert error_in_answer(body) is None


@pytest.mark.parametrize(
    ("answered", "given", "counts"),
    [(500, "401", 401), (502, 400, 400), (400, "500", 400), (503, "504", 503), (429, None, 429)],
)
def test_a_proxy_that_answers_500_for_a_refusal_passes_on_the_refusal(
    answered: int, given: Any, counts: int
) -> None:
    assert error_body({"error": {"message": "m", "code": given}}).behind(answered) == counts


@pytest.mark.parametrize(
    ("delay", "seconds"),
    [
        ("53s", 53.0),
        ("1.5s", 1.5),
        ({"seconds": 7}, 7.0),
        ({"seconds": "7"}, 7.0),
        (9, 9.0),
        ("soon", None),
        (True, None),
        (None, None),
        ("-3s", None),
    ],
)
def test_the_wait_a_service_asks_for_is_read(delay: Any, seconds: float | None) -> None:
    body = {"error": {"details": ["x", {"@type": "RetryInfo", "retryDelay": delay}, 7]}}
    assert error_body(body).retry_after == seconds


@pytest.mark.parametrize(
    "violations",
    [["x"], "x", 7, None, {"quotaId": "PerDay"}, [None, {"quotaId": 7}], [["PerDay"]]],
)
def test_violations_of_a_strange_type_name_no_daily_quota(violations: Any) -> None:
    details = [{"violations": violations}]
    assert not error_body({"error": {"details": details}}).names_daily_quota
    told = [*details, {"violations": ["x", {"quotaId": "RequestsPerDayPerModel"}]}]
    assert error_body({"error": {"details": told}}).names_daily_quota


KEYS = st.sampled_from(
    [
        *("error", "message", "detail", "code", "status", "type", "details", "param"),
        *("violations", "quotaId", "retryDelay", "seconds", "object"),
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["400", "PerDay", "53s", '{"error": {"code": 401}}', "error"])
)
BODIES: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5)
)


@given(BODIES)
def test_any_body_at_all_is_understood_somehow(body: Any) -> None:
    for said in (body, json.dumps(body), {"error": body}):
        found = error_body(said)
        assert 400 <= found.status < 600
        assert "\n" not in found.message
        assert len(found.message) <= 300
        assert found.retry_after is None or found.retry_after >= 0
        assert found.names_daily_quota in {True, False}
        assert isinstance(found.param, str)
        assert all(isinstance(kind, str) for kind in found.kinds)
        error_in_answer(said)
