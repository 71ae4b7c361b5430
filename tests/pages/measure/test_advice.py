"""Advice on Compare: drafted from errors, kept as a version, measured on other pictures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.model import Contender, Project
from beltmask.workflows.comparison import start_comparison
from beltmask.workflows.comparison_plan import ComparisonWish
from beltmask.workflows.prompt_versions import versions_of
from beltmask.workflows.services import Services
from tests.beltmask.workflows.gemini_services import small_belt
from tests.beltmask.workflows.prompt_lab import approved_belt, asking_for
from tests.gemini_recipes import Recipe
from tests.gemini_server import GeminiServer
from tests.pages.conftest import at, fresh, press, texts

BELTS = range(10)


@pytest.fixture
def gemini(monkeypatch: pytest.MonkeyPatch) -> Iterator[GeminiServer]:
    with GeminiServer(truth=[small_belt(number)[1] for number in BELTS]) as server:
        server.recipes = [Recipe(f"as {name} does", name) for name in ("merges", "perfect")]
        monkeypatch.setenv("GEMINI_API_KEY", "a key")
        monkeypatch.setenv("BELTMASK_GEMINI_BASE_URL", server.url)
        yield server


@pytest.fixture
def compared(gemini: GeminiServer, opened: Services, project: Project) -> Project:
    for number in BELTS:
        approved_belt(number, project.id, opened)
    prompts = tuple(Contender(name, asking_for(name)) for name in ("merges", "perfect"))
    wish = ComparisonWish(project.id, prompts, pictures=8)
    comparison = start_comparison(wish, services=opened)
    with opened.store.read() as records:
        runs = records.comparisons.open_runs(comparison.id)
    for run_id in runs:
        while opened.runner.answer_next(run_id):
            pass
    opened.executor.shutdown(wait=True)
    return project


def test_a_draft_becomes_a_version_and_is_compared_on_the_other_pictures(
    compared: Project, app: AppTest, opened: Services
) -> None:
    page = at(app, "measure/compare")
    assert "Its errors suggest nothing" in texts(page)
    page.selectbox(key="compare.advised").set_value("merges").run()
    assert "were outlined together with others" in texts(page)
    page = press(page, "compare.advice/0")
    [version] = versions_of(compared.id, services=opened)
    assert "entries of their own" in version.prompt.query
    assert page.multiselect(key="compare.prompts").value[1] == version.name
    assert "2 pictures: 4 requests" in texts(fresh(page))
