"""Dialects of tokens: the same objects in each, in every container, whole, cut and looping."""

from __future__ import annotations

from contextlib import suppress

import pytest

from beltmask.detectors.replies.deduplication import LOOP
from beltmask.detectors.replies.reader import ReadReply, read_reply
from beltmask.detectors.replies.units import GEMINI, Convention
from beltmask.errors import UnreadableReplyError
from tests.beltmask.detectors.replies.reply_parts import SIZE, boxes, kinds, labels
from tests.beltmask.detectors.replies.token_matrix import (
    AROUND,
    ENDS,
    OBJECTS,
    TOKENS,
    cut_in_the_last_box,
)

X_FIRST = Convention(x_first=True)
TRUTH = [box for _, box in OBJECTS]
NAMES = [label for label, _ in OBJECTS]
PIXELS = Convention(x_first=True, counts_pixels=True, seen=(2000, 2000))
IN_DOUBT = {"Qwen2-VL", "pairs without tokens", "brackets without tokens"}
WITHOUT_TOKENS = {"pairs without tokens", "brackets without tokens"}


def read(text: str, convention: Convention = X_FIRST) -> ReadReply:
    return read_reply(text, size=SIZE, convention=convention)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("dialect", TOKENS)
def test_every_combination_gives_the_same_objects(dialect: str, around: str, end: str) -> None:
    if dialect in WITHOUT_TOKENS and around in {"a string", "a list of one string"}:
        around = "bare"  # nothing tells that such a string is a reply
    reply = read(AROUND[around](ENDS[end](TOKENS[dialect])))
    assert boxes(reply) == TRUTH
    assert labels(reply.findings) == NAMES
    assert kinds(reply) == []


@pytest.mark.parametrize("asked", [GEMINI, X_FIRST, PIXELS])
@pytest.mark.parametrize("dialect", [name for name in TOKENS if name not in IN_DOUBT])
def test_a_dialect_keeps_its_own_order_and_units_whatever_was_asked_for(
    dialect: str, asked: Convention
) -> None:
    assert boxes(read(TOKENS[dialect], asked)) == TRUTH


@pytest.mark.parametrize("dialect", ["Qwen2-VL", "pairs without tokens"])
def test_qwen_keeps_its_order_and_counts_what_was_asked_for(dialect: str) -> None:
    """Qwen2-VL counts thousandths, Qwen2.5-VL pixels, between the same tokens."""
    assert boxes(read(TOKENS[dialect], GEMINI)) == TRUTH
    halved = [(x0 // 2, y0 // 2, x1 // 2, y1 // 2) for x0, y0, x1, y1 in TRUTH]
    assert boxes(read(TOKENS[dialect], PIXELS)) == halved


@pytest.mark.parametrize("around", ["bare", "fence"])
@pytest.mark.parametrize("dialect", TOKENS)
def test_a_reply_that_ends_in_a_box_gives_those_before_and_says_so(
    dialect: str, around: str
) -> None:
    reply = read(cut_in_the_last_box(AROUND[around](TOKENS[dialect])))
    assert boxes(reply) == TRUTH[:2]
    assert labels(reply.findings) == NAMES[:2]
    assert set(kinds(reply)) == {"cut_off"}


@pytest.mark.parametrize("dialect", TOKENS)
def test_a_reply_that_is_said_over_and_over_gives_each_object_once(dialect: str) -> None:
    sep = " ; " if dialect == "PaliGemma" else ""
    reply = read(sep.join([TOKENS[dialect]] * LOOP))
    assert boxes(reply) == TRUTH
    assert kinds(reply) == ["loop"] * 3


@pytest.mark.parametrize("dialect", TOKENS)
def test_a_span_is_where_the_object_stands(dialect: str) -> None:
    text = f"Here:\n{TOKENS[dialect]}\nDone."
    spans = read(text).spans
    assert all(span is not None and text[slice(*span)].strip(".\n Done") for span in spans)
    starts = [span[0] for span in spans if span is not None]
    assert starts == sorted(starts)
    assert len(set(starts)) == 3


@pytest.mark.parametrize("dialect", TOKENS)
def test_any_beginning_of_a_reply_gives_only_objects_that_are_in_it(dialect: str) -> None:
    text = TOKENS[dialect]
    read_of_all = 0
    for end in range(1, len(text)):
        with suppress(UnreadableReplyError):
            reply = read(text[:end])
            assert set(boxes(reply)) <= set(TRUTH)
            read_of_all += len(reply.findings)
    assert read_of_all > len(text)
