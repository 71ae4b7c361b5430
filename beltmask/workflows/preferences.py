"""What a person chose last in a project, such as the words of a question: theirs, not a tab's."""

from __future__ import annotations

from collections.abc import Mapping

from beltmask.names import several_lines
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

Choice = str | int | float | bool


def preferences_of(project_id: int, *, services: Services) -> Mapping[str, object]:
    """What the person chose in the project, by name; some of it may be of another version."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        return records.preferences.of(project_id, services.actor)


def keep_preferences(project_id: int, changed: Mapping[str, Choice], *, services: Services) -> None:
    """Keep the choices that changed; what else this person chose there stays."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    plain = {
        name: several_lines(value) if isinstance(value, str) else value
        for name, value in changed.items()
    }
    with services.store.write() as records:
        records.preferences.keep(project_id, services.actor, plain)
