"""An answer that leaves less than it should is followed by another question, up to a limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from beltmask.detectors.base import Event, ObjectFound, ObjectsWithdrawn, ReplyFinished
from beltmask.detectors.gemini.client import GeminiDetector
from beltmask.detectors.gemini.request import build_request
from beltmask.detectors.llm.models import shipped_models
from beltmask.detectors.llm.strategy import FallbackStep
from beltmask.errors import AnswerBlockedError, UnreadableReplyError
from beltmask.model import MaskSource
from beltmask.runs import TaskAnswer
from tests.beltmask.detectors.gemini.one_belt import BELT, KEY, PROMPT, Asked, ask, detector
from tests.gemini_server import GeminiServer, text_in

CLASSIC = replace(PROMPT, model="gemini-2.5-flash")

BAD_WORDS = ("prose", "half", "loop", "loop_true", "loop_object", "tokens", "max_tokens")
NO_ANSWER = ("max_tokens_no_parts", "no_candidates", "empty_body", "broken_json", "html")
MENDED = (*BAD_WORDS, *NO_ANSWER, "cut", "error_in_stream")


class Purse:
    """A budget that pays for every reply that comes by."""

    def __init__(self, dollars: float) -> None:
        self.dollars = dollars

    def left(self) -> float:
        return self.dollars

    def paying(self, events: Iterator[Event]) -> Iterator[Event]:
        for event in events:
            if isinstance(event, ReplyFinished):
                self.dollars -= event.reply.cost or 0.0
            yield event


def kept(asked: Asked) -> TaskAnswer:
    """What a run would keep."""
    answer = TaskAnswer()
    answer.take(asked.events)
    return answer


def labels(asked: Asked) -> list[str]:
    return [finding.label for finding in kept(asked).findings]


@pytest.mark.parametrize("fault", MENDED)
@pytest.mark.parametrize("streaming", [True, False])
def test_a_poor_answer_is_followed_by_a_good_one(
    server: GeminiServer, *, fault: str, streaming: bool
) -> None:
    gemini = detector(server, requests=3, streaming=streaming)
    server.faults.append(fault)
    asked = ask(gemini)
    gemini.close()
    assert asked.error is None
    assert labels(asked) == ["bolt", "nut"]
    assert {finding.mask_source for finding in kept(asked).findings} == {MaskSource.MODEL}
    assert server.asked == 2
    tried_again_below = fault in {"cut", "error_in_stream"} and not streaming
    assert len(kept(asked).replies) == (1 if tried_again_below else 2)


def test_a_good_answer_is_asked_for_once(server: GeminiServer) -> None:
    gemini = detector(server, requests=3)
    assert labels(ask(gemini)) == ["bolt", "nut"]
    server.dialect = "empty"
    assert labels(ask(gemini)) == []
    gemini.close()
    assert server.asked == 2


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_never_more_requests_than_allowed_and_every_reply_kept(
    server: GeminiServer, limit: int
) -> None:
    gemini = detector(server, requests=limit)
    server.every_fault = "prose"
    asked = ask(gemini)
    gemini.close()
    assert isinstance(asked.error, UnreadableReplyError)
    assert server.asked == limit
    assert len(kept(asked).replies) == limit


def test_the_steps_lead_from_masks_over_outlines_to_boxes(server: GeminiServer) -> None:
    gemini = detector(server, requests=4)
    server.faults.extend(["tokens"] * 3)
    asked = ask(gemini, prompt=CLASSIC)
    gemini.close()
    first, again, outlines, boxes = (text_in(body) for body in server.requests)
    assert "segmentation masks" in first
    assert again.startswith(first.replace("At most 25", "At most 13"))
    assert '"mask": the outline' in outlines
    assert '"mask"' not in boxes
    assert {finding.mask_source for finding in kept(asked).findings} == {MaskSource.REFINED}
    assert labels(asked) == ["bolt", "nut"]


def test_the_second_question_is_shorter_and_warmer_where_that_counts() -> None:
    row = shipped_models().find("gemini-2.5-flash")
    first, again = (
        build_request(BELT, CLASSIC, row=row, step=step)
        for step in (FallbackStep.FIRST, FallbackStep.AGAIN)
    )
    assert again.config["temperature"] > first.config["temperature"]
    assert again.config["max_output_tokens"] < first.config["max_output_tokens"]
    assert "temperature" not in build_request(BELT, PROMPT, step=FallbackStep.AGAIN).config
    assert len({first.hash, again.hash}) == 2


def test_the_best_answer_wins_when_none_is_good(server: GeminiServer) -> None:
    gemini = detector(server, requests=3)
    server.faults.extend(["half", "prose", "prose"])
    asked = ask(gemini)
    gemini.close()
    assert asked.error is None
    assert labels(asked)[0] == "bolt"
    last = max(n for n, event in enumerate(asked.events) if isinstance(event, ObjectsWithdrawn))
    assert all(isinstance(event, ObjectFound) for event in asked.events[last + 1 :])
    assert sum(isinstance(event, ReplyFinished) for event in asked.events) == 3


@pytest.mark.parametrize("faults", [["half", "400"], ["half", "blocked"], ["half", "429-day"]])
def test_what_was_salvaged_stays_when_asking_again_fails(
    server: GeminiServer, faults: list[str]
) -> None:
    gemini = detector(server, requests=3)
    server.faults.extend(faults)
    asked = ask(gemini)
    gemini.close()
    assert asked.error is None
    assert labels(asked)[0] == "bolt"
    assert server.asked == 2


def test_a_blocked_question_is_not_asked_in_other_words(server: GeminiServer) -> None:
    gemini = detector(server, requests=3)
    server.every_fault = "blocked"
    assert isinstance(ask(gemini).error, AnswerBlockedError)
    gemini.close()
    assert server.asked == 1


@pytest.mark.parametrize(("dollars", "requests"), [(0.0001, 1), (1.0, 2)])
def test_second_questions_stop_where_the_budget_does(
    server: GeminiServer, dollars: float, requests: int
) -> None:
    purse, answer = Purse(dollars), TaskAnswer()
    gemini = GeminiDetector(api_key=SecretStr(KEY), base_url=server.url, budget=purse)
    server.faults.append("half")
    answer.take(purse.paying(gemini.detect(BELT, PROMPT)))
    gemini.close()
    assert answer.findings[0].label == "bolt"
    assert server.asked == requests
