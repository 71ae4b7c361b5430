"""What was answered before, for detectors that would otherwise ask the same again."""

from __future__ import annotations

from dataclasses import replace

from beltmask.errors import DamagedError, NotFoundError
from beltmask.model import Reply
from beltmask.store.blobs import Shelf
from beltmask.store.records import Store


class StoredReplyCache:
    """A ``detectors.base.ReplyCache`` over the replies in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, request: str, *, repeat: int) -> Reply | None:
        with self._store.read() as records:
            kept = records.replies.answered(request, repeat=repeat)
        if kept is None:
            return None
        try:
            raw = self._store.blobs.get(Shelf.REPLIES, kept.raw_sha256)
        except (NotFoundError, DamagedError):
            return None
        return replace(kept.reply, raw=raw.decode("utf-8", "surrogatepass"))


class EmptyReplyCache:
    """A ``detectors.base.ReplyCache`` where there is no store."""

    def find(self, request: str, *, repeat: int) -> Reply | None:  # noqa: ARG002 - as the protocol
        return None
