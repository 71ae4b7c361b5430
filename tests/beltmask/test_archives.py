from __future__ import annotations

import random
import struct
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.archives import ArchiveLimits, pictures_in_zip
from beltmask.errors import ImageRefusedError, NotAPictureError
from beltmask.images import ImageLimits

Found = list[tuple[str, bytes | ImageRefusedError]]
BITMAP = b"BM" + bytes(3_000_000)
"""By its first bytes."""
TIGHT = ArchiveLimits(max_ratio=10, harmless_bytes=200_000)


def zipped(
    *files: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content, method)
    return target.getvalue()


def found_in(data: bytes, limits: ArchiveLimits = ArchiveLimits()) -> Found:  # noqa: B008
    return list(pictures_in_zip(BytesIO(data), archive_limits=limits))


def refusal_in(data: bytes, limits: ArchiveLimits = ArchiveLimits()) -> str:  # noqa: B008
    [(name, content)] = found_in(data, limits)
    assert isinstance(content, ImageRefusedError)
    assert str(content).startswith(name)
    return str(content)


def test_pictures_come_out_in_order_with_their_folders() -> None:
    files = [("b/two.PNG", b"22"), ("a/one.jpg", b"1"), ("three.tiff", b"333")]
    assert found_in(zipped(*files)) == files


def test_litter_hidden_files_and_folders_are_passed_over() -> None:
    data = zipped(
        ("belts/", b""),
        ("belts/one.png", b"1"),
        ("__MACOSX/belts/._one.png", b"x"),
        ("belts/.hidden.png", b"x"),
        (".git/two.png", b"x"),
        ("belts/Thumbs.db", b"x"),
    )
    assert found_in(data) == [("belts/one.png", b"1")]


def test_an_entry_without_a_name_is_passed_over() -> None:
    data = zipped(("x.png", b"1"), ("two.png", b"2")).replace(b"x.png", b"\0.png")
    assert found_in(data) == [("two.png", b"2")]


def linked(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("../up.png", "leads out of the ZIP", id="parent"),
        pytest.param("a/../../up.png", "leads out of the ZIP", id="parent inside"),
        pytest.param("/etc/up.png", "leads out of the ZIP", id="absolute"),
        pytest.param("C:/up.png", "leads out of the ZIP", id="drive"),
        pytest.param("..\\up.png", "leads out of the ZIP", id="backslash"),
        pytest.param("\\\\server\\up.png", "leads out of the ZIP", id="share"),
        pytest.param("inner.zip", "archive within the archive", id="nested"),
        pytest.param("labels.json", "no picture's suffix", id="other file"),
        pytest.param(linked("link.png"), "is a link", id="link"),
    ],
)
def test_what_is_unsafe_or_no_picture_is_refused_and_the_rest_goes_through(
    name: str | zipfile.ZipInfo, reason: str
) -> None:
    found = found_in(zipped(("first.png", b"1"), (name, b"x"), ("last.png", b"2")))
    assert [found[0], found[2]] == [("first.png", b"1"), ("last.png", b"2")]
    assert reason in str(found[1][1])
    assert str(found[1][1]).startswith(found[1][0])


def test_an_encrypted_picture_is_refused() -> None:
    data = bytearray(zipped(("secret.png", b"1" * 50)))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature) + offset
        data[at] |= 1
    assert "secret.png is encrypted" in refusal_in(bytes(data))


def test_a_damaged_picture_is_refused_and_the_rest_goes_through() -> None:
    data = zipped(("one.png", b"A" * 90), ("two.png", b"B" * 90), method=zipfile.ZIP_STORED)
    found = found_in(data.replace(b"A" * 90, b"A" * 89 + b"a"))
    assert "one.png is damaged inside the ZIP" in str(found[0][1])
    assert found[1] == ("two.png", b"B" * 90)


def test_a_bomb_ends_the_reading() -> None:
    data = zipped(("fine.png", b"1"), ("bomb.bmp", BITMAP), ("after.png", b"2"))
    fine, bomb = found_in(data, TIGHT)
    assert fine == ("fine.png", b"1")
    assert "may be a bomb" in str(bomb[1])


def test_many_small_parts_are_a_bomb_together() -> None:
    data = zipped(*((f"{number}.bmp", BITMAP[:90_000]) for number in range(9)))
    found = found_in(data, TIGHT)
    assert [isinstance(content, bytes) for _, content in found] == [True, True, False]


def test_a_few_blank_bitmaps_are_no_bomb() -> None:
    assert len(found_in(zipped(("blank.bmp", BITMAP)))) == 1


def test_the_claimed_size_is_not_believed() -> None:
    """The directory says 10 bytes; the counting happens while reading."""
    data = bytearray(zipped(("liar.bmp", BITMAP)))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.find(signature) + offset, 10)
    reason = refusal_in(bytes(data), TIGHT)
    assert "damaged" in reason or "bomb" in reason


def test_a_picture_longer_than_allowed_is_refused_alone() -> None:
    data = zipped(("long.bmp", BITMAP), ("short.png", b"1"))
    found = list(pictures_in_zip(BytesIO(data), limits=ImageLimits(max_bytes=1_500_000)))
    assert "longer than 1,500,000 bytes" in str(found[0][1])
    assert found[1] == ("short.png", b"1")


def test_too_many_entries_are_refused() -> None:
    data = zipped(*((f"{number}.png", b"") for number in range(4)))
    assert "holds 4 files" in refusal_in(data, ArchiveLimits(max_entries=3))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"no zip at all", id="words"),
        pytest.param(zipped(("a.png", b"1"))[:-30], id="a broken end"),
    ],
)
def test_a_file_that_is_no_zip_is_refused_by_its_own_name(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "belts.zip"
    path.write_bytes(data)
    with path.open("rb") as file:
        [(name, content)] = pictures_in_zip(file)
    assert name == "belts.zip"
    assert "belts.zip is not a ZIP" in str(content)


def test_only_one_picture_is_held_at_a_time() -> None:
    file = BytesIO(zipped(("a.png", b"1"), ("b.png", b"2"), method=zipfile.ZIP_STORED))
    pictures = pictures_in_zip(file)
    assert next(pictures) == ("a.png", b"1")
    changed = file.getvalue().replace(b"b.png2", b"b.png3")
    file.seek(0)
    file.write(changed)
    _, content = next(pictures)
    assert isinstance(content, ImageRefusedError)  # read only now: its checksum is wrong


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing(tail: bytes) -> None:
    found_in(b"PK\x03\x04" + tail)
    found_in(zipped(("a.png", b"1"))[:60] + tail)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_damaged_zips_raise_nothing(method: int) -> None:
    sample = zipped(("a/one.png", b"1" * 300), ("two.jpg", bytes(range(256))), method=method)
    chance = random.Random(5)  # noqa: S311
    for _ in range(700):
        data = bytearray(sample)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        found_in(bytes(data))


def test_a_colon_in_a_name_is_a_letter_like_any_other(shared_data: Path) -> None:
    with (shared_data / "faults/12-colon-in-zip-name/time_in_name.zip").open("rb") as file:
        found = list(pictures_in_zip(file))
    assert [name for name, _ in found] == ["2024-05-01 12:30:11.png", "cam:1/b.png"]
    assert all(isinstance(content, bytes) for _, content in found)
    names = ["a:b.png", "C:up.png", "12:30/x.png", "con.png", "dot..png"]
    assert [name for name, _ in found_in(zipped(*((name, b"1") for name in names)))] == names


def test_a_picture_without_a_suffix_is_known_by_its_content() -> None:
    picture, gif = b"\x89PNG\r\n\x1a\n...", b"GIF89a..."
    data = zipped(("scan0001", picture), ("README", b"words"), ("x.json", b"{}"), ("moving", gif))
    named = dict(found_in(data))
    assert (named["scan0001"], named["moving"]) == (picture, gif)  # their reader tells more
    for name in ("README", "x.json"):
        assert isinstance(named[name], NotAPictureError)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_entry_that_begins_like_no_picture_is_not_unpacked(method: int) -> None:
    """A ZIP of 16 MB took 1.3 GB before anybody looked at the first byte."""
    data = zipped(("zeros.png", bytes(20_000_000)), ("after.png", b"1"), method=method)
    file = BytesIO(data)
    tracemalloc.start()
    zeros, after = pictures_in_zip(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "zeros.png is not a picture" in str(zeros[1])
    assert after == ("after.png", b"1")
    assert peak < 10_000_000


@pytest.mark.parametrize(("size", "read"), [(300_000, True), (300_001, False)])
def test_no_zip_gives_more_than_the_total_a_zip_may_give(size: int, read: bool) -> None:
    limits = ArchiveLimits(max_total_bytes=300_000, max_ratio=10**6)
    [(_, content)] = found_in(zipped(("long.bmp", BITMAP[:size])), limits)
    assert isinstance(content, bytes) is read
    assert ArchiveLimits().max_total_bytes == 50_000_000_000


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_every_method_of_packing_gives_the_bytes_that_were_packed(method: int) -> None:
    noise = b"BM" + random.Random(1).randbytes(200_000)  # noqa: S311
    files = [
        ("noise.bmp", noise),
        ("flat.bmp", BITMAP[:200_000]),
        ("empty.bmp", b""),
        ("one.bmp", b"1"),
    ]
    assert found_in(zipped(*files, method=method)) == files
