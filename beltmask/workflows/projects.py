"""Projects and the classes they have; what is changed of these is in ``class_changes``."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from beltmask.errors import NameTakenError, NotFoundError
from beltmask.messages import Message
from beltmask.model import Class, Project
from beltmask.names import folded
from beltmask.palette import color_for
from beltmask.workflows.class_names import check_key, check_name, tidy
from beltmask.workflows.permission import Action, may_see, require
from beltmask.workflows.services import Services

FIRST_CLASS = "foreign object"
_MOST_NAMED = 8


def list_projects(services: Services) -> list[Project]:
    """Those that the person may see."""
    with services.store.read() as records:
        known = records.projects.all()
    return [each for each in known if may_see(services.actor, each.id)]


def create_project(name: str, *, services: Services) -> Project:
    """A project with one class, "foreign object", to begin with.

    Raises:
        NameTakenError: The name is empty or in use, be it in other capitals.
    """
    require(services.actor, Action.CREATE_PROJECT)
    name = tidy(name)
    with services.store.write() as records:
        for owner in _meant(name, records.projects.all()):
            raise NameTakenError(Message("store.project_exists", name=owner.name))
        project = records.projects.add(name, actor=services.actor)
        records.classes.add(project.id, name=FIRST_CLASS, color=color_for(0), key="1")
        return project


def project_named(name: str, *, services: Services) -> Project:
    """The project of that name, or the only one of that name in other capitals.

    Raises:
        NotFoundError: There is none.
    """
    name = tidy(name)
    known = list_projects(services)
    found = _meant(name, known)
    exact = [each for each in found if each.name == name]
    if not exact and len(found) != 1:
        raise NotFoundError(Message("projects.no_project", name=name), hint=_which(found or known))
    return (exact or found)[0]


def project_of_name(name: str, *, services: Services) -> Project:
    """The project of that name, made now when there is none."""
    try:
        return project_named(name, services=services)
    except NotFoundError:
        with suppress(NameTakenError):  # somebody else made it just now
            return create_project(name, services=services)
        return project_named(name, services=services)


def classes_of(project_id: int, *, services: Services) -> list[Class]:
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        return records.classes.of_project(project_id)


def next_color(known: Sequence[Class]) -> str:
    """The colour a further class gets unless another is chosen, as #rrggbb."""
    return color_for(max((each.position + 1 for each in known), default=0))


def add_class(
    project_id: int, name: str, *, services: Services, color: str | None = None, key: str = ""
) -> Class:
    """A new class at the end of the list; its index in exports never moves.

    Raises:
        NameTakenError: The name is empty, or it means another class already, or the key is in use.
    """
    require(services.actor, Action.CHANGE_CLASSES, project_id)
    name = tidy(name)
    with services.store.write() as records:
        records.projects.get(project_id, lock=True)
        known = records.classes.of_project(project_id)
        check_name(name, known)
        check_key(key, known)
        chosen = color or next_color(known)
        return records.classes.add(project_id, name=name, color=chosen, key=key or None)


def _meant(name: str, projects: Sequence[Project]) -> list[Project]:
    """The projects of that name, whatever the capitals."""
    return [each for each in projects if folded(each.name) == folded(name)]


def _which(projects: Sequence[Project]) -> Message:
    """A hint that names the projects there are, as far as anybody reads on."""
    if not projects:
        return Message("projects.none_yet")
    names = tuple(each.name for each in projects[:_MOST_NAMED])
    more = len(projects) - len(names)
    if more:
        return Message("projects.there_are_more", names=names, more=more)
    return Message("projects.there_are", names=names, count=len(names))
