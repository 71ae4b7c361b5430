"""The review of an image: its objects, edits as they happen, approval, undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from beltmask.classes import class_for
from beltmask.errors import ReviewError, StaleRevisionError
from beltmask.masks import clipped
from beltmask.model import (
    Annotation,
    AnnotationState,
    Change,
    Class,
    Image,
    Operation,
    ReviewState,
)
from beltmask.review import (
    Edit,
    EditKind,
    after_proposals,
    check_approval,
    edited,
    undone,
)
from beltmask.store.operations import UNDO
from beltmask.store.records import Records
from beltmask.workflows.conflicts import APART, Conflict, refusal, shape_apart, told_before
from beltmask.workflows.history import keep_operation, new_id
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

__all__ = ["Edit", "EditKind", "Sheet"]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Everything a reviewer needs about one image, read in one transaction."""

    image: Image
    annotations: Sequence[Annotation]
    classes: Sequence[Class]
    undoable: Operation | None

    @property
    def kept(self) -> tuple[Annotation, ...]:
        """The objects that are not rejected."""
        return tuple(a for a in self.annotations if a.state is not AnnotationState.REJECTED)

    @property
    def open_count(self) -> int:
        """Objects nobody has settled yet."""
        return sum(a.state is AnnotationState.PROPOSED for a in self.annotations)

    def meaning(self, label: str) -> Class | None:
        """The class a label means by now; its objects may have come before it did."""
        return class_for(label, self.classes)

    @property
    def acceptable_count(self) -> int:
        """Proposals of a detector; a shape kept apart is for a person to choose."""
        return sum(
            a.state is AnnotationState.PROPOSED and not a.kept_apart for a in self.annotations
        )

    @property
    def unclassed(self) -> tuple[str, ...]:
        """Labels of kept objects that no class stands for."""
        return tuple(sorted({a.label for a in self.kept if a.class_id is None}))


def open_sheet(image_id: int, *, services: Services) -> Sheet:
    with services.store.read() as records:
        return _sheet(records, image_id)


def apply_edits(image_id: int, edits: Sequence[Edit], *, services: Services) -> Sheet:
    """Carry out edits in order; one whose id is known already changes nothing more.

    Raises:
        StaleRevisionError: Somebody changed one of the objects first. The other edits are made,
            and a shape drawn for that object is kept beside it.
    """
    conflicts = list[Conflict]()
    with services.store.write() as records:
        image = _taken(records, image_id, services)
        for edit in edits:
            known = records.operations.find(edit.id)
            if known is None:
                image, conflict = _apply(records, image, edit, services)
            else:
                conflict = told_before(known)
            conflicts += [conflict] if conflict is not None else []
        sheet = _sheet(records, image_id)
    if conflicts:
        raise refusal(conflicts, sheet.annotations)
    return sheet


def accept_all(image_id: int, *, services: Services, seen: int | None = None) -> Sheet:
    """Accept every open proposal of a detector, as one operation.

    Raises:
        StaleRevisionError: The image was changed since ``seen``.
    """
    with services.store.write() as records:
        image = _taken(records, image_id, services, seen=seen)
        changes = [
            edited(Edit(new_id(), EditKind.ACCEPT, a.id, a.revision), a, image_id=image_id)
            for a in records.annotations.of_image(image_id)
            if a.state is AnnotationState.PROPOSED and not a.kept_apart
        ]
        if changes:
            keep = partial(keep_operation, actor=services.actor, review=ReviewState.IN_REVIEW)
            keep(records, image, "accept all", changes)
        return _sheet(records, image_id)


def approve(image_id: int, *, seen: int, services: Services) -> Sheet:
    """The image becomes truth. ``seen`` is the revision of the image the person looked at.

    Raises:
        OpenProposalsError: Proposals are left.
        ReviewError: A kept object has no class.
        StaleRevisionError: The image was changed since.
    """
    with services.store.write() as records:
        image = _taken(records, image_id, services, seen=seen)
        check_approval(records.annotations.of_image(image_id))
        review = ReviewState.APPROVED
        keep_operation(records, image, "approve", actor=services.actor, review=review)
        return _sheet(records, image_id)


def reject_image(image_id: int, *, seen: int, reason: str, services: Services) -> Sheet:
    """The image is of no use; ``reason`` says why.

    Raises:
        ReviewError: No reason is given.
        StaleRevisionError: The image was changed since.
    """
    if not reason.strip():
        raise ReviewError("a reason is needed", hint="Say in a word why the image is of no use.")
    with services.store.write() as records:
        image = _taken(records, image_id, services, seen=seen)
        keep = partial(keep_operation, actor=services.actor, review=ReviewState.REJECTED)
        keep(records, image, "reject image", detail={"reason": reason.strip()})
        return _sheet(records, image_id)


def reopen(image_id: int, *, seen: int, services: Services) -> Sheet:
    """Back into review."""
    with services.store.write() as records:
        image = _taken(records, image_id, services, seen=seen)
        review = ReviewState.IN_REVIEW
        keep_operation(records, image, "reopen", actor=services.actor, review=review)
        return _sheet(records, image_id)


def undo(image_id: int, *, services: Services, seen: int | None = None) -> Sheet:
    """Take back the newest operation that has not been taken back.

    Raises:
        ReviewError: There is nothing to undo.
        StaleRevisionError: The image was changed since ``seen``, or an object was.
    """
    with services.store.write() as records:
        image = _taken(records, image_id, services, seen=seen)
        operation = records.operations.last_undoable(image_id)
        if operation is None:
            raise ReviewError("there is nothing to undo", hint="Go on working.")
        current = {a.id: a for a in records.annotations.of_image(image_id)}
        changes = undone(operation, current)
        keep = partial(keep_operation, actor=services.actor, review=operation.review_before)
        keep(records, image, UNDO, changes, detail={"undoes": operation.id})
        return _sheet(records, image_id)


def give_class(image_id: int, label: str, meant: Class, *, services: Services) -> Sheet:
    """Put every object of this image that has this label and no class into a class."""
    with services.store.write() as records:
        image = _taken(records, image_id, services)
        changes = [
            Change(a, replace(a, class_id=meant.id, revision=a.revision + 1))
            for a in records.annotations.of_image(image_id)
            if a.class_id is None and a.label == label
        ]
        if changes:
            review = after_proposals(image.review, changes)
            keep = partial(keep_operation, actor=services.actor, review=review)
            keep(records, image, "give class", changes)
        return _sheet(records, image_id)


def give_class_everywhere(meant: Class, *, services: Services) -> None:
    """Put objects that came before their label meant ``meant`` into it; settled pictures stay."""
    with services.store.read() as records:
        waiting = records.annotations.without_class(meant.project_id)
    for image_id, label in waiting:
        if class_for(label, (meant,)) is not None:
            give_class(image_id, label, meant, services=services)


def _taken(
    records: Records, image_id: int, services: Services, *, seen: int | None = None
) -> Image:
    """The image, held until the transaction ends, at the revision the person saw."""
    image = records.images.get(image_id, lock=True)
    require(services.actor, Action.REVIEW, image.project_id)
    if seen is not None and image.revision != seen:
        raise StaleRevisionError(f"{image.name} was changed by somebody else")
    return image


def _apply(
    records: Records, image: Image, edit: Edit, services: Services
) -> tuple[Image, Conflict | None]:
    """The image after the edit, or after the edit's shape was kept apart."""
    current = {a.id: a for a in records.annotations.of_image(image.id)}
    if edit.mask is not None:
        inside = clipped(edit.mask, image.size)
        if inside is None:
            raise ReviewError("the shape lies outside the picture", hint="Draw it again.")
        edit = replace(edit, mask=inside)
    keep = partial(keep_operation, actor=services.actor, review=ReviewState.IN_REVIEW)
    now = current.get(edit.annotation_id)
    try:
        change = edited(edit, now, image_id=image.id)
    except StaleRevisionError as error:
        conflict = Conflict(error, shape_apart(records, image, edit, now))
        if conflict.apart is not None:
            changes = [Change(None, conflict.apart)]
            said = {"refused": str(error)}
            image = keep(records, image, APART, changes, operation_id=edit.id, detail=said)
        return image, conflict
    return keep(records, image, edit.kind, [change], operation_id=edit.id), None


def _sheet(records: Records, image_id: int) -> Sheet:
    image = records.images.get(image_id)
    return Sheet(
        image=image,
        annotations=records.annotations.of_image(image_id),
        classes=records.classes.of_project(image.project_id),
        undoable=records.operations.last_undoable(image_id),
    )
