"""What a service echoes of a secret -> ``***``: whole, cut in pieces, percent-encoded, as base64.

Two ways a reply must not suffer: pieces are long enough that no picture in base64 holds them by
chance, and short ones count only where they stand alone and look like no word.
"""

from __future__ import annotations

import base64
import html
import re
import string
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar
from urllib.parse import unquote

from beltmask.errors import BeltMaskError, UnreadableReplyError

HIDDEN = "***"
_SHORTEST = 5
"""Letters; what is shorter is no secret."""
_RUN = 8
_LONG = 32
"""Of a secret longer than eight times this many letters, one part in so many gives it away."""
_MOST_HELD = 512
_BETWEEN = r"(?:\\[nrtbf]|[^A-Za-z0-9]){1,4}"
_LINE_ENDS = ("\\n", "\\r", "\\t", "\\b", "\\f")
_ALONE = re.compile(r"(?<![\w+/=-])[\w-]{5,7}(?![\w+/=-])")
_CODED = re.compile(
    r"(?<![\w.~+-])(?:[\w.~+-]*+(?:%(?:25)*+[0-9A-Fa-f]{2}|\\u[0-9a-fA-F]{4}|&#\w{1,6};))++"
    r"[\w.~+-]*+"
)
_MARKS_OF_CODES = ("%", "\\u", "&#")
_NO_LETTERS = {code: None for code in range(128) if not chr(code).isalnum()}
_WORD = string.ascii_letters + string.digits + "+/=%\\&#;.~_-"
Failure = TypeVar("Failure", bound=BeltMaskError)


def secrets_in(headers: Mapping[str, str]) -> tuple[str, ...]:
    """What the headers of a request prove with who asks."""
    scheme, _, proof = headers.get("authorization", "").partition(" ")
    secrets = [headers.get("x-goog-api-key", ""), proof]
    if scheme.lower() == "basic":
        named = base64.b64decode(proof).decode("utf-8", "replace")
        secrets += [named, named.partition(":")[2]]
    return tuple(secret for secret in secrets if len(secret) >= _SHORTEST)


class Redactor:
    """Hides what was sent to prove who asks."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = tuple(dict.fromkeys(s for s in secrets if len(s) >= _SHORTEST))

    def hides(self, secrets: tuple[str, ...]) -> bool:
        """Whether these are all it hides."""
        return self._secrets == tuple(dict.fromkeys(secrets))

    def clean(self, text: str) -> str:
        """The text without the secrets and without what gives them away."""
        if not self._secrets:
            return text
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        if any(mark in text for mark in self._anchors) and not self._is_clean(text):
            text = self._any_run.sub(HIDDEN, text)
        squeezed = _letters_in(text)
        for pattern, letters in self._cut:
            text = pattern.sub(HIDDEN, text) if letters in squeezed else text
        if any(mark in text for mark in _MARKS_OF_CODES):
            text = _CODED.sub(self._decoded, text)
        return _ALONE.sub(self._alone, text) if any(p in text for p in self._pieces) else text

    def cleaned(self, failure: Failure) -> Failure:
        """The same error with clean words."""
        failure.message = failure.message.mapped(self.clean)
        failure.args = (failure.message,)
        failure.advice = failure.advice.mapped(self.clean)
        if isinstance(failure, UnreadableReplyError):
            failure.reply = self.clean(failure.reply)
        return failure

    def stream(self, pieces: Iterable[str]) -> Iterator[str]:
        """Clean pieces; a word is held back until it is whole, because it may become a secret."""
        held = ""
        for piece in pieces:
            held += piece
            word = len(held) - len(held.rstrip(_WORD)) if self._secrets else 0
            keep = min(word, _MOST_HELD)
            yield self.clean(held[: len(held) - keep])
            held = held[len(held) - keep :]
        if held:
            yield self.clean(held)

    @cached_property
    def _runs(self) -> frozenset[str]:
        """Stretches of the secrets, and of what base64 makes of them at any place in a text."""
        return frozenset(self._stretches(step=1))

    @cached_property
    def _anchors(self) -> frozenset[str]:
        """Halves of stretches, so few that each stretch holds one of them: quick to look for."""
        return frozenset(run[: len(run) // 2] for run in self._stretches(step=2)) | self._pieces

    def _stretches(self, *, step: int) -> Iterator[str]:
        for secret in self._secrets:
            for form, length in _forms(secret):
                stride = 1 if step == 1 else length // 2
                for start in range(0, len(form) - length // step + 1, stride):
                    yield form[start : start + length]

    @cached_property
    def _pieces(self) -> frozenset[str]:
        short = _SHORTEST
        return frozenset(s[i : i + short] for s in self._secrets for i in range(len(s) - short + 1))

    @cached_property
    def _any_run(self) -> re.Pattern[str]:
        return re.compile(_overlapping(self._runs), re.DOTALL)

    @cached_property
    def _cut(self) -> list[tuple[re.Pattern[str], str]]:
        """Each secret with something between any of its letters, and its letters alone."""
        return [
            (re.compile(f"(?:{_BETWEEN})?".join(map(re.escape, s))), s.translate(_NO_LETTERS))
            for s in self._secrets
        ]

    def _decoded(self, match: re.Match[str]) -> str:
        text = match[0]
        for decode in (unquote, unquote, html.unescape, _unescaped):
            text = decode(text)
        return match[0] if self._is_clean(text) else HIDDEN

    def _is_clean(self, text: str) -> bool:
        return not any(run in text for run in (*self._secrets, *self._runs))

    def _alone(self, match: re.Match[str]) -> str:
        word = match[0]
        is_word = word.isdigit() or (word.isalpha() and (word.islower() or word.istitle()))
        return HIDDEN if not is_word and any(word in s for s in self._secrets) else word


def _forms(secret: str) -> Iterator[tuple[str, int]]:
    """A secret as it may be written, and how much of that gives it away."""
    run = max(_RUN, len(secret) // _LONG)
    yield secret, run
    for digits in (secret.encode().hex(), secret.encode().hex().upper()):
        yield digits, 2 * run
    for before in range(3):  # what stands before it moves it within base64's groups
        coded = base64.b64encode(b"\0" * before + secret.encode())
        core = coded[-(-before * 4 // 3) :].rstrip(b"=")[:-1].decode()
        yield core, run + 2
        yield core.replace("+", "-").replace("/", "_"), run + 2


def _letters_in(text: str) -> str:
    for end in _LINE_ENDS if "\\" in text else ():
        text = text.replace(end, "")
    return text.translate(_NO_LETTERS)


def _overlapping(runs: Iterable[str]) -> str:
    """Matches all that runs which follow each other closely cover together."""
    one = "|".join(map(re.escape, runs))
    return f"(?:(?={one})(?:.(?={one}))*(?:{one}))"


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
