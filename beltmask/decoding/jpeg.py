"""JPEG, held to what its headers promise.

The usual decoders paint over lost data in grey and say nothing; this one goes through
libjpeg-turbo's own complaints and through the list of scans.
"""

from __future__ import annotations

import re
import warnings
from functools import partial

import simplejpeg

from beltmask.decoding.inks import rgb_of_inks
from beltmask.decoding.jpeg_segments import JpegHead, head_of, plain
from beltmask.decoding.pillow import Admit, Opened, camera_notes
from beltmask.messages import Message
from beltmask.model import Size
from beltmask.samples import Samples, Stored, UnsupportedKindError

_MOST_SCANS = 120
"""Of one picture; encoders write a dozen. Each takes a pass over the whole picture."""
_LONGEST_SIDE = 65_500
_SPACES = {1: "GRAY", 3: "RGB", 4: "CMYK"}
_PROGRESSIVE = 0xC2
_SOUND_PROCESSES = {0xC0, 0xC1, _PROGRESSIVE}
_PROCESSES = {
    0xC3: Message("images.jpeg_lossless"),
    0xC5: Message("images.jpeg_hierarchical"),
    0xC6: Message("images.jpeg_hierarchical"),
    0xC7: Message("images.jpeg_hierarchical"),
    0xC9: Message("images.jpeg_arithmetic"),
    0xCA: Message("images.jpeg_arithmetic"),
    0xCB: Message("images.jpeg_lossless_arithmetic"),
    0xCD: Message("images.jpeg_hierarchical"),
    0xCE: Message("images.jpeg_hierarchical"),
    0xCF: Message("images.jpeg_hierarchical"),
    0xF7: Message("images.jpeg_ls"),
}
_ODD_HEADERS = ("unknown JFIF", "Adobe color transform", "SOS parameters", "progression sequence")
"""Complaints of libjpeg about headers that say nothing about the data."""
_EXTRANEOUS = re.compile(r"(\d+) extraneous bytes before marker 0x([0-9a-f]{2})")
_FILLING = 16
"""Bytes some cameras leave between the last block and the end marker."""


def open_jpeg(data: bytes, admit: Admit) -> Opened:
    """Read the headers of all scans.

    Raises:
        UnsupportedKindError: It is coded in a way few programs know.
        ValueError: Parts of it are missing.
    """
    head = head_of(data)
    frame = head.frame
    admit(frame.size)
    _check(head)
    area = frame.size[0] * frame.size[1]
    orientation, taken = camera_notes(head.exif)
    return Opened(
        size=frame.size,
        sample_bytes=area * frame.components,
        read=partial(_stored, data, head),
        orientation=orientation,
        captured_at=taken,
        working_bytes=frame.coefficients * 2 if len(head.scans) > 1 else 0,
    )


def samples_of_part(
    encoded: memoryview, tables: bytes | None, *, ycbcr: bool, largest: Size
) -> Samples:
    """The samples of a JPEG within another file, whose tables may stand elsewhere.

    Args:
        encoded: One whole JPEG.
        tables: A JPEG with tables only.
        ycbcr: Whether three components are YCbCr; RGB otherwise.
        largest: (width, height) it may have at most.

    Raises:
        UnsupportedKindError: It is coded in a way few programs know.
        ValueError: It is damaged, or larger than it may be.
    """
    adobe = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0" + bytes([ycbcr])
    shared = (tables or b"")[2:-2]
    data = b"".join((b"\xff\xd8", adobe, shared, encoded[2:]))
    head = head_of(data)
    _check(head)
    if any(is_ > may for is_, may in zip(head.frame.size, largest, strict=True)):
        raise ValueError("a part larger than its place")
    return _decoded(data, head)


def _check(head: JpegHead) -> None:
    frame = head.frame
    if frame.process not in _SOUND_PROCESSES:
        raise UnsupportedKindError(_PROCESSES.get(frame.process, Message("images.jpeg_unknown")))
    if frame.bits != 8:
        raise UnsupportedKindError(Message("images.jpeg_bits", bits=frame.bits))
    if frame.components not in _SPACES:
        raise UnsupportedKindError(Message("images.jpeg_components", components=frame.components))
    if max(frame.size) > _LONGEST_SIDE or not min(frame.size):
        raise UnsupportedKindError(Message("images.jpeg_side"))
    if len(head.scans) > _MOST_SCANS:
        raise UnsupportedKindError(Message("images.jpeg_scans", count=len(head.scans)))
    if not _complete(head):
        raise ValueError("truncated: scans are missing")


def _complete(head: JpegHead) -> bool:
    """Whether every coefficient of every component came, and with all its bits."""
    if head.frame.process != _PROGRESSIVE:
        return {each for scan in head.scans for each in scan.components} >= set(head.frame.ids)
    bits_left = {component: [1] * 64 for component in head.frame.ids}
    for scan in head.scans:
        for component in scan.components:
            if component in bits_left:
                first, last = scan.coefficients
                bits_left[component][first : last + 1] = [scan.bits_left] * (last + 1 - first)
    return not any(any(left) for left in bits_left.values())


def _stored(data: bytes, head: JpegHead) -> Stored:
    values = _decoded(data, head)
    if head.frame.components == 4:
        return Stored(values, colours=_of_inverted_inks)
    return Stored(values[..., 0] if head.frame.components == 1 else values)


def _of_inverted_inks(inks: Samples) -> Samples:
    """CMYK in a JPEG is written with 255 for no ink."""
    return rgb_of_inks(255 - inks, white=255)


def _decoded(data: bytes, head: JpegHead) -> Samples:
    space = _SPACES[head.frame.components]
    try:
        return _as_it_is(data, space)
    except ValueError as error:  # libjpeg tells what it met first
        if not _is_about_headers(str(error)):
            raise
    return _as_it_is(plain(data, head), space)


def _as_it_is(jpeg: bytes, space: str) -> Samples:
    decode = partial(simplejpeg.decode_jpeg, jpeg, space)
    samples: Samples
    try:
        samples = decode(strict=True)
    except ValueError as error:
        if not _is_filling(str(error), jpeg):
            raise
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            samples = decode(strict=False)
    return samples


def _is_filling(complaint: str, data: bytes) -> bool:
    """Whether it is about bytes before the end marker that some cameras leave there."""
    found = _EXTRANEOUS.search(complaint)
    if found is None or found[2] != "d9":
        return False
    end = head_of(data).end
    left = data[max(0, end - int(found[1])) : end]
    return int(found[1]) <= _FILLING or not left.strip(b"\0\xff")


def _is_about_headers(complaint: str) -> bool:
    odd = any(words in complaint for words in _ODD_HEADERS)
    return odd or _EXTRANEOUS.search(complaint) is not None
