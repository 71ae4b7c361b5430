"""Redirects are told, never followed."""

from __future__ import annotations

import pytest

from beltmask.detectors.llm.redirects import is_redirect, refused_redirect


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
