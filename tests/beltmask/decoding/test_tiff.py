"""TIFFs of every kind: read as other readers do, or refused as a kind; never called damaged."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image

from beltmask.errors import ImageRefusedError
from beltmask.images import read_image, read_samples
from tests.beltmask.decoding.tiff_writer import (
    BITS,
    COMPRESSION,
    PHOTOMETRIC,
    Tags,
    file_of,
    tiff,
)

ORDERS = pytest.mark.parametrize("order", ["<", ">"])
UNSUPPORTED = "of a kind that is not supported"


def noise(*shape: int, below: int = 256, kind: str = "B") -> np.ndarray:
    return np.random.default_rng(3).integers(0, below, shape).astype(kind)


@ORDERS
@pytest.mark.parametrize("kind", ["B", "H", "I", "h", "i", "e", "f", "d"])
@pytest.mark.parametrize("planar", [False, True], ids=["pixel by pixel", "plane by plane"])
@pytest.mark.parametrize("samples", [1, 3])
def test_samples_come_out_as_they_went_in(
    kind: str, samples: int, planar: bool, order: str
) -> None:
    values = noise(11, 7, samples, below=120, kind=kind)
    found = read_samples(
        tiff(values, photometric=2 if samples == 3 else 1, planar=planar, order=order)
    )
    assert np.array_equal(found, values if samples == 3 else values[..., 0])
    assert found.dtype == (np.float32 if kind == "e" else np.dtype(kind))


@ORDERS
@pytest.mark.parametrize("bits", [1, 2, 4, 8, 10, 12, 14, 16])
@pytest.mark.parametrize("inverted", [False, True], ids=["black is zero", "white is zero"])
def test_packed_samples_are_read_and_white_is_white(bits: int, inverted: bool, order: str) -> None:
    most = 2**bits - 1
    values = noise(9, 21, below=most + 1, kind="B" if bits <= 8 else "H")
    written = most - values if inverted else values
    found = read_samples(tiff(written, photometric=0 if inverted else 1, bits=bits, order=order))
    assert np.array_equal(found, values * (255 // most) if bits < 8 else values)


@pytest.mark.parametrize("kind", ["f", "h"])
def test_where_white_is_zero_more_is_darker_also_in_floats_and_signed_numbers(kind: str) -> None:
    values = np.arange(12).reshape(3, 4).astype(kind)
    shown = read_image(tiff(values, photometric=0), name="heat").pixels[..., 0]
    assert shown[0, 0] == 255
    assert shown[-1, -1] == 0


@ORDERS
@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("kind", ["B", "H"])
@pytest.mark.parametrize(
    ("photometric", "colours"), [(1, 1), (2, 3), (5, 4)], ids=["grey", "rgb", "cmyk"]
)
def test_alpha_that_is_opaque_or_zero_everywhere_leaves_the_colours(
    photometric: int, colours: int, kind: str, planar: bool, order: str
) -> None:
    most = np.iinfo(kind).max
    values = noise(5, 6, colours + 1, below=most + 1, kind=kind)
    without = tiff(values[..., :colours], photometric=photometric)
    expected = read_samples(without)
    for alpha, extra in ((most, [2]), (0, [2]), (0, None), (0, [1]), (77, [0])):
        values[..., colours] = alpha
        data = tiff(values, photometric=photometric, extra=extra, planar=planar, order=order)
        decoded = read_image(data, name="belt")
        assert not decoded.transparent
        assert np.array_equal(read_samples(data), expected)


@pytest.mark.parametrize("kind", ["B", "H"])
def test_transparent_parts_lie_on_white_however_alpha_was_applied(kind: str) -> None:
    most = np.iinfo(kind).max
    straight = np.zeros((1, 3, 4), kind)
    straight[0] = [[most, 0, 0, most], [most, 0, 0, 0], [most, 0, 0, most // 5]]
    multiplied = straight.copy()
    multiplied[..., :3] = straight[..., :3] // most * straight[..., 3:]
    for values, extra in ((straight, 2), (multiplied, 1)):
        data = tiff(values, photometric=2, extra=[extra])
        fifth = most - most // 5
        expected = [[most, 0, 0], [most] * 3, [most, fifth, fifth]]
        assert read_samples(data)[0].tolist() == expected
        assert read_image(data, name="belt").transparent


def test_alpha_of_sixteen_bits_loses_no_bits() -> None:
    values = np.array([[[960, 480, 3120, 65535], [1, 2, 3, 65534]]], np.uint16)
    found = read_samples(tiff(values, photometric=2, extra=[2]))
    assert found[0].tolist() == [[960, 480, 3120], [2, 3, 4]]


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16])
def test_palettes_show_their_colours(bits: int) -> None:
    table = np.random.default_rng(1).integers(0, 256, (3, 2**bits)) * 257
    values = noise(6, 10, below=2**bits, kind="B" if bits <= 8 else "H")
    data = tiff(values, photometric=3, bits=bits, tags={320: table.ravel().tolist()})
    assert np.array_equal(read_samples(data), (table.T // 257)[values])


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "CMYK", "P", "1"])
def test_compressed_tiffs_are_read_as_pillow_reads_them(compression: str, mode: str) -> None:
    if compression == "jpeg" and mode not in {"L", "RGB", "CMYK"}:
        pytest.skip("JPEG holds no such samples")
    picture = Image.fromarray(noise(40, 30, 3)).convert(mode)
    file = BytesIO()
    picture.save(file, "TIFF", compression=compression)
    with Image.open(file) as theirs:
        expected = np.asarray(theirs.convert("L" if mode in "1L" else "RGB"))
    assert np.array_equal(read_samples(file.getvalue()), expected)


@pytest.mark.parametrize("compression", [1, 5, 8, 32773])
@pytest.mark.parametrize("kind", ["B", "H", "f"])
@pytest.mark.parametrize("predicted", [False, True])
def test_compressed_tiffs_are_read_as_opencv_wrote_them(
    compression: int, kind: str, predicted: bool
) -> None:
    values = noise(60, 33, 3, below=200, kind=kind)
    options = [cv2.IMWRITE_TIFF_COMPRESSION, compression, cv2.IMWRITE_TIFF_PREDICTOR, 1 + predicted]
    if kind == "f" and predicted:
        options[-1] = 3
    done, data = cv2.imencode(".tif", values, options)
    assert done
    assert np.array_equal(read_samples(bytes(data)), values[..., ::-1])


@pytest.mark.parametrize("big", [False, True], ids=["32-bit offsets", "64-bit offsets"])
@pytest.mark.parametrize("tile", [None, (32, 48)], ids=["strips", "tiles"])
@pytest.mark.parametrize("packing", [None, "zlib", "lzw", "zstd", "packbits", "lzma"])
@pytest.mark.parametrize("kind", ["B", "H", "f"])
def test_layouts_of_scientific_tiffs_are_read_and_turned(
    kind: str, packing: str | None, tile: tuple[int, int] | None, big: bool
) -> None:
    values = noise(70, 90, 3, below=200, kind=kind)
    turned = [(274, 3, 1, 3, True)]
    for planar in (1, 2):
        file = BytesIO()
        tifffile.imwrite(
            file,
            values if planar == 1 else np.moveaxis(values, -1, 0),
            photometric="rgb",
            planarconfig=planar,
            bigtiff=big,
            tile=tile,
            compression=packing,
            predictor=packing in {"zlib", "lzw", "zstd"} or None,
            extratags=turned,
        )
        assert read_image(file.getvalue(), name="belt").facts.orientation == 3
        assert np.array_equal(read_samples(file.getvalue()), values[::-1, ::-1])


def test_bilevel_fax_is_read() -> None:
    picture = Image.fromarray(noise(40, 30) > 128)
    for compression in ("group3", "group4", "tiff_ccitt"):
        file = BytesIO()
        picture.save(file, "TIFF", compression=compression)
        assert np.array_equal(read_samples(file.getvalue()) > 0, np.asarray(picture)), compression


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(tiff(noise(4, 5, 3), photometric=8), "CIELAB", id="lab"),
        pytest.param(tiff(noise(4, 5, 3), photometric=32845), "LOGLUV", id="logluv"),
        pytest.param(tiff(noise(4, 6, 3), photometric=6), "YCBCR", id="uncompressed ycbcr"),
        pytest.param(tiff(noise(4, 5), photometric=4), "MASK", id="a mask"),
        pytest.param(tiff(noise(4, 5, 7), photometric=2), "7 samples", id="seven bands"),
        pytest.param(tiff(noise(4, 5), photometric=1, tags={COMPRESSION: 34712}), "JPEG", id="j2k"),
        pytest.param(tiff(noise(4, 5), photometric=1, tags={COMPRESSION: 6}), "OJPEG", id="ojpeg"),
        pytest.param(tiff(noise(4, 5), photometric=1, tags={COMPRESSION: 9999}), "9999", id="new"),
        pytest.param(tiff(noise(4, 5, 2), photometric=1, tags={BITS: [8, 4]}), "", id="two depths"),
        pytest.param(
            tiff(noise(4, 5, 4, kind="f"), photometric=2, extra=[2]), "", id="float alpha"
        ),
    ],
)
def test_what_is_not_read_exactly_is_refused_as_a_kind(data: bytes, why: str) -> None:
    with pytest.raises(ImageRefusedError, match=f"belt is a TIFF {UNSUPPORTED}.*{why}"):
        read_image(data, name="belt")


def test_parts_that_are_missing_or_cut_are_told_as_such() -> None:
    whole = tiff(noise(40, 30), photometric=1)
    with pytest.raises(ImageRefusedError, match="cut short"):
        read_image(tiff(noise(4, 5), photometric=1)[:-1] and whole[:300], name="belt")
    short: Tags = {256: 5, 257: 4, BITS: 8, COMPRESSION: 1, PHOTOMETRIC: 1, 277: 1, 278: 2}
    with pytest.raises(ImageRefusedError, match="cut short"):
        read_image(file_of([(short, [bytes(10)])]), name="half")
    with pytest.raises(ImageRefusedError, match="cut short"):
        read_image(file_of([(short, [bytes(10), bytes(9)])]), name="nearly")


def test_a_jpeg_within_a_tiff_is_held_to_its_data() -> None:
    file = BytesIO()
    Image.fromarray(noise(64, 64, 3)).save(file, "TIFF", compression="jpeg", quality=90)
    whole = bytearray(file.getvalue())
    assert read_image(bytes(whole), name="sound").facts.size == (64, 64)
    start = whole.find(b"\xff\xda") + 200
    whole[start : start + 2000] = bytes(2000)
    with pytest.raises(ImageRefusedError, match="damaged"):
        read_image(bytes(whole), name="belt")


def test_a_tile_far_larger_than_its_picture_is_not_unpacked() -> None:
    huge: Tags = {322: 60_000, 323: 60_000, 324: 8, 325: 10}
    tags: Tags = {256: 5, 257: 4, BITS: 8, COMPRESSION: 8, PHOTOMETRIC: 1, 277: 1, **huge}
    with pytest.raises(ImageRefusedError, match="tiles far larger"):
        read_image(file_of([(tags, [])]), name="belt")


@pytest.mark.pictures
@pytest.mark.parametrize(
    ("folder", "file", "sample"),
    [
        ("01-planar-16-bit-tiff", "tif_rgb16_planar.tif", [15420, 7710, 50115]),
        ("08-rgba-16-bit-tiff-loses-bits", "tif_rgba16_12bit.tif", [960, 480, 3120]),
        ("09-white-is-zero-16-bit", "tif_16_miniswhite_II.tif", 960),
        ("16-valid-tiffs-called-damaged", "tif_16_alpha_II.tif", 960),
        ("16-valid-tiffs-called-damaged", "tif_cmyka8.tif", [60, 30, 195]),
        ("16-valid-tiffs-called-damaged", "tif_f16_II.tif", 0.234375),
        ("16-valid-tiffs-called-damaged", "tif_packed10_II.tif", 240),
        ("16-valid-tiffs-called-damaged", "tif_packed12_MM.tif", 960),
    ],
)
def test_tiffs_that_were_shown_wrongly_or_called_damaged_are_read(
    shared_data: Path, folder: str, file: str, sample: object
) -> None:
    data = (shared_data / "faults" / folder / file).read_bytes()
    assert read_samples(data)[50, 80].tolist() == sample
