"""A row of every table, for databases of any revision: columns that came later are left out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, insert

from beltmask.store import migrations
from beltmask.store.database import Database
from tests.beltmask.simple_detectors import spotted_belt
from tests.beltmask.store.old_comparison_rows import AT, COMPARISON_ROWS

Row = dict[str, Any]
_MIGRATIONS = Path(next(iter(migrations.__path__)))
PICTURE = spotted_belt(0)
RAW = b'[{"box_2d": [100, 200, 500, 600], "label": "tin"}]'
_SHAPE = {"x0": 2, "y0": 3, "x1": 6, "y1": 5, "counts": None}
_OBJECT: Row = {
    **_SHAPE,
    "id": "o1",
    "image_id": 101,
    "label": "tin",
    "class_id": 101,
    "source": "human",
    "state": "edited",
    "prediction_id": None,
    "revision": 2,
    "position": 1,
    "layer": 0,
}
_CLASS: Row = {
    "id": 101,
    "project_id": 101,
    "position": 0,
    "name": "can",
    "color": "#ff0000",
    "key": "1",
    "aliases": ["tin"],
    "merged_into": None,
}
_PROBLEM: Row = {"kind": "cut_off", "object": None, "span": None}
ROWS: Mapping[str, Sequence[Row]] = {
    **COMPARISON_ROWS,
    "projects": [
        {"id": 101, "name": "Belt 3", "created_at": AT, "created_by": "Ann", "folded": "belt 3"}
    ],
    "classes": [_CLASS],
    "images": [
        {
            "id": 101,
            "project_id": 101,
            "sha256": hashlib.sha256(PICTURE).hexdigest(),
            "name": "a.png",
            "folder": "line 3",
            "width": 64,
            "height": 48,
            "file_format": "PNG",
            "byte_count": len(PICTURE),
            "orientation": 1,
            "bit_depth": 8,
            "window": None,
            "captured_at": AT,
            "review": "approved",
            "revision": 2,
            "object_count": 1,
            "lowest_score": 0.5,
            "disagreement": None,
            "added_at": AT,
            "added_by": "Ann",
            "deleted_at": None,
        }
    ],
    "prompts": [
        {
            "id": 101,
            "digest": "00ff83ae516d31120a786afa3c6eb0c902a499c17249aa854dc0fba3d6669c75",
            "detector": "gemini",
            "query": "all foreign objects",
            "model": "gemini-2.5-flash",
            "temperature": 0.5,
            "thinking": "off",
            "object_cap": 25,
            "image_side": 1024,
            "tiling": "whole",
            "sketch": None,
        }
    ],
    "belt_regions": [
        {
            "id": 101,
            "project_id": 101,
            "belt": [[[0.0, 0.0], [1.0, 0.0], [1.0, 0.5]]],
            "ignored": [],
            "actor": "Ann",
            "at": AT,
        }
    ],
    "runs": [
        {
            "id": 101,
            "project_id": 101,
            "prompt_id": 101,
            "belt_region_id": 101,
            "actor": "Ann",
            "created_at": AT,
            "cancelled_at": None,
        }
    ],
    "tasks": [
        {
            "id": 101,
            "run_id": 101,
            "image_id": 101,
            "repeat": 2,
            "state": "done",
            "worker": None,
            "lease_until": None,
            "error": None,
            "failure": None,
            "started_at": AT,
            "finished_at": AT,
            "deaths": 0,
        }
    ],
    "replies": [
        {
            "id": 101,
            "task_id": 101,
            "number": 1,
            "request": "aa",
            "raw_sha256": hashlib.sha256(RAW).hexdigest(),
            "dialect": "png",
            "finish_reason": "STOP",
            "model_version": None,
            "prompt_tokens": 1,
            "output_tokens": 2,
            "thinking_tokens": None,
            "latency": 0.5,
            "cost": 0.01,
            "cached": False,
            "readable": True,
            "object_cap": None,
            "region": None,
            "problems": [_PROBLEM],
        }
    ],
    "predictions": [
        {
            **_SHAPE,
            "id": 101,
            "task_id": 101,
            "image_id": 101,
            "number": 1,
            "label": "tin",
            "mask_source": "none",
            "score": 0.5,
        }
    ],
    "annotations": [_OBJECT],
    "operations": [
        {
            "id": "g1",
            "image_id": 101,
            "number": 1,
            "kind": "add",
            "actor": "Ann",
            "at": AT,
            "changes": [{"before": None, "after": {**_OBJECT, "revision": 1}}],
            "review_before": "new",
            "review_after": "in review",
            "detail": {"active_ms": 500},
        },
        {
            "id": "g2",
            "image_id": 101,
            "number": 2,
            "kind": "approve",
            "actor": "Ann",
            "at": AT,
            "changes": [],
            "review_before": "in review",
            "review_after": "approved",
            "detail": {},
        },
    ],
    "class_changes": [
        {
            "id": 101,
            "project_id": 101,
            "kind": "recolour class",
            "actor": "Ann",
            "at": AT,
            "before": [_CLASS],
            "after": [_CLASS],
            "objects": 0,
            "images": 0,
            "undoes": None,
        }
    ],
    "class_moves": [{"change_id": 101, "annotation_id": "o1"}],
    "threads": [
        {
            "id": 101,
            "image_id": 101,
            "number": 1,
            "annotation_id": "o1",
            "x": 4.0,
            "y": 4.0,
            "resolved_at": None,
            "resolved_by": None,
        }
    ],
    "comments": [
        {
            "id": 101,
            "thread_id": 101,
            "kind": "said",
            "actor": "Ann",
            "at": AT,
            "text": "A tin?",
            "deleted_at": None,
            "deleted_by": None,
        }
    ],
    "image_problems": [{"image_id": 101, "kind": "cut_off"}],
    "places": [
        {
            "project_id": 101,
            "actor": "local",
            "image_id": 101,
            "queue": {
                "reviews": [],
                "class": 0,
                "problem": "",
                "proposals": False,
                "order": "added",
            },
            "rank": None,
            "at": AT,
        }
    ],
}


def revisions() -> list[str]:
    """Every revision there has been, the first one first."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    found = ScriptDirectory.from_config(config).walk_revisions()
    return [each.revision for each in found][::-1]


def database_of(revision: str, url: str) -> set[str]:
    """Make a database as it was in a revision, a row in each table; returns the tables' names."""
    database = Database(url)
    database.migrate(revision)
    with database.write() as connection:
        tables = MetaData()
        tables.reflect(connection)
        filled = [each for each in tables.sorted_tables if each.name != "alembic_version"]
        for table in filled:
            rows = [_known(_said_in(revision, row), table) for row in ROWS[table.name]]
            connection.execute(insert(table), rows)
    database.close()
    return {each.name for each in filled}


def _said_in(revision: str, row: Row) -> Row:
    """Problems were sentences before they were codes."""
    if "problems" not in row:
        return row
    text = "the reply ends before its list does"
    coded = {"code": "errors.as_said", "params": {"text": text}}
    said = {"detail": text} if revision < "0009" else coded
    return {**row, "problems": [{**problem, **said} for problem in row["problems"]]}


def _known(row: Row, table: Table) -> Row:
    return {name: value for name, value in row.items() if name in table.c}
