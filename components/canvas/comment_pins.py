"""Where a person pointed on the picture to say something about it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

_Place = Annotated[float, Field(ge=0, le=2**31, allow_inf_nan=False)]


class _PinMessage(BaseModel):
    image: Annotated[int, Field(ge=1, lt=2**63)]
    x: _Place
    y: _Place
    object: Annotated[str, Field(max_length=36)] = ""


def read_pointed(told: object) -> tuple[int, float, float, str] | None:
    """The image, x and y in its pixels, and the object there or ""; None where it is no place."""
    try:
        said = _PinMessage.model_validate(told)
    except ValidationError:
        return None
    return (said.image, said.x, said.y, said.object)
