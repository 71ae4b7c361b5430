"""Rows whose key is among some ids: one value for the database, however many the ids are.

A list of single values ends at some ten thousand: SQLite and PostgreSQL count them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, String, Text, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


def among(column: ColumnElement[Any], ids: Iterable[int] | Iterable[str]) -> ColumnElement[bool]:
    """Whether a column is one of these ids. Text no database can hold is nobody's."""
    told: dict[int | str, None] = dict.fromkeys(ids)
    wanted = [each for each in told if _storable(each)]
    return _Among(column, literal(json.dumps(wanted), Text()))


def _storable(value: int | str) -> bool:
    if isinstance(value, int) or (value.isascii() and "\0" not in value):
        return True
    return "\0" not in value and value == value.encode("utf-8", "ignore").decode("utf-8")


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True


@compiles(_Among, "sqlite")
def _in_sqlite(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, ids = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608  # names, no values


@compiles(_Among, "postgresql")
def _in_postgresql(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, ids = (compiler.process(each, **how) for each in element.clauses)
    kind = "text" if isinstance(next(iter(element.clauses)).type, String) else "bigint"
    one = f"SELECT value::{kind} FROM json_array_elements_text(CAST({ids} AS json))"  # noqa: S608
    return f"{column} = ANY(ARRAY({one}))"
