"""From the words a model uses to the classes of a project."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import IntEnum

from beltmask.errors import StaleRevisionError
from beltmask.messages import Message
from beltmask.model import Class
from beltmask.names import folded

__all__ = ["Likeness", "Suggestion", "class_for", "folded", "suggestions", "taken_back"]

_NEAR = 0.7
"""From here on two spellings are taken for one word: "botle" and "bottle", not "can" and "cap"."""
_PLURALS = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"))
_FIELDS = ("name", "color", "key", "merged_into")


class Likeness(IntEnum):
    """How a label resembles a class, the surest first."""

    EXACT = 0
    SPELLING = 1
    PART = 2
    NEAR = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A class a label may mean, and the name or alias it resembles. ``ratio`` lies in 0..1."""

    meant: Class
    resembles: str
    likeness: Likeness
    ratio: float


def class_for(label: str, classes: Iterable[Class]) -> Class | None:
    """The class whose name or alias is ``label``, capitals, spaces and Unicode's forms aside."""
    wanted = folded(label)
    for each in classes:
        if wanted in map(folded, (each.name, *each.aliases)):
            return each
    return None


def suggestions(label: str, classes: Iterable[Class]) -> list[Suggestion]:
    """The classes ``label`` may mean, best first; a class nothing speaks for is left out.

    First the class of that name or alias, then those that differ by capitals, plural, spaces or
    hyphens, then those whose words are among its words or the other way round, then those that
    are spelled alike.
    """
    found = [_best(label, each) for each in classes]
    likely = [each for each in found if each is not None]
    return sorted(likely, key=lambda each: (each.likeness, -each.ratio, each.meant.position))


def taken_back(before: Class, after: Class, now: Class) -> Class:
    """A class without one change of it, and with all that was changed since.

    Raises:
        StaleRevisionError: What the change touched has been changed since.
    """
    touched = [name for name in _FIELDS if getattr(before, name) != getattr(after, name)]
    if any(getattr(now, name) != getattr(after, name) for name in touched):
        hint = Message("classes.change_by_hand")
        raise StaleRevisionError(Message("classes.changed_since", name=now.name), hint=hint)
    gained = set(after.aliases) - set(before.aliases)
    kept = [alias for alias in now.aliases if alias not in gained]
    lost = [a for a in before.aliases if a not in after.aliases and a not in kept]
    fields = {name: getattr(before, name) for name in touched}
    return replace(now, **fields, aliases=(*kept, *lost))


def _best(label: str, meant: Class) -> Suggestion | None:
    words = (_compared(label, name) for name in (meant.name, *meant.aliases))
    likely = [
        Suggestion(meant, name, *found)
        for name, found in zip((meant.name, *meant.aliases), words, strict=True)
        if found is not None
    ]
    return min(likely, key=lambda each: (each.likeness, -each.ratio), default=None)


def _compared(label: str, name: str) -> tuple[Likeness, float] | None:
    if folded(label) == folded(name):
        return Likeness.EXACT, 1.0
    mine, theirs = _words(label), _words(name)
    if "".join(mine) == "".join(theirs):
        return Likeness.SPELLING, 1.0
    ratio = SequenceMatcher(None, "".join(mine), "".join(theirs), autojunk=False).ratio()
    if mine and theirs and (set(mine) <= set(theirs) or set(theirs) <= set(mine)):
        return Likeness.PART, ratio
    return (Likeness.NEAR, ratio) if ratio >= _NEAR else None


def _words(label: str) -> Sequence[str]:
    """The words of a label in the singular, accents and punctuation aside."""
    plain = unicodedata.normalize("NFKD", label).casefold()
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return [_singular(word) for word in re.findall(r"\w+", bare.replace("_", " "))]


def _singular(word: str) -> str:
    """English plurals as models write them; a rule that fails costs a lower rank, no more."""
    for ending, instead in _PLURALS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + instead
    plural = word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3
    return word[:-1] if plural else word
