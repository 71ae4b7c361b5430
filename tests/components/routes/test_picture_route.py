"""The preview of an image, for whoever a page gave its address."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from beltmask.errors import NotAllowedError
from beltmask.model import Actor, Image, Project
from beltmask.workflows import images, permission, previews
from beltmask.workflows.permission import Action
from beltmask.workflows.services import Services
from components.routes import addresses, canvas_routes, canvas_urls
from components.routes.grants import DAY, Signer


def picture_of(image: Image) -> str:
    return str(canvas_urls(image)["picture"])


def test_the_preview_comes_to_stay(browser: TestClient, image: Image, opened: Services) -> None:
    answer = browser.get(picture_of(image))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content == previews.preview(image, services=opened)
    kept = answer.headers["cache-control"].split(", ")
    assert kept[0] == "private"
    assert kept[2] == "immutable"
    assert 0 < int(kept[1].removeprefix("max-age=")) <= 2 * DAY


def test_a_page_is_told_the_same_addresses_at_every_run(image: Image) -> None:
    assert canvas_urls(image) == canvas_urls(image)


def test_addresses_stand_under_the_base_path(image: Image, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": "belts/north"}.get)
    address = picture_of(image)
    assert address.startswith("/belts/north/beltmask/images/")
    with TestClient(Starlette(routes=canvas_routes())) as browser:
        assert browser.get(address).status_code == 200
        assert browser.get(address.removeprefix("/belts/north")).status_code == 404


@pytest.mark.parametrize("part", [3, 4, 5])
def test_an_address_that_somebody_changed_is_refused(
    browser: TestClient, image: Image, part: int
) -> None:
    parts = picture_of(image).split("/")
    parts[part] = "9" if part == 3 else f"{parts[part][:-1]}z"
    answer = browser.get("/".join(parts))
    assert answer.status_code == 403
    assert answer.text.startswith("this address was not made by this server")
    assert answer.headers["cache-control"] == "private, no-store"


def test_an_address_runs_out(
    browser: TestClient, image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, later = picture_of(image), time.time() + 2 * DAY
    monkeypatch.setattr(time, "time", lambda: later)
    answer = browser.get(address)
    assert (answer.status_code, answer.text) == (
        403,
        "this address has run out. Reload the page to get a new one.",
    )
    assert browser.get(picture_of(image)).status_code == 200


def test_addresses_of_the_server_before_are_refused_and_new_ones_given(
    browser: TestClient, image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = picture_of(image)
    monkeypatch.setattr(addresses, "SIGNER", Signer())
    assert browser.get(address).status_code == 403
    assert browser.get(picture_of(image)).status_code == 200


def test_access_is_asked_again_when_the_browser_comes(
    browser: TestClient, image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = picture_of(image)

    def nobody_sees(_actor: Actor, action: Action, _project: int | None) -> bool:
        return action is not Action.SEE_IMAGES

    monkeypatch.setattr(permission, "allowed", nobody_sees)
    answer = browser.get(address)
    assert (answer.status_code, answer.text.partition(".")[0]) == (403, "local may not see images")
    with pytest.raises(NotAllowedError):
        canvas_urls(image)


def test_a_picture_in_the_trash_is_on_no_page_and_not_here(
    browser: TestClient, project: Project, image: Image, opened: Services
) -> None:
    address = picture_of(image)
    images.move_to_trash([image.id], project_id=project.id, services=opened)
    answer = browser.get(address)
    assert (answer.status_code, "in the trash" in answer.text) == (404, True)
    images.restore([image.id], project_id=project.id, services=opened)
    assert browser.get(address).status_code == 200


def test_an_image_that_never_was_is_not_found(browser: TestClient, image: Image) -> None:
    unknown = Image(99, 1, image.facts, image.review, 0, 0, datetime.now(UTC))
    answer = browser.get(picture_of(unknown))
    assert (answer.status_code, answer.text.partition(".")[0]) == (404, "there is no image 99")
