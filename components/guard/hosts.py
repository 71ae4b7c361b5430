"""The names this server answers to.

A page of another site can have its own name resolve to this machine, and would then be of the same
origin as the app. What it cannot choose is the name it asks by.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

import streamlit as st

from beltmask.errors import SettingsError
from beltmask.settings import load_settings

_HOST = re.compile(
    r"(?P<name>\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?)\.?(?::[0-9]{1,5})?",
    re.IGNORECASE,
)
_HERE = "localhost"


def host_name(host: str) -> str | None:
    """The name in a ``Host`` header, in small letters, without port; None where it is none."""
    match = _HOST.fullmatch(host)
    return None if match is None else match["name"].lower()


def is_served(host: str) -> bool:
    """Whether the server answers to what a ``Host`` header says.

    IP numbers are: no name of another site is one.
    """
    name = host_name(host)
    return name is not None and (name in _names() or _number(name) is not None)


def is_loopback(host: str) -> bool:
    """Whether a ``Host`` header, or a bare address, means the machine that says it."""
    name = host_name(host) or host_name(f"[{host}]")
    number = None if name is None else _number(name)
    if isinstance(number, IPv6Address) and number.ipv4_mapped is not None:
        number = number.ipv4_mapped
    return name == _HERE or (number is not None and number.is_loopback)


def _number(name: str) -> IPv4Address | IPv6Address | None:
    try:
        number = ip_address(name.strip("[]"))
    except ValueError:
        return None
    return number if name.startswith("[") == isinstance(number, IPv6Address) else None


def _names() -> frozenset[str]:
    address = host_name(str(st.get_option("server.address") or ""))
    return frozenset({_HERE, *_further_names(), *([address] if address else [])})


@lru_cache(maxsize=1)
def _further_names() -> tuple[str, ...]:
    """Those of the settings; where they cannot be read, the page says so."""
    try:
        return load_settings().hosts
    except SettingsError:
        return ()
