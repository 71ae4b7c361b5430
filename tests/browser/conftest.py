"""A real Chromium and a real server: what every browser journey needs."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from beltmask.model import Project
from beltmask.workflows.history import new_id
from beltmask.workflows.projects import create_project
from tests.browser.app_server import ROOT, AppRunner, running
from tests.browser.chromium import chromium, chromium_path
from tests.browser.hands import SCREEN, Behind, behind
from tests.browser.script_runs import runs_of, settled
from tests.gemini_server import NO_END, GeminiServer

__all__ = ["ROOT", "AppRunner", "settled"]

PATIENCE_MS = 45_000
"""A busy machine is slow, not broken."""
FORBIDDEN = "forbidden by the page's policy:"
TELL = f"""addEventListener("securitypolicyviolation", (told) =>
  console.error("{FORBIDDEN}", told.effectiveDirective, told.blockedURI))"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium_path() is None:
        reason = "no Chromium found; set BELTMASK_CHROMIUM to its path"
        if os.environ.get("BELTMASK_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=PATIENCE_MS)
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="session")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """One person's browser, for all tests of a process."""
    context = browser.new_context(viewport=SCREEN, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(TELL)
    yield context
    context.close()


@pytest.fixture(scope="session")
def used_tabs() -> list[Page]:
    """Tabs that tests have left empty: they have read the app's program already."""
    return []


@pytest.fixture
def page(
    visitor: BrowserContext, used_tabs: list[Page], request: pytest.FixtureRequest
) -> Iterator[Page]:
    """An empty tab.

    When the test is over, no red error box may be on any tab it opened, and the browser must not
    have kept anything from a page that its headers forbid.
    """
    forbidden: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        forbidden.extend([said.text] if said.text.startswith(FORBIDDEN) else [])

    visitor.on("console", hear)
    failed = request.session.testsfailed
    tab = used_tabs.pop() if used_tabs else visitor.new_page()
    others = [each for each in visitor.pages if each is not tab]
    tab.set_viewport_size(SCREEN)
    runs_of(tab)
    yield tab
    opened = [each for each in visitor.pages if each not in others]
    crashes = [words for each in opened for words in crashes_on(each)]
    for each in opened:
        leave(each)
        if each is tab and request.session.testsfailed == failed:
            used_tabs.append(tab)
        else:
            each.close()
    visitor.remove_listener("console", hear)
    assert (crashes, forbidden) == ([], [])


@pytest.fixture(scope="module")
def lasting_page(visitor: BrowserContext, used_tabs: list[Page]) -> Iterator[Page]:
    """A tab for all tests of a file; each of them must look for red error boxes."""
    tab = used_tabs.pop() if used_tabs else visitor.new_page()
    runs_of(tab)
    yield tab
    leave(tab)
    used_tabs.append(tab)


def crashes_on(tab: Page) -> list[str]:
    """The red error boxes of a tab."""
    return tab.get_by_test_id("stException").all_inner_texts()


def leave(tab: Page) -> None:
    """Nothing that a page kept in the browser is there for the next one."""
    if tab.url.startswith("http"):
        tab.evaluate("localStorage.clear(); sessionStorage.clear()")
    tab.goto("about:blank")


@pytest.fixture(scope="session")
def running_app() -> AppRunner:
    """Serves a script: ``with`` it called on the script, ``data`` (folder) and ``env`` as a URL."""
    return running


@pytest.fixture(scope="session")
def gemini_server() -> Iterator[GeminiServer]:
    with GeminiServer() as server:
        yield server


@pytest.fixture
def gemini(gemini_server: GeminiServer) -> Iterator[GeminiServer]:
    """The Gemini that the installation asks; it knows no picture and makes no fault by itself."""
    yield gemini_server
    gemini_server.pictures.clear()
    gemini_server.dialect, gemini_server.every_fault, gemini_server.held = "auto", None, False
    gemini_server.most_letters = NO_END
    gemini_server.hung_up.clear()


@pytest.fixture(scope="session")
def installation(
    tmp_path_factory: pytest.TempPathFactory, gemini_server: GeminiServer
) -> Iterator[tuple[str, Behind]]:
    """The real app, for tests that make a project of their own; its URL, and what is behind it."""
    data = tmp_path_factory.mktemp("data")
    env = {
        "GEMINI_API_KEY": "a key",
        "BELTMASK_GEMINI_BASE_URL": gemini_server.url,
        "BELTMASK_GEMINI_TIMEOUT": "240",
        "BELTMASK_GEMINI_REQUESTS": "1",
    }
    with behind(data) as see:
        used_before(see)
        with running(ROOT / "app.py", data=data, env=env) as url:
            yield url, see


@pytest.fixture(scope="session")
def url(installation: tuple[str, Behind]) -> str:
    return installation[0]


@pytest.fixture(scope="session")
def see(installation: tuple[str, Behind]) -> Behind:
    return installation[1]


@pytest.fixture
def project(see: Behind) -> Project:
    """A project of the test's own."""
    return create_project(new_id(), services=see.services)


def used_before(see: Behind) -> None:
    """No server draws a demo where somebody has made a project."""
    create_project("Somebody else's", services=see.services)
