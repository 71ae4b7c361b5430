"""A real Chromium and a real server: what every browser journey needs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import chromium, chromium_path
from tests.browser.hands import Behind, behind
from tests.browser.script_runs import runs_of, settled
from tests.browser.serving import ROOT, AppRunner, running

__all__ = ["ROOT", "AppRunner", "settled"]

PATIENCE_MS = 15_000
"""A busy machine is slow, not broken."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where tests run side by side, those of one file share a browser and a server."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


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


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh tab; when the test is over, no red error box may be on the page."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    runs_of(opened)
    yield opened
    crashes = opened.get_by_test_id("stException").all_inner_texts()
    context.close()
    assert crashes == []


@pytest.fixture(scope="session")
def running_app() -> AppRunner:
    """Serves a script: ``with`` it called on the script, ``data`` (folder) and ``env`` as a URL."""
    return running


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Behind]]:
    """The real app, for tests that make a project of their own; its URL, and what is behind it."""
    data = tmp_path_factory.mktemp("data")
    with running(ROOT / "app.py", data=data) as url, behind(data) as see:
        yield url, see
