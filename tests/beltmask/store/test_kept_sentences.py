"""Sentences that were kept before there were codes are shown as they were said."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import MetaData, insert

from beltmask.errors import BeltMaskError, OpenProposalsError, StaleRevisionError
from beltmask.model import TaskState
from beltmask.review import Gesture
from beltmask.settings import load_settings
from beltmask.store.database import Database
from beltmask.workflows.detection import failures_of
from beltmask.workflows.gestures import apply_gestures
from beltmask.workflows.services import Services
from tests.beltmask.store.old_rows import database_of

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FAILED = "tile 3 of 4: 503: {overloaded}. Wait a minute and detect again, or choose another model."
KEPT = "Your shape is kept as object 3: accept it or delete it, and settle theirs."
RELOAD = "Reload to see their version, then make your change again."
TASK = {"run_id": 101, "image_id": 101, "deaths": 0, "state": "failed", "finished_at": AT}
OPERATION = {"image_id": 101, "actor": "Ann", "at": AT, "changes": [], "review_before": "new"}
REPLY = {
    "number": 2,
    "request": "bb",
    "raw_sha256": "cd" * 32,
    "dialect": "none",
    "latency": 0.5,
    "problems": [
        {"kind": "loop", "detail": 'said "nut" 40 times', "object": None, "span": [3, 9]},
        {"kind": "mask_missing", "detail": "the model left it out", "object": 2, "span": None},
    ],
}


def refused(name: str, number: int, kind: str, detail: dict[str, Any]) -> dict[str, Any]:
    return {
        **OPERATION,
        "review_after": "new",
        "id": name,
        "number": number,
        "kind": kind,
        "detail": detail,
    }


REFUSED = [
    refused("r1", 11, "refused", {"refused": "somebody else deleted this object"}),
    refused(
        "r2",
        12,
        "keep apart",
        {
            "error": "StaleRevisionError",
            "refused": "somebody else changed this object",
            "hint": KEPT,
            "objects": ["o1"],
            "apart": {"o1": "o2"},
        },
    ),
    refused(
        "r3",
        13,
        "refused",
        {"error": "OpenProposalsError", "refused": "2 proposed objects left", "hint": "Go on."},
    ),
    refused("r4", 14, "keep apart", {"apart": {}}),
]


def filled_before_codes(url: str) -> None:
    database_of("0008", url)
    database = Database(url)
    with database.write() as connection:
        tables = MetaData()
        tables.reflect(connection)
        tasks = [
            {**TASK, "id": 1000 + n, "repeat": 10 + n, "error": f"{n}: {FAILED}"}
            for n in range(1201)
        ]
        connection.execute(insert(tables.tables["tasks"]), tasks)
        replies = [{**REPLY, "id": 1000 + n, "task_id": 1000 + n} for n in range(1201)]
        connection.execute(insert(tables.tables["replies"]), replies)
        connection.execute(insert(tables.tables["operations"]), REFUSED)
    database.close()


def test_what_was_said_before_there_were_codes_is_said_still(
    database_url: str, tmp_path: Path
) -> None:
    filled_before_codes(database_url)
    settings = load_settings().model_copy(update={"database_url": SecretStr(database_url)})
    services = Services.open(settings.model_copy(update={"data": tmp_path}))
    try:
        failed = failures_of(101, services=services)
        assert [str(task.error) for task in failed] == [f"{n}: {FAILED}" for n in range(100)]
        with services.store.read() as records:
            every = records.runs.tasks(101, TaskState.FAILED, limit=None)
            assert str(every[-1].error) == f"1200: {FAILED}"
            [done] = records.runs.tasks(101, TaskState.DONE)
            [kept] = records.replies.of_task(2200)
        assert done.error is None
        assert [(p.kind, p.detail, p.object, p.span) for p in kept.problems] == [
            ("loop", 'said "nut" 40 times', None, (3, 9)),
            ("mask_missing", "the model left it out", 2, None),
        ]
        check_refusals(services)
    finally:
        services.close()


def check_refusals(services: Services) -> None:
    """A browser that tells its gestures once more is answered as it was the first time."""
    gestures = [Gesture(each["id"], "reshape", (), 1) for each in REFUSED]
    told = apply_gestures(101, gestures, services=services)
    assert [told[each["id"]].explanation for each in REFUSED] == [
        f"somebody else deleted this object. {RELOAD}",
        f"somebody else changed this object. {KEPT}",
        "2 proposed objects left. Go on.",
        f"somebody else changed this object. {RELOAD}",
    ]
    assert [type(each) for each in told.values()] == [
        StaleRevisionError,
        StaleRevisionError,
        OpenProposalsError,
        StaleRevisionError,
    ]
    assert objects_of(told["r2"]) == ("o1",)


def objects_of(error: BeltMaskError) -> tuple[str, ...]:
    assert isinstance(error, StaleRevisionError)
    return error.objects
