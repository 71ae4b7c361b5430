"""Text people and models give things: what is kept of it, and when two are the same."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of what draws nothing: controls, marks of direction, halves of letters."""
_BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
    + "".join(map(chr, range(0xE0100, 0xE01F0)))
)
"""Letters and signs by category that draw nothing: fillers, selectors of variants."""


def seen(text: str) -> str:
    """Text on one line, composed, without what nobody sees.

    Two names that look the same are the same, or one poses as the other: marks that turn the
    direction of writing, letters of no width and controls are left out.
    """
    if text.isascii() and text.isprintable():
        return text
    spaced = "".join(" " if letter.isspace() else letter for letter in text)
    kept = (c for c in spaced if unicodedata.category(c) not in _UNSEEN and c not in _BLANK)
    return unicodedata.normalize("NFC", "".join(kept))


def one_line(text: str) -> str:
    """A name as it is kept: ``seen``, with single spaces. Nothing may be left."""
    return " ".join(seen(text).split())


def several_lines(text: str) -> str:
    """Prose as it is kept: each of its lines ``seen``."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").split("\n")
    return "\n".join(seen(line).rstrip() for line in lines).strip()


def folded(text: str) -> str:
    """What tells names apart: not capitals, spaces, or how an accent was typed."""
    return unicodedata.normalize("NFC", one_line(text).casefold())
