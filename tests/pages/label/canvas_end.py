"""A stand-in for the browser's end of the canvas: what pages tell it, and what it tells them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from beltmask.workflows.history import new_id


@dataclass
class CanvasEnd:
    """The canvas's end of the line: keeps what it is shown, and says the tail it is given."""

    tail: list[dict[str, Any]] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, *, data: dict[str, Any], **_: object) -> dict[str, object]:
        self.shown.append(json.loads(json.dumps(data)))
        return {"tail": {"round": 1, "gestures": self.tail}}

    @property
    def sees(self) -> dict[str, Any]:
        return self.shown[-1]

    def gesture(self, kind: str, *edits: dict[str, Any]) -> dict[str, Any]:
        """What the canvas makes of a gesture on what it sees."""
        image = self.sees["image"]
        made = {"id": new_id(), "kind": kind, "active_ms": 900, "after": [], "edits": list(edits)}
        return {**made, "image": image["id"], "sha": image["sha"], "base": image["revision"]}

    def edit(self, do: str, number: int, **more: object) -> dict[str, Any]:
        seen = self.sees["objects"][number - 1]
        return {"do": do, "object": seen["id"], "base": seen["revision"], "after": [], **more}
