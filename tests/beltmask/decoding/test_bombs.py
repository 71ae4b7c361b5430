"""Small files that ask for much: held to what their picture is worth, or refused."""

from __future__ import annotations

import sys
import zlib

import numpy as np
import pytest

from beltmask.errors import ImageRefusedError
from beltmask.images import encode_jpeg, encode_png, read_image
from tests.beltmask.decoding.tiff_writer import BITS, COMPRESSION, PHOTOMETRIC, Tags, file_of
from tests.worst_pictures import Worst, chunk, forget_peak, peak, worst_pictures

linux = pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process is Linux's")
PIXELS = np.random.default_rng(4).integers(0, 256, (20, 30, 3), dtype=np.uint8)
SIDE = 2_600
TIMES, BESIDES = 2.5, 25_000_000
WORST = {worst.name: worst for worst in worst_pictures()}
HEAVY = [
    "PNG of 16-bit colour",
    "PNG with alpha",
    "PNG, interlaced, turned",
    "TIFF of 16 bits, in planes",
    "TIFF of inks, turned",
    "JPEG of inks",
]


@linux
@pytest.mark.parametrize("worst", [WORST[name] for name in HEAVY], ids=HEAVY)
def test_a_picture_takes_no_more_than_two_and_a_half_times_its_samples(worst: Worst) -> None:
    data = worst.write(SIDE)
    before = forget_peak()
    read_image(data, name=worst.name)
    assert peak() - before < TIMES * SIDE * SIDE * worst.sample_bytes + BESIDES


def with_chunks(chunks: bytes) -> bytes:
    """The picture with chunks between its header and its data."""
    data = encode_png(PIXELS)
    return data[:33] + chunks + data[33:]


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(chunk(b"tEXt", b"a\0b"), id="texts"),
        pytest.param(chunk(b"prVt", b""), id="private"),
        pytest.param(chunk(b"IDAT", b""), id="empty data"),
        pytest.param(chunk(b"fcTL", bytes(26)), id="frames"),
    ],
)
def test_a_png_of_50_000_chunks_is_read_like_one_of_four(one: bytes) -> None:
    found = read_image(with_chunks(one * 50_000), name="belt.png")
    assert np.array_equal(found.pixels, PIXELS)


@linux
@pytest.mark.parametrize("name", [b"zTXt", b"iTXt", b"iCCP"])
def test_texts_and_profiles_that_unpack_to_gigabytes_are_not_unpacked(name: bytes) -> None:
    packed = zlib.compress(bytes(7_000_000), 9)
    head = {b"zTXt": b"a\0\0", b"iTXt": b"a\0\1\0\0\0", b"iCCP": b"a\0\0"}[name]
    data = with_chunks(chunk(name, head + packed) * 60)
    before = forget_peak()
    assert np.array_equal(read_image(data, name="belt.png").pixels, PIXELS)
    assert peak() - before < 10_000_000


def test_more_chunks_than_any_program_writes_are_refused_as_a_kind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("beltmask.decoding.png._MOST_CHUNKS", 1_000)
    with pytest.raises(ImageRefusedError, match="more than 1,000 chunks"):
        read_image(with_chunks(chunk(b"tEXt", b"a\0b") * 1_000), name="belt.png")


def test_a_jpeg_of_a_hundred_thousand_segments_is_refused() -> None:
    data = encode_jpeg(PIXELS)
    with pytest.raises(ImageRefusedError, match=r"belt.jpg is .*cut short"):
        read_image(data[:2] + b"\xff\xfe\0\2" * 100_001 + data[2:], name="belt.jpg")


def test_a_tiff_in_millions_of_parts_is_refused_as_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("beltmask.decoding.tiff._MOST_SEGMENTS", 10)
    tags: Tags = {256: 5, 257: 11, BITS: 8, COMPRESSION: 1, PHOTOMETRIC: 1, 277: 1, 278: 1}
    with pytest.raises(ImageRefusedError, match="cut into 11 parts"):
        read_image(file_of([(tags, [bytes(5)] * 11)]), name="belt.tif")


def test_the_directories_of_a_tiff_are_looked_at_up_to_a_number() -> None:
    tags: Tags = {256: 5, 257: 1, BITS: 8, COMPRESSION: 1, PHOTOMETRIC: 1, 277: 1, 278: 1}
    found = read_image(file_of([(tags, [bytes(5)])] * 3_000), name="belt.tif")
    assert found.first_of_many


def test_a_coding_that_takes_far_more_memory_than_its_samples_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = WORST["JPEG, progressive"].write(200)
    assert read_image(data, name="belt.jpg").facts.size == (200, 200)
    monkeypatch.setattr("beltmask.decoding.pictures.MOST_BESIDES", 0)
    with pytest.raises(ImageRefusedError, match="coded in a way that takes too much memory"):
        read_image(data, name="belt.jpg")
