"""When a service says it wants to be asked again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from beltmask.detectors.llm.redirects import is_redirect, refused_redirect
from beltmask.detectors.llm.retry import retry_after

NOW = datetime(2026, 11, 30, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),
        (" 120 ", 120.0),
        ("Mon, 30 Nov 2026 12:01:30 GMT", 90.0),
        ("Mon, 30 Nov 2026 12:01:30 -0000", 90.0),
        ("Mon, 30 Nov 2026 11:00:00 GMT", 0.0),
        ("-5", None),
        ("soon", None),
        ("9999999999", None),
        ("٧", None),
        ("", None),
    ],
)
def test_a_wait_is_a_number_or_a_date(said: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": said}, now=NOW) == seconds


def test_without_the_header_nothing_is_asked() -> None:
    assert retry_after({}) is None


@pytest.mark.parametrize(
    ("status", "is_one"), [(299, False), (300, True), (399, True), (400, False)]
)
def test_every_status_of_three_hundred_is_a_redirect(status: int, is_one: bool) -> None:
    assert is_redirect(status) is is_one


@pytest.mark.parametrize(
    ("location", "named"),
    [
        ("https://elsewhere.test/v1?key=abc", "elsewhere.test"),
        ("//elsewhere.test/x", "elsewhere.test"),
        ("/only/a/path?key=abc", "another address"),
        ("http://[broken", "another address"),
        ("", "another address"),
    ],
)
def test_only_the_host_of_a_redirect_is_told(location: str, named: str) -> None:
    error = refused_redirect("Gemini", status=307, location=location, setting="THE_SETTING")
    assert named in str(error)
    assert "abc" not in error.explanation
    assert "THE_SETTING" in error.hint
