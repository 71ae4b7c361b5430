"""What time it is, as whoever shares the database must agree on."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, func, select


def now_of(connection: Connection) -> datetime:
    """The time of the database's machine; a SQLite file is on this one."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)
