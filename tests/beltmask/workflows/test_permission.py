"""Every write asks whether its actor may do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from beltmask.errors import NotAllowedError
from beltmask.model import Actor, Class, Image, Project, Prompt, TaskState
from beltmask.review import Gesture
from beltmask.workflows import (
    class_changes,
    class_merges,
    comments,
    detection,
    export,
    gestures,
    image_review,
    images,
    permission,
    projects,
    prompt_versions,
    reparse,
    rollback,
)
from beltmask.workflows.class_changes import ClassChange, ClassChangeKind
from beltmask.workflows.permission import Action, allowed
from beltmask.workflows.services import Services

Writes = Callable[[Project, Image, Services], object]
CAN, TIN = Class(1, 1, 0, "can", "#ff0000"), Class(2, 1, 1, "tin", "#00ff00")
KEY, AT = ClassChangeKind.KEY, datetime(2026, 1, 2, tzinfo=UTC)
DONE = ClassChange(1, 1, KEY, Actor("Ann"), AT, (CAN,), (CAN,), 0, 0, None, undone=False)
OFFLINE = Prompt("offline", "x")


def a_run(image: Image, services: Services) -> int:
    """One of which a picture failed."""
    with services.store.write() as records:
        run = records.runs.add(image.project_id, OFFLINE, [image.id], actor=Actor("Ann"))
        task = records.runs.claim(run.id, worker="w", lease=timedelta(hours=1))
        assert task is not None
        records.runs.settle(task, TaskState.FAILED)
    return run.id


def test_the_local_person_may_do_everything() -> None:
    assert all(allowed(Actor("local"), action, 1) for action in Action)


@pytest.mark.parametrize(
    ("action", "write"),
    [
        (Action.CREATE_PROJECT, lambda p, i, s: projects.create_project("x", services=s)),
        (Action.CHANGE_CLASSES, lambda p, i, s: projects.add_class(p.id, "x", services=s)),
        (Action.CHANGE_CLASSES, lambda p, i, s: class_changes.change_class(CAN, services=s)),
        (Action.CHANGE_CLASSES, lambda p, i, s: class_changes.remember_label("x", CAN, services=s)),
        (Action.REVIEW, lambda p, i, s: class_changes.remember_label("x", CAN, services=s)),
        (Action.CHANGE_CLASSES, lambda p, i, s: class_changes.rename_class(CAN, "x", services=s)),
        (Action.CHANGE_CLASSES, lambda p, i, s: class_changes.give_key(CAN, "x", services=s)),
        (Action.CHANGE_CLASSES, lambda p, i, s: class_changes.number_keys(p.id, services=s)),
        (Action.CHANGE_CLASSES, lambda p, i, s: class_changes.forget_alias("x", CAN, services=s)),
        (Action.CHANGE_CLASSES, lambda p, i, s: class_merges.merge_class(CAN, TIN, services=s)),
        (Action.REVIEW, lambda p, i, s: class_merges.merge_class(CAN, TIN, services=s)),
        (Action.CHANGE_CLASSES, lambda p, i, s: class_merges.undo_class_change(DONE, services=s)),
        (Action.REVIEW, lambda p, i, s: class_merges.undo_class_change(DONE, services=s)),
        (
            Action.CHANGE_PROMPTS,
            lambda p, i, s: prompt_versions.keep_version(p.id, OFFLINE, name="x", services=s),
        ),
        (Action.CHANGE_PROMPTS, lambda p, i, s: prompt_versions.use_no_version(p.id, services=s)),
        (
            Action.ADD_IMAGES,
            lambda p, i, s: images.add_picture("x", b"", project_id=p.id, services=s),
        ),
        (
            Action.DELETE_IMAGES,
            lambda p, i, s: images.move_to_trash([i.id], project_id=p.id, services=s),
        ),
        (Action.DELETE_IMAGES, lambda p, i, s: images.restore([i.id], project_id=p.id, services=s)),
        (
            Action.DETECT,
            lambda p, i, s: detection.start_run(OFFLINE, [i.id], services=s),
        ),
        (Action.DETECT, lambda p, i, s: detection.cancel_run(a_run(i, s), services=s)),
        (Action.DETECT, lambda p, i, s: detection.try_again(a_run(i, s), services=s)),
        (Action.DETECT, lambda p, i, s: list(reparse.apply_rereading([i.id], services=s))),
        (
            Action.REVIEW,
            lambda p, i, s: image_review.reject_image(i.id, seen=0, reason="x", services=s),
        ),
        (Action.REVIEW, lambda p, i, s: image_review.reopen(i.id, seen=0, services=s)),
        (Action.REVIEW, lambda p, i, s: gestures.apply_gestures(i.id, [], services=s)),
        (
            Action.REVIEW,
            lambda p, i, s: gestures.apply_gestures(i.id, [Gesture("g", "undo")], services=s),
        ),
        (Action.REVIEW, lambda p, i, s: rollback.restore(i.id, 0, seen=0, services=s)),
        (Action.SEE_IMAGES, lambda p, i, s: rollback.history_of(i.id, services=s)),
        (Action.COMMENT, lambda p, i, s: comments.comment_on(i.id, "x", services=s)),
        (Action.REVIEW, lambda p, i, s: image_review.give_class(i.id, "x", CAN, services=s)),
        (
            Action.EXPORT,
            lambda p, i, s: export.export_dataset(
                p, export.ExportChoice(), path=Path("/nowhere/x.zip"), services=s
            ),
        ),
    ],
)
def test_what_is_not_allowed_is_not_done(
    action: Action,
    write: Writes,
    project: Project,
    image: Image,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def only_this_is_forbidden(_actor: Actor, wanted: Action, _project: int | None) -> bool:
        return wanted is not action

    monkeypatch.setattr(permission, "allowed", only_this_is_forbidden)
    with pytest.raises(NotAllowedError, match=f"local may not {action}"):
        write(project, image, services)
    monkeypatch.undo()
    assert images.find_image(image.id, services=services) == image
