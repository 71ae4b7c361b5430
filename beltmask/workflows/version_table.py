"""A project's prompt versions for people at a terminal and for other tools."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from beltmask.model import PromptVersion
from beltmask.workflows.prompt_difference import unusual_options
from beltmask.workflows.prompt_versions import version_in_use, versions_of
from beltmask.workflows.services import Services

_NOT_OF_A_VERSION = ("sketch", "repeat")


def versions_told(project_id: int, *, as_json: bool, services: Services) -> str:
    """The list as it is printed."""
    if as_json:
        return json.dumps(versions_as_dicts(project_id, services=services), indent=1)
    lines = list(version_lines(project_id, services=services))
    return "\n".join(lines) or "no prompt is kept in this project yet"


def version_lines(project_id: int, *, services: Services) -> Iterator[str]:
    """A line for each version, the oldest first; the one in use is marked with a star."""
    in_use = version_in_use(project_id, services=services)
    for version in versions_of(project_id, services=services):
        yield f"{'*' if version == in_use else ' '} {version.number}  {_told(version)}"


def versions_as_dicts(project_id: int, *, services: Services) -> list[dict[str, Any]]:
    """Each version with all that it asks, ready for JSON."""
    in_use = version_in_use(project_id, services=services)
    known = versions_of(project_id, services=services)
    return [{**_as_dict(version), "in_use": version == in_use} for version in known]


def _told(version: PromptVersion) -> str:
    prompt = version.prompt
    asked = [prompt.model or prompt.detector, *unusual_options(prompt)]
    made = [] if version.parent is None else [f"made from {version.parent}"]
    query = " ".join(prompt.query.split())
    return f'{version.name}: "{query}" ({", ".join([*asked, *made])})'


def _as_dict(version: PromptVersion) -> dict[str, Any]:
    prompt = asdict(version.prompt)
    return {
        "number": version.number,
        "name": version.name,
        "notes": version.notes,
        "made_from": version.parent,
        "by": version.actor.name,
        "at": version.created_at.isoformat(),
        "prompt": {name: prompt[name] for name in prompt if name not in _NOT_OF_A_VERSION},
    }
