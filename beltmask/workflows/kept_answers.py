"""What was answered before, for detectors that would otherwise ask the same again."""

from __future__ import annotations

from dataclasses import replace

from beltmask.model import Reply
from beltmask.store.blobs import Shelf
from beltmask.store.records import Store


class KeptAnswers:
    """A ``detectors.base.ReplyCache`` over the replies in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, request: str, *, repeat: int) -> Reply | None:
        with self._store.read() as records:
            kept = records.replies.answered(request, repeat=repeat)
        if kept is None or not self._store.blobs.has(Shelf.REPLIES, kept.raw_sha256):
            return None
        raw = self._store.blobs.get(Shelf.REPLIES, kept.raw_sha256)
        return replace(kept.reply, raw=raw.decode("utf-8", "surrogatepass"))
