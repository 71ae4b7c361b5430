"""Names, labels, words and reasons of other people on every page: none of them is Markdown.

What Streamlit makes of them is seen in Chromium: ``tests/browser/test_hostile_names.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.workflows.detection import result_of
from beltmask.workflows.services import Services
from tests import hostile_names as names
from tests.pages.conftest import APP, SECONDS, fresh

LINK = re.compile(r"(?<!\\)\[a\]\(b\)")
SHOWN_AS_IT_IS = {
    "BidiComponent.json",
    "Code.code_text",
    "Image.alt",
    "PageLink.query_string",
    "Selectbox.options",
    "Selectbox.raw_value",
    "Text.body",
    "TextArea.default",
    "TextInput.default",
}
"""Where Streamlit reads no Markdown, or shows nothing."""
IDS = (".id", ".form_id")


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No network; and the settings of this test, read before its services are opened."""
    replies = tmp_path / "replies"
    replies.mkdir()
    monkeypatch.setenv("BELTMASK_REPLAY_FOLDER", str(replies))
    monkeypatch.setenv("BELTMASK_ACTOR", names.ACTOR)
    return Path("no weights")


@pytest.fixture
def app(opened: Services, tmp_path: Path) -> AppTest:
    names.fill(opened, tmp_path / "replies")
    return AppTest.from_file(str(APP), default_timeout=SECONDS)


def page_of(app: AppTest, page: str, **state: object) -> AppTest:
    fresh(app.run())
    for key, value in state.items():
        app.session_state[key] = value
    return fresh(app.switch_page(f"pages/{page}.py").run())


def words_of(message: Any) -> Iterator[tuple[str, str]]:
    """Every text of an element, and what it is called."""
    for field, value in message.ListFields():
        several = value if field.is_repeated else [value]
        for each in several:
            if hasattr(each, "ListFields"):
                yield from words_of(each)
            elif isinstance(each, str):
                yield f"{message.DESCRIPTOR.name}.{field.name}", each


def shown(page: AppTest) -> list[tuple[str, str]]:
    """What is on the page, by the place it stands in."""
    protos = (getattr(node, "proto", None) for node in page._tree)
    return [said for proto in protos if hasattr(proto, "ListFields") for said in words_of(proto)]


def as_it_is(place: str) -> bool:
    return place in SHOWN_AS_IT_IS or place.endswith(IDS)


def plain(markdown: str) -> str:
    return re.sub(r"\\(.)", r"\1", markdown.replace(":small[]", ""))


def check(page: AppTest, *said: str) -> None:
    """Nothing hostile is Markdown, and each of ``said`` stands where Markdown is read."""
    taken = [each for each in shown(page) if not as_it_is(each[0])]
    assert [(place, text) for place, text in taken if LINK.search(text)] == []
    read = [plain(text) for _, text in taken]
    assert [each for each in said if not any(each in text for text in read)] == []


def test_the_gallery_shows_names_as_they_are(app: AppTest) -> None:
    check(page_of(app, "label/images"), f"{names.FOLDER}/{names.IMAGES[0]}", "Select [a](b) image1")


def test_an_answer_shows_what_was_asked_and_said_as_it_is(app: AppTest, opened: Services) -> None:
    result = result_of(1, services=opened)
    assert result is not None
    page = page_of(app, "label/detect", **{f"detect.raw/{result.task.id}": True})
    check(page, f"found by replay {names.MODEL}", names.IMAGES[0])
    assert names.LABEL in str([code.value for code in page.code])


def test_a_failure_is_told_as_it_is(app: AppTest) -> None:
    app.query_params["image"] = "2"
    check(
        page_of(app, "label/detect"),
        f"failed: there is no recorded reply for {names.IMAGES[1]}",
        names.IMAGES[1],
    )


def test_a_run_that_failed_names_its_pictures_as_they_are(app: AppTest) -> None:
    check(page_of(app, "label/detect", **{"detect.over/1": 1}), f"{names.IMAGES[1]}.png: ")


def test_the_review_shows_all_that_others_wrote_as_it_is(app: AppTest) -> None:
    state = {"review.history": True, "queue_class": names.CLASS, "review.refusal": names.REASON}
    page = page_of(app, "label/review", **state)
    check(page, names.IMAGES[0], names.CLASS, names.REASON)
    said = [text.value for text in page.text]
    for each in (names.COMMENT, names.ACTOR, names.LABEL):
        assert any(each in text for text in said), each


def test_a_rejection_shows_its_reason_as_it_is(app: AppTest) -> None:
    app.query_params["image"] = "3"
    check(page_of(app, "label/review"), f'Rejected: "{names.REASON}"', names.IMAGES[2])


def test_a_new_visit_is_offered_a_name_as_it_is(app: AppTest) -> None:
    check(page_of(app, "label/review"), f"Continue where you were: {names.IMAGES[1]}")


def test_objects_of_a_class_are_chosen_by_names_as_they_are(app: AppTest) -> None:
    check(page_of(app, "label/by_class", of_class=names.CLASS))


def test_a_link_that_leads_nowhere_tells_its_words_as_they_are(app: AppTest) -> None:
    app.query_params["project"] = names.REASON
    page = fresh(app.run())
    check(page, f'There is no project "{names.REASON}" here.')


def test_the_project_page_shows_its_names_as_they_are(app: AppTest) -> None:
    page = page_of(app, "admin/project", **{"project.effort": True})
    check(page, f"Classes of {names.PROJECT}", names.CLASS, names.ALIAS, f"Key of {names.CLASS}")
    change = next(box for box in page.selectbox if box.label == "Class to change")
    fresh(change.set_value(2).run())
    into = next(box for box in page.selectbox if box.label == "Merge into")
    fresh(into.set_value(1).run())
    check(page, f"Merge {names.CLASS} into", f'"{names.CLASS}" becomes an alias')


def test_the_export_page_shows_no_name_as_markdown(app: AppTest) -> None:
    page = page_of(
        app, "share/versions", **{"versions.path/1": "x", "versions.sentence/1": names.REASON}
    )
    check(page, names.REASON)


def test_an_error_tells_names_as_they_are(app: AppTest) -> None:
    page = page_of(app, "admin/project")
    page.text_input(key="project.name").set_value(names.PROJECT)
    made = next(each for each in page.button if each.label == "Create project")
    check(fresh(made.click().run()), f'there is already a project "{names.PROJECT}"')
