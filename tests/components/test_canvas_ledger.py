"""What was told is told once, unless the run that should have saved it was cut short."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beltmask.review import Edit
from components.canvas.ledger import MOST_OFFERS, acknowledged, offered, read_ledger
from tests.components.canvas_person import Person, rectangle


@pytest.mark.parametrize("text", ["", "{}", "null", "nonsense"])
def test_a_ledger_that_cannot_be_read_is_begun_anew(text: str) -> None:
    assert read_ledger(text) is None


def offer(person: Person) -> tuple[Edit, ...]:
    """One run of the page that looks whether its last edits were applied."""
    person.ledger = before = acknowledged(person.ledger, person.known())
    edits = person.look()
    person.ledger = offered(person.ledger, before.sheet, edits) if edits else person.ledger
    return edits


def test_edits_of_a_run_cut_short_come_again_until_they_are_refused() -> None:
    person = Person(rectangle())
    person.drag_corner(person.outlines("a")[0], 0, -5, -5)
    told = [offer(person) for _ in range(MOST_OFFERS + 1)]
    assert len({edit.id for edits in told for edit in edits}) == 1
    assert [len(edits) for edits in told] == [1, 1, 1, 0]
    assert not person.shows_truth()


def test_edits_that_were_applied_do_not_come_again() -> None:
    person = Person(rectangle())
    person.drag_corner(person.outlines("a")[0], 0, -5, -5)
    person.apply(offer(person))
    assert offer(person) == ()
    assert person.shows_truth()


def test_an_edit_undone_at_once_does_not_come_again() -> None:
    person = Person(rectangle())
    person.drag_corner(person.outlines("a")[0], 0, -5, -5)
    offer(person)
    person.annotations["a"] = replace(person.annotations["a"], revision=5)
    assert offer(person) == ()
    assert not person.shows_truth()
