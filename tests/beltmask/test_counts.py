"""Numbers with their nouns."""

from __future__ import annotations

import pytest

from beltmask.counts import counted


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 objects"), (1, "1 object"), (2, "2 objects"), (1234, "1,234 objects")],
)
def test_one_object_is_not_called_1_objects(number: int, said: str) -> None:
    assert counted(number, "object") == said


def test_a_noun_may_have_a_plural_of_its_own() -> None:
    assert [counted(n, "reply", "replies") for n in (1, 2)] == ["1 reply", "2 replies"]
