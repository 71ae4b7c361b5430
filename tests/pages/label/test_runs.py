"""What becomes of a run on the page: it waits, goes on, puts pictures aside, tries them again."""

from __future__ import annotations

from datetime import timedelta

from streamlit.testing.v1 import AppTest

from beltmask.model import Image, Prompt, Run, TaskState
from beltmask.store.runs import MOST_DEATHS
from beltmask.workflows.detection import cancel_run, progress_of, result_of
from beltmask.workflows.services import Services
from tests.beltmask.outages import Outage
from tests.pages.conftest import at, fresh, press, texts

OFFLINE = Prompt("offline", "everything")
HOUR = timedelta(hours=1)


def add_run(images: list[Image], opened: Services, prompt: Prompt = OFFLINE) -> Run:
    with opened.store.write() as records:
        ids = [image.id for image in images]
        return records.runs.add(images[0].project_id, prompt, ids, actor=opened.actor)


def die_with_the_next(run: Run, opened: Services) -> None:
    with opened.store.write() as records:
        assert records.runs.claim(run.id, worker="dead", lease=HOUR) is not None
        records.runs.give_back(["dead"])


def test_a_run_that_waits_for_the_database_says_so(
    images: list[Image], app: AppTest, opened: Services
) -> None:
    run, outage = add_run(images, opened), Outage(opened.store.database, writes=True)
    outage.begin()
    opened.runner.start(run.id)
    opened.executor.shutdown(wait=True)
    shown = texts(at(app, "label/detect"))
    outage.end()
    assert "The run waits, and goes on by itself: the database does not" in shown


def test_a_picture_with_which_processes_died_says_what_to_do_and_is_tried_again(
    images: list[Image], app: AppTest, opened: Services
) -> None:
    run = add_run(images[:1], opened)
    for _ in range(MOST_DEATHS):
        die_with_the_next(run, opened)
    page = at(app, "label/detect")
    shown = texts(page)
    assert "BeltMask was ended three times while it looked at this picture" in shown
    assert "Give the machine more memory" in shown
    press(page, "detect.again_here")
    opened.executor.shutdown(wait=True)
    result = result_of(images[0].id, services=opened)
    assert result is not None
    assert (result.task.state, result.task.deaths) == (TaskState.DONE, 0)
    assert "found by offline" in texts(fresh(page.run()))


def test_a_picture_that_is_tried_once_more_says_why(
    images: list[Image], app: AppTest, opened: Services
) -> None:
    die_with_the_next(add_run(images[:1], opened), opened)
    assert "BeltMask ended while it looked at this picture" in texts(at(app, "label/detect"))


def test_nothing_is_tried_again_while_a_run_is_under_way(
    images: list[Image], app: AppTest, opened: Services
) -> None:
    """The picture would be asked about twice, and the run be out of sight, with its Cancel."""
    failed = add_run(images[:1], opened, Prompt("lost", "everything"))
    page = at(app, "label/detect")
    while opened.runner.answer_next(failed.id):
        pass
    page = fresh(page.run())
    assert not page.button(key="detect.try_again").disabled
    assert not page.button(key="detect.again_here").disabled
    add_run(images, opened)
    page = fresh(page.run())
    assert page.button(key="detect.go").disabled
    assert page.button(key="detect.try_again").disabled
    assert page.button(key="detect.again_here").disabled


def test_a_run_that_was_cancelled_is_no_success_and_says_first_what_was_done(
    images: list[Image], app: AppTest, opened: Services
) -> None:
    run = add_run(images, opened)
    page = at(app, "label/detect")
    opened.runner.answer_next(run.id)
    cancel_run(run.id, services=opened)
    page = fresh(page.run())
    assert [each.value for each in page.info] == ["Detection over: 1 done, 2 cancelled."]
    assert not page.success


def test_all_pictures_that_failed_are_tried_again_with_one_press(
    images: list[Image], app: AppTest, opened: Services
) -> None:
    """They were asked of a detector that is not there any more."""
    run = add_run(images, opened, Prompt("lost", "everything"))
    page = at(app, "label/detect")
    while opened.runner.answer_next(run.id):
        pass
    page = fresh(page.run())
    assert "Detection over: 3 failed." in texts(page)
    assert page.button(key="detect.try_again").label == "Try 3 pictures again"
    opened.executor.shutdown(wait=True)
    press(page, "detect.try_again")
    assert progress_of(run.id + 1, services=opened).counts == {TaskState.QUEUED: 3}
    assert progress_of(run.id, services=opened).counts == {TaskState.FAILED: 3}
