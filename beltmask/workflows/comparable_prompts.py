"""Prompts that can be compared: those a project was asked with, and grids made of one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from beltmask.errors import NotFoundError
from beltmask.messages import Message
from beltmask.model import Contender, Prompt, PromptVersion
from beltmask.names import one_line
from beltmask.workflows.comparison import find_comparison
from beltmask.workflows.permission import Action, require
from beltmask.workflows.prompt_versions import (
    keep_version,
    use_in_project,
    version_named,
    versions_of,
)
from beltmask.workflows.services import Services

_SHOWN = 32
"""Letters of a query in a name."""


def comparable_prompts(project_id: int, *, services: Services) -> list[Contender]:
    """The project's versions, then what else it was asked last, each under a name of its own.

    What was drawn on one picture is compared on no other.
    """
    require(services.actor, Action.SEE_IMAGES, project_id)
    with services.store.read() as records:
        versions = records.prompt_versions.of_project(project_id)
        asked = records.comparisons.asked_prompts(project_id)
    known = {each.prompt for each in versions}
    named = [(each.name, each.prompt) for each in reversed(versions)]
    rest = [each for each in asked if each not in known and not each.sketch]
    return list(_named_apart([*named, *((prompt_title(each), each) for each in rest)]))


def versions_named(
    project_id: int, names: Sequence[str], *, services: Services
) -> tuple[Contender, ...]:
    """Versions by name or number, as contenders.

    Raises:
        NotFoundError: There is none of a name.
    """
    found = [version_named(project_id, name, services=services) for name in names]
    return tuple(Contender(version.name, version.prompt) for version in found)


def promote(comparison_id: int, name: str, *, services: Services) -> PromptVersion:
    """Let the project ask as a contender does; its prompt becomes a version, unless it is one.

    Raises:
        NotFoundError: There is no such comparison, or no contender of that name.
        NameTakenError: Another version has the name.
    """
    comparison = find_comparison(comparison_id, services=services)
    prompts = {each.name: each.prompt for each in comparison.contenders}
    if name not in prompts:
        hint = Message("comparisons.choose_baseline", names=tuple(prompts))
        raise NotFoundError(Message("comparisons.not_among", name=name), hint=hint)
    known = versions_of(comparison.project_id, services=services)
    same = [each for each in known if each.prompt == prompts[name]]
    version = (
        same[0]
        if same
        else keep_version(
            comparison.project_id,
            prompts[name],
            name=name,
            notes=f"From the comparison {comparison.name}.",
            services=services,
        )
    )
    use_in_project(version, services=services)
    return version


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
