"""Whatever a server sends, there is a name for it and never a crash."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from beltmask.detectors.llm.error_bodies import error_in_answer
from beltmask.detectors.llm.failures import ErrorAnswer
from beltmask.detectors.openai_compatible.failures import FAILURES, error_answer
from beltmask.detectors.openai_compatible.response import ChatResponse
from beltmask.errors import BeltMaskError

KEYS = st.sampled_from(
    ["error", "message", "code", "type", "detail", "param", "choices", "delta", "content", "usage"]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
BODIES: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)
)


@given(BODIES, st.integers(300, 599))
def test_every_error_is_told_on_one_line(body: Any, status: int) -> None:
    for text in (json.dumps(body), str(body)):
        failure = FAILURES.of_error(error_answer(status, text, headers={}))
        assert isinstance(failure, BeltMaskError)
        assert "\n" not in failure.explanation


@given(BODIES)
def test_every_body_is_an_answer_an_error_or_neither(body: Any) -> None:
    error = error_in_answer(body)
    if error is not None:
        failure = FAILURES.of_error(ErrorAnswer(error.status, error))
        assert isinstance(failure, BeltMaskError)
        return
    incoming = ChatResponse()
    try:
        words = incoming.take(body)
    except ValidationError:
        return
    assert incoming.answer(body="", latency=0.0).text == words
