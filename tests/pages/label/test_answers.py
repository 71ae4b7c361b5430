"""The list of a picture's answers: any one is shown, whoever asked and however it ended."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup, Selectbox

from beltmask.model import Image, Prompt
from beltmask.workflows.detection import answers_about
from beltmask.workflows.services import Services
from tests.pages.conftest import at, fresh, press, texts

CAN = {"box_2d": [100, 100, 300, 300], "label": "can"}
NUT = {"box_2d": [100, 700, 200, 800], "label": "nut"}
CUP = {"box_2d": [500, 500, 900, 900], "label": "cup"}


@pytest.fixture
def replies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where recorded replies are looked for; asked for before the app is opened."""
    folder = tmp_path / "replies"
    folder.mkdir()
    monkeypatch.setenv("BELTMASK_REPLAY_FOLDER", str(folder))
    return folder


@pytest.fixture
def picture(replies: Path, images: list[Image]) -> Image:
    return images[0]


def answer(picture: Image, replies: Path, opened: Services, *objects: object) -> int:
    """The id of a task that was answered with these objects; without any, it failed."""
    reply = replies / "belt-1.json"
    reply.unlink(missing_ok=True)
    if objects:
        reply.write_text(json.dumps(objects))
    prompt = Prompt("replay", "anything")
    with opened.store.write() as records:
        run = records.runs.add(picture.project_id, prompt, [picture.id], actor=opened.actor)
    while opened.runner.answer_next(run.id):
        pass
    return answers_about(picture.id, services=opened, limit=1)[0].task.id


def choice(page: AppTest, label: str = "Answer") -> Selectbox[int]:
    [box] = [box for box in page.selectbox if box.label == label]
    return box


def differs(page: AppTest) -> ButtonGroup[str]:
    return page.segmented_control(key="detect.pair_view")


def drawn(page: AppTest) -> list[str]:
    """How the pictures on the page are described."""
    return [image.alt for element in page.image for image in element.proto.imgs]


def table(page: AppTest) -> pd.DataFrame:
    """The list of answers."""
    [found] = [each.value for each in page.dataframe if "When" in each.value]
    return found


def test_answers_of_all_runs_are_listed_and_any_one_is_shown(
    picture: Image, replies: Path, app: AppTest, opened: Services
) -> None:
    first = answer(picture, replies, opened, CAN)
    answer(picture, replies, opened, CAN, CUP)
    page = at(app, "label/detect")
    assert list(table(page)["Objects"]) == [2, 1]
    assert list(table(page)[" "]) == ["A", ""]
    assert drawn(page) == ["belt-1.png with 2 objects"]
    fresh(choice(page).set_value(first).run())
    assert drawn(page) == ["belt-1.png with 1 object"]
    assert list(table(page)[" "]) == ["", "A"]


def test_a_new_answer_is_shown_when_it_comes_although_another_was_chosen(
    picture: Image, replies: Path, app: AppTest, opened: Services
) -> None:
    first = answer(picture, replies, opened, CAN)
    answer(picture, replies, opened, CAN)
    page = at(app, "label/detect")
    fresh(choice(page).set_value(first).run())
    answer(picture, replies, opened, CAN, CUP)
    assert drawn(fresh(page.run())) == ["belt-1.png with 2 objects"]


def test_any_two_stand_side_by_side_and_a_new_one_beside_the_one_that_was_chosen(
    picture: Image, replies: Path, app: AppTest, opened: Services
) -> None:
    first = answer(picture, replies, opened, CAN)
    answer(picture, replies, opened, CAN, CUP)
    page = at(app, "label/detect")
    fresh(choice(page, "Beside it").set_value(first).run())
    assert drawn(page) == ["belt-1.png with 2 objects", "belt-1.png with 1 object"]
    assert list(table(page)[" "]) == ["A", "B"]
    answer(picture, replies, opened, CAN, CUP, NUT)
    assert drawn(fresh(page.run())) == ["belt-1.png with 3 objects", "belt-1.png with 1 object"]
    fresh(choice(page).set_value(first).run())
    assert drawn(page) == ["belt-1.png with 1 object"]


def test_the_difference_of_two_is_one_picture_with_a_legend_and_a_table(
    picture: Image, replies: Path, app: AppTest, opened: Services
) -> None:
    first = answer(picture, replies, opened, CAN, CUP)
    answer(picture, replies, opened, NUT, CAN)
    page = at(app, "label/detect")
    assert differs(page).disabled
    fresh(choice(page, "Beside it").set_value(first).run())
    fresh(differs(page).set_value("Difference").run())
    assert drawn(page) == ["belt-1.png, what only one of two answers found"]
    assert "only in A: 1 · :blue[■] only in B: 1 · :gray[■] in both: 1" in texts(page)
    rows = next(each.value for each in page.dataframe if "IoU" in each.value)
    assert rows[["Found by", "Label in A", "Label in B"]].to_numpy().tolist() == [
        ["only A", "nut", ""],
        ["only B", "", "cup"],
        ["both", "can", "can"],
    ]


def test_an_answer_that_failed_has_no_difference_from_another(
    picture: Image, replies: Path, app: AppTest, opened: Services
) -> None:
    failed = answer(picture, replies, opened)
    answer(picture, replies, opened, CAN)
    page = at(app, "label/detect")
    fresh(choice(page, "Beside it").set_value(failed).run())
    fresh(differs(page).set_value("Difference").run())
    assert "there is no difference" in texts(page)
    assert drawn(page) == ["belt-1.png with 1 object", "belt-1.png"]


def test_an_answer_that_failed_is_is_listed_with_its_reason_and_shown_with_it(
    picture: Image, replies: Path, app: AppTest, opened: Services
) -> None:
    failed = answer(picture, replies, opened)
    answer(picture, replies, opened, CAN)
    page = at(app, "label/detect")
    why = "there is no recorded reply for belt-1.png"
    newest, older = table(page)["Failed"]
    assert newest == ""
    assert older.startswith(why)
    assert not page.error
    fresh(choice(page).set_value(failed).run())
    assert f"This detection failed: {why}" in texts(page)
    assert drawn(page) == ["belt-1.png"]


def test_a_long_list_is_turned_page_by_page(
    picture: Image, replies: Path, app: AppTest, opened: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("components.answer_list._PAGE", 2)
    each = ([CAN], [CAN, CUP], [CAN, CUP, NUT])
    ids = [answer(picture, replies, opened, *objects) for objects in each]
    page = at(app, "label/detect")
    assert list(table(page)["Objects"]) == [3, 2]
    press(page, "answers.earlier")
    assert list(table(page)["Objects"]) == [1]
    assert choice(page).value == ids[0]
    press(page, "answers.newest")
    assert choice(page).value == ids[2]
