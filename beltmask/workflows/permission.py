"""Who may do what. Every look and every write passes here; today the local person may do all."""

from __future__ import annotations

from enum import StrEnum

from beltmask.errors import NotAllowedError
from beltmask.messages import Message
from beltmask.model import Actor


class Action(StrEnum):
    SEE_IMAGES = "see images"
    CREATE_PROJECT = "create a project"
    CHANGE_CLASSES = "change classes"
    CHANGE_BELT_REGION = "change the belt region"
    CHANGE_PROMPTS = "change prompts"
    ADD_IMAGES = "add images"
    DELETE_IMAGES = "delete images"
    DETECT = "detect"
    REVIEW = "review"
    COMMENT = "comment"
    EXPORT = "export"
    CHECK = "check the installation"


def allowed(_actor: Actor, _action: Action, _project_id: int | None) -> bool:
    """Whether the actor may do this in the project (None: in the installation)."""
    return True


def may_see(actor: Actor, project_id: int) -> bool:
    """Whether a project is there at all for an actor."""
    return allowed(actor, Action.SEE_IMAGES, project_id)


def require(actor: Actor, action: Action, project_id: int | None = None) -> None:
    """Stop what is not allowed.

    Raises:
        NotAllowedError: ``allowed`` says no.
    """
    if not allowed(actor, action, project_id):
        raise NotAllowedError(Message("people.not_allowed", name=actor.name, action=action))
