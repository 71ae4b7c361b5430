"""The SAM-family model an installation has set up, if it has one."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from beltmask.detectors.base import Availability
from beltmask.detectors.networks import NetworkError
from beltmask.detectors.sam.files import SamNetworks, open_sam
from beltmask.detectors.sam.inference import Embedding, embed, object_at, object_in
from beltmask.model import Box, Mask, Pixels

log = logging.getLogger(__name__)

_MOST_BYTES = 96_000_000
_INSTEAD = "magic select makes do with GrabCut"
_Stamp = tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SamView:
    """Pixels that need not be read once the model has seen them: ``key`` names them for ever."""

    key: str
    read: Callable[[], Pixels]


class SamModel:
    """Opened at the first question, and again when its files change; for several threads.

    What the encoder made of the last views is kept, so that another click into one of them
    costs only the decoder.
    """

    def __init__(
        self, encoder: Path | None, decoder: Path | None, *, most_bytes: int = _MOST_BYTES
    ) -> None:
        """``most_bytes`` is how much of what the encoder made is kept in memory."""
        self._paths = (encoder, decoder)
        self._opening, self._seeing = threading.Lock(), threading.Lock()
        self._stamp: _Stamp | None = None
        self._networks: SamNetworks | None = None
        self._problem: str | None = None
        self._kept = _KeptEmbeddings(most_bytes)

    @property
    def name(self) -> str | None:
        """Names the model and the bytes of its files; None while none is at work."""
        networks = self._opened()
        return None if networks is None else networks.name

    @property
    def problem(self) -> str | None:
        """What went wrong when the model was last asked, in a sentence. Opens no file."""
        return None if self._problem is None else f"{self._problem}; {_INSTEAD}."

    def availability(self) -> Availability:
        """What is at work; not ready when a file was named and cannot be used."""
        networks = self._opened()
        if self.problem is not None:
            return Availability(ready=False, note=self.problem)
        if networks is None:
            note = "GrabCut. BELTMASK_SAM_ENCODER and BELTMASK_SAM_DECODER add a SAM model."
            return Availability(ready=True, note=note)
        return Availability(ready=True, note=f"{networks.name}, on this machine.")

    def object_in(self, view: SamView, box: Box) -> Mask | None:
        """The object a box was drawn around; None too when no model can be asked."""
        return self._asked(view, lambda networks, seen: object_in(networks, seen, box))

    def object_at(self, view: SamView, spot: tuple[int, int]) -> Mask | None:
        """The object that covers pixel (x, y); None too when no model can be asked."""
        return self._asked(view, lambda networks, seen: object_at(networks, seen, spot))

    def _asked(
        self, view: SamView, ask: Callable[[SamNetworks, Embedding], Mask | None]
    ) -> Mask | None:
        networks = self._opened()
        if networks is None:
            return None
        try:
            found = ask(networks, self._seen(networks, view))
        except NetworkError as error:
            self._say(f"{networks.name}: {error}")
            return None
        self._problem = None
        return found

    def _seen(self, networks: SamNetworks, view: SamView) -> Embedding:
        key = f"{networks.name} {view.key}"
        with self._seeing:  # one at a time: each takes all the threads and some hundred MB
            known = self._kept.find(key)
            if known is None:
                known = embed(networks, view.read())
                self._kept.keep(key, known)
            return known

    def _opened(self) -> SamNetworks | None:
        encoder, decoder = self._paths
        if encoder is None and decoder is None:
            return None
        with self._opening:
            stamp = tuple(map(_stamp, self._paths))
            if stamp != self._stamp:
                self._stamp, self._networks, self._problem = stamp, None, None
                self._open(encoder, decoder)
            return self._networks

    def _open(self, encoder: Path | None, decoder: Path | None) -> None:
        if encoder is None or decoder is None:
            missing = "ENCODER" if encoder is None else "DECODER"
            self._say(f"A SAM model has two files, and BELTMASK_SAM_{missing} is not set")
            return
        try:
            self._networks = open_sam(encoder, decoder)
        except NetworkError as error:
            self._say(str(error))

    def _say(self, problem: str) -> None:
        if problem != self._problem:
            log.warning("%s; %s.", problem, _INSTEAD)
        self._problem = problem


class _KeptEmbeddings:
    """The last ones asked for, as many as fit."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, Embedding] = OrderedDict()

    def find(self, key: str) -> Embedding | None:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: str, embedding: Embedding) -> None:
        self._kept[key] = embedding
        while self._kept and self._total() > self._most_bytes:
            self._kept.popitem(last=False)

    def _total(self) -> int:
        return sum(each.byte_count for each in self._kept.values())


def _stamp(path: Path | None) -> tuple[int, int] | None:
    try:
        told = path.stat() if path is not None else None
    except OSError:
        return None
    return None if told is None else (told.st_mtime_ns, told.st_size)
