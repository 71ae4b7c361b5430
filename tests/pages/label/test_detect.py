"""Asking a detector."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.detectors.weights import weights_path
from beltmask.model import Image, Project, Prompt, TaskState
from beltmask.runs import TaskAnswer
from beltmask.workflows.detection import progress_of, result_of
from beltmask.workflows.services import Services
from tests.gemini_server import GeminiServer
from tests.pages.conftest import at, fresh, press, texts


def detect(app: AppTest, opened: Services) -> AppTest:
    """Press Detect and wait for the run to end."""
    app.button(key="detect.go").click().run()
    opened.executor.shutdown(wait=True)
    return fresh(app.run())


def test_a_project_without_pictures_sends_you_to_add_some(app: AppTest) -> None:
    assert "no pictures yet" in texts(at(app, "label/detect"))


def test_a_picture_nobody_asked_about_is_shown_bare(images: list[Image], app: AppTest) -> None:
    assert "Not asked yet" in texts(at(app, "label/detect"))


@pytest.mark.parametrize("weights", [weights_path()], ids=["with the network, where it is"])
def test_one_click_gives_objects(images: list[Image], app: AppTest, opened: Services) -> None:
    page = detect(at(app, "label/detect"), opened)
    result = result_of(images[0].id, services=opened)
    assert result is not None
    assert f"{len(result.predictions)} object" in texts(page)
    assert len(result.predictions) > 0


@pytest.fixture
def gemini(monkeypatch: pytest.MonkeyPatch) -> Iterator[GeminiServer]:
    """Asked by the services that are opened after this."""
    with GeminiServer(dialect="empty") as server:
        monkeypatch.setenv("GEMINI_API_KEY", "a key")
        monkeypatch.setenv("BELTMASK_GEMINI_BASE_URL", server.url)
        monkeypatch.setenv("BELTMASK_GEMINI_DEADLINE", "50")
        yield server


@pytest.mark.parametrize(
    ("fault", "words"),
    [("429-long", "Quota exceeded"), ("blocked", "SAFETY"), ("prose", "the reply is prose")],
)
def test_a_failure_of_gemini_is_named_and_is_not_an_empty_picture(
    gemini: GeminiServer,
    images: list[Image],
    app: AppTest,
    opened: Services,
    fault: str,
    words: str,
) -> None:
    gemini.every_fault = fault
    page = at(app, "label/detect")
    page.selectbox(key="detect.detector").set_value("gemini").run()
    page = detect(page, opened)
    [said] = [each.value for each in page.error if "The last detection failed" in each.value]
    assert words in said
    assert "no objects" not in texts(page)
    assert not page.button(key="detect.go").disabled
    result = result_of(images[0].id, services=opened)
    assert result is not None
    assert result.task.state is TaskState.FAILED


def test_a_picture_without_objects_is_called_so(
    gemini: GeminiServer, images: list[Image], app: AppTest, opened: Services
) -> None:
    page = at(app, "label/detect")
    page.selectbox(key="detect.detector").set_value("gemini").run()
    assert "no objects found by gemini" in texts(detect(page, opened))


def test_without_a_key_gemini_says_how_to_get_going(images: list[Image], app: AppTest) -> None:
    page = at(app, "label/detect")
    assert "GEMINI_API_KEY" in texts(page)
    page.selectbox(key="detect.detector").set_value("gemini").run()
    assert fresh(page).button(key="detect.go").disabled


def test_the_exact_prompt_can_be_read_before_it_is_sent(images: list[Image], app: AppTest) -> None:
    page = at(app, "label/detect")
    page.selectbox(key="detect.detector").set_value("gemini").run()
    page.text_area(key="detect.query").set_value("Find every glove").run()
    assert any("Find every glove" in code.value for code in fresh(page).code)


def test_settings_a_detector_takes_no_notice_of_are_disabled(
    images: list[Image], app: AppTest
) -> None:
    page = at(app, "label/detect")
    caps = ("detect.cap", "detect.side")
    assert all(page.number_input(key=key).disabled for key in caps)
    page.selectbox(key="detect.detector").set_value("gemini").run()
    assert not any(fresh(page).number_input(key=key).disabled for key in caps)


def test_a_model_that_ignores_the_temperature_disables_its_slider(
    images: list[Image], app: AppTest
) -> None:
    page = at(app, "label/detect")
    page.selectbox(key="detect.detector").set_value("gemini").run()
    assert page.slider(key="detect.temperature").disabled
    assert "ignores the temperature" in texts(page)
    page.selectbox(key="detect.model.gemini").set_value("gemini-2.5-flash").run()
    assert not fresh(page).slider(key="detect.temperature").disabled


def test_a_model_that_ends_says_its_last_day_and_is_not_the_one_chosen_at_first(
    images: list[Image], app: AppTest
) -> None:
    page = at(app, "label/detect")
    page.selectbox(key="detect.detector").set_value("gemini").run()
    assert page.selectbox(key="detect.model.gemini").value == "gemini-3.8-flash"
    assert "30 November 2026" not in texts(page)
    page.selectbox(key="detect.model.gemini").set_value("gemini-2.5-pro").run()
    assert "30 November 2026" in texts(fresh(page))


def test_a_run_over_all_pictures_answers_each(
    images: list[Image], app: AppTest, opened: Services, project: Project
) -> None:
    page = at(app, "label/detect")
    page.selectbox(key="detect.scope").set_value("All pictures").run()
    page.button(key="detect.go").click().run()
    while opened.runner.answer_next(1):
        pass
    opened.executor.shutdown(wait=True)
    fresh(page.run())
    assert all(result_of(image.id, services=opened) for image in images)


def test_cancel_is_heard_although_a_picture_was_done_just_before(
    images: list[Image], app: AppTest, opened: Services, project: Project
) -> None:
    ids = [image.id for image in images]
    with opened.store.write() as records:
        run = records.runs.add(project.id, Prompt("offline", ""), ids, actor=opened.actor)
    page = at(app, "label/detect")
    task = opened.tasks.claim(run.id)
    assert task is not None
    opened.tasks.finish(task, TaskAnswer())
    press(page, "detect.cancel")
    counts = progress_of(run.id, services=opened).counts
    assert counts == {TaskState.DONE: 1, TaskState.CANCELLED: 2}


def test_the_cost_is_estimated_and_the_provider_named_before_anything_is_sent(
    images: list[Image], app: AppTest
) -> None:
    page = at(app, "label/detect")
    assert "Estimate" not in texts(page)
    page.selectbox(key="detect.detector").set_value("gemini").run()
    shown = texts(fresh(page))
    assert "Estimate for" in shown
    assert "USD to" in shown
    assert "leave this machine" in shown
    assert not page.checkbox(key="detect.again").value


def test_a_server_of_ones_own_says_how_to_get_going(images: list[Image], app: AppTest) -> None:
    page = at(app, "label/detect")
    assert "BELTMASK_OPENAI_BASE_URL" in texts(page)
    page.selectbox(key="detect.detector").set_value("openai").run()
    assert fresh(page).button(key="detect.go").disabled


def test_tiles_say_what_they_cost_and_go_into_the_run(
    images: list[Image], app: AppTest, opened: Services
) -> None:
    page = at(app, "label/detect")
    page.selectbox(key="detect.tiling").set_value("tiles").run()
    page.number_input(key="detect.side").set_value(256).run()
    assert "480 × 360 px → 6 looks" in texts(fresh(page))
    detect(page, opened)
    result = result_of(images[0].id, services=opened)
    assert result is not None
    assert len(result.replies) == 6
    page.session_state[f"detect.raw/{result.task.id}"] = True
    page.run()
    assert "About tile x 0 – 256, y 0 – 256" in texts(fresh(page))
    page.selectbox(key=f"detect.reply/{result.task.id}").set_value(5).run()
    assert "About tile x 224 – 480, y 104 – 360" in texts(fresh(page))
    page.selectbox(key="detect.detector").set_value("gemini").run()
    assert "480 × 360 px → 6 requests" in texts(fresh(page))
    assert "Estimate for 1 picture in 6 requests" in texts(page)


def test_recorded_replies_are_not_shown_tiles(images: list[Image], app: AppTest) -> None:
    page = at(app, "label/detect")
    page.selectbox(key="detect.detector").set_value("replay").run()
    assert fresh(page).selectbox(key="detect.tiling").disabled
