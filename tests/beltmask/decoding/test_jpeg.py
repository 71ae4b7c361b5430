"""JPEGs that lost data are refused; what cameras merely write oddly is read."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from beltmask.errors import ImageRefusedError
from beltmask.images import read_image

WAYS = {
    "baseline": {},
    "progressive": {"progressive": True},
    "restarts": {"restart_marker_rows": 1},
    "optimised": {"optimize": True, "subsampling": 0},
    "grey": {"mode": "L"},
    "inks": {"mode": "CMYK"},
}


def scene() -> Image.Image:
    rows, columns = np.mgrid[:240, :320]
    noise = np.random.default_rng(5).integers(0, 60, (240, 320))
    bands = [rows * 0.5 + noise, columns * 0.5 + noise, (rows + columns) * 0.3 + noise]
    return Image.fromarray(np.dstack(bands).clip(0, 255).astype(np.uint8))


def jpeg(*, mode: str = "RGB", **options: object) -> bytes:
    file = BytesIO()
    scene().convert(mode).save(file, "JPEG", quality=85, **options)
    return file.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(ImageRefusedError) as error:
        read_image(data, name="belt.jpg")
    return str(error.value)


@pytest.mark.parametrize("way", WAYS)
def test_sound_jpegs_are_read_as_pillow_reads_them(way: str) -> None:
    data = jpeg(**WAYS[way])  # type: ignore[arg-type]
    with Image.open(BytesIO(data)) as theirs:
        assert np.array_equal(
            read_image(data, name="belt").pixels, np.asarray(theirs.convert("RGB"))
        )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("lost", [700, 2500], ids=lambda count: f"{count} bytes")
def test_a_jpeg_whose_middle_is_lost_is_refused_though_it_ends(
    way: str, place: float, lost: int
) -> None:
    data = jpeg(**WAYS[way])  # type: ignore[arg-type]
    start = data.find(b"\xff\xda") + 20
    at = start + int((len(data) - start - lost - 20) * place)
    assert "cut short" in refused(data[:at] + data[at + lost :])
    if way != "progressive":  # zeros may be a sound end of a progressive scan
        assert "cut short" in refused(data[:at] + bytes(lost) + data[at + lost :])


def test_a_progressive_jpeg_whose_later_scans_are_lost_is_refused() -> None:
    data = jpeg(progressive=True)
    scans = [at for at in range(len(data)) if data.startswith(b"\xff\xda", at)]
    assert len(scans) > 3
    for cut in scans[1:]:
        tables = data.rfind(b"\xff\xc4", 0, cut)
        assert "cut short" in refused(data[: min(cut, tables)] + b"\xff\xd9")


@pytest.mark.pictures
def test_the_jpeg_that_was_added_with_shifted_parts_is_refused(shared_data: Path) -> None:
    path = shared_data / "faults/10-jpeg-that-lost-data/base_middle_lost.jpg"
    assert "damaged" in refused(path.read_bytes())


def test_odd_but_sound_jpegs_of_cameras_are_read() -> None:
    data = jpeg()
    expected = read_image(data, name="plain").pixels
    frame, scan, end = data.find(b"\xff\xc0"), data.find(b"\xff\xda"), len(data) - 2
    parameters = scan + 4 + 1 + 2 * 3
    odd = {
        "bytes after the end": data + b"\xff\xd8\xff\xe1 another picture",
        "filling before the end": data[:end] + bytes(300) + data[end:],
        "a few bytes before the end": data[:end] + b"\x12\x34" + data[end:],
        "filling between segments": data[:frame] + bytes(7) + data[frame:],
        "repeated marker bytes": data[:frame] + b"\xff" * 5 + data[frame:],
        "senseless scan parameters": data[:parameters] + b"\0\0\0" + data[parameters + 3 :],
        "a new revision of JFIF": data.replace(b"JFIF\0\x01", b"JFIF\0\x02", 1),
        "an unknown colour transform": data[:2]
        + b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\x09"
        + data[data.find(b"\xff\xdb") :],
        "all of these": data[:frame]
        + bytes(9)
        + data[frame:parameters]
        + b"\0\0\0"
        + data[parameters + 3 : end]
        + bytes(40)
        + b"\xff\xd9tail",
    }
    for what, each in odd.items():
        assert np.array_equal(read_image(each, name=what).pixels, expected), what


def test_a_lost_middle_is_noticed_behind_odd_headers_too() -> None:
    data = jpeg()
    frame, scan = data.find(b"\xff\xc0"), data.find(b"\xff\xda")
    middle = scan + 4000
    hurt = data[:frame] + bytes(9) + data[frame:middle] + data[middle + 900 :]
    assert "damaged" in refused(hurt)


@pytest.mark.parametrize(
    ("process", "bits", "words"),
    [
        (0xC0, 12, "JPEG of 12 bits"),
        (0xC3, 8, "lossless JPEG"),
        (0xC9, 8, "arithmetic coding"),
        (0xCA, 8, "arithmetic coding"),
        (0xC5, 8, "hierarchical JPEG"),
        (0xF7, 8, "JPEG-LS"),
    ],
)
def test_rare_processes_are_refused_as_a_kind_and_not_as_damage(
    process: int, bits: int, words: str
) -> None:
    data = bytearray(jpeg())
    at = data.find(b"\xff\xc0")
    data[at + 1], data[at + 4] = process, bits
    assert f"of a kind that is not supported: {words}" in refused(bytes(data)).replace(
        "supported: JPEG with", "supported:"
    )


def test_a_jpeg_of_thousands_of_scans_is_refused_at_once() -> None:
    data = jpeg(progressive=True)
    at = data.find(b"\xff\xda")
    again = data[at : data.find(b"\xff\xc4", at)]
    assert "scans" in refused(data[:at] + again[:14] * 3000 + data[at:])
