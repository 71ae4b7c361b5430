"""What is particular to one dialect of tokens: masks, quads, outlines, points, several boxes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from beltmask.detectors.replies.reader import ReadReply, read_reply
from beltmask.detectors.replies.units import Convention
from beltmask.errors import UnreadableReplyError
from beltmask.model import Pixels
from tests.beltmask.detectors.replies.reply_parts import boxes, kinds, labels, mask_of

SIZE = (1000, 1000)


def read(text: str) -> ReadReply:
    return read_reply(text, size=SIZE, convention=Convention(x_first=True))


def left_half(codes: Sequence[int]) -> Pixels:
    """Stands for a codebook: as many columns as there are codes, the left half of them set."""
    row = np.where(np.arange(len(codes)) < len(codes) // 2, 255, 0)
    return np.tile(row, (4, 1)).astype(np.uint8)


CODES = "".join(f"<seg{n:03d}>" for n in range(16))
SEGMENTED = f"<loc0100><loc0200><loc0500><loc0800>{CODES} bolt"


def test_codes_of_paligemma_are_a_mask_over_the_box_for_who_has_the_codebook() -> None:
    reply = read_reply(SEGMENTED, size=(1023, 1023), decoder=left_half)
    mask = mask_of(reply.findings[0])
    assert (reply.dialect, kinds(reply)) == ("seg_tokens", [])
    assert mask.box.corners == (200, 100, 500, 500)
    assert reply.findings[0].box.corners == (200, 100, 800, 500)


def test_without_the_codebook_the_box_stays_and_the_mask_is_missed() -> None:
    reply = read(SEGMENTED)
    assert (labels(reply.findings), kinds(reply)) == (["bolt"], ["mask_unreadable"])


def test_codes_that_end_early_are_no_mask() -> None:
    reply = read_reply(SEGMENTED[: SEGMENTED.index("<seg009>")], size=SIZE, decoder=left_half)
    assert reply.findings[0].mask is None
    assert set(kinds(reply)) == {"cut_off", "mask_unreadable", "label_missing"}


@pytest.mark.parametrize("count", [1, 3, 5, 7])
def test_an_object_with_too_few_or_too_many_tokens_is_missed_and_the_others_kept(
    count: int,
) -> None:
    odd = "<loc0100>" * count + " odd"
    reply = read(f"<loc0100><loc0100><loc0500><loc0500> bolt ; {odd}")
    assert (labels(reply.findings), kinds(reply)) == (["bolt"], ["box_missing"])
    assert "odd" in reply.problems[0].detail
    with pytest.raises(UnreadableReplyError, match=r"no object with a box.*odd"):
        read(odd)


def test_the_far_edge_of_the_picture_is_reached() -> None:
    assert boxes(read("<loc0000><loc0000><loc1023><loc1023> belt")) == [(0, 0, 1000, 1000)]
    assert boxes(read("<|ref|>belt<|/ref|><|det|>[[0, 0, 999, 999]]<|/det|>")) == [
        (0, 0, 1000, 1000)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "bolt<loc_100><loc_200><loc_300><loc_400><loc_500><loc_600><loc_700><loc_800>",
        "<|ref|>bolt<|/ref|><|det|>[[100, 200, 300, 400], [500, 600, 700, 800]]<|/det|>",
        "<ref>bolt</ref><box>[[100, 200, 300, 400], [500, 600, 700, 800]]</box>",
        "<ref>bolt</ref><box>(100,200),(300,400)</box><box>(500,600),(700,800)</box>",
        "<ref>bolt</ref><box>(100,200),(300,400),(500,600),(700,800)</box>",
        "bolt(100,200),(300,400),(500,600),(700,800)",
    ],
)
def test_one_label_may_have_several_boxes(text: str) -> None:
    reply = read(text)
    assert labels(reply.findings) == ["bolt", "bolt"]
    for box, truth in zip(boxes(reply), [(100, 200, 300, 400), (500, 600, 700, 800)], strict=True):
        assert box == pytest.approx(truth, abs=1)
    assert kinds(reply) == []


def test_eight_tokens_that_run_round_are_a_quad() -> None:
    reply = read("M8<loc_100><loc_100><loc_300><loc_120><loc_290><loc_400><loc_90><loc_380>")
    assert (labels(reply.findings), kinds(reply)) == (["M8"], ["box_derived"])
    assert boxes(reply)[0] == pytest.approx((90, 100, 300, 400), abs=1)


def test_quads_of_qwen_are_outlines() -> None:
    reply = read("<ref>M8</ref><quad>(100,100),(300,120),(290,400),(90,380)</quad>")
    assert boxes(reply) == [(90, 100, 300, 400)]
    assert mask_of(reply.findings[0]).area == pytest.approx(200 * 280, rel=0.01)


def test_outlines_of_florence_are_apart_and_their_parts_together() -> None:
    one = "".join(f"<loc_{n}>" for n in (100, 100, 200, 100, 200, 200, 100, 200))
    two = "".join(f"<loc_{n}>" for n in (400, 400, 500, 400, 500, 500, 400, 500))
    reply = read(f"bolt<poly>{one}<sep>{two}</poly>nut<poly>{two}</poly><poly>{one}</poly>")
    assert labels(reply.findings) == ["bolt", "nut", "nut"]
    assert [mask_of(one).area for one in reply.findings] == [20_000, 10_000, 10_000]
    cut = read(f"bolt<poly>{one}</poly>nut<poly>{two}")
    assert labels(cut.findings) == ["bolt"]
    assert set(kinds(cut)) == {"box_derived", "cut_off", "mask_unreadable"}


def test_a_label_of_florence_whose_box_never_came_is_told() -> None:
    reply = read("bolt<loc_100><loc_100><loc_300><loc_300>hex n")
    assert (labels(reply.findings), kinds(reply)) == (["bolt"], ["cut_off"])


def test_a_label_without_a_box_is_told() -> None:
    reply = read("<ref>bolt</ref> and <ref>nut</ref><box>[[1, 2, 30, 40]]</box> seen.")
    assert (labels(reply.findings), kinds(reply)) == (["nut"], ["box_missing"])
    assert reply.problems[0].detail.startswith("bolt")


def test_a_box_without_a_label_is_read_and_the_label_missed() -> None:
    reply = read("The bolt is at <box>[[100, 200, 300, 400]]</box>.")
    assert (boxes(reply), kinds(reply)) == ([(100, 200, 300, 400)], ["label_missing"])
    assert labels(read("A bolt<box>[[100, 200, 300, 400]]</box>").findings) == ["A bolt"]


def test_numbers_far_beyond_a_dialects_grid_are_unsure() -> None:
    reply = read("<|ref|>bolt<|/ref|><|det|>[[100, 200, 1900, 400]]<|/det|>")
    assert boxes(reply) == [(100, 200, 1000, 400)]
    assert kinds(reply) == ["box_clipped", "units_unsure"]


def test_tokens_of_qwen_that_leave_the_grid_are_pixels() -> None:
    text = "<|object_ref_start|>bolt<|object_ref_end|><|box_start|>(1100,60),(1500,90)<|box_end|>"
    reply = read_reply(text, size=(1600, 1200), convention=Convention(x_first=True))
    assert boxes(reply) == [(1100, 60, 1500, 90)]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ('<point x="10.5" y="20" alt="bolt">bolt</point>', [(20, 10.5)]),
        ('<points x1="1" y1="2" x2="3" y2="4.5" alt="bolt">bolts</points>', [(2, 1), (4.5, 3)]),
        ('<points coords="1 1 073 160 2 173 600">bolt</points>', [(160, 73), (600, 173)]),
        ("Counting the <point y='20' x='10.5'>bolt</point> shows one.", [(20, 10.5)]),
    ],
)
def test_points_of_molmo_are_told(text: str, points: list[tuple[float, float]]) -> None:
    reply = read(text)
    assert (reply.dialect, reply.findings) == ("points", ())
    said = [problem.detail for problem in reply.problems]
    assert said == [f"bolt: only the point y {y:g}, x {x:g} was given" for y, x in points]


def test_a_point_that_lacks_an_axis_or_its_end_is_told() -> None:
    reply = read('<point x="1" y="2">bolt</point><points x1="1">nut</points><point x="5')
    assert kinds(reply) == ["points_only", "box_missing", "cut_off"]


def test_entries_are_read_as_such_whatever_tokens_are_in_their_words() -> None:
    entry = '[{"bbox_2d": [100, 200, 300, 400], "label": "<loc0001><loc0001><loc0009><loc0009> a"}]'
    assert boxes(read(entry)) == [(100, 200, 300, 400)]
