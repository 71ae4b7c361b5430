from __future__ import annotations

import random
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.archives import ArchiveLimits, pictures_in_folder, pictures_in_zip
from beltmask.errors import ImageRefusedError
from beltmask.images import ImageLimits

Found = list[tuple[str, bytes | ImageRefusedError]]
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
    data = zipped(("fine.png", b"1"), ("bomb.bmp", bytes(3_000_000)), ("after.png", b"2"))
    fine, bomb = found_in(data, TIGHT)
    assert fine == ("fine.png", b"1")
    assert "may be a bomb" in str(bomb[1])


def test_many_small_parts_are_a_bomb_together() -> None:
    data = zipped(*((f"{number}.bmp", bytes(90_000)) for number in range(9)))
    found = found_in(data, TIGHT)
    assert [isinstance(content, bytes) for _, content in found] == [True, True, False]


def test_a_few_blank_bitmaps_are_no_bomb() -> None:
    assert len(found_in(zipped(("blank.bmp", bytes(3_000_000))))) == 1


def test_the_claimed_size_is_not_believed() -> None:
    """The directory says 10 bytes; the counting happens while reading."""
    data = bytearray(zipped(("liar.bmp", bytes(3_000_000))))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.find(signature) + offset, 10)
    reason = refusal_in(bytes(data), TIGHT)
    assert "damaged" in reason or "bomb" in reason


def test_a_picture_longer_than_allowed_is_refused_alone() -> None:
    data = zipped(("long.png", bytes(2_000_000)), ("short.png", b"1"))
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


def test_a_folder_gives_its_pictures_sorted_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b.PNG", "a/z.jpg", "a/c.tif", ".hidden/x.png", "notes.txt", "__MACOSX/y.png"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"1")
    found = [path.relative_to(tmp_path).as_posix() for path in pictures_in_folder(tmp_path)]
    assert found == ["a/c.tif", "a/z.jpg", "b.PNG"]


def test_links_that_leave_the_folder_are_not_followed(tmp_path: Path) -> None:
    home, outside = tmp_path / "home", tmp_path / "outside"
    for folder in (home, home / "sub", outside):
        folder.mkdir()
    (home / "own.png").write_bytes(b"1")
    (outside / "secret.png").write_bytes(b"2")
    (home / "leaves.png").symlink_to(outside / "secret.png")
    (home / "leaves").symlink_to(outside)
    (home / "loop").symlink_to(home)
    (home / "broken.png").symlink_to(home / "nothing.png")
    (home / "sub" / "stays.png").symlink_to(home / "own.png")
    found = [path.relative_to(home).as_posix() for path in pictures_in_folder(home)]
    assert found == ["own.png", "sub/stays.png"]
