"""Indices of classes in exports outlive renaming and merging."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pycocotools.coco import COCO

from beltmask.model import Class, Image, Project
from beltmask.workflows.class_changes import rename_class
from beltmask.workflows.class_merges import merge_class
from beltmask.workflows.export import ExportChoice, export_dataset
from beltmask.workflows.projects import add_class
from beltmask.workflows.services import Services
from tests.beltmask.workflows.classes_at_work import picture_of, undo_last
from tests.gestures import accept_all, approve

ONLY_ANNOTATIONS = ExportChoice(pictures=False)


@pytest.fixture
def classes(project: Project, services: Services) -> list[Class]:
    return [add_class(project.id, name, services=services) for name in ("can", "tin", "bolt")]


@pytest.fixture
def truth(project: Project, classes: list[Class], services: Services) -> Image:
    """An approved picture with an object of each class."""
    image = picture_of("can tin bolt", project, services)
    accepted = accept_all(image.id, services=services)
    return approve(image.id, seen=accepted.image.revision, services=services).image


def categories_in(path: Path) -> dict[int, str]:
    return {each["id"]: each["name"] for each in json.loads(path.read_text())["categories"]}


def exported(project: Project, path: Path, services: Services) -> tuple[dict[int, str], list[int]]:
    """The categories, and those of the objects as an independent reader finds them."""
    report = export_dataset(project, ONLY_ANNOTATIONS, path=path, services=services)
    assert report.certificate.differing == 0
    coco = COCO(str(path))
    found = coco.loadAnns(coco.getAnnIds())
    return categories_in(path), sorted(each["category_id"] for each in found)


def test_an_index_that_was_merged_away_stays_empty_and_the_others_stay_where_they_are(
    project: Project, classes: list[Class], truth: Image, tmp_path: Path, services: Services
) -> None:
    can, tin, _ = classes
    before = ({1: "foreign object", 2: "can", 3: "tin", 4: "bolt"}, [2, 3, 4])
    assert exported(project, tmp_path / "before.json", services) == before
    merge_class(tin, can, services=services)
    after = ({1: "foreign object", 2: "can", 4: "bolt"}, [2, 2, 4])
    assert exported(project, tmp_path / "after.json", services) == after
    add_class(project.id, "nail", services=services)
    later = ({1: "foreign object", 2: "can", 4: "bolt", 5: "nail"}, [2, 2, 4])
    assert exported(project, tmp_path / "later.json", services) == later
    undo_last(project, services)
    again = ({**before[0], 5: "nail"}, [2, 3, 4])
    assert exported(project, tmp_path / "again.json", services) == again


def test_a_renamed_class_keeps_its_index(
    project: Project, classes: list[Class], truth: Image, tmp_path: Path, services: Services
) -> None:
    rename_class(classes[1], "Dose", services=services)
    expected = ({1: "foreign object", 2: "can", 3: "Dose", 4: "bolt"}, [2, 3, 4])
    assert exported(project, tmp_path / "a.json", services) == expected
