"""The Detect page with a detector it was not written for."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.model import Image
from beltmask.workflows.detection import result_of
from beltmask.workflows.services import Services
from tests.beltmask.bright_squares import add_squares
from tests.pages.conftest import at, fresh, texts


@pytest.fixture(autouse=True)
def squares(monkeypatch: pytest.MonkeyPatch) -> None:
    add_squares(monkeypatch)


@pytest.fixture
def page(images: list[Image], app: AppTest) -> AppTest:
    return fresh(
        at(app, "label/detect").selectbox(key="detect.detector").set_value("squares").run()
    )


def test_it_is_asked_like_any_other(page: AppTest, images: list[Image], opened: Services) -> None:
    page.text_area(key="detect.query").set_value("white squares").run()
    page.button(key="detect.go").click().run()
    opened.executor.shutdown(wait=True)
    fresh(page.run())
    result = result_of(images[0].id, services=opened)
    assert result is not None
    assert (result.prompt.detector, result.prompt.model) == ("squares", "squares-1")
    assert result.task.error is None


def test_its_words_its_models_and_its_price_are_there_to_see(page: AppTest) -> None:
    assert page.selectbox(key="detect.model.squares").options == ["squares-1", "squares-2"]
    assert any(code.value.startswith("squares-1, find") for code in page.code)
    assert "asked with brighter light" in texts(page)
    assert "Estimate for 1 picture" in texts(page)
    assert "leave this machine" not in texts(page)


def test_each_detector_keeps_the_model_that_was_chosen_for_it(page: AppTest) -> None:
    page.selectbox(key="detect.model.squares").set_value("squares-2").run()
    assert "squares-2 ignores the temperature" in texts(page)
    page.selectbox(key="detect.detector").set_value("gemini").run()
    assert page.selectbox(key="detect.model.gemini").value == "gemini-3.8-flash"
    page.selectbox(key="detect.detector").set_value("squares").run()
    assert fresh(page).selectbox(key="detect.model.squares").value == "squares-2"
