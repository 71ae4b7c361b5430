"""The command ``parse``: a recorded reply as plain data."""

from __future__ import annotations

import json

import numpy as np
import pytest

from beltmask.errors import UnreadableReplyError
from beltmask.workflows.reply_report import parse_reply_text

TEXT = """[{"box_2d": [100, 100, 500, 300], "label": "bolt",
            "mask": [[100, 100], [100, 300], [500, 300], [500, 100]]},
           {"box_2d": [600, 600, 900, 900], "label": "nut", "mask": "gimme_mask_for_this"}]"""
BODY = {"candidates": [{"content": {"parts": [{"text": TEXT}]}, "finishReason": "STOP"}]}


@pytest.mark.parametrize("text", [TEXT, json.dumps(BODY)])
def test_the_whole_answer_is_plain_json(text: str) -> None:
    parsed = parse_reply_text(text, size=(200, 100), picture=None)
    assert json.loads(json.dumps(parsed)) == parsed
    assert parsed == {
        "dialect": "polygon",
        "objects": [
            {"label": "bolt", "box": [20, 10, 60, 50], "area": 1600, "mask_source": "model"},
            {"label": "nut", "box": [120, 60, 180, 90], "area": None, "mask_source": "none"},
        ],
        "problems": [
            {
                "kind": "mask_unreadable",
                "object": 2,
                "detail": "the mask is nothing known: 'gimme_mask_for_this'",
            }
        ],
    }


def test_with_the_picture_a_bad_mask_is_made_again() -> None:
    picture = np.random.default_rng(0).integers(40, 60, (100, 200, 3), dtype=np.uint8)
    picture[65:85, 125:175] = (230, 230, 0)
    parsed = parse_reply_text(TEXT, size=(200, 100), picture=picture)
    assert parsed["objects"][1]["mask_source"] == "refined"
    assert abs(parsed["objects"][1]["area"] - 20 * 50) < 60
    assert [problem["kind"] for problem in parsed["problems"]] == [
        "mask_unreadable",
        "mask_refined",
    ]


def test_an_empty_list_is_an_answer() -> None:
    parsed = parse_reply_text("[]", size=(9, 9), picture=None)
    assert parsed == {"dialect": "none", "objects": [], "problems": []}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I see nothing.", "prose"),
        ("", "empty"),
        ('{"error": {"code": 503, "message": "Overloaded."}}', "Overloaded"),
    ],
)
def test_what_nobody_can_read_is_refused_in_one_line(text: str, reason: str) -> None:
    with pytest.raises(UnreadableReplyError, match=reason) as refused:
        parse_reply_text(text, size=(9, 9), picture=None)
    assert "\n" not in str(refused.value)
