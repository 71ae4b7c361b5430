"""What passes the guard before every route, and the headers of every answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket

from components.guard import guards

METRICS = "/_stcore/metrics"
HERE = ("127.0.0.1", 50_000)


def answer(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("in")


async def greet(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


def visitor(client: tuple[str, int] = HERE) -> TestClient:
    paths = ("/", "/beltmask/images/1", METRICS, "/_stcore/script-health-check")
    routes = [Route(path, answer, methods=["GET", "PUT", "DELETE"]) for path in paths]
    app = Starlette(routes=[*routes, WebSocketRoute("/_stcore/stream", greet)], middleware=guards())
    return TestClient(app, base_url="http://localhost:8501", client=client)


@pytest.fixture
def browser() -> Iterator[TestClient]:
    with visitor() as client:
        yield client


def joins(client: TestClient, headers: Mapping[str, str]) -> int:
    """The status a websocket is answered with; 101 is that of an open one."""
    try:
        sent = {"Host": "localhost:8501", **headers}
        with client.websocket_connect("/_stcore/stream", headers=sent):
            return 101
    except WebSocketDenialResponse as refusal:
        return refusal.status_code


@pytest.mark.parametrize("path", ["/", "/beltmask/images/1", "/nonsense", METRICS])
def test_a_name_of_another_site_that_leads_here_gets_nothing(
    path: str, browser: TestClient
) -> None:
    refused = browser.get(path, headers={"Host": "evil.test:8501"})
    assert (refused.status_code, "BELTMASK_HOSTS" in refused.text) == (400, True)
    assert joins(browser, {"Host": "evil.test:8501", "Origin": "http://evil.test:8501"}) == 400


def test_two_host_headers_get_nothing(browser: TestClient) -> None:
    hosts = [("Host", "localhost"), ("Host", "evil.test")]
    assert browser.get("/", headers=hosts).status_code == 400


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:8501", 101),
        ("https://LOCALHOST:8501", 101),
        ("http://evil.test", 403),
        ("http://localhost:9000", 403),
        ("http://localhost", 403),
        ("http://127.0.0.1:8501", 403),
        ("http://localhost:8501@evil.test", 403),
        ("null", 403),
        ("", 403),
        ("http://[", 403),
    ],
)
def test_only_the_apps_own_pages_open_its_websocket(
    origin: str, status: int, browser: TestClient
) -> None:
    assert joins(browser, {"Origin": origin}) == status


def test_a_program_that_is_no_browser_opens_the_websocket(browser: TestClient) -> None:
    assert joins(browser, {}) == 101


def test_another_site_reads_nothing_and_changes_nothing(browser: TestClient) -> None:
    foreign = {"Origin": "http://evil.test"}
    assert browser.put("/", headers=foreign).status_code == 403
    assert browser.delete("/", headers=foreign).status_code == 403
    read = browser.get("/", headers=foreign)
    assert read.status_code == 200
    assert "access-control-allow-origin" not in read.headers


def test_no_site_frames_the_app_and_no_foreign_picture_is_shown_in_it(browser: TestClient) -> None:
    for answered in (browser.get("/"), browser.get("/", headers={"Host": "evil.test"})):
        parts = answered.headers["content-security-policy"].split("; ")
        assert "frame-ancestors 'self'" in parts
        assert "img-src 'self' data: blob:" in parts
        assert answered.headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize("path", [METRICS, "/_stcore/script-health-check"])
@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        (HERE, {}, 200),
        (("::1", 5), {"Host": "[::1]:8501"}, 200),
        (("192.168.7.20", 5), {}, 403),
        (("testclient", 5), {}, 403),
        (HERE, {"Host": "192.168.7.20:8501"}, 403),
        (HERE, {"X-Forwarded-For": "127.0.0.1"}, 403),
        (HERE, {"Forwarded": "for=10.0.0.1"}, 403),
    ],
)
def test_figures_of_the_server_are_for_its_own_machine(
    path: str, client: tuple[str, int], headers: Mapping[str, str], status: int
) -> None:
    with visitor(client) as browser:
        assert browser.get(path, headers=dict(headers)).status_code == status
