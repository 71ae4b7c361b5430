"""A sketch goes with one picture, and the prompt that is shown says what it is."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from beltmask.detectors.sketch import WORDS
from beltmask.model import Image
from beltmask.workflows.detection import result_of
from beltmask.workflows.services import Services
from tests.pages.conftest import at, fresh, texts

STROKE = ((0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6), (0.4, 0.41))


def sketching(app: AppTest, image: Image) -> AppTest:
    """The Detect page with one stroke on the picture, as if a hand had drawn it."""
    page = at(app, "label/detect")
    page.session_state[f"detect.sketch/{image.id}"] = (STROKE,)
    return fresh(page.toggle(key="detect.sketching").set_value(True).run())


def test_a_sketch_applies_to_its_one_picture(images: list[Image], app: AppTest) -> None:
    page = sketching(app, images[0])
    assert "1 stroke is sent with this picture, and with no other." in texts(page)
    [scope] = [each for each in page.selectbox if each.label == "Pictures"]
    assert (scope.value, scope.disabled, scope.options) == ("This picture", True, ["This picture"])


def test_the_exact_prompt_says_what_the_strokes_are(images: list[Image], app: AppTest) -> None:
    page = sketching(app, images[0])
    page.selectbox(key="detect.detector").set_value("gemini").run()
    assert WORDS in fresh(page).code[0].value
    page.toggle(key="detect.sketching").set_value(False).run()
    assert WORDS not in fresh(page).code[0].value


def test_the_sketch_is_kept_with_the_prompt_of_the_run(
    images: list[Image], app: AppTest, opened: Services
) -> None:
    page = sketching(app, images[0])
    page.button(key="detect.go").click().run()
    opened.executor.shutdown(wait=True)
    assert "found by offline with a sketch" in texts(fresh(page.run()))
    result = result_of(images[0].id, services=opened)
    assert result is not None
    assert result.prompt.sketch == (STROKE,)
