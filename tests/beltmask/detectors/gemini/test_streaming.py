"""Gemini's answer is read while it comes, and a model that repeats itself is not listened to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from beltmask.detectors.base import ObjectFound, ObjectsWithdrawn
from beltmask.detectors.gemini.client import GeminiDetector
from beltmask.detectors.llm.retry import TRIES
from beltmask.detectors.replies.reader import read_reply
from beltmask.errors import DetectorBusyError, DetectorUnreachableError
from beltmask.model import MaskSource
from tests.beltmask.detectors.gemini.one_belt import BELT, ask, detector
from tests.gemini_server import GeminiServer

PATIENCE = 30
"""Seconds."""


@pytest.fixture
def patient(server: GeminiServer) -> Iterator[GeminiDetector]:
    """One that reads the answer only when it is whole."""
    gemini = detector(server, streaming=False)
    yield gemini
    gemini.close()


@pytest.mark.parametrize("fault", ["loop", "loop_true", "loop_object"])
def test_a_looping_stream_is_hung_up_and_what_came_is_kept(
    gemini: GeminiDetector, server: GeminiServer, fault: str
) -> None:
    server.every_fault, server.most_letters = fault, 20_000
    asked = ask(gemini)
    assert [finding.label for finding in asked.findings][:1] == ["bolt"]
    assert "loop" in asked.kinds
    assert asked.error is None
    assert len(asked.reply.raw) < 6_000
    assert server.hung_up.wait(PATIENCE)
    assert asked.reply.usage.prompt_tokens == 1120
    assert (asked.reply.usage.output_tokens or 0) > 100


def test_a_loop_nobody_stopped_is_named_too(patient: GeminiDetector, server: GeminiServer) -> None:
    server.every_fault = "loop"
    asked = ask(patient)
    assert "loop" in asked.kinds
    assert asked.reply.finish_reason == "MAX_TOKENS"


@pytest.mark.parametrize("fault", ["cut", "error_in_stream"])
def test_what_came_before_the_line_broke_is_kept_and_said(
    gemini: GeminiDetector, server: GeminiServer, fault: str
) -> None:
    server.every_fault = fault
    asked = ask(gemini)
    assert asked.findings[0].label == "bolt"
    assert asked.findings[0].mask_source is MaskSource.MODEL
    assert "cut_off" in asked.kinds
    assert asked.error is None
    assert server.asked == 1


@pytest.mark.parametrize(
    ("fault", "error"), [("cut", DetectorUnreachableError), ("error_in_stream", DetectorBusyError)]
)
def test_a_line_that_broke_before_the_first_object_is_tried_again(
    *,
    gemini: GeminiDetector,
    server: GeminiServer,
    fault: str,
    error: type[Exception],
) -> None:
    server.text = '{"boxes": [{"box_2d": [100, 100, 3'
    server.every_fault = fault
    asked = ask(gemini)
    assert isinstance(asked.error, error)
    assert server.asked == TRIES
    assert asked.reply.raw.startswith('{"boxes"')


@pytest.mark.parametrize("dialect", ["polygons", "png", "rle", "tokens", "boxes", "empty"])
def test_a_stream_and_a_whole_answer_say_the_same(
    *, gemini: GeminiDetector, patient: GeminiDetector, server: GeminiServer, dialect: str
) -> None:
    server.dialect = dialect
    early, late = ask(gemini), ask(patient)
    assert server.served["generateContent"] == server.served["streamGenerateContent"] == 1
    assert [one.mask for one in early.findings] == [one.mask for one in late.findings]
    assert (early.kinds, early.reply.raw) == (late.kinds, late.reply.raw)
    assert not any(isinstance(event, ObjectsWithdrawn) for event in early.events)


def test_what_was_told_too_early_is_taken_back(
    gemini: GeminiDetector, server: GeminiServer
) -> None:
    inner = '{"box_2d": [0, 0, 500, 500], "label": "part"}'
    server.text = f'{{"box_2d": [0, 0, 900, 900], "label": "whole", "parts": [{inner}]}}'
    whole = read_reply(server.text, size=BELT.size)
    asked = ask(gemini)
    withdrawn = [n for n, e in enumerate(asked.events) if isinstance(e, ObjectsWithdrawn)]
    after = asked.events[withdrawn[-1] :] if withdrawn else asked.events
    last = [event.finding.label for event in after if isinstance(event, ObjectFound)]
    assert last == [finding.label for finding in whole.findings]
