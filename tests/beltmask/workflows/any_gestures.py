"""People who do anything at all to a picture, for properties that must always hold."""

from __future__ import annotations

from itertools import count

from hypothesis import strategies as st

from beltmask.errors import BeltMaskError
from beltmask.model import AnnotationState, Image, Project, ReviewState
from beltmask.review import EditKind
from beltmask.workflows.image_review import reject_image, reopen
from beltmask.workflows.rollback import history_of, restore
from beltmask.workflows.services import Services
from tests.beltmask.store.builders import ANN, facts, finding, mask
from tests.beltmask.workflows.conftest import detected
from tests.beltmask.workflows.person import Person, contents

Doing = tuple[str, int, int]
"""What to do, to which of the objects, and with which of the shapes."""

_KINDS = tuple(kind.value for kind in EditKind)
_SEVERAL = ("merge", "split", "carve", "accept all", "approve")
_TAKING_BACK = ("undo", "redo", "undo", "redo")
_WHOLE = ("restore", "reject image", "reopen")
_numbers = count(1)


def doings(*also: str, objects: int = 8) -> st.SearchStrategy[Doing]:
    kinds = st.sampled_from([*_KINDS, *_SEVERAL, *_TAKING_BACK, *also])
    return st.tuples(kinds, st.integers(0, objects - 1), st.integers(0, 99))


alone = st.lists(doings("send", *_WHOLE), max_size=25)
_OVER_THE_LINE = ("send", "send", "send", "tell", "tell", "reload", "reload", "run")
together = st.lists(
    st.tuples(st.booleans(), doings(*_OVER_THE_LINE, objects=2)), min_size=20, max_size=50
)
"""Whether the second of two people does it. An answer may be lost, and a run may come between."""


def some_picture(project: Project, services: Services) -> Image:
    """A picture of 640 x 480 with two proposals."""
    with services.store.write() as records:
        image = records.images.add(project.id, facts(next(_numbers)), actor=ANN)
    found = [finding("foreign object", mask(60 * n, 20, seed=n)) for n in range(2)]
    detected(image, services, found)
    return image


def perform(person: Person, doing: Doing) -> None:
    """Make the gesture, or another where it makes no sense."""
    kind, which, seed = doing
    if kind in ("send", "tell", "reload"):
        getattr(person, kind)()
    elif kind in _WHOLE:
        _to_the_whole(person, kind, which)
    elif kind in _TAKING_BACK:
        person.make(kind)
    elif kind in _SEVERAL:
        _several(person, kind, which, seed)
    else:
        _one(person, EditKind(kind), which, seed)


def standing(person: Person) -> tuple[ReviewState, list[tuple[object, ...]]]:
    """What undoing everything must give back: review state, order and content."""
    return person.told.image.review, contents(person.told)


def _one(person: Person, kind: EditKind, which: int, seed: int) -> None:
    names = _names(person)
    shape = mask(5 * seed, 3 * seed, seed=seed)
    if kind is EditKind.ADD or not names:
        person.add(shape)
    else:
        meant = person.told.classes[0]
        name = names[which % len(names)]
        person.make(kind, person.edit(kind, name, shape, meant, layer=seed % 5 - 2))


def _several(person: Person, kind: str, which: int, seed: int) -> None:
    names, shape = _names(person), mask(7 * seed % 500, seed, seed=seed)
    reshape, meant = EditKind.RESHAPE, person.told.classes[0]
    if kind in ("accept all", "approve"):
        open_ = [each for each in person.objects if each.state is AnnotationState.PROPOSED]
        person.make(kind, *[person.edit(EditKind.ACCEPT, each.id) for each in open_])
    elif len(names) < 2:
        person.add(shape)
    else:
        first, second = names[which % len(names)], names[(which + 1) % len(names)]
        others = {
            "merge": person.edit(EditKind.DELETE, second),
            "split": person.edit(EditKind.ADD, None, mask(seed, 100, seed=seed), meant),
            "carve": person.edit(reshape, second, mask(seed, 200, seed=seed)),
        }
        person.make(kind, person.edit(reshape, first, shape), others[kind])


def _to_the_whole(person: Person, kind: str, which: int) -> None:
    """By a button of the page: what it forbids changes nothing."""
    person.send()
    image, services = person.told.image, person.services
    [newest] = history_of(image.id, services=services, limit=1)
    try:
        if kind == "restore":
            number = which % (newest.entry.number + 1)
            restore(image.id, number, seen=image.revision, services=services)
        elif kind == "reopen":
            reopen(image.id, seen=image.revision, services=services)
        else:
            reject_image(image.id, seen=image.revision, reason="blurred", services=services)
    except BeltMaskError as error:
        assert kind == "restore", error  # noqa: PT017
    person.reload()


def _names(person: Person) -> list[str]:
    """Objects the person sees: those they were told of, and those they drew since."""
    drawn = [
        edit.annotation_id
        for gesture in person.tail
        for edit in gesture.edits
        if edit.kind is EditKind.ADD
    ]
    return [each.id for each in person.objects] + drawn
