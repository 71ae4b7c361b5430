"""Compare, as a tuner meets it: choose, start, watch, read the sentence, look at the pictures."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.model import Image, Prompt
from beltmask.workflows.comparable_prompts import prompt_title
from beltmask.workflows.comparison import comparisons_of
from beltmask.workflows.detection import start_run
from beltmask.workflows.projects import add_class
from beltmask.workflows.services import Services
from tests.beltmask.bright_squares import add_squares
from tests.gestures import approve
from tests.pages.conftest import at, fresh, press, texts

LARGE, SMALL, OTHER = (
    Prompt("squares", words, model="squares-1") for words in ("large", "small", "other")
)
NAMES = [prompt_title(each) for each in (LARGE, SMALL)]


@pytest.fixture(autouse=True)
def squares(monkeypatch: pytest.MonkeyPatch) -> None:
    """A detector that takes no time."""
    add_squares(monkeypatch)


@pytest.fixture
def approved(images: list[Image], opened: Services) -> list[Image]:
    """Pictures that two prompts were asked about; what the first one found is truth."""
    add_class(images[0].project_id, "square", services=opened)
    for prompt in (SMALL, LARGE):
        run = start_run(prompt, [image.id for image in images], services=opened)
        while opened.runner.answer_next(run.id):
            pass
    opened.executor.shutdown(wait=True)
    for image in images:
        approve(image.id, services=opened)
    return images


def started(app: AppTest) -> AppTest:
    page = at(app, "measure/compare")
    page.multiselect(key="compare.prompts").set_value(NAMES).run()
    return press(page, "compare.start")


def test_without_truth_the_page_says_what_to_do(images: list[Image], app: AppTest) -> None:
    assert "Approve some pictures in Review first" in texts(at(app, "measure/compare"))


def test_prompts_are_chosen_compared_and_judged_in_a_sentence(
    approved: list[Image], app: AppTest
) -> None:
    page = started(app)
    shown = texts(page)
    assert f"Don't ship {NAMES[1]}: no gain is shown" in shown
    assert "3 pictures answered by all prompts" in shown
    table = page.dataframe[0].value
    assert list(table["Prompt"]) == NAMES
    assert list(table["F1"]) == [1.0, 1.0]


def test_the_plan_is_told_before_anything_is_asked(approved: list[Image], app: AppTest) -> None:
    page = at(app, "measure/compare")
    page.multiselect(key="compare.prompts").set_value(NAMES).run()
    assert "3 pictures: 0 requests, 6 answers kept from before." in texts(page)


def test_a_model_that_ended_is_offered_with_its_successor(
    approved: list[Image], app: AppTest, opened: Services
) -> None:
    start_run(
        Prompt("gemini", "metal", model="gemini-2.5-flash"), [approved[0].id], services=opened
    )
    page = at(app, "measure/compare")
    assert "gemini-2.5-flash ended on 30 November 2026" in texts(page)
    page = press(page, "compare.successor/0")
    before, after = page.multiselect(key="compare.prompts").value
    assert before.endswith("gemini-2.5-flash")
    assert after == f"{before} → gemini-3.8-flash"
    assert "3 pictures: 6 requests" in texts(page)


def test_a_comparison_under_way_shows_how_far_it_is_and_pauses(
    approved: list[Image], app: AppTest, opened: Services
) -> None:
    run = start_run(OTHER, [approved[0].id], services=opened)
    while opened.runner.answer_next(run.id):
        pass
    page = at(app, "measure/compare")
    names = [NAMES[0], prompt_title(OTHER)]
    page.multiselect(key="compare.prompts").set_value(names).run()
    page = press(page, "compare.start")
    assert "1 picture answered by all prompts; 2 still waiting" in texts(page)
    page = press(page, "compare.pause")
    [comparison] = comparisons_of(approved[0].project_id, services=opened)
    with opened.store.read() as records:
        assert records.comparisons.open_runs(comparison.id) == []
    page = press(page, "compare.pause")
    with opened.store.read() as records:
        [run_id] = records.comparisons.open_runs(comparison.id)
    while opened.runner.answer_next(run_id):
        pass
    assert "3 pictures answered by all prompts." in texts(fresh(page.run()))


def test_repeats_show_what_they_agree_on(
    approved: list[Image], app: AppTest, opened: Services
) -> None:
    page = at(app, "measure/compare")
    page.multiselect(key="compare.prompts").set_value(NAMES).run()
    page.number_input(key="compare.repeats").set_value(2).run()
    page = press(page, "compare.start")
    [comparison] = comparisons_of(approved[0].project_id, services=opened)
    with opened.store.read() as records:
        runs = records.comparisons.open_runs(comparison.id)
    for run_id in runs:
        while opened.runner.answer_next(run_id):
            pass
    page = fresh(page.run())
    assert "Stability" in texts(page)
    assert "2 times each:" in texts(page)
    [rows] = [each.value for each in page.dataframe if "Disagreement" in each.value]
    assert set(rows["Disagreement"]) == {0.0}


def test_a_second_comparison_is_started_and_shown_at_once(
    approved: list[Image], app: AppTest, opened: Services
) -> None:
    page = started(app)
    page.text_input(key="compare.name").set_value("once more").run()
    page = press(page, "compare.start")
    newest, _ = comparisons_of(approved[0].project_id, services=opened)
    assert newest.name == "once more"
    assert page.selectbox(key="comparison").value == str(newest.id)
