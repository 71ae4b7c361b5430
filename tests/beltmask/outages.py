"""Databases and stores that are away for a moment, and runs that meet this."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import Connection, event

from beltmask.model import Picture
from beltmask.runs import BEAT, Runner
from beltmask.store.database import Database
from tests.beltmask.line_at_work import PATIENCE, Line, WatchedTasks
from tests.beltmask.simple_detectors import BrightSpots


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


class StorageOutage:
    """While it lasts, whatever is asked of a folder ends in an error of the file system."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._aside = folder, folder.with_name("aside")

    def begin(self) -> None:
        self._folder.mkdir(exist_ok=True)
        self._folder.rename(self._aside)
        self._folder.symlink_to(self._folder)

    def end(self) -> None:
        self._folder.unlink()
        self._aside.rename(self._folder)


class Pauses:
    """Makes later calls at once, remembers how long they should have waited, and ends an outage.

    Beats are not made: no test takes that long.
    """

    def __init__(self, end: Callable[[], None] = lambda: None, *, after: int = 1) -> None:
        self.seconds: list[float] = []
        self.told: list[str] = []
        self.runner: Runner | None = None
        self._end, self._after = end, after

    def __call__(self, seconds: float, call: Callable[[], None]) -> None:
        if seconds == BEAT:
            return
        self.seconds.append(seconds)
        if self.runner is not None:
            self.told.append(str(self.runner.trouble(1)))
        if len(self.seconds) == self._after:
            self._end()
        call()


def once_at(name: str, call: Callable[[], None]) -> Callable[[Picture], None]:
    left = [name]

    def look(picture: Picture) -> None:
        if picture.name in left:
            left.clear()
            call()

    return look


def work_off(line: Line, run_id: int, detector: BrightSpots, pauses: Pauses) -> Runner:
    """On one thread, so that nothing but the test decides what happens when."""
    tasks = WatchedTasks(line.store)
    with ThreadPoolExecutor(1) as pool:
        detectors = {"bright": detector}
        runner = Runner(tasks, detectors=detectors, executor=pool, workers=1, later=pauses)
        pauses.runner = runner
        runner.start(run_id)
        assert tasks.idle.acquire(timeout=PATIENCE)
    return runner


def _refuse(connection: Connection) -> None:
    connection.exec_driver_sql("SELECT * FROM what_is_not_there")


def _refuse_writes(connection: Connection) -> None:
    if connection.get_execution_options().get("beltmask_writes"):
        _refuse(connection)
