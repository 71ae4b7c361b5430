"""Replies that Gemini models really gave, read in place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from beltmask.detectors.replies.reader import ReadReply
from beltmask.errors import EmptyReplyError, UnreadableReplyError
from tests.beltmask.detectors.replies.reply_parts import kinds, read

pytestmark = pytest.mark.pictures
SIZE = (640, 480)
_TOKENS = ["mask_unreadable"] * 3
_CUT_LOOP = ["cut_off", "mask_unreadable", "label_missing", "loop"]

READ = [
    ("01", "png", 15, 15, []),
    ("03", "png", 2, 2, []),
    ("05", "png", 1, 1, []),
    ("07", "png", 1, 1, []),
    ("10", "seg_tokens", 3, 0, _TOKENS),
    ("15", "polygon", 1, 1, ["box_derived", "label_missing"]),
    ("17", "box", 4, 0, []),
    ("18", "box", 6, 0, []),
    ("20", "box", 13, 0, []),
    ("25", "points", 0, 0, ["points_only"] * 7),
    ("28", "booleans", 1, 0, _CUT_LOOP),
]
REFUSED = [
    ("12", "seg_tokens"),
    ("13", "png"),
    ("29", "rle"),
    ("33", "You exceeded your current quota"),
]
_BODY = "31"


@pytest.fixture
def replies(shared_data: Path) -> Path:
    return shared_data / "gemini_replies"


def _read(replies: Path, number: str) -> ReadReply:
    (path,) = replies.glob(f"{number}-*.txt")
    return read(path.read_text(encoding="utf-8"), SIZE)


@pytest.mark.parametrize(("number", "dialect", "objects", "masks", "problems"), READ)
def test_what_each_recorded_reply_gives(
    *, replies: Path, number: str, dialect: str, objects: int, masks: int, problems: list[str]
) -> None:
    reply = _read(replies, number)
    assert (reply.dialect, len(reply.findings)) == (dialect, objects)
    assert sum(finding.mask is not None for finding in reply.findings) == masks
    assert kinds(reply) == problems


@pytest.mark.parametrize(("number", "reason"), REFUSED)
def test_recorded_replies_nobody_can_place(replies: Path, number: str, reason: str) -> None:
    with pytest.raises(UnreadableReplyError, match=reason):
        _read(replies, number)


def test_a_recorded_body_without_text(replies: Path) -> None:
    with pytest.raises(EmptyReplyError, match="MAX_TOKENS"):
        _read(replies, _BODY)


def test_every_recorded_reply_is_one_of_these(replies: Path) -> None:
    index: list[dict[str, Any]] = json.loads((replies / "index.json").read_text(encoding="utf-8"))
    known = {str(row[0]) for row in (*READ, *REFUSED)} | {_BODY}
    assert {item["file"][:2] for item in index} == known


def test_the_index_agrees_on_the_number_of_objects(replies: Path) -> None:
    index: list[dict[str, Any]] = json.loads((replies / "index.json").read_text(encoding="utf-8"))
    counted = [item for item in index if item.get("n_objects") and "points" not in item["file"]]
    for item in counted:
        reply = _read(replies, item["file"][:2])
        assert len(reply.findings) == item["n_objects"], item["file"]
    assert len(counted) >= 7


def test_recorded_masks_reach_the_sides_of_their_boxes(replies: Path) -> None:
    findings = _read(replies, "01").findings
    assert len(findings) == 15
    for finding in findings:
        assert finding.mask is not None
        assert finding.mask.box.width >= 0.85 * finding.box.width
        assert finding.mask.box.height >= 0.85 * finding.box.height


def test_a_recorded_reply_cut_at_any_byte_keeps_its_whole_objects(replies: Path) -> None:
    (path,) = replies.glob("01-*.txt")
    text = path.read_text(encoding="utf-8")
    ends = range(200, len(text), 487)
    whole = [text[:end].count("},") for end in ends]
    assert (len(ends) > 20, whole[0], max(whole)) == (True, 0, 14)
    assert all(_count(text[:end]) >= least for end, least in zip(ends, whole, strict=True))


def _count(text: str) -> int:
    try:
        return len(read(text, SIZE).findings)
    except UnreadableReplyError:
        return 0
