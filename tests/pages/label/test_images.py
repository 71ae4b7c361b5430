"""The gallery."""

from __future__ import annotations

from concurrent.futures import Future

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.model import Image, Project
from beltmask.workflows.demonstration import DEMO_PROJECT
from beltmask.workflows.images import ImageFilter, count_images
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from components import cached
from tests.pages.conftest import at, fresh, texts


def test_an_empty_project_says_what_to_do(app: AppTest) -> None:
    assert "No pictures yet" in texts(app)


def test_every_picture_is_on_the_page(images: list[Image], app: AppTest) -> None:
    assert f"1–{len(images)} of {len(images)}" in texts(at(app, "label/images"))


def test_a_picture_whose_bytes_are_gone_is_named_and_the_others_are_shown(
    images: list[Image], app: AppTest, opened: Services
) -> None:
    gone = images[0]
    for file in opened.settings.data.rglob(gone.facts.sha256[2:]):
        file.unlink()
    cached.thumbnail.clear()
    page = at(app, "label/images")
    assert f"the original of {gone.name} is missing" in texts(page)
    assert page.checkbox(key=f"images.tick/{images[-1].id}")


def test_a_filter_that_fits_nothing_says_so(images: list[Image], app: AppTest) -> None:
    app.text_input(key="name").set_value("no such picture").run()
    assert "No picture fits this filter" in texts(fresh(app))


def test_deleted_pictures_go_to_the_trash_and_come_back(
    images: list[Image], app: AppTest, project: Project, opened: Services
) -> None:
    first = images[0].id
    app.checkbox(key=f"images.tick/{first}").check().run()
    press(app, "Delete")
    assert count_images(ImageFilter(project.id), services=opened) == len(images) - 1

    app.toggle(key="images.trash").set_value(True).run()
    app.checkbox(key=f"images.tick/{first}").check().run()
    press(app, "Restore")
    assert count_images(ImageFilter(project.id), services=opened) == len(images)


def test_a_folder_on_the_server_that_is_not_there_is_named(app: AppTest) -> None:
    app.text_input(key="images.server_path").set_value("/no/such/folder")
    press(app, "Add from the server")
    assert "1 refused" in texts(app)


@pytest.fixture
def drawing(project: Project, opened: Services, monkeypatch: pytest.MonkeyPatch) -> Future[None]:
    """The demo being drawn for as long as a test likes, beside the project of the test."""
    create_project(DEMO_PROJECT, services=opened)
    drawn: Future[None] = Future()
    monkeypatch.setattr("components.demo_notice.demo_drawing", lambda: drawn)
    return drawn


def test_only_the_demo_project_says_that_the_demo_is_being_drawn(
    drawing: Future[None], project: Project, app: AppTest
) -> None:
    assert app.sidebar.selectbox[0].value == DEMO_PROJECT
    for page in ("label/detect", "label/images"):
        assert "Drawing the demo pictures" in texts(at(app, page))
    app.sidebar.selectbox[0].set_value(project.name).run()
    for page in ("label/detect", "label/images"):
        assert "Drawing the demo pictures" not in texts(at(app, page))


def test_the_end_of_the_demo_s_drawing_does_not_close_an_upload_under_way(
    drawing: Future[None], app: AppTest
) -> None:
    place = place_of_upload(app)
    assert "Drawing the demo pictures" in texts(app)
    drawing.set_result(None)
    assert place_of_upload(app.run()) == place


def place_of_upload(app: AppTest) -> int:
    """Where the page has it: the browser tells expanders apart by nothing else."""
    [place] = [n for n, block in app.main.children.items() if block.type == "expander"]
    return place


def press(app: AppTest, label: str) -> None:
    [button] = [each for each in app.button if each.label == label]
    button.click().run()
    fresh(app)
