"""From the words a model uses to the classes of a project."""

from __future__ import annotations

import pytest

from beltmask.classes import class_for
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
