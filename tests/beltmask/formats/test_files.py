from __future__ import annotations

import unicodedata
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.formats.files import FileNames, safe_name

AWKWARD = st.sampled_from(
    [
        "a.png",
        "A.PNG",
        "a",
        "a.png/b.png",
        "é.png",
        "e\u0301.png",
        "CON",
        "con.png",
        "a-2.png",
        "..",
    ]
)


@pytest.mark.parametrize(
    ("wanted", "safe"),
    [
        ("line 3/a.png", "line 3/a.png"),
        ("CON", "_CON"),
        ("nul.tar.png", "_nul.tar.png"),
        ("aux .png", "_aux .png"),
        ("cam/COM1/lpt\u00b2.png", "cam/_COM1/_lpt\u00b2.png"),
        ("console.png", "console.png"),
        ("a:b", "a_b"),
        ("12:30/x.png", "12_30/x.png"),
        ("trailing. /dot.", "trailing/dot"),
        ('<>"|?*.png', "______.png"),
        ("C:\\belts\\a.png", "C_/belts/a.png"),
        ("../../up.png", "up.png"),
        ("\u202egnp.exe", "gnp.exe"),
        ("...", "unnamed"),
    ],
)
def test_a_name_becomes_one_that_every_system_can_store(wanted: str, safe: str) -> None:
    assert safe_name(wanted) == safe


def test_a_name_too_long_keeps_its_suffix_and_a_path_too_long_its_end() -> None:
    assert len(safe_name("ü" * 300 + ".png").encode()) <= 200
    assert safe_name("ü" * 300 + ".png").endswith("ü.png")
    deep = safe_name("/".join(["folder"] * 500) + "/a.png")
    assert len(deep) <= 1000
    assert deep.endswith("folder/a.png")


def test_what_is_a_file_is_no_folder_besides() -> None:
    names = FileNames()
    given_names = [names.free(name) for name in ("a.png", "a.png/b.png", "c/d.png", "c", "A.PNG/e")]
    assert given_names == ["a.png", "a-2.png/b.png", "c/d.png", "c-2", "a-2.png/e"]
    assert names.free("C/D.png") == "C/D-2.png"


def test_names_that_differ_by_case_or_unicode_s_forms_are_told_apart() -> None:
    names = FileNames()
    found = [names.free(name) for name in ("Förder.png", "Fo\u0308rder.png", "FÖRDER.PNG")]
    assert found == ["Förder.png", "Förder-2.png", "FÖRDER-3.PNG"]


@given(st.lists(AWKWARD | st.text(max_size=12), max_size=12))
def test_all_names_can_be_stored_side_by_side_on_every_system(wanted: list[str]) -> None:
    names = FileNames()
    given_names = [names.free(name) for name in wanted]
    keys = [unicodedata.normalize("NFD", name).upper().lower() for name in given_names]
    assert len(set(keys)) == len(keys)
    folders = {str(parent) for key in keys for parent in PurePosixPath(key).parents}
    assert folders.isdisjoint(keys)
    assert [safe_name(name) for name in given_names] == given_names


def test_the_names_are_made_as_files(tmp_path: Path) -> None:
    names = FileNames()
    for wanted in ("a", "a/b", "CON", "x" * 400, "a/b/c", "A/B"):
        path = tmp_path / names.free(wanted)
        path.parent.mkdir(parents=True, exist_ok=True)
        assert not path.exists()
        path.write_bytes(b"1")
