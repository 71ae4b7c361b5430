"""Prompts: each wording and its settings once, however often it is asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from beltmask.model import Prompt, PromptClass, Tiling
from beltmask.store import schema
from beltmask.store.belt_regions import lines_from
from beltmask.store.membership import among

_FIELDS = tuple(field.name for field in fields(Prompt) if field.name != "repeat")


class Prompts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, prompt_id: int) -> Prompt:
        query = select(schema.prompts).where(schema.prompts.c.id == prompt_id)
        return _prompt(self._connection.execute(query).mappings().one())

    def by_ids(self, ids: Iterable[int]) -> dict[int, Prompt]:
        query = select(schema.prompts).where(among(schema.prompts.c.id, ids))
        return {row["id"]: _prompt(row) for row in self._connection.execute(query).mappings()}

    def id_of(self, prompt: Prompt) -> int:
        table, values = schema.prompts, {name: getattr(prompt, name) for name in _FIELDS}
        values["classes"] = [[each.name, each.description] for each in prompt.classes]
        digest, values["sketch"] = _digest(values), prompt.sketch or None
        values["classes"] = values["classes"] or None
        query = select(table.c.id).where(table.c.digest == digest)
        found = self._connection.execute(query).scalar_one_or_none()
        if found is not None:
            return int(found)
        statement = insert(table).values(digest=digest, **values).returning(table.c.id)
        try:
            with self._connection.begin_nested():
                return int(self._connection.execute(statement).scalar_one())
        except IntegrityError:  # somebody asked the same for the first time just now
            return int(self._connection.execute(query).scalar_one())


def _prompt(row: Mapping[Any, Any]) -> Prompt:
    values = {name: row[name] for name in _FIELDS}
    values["tiling"], values["sketch"] = Tiling(row["tiling"]), lines_from(row["sketch"])
    values["classes"] = tuple(PromptClass(*each) for each in row["classes"] or ())
    return Prompt(**values)


def _digest(values: Mapping[str, Any]) -> str:
    """Fields that came later count where they differ from what was done before them."""
    later: dict[str, Any] = {"tiling": Tiling.WHOLE, "sketch": (), "classes": []}
    later |= {"closed": False, "avoid": "", "template": ""}
    told = {name: value for name, value in values.items() if later.get(name) != value}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
