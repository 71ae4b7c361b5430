"""A reply in a dialect of tokens, cut where an object is whole, while it comes."""

from __future__ import annotations

import re

from beltmask.detectors.replies.dialects.registry import TOKEN_DIALECTS
from beltmask.detectors.replies.dialects.token_dialect import TokenDialect

_KEPT = 1_000
"""Letters before the first mark: the first label may stand there."""
_LONGEST_MARK = 40
_LONGEST_OBJECT = 1_000_000
_STREAMED = [one for one in TOKEN_DIALECTS if one.start is not None]
_ANY_MARK = re.compile("|".join(f"(?:{one.mark.pattern})" for one in _STREAMED))


class RecordStream:
    """Takes a reply piece by piece, and gives it back in pieces that hold whole objects."""

    def __init__(self) -> None:
        self._text, self._searched = "", 0
        self._dialect: TokenDialect | None = None
        self._ended = False

    def take(self, piece: str) -> str:
        """What ``piece`` makes whole: all before the object that comes now, or nothing."""
        if self._ended:
            return ""
        self._text += piece
        start = None if self._awaits_mark() else self._last_start()
        if not start:
            self._ended = len(self._text) > _LONGEST_OBJECT
            return ""
        whole, self._text = self._text[:start], self._text[start:]
        self._searched = len(self._text)
        return whole

    def end(self) -> None:
        """Take no more: the reply turned out to be something else."""
        self._text, self._ended = "", True

    def _awaits_mark(self) -> bool:
        if self._dialect is not None:
            return False
        if _ANY_MARK.search(self._text, max(0, self._searched - _LONGEST_MARK)) is None:
            self._text = self._text[-_KEPT:]
            self._searched = len(self._text)
            return True
        self._dialect = next(one for one in _STREAMED if one.mark.search(self._text))
        self._searched = 0
        return False

    def _last_start(self) -> int | None:
        """Where the last object begins, once another may stand before it."""
        if self._dialect is None or self._dialect.start is None:
            return None
        found = None
        for match in self._dialect.start.finditer(self._text, self._searched):
            found = match.start()
        self._searched = max(0, len(self._text) - _LONGEST_MARK)
        return found
