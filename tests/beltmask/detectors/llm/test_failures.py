"""What is said of the failures of any service."""

from __future__ import annotations

import pytest

from beltmask.detectors.llm.error_bodies import error_body
from beltmask.detectors.llm.failures import ErrorAnswer, ServiceFailures
from beltmask.errors import RequestRejectedError
from beltmask.messages import as_said

FAILURES = ServiceFailures(
    service=as_said("the service"),
    no_answer=as_said("what came is no answer"),
    address_setting="THE_SETTING",
    timeout_hint=as_said("Wait longer."),
    page_hint=as_said("Look who answers."),
    broken_hint=as_said("Try again."),
    hint_for=lambda _: None,
)


@pytest.mark.parametrize(
    ("status", "is_redirect"), [(299, False), (300, True), (399, True), (400, False)]
)
def test_every_status_of_three_hundred_is_a_redirect(*, status: int, is_redirect: bool) -> None:
    error = FAILURES.of_error(ErrorAnswer(status, error_body("moved")))
    assert ("sends on to" in str(error)) is is_redirect


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
    error = FAILURES.of_error(ErrorAnswer(307, error_body(""), location=location))
    assert isinstance(error, RequestRejectedError)
    assert f"the service answered 307 and sends on to {named}" in str(error)
    assert "abc" not in error.explanation
    assert "THE_SETTING" in error.hint
