"""The text of an answer, with or without the thoughts that led to it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.detectors.llm.reply_events import read_text, without_thoughts
from beltmask.detectors.openai_compatible.profile import profile_for
from beltmask.errors import UnreadableReplyError
from beltmask.model import Finding, Prompt

ENTRY = '{"bbox_2d": [1, 2, 30, 40], "label": "a"}'
PIECES = st.sampled_from(["<think>", "</think>", '{"boxes": [', ENTRY, ",", "]}"])
WORDS = st.lists(PIECES | st.text(max_size=10)).map("".join)


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
