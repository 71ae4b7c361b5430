"""The frame around every page."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.model import Image
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from components.services import demo_drawing
from tests.belts import shorten_demo
from tests.pages.conftest import APP, SECONDS, at, fresh, texts


def test_a_first_visitor_finds_the_demo_belt(
    opened: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten_demo(monkeypatch)
    app = fresh(AppTest.from_file(str(APP), default_timeout=SECONDS).run())
    assert app.sidebar.selectbox[0].value == "Demo belt"
    drawing = demo_drawing()
    assert drawing is not None
    drawing.result()
    assert "1–2 of 2" in texts(fresh(app.run()))


def test_project_and_image_are_part_of_the_url(app: AppTest) -> None:
    assert app.query_params["project"] == "Line 3"


def test_a_project_without_pictures_keeps_no_other_project_s_picture_in_the_url(
    images: list[Image], app: AppTest, opened: Services
) -> None:
    create_project("Line 4", services=opened)
    app = at(fresh(app.run()), "label/review")
    assert app.query_params["image"] == str(images[0].id)
    app = fresh(app.sidebar.selectbox[0].set_value("Line 4").run())
    assert app.query_params["project"] == "Line 4"
    assert "image" not in app.query_params
    app = fresh(app.sidebar.selectbox[0].set_value("Line 3").run())
    assert app.query_params["image"] == str(images[0].id)


def by_link(**asked: object) -> AppTest:
    """The app of a visitor who comes by a link."""
    visit = AppTest.from_file(str(APP), default_timeout=SECONDS)
    for name, value in asked.items():
        visit.query_params[name] = str(value)
    return fresh(visit.run())


def test_a_link_to_a_project_that_is_gone_opens_another_and_says_so(app: AppTest) -> None:
    visit = by_link(project="Line 99")
    assert visit.sidebar.selectbox[0].value == "Line 3"
    assert [each.value for each in visit.toast] == ['There is no project "Line 99" here.']


def test_a_link_that_names_only_an_image_opens_the_image_s_project(
    images: list[Image], opened: Services
) -> None:
    create_project("Line 2", services=opened)
    visit = by_link(image=images[1].id)
    assert visit.sidebar.selectbox[0].value == "Line 3"
    assert images[1].name in texts(at(visit, "label/review"))


@pytest.mark.parametrize("elsewhere", [True, False], ids=["in another project", "nowhere"])
def test_a_link_to_an_image_that_is_not_there_says_so(
    images: list[Image], opened: Services, elsewhere: bool
) -> None:
    create_project("Line 4", services=opened)
    visit = by_link(project="Line 4", image=images[0].id if elsewhere else 99)
    assert visit.sidebar.selectbox[0].value == "Line 4"
    said = [each.value for each in at(visit, "label/detect").toast]
    assert said == ["The picture of this link is not in this project, or in its trash."]


def test_a_click_before_the_menu_has_heard_of_its_project_does_not_lead_to_the_first(
    app: AppTest, opened: Services
) -> None:
    """What the browser sends until then is what the menu began at."""
    create_project("Line 4", services=opened)
    other = AppTest.from_file(str(APP), default_timeout=SECONDS)
    other.query_params["project"] = "Line 4"
    [menu] = fresh(other.run()).sidebar.selectbox
    assert menu.options[menu.proto.default] == "Line 4"
    assert not menu.proto.set_value
