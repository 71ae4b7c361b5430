"""When a service says it wants to be asked again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

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
