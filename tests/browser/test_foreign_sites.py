"""What a page of another site can do with an app that runs on its visitor's machine: nothing."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Page, expect

from components.routes.module import module_url
from tests.browser.script_runs import until
from tests.local_server import LocalServer

pytestmark = pytest.mark.browser

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "streamlit",
}
ADDRESSES = (
    "/",
    "/review",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/_stcore/upload_file/a/b",
    "/_stcore/stream",
    "/media/a.png",
    "/component/streamlit_drawable_canvas.st_canvas/index.html",
    "/beltmask/images/1/a/b/picture",
    module_url(),
)


def asks(url: str, path: str, headers: Mapping[str, str], method: str = "GET") -> int:
    """The status of an answer; 101 is that of an open websocket."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=20)
    try:
        connection.request(method, path, headers=dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("host", ["evil.test", "localhost.evil.test", ""])
def test_a_name_that_was_made_to_lead_here_gets_no_answer_anywhere(host: str, url: str) -> None:
    asked = {path: asks(url, path, {"Host": host}) for path in ADDRESSES}
    assert asked == dict.fromkeys(ADDRESSES, 400)
    origin = f"http://{host}"
    assert asks(url, "/_stcore/stream", {**UPGRADE, "Host": host, "Origin": origin}) == 400
    assert asks(url, "/_stcore/upload_file/a/b", {"Host": host}, method="PUT") == 400


def test_the_websocket_is_for_pages_of_the_same_address(url: str) -> None:
    host = f"localhost:{urlsplit(url).port}"
    for origin, status in (
        (f"http://{host}", 101),
        ("http://localhost:1", 403),
        ("http://evil.test", 403),
        (url, 403),
        ("null", 403),
    ):
        headers = {**UPGRADE, "Host": host, "Origin": origin}
        assert asks(url, "/_stcore/stream", headers) == status, origin


def test_another_site_neither_frames_the_app_nor_opens_its_websocket(url: str, page: Page) -> None:
    content = f"""<p></p><script>
        const say = (word) => () => document.querySelector("p").append(word)
        const socket = new WebSocket("{url.replace("http", "ws")}/_stcore/stream", ["streamlit"])
        socket.onopen = say("open"); socket.onerror = say("refused")
    </script><iframe src="{url}/review"></iframe>"""
    with LocalServer(ThreadingHTTPServer(("127.0.0.1", 0), site_of(content))) as foreign:
        page.goto(foreign.url)
        expect(page.locator("p")).to_have_text("refused")
        until(
            page,
            lambda: [each.url for each in page.frames[1:]] == ["chrome-error://chromewebdata/"],
        )


def test_the_app_has_the_routes_of_the_canvas_and_no_others_of_ours(url: str) -> None:
    """Streamlit answers any other address with its page."""
    asked = {
        path: httpx2.get(f"{url}{path}")
        for path in (
            "/beltmask/images/1/0123456789abcdef/1-x/picture",
            "/beltmask/anything",
            "/anywhere",
        )
    }
    assert [answer.status_code for answer in asked.values()] == [403, 404, 200]
    refused, _, page = asked.values()
    assert refused.text.startswith("this address was not made by this server")
    assert page.headers["content-type"].startswith("text/html")


def site_of(content: str) -> type[BaseHTTPRequestHandler]:
    """A site of one page."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_said: object) -> None:
            """Not on the screen of the tests."""

    return Site
