"""Every workflow asks whether its actor may: those that only look, too."""

from __future__ import annotations

import importlib
import inspect
import io
import pkgutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from beltmask import workflows
from beltmask.errors import NotAllowedError, NotFoundError
from beltmask.geometry import BeltRegion, Box
from beltmask.model import Actor, Comparison, Contender, Image, Project, TaskState
from beltmask.review import Edit, EditKind, Gesture
from beltmask.store.objects import START, ObjectFilter
from beltmask.store.queue import Spot
from beltmask.workflows import permission
from beltmask.workflows.comments import comment_on
from beltmask.workflows.comparison import ComparisonWish
from beltmask.workflows.decisions import Decision, Target
from beltmask.workflows.export import ExportChoice
from beltmask.workflows.images import ImageFilter
from beltmask.workflows.pictures import Look
from beltmask.workflows.projects import classes_of, list_projects, project_named
from beltmask.workflows.prompt_versions import keep_version, versions_of
from beltmask.workflows.review_queue import ReviewQueue
from beltmask.workflows.services import Services
from tests.beltmask.workflows.test_permission import DONE, OFFLINE

NOW = datetime(2026, 1, 2, tzinfo=UTC)
SETUP = "how the installation is set up"
PART = "a part of workflows that ask"
ASK_NOBODY = {
    "class_changes.keep_change": PART,
    "comparison_plan.checked": PART,
    "costs.budget_left": SETUP,
    "demonstration.demo_project": "made of workflows that ask",
    "demonstration.ensure_demo_project": "made of workflows that ask",
    "detection.raw_text": "words of a reply that somebody was given",
    "detection.resume_runs": "the app itself at its start",
    "detection.trouble_of": "what this process knows, told while the database is away",
    "files.detect_files": "files of this machine",
    "images.told_where_it_stopped": PART,
    "magic.magic_availability": SETUP,
    "magic.magic_problem": SETUP,
    "near_duplicates.scene_groups": PART,
    "previews.is_sound": PART,
    "previews.keep_previews": PART,
    "previews.make_again": PART,
    "projects.list_projects": "shows those that one may see",
    "projects.project_named": "finds those that one may see",
    "prompts.detector_choices": SETUP,
    "prompts.model_asked": SETUP,
    "prompts.model_choice": SETUP,
    "prompts.second_asks": SETUP,
    "prompts.views_of": SETUP,
    "prompts.words_sent": SETUP,
    "pyramids.is_sound": PART,
    "pyramids.keep_pyramid": PART,
    "pyramids.make_again": PART,
}
"""Those that ask nobody, and why."""


def the_workflows() -> Iterator[tuple[str, Callable[..., object]]]:
    """Every public function of a workflow's module that is handed the services."""
    for found in pkgutil.iter_modules(workflows.__path__):
        module = importlib.import_module(f"{workflows.__name__}.{found.name}")
        for name, each in inspect.getmembers(module, inspect.isfunction):
            mine = inspect.unwrap(each).__module__ == module.__name__ and not name.startswith("_")
            if mine and "services" in inspect.signature(each).parameters:
                yield f"{found.name}.{name}", each


WORKFLOWS = dict(the_workflows())


@pytest.fixture
def arguments(
    project: Project, image: Image, services: Services, tmp_path: Path
) -> Mapping[str, object]:
    """What each parameter of a workflow may be, by its name, or by its type where that decides."""
    said = comment_on(image.id, "Look here.", services=services)
    can = classes_of(project.id, services=services)[0]
    box = Box(1, 1, 9, 9)
    magic = Gesture("g", "add", (Edit("g", EditKind.ADD, "o", box=box),))
    with services.store.write() as records:
        run = records.runs.add(project.id, OFFLINE, [image.id], actor=Actor("Ann"))
        task = records.runs.claim(run.id, worker="w", lease=timedelta(hours=1))
        assert task is not None
        records.runs.settle(task, TaskState.FAILED)
        contenders = (Contender("a", OFFLINE), Contender("b", replace(OFFLINE, image_side=512)))
        asked = Comparison(0, project.id, "c", (image.id,), contenders, "a", Actor("Ann"), NOW)
        comparison = records.comparisons.add(asked)
    (tmp_path / "a.png").write_bytes(b"")
    return {
        "after": 0,
        "after: Key": START,
        "alias": "x",
        "before": 0,
        "before: Key": START,
        "belt": None,
        "box": box,
        "change": DONE,
        "changed": can,
        "changed: Mapping[str, Choice]": {},
        "choice": ExportChoice(),
        "clicked": False,
        "color": "#ff0000",
        "comment": said.said[0],
        "comparison_id": comparison.id,
        "contender": contenders[0],
        "data": b"",
        "decision": Decision("d", EditKind.ACCEPT, (Target("o", image.id, 1),)),
        "decision_id": "d",
        "digest": "",
        "drawn": 0,
        "file": a_zip(),
        "findings": (),
        "gestures": [magic],
        "hidden": (),
        "ids": ["o"],
        "image": image,
        "image_id": image.id,
        "image_ids": [image.id],
        "into": replace(can, id=can.id + 1),
        "key": "x",
        "label": "x",
        "limit": 9,
        "look": Look(),
        "meant": can,
        "merged": can,
        "name": "x",
        "names": ["x"],
        "number": 0,
        "object_id": "o",
        "other": "x",
        "other_id": task.id,
        "path": tmp_path / "x.zip",
        "path: str": "a.png",
        "paths": [tmp_path / "a.png"],
        "place": (0, 0, 0),
        "predictions": (),
        "project": project,
        "project_id": project.id,
        "prompt": OFFLINE,
        "queue": ReviewQueue(ImageFilter(project.id)),
        "reason": "x",
        "region": BeltRegion(),
        "reviews": (),
        "run_id": run.id,
        "seen": 0,
        "services": services,
        "sha": image.facts.sha256[:16],
        "shape": "x",
        "size": (9, 9),
        "spot": Spot(image.id, image.id),
        "task_id": task.id,
        "text": "x",
        "thread_id": said.id,
        "undo_id": "u",
        "version": keep_version(project.id, OFFLINE, name="first", services=services),
        "versions": versions_of(project.id, services=services),
        "wanted": None,
        "where": ImageFilter(project.id),
        "where: ObjectFilter": ObjectFilter(project.id),
        "window": (0.0, 1.0),
        "wish": ComparisonWish(project.id, contenders),
    }


def test_nobody_may_look_or_write_where_nothing_is_allowed(
    arguments: Mapping[str, object],
    services: Services,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(permission, "allowed", lambda *_: False)
    offered = services.settings.model_copy(update={"server_folders": (tmp_path,)})
    known = {**arguments, "services": replace(services, settings=offered)}
    let_in = {name: done(name, known) for name in WORKFLOWS.keys() - ASK_NOBODY.keys()}
    assert {name: result for name, result in let_in.items() if result is not None} == {}


def test_what_asks_nobody_is_there_to_ask_nobody() -> None:
    assert ASK_NOBODY.keys() - WORKFLOWS.keys() == set()


def test_projects_that_one_may_not_see_are_not_there(
    project: Project, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(permission, "allowed", lambda _a, _b, of: of != project.id)
    assert project not in list_projects(services)
    with pytest.raises(NotFoundError) as told:
        project_named(project.name, services=services)
    assert project.name not in told.value.hint


def done(name: str, known: Mapping[str, object]) -> object:
    """What a workflow gives; None when it says that this is not allowed."""
    services = known["services"]
    assert isinstance(services, Services)
    try:
        if "records" in inspect.signature(WORKFLOWS[name]).parameters:
            with services.store.write() as records:
                return asked(name, {**known, "records": records})
        return asked(name, known)
    except NotAllowedError:
        return None


def asked(name: str, known: Mapping[str, object]) -> object:
    signature = inspect.signature(WORKFLOWS[name])
    wanted = [each for each in signature.parameters.values() if each.default is each.empty]
    given = {
        each.name: known.get(f"{each.name}: {each.annotation}", known.get(each.name))
        for each in wanted
    }
    result: Any = WORKFLOWS[name](**given)
    if isinstance(result, AbstractContextManager):
        with result as opened:
            return ("opened", opened)
    return list(result) if isinstance(result, Iterator) else ("gave", result)


def a_zip() -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.png", b"")
    return packed
