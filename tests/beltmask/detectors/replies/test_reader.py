"""A reply as a whole: what is read, what is named a problem, what is refused."""

from __future__ import annotations

import pytest

from beltmask.detectors.replies.decode_limits import MOST
from beltmask.detectors.replies.reader import MAX_OBJECTS
from beltmask.errors import EmptyReplyError, UnreadableReplyError
from beltmask.model import MaskSource
from tests.beltmask.detectors.replies.reply_parts import (
    BOX,
    SQUARE_YX,
    boxes,
    entry,
    kinds,
    labels,
    read,
)

TWO = f"[{entry()}, {entry(label='nut', box_2d=[0, 0, 100, 100])}]"


@pytest.mark.parametrize(
    "text",
    [
        TWO,
        f"```json\n{TWO}\n```",
        f"````json\n{TWO}\n````",
        f"Here are the [2] objects:\n```json\n{TWO}\n```\nMind the {{gap}}.",
        f'{{"boxes": {TWO}}}',
        f'{{"masks": {TWO}, "note": "two"}}',
        f'{{"detections": {TWO}}}',
        f'{{"result": {{"items": {TWO}}}}}',
        TWO.replace("}, {", "}\n{").strip("[]"),  # one object per line
        TWO.replace("}", ",}"),
        TWO.replace("{", "{{").replace("}", "}}"),
        TWO.replace('"', "'"),
        TWO[:-1],  # the closing bracket is missing
        TWO.replace("}, {", ", "),  # the brackets between two objects are missing
        TWO.replace('"label"', "label"),
    ],
)
def test_two_objects_are_found_in_any_container(text: str) -> None:
    reply = read(text)
    assert labels(reply.findings) == ["bolt", "nut"]
    assert boxes(reply) == [(20, 10, 60, 50), (0, 0, 20, 10)]


_TOKENS = "<start_of_mask>" + "<seg_9>" * 16


@pytest.mark.parametrize(
    "debris",
    [
        _TOKENS.replace("<seg_9>", '<seg_9">', 1),
        _TOKENS.replace("<seg_9>", '<seg_9>", "', 1),
        _TOKENS + '"',
        _TOKENS[:40] + '"}, {"' + _TOKENS[40:],
        _TOKENS + "]",
    ],
)
def test_tokens_broken_by_debris_cost_no_other_object(debris: str) -> None:
    broken = f'{{"box_2d": {BOX}, "mask": "{debris}", "label": "bolt"}}'
    reply = read(f"[{broken}, {entry(label='nut')}, {entry(label='screw')}]")
    assert labels(reply.findings)[-2:] == ["nut", "screw"]
    assert reply.findings[0].box.corners == (20, 10, 60, 50)
    assert reply.dialect == "seg_tokens"


def test_a_label_that_is_never_closed_costs_no_other_object() -> None:
    broken = f'{{"label": "bolt, "box_2d": {BOX}}}'
    assert len(read(f"[{broken}, {entry(label='nut')}]").findings) == 2


def test_a_single_object_needs_no_list() -> None:
    assert labels(read(entry()).findings) == ["bolt"]


@pytest.mark.parametrize(
    "text", ["[]", "```json\n[]\n```", '{"boxes": []}', "Nothing was found: []", "[ ]\n"]
)
def test_an_empty_list_is_a_good_answer(text: str) -> None:
    reply = read(text)
    assert (reply.findings, reply.problems, reply.dialect) == ((), (), "none")


@pytest.mark.parametrize(
    "text",
    [
        "I see no foreign objects.",
        "- [ ] bolt\n- [x] nut",
        "[no objects here]",
        "{}",
        "null",
        "[1, 2, 3]",
        '[{"label": "bolt"}]',
        '{"error": {"code": 429, "message": "Quota"}}',
        "[",
        '[{"box_2d": [1',
        '[{"box_2d": null, "label": "bolt"}]',
        "<html>[]</html>",
    ],
)
def test_a_reply_nobody_can_read_is_never_an_empty_belt(text: str) -> None:
    with pytest.raises(UnreadableReplyError) as refused:
        read(text)
    assert refused.value.reply == text
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_no_text_at_all_is_an_empty_reply(text: str) -> None:
    with pytest.raises(EmptyReplyError):
        read(text)


def test_an_error_body_gives_its_own_reason() -> None:
    with pytest.raises(UnreadableReplyError, match="Please retry in 53 s"):
        read('{"error": {"code": 429, "message": "Please retry in 53 s"}}')


def test_the_text_is_taken_out_of_a_whole_body() -> None:
    parts = '[{"text": "hmm", "thought": true}, {"text": "[{\\"box_2d\\": [100, 100, 500,"}, '
    parts += '{"text": " 300], \\"label\\": \\"bolt\\"}]"}]'
    body = f'{{"candidates": [{{"content": {{"parts": {parts}}}, "finishReason": "STOP"}}]}}'
    assert boxes(read(body)) == [(20, 10, 60, 50)]


def test_a_body_without_text_says_why() -> None:
    with pytest.raises(EmptyReplyError, match="MAX_TOKENS"):
        read('{"candidates": [{"content": {"role": "model"}, "finishReason": "MAX_TOKENS"}]}')


def test_every_whole_object_survives_a_cut_at_any_byte() -> None:
    second = entry(label='a ] } " nut', box_2d=[0, 0, 100, 100])
    text = f"```json\n[{entry()}, {second}]\n```"
    first_ends, second_ends = text.index("}") + 1, text.rindex("}") + 1
    for end in range(first_ends, len(text)):
        reply = read(text[:end])
        assert labels(reply.findings)[0] == "bolt"
        assert "cut_off" in kinds(reply) or end > second_ends
        assert end < second_ends or len(reply.findings) == 2


def test_a_box_whose_last_digits_may_be_missing_is_not_trusted() -> None:
    reply = read(f'[{entry()}, {{"box_2d": [0, 0, 100, 12')
    assert len(reply.findings) == 1
    assert kinds(reply) == ["cut_off"]


def test_a_cut_mask_leaves_the_box() -> None:
    reply = read('[{"box_2d": [100, 100, 500, 300], "label": "bolt", "mask": [[100, 100], [1')
    assert boxes(reply) == [(20, 10, 60, 50)]
    assert reply.findings[0].mask_source is MaskSource.NONE
    assert kinds(reply) == ["cut_off", "mask_unreadable"]


def test_said_twice_is_kept_once_and_said_so() -> None:
    reply = read(f"[{entry()}, {entry(label='nut')}, {entry()}]")
    assert labels(reply.findings) == ["bolt", "nut"]
    assert [(p.kind, p.object) for p in reply.problems] == [("duplicate", 1)]


def test_a_loop_of_objects_is_folded_and_counted() -> None:
    reply = read("[" + ", ".join([entry()] * 40) + "]")
    assert len(reply.findings) == 1
    assert kinds(reply) == ["loop"]
    assert "40 times" in reply.problems[0].detail


def test_a_loop_inside_a_mask_is_named() -> None:
    reply = read('[{"box_2d": [100, 100, 500, 300], "label": "bolt", "mask": [' + "true, " * 60)
    assert kinds(reply) == ["cut_off", "mask_unreadable", "loop"]
    assert reply.dialect == "booleans"


def test_what_is_no_object_is_named_with_its_place() -> None:
    reply = read(f'[{entry()}, "nut", {entry(label="screw")}]')
    assert len(reply.findings) == 2
    assert [(p.kind, p.object) for p in reply.problems] == [("not_an_object", 2)]
    assert reply.numbers == (1, 3)


def test_more_objects_than_the_limit_are_counted_not_read() -> None:
    entries = (entry(label=str(number)) for number in range(MAX_OBJECTS + 5))
    reply = read("[" + ",".join(entries) + "]")
    assert len(reply.findings) == MAX_OBJECTS
    assert kinds(reply) == ["over_limit"]


def test_masks_too_large_together_are_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MOST, "mask pixels", 45_000)
    mask = [[0, 0], [0, 1000], [1000, 1000], [1000, 0]]
    entries = [entry(label=str(n), box_2d=[0, 0, 1000, 1000], mask=mask) for n in range(3)]
    reply = read("[" + ",".join(entries) + "]")
    assert [finding.mask is not None for finding in reply.findings] == [True, True, False]
    assert [(p.kind, p.object) for p in reply.problems] == [("over_limit", 3)]


def test_points_are_read_but_make_no_object() -> None:
    reply = read('[{"point": [550, 260], "label": "bin"}]')
    assert (reply.dialect, reply.findings, kinds(reply)) == ("points", (), ["points_only"])


def test_an_object_without_a_label_gets_a_name_and_a_problem() -> None:
    reply = read(f'[{{"box_2d": {BOX}}}, {{"box_2d": [0, 0, 9, 9], "label": "  "}}]')
    assert labels(reply.findings) == ["object", "object"]
    assert kinds(reply) == ["label_missing", "label_missing"]


def test_labels_are_one_printable_line() -> None:
    (finding,) = read(entry(label="a\n b\ud800")).findings
    assert finding.label.isprintable()
    assert finding.label.startswith("a b")


def test_letters_nobody_sees_do_not_cut_a_label_in_two() -> None:
    (finding,) = read(entry(label="\u202ebo\u200blt\ufeff")).findings
    assert finding.label == "bolt"


def test_two_dialects_in_one_reply_are_mixed() -> None:
    tokens = "<start_of_mask><seg_1><seg_2>"
    reply = read(f"[{entry(mask=SQUARE_YX)}, {entry(label='nut', mask=tokens)}]")
    assert reply.dialect == "mixed"


def test_an_object_without_a_mask_among_others_with_one_is_named() -> None:
    reply = read(f"[{entry(mask=SQUARE_YX)}, {entry(label='nut')}]")
    assert reply.dialect == "polygon"
    assert [(p.kind, p.object) for p in reply.problems] == [("mask_missing", 2)]


def test_boxes_alone_are_an_answer_without_problems() -> None:
    reply = read(TWO)
    assert (reply.dialect, reply.problems) == ("box", ())


def test_problems_point_at_the_raw_text() -> None:
    text = f"Look: [{entry(mask='gimme_mask_for_this')}]"
    (problem,) = read(text).problems
    assert problem.span is not None
    assert text[slice(*problem.span)] == entry(mask="gimme_mask_for_this")


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 50_000, "[{" * 50_000 + "]}" * 50_000, '["' * 50_000, "[]" * 20_000],
)
def test_deep_or_endless_nesting_is_refused_like_any_other_reply(text: str) -> None:
    with pytest.raises(UnreadableReplyError):
        read(text)
