"""A local server that speaks Gemini's REST API as google-genai 3.6 uses it, with faults on demand.

In a test: ``with GeminiServer(truth=[folder]) as server: ... server.url``.
By hand: ``python -m tests.gemini_server --truth FOLDER --port 8123``.

It knows the picture it is sent by its proportions and a small grey copy, and answers with the
real objects. ``dialect`` is how: "auto" (outlines when a schema was sent, else PNG masks),
"polygons", "polygons_xy", "png", "rle", "boxes", "tokens", "prose", "empty", or any text in
``text``. ``faults`` are used up one per request, then ``every_fault`` if it is set, then
``fault_kinds`` at ``fault_rate``; the names are in ``gemini_faults``. ``recipes`` are ways to err
that a prompt's words ask for; they are in ``gemini_recipes``.
"""

from __future__ import annotations

import argparse
import json
import re
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests import gemini_faults as faults
from tests.gemini_faults import Json, stopped
from tests.gemini_http import GeminiHttp, config_in, file_in, image_in, text_in
from tests.gemini_recipes import Objects, Recipe, objects_of
from tests.gemini_shelf import GeminiShelf
from tests.gemini_truth import (
    KnownObject,
    KnownPicture,
    box_entry,
    png_entry,
    polygon_entry,
    read_truth,
    recognise,
    rle_entry,
    token_entry,
)
from tests.local_server import LocalServer, RawAnswer

__all__ = ["GeminiServer", "image_in", "text_in"]

_ENTRIES: dict[str, Callable[[KnownObject, tuple[int, int]], Json]] = {
    "polygons": polygon_entry,
    "polygons_xy": lambda known, size: polygon_entry(known, size, y_first=False),
    "png": png_entry,
    "rle": rle_entry,
    "boxes": box_entry,
    "tokens": token_entry,
}

_PIECE = re.compile(r".{1,200}", re.DOTALL)
_OBJECT = re.compile(r"[^}]*\}|[^}]+")
_A_MOMENT = 0.05
NO_END = 10**9
"""Letters; no stream is as long."""


class GeminiServer(LocalServer):
    """Runs in a thread of its own between ``__enter__`` and ``__exit__``.

    ``served`` counts requests by method ("generateContent", ...), faults by name, and the
    letters of streams that were sent; ``log`` has (picture, fault) of every question;
    ``requests`` keeps the last bodies, ``keys`` and ``paths`` theirs. ``pause`` is in seconds,
    between the pieces of a stream. While it is ``held``, a stream waits before each object until
    it is ``let_go``. After ``most_letters`` a stream says no more, and ``hung_up`` tells that its
    reader went away. ``raw_answers`` are used up first, one per question.
    """

    def __init__(
        self, *, truth: Iterable[Path | KnownPicture] = (), dialect: str = "auto", port: int = 0
    ) -> None:
        self.pictures: list[KnownPicture] = []
        for known in truth:
            self.pictures += [known] if isinstance(known, KnownPicture) else read_truth(known)
        self.dialect, self.text, self.pause = dialect, "", 0.0
        self.recipes: Sequence[Recipe] = ()
        self.held, self.most_letters = False, NO_END
        self.hung_up = threading.Event()
        self._turns = threading.Semaphore(0)
        self.model_version: str | None = None
        self.faults: deque[str] = deque()
        self.every_fault: str | None = None
        self.fault_kinds: Sequence[str] = ()
        self.fault_rate, self.seed = 0.0, 0
        self.served: Counter[str] = Counter()
        self.log: list[tuple[str, str]] = []
        self.requests: deque[Json] = deque(maxlen=64)
        self.paths: deque[str] = deque(maxlen=64)
        self.keys: deque[str] = deque(maxlen=64)
        self.raw_answers: deque[RawAnswer] = deque()
        self.shelf = GeminiShelf()
        self._lock = threading.Lock()
        super().__init__(GeminiHttp(("127.0.0.1", port), self))

    @property
    def asked(self) -> int:
        """How many questions came, answered or not."""
        return self.served["generateContent"] + self.served["streamGenerateContent"]

    def count(self, what: str, times: int = 1) -> None:
        with self._lock:
            self.served[what] += times

    def next_fault(self, picture: KnownPicture | None) -> str:
        """The fault for this question, "" for none; it is logged and counted."""
        name = picture.name if picture else ""
        with self._lock:
            before = sum(1 for known, _ in self.log if known == name)
            fault = self.faults.popleft() if self.faults else self.every_fault or ""
            if not fault and self.fault_rate:
                kinds, rate = self.fault_kinds, self.fault_rate
                fault = faults.fault_of(name, before, kinds=kinds, rate=rate, seed=self.seed)
            self.log.append((name, fault))
            self.served[fault or "answered"] += 1
            return fault

    def let_go(self, pieces: int = 1) -> None:
        """One object more; what follows the last object is a piece too."""
        self._turns.release(pieces)

    def pieces(self, text: str) -> list[str]:
        """How a stream is cut: at the end of each object while it is held."""
        cut = _OBJECT if self.held else _PIECE
        return cut.findall(text) or [text]

    def may_go_on(self) -> bool:
        """Waits for the next piece's turn; False when the server closes."""
        while self.held and not self._turns.acquire(timeout=_A_MOMENT):
            if self.closing.is_set():
                return False
        return not self.closing.wait(self.pause)

    def body(self, text: str, model: str, *, reason: str | None = "STOP") -> Json:
        """A whole answer, or one piece of it, around the model's words."""
        usage = {"promptTokenCount": 1120, "candidatesTokenCount": len(text) // 4}
        return stopped(reason, [{"text": text}]) | {
            "usageMetadata": usage,
            "modelVersion": self.model_version or model,
        }

    def words(self, body: Json, picture: KnownPicture | None) -> str:
        """What the model says."""
        if self.text:
            return self.text
        if self.dialect == "prose":
            return faults.PROSE
        schema = config_in(body).get("responseSchema") or config_in(body).get("response_schema")
        fitting = ("polygons" if '"mask"' in json.dumps(schema) else "boxes") if schema else "png"
        dialect = fitting if self.dialect == "auto" else self.dialect
        known: Objects = picture.objects if picture and dialect != "empty" else ()
        recipe = self._recipe(body)
        if recipe and picture:
            named = objects_of(recipe, picture, text_in(body))
            if isinstance(named, str):
                return named
            known = named
        entries = [_ENTRIES[dialect](one, picture.size) for one in known if picture]
        if dialect.startswith("polygons"):
            return json.dumps({"boxes": entries})
        return f"```json\n{json.dumps(entries, indent=2)}\n```"

    def _recipe(self, body: Json) -> str:
        """How the words and the temperature of a request ask the model to err; "" for not."""
        temperature = config_in(body).get("temperature")
        fitting = (each for each in self.recipes if each.fits(text_in(body), temperature))
        return next((each.name for each in fitting), "")

    def answer(self, body: Json, model: str) -> Json:
        """The whole answer to one request of a batch."""
        return self.body(self.words(body, self.picture_in(body)), model)

    def picture_in(self, body: Json) -> KnownPicture | None:
        image = image_in(body) or self.shelf.bytes_at(file_in(body))
        picture = recognise(image, self.pictures)
        if picture is None:
            self.count("unrecognised")
        return picture


def main() -> None:
    parser = argparse.ArgumentParser(description="A stand-in for Gemini with known truth")
    parser.add_argument("--truth", type=Path, nargs="*", default=[])
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--dialect", default="auto")
    parser.add_argument("--fault", choices=faults.ALL, help="every answer goes wrong like this")
    parser.add_argument("--fault-rate", type=float, default=0.0, help="0 to 1, of all kinds")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between pieces")
    chosen = parser.parse_args()
    with GeminiServer(truth=chosen.truth, dialect=chosen.dialect, port=chosen.port) as server:
        server.every_fault, server.pause = chosen.fault, chosen.pause
        server.fault_kinds, server.fault_rate = faults.ALL, chosen.fault_rate
        server.seed = chosen.seed
        print(f"{server.url} knows {len(server.pictures)} pictures", flush=True)  # noqa: T201
        try:
            server.closing.wait()
        except KeyboardInterrupt:
            server.closing.set()


if __name__ == "__main__":
    main()
