"""One step in a queue of 100,000 images, on SQLite and PostgreSQL, against one of 100.

Run ``python -m tests.benchmarks.queue``. A step finds where an image stands and both neighbours;
counting the queue is told apart, since it looks at every image. Every image has two objects; one
class is in every other image, one in ten of them, one only in the last tenth.
"""

from __future__ import annotations

import hashlib
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import SecretStr
from sqlalchemy import insert, text

from beltmask.model import AnnotationState, Project, ReviewState
from beltmask.settings import Settings
from beltmask.store import schema
from beltmask.workflows.images import find_image
from beltmask.workflows.projects import add_class, create_project
from beltmask.workflows.review_queue import (
    ImageFilter,
    Order,
    ReviewQueue,
    Spot,
    count_queue,
    stand_at,
)
from beltmask.workflows.services import Services
from tests.postgres import fresh_database, server_programs, throw_away_server

SMALL, LARGE = 100, 100_000
ROUNDS = 15
START = datetime(2026, 1, 1, tzinfo=UTC)
Look = Callable[[], object]
REVIEWS = [ReviewState.PREDICTED] * 6 + [ReviewState.APPROVED] * 3 + [ReviewState.IN_REVIEW]


def main() -> None:
    with ExitStack() as stack:
        for name, services in opened(stack):
            few, many = (ways(filled(count, services), count, services) for count in (SMALL, LARGE))
            if name == "PostgreSQL":  # as its own daemon does in time
                with services.store.database.write() as connection:
                    connection.execute(text("ANALYZE"))
            print(f"\n{name:34} step of {SMALL}   of {LARGE}  longest    counting")
            for (what, steps, _), (_, more, count) in zip(few, many, strict=True):
                one, long, counts = (milliseconds(each) for each in (steps, more, count))
                print(
                    f"{what:34} {statistics.median(one):8.1f} {statistics.median(long):11.1f} "
                    f"{max(long):9.1f} ms {statistics.median(counts):8.1f} ms"
                )


def opened(stack: ExitStack) -> Iterator[tuple[str, Services]]:
    folder = Path(stack.enter_context(TemporaryDirectory()))
    yield "SQLite", stack.enter_context(services_at(Settings(data=folder / "sqlite")))
    programs = server_programs()
    if programs is None:
        return
    server = stack.enter_context(throw_away_server(programs))
    url = stack.enter_context(fresh_database(server))
    settings = Settings(data=folder / "postgresql", database_url=SecretStr(url))
    yield "PostgreSQL", stack.enter_context(services_at(settings))


@contextmanager
def services_at(settings: Settings) -> Iterator[Services]:
    services = Services.open(settings)
    yield services
    services.close()


def filled(count: int, services: Services) -> Project:
    project = create_project(str(count), services=services)
    common, rare, late = (
        add_class(project.id, each, services=services).id for each in ("common", "rare", "late")
    )
    chance = np.random.default_rng(1)
    with services.store.database.write() as connection:
        query = insert(schema.images).returning(schema.images.c.id)
        ids = list(
            connection.execute(
                query, [image(project, n, chance.random(3)) for n in range(count)]
            ).scalars()
        )
        objects, problems = [], []
        for n, image_id in enumerate(ids):
            second = common if n % 2 else None
            second = rare if n % (count // 10) == count // 20 else second
            second = late if n > count * 9 // 10 else second
            objects += [thing(image_id, 1, None, n), thing(image_id, 2, second, n)]
            problems += [{"image_id": image_id, "kind": "cut_off"}] if n % 50 == 0 else []
        connection.execute(insert(schema.annotations), objects)
        connection.execute(insert(schema.image_problems), problems)
    return project


def image(project: Project, number: int, chance: NDArray[np.float64]) -> dict[str, Any]:
    at, score, disagreement = chance.tolist()
    name = f"{project.name}/belt-{number:06d}.png"
    return {
        "project_id": project.id,
        "sha256": hashlib.sha256(name.encode()).hexdigest(),
        "name": name,
        "folder": "",
        "width": 1280,
        "height": 960,
        "file_format": "PNG",
        "byte_count": 1_000_000,
        "orientation": 1,
        "bit_depth": 8,
        "captured_at": None if number % 9 == 0 else START + timedelta(seconds=at * 1e7),
        "review": REVIEWS[number % 10],
        "revision": 1,
        "object_count": 2,
        "lowest_score": score if number % 2 else None,
        "disagreement": disagreement if number % 3 else None,
        "added_at": START,
        "added_by": "Ann",
    }


def thing(image_id: int, position: int, class_id: int | None, number: int) -> dict[str, Any]:
    open_ = number % 3 == 0
    return {
        "id": f"{image_id}-{position}",
        "image_id": image_id,
        "class_id": class_id,
        "label": "thing",
        "x0": 1,
        "y0": 1,
        "x1": 9,
        "y1": 9,
        "counts": b"08",
        "source": "model",
        "state": AnnotationState.PROPOSED if open_ else AnnotationState.ACCEPTED,
        "revision": 1,
        "position": position,
    }


def ways(
    project: Project, count: int, services: Services
) -> Iterator[tuple[str, Sequence[Look], Sequence[Look]]]:
    """Every order of every filter: steps from places all over the queue, and counting it."""
    with services.store.read() as records:
        ids = records.images.ids(ImageFilter(project.id))
        common, rare, late = (each.id for each in records.classes.of_project(project.id)[-3:])
    images = [find_image(ids[n], services=services) for n in range(0, count, count // ROUNDS)]
    filters = {
        "all": ImageFilter(project.id),
        "in review": ImageFilter(project.id, (ReviewState.IN_REVIEW,)),
        "new (none)": ImageFilter(project.id, (ReviewState.NEW,)),
        "proposals": ImageFilter(project.id, proposals=True),
        "common class": ImageFilter(project.id, class_id=common),
        "rare class": ImageFilter(project.id, class_id=rare),
        "late class": ImageFilter(project.id, class_id=late),
        "problem": ImageFilter(project.id, problem="cut_off"),
        "no such problem": ImageFilter(project.id, problem="loop"),
    }
    for order in Order:
        for name, where in filters.items():
            queue, spot = ReviewQueue(where, order), Spot(ids[count // 2])
            steps = [partial(stand_at, one, queue, services=services) for one in images]
            yield f"{order}, {name}", steps, [partial(count_queue, queue, spot, services=services)]


def milliseconds(looks: Sequence[Look]) -> list[float]:
    times = []
    for look in looks:
        look()
        begun = time.perf_counter()
        look()
        times.append((time.perf_counter() - begun) * 1000)
    return times


if __name__ == "__main__":
    main()
