"""The canvas's code under the hash of its bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from beltmask.errors import NotFoundError
from components.routes import module
from components.routes.module import module_url


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "canvas.js"
    path.write_text("export const canvas = () => 1\n")
    monkeypatch.setattr(module, "MODULE", path)
    return path


def test_the_module_comes_to_stay(browser: TestClient, built: Path) -> None:
    answer = browser.get(module_url())
    assert answer.status_code == 200
    assert answer.content == built.read_bytes()
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"


def test_another_build_has_another_address(browser: TestClient, built: Path) -> None:
    before = module_url()
    assert module_url() == before
    built.write_text("export const canvas = () => 2\n")
    assert module_url() != before
    answer = browser.get(before)
    assert (answer.status_code, "Reload the page" in answer.text) == (404, True)


def test_a_missing_build_is_told_when_it_is_asked_for(browser: TestClient, built: Path) -> None:
    address = module_url()
    built.unlink()
    with pytest.raises(NotFoundError, match=r"canvas\.js is missing"):
        module_url()
    assert browser.get(address).status_code == 404
