"""The raw reply beside the overlay: its problems pointed out, and reading it again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from beltmask.detectors.replies import boxes
from beltmask.detectors.replies.boxes import BOX_KEYS
from beltmask.model import Image, Prompt
from beltmask.workflows.detection import result_of
from beltmask.workflows.services import Services
from tests.pages.conftest import at, fresh, texts

BAD = '{"bounds": [500, 500, 900, 900], "box_2d": null, "label": "nut"}'
TEXT = f"Look: [{json.dumps({'box_2d': [100, 100, 300, 300], 'label': 'bolt'})}, {BAD}]"


@pytest.fixture
def page(replay_folder: Path, images: list[Image], app: AppTest, opened: Services) -> AppTest:
    """The Detect page of a picture whose recorded reply has a problem, its drawer open."""
    (replay_folder / "belt-1.txt").write_text(TEXT)
    with opened.store.write() as records:
        prompt = Prompt("replay", "anything")
        run = records.runs.add(images[0].project_id, prompt, [images[0].id], actor=opened.actor)
    while opened.runner.answer_next(run.id):
        pass
    page = at(app, "label/detect")
    result = result_of(images[0].id, services=opened)
    assert result is not None
    page.session_state[f"detect.raw/{result.task.id}"] = True
    return fresh(page.run())


@pytest.fixture
def replay_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "replies"
    folder.mkdir()
    monkeypatch.setenv("BELTMASK_REPLAY_FOLDER", str(folder))
    return folder


def codes(page: AppTest) -> str:
    return "\n".join(code.value for code in page.code)


def test_a_chosen_problem_shows_its_words_in_the_reply(page: AppTest) -> None:
    assert f"⟦{BAD}⟧" not in codes(page)
    (choice,) = [box for box in page.selectbox if box.label == "Where in the reply"]
    wanted = next(number for number, name in enumerate(choice.options) if "box_missing" in name)
    fresh(choice.set_value(wanted).run())
    assert f"⟦{BAD}⟧" in codes(page)


def test_reading_again_tells_what_would_change_and_does_it_when_wished(
    page: AppTest, images: list[Image], opened: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    _press(page, "Read again")
    assert "nothing would change" in texts(page)
    assert not [button for button in page.button if button.label == "Use the new reading"]
    monkeypatch.setattr(boxes, "BOX_KEYS", ("bounds", *BOX_KEYS))
    _press(page, "Read again")
    assert "1 object gained" in texts(page)
    _press(page, "Use the new reading")
    result = result_of(images[0].id, services=opened)
    assert result is not None
    assert [p.finding.label for p in result.predictions] == ["bolt", "nut"]
    assert "2 objects found" in texts(page)


def _press(page: AppTest, label: str) -> None:
    (button,) = [button for button in page.button if button.label == label]
    fresh(button.click().run())
