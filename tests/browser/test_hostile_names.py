"""Names full of Markdown, as Chromium shows them: letter by letter, and nothing comes of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from beltmask.settings import Settings
from beltmask.workflows.services import Services
from tests import hostile_names as names
from tests.browser.app_server import ROOT, AppRunner
from tests.browser.script_runs import settled

pytestmark = pytest.mark.browser

SHOWN = """(count) => Array.from({length: count}, (_, number) => {
    const all = document.querySelector(`.st-key-name${number}`)
    const text = (part) => all.querySelector(part).textContent.trim().replace(/\\s+/g, " ")
    const made = all.querySelectorAll("a, img, em, del, code, pre, .katex, [role=img], h1, li, hr")
    return [text("[data-testid=stCaptionContainer]"), text("button"),
        text("[data-testid=stAlert]"), made.length]
})"""
LINKS = "() => [...document.links].map((link) => link.href)"


@pytest.fixture
def asked(page: Page) -> Iterator[set[str | None]]:
    """The host of every address the tab asks."""
    asked: set[str | None] = set()

    def hear(request: Request) -> None:
        asked.add(urlsplit(request.url).hostname)

    page.on("request", hear)
    yield asked
    page.remove_listener("request", hear)


def test_every_name_is_shown_letter_by_letter(
    running_app: AppRunner, page: Page, tmp_path: Path, asked: set[str | None]
) -> None:
    with running_app(ROOT / "tests/browser/names_app.py", data=tmp_path) as url:
        page.goto(url)
        expect(page.get_by_text("These are all.")).to_be_visible()
        expect(page.get_by_role("button")).not_to_have_count(0)
        last = page.locator(f".st-key-name{len(names.NAMES) - 1} button")
        expect(last).to_be_visible()
        shown = page.evaluate(SHOWN, len(names.NAMES))
    plain = [" ".join(name.split()) for name in names.NAMES]
    assert shown == [[name, name, f"{name} and {name}", 0] for name in plain]
    assert asked <= {"127.0.0.1", None}


@pytest.fixture(scope="module")
def hostile_url(running_app: AppRunner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data, replies = tmp_path_factory.mktemp("hostile"), tmp_path_factory.mktemp("replies")
    services = Services.open(Settings(data=data, replay_folder=replies, actor=names.ACTOR))
    names.fill(services, replies)
    services.close()
    with running_app(ROOT / "app.py", data=data, env={"BELTMASK_ACTOR": names.ACTOR}) as url:
        yield url


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("?project=", names.IMAGES[0][:12]),
        (f"review?image=1&queue_class={quote(names.CLASS)}", names.CLASS),
        (f"by_class?of_class={quote(names.CLASS)}", names.CLASS),
    ],
)
def test_no_picture_canvas_or_sheet_makes_anything_of_a_name(
    address: str, said: str, hostile_url: str, page: Page, asked: set[str | None]
) -> None:
    page.goto(f"{hostile_url}/{address}")
    settled(page)
    expect(page.locator("body")).to_contain_text(said)
    assert asked <= {"127.0.0.1", None}
    links = [link for link in page.evaluate(LINKS) if not link.startswith(hostile_url)]
    assert links == []
    assert [link for link in page.evaluate(LINKS) if link.endswith("/b")] == []
