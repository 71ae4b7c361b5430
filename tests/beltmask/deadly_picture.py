"""Processes that die with a picture: ``DATABASE_URL BLOBS RUN_ID PICTURE ASKED``.

Each goes on with the run where the last one was killed, until one comes to the end. They write
the names of the pictures they look at into the file ``ASKED``.
"""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from beltmask.images import DEFAULT_LIMITS
from beltmask.model import Picture
from beltmask.runs import Runner
from beltmask.store.blobs import Blobs
from beltmask.store.database import Database
from beltmask.store.records import Store
from beltmask.workflows.task_store import StoredTasks
from tests.beltmask.simple_detectors import BrightSpots

AT_A_TIME = 2
MOST_STARTS = 10


def work(database_url: str, blobs: str, run_id: int, deadly: str, asked: Path) -> None:
    def look(picture: Picture) -> None:
        with asked.open("a") as file:
            file.write(f"{picture.name}\n")
        if picture.name == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    store = Store(Database(database_url), Blobs(blobs))
    book = StoredTasks(store, limits=DEFAULT_LIMITS, lease=timedelta(hours=1))
    book.give_back_abandoned()
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        detectors = {"bright": BrightSpots(look)}
        runner = Runner(book, detectors=detectors, executor=pool, workers=AT_A_TIME)

        def to_the_end() -> None:
            while runner.answer_next(run_id) or book.left(run_id):
                pass

        for done in [pool.submit(to_the_end) for _ in range(AT_A_TIME)]:
            done.result()


def main(database_url: str, blobs: str, run_id: str, deadly: str, asked: str) -> None:
    for _ in range(MOST_STARTS):
        child = os.fork()
        if child == 0:
            work(database_url, blobs, int(run_id), deadly, Path(asked))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status == 0:
            return
        if os.WTERMSIG(status) != signal.SIGKILL:
            sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
