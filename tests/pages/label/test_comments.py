"""Comments under the canvas, and their number in the gallery."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.masks import mask_from_box
from beltmask.model import Actor, Box, Image
from beltmask.review import Edit, EditKind
from beltmask.workflows.comments import comment_on, reply, resolve, threads_of
from beltmask.workflows.history import new_id
from beltmask.workflows.review_state import ReviewSheet, open_sheet
from beltmask.workflows.services import Services
from tests.gestures import apply_edits
from tests.pages.conftest import at, fresh, texts


@pytest.fixture
def sheet(images: list[Image], opened: Services) -> ReviewSheet:
    """The first picture with one object."""
    [first] = open_sheet(images[0].id, services=opened).classes
    shape = mask_from_box(Box(10, 20, 60, 50))
    drawn = Edit(new_id(), EditKind.ADD, new_id(), mask=shape, to_class=first)
    return apply_edits(images[0].id, [drawn], services=opened)


@pytest.fixture
def page(sheet: ReviewSheet, app: AppTest) -> AppTest:
    return at(app, "label/review")


def press(app: AppTest, name: str) -> AppTest:
    [button] = [each for each in app.button if each.label == name]
    return fresh(button.click().run())


def say(page: AppTest, sheet: ReviewSheet, text: str) -> AppTest:
    page.text_area(key=f"comments.text/{sheet.image.id}").set_value(text)
    return press(page, "Comment")


def words(app: AppTest) -> list[str]:
    return [str(each.value) for each in app.text]


def titles(app: AppTest) -> list[str]:
    return [each.label for each in app.expander]


def test_a_comment_is_made_on_an_object(
    page: AppTest, sheet: ReviewSheet, opened: Services
) -> None:
    [about] = [each for each in page.selectbox if each.label == "A comment on"]
    assert about.options == ["the whole picture", "object 1: foreign object"]
    about.set_value(sheet.annotations[0].id)
    page = say(page, sheet, "Is **this** a can?")
    [thread] = threads_of(sheet.image.id, services=opened)
    assert (thread.annotation_id, thread.spot) == (sheet.annotations[0].id, (35.0, 35.0))
    assert "Is **this** a can?" in words(page)
    assert "on object 1: foreign object" in texts(page)
    assert "Comments: 1 open" in titles(page)


def test_a_thread_is_answered_resolved_shown_again_and_reopened(
    page: AppTest, sheet: ReviewSheet, opened: Services
) -> None:
    page = say(page, sheet, "Look here.")
    [thread] = threads_of(sheet.image.id, services=opened)
    page.text_input(key=f"comments.answer/{thread.id}").set_value("Where?")
    page = press(page, "Reply")
    assert {"Look here.", "Where?"} <= set(words(page))
    page = press(page, "Resolve thread 1")
    assert "Look here." not in words(page)
    assert "Comments: 0 open" in titles(page)
    page = fresh(page.toggle(key=f"comments.all/{sheet.image.id}").set_value(True).run())
    assert "Where?" in words(page)
    page = press(page, "Reopen thread 1")
    assert not threads_of(sheet.image.id, services=opened)[0].resolved


def test_a_comment_was_made_at_the_time_of_the_person_s_clock(
    sheet: ReviewSheet, app: AppTest, opened: Services
) -> None:
    [comment] = comment_on(sheet.image.id, "Look here.", services=opened).comments
    app.context["timezone"] = "Asia/Kathmandu"
    there = f"{comment.at.astimezone(ZoneInfo('Asia/Kathmandu')):%H:%M}"
    [told] = [line for line in words(at(app, "label/review")) if opened.actor.name in line]
    assert told.endswith(there)


def test_a_comment_without_words_is_refused_in_a_sentence(
    page: AppTest, sheet: ReviewSheet
) -> None:
    assert "a comment needs words" in texts(say(page, sheet, "  "))


def test_one_takes_back_only_what_one_said_oneself(
    sheet: ReviewSheet, app: AppTest, opened: Services
) -> None:
    bob = replace(opened, actor=Actor("Bob"))
    thread = comment_on(sheet.image.id, "Theirs.", services=bob)
    reply(thread.id, "Mine.", services=opened)
    page = press(at(app, "label/review"), "Take back")
    assert "Theirs." in words(page)
    assert "Mine." not in words(page)
    assert [each for each in page.button if each.label == "Take back"] == []


def test_a_thread_a_colleague_has_resolved_meanwhile_is_not_reopened_by_resolving_it(
    page: AppTest, sheet: ReviewSheet, opened: Services
) -> None:
    page = say(page, sheet, "Look here.")
    [thread] = threads_of(sheet.image.id, services=opened)
    resolve(thread.id, services=opened)
    press(page, "Resolve thread 1")
    assert threads_of(sheet.image.id, services=opened)[0].resolved


def test_the_gallery_counts_open_threads_and_finds_their_pictures(
    images: list[Image], app: AppTest, opened: Services
) -> None:
    comment_on(images[1].id, "a", services=opened)
    comment_on(images[1].id, "b", services=opened)
    resolve(comment_on(images[2].id, "c", services=opened).id, services=opened)
    gallery = at(app, "label/images")
    assert [each.value for each in gallery.markdown if "comment" in str(each.value)] == [
        ":orange-badge[:material/comment: 2]"
    ]
    gallery.toggle(key="comments").set_value(True).run()
    assert "1–1 of 1" in texts(fresh(gallery))


def test_a_place_pointed_at_is_asked_about_once(
    sheet: ReviewSheet, opened: Services, app: AppTest
) -> None:
    app.session_state["comments.place"] = (sheet.image.id, 5.0, 6.0, "")
    page = at(app, "label/review")
    subjects = [each.value for each in page.selectbox if each.label == "A comment on"]
    assert subjects == ["", "spot"]
    page.text_area(key=f"comments.text/{sheet.image.id}/spot").set_value("A scratch")
    [_, button] = [each for each in page.button if each.label == "Comment"]
    page = fresh(button.click().run())
    [thread] = threads_of(sheet.image.id, services=opened)
    assert thread.spot == (5.0, 6.0)
    assert len([each for each in page.selectbox if each.label == "A comment on"]) == 1


def test_a_place_pointed_at_is_forgotten_once_another_picture_is_open(
    images: list[Image], app: AppTest
) -> None:
    app.session_state["comments.place"] = (images[1].id, 5.0, 6.0, "")
    page = at(app, "label/review")
    page = fresh(page.button(key="queue.Next").click().run())
    assert len([each for each in page.selectbox if each.label == "A comment on"]) == 1
