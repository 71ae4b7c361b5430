"""Projects with classes and objects of them, on whichever database a test asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import SecretStr

from beltmask.model import Annotation, Class, Image, Project
from beltmask.settings import load_settings
from beltmask.workflows.class_changes import latest_changes
from beltmask.workflows.class_merges import undo_class_change
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import classes_of
from beltmask.workflows.review_state import open_sheet
from beltmask.workflows.services import Services
from tests.beltmask.simple_detectors import spotted_belt
from tests.beltmask.store.builders import finding, mask
from tests.beltmask.workflows.conftest import detected


@contextmanager
def opened_on(database_url: str) -> Iterator[Services]:
    """Services whose records are in that database."""
    chosen = {"database_url": SecretStr(database_url)}
    services = Services.open(load_settings().model_copy(update=chosen))
    try:
        yield services
    finally:
        services.close()


def picture_of(labels: str, project: Project, services: Services, *, seed: int = 0) -> Image:
    """A picture of 64 x 48 pixels with a proposal for each word."""
    data = spotted_belt(seed)
    added = add_picture(f"belt-{seed}.png", data, project_id=project.id, services=services)
    assert added.image is not None
    places = range(2, 60, 14)
    found = [
        finding(label, mask(x, 20, seed=x))
        for x, label in zip(places, labels.split(), strict=False)
    ]
    detected(added.image, services, found)
    return open_sheet(added.image.id, services=services).image


def objects_in(image: Image, services: Services) -> list[Annotation]:
    return list(open_sheet(image.id, services=services).annotations)


def classes_in(image: Image, services: Services) -> list[str]:
    """The names of the classes of an image's objects; "?" where there is none."""
    sheet = open_sheet(image.id, services=services)
    names = {each.id: each.name for each in sheet.classes}
    return [names[each.class_id] if each.class_id else "?" for each in sheet.annotations]


def named(name: str, project: Project, services: Services) -> Class:
    return next(each for each in classes_of(project.id, services=services) if each.name == name)


def undo_last(project: Project, services: Services) -> None:
    """Take back the newest change of classes that was not taken back."""
    changes = latest_changes(project.id, services=services)
    last = next(each for each in changes if not each.undone and each.undoes is None)
    undo_class_change(last, services=services)
