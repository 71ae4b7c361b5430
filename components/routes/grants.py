"""Grants: short texts that let whoever holds them fetch one thing until they run out."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from beltmask.errors import NotAllowedError
from beltmask.messages import Message

DAY = 86_400
_LONGEST_TIME = 12


@dataclass(frozen=True, slots=True)
class Signer:
    """Grants by one signer mean nothing to another."""

    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def grant(self, thing: str, *, now: float) -> str:
        """The same text all day (UTC), so that what browsers keep under it is found again.

        It holds until the day after is over.
        """
        expires = (int(now) // DAY + 2) * DAY
        return f"{expires}-{self._mark(thing, expires)}"

    def seconds_left(self, thing: str, grant: str, *, now: float) -> int:
        """How long the grant still holds.

        Raises:
            NotAllowedError: It is not for this thing, not by this signer, or has run out.
        """
        time, _, mark = grant.partition("-")
        plain = time.isascii() and time.isdecimal() and len(time) <= _LONGEST_TIME
        expires = int(time) if plain else 0
        if not hmac.compare_digest(self._mark(thing, expires).encode(), mark.encode()):
            raise _reload(Message("pages.address_foreign"))
        if expires <= now:
            raise _reload(Message("pages.address_run_out"))
        return int(expires - now)

    def _mark(self, thing: str, expires: int) -> str:
        return hmac.digest(self._secret, f"{expires}\n{thing}".encode(), "sha256").hex()


SIGNER = Signer()
"""The server's own; a new server has another."""


def _reload(reason: Message) -> NotAllowedError:
    return NotAllowedError(reason, hint=Message("pages.reload_for_new"))
