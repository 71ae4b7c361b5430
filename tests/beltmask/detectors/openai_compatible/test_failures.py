"""Everything that can go wrong between BeltMask and a server, each by its name."""

from __future__ import annotations

import socket

import pytest

from beltmask.detectors.base import ProblemFound, ReplyFinished
from beltmask.detectors.openai_compatible.client import OpenAICompatibleDetector
from beltmask.errors import (
    AnswerBlockedError,
    BeltMaskError,
    DetectorBusyError,
    DetectorUnreachableError,
    EmptyReplyError,
    QuotaSpentError,
    RequestRejectedError,
    UnreadableReplyError,
)
from tests.beltmask.detectors.openai_compatible.one_belt import KEY, ask, detector
from tests.openai_server import OpenAIServer
from tests.openai_words import BODIES

LASTING = 10
"""As many of the same in a row outlast every try."""
NAMES: dict[str, tuple[type[BeltMaskError], str]] = {
    "400": (RequestRejectedError, "Unknown field"),
    "400-context": (RequestRejectedError, "longer context"),
    "400-blind": (RequestRejectedError, "takes pictures"),
    "400-filter": (AnswerBlockedError, "Filtered"),
    "401": (RequestRejectedError, "BELTMASK_OPENAI_API_KEY"),
    "403": (RequestRejectedError, "BELTMASK_OPENAI_API_KEY"),
    "404": (RequestRejectedError, "model's name"),
    "404-plain": (RequestRejectedError, "Not Found"),
    "404-html": (RequestRejectedError, "ends in /v1"),
    "413": (RequestRejectedError, "smaller picture"),
    "301": (RequestRejectedError, "BELTMASK_OPENAI_BASE_URL"),
    "408": (DetectorUnreachableError, "BELTMASK_OPENAI_TIMEOUT"),
    "429": (DetectorBusyError, "Rate limit"),
    "429-quota": (QuotaSpentError, "quota"),
    "500": (DetectorBusyError, "had an error"),
    "500-text": (DetectorBusyError, "unexpectedly stopped"),
    "503-html": (DetectorBusyError, "503"),
    "504": (DetectorUnreachableError, "Gateway"),
    "error-in-200": (DetectorBusyError, "CUDA out of memory"),
    "error-object": (DetectorBusyError, "503: Out of blocks"),
    "html": (UnreadableReplyError, "sign-in page"),
    "nothing": (EmptyReplyError, "nothing at all"),
    "broken_json": (UnreadableReplyError, "damaged"),
    "wrong_json": (UnreadableReplyError, "no answer"),
    "list_json": (UnreadableReplyError, "no answer"),
    "no_choices": (EmptyReplyError, "no text"),
    "no_content": (EmptyReplyError, "no text"),
    "refusal": (AnswerBlockedError, "cannot help with that"),
    "filter": (AnswerBlockedError, "content filter"),
    "thinking_only": (EmptyReplyError, "thinking used up"),
    "thought_cut": (EmptyReplyError, "thinking used up"),
    "disconnect": (DetectorUnreachableError, "dropped"),
    "prose": (UnreadableReplyError, "prose"),
}


@pytest.mark.parametrize("fault", NAMES)
def test_every_fault_has_a_name_and_says_what_to_do(
    openai: OpenAICompatibleDetector, server: OpenAIServer, fault: str
) -> None:
    server.faults.extend([fault] * LASTING)
    asked = ask(openai)
    kind, said = NAMES[fault]
    assert type(asked.error) is kind
    assert asked.error is not None
    assert said in asked.error.explanation
    assert KEY not in asked.error.explanation
    assert len(server.requests) == (5 if asked.error.retryable else 1)


def test_no_fault_was_forgotten() -> None:
    assert set(BODIES) <= set(NAMES)


@pytest.mark.parametrize("fault", ["html", "refusal", "thought_cut", "prose", "wrong_json"])
def test_what_came_is_kept_without_the_key(
    openai: OpenAICompatibleDetector, server: OpenAIServer, fault: str
) -> None:
    server.faults.append(fault)
    last = ask(openai).events[-1]
    assert isinstance(last, ReplyFinished)
    assert last.reply.raw
    assert KEY not in last.reply.raw


@pytest.mark.parametrize("fault", ["429", "500", "503-html", "408", "disconnect", "error-in-200"])
def test_what_may_pass_is_tried_again(
    openai: OpenAICompatibleDetector, server: OpenAIServer, fault: str, waits: list[float]
) -> None:
    server.faults.append(fault)
    asked = ask(openai)
    assert len(asked.findings) == 2
    assert len(waits) == 1


def test_a_server_that_says_when_to_come_back_is_heeded(
    openai: OpenAICompatibleDetector, server: OpenAIServer, waits: list[float]
) -> None:
    server.faults.append("429")
    server.retry_after = "7"
    ask(openai)
    assert 7 <= waits[0] < 9


def test_a_server_that_hangs_is_left(server: OpenAIServer) -> None:
    server.faults.append("hang")
    asked = ask(detector(server, timeout=0.3, deadline=1.0))
    assert isinstance(asked.error, DetectorUnreachableError)
    assert "0.3 s" in str(asked.error)


def test_where_no_server_is_the_address_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with OpenAIServer() as server:
        asked = ask(detector(server, base_url=f"http://127.0.0.1:{port}/v1"))
    assert asked.error is not None
    assert f"nothing answers at http://127.0.0.1:{port}/v1" in str(asked.error)


def test_a_wrong_path_is_no_model_that_is_missing(server: OpenAIServer) -> None:
    asked = ask(detector(server, base_url=server.url.removesuffix("/v1")))
    assert asked.error is not None
    assert "ends in /v1" in asked.error.explanation


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("cut", ["ends", "broke off: the connection to the server was dropped"]),
        ("error_in_stream", ["ends", "broke off: the server answered 500: CUDA out of memory"]),
        ("no_end", ["ends", "broke off"]),
        ("half", ["ends", "was stopped: length"]),
        ("full_length", ["was stopped: length"]),
        ("no_goodbye", ["broke off"]),
    ],
)
def test_objects_that_came_before_the_end_are_kept(
    openai: OpenAICompatibleDetector, server: OpenAIServer, fault: str, said: list[str]
) -> None:
    server.shape = "both"
    server.faults.append(fault)
    asked = ask(openai)
    assert asked.error is None
    assert asked.findings[0].label == "bolt"
    problems = [event.problem for event in asked.events if isinstance(event, ProblemFound)]
    assert [problem.kind for problem in problems] == ["cut_off"] * len(said)
    assert all(word in one.detail for word, one in zip(said, problems, strict=True))
    assert len(server.requests) == 1


def test_a_model_that_repeats_itself_is_hung_up_on(
    openai: OpenAICompatibleDetector, server: OpenAIServer
) -> None:
    server.faults.append("loop")
    asked = ask(openai)
    assert "loop" in asked.kinds
    assert len(asked.reply.raw) < 20_000


@pytest.mark.parametrize("fault", ["thought", "half_thought", "glm", "fence"])
def test_what_models_put_around_their_answer_is_no_part_of_it(
    openai: OpenAICompatibleDetector, server: OpenAIServer, fault: str
) -> None:
    server.faults.append(fault)
    asked = ask(openai)
    assert [finding.label for finding in asked.findings[-2:]] == ["bolt", "nut"]
    assert set(asked.kinds) == {"mask_refined"}


def test_another_model_answering_is_named(
    openai: OpenAICompatibleDetector, server: OpenAIServer
) -> None:
    for version, kinds in (
        ("/models/Qwen3-VL", set()),
        ("gpt-4o-mini", {"rerouted"}),
        ("belt-vision", set()),
    ):
        server.version = version
        assert set(ask(openai).kinds) - {"mask_refined"} == kinds
