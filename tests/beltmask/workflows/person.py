"""A person with a browser: gestures wait there until the server has answered them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from beltmask.errors import BeltMaskError
from beltmask.model import Actor, Annotation, AnnotationState, Class, Mask, ReviewState
from beltmask.review import Edit, EditKind, Gesture
from beltmask.workflows.gestures import apply_gestures
from beltmask.workflows.history import new_id
from beltmask.workflows.image_review import reject_image
from beltmask.workflows.review_state import ReviewSheet, open_sheet
from beltmask.workflows.services import Services
from tests.beltmask.store.builders import content


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """What a person sees after their gestures, and why some were refused, by their ids."""

    sheet: ReviewSheet
    refused: Mapping[str, BeltMaskError]


class Person:
    """Names the revisions they were told last, and their own gestures since."""

    def __init__(self, name: str, image_id: int, services: Services) -> None:
        self.services = replace(services, actor=Actor(name))
        self.told = open_sheet(image_id, services=self.services)
        self.tail = list[Gesture]()
        self.answers = dict[str, str]()

    @property
    def objects(self) -> Sequence[Annotation]:
        return self.told.annotations

    def edit(
        self,
        kind: EditKind,
        name: str | None = None,
        shape: Mask | None = None,
        to_class: Class | None = None,
        layer: int | None = None,
    ) -> Edit:
        """An edit of an object as the person sees it; of a new object without ``name``."""
        seen = {each.id: each.revision for each in self.objects}
        name = name or new_id()
        after = tuple(
            gesture.id
            for gesture in self.tail
            if gesture.kind in ("undo", "redo")
            or any(edit.annotation_id == name for edit in gesture.edits)
        )
        return Edit("", kind, name, seen.get(name, 0), shape, to_class, after, layer=layer)

    def add(self, shape: Mask) -> str:
        """The id of an object the person draws."""
        edit = self.edit(EditKind.ADD, None, shape, self.told.classes[0])
        self.make("add", edit)
        return edit.annotation_id

    def make(self, kind: str, *edits: Edit) -> Gesture:
        """A gesture, kept in the browser."""
        after = tuple(gesture.id for gesture in self.tail)
        name = new_id()
        named = tuple(replace(edit, id=name) for edit in edits)
        gesture = Gesture(name, kind, named, self.told.image.revision, after, active_ms=250)
        self.tail.append(gesture)
        return gesture

    def send(self) -> Answered:
        """Tell the server everything it has not answered, and be answered."""
        answered = self.tell()
        self.tail.clear()
        self.told = answered.sheet
        return answered

    def tell(self) -> Answered:
        """The same, but the answer never arrives."""
        image_id = self.told.image.id
        refused = apply_gestures(image_id, self.tail, services=self.services)
        for gesture in self.tail:
            answer = said(refused.get(gesture.id))
            assert self.answers.setdefault(gesture.id, answer) == answer
        return Answered(open_sheet(image_id, services=self.services), refused)

    def reload(self) -> None:
        """Load the page anew: the browser keeps what has not been answered."""
        self.told = open_sheet(self.told.image.id, services=self.services)

    def do(self, kind: str, *edits: Edit) -> Answered:
        """Make a gesture and send it at once."""
        self.make(kind, *edits)
        return self.send()


def said(error: BeltMaskError | None) -> str:
    return "" if error is None else f"{type(error).__name__}: {error.explanation}"


def accept_everything(person: Person) -> None:
    can = person.told.classes[0]
    for each in person.objects:
        person.make("relabel", person.edit(EditKind.RELABEL, each.id, None, can))
    assert person.send().refused == {}


def settled_as(how: str, person: Person) -> ReviewState:
    if how == "approve":
        person.do("approve")
        return ReviewState.APPROVED
    image, services = person.told.image, person.services
    person.told = reject_image(image.id, seen=image.revision, reason="blurred", services=services)
    return ReviewState.REJECTED


def states(sheet: ReviewSheet) -> list[AnnotationState]:
    return [each.state for each in sheet.annotations]


def contents(sheet: ReviewSheet) -> list[tuple[object, ...]]:
    return list(map(content, sheet.annotations))
