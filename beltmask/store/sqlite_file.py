"""The file of a SQLite database: how it is opened, and whether it is still the same file."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import ConnectionPoolEntry

from beltmask.errors import DatabaseUnavailableError, SettingsError
from beltmask.messages import Message
from beltmask.store.disk import close_file, make_file

PATIENCE = 60.0
"""Seconds a writer waits for others."""
_STEP = 0.005
_MOST_LOG_KEPT = 64 * 1024 * 1024
_BESIDE = ("", "-wal", "-shm")
"""The database, its log and the index of its log: all three are open as long as a connection."""
_Identity = tuple[int, int]
"""Device and inode."""
_BEGIN_TO_WRITE = "BEGIN IMMEDIATE"


class SqliteFile:
    """Watches that every connection of an engine is to the file the first one opened.

    A file that is removed or replaced stays open without a name: what is written to it is lost.

    Raises:
        SettingsError: There is no place for the file.
    """

    def __init__(self, engine: Engine) -> None:
        _make(engine.url)
        self._path = ""
        self._identity: _Identity | None = None
        event.listen(engine, "do_connect", self._before_opening)
        event.listen(engine, "connect", self._opened)
        event.listen(engine, "begin", _begin)

    def check(self, connection: Connection) -> None:
        """Whether what this connection writes is written to the file everybody opens.

        Raises:
            DatabaseUnavailableError: It was removed or replaced.
        """
        known: Mapping[str, _Identity] = connection.info.get("files", {})
        if any(_identity(path) != identity for path, identity in known.items()):
            raise self._gone()

    def _before_opening(self, *_connecting: Any) -> None:
        """SQLite would make a new file in place of one that is gone."""
        if self._identity is not None and _identity(self._path) != self._identity:
            raise self._gone()

    def _opened(self, connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        path = _prepared(connection)
        found = {path + end: _identity(path + end) for end in _BESIDE} if path else {}
        entry.info["files"] = {name: each for name, each in found.items() if each is not None}
        if self._identity is None:
            self._path, self._identity = path, found.get(path)
        elif found.get(path) != self._identity:
            raise self._gone()

    def _gone(self) -> DatabaseUnavailableError:
        name = Path(self._path).name
        message = Message("store.file_gone", name=name)
        hint = Message("store.put_file_back", name=name)
        return DatabaseUnavailableError(message, hint=hint)


def _make(url: URL) -> None:
    """SQLite would let others read what it makes, and its journals are like the file itself."""
    name = url.database or ""
    if name in ("", ":memory:") or name.startswith("file:"):
        return
    path = Path(name)
    try:
        make_file(path)
        for end in _BESIDE:
            close_file(path.with_name(path.name + end))
    except OSError as error:
        message = Message("store.folder_unusable", folder=str(path.parent), reason=error.strerror)
        hint = Message("store.choose_folder")
        raise SettingsError(message, hint=hint) from error


def _identity(path: str) -> _Identity | None:
    try:
        found = os.stat(path)  # noqa: PTH116  # asked with every connection
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepared(connection: DBAPIConnection) -> str:
    """Set a new connection up, its log opened; returns the path of its file, "" in memory."""
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {round(PATIENCE * 1000)}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute(f"PRAGMA journal_size_limit = {_MOST_LOG_KEPT}")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("SELECT count(*) FROM sqlite_master")
    cursor.execute("PRAGMA database_list")
    path: str = cursor.fetchall()[0][2]
    cursor.close()
    return path


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get("beltmask_writes", False):
        _begin_to_write(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_to_write(connection: Connection) -> None:
    """Wait in small steps for other processes: SQLite's own grow to a tenth of a second each,
    and one that writes on and on then leaves others no chance.
    """
    raw = connection.connection.cursor()
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        deadline = time.monotonic() + PATIENCE
        while (failure := _tried(raw)) == sqlite3.SQLITE_BUSY and time.monotonic() < deadline:
            time.sleep(_STEP)  # another process that lets go of the file tells nobody
        if failure:
            connection.exec_driver_sql(_BEGIN_TO_WRITE)  # says why it cannot
    finally:
        raw.execute(f"PRAGMA busy_timeout = {round(PATIENCE * 1000)}")
        raw.close()


def _tried(cursor: DBAPICursor) -> int:
    """SQLite's code of what hinders us to begin; 0 once we have begun."""
    try:
        cursor.execute(_BEGIN_TO_WRITE)
    except sqlite3.Error as error:
        return error.sqlite_errorcode & 0xFF
    return sqlite3.SQLITE_OK
