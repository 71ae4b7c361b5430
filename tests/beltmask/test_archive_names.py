from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.archives import pictures_in_zip
from tests.beltmask.zips import packed, unicode_path

DESKS = {
    "cp932": ["検査/傷あり.png", "ソ表.png", "ベルト１/能力.png", "カメラ1/異物.png", "写真.jpg"],
    "gbk": ["图片/螺丝.png", "相机1/传送带0001.png", "新建文件夹/异物.jpg", "测试.png", "钢板.png"],
    "big5": [
        "圖片/螺絲.png",
        "相機1/輸送帶0001.png",
        "新增資料夾/異物.jpg",
        "功能.png",
        "鋼板.png",
    ],
    "euc_kr": [
        "사진/나사.png",
        "카메라1/컨베이어01.png",
        "새 폴더/이물질.jpg",
        "테스트.png",
        "못.png",
    ],
    "cp437": ["Förder/Stück.png", "Größe.png", "Bänder/Übung.png", "café.png", "niño.png"],
    "cp850": ["peças/não.png", "ação/Ângulo.png", "À gauche.png", "Größe.png", "Señal.png"],
    "cp852": ["taśma/śruba.png", "Zdjęcia/część.png", "dopravník/předmět.png"],
    "cp866": ["лента/болт.png", "Новая папка/камера1.png", "Гайка.png", "понедельник.png"],
    "cp1251": ["лента/болт.png", "Новая папка/камера1.png", "Гайка.png", "понедельник.png"],
    "cp1252": ["Förder/Stück.png", "Größe.png", "ação/Ângulo.png"],
    "utf-8": ["検査/傷.png", "图片.png", "사진.png", "Fo\u0308rder.png", "Förder.png", "лента.png"],
}


def names_in(data: bytes) -> list[str]:
    found = list(pictures_in_zip(BytesIO(data)))
    assert all(isinstance(content, bytes) for _, content in found)
    return [name for name, _ in found]


@pytest.mark.parametrize("code_page", DESKS)
def test_names_are_those_of_the_machine_that_packed_them(code_page: str) -> None:
    names = DESKS[code_page]
    assert names_in(packed({name.encode(code_page): b"1" for name in names})) == names


@pytest.mark.parametrize("code_page", DESKS)
def test_a_zip_of_one_picture_is_enough_to_tell(code_page: str) -> None:
    """Most of the time: of these names always."""
    for name in DESKS[code_page]:
        assert names_in(packed({name.encode(code_page): b"1"})) == [name]


def test_the_zip_of_a_japanese_desk_loses_no_picture(shared_data: Path) -> None:
    with (shared_data / "faults/11-zip-names-of-other-desks/cp932.zip").open("rb") as file:
        found = list(pictures_in_zip(file))
    assert [name for name, _ in found] == ["検査/傷あり.png", "ソ表.png", "表示\\能力.png"]
    assert all(isinstance(content, bytes) for _, content in found)


def test_info_zip_s_second_name_counts_when_it_was_written_for_the_first() -> None:
    raw = "ループ.png".encode("cp932")
    for told, wanted in (("Loop.png", "Loop.png"), ("ル.png", "ル.png")):
        assert names_in(packed({raw: b"1"}, extra=unicode_path(raw, told))) == [wanted]
    renamed = unicode_path(b"other.png", "Loop.png")
    assert names_in(packed({raw: b"1"}, extra=renamed)) == ["ループ.png"]


def test_an_entry_from_another_desk_is_read_in_its_own_code_page() -> None:
    names = [name.encode("cp932") for name in DESKS["cp932"]]
    mixed = packed({**dict.fromkeys(names, b"1"), "Новая папка.png".encode("cp866"): b"2"})
    assert names_in(mixed)[:-1] == DESKS["cp932"]
    assert len(set(names_in(mixed))) == len(names) + 1


def test_what_the_zip_says_of_a_name_is_believed() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("├⌐.png", b"1")
        archive.writestr("plain.png", b"1")
    assert names_in(target.getvalue()) == ["├⌐.png", "plain.png"]


@given(st.lists(st.binary(min_size=1, max_size=12), min_size=1, max_size=6, unique=True))
def test_bytes_that_are_no_words_lose_no_picture_and_make_no_two_names_one(
    raws: list[bytes],
) -> None:
    wanted = {b"x" + raw.replace(b"\0", b"0").replace(b"/", b"1") + b".png": b"1" for raw in raws}
    found = list(pictures_in_zip(BytesIO(packed(wanted))))
    assert len(found) == len(wanted)
    assert len({name for name, _ in found}) == len(wanted)
