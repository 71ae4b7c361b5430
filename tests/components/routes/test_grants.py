"""Grants hold for one thing, for a day or two, and by the server that made them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.errors import NotAllowedError
from components.routes.grants import DAY, Signer

MINE = Signer()
NOON = 20_000 * DAY + DAY / 2


def test_a_grant_holds_until_the_day_after_is_over() -> None:
    grant = MINE.grant("image 7", now=NOON)
    assert MINE.seconds_left("image 7", grant, now=NOON) == DAY * 3 / 2
    assert MINE.seconds_left("image 7", grant, now=NOON + DAY * 3 / 2 - 1) == 1
    with pytest.raises(NotAllowedError, match="run out"):
        MINE.seconds_left("image 7", grant, now=NOON + DAY * 3 / 2)


@given(st.floats(0, DAY - 1), st.floats(0, DAY - 1))
def test_all_grants_of_a_day_are_the_same_text(one: float, other: float) -> None:
    midnight = 20_000 * DAY
    assert MINE.grant("image 7", now=midnight + one) == MINE.grant("image 7", now=midnight + other)


def test_a_grant_is_for_one_thing_only() -> None:
    with pytest.raises(NotAllowedError, match="not made by this server"):
        MINE.seconds_left("image 71", MINE.grant("image 7", now=NOON), now=NOON)


def test_another_server_does_not_know_it() -> None:
    with pytest.raises(NotAllowedError, match="not made by this server"):
        MINE.seconds_left("image 7", Signer().grant("image 7", now=NOON), now=NOON)


def test_nobody_can_make_it_last_longer() -> None:
    time, _, mark = MINE.grant("image 7", now=NOON).partition("-")
    with pytest.raises(NotAllowedError, match="not made by this server"):
        MINE.seconds_left("image 7", f"{int(time) + DAY}-{mark}", now=NOON)


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(NotAllowedError):
        MINE.seconds_left("image 7", text, now=NOON)


def test_the_secret_is_not_written_into_a_log() -> None:
    assert repr(MINE) == "Signer()"
