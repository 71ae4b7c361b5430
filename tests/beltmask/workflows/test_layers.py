"""What lies on top of what: kept, undone, refused and exported like any other change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from beltmask.masks import mask_from_box
from beltmask.model import AnnotationState, Box, Image
from beltmask.review import EditKind
from beltmask.workflows.export import ExportChoice, export_dataset
from beltmask.workflows.projects import project_named
from beltmask.workflows.rollback import restore
from beltmask.workflows.services import Services
from tests.beltmask.store.builders import finding, mask
from tests.beltmask.workflows.conftest import detected
from tests.beltmask.workflows.person import Person

PROPOSED = AnnotationState.PROPOSED


@pytest.fixture
def services(in_each_database: Services) -> Services:
    return in_each_database


@pytest.fixture
def image(image: Image, services: Services) -> Image:
    """With two proposals."""
    shapes = (mask(2, 3), mask(30, 20))
    detected(image, services, [finding("foreign object", shape) for shape in shapes])
    return image


def lift(person: Person, number: int, layer: int) -> str:
    """Why the object was not moved to the layer; "" once it is."""
    edit = person.edit(EditKind.REORDER, person.objects[number - 1].id, layer=layer)
    refused = person.do("reorder", edit).refused
    return "".join(error.explanation for error in refused.values())


def test_a_layer_is_kept_and_taken_back_and_settles_nothing(
    image: Image, services: Services
) -> None:
    ann = Person("Ann", image.id, services)
    assert lift(ann, 1, 2) == ""
    assert [(each.layer, each.state) for each in ann.objects] == [(2, PROPOSED), (0, PROPOSED)]
    ann.do("undo")
    assert [each.layer for each in ann.objects] == [0, 0]
    ann.do("redo")
    assert [each.layer for each in ann.objects] == [2, 0]


def test_an_object_somebody_else_moved_meanwhile_is_not_moved_again(
    image: Image, services: Services
) -> None:
    ann, ben = Person("Ann", image.id, services), Person("Ben", image.id, services)
    assert lift(ann, 1, 2) == ""
    assert "somebody else changed this object" in lift(ben, 1, -1)
    assert [each.layer for each in ben.objects] == [2, 0]


def test_a_point_of_the_history_brings_its_layers_back(image: Image, services: Services) -> None:
    ann = Person("Ann", image.id, services)
    assert lift(ann, 1, 2) == ""
    seen = ann.told.image.revision
    sheet = restore(image.id, 1, seen=seen, services=ann.services)
    assert [each.layer for each in sheet.annotations] == [0, 0]


def test_both_halves_of_an_object_that_is_cut_lie_where_it_lay(
    image: Image, services: Services
) -> None:
    ann = Person("Ann", image.id, services)
    assert lift(ann, 1, 2) == ""
    left, right = mask(2, 3), mask(14, 3)
    half = ann.edit(EditKind.ADD, None, right, ann.told.classes[0], layer=2)
    ann.do("split", ann.edit(EditKind.RESHAPE, ann.objects[0].id, left), half)
    assert [each.layer for each in ann.objects] == [2, 0, 2]


def test_exports_list_objects_from_bottom_to_top(
    image: Image, services: Services, tmp_path: Path
) -> None:
    ann = Person("Ann", image.id, services)
    assert lift(ann, 1, 1) == ""
    assert lefts_exported(ann, tmp_path) == [each.box.x0 for each in reversed(ann.objects)]


def test_exports_list_a_large_object_below_the_small_ones_that_lie_on_it(
    image: Image, services: Services, tmp_path: Path
) -> None:
    ann = Person("Ann", image.id, services)
    ann.add(mask_from_box(Box(0, 0, 60, 40)))
    ann.send()
    one, other, large = (each.box.x0 for each in ann.objects)
    assert lefts_exported(ann, tmp_path) == [large, one, other]


def lefts_exported(person: Person, folder: Path) -> list[int]:
    """Where the exported objects begin, in their order, once all are settled."""
    person.do("accept all", *[person.edit(EditKind.ACCEPT, each.id) for each in person.objects])
    person.do("approve")
    project = project_named("Belt 3", services=person.services)
    path = folder / "a.json"
    export_dataset(project, ExportChoice(pictures=False), path=path, services=person.services)
    rows = json.loads(path.read_text(encoding="utf-8"))["annotations"]
    return [row["bbox"][0] for row in rows]
