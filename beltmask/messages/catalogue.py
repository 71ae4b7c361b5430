"""Catalogues of sentences: by a message's code, in one language.

``english/*.toml`` holds one area a file, ``name = "sentence with {parameters}"`` a line; the code
is ``area.name``. Where a number decides about the words, the sentence is a table ``{one, other}``,
and the parameter that decides is ``count``. Placeholders are those of ``str.format``; a list is
parted by what its placeholder says after the colon, ``{names:, }``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol


class Catalogue(Protocol):
    """The sentences of one language."""

    def template(self, code: str, count: int | None) -> str | None:
        """The sentence for a code, its placeholders open; None where there is none.

        ``count`` chooses between one and several. gettext knows the same as ``npgettext``: the
        code is the context, the English sentence the id.
        """
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A sentence; ``other`` where one and several have words of their own."""

    one: str
    other: str | None = None

    def chosen(self, count: int | None) -> str:
        return self.one if self.other is None or count == 1 else self.other


class English:
    """The catalogue that others are translations of."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = entries

    def template(self, code: str, count: int | None) -> str | None:
        entry = self.entries.get(code)
        return None if entry is None else entry.chosen(count)


@cache
def english() -> English:
    folder = files(__package__) / "english"
    entries = dict[str, Entry]()
    for area in folder.iterdir():
        table = tomllib.loads(area.read_text(encoding="utf-8"))
        prefix = area.name.removesuffix(".toml")
        entries |= {f"{prefix}.{name}": _entry(value) for name, value in table.items()}
    return English(entries)


def _entry(value: str | dict[str, str]) -> Entry:
    return Entry(value) if isinstance(value, str) else Entry(**value)
