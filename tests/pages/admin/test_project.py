"""Projects, classes and detectors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.model import Project
from beltmask.workflows.class_changes import change_class
from beltmask.workflows.projects import add_class, classes_of, list_projects
from beltmask.workflows.services import Services
from tests.pages.conftest import at, fresh, texts
from tests.sam_graphs import decoder, written


def press(app: AppTest, label: str) -> AppTest:
    [button] = [each for each in app.button if each.label == label]
    return fresh(button.click().run())


def test_a_new_project_is_made_and_chosen(app: AppTest, opened: Services) -> None:
    page = at(app, "admin/project")
    page.text_input(key="project.name").set_value("Line 9")
    page = press(page, "Create project")
    assert [each.name for each in list_projects(opened)] == ["Line 3", "Line 9"]
    assert page.sidebar.selectbox[0].value == "Line 9"


def test_a_name_that_is_taken_is_refused_in_a_sentence(app: AppTest) -> None:
    page = at(app, "admin/project")
    page.text_input(key="project.name").set_value(" Line  3 ")
    assert "there is already a project" in texts(press(page, "Create project"))


def test_a_class_is_added_at_the_end(app: AppTest, project: Project, opened: Services) -> None:
    page = at(app, "admin/project")
    page.text_input(key="project.class_name").set_value("glove")
    press(page, "Add class")
    added = classes_of(project.id, services=opened)[-1]
    assert (added.name, added.position, added.key) == ("glove", 1, "2")


def test_the_page_says_which_detectors_are_at_work(app: AppTest) -> None:
    page = texts(at(app, "admin/project"))
    assert "offline" in page
    assert "GEMINI_API_KEY" in page
    assert "GrabCut. BELTMASK_SAM_ENCODER and BELTMASK_SAM_DECODER add a SAM model." in page


@pytest.fixture
def broken_sam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in written(tmp_path, b"no network", decoder()):
        monkeypatch.setenv(f"BELTMASK_SAM_{path.stem.upper()}", str(path))


@pytest.mark.usefixtures("broken_sam")
def test_the_page_says_what_is_wrong_with_the_model_for_magic_select(app: AppTest) -> None:
    page = texts(at(app, "admin/project"))
    assert "to be checked" in page
    assert "encoder.onnx is not a network that can be run" in page
    assert "magic select makes do with GrabCut." in page


def test_a_page_left_open_does_not_write_back_the_colour_a_colleague_changed(
    app: AppTest, project: Project, opened: Services
) -> None:
    page = at(app, "admin/project")
    [first] = classes_of(project.id, services=opened)
    theirs = replace(first, color="#112233", key="7")
    change_class(theirs, services=opened)
    fresh(page.run())
    assert classes_of(project.id, services=opened) == [theirs]


def test_a_key_of_another_class_is_exchanged(
    app: AppTest, project: Project, opened: Services
) -> None:
    add_class(project.id, "glove", key="2", services=opened)
    page = at(app, "admin/project")
    [keys] = [each for each in page.selectbox if each.label == "Key of glove"]
    assert keys.options[:4] == ["", "2", "1 ⇄ foreign object", "3"]
    fresh(keys.set_value("1").run())
    assert [each.key for each in classes_of(project.id, services=opened)] == ["2", "1"]
