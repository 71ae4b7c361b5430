"""One gallery page among 100,000 images, against the same page among 100.

Run ``python -m tests.benchmarks.gallery``. Both projects are in one SQLite file; the rows are
written through the store, the pictures themselves are left out.
"""

from __future__ import annotations

import hashlib
import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, event

from beltmask.model import ImageFacts, Project, ReviewState
from beltmask.settings import Settings
from beltmask.workflows.images import ImageFilter, gallery, page_before
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services

SMALL, LARGE = 100, 100_000
PAGE = 24
ROUNDS = 7
LONGEST_MS = 50

Ways = Mapping[str, Callable[[], object]]


def main() -> None:
    with TemporaryDirectory() as folder:
        services = Services.open(Settings(data=Path(folder)))
        begun = time.perf_counter()
        small = filled("small", SMALL, services)
        large = filled("large", LARGE, services)
        print(f"{SMALL + LARGE} rows in {time.perf_counter() - begun:.0f} s")
        compare(ways(small, SMALL, services), ways(large, LARGE, services))
        services.close()


def filled(name: str, count: int, services: Services) -> Project:
    """A project of new images, every tenth predicted, every hundredth approved."""
    project = create_project(name, services=services)
    with services.store.write() as records:
        for number in range(count):
            image = records.images.add(project.id, facts(name, number), actor=services.actor)
            if number % 10 == 0:
                review = ReviewState.APPROVED if number % 100 == 0 else ReviewState.PREDICTED
                records.images.move(image, review=review, object_count=number % 7)
    return project


def facts(project: str, number: int) -> ImageFacts:
    name = f"camera-{number % 4}/belt-{number:06d}.png"
    return ImageFacts(
        name=name,
        sha256=hashlib.sha256(f"{project}/{name}".encode()).hexdigest(),
        width=1280,
        height=960,
        file_format="PNG",
        byte_count=1_000_000,
    )


def ways(project: Project, count: int, services: Services) -> Ways:
    """Every look at the gallery, by name."""
    everything = ImageFilter(project.id)
    first = gallery(everything, services=services, after=0, limit=1).images[0].id
    last = first + count - 1
    show = partial(gallery, services=services, limit=PAGE)
    return {
        "first page": partial(show, everything, after=0),
        "middle page": partial(show, everything, after=first + count // 2),
        "last page": partial(show, everything, after=last - PAGE),
        "page before the last": partial(
            page_before, everything, services=services, before=last - PAGE, limit=PAGE
        ),
        "approved, first page": partial(
            show, ImageFilter(project.id, (ReviewState.APPROVED,)), after=0
        ),
        "name of many": partial(show, ImageFilter(project.id, (), "belt"), after=0),
        "name of one": partial(show, ImageFilter(project.id, (), f"{count - 1:06d}"), after=0),
        "name of none": partial(show, ImageFilter(project.id, (), "glove"), after=0),
        "trash, empty": partial(show, ImageFilter(project.id, trash=True), after=0),
    }


def compare(small: Ways, large: Ways) -> None:
    for name in small:
        few, many = milliseconds(small[name]), milliseconds(large[name])
        print(f"{name:22} {few:6.1f} ms of {SMALL}, {many:6.1f} ms of {LARGE}: {many / few:.1f}")
        if many > LONGEST_MS:
            seconds, statement = slowest_query(large[name])
            print(f"    {seconds * 1000:.0f} ms: {' '.join(statement.split())[-300:]}")


def milliseconds(look: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        look()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def slowest_query(look: Callable[[], object]) -> tuple[float, str]:
    """Seconds and text of the query that takes longest to answer its first row."""
    begun: list[float] = []
    spent: list[tuple[float, str]] = []

    def begin(*_: object) -> None:
        begun.append(time.perf_counter())

    def end(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        spent.append((time.perf_counter() - begun.pop(), statement))

    event.listen(Engine, "before_cursor_execute", begin)
    event.listen(Engine, "after_cursor_execute", end)
    look()
    event.remove(Engine, "before_cursor_execute", begin)
    event.remove(Engine, "after_cursor_execute", end)
    return max(spent)


if __name__ == "__main__":
    main()
