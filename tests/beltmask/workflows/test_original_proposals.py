"""What detectors proposed is still known after people worked on it; on both databases."""

from __future__ import annotations

import pytest

from beltmask.model import Image
from beltmask.review import EditKind
from beltmask.workflows.image_access import crop_of, proposed_crops
from beltmask.workflows.projects import classes_of
from beltmask.workflows.services import Services
from tests.beltmask.store.builders import box_finding, finding, mask
from tests.beltmask.workflows.conftest import detected
from tests.beltmask.workflows.person import Person

METAL, TIN, WOOD = (
    finding("foreign object", mask(2, 3)),
    finding("tin", mask(30, 20)),
    finding("wood", mask(45, 30)),
)


@pytest.fixture
def services(in_each_database: Services) -> Services:
    return in_each_database


def test_what_was_deleted_rejected_or_reshaped_is_told_as_it_was_proposed(
    image: Image, services: Services
) -> None:
    detected(image, services, [METAL, TIN, WOOD])
    ann = Person("Ann", image.id, services)
    first, second, third = ann.objects
    ann.do("delete", ann.edit(EditKind.DELETE, first.id))
    ann.do("reject", ann.edit(EditKind.REJECT, second.id))
    ann.do("reshape", ann.edit(EditKind.RESHAPE, third.id, mask(5, 30)))
    ann.add(mask(20, 5))
    found = proposed_crops(image, services=services)
    assert [each["label"] for each in found] == ["foreign object", "tin", "wood"]
    for each, told in zip((METAL, TIN, WOOD), found, strict=True):
        assert crop_of(each).items() <= told.items()
    [metal] = classes_of(image.project_id, services=services)
    assert found[0]["color"] == metal.color


def test_proposals_a_later_run_replaced_are_left_out(image: Image, services: Services) -> None:
    detected(image, services, [METAL, TIN])
    detected(image, services, [box_finding("wood", (3, 4, 10, 9))])
    [told] = proposed_crops(image, services=services)
    assert (told["label"], told["box_only"]) == ("wood", True)


def test_what_people_drew_is_no_proposal(image: Image, services: Services) -> None:
    ann = Person("Ann", image.id, services)
    drawn = ann.add(mask(20, 5))
    ann.send()
    ann.do("delete", ann.edit(EditKind.DELETE, drawn))
    assert proposed_crops(image, services=services) == []
