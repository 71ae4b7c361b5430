"""Every dialect in every container with every damage."""

from __future__ import annotations

import json
from functools import cache

import pytest

from beltmask.detectors.replies.reader import ReadReply
from tests.beltmask.detectors.replies.reply_matrix import (
    CONTAINERS,
    CUT,
    DAMAGES,
    DIALECTS,
    NAMES,
    UNREADABLE,
    entries,
    in_a_body,
)
from tests.beltmask.detectors.replies.reply_parts import boxes, labels, read


@cache
def undamaged(dialect: str) -> ReadReply:
    return read(json.dumps(entries(DIALECTS[dialect][1])))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_dialect_is_read_as_itself(dialect: str) -> None:
    reply = undamaged(dialect)
    assert reply.dialect == DIALECTS[dialect][0]
    assert boxes(reply) == [(20, 10, 60, 50), (20, 60, 60, 100), (140, 10, 180, 50)]
    bare = dialect in UNREADABLE or dialect == "no mask"
    assert [finding.mask is None for finding in reply.findings] == [bare] * 3


@pytest.mark.parametrize("container", [*CONTAINERS, "API body"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_combination_gives_the_same_objects(dialect: str, container: str) -> None:
    around = CONTAINERS["bare list" if container == "API body" else container]
    for damage, damaged in DAMAGES.items():
        text = damaged(around(entries(DIALECTS[dialect][1])))
        check(read(in_a_body(text) if container == "API body" else text), dialect, damage)


def check(reply: ReadReply, dialect: str, damage: str) -> None:
    whole = undamaged(dialect)
    assert reply.dialect == whole.dialect, damage
    assert boxes(reply) == boxes(whole), damage
    masks = [finding.mask for finding in reply.findings]
    assert masks == [finding.mask for finding in whole.findings], damage
    named = 2 if damage == "cut in the last label" else 3
    assert labels(reply.findings)[:named] == list(NAMES[:named]), damage
    kinds = {problem.kind for problem in reply.problems}
    allowed = {"cut_off", "label_missing"} if damage in CUT else set()
    unread = {"mask_unreadable"} if dialect in UNREADABLE else set()
    assert kinds - allowed == unread, damage
