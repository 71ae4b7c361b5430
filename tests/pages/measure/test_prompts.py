"""Prompts, as a tuner meets them: word one, keep it, see what changed, use it, try it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.model import Image, Project, Prompt, PromptClass, PromptVersion
from beltmask.workflows.prompt_versions import keep_version, version_in_use, versions_of
from beltmask.workflows.services import Services
from tests.pages.conftest import at, fresh, press, texts

PAGE = "measure/prompts"
FIRST = Prompt("gemini", "Detect all foreign objects", "gemini-2.5-flash", 0.5)
SECOND = Prompt("gemini", "Detect all cans", "gemini-2.5-flash", object_cap=9)


@pytest.fixture
def versions(project: Project, opened: Services) -> list[PromptVersion]:
    first = keep_version(project.id, FIRST, name="as shipped", services=opened)
    return [
        first,
        keep_version(project.id, SECOND, name="cans *only*", parent=first, services=opened),
    ]


@pytest.fixture
def offline(project: Project, opened: Services) -> PromptVersion:
    return keep_version(project.id, Prompt("offline", "x"), name="embedded", services=opened)


def test_a_project_without_prompts_says_what_to_do(app: AppTest) -> None:
    page = at(app, PAGE)
    assert "No prompt is kept in this project yet. Word the first one above." in texts(page)


def test_the_first_version_is_worded_and_kept(
    app: AppTest, project: Project, opened: Services
) -> None:
    page = at(app, PAGE)
    scratch = f"{project.id}.0"
    page.text_area(key=f"prompts.query/{scratch}").set_value("Detect cans")
    page.text_input(key=f"prompts.name/{project.id}.0").set_value("cans")
    page.text_area(key=f"prompts.notes/{project.id}.0").set_value("to begin with")
    page = press(page, "prompts.keep")
    [kept] = versions_of(project.id, services=opened)
    assert (kept.name, kept.notes, kept.prompt.query) == ("cans", "to begin with", "Detect cans")
    assert list(page.dataframe[0].value["Name"]) == ["cans"]


def test_a_version_without_a_name_is_refused_in_a_sentence(
    app: AppTest, project: Project, opened: Services
) -> None:
    page = press(at(app, PAGE), "prompts.keep")
    assert "a version needs a name. Say in a few words what is new about it." in texts(page)
    assert versions_of(project.id, services=opened) == []


def test_the_form_begins_as_the_parent_and_only_what_was_changed_differs(
    app: AppTest, versions: list[PromptVersion], opened: Services
) -> None:
    page = at(app, PAGE)
    parent = versions[1]
    key = f"{parent.project_id}.{parent.id}"
    page.number_input(key=f"prompts.temperature/{key}").set_value(1.0)
    page.text_input(key=f"prompts.name/{parent.project_id}.0").set_value("warm")
    press(page, "prompts.keep")
    warm = versions_of(parent.project_id, services=opened)[-1]
    assert (warm.parent, warm.prompt.temperature) == (2, 1.0)
    assert (warm.prompt.query, warm.prompt.object_cap) == (SECOND.query, SECOND.object_cap)


def test_versions_are_listed_with_what_is_unusual_and_told_apart_in_words(
    app: AppTest, versions: list[PromptVersion]
) -> None:
    page = at(app, PAGE)
    table = page.dataframe[0].value
    assert list(table["Name"]) == ["cans *only*", "as shipped"]
    assert list(table["Options"]) == ["objects at most 9", "temperature 0.5"]
    assert "**query**: Detect all :red[~~foreign objects~~] :green[**cans**]" in texts(page)
    assert "**objects at most**: :red[~~25~~] :green[**9**]" in texts(page)
    assert page.code[0].value.startswith("Detect all cans.")
    assert "If the answer falls short" in texts(page)


def test_a_link_leads_to_its_version_whatever_that_is_called(
    versions: list[PromptVersion], app: AppTest
) -> None:
    app.query_params["version"] = "1"
    page = at(app, PAGE)
    assert page.selectbox(key="version").value == "1"
    page = fresh(page.selectbox(key="version").set_value("2").run())
    assert page.query_params["version"] == "2"


def test_a_version_is_put_to_use_and_out_of_use(
    app: AppTest, versions: list[PromptVersion], opened: Services
) -> None:
    page = at(app, PAGE)
    assert "No version is in use" in texts(page)
    page = press(page, "prompts.use")
    assert version_in_use(versions[1].project_id, services=opened) == versions[1]
    assert "In use in this project: version 2" in texts(page)
    page = press(page, "prompts.use_none")
    assert version_in_use(versions[1].project_id, services=opened) is None


def test_without_pictures_nothing_is_tried(app: AppTest, offline: PromptVersion) -> None:
    assert "This project has no pictures yet." in texts(at(app, PAGE))


def test_a_version_is_tried_on_a_few_pictures_and_its_answers_shown(
    app: AppTest, offline: PromptVersion, images: list[Image], opened: Services
) -> None:
    page = press(at(app, PAGE), "prompts.try")
    opened.executor.shutdown(wait=True)
    shown = texts(fresh(page.run()))
    assert [name for name in ("belt-1", "belt-2", "belt-3") if f"{name}.png: " in shown] == [
        "belt-1",
        "belt-2",
        "belt-3",
    ]
    assert "not asked yet" not in shown


def test_pictures_that_were_not_asked_about_say_so_beside_those_that_were(
    app: AppTest, offline: PromptVersion, images: list[Image], opened: Services
) -> None:
    page = at(app, PAGE)
    pictures = page.multiselect(key=f"prompts.pictures/{offline.project_id}")
    page = press(pictures.set_value([images[0].id]).run(), "prompts.try")
    opened.executor.shutdown(wait=True)
    page.multiselect(key=f"prompts.pictures/{offline.project_id}").set_value(
        [images[0].id, images[1].id]
    )
    shown = texts(fresh(page.run()))
    assert "belt-2.png: not asked yet" in shown
    assert "belt-1.png: not asked yet" not in shown


def test_options_that_no_words_carry_are_not_part_of_a_version(
    app: AppTest, project: Project, opened: Services
) -> None:
    page = at(app, PAGE)
    scratch = f"{project.id}.0"
    page.selectbox(key=f"prompts.detector/{scratch}").set_value("offline")
    page = fresh(page.run())
    assert "It hears neither the query nor the options of models." in texts(page)
    assert page.text_input(key=f"prompts.avoid/{scratch}").disabled


def test_the_projects_classes_become_part_of_a_version(
    app: AppTest, project: Project, opened: Services
) -> None:
    page = at(app, PAGE)
    scratch = f"{project.id}.0"
    page.selectbox(key=f"prompts.detector/{scratch}").set_value("gemini")
    page = fresh(page.run())
    page.segmented_control(key=f"prompts.classes_how/{scratch}").set_value("Closed")
    page = fresh(page.run())
    page.text_input(key=f"prompts.avoid/{scratch}").set_value("glare")
    page.text_area(key=f"prompts.template/{scratch}").set_value("Look well. {query}")
    page.text_input(key=f"prompts.name/{project.id}.0").set_value("closed")
    page = press(page, "prompts.keep")
    [kept] = versions_of(project.id, services=opened)
    assert kept.prompt.classes == (PromptClass("foreign object"),)
    assert (kept.prompt.closed, kept.prompt.avoid) == (True, "glare")
    assert page.code[0].value.startswith(
        "Look well. Detect all foreign objects in the conveyor belt. The label is exactly one of "
        'these names: "foreign object". Report nothing else. Do not report glare.'
    )
