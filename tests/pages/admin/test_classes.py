"""Classes are renamed, merged and mapped on the Project page, and all of it is undone there."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.masks import mask_from_box
from beltmask.model import Box, Class, Finding, Image, MaskSource, Project
from beltmask.workflows.class_changes import latest_changes, remember_label, rename_class
from beltmask.workflows.projects import add_class, classes_of
from beltmask.workflows.review_state import open_sheet
from beltmask.workflows.services import Services
from beltmask.workflows.task_store import propose
from tests.beltmask.store.builders import PROMPT
from tests.gestures import accept_all, approve
from tests.pages.conftest import at, fresh, texts


@pytest.fixture
def can(project: Project, opened: Services) -> Class:
    return add_class(project.id, "can", services=opened)


@pytest.fixture
def pictures(images: list[Image], can: Class, opened: Services) -> list[Image]:
    """Two pictures with a can and a "soda cans" each; the first one's can is approved."""
    for image, labels in ((images[0], ["can"]), (images[1], ["can", "soda cans"])):
        put_before(image, labels, opened)
    accepted = accept_all(images[0].id, services=opened)
    approve(images[0].id, seen=accepted.image.revision, services=opened)
    return images[:2]


def put_before(image: Image, labels: list[str], services: Services) -> None:
    boxes = [Box(60 * n + 10, 20, 60 * n + 50, 60) for n in range(len(labels))]
    found = [
        Finding(label, box, mask_from_box(box), MaskSource.MODEL)
        for label, box in zip(labels, boxes, strict=True)
    ]
    with services.store.write() as records:
        run = records.runs.add(image.project_id, PROMPT, [image.id], actor=services.actor)
        [task] = records.runs.tasks(run.id, next(iter(records.runs.progress(run.id).counts)))
        kept = records.predictions.add(task.id, image.id, found)
        propose(records, image.id, kept, detail={"run": run.id})


def press(app: AppTest, label: str) -> AppTest:
    [button] = [each for each in app.button if each.label == label]
    return fresh(button.click().run())


def choose(app: AppTest, label: str, value: int) -> AppTest:
    [box] = [each for each in app.selectbox if each.label == label]
    return fresh(box.set_value(value).run())


def names(project: Project, services: Services) -> list[str]:
    return [each.name for each in classes_of(project.id, services=services)]


def test_a_class_is_merged_told_before_and_undone_after(
    app: AppTest, project: Project, can: Class, pictures: list[Image], opened: Services
) -> None:
    [other, _] = classes_of(project.id, services=opened)
    page = choose(at(app, "admin/project"), "Class to change", can.id)
    assert "2 objects in 2 pictures of this class" in texts(page)
    page = choose(page, "Merge into", other.id)
    assert '2 objects in 2 pictures will be "foreign object"' in texts(page)
    assert "1 of the pictures is approved and stays approved" in texts(page)
    page = press(page, "Merge can into foreign object")
    assert names(project, opened) == ["foreign object"]
    assert "empty: can was merged into foreign object" in texts(page)
    assert '"can" merged into "foreign object", 2 objects in 2 pictures' in texts(page)
    page = press(page, "Undo")
    assert classes_of(project.id, services=opened) == [other, can]
    assert [a.class_id for a in open_sheet(pictures[0].id, services=opened).annotations] == [can.id]
    assert [each for each in page.button if each.label == "Undo"] == []


def test_a_class_is_renamed_and_loses_an_alias(
    app: AppTest, project: Project, can: Class, opened: Services
) -> None:
    page = choose(at(app, "admin/project"), "Class to change", can.id)
    page.text_input(key=f"project.name_of/{can.id}/can").set_value("tin")
    page = press(page, "Rename")
    assert names(project, opened) == ["foreign object", "tin"]
    page = press(page, "Take the alias away")
    assert classes_of(project.id, services=opened)[1].aliases == ()
    assert '"can" no longer means "tin"' in texts(page)


def test_a_change_was_made_at_the_time_of_the_person_s_clock(
    app: AppTest, can: Class, opened: Services
) -> None:
    rename_class(can, "tin", services=opened)
    [change] = latest_changes(can.project_id, services=opened)
    app.context["timezone"] = "Asia/Kathmandu"
    there = f"{change.at.astimezone(ZoneInfo('Asia/Kathmandu')):%H:%M}"
    assert f'{there}, {opened.actor.name}: "can" renamed' in texts(at(app, "admin/project"))


def test_a_name_that_is_taken_is_refused_in_a_sentence(
    app: AppTest, project: Project, can: Class, opened: Services
) -> None:
    page = choose(at(app, "admin/project"), "Class to change", can.id)
    page.text_input(key=f"project.name_of/{can.id}/can").set_value("Foreign Object")
    assert "there is already a class" in texts(press(page, "Rename"))
    assert names(project, opened) == ["foreign object", "can"]


def test_a_label_is_mapped_to_the_class_it_resembles_for_all_pictures(
    app: AppTest, project: Project, can: Class, pictures: list[Image], opened: Services
) -> None:
    page = at(app, "admin/project")
    assert '"soda cans": 1 object in 1 picture' in texts(page)
    [means] = [each for each in page.selectbox if each.label == "It means"]
    assert means.options == [
        'can (shares words with "can")',
        'a new class "soda cans"',
        "foreign object",
    ]
    page = press(page, "Remember")
    assert classes_of(project.id, services=opened)[1].aliases == ("soda cans",)
    assert open_sheet(pictures[1].id, services=opened).unclassed == ()
    assert "Every label in pictures under review has a class." in texts(page)


def test_a_label_becomes_a_class_of_its_own(
    app: AppTest, project: Project, can: Class, pictures: list[Image], opened: Services
) -> None:
    page = at(app, "admin/project")
    [means] = [each for each in page.selectbox if each.label == "It means"]
    means.set_value(0)
    press(page, "Remember")
    assert names(project, opened) == ["foreign object", "can", "soda cans"]
    assert open_sheet(pictures[1].id, services=opened).unclassed == ()


def test_what_cannot_be_undone_any_more_is_texts(
    app: AppTest, project: Project, can: Class, opened: Services
) -> None:
    page = choose(at(app, "admin/project"), "Class to change", can.id)
    page.text_input(key=f"project.name_of/{can.id}/can").set_value("tin")
    page = press(page, "Rename")
    page.text_input(key=f"project.name_of/{can.id}/tin").set_value("Dose")
    page = press(page, "Rename")
    [_, first] = [each for each in page.button if each.label == "Undo"]
    assert "has been changed since" in texts(fresh(first.click().run()))
    remember_label("Blech", can, services=opened)
    assert names(project, opened) == ["foreign object", "Dose"]


def test_keys_are_numbered(app: AppTest, project: Project, can: Class, opened: Services) -> None:
    press(at(app, "admin/project"), "Number the keys")
    assert [each.key for each in classes_of(project.id, services=opened)] == ["1", "2"]
