"""What the local Gemini server keeps between requests: uploaded files and batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.gemini_faults import Json


class GeminiShelf:
    """Files by name, with their bytes, and batches by name, with their answers."""

    def __init__(self) -> None:
        self._files: dict[str, Json] = {}
        self._bytes: dict[str, bytes] = {}
        self._batches: dict[str, Json] = {}

    def begin_file(self, kind: str, url: str) -> str:
        """The name of a file whose bytes come with the next request."""
        name = f"files/{len(self._files) + 1}"
        self._files[name] = {"name": name, "uri": f"{url}/v1/{name}", "mimeType": kind}
        return name

    def finish_file(self, name: str, data: bytes) -> Json:
        self._bytes[name] = data
        self._files[name] |= {"sizeBytes": str(len(data)), "state": "ACTIVE"}
        return self._files[name]

    def bytes_at(self, uri: str) -> bytes:
        return self._bytes.get("files/" + uri.rpartition("/")[2], b"")

    def add_batch(self, body: Json, answer: Callable[[Json], Json]) -> Json:
        """Answered at once; each answer keeps the metadata of its request."""
        asked: list[Json] = body["batch"]["inputConfig"]["requests"]["requests"]
        answers = [
            {"response": answer(one["request"]), "metadata": one.get("metadata", {})}
            for one in asked
        ]
        name = f"batches/{len(self._batches) + 1}"
        output = {"inlinedResponses": {"inlinedResponses": answers}}
        self._batches[name] = {
            "name": name,
            "metadata": {"state": "BATCH_STATE_SUCCEEDED", "output": output},
        }
        return self._batches[name]

    def find(self, name: str) -> dict[str, Any] | None:
        return self._files.get(name) or self._batches.get(name)
