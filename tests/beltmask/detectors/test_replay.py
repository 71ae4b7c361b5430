"""Recorded replies instead of a service."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from beltmask.detectors.base import Event, ObjectFound, ReplyFinished, RequestSent
from beltmask.detectors.replay import ReplayDetector
from beltmask.errors import NoRecordedReplyError, SettingsError, UnreadableReplyError
from beltmask.model import Box, Picture, Prompt

PICTURE = Picture("belts/cam 1.jpg", "ab" * 32, np.zeros((100, 200, 3), np.uint8))
PROMPT = Prompt("replay", "anything")
TEXT = '[{"box_2d": [100, 100, 500, 300], "label": "bolt"}]'


def _events(folder: Path, picture: Picture = PICTURE) -> list[Event]:
    return list(ReplayDetector(folder).detect(picture, PROMPT))


@pytest.mark.parametrize(
    "name", ["cam 1.txt", "cam 1.json", f"{'ab' * 32}.txt", f"{'ab' * 32}.json"]
)
def test_a_reply_is_found_by_the_pictures_name_or_its_bytes(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TEXT, encoding="utf-8")
    sent, found, finished = _events(tmp_path)
    assert isinstance(sent, RequestSent)
    assert isinstance(found, ObjectFound)
    assert isinstance(finished, ReplyFinished)
    assert found.finding.box == Box(20, 10, 60, 50)
    assert (finished.reply.raw, finished.reply.request) == (TEXT, sent.request)


def test_the_same_recording_is_the_same_request(tmp_path: Path) -> None:
    (tmp_path / "cam 1.txt").write_text(TEXT, encoding="utf-8")
    assert _events(tmp_path)[0] == _events(tmp_path)[0]


@pytest.mark.parametrize("name", ["../cam 1.jpg", "..\\cam 1.jpg", "C:\\in\\cam 1.png"])
def test_a_picture_cannot_name_a_file_outside_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "cam 1.txt").write_text("outside", encoding="utf-8")
    inner = tmp_path / "replies"
    inner.mkdir()
    (inner / "cam 1.txt").write_text(TEXT, encoding="utf-8")
    assert len(_events(inner, Picture(name, "cd", PICTURE.pixels))) == 3


def test_an_unreadable_recording_is_handed_on_before_it_raises(tmp_path: Path) -> None:
    (tmp_path / "cam 1.txt").write_text("Nothing to see.", encoding="utf-8")
    events = ReplayDetector(tmp_path).detect(PICTURE, PROMPT)
    assert isinstance(next(events), RequestSent)
    finished = next(events)
    assert isinstance(finished, ReplyFinished)
    assert finished.reply.raw == "Nothing to see."
    with pytest.raises(UnreadableReplyError):
        next(events)


def test_a_picture_without_a_recording_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoRecordedReplyError, match=r"cam 1\.jpg"):
        _events(tmp_path)


def test_availability_counts_the_recordings(tmp_path: Path) -> None:
    for name in ("a.txt", "b.json", "c.png"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    known = ReplayDetector(tmp_path).availability()
    assert known.ready
    assert known.note.startswith("2 recorded replies")


@pytest.mark.parametrize("missing", [True, False])
def test_without_a_folder_it_says_how_to_set_one(tmp_path: Path, missing: bool) -> None:
    detector = ReplayDetector(None if missing else tmp_path / "nowhere")
    assert not detector.availability().ready
    assert "BELTMASK_REPLAY_FOLDER" in detector.availability().note
    expected = SettingsError if missing else NoRecordedReplyError
    with pytest.raises(expected):
        list(detector.detect(PICTURE, PROMPT))
