"""What belongs together is read as it was at one moment, on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from beltmask.model import Class, Image, Project
from beltmask.review import EditKind
from beltmask.store.blobs import Blobs, Shelf
from beltmask.store.records import Records, Store
from beltmask.workflows.class_changes import rename_class
from beltmask.workflows.class_merges import merge_class
from beltmask.workflows.export import ExportChoice, export_dataset
from beltmask.workflows.images import move_to_trash
from beltmask.workflows.projects import add_class
from beltmask.workflows.review_state import open_sheet
from beltmask.workflows.services import Services
from tests.beltmask.interruptions import meanwhile
from tests.beltmask.store.builders import mask
from tests.beltmask.workflows.classes_at_work import named, opened_on, picture_of
from tests.beltmask.workflows.person import Person
from tests.gestures import accept_all, approve

Happens = Callable[[Project, Image, Services], object]


@pytest.fixture
def services(tables_url: str) -> Iterator[Services]:
    with opened_on(tables_url) as services:
        yield services


@pytest.fixture
def classes(project: Project, services: Services) -> list[Class]:
    return [add_class(project.id, name, services=services) for name in ("can", "tin")]


@pytest.fixture
def truth(project: Project, classes: list[Class], services: Services) -> Image:
    """An approved picture with a can and a tin."""
    image = picture_of("can tin", project, services)
    sheet = accept_all(image.id, services=services)
    return approve(image.id, seen=sheet.image.revision, services=services).image


def delete_the_tin(_project: Project, image: Image, services: Services) -> None:
    eve = Person("Eve", image.id, services)
    assert eve.do("delete", eve.edit(EditKind.DELETE, eve.objects[1].id)).refused == {}


def merge_the_tins(project: Project, _image: Image, services: Services) -> None:
    tin, can = (named(name, project, services) for name in ("tin", "can"))
    merge_class(tin, can, services=services)


def rename_the_tins(project: Project, _image: Image, services: Services) -> None:
    rename_class(named("tin", project, services), "Dose", services=services)


def throw_it_away(project: Project, image: Image, services: Services) -> None:
    move_to_trash([image.id], project_id=project.id, services=services)


def exported(project: Project, path: Path, services: Services) -> dict[str, Any]:
    choice = ExportChoice(pictures=False)
    assert export_dataset(project, choice, path=path, services=services).certificate.differing == 0
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("after", ["FROM classes", "FROM images", "FROM annotations"])
@pytest.mark.parametrize(
    "happens", [delete_the_tin, merge_the_tins, rename_the_tins, throw_it_away]
)
def test_an_export_shows_the_project_at_one_moment_whatever_happens_while_it_is_read(
    happens: Happens,
    after: str,
    project: Project,
    truth: Image,
    services: Services,
    tmp_path: Path,
) -> None:
    before = exported(project, tmp_path / "before.json", services)
    assert [each["category_id"] for each in before["annotations"]] == [2, 3]
    with meanwhile(partial(happens, project, truth, services), after=after):
        during = exported(project, tmp_path / "during.json", services)
    assert during == before


@pytest.mark.parametrize("after", ["FROM images", "FROM annotations", "FROM classes"])
def test_a_sheet_that_knows_a_gesture_holds_what_it_did(
    after: str, truth: Image, services: Services
) -> None:
    eve = Person("Eve", truth.id, services)
    drawn = eve.add(mask(20, 30))
    name = eve.tail[-1].id
    with meanwhile(eve.send, after=after):
        sheet = open_sheet(truth.id, services=services, known=[name])
    assert (name in sheet.known) == (drawn in {each.id for each in sheet.annotations})
    later = open_sheet(truth.id, services=services, known=[name])
    assert name in later.known
    assert drawn in {each.id for each in later.annotations}


@dataclass(frozen=True, slots=True)
class CountedStore(Store):
    """Knows how many are reading records now."""

    reading: list[int] = field(default_factory=lambda: [0])

    @contextmanager
    def read(self) -> Iterator[Records]:
        self.reading[0] += 1
        try:
            with Store.read(self) as records:
                yield records
        finally:
            self.reading[0] -= 1


class WatchedBlobs(Blobs):
    """Notes how many were reading records whenever a picture was."""

    def __init__(self, url: str, reading: list[int]) -> None:
        super().__init__(url)
        self._reading = reading
        self.noted = list[int]()

    def get(self, shelf: Shelf, sha256: str) -> bytes:
        self.noted.append(self._reading[0])
        return super().get(shelf, sha256)


def test_an_export_does_not_hold_its_snapshot_while_it_reads_pictures(
    project: Project, truth: Image, services: Services, tmp_path: Path
) -> None:
    store = CountedStore(services.store.database, services.store.blobs)
    watched = WatchedBlobs(services.settings.blob_url, store.reading)
    counted = replace(services, store=replace(store, blobs=watched))
    export_dataset(project, ExportChoice(), path=tmp_path / "a.zip", services=counted)
    assert watched.noted
    assert set(watched.noted) == {0}
