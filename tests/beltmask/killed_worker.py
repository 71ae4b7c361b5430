"""A process to be killed in the middle of a run: ``DATABASE_URL BLOBS RUN_ID TASKS``.

It answers some tasks, says "ready" while the next is under way, and never comes back.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from datetime import timedelta

from beltmask.images import DEFAULT_LIMITS
from beltmask.model import Picture
from beltmask.runs import Runner
from beltmask.store.blobs import Blobs
from beltmask.store.database import Database
from beltmask.store.records import Store
from beltmask.workflows.task_store import StoredTasks
from tests.beltmask.simple_detectors import BrightSpots


def stuck_after(tasks: int) -> Callable[[Picture], None]:
    left = [tasks]

    def wait(_: Picture) -> None:
        left[0] -= 1
        if left[0] < 0:
            print("ready", flush=True)  # noqa: T201
            threading.Event().wait()

    return wait


def main(database_url: str, blobs: str, run_id: str, tasks: str) -> None:
    book = StoredTasks(
        Store(Database(database_url), Blobs(blobs)),
        limits=DEFAULT_LIMITS,
        lease=timedelta(hours=1),
    )
    detectors = {"bright": BrightSpots(stuck_after(int(tasks)))}
    runner = Runner(book, detectors=detectors, executor=None, workers=0)  # type: ignore[arg-type]
    while runner.answer_next(int(run_id)):
        pass


if __name__ == "__main__":
    main(*sys.argv[1:])
