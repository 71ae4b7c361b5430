"""The one door to every format: write, read, and read back what was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from beltmask.formats.certificate import Certificate
from beltmask.formats.dataset import Dataset, DatasetImage, Loss, WrittenDataset
from beltmask.messages import Message


class Format(Protocol):
    """A way in which data sets are kept in files. A new one is a module and a line in ``registry``.

    ``name`` is what the command line calls it, ``title`` what people do. ``suffix`` is that of
    annotations without their pictures, where one file holds them; "" where it takes a folder.
    ``loses`` is what it cannot hold, whatever is written.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def suffix(self) -> str: ...

    @property
    def loses(self) -> frozenset[Loss]: ...

    def write(
        self,
        path: Path,
        images: Iterable[DatasetImage],
        classes: Mapping[int, str],
        *,
        description: str = "",
    ) -> WrittenDataset:
        """Write a ZIP with the pictures that images bring, or a file of ``suffix`` without any.

        Images are taken once, in order; one and its objects are in memory at a time. Their names
        are made safe and unique. ``classes`` are names by position, counted from 0.

        Raises:
            FormatError: An object leaves its image, its class is unknown, or the format has no way
                to say something of it. The message names the image.
        """
        ...

    def read(
        self, path: Path, *, truth: Dataset | None = None, left_out: list[Message] | None = None
    ) -> Dataset:
        """Read what any tool wrote, its objects when they are asked for.

        ``truth`` is what predictions answer that name no images themselves. ``left_out`` gets a
        sentence for each object that cannot be read; without such a list the first is raised.

        Raises:
            FormatError: It is not of this format; names the file and the entry that is wrong.
        """
        ...

    def certify(self, path: Path, written: WrittenDataset) -> Certificate:
        """Have somebody else's reader read a written file, and compare all of it.

        Raises:
            FormatError: Anything differs, or the file cannot be read back.
        """
        ...
