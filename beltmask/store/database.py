"""The connection to the records: SQLite on a desk, PostgreSQL for a team."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionLeftError
from sqlalchemy.pool import ConnectionPoolEntry

from beltmask.errors import DatabaseUnavailableError, SettingsError, StoreError
from beltmask.store.disk import close_to_others, make_file

_MIGRATIONS = Path(__file__).parent / "migrations"
_JOURNALS = ("-wal", "-shm")
_BUSY_TIMEOUT_MS = 15_000
_MIGRATION_LOCK = text("SELECT pg_advisory_xact_lock(7203815)")
"""Any number will do as long as every BeltMask takes the same."""


class Database:
    """Hands out connections; a clean end of ``write`` commits, an error rolls back."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(_parsed(url))

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with _explained(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction.

        On SQLite it takes the write lock at once, so that what was read within it is still
        true when it writes.
        """
        engine = self._engine.execution_options(beltmask_writes=True)
        with _explained(), engine.begin() as connection:
            yield connection

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
                hint = "Start the version of BeltMask that this database was last used with."
                raise StoreError("the tables do not fit this version", hint=hint) from error

    def close(self) -> None:
        self._engine.dispose()


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise SettingsError("BELTMASK_DATABASE_URL is not a database URL") from error
    if parsed.drivername in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        try:
            return create_engine(url, pool_pre_ping=True)
        except (ArgumentError, ImportError) as error:
            raise SettingsError(f"there is no driver for {url.drivername}") from error
    if url.database and url.database != ":memory:":
        _make_file(Path(url.database))
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_file(path: Path) -> None:
    """SQLite would let others read what it makes, and its journals are like the file itself."""
    try:
        make_file(path)
        for file in (path, *(path.with_name(path.name + end) for end in _JOURNALS)):
            close_to_others(file)
    except OSError as error:
        raise SettingsError(f"{path.parent} cannot hold the database: {error.strerror}") from error


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("beltmask_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except IntegrityError:  # repositories explain those they expect; the rest are bugs
        raise
    except DataError as error:
        hint = "Shorten it, or leave unusual characters out."
        raise StoreError(f"the database refused a value: {_reason(error)}", hint=hint) from error
    except DBAPIError as error:
        message = f"the database did not answer: {_reason(error)}"
        raise DatabaseUnavailableError(message) from error
    except NoConnectionLeftError as error:
        raise DatabaseUnavailableError("the database has no connection left") from error


def _reason(error: DBAPIError) -> str:
    return str(error.orig).partition("\n")[0]
