"""How two prompts differ, field by field, in words a person reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import Literal

from beltmask.model import Prompt
from beltmask.workflows.prompt_options import classes_text

_NAMES = {
    "detector": "detector",
    "query": "query",
    "model": "model",
    "temperature": "temperature",
    "thinking": "thinking",
    "object_cap": "objects at most",
    "image_side": "longest side sent",
    "tiling": "tiling",
    "classes": "classes",
    "closed": "list of classes",
    "avoid": "not to report",
    "template": "template",
}
"""What a person calls the fields that belong to a version."""
_NOT_OF_A_VERSION = {"sketch", "repeat"}

SpanKind = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class WordSpan:
    """Some words both prompts have, or only the first (gone), or only the second (new)."""

    kind: SpanKind
    text: str

    def __str__(self) -> str:
        marks = {"same": "{}", "gone": "[-{}-]", "new": "[+{}+]"}
        return marks[self.kind].format(self.text)


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field of two prompts that differ in it; ``spans`` are its words in their order."""

    name: str
    spans: tuple[WordSpan, ...]

    def __str__(self) -> str:
        return f"{self.name}: {' '.join(map(str, self.spans))}"


def difference(before: Prompt, after: Prompt) -> list[FieldDifference]:
    """The fields in which two prompts differ; none when both ask the same.

    Written as a line, what is gone stands in ``[-…-]`` and what is new in ``[+…+]``.
    """
    return list(_differences(before, after))


def unusual_options(prompt: Prompt) -> list[str]:
    """What is not as in a prompt that only names its detector, model and query."""
    usual = Prompt(prompt.detector, prompt.query, prompt.model)
    return [
        f"{_NAMES[name]} {field_words(prompt, name)}"
        for name in _NAMES
        if getattr(prompt, name) != getattr(usual, name)
    ]


def field_words(prompt: Prompt, field: str) -> str:
    """The value of a field as a person reads it."""
    if field == "classes":
        return classes_text(prompt.classes).replace("\n", "; ") or "none"
    if field == "closed":
        return "closed" if prompt.closed else "open"
    value = getattr(prompt, field)
    if field == "image_side":
        return f"{value:,} px"
    if value is None:
        return "the model's own"
    return str(value) or "none"


def _differences(before: Prompt, after: Prompt) -> Iterator[FieldDifference]:
    for field in fields(Prompt):
        if field.name in _NOT_OF_A_VERSION:
            continue
        if getattr(before, field.name) != getattr(after, field.name):
            one, other = field_words(before, field.name), field_words(after, field.name)
            yield FieldDifference(_NAMES[field.name], tuple(_spans(_words(one), _words(other))))


def _spans(one: Sequence[str], other: Sequence[str]) -> Iterator[WordSpan]:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for tag, low, high, start, end in matcher.get_opcodes():
        if tag == "equal":
            yield WordSpan("same", _joined(one[low:high]))
            continue
        if low < high:
            yield WordSpan("gone", _joined(one[low:high]))
        if start < end:
            yield WordSpan("new", _joined(other[start:end]))


def _words(text: str) -> list[str]:
    """A comma at the end of a word is a word: when it goes, its neighbour stays."""
    return re.findall(r"\S+?(?=[.,;:!?]*(?:\s|$))|[.,;:!?]+", text)


def _joined(words: Sequence[str]) -> str:
    return re.sub(r" (?=[.,;:!?])", "", " ".join(words))
