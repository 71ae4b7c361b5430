"""The bar above a picture: its place in the queue, the way on, where one left off."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.model import Image, ReviewState
from beltmask.workflows.comments import comment_on
from beltmask.workflows.images import find_image
from beltmask.workflows.review_state import open_sheet
from beltmask.workflows.services import Services
from tests.gestures import accept_all, approve
from tests.pages.conftest import APP, SECONDS, at, fresh, press, texts
from tests.pages.label.test_review import propose


@pytest.fixture
def page(images: list[Image], app: AppTest) -> AppTest:
    assert len(images) == 3
    return at(app, "label/review")


def visit(query: dict[str, str | list[str]]) -> AppTest:
    """Somebody who comes to the Review page by a link."""
    app = AppTest.from_file(str(APP), default_timeout=SECONDS)
    for name, value in query.items():
        app.query_params[name] = value
    return at(app.run(), "label/review")


def shown(page: AppTest) -> str:
    return str(page.query_params["image"][0])


def link(image: Image, **others: str | list[str]) -> dict[str, str | list[str]]:
    return {"project": "Line 3", "image": str(image.id), **others}


def test_the_queue_counts_and_leads_on(page: AppTest, images: list[Image]) -> None:
    assert "1 of 3 · every picture, by date added" in texts(page)
    page = press(press(page, "queue.Next"), "queue.Next")
    assert "3 of 3" in texts(page)
    assert shown(page) == str(images[2].id)
    assert page.button(key="queue.Next").disabled
    assert shown(press(page, "queue.Previous")) == str(images[1].id)


def test_a_link_carries_the_queue(images: list[Image], opened: Services) -> None:
    propose(images[0], ["foreign object"], opened)
    propose(images[2], ["foreign object"], opened)
    page = visit(
        link(
            images[0],
            queue_state="predicted",
            queue_class="foreign object",
            queue_open="true",
            queue_order="capture date",
        )
    )
    said = texts(page)
    assert "1 of 2 · predicted, foreign object, open proposals, by capture date" in said
    assert shown(press(page, "queue.Next")) == str(images[2].id)


def test_a_link_with_a_class_that_is_gone_shows_every_picture(images: list[Image]) -> None:
    page = visit(link(images[0], queue_class="a class of old", queue_problem="moonlight"))
    assert "1 of 3 · every picture" in texts(page)


def test_an_approved_picture_leaves_the_queue_and_next_goes_on_from_its_place(
    images: list[Image], opened: Services
) -> None:
    for image in images:
        propose(image, ["foreign object"], opened)
    page = visit(link(images[1], queue_state="predicted"))
    assert "2 of 3" in texts(page)
    approve_behind(images[1], opened)
    page = fresh(page.run())
    assert "Not in this queue any more: 1 before, 1 after" in texts(page)
    assert shown(press(page, "queue.Next")) == str(images[2].id)


def test_the_end_of_the_queue_leads_back_to_what_is_left(
    images: list[Image], opened: Services
) -> None:
    for image in images[:2]:
        propose(image, ["foreign object"], opened)
    page = visit(link(images[1], queue_state="predicted"))
    approve_behind(images[1], opened)
    page = fresh(page.run())
    assert "The end of this queue" in texts(page)
    [first] = [each for each in page.button if each.label == "Go to its first picture"]
    page = fresh(first.click().run())
    assert shown(page) == str(images[0].id)
    assert "1 of 1" in texts(page)


def test_an_empty_queue_says_what_to_do_next(images: list[Image], opened: Services) -> None:
    propose(images[0], ["foreign object"], opened)
    page = visit(link(images[0], queue_state="predicted"))
    approve_behind(images[0], opened)
    page = fresh(page.run())
    assert "No picture is left in this queue." in texts(page)
    [every] = [each for each in page.button if each.label == "Show every picture"]
    page = fresh(every.click().run())
    assert "1 of 3 · every picture" in texts(page)
    assert "queue_state" not in page.query_params


def test_a_new_visit_is_offered_to_continue_where_it_was(
    images: list[Image], opened: Services
) -> None:
    propose(images[1], ["foreign object"], opened)
    visit(link(images[1], queue_state="predicted", queue_order="lowest score"))
    page = visit({"project": "Line 3"})
    assert shown(page) == str(images[0].id)
    [offer] = [each for each in page.get("page_link") if "Continue" in each.proto.label]
    assert offer.proto.label == f"Continue where you were: {images[1].name}"
    for part in (f"image={images[1].id}", "queue_state=predicted", "queue_order=lowest+score"):
        assert part in offer.proto.query_string
    again = visit({"project": "Line 3"})
    assert [each for each in again.get("page_link") if "Continue" in each.proto.label]


def test_whoever_comes_by_a_link_is_not_offered_another_picture(images: list[Image]) -> None:
    visit(link(images[1]))
    page = visit(link(images[2]))
    assert not [each for each in page.get("page_link") if "Continue" in each.proto.label]
    page = visit({"project": "Line 3"})
    [offer] = [each for each in page.get("page_link") if "Continue" in each.proto.label]
    assert images[2].name in offer.proto.label


def test_a_look_at_detect_does_not_move_where_one_was(images: list[Image]) -> None:
    page = visit(link(images[1]))
    page = at(page, "label/detect")
    page = press(page, "queue.Next")
    assert shown(page) == str(images[2].id)
    [offer] = [
        each for each in visit({"project": "Line 3"}).get("page_link") if "Cont" in each.proto.label
    ]
    assert images[1].name in offer.proto.label


def test_the_newest_step_counts_where_one_person_has_two_windows(images: list[Image]) -> None:
    first, _ = visit(link(images[0])), visit(link(images[2]))
    fresh(first.run())
    page = visit({"project": "Line 3"})
    [offer] = [each for each in page.get("page_link") if "Continue" in each.proto.label]
    assert images[2].name in offer.proto.label


def test_the_queue_of_open_comments(images: list[Image], opened: Services) -> None:
    comment_on(images[1].id, "Is this one?", services=opened)
    page = visit(link(images[1], queue_comments="true"))
    assert "1 of 1 · open comments" in texts(page)


def test_what_a_colleague_approves_is_passed_over(
    page: AppTest, images: list[Image], opened: Services
) -> None:
    propose(images[1], ["foreign object"], opened)
    page.pills(key="queue_state").set_value(["new"]).run()
    accept_all(images[1].id, services=opened)
    seen = open_sheet(images[1].id, services=opened).image.revision
    approve(images[1].id, seen=seen, services=opened)
    assert find_image(images[1].id, services=opened).review is ReviewState.APPROVED
    assert shown(press(page, "queue.Next")) == str(images[2].id)


def approve_behind(image: Image, opened: Services) -> None:
    """Approve a picture with all that was proposed, as the canvas does."""
    sheet = accept_all(image.id, services=opened)
    approve(image.id, seen=sheet.image.revision, services=opened)
