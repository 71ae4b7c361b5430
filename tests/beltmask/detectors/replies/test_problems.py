"""Every problem names its object and the stretch of raw text it is about."""

from __future__ import annotations

import numpy as np
import pytest

from beltmask.detectors.replies.reader import ReadReply, read_reply
from beltmask.detectors.replies.rebuilt_masks import with_rebuilt_masks
from beltmask.errors import UnreadableReplyError
from beltmask.model import Problem
from tests.beltmask.detectors.replies.reply_parts import (
    BOX,
    SIZE,
    SQUARE_YX,
    entry,
    kinds,
    labels,
    png_uri,
    read,
)

TOKENS = "<start_of_mask><seg_7><seg_0><seg_115>"


def stretch(text: str, problem: Problem) -> str:
    assert problem.span is not None
    return text[slice(*problem.span)]


def the(kind: str, reply: ReadReply) -> Problem:
    (problem,) = [problem for problem in reply.problems if problem.kind == kind]
    return problem


def test_a_repeated_object_points_at_where_it_was_said_again() -> None:
    text = f"[{entry()}, {entry(label='nut')}, {entry()}]"
    assert stretch(text, the("duplicate", read(text))) == entry()
    assert text.rindex(entry()) == the("duplicate", read(text)).span[0]  # type: ignore[index]


def test_a_problem_of_an_object_without_its_first_brace_points_at_its_own_letters() -> None:
    said = '"box_2d": [100, 100, 300, 300], "label": "nut", "mask": "!"}'
    text = f"{said} That is all."
    assert stretch(text, the("mask_unreadable", read(text))) == said


def test_a_loop_points_at_all_that_was_too_much() -> None:
    again = ", ".join([entry()] * 5)
    text = f"[{entry()}, {again}]"
    assert stretch(text, the("loop", read(text))) == again


def test_an_object_cut_off_points_at_its_beginning_to_the_end() -> None:
    cut = '{"box_2d": [0, 0, 100, 12'
    text = f"[{entry()}, {cut}"
    assert stretch(text, the("cut_off", read(text))) == cut


def test_a_list_cut_off_points_behind_its_last_object() -> None:
    text = f"Look: [{entry()}, "
    assert stretch(text, the("cut_off", read(text))) == ", "


def test_a_list_cut_off_right_behind_an_object_points_at_its_end() -> None:
    text = f"[{entry()}"
    assert stretch(text, the("cut_off", read(text))) == "}"


def test_what_is_no_object_points_at_itself() -> None:
    text = f'[{entry()}, "nut", {entry(label="screw")}]'
    assert stretch(text, the("not_an_object", read(text))) == '"nut"'


def test_an_object_whose_brackets_are_missing_is_found_in_the_text() -> None:
    second = f'"box_2d": {BOX}, "label": 7.5, "mask": "gimme"'
    text = f'{{"box_2d": {BOX}, "label": "bolt", {second}}}'
    assert stretch(text, the("mask_unreadable", read(text))).startswith(second)


def test_a_fragment_without_its_first_bracket_points_right() -> None:
    text = f'"box_2d": {BOX}, "mask": "gimme", "label": "bolt"}}'
    assert stretch(text, the("mask_unreadable", read(text))) == text


def test_a_mask_made_again_points_at_its_object() -> None:
    picture = np.full((SIZE[1], SIZE[0], 3), 50, dtype=np.uint8)
    picture[15:45, 25:55] = (230, 230, 0)
    text = f"Look: [{entry(mask='gimme_mask_for_this')}]"
    reply = with_rebuilt_masks(read_reply(text, size=SIZE), picture)
    assert stretch(text, the("mask_refined", reply)) == entry(mask="gimme_mask_for_this")


def test_as_many_objects_as_were_asked_for_may_be_too_few() -> None:
    text = f"[{entry()}, {entry(label='nut')}]"
    assert kinds(read_reply(text, size=SIZE, object_cap=2)) == ["at_object_cap"]
    for cap in (None, 1, 3):
        assert read_reply(text, size=SIZE, object_cap=cap).problems == ()


def test_an_object_that_is_only_named_is_told_beside_others() -> None:
    text = f'[{entry()}, {{"label": "nut"}}]'
    problem = the("box_missing", read(text))
    assert (problem.object, stretch(text, problem)) == (2, '{"label": "nut"}')
    assert "nut" in problem.detail


@pytest.mark.parametrize("text", ['[{"label": "nut"}]', '{"items": [{"name": "nut"}]}'])
def test_a_reply_that_only_names_objects_is_refused_with_their_names(text: str) -> None:
    with pytest.raises(UnreadableReplyError, match="nut"):
        read(text)


def test_300_objects_alike_are_no_loop() -> None:
    entries = [
        entry(label="screw", box_2d=[n // 20 * 60, n % 20 * 50, n // 20 * 60 + 9, n % 20 * 50 + 9])
        for n in range(300)
    ]
    reply = read("[" + ", ".join(entries) + "]")
    assert (len(reply.findings), reply.problems) == (300, ())


def test_small_objects_that_share_pixels_are_not_one() -> None:
    one, other = entry(box_2d=[100, 100, 104, 104]), entry(box_2d=[101, 101, 104, 104])
    assert len(read(f"[{one}, {other}]").findings) == 2


def test_two_different_masks_in_one_box_are_two_objects() -> None:
    left = [[100, 100], [100, 190], [500, 190], [500, 100]]
    right = [[100, 210], [100, 300], [500, 300], [500, 210]]
    reply = read(f"[{entry(mask=left)}, {entry(mask=right)}, {entry(mask=left[::-1])}]")
    assert len(reply.findings) == 2
    assert kinds(reply) == ["duplicate"]


def test_codes_are_read_by_whoever_can() -> None:
    def decoder(codes: object) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
        assert codes == [7, 0, 115]
        return np.where(np.tri(40, dtype=np.bool_), np.uint8(255), np.uint8(0))

    reply = read_reply(f"[{entry(mask=TOKENS)}]", size=SIZE, decoder=decoder)
    (finding,) = reply.findings
    assert finding.mask is not None
    assert np.array_equal(finding.mask.bits, np.tri(40, dtype=np.bool_))
    assert (reply.dialect, reply.problems) == ("seg_tokens", ())


def test_a_decoder_that_gives_up_leaves_the_box() -> None:
    def decoder(codes: object) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
        raise ValueError("no such code")

    reply = read_reply(f"[{entry(mask=TOKENS)}]", size=SIZE, decoder=decoder)
    assert (len(reply.findings), kinds(reply)) == (1, ["mask_unreadable"])


def test_labels_keep_their_order_when_others_are_folded() -> None:
    png = png_uri(np.tri(8, dtype=np.bool_))
    text = f"[{entry(mask=png)}, {entry(label='nut', mask=SQUARE_YX)}, {entry(mask=png)}]"
    assert labels(read(text).findings) == ["bolt", "nut"]
