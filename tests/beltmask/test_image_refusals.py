"""What the door to images turns away, and that it raises nothing else."""

from __future__ import annotations

import random
import struct
import zlib
from contextlib import suppress
from io import BytesIO

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from beltmask.errors import ImageRefusedError
from beltmask.images import ImageLimits, read_image
from beltmask.model import Pixels
from tests.examples import examples

ALL_FORMATS = ["PNG", "JPEG", "WEBP", "BMP", "TIFF"]


def noise(rows: int = 33, columns: int = 47) -> Pixels:
    return np.random.default_rng(7).integers(0, 256, (rows, columns, 3), dtype=np.uint8)


def saved(picture: Image.Image, file_format: str, **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, file_format, **options)
    return file.getvalue()


def written(pixels: Pixels, file_format: str, **options: object) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(Image.fromarray(pixels), file_format, exif=exif, **options)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "belt.png is empty", id="no bytes"),
        pytest.param(b"hello, belt", "belt.png is not a picture", id="text"),
        pytest.param(b"GIF89a" + bytes(90), "a GIF file, which is not supported", id="gif"),
        pytest.param(b"%PDF-1.7", "a PDF file, which is not supported", id="pdf"),
        pytest.param(b"\0\0\0\x18ftypheic", "a HEIC file, which is not", id="heic"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\xff" * 40, "damaged", id="broken png"),
        pytest.param(b"\xff\xd8\xff\xe0", "cut short", id="only a signature"),
    ],
)
def test_what_is_no_usable_picture_is_refused_by_name(data: bytes, reason: str) -> None:
    with pytest.raises(ImageRefusedError, match=reason):
        read_image(data, name="belt.png")


@pytest.mark.parametrize("file_format", ALL_FORMATS)
@pytest.mark.parametrize("kept", [0.3, 0.7, 0.98])
def test_a_cut_file_is_refused_and_not_painted_grey(file_format: str, kept: float) -> None:
    data = written(noise(120, 160), file_format)
    with pytest.raises(ImageRefusedError, match=r"belt is .*cut short"):
        read_image(data[: int(len(data) * kept)], name="belt")


def test_a_jpeg_whose_end_was_filled_with_zeros_is_refused() -> None:
    data = written(noise(120, 160), "JPEG")
    half = len(data) // 2
    with pytest.raises(ImageRefusedError, match="cut short"):
        read_image(data[:half] + bytes(len(data) - half), name="belt")


def test_a_jpeg_may_carry_something_behind_its_end() -> None:
    data = written(noise(), "JPEG")
    assert read_image(data + b"film\xff\xda" * 9, name="motion photo").facts.size == (33, 47)


def bomb(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    start = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + start + struct.pack(">I", 9) + b"IDAT"


@pytest.mark.parametrize(
    ("data", "limits", "reason"),
    [
        pytest.param(bomb(60_000, 60_000), ImageLimits(), "150,000,000 pixels", id="bomb"),
        pytest.param(bomb(70_000, 2), ImageLimits(), "longest side", id="too long"),
        pytest.param(bomb(11, 10), ImageLimits(max_pixels=109), "11 x 10", id="own limit"),
        pytest.param(bytes(99), ImageLimits(max_bytes=98), "has 99 bytes", id="bytes"),
    ],
)
def test_size_is_checked_before_anything_is_decoded(
    data: bytes, limits: ImageLimits, reason: str
) -> None:
    with pytest.raises(ImageRefusedError, match=reason):
        read_image(data, name="bomb.png", limits=limits)


def test_between_pillows_warning_and_our_limit_a_picture_is_read_in_silence() -> None:
    data = saved(Image.new("1", (9_500, 9_500)), "PNG")
    assert read_image(data, name="scan").facts.size == (9_500, 9_500)


def accepted_or_refused(data: bytes) -> None:
    with suppress(ImageRefusedError):
        decoded = read_image(data, name="fuzz", limits=ImageLimits(max_pixels=1_000_000))
        assert decoded.pixels.shape == (decoded.facts.height, decoded.facts.width, 3)


@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"BM", b"RIFF1234WEBP", b""]),
    st.binary(max_size=300),
)
@settings(max_examples=examples(100, exploring=300))
def test_random_bytes_raise_nothing_but_a_refusal(start: bytes, rest: bytes) -> None:
    accepted_or_refused(start + rest)


SAMPLES = [
    *(written(noise(), file_format) for file_format in ALL_FORMATS),
    written(noise(), "TIFF", compression="tiff_lzw"),
    written(noise(), "JPEG", progressive=True),
    bytes(cv2.imencode(".png", noise().astype(np.uint16))[1]),
    bytes(cv2.imencode(".tiff", noise().astype(np.uint16))[1]),
]


@pytest.mark.parametrize("sample", SAMPLES, ids=range(len(SAMPLES)))
def test_damaged_files_raise_nothing_but_a_refusal(sample: bytes) -> None:
    chance = random.Random(3)  # noqa: S311
    for _ in range(60):
        data = bytearray(sample)
        for _ in range(chance.randint(1, 8)):
            near_the_header = chance.random() < 0.6
            at = chance.randrange(min(200, len(data)) if near_the_header else len(data))
            data[at] = chance.randrange(256)
        accepted_or_refused(bytes(data))
