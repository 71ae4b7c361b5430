"""Objects a model says more than once: each is kept once, and counted.

Alike is not the same: only the same words, or the same label, box and mask, are one object.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from beltmask.detectors.replies.loose_json import ObjectNode
from beltmask.detectors.replies.object_entries import ObjectEntry
from beltmask.detectors.replies.objects import ObjectRead
from beltmask.detectors.replies.units import Convention
from beltmask.masks import iou
from beltmask.messages import Message
from beltmask.model import Problem

Span = tuple[int, int]
LOOP = 4
"""As often as this nobody says an object by mistake."""
_SAME_SHAPE = 0.5
_MOST_COMPARED = 4


@dataclass(frozen=True, slots=True, eq=False)
class StatedObject:
    """One object in a model's words. ``spans`` are all the places where it stands so.

    ``convention`` is how places are written in its dialect; None: as they were asked for.
    """

    number: int
    node: ObjectNode
    spans: list[Span]
    words: str = ""
    convention: Convention | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Numbered:
    """One object as read."""

    said: StatedObject
    read: ObjectRead

    @property
    def number(self) -> int:
        return self.said.number

    @property
    def span(self) -> Span:
        return self.said.spans[0]


def distinct(entries: Iterable[ObjectEntry], text: str) -> list[StatedObject]:
    """Every object once, however often it stands in the reply in the same words."""
    found: dict[str, StatedObject] = {}
    for number, entry in enumerate(entries, start=1):
        if entry.node is None:
            continue
        start, end = entry.node.span
        words = text[start:end].strip() + entry.node.beside
        said = found.get(words)
        if said is None:
            said = StatedObject(number, entry.node, [], words, entry.convention)
            found[words] = said
        said.spans.append((start, end))
    return list(found.values())


def folded(numbered: Sequence[Numbered]) -> tuple[list[Numbered], list[Problem]]:
    """Each object once, with a problem for every one that was said again."""
    groups: dict[Hashable, list[list[Numbered]]] = {}
    for item in numbered:
        alike = groups.setdefault(item.read.identity or item.number, [])
        same = next((group for group in alike if _same_shape(group[0], item)), None)
        if same is None and len(alike) < _MOST_COMPARED:
            alike.append([item])
        else:
            (same or alike[0]).append(item)
    sets = [group for alike in groups.values() for group in alike]
    counted = [_said_again(group) for group in sets]
    kept = sorted((group[0] for group in sets), key=lambda item: item.number)
    return kept, [problem for problem in counted if problem is not None]


def _same_shape(first: Numbered, second: Numbered) -> bool:
    """A model may also put two different objects into one box."""
    one, other = first.read.mask, second.read.mask
    return one is None or other is None or iou(one, other) >= _SAME_SHAPE


def _said_again(group: Sequence[Numbered]) -> Problem | None:
    spans = sorted(span for item in group for span in item.said.spans)
    if len(spans) < 2:
        return None
    kind = "loop" if len(spans) >= LOOP else "duplicate"
    said = Message("replies.said_again", label=group[0].read.label, times=len(spans))
    return Problem(kind, said, group[0].number, (spans[1][0], spans[-1][1]))
