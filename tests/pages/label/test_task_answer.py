"""The answer about the picture on show, while it comes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from typing import cast

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.detectors.base import Detector, ObjectFound, RequestSent, TryFailed
from beltmask.errors import DetectorBusyError
from beltmask.masks import mask_from_box
from beltmask.messages import as_said
from beltmask.model import Box, Finding, Image, MaskSource, Prompt
from beltmask.workflows.services import Services
from tests.beltmask.simple_detectors import Stepwise
from tests.pages.conftest import at, fresh, texts

PATIENCE = 30.0
BEING_ASKED = "This picture is being asked about"


def found(label: str, x: int) -> ObjectFound:
    mask = mask_from_box(Box(x, 20, x + 60, 90))
    return ObjectFound(Finding(label, mask.box, mask, MaskSource.MODEL))


CAN, CUP = found("can", 40), found("cup", 200)


@pytest.fixture
def steps(opened: Services) -> Iterator[Stepwise]:
    detector = Stepwise()
    cast("dict[str, Detector]", opened.detectors)[detector.name] = detector
    yield detector
    detector.end()


def add_run(image: Image, opened: Services) -> int:
    prompt = Prompt("stepwise", "anything")
    with opened.store.write() as records:
        return records.runs.add(image.project_id, prompt, [image.id], actor=opened.actor).id


def begin(image: Image, opened: Services) -> Future[bool]:
    return opened.executor.submit(opened.runner.answer_next, add_run(image, opened))


def end(steps: Stepwise, over: Future[bool]) -> None:
    steps.end()
    assert over.result(PATIENCE)


def drawn(page: AppTest) -> list[str]:
    """How the pictures on the page are described."""
    return [image.alt for element in page.image for image in element.proto.imgs]


def test_the_count_grows_and_then_the_answer_is_there(
    images: list[Image], app: AppTest, opened: Services, steps: Stepwise
) -> None:
    over = begin(images[0], opened)
    steps.tell(RequestSent("aa"))
    page = at(app, "label/detect")
    assert "nothing has come yet" in texts(page)
    for event, words in ((CAN, "1 object"), (CUP, "2 objects")):
        steps.tell(event)
        assert f"{words} so far" in texts(fresh(page.run()))
        assert drawn(page) == [f"belt-1.png with {words} so far"]
    end(steps, over)
    assert "2 objects found by stepwise" in texts(fresh(page.run()))
    assert drawn(page) == ["belt-1.png with 2 objects"]
    assert "so far" not in texts(page)


def test_requests_and_failed_tries_are_told(
    images: list[Image], app: AppTest, opened: Services, steps: Stepwise
) -> None:
    begin(images[0], opened)
    for event in (RequestSent("aa"), RequestSent("bb"), TryFailed(as_said("too many at once."))):
        steps.tell(event)
    page = at(app, "label/detect")
    assert "Request 2. Sent again after: too many at once." in texts(page)
    assert "comes back" not in texts(page)


def test_a_picture_another_process_is_asked_about_is_not_shown_as_an_empty_belt(
    images: list[Image], app: AppTest, opened: Services, steps: Stepwise
) -> None:
    assert opened.tasks.claim(add_run(images[0], opened)) is not None
    shown = texts(at(app, "label/detect"))
    assert BEING_ASKED in shown
    assert "no objects" not in shown
    assert "Not asked yet" not in shown


def test_an_old_answer_stays_until_the_pictures_turn_comes(
    images: list[Image], app: AppTest, opened: Services, steps: Stepwise
) -> None:
    over = begin(images[0], opened)
    steps.tell(CAN)
    end(steps, over)
    add_run(images[0], opened)
    shown = texts(at(app, "label/detect"))
    assert "waits its turn" in shown
    assert "1 object found by stepwise" in shown


def test_an_old_answer_comes_back_when_the_new_one_fails(
    images: list[Image], app: AppTest, opened: Services, steps: Stepwise
) -> None:
    over = begin(images[0], opened)
    steps.tell(CAN)
    end(steps, over)
    over = begin(images[0], opened)
    steps.tell(CUP)
    steps.tell(CAN)
    page = at(app, "label/detect")
    assert "2 objects so far" in texts(page)
    assert "the answer before it comes back" in texts(page)
    assert "1 object found" not in texts(page)
    steps.fail(DetectorBusyError(as_said("too many at once")))
    assert over.result(PATIENCE)
    shown = texts(fresh(page.run()))
    assert "The last detection failed: too many at once" in shown
    assert "1 object found by stepwise" in shown
    assert drawn(page) == ["belt-1.png with 1 object"]
