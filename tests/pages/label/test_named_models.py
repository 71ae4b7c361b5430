"""Asking a server of one's own: its model is typed, and nothing is said of Google."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.model import Image
from beltmask.workflows.detection import result_of
from beltmask.workflows.services import Services
from tests.belts import belt
from tests.gemini_truth import KnownObject, known_picture
from tests.openai_server import OpenAIServer, text_in
from tests.pages.conftest import at, fresh, texts


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    """Knows the first of the small belts."""
    first = belt(1, object_count=3)
    objects = [KnownObject("can", one.mask) for one in first.objects]
    with OpenAIServer(truth=[known_picture("belt-1.png", first.pixels, objects)]) as running:
        monkeypatch.setenv("BELTMASK_OPENAI_BASE_URL", running.url)
        yield running


@pytest.fixture
def page(images: list[Image], app: AppTest) -> AppTest:
    """The Detect page with the server chosen."""
    page = at(app, "label/detect")
    return fresh(page.selectbox(key="detect.detector").set_value("openai").run())


def test_it_says_where_pictures_go_and_nothing_of_google(
    page: AppTest, server: OpenAIServer
) -> None:
    assert f"Pictures are sent to {server.url}." in texts(page)
    assert "Google" not in texts(page)
    assert "Estimate" not in texts(page)


def test_without_a_model_nothing_can_be_asked(page: AppTest) -> None:
    assert page.button(key="detect.go").disabled
    page.text_input(key="detect.model.openai").set_value("qwen3-vl:8b").run()
    assert not fresh(page).button(key="detect.go").disabled


@pytest.fixture
def usual_model(monkeypatch: pytest.MonkeyPatch) -> str:
    """For tests that name it before the page."""
    monkeypatch.setenv("BELTMASK_OPENAI_MODEL", "moondream")
    return "moondream"


def test_the_usual_model_is_there_already(usual_model: str, page: AppTest) -> None:
    assert page.text_input(key="detect.model.openai").value == usual_model


def test_the_words_on_the_page_are_those_that_are_sent_and_objects_come_back(
    page: AppTest, server: OpenAIServer, images: list[Image], opened: Services
) -> None:
    page.text_input(key="detect.model.openai").set_value("qwen3-vl:8b").run()
    page.slider(key="detect.temperature").set_value(1.2).run()
    page.text_area(key="detect.query").set_value("Find every can").run()
    [shown] = [code.value for code in page.code if "Find every can" in code.value]
    page.button(key="detect.go").click().run()
    opened.executor.shutdown(wait=True)
    fresh(page.run())
    [asked] = server.requests
    assert text_in(asked) == shown
    assert (asked["model"], asked["temperature"]) == ("qwen3-vl:8b", 1.2)
    result = result_of(images[0].id, services=opened)
    assert result is not None
    assert len(result.predictions) == 3
    assert "3 objects found" in texts(page)
