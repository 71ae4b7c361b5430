"""What a database says when it fails, in sentences of ours.

Words of a driver are never passed on: they name the host, the user and the address.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as NoConnectionLeftError

from beltmask.errors import DatabaseUnavailableError, StoreError
from beltmask.messages import Message

_Sentence = tuple[Message, Message | None]
"""What is wrong, and what to do; None: check that it runs."""

BUSY: _Sentence = (
    Message("store.busy"),
    Message("store.busy_hint"),
)
_NO_ANSWER: _Sentence = (Message("store.no_answer"), None)
_FULL: _Sentence = (Message("store.disk_full"), Message("store.make_room"))
_DAMAGED: _Sentence = (
    Message("store.database_damaged"),
    Message("store.bring_backup"),
)
_READ_ONLY: _Sentence = (
    Message("store.read_only"),
    Message("store.let_write"),
)
_CROWDED: _Sentence = (
    Message("store.no_connection_left"),
    Message("store.more_connections"),
)
_CROSSED: _Sentence = (Message("store.crossed"), Message("store.try_again"))
_NO_TABLES: _Sentence = (
    Message("store.no_tables"),
    Message("store.start_again"),
)
_SQLITE: Mapping[int, _Sentence] = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_NOTADB: (
        Message("store.not_a_database"),
        Message("store.right_file"),
    ),
    sqlite3.SQLITE_IOERR: (
        Message("store.disk_fails"),
        Message("store.check_disk_then_start"),
    ),
    sqlite3.SQLITE_CANTOPEN: (
        Message("store.file_not_opened"),
        Message("store.check_file"),
    ),
}
_POSTGRES: Mapping[str, _Sentence] = {
    "25006": (_READ_ONLY[0], Message("store.name_writable_server")),
    "40001": _CROSSED,
    "40P01": _CROSSED,
    "42501": (
        Message("store.user_lacks_rights"),
        Message("store.let_user_own"),
    ),
    "42P01": _NO_TABLES,
    "42703": _NO_TABLES,
    "53100": _FULL,
    "53300": _CROWDED,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}
_ON_CONNECTING: Mapping[str, _Sentence] = {
    "authentication": (
        Message("store.login_refused"),
        Message("store.check_database_url"),
    ),
    "no password supplied": (
        Message("store.password_wanted"),
        Message("store.check_database_url"),
    ),
    "could not translate host": (Message("store.host_unknown"), None),
    "resolve host": (Message("store.host_unknown"), None),
    "too many clients": _CROWDED,
    "connection slots": _CROWDED,
    "starting up": (Message("store.starting"), Message("store.moment")),
    "shutting down": (Message("store.stopping"), Message("store.moment")),
    "role ": (Message("store.user_unknown"), Message("store.check_database_url")),
    "does not exist": (Message("store.no_such_database"), Message("store.make_database")),
}
"""By words of libpq, which gives no code for what goes wrong before one is connected."""


@contextmanager
def explained() -> Iterator[None]:
    """Tell errors of a database in our words.

    Raises:
        DatabaseUnavailableError: Nothing can be read or written just now.
        StoreError: It refuses a value.
    """
    try:
        yield
    except IntegrityError:  # repositories explain those they expect; the rest are bugs
        raise
    except DataError as error:
        hint = Message("store.shorten_value")
        reason = str(error.orig).partition("\n")[0]
        raise StoreError(Message("store.value_refused", reason=reason), hint=hint) from error
    except OverflowError as error:  # sqlite3's own word for it
        hint = Message("store.look_for_what_is_there")
        raise StoreError(Message("store.number_too_large"), hint=hint) from error
    except DBAPIError as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        raise unavailable(sentence) from error
    except PendingRollbackError as error:  # the connection died earlier in the same block
        raise unavailable(_NO_ANSWER) from error
    except NoConnectionLeftError as error:
        raise unavailable(_CROWDED) from error


def unavailable(sentence: _Sentence) -> DatabaseUnavailableError:
    message, hint = sentence
    return DatabaseUnavailableError(message, hint=hint)


def _sentence(error: DBAPIError) -> _Sentence | None:
    """None where the statement was wrong, not the database: that is a bug."""
    cause, words = error.orig, str(error.orig)
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code == sqlite3.SQLITE_ERROR:
            return _NO_TABLES if "no such" in words else None
        return _SQLITE.get(code, _NO_ANSWER)
    code = getattr(cause, "sqlstate", None)
    if code is None:
        return next((told for sign, told in _ON_CONNECTING.items() if sign in words), _NO_ANSWER)
    return _POSTGRES.get(code) or (None if code.startswith("42") else _NO_ANSWER)
