"""A throw-away PostgreSQL server: made in a temporary folder, gone when the tests are over."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

from beltmask.store.schema import metadata

_UNPRIVILEGED = ("postgres", "nobody")
_OPTIONS = "-c fsync=off -c full_page_writes=off -c shared_buffers=16MB -c max_connections=40"
_STOP_SECONDS = "30"
_AT_ONCE = ("-m", "immediate", "-w", "restart")
_LEFT_OVER = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
_FIRST_NUMBERS = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"


def server_programs() -> Path | None:
    """The folder of ``initdb`` and its kin; None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return installed[-1].parent if installed else None


class ThrowAwayServer:
    """A server of our own, on a socket nobody else knows of."""

    def __init__(self, programs: Path, *, options: str = _OPTIONS) -> None:
        self._programs = programs
        self._options = options
        self._folder = Path(tempfile.mkdtemp(prefix="bm-pg-", dir="/tmp"))  # sockets: short paths
        self._log = self._folder / "log"
        self._user = _hand_over(self._folder)
        self.url = f"postgresql://tests@/postgres?host={self._folder}"

    def make(self) -> None:
        self._run("initdb", "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync")

    def start(self) -> None:
        where = f"-c listen_addresses='' -c unix_socket_directories={self._folder}"
        self._run("pg_ctl", "-l", str(self._log), "-o", f"{self._options} {where}", "-w", "start")

    def stop(self) -> None:
        """Whoever is connected is cut off."""
        self._run("pg_ctl", "-m", "fast", "-t", _STOP_SECONDS, "-w", "stop")

    def remove(self) -> None:
        shutil.rmtree(self._folder)

    def _run(self, program: str, *options: str) -> None:
        done = subprocess.run(
            [self._programs / program, "-D", str(self._folder / "data"), *options],
            check=False,
            user=self._user,
            cwd=self._folder,
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        if done.returncode:
            details = self._log.read_text(errors="replace") if self._log.is_file() else ""
            raise RuntimeError(f"{program}: {done.stderr.decode(errors='replace')} {details}")


@contextmanager
def running_server(programs: Path, *, options: str = _OPTIONS) -> Iterator[ThrowAwayServer]:
    """One that has started; it must run at the end, too."""
    server = ThrowAwayServer(programs, options=options)
    try:
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        server.remove()


@contextmanager
def throw_away_server(programs: Path) -> Iterator[str]:
    """The URL of one."""
    with running_server(programs) as server:
        yield server.url


def break_down(server: str) -> None:
    """Let a throw-away server end in the middle of everything, and start again."""
    folder, programs = Path(str(make_url(server).query["host"])), server_programs()
    assert programs is not None
    subprocess.run(
        [programs / "pg_ctl", "-D", str(folder / "data"), "-l", str(folder / "log"), *_AT_ONCE],
        check=True,
        user=folder.owner(),
        cwd=folder,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """The URL of a database without tables, dropped at the end; the server may break down."""
    name = f"beltmask_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        url = make_url(server).set(database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def make_empty(connection: psycopg.Connection) -> None:
    """Take every row away and begin at the first number again, as in a database just made.

    Who is still connected is cut off. A hundred times quicker than making a database.
    """
    connection.execute(_LEFT_OVER)
    with connection.transaction():
        for table in reversed(metadata.sorted_tables):
            connection.execute(str(table.delete()))
        connection.execute(_FIRST_NUMBERS)


def _hand_over(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: somebody else gets the folder, and is named."""
    if os.geteuid() != 0:
        return None
    known: Mapping[str, pwd.struct_passwd] = {entry.pw_name: entry for entry in pwd.getpwall()}
    owner = next(known[name] for name in _UNPRIVILEGED if name in known)
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return owner.pw_name
