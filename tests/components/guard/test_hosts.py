"""Names a server answers to, and names that led a browser here from another site."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import streamlit as st
from hypothesis import example, given
from hypothesis import strategies as some

from beltmask.errors import SettingsError
from beltmask.settings import load_settings
from components.guard import hosts
from components.guard.hosts import is_loopback, is_served


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    hosts._further_names.cache_clear()
    yield
    hosts._further_names.cache_clear()


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8501",
        "LocalHost:8501",
        "localhost.",
        "127.0.0.1:8501",
        "192.168.7.20",
        "[::1]",
        "[::1]:8501",
        "[FE80::7]:8501",
        "[::ffff:10.0.0.7]:80",
    ],
)
def test_localhost_and_ip_numbers_are_served(host: str) -> None:
    assert is_served(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        " ",
        ".",
        ":8501",
        "evil.test",
        "evil.test:8501",
        "localhost.evil.test",
        "127.0.0.1.evil.test",
        "evil.test#localhost",
        "evil.test/localhost",
        "localhost@evil.test",
        "evil@localhost",
        "me:secret@127.0.0.1",
        "localhost:port",
        "localhost:8501:8501",
        "localhost evil.test",
        "localhost,evil.test",
        "[::1",
        "::1",
        "[127.0.0.1]",
        "[evil.test]",
        "2130706433",
        "0x7f.1",
        "127.1",
        "localhost..",
        "lоcalhost",
        "localhost\x00",
        "localhost\n",
        "*",
    ],
)
def test_any_other_name_is_refused(host: str) -> None:
    assert not is_served(host)


@given(some.text(max_size=40))
@example("[" + "1" * 400 + "]")
def test_no_host_header_breaks_the_server(host: str) -> None:
    assert is_served(host) in (True, False)
    assert is_loopback(host) in (True, False)


def test_the_address_given_to_make_run_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "get_option", {"server.address": "Belt-PC.factory"}.get)
    assert is_served("belt-pc.factory:8501")
    assert not is_served("factory")


def test_names_of_the_settings_are_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELTMASK_HOSTS", "belts.example.com, BELT-PC,,under_score.")
    for host in ("belts.example.com", "Belts.Example.com.:443", "belt-pc:8501", "under_score"):
        assert is_served(host)
    for host in ("example.com", "evil.belts.example.com", "belts.example.comm"):
        assert not is_served(host)


@pytest.mark.parametrize("given", ["https://belts.example.com", "belts:443", "*", "a b", "-"])
def test_what_is_no_name_is_refused_in_the_settings_and_lets_nobody_in(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELTMASK_HOSTS", given)
    with pytest.raises(SettingsError, match="BELTMASK_HOSTS cannot be used: names with commas"):
        load_settings()
    assert is_served("localhost")
    assert not is_served("belts.example.com")


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost:8501", True),
        ("127.0.0.1", True),
        ("127.9.9.9:80", True),
        ("[::1]:8501", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("192.168.7.20", False),
        ("fe80::1", False),
        ("evil.test", False),
        ("testclient", False),
        ("", False),
    ],
)
def test_only_loopback_is_this_machine(host: str, here: bool) -> None:
    assert is_loopback(host) is here
