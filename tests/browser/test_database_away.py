"""A PostgreSQL that is restarted under an open page: nothing goes, and it goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from beltmask.model import AnnotationState
from beltmask.settings import Settings
from beltmask.workflows.history import new_id
from beltmask.workflows.services import Services
from tests.browser.app_server import ROOT, AppRunner
from tests.browser.contact_sheet import Sheet, fill
from tests.browser.hands import Behind, Hands
from tests.browser.review_scenes import at_review, pictures_with_objects
from tests.browser.script_runs import settled
from tests.conftest import missing
from tests.gemini_server import GeminiServer
from tests.postgres import ThrowAwayServer, running_server, server_programs

pytestmark = pytest.mark.browser

WAITS = "This page waits and goes on by itself."


@pytest.fixture(scope="module")
def database() -> Iterator[ThrowAwayServer]:
    programs = server_programs()
    if programs is None:
        missing("POSTGRES", "PostgreSQL is not installed, so it was not restarted")
    with running_server(programs) as server:
        yield server


@pytest.fixture(scope="module")
def see(database: ThrowAwayServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    data = tmp_path_factory.mktemp("away")
    services = Services.open(Settings.model_validate({"data": data, "database_url": database.url}))
    yield Behind(services)
    services.close()


@pytest.fixture(scope="module")
def url(
    see: Behind, database: ThrowAwayServer, gemini_server: GeminiServer, running_app: AppRunner
) -> Iterator[str]:
    env = {
        "BELTMASK_DATABASE_URL": database.url,
        "GEMINI_API_KEY": "a key",
        "BELTMASK_GEMINI_BASE_URL": gemini_server.url,
    }
    with running_app(ROOT / "app.py", data=see.services.settings.data, env=env) as served:
        yield served


def marked(part: Locator) -> Locator:
    """A part of the page, told from one that would take its place."""
    part.evaluate("(it) => it.setAttribute('data-kept', 'yes')")
    return part


def expect_waiting(page: Page) -> None:
    """It says so, and nothing of where the database is."""
    expect(page.get_by_text(WAITS)).to_be_visible()
    assert "bm-pg-" not in page.locator("body").inner_text()


def test_the_canvas_stays_through_a_restart_of_the_database_and_saves_then(
    url: str, see: Behind, page: Page, database: ThrowAwayServer
) -> None:
    hands, [image] = at_review(page, url, see, 2)
    stage = marked(hands.canvas.stage)
    hands.canvas.select(1)
    database.stop()
    hands.canvas.press("x")
    expect_waiting(page)
    hands.canvas.select(2)
    hands.canvas.press("x")
    expect(stage).to_have_attribute("data-kept", "yes")
    database.start()
    hands.canvas.saved()
    settled(page)
    expect(page.get_by_text(WAITS)).to_have_count(0)
    expect(stage).to_have_attribute("data-kept", "yes")
    assert hands.canvas.refusals() == []
    states = {each.state for each in see.sheet(image).annotations}
    assert states == {AnnotationState.REJECTED}


def test_the_contact_sheet_stays_through_a_restart_of_the_database_and_saves_then(
    url: str, see: Behind, page: Page, database: ThrowAwayServer
) -> None:
    project = new_id()
    fill(see, project)
    sheet = Sheet(page, url, see, project)
    first = marked(sheet.tiles.first)
    first.click()
    database.stop()
    sheet.press("x")
    expect_waiting(page)
    expect(first).to_have_attribute("data-kept", "yes")
    database.start()
    expect(sheet.status).to_contain_text("Saved: 1 object rejected.")
    settled(page)
    expect(page.get_by_text(WAITS)).to_have_count(0)
    expect(sheet.tiles.first).to_have_attribute("data-kept", "yes")
    assert sheet.states().count(AnnotationState.REJECTED) == 1


def test_a_run_is_followed_to_its_end_through_a_restart_of_the_database(
    url: str, see: Behind, page: Page, database: ThrowAwayServer, gemini: GeminiServer
) -> None:
    project = new_id()
    pictures_with_objects(see, [0], project=project)
    hands = Hands(page, url)
    hands.open("Detect", project=project)
    hands.choose("Detector", "gemini")
    gemini.held = True
    page.get_by_test_id("stBaseButton-primary").click()
    expect(page.get_by_text("0 of 1 picture")).to_be_visible()
    database.stop()
    expect_waiting(page)
    database.start()
    expect(page.get_by_text(WAITS)).to_have_count(0)
    gemini.held = False
    expect(page.get_by_text("Detection over: 1 done")).to_be_visible()


def test_what_was_typed_stays_while_the_database_is_away(
    url: str, see: Behind, page: Page, database: ThrowAwayServer
) -> None:
    project = new_id()
    pictures_with_objects(see, [0], project=project)
    hands = Hands(page, url)
    hands.open("Project", project=project)
    name = page.get_by_label("New class")
    name.fill("bolt")
    database.stop()
    page.get_by_role("button", name="Number the keys").click()
    expect_waiting(page)
    expect(name).to_have_value("bolt")
    database.start()
    expect(page.get_by_text(WAITS)).to_have_count(0)
    settled(page)
    expect(name).to_have_value("bolt")
