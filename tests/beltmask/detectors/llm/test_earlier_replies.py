"""Replies that were kept are read again as they were asked for."""

from __future__ import annotations

import numpy as np
import pytest

from beltmask.detectors.base import EarlierAnswer, EarlierReply
from beltmask.detectors.llm.earlier_replies import read_again
from beltmask.detectors.replies.reader import ReadReply, read_reply
from beltmask.model import Reply

PIXELS = np.zeros((40, 40, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    ("kept", "asked_for"), [((3, None), [3, None]), ((None, 4), [7, 4]), ((3, 3), [3, 3])]
)
def test_each_reply_is_read_with_the_cap_it_was_asked_for(
    kept: tuple[int | None, ...], asked_for: list[int | None]
) -> None:
    caps: list[int | None] = []

    def read(text: str, /, *, object_cap: int | None) -> ReadReply:
        caps.append(object_cap)
        return read_reply(text, size=(40, 40), object_cap=object_cap)

    replies = tuple(EarlierReply(Reply("[]", object_cap=cap)) for cap in kept)
    list(read_again(EarlierAnswer(replies), PIXELS, read, object_cap=7))
    assert caps == asked_for
