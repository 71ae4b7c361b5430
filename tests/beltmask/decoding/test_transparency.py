"""One rule for alpha in all formats, depths and headers."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from beltmask.images import read_image, read_samples, upright_bytes


def png(depth: int, colour: int, row: bytes, transparent: bytes = b"", width: int = 2) -> bytes:
    """One row. ``transparent`` is the body of tRNS."""
    header = struct.pack(">IIBBBBB", width, 1, depth, colour, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"tRNS", transparent), (b"IDAT", zlib.compress(b"\0" + row))]
    written = (chunk(*each) for each in [*chunks, (b"IEND", b"")] if each[1] or each[0] == b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


@pytest.mark.parametrize("depth", [8, 16])
def test_a_transparent_grey_is_white_at_every_depth(depth: int) -> None:
    letter, white = {8: ("B", 255), 16: ("H", 65535)}[depth]
    data = png(depth, 0, struct.pack(f">2{letter}", 77, 78), struct.pack(">H", 77))
    assert read_samples(data).tolist() == [[white, 78]]
    assert read_image(data, name="belt").transparent


@pytest.mark.parametrize("depth", [8, 16])
def test_a_transparent_colour_is_white_at_every_depth(depth: int) -> None:
    letter, white = {8: ("B", 255), 16: ("H", 65535)}[depth]
    row = struct.pack(f">6{letter}", 1, 2, 3, 1, 2, 4)
    data = png(depth, 2, row, struct.pack(">3H", 1, 2, 3))
    assert read_samples(data).tolist() == [[[white] * 3, [1, 2, 4]]]
    assert read_image(data, name="belt").transparent


def test_a_transparent_colour_that_is_nowhere_changes_nothing() -> None:
    data = png(16, 0, struct.pack(">2H", 300, 400), struct.pack(">H", 77))
    assert read_samples(data).tolist() == [[300, 400]]
    assert not read_image(data, name="belt").transparent


def test_sixteen_bit_alpha_of_a_png_is_used_with_all_its_bits() -> None:
    data = png(16, 6, struct.pack(">8H", 100, 200, 300, 65535, 0, 0, 65535, 32768))
    assert read_samples(data).tolist() == [[[100, 200, 300], [32767, 32767, 65535]]]


@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "TIFF"])
def test_an_alpha_that_is_zero_everywhere_says_nothing(file_format: str) -> None:
    rgba = np.random.default_rng(2).integers(0, 256, (9, 8, 4), dtype=np.uint8)
    rgba[..., 3] = 0
    file = BytesIO()
    Image.fromarray(rgba).save(file, file_format, lossless=True, exact=True)
    decoded = read_image(file.getvalue(), name="belt")
    assert np.array_equal(decoded.pixels, rgba[..., :3])
    assert not decoded.transparent
    exported, _ = upright_bytes(file.getvalue(), decoded)
    with Image.open(BytesIO(exported)) as theirs:  # others would have shown nothing
        assert theirs.mode == "RGB"
        assert np.array_equal(np.asarray(theirs), rgba[..., :3])


@pytest.mark.parametrize("header", [108, 124])
@pytest.mark.parametrize("down", [1, -1], ids=["upwards", "downwards"])
@pytest.mark.parametrize("alpha", [0, 255, 100])
def test_the_alpha_of_a_bmp_follows_the_same_rule(header: int, down: int, alpha: int) -> None:
    bgra = np.random.default_rng(2).integers(0, 256, (5, 6, 4), dtype=np.uint8)
    bgra[..., 3] = alpha
    rows = bgra if down < 0 else bgra[::-1]
    masks = struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    info = struct.pack("<IiiHHIIiiII", header, 6, 5 * down, 1, 32, 3, 120, 0, 0, 0, 0) + masks
    start = 14 + header
    head = b"BM" + struct.pack("<IHHI", start + 120, 0, 0, start) + info.ljust(header, b"\0")
    decoded = read_image(head + rows.tobytes(), name="belt")
    colours = bgra[..., 2::-1].astype(int)
    seen = colours if alpha in (0, 255) else (colours * 100 + 255 * 155 + 127) // 255
    assert np.array_equal(decoded.pixels, seen)
    assert decoded.transparent == (alpha == 100)


@pytest.mark.pictures
def test_the_bmp_that_turned_white_shows_its_colours(shared_data: Path) -> None:
    folder = shared_data / "faults/04-alpha-zero-everywhere"
    found, control = (
        read_image((folder / name).read_bytes(), name=name).pixels
        for name in ("bmp32_v5_alpha0.bmp", "control.bmp")
    )
    assert np.array_equal(found, control)
    assert found[50, 80].tolist() == [60, 30, 195]


def test_a_frame_that_covers_part_of_a_film_lies_on_its_canvas() -> None:
    canvas = Image.new("RGBA", (40, 30))
    part = canvas.copy()
    part.paste((200, 10, 10, 255), (10, 6, 20, 16))
    file = BytesIO()
    part.save(
        file, "WEBP", save_all=True, append_images=[canvas], lossless=True, minimize_size=True
    )
    decoded = read_image(file.getvalue(), name="film")
    assert decoded.first_of_many
    assert decoded.pixels.shape == (30, 40, 3)
    assert decoded.pixels[10, 15].tolist() == [200, 10, 10]
    assert decoded.pixels[0, 0].tolist() == [255, 255, 255]
