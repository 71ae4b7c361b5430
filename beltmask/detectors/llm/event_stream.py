"""Bytes of an answer -> the JSON documents in it, whether they come as server-sent events or bare.

Servers and proxies break the rules of event streams in known ways: no blank after the colon, a
byte order mark, bare carriage returns, an error as plain JSON between the events, a JSON list
instead of events, an end without the last blank line. None of that loses a document here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

DONE = "[DONE]"
"""What OpenAI's servers send after the last document."""
_LINE_END = re.compile(rb"\r\n|\r|\n")
_FIELD = re.compile(r"(data|event|id|retry)(?::\s?|\Z)")
_MARK = re.compile(r'\\.|["{}]', re.DOTALL)


def documents(chunks: Iterable[bytes]) -> Iterator[str]:
    """Every JSON object that came, as text, and ``DONE``; what is no JSON at all is left out.

    An object in which the answer broke off is the last of them.
    """
    data: list[str] = []
    bare = _BareObjects()
    for line in _lines(chunks):
        field = _FIELD.match(line)
        if not line:
            yield from _of_event(data)
            data = []
        elif field is not None and field[1] == "data":
            data.append(line[field.end() :])
        elif field is None and not line.startswith(":"):
            yield from bare.take(line)
    yield from _of_event(data)
    yield from bare.rest()


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Ended by CR, LF or both, wherever the chunks are cut; the last one may have no end."""
    parts: list[bytes] = []
    after_cr, first = False, True
    for chunk in filter(None, chunks):
        fresh = chunk[1:] if after_cr and chunk.startswith(b"\n") else chunk
        after_cr = chunk.endswith(b"\r")
        *whole, tail = _LINE_END.split(fresh)
        for line in whole:
            yield _decoded(b"".join([*parts, line]), first=first)
            parts, first = [], False
        parts.append(tail)
    yield _decoded(b"".join(parts), first=first)


def _decoded(line: bytes, *, first: bool) -> str:
    text = line.decode("utf-8", "replace")
    return text.removeprefix("\N{BYTE ORDER MARK}") if first else text


def _of_event(data: list[str]) -> Iterator[str]:
    """Its data is one document, or one a line where the blank lines between events are missing."""
    whole = "\n".join(data).strip()
    if whole == DONE:
        yield whole
    elif len(data) > 1 and not _is_json(whole):
        for line in data:
            yield from _of_event([line])
    elif whole.startswith("["):
        yield from _BareObjects().all_in(whole)
    elif whole.startswith("{"):
        yield whole


def _is_json(text: str) -> bool:
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


class _BareObjects:
    """Objects outside events, one after another or in a list, taken line by line."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._depth, self._in_string = 0, False

    def all_in(self, text: str) -> Iterator[str]:
        yield from self.take(text)
        yield from self.rest()

    def take(self, line: str) -> Iterator[str]:
        """The objects that the line makes whole."""
        start = 0
        for match in _MARK.finditer(line):
            mark = match[0]
            if mark == '"' and self._depth:
                self._in_string = not self._in_string
            elif mark == "{" and not self._in_string:
                start = start if self._depth else match.start()
                self._depth += 1
            elif mark == "}" and self._depth and not self._in_string:
                self._depth -= 1
                if not self._depth:
                    yield "".join([*self._parts, line[start : match.end()]])
                    self._parts = []
        if self._depth:
            self._parts.append(line[start:] + "\n")

    def rest(self) -> Iterator[str]:
        """The object the text ended in."""
        if self._depth:
            yield "".join(self._parts).rstrip("\n")
