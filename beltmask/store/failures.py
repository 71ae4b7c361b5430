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

_Sentence = tuple[str, str | None]
"""What is wrong, and what to do; None: check that it runs."""

BUSY: _Sentence = (
    "others have been writing into the database for a minute",
    "Try again. Where many people work at once, PostgreSQL serves better.",
)
_NO_ANSWER: _Sentence = ("the database does not answer", None)
_FULL: _Sentence = ("the disk of the database is full", "Make room on it, then try again.")
_DAMAGED: _Sentence = (
    "the database is damaged: one of its pages cannot be read",
    "Stop BeltMask, keep a copy of the database, and bring back a backup.",
)
_READ_ONLY: _Sentence = (
    "the database can be read but not written",
    "Let BeltMask write to it, and to the folder it is in.",
)
_CROWDED: _Sentence = (
    "the database has no connection left",
    "Try again in a moment, or let the server take more connections.",
)
_CROSSED: _Sentence = ("two changes waited for each other, and this one gave way", "Try again.")
_NO_TABLES: _Sentence = (
    "the database does not have the tables of this version",
    "Start BeltMask again: it makes them.",
)
_SQLITE: Mapping[int, _Sentence] = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_NOTADB: (
        "the file of the database is not a database",
        "Put the right file there, or name another with BELTMASK_DATABASE_URL.",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk of the database fails",
        "Check the disk, then start BeltMask again.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the file of the database cannot be opened",
        "Check that it is a file, and that BeltMask may write to it and to its folder.",
    ),
}
_POSTGRES: Mapping[str, _Sentence] = {
    "25006": (_READ_ONLY[0], "Name the server that takes writes in BELTMASK_DATABASE_URL."),
    "40001": _CROSSED,
    "40P01": _CROSSED,
    "42501": (
        "the database does not let this user in where BeltMask must",
        "Let the user of BELTMASK_DATABASE_URL own the database.",
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
        "the database does not accept the user or the password",
        "Check BELTMASK_DATABASE_URL.",
    ),
    "no password supplied": (
        "the database wants a password",
        "Check BELTMASK_DATABASE_URL.",
    ),
    "could not translate host": ("the database's host is not known", None),
    "resolve host": ("the database's host is not known", None),
    "too many clients": _CROWDED,
    "connection slots": _CROWDED,
    "starting up": ("the database is starting", "Try again in a moment."),
    "shutting down": ("the database is being stopped", "Try again in a moment."),
    "role ": ("the database does not know the user", "Check BELTMASK_DATABASE_URL."),
    "does not exist": ("there is no such database", "Make it, or check BELTMASK_DATABASE_URL."),
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
        hint = "Shorten it, or leave unusual characters out."
        reason = str(error.orig).partition("\n")[0]
        raise StoreError(f"the database refused a value: {reason}", hint=hint) from error
    except OverflowError as error:  # sqlite3's own word for it
        hint = "Look for something that is there."
        raise StoreError("the database takes no number as large as this", hint=hint) from error
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
