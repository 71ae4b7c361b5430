"""The gallery."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Picture
from streamlit import config
from streamlit.testing.v1 import AppTest

from beltmask.model import Image, Project
from beltmask.settings import load_settings
from beltmask.workflows.demonstration import DEMO_PROJECT
from beltmask.workflows.images import ImageFilter, add_paths, count_images
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from components import cached, gallery
from components.markup import literal
from components.upload_limit import hold_uploads_to_settings, upload_megabytes
from tests.belts import belt_png
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


def test_files_named_like_markdown_are_shown_by_their_names(
    project: Project, app: AppTest, opened: Services, shared_data: Path
) -> None:
    [folder] = (shared_data / "faults").glob("17-*")
    names = {file.name for file in folder.iterdir()}
    for _ in add_paths([folder], project_id=project.id, services=opened):
        pass
    links = [link.proto for link in at(app, "label/images").get("page_link")]
    assert names
    assert {literal(name) for name in names} == {link.label for link in links} != names


def test_a_filter_that_fits_nothing_says_so(images: list[Image], app: AppTest) -> None:
    app.text_input(key="name").set_value("no such picture").run()
    assert "No picture fits this filter" in texts(fresh(app))


def test_pictures_are_paged_through_and_back(
    images: list[Image], app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "PAGE_SIZE", 1)
    app = fresh(app.run())
    ways = ("", "Next page", "Next page", "Previous page", "Previous page")
    for way, shown in zip(ways, (1, 2, 3, 2, 1), strict=True):
        if way:
            press(app, way)
        assert f"{shown}–{shown} of 3" in texts(app)
        ticks = [str(each.key) for each in app.checkbox]
        assert [key for key in ticks if "tick" in key] == [f"images.tick/{images[shown - 1].id}"]
    ends = {each.label: each.disabled for each in app.button if each.label in ways}
    assert ends == {"Previous page": True, "Next page": False}


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


def test_nothing_of_the_server_is_offered_unless_folders_are_listed(app: AppTest) -> None:
    assert [tab.label for tab in app.tabs] == ["Files or ZIP", "Folder"]
    assert not [each for each in app.text_input if each.key == "images.server_path"]


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of this machine whose pictures visitors may add."""
    folder = tmp_path / "offered"
    folder.mkdir()
    (folder / "belt.png").write_bytes(belt_png(1, object_count=1))
    (folder / "notes.txt").write_text("words")
    monkeypatch.setenv("BELTMASK_SERVER_FOLDERS", str(folder))
    return folder


def test_a_listed_folder_is_added_and_what_is_no_picture_is_counted(
    offered: Path, app: AppTest
) -> None:
    app.text_input(key="images.server_path").set_value(str(offered))
    press(app, "Add from the server")
    assert "1 added, 1 passed over" in texts(app)


def test_of_a_tiff_with_several_pages_the_page_says_that_the_first_was_taken(
    offered: Path, app: AppTest
) -> None:
    first, second = Picture.new("RGB", (90, 60), "grey"), Picture.new("RGB", (9, 9))
    first.save(offered / "scan.tif", save_all=True, append_images=[second])
    app.text_input(key="images.server_path").set_value(str(offered / "scan.tif"))
    press(app, "Add from the server")
    [row] = app.dataframe[0].value.to_dict("records")
    assert row["File"] == "scan.tif"
    assert row["Why"] == "It has several pages or frames: the first was taken."


@pytest.mark.parametrize("path", ["/etc/passwd", "/no/such/folder", "/dev/zero", "x" * 5000])
def test_what_is_in_no_listed_folder_is_refused_in_words(
    path: str, offered: Path, app: AppTest
) -> None:
    app.text_input(key="images.server_path").set_value(path)
    press(app, "Add from the server")
    assert "is in no folder that is offered here" in texts(app)


def test_the_page_tells_one_limit_for_uploads_the_real_one(
    monkeypatch: pytest.MonkeyPatch, app: AppTest
) -> None:
    assert {each.proto.max_upload_size_mb for each in uploaders(app)} == {500}
    assert load_settings().max_file_bytes == 500 * 2**20
    monkeypatch.setenv("BELTMASK_MAX_FILE_BYTES", str(7 * 2**20 + 5))
    assert upload_megabytes(load_settings()) == 7
    before = config.get_option("server.maxUploadSize")
    hold_uploads_to_settings()
    assert config.get_option("server.maxUploadSize") == 7
    config.set_option("server.maxUploadSize", before)


def uploaders(app: AppTest) -> Sequence[Any]:
    return app.get("file_uploader")


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
