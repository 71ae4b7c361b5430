"""Rows of what prompts are kept and compared in, as in ``old_rows``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
COMPARISON_ROWS: Mapping[str, Sequence[dict[str, Any]]] = {
    "comparisons": [
        {
            "id": 101,
            "project_id": 101,
            "name": "tins",
            "image_ids": [101],
            "seed": None,
            "repeats": 1,
            "baseline": 0,
            "iou": 0.5,
            "budget": None,
            "actor": "Ann",
            "created_at": AT,
            "rules": "",
            "truths": {},
            "groups": None,
            "summary": None,
        }
    ],
    "contenders": [
        {"id": 101, "comparison_id": 101, "position": 0, "name": "tins", "prompt_id": 101}
    ],
    "comparison_tasks": [{"contender_id": 101, "task_id": 101}],
    "figures": [{"task_id": 101, "digest": "ab" * 32, "counts": {}}],
    "prompt_versions": [
        {
            "id": 101,
            "project_id": 101,
            "number": 1,
            "name": "Tins",
            "folded": "tins",
            "notes": "",
            "parent_id": None,
            "prompt_id": 101,
            "actor": "Ann",
            "created_at": AT,
        }
    ],
    "usual_prompts": [{"id": 101, "project_id": 101, "version_id": 101, "actor": "Ann", "at": AT}],
    "preferences": [
        {"project_id": 101, "actor": "local", "name": "detect.query", "value": "x", "at": AT}
    ],
}
