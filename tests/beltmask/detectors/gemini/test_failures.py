"""Everything that can go wrong between us and Gemini, each by its own name."""

from __future__ import annotations

from itertools import pairwise

import pytest
from pydantic import SecretStr

from beltmask.detectors.gemini.client import GeminiDetector
from beltmask.detectors.gemini.tries import TRIES
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
from tests.beltmask.detectors.gemini.asking import KEY, ask
from tests.gemini_server import GeminiServer

FAILURES: list[tuple[str, type[BeltMaskError]]] = [
    ("429-day", QuotaSpentError),
    ("400", RequestRejectedError),
    ("400-key", RequestRejectedError),
    ("403", RequestRejectedError),
    ("404", RequestRejectedError),
    ("blocked", AnswerBlockedError),
    ("safety", AnswerBlockedError),
    ("recitation", AnswerBlockedError),
    ("max_tokens_no_parts", EmptyReplyError),
    ("no_candidates", EmptyReplyError),
    ("empty_body", EmptyReplyError),
    ("html", UnreadableReplyError),
    ("broken_json", UnreadableReplyError),
    ("wrong_json", UnreadableReplyError),
    ("list_json", EmptyReplyError),
]


@pytest.mark.parametrize(("fault", "error"), FAILURES)
def test_what_waiting_cannot_mend_is_asked_once(
    *,
    gemini: GeminiDetector,
    server: GeminiServer,
    waits: list[float],
    fault: str,
    error: type[BeltMaskError],
) -> None:
    server.every_fault = fault
    asked = ask(gemini)
    assert type(asked.error) is error
    assert (server.asked, waits) == (1, [])
    assert KEY not in f"{asked.error} {asked.error!r} {asked.error.explanation}"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("429", DetectorBusyError),
        ("500", DetectorBusyError),
        ("503", DetectorBusyError),
        ("503-html", DetectorBusyError),
        ("disconnect", DetectorUnreachableError),
    ],
)
def test_what_may_pass_is_tried_again(
    *,
    gemini: GeminiDetector,
    server: GeminiServer,
    waits: list[float],
    fault: str,
    error: type[BeltMaskError],
) -> None:
    server.every_fault = fault
    asked = ask(gemini)
    assert type(asked.error) is error
    assert asked.error.retryable
    assert server.asked == TRIES
    assert len(waits) == TRIES - 1
    assert all(longer > wait > 0 for wait, longer in pairwise(waits)) or fault == "429"


def test_a_fault_that_passes_costs_nothing_but_time(
    gemini: GeminiDetector, server: GeminiServer
) -> None:
    server.faults.extend(["503", "disconnect"])
    assert len(ask(gemini).findings) == 2


def test_a_wait_past_the_deadline_is_told_instead_of_waited(server: GeminiServer) -> None:
    server.every_fault = "429-long"
    impatient = GeminiDetector(api_key=SecretStr(KEY), base_url=server.url, deadline=50.0)
    error = ask(impatient).error
    impatient.close()
    assert isinstance(error, DetectorBusyError)
    assert error.retry_after == 53


@pytest.mark.parametrize("fault", ["hang", "slow"])
def test_a_silent_or_dripping_server_is_given_up(server: GeminiServer, fault: str) -> None:
    server.every_fault = fault
    waits: list[float] = []
    gemini = GeminiDetector(
        api_key=SecretStr(KEY), base_url=server.url, timeout=0.2, sleep=waits.append
    )
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
    assert asked.kinds == ["cut_off"]
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
    waits: list[float] = []
    gemini = GeminiDetector(api_key=SecretStr(KEY), base_url=url, timeout=2.0, sleep=waits.append)
    assert type(ask(gemini).error) is error
    gemini.close()
