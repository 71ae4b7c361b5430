"""A reply is read while it comes, and a model that repeats itself is noticed."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

import numpy as np
import pytest

from beltmask.detectors.replies import streaming
from beltmask.detectors.replies.decode_limits import MOST
from beltmask.detectors.replies.reader import read_reply
from beltmask.detectors.replies.streaming import LOOP_LETTERS, StreamReader, repeated
from beltmask.model import Picture

SLOPE = (np.add.outer(np.arange(1000), np.arange(1000)) // 8).astype(np.uint8)
BARE = Picture("bare", "00" * 32, np.dstack([SLOPE] * 3))


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
        f"]}} [{entry(1)}, {entry(2)}]",
        f'{{"of": [1, 2}}, [{entry(1)}, {entry(2)}]',
        '[{"box_2d": [1, 1, 90, 90], "label": "a } \\" ] {"}, ' + entry(2) + "]",
        '{"box_2d": [1, 1, 90, 90], "label": "one", "mask": ""}',
    ],
)
def test_read_along_and_read_at_the_end_agree(text: str, steps: list[int]) -> None:
    reader = read_along(text, steps)
    read = reader.finished(read_reply(text, size=BARE.size))
    assert len(reader.found) == len(read.findings)
    assert reader.agrees_with(read)


def test_a_mask_made_again_while_the_reply_came_is_kept() -> None:
    pixels = np.dstack([np.full((400, 400), 60, np.uint8)] * 3)
    pixels[110:180, 120:200] = (230, 200, 30)
    text = '[{"box_2d": [250, 275, 475, 525], "label": "bolt"}]'
    reader = read_along(text, [9], Picture("bolt", "00" * 32, pixels))
    read = reader.finished(read_reply(text, size=(400, 400)))
    assert read.findings[0].mask is not None
    assert read.findings[0].mask is reader.found[0].mask


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


def test_a_hostile_stream_has_one_allowance_like_a_whole_reply(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    side, outline = 500, [[0, 0], [0, 1000], [1000, 1000], [1000, 0]]
    monkeypatch.setitem(MOST, "mask pixels", 7 * side * side)
    large = Picture("large", "00" * 32, np.zeros((side, side, 3), dtype=np.uint8))
    entries = [
        json.dumps({"box_2d": [0, 0, 1000, 1000 - n], "label": f"o{n}", "mask": outline})
        for n in range(20)
    ]
    text = f"[{', '.join(entries)}]"
    reader = read_along(text, [5_000], large)
    drawn = sum(one.mask.box.area for one in reader.found if one.mask is not None)
    assert 3 * side * side < drawn <= MOST["mask pixels"]
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
