"""Names and files that an export may safely make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from uuid import uuid4

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\ud800-\udfff]')
_LONGEST_PART = 200
"""Bytes of UTF-8; file systems take 255, and a number may be added."""


class FileNames:
    """Hands out safe, relative names, each once, whatever was uploaded under which name.

    A folder is kept, the way up (``..``), roots and drives are not. Names that differ only
    in case are the same file on half of all desks, so they are told apart too. A name that
    is safe and free is handed out unchanged.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def free(self, wanted: str) -> str:
        """``wanted`` made safe, with ``-2``, ``-3``... before the suffix when it is taken."""
        safe = PurePosixPath(safe_name(wanted))
        name, number = str(safe), 2
        while name.casefold() in self._taken:
            name = str(safe.with_name(f"{safe.stem}-{number}{safe.suffix}"))
            number += 1
        self._taken.add(name.casefold())
        return name


def safe_name(wanted: str) -> str:
    """``wanted`` as a relative path with ``/`` between parts that every system can store."""
    parts = [_safe_part(part) for part in wanted.replace("\\", "/").split("/")]
    return "/".join(part for part in parts if part) or "unnamed"


def _safe_part(part: str) -> str:
    part = _UNSAFE.sub("_", part).lstrip()
    suffix = PurePosixPath(part).suffix
    suffix = suffix if len(suffix.encode()) <= 20 else ""
    stem = part.removesuffix(suffix).encode()[: _LONGEST_PART - len(suffix.encode())]
    return (stem.decode(errors="ignore") + suffix).rstrip(" .")


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """The name of a file beside ``path`` that takes its place when the block ends well.

    When the block raises, ``path`` is as it was and the temporary file is gone: write,
    certify, and only then let the export appear.
    """
    # Not tempfile: its files are readable by their maker only, and so would the export be.
    temporary = path.with_name(f".{uuid4().hex}{path.suffix}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
