"""Pictures as they were added, held to their SHA-256 whenever they are read."""

from __future__ import annotations

from beltmask.errors import DamagedError, NotFoundError, StoreError
from beltmask.messages import Message
from beltmask.model import Image
from beltmask.store.blobs import Blobs, Shelf

_HINT = Message("images.add_original_again")


def original_of(image: Image, *, blobs: Blobs) -> bytes:
    """The file as it was added, every byte of it.

    Raises:
        NotFoundError: It is not in the store.
        DamagedError: Other bytes lie in its place.
        StoreError: The store cannot be read.
    """
    try:
        return blobs.get(Shelf.ORIGINALS, image.facts.sha256)
    except NotFoundError as error:
        raise NotFoundError(
            Message("images.original_missing", name=image.name), hint=_HINT
        ) from error
    except DamagedError as error:
        changed = Message("images.original_changed", name=image.name)
        raise DamagedError(changed, hint=_HINT) from error
    except StoreError as error:
        raise error.at(image.name) from error.__cause__
