"""Replies that mean harm: bounded, and as honest as any other."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from beltmask.detectors.replies.decode_limits import MOST
from beltmask.detectors.replies.dialects.registry import MAX_ENTRIES
from beltmask.detectors.replies.loose_json import MAX_TOKENS
from beltmask.detectors.replies.reader import MAX_OBJECTS
from beltmask.detectors.replies.reply_entries import MAX_LETTERS
from beltmask.errors import UnreadableReplyError
from tests.beltmask.detectors.replies.hostile_replies import BOX, HOSTILE
from tests.beltmask.detectors.replies.reply_parts import entry, kinds, labels, read

SIZE = (1920, 1080)
MOST_MEMORY = 200e6


@pytest.mark.parametrize("name", HOSTILE)
def test_no_reply_takes_much_memory(name: str) -> None:
    text = HOSTILE[name](0.005)
    tracemalloc.start()
    try:
        read(text, SIZE)
    except UnreadableReplyError:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < MOST_MEMORY


@pytest.mark.parametrize(
    "name",
    [
        "10 MB of AAAA as a mask",
        "10 MB of AAAA, cut",
        "a 10 MB label",
        "a mask 100,000 deep",
        "a PNG of 60,000 x 60,000",
        "a polygon of 1,000,000 points",
        "a polygon in a string",
        "5 MB of run lengths",
    ],
)
def test_the_box_of_a_hostile_mask_is_kept(name: str) -> None:
    (finding,) = read(HOSTILE[name](0.02), SIZE).findings
    assert finding.box.corners == (192, 108, 576, 540)


def test_objects_beyond_the_limit_are_counted_exactly() -> None:
    reply = read(HOSTILE["100,000 objects"](0.1), SIZE)
    assert len(reply.findings) == MAX_OBJECTS
    assert reply.findings[-1].label == f"o{MAX_OBJECTS - 1}"
    (problem,) = reply.problems
    assert problem.kind == "over_limit"
    assert "10000 objects in" in problem.detail
    assert f"{10_000 - MAX_OBJECTS} were not" in problem.detail


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("different objects of PaliGemma", MAX_OBJECTS),
        ("boxes of DeepSeek under one label", 1),
        ("boxes of Qwen under one label", 1),
    ],
)
def test_objects_in_tokens_beyond_the_limit_are_counted(name: str, kept: int) -> None:
    text = HOSTILE[name](0.3)
    reply = read(text, SIZE)
    assert len(reply.findings) == kept
    over = [problem.detail for problem in reply.problems if problem.kind == "over_limit"]
    written = text.count("<loc") // 4 or text.count("3,4")
    said = written if kept > 1 else written - MAX_ENTRIES + kept  # the same one is counted once
    assert [f"{said} objects in" in detail for detail in over] == [True]


def test_objects_in_text_beyond_the_limit_are_counted() -> None:
    label = "x" * (MAX_LETTERS // 2)
    entries = [entry(label=f"{number}{label}") for number in range(3)]
    reply = read("[" + ", ".join(entries) + "]")
    assert len(reply.findings) == 1
    assert kinds(reply) == ["over_limit"]
    assert "3 objects in" in reply.problems[0].detail


def test_the_same_object_without_end_costs_no_other_one() -> None:
    again = ", ".join([entry()] * (MAX_OBJECTS + 500))
    reply = read(f"[{again}, {entry(label='nut')}]")
    assert labels(reply.findings) == ["bolt", "nut"]
    assert kinds(reply) == ["loop"]
    assert "2500 times" in reply.problems[0].detail


def test_an_object_in_which_the_limit_fell_is_not_called_cut_off() -> None:
    numbers = ", ".join(["1"] * MAX_TOKENS)
    reply = read(f'[{entry()}, {{"box_2d": {BOX}, "label": "long", "mask": [{numbers}]}}]')
    assert labels(reply.findings) == ["bolt"]
    assert kinds(reply) == ["over_limit"]


@pytest.mark.parametrize("what", MOST)
def test_work_is_limited_for_all_objects_together(
    monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    masks = {
        "run lengths": {"size": [100, 200], "counts": [2110, 30, 17860]},
    }
    square = [[100, 100], [100, 300], [500, 300], [500, 100]]
    mask = masks.get(what, square)
    alone = read(f"[{entry(mask=mask)}]")
    assert alone.findings[0].mask is not None
    entries = [json.loads(entry(mask=mask, label=str(number))) for number in range(40)]
    spent = {"corners": 4, "run lengths": 3, "crossed rows": 40}.get(what, 1600)
    monkeypatch.setitem(MOST, what, 10 * spent + spent // 2)
    reply = read(json.dumps(entries))
    assert len(reply.findings) == 40
    assert 5 <= sum(finding.mask is not None for finding in reply.findings) <= 10
    assert set(kinds(reply)) == {"over_limit"}
