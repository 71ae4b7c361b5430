"""Pictures of the machine the pages are served from, out of the folders it offers and no others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from beltmask.errors import NotAllowedError
from beltmask.folders import shortened
from beltmask.messages import Message
from beltmask.workflows.images import Added, add_paths
from beltmask.workflows.services import Services


def add_from_server(path: str, *, project_id: int, services: Services) -> Iterator[Added]:
    """Add a file, a folder or a ZIP that lies in a folder of ``BELTMASK_SERVER_FOLDERS``.

    Raises:
        NotAllowedError: It lies in none of them, or is not there: which of both is not told.
    """
    return add_paths([_allowed(path, services)], project_id=project_id, services=services)


def _allowed(path: str, services: Services) -> Path:
    """The path without its links and ``..``; one that is not whole begins in an offered folder."""
    roots = [Path(os.path.realpath(root)) for root in services.settings.server_folders]
    for root in roots:
        try:
            real = Path(os.path.realpath(root / path))
            there = real.exists()
        except (OSError, ValueError):  # too long, or with a NUL
            continue
        if there and any(real.is_relative_to(each) for each in roots):
            return real
    hint = (
        Message("files.name_one_in", folders=tuple(map(str, roots)))
        if roots
        else Message("files.none_offered")
    )
    raise NotAllowedError(Message("files.not_offered", path=shortened(path)), hint=hint)
