"""How long people wait for "saved" when several work at once, on SQLite and on PostgreSQL.

Run ``python -m tests.benchmarks.writers``. Every person is a thread of one app, makes gestures on
a picture of their own one after the other without a pause, as nobody's hand does, and waits for
each to be on the disk. PostgreSQL syncs here as it does in earnest.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import chain
from threading import Barrier

from pydantic import SecretStr

from beltmask.errors import BeltMaskError
from beltmask.review import EditKind
from beltmask.settings import Settings
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from tests.beltmask.simple_detectors import spotted_belt
from tests.beltmask.store.builders import mask
from tests.beltmask.workflows.person import Person
from tests.postgres import fresh_database, running_server, server_programs

PEOPLE = (1, 2, 4, 8, 16, 32)
GESTURES = 40
DURABLE = "-c fsync=on -c full_page_writes=on -c shared_buffers=128MB -c max_connections=100"


def main() -> None:
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores")
    print(f"{GESTURES} gestures each: gestures a second; median, 95th percentile, longest; refused")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BELTMASK_DATA"] = folder
        measure("SQLite", f"sqlite:///{folder}/records.sqlite3")
        with postgres() as url:
            measure("PostgreSQL", url)


@contextmanager
def postgres() -> Iterator[str]:
    programs = server_programs()
    if programs is None:
        sys.exit("PostgreSQL is not installed")
    with running_server(programs, options=DURABLE) as server, fresh_database(server.url) as url:
        yield url


def measure(kind: str, url: str) -> None:
    services = Services.open(Settings().model_copy(update={"database_url": SecretStr(url)}))
    for count in PEOPLE:
        people = [person(f"{count} {n}", services) for n in range(count)]
        start = time.perf_counter()
        with ThreadPoolExecutor(count) as pool:
            waits = sorted(chain(*pool.map(partial(worked, Barrier(count)), people)))
        rate = len(waits) / (time.perf_counter() - start)
        late = waits[int(len(waits) * 0.95)]
        refused = count * GESTURES - len(waits)
        print(
            f"{kind}, {count} people: {rate:.0f}/s; {statistics.median(waits):.0f}, "
            f"{late:.0f}, {waits[-1]:.0f} ms; {refused}",
            flush=True,
        )
    services.close()


def person(name: str, services: Services) -> Person:
    """Somebody with a picture of their own, and an object in it."""
    project = create_project(name, services=services)
    data = spotted_belt(0)
    image = add_picture("a.png", data, project_id=project.id, services=services).image
    assert image is not None
    found = Person(name, image.id, services)
    found.add(mask(20, 5))
    found.send()
    return found


def worked(together: Barrier, person: Person) -> list[float]:
    """Milliseconds each gesture took that was not refused."""
    together.wait()
    waits = list[float]()
    for number in range(GESTURES):
        name = person.objects[0].id
        person.make("reshape", person.edit(EditKind.RESHAPE, name, mask(20, 5, seed=number)))
        start = time.perf_counter()
        try:
            kept = not person.send().refused
        except BeltMaskError:
            kept = False
        waits += [1000 * (time.perf_counter() - start)] * kept
    return waits


if __name__ == "__main__":
    main()
