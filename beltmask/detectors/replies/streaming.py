"""A reply read while it comes: objects as soon as they are whole, loops as soon as they show.

What it tells is early, not final: ``reader.read_reply`` on the whole text has the last word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from beltmask.detectors.replies.decoded_objects import DecodedObjects
from beltmask.detectors.replies.dialects.record_stream import RecordStream
from beltmask.detectors.replies.reader import MAX_OBJECTS, ReadReply, read_reply
from beltmask.detectors.replies.rebuilt_masks import MAX_REBUILT, with_rebuilt_masks
from beltmask.detectors.replies.reply_entries import MAX_LETTERS
from beltmask.detectors.replies.units import GEMINI, Convention
from beltmask.errors import UnreadableReplyError
from beltmask.model import Finding, Picture, Size

LOOP_LETTERS = 1_600
"""A tail of this length that is one thing over and over is a loop."""
_LONGEST_PERIOD = 400
_SAME_OBJECTS = 3
_PROBE = 24
_LONGEST_OBJECT = 1_000_000
_NUMBERS = r"\[[\d\s.,eE+-]*+\]"
_MARKS = re.compile(rf"""\\.|{_NUMBERS}(?:[\d\s.,eE+-]*+{_NUMBERS})*+|["{{}}\[\]]""", re.DOTALL)
"""A whole list of numbers opens and closes nothing that counts: it is one mark, and many are."""
_HAS_BOX = re.compile(r'"(?:box|bbox|bounding)', re.IGNORECASE)
_CLOSES = {"}": "{", "]": "["}


@dataclass(slots=True)
class _OpenBracket:
    """A bracket that waits for its partner. ``entry``: it may be one object of the list."""

    mark: str
    start: int
    entry: bool


class StreamReader:
    """Takes a reply piece by piece. ``found`` are the objects told so far.

    ``decoded`` belongs to reading the whole reply too: both spend one limits.
    """

    def __init__(self, picture: Picture, convention: Convention = GEMINI) -> None:
        self.found: list[Finding] = []
        self.loop: str | None = None
        self.decoded = DecodedObjects()
        self._picture, self._convention = picture, convention
        self._letters = 0
        self._tail, self._unchecked = "", 0
        self._buffer, self._scanned = "", 0
        self._open: list[_OpenBracket] = []
        self._in_string = False
        self._gone_blind = False
        self._known: dict[tuple[str, tuple[int, ...]], Finding] = {}
        self._last, self._times = "", 1
        self._rebuilt = 0
        self._records = RecordStream()

    @property
    def size(self) -> Size:
        """Of the picture the reply is about."""
        return self._picture.size

    def take(self, piece: str) -> list[Finding]:
        """The objects that ``piece`` makes whole; ``loop`` is set when the model is caught."""
        self._letters += len(piece)
        self._watch_tail(piece)
        if self._gone_blind:
            return []
        self._buffer += piece
        return self._scan() or self._read(self._records.take(piece))

    def finished(self, read: ReadReply) -> ReadReply:
        """The whole reply as read, with masks made again from the picture, each only once."""
        known = [self._known.get(_identity(finding), finding) for finding in read.findings]
        findings = tuple(
            early if finding.mask is None and early.mask is not None else finding
            for early, finding in zip(known, read.findings, strict=True)
        )
        return with_rebuilt_masks(replace(read, findings=findings), self._picture.pixels)

    def agrees_with(self, read: ReadReply) -> bool:
        """Whether what was told early are the first objects of the whole reply."""
        first = read.findings[: len(self.found)]
        return len(first) == len(self.found) and all(map(_alike, self.found, first))

    def _watch_tail(self, piece: str) -> None:
        self._tail = (self._tail + piece)[-LOOP_LETTERS:]
        self._unchecked += len(piece)
        if self.loop is None and self._unchecked >= _PROBE:
            self._unchecked = 0
            self.loop = repeated(self._tail)

    def _scan(self) -> list[Finding]:
        told: list[Finding] = []
        for match in _MARKS.finditer(self._buffer, self._scanned):
            mark, self._scanned = match[0], match.end()
            if mark == '"':
                self._in_string = not self._in_string
            elif not self._in_string and len(mark) == 1:
                told += self._bracket(mark, match.start())
        if not self._buffer.endswith("\\"):  # half of an escape waits for the other half
            self._scanned = len(self._buffer)
        self._forget_what_was_read()
        return told

    def _bracket(self, mark: str, place: int) -> list[Finding]:
        if mark in "{[":
            entry = mark == "{" and (not self._open or self._open[-1].mark == "[")
            self._open.append(_OpenBracket(mark, place, entry))
        elif self._open and self._open[-1].mark == _CLOSES[mark]:
            closed = self._open.pop()
            if closed.entry:
                return self._entry(self._buffer[closed.start : place + 1])
        return []

    def _entry(self, text: str) -> list[Finding]:
        if not _HAS_BOX.search(text):
            return []
        for outer in self._open:  # a list of objects is no object itself
            outer.entry = False
        self._records.end()
        return self._read(text)

    def _read(self, text: str) -> list[Finding]:
        if not text or len(self.found) >= MAX_OBJECTS:
            return []
        self._count_same(text)
        try:
            read = read_reply(
                text,
                size=self._picture.size,
                convention=self._convention,
                decoded=self.decoded,
            )
        except UnreadableReplyError:
            return []
        fresh = [one for one in self._with_masks(read) if _identity(one) not in self._known]
        self._known |= {_identity(one): one for one in fresh}
        self.found += fresh
        return fresh

    def _with_masks(self, read: ReadReply) -> tuple[Finding, ...]:
        bare = sum(one.mask is None for one in read.findings)
        self._rebuilt += bare
        if not bare or self._rebuilt > MAX_REBUILT:
            return read.findings
        return with_rebuilt_masks(read, self._picture.pixels).findings

    def _count_same(self, text: str) -> None:
        self._times = self._times + 1 if text == self._last else 1
        self._last = text
        if self._times >= _SAME_OBJECTS and len(text) > _LONGEST_PERIOD:
            self.loop = self.loop or text[:_PROBE]

    def _forget_what_was_read(self) -> None:
        needed = min((one.start for one in self._open if one.entry), default=self._scanned)
        self._buffer, self._scanned = self._buffer[needed:], self._scanned - needed
        for one in self._open:
            one.start -= needed
        long = len(self._buffer) > _LONGEST_OBJECT or self._letters > MAX_LETTERS
        if long:
            self._gone_blind, self._buffer = True, ""


def repeated(tail: str) -> str | None:
    """What ``tail`` is made of over and over, up to 400 letters; None for anything else."""
    if len(tail) < LOOP_LETTERS:
        return None
    probe, end = tail[-_PROBE:], len(tail) - 1
    while (place := tail.rfind(probe, 0, end)) >= 0:
        period = len(tail) - _PROBE - place
        if period > _LONGEST_PERIOD:
            return None
        if tail[period:] == tail[:-period]:
            return tail[:period]
        end = place + _PROBE - 1
    return None


def _identity(finding: Finding) -> tuple[str, tuple[int, ...]]:
    """As in ``objects``: two objects alike in this are one said twice."""
    return finding.label, finding.box.corners


def _alike(first: Finding, second: Finding) -> bool:
    return _identity(first) == _identity(second) and first.mask == second.mask
