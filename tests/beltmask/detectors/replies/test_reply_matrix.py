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


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("container", [*CONTAINERS, "API body"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_combination_gives_the_same_objects(
    dialect: str, container: str, damage: str
) -> None:
    around = CONTAINERS["bare list" if container == "API body" else container]
    text = DAMAGES[damage](around(entries(DIALECTS[dialect][1])))
    reply = read(in_a_body(text) if container == "API body" else text)
    whole = undamaged(dialect)
    assert reply.dialect == whole.dialect
    assert boxes(reply) == boxes(whole)
    assert [finding.mask for finding in reply.findings] == [f.mask for f in whole.findings]
    named = 2 if damage == "cut in the last label" else 3
    assert labels(reply.findings)[:named] == list(NAMES[:named])
    kinds = {problem.kind for problem in reply.problems}
    allowed = {"cut_off", "label_missing"} if damage in CUT else set()
    assert kinds - allowed == ({"mask_unreadable"} if dialect in UNREADABLE else set())
