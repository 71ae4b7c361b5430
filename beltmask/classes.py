"""From the words a model uses to the classes of a project."""

from __future__ import annotations

from collections.abc import Iterable

from beltmask.model import Class


def class_for(label: str, classes: Iterable[Class]) -> Class | None:
    """The class whose name or alias is ``label``, capitals and outer spaces aside."""
    wanted = _folded(label)
    for each in classes:
        if wanted in map(_folded, (each.name, *each.aliases)):
            return each
    return None


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()
