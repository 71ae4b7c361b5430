"""Whom the server answers, and what a browser may do with the answer; ``docs/adr/`` says why."""

from __future__ import annotations

from starlette.middleware import Middleware

from components.guard.visits import Guard

__all__ = ["guards"]


def guards() -> list[Middleware]:
    """What stands before every route and the websocket; for the server's ``middleware``."""
    return [Middleware(Guard)]
