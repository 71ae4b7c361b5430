"""The question's form is as this person left it in this project, in whichever tab."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.model import Image, Project, Prompt, PromptClass
from beltmask.workflows.detection import result_of
from beltmask.workflows.images import add_picture
from beltmask.workflows.preferences import Choice, keep_preferences, preferences_of
from beltmask.workflows.projects import create_project
from beltmask.workflows.prompt_versions import keep_version, use_in_project
from beltmask.workflows.prompts import DEFAULT_QUERY
from beltmask.workflows.services import Services
from tests.belts import belt_png
from tests.gemini_server import GeminiServer
from tests.pages.conftest import APP, SECONDS, at, fresh, press


@pytest.fixture
def gemini(monkeypatch: pytest.MonkeyPatch) -> Iterator[GeminiServer]:
    """Asked by the services that are opened after this."""
    with GeminiServer(dialect="empty") as server:
        monkeypatch.setenv("GEMINI_API_KEY", "a key")
        monkeypatch.setenv("BELTMASK_GEMINI_BASE_URL", server.url)
        yield server


def new_tab() -> AppTest:
    """The Detect page as after a reload: nothing of a session is left."""
    return at(fresh(AppTest.from_file(str(APP), default_timeout=SECONDS).run()), "label/detect")


def choose_gemini(page: AppTest) -> AppTest:
    page.selectbox(key="detect.detector").set_value("gemini").run()
    return fresh(page.selectbox(key="detect.model.gemini").set_value("gemini-2.5-flash").run())


def more(page: AppTest) -> str:
    """The number on the fold under which the seldom options are; nothing while all are usual."""
    [icon] = [each.icon for each in page.expander if each.label == "More"]
    return icon


def test_the_form_is_as_it_was_after_a_reload(images: list[Image], app: AppTest) -> None:
    page = choose_gemini(at(app, "label/detect"))
    page.text_area(key="detect.query").set_value("Find every glove").run()
    page.slider(key="detect.temperature").set_value(1.2).run()
    page.selectbox(key="detect.tiling").set_value("tiles").run()
    fresh(page.number_input(key="detect.cap").set_value(7).run())
    again = new_tab()
    assert again.selectbox(key="detect.detector").value == "gemini"
    assert again.selectbox(key="detect.model.gemini").value == "gemini-2.5-flash"
    assert again.text_area(key="detect.query").value == "Find every glove"
    assert again.slider(key="detect.temperature").value == 1.2
    assert again.selectbox(key="detect.tiling").value == "tiles"
    assert again.number_input(key="detect.cap").value == 7
    assert again.number_input(key="detect.side").value == 1024


def test_another_project_has_a_question_of_its_own(
    images: list[Image], app: AppTest, opened: Services
) -> None:
    other = create_project("Line 4", services=opened)
    add_picture("x.png", belt_png(9, object_count=1), project_id=other.id, services=opened)
    page = choose_gemini(at(app, "label/detect"))
    fresh(page.text_area(key="detect.query").set_value("Find every glove").run())
    fresh(page.sidebar.selectbox[0].set_value("Line 4").run())
    assert page.selectbox(key="detect.detector").value == "offline"
    assert page.text_area(key="detect.query").value == DEFAULT_QUERY
    fresh(page.sidebar.selectbox[0].set_value("Line 3").run())
    assert page.text_area(key="detect.query").value == "Find every glove"


def test_two_tabs_take_no_change_from_each_other(images: list[Image], app: AppTest) -> None:
    one = choose_gemini(at(app, "label/detect"))
    two = new_tab()
    fresh(one.text_area(key="detect.query").set_value("Find every glove").run())
    fresh(two.number_input(key="detect.cap").set_value(7).run())
    assert two.text_area(key="detect.query").value == DEFAULT_QUERY
    for tab in (one, two, one):
        fresh(tab.run())
    third = new_tab()
    assert third.text_area(key="detect.query").value == "Find every glove"
    assert third.number_input(key="detect.cap").value == 7


def test_a_form_nobody_changed_writes_nothing(
    images: list[Image], app: AppTest, opened: Services, project: Project
) -> None:
    fresh(at(app, "label/detect").run())
    assert dict(preferences_of(project.id, services=opened)) == {}
    page = choose_gemini(app)
    assert dict(preferences_of(project.id, services=opened)) == {
        "detect.detector": "gemini",
        "detect.model.gemini": "gemini-2.5-flash",
    }
    assert not page.exception


def test_what_nobody_changed_is_as_in_the_projects_own_prompt(
    images: list[Image], app: AppTest, opened: Services, project: Project
) -> None:
    page = choose_gemini(at(app, "label/detect"))
    fresh(page.number_input(key="detect.cap").set_value(7).run())
    prompt = Prompt("gemini", "Find nuts", "gemini-2.5-flash", 1.5, object_cap=9)
    version = keep_version(project.id, prompt, name="Nuts", services=opened)
    use_in_project(version, services=opened)
    page = new_tab()
    assert page.selectbox(key="detect.model.gemini").value == "gemini-2.5-flash"
    assert page.text_area(key="detect.query").value == "Find nuts"
    assert page.slider(key="detect.temperature").value == 1.5
    assert page.number_input(key="detect.cap").value == 7
    assert more(page) == ":material/counter_1:"
    assert page.button(key="detect.projects").label == "Ask as the project does: Nuts"
    press(page, "detect.projects")
    assert page.number_input(key="detect.cap").value == 9
    assert more(page) == ""
    assert not [each for each in page.button if each.key == "detect.projects"]


def test_every_option_of_the_projects_prompt_is_asked_and_comes_back_from_its_answer(
    gemini: GeminiServer, images: list[Image], app: AppTest, opened: Services, project: Project
) -> None:
    prompt = Prompt(
        "gemini",
        "Find nuts",
        "gemini-2.5-flash",
        1.5,
        classes=(PromptClass("nut", "hexagonal"),),
        closed=True,
        avoid="belt joints",
        template="Look closely. {query}",
    )
    use_in_project(keep_version(project.id, prompt, name="Nuts", services=opened), services=opened)
    page = press(at(app, "label/detect"), "detect.go")
    opened.executor.shutdown(wait=True)
    result = result_of(images[0].id, services=opened)
    assert result is not None
    assert result.prompt == prompt
    fresh(page.run())
    fresh(page.segmented_control(key="detect.classes_how").set_value("None").run())
    fresh(page.text_input(key="detect.avoid").set_value("").run())
    press(page, "detect.words")
    assert page.segmented_control(key="detect.classes_how").value == "Closed"
    assert page.text_area(key="detect.classes").value == "nut: hexagonal"
    assert page.text_input(key="detect.avoid").value == "belt joints"


def test_what_was_kept_and_does_not_fit_any_more_gives_way_to_the_usual(
    images: list[Image], app: AppTest, opened: Services, project: Project
) -> None:
    strange: dict[str, Choice] = {
        "detector": "gone",
        "temperature": 9.5,
        "object_cap": "many",
        "tiling": "never",
    }
    named: dict[str, Choice] = {f"detect.{name}": value for name, value in strange.items()}
    keep_preferences(project.id, named, services=opened)
    page = at(app, "label/detect")
    assert page.selectbox(key="detect.detector").value == "offline"
    assert page.number_input(key="detect.cap").value == 25
    assert page.selectbox(key="detect.tiling").value == "whole"


def test_more_tells_how_many_of_its_options_differ_of_those_that_are_heeded(
    images: list[Image], app: AppTest
) -> None:
    page = choose_gemini(at(app, "label/detect"))
    assert more(page) == ""
    fresh(page.number_input(key="detect.cap").set_value(7).run())
    assert more(page) == ":material/counter_1:"
    page.checkbox(key="detect.again").check().run()
    fresh(page.selectbox(key="detect.tiling").set_value("tiles").run())
    assert more(page) == ":material/counter_3:"
    fresh(page.selectbox(key="detect.detector").set_value("offline").run())
    assert more(page) == ":material/counter_1:"
    press(page, "detect.usual")
    assert more(page) == ""
    fresh(page.selectbox(key="detect.detector").set_value("gemini").run())
    assert more(page) == ""
    assert page.number_input(key="detect.cap").value == 25


def test_asking_with_the_words_of_an_answer_fills_the_form(
    images: list[Image], app: AppTest, opened: Services
) -> None:
    prompt = Prompt("gemini", "Find nuts", "gemini-2.5-flash", 1.5, object_cap=9, image_side=512)
    with opened.store.write() as records:
        run = records.runs.add(images[0].project_id, prompt, [images[0].id], actor=opened.actor)
    while opened.runner.answer_next(run.id):
        pass
    page = at(app, "label/detect")
    press(page, "detect.words")
    assert page.selectbox(key="detect.detector").value == "gemini"
    assert page.selectbox(key="detect.model.gemini").value == "gemini-2.5-flash"
    assert page.text_area(key="detect.query").value == "Find nuts"
    assert page.slider(key="detect.temperature").value == 1.5
    assert page.number_input(key="detect.cap").value == 9
    assert page.number_input(key="detect.side").value == 512
    assert new_tab().text_area(key="detect.query").value == "Find nuts"
