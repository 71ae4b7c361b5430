"""What the contact sheet says, read with the care that is due to anything a browser sends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from beltmask.errors import ReviewError
from beltmask.messages import Message

MOST = 5000
_NAME = re.compile(r"[0-9A-Za-z_-]{1,36}")
_Id = Annotated[str, Field(pattern=f"^{_NAME.pattern}$")]
_LISTED = TypeAdapter(Annotated[list[Any], Field(max_length=MOST)])


class ToldObject(BaseModel):
    """An object as a person saw it, and the picture it is in by the beginning of its SHA-256."""

    id: _Id
    image: Annotated[int, Field(ge=1, lt=2**63)]
    sha: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    base: Annotated[int, Field(ge=0, le=2**31)]
    after: Annotated[tuple[_Id, ...], Field(max_length=MOST)] = ()


class ToldDecision(BaseModel):
    id: _Id
    kind: Literal["accept", "reject", "relabel", "undo"]
    objects: Annotated[tuple[ToldObject, ...], Field(min_length=1, max_length=MOST)]
    class_id: Annotated[int | None, Field(alias="class")] = None
    of: _Id | None = None


@dataclass(frozen=True, slots=True)
class PendingDecision:
    """A decision not read yet."""

    id: str
    content: Mapping[str, Any]

    def decision(self) -> ToldDecision:
        """The decision itself.

        Raises:
            ReviewError: It is not one.
        """
        try:
            return ToldDecision.model_validate(self.content)
        except ValidationError as error:
            hint = Message("pages.reload_and_decide")
            raise ReviewError(Message("pages.decision_unreadable"), hint=hint) from error


def read_tail(tail: object) -> list[PendingDecision]:
    """The decisions of a tail in the order they were made; what has no name is left out."""
    listed = tail.get("decisions") if isinstance(tail, Mapping) else None
    try:
        items = _LISTED.validate_python([] if listed is None else listed)
    except ValidationError:
        return []
    named = [(str(each.get("id", "")), each) for each in items if isinstance(each, Mapping)]
    return [PendingDecision(name, each) for name, each in named if _NAME.fullmatch(name)]
