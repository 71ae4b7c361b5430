"""One decision about objects of many pictures: made once, stale ones apart, taken back."""

from __future__ import annotations

import pytest

from beltmask.errors import NotAllowedError
from beltmask.model import AnnotationState, Class, Project, ReviewState
from beltmask.review import Edit
from beltmask.workflows import permission
from beltmask.workflows.decisions import (
    START,
    Decision,
    EditKind,
    ObjectFilter,
    ObjectPage,
    Target,
    decide,
    objects_after,
    objects_before,
    objects_of,
    take_back_decision,
)
from beltmask.workflows.history import new_id
from beltmask.workflows.images import add_picture, find_image
from beltmask.workflows.projects import add_class, classes_of
from beltmask.workflows.services import Services
from tests.beltmask.simple_detectors import spotted_belt
from tests.beltmask.store.builders import finding, mask
from tests.beltmask.workflows.conftest import detected
from tests.gestures import apply_edits, approve

ACCEPTED, EDITED = AnnotationState.ACCEPTED, AnnotationState.EDITED
PROPOSED, REJECTED = AnnotationState.PROPOSED, AnnotationState.REJECTED


@pytest.fixture
def shown(project: Project, services: Services) -> list[ObjectPage]:
    """Three pictures with two proposals each."""
    for seed in range(3):
        added = add_picture(
            f"{seed}.png", spotted_belt(seed), project_id=project.id, services=services
        )
        assert added.image is not None
        found = [finding("foreign object", mask(2, 3)), finding("foreign object", mask(30, 20))]
        detected(added.image, services, found)
    [only] = classes_of(project.id, services=services)
    where = ObjectFilter(project.id, only.id)
    return objects_after(where, services=services, after=START, limit=60)


@pytest.fixture
def bolt(project: Project, services: Services) -> Class:
    return add_class(project.id, "bolt", services=services)


def target(shown: ObjectPage, *after: Decision) -> Target:
    each = shown.annotation
    return Target(each.id, each.image_id, each.revision, tuple(d.id for d in after))


def decision(kind: EditKind, shown: list[ObjectPage], to_class: Class | None = None) -> Decision:
    return Decision(new_id(), kind, tuple(map(target, shown)), to_class)


def states(shown: list[ObjectPage], services: Services) -> list[AnnotationState]:
    return [each.annotation.state for each in now(shown, services)]


def now(shown: list[ObjectPage], services: Services) -> list[ObjectPage]:
    project_id = shown[0].image.project_id
    ids = [each.annotation.id for each in shown]
    return objects_of(ids, project_id=project_id, services=services)


def change(shown: ObjectPage, services: Services) -> None:
    """A colleague accepts an object."""
    each = shown.annotation
    edit = Edit(new_id(), EditKind.ACCEPT, each.id, each.revision)
    apply_edits(each.image_id, [edit], services=services)


def test_one_decision_changes_objects_of_many_pictures(
    shown: list[ObjectPage], bolt: Class, services: Services
) -> None:
    accept = decision(EditKind.ACCEPT, shown[:3])
    assert decide(accept, services=services).done == 3
    reject = decision(EditKind.REJECT, shown[3:4])
    decide(reject, services=services)
    relabel = decision(EditKind.RELABEL, shown[4:], bolt)
    decide(relabel, services=services)
    assert states(shown, services) == [ACCEPTED] * 3 + [REJECTED, EDITED, EDITED]
    assert {each.annotation.class_id for each in now(shown[4:], services)} == {bolt.id}


def test_a_decision_told_twice_is_made_once(shown: list[ObjectPage], services: Services) -> None:
    accept = decision(EditKind.ACCEPT, shown)
    first = decide(accept, services=services)
    after = now(shown, services)
    assert (first.done, states(shown, services)) == (6, [ACCEPTED] * 6)
    assert [each.annotation.revision for each in after] == [
        each.annotation.revision + 1 for each in shown
    ]
    assert decide(accept, services=services) == first
    assert [each.annotation.revision for each in now(shown, services)] == [
        each.annotation.revision for each in after
    ]


def test_a_stale_object_is_refused_and_the_rest_goes_through(
    shown: list[ObjectPage], services: Services
) -> None:
    change(shown[0], services)
    result = decide(decision(EditKind.REJECT, shown), services=services)
    assert result.done == 5
    assert result.refused == ("0.png: somebody else changed this object",)
    assert states(shown, services) == [ACCEPTED, *[REJECTED] * 5]


def test_an_object_that_is_gone_is_said_to_be(shown: list[ObjectPage], services: Services) -> None:
    each = shown[1].annotation
    edit = Edit(new_id(), EditKind.DELETE, each.id, each.revision)
    apply_edits(each.image_id, [edit], services=services)
    result = decide(decision(EditKind.ACCEPT, shown), services=services)
    assert (result.done, len(result.refused)) == (5, 1)


def test_a_fast_person_is_not_stale_against_themselves(
    shown: list[ObjectPage], bolt: Class, services: Services
) -> None:
    accept = decision(EditKind.ACCEPT, shown[:2])
    targets = (target(shown[0], accept), target(shown[2], accept))
    relabel = Decision(new_id(), EditKind.RELABEL, targets, bolt)
    undo = Decision(new_id(), EditKind.REJECT, (target(shown[0], accept, relabel),))
    for each in (accept, relabel, undo):
        assert decide(each, services=services).refused == ()
    assert states(shown[:3], services) == [REJECTED, ACCEPTED, EDITED]


def test_what_is_as_wanted_already_does_not_open_an_approved_picture(
    shown: list[ObjectPage], services: Services
) -> None:
    decide(decision(EditKind.ACCEPT, shown[:2]), services=services)
    image = find_image(shown[0].image.id, services=services)
    approve(image.id, seen=image.revision, services=services)
    again = decision(EditKind.ACCEPT, now(shown, services))
    assert decide(again, services=services).done == 6
    assert find_image(image.id, services=services).review is ReviewState.APPROVED


def test_a_decision_is_taken_back_where_nothing_changed_since(
    shown: list[ObjectPage], services: Services
) -> None:
    accept = decision(EditKind.ACCEPT, shown)
    decide(accept, services=services)
    [first] = now(shown[:1], services)
    edit = Edit(new_id(), EditKind.REJECT, first.annotation.id, first.annotation.revision)
    apply_edits(first.image.id, [edit], services=services)
    images = [each.image.id for each in shown]
    result = take_back_decision(accept.id, images, undo_id="u", services=services)
    assert result.done == 2
    assert result.refused == ("0.png: its objects have been changed since",)
    assert states(shown, services) == [REJECTED, ACCEPTED, *[PROPOSED] * 4]
    twice = take_back_decision(accept.id, images, undo_id="u", services=services)
    assert (twice.done, states(shown, services)[2:]) == (2, [PROPOSED] * 4)
    again = take_back_decision(accept.id, images, undo_id="v", services=services)
    assert again.done == 0


def test_a_person_whose_page_knows_more_than_its_answers_is_not_stale_against_themselves(
    shown: list[ObjectPage], services: Services
) -> None:
    accept = decision(EditKind.ACCEPT, shown[:1])
    reject = Decision(new_id(), EditKind.REJECT, (target(shown[0], accept),))
    decide(accept, services=services)
    decide(reject, services=services)
    [newest] = now(shown[:1], services)
    again = Decision(new_id(), EditKind.ACCEPT, (target(newest, accept, reject),))
    assert decide(again, services=services).refused == ()
    assert states(shown[:1], services) == [ACCEPTED]


def test_the_objects_before_a_place_lead_back_to_the_first(
    shown: list[ObjectPage], services: Services
) -> None:
    where = ObjectFilter(shown[0].image.project_id, shown[0].annotation.class_id)
    before = objects_before(where, services=services, before=shown[5].key, limit=3)
    assert [each.key for each in before] == [each.key for each in shown[2:5]]
    assert [each.image for each in before] == [each.image for each in shown[2:5]]
    first = objects_before(where, services=services, before=before[0].key, limit=3)
    assert [each.key for each in first] == [each.key for each in shown[:2]]
    assert objects_before(where, services=services, before=first[0].key, limit=3) == []


def test_who_may_not_review_decides_on_nothing(
    shown: list[ObjectPage], services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(permission, "allowed", lambda *_: False)
    with pytest.raises(NotAllowedError):
        decide(decision(EditKind.REJECT, shown), services=services)
    monkeypatch.undo()
    assert states(shown, services) == [PROPOSED] * 6
