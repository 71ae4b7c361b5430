"""One's own earlier changes count, somebody else's between them do not go unnoticed."""

from __future__ import annotations

import pytest

from beltmask.errors import StaleRevisionError
from beltmask.review import Edit, EditKind, rebased, revision_reached


@pytest.mark.parametrize(
    ("base", "own", "reached"),
    [
        (3, [], 3),
        (3, [4, 5], 5),
        (3, [5, 4, 4], 5),
        (3, [2, 3, 4], 4),
        (3, [0, 4], 4),
        (3, [5], None),
        (3, [4, 6], None),
    ],
)
def test_ones_own_changes_lead_on_without_a_gap(
    base: int, own: list[int], reached: int | None
) -> None:
    assert revision_reached(base, own) == reached


def test_an_edit_is_made_on_what_ones_own_gestures_left() -> None:
    edit = Edit("e", EditKind.DELETE, "a", 1, after=("g", "h", "i"))
    left = {"g": {"a": 2, "b": 9}, "h": {"b": 10}, "i": {"a": 3}}
    assert rebased(edit, left).base_revision == 3
    with pytest.raises(StaleRevisionError, match="an earlier change of yours"):
        rebased(edit, {"g": {"a": 2}, "i": {"a": 3}})
    with pytest.raises(StaleRevisionError, match="somebody else"):
        rebased(edit, {**left, "i": {"a": 4}})
