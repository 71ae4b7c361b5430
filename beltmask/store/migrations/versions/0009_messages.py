"""What is kept of errors and problems is codes with parameters.

Sentences of before stay as they were said: the text is the parameter of a code of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels: str | None = None
depends_on: str | None = None

_AT_ONCE = 500
"""Rows."""


def upgrade() -> None:
    op.add_column("tasks", sa.Column("failure", sa.JSON(none_as_null=True)))
    failed = sa.table("tasks", _id(), sa.column("error", sa.Text()), _json("failure"))
    _rewrite(failed, failed.c.error.is_not(None), read="error", write="failure", change=_explained)
    op.drop_column("tasks", "error")

    replies = sa.table("replies", _id(), _json("problems"))
    with_problems = sa.cast(replies.c.problems, sa.Text()) != "[]"
    _rewrite(replies, with_problems, read="problems", write="problems", change=_problems)

    operations = sa.table("operations", _id(), sa.column("kind"), _json("detail"))
    refused = operations.c.kind.in_(["keep apart", "refused"])
    _rewrite(operations, refused, read="detail", write="detail", change=_refusal)


def _id() -> sa.ColumnClause[Any]:
    return sa.column("id")


def _json(name: str) -> sa.ColumnClause[Any]:
    return sa.column(name, sa.JSON(none_as_null=True))


def _rewrite(
    table: sa.TableClause,
    which: sa.ColumnElement[bool],
    *,
    read: str,
    write: str,
    change: Callable[[Any], Any],
) -> None:
    connection, last = op.get_bind(), None
    query = sa.select(table.c.id, table.c[read]).where(which).order_by(table.c.id).limit(_AT_ONCE)
    one = sa.update(table).where(table.c.id == sa.bindparam("row"))
    statement = one.values({write: sa.bindparam("new", type_=table.c[write].type)})
    while True:
        page = query if last is None else query.where(table.c.id > last)
        rows = connection.execute(page).all()
        if not rows:
            return
        connection.execute(statement, [{"row": row[0], "new": change(row[1])} for row in rows])
        last = rows[-1][0]


def _as_said(text: str) -> dict[str, Any]:
    return {"code": "errors.as_said", "params": {"text": text}}


def _explained(text: str) -> dict[str, Any]:
    return {**_as_said(text), "hint": None}


def _problems(kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**_without(each, "detail"), **_as_said(each["detail"])} for each in kept]


def _refusal(kept: dict[str, Any]) -> dict[str, Any]:
    if "refused" not in kept:
        return kept
    hint = _as_said(kept["hint"]) if kept.get("hint") else None
    return {**_without(kept, "hint"), "refused": {**_as_said(kept["refused"]), "hint": hint}}


def _without(kept: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in kept.items() if key != name}
