"""Links from outside: the very first visitor of a server comes by one, or with a stale one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from beltmask.demo import draw_belt
from beltmask.images import encode_png
from beltmask.settings import Settings
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from tests.browser.app_server import ROOT, AppRunner
from tests.browser.script_runs import settled

pytestmark = pytest.mark.browser

PAGES = ("Review", "Detect", "Images", "Versions", "Project")
START_MS = 30_000
FIRST, SECOND = "Line 3 & 4", "Line 9"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two projects: the one asked for is not the one a visitor without a link meets."""
    folder = tmp_path_factory.mktemp("deep_links")
    services = Services.open(Settings(data=folder))
    for seed, name in enumerate((FIRST, SECOND)):
        project = create_project(name, services=services)
        for number in range(2):
            belt = draw_belt(seed * 2 + number, size=(320, 240), object_count=1)
            file = f"belt-{seed}{number}.png"
            add_picture(file, encode_png(belt.pixels), project_id=project.id, services=services)
    services.close()
    return folder


@pytest.fixture(scope="module")
def url(running_app: AppRunner, data: Path) -> Iterator[str]:
    with running_app(ROOT / "app.py", data=data) as served:
        yield served


@pytest.fixture
def asked(page: Page) -> Iterator[set[str]]:
    """Every address the tab asks."""
    asked: set[str] = set()

    def hear(request: Request) -> None:
        asked.add(request.url)

    page.on("request", hear)
    yield asked
    page.remove_listener("request", hear)


@pytest.mark.parametrize("title", PAGES)
def test_the_first_visitor_of_a_server_may_come_by_a_deep_link_and_asks_no_other_server(
    title: str, url: str, page: Page, asked: set[str]
) -> None:
    """For the first of them the server has just started."""
    page.goto(f"{url}/{title.lower()}?project=Line+9&image=4")
    meets_the_frame(page, title, project=SECOND)
    address = "" if title == "Images" else title.lower()
    expect(page).to_have_url(f"{url}/{address}?project=Line+9&image=4")
    if title in ("Review", "Detect"):
        expect(page.get_by_text("belt-11.png", exact=True)).to_be_visible()
    assert page.locator("link[rel*=icon]").first.get_attribute("href") is not None
    assert {urlsplit(each).hostname for each in asked} <= {urlsplit(url).hostname, None}


@pytest.mark.parametrize("name", ["start", "images", ""])
def test_the_first_page_has_three_addresses_and_keeps_what_a_link_asks(
    name: str, url: str, page: Page
) -> None:
    page.goto(f"{url}/{name}?project=Line+9&state=new&name=belt-11")
    meets_the_frame(page, "Images", project=SECOND)
    expect(page).to_have_url(f"{url}/?project=Line+9&state=new&name=belt-11")
    expect(page.get_by_role("link", name="belt-11.png", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="belt-10.png", exact=True)).to_have_count(0)


def test_a_project_whose_name_needs_escaping_is_found_again(url: str, page: Page) -> None:
    page.goto(f"{url}/review?project=Line+3+%26+4&image=2")
    meets_the_frame(page, "Review", project=FIRST)
    expect(page.get_by_text("belt-01.png", exact=True)).to_be_visible()
    page.reload()
    meets_the_frame(page, "Review", project=FIRST)
    expect(page.get_by_text("belt-01.png", exact=True)).to_be_visible()


def test_an_address_that_is_no_page_says_so_and_shows_the_first_page(url: str, page: Page) -> None:
    page.goto(f"{url}/nonsense")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Page not found", timeout=START_MS)
    dialog.get_by_label("Close").click()
    meets_the_frame(page, "Images", project=FIRST)


def meets_the_frame(page: Page, title: str, *, project: str) -> None:
    """The menu, the project in the sidebar, the page's heading, and no dialog over them."""
    heading = page.get_by_role("heading", name=title, exact=True)
    expect(heading).to_be_visible(timeout=START_MS)
    settled(page)
    for each in PAGES:
        expect(page.get_by_role("link", name=each, exact=True)).to_be_visible()
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_label("Project", exact=True).first).to_have_value(project)
    expect(page.get_by_role("dialog")).to_have_count(0)
