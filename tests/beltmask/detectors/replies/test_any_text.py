"""For any text at all: objects inside the picture, or one of two errors. Nothing else."""

from __future__ import annotations

import itertools
import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from beltmask.detectors.replies.decoded_objects import DecodedObjects
from beltmask.detectors.replies.reader import read_reply
from beltmask.detectors.replies.streaming import StreamReader
from beltmask.errors import UnreadableReplyError
from beltmask.model import Picture, Size
from tests.beltmask.detectors.replies.reply_parts import png_uri
from tests.examples import examples

_PNG = png_uri(np.tri(32, dtype=np.bool_))
_WORDS = [
    "box_2d",
    "mask",
    "label",
    "<seg_7>",
    _PNG,
    _PNG[:90],
    "true",
    "null",
    "1e999",
    '"box_2d": [100, 100, 500, 300]',
    '{"box_2d": [0, 0, 1000, 1000], "mask": ',
    "```json",
    '{"size": [10, 10], "counts": ',
    '"0o1"',
    "[[1, 2], [3, 4], [900, 5]]",
    "-1e300",
    "7",
]
_SHARDS = st.sampled_from([*"[]{},:\"'`\n\\", *_WORDS])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(_PNG),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
_BOX = st.lists(st.integers(-50, 1100) | st.floats(), min_size=3, max_size=5)
_ENTRY = st.fixed_dictionaries(
    {"box_2d": _BOX | _VALUES, "mask": _VALUES, "label": _VALUES},
    optional={"holes": _VALUES, "points": _VALUES, "score": _VALUES},
)
_SIZES = st.tuples(st.integers(1, 300), st.integers(1, 300))


def _holds(text: str, size: Size) -> None:
    try:
        reply = read_reply(text, size=size)
    except UnreadableReplyError:
        return
    for finding in reply.findings:
        for box in [finding.box] + ([finding.mask.box] if finding.mask else []):
            assert box.clipped(size) == box
        if finding.mask is not None:
            assert finding.mask.area > 0
            assert finding.mask.box.clipped(size) == finding.mask.box
    assert len(reply.numbers) == len(reply.findings)


@settings(max_examples=examples(50, exploring=150))
@given(st.lists(_SHARDS | st.text(max_size=5), max_size=25).map("".join), _SIZES)
def test_shards_of_replies(text: str, size: Size) -> None:
    _holds(text, size)


@settings(max_examples=examples(50, exploring=150))
@given(st.lists(_ENTRY, min_size=1, max_size=3), _SIZES, st.integers(0, 60))
def test_entries_of_any_values_cut_anywhere(
    entries: list[dict[str, object]], size: Size, cut: int
) -> None:
    text = json.dumps(entries)
    _holds(text[: len(text) - cut], size)


@settings(max_examples=examples(30, exploring=60))
@given(st.text())
def test_any_text(text: str) -> None:
    _holds(text, (64, 48))


@settings(max_examples=150)
@given(
    st.lists(_SHARDS | st.text(max_size=5) | _ENTRY.map(json.dumps), max_size=12).map(", ".join),
    st.lists(st.integers(1, 90), min_size=1, max_size=5),
)
def test_a_reply_read_along_reads_in_the_end_as_if_it_had_come_whole(
    text: str, steps: list[int]
) -> None:
    picture = Picture("grey", "00" * 32, np.full((48, 64, 3), 90, dtype=np.uint8))
    reader, place = StreamReader(picture), 0
    for step in itertools.cycle(steps):
        if place >= len(text):
            break
        reader.take(text[place : place + step])
        place += step
    assert _said(text, reader.decoded) == _said(text, None)


def _said(text: str, decoded: DecodedObjects | None) -> object:
    try:
        reply = read_reply(text, size=(64, 48), decoded=decoded)
    except UnreadableReplyError as error:
        return str(error)
    objects = [(one.label, one.box, one.mask, one.score) for one in reply.findings]
    return (reply.dialect, objects, reply.problems, reply.numbers, reply.spans)
