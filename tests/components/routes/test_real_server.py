"""The routes on the real server, in a process of its own, beside Streamlit's."""

from __future__ import annotations

from pathlib import Path

import httpx2

from tests.browser.app_server import running

SERVED = Path(__file__).parent / "served_app.py"


def test_pictures_and_objects_come_from_the_server_until_it_is_started_anew(
    tmp_path: Path,
) -> None:
    with running(SERVED, data=tmp_path) as url, httpx2.Client(base_url=url) as browser:
        before = browser.get("/addresses").json()
        assert browser.get(before["picture"]).headers["content-type"] == "image/jpeg"
        assert browser.get(before["shapes"]).json() == {}
        assert browser.get(before["picture"].replace("/images/1/", "/images/2/")).status_code == 403
    with running(SERVED, data=tmp_path) as url, httpx2.Client(base_url=url) as browser:
        assert browser.get(before["picture"]).status_code == 403
        after = browser.get("/addresses").json()
        assert browser.get(after["picture"]).status_code == 200
    assert "Traceback" not in (tmp_path / "server.log").read_text()
