"""What a reviewer needs to know about one image."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from beltmask.errors import ReviewError, StaleRevisionError
from beltmask.messages import Message
from beltmask.model import Actor, Annotation, AnnotationState, Class, Image
from beltmask.store.operation_log import LogEntry, UndoState
from beltmask.store.records import Records
from beltmask.workflows.class_names import classes_ever
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

__all__ = ["LogEntry", "ReviewSheet"]


@dataclass(frozen=True, slots=True, eq=False)
class ReviewSheet:
    """Everything a reviewer needs about one image, read in one transaction.

    ``standing`` says what can be taken back, and by this person. ``known`` are those gestures
    among the ones asked about that had been answered by then. ``versions`` says, for each
    conflict copy, the id of the object somebody else changed meanwhile; it may be gone.
    """

    image: Image
    annotations: Sequence[Annotation]
    classes: Sequence[Class]
    standing: UndoState
    known: frozenset[str] = frozenset()
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def last(self) -> LogEntry | None:
        """The newest operation that stands, whoever made it."""
        return self.standing.last

    @property
    def undoable(self) -> LogEntry | None:
        """What an undo by this person takes back."""
        return self.standing.undoable

    @property
    def redoable(self) -> LogEntry | None:
        """The undo that a redo by this person takes back; ``what`` says what it does again."""
        return self.standing.redoable

    @property
    def unclassed(self) -> tuple[str, ...]:
        """Labels of kept objects that no class stands for."""
        kept = (a for a in self.annotations if a.state is not AnnotationState.REJECTED)
        return tuple(sorted({a.label for a in kept if a.class_id is None}))


@dataclass(frozen=True, slots=True, eq=False)
class ReviewTarget:
    """The image that a browser speaks of, and the classes it may name, by id.

    Classes merged away are among them: an older page may still name them.
    """

    image: Image
    classes: Mapping[int, Class]


def review_target(image_id: int, sha: str, *, services: Services) -> ReviewTarget | None:
    """The image of this id, if its SHA-256 begins with ``sha``; None in another database."""
    with services.store.read() as records:
        image = records.images.by_ids([image_id]).get(image_id)
        if image is None or not image.facts.sha256.startswith(sha):
            return None
        require(services.actor, Action.SEE_IMAGES, image.project_id)
        return ReviewTarget(image, classes_ever(records, image.project_id))


def open_sheet(image_id: int, *, services: Services, known: Iterable[str] = ()) -> ReviewSheet:
    """Read the sheet of an image, and which of the gestures ``known`` it has in it already."""
    with services.store.read() as records:
        sheet = sheet_of(records, image_id, actor=services.actor)
        require(services.actor, Action.SEE_IMAGES, sheet.image.project_id)
        return replace(sheet, known=records.operations.known(known))


def sheet_of(records: Records, image_id: int, *, actor: Actor) -> ReviewSheet:
    image = records.images.get(image_id)
    annotations = records.annotations.of_image(image_id)
    return ReviewSheet(
        image=image,
        annotations=annotations,
        classes=records.classes.of_project(image.project_id),
        standing=records.operation_log.standing(image_id, actor=actor),
        versions=_versions(records, annotations),
    )


def _versions(records: Records, annotations: Sequence[Annotation]) -> dict[str, str]:
    """For each conflict copy, the object it was drawn for; a new object is of none."""
    copies = {each.id for each in annotations if each.conflict_copy}
    pairs = records.operation_log.conflict_copies(annotations[0].image_id) if copies else []
    return {mine: theirs for theirs, mine in pairs if mine in copies and theirs != mine}


def check_in_use(image: Image) -> None:
    """Stop what makes an image more than it is while it is in the trash.

    Raises:
        ReviewError: It is.
    """
    if image.deleted_at is not None:
        hint = Message("images.take_out_first")
        raise ReviewError(Message("images.in_trash", name=image.name), hint=hint)


def taken(records: Records, image_id: int, services: Services, *, seen: int | None = None) -> Image:
    """The image, held until the transaction ends, at the revision the person saw.

    Raises:
        NotAllowedError: This person may not review.
        StaleRevisionError: The image was changed since ``seen``.
    """
    image = records.images.get(image_id, lock=True)
    require(services.actor, Action.REVIEW, image.project_id)
    if seen is not None and image.revision != seen:
        raise StaleRevisionError(Message("store.image_changed", name=image.name))
    return image
