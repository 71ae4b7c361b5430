"""One request until somebody has answered it: tries again, reads along, stops a loop."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beltmask.detectors.base import Event, ObjectFound, ReplyFinished
from beltmask.detectors.gemini.request import GeminiRequest
from beltmask.detectors.gemini.streaming import StreamReader
from beltmask.detectors.gemini.tries import Patience
from beltmask.errors import BeltMaskError, UnreadableReplyError
from beltmask.model import Picture, Reply

if TYPE_CHECKING:
    from beltmask.detectors.gemini.incoming import Answer
    from beltmask.detectors.gemini.transport import Call, Transport


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What came, read along by ``reader``. ``failure`` is what broke it off, if anything did."""

    answer: Answer
    reader: StreamReader
    failure: BeltMaskError | None = None


def listen(
    transport: Transport, request: GeminiRequest, *, picture: Picture, patience: Patience
) -> Generator[Event, None, Heard]:
    """Objects as they come; returns the answer.

    An answer that broke off after its first object is not asked for again here.

    Raises:
        BeltMaskError: No try gave an answer.
    """
    tried = 0
    while True:
        tried += 1
        reader = StreamReader(picture)
        call = transport.ask(request, seconds=patience.left)
        try:
            yield from _objects(call, reader)
        except UnreadableReplyError as error:
            yield ReplyFinished(Reply(error.reply, request.hash))
            raise
        except BeltMaskError as error:
            if not reader.found and patience.wait_after(error, tried=tried):
                continue
            if not call.answer.text:
                raise
            return Heard(call.answer, reader, error)
        return Heard(call.answer, reader)


def _objects(call: Call, reader: StreamReader) -> Generator[Event, None, None]:
    for words in call:
        for finding in reader.take(words):
            yield ObjectFound(finding)
        if reader.loop is not None:
            call.hang_up()
            return
