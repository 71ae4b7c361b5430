"""The lab on real pictures: a grid of words and temperatures, watched, judged, taken into use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from beltmask.model import Project
from beltmask.workflows.comparison import comparisons_of
from beltmask.workflows.comparison_result import comparison_result
from beltmask.workflows.projects import add_class
from beltmask.workflows.prompt_versions import default_prompt, keep_version
from tests.beltmask.workflows.prompt_lab import approved_picture, asking_for
from tests.browser.hands import PATIENCE_MS, Behind, Hands
from tests.browser.script_runs import settled, until
from tests.gemini_recipes import Recipe
from tests.gemini_server import GeminiServer
from tests.gemini_truth import read_truth

pytestmark = [pytest.mark.browser, pytest.mark.pictures]

PICTURES = 4
STEADY = replace(asking_for("perfect"), model="gemini-2.5-flash", temperature=0.2)
"""The model does what the temperature says."""
WORDS = ("All objects, as perfect does", "All objects, as misses_fifth does")


@pytest.fixture
def cotton(gemini: GeminiServer, shared_data: Path) -> Iterator[Path]:
    """Real belts whose objects the Gemini knows; at 1.5 it sees what is not there."""
    folder = shared_data / "pictures" / "cotton_belt_foreign"
    gemini.pictures += read_truth(folder)
    gemini.recipes = [
        Recipe("as perfect does", "hallucinates", temperature=1.5),
        Recipe("as perfect does", "perfect"),
        Recipe("as misses_fifth does", "misses_fifth"),
    ]
    yield folder
    gemini.recipes = []


@pytest.fixture
def hands(cotton: Path, project: Project, see: Behind, page: Page, url: str) -> Hands:
    """On Compare, in a project of approved pictures and one version."""
    known = sorted(read_truth(cotton), key=lambda each: -len(each.objects))[:PICTURES]
    names = {each.label for picture in known for each in picture.objects}
    classes = {name: add_class(project.id, name, services=see.services) for name in names}
    for picture in known:
        data = (cotton / "images" / picture.name).read_bytes()
        approved_picture(
            picture, data, project_id=project.id, classes=classes, services=see.services
        )
    keep_version(project.id, STEADY, name="Base", services=see.services)
    tuner = Hands(page, url)
    tuner.open("Compare", project=project.name)
    return tuner


def test_two_wordings_and_two_temperatures_are_compared_and_the_winner_is_used(
    hands: Hands,
    project: Project,
    gemini: GeminiServer,
    see: Behind,
    browser: Browser,
    tmp_path: Path,
) -> None:
    page, gemini.held = hands.page, True
    start_grid(hands)
    expect(page.get_by_text("0 of 16 answers")).to_be_visible()
    page.reload()
    expect(page.get_by_text("0 of 16 answers")).to_be_visible(timeout=PATIENCE_MS)
    gemini.held = False
    verdict = page.get_by_role("heading", name=re.compile("Don't ship"))
    expect(verdict).to_be_visible(timeout=PATIENCE_MS)
    until(page, lambda: judged(see, project)["waiting"] == 0)
    settled(page)
    shows_the_table_and_the_difference(hands, judged(see, project))
    use_the_winner(hands, see, project)
    opens_without_a_network(hands, browser, tmp_path / "report.html")


def start_grid(hands: Hands) -> None:
    page = hands.page
    page.get_by_role("radio", name="Grid").or_(page.get_by_text("Grid", exact=True)).first.click()
    settled(page)
    page.get_by_label("Queries, a line each").fill("\n".join(WORDS))
    page.get_by_label("Queries, a line each").press("Control+Enter")
    settled(page)
    for temperature in ("0.2", "1.5"):
        hands.choose("Temperatures", temperature)
        page.keyboard.press("Escape")
    expect(page.get_by_text("4 pictures: 16 requests")).to_be_visible()
    hands.press("Start")


def judged(see: Behind, project: Project) -> dict[str, Any]:
    [comparison] = comparisons_of(project.id, services=see.services)
    return comparison_result(comparison.id, services=see.services)


def shows_the_table_and_the_difference(hands: Hands, told: dict[str, Any]) -> None:
    """The first answer is the baseline and perfect; what the words of B lose is red."""
    page = hands.page
    assert told["pictures"] == PICTURES
    assert [row["f1"] > 0.99 for row in told["prompts"].values()] == [True, False, False, False]
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    hands.choose("B", WORDS[1][:20])
    expect(page.locator(f'img[alt^="B: {WORDS[1][:20]}"]').first).to_be_visible()
    lost, kept = (redness(hands, f"{side}: {WORDS[n][:20]}") for n, side in ((1, "B"), (0, "A")))
    assert lost > kept + 0.002


def redness(hands: Hands, name: str) -> float:
    """The share of a picture that is as red as what was missed."""
    pixels = hands.shown_picture(name).astype(int)
    red = pixels[..., 0] - pixels[..., 1:].max(axis=-1)
    return float(np.mean(red > 50))


def use_the_winner(hands: Hands, see: Behind, project: Project) -> None:
    hands.press("Use in this project")
    until(hands.page, lambda: default_prompt(project.id, services=see.services) is not None)
    assert default_prompt(project.id, services=see.services) == STEADY


def opens_without_a_network(hands: Hands, browser: Browser, target: Path) -> None:
    """The report has its charts and pictures, and asks nobody for anything."""
    with hands.page.expect_download() as download:
        hands.page.get_by_role("button", name="Download the report").click()
    download.value.save_as(target)
    context = browser.new_context(offline=True)
    asked: list[str] = []
    try:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(target.as_uri())
        expect(page.get_by_text("Don't ship").first).to_be_visible()
        assert page.locator("svg").count() >= 3
        broken = (
            "[...document.images].filter((each) => !each.complete || !each.naturalWidth).length"
        )
        assert page.evaluate(broken) == 0
        assert page.locator("img").count() > 0
    finally:
        context.close()
    assert [each for each in asked if not each.startswith(("file:", "data:"))] == []
