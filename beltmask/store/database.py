"""The connection to the records: SQLite on a desk, PostgreSQL for a team."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError

from beltmask.errors import SettingsError, StoreError
from beltmask.messages import Message
from beltmask.store.failures import explained
from beltmask.store.sqlite_file import PATIENCE, SqliteFile
from beltmask.store.turns import Turns

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = text("SELECT pg_advisory_xact_lock(7203815)")
"""Any number will do as long as every BeltMask takes the same."""
_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_A_MOMENT = 0.3
_UNLESS_CHOSEN = {"connect_timeout": "10", "keepalives_idle": "30", "tcp_user_timeout": "30000"}
"""Seconds and milliseconds after which a server of which nothing is heard is given up."""


class Database:
    """Hands out connections; a clean end of ``write`` commits, an error rolls back."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(_parsed(url))
        sqlite = self._engine.dialect.name == "sqlite"
        self._file = SqliteFile(self._engine) if sqlite else None
        self._turns = Turns() if sqlite else None
        self._readers = self._engine if sqlite else self._engine.execution_options(**_SNAPSHOT)
        self._writers = self._engine.execution_options(beltmask_writes=True)

    @property
    def is_local(self) -> bool:
        """A file, which only processes of this machine open."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One snapshot: all that is read shows the database at the moment of the first look.

        Raises:
            DatabaseUnavailableError: It does not answer, or its file was removed or replaced.
        """
        with explained(), self._connected(self._readers) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction. On SQLite it takes the write lock at once, so that what was read
        within it is still true when it writes; on PostgreSQL, lock the rows you decide by.

        Raises:
            DatabaseUnavailableError: As ``read``; or others were writing for a minute. Nothing
                is kept, or nobody knows: tell it again.
        """
        turn = self._turns.taken(patience=PATIENCE) if self._turns else nullcontext()
        with explained(), turn, self._connected(self._writers) as connection:
            with connection.begin():
                yield connection
            self._check(connection)  # once more: only now it may be called saved

    def migrate(self, revision: str = "head") -> None:
        """Bring the tables up to ``revision``; of several processes, one at a time.

        Raises:
            StoreError: The tables were made by a newer version.
        """
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        with self.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(_MIGRATION_LOCK)
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, revision)
            except CommandError as error:
                hint = Message("store.start_that_version")
                raise StoreError(Message("store.newer_tables"), hint=hint) from error

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _connected(self, engine: Engine) -> Iterator[Connection]:
        with _connection(engine) as connection:
            self._check(connection)
            yield connection

    def _check(self, connection: Connection) -> None:
        if self._file is not None:
            self._file.check(connection)


def _connection(engine: Engine) -> Connection:
    """A connection that is alive. A server that starts again is given a moment."""
    try:
        return engine.connect()
    except OperationalError:
        if engine.dialect.name == "sqlite":
            raise
        time.sleep(_A_MOMENT)  # a server on its way up tells nobody when it is there
        return engine.connect()


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise SettingsError(Message("store.not_a_database_url")) from error
    if parsed.drivername in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        try:
            return create_engine(_with_limits(url), pool_pre_ping=True)
        except (ArgumentError, ImportError) as error:
            raise SettingsError(Message("store.no_driver", driver=url.drivername)) from error
    return create_engine(url)


def _with_limits(url: URL) -> URL:
    if url.drivername != "postgresql+psycopg":
        return url
    return url.update_query_dict({**_UNLESS_CHOSEN, **url.query})
