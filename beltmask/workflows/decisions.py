"""Objects of one class across pictures, and one decision about many of them at once.

A decision is one gesture on each of its pictures, named after both, so telling it twice changes
nothing and it can be found again to be taken back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from beltmask.errors import BeltMaskError, StaleRevisionError
from beltmask.model import Actor, Annotation, AnnotationState, Class, Image
from beltmask.review import CHANGED, Edit, EditKind, Gesture, revision_reached
from beltmask.store.objects import START, Key, ObjectFilter
from beltmask.store.operation_log import REFUSED
from beltmask.store.records import Records
from beltmask.workflows.gestures import carry_out
from beltmask.workflows.permission import Action, require
from beltmask.workflows.review_state import taken
from beltmask.workflows.services import Services
from beltmask.workflows.undo import take_back

__all__ = ["START", "EditKind", "Key", "ObjectFilter"]

_GONE = "an object was deleted, or its picture was"
_SETTLED = (AnnotationState.ACCEPTED, AnnotationState.EDITED)


@dataclass(frozen=True, slots=True)
class Target:
    """An object as the person saw it: ``after`` names their own decisions about it since."""

    object_id: str
    image_id: int
    base: int
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with many objects at once. ``to_class`` belongs to RELABEL."""

    id: str
    kind: EditKind
    targets: tuple[Target, ...]
    to_class: Class | None = None


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """How many objects were changed, or are as wanted already, and what was refused, in words."""

    done: int
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ObjectPage:
    """An object beside the picture it is in."""

    annotation: Annotation
    image: Image
    key: Key = field(init=False)

    def __post_init__(self) -> None:
        each = self.annotation
        object.__setattr__(self, "key", (each.image_id, each.position, each.id))


def objects_after(
    where: ObjectFilter, *, services: Services, after: Key, limit: int
) -> list[ObjectPage]:
    """The objects that follow a place in the order of their pictures."""
    require(services.actor, Action.SEE_IMAGES, where.project_id)
    with services.store.read() as records:
        return _shown(records, records.objects.page(where, after=after, limit=limit))


def objects_before(
    where: ObjectFilter, *, services: Services, before: Key, limit: int
) -> list[ObjectPage]:
    """The objects just before a place."""
    require(services.actor, Action.SEE_IMAGES, where.project_id)
    with services.store.read() as records:
        return _shown(records, records.objects.page_before(where, before=before, limit=limit))


def objects_of(ids: Sequence[str], *, project_id: int, services: Services) -> list[ObjectPage]:
    """Objects as they are now, in the order of their ids; those that are gone are left out."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        found = records.annotations.by_ids(ids)
        shown = _shown(records, [found[each] for each in ids if each in found])
    here = (each for each in shown if each.image.project_id == project_id)
    return [each for each in here if each.image.deleted_at is None]


def count_objects(where: ObjectFilter, *, services: Services, before: Key) -> tuple[int, int]:
    """How many objects come before a place, and how many there are: each is looked at."""
    require(services.actor, Action.SEE_IMAGES, where.project_id)
    with services.store.read() as records:
        return records.objects.counted(where, before=before)


def decide(decision: Decision, *, services: Services) -> DecisionResult:
    """Carry out a decision picture by picture; a stale object stops none of the others.

    Raises:
        NotAllowedError: This person may not review the pictures.
    """
    with services.store.read() as records:
        images = records.images.by_ids(each.image_id for each in decision.targets)
    for project_id in {image.project_id for image in images.values()}:
        require(services.actor, Action.REVIEW, project_id)
    done, refused = 0, list[str]()
    for image_id, targets in _by_image(decision.targets).items():
        if image_id not in images:
            refused += [_GONE] * len(targets)
            continue
        with services.store.write() as records:
            image = taken(records, image_id, services)
            result = _decide_in(image, decision, targets, records, services.actor)
        done, refused = done + result.done, [*refused, *result.refused]
    return DecisionResult(done, tuple(refused))


def take_back_decision(
    decision_id: str, image_ids: Iterable[int], *, undo_id: str, services: Services
) -> DecisionResult:
    """Undo a decision in each of its pictures where nothing changed its objects since.

    ``done`` counts pictures.

    Raises:
        NotAllowedError: This person may not review.
    """
    done, refused = 0, list[str]()
    for image_id in dict.fromkeys(image_ids):
        try:
            with services.store.write() as records:
                image = taken(records, image_id, services)
                done += _take_back_in(image, decision_id, undo_id, records, services)
        except StaleRevisionError:
            refused.append(f"{image.name}: its objects have been changed since")
    return DecisionResult(done, tuple(refused))


def _decide_in(
    image: Image, decision: Decision, targets: Sequence[Target], records: Records, actor: Actor
) -> DecisionResult:
    """What the decision does in an image that is held, and to which of its objects it does not."""
    now = _objects_in(image, targets, records)
    there = [each for each in targets if each.object_id in now]
    refused = [_GONE] * (len(targets) - len(there))
    known = bool(records.operations.told([_name(decision.id, image.id)]))
    fresh = list[Edit]()
    for target in there:
        edit, seen = _looked(decision, target, records)
        if known or seen == now[target.object_id].revision:
            fresh.append(edit)
        else:
            refused.append(f"{image.name}: {CHANGED}")
    wanted = [e for e in fresh if known or not _as_wanted(decision, now[e.annotation_id])]
    why = _told(image, decision, wanted, records, actor)
    if why is not None:
        refused += [f"{image.name}: {why}"] * len(wanted)
    return DecisionResult(len(fresh) - len(wanted) * (why is not None), tuple(refused))


def _objects_in(
    image: Image, targets: Sequence[Target], records: Records
) -> Mapping[str, Annotation]:
    """Those objects of an image that are there; none while it is in the trash."""
    if image.deleted_at is not None:
        return {}
    found = records.annotations.by_ids(each.object_id for each in targets)
    return {name: each for name, each in found.items() if each.image_id == image.id}


def _told(
    image: Image, decision: Decision, edits: Sequence[Edit], records: Records, actor: Actor
) -> BeltMaskError | None:
    """Why a gesture is refused; None when it is made, or changes nothing."""
    gesture = Gesture(_name(decision.id, image.id), decision.kind, tuple(edits))
    if not edits:
        return None
    return carry_out([gesture], image, records=records, actor=actor).get(gesture.id)


def _looked(decision: Decision, target: Target, records: Records) -> tuple[Edit, int | None]:
    """The edit on top of those earlier decisions that did change the object, and its revision
    after them; None when somebody else's change lies between.
    """
    earlier = records.operations.told(_name(each, target.image_id) for each in target.after)
    left = {
        each.id: each.revisions[target.object_id]
        for each in earlier.values()
        if target.object_id in each.revisions
    }
    edit = Edit(
        _name(decision.id, target.image_id),
        decision.kind,
        target.object_id,
        target.base,
        to_class=decision.to_class,
        after=tuple(left),
    )
    return edit, revision_reached(target.base, left.values())


def _as_wanted(decision: Decision, now: Annotation) -> bool:
    """What is so already is left alone: an edit would open an approved picture again."""
    if decision.kind is EditKind.ACCEPT:
        return now.state in _SETTLED
    if decision.kind is EditKind.REJECT:
        return now.state is AnnotationState.REJECTED
    same = decision.to_class is not None and now.class_id == decision.to_class.id
    return same and now.state in _SETTLED


def _take_back_in(
    image: Image, decision_id: str, undo_id: str, records: Records, services: Services
) -> bool:
    """Whether the decision is taken back in a picture; False where it changed nothing."""
    name, undo = _name(decision_id, image.id), _name(undo_id, image.id)
    told = {each: known.kind for each, known in records.operations.told([name, undo]).items()}
    if undo in told:
        return True
    if told.get(name, REFUSED) == REFUSED or name in records.operation_log.taken_back(image.id):
        return False
    entry = next(each for each in records.operation_log.since(image.id, 0) if each.id == name)
    take_back(records, image, entry, actor=services.actor, operation_id=undo)
    return True


def _shown(records: Records, annotations: Sequence[Annotation]) -> list[ObjectPage]:
    images = records.images.by_ids({each.image_id for each in annotations})
    return [ObjectPage(each, images[each.image_id]) for each in annotations]


def _by_image(targets: Sequence[Target]) -> Mapping[int, Sequence[Target]]:
    found: dict[int, list[Target]] = {}
    for each in targets:
        found.setdefault(each.image_id, []).append(each)
    return found


def _name(decision_id: str, image_id: int) -> str:
    """The id of a decision's gesture on one picture."""
    return hashlib.sha256(f"{decision_id}/{image_id}".encode()).hexdigest()[:32]
