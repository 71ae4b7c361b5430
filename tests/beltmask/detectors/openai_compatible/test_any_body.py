"""Whatever a server sends, there is a name for it and never a crash."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from beltmask.detectors.llm.reply_events import read_text, without_thoughts
from beltmask.detectors.openai_compatible.failures import ServerSaid, in_an_answer
from beltmask.detectors.openai_compatible.profile import profile_for
from beltmask.detectors.openai_compatible.response import ChatResponse
from beltmask.errors import BeltMaskError, UnreadableReplyError
from beltmask.model import Finding, Prompt

KEYS = st.sampled_from(
    ["error", "message", "code", "type", "detail", "param", "choices", "delta", "content", "usage"]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
BODIES: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)
)
ENTRY = '{"bbox_2d": [1, 2, 30, 40], "label": "a"}'
PIECES = st.sampled_from(["<think>", "</think>", '{"boxes": [', ENTRY, ",", "]}"])
WORDS = st.lists(PIECES | st.text(max_size=10)).map("".join)


@given(BODIES, st.integers(300, 599))
def test_every_error_is_told_on_one_line(body: Any, status: int) -> None:
    for text in (json.dumps(body), str(body)):
        failure = ServerSaid(status, text).failure
        assert isinstance(failure, BeltMaskError)
        assert "\n" not in failure.explanation


@given(BODIES)
def test_every_body_is_an_answer_an_error_or_neither(body: Any) -> None:
    error = in_an_answer(body)
    if error is not None:
        assert isinstance(error.failure, BeltMaskError)
        return
    incoming = ChatResponse()
    try:
        words = incoming.take(body)
    except ValidationError:
        return
    assert incoming.answer(body="", latency=0.0).text == words


@given(WORDS)
def test_thoughts_are_left_out_without_moving_what_follows(text: str) -> None:
    said = without_thoughts(text)
    assert len(said) == len(text)
    assert said.strip() == "" or text.endswith(said.lstrip(" "))


@given(WORDS)
def test_any_words_are_read_or_refused(text: str) -> None:
    profile = profile_for(Prompt("openai", "bolts", model="qwen3-vl", image_side=100), (200, 160))
    findings: Sequence[Finding] = ()
    with suppress(UnreadableReplyError):
        reading = read_text(text, size=(200, 160), profile=profile, object_cap=5)
        findings = reading.findings
    for finding in findings:
        assert finding.box.clipped((200, 160)) == finding.box


@pytest.mark.parametrize("text", ["<think>", " <think>[1, 2", "no end</think>", ""])
def test_a_thought_alone_says_nothing(text: str) -> None:
    assert without_thoughts(text).strip() == ""
