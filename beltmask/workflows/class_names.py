"""Names and keys a class can have, and the class as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from beltmask.classes import class_for
from beltmask.errors import NameTakenError, NotFoundError
from beltmask.messages import Message
from beltmask.model import Class
from beltmask.names import one_line, seen
from beltmask.store.records import Records


def classes_ever(records: Records, project_id: int) -> dict[int, Class]:
    """The classes of a project and those merged away, by id: what an older page may still name."""
    known = records.classes.ever_of_project(project_id)
    return {each.id: replace(each, name=name_once(each)) for each in known}


def name_once(meant: Class) -> str:
    """What a class is called, or was called before it was merged into another."""
    return meant.name.partition("\n")[0]


def tidy(name: str) -> str:
    """A name without extra spaces and without what nobody sees, at most 200 characters.

    Raises:
        NameTakenError: Nothing is left of it.
    """
    tidied = one_line(name)
    if not tidied:
        raise NameTakenError(Message("classes.name_needed"), hint=Message("classes.type_a_name"))
    return tidied[:200].rstrip()


def check_name(name: str, known: Sequence[Class]) -> None:
    """Labels find classes whatever their capitals, so two such classes would be one.

    Raises:
        NameTakenError: One of the classes has that name or alias.
    """
    owner = class_for(name, known)
    if owner is not None:
        if name == owner.name:
            raise NameTakenError(Message("store.class_exists", name=name))
        raise NameTakenError(Message("classes.name_means", owner=owner.name, name=name))


def check_key(key: str, known: Sequence[Class]) -> None:
    """A key is one character, and nobody else's.

    Raises:
        NameTakenError: It is not.
    """
    if len(key) > 1 or seen(key) != key:
        raise NameTakenError(
            Message("classes.key_too_long", key=key), hint=Message("classes.choose_another_key")
        )
    owner = next((each for each in known if key and each.key == key), None)
    if owner is not None:
        raise NameTakenError(
            Message("classes.key_taken", key=key, owner=owner.name),
            hint=Message("classes.choose_another_key"),
        )


def class_and_others(records: Records, wanted: Class) -> tuple[Class, list[Class]]:
    """A class as it is now and the others of its project, held until the transaction ends.

    Raises:
        NotFoundError: It is not there, or it was merged into another.
    """
    records.projects.get(wanted.project_id, lock=True)
    known = records.classes.of_project(wanted.project_id)
    now = next((each for each in known if each.id == wanted.id), None)
    if now is None:
        raise NotFoundError(Message("classes.no_class", name=wanted.name))
    return now, [each for each in known if each.id != wanted.id]
