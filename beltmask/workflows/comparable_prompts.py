"""Prompts that can be compared: those a project was asked with, and grids made of one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from beltmask.model import Contender, Prompt
from beltmask.names import one_line
from beltmask.workflows.permission import Action, require
from beltmask.workflows.services import Services

_SHOWN = 32
"""Letters of a query in a name."""


def comparable_prompts(project_id: int, *, services: Services) -> list[Contender]:
    """What the project was asked last, the newest first, each under a name of its own."""
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        prompts = records.comparisons.asked_prompts(project_id)
    return list(_named_apart((prompt_title(each), each) for each in prompts if not each.sketch))


def prompt_grid(
    base: Contender,
    *,
    queries: Sequence[str] = (),
    temperatures: Sequence[float] = (),
    models: Sequence[str] = (),
    sides: Sequence[int] = (),
) -> list[Contender]:
    """Every combination of the values given; where none are, the base's own.

    A name says only what differs within the grid.
    """
    axes = {
        "query": [each for each in map(str.strip, queries) if each],
        "temperature": temperatures,
        "model": models,
        "image_side": sides,
    }
    varied = {name: list(dict.fromkeys(values)) for name, values in axes.items() if values}
    made = []
    for values in product(*varied.values()):
        chosen: dict[str, Any] = dict(zip(varied, values, strict=True))
        told = [_told(name, value) for name, value in chosen.items() if len(varied[name]) > 1]
        name = " · ".join(told) or base.name
        made.append((name, replace(base.prompt, **chosen)))
    return list(_named_apart(made))


def prompt_title(prompt: Prompt) -> str:
    """A name for a prompt that nobody named."""
    parts = [_told("query", prompt.query), prompt.model or prompt.detector]
    parts += [] if prompt.temperature is None else [_told("temperature", prompt.temperature)]
    return " · ".join(parts)


def _told(name: str, value: object) -> str:
    if name == "query":
        words = one_line(str(value))
        return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1].rstrip()}…"
    if name == "temperature":
        return f"t {value}"
    return f"{value} px" if name == "image_side" else str(value)


def _named_apart(named: Iterable[tuple[str, Prompt]]) -> Iterator[Contender]:
    """A name that is taken gets a number."""
    taken: set[str] = set()
    for name, prompt in named:
        free, number = name, 2
        while free in taken:
            free, number = f"{name} ({number})", number + 1
        taken.add(free)
        yield Contender(free, prompt)
