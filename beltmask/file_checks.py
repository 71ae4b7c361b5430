"""What the name and the first bytes of a file say of it, before the rest is read or unpacked."""

from __future__ import annotations

from pathlib import PurePosixPath

from beltmask.decoding.signatures import NO_PICTURES, unsupported
from beltmask.errors import ImageRefusedError, NotAPictureError
from beltmask.images import KINDS, SUFFIXES, kind_of
from beltmask.messages import Message

HEAD = 1 << 16
"""How many bytes are looked at. A file of no more may be read to its end."""

_LITTER = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
_ARCHIVES = frozenset({".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz"})
_THEMSELVES = Message("images.unpack")
_NO_PICTURES = NO_PICTURES | {None}


def is_litter(name: str) -> bool:
    """Whether systems leave a file or folder of this name behind, or hide it: nobody's picture."""
    return name.startswith(".") or name.lower() in _LITTER


def has_pictures_suffix(name: str) -> bool:
    return _suffix(name) in SUFFIXES


def refuse_archive(name: str, *, within_archive: bool) -> None:
    """Pictures may be in it, so it is not passed over.

    Raises:
        ImageRefusedError: By its name it is an archive.
    """
    if _suffix(name) in _ARCHIVES:
        within = Message("images.zip_in_zip", name=name)
        beside = Message("images.zip_in_folder", name=name)
        raise ImageRefusedError(within if within_archive else beside, hint=_THEMSELVES)


def refuse_by_head(name: str, head: bytes) -> None:
    """Stop what is no picture by its first ``HEAD`` bytes; a short file is left to its reader.

    Raises:
        NotAPictureError: Neither name nor content say that it is one.
        ImageRefusedError: It is called one and is none, or it is one of a kind nobody reads here.
    """
    kind = kind_of(head)
    if not has_pictures_suffix(name) and kind in _NO_PICTURES:
        raise NotAPictureError(Message("images.no_suffix", name=name))
    if kind not in KINDS and len(head) >= HEAD:
        if kind is None:
            raise ImageRefusedError(Message("images.no_picture", name=name))
        raise ImageRefusedError(unsupported(name, kind))


def _suffix(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()
