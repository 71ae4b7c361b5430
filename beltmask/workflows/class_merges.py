"""Two classes become one, and any change of classes is taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from beltmask.classes import class_for, taken_back
from beltmask.errors import NotFoundError, ReviewError, StaleRevisionError
from beltmask.messages import Message
from beltmask.model import Class
from beltmask.store.class_changes import ClassChange, ClassChangeKind
from beltmask.store.class_moves import Touched, moved_by, of_class
from beltmask.store.records import Records
from beltmask.workflows.class_changes import keep_change
from beltmask.workflows.class_names import (
    check_key,
    check_name,
    class_and_others,
    classes_ever,
    name_once,
)
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services


def merge_class(merged: Class, into: Class, *, services: Services) -> Touched:
    """Put all objects of one class into another, which answers to its name and aliases too.

    The class is retired: its index in exports stays empty. Approved images stay approved; each
    image touched is told, and moves on by one revision, like each object.

    Raises:
        ReviewError: It is the same class twice.
        NotFoundError: One of them is not a class of this project, or was merged already.
    """
    require(services.actor, Action.CHANGE_CLASSES, merged.project_id)
    require(services.actor, Action.REVIEW, merged.project_id)
    if merged.id == into.id:
        raise ReviewError(
            Message("classes.merged_into_itself"), hint=Message("classes.choose_another")
        )
    with services.store.write() as records:
        now, others = class_and_others(records, merged)
        target = next((each for each in others if each.id == into.id), None)
        if target is None:
            raise NotFoundError(Message("classes.no_class_to_merge_into", name=into.name))
        records.class_moves.hold_images()
        objects = of_class(now.id)
        touched = records.class_moves.touched(objects)
        after = [_retired(now, target), _with_names_of(now, target)]
        kind, before = ClassChangeKind.MERGE, [now, target]
        note = keep_change(records, kind, before, after, services=services, objects=objects)
        named = replace(note, detail={"from": now.name, "to": target.name})
        records.class_moves.move(objects, target.id, named)
    return touched


def retired_classes(project_id: int, *, services: Services) -> list[Class]:
    """Classes that were merged into others, under the names they had."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        ever = classes_ever(records, project_id)
    return [each for each in ever.values() if each.merged_into is not None]


def undo_class_change(change: ClassChange, *, services: Services) -> Touched:
    """Take back one change; what was done since to anything else stays.

    Objects that a merge moved, and that nobody gave another class since, go back.

    Raises:
        ReviewError: It is undone already.
        StaleRevisionError: What it touched has been changed since.
        NameTakenError: Another class has the name or key by now.
    """
    require(services.actor, Action.CHANGE_CLASSES, change.project_id)
    require(services.actor, Action.REVIEW, change.project_id)
    with services.store.write() as records:
        records.projects.get(change.project_id, lock=True)
        change = records.class_changes.get(change.id)
        if change.undone or change.kind is ClassChangeKind.UNDO:
            raise ReviewError(Message("classes.undone_already"), hint=Message("review.go_on"))
        known = {each.id: each for each in records.classes.ever_of_project(change.project_id)}
        before = [known[each.id] for each in change.after]
        after = _restored(change, known)
        records.class_moves.hold_images()
        return _undo(records, change, before, after, services)


def _undo(
    records: Records,
    change: ClassChange,
    before: Sequence[Class],
    after: Sequence[Class],
    services: Services,
) -> Touched:
    moves, kind = records.class_moves, ClassChangeKind.UNDO
    moving = change.kind in (ClassChangeKind.MERGE, ClassChangeKind.LABEL)
    renaming = change.kind is ClassChangeKind.RENAME
    holder = before[-1 if change.kind is ClassChangeKind.MERGE else 0]
    objects = moved_by(change.id, now_of=holder.id) if moving else of_class(holder.id)
    concerned = objects if moving or renaming else None
    touched = Touched() if concerned is None else moves.touched(concerned)
    note = keep_change(
        records, kind, before, after, services=services, objects=concerned, undoes=change.id
    )
    note = replace(note, detail={"of": change.kind.value, "from": holder.name, "to": after[0].name})
    if moving:
        back_to = after[0].id if change.kind is ClassChangeKind.MERGE else None
        moves.move(objects, back_to, note)
    elif renaming:
        moves.tell(objects, note)
    return touched


def _restored(change: ClassChange, known: Mapping[int, Class]) -> list[Class]:
    """The classes of a change without it, fit to stand beside the others."""
    pairs = list(zip(change.before, change.after, strict=True))
    for _, after in pairs:
        now = known[after.id]
        if now.merged_into is not None and after.merged_into is None:
            hint = Message("classes.undo_merge_first")
            raise StaleRevisionError(
                Message("classes.merged_since", name=name_once(now)), hint=hint
            )
    back = [taken_back(before, after, known[after.id]) for before, after in pairs]
    ids = {each.id for each in back}
    others = [each for each in known.values() if each.merged_into is None and each.id not in ids]
    revived = {each.id for each in back if known[each.id].merged_into is not None}
    return [_fit(each, others, revived=each.id in revived) for each in back]


def _fit(back: Class, others: Sequence[Class], *, revived: bool) -> Class:
    check_name(back.name, others)
    if revived and any(back.key and each.key == back.key for each in others):
        back = replace(back, key=None)
    check_key(back.key or "", others)
    aliases = tuple(alias for alias in back.aliases if class_for(alias, others) is None)
    return replace(back, aliases=aliases)


def _retired(merged: Class, into: Class) -> Class:
    """A name nobody can type, as it is more than one line, leaves the old one free to be used."""
    name = f"{merged.name[:180]}\n{merged.position}"
    return replace(merged, name=name, key=None, aliases=(), merged_into=into.id)


def _with_names_of(merged: Class, into: Class) -> Class:
    names = (merged.name, *merged.aliases)
    new = tuple(name for name in names if class_for(name, (into,)) is None)
    return replace(into, aliases=(*into.aliases, *new))
