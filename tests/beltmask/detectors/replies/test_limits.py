"""Where reading stops, and that it stops there and not one before or after."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from beltmask.detectors.replies import loose_json, polygons, reader, reply_entries, streaming
from beltmask.detectors.replies.boxes import GridBox
from beltmask.detectors.replies.deduplication import LOOP
from beltmask.detectors.replies.loose_json import MAX_DEPTH, read_values
from beltmask.detectors.replies.polygons import MAX_CORNERS, rings_in, y_comes_first
from beltmask.detectors.replies.reader import ReadReply
from beltmask.detectors.replies.streaming import LOOP_LETTERS, StreamReader, repeated
from beltmask.errors import UnreadableReplyError
from beltmask.model import Pixels
from tests.beltmask.detectors.replies.reply_parts import (
    BOX,
    SQUARE_YX,
    boxes,
    entry,
    kinds,
    labels,
    mask_of,
    read,
    read_one,
)
from tests.beltmask.detectors.replies.test_streaming import BARE
from tests.beltmask.detectors.replies.test_streaming import entry as small_entry


@pytest.mark.parametrize(
    "of", [entry, lambda label: f"<loc0100><loc0100><loc0300><loc0300> {label}"]
)
def test_boxes_in_letters_that_were_not_read_are_counted(
    of: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reply_entries, "MAX_LETTERS", 4_000)
    text = "\n".join(of(label=f"o{number}") for number in range(200))
    reply = read(text)
    (problem,) = [each for each in reply.problems if each.kind == "over_limit"]
    assert "200 objects in" in problem.detail
    assert 0 < len(reply.findings) < 200


def test_what_is_said_of_the_whole_reply_comes_after_its_last_object(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reader, "MAX_OBJECTS", 3)
    reply = read("[" + ", ".join(entry(label=f"o{n}", mask="!") for n in range(5)) + "]")
    assert [problem.object for problem in reply.problems] == [1, 2, 3, None]


def _depth(value: object) -> int:
    return 1 + _depth(value[0]) if isinstance(value, list) and value else int(value == [])


def test_lists_are_read_to_the_deepest_allowed_and_what_is_deeper_is_flat() -> None:
    for depth, kept in ((MAX_DEPTH, MAX_DEPTH), (MAX_DEPTH + 7, MAX_DEPTH)):
        [value] = read_values("[" * depth + "]" * depth)
        assert (_depth(value.node), value.cut, value.span) == (kept, False, (0, 2 * depth))


def test_an_object_after_one_that_is_too_deep_is_read() -> None:
    deep = f'{{"box_2d": {BOX}, "label": "deep", "mask": {"[" * 200}{"]" * 200}}}'
    assert labels(read(f"[{deep}, {entry(label='nut')}]").findings) == ["deep", "nut"]


def test_as_many_words_as_are_allowed_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for most, cut in ((5, False), (4, True)):
        monkeypatch.setattr(loose_json, "MAX_TOKENS", most)
        [value] = read_values("[1, 2, 3]")
        assert (value.node, value.cut, value.too_long) == ([1, 2, 3], cut, cut)


def test_as_many_values_as_are_allowed_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loose_json, "MAX_VALUES", 3)
    for count, too_long in ((3, False), (4, True)):
        values = read_values("[1] " * count)
        assert (len(values), values[-1].too_long) == (3, too_long)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("[1", ["1"]),
        ("[1]", [1]),
        ("[123456789012345]", [123456789012345]),
        ("[1234567890123456]", [1234567890123456.0]),
        ("[1.5e2, -7, +8, .5]", [150.0, -7, 8, 0.5]),
        ("[12px, 3]", ["12px", 3]),
        ("[True, false, None, null, maybe]", [True, False, None, None, "maybe"]),
        ("['it\\'s', 'a \"b\"']", ["it's", 'a "b"']),
        ('["a\\nb", "a\nb", "\\ud83d\\ude00"]', ["a\nb", "a\nb", "😀"]),
        ('["a\\qb", "a\\u12"]', ["a\\qb", "a\\u12"]),
    ],
)
def test_words_are_what_a_person_would_take_them_for(written: str, read_as: list[object]) -> None:
    [value] = read_values(written)
    assert isinstance(value.node, list)
    assert value.node == read_as
    whole = [isinstance(item, int) for item in value.node]
    assert whole == [isinstance(item, int) for item in read_as]


@pytest.mark.parametrize("number", ["1e9", "-1e9", "1e308", "1e999"])
def test_a_box_of_monstrous_numbers_is_none(number: str) -> None:
    with pytest.raises(UnreadableReplyError, match="no object with a box"):
        read(f'[{{"box_2d": [0, 0, 10, {number}], "label": "a"}}]')


def test_a_box_of_large_numbers_is_a_box_beyond_the_picture() -> None:
    reply = read('[{"box_2d": [0, 0, 999999999, 999999999], "label": "a"}]')
    assert boxes(reply) == [(0, 0, 200, 100)]
    assert kinds(reply) == ["box_clipped", "units_unsure"]


@pytest.mark.parametrize("numbers", [[1, 2, 3], [1, 2, 3, 4, 5], []])
def test_a_box_has_four_numbers(numbers: list[int]) -> None:
    reply = read(f"[{entry(box_2d=numbers)}, {entry()}]")
    assert (len(reply.findings), kinds(reply)) == (1, ["box_missing"])


def test_an_outline_has_as_many_corners_as_are_allowed() -> None:
    corners = [[n % 7, n] for n in range(MAX_CORNERS)]
    assert len(rings_in(_nodes(corners))[0]) == MAX_CORNERS
    with pytest.raises(ValueError, match=f"more than {MAX_CORNERS} corners"):
        rings_in(_nodes([*corners, [1, 1]]))


@pytest.mark.parametrize(("corners", "whole"), [(2, False), (3, True)])
def test_an_outline_has_three_corners(corners: int, whole: bool) -> None:
    reply = read(f"[{entry(mask=SQUARE_YX[:corners])}]")
    assert (reply.findings[0].mask is not None) is whole
    assert kinds(reply) == ([] if whole else ["mask_unreadable"])


def test_an_outline_may_go_up_and_down_as_often_as_is_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for most, drawn in ((40, True), (39, False)):
        monkeypatch.setattr(polygons, "MAX_TRAVEL", most)
        reply = read(f"[{entry(mask=SQUARE_YX)}]")  # 40 rows up; closing it is not counted
        assert (reply.findings[0].mask is not None) is drawn


def test_holes_that_lie_close_together_stay_holes_of_their_own() -> None:
    down = [[120, 110], [120, 150], [480, 150], [480, 110]]
    up = [[480, 160], [480, 200], [120, 200], [120, 160]]
    bits = mask_of(read_one(mask=SQUARE_YX, holes=[down, up])).bits
    assert (bits.shape, int((~bits).sum())) == ((40, 40), 2 * 8 * 36)


def test_corners_are_in_the_order_that_puts_them_into_the_box() -> None:
    box = GridBox(100, 100, 200, 900)
    [yx], [xy] = (
        rings_in(_nodes(ring))
        for ring in ([[100, 100], [200, 900], [150, 500]], [[100, 100], [900, 200], [500, 150]])
    )
    assert [y_comes_first([ring], box, usually=u) for ring in (yx, xy) for u in (True, False)] == [
        True,
        True,
        False,
        False,
    ]
    square = GridBox(100, 100, 200, 200)
    [either] = rings_in(_nodes([[100, 100], [200, 200], [100, 200], [200, 100]]))
    assert [y_comes_first([either], square, usually=u) for u in (True, False)] == [True, False]


@pytest.mark.parametrize(("times", "kind"), [(1, None), (2, "duplicate"), (LOOP - 1, "duplicate")])
def test_an_object_said_a_few_times_is_no_loop(times: int, kind: str | None) -> None:
    reply = read("[" + ", ".join([entry()] * times) + "]")
    assert kinds(reply) == ([] if kind is None else [kind])
    assert kinds(read("[" + ", ".join([entry()] * LOOP) + "]")) == ["loop"]


def test_two_masks_in_one_box_are_one_object_from_half_in_common_on() -> None:
    whole = [[100, 100], [100, 300], [500, 300], [500, 100]]
    for side, objects in ((200, 1), (198, 2)):  # of 400 thousandths: half, and a little less
        part = [[100, 100], [100, 300], [100 + side, 300], [100 + side, 100]]
        reply = read(f"[{entry(mask=whole)}, {entry(mask=part, why='again')}]", (1000, 1000))
        assert len(reply.findings) == objects


def test_no_more_than_four_shapes_in_one_box_are_told_apart() -> None:
    strips = [[[100, x], [100, x + 20], [500, x + 20], [500, x]] for x in range(100, 220, 20)]
    text = "[" + ", ".join(entry(mask=strip) for strip in strips) + "]"
    assert len(read(text, (1000, 1000)).findings) == 4


@pytest.mark.parametrize("period", [1, 7, 399, 400, 401])
def test_a_tail_is_a_loop_of_up_to_four_hundred_letters(period: int) -> None:
    once = "".join(chr(0x4E00 + n) for n in range(period))
    tail = (once * LOOP_LETTERS)[:LOOP_LETTERS]
    assert repeated(tail) == (once if period <= 400 else None)
    assert repeated(tail[1:]) is None
    assert repeated(tail[:-1] + "!") is None


def test_short_objects_alike_are_a_loop_only_by_the_tail_they_make() -> None:
    reader = StreamReader(BARE)
    for _ in range(5):
        reader.take(small_entry(1) + ", ")
    assert reader.loop is None


def test_an_object_too_long_to_be_one_is_left_to_the_whole_reply(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = small_entry(1)
    for most, told in ((len(first) - 1, 2), (len(first) - 2, 0)):
        monkeypatch.setattr(streaming, "_LONGEST_OBJECT", most)
        reader = StreamReader(BARE)
        reader.take("[" + first[:-1])
        reader.take(first[-1])
        reader.take(", " + small_entry(2))
        assert len(reader.found) == told


def test_after_as_many_letters_as_may_be_read_a_stream_tells_nothing_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = "[" + small_entry(1) + ", "
    monkeypatch.setattr(streaming, "MAX_LETTERS", len(first))
    reader = StreamReader(BARE)
    assert len(reader.take(first)) == 1
    assert len(reader.take(small_entry(2))) == 1
    assert reader.take(", " + small_entry(3)) == []


def test_a_mask_made_again_is_counted_for_a_stream_as_for_a_whole_reply(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[object] = []

    def counted(read: ReadReply, pixels: Pixels) -> ReadReply:
        made.append(read)
        return read

    monkeypatch.setattr(streaming, "MAX_REBUILT", 2)
    monkeypatch.setattr(streaming, "with_rebuilt_masks", counted)
    reader = StreamReader(BARE)
    for number in range(4):
        reader.take(json.dumps({"box_2d": [number, 1, 90, 90], "label": "a"}))
    assert (len(reader.found), len(made)) == (4, 2)


def test_places_in_an_api_body_are_not_those_of_the_models_text() -> None:
    inner = f"[{entry()}, {entry()}, {entry(label='nut', mask='gimme')}, 7]"
    body = json.dumps({"candidates": [{"content": {"parts": [{"text": inner}]}}]})
    within, bare = read(body), read(inner)
    assert labels(within.findings) == labels(bare.findings) == ["bolt", "nut"]
    assert (kinds(within), within.numbers) == (kinds(bare), bare.numbers)
    assert [problem.object for problem in within.problems] == [
        problem.object for problem in bare.problems
    ]
    assert all(problem.span is None for problem in within.problems)
    assert any(problem.span is not None for problem in bare.problems)
    assert set(within.spans) <= {None}


def test_a_mask_stays_within_its_box_and_says_what_it_lost() -> None:
    over = [[100, 100], [100, 320], [500, 320], [500, 100]]
    assert mask_of(read_one(mask=over)).box.corners == (20, 10, 60, 50)
    assert kinds(read(f"[{entry(mask=over)}]")) == ["mask_clipped"]
    half = [[100, 100], [100, 505], [500, 505], [500, 100]]
    assert kinds(read(f"[{entry(mask=half)}]")) == ["mask_unreadable"]


def _nodes(value: object) -> loose_json.Value:
    [read_value] = read_values(json.dumps(value))
    return read_value.node
