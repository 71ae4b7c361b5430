"""A list just as long as was allowed may have been longer: said of live and kept answers alike."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from beltmask.model import Reply
from beltmask.runs import TaskAnswer
from tests.beltmask.detectors.gemini.one_belt import PROMPT, Asked, ask, detector
from tests.gemini_server import GeminiServer


@dataclass
class Memory:
    """A cache that knows one answer, whatever is asked."""

    reply: Reply | None = None

    def find(self, request: str, *, repeat: int) -> Reply | None:
        return self.reply


def said(asked: Asked) -> list[set[str]]:
    """The kinds of problems of each reply."""
    answer = TaskAnswer()
    answer.take(asked.events)
    return [{problem.kind for problem in problems} for _, problems in answer.replies]


@pytest.mark.parametrize("streaming", [True, False])
@pytest.mark.parametrize(("cap", "full"), [(1, False), (2, True), (3, False)])
def test_a_live_answer_with_as_many_objects_as_were_asked_for_is_named(
    server: GeminiServer, *, streaming: bool, cap: int, full: bool
) -> None:
    gemini = detector(server, streaming=streaming)
    asked = ask(gemini, prompt=replace(PROMPT, object_cap=cap))
    gemini.close()
    assert len(asked.findings) == 2
    assert ("at_object_cap" in asked.kinds) is full


def test_the_cap_is_the_one_of_the_question_that_was_asked(server: GeminiServer) -> None:
    """Asked in other words, the model is asked for half as many."""
    gemini = detector(server, requests=2)
    server.faults.append("loop_true")
    asked = ask(gemini, prompt=replace(PROMPT, object_cap=3))
    gemini.close()
    assert ["at_object_cap" in kinds for kinds in said(asked)] == [False, True]


def test_an_answer_kept_from_before_says_it_too(server: GeminiServer) -> None:
    memory = Memory()
    gemini = detector(server, cache=memory)
    memory.reply = ask(gemini, prompt=replace(PROMPT, object_cap=2)).reply
    for cap, full in ((2, True), (3, False)):
        asked = ask(gemini, prompt=replace(PROMPT, object_cap=cap))
        assert asked.reply.cached
        assert ("at_object_cap" in asked.kinds) is full
    gemini.close()
    assert server.asked == 1
