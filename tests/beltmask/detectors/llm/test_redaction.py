"""Nothing of a key comes out again, and nothing else of a text is touched."""

from __future__ import annotations

import base64
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.detectors.llm.redaction import HIDDEN, Redactor, secrets_in
from beltmask.errors import UnreadableReplyError
from beltmask.messages import as_said
from tests.beltmask.detectors.llm.echoes import forms, gives_away

GOOGLE = "AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY"
KEYS = ["AIzaSecretOfTheTest", "sk-secret-of-the-test", GOOGLE, "ya29." + "aB3_" * 60]
TEXTS = st.text(max_size=40) | st.sampled_from(
    ['[{"box_2d": [1, 2, 3, 4], "label": "', "%20", "data:image/png;base64,iVBOR", "secret of the"]
)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("form", forms("any key at all"))
def test_an_echo_is_hidden_in_whatever_form_it_comes(key: str, form: str) -> None:
    echo = forms(key)[form]
    said = Redactor([key]).clean(f'Look: {{"message": "{echo}"}} that was it')
    assert HIDDEN in said
    assert not gives_away(said, key)
    assert said.startswith('Look: {"message": "')
    assert said.endswith('"} that was it')


@given(TEXTS, st.sampled_from(KEYS), TEXTS, st.integers(1, 9))
def test_an_echo_is_hidden_however_a_stream_is_cut(
    before: str, key: str, after: str, step: int
) -> None:
    text = f"{before}{key}{after}"
    pieces = [text[at : at + step] for at in range(0, len(text), step)]
    assert not gives_away("".join(Redactor([key]).stream(pieces)), key)


@given(st.lists(TEXTS, max_size=8))
def test_a_stream_without_an_echo_comes_out_as_it_went_in(pieces: list[str]) -> None:
    assert "".join(Redactor([GOOGLE]).stream(pieces)) == "".join(pieces)
    assert list(Redactor([]).stream(pieces)) == pieces


def test_a_stream_holds_back_no_more_than_the_last_word() -> None:
    said = list(Redactor([GOOGLE]).stream(['[{"label": "bolt"}', ', {"la', 'bel": "x"}]']))
    assert said == ['[{"label": "bolt"}', ', {"', 'label": "x"}]']


def test_a_word_that_looks_a_little_like_an_encoded_key_is_left_alone() -> None:
    """Eight letters of base64 stand for six of a key; ten are what gives one away."""
    coded = base64.b64encode(GOOGLE.encode()).decode()
    clean = Redactor([GOOGLE]).clean
    assert clean(f'"{coded[:9]}"') == f'"{coded[:9]}"'
    assert clean(f'"{coded[:10]}"') == f'"{HIDDEN}"'


@pytest.mark.parametrize("seed", range(3))
def test_masks_in_base64_are_left_alone(seed: int) -> None:
    noise = base64.b64encode(random.Random(seed).randbytes(60_000)).decode()  # noqa: S311
    assert Redactor(KEYS).clean(noise) == noise


def test_words_that_a_key_happens_to_hold_are_left_alone() -> None:
    text = json.dumps([{"box_2d": [1, 2, 3, 4], "label": "a secret Test of the steel"}] * 20)
    assert Redactor(KEYS).clean(text) == text


@pytest.mark.parametrize("short", ["", "abcd"])
def test_what_is_too_short_is_no_secret(short: str) -> None:
    assert Redactor([short]).clean("abcd efgh") == "abcd efgh"


def test_an_error_says_nothing_in_its_message_its_hint_or_its_reply() -> None:
    error = UnreadableReplyError(
        as_said(f"no {GOOGLE}"), reply=f"<{GOOGLE}>", hint=as_said(f"use {GOOGLE}")
    )
    told = Redactor([GOOGLE]).cleaned(error)
    assert (str(told), told.reply, told.hint) == ("no ***", "<***>", "use ***")


def test_whatever_proves_who_asks_is_a_secret() -> None:
    basic = base64.b64encode(b"ann:hunter2").decode()
    assert secrets_in({"authorization": "Bearer of-the-day"}) == ("of-the-day",)
    assert secrets_in({"x-goog-api-key": GOOGLE}) == (GOOGLE,)
    assert secrets_in({"authorization": f"Basic {basic}"}) == (basic, "ann:hunter2", "hunter2")
    assert secrets_in({"authorization": "Basic %%%"}) == ()
    assert secrets_in({}) == ()
