"""Replies in dialects of tokens while they come: objects early, and the same as at the end."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beltmask.detectors.replies.reader import ReadReply, read_reply
from beltmask.detectors.replies.streaming import StreamReader
from beltmask.detectors.replies.units import GEMINI, Convention
from beltmask.errors import EmptyReplyError, UnreadableReplyError
from beltmask.model import Picture
from tests.beltmask.detectors.replies.reply_parts import SIZE
from tests.beltmask.detectors.replies.token_matrix import AROUND, OBJECTS, TOKENS

BARE = Picture("bare", "00" * 32, np.full((SIZE[1], SIZE[0], 3), 90, dtype=np.uint8))
X_FIRST = Convention(x_first=True)
EARLY = [name for name in TOKENS if not name.endswith("without tokens")]
SHARDS = st.sampled_from(
    [
        *TOKENS.values(),
        *"<>[](){},;:\"'\n ",
        "<loc0100>",
        "<loc_100>",
        "<seg001>",
        "<poly>",
        "<sep>",
        "</poly>",
        "<|ref|>",
        "<|det|>",
        "<ref>",
        "<box>",
        "</box>",
        "<quad>",
        "<|box_start|>",
        "(1,2),(30,40)",
        "[[1, 2, 30, 40], [5, 6, 70",
        "[1, 2, 30, 40]",
        '<point x="1" y="2" alt="a">',
        '<points x1="1" y1="2">b</points>',
        '{"bolt": [1, 2, 30, 40]}',
        '{"bboxes": [[1, 2, 30, 40]], "labels": ["a"]}',
        '[{"bbox": [1, 2, 30, 40], "label": "nut"}',
        '"labels": [',
        "bolt",
        "7",
    ]
)
TEXTS = st.lists(SHARDS | st.text(max_size=4), max_size=12).map("".join)


def read_along(text: str, steps: list[int], convention: Convention = X_FIRST) -> StreamReader:
    reader, place = StreamReader(BARE, convention), 0
    while place < len(text):
        step = steps[place % len(steps)]
        reader.take(text[place : place + step])
        place += step
    return reader


def whole(text: str, convention: Convention, stream: StreamReader | None = None) -> ReadReply | str:
    try:
        decoded = None if stream is None else stream.decoded
        return read_reply(text, size=SIZE, convention=convention, decoded=decoded)
    except (UnreadableReplyError, EmptyReplyError) as error:
        return str(error)


@pytest.mark.parametrize("step", [1, 7, 10_000])
@pytest.mark.parametrize("around", ["bare", "prose around", "fence"])
@pytest.mark.parametrize("dialect", TOKENS)
def test_read_along_and_read_at_the_end_agree(dialect: str, around: str, step: int) -> None:
    text = AROUND[around](TOKENS[dialect])
    stream = read_along(text, [step])
    read = whole(text, X_FIRST, stream)
    assert isinstance(read, ReadReply)
    assert stream.agrees_with(stream.finished(read))
    told = len(OBJECTS) - 1 if dialect in EARLY and around != "prose around" else 0
    assert len(stream.found) >= told


@pytest.mark.parametrize("dialect", EARLY)
def test_an_object_is_told_when_the_next_one_begins(dialect: str) -> None:
    text = TOKENS[dialect]
    stream, told = StreamReader(BARE, X_FIRST), []
    for letter in text:
        told += [finding.label for finding in stream.take(letter)]
        if told:
            break
    assert told == [OBJECTS[0][0]]


def test_what_was_decoded_in_another_order_early_is_decoded_anew() -> None:
    square = Picture("square", "00" * 32, np.zeros((1000, 1000, 3), dtype=np.uint8))
    text = '{"<OD>": [{"bbox": [10, 20, 300, 400], "label": "bolt"}]}'
    stream = StreamReader(square, GEMINI)
    assert [one.box.corners for one in stream.take(text)] == [(20, 10, 400, 300)]
    read = read_reply(text, size=square.size, decoded=stream.decoded)
    assert [one.box.corners for one in read.findings] == [(10, 20, 300, 400)]
    assert not stream.agrees_with(read)


def test_tokens_behind_an_entry_are_told_no_more_than_the_whole_reply_tells_them() -> None:
    text = '[{"bbox": [100, 100, 300, 400], "label": "nut"}]\n' + TOKENS["PaliGemma"]
    stream = read_along(text, [9])
    assert [finding.label for finding in stream.found] == ["nut"]
    assert stream.agrees_with(read_reply(text, size=SIZE, convention=X_FIRST))


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.lists(st.integers(1, 60), min_size=1, max_size=4), st.booleans())
def test_any_text_in_any_pieces_is_at_the_end_what_it_is_at_once(
    text: str, steps: list[int], y_first: bool
) -> None:
    convention = GEMINI if y_first else X_FIRST
    stream = read_along(text, steps, convention)
    assert same(whole(text, convention, stream), whole(text, convention))


def same(one: ReadReply | str, other: ReadReply | str) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return _told(one) == _told(other)


def _told(read: ReadReply) -> list[object]:
    found = [(o.label, o.box, o.mask, o.mask_source, o.score) for o in read.findings]
    return [found, read.numbers, read.dialect, read.problems, read.spans]


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.tuples(st.integers(1, 300), st.integers(1, 300)))
def test_whatever_is_read_of_any_text_lies_in_the_picture(text: str, size: tuple[int, int]) -> None:
    with suppress(UnreadableReplyError, EmptyReplyError):
        reply = read_reply(text, size=size, convention=X_FIRST)
        for finding in reply.findings:
            assert finding.box.clipped(size) == finding.box
        for problem in reply.problems:
            start, end = problem.span or (0, len(text))
            assert 0 <= start < end <= len(text)
