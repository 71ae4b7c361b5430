"""Streams as broken servers and proxies send them, read by the real SDK."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from beltmask.detectors.base import TryFailed
from beltmask.detectors.gemini.client import GeminiDetector
from beltmask.errors import DetectorBusyError, RequestRejectedError
from tests.beltmask.detectors.gemini.one_belt import Asked, ask, detector
from tests.gemini_faults import stopped
from tests.gemini_server import GeminiServer
from tests.local_server import RawAnswer

Json = dict[str, Any]
A = '[{"box_2d":[100,100,300,300],"label":"Mutter größer ✓"},'
B = '{"box_2d":[500,500,700,700],"label":"b\u2028c"}]'
BUSY: Json = {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}
WAIT = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "17s"}


def piece(text: str, reason: str | None = None) -> str:
    return json.dumps(stopped(reason, [{"text": text}]), ensure_ascii=False)


FIRST, LAST = piece(A), piece(B, "STOP")
PRETTY = json.dumps(json.loads(LAST), indent=2, ensure_ascii=False)
WHOLE: dict[str, str] = {
    "as they should be": f"data: {FIRST}\r\n\r\ndata: {LAST}\r\n\r\n",
    "no blank after the colon": f"data:{FIRST}\r\n\r\ndata:{LAST}\r\n\r\n",
    "line feeds": f"data: {FIRST}\n\ndata: {LAST}\n\n",
    "carriage returns": f"data: {FIRST}\r\rdata: {LAST}\r\r",
    "a byte order mark": f"\ufeffdata: {FIRST}\n\ndata: {LAST}\n\n",
    "comments": f": hello\n\ndata: {FIRST}\n\n:\n\ndata:\n\n: x\ndata: {LAST}\n\n",
    "other fields": f"event: message\nid: 1\nretry: 10\ndata: {FIRST}\n\nid\ndata: {LAST}\n\n",
    "a ping": f"event: ping\ndata: ping\n\ndata: {FIRST}\n\ndata: {LAST}\n\n",
    "several data lines": f"data: {FIRST}\n\n"
    + "".join(f"data: {line}\n" for line in PRETTY.split("\n"))
    + "\n",
    "no blank lines": f"data: {FIRST}\ndata: {LAST}\n",
    "no last line end": f"data: {FIRST}\n\ndata: {LAST}",
    "the end another API sends": f"data: {FIRST}\n\ndata: {LAST}\n\ndata: [DONE]\n\n",
    "a JSON list": f"[{FIRST},\r\n{PRETTY}]",
    "a JSON list in one event": f"data: [{FIRST}, {LAST}]\n\n",
    "JSON lines": f"{FIRST}\n{LAST}\n",
}


def body(text: str, *, step: int = 0) -> list[bytes]:
    """Cut every ``step`` bytes, wherever that is."""
    data = text.encode()
    return [data[at : at + step] for at in range(0, len(data), step)] if step else [data]


@pytest.mark.parametrize("step", [0, 7])
@pytest.mark.parametrize("form", WHOLE)
def test_a_stream_is_read_however_it_is_written_and_wherever_it_is_cut(
    gemini: GeminiDetector, server: GeminiServer, form: str, step: int
) -> None:
    server.raw_answers.append(RawAnswer(body(WHOLE[form], step=step)))
    asked = ask(gemini)
    assert asked.error is None
    assert [one.label for one in asked.findings] == ["Mutter größer ✓", "b c"]
    assert asked.reply.raw == A + B
    assert server.asked == 1


BROKEN: dict[str, tuple[str, str]] = {
    "cut inside a piece": (f"data: {FIRST}\r\n\r\n" + f"data: {LAST}"[:60], "damaged"),
    "a piece of rubbish": (f"data: {FIRST}\n\ndata: {{oh no}}\n\ndata: {LAST}\n\n", "damaged"),
    "an error": (f"data: {FIRST}\n\ndata: {json.dumps({'error': BUSY})}\n\n", "503: The model is"),
    "an error in plain JSON": (
        f"data: {FIRST}\n\n{json.dumps({'error': BUSY}, indent=1)}\n",
        "503: The model is",
    ),
    "an error whose code is a string": (
        f"data: {FIRST}\n\ndata: " + json.dumps({"error": BUSY | {"code": "503"}}) + "\n\n",
        "503: The model is",
    ),
    "an error in a list": (f"[{FIRST},\n{json.dumps({'error': BUSY})}]", "503: The model is"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_what_came_before_a_stream_broke_is_kept_and_the_reason_told(
    gemini: GeminiDetector, server: GeminiServer, how: str
) -> None:
    text, said = BROKEN[how]
    server.raw_answers.append(RawAnswer(body(text)))
    asked = ask(gemini)
    assert asked.error is None
    assert [one.label for one in asked.findings] == ["Mutter größer ✓"]
    assert asked.kinds.count("cut_off") == 2
    assert any(said in detail for detail in asked.details)


@pytest.fixture
def stubborn(server: GeminiServer, waits: list[float]) -> Iterator[GeminiDetector]:
    """One that asks three times."""
    gemini = detector(server, sleep=waits.append, requests=3)
    yield gemini
    gemini.close()


def tries(asked: Asked) -> list[str]:
    return [str(event.why) for event in asked.events if isinstance(event, TryFailed)]


@pytest.mark.parametrize("details", [[], [WAIT]])
def test_a_stream_that_an_error_broke_is_asked_for_again_after_a_wait(
    *, stubborn: GeminiDetector, server: GeminiServer, waits: list[float], details: list[Json]
) -> None:
    error = json.dumps({"error": BUSY | {"details": details}})
    server.raw_answers.append(RawAnswer(body(f"data: {FIRST}\n\ndata: {error}\n\n")))
    asked = ask(stubborn)
    assert [one.label for one in asked.findings[-2:]] == ["bolt", "nut"]
    assert ["overloaded" in why for why in tries(asked)] == [True]
    shortest = 17.0 if details else 1.0
    assert [shortest <= wait <= shortest + 0.5 for wait in waits] == [True]
    first, second = list(server.requests)
    assert first == second


def test_a_stream_that_breaks_every_time_is_given_up_and_the_best_is_kept(
    stubborn: GeminiDetector, server: GeminiServer, waits: list[float]
) -> None:
    error = json.dumps({"error": BUSY})
    server.raw_answers.extend([RawAnswer(body(f"data: {FIRST}\n\ndata: {error}\n\n"))] * 3)
    asked = ask(stubborn)
    assert asked.error is None
    assert asked.findings[-1].label == "Mutter größer ✓"
    assert (server.asked, len(waits)) == (3, 2)


def test_an_error_in_a_stream_that_waiting_cannot_mend_is_not_waited_for(
    stubborn: GeminiDetector, server: GeminiServer, waits: list[float]
) -> None:
    error = json.dumps({"error": {"code": 400, "message": "No.", "status": "INVALID_ARGUMENT"}})
    server.raw_answers.append(RawAnswer(body(f"data: {FIRST}\n\ndata: {error}\n\n")))
    asked = ask(stubborn)
    assert (asked.error, server.asked, waits) == (None, 1, [])
    assert "the answer broke off: Gemini answered 400: No." in asked.details


@pytest.mark.parametrize("streaming", [True, False])
@pytest.mark.parametrize("wrap", [lambda said: said, lambda said: [said]])
def test_an_error_with_status_200_is_that_error(
    *, server: GeminiServer, streaming: bool, wrap: Callable[[Json], Any]
) -> None:
    gemini = detector(server, streaming=streaming)
    for code, error in ((503, DetectorBusyError), (400, RequestRejectedError)):
        said = json.dumps(wrap({"error": BUSY | {"code": code}}))
        answer = RawAnswer([said.encode()], kind="application/json")
        server.raw_answers.extend([answer] * 5)
        asked = ask(gemini)
        assert type(asked.error) is error
        assert "The model is overloaded." in str(asked.error)
        server.raw_answers.clear()
    gemini.close()


@pytest.mark.pictures
@pytest.mark.parametrize(
    ("name", "labels", "said"),
    [
        ("cut.txt", ["a"], "damaged"),
        ("error_mid.txt", ["a"], "503: The model is overloaded."),
        ("no_space.txt", ["a", "b"], ""),
    ],
)
def test_the_broken_streams_people_met(
    *,
    gemini: GeminiDetector,
    server: GeminiServer,
    shared_data: Path,
    name: str,
    labels: list[str],
    said: str,
) -> None:
    data = (shared_data / "faults" / "18-answers-broken-in-a-chunk" / name).read_bytes()
    server.raw_answers.append(RawAnswer([data]))
    asked = ask(gemini)
    assert asked.error is None
    assert [one.label for one in asked.findings] == labels
    assert any(said in detail for detail in asked.details) or not said
