from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from beltmask.errors import ImageRefusedError, NotAPictureError
from beltmask.folders import FoundFile, files_of, picture_bytes, told_apart
from beltmask.images import ImageLimits
from tests.beltmask.simple_detectors import spotted_belt


def below(folder: Path) -> list[str]:
    return [each.within for each in files_of([folder]) if isinstance(each, FoundFile)]


def refusals(folder: Path) -> list[str]:
    return [str(each) for each in files_of([folder]) if isinstance(each, ImageRefusedError)]


def read_all(folder: Path, **limits: int) -> dict[str, bytes | ImageRefusedError]:
    found: dict[str, bytes | ImageRefusedError] = {}
    for each in files_of([folder]):
        assert isinstance(each, FoundFile)
        try:
            found[each.within] = picture_bytes(each, limits=ImageLimits(**limits))
        except ImageRefusedError as refused:
            found[each.within] = refused
    return found


def test_a_folder_gives_its_files_sorted_and_nothing_hidden(tmp_path: Path) -> None:
    for name in ("b.PNG", "a/z.jpg", "a/c", ".hidden/x.png", "notes.txt", "__MACOSX/y.png"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"1")
    assert below(tmp_path) == ["a/c", "a/z.jpg", "b.PNG", "notes.txt"]


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
    assert below(home) == ["own.png", "sub/stays.png"]


def test_a_file_without_a_picture_s_suffix_is_looked_at(tmp_path: Path) -> None:
    picture = spotted_belt(1)
    files = {"scan0001": picture, "scan.dat": picture, "README": b"words", "data.json": b"{}"}
    files |= {"moving.gif": b"GIF89a", "report.pdf": b"%PDF-1.7", "inner.zip": b"PK\3\4"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    found = read_all(tmp_path)
    assert (found["scan0001"], found["scan.dat"], found["moving.gif"]) == (
        picture,
        picture,
        b"GIF89a",
    )
    for name in ("README", "data.json", "report.pdf"):
        assert isinstance(found[name], NotAPictureError)
    assert "inner.zip is an archive within the folder" in str(found["inner.zip"])
    assert not isinstance(found["inner.zip"], NotAPictureError)


def test_a_device_without_end_and_a_pipe_nobody_writes_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    refused = read_all(tmp_path)["pipe.png"]
    assert "pipe.png is no file with bytes of its own" in str(refused)
    for endless in (Path("/dev/zero"), tmp_path / "pipe.png"):
        with pytest.raises(ImageRefusedError, match="no file with bytes of its own"):
            picture_bytes(FoundFile(endless, endless.name, chosen=True))


def test_a_file_is_measured_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "sparse.bmp").open("wb") as file:
        file.write(b"BM")
        file.truncate(10**11)
    refused = read_all(tmp_path, max_bytes=1000)["sparse.bmp"]
    assert "sparse.bmp has 100,000,000,000 bytes; the limit is 1,000" in str(refused)


def test_a_large_file_that_begins_like_no_picture_is_refused_by_its_beginning(
    tmp_path: Path,
) -> None:
    (tmp_path / "zeros.png").write_bytes(bytes(70_000))
    assert "zeros.png is not a picture" in str(read_all(tmp_path)["zeros.png"])


@contextmanager
def tree(top: Path, name: str, depth: int) -> Iterator[None]:
    """Folders within folders, and one picture in the last; taken away again, nobody else could."""
    home = Path.cwd()
    os.chdir(top)
    for _ in range(depth):
        Path(name).mkdir()
        os.chdir(name)
    Path("deep.png").write_bytes(b"1")
    os.chdir(home)
    yield
    os.chdir(top)
    for _ in range(depth):
        os.chdir(name)
    Path("deep.png").unlink()
    for _ in range(depth):
        os.chdir("..")
        Path(name).rmdir()
    os.chdir(home)


def test_a_tree_of_1200_folders_is_walked_to_its_end(tmp_path: Path) -> None:
    with tree(tmp_path, "d", 1200):
        assert below(tmp_path) == ["d/" * 1200 + "deep.png"]


def test_a_tree_deeper_than_paths_can_be_is_refused_where_it_ends(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"1")
    with tree(tmp_path, "x" * 200, 30):
        assert below(tmp_path) == ["a.png"]
        [said] = refusals(tmp_path)
    assert "cannot be listed: File name too long" in said
    assert len(said) < 300


def test_a_folder_that_cannot_be_listed_is_refused_and_the_others_go_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By root's leave every folder can: so one that is gone by the time it is looked at."""
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "belt.png").write_bytes(b"1")
    walk = files_of([tmp_path])
    first = next(walk)
    (tmp_path / "b" / "belt.png").unlink()
    (tmp_path / "b").rmdir()
    second, third = walk
    assert isinstance(first, FoundFile)
    assert isinstance(third, FoundFile)
    assert (first.within, third.within) == ("a/belt.png", "c/belt.png")
    assert "b cannot be listed: No such file or directory" in str(second)


@pytest.mark.parametrize("path", ["x" * 5000, "a\0b", "/nowhere/at/all.png"])
def test_a_path_no_system_takes_is_one_sentence(path: str) -> None:
    [found] = files_of([Path(path)])
    assert isinstance(found, FoundFile)
    with pytest.raises(ImageRefusedError, match="cannot be read") as caught:
        picture_bytes(found)
    assert len(str(caught.value)) < 300


def test_files_of_one_name_are_told_apart_by_the_folders_before_them(tmp_path: Path) -> None:
    for name in ("cam1/0001.png", "cam2/0001.png", "cam2/sub/x.png", "0001-2.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"1")

    def names(*named: str) -> list[str]:
        found = files_of([tmp_path / name for name in named])
        return told_apart([each for each in found if isinstance(each, FoundFile)])

    assert names("cam1", "cam2", "0001-2.png") == [
        "cam1/0001.png",
        "cam2/0001.png",
        "sub/x.png",
        "0001-2.png",
    ]
    assert names("") == ["0001-2.png", "cam1/0001.png", "cam2/0001.png", "cam2/sub/x.png"]
    assert names("cam1/0001.png", "cam1/0001.png") == ["0001.png", "0001.png"]
    assert names("cam1/0001.png", "cam2/../cam1/0001.png") == ["0001.png", "0001.png"]


def test_the_folder_above_is_known_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shift" / "below").mkdir(parents=True)
    (tmp_path / "shift" / "belt.png").write_bytes(b"1")
    monkeypatch.chdir(tmp_path / "shift" / "below")
    [found] = files_of([Path("..")])
    assert isinstance(found, FoundFile)
    assert found.name == "shift/belt.png"
