"""Names with ``-2``, ``-3``… that were given because a name was taken: which name was meant."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

_NUMBERED = re.compile(r"(?P<stem>.+)-(?P<number>[1-9]\d*)(?P<suffix>\.[^.]*)?")


def in_order(names: Sequence[str], meant: Sequence[str]) -> dict[int, int]:
    """For places in ``names``, the places in ``meant`` of what they were called before.

    Of names that were equal the first is the first. Only what can be told is answered: a name is
    explained when it can have come from one name only, and of each name there are as many.
    """
    left = Counter(meant)
    if max(left.values(), default=1) < 2:
        return {}
    original = _explained(names, left)
    came: defaultdict[str, list[int]] = defaultdict(list)
    for at, name in sorted(original.items()):
        came[name].append(at)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(meant):
        places[name].append(place)
    return {
        at: place
        for name, ats in came.items()
        if len(ats) == len(places[name])
        for at, place in zip(ats, places[name], strict=True)
    }


def _explained(names: Sequence[str], left: Counter[str]) -> dict[int, str]:
    """What each name was before; those that leave one choice decide for the others."""
    choices: dict[int, list[str]] = {}
    before: set[str] = set()
    for at, name in enumerate(names):
        choices[at] = _origins(name, before)
        before.add(name)
    original: dict[int, str] = {}
    while True:
        sure = {}
        for at, origins in choices.items():
            possible = [each for each in origins if left[each] > 0]
            if at not in original and len(possible) == 1:
                sure[at] = possible[0]
        if not sure:
            return original
        for at, name in sure.items():
            if left[name] > 0:
                original[at] = name
                left[name] -= 1
            else:
                choices[at] = []


def _origins(name: str, before: AbstractSet[str]) -> list[str]:
    """Itself, or the name without its number where that was taken."""
    found = _NUMBERED.fullmatch(name)
    if found is None:
        return [name]
    plain = f"{found['stem']}{found['suffix'] or ''}"
    return [name, plain] if plain in before and int(found["number"]) > 1 else [name]
