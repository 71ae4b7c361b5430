"""What settles an object, and what may be approved: the table the canvas's own tests run as well.

The canvas shows at once what a gesture will do, and says which objects "accept all" and "approve"
take; whoever keeps them decides. ``edits`` is what becomes of an object of each kind, ``pictures``
what is accepted on a picture when it is approved, and whether that is made.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from beltmask.errors import OpenProposalsError, ReviewError
from beltmask.model import Annotation, AnnotationSource, AnnotationState
from beltmask.review import Edit, EditKind, check_approval, edited
from tests.beltmask.object_sets import CAN
from tests.beltmask.store.builders import annotation, mask

RULE = json.loads(Path(__file__).with_name("acceptance_rule.json").read_text(encoding="utf-8"))
WITHOUT_PROPERTIES = {EditKind.ADD, EditKind.DELETE}
"""What an object becomes by these does not depend on what it was."""


def object_of(told: dict[str, Any], name: str = "a") -> Annotation:
    return annotation(
        name,
        7,
        state=AnnotationState(told["state"]),
        source=AnnotationSource(told["source"]),
        class_id=CAN.id if told.get("class", True) else None,
    )


def settled(item: Annotation, kind: EditKind) -> Annotation:
    after = edited(Edit("e", kind, item.id, 1, mask(), CAN, layer=1), item, image_id=7).after
    assert after is not None
    return after


def test_the_table_has_a_row_for_every_object_and_every_edit() -> None:
    rows = [(row["do"], row["state"], row["source"]) for row in RULE["edits"]]
    kinds = set(EditKind) - WITHOUT_PROPERTIES
    assert sorted(rows) == sorted(product(kinds, AnnotationState, AnnotationSource))


@pytest.mark.parametrize("row", RULE["edits"], ids=lambda row: " ".join(list(row.values())[:3]))
def test_an_edit_settles_an_object_as_the_table_says(row: dict[str, Any]) -> None:
    after = settled(object_of(row), EditKind(row["do"]))
    assert {"state": after.state, "source": after.source} == row["becomes"]
    assert after.revision == 2


@pytest.mark.parametrize("row", RULE["pictures"], ids=lambda row: str(row["what"]))
def test_a_picture_is_approved_as_the_table_says(row: dict[str, Any]) -> None:
    objects = [object_of(told, str(number)) for number, told in enumerate(row["objects"])]
    for number in row["accepts"]:
        objects[number] = settled(objects[number], EditKind.ACCEPT)
    assert answer_to_approval(objects) == row["approval"]


def answer_to_approval(objects: Sequence[Annotation]) -> str:
    try:
        check_approval(objects)
    except OpenProposalsError:
        return "open proposals"
    except ReviewError:
        return "no class"
    return "made"


@pytest.mark.parametrize("row", RULE["pictures"], ids=lambda row: str(row["what"]))
def test_what_is_not_accepted_with_all_is_settled_or_a_conflict_copy(row: dict[str, Any]) -> None:
    left = [each for n, each in enumerate(row["objects"]) if n not in row["accepts"]]
    objects = map(object_of, left)
    assert all(each.conflict_copy or each.state != "proposed" for each in objects)
