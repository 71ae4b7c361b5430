from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.names import folded, one_line, seen, several_lines

UNSEEN = {
    "NUL": "\0",
    "escape": "\x1b",
    "zero width": "\u200b",
    "byte order mark": "\ufeff",
    "right to left": "\u202e",
    "isolate": "\u2066",
    "soft hyphen": "\u00ad",
    "half a letter": "\ud800",
    "filler": "\u3164",
    "tag": "\U000e0041",
    "selector": "\ufe0f",
}


@pytest.mark.parametrize("letter", UNSEEN.values(), ids=UNSEEN.keys())
def test_what_nobody_sees_is_left_out_of_a_name(letter: str) -> None:
    assert one_line(f"{letter}bo{letter}lt{letter}") == "bolt"
    assert several_lines(f"one{letter}\ntwo{letter}") == "one\ntwo"
    assert folded(f"Bo{letter}lt") == folded("bolt")
    assert one_line(letter) == ""


def test_lines_and_tabs_of_prose_stay_and_those_of_names_become_spaces() -> None:
    assert one_line(" a\tb\r\nc  d ") == "a b c d"
    assert several_lines("\na\r\n\n  b\tc\r") == "a\n\n  b    c"


def test_a_name_keeps_the_spaces_of_a_file() -> None:
    assert seen("two  spaces.png") == "two  spaces.png"


def test_one_name_in_two_forms_is_one_name() -> None:
    for text in ("Förder", "Ñandú", "İstanbul", "각도", "Ǆ"):
        forms = {unicodedata.normalize(form, text) for form in ("NFC", "NFD")}
        assert len({folded(each) for each in forms}) == 1
        assert len({one_line(each) for each in forms}) == 1


@given(st.text())
def test_what_is_kept_stays_as_it_is_kept(text: str) -> None:
    for keep in (seen, one_line, several_lines, folded):
        once = keep(text)
        assert keep(once) == once
        assert "\0" not in once
        once.encode()
