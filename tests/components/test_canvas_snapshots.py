"""What the browser sends is checked: it may send anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.canvas.shapes import read_snapshot
from tests.components.canvas_person import Person, rectangle, ring_and_island

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
Spoil = Callable[[dict[str, Any]], None]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_hostile_drawing_raises_nothing(data: st.DataObject) -> None:
    person = Person(ring_and_island())
    person.draw_box(70, 50, 20, 10)
    thing = data.draw(st.sampled_from(person.screen))
    name = data.draw(st.sampled_from(sorted(thing)))
    thing[name] = data.draw(JSON)
    snapshot = read_snapshot({"objects": person.screen})
    if snapshot is not None and snapshot.sheet == person.ledger.sheet.number:
        person.look()


@given(JSON)
def test_what_is_no_drawing_is_nothing(raw: object) -> None:
    assert read_snapshot(raw) is None


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda o: o.update(left=float("nan")), id="nan"),
        pytest.param(lambda o: o.update(scaleX=0), id="flat"),
        pytest.param(lambda o: o.update(points=o["points"][:2]), id="two points"),
        pytest.param(lambda o: o.update(type="Triangle"), id="unknown type"),
        pytest.param(lambda o: o.update(visible=False), id="hidden"),
        pytest.param(lambda o: o.update(points=[{"x": 1e300, "y": 0}] * 3), id="far away"),
    ],
)
def test_one_unreadable_shape_spoils_the_snapshot(spoil: Spoil) -> None:
    person = Person(rectangle())
    spoil(person.screen[1])
    assert read_snapshot({"objects": person.screen}) is None
