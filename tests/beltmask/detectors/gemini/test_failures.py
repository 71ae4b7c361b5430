"""Everything that can go wrong between us and Gemini, each by its own name."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from beltmask.detectors.base import TryFailed
from beltmask.detectors.gemini.client import GeminiDetector, RequestOptions
from beltmask.detectors.llm.retry import TRIES
from beltmask.errors import (
    AnswerBlockedError,
    BeltMaskError,
    DetectorBusyError,
    DetectorUnreachableError,
    EmptyReplyError,
    QuotaSpentError,
    RequestRejectedError,
    SettingsError,
    UnreadableReplyError,
)
from tests.beltmask.detectors.gemini.one_belt import KEY, ask, detector
from tests.gemini_server import GeminiServer

REJECTED, BLOCKED, EMPTY = RequestRejectedError, AnswerBlockedError, EmptyReplyError
HOPELESS: list[tuple[str, type[BeltMaskError], str, str]] = [
    ("429-day", QuotaSpentError, "Quota of the day", "tomorrow"),
    ("400", REJECTED, "MINIMAL is not supported", "another thinking level"),
    ("400-key", REJECTED, "API key not valid", "GEMINI_API_KEY"),
    ("400-place", REJECTED, "location", "Vertex AI"),
    ("401", REJECTED, "401", "GEMINI_API_KEY"),
    ("403", REJECTED, "Permission denied", "may not use this model"),
    ("404", REJECTED, "not found", "another model"),
    ("413", REJECTED, "payload size", "smaller picture"),
    ("blocked", BLOCKED, "blocked the question: SAFETY", "safety filter"),
    ("prohibited", BLOCKED, "blocked the question: PROHIBITED_CONTENT", "forbidden content"),
    ("safety", BLOCKED, "stopped its answer: SAFETY", "safety filter"),
    ("recitation", BLOCKED, "stopped its answer: RECITATION", "protected text"),
    ("max_tokens_no_parts", EMPTY, "thinking used up", "thinking level"),
    ("no_candidates", EMPTY, "no text", "Detect again"),
    ("empty_body", EMPTY, "nothing at all", "Detect again"),
    ("html", UnreadableReplyError, "no answer of Gemini", "sign-in page"),
    ("broken_json", UnreadableReplyError, "no answer of Gemini", "damaged"),
    ("wrong_json", UnreadableReplyError, "no answer of Gemini", "damaged"),
]


@pytest.mark.parametrize("streaming", [True, False])
@pytest.mark.parametrize(("fault", "error", "said", "hint"), HOPELESS)
def test_what_waiting_cannot_mend_is_asked_once_and_explained(
    *,
    server: GeminiServer,
    streaming: bool,
    fault: str,
    error: type[BeltMaskError],
    said: str,
    hint: str,
) -> None:
    server.every_fault = fault
    waits: list[float] = []
    gemini = detector(server, sleep=waits.append, streaming=streaming)
    asked = ask(gemini)
    gemini.close()
    assert type(asked.error) is error
    assert said in str(asked.error)
    assert hint in asked.error.hint
    assert (server.asked, waits) == (1, [])
    assert KEY not in f"{asked.error} {asked.error!r} {asked.error.explanation} {asked.events}"


@pytest.mark.parametrize("streaming", [True, False])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("429", DetectorBusyError),
        ("429-long", DetectorBusyError),
        ("429-plain", DetectorBusyError),
        ("500", DetectorBusyError),
        ("503", DetectorBusyError),
        ("503-html", DetectorBusyError),
        ("408", DetectorUnreachableError),
        ("504", DetectorUnreachableError),
        ("disconnect", DetectorUnreachableError),
    ],
)
def test_what_may_pass_is_tried_again_later_each_time(
    *, server: GeminiServer, streaming: bool, fault: str, error: type[BeltMaskError]
) -> None:
    server.every_fault = fault
    waits: list[float] = []
    gemini = detector(server, sleep=waits.append, streaming=streaming)
    asked = ask(gemini)
    gemini.close()
    assert type(asked.error) is error
    assert asked.error.retryable
    assert server.asked == TRIES
    told = {"429": 2.0, "429-long": 53.0}.get(fault)
    backoff = [2.0**number for number in range(TRIES - 1)]
    for wait, at_least in zip(waits, backoff, strict=True):
        shortest = at_least if told is None else told
        assert shortest <= wait <= shortest + at_least / 2


def test_the_deadline_holds_over_all_tries_and_waits(server: GeminiServer) -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    server.every_fault = "429-long"
    gemini = detector(server, sleep=sleep, clock=lambda: now[0], deadline=120.0)
    error = ask(gemini).error
    gemini.close()
    assert isinstance(error, DetectorBusyError)
    assert error.retry_after == 53
    assert (server.asked, now[0] < 120) == (3, True)


def test_a_fault_that_passes_costs_nothing_but_time(
    gemini: GeminiDetector, server: GeminiServer
) -> None:
    server.faults.extend(["503", "disconnect"])
    asked = ask(gemini)
    assert len(asked.findings) == 2
    busy, dropped = [str(event.why) for event in asked.events if isinstance(event, TryFailed)]
    assert "overloaded" in busy
    assert "dropped" in dropped


@pytest.mark.parametrize("fault", ["hang", "slow"])
def test_a_silent_or_dripping_server_is_given_up(server: GeminiServer, fault: str) -> None:
    server.every_fault = fault
    gemini = detector(server, timeout=0.5)
    assert isinstance(ask(gemini).error, DetectorUnreachableError)
    assert server.served[fault] == TRIES
    gemini.close()


@pytest.mark.parametrize(
    ("fault", "raw"),
    [
        ("html", "<html><body>Sign in to the network: ***</body></html>"),
        ("wrong_json", '{"candidates": 5}'),
        ("blocked", '{"promptFeedback": {"blockReason": "SAFETY"}}'),
    ],
)
def test_an_answer_nobody_can_read_is_still_kept_raw(
    gemini: GeminiDetector, server: GeminiServer, fault: str, raw: str
) -> None:
    server.every_fault = fault
    assert raw in ask(gemini).reply.raw


def test_prose_is_kept_raw_and_never_an_empty_belt(
    gemini: GeminiDetector, server: GeminiServer
) -> None:
    server.dialect = "prose"
    asked = ask(gemini)
    assert isinstance(asked.error, UnreadableReplyError)
    assert asked.reply.raw.startswith("I looked at the belt")
    assert asked.reply.dialect == "none"


def test_an_answer_cut_short_keeps_what_was_whole(
    gemini: GeminiDetector, server: GeminiServer
) -> None:
    server.every_fault = "max_tokens"
    asked = ask(gemini)
    assert [finding.label for finding in asked.findings] == ["bolt"]
    assert asked.kinds == ["cut_off", "cut_off"]
    assert asked.details[1] == "the answer was stopped: MAX_TOKENS"
    assert asked.reply.finish_reason == "MAX_TOKENS"


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://127.0.0.1:9", DetectorUnreachableError),
        ("ftp://127.0.0.1", SettingsError),
        ("no address", SettingsError),
    ],
)
def test_an_address_that_leads_nowhere(url: str, error: type[BeltMaskError]) -> None:
    options = RequestOptions(sleep=lambda _: None)
    gemini = GeminiDetector(api_key=SecretStr(KEY), base_url=url, timeout=2.0, options=options)
    assert type(ask(gemini).error) is error
    gemini.close()
