from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from beltmask import images
from beltmask.images import read_image, read_samples, upright_bytes
from beltmask.model import Pixels

ALL_FORMATS = ["PNG", "JPEG", "WEBP", "BMP", "TIFF"]
LOSSLESS = ["PNG", "BMP", "TIFF"]


def noise(rows: int = 33, columns: int = 47) -> Pixels:
    return np.random.default_rng(7).integers(0, 256, (rows, columns, 3), dtype=np.uint8)


def written(pixels: NDArray[np.generic], file_format: str = "PNG", **options: object) -> bytes:
    return saved(Image.fromarray(pixels), file_format, **options)


def saved(picture: Image.Image, file_format: str = "PNG", **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, file_format, **options)
    return file.getvalue()


def stored_for(upright: Pixels, orientation: int) -> Pixels:
    """How a camera held as ``orientation`` says would have stored the upright picture."""
    undo = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}[orientation]
    picture = Image.fromarray(upright)
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    return np.asarray(picture.transpose(turns[undo]) if undo in turns else picture)


def exif_with(orientation: int = 1, *, original: str = "", zone: str = "") -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    block = exif.get_ifd(0x8769)
    block.update({0x9003: original, 0x9011: zone})
    exif[0x8769] = block
    return exif


@pytest.mark.parametrize("file_format", LOSSLESS)
def test_lossless_pixels_arrive_exactly(file_format: str) -> None:
    pixels = noise()
    decoded = read_image(written(pixels, file_format), name="belt")
    assert np.array_equal(decoded.pixels, pixels)
    assert decoded.facts.size == (47, 33)
    assert (decoded.facts.bit_depth, decoded.facts.window) == (8, None)


@pytest.mark.parametrize("file_format", ALL_FORMATS)
def test_every_format_is_named_and_decoded_as_pillow_does(file_format: str) -> None:
    data = written(noise(), file_format)
    decoded = read_image(data, name="belt")
    assert decoded.facts.file_format.upper() == file_format
    assert decoded.facts.byte_count == len(data)
    with Image.open(BytesIO(data)) as picture:
        assert np.array_equal(decoded.pixels, np.asarray(picture.convert("RGB")))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_every_orientation_gives_the_same_upright_picture(
    orientation: int, file_format: str
) -> None:
    upright = noise()
    stored = stored_for(upright, orientation)
    data = written(stored, file_format, exif=exif_with(orientation))
    decoded = read_image(data, name="belt")
    assert decoded.facts.orientation == orientation
    assert decoded.facts.size == (47, 33)
    assert np.array_equal(decoded.pixels, upright)
    assert np.array_equal(read_samples(data), upright)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_export_needs_no_turning(orientation: int) -> None:
    upright = noise()
    data = written(stored_for(upright, orientation), exif=exif_with(orientation))
    exported, suffix = upright_bytes(data, read_image(data, name="belt"))
    assert suffix == ".png"
    assert (exported == data) == (orientation == 1)
    plain = cv2.imdecode(np.frombuffer(exported, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert plain is not None
    assert np.array_equal(plain, upright)
    with Image.open(BytesIO(exported)) as picture:
        assert picture.getexif().get(0x0112, 1) == 1


@pytest.mark.parametrize("orientation", [0, 9, 77])
def test_a_senseless_orientation_counts_as_upright(orientation: int) -> None:
    decoded = read_image(written(noise(), exif=exif_with(orientation)), name="belt")
    assert decoded.facts.orientation == 1


def test_sixteen_bit_colour_turns_with_its_picture() -> None:
    upright = noise().astype(np.uint16) * 251
    turned = np.rot90(upright)  # the camera lay on its side: orientation 6 stands it up
    data = images.encode_png(np.ascontiguousarray(turned))
    tagged = with_png_orientation(data, 6)
    decoded = read_image(tagged, name="belt")
    assert np.array_equal(read_samples(tagged), upright)
    exported, suffix = upright_bytes(tagged, decoded)
    assert suffix == ".png"
    assert np.array_equal(read_samples(exported), upright)


def with_png_orientation(data: bytes, orientation: int) -> bytes:
    body = b"eXIf" + exif_with(orientation).tobytes().removeprefix(b"Exif\0\0")
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:33] + chunk + data[33:]


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
@pytest.mark.parametrize("shape", [(20, 30), (20, 30, 3)], ids=["grey", "colour"])
def test_sixteen_bit_samples_stay_exact(suffix: str, shape: tuple[int, ...]) -> None:
    samples = np.random.default_rng(1).integers(0, 4096, shape, dtype=np.uint16)
    samples.flat[0] = 4095
    data = bytes(cv2.imencode(suffix, samples)[1])
    facts = read_image(data, name="belt").facts
    expected = samples if samples.ndim == 2 else samples[..., ::-1]
    assert np.array_equal(read_samples(data), expected)
    assert facts.bit_depth == 16
    assert facts.window is not None


def test_the_window_says_which_samples_became_black_and_white() -> None:
    samples = np.linspace(1000, 3000, 40_000).reshape(200, 200).astype(np.uint16)
    decoded = read_image(images.encode_png(samples), name="x-ray")
    assert decoded.facts.window is not None
    low, high = decoded.facts.window
    assert low == pytest.approx(1002, abs=2)
    assert high == pytest.approx(2998, abs=2)
    shown = np.rint(np.clip((samples - low) / (high - low), 0, 1) * 255).astype(np.uint8)
    assert np.array_equal(decoded.pixels[..., 0], shown)


def test_sixteen_bit_colours_show_the_whole_range_of_the_sensor() -> None:
    samples = np.full((4, 4, 3), 2048, dtype=np.uint16)
    decoded = read_image(images.encode_png(samples), name="twelve bits")
    assert decoded.facts.window == (0.0, 4095.0)
    assert (decoded.pixels == 128).all()


def test_a_float_tiff_keeps_its_values_and_survives_missing_ones() -> None:
    heat = np.linspace(18.5, 91.25, 600, dtype=np.float32).reshape(20, 30)
    heat[3, 4] = np.nan
    data = written(heat, "TIFF")
    decoded = read_image(data, name="heat")
    assert np.array_equal(read_samples(data), heat, equal_nan=True)
    assert decoded.facts.bit_depth == 32
    assert decoded.pixels[3, 4, 0] == 0


def test_floats_that_are_large_and_all_the_same_are_shown() -> None:
    shown = read_image(written(np.full((4, 5), 1e20, dtype=np.float32), "TIFF"), name="flat")
    assert np.unique(shown.pixels).tolist() == [0]


def test_floats_at_the_ends_of_their_range_are_shown() -> None:
    signalling_nan = np.frombuffer(b"\x01\0\x80\x7f", np.float32)[0]
    extremes = np.array([[-3e38, 3e38, np.inf, -np.inf, 0]], dtype=np.float32)
    extremes[0, 4] = signalling_nan
    decoded = read_image(written(extremes, "TIFF"), name="raw")
    assert decoded.pixels[0, :, 0].tolist() == [0, 255, 255, 0, 0]


def test_a_uniform_deep_picture_is_no_division_by_zero() -> None:
    decoded = read_image(images.encode_png(np.full((5, 5), 900, dtype=np.uint16)), name="flat")
    assert decoded.facts.window == (900.0, 901.0)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "LA", "RGBA"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    picture = Image.fromarray(noise()).convert(mode)
    decoded = read_image(saved(picture, "TIFF" if mode == "CMYK" else "PNG"), name=mode)
    assert np.array_equal(decoded.pixels, np.asarray(picture.convert("RGB")))
    assert not decoded.transparent


def test_transparent_parts_lie_on_white_and_are_exported_so() -> None:
    rgba = np.dstack([noise(), np.full((33, 47), 255, dtype=np.uint8)])
    rgba[:10, :, 3] = 0
    rgba[10:20, :, 3] = 100
    data = written(rgba)
    decoded = read_image(data, name="cut out")
    assert decoded.transparent
    assert (decoded.pixels[:10] == 255).all()
    assert np.array_equal(decoded.pixels[20:], rgba[20:, :, :3])
    exported, suffix = upright_bytes(data, decoded)
    assert suffix == ".png"
    assert np.array_equal(read_samples(exported), decoded.pixels)


def test_of_many_pages_the_first_is_taken_and_that_is_said() -> None:
    first, second = Image.fromarray(noise()), Image.new("RGB", (9, 9))
    data = saved(first, "TIFF", save_all=True, append_images=[second])
    with Image.open(BytesIO(data)) as pages:
        assert len(list(ImageSequence.Iterator(pages))) == 2
    decoded = read_image(data, name="pages")
    assert decoded.first_of_many
    assert np.array_equal(decoded.pixels, noise())


@pytest.mark.parametrize(
    ("original", "zone", "captured"),
    [
        pytest.param(
            "2026:03:04 05:06:07", "", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), id="wall clock"
        ),
        pytest.param(
            "2026:03:04 05:06:07", "+02:00", datetime(2026, 3, 4, 3, 6, 7, tzinfo=UTC), id="zone"
        ),
        pytest.param("    :  :     :  :  ", "", None, id="blank"),
        pytest.param("2026:99:04 05:06:07", "", None, id="no such month"),
        pytest.param("", "", None, id="nothing"),
    ],
)
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_the_time_of_capture_is_read(
    original: str, zone: str, captured: datetime | None, file_format: str
) -> None:
    data = written(noise(), file_format, exif=exif_with(original=original, zone=zone))
    assert read_image(data, name="belt").facts.captured_at == captured


def test_shrinking_keeps_the_shape_and_never_enlarges() -> None:
    pixels = noise(100, 300)
    assert images.shrunk(pixels, 150).shape == (50, 150, 3)
    assert images.shrunk(pixels, 400) is pixels
    assert images.shrunk(noise(1, 300), 10).shape == (1, 10, 3)


def test_previews_and_thumbnails_are_small_jpegs_of_the_picture() -> None:
    pixels = np.full((1500, 3000, 3), (200, 40, 90), dtype=np.uint8)
    for data, side in ((images.preview_jpeg(pixels), 2048), (images.thumbnail_jpeg(pixels), 256)):
        small = read_image(data, name="small")
        assert small.facts.file_format == "JPEG"
        assert small.facts.size == (side, side // 2)
        assert np.abs(small.pixels.astype(int) - (200, 40, 90)).max() < 4


@pytest.mark.pictures
def test_real_pictures_are_read_as_pillow_reads_them(shared_data: Path) -> None:
    files = sorted((shared_data / "pictures").glob("*/images/*"))[::6]
    assert files
    for file in files:
        decoded = read_image(file.read_bytes(), name=file.name)
        with Image.open(file) as picture:
            assert np.array_equal(decoded.pixels, np.asarray(picture.convert("RGB"))), file
