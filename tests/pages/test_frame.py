"""The frame around every page."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from beltmask.model import Image
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from components.services import demo_drawing
from tests.pages.conftest import APP, SECONDS, at, fresh, texts


def test_a_first_visitor_finds_the_demo_belt(opened: Services) -> None:
    app = fresh(AppTest.from_file(str(APP), default_timeout=SECONDS).run())
    assert app.sidebar.selectbox[0].value == "Demo belt"
    drawing = demo_drawing()
    assert drawing is not None
    drawing.result()
    assert "1–12 of 12" in texts(fresh(app.run()))


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


def test_a_link_to_a_project_that_is_gone_opens_another(app: AppTest) -> None:
    other = AppTest.from_file(str(APP), default_timeout=SECONDS)
    other.query_params["project"] = "Line 99"
    assert fresh(other.run()).sidebar.selectbox[0].value == "Line 3"


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
