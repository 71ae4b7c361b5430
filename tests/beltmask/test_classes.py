"""From the words a model uses to the classes of a project."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.classes import Likeness, class_for, suggestions, taken_back
from beltmask.errors import StaleRevisionError
from beltmask.model import Class

CAN = Class(1, 1, 0, "Soda can", "#ff0000", aliases=("tin", "Dose"))
GLOVE = Class(2, 1, 1, "glove", "#00ff00", aliases=("soda can",))


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("Soda can", CAN),
        ("  soda   CAN\n", CAN),
        ("TIN", CAN),
        ("glove", GLOVE),
        ("gloves", None),
        ("", None),
    ],
)
def test_a_label_means_the_class_of_that_name_or_alias(label: str, found: Class | None) -> None:
    assert class_for(label, [CAN, GLOVE]) is found


def test_sharp_s_is_two() -> None:
    street = Class(3, 1, 2, "Straße", "#0000ff")
    assert class_for("STRASSE", [street]) is street


@pytest.mark.parametrize(
    ("label", "name", "likeness"),
    [
        ("Soda  CAN", "soda can", Likeness.EXACT),
        ("bottles", "bottle", Likeness.SPELLING),
        ("boxes", "Box", Likeness.SPELLING),
        ("batteries", "battery", Likeness.SPELLING),
        ("glass", "glasses", Likeness.SPELLING),
        ("soda_can", "soda can", Likeness.SPELLING),
        ("soda-cans", "sodacan", Likeness.SPELLING),
        ("Bâton", "baton", Likeness.SPELLING),
        ("green bottle", "bottle", Likeness.PART),
        ("glove", "work gloves", Likeness.PART),
        ("botle", "bottle", Likeness.NEAR),
        ("scerw driver", "screwdriver", Likeness.NEAR),
        ("can", "cap", None),
        ("bottle", "glove", None),
        ("gas", "glass", Likeness.NEAR),
        ("", "glove", None),
        ("???", "glove", None),
    ],
)
def test_a_label_resembles_a_class(label: str, name: str, likeness: Likeness | None) -> None:
    found = suggestions(label, [Class(1, 1, 0, name, "#ff0000")])
    assert [each.likeness for each in found] == ([] if likeness is None else [likeness])


def test_the_likeliest_class_is_suggested_first_whatever_their_order() -> None:
    names = ("botttle", "plastic bottle", "Bottles", "crate", "bottle")
    known = [Class(n, 1, n, name, "#000000") for n, name in enumerate(names)]
    found = [each.meant.name for each in suggestions("bottle", known)]
    assert found == ["bottle", "Bottles", "plastic bottle", "botttle"]


def test_an_alias_speaks_for_its_class() -> None:
    [found] = suggestions("dosen tins", [CAN, GLOVE])
    assert (found.meant, found.resembles, found.likeness) == (CAN, "tin", Likeness.PART)


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_two_words_are_compared(label: str, name: str) -> None:
    meant = Class(1, 1, 0, name, "#ff0000")
    for found in suggestions(label, [meant]):
        assert 0 <= found.ratio <= 1
    assert (class_for(label, [meant]) is not None) == any(
        each.likeness is Likeness.EXACT for each in suggestions(label, [meant])
    )


def test_taking_back_one_change_keeps_the_others() -> None:
    renamed = replace(CAN, name="Tin can", aliases=("tin", "Dose", "Soda can"))
    later = replace(renamed, color="#123456", aliases=("tin", "Soda can", "Blech"))
    assert taken_back(CAN, renamed, later) == replace(
        CAN, color="#123456", aliases=("tin", "Blech")
    )
    with pytest.raises(StaleRevisionError, match="changed since"):
        taken_back(CAN, renamed, replace(later, name="other"))
