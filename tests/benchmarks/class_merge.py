"""Merging a class in 100,000 pictures at once, against one picture at a time.

Run ``python -m tests.benchmarks.class_merge``. The rows are in a SQLite file, three objects to a
picture; set BELTMASK_TEST_POSTGRES_URL to an empty database to use that instead.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr
from sqlalchemy import insert

from beltmask.masks import mask_from_box
from beltmask.model import AnnotationSource, AnnotationState, Box, Class, Project, ReviewState
from beltmask.settings import Settings
from beltmask.store import schema
from beltmask.store.shapes import shape_columns
from beltmask.workflows.class_changes import latest_changes, rename_class
from beltmask.workflows.class_merges import merge_class, undo_class_change
from beltmask.workflows.image_review import give_class
from beltmask.workflows.images import ImageFilter, image_ids
from beltmask.workflows.projects import add_class, create_project
from beltmask.workflows.services import Services
from tests.benchmarks.gallery import facts

PICTURES, ONE_BY_ONE, OBJECTS, CHUNK = 100_000, 500, 3, 5_000


def main() -> None:
    with TemporaryDirectory() as folder:
        url = os.environ.get("BELTMASK_TEST_POSTGRES_URL")
        settings = Settings(data=Path(folder))
        if url:
            settings = settings.model_copy(update={"database_url": SecretStr(url)})
        services = Services.open(settings)
        large = create_project("large", services=services)
        tin, can = (add_class(large.id, name, services=services) for name in ("tin", "can"))
        fill(large, PICTURES, tin.id, services)
        all_at_once(large, tin, can, services)
        small = create_project("small", services=services)
        fill(small, ONE_BY_ONE, None, services)
        bolt = add_class(small.id, "bolt", services=services)
        one_by_one(small, bolt, services)
        services.close()


def all_at_once(project: Project, tin: Class, can: Class, services: Services) -> None:
    timed("rename", PICTURES, lambda: rename_class(tin, "Dose", services=services))
    timed("merge", PICTURES, lambda: merge_class(tin, can, services=services))
    [merge, *_] = latest_changes(project.id, services=services)
    timed("undo of the merge", PICTURES, lambda: undo_class_change(merge, services=services))


def one_by_one(project: Project, meant: Class, services: Services) -> None:
    ids = image_ids(ImageFilter(project.id), services=services)

    def give() -> None:
        for image_id in ids:
            give_class(image_id, "tin", meant, services=services)

    timed("one by one", ONE_BY_ONE, give)


def timed(name: str, pictures: int, deed: Callable[[], object]) -> None:
    begun = time.perf_counter()
    deed()
    seconds = time.perf_counter() - begun
    each = seconds / pictures * 1_000_000
    print(f"{name:18} {seconds:6.2f} s for {pictures:,} pictures, {each:6.0f} µs each", flush=True)


def fill(project: Project, count: int, class_id: int | None, services: Services) -> None:
    for start in range(0, count, CHUNK):
        with services.store.database.write() as connection:
            numbers = range(start, min(start + CHUNK, count))
            rows = [image_row(project, number) for number in numbers]
            table = schema.images
            statement = insert(table).returning(table.c.id)
            ids = connection.execute(statement, rows).scalars().all()
            objects = [row for image_id in ids for row in object_rows(image_id, class_id)]
            connection.execute(insert(schema.annotations), objects)


def image_row(project: Project, number: int) -> dict[str, object]:
    known = facts(project.name, number)
    names = ("name", "sha256", "width", "height", "file_format", "byte_count", "folder")
    return {
        **{name: getattr(known, name) for name in names},
        "project_id": project.id,
        "orientation": 1,
        "bit_depth": 8,
        "review": ReviewState.PREDICTED,
        "revision": 1,
        "object_count": OBJECTS,
        "added_at": project.created_at,
        "added_by": "benchmark",
    }


def object_rows(image_id: int, class_id: int | None) -> Iterator[dict[str, object]]:
    mask = mask_from_box(Box(10, 10, 60, 40))
    for number in range(OBJECTS):
        yield {
            "id": f"{image_id:024x}{number:08x}",
            "image_id": image_id,
            "class_id": class_id,
            "label": "tin",
            **shape_columns(mask.box, mask),
            "source": AnnotationSource.MODEL,
            "state": AnnotationState.PROPOSED,
            "revision": 1,
            "position": number + 1,
        }


if __name__ == "__main__":
    main()
