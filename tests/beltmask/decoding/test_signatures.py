"""Files that are no pictures we read are refused by the names people know them by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from beltmask.errors import ImageRefusedError
from beltmask.images import read_image
from tests.beltmask.decoding.tiff_writer import (
    BITS,
    COMPRESSION,
    HEIGHT,
    KIND,
    PHOTOMETRIC,
    SAMPLES,
    WIDTH,
    Tags,
    file_of,
    tiff,
)

GREY = np.arange(200, dtype=np.uint8).reshape(10, 20)


def refusal(data: bytes) -> str:
    with pytest.raises(ImageRefusedError) as refused:
        read_image(data, name="belt.png")
    return str(refused.value)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\xff\x0a\xfa\x1f\x01" + bytes(20), "a JPEG XL file"),
        (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(20), "a JPEG XL file"),
        (b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(20), "a JPEG 2000 file"),
        (b"\xff\x4f\xff\x51" + bytes(20), "a JPEG 2000 file"),
        (b"II\xbc\x01" + bytes(20), "a JPEG XR file"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", "an AVIF file"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "an AVIF file"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1heicmiaf", "a HEIC file"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "a MP4 or QuickTime video file"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "a MP4 or QuickTime video file"),
        (b"RIFF\0\1\0\0AVI LIST", "an AVI video file"),
        (b"qoif" + bytes(20), "a QOI file"),
        (b"v/1\x01" + bytes(20), "an OpenEXR file"),
        (b"8BPS\0\1" + bytes(20), "a Photoshop file"),
        (b"\0\0\1\0\1\0" + bytes(20), "a Windows icon file"),
        (b"\0\0\2\0\1\0" + bytes(20), "a Windows cursor file"),
        (b"\0\0\2\0\0\0\0\0\0\0\0\0\3\0\3\0\x18\0" + bytes(27), "a TGA file"),
        (b"\0\0\x0b\0\0\0\0\0\0\0\0\0\3\0\3\0\x08\0" + bytes(9), "a TGA file"),
        (b"P5\n3 3\n255\n" + bytes(9), "a Netpbm file"),
        (b"Pf\n3 3\n-1.0\n" + bytes(36), "a Netpbm file"),
        (bytes(128) + b"DICM" + bytes(20), "a DICOM file"),
        (b'<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="">', "a SVG file"),
    ],
)
def test_other_formats_are_refused_by_their_names(data: bytes, name: str) -> None:
    assert refusal(data).startswith(f"belt.png is {name}, which is not supported")


RAW = "belt.png is a camera raw file"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"IIRO\x08\0\0\0" + bytes(40), id="Olympus"),
        pytest.param(b"IIU\0\x18\0\0\0" + bytes(40), id="Panasonic"),
        pytest.param(b"FUJIFILMCCD-RAW 0201" + bytes(40), id="Fujifilm"),
        pytest.param(b"FOVb" + bytes(40), id="Sigma"),
        pytest.param(b"\0MRM" + bytes(40), id="Minolta"),
        pytest.param(b"II\x1a\0\0\0HEAPCCDR" + bytes(40), id="old Canon"),
        pytest.param(b"II*\0\x10\0\0\0CR\x02\0" + bytes(40), id="Canon CR2"),
        pytest.param(b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", id="Canon CR3"),
    ],
)
def test_camera_raws_with_beginnings_of_their_own_are_refused_by_name(data: bytes) -> None:
    assert refusal(data).startswith(RAW)


SMALL: Tags = {WIDTH: 20, HEIGHT: 10, BITS: 8, COMPRESSION: 1, PHOTOMETRIC: 1, SAMPLES: 1, 278: 10}
SENSOR: Tags = {**SMALL, PHOTOMETRIC: 32803, COMPRESSION: 34713}
PIXELS = [GREY.tobytes()]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("pages", "below"),
    [
        pytest.param([{**SMALL, 50706: 0x01040000}], [], id="a DNG"),
        pytest.param([{**SMALL, KIND: 1}], [SENSOR], id="Nikon or Sony: below a small copy"),
        pytest.param([SMALL], [SENSOR], id="below a page"),
        pytest.param([{**SMALL, KIND: 1}, SENSOR], [], id="after a small copy"),
        pytest.param([{**SMALL, PHOTOMETRIC: 32803}], [], id="Pentax: the page itself"),
        pytest.param([{**SMALL, PHOTOMETRIC: 34892}], [], id="linear"),
        pytest.param([{**SMALL, COMPRESSION: 32767}], [], id="packed as Sony does"),
        pytest.param([{**SMALL, KIND: 1}], [SMALL], id="of a maker nobody named"),
    ],
)
def test_camera_raws_that_are_tiffs_are_not_taken_by_their_thumbnails(
    pages: list[Tags], below: list[Tags], order: str
) -> None:
    data = file_of(
        [(page, PIXELS) for page in pages],
        below_first=[(page, PIXELS) for page in below],
        order=order,
    )
    assert refusal(data).startswith(RAW)


@pytest.mark.pictures
def test_the_dng_that_was_added_as_its_thumbnail_is_refused_by_name(shared_data: Path) -> None:
    path = shared_data / "faults/07-camera-raw-taken-by-its-thumbnail/camera_raw.dng"
    assert refusal(path.read_bytes()).startswith(RAW)


def test_small_copies_beside_a_page_are_no_pages() -> None:
    small = {**SMALL, KIND: 1}
    plain = file_of([(SMALL, PIXELS), (small, PIXELS)], below_first=[(small, PIXELS)])
    assert not read_image(plain, name="a pyramid").first_of_many
    turned = file_of([(small, PIXELS), (SMALL, [GREY[::-1].tobytes()])])
    assert np.array_equal(read_image(turned, name="thumbnail first").pixels[..., 0], GREY[::-1])
    two = file_of([(SMALL, PIXELS), ({**SMALL, KIND: 2}, PIXELS)])
    assert read_image(two, name="two pages").first_of_many


def test_directories_that_lead_in_a_circle_end() -> None:
    found = read_image(file_of([(SMALL, PIXELS)], loop=True), name="circle")
    assert np.array_equal(found.pixels[..., 0], GREY)
    assert not found.first_of_many


def test_a_big_tiff_is_told_apart_from_a_raw_file_too() -> None:
    assert np.array_equal(read_image(tiff(GREY, photometric=1), name="small").pixels[..., 0], GREY)
