"""Names with NUL and letters nobody sees, on both databases alike."""

from __future__ import annotations

import pytest

from beltmask.classes import class_for
from beltmask.errors import NameTakenError, ReviewError, SettingsError
from beltmask.model import Prompt
from beltmask.settings import load_settings
from beltmask.workflows.class_changes import remember_label, rename_class
from beltmask.workflows.comments import comment_on, reply
from beltmask.workflows.detection import start_run
from beltmask.workflows.images import ImageFilter, add_picture, count_images, gallery
from beltmask.workflows.projects import (
    add_class,
    classes_of,
    create_project,
    list_projects,
    project_named,
)
from beltmask.workflows.services import Services
from tests.beltmask.simple_detectors import spotted_belt

UNSEEN = ["\0", "\u200b", "\u202e", "\x1b", "\ufeff", "\ud800", "\u3164"]


@pytest.mark.parametrize("letter", UNSEEN, ids=ascii)
def test_names_with_letters_nobody_sees_are_kept_without_them(
    letter: str, in_each_database: Services
) -> None:
    services = in_each_database
    project = create_project(f"Be{letter}lt 3", services=services)
    assert project.name == "Belt 3"
    assert project_named(f"b{letter}elt 3", services=services) == project
    bolt = add_class(project.id, f"{letter}bolt", services=services)
    rename_class(bolt, f"nu{letter}t", services=services)
    [_, nut] = classes_of(project.id, services=services)
    assert (nut.name, nut.aliases) == ("nut", ("bolt",))
    remember_label(f"he{letter}x nut", nut, services=services)
    [_, nut] = classes_of(project.id, services=services)
    assert nut.aliases == ("bolt", "hex nut")
    assert class_for(f"HEX {letter}NUT", [nut]) == nut
    added = add_picture(
        f"li{letter}ne/be{letter}lt.png", spotted_belt(1), project_id=project.id, services=services
    )
    assert added.image is not None
    place = f"{added.image.facts.folder}/{added.image.name}"
    assert place.replace("?", "") == "line/belt.png"
    said = comment_on(added.image.id, f"loo{letter}k\nhere", services=services).said[0]
    assert said.text == "look\nhere"
    where = ImageFilter(project.id, name_contains=f"b{letter}" if letter != "\0" else "\0b")
    assert count_images(where, services=services) == 1
    assert len(gallery(where, services=services, after=0, limit=9).images) == 1


@pytest.mark.parametrize("letter", UNSEEN, ids=ascii)
def test_a_name_of_nothing_but_such_letters_is_refused(
    letter: str, in_each_database: Services
) -> None:
    services = in_each_database
    with pytest.raises(NameTakenError, match="a name is needed"):
        create_project(letter * 2, services=services)
    project = create_project("Belt 3", services=services)
    with pytest.raises(NameTakenError, match="a name is needed"):
        add_class(project.id, f" {letter} ", services=services)
    with pytest.raises(NameTakenError, match="is not one character"):
        add_class(project.id, "bolt", services=services, key=letter)
    added = add_picture("a.png", spotted_belt(1), project_id=project.id, services=services)
    assert added.image is not None
    with pytest.raises(ReviewError, match="a comment needs words"):
        comment_on(added.image.id, letter, services=services)
    thread = comment_on(added.image.id, "look", services=services)
    with pytest.raises(ReviewError, match="a comment needs words"):
        reply(thread.id, f"\n{letter}\n", services=services)
    assert [each.name for each in list_projects(services)] == ["Belt 3"]


def test_names_that_differ_by_unicode_s_forms_only_are_the_same(
    in_each_database: Services,
) -> None:
    services = in_each_database
    project = create_project("F\u00f6rderband", services=services)
    with pytest.raises(NameTakenError, match="there is already a project"):
        create_project("fo\u0308rderband", services=services)
    assert project_named("Fo\u0308rderband", services=services) == project
    add_class(project.id, "\u00d6lfass", services=services)
    with pytest.raises(NameTakenError, match="there is already a class"):
        add_class(project.id, "o\u0308lfass", services=services)


@pytest.mark.parametrize("letter", UNSEEN, ids=ascii)
def test_a_question_with_letters_nobody_sees_is_asked_without_them(
    letter: str, in_each_database: Services
) -> None:
    services = in_each_database
    project = create_project("Belt 3", services=services)
    added = add_picture("a.png", spotted_belt(1), project_id=project.id, services=services)
    assert added.image is not None
    run = start_run(Prompt("replay", f"fi{letter}nd\ncans"), [added.image.id], services=services)
    assert run.prompt.query == "find\ncans"


def test_who_works_here_has_a_name_everybody_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELTMASK_ACTOR", " A\u202enn\u200b ")
    assert load_settings().actor == "Ann"
    monkeypatch.setenv("BELTMASK_ACTOR", "\u200b")
    with pytest.raises(SettingsError, match="BELTMASK_ACTOR cannot be used"):
        load_settings()
