"""Redirects, which are never followed: the key and the picture would go along."""

from __future__ import annotations

from urllib.parse import urlsplit

from beltmask.errors import RequestRejectedError


def is_redirect(status: int) -> bool:
    return 300 <= status < 400


def refused_redirect(
    service: str, *, status: int, location: str, setting: str
) -> RequestRejectedError:
    """The error for it. ``setting`` is the one that names where ``service`` is asked."""
    said = f"{service} answered {status} and sends on to {_host(location)}, where nothing was sent"
    hint = f"Set {setting} to the address that answers itself, if you trust it with your pictures."
    return RequestRejectedError(said, hint=hint)


def _host(location: str) -> str:
    """Without path and query, which may hold anything."""
    try:
        host = urlsplit(location).hostname
    except ValueError:
        host = None
    return host if host and host.isprintable() else "another address"
