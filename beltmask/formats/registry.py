"""Every format there is, by its name."""

from __future__ import annotations

from collections.abc import Mapping

from beltmask.errors import FormatError
from beltmask.formats.base import Format
from beltmask.formats.coco.format import Coco
from beltmask.messages import Message

DEFAULT_FORMAT = "coco"
_ALL: tuple[Format, ...] = (Coco(),)
FORMATS: Mapping[str, Format] = {each.name: each for each in _ALL}


def format_named(name: str) -> Format:
    """The format of that name.

    Raises:
        FormatError: There is none.
    """
    found = FORMATS.get(name)
    if found is None:
        hint = Message("runs.choose_one_of", names=tuple(FORMATS))
        raise FormatError(Message("formats.no_format", name=name), hint=hint)
    return found
