"""What people do to the classes of a project: names, colours, keys, aliases. All can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from beltmask.classes import class_for, folded
from beltmask.errors import NameTakenError
from beltmask.messages import Message
from beltmask.model import Class
from beltmask.store.class_changes import ClassChange, ClassChangeKind
from beltmask.store.class_moves import MoveNote, Objects, Touched, of_class, without_class
from beltmask.store.records import Records
from beltmask.workflows.class_names import check_key, check_name, class_and_others, tidy
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

__all__ = ["ClassChange", "ClassChangeKind", "Touched"]

_NUMBERS = "123456789"


def latest_changes(project_id: int, *, services: Services, limit: int = 50) -> list[ClassChange]:
    """What was done to the classes of a project, newest first."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        return records.class_changes.of_project(project_id, limit=limit)


def touched_by(meant: Class, *, services: Services) -> Touched:
    """How much renaming a class, or merging it into another, touches."""
    require(services.actor, Action.SEE_IMAGES, meant.project_id)
    with services.store.read() as records:
        return records.class_moves.touched(of_class(meant.id))


def unmapped_labels(project_id: int, *, services: Services) -> list[tuple[str, Touched]]:
    """Labels no class stands for, in pictures nobody settled yet, those of most objects first."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        return records.class_moves.labels_without_class(project_id)


def rename_class(meant: Class, name: str, *, services: Services) -> None:
    """Another name; the old one stays an alias, so what a model calls it still finds it.

    Every image with such an object is told, and moves on by one revision.

    Raises:
        NameTakenError: The name is empty, or it means another class.
    """
    require(services.actor, Action.CHANGE_CLASSES, meant.project_id)
    name = tidy(name)
    with services.store.write() as records:
        now, others = class_and_others(records, meant)
        if name == now.name:
            return
        check_name(name, others)
        names = (*now.aliases, now.name)
        aliases = tuple(alias for alias in names if folded(alias) != folded(name))
        records.class_moves.hold_images()
        objects, renamed = of_class(now.id), replace(now, name=name, aliases=aliases)
        note = keep_change(
            records, ClassChangeKind.RENAME, [now], [renamed], services=services, objects=objects
        )
        records.class_moves.tell(objects, note)


def change_class(changed: Class, *, services: Services) -> None:
    """Write a class's colour and key; what else it is stays.

    Raises:
        NameTakenError: The key is in use.
    """
    require(services.actor, Action.CHANGE_CLASSES, changed.project_id)
    with services.store.write() as records:
        now, others = class_and_others(records, changed)
        check_key(changed.key or "", others)
        after = replace(now, color=changed.color, key=changed.key or None)
        recolored = after.color != now.color
        kind = ClassChangeKind.COLOR if recolored else ClassChangeKind.KEY
        if after != now:
            keep_change(records, kind, [now], [after], services=services)


def give_key(meant: Class, key: str, *, services: Services) -> None:
    """Give a class a key; the class that had it gets this one's. An empty key takes it away.

    Raises:
        NameTakenError: The key is longer than one character.
    """
    require(services.actor, Action.CHANGE_CLASSES, meant.project_id)
    check_key(key, ())
    with services.store.write() as records:
        now, others = class_and_others(records, meant)
        if key == (now.key or ""):
            return
        losers = [each for each in others if key and each.key == key]
        before = [now, *losers]
        after = [replace(now, key=key or None), *(replace(each, key=now.key) for each in losers)]
        keep_change(records, ClassChangeKind.KEY, before, after, services=services)


def number_keys(project_id: int, *, services: Services) -> None:
    """Keys 1 to 9 for the first nine classes, in their order; a later one keeps a letter."""
    require(services.actor, Action.CHANGE_CLASSES, project_id)
    with services.store.write() as records:
        records.projects.get(project_id, lock=True)
        known = records.classes.of_project(project_id)
        numbers = dict(zip((each.id for each in known), _NUMBERS, strict=False))
        letters = {each.id: each.key for each in known if each.key and each.key not in _NUMBERS}
        keys = {**numbers, **{i: key for i, key in letters.items() if i not in numbers}}
        before = [each for each in known if each.key != keys.get(each.id)]
        after = [replace(each, key=keys.get(each.id)) for each in before]
        if before:
            keep_change(records, ClassChangeKind.KEY, before, after, services=services)


def remember_label(label: str, meant: Class, *, services: Services) -> Touched:
    """From now on, ``label`` in a model's answer means this class, and no longer another.

    Objects that came before, in pictures nobody settled yet, are put into it.

    Raises:
        NameTakenError: The label is the name of another class, or has no letters.
    """
    label = tidy(label)
    require(services.actor, Action.CHANGE_CLASSES, meant.project_id)
    require(services.actor, Action.REVIEW, meant.project_id)
    with services.store.write() as records:
        now, others = class_and_others(records, meant)
        before, after = _with_alias(label, now, others)
        waiting = records.class_moves.labels_without_class(meant.project_id)
        labels = [each for each, _ in waiting if class_for(each, after[:1]) is not None]
        if before == after and not labels:
            return Touched()
        records.class_moves.hold_images()
        objects = without_class(meant.project_id, labels)
        touched = records.class_moves.touched(objects)
        note = keep_change(
            records, ClassChangeKind.LABEL, before, after, services=services, objects=objects
        )
        records.class_moves.move(
            objects, now.id, replace(note, detail={"from": label, "to": now.name})
        )
    return touched


def forget_alias(alias: str, meant: Class, *, services: Services) -> None:
    """A label means this class no longer; objects that have the class keep it."""
    require(services.actor, Action.CHANGE_CLASSES, meant.project_id)
    with services.store.write() as records:
        now, _ = class_and_others(records, meant)
        after = _without_alias(alias, now)
        if after != now:
            keep_change(records, ClassChangeKind.FORGET, [now], [after], services=services)


def keep_change(
    records: Records,
    kind: ClassChangeKind,
    before: Sequence[Class],
    after: Sequence[Class],
    *,
    services: Services,
    objects: Objects | None = None,
    undoes: int | None = None,
) -> MoveNote:
    """Write classes and the change that explains them; returns what images may be told of it."""
    touched = Touched() if objects is None else records.class_moves.touched(objects)
    for each in after:
        records.classes.change(each)
    change_id = records.class_changes.add(
        kind,
        before,
        after,
        actor=services.actor,
        touched=(touched.objects, touched.images),
        undoes=undoes,
    )
    detail = {"from": before[0].name, "to": after[-1].name}
    return MoveNote(change_id, kind, services.actor, detail)


def _with_alias(
    label: str, meant: Class, others: Sequence[Class]
) -> tuple[list[Class], list[Class]]:
    """The class that gains an alias first, then one that may lose it: before and after."""
    if class_for(label, (meant,)) is not None:
        return [meant], [meant]
    gaining = replace(meant, aliases=(*meant.aliases, label))
    owner = class_for(label, others)
    if owner is None:
        return [meant], [gaining]
    if folded(owner.name) == folded(label):
        hint = Message("classes.rename_first", name=owner.name)
        raise NameTakenError(Message("classes.label_is_a_class", label=label), hint=hint)
    return [meant, owner], [gaining, _without_alias(label, owner)]


def _without_alias(alias: str, owner: Class) -> Class:
    left = tuple(each for each in owner.aliases if folded(each) != folded(alias))
    return replace(owner, aliases=left)
