"""A reply is read while it comes, and a model that repeats itself is not listened to."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from beltmask.detectors.base import ObjectFound, ObjectsWithdrawn
from beltmask.detectors.gemini.client import GeminiDetector
from beltmask.detectors.llm.retry import TRIES
from beltmask.detectors.replies import streaming
from beltmask.detectors.replies.decode_limits import MOST
from beltmask.detectors.replies.reader import read_reply
from beltmask.detectors.replies.streaming import LOOP_LETTERS, StreamReader, repeated
from beltmask.errors import DetectorBusyError, DetectorUnreachableError
from beltmask.model import MaskSource, Picture
from tests.beltmask.detectors.gemini.one_belt import BELT, ask, detector
from tests.gemini_server import GeminiServer

PATIENCE = 30
"""Seconds."""
BARE = Picture("bare", "00" * 32, np.full((1000, 1000, 3), 90, dtype=np.uint8))


def entry(number: int) -> str:
    x, y = 10 + 7 * (number % 100), 10 + 30 * (number // 100)
    outline = [[y, x], [y, x + 6], [y + 20, x + 6], [y + 20, x]]
    return json.dumps({"box_2d": [y, x, y + 20, x + 6], "label": "bolt", "mask": outline})


def read_along(text: str, steps: Sequence[int], picture: Picture = BARE) -> StreamReader:
    """Read ``text`` in pieces of the given lengths, over and over."""
    reader, place, turn = StreamReader(picture), 0, 0
    while place < len(text):
        reader.take(text[place : place + steps[turn % len(steps)]])
        place += steps[turn % len(steps)]
        turn += 1
    return reader


@pytest.fixture
def patient(server: GeminiServer) -> Iterator[GeminiDetector]:
    """One that reads the answer only when it is whole."""
    gemini = detector(server, streaming=False)
    yield gemini
    gemini.close()


def test_an_object_is_told_before_the_next_one_is_there() -> None:
    reader = StreamReader(BARE)
    text = '{"boxes": [' + entry(0)
    told = [reader.take(letter) for letter in text]
    assert [len(found) for found in told[-2:]] == [0, 1]


@pytest.mark.parametrize("steps", [[1], [7, 3, 11], [100_000]])
@pytest.mark.parametrize(
    "text",
    [
        f"[{entry(1)}, {entry(2)}]",
        f"Here it is: ```json\n[{entry(1)},\n {entry(2)}]\n``` as asked.",
        f'{{"boxes": [{entry(1)}, {entry(2)}, {entry(1)}]}}',
        f"{entry(1)}\n{entry(2)}",
        '[{"box_2d": [1, 1, 90, 90], "label": "a } \\" ] {"}, ' + entry(2) + "]",
        '{"box_2d": [1, 1, 90, 90], "label": "one", "mask": ""}',
    ],
)
def test_read_along_and_read_at_the_end_agree(text: str, steps: list[int]) -> None:
    reader = read_along(text, steps)
    read = reader.finished(read_reply(text, size=BARE.size))
    assert len(reader.found) == len(read.findings)
    assert reader.agrees_with(read)


def test_three_hundred_alike_objects_are_no_loop() -> None:
    text = "[" + ", ".join(entry(number) for number in range(300)) + "]"
    reader = read_along(text, [200])
    assert reader.loop is None
    assert len(reader.found) == 300


@pytest.mark.parametrize("again", ["A", "4+Pj", "true, ", "[0, 0], ", entry(4) + ", ", "\n"])
def test_a_loop_is_caught_within_two_thousand_letters(again: str) -> None:
    reader = StreamReader(BARE)
    start = f'[{entry(1)}, {{"box_2d": [5, 5, 90, 90], "mask": "iVBORw0KGgo'
    reader.take(start)
    received = 0
    while reader.loop is None and received < 100_000:
        reader.take(again)
        received += len(again)
    assert received <= 2_000


def test_a_long_object_said_three_times_is_a_loop() -> None:
    long = entry(1)[:-1] + ', "why": "' + "".join(random.Random(7).choices("abcdef", k=700))  # noqa: S311
    long += '"}'
    reader = read_along(f"[{long}, {long}", [50])
    assert reader.loop is None
    reader.take(f", {long}")
    assert reader.loop is not None


@pytest.mark.parametrize("seed", range(5))
def test_noise_is_no_loop(seed: int) -> None:
    letters = "".join(random.Random(seed).choices("AB", k=LOOP_LETTERS))  # noqa: S311
    assert repeated(letters) is None
    assert repeated((letters[:300] * 9)[:LOOP_LETTERS]) == letters[:300]


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


def test_a_hostile_stream_has_one_allowance_like_a_whole_reply() -> None:
    side, outline = 4000, [[0, 0], [0, 1000], [1000, 1000], [1000, 0]]
    large = Picture("large", "00" * 32, np.zeros((side, side, 3), dtype=np.uint8))
    entries = [
        json.dumps({"box_2d": [0, 0, 1000, 1000 - n], "label": f"o{n}", "mask": outline})
        for n in range(20)
    ]
    text = f"[{', '.join(entries)}]"
    reader = read_along(text, [5_000], large)
    drawn = sum(one.mask.box.area for one in reader.found if one.mask is not None)
    assert 50e6 < drawn <= MOST["mask pixels"]
    whole = read_reply(text, size=large.size, decoded=reader.decoded)
    assert reader.agrees_with(whole)
    alone = read_reply(text, size=large.size)
    assert [one.mask for one in whole.findings] == [one.mask for one in alone.findings]
    assert sum(one.mask is None for one in whole.findings) >= 12


@pytest.mark.parametrize("step", [7, 900])
def test_an_object_is_decoded_once_however_its_reply_comes(
    step: int,
) -> None:
    text = f"[{', '.join(map(entry, range(9)))}]"
    reader = read_along(text, [step])
    left = dict(reader.decoded.limits.left)
    read = read_reply(text, size=BARE.size, decoded=reader.decoded)
    assert reader.decoded.limits.left == left
    assert reader.agrees_with(read)


def test_a_stream_tells_no_more_objects_than_a_whole_reply_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streaming, "MAX_OBJECTS", 5)
    reader = read_along(f"[{', '.join(map(entry, range(9)))}]", [100])
    assert len(reader.found) == 5
