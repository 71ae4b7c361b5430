"""Prompts that are kept under names: immutable versions, and the one a project asks with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from beltmask.errors import NameTakenError, NotFoundError, SettingsError
from beltmask.messages import Message
from beltmask.model import Prompt, PromptVersion
from beltmask.names import folded, one_line, several_lines
from beltmask.store.records import Records
from beltmask.workflows.permission import Action, require
from beltmask.workflows.prompt_options import checked_options
from beltmask.workflows.services import Services

__all__ = ["PromptVersion"]

_LONGEST_NAME = 200
_MOST_NAMED = 8


def keep_version(
    project_id: int,
    prompt: Prompt,
    *,
    name: str,
    services: Services,
    notes: str = "",
    parent: PromptVersion | None = None,
) -> PromptVersion:
    """A new version. What was drawn on one picture is not part of it.

    Raises:
        NameTakenError: The name is empty, a number, or in use, be it in other capitals.
        SettingsError: Another version asks the very same, or an option cannot be as it is.
        NotFoundError: There is no such project, or the parent is not one of its versions.
    """
    require(services.actor, Action.CHANGE_PROMPTS, project_id)
    name, prompt = _tidy(name), checked_options(replace(prompt, sketch=(), repeat=0))
    with services.store.write() as records:
        records.projects.get(project_id, lock=True)
        known = records.prompt_versions.of_project(project_id)
        _check(name, prompt, known)
        if parent is not None and parent not in known:
            raise NotFoundError(Message("prompts.no_version", name=parent.name))
        kept = several_lines(notes)
        return records.prompt_versions.add(
            project_id, prompt, name=name, notes=kept, parent=parent, actor=services.actor
        )


def versions_of(project_id: int, *, services: Services) -> list[PromptVersion]:
    """A project's versions, the oldest first."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        return records.prompt_versions.of_project(project_id)


def version_named(project_id: int, name: str, *, services: Services) -> PromptVersion:
    """The version of that name, whatever its capitals, or of that number.

    Raises:
        NotFoundError: There is none.
    """
    known = versions_of(project_id, services=services)
    wanted = folded(name)
    for version in known:
        if wanted in (folded(version.name), str(version.number)):
            return version
    raise NotFoundError(Message("prompts.no_version", name=one_line(name)), hint=_which(known))


def use_in_project(version: PromptVersion, *, services: Services) -> None:
    """From now on Detect begins with this one in its project.

    Raises:
        NotFoundError: There is no such version.
    """
    with services.store.write() as records:
        kept = records.prompt_versions.get(version.id)
        require(services.actor, Action.CHANGE_PROMPTS, kept.project_id)
        records.projects.get(kept.project_id, lock=True)
        _use(kept.project_id, kept, records, services)


def use_no_version(project_id: int, *, services: Services) -> None:
    """From now on Detect begins as it does in a new project."""
    require(services.actor, Action.CHANGE_PROMPTS, project_id)
    with services.store.write() as records:
        records.projects.get(project_id, lock=True)
        _use(project_id, None, records, services)


def version_in_use(project_id: int, *, services: Services) -> PromptVersion | None:
    """The version Detect begins with; None where nobody chose one."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        return records.prompt_versions.in_use(project_id)


def default_prompt(project_id: int, *, services: Services) -> Prompt | None:
    """What Detect begins with; None where nobody chose a version."""
    version = version_in_use(project_id, services=services)
    return None if version is None else version.prompt


def _use(
    project_id: int, version: PromptVersion | None, records: Records, services: Services
) -> None:
    """The project is held; what holds already is not kept again."""
    if version != records.prompt_versions.in_use(project_id):
        records.prompt_versions.use(project_id, version, actor=services.actor)


def _tidy(name: str) -> str:
    tidied = one_line(name)[:_LONGEST_NAME].rstrip()
    hint = Message("prompts.say_what_is_new")
    if not tidied:
        raise NameTakenError(Message("prompts.name_needed"), hint=hint)
    if tidied.isdecimal():
        raise NameTakenError(Message("prompts.name_is_a_number", name=tidied), hint=hint)
    return tidied


def _check(name: str, prompt: Prompt, known: Sequence[PromptVersion]) -> None:
    for version in known:
        if folded(version.name) == folded(name):
            raise NameTakenError(Message("prompts.name_taken", name=version.name))
        if version.prompt == prompt:
            said = Message("prompts.asks_the_same", number=version.number, name=version.name)
            raise SettingsError(said, hint=Message("prompts.change_something"))


def _which(known: Sequence[PromptVersion]) -> Message:
    if not known:
        return Message("prompts.keep_one_first")
    names = tuple(version.name for version in known[-_MOST_NAMED:])
    return Message("prompts.versions_are", names=names)
