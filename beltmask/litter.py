"""What systems leave behind in folders, and what they hide: passed over without a word."""

from __future__ import annotations

_LITTER = frozenset({"__macosx", "thumbs.db", "desktop.ini"})


def is_litter(name: str) -> bool:
    """Whether a file or folder of this name is nobody's picture."""
    return name.startswith(".") or name.lower() in _LITTER
