"""Names and files that an export may safely make."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from uuid import uuid4

from beltmask.names import folded, seen

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\ud800-\udfff]')
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789\u00b9\u00b2\u00b3"}
)
"""Names that mean a device on Windows, whatever suffix follows."""
_LONGEST_PART = 200
"""Bytes of UTF-8; file systems take 255, and a number may be added."""
_LONGEST = 1000
"""Bytes of a whole name: systems take 4,096 for a path, and it lies in a folder of somebody's."""


class FileNames:
    """Hands out safe, relative names, each once, whatever was uploaded under which name.

    A folder is kept, the way up (``..``), roots and drives are not. Names that differ only in
    case, or in how an accent was typed, are the same file on half of all desks, so they are told
    apart too; and what is a file is no folder besides. A name that is safe and free is handed
    out unchanged.
    """

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._instead: dict[str, PurePosixPath] = {}

    def free(self, wanted: str) -> str:
        """``wanted`` made safe, with ``-2``, ``-3``... before the suffix when it is taken."""
        *folders, last = PurePosixPath(safe_name(wanted)).parts
        path = PurePosixPath()
        for folder in folders:
            path = self._folder(path / folder)
        path = self._numbered(path / last, self._is_unused)
        self._files.add(folded(str(path)))
        return str(path)

    def is_free(self, wanted: str) -> bool:
        """Whether ``free`` would hand it out unchanged."""
        return safe_name(wanted) == wanted and self._is_unused(folded(wanted))

    def _folder(self, wanted: PurePosixPath) -> PurePosixPath:
        """The folder of that name; of a file's name, always the same other one."""
        key = folded(str(wanted))
        if key in self._files and key not in self._instead:
            self._instead[key] = self._numbered(wanted, lambda name: name not in self._files)
        path = self._instead.get(key, wanted)
        self._folders.add(folded(str(path)))
        return path

    def _is_unused(self, name: str) -> bool:
        return name not in self._files and name not in self._folders

    def _numbered(self, path: PurePosixPath, fits: Callable[[str], bool]) -> PurePosixPath:
        candidate, wanted = path, folded(str(path))
        while not fits(folded(str(candidate))):
            number = self._numbers[wanted] = self._numbers.get(wanted, 1) + 1
            candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
        return candidate


def safe_name(wanted: str) -> str:
    """``wanted`` as a relative path with ``/`` between parts that every system can store."""
    parts = [part for part in map(_safe_part, wanted.replace("\\", "/").split("/")) if part]
    while len("/".join(parts).encode()) > _LONGEST:
        parts = parts[1:]
    return "/".join(parts) or "unnamed"


def _safe_part(part: str) -> str:
    part = seen(_UNSAFE.sub("_", part)).strip()
    suffix = PurePosixPath(part).suffix
    suffix = suffix if len(suffix.encode()) <= 20 else ""
    stem = part.removesuffix(suffix).encode()[: _LONGEST_PART - len(suffix.encode())]
    safe = (stem.decode(errors="ignore") + suffix).rstrip(" .")
    return f"_{safe}" if safe.partition(".")[0].rstrip().lower() in _DEVICES else safe


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
