"""Old replies read again by a parser that has learned."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from beltmask.cli import main
from beltmask.detectors.replies import boxes
from beltmask.detectors.replies.boxes import BOX_KEYS
from beltmask.model import Image, Project, Prompt, TaskState
from beltmask.store.blobs import Shelf
from beltmask.store.records import Records
from beltmask.workflows.detection import raw_text, result_of, running_run
from beltmask.workflows.images import add_picture, find_image
from beltmask.workflows.projects import create_project
from beltmask.workflows.reparse import Difference, apply_rereading, reread_project
from beltmask.workflows.review_state import open_sheet
from beltmask.workflows.rollback import history_of, restore
from beltmask.workflows.services import Services
from tests.gestures import accept_all

REPLAY = Prompt("replay", "anything")
TEXT = json.dumps(
    [
        {"box_2d": [100, 100, 300, 300], "label": "bolt"},
        {"bounds": [500, 500, 900, 900], "box_2d": None, "label": "nut"},
    ]
)
"""Its second box has a name the parser does not know yet."""


def detect(image: Image, services: Services) -> None:
    with services.store.write() as records:
        run = records.runs.add(image.project_id, REPLAY, [image.id], actor=services.actor)
    while services.runner.answer_next(run.id):
        pass


@pytest.fixture
def asked(image: Image, services: Services, replay_folder: Path) -> Image:
    (replay_folder / "belt-1.json").write_text(TEXT)
    detect(image, services)
    return image


@pytest.fixture
def learn(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The parser learns another name of the box."""

    def learned() -> None:
        monkeypatch.setattr(boxes, "BOX_KEYS", ("bounds", *BOX_KEYS))

    return learned


def reread(project: Project, services: Services, **choice: Any) -> list[Difference]:
    return list(reread_project(project.id, services=services, **choice))


@pytest.mark.parametrize("shelf", ["originals", "replies"])
def test_bytes_lost_of_one_picture_do_not_stop_others_from_being_read_again(
    shelf: str,
    asked: Image,
    other_image: int,
    replay_folder: Path,
    learn: Callable[[], None],
    services: Services,
) -> None:
    (replay_folder / "belt-2.json").write_text(TEXT + " ")
    detect(find_image(other_image, services=services), services)
    result = result_of(asked.id, services=services)
    assert result is not None
    lost = {"originals": asked.facts.sha256, "replies": result.replies[0].raw_sha256}[shelf]
    (services.settings.data / "store" / shelf / lost[:2] / lost[2:]).unlink()
    learn()
    first, second = reread_project(asked.project_id, services=services, apply=True)
    assert (first.image.id, first.anything) == (asked.id, False)
    assert first.note.startswith("left alone: ")
    assert second.gained == 1


def test_a_parser_that_has_learned_nothing_changes_nothing(
    asked: Image, project: Project, services: Services
) -> None:
    (difference,) = reread(project, services, apply=True)
    assert not difference.anything
    assert "nothing would change" in difference.sentence
    result = result_of(asked.id, services=services)
    assert result is not None
    assert result.task.run_id == 1


def test_what_a_better_parser_would_change_is_told_and_nothing_is_done(
    asked: Image, project: Project, services: Services, learn: Callable[[], None]
) -> None:
    before = result_of(asked.id, services=services)
    learn()
    (difference,) = reread(project, services)
    assert (difference.gained, difference.lost, difference.changed) == (1, 0, 0)
    assert "box_missing" in difference.gone
    assert "1 object gained" in difference.sentence
    after = result_of(asked.id, services=services)
    assert before is not None
    assert after is not None
    assert after.task == before.task
    assert len(open_sheet(asked.id, services=services).annotations) == 1


def test_applied_it_is_a_new_run_over_the_same_raw_reply(
    asked: Image, project: Project, services: Services, learn: Callable[[], None]
) -> None:
    old = result_of(asked.id, services=services)
    learn()
    reread(project, services, apply=True)
    new = result_of(asked.id, services=services)
    assert old is not None
    assert new is not None
    assert (new.task.state, new.prompt) == (TaskState.DONE, REPLAY)
    assert new.task.run_id != old.task.run_id
    assert [p.finding.label for p in new.predictions] == ["bolt", "nut"]
    assert raw_text(new.replies[0], services=services) == TEXT
    assert new.replies[0].reply.cached
    with services.store.read() as records:
        assert len(records.predictions.of_task(old.task.id)) == 1
    assert running_run(project.id, services=services) == 0
    assert [a.label for a in open_sheet(asked.id, services=services).annotations] == ["bolt", "nut"]
    assert not reread(project, services)[0].anything
    sheet, asking = open_sheet(asked.id, services=services), history_of(asked.id, services=services)
    first = asking[-1].entry.number
    restore(asked.id, first, seen=sheet.image.revision, services=services)
    assert [a.label for a in open_sheet(asked.id, services=services).annotations] == ["bolt"]


def test_what_a_person_has_settled_is_left_alone(
    asked: Image, project: Project, services: Services, learn: Callable[[], None]
) -> None:
    accept_all(asked.id, services=services)
    (mine,) = open_sheet(asked.id, services=services).annotations
    learn()
    reread(project, services, apply=True)
    now = {a.id: a for a in open_sheet(asked.id, services=services).annotations}
    assert len(now) == 2
    assert (now[mine.id].state, now[mine.id].mask, now[mine.id].box) == (
        mine.state,
        mine.mask,
        mine.box,
    )


def test_an_image_asked_again_meanwhile_is_left_alone(
    asked: Image,
    project: Project,
    services: Services,
    learn: Callable[[], None],
    replay_folder: Path,
) -> None:
    learn()
    for _ in apply_rereading([asked.id], services=services):
        (replay_folder / "belt-1.json").write_text('[{"box_2d": [0, 0, 90, 90], "label": "x"}]')
        detect(asked, services)
    result = result_of(asked.id, services=services)
    assert result is not None
    assert [p.finding.label for p in result.predictions] == ["x"]


def test_pictures_of_two_projects_are_read_again_each_in_its_own(
    asked: Image, services: Services, learn: Callable[[], None]
) -> None:
    other = create_project("Belt 9", services=services)
    data = services.store.blobs.get(Shelf.ORIGINALS, asked.facts.sha256)
    twin = add_picture(asked.name, data, project_id=other.id, services=services).image
    assert twin is not None
    detect(twin, services)
    learn()
    told = list(apply_rereading([asked.id, twin.id], services=services))
    assert [each.gained for each in told] == [1, 1]
    for image in (asked, twin):
        result = result_of(image.id, services=services)
        assert result is not None
        assert [p.finding.label for p in result.predictions] == ["bolt", "nut"]
        with services.store.read() as records:
            assert records.runs.get(result.task.run_id).project_id == image.project_id


def test_a_reply_nobody_could_read_may_be_read_now(
    image: Image,
    project: Project,
    services: Services,
    learn: Callable[[], None],
    replay_folder: Path,
) -> None:
    (replay_folder / "belt-1.txt").write_text("Nothing but prose.")
    detect(image, services)
    assert [d.note for d in reread(project, services)] == ["still unreadable"]


def test_of_several_replies_about_a_picture_the_best_one_counts(
    asked: Image, project: Project, services: Services, learn: Callable[[], None]
) -> None:
    result = result_of(asked.id, services=services)
    assert result is not None
    with services.store.write() as records:
        _add_again(records, result.task.id, result.replies[0])
    learn()
    (difference,) = reread(project, services, apply=True)
    assert "1 object gained" in difference.sentence
    result = result_of(asked.id, services=services)
    assert result is not None
    assert [p.finding.label for p in result.predictions] == ["bolt", "nut"]
    assert len(result.replies) == 2


def _add_again(records: Records, task_id: int, kept: Any) -> None:
    records.replies.add(task_id, kept, number=2)


def test_the_offline_detector_wrote_no_reply_to_read(
    image: Image, project: Project, services: Services
) -> None:
    with services.store.write() as records:
        run = records.runs.add(project.id, Prompt("offline", ""), [image.id], actor=services.actor)
    while services.runner.answer_next(run.id):
        pass
    assert reread(project, services) == []


def test_the_command_tells_and_then_does_it(
    asked: Image,
    project: Project,
    services: Services,
    learn: Callable[[], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    learn()
    assert main(["reread", "--project", project.name]) == 0
    told = capsys.readouterr().out
    assert told.splitlines()[0].startswith("belt-1.png: 1 object gained")
    assert told.splitlines()[-1] == "1 reply read again, 1 would change"
    assert main(["reread", "--project", project.name, "--apply"]) == 0
    assert "1 changed" in capsys.readouterr().out
    assert len(open_sheet(asked.id, services=services).annotations) == 2
