"""Recorded replies instead of a service: the same pictures, the same answers, no network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PureWindowsPath

from beltmask.detectors.base import (
    Availability,
    Detector,
    DetectorTraits,
    EarlierAnswer,
    Event,
    ReplyFinished,
    RequestSent,
)
from beltmask.detectors.llm.earlier_replies import read_again
from beltmask.detectors.replies.reader import read_reply
from beltmask.detectors.replies.rebuilt_masks import events_of, with_rebuilt_masks
from beltmask.errors import NoRecordedReplyError, SettingsError, UnreadableReplyError
from beltmask.messages import Message
from beltmask.model import Picture, Prompt, Reply

_SUFFIXES = (".txt", ".json")
_MAX_BYTES = 64_000_000


class ReplayDetector(Detector):
    """Answers from a folder of files named after a picture, or after its SHA-256.

    A file holds a model's text or a whole body of the API, as ``.txt`` or ``.json``.
    """

    name = "replay"
    traits = DetectorTraits(
        ignores_sketches="What was recorded knows nothing of a sketch.", writes_replies=True
    )

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def availability(self) -> Availability:
        if self._folder is None or not self._folder.is_dir():
            note = "Set BELTMASK_REPLAY_FOLDER to a folder of recorded replies."
            return Availability(ready=False, note=note)
        count = sum(1 for path in self._folder.iterdir() if path.suffix in _SUFFIXES)
        note = f"{count} recorded {'reply' if count == 1 else 'replies'} in {self._folder.name}."
        return Availability(ready=count > 0, note=note)

    def detect(self, picture: Picture, prompt: Prompt) -> Iterator[Event]:  # noqa: ARG002
        """The events of the recorded reply; the prompt was somebody else's and changes nothing.

        Raises:
            NoRecordedReplyError: The folder holds none for this picture.
            UnreadableReplyError: Nothing in it can be read.
        """
        text = self._recorded(picture)
        request = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        yield RequestSent(request)
        try:
            read = with_rebuilt_masks(read_reply(text, size=picture.size), picture.pixels)
        except UnreadableReplyError:
            yield ReplyFinished(Reply(text, request))
            raise
        yield from events_of(read)
        yield ReplyFinished(Reply(text, request, read.dialect))

    def read(self, answer: EarlierAnswer, picture: Picture, prompt: Prompt) -> Iterator[Event]:  # noqa: ARG002
        """Nobody knows how many objects were asked for, as when it came."""
        return read_again(answer, picture.pixels, partial(read_reply, size=picture.size))

    def _recorded(self, picture: Picture) -> str:
        path = next((p for p in self._candidates(picture) if p.is_file()), None)
        if path is None:
            raise NoRecordedReplyError(Message("detectors.no_recorded_reply", name=picture.name))
        if path.stat().st_size > _MAX_BYTES:
            raise UnreadableReplyError(
                Message("detectors.recorded_reply_too_large", name=path.name), reply=""
            )
        return path.read_text(encoding="utf-8", errors="replace")

    def _candidates(self, picture: Picture) -> Iterator[Path]:
        if self._folder is None:
            raise SettingsError(Message("detectors.set_replay_folder"))
        stem = PureWindowsPath(picture.name).stem  # knows both kinds of slash
        for name in (stem, picture.sha256):
            yield from (self._folder / f"{name}{suffix}" for suffix in _SUFFIXES if name)
