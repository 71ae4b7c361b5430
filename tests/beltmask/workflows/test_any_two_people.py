"""Whatever two people do to one picture: nobody overwrites what they have not seen."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings

from beltmask.model import Annotation, Change, Image, Operation, Project
from beltmask.review import Gesture
from beltmask.store.operation_log import REDO, REFUSED, UNDO
from beltmask.workflows.services import Services
from tests.beltmask.store.builders import content, finding, mask
from tests.beltmask.workflows.any_gestures import Doing, perform, some_picture, together
from tests.beltmask.workflows.conftest import detected
from tests.beltmask.workflows.person import Person
from tests.examples import examples

SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


class WatchedPerson(Person):
    """Notes with every gesture which operations its person knew of when they made it."""

    def __init__(self, name: str, image: Image, services: Services) -> None:
        super().__init__(name, image.id, services)
        self.made = dict[str, tuple[Gesture, set[str]]]()
        self._known = self._all()

    def do_next(self, doing: Doing) -> None:
        perform(self, doing)
        if doing[0] in ("send", "reload"):
            self._known = self._all()
        own = [gesture.id for gesture in self.tail]
        for gesture in self.tail:
            self.made.setdefault(gesture.id, (gesture, self._known | set(own)))

    def _all(self) -> set[str]:
        return {each.id for each in operations(self.told.image.id, self.services)}


UNDONE_UNSEEN: list[tuple[bool, Doing]] = [
    (False, ("add", 0, 0)),
    (True, ("delete", 0, 0)),
    (True, ("undo", 0, 0)),
    (True, ("send", 0, 0)),
    (False, ("reload", 0, 0)),
    (True, ("redo", 0, 0)),
    (False, ("reshape", 0, 0)),
    (True, ("undo", 0, 0)),
    (True, ("send", 0, 0)),
]
"""An object is deleted and taken back, twice, and the second time nobody else has seen it."""


@settings(max_examples=examples(20, exploring=50), suppress_health_check=SHARED)
@example(script=UNDONE_UNSEEN)
@given(script=together)
def test_nobody_overwrites_what_they_have_not_seen_and_no_drawing_is_lost(
    script: list[tuple[bool, Doing]], project: Project, services: Services
) -> None:
    """``Person.tell`` checks that every answer stays the same."""
    image = some_picture(project, services)
    people = [WatchedPerson(name, image, services) for name in ("Ann", "Ben")]
    for second, doing in script:
        if doing[0] == "run":
            detected(image, services, [finding("foreign object", mask(3 * doing[2], 150))])
        else:
            people[second].do_next(doing)
    for person in (*people, *people):
        person.send()
    log = operations(image.id, services)
    made = people[0].made | people[1].made
    assert made.keys() <= {each.id for each in log}
    for place, operation in enumerate(log):
        if operation.id in made:
            gesture, seen = made[operation.id]
            check_drawn(operation, gesture)
            check_seen(operation, log[:place], seen)


def check_seen(operation: Operation, earlier: list[Operation], seen: set[str]) -> None:
    """The person knew the objects as they were; what is taken back is still as it was left."""
    if operation.kind == REFUSED:
        assert operation.changes == ()
        return
    if operation.kind in (UNDO, REDO):
        [taken] = [each for each in earlier if each.id == operation.detail["undoes"]]
        left = [change.after and content(change.after) for change in taken.changes]
        met = [change.before and content(change.before) for change in operation.changes]
        assert (taken.actor, left) == (operation.actor, met[::-1])
        return
    unseen = [each for each in earlier if each.id not in seen and each.kind != REFUSED]
    changed = {change.before.id for change in operation.changes if change.before is not None}
    assert changed.isdisjoint(made_different(unseen))
    if operation.kind == "approve":
        assert unseen == []


def made_different(operations: list[Operation]) -> set[str]:
    """The objects these left in another state than they met, as a change and its undo do not."""
    met, left = dict[str, Annotation | None](), dict[str, Annotation | None]()
    for change in (change for each in operations for change in each.changes):
        met.setdefault(name_of(change), change.before)
        left[name_of(change)] = change.after
    return {name for name in met if not alike(met[name], left[name])}


def alike(one: Annotation | None, other: Annotation | None) -> bool:
    if one is None or other is None:
        return one is other
    return content(one) == content(other)


def check_drawn(operation: Operation, gesture: Gesture) -> None:
    """A shape is there, be it kept apart."""
    if gesture.kind in ("add", "reshape"):
        [edit] = gesture.edits
        assert [change.after and change.after.mask for change in operation.changes] == [edit.mask]


def name_of(change: Change) -> str:
    side = change.after or change.before
    assert side is not None
    return side.id


def operations(image_id: int, services: Services) -> list[Operation]:
    """Oldest first."""
    with services.store.read() as records:
        return records.operations.of_image(image_id)[::-1]
