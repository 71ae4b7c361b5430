"""Databases and data folders of every earlier version open, and nothing in them is lost."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from pydantic import SecretStr

from beltmask.model import ReviewState, TaskState
from beltmask.review import EditKind
from beltmask.settings import load_settings
from beltmask.store.blobs import Blobs, Shelf
from beltmask.workflows.belt_regions import belt_region_of
from beltmask.workflows.class_changes import latest_changes
from beltmask.workflows.comments import pins_of, threads_of
from beltmask.workflows.detection import progress_of, raw_text, result_of
from beltmask.workflows.effort import effort_by_image
from beltmask.workflows.export import ExportChoice, export_dataset
from beltmask.workflows.images import ImageFilter, gallery
from beltmask.workflows.projects import classes_of, list_projects
from beltmask.workflows.review_queue import left_off, problem_kinds
from beltmask.workflows.rollback import history_of
from beltmask.workflows.services import Services
from tests.beltmask.store.old_rows import PICTURE, RAW, database_of, revisions
from tests.beltmask.workflows.person import Person

IMAGE, PROJECT = 101, 101


@pytest.fixture(params=revisions())
def revision(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_what_was_kept_in_any_revision_is_read_and_worked_on_today(
    revision: str, database_url: str, tmp_path: Path
) -> None:
    tables = database_of(revision, database_url)
    settings = load_settings().model_copy(update={"database_url": SecretStr(database_url)})
    for shelf, data in ((Shelf.ORIGINALS, PICTURE), (Shelf.REPLIES, RAW)):
        Blobs(settings.blob_url).keep(shelf, data)
    services = Services.open(settings)
    try:
        look(services)
        look_at_what_came_later(tables, services)
        export(services, tmp_path / "out.zip")
        work(services)
    finally:
        services.close()


def look(services: Services) -> None:
    [project] = list_projects(services)
    [can] = classes_of(PROJECT, services=services)
    [image] = gallery(ImageFilter(PROJECT), services=services, after=0, limit=9).images
    assert (project.name, can.name, can.aliases) == ("Belt 3", "can", ("tin",))
    assert (image.name, image.facts.folder, image.review) == (
        "a.png",
        "line 3",
        ReviewState.APPROVED,
    )
    result = result_of(IMAGE, services=services)
    assert result is not None
    assert [each.finding.label for each in result.predictions] == ["tin"]
    [[problem]] = [reply.problems for reply in result.replies]
    assert (problem.kind, problem.detail) == ("cut_off", "the reply ends before its list does")
    assert raw_text(result.replies[0], services=services) == RAW.decode()
    assert dict(progress_of(result.task.run_id, services=services).counts) == {TaskState.DONE: 1}
    assert problem_kinds(PROJECT, services=services) == ["cut_off"]
    steps = history_of(IMAGE, services=services)
    assert [(each.entry.kind, each.stands) for each in steps] == [("approve", True), ("add", True)]
    [effort] = effort_by_image(PROJECT, services=services).values()
    assert (effort.active_seconds, effort.drawn) == (0.5, 1)


def look_at_what_came_later(tables: set[str], services: Services) -> None:
    """A row of each table that was there in the revision."""
    changes = latest_changes(PROJECT, services=services)
    assert [each.project_id for each in changes] == [PROJECT] * ("class_changes" in tables)
    said = [each.said[0].text for each in threads_of(IMAGE, services=services)]
    assert said == ["A tin?"] * ("threads" in tables)
    assert [(each.x, each.y) for each in pins_of(IMAGE, services=services)] == [(4.0, 4.0)] * (
        "threads" in tables
    )
    assert (left_off(PROJECT, services=services) is not None) == ("places" in tables)
    region = belt_region_of(PROJECT, services=services)
    assert (region is not None) == ("belt_regions" in tables)


def export(services: Services, path: Path) -> None:
    [project] = list_projects(services)
    export_dataset(project, ExportChoice(), path=path, services=services)
    with zipfile.ZipFile(path) as archive:
        found = json.loads(archive.read("annotations.json"))
        assert archive.read("images/line 3/a.png") == PICTURE
    assert [each["bbox"] for each in found["annotations"]] == [[2.0, 3.0, 4.0, 2.0]]


def work(services: Services) -> None:
    ann = Person("Ann", IMAGE, services)
    [tin] = ann.objects
    ann.make("delete", ann.edit(EditKind.DELETE, tin.id))
    ann.make("undo")
    assert ann.send().refused == {}
    assert ann.objects[0].revision == tin.revision + 2
