"""Databases that are away for a moment."""

from __future__ import annotations

from sqlalchemy import Connection, event

from beltmask.store.database import Database


class Outage:
    """While it lasts, the database answers every transaction with an error of its own.

    With ``writes`` those that only read go on.
    """

    def __init__(self, database: Database, *, writes: bool = False) -> None:
        self._engine = database._engine
        self._refuse = _refuse_writes if writes else _refuse

    def begin(self) -> None:
        event.listen(self._engine, "begin", self._refuse)

    def end(self) -> None:
        event.remove(self._engine, "begin", self._refuse)


def _refuse(connection: Connection) -> None:
    connection.exec_driver_sql("SELECT * FROM what_is_not_there")


def _refuse_writes(connection: Connection) -> None:
    if connection.get_execution_options().get("beltmask_writes"):
        _refuse(connection)
