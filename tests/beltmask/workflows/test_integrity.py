"""``check``: all that may be wrong with what is kept is named, and mended where that can be."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from beltmask.images import encode_png
from beltmask.model import Image, Project
from beltmask.settings import load_settings
from beltmask.store.blobs import Shelf
from beltmask.workflows.images import add_picture
from beltmask.workflows.integrity import Fate, check_everything
from beltmask.workflows.projects import create_project
from beltmask.workflows.pyramids import preview_through
from beltmask.workflows.review_state import ReviewSheet
from beltmask.workflows.services import Services
from tests.beltmask.conftest import Call
from tests.beltmask.simple_detectors import spotted_belt

LONG_AGO = 7200


@pytest.fixture
def deep(services: Services) -> Image:
    """A picture of 16 bits that has both pyramids."""
    samples = np.linspace(2_000, 40_000, 2100 * 64).reshape(64, 2100).astype(np.uint16)
    project = create_project("Line 3", services=services)
    data = encode_png(samples)
    image = add_picture("deep.png", data, project_id=project.id, services=services).image
    assert image is not None
    return image


def found(services: Services, *, repair: bool = False) -> list[tuple[str, str, Fate]]:
    flaws = check_everything(services=services, repair=repair)
    return [(flaw.where, flaw.what, flaw.fate) for flaw in flaws]


def file_of(shelf: str, sha256: str, services: Services) -> Path:
    return services.settings.data / "store" / shelf / sha256[:2] / sha256[2:]


def old(path: Path) -> Path:
    then = time.time() - LONG_AGO
    os.utime(path, (then, then))
    return path


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (None, "is missing"),
        (b"", "was changed since it was added"),
        (spotted_belt(1), "was changed since it was added"),
    ],
)
def test_an_original_lost_or_exchanged_is_named_and_cannot_be_mended(
    broken: bytes | None, said: str, image: Image, services: Services
) -> None:
    file = file_of("originals", image.facts.sha256, services)
    file.unlink()
    if broken is not None:
        file.write_bytes(broken)
    expected = [("Belt 3, belt-1.png", f"the original of belt-1.png {said}", Fate.LEFT)]
    assert found(services) == expected
    assert found(services, repair=True) == expected


BREAKS: dict[str, Callable[[bytes], bytes | None]] = {
    "missing": lambda _: None,
    "empty": lambda _: b"",
    "short": lambda good: good[:-50],
    "zeros": lambda good: bytes(len(good)),
}


@pytest.mark.parametrize("shelf", ["previews", "thumbnails", "pyramids", "sample-pyramids"])
@pytest.mark.parametrize("name", BREAKS)
def test_copies_made_from_an_original_are_made_again(
    name: str, shelf: str, deep: Image, services: Services
) -> None:
    preview_through(deep, (2_000, 40_000), services=services)
    assert found(services) == []
    file = file_of(shelf, deep.facts.sha256, services)
    good = file.read_bytes()
    bad = BREAKS[name](good)
    file.unlink()
    if bad is not None:
        file.write_bytes(bad)
    if (shelf, name) == ("sample-pyramids", "missing"):  # made when somebody first asks for it
        assert found(services, repair=True) == []
        return
    [(where, _, fate)] = found(services)
    assert (where, fate) == ("Line 3, deep.png", Fate.LEFT)
    assert [fate for *_, fate in found(services, repair=True)] == [Fate.MENDED]
    assert file.read_bytes() == good
    assert found(services) == []


def test_copies_cannot_be_made_again_without_the_original(deep: Image, services: Services) -> None:
    for file in services.settings.data.rglob(deep.facts.sha256[2:]):
        file.unlink()
    flaws = found(services, repair=True)
    assert [fate for *_, fate in flaws] == [Fate.LEFT] * 3
    assert {where for where, *_ in flaws} == {"Line 3, deep.png"}


@pytest.mark.parametrize("table", ["annotations", "predictions"])
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("x0 = -1", "does not lie in the picture"),
        ("x0 = x0 + 60, x1 = x1 + 60", "does not lie in the picture"),
        ("y1 = 49", "does not lie in the picture"),
        ("x1 = x0", "does not lie in the picture"),
        ("x1 = x1 + 1", "cannot be read"),
        ("counts = :empty", "cannot be read"),
        ("counts = :noise", "cannot be read"),
    ],
)
def test_a_shape_that_does_not_fit_its_picture_is_named(
    damage: str, said: str, table: str, predicted: ReviewSheet, services: Services
) -> None:
    values = {"empty": b"", "noise": b"\xff\xfe\xfd"}
    used: dict[str, object] = {name: each for name, each in values.items() if f":{name}" in damage}
    with services.store.database.write() as connection:
        first = connection.execute(text(f"SELECT min(id) FROM {table}")).scalar_one()  # noqa: S608
        statement = f"UPDATE {table} SET {damage} WHERE id = :first"  # noqa: S608
        used["first"] = first
        connection.execute(text(statement), used)
    [(where, what, fate)] = found(services, repair=True)
    assert (where, fate) == ("Belt 3, belt-1.png", Fate.LEFT)
    assert what.endswith(said)


def test_rows_that_a_repair_by_hand_orphaned_are_told(image: Image, services: Services) -> None:
    with services.store.database.read() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN")
        connection.execute(text("DELETE FROM projects"))
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN")
    assert ("the database", "1 of images name projects that are not there", Fate.LEFT) in found(
        services
    )


LEFT_OVERS = {
    "originals": b"an original",
    "replies": b"a reply",
    "previews": b"a preview",
}


@pytest.mark.parametrize("shelf", LEFT_OVERS)
def test_what_no_record_names_is_told_and_removed_once_it_is_old(
    shelf: str, image: Image, services: Services
) -> None:
    sha256 = services.store.blobs.keep(Shelf(shelf), LEFT_OVERS[shelf])
    assert found(services, repair=True) == [], "its record may be under way"
    file = old(file_of(shelf, sha256, services))
    expected = (f"{shelf} {sha256}", "no record names this")
    assert found(services) == [(*expected, Fate.HARMLESS)]
    assert file.exists()
    assert found(services, repair=True) == [(*expected, Fate.MENDED)]
    assert not file.exists()
    assert found(services) == []


def test_left_overs_of_killed_processes_are_removed(image: Image, services: Services) -> None:
    whole = file_of("originals", image.facts.sha256, services)
    part = whole.with_name(f"{whole.name}.{'ab' * 16}.part")
    part.write_bytes(b"half")
    assert found(services, repair=True) == []
    old(part)
    [(_, what, fate)] = found(services, repair=True)
    assert (what, fate) == ("a file that was never finished", Fate.MENDED)
    assert not part.exists()
    assert whole.exists()


def test_what_cannot_be_read_or_removed_hides_nothing_of_the_rest(
    image: Image, services: Services
) -> None:
    for shelf in ("previews", "originals"):
        lost = file_of(shelf, image.facts.sha256, services)
        lost.unlink()
        lost.mkdir()
    stuck, loose = (file_of("previews", each * 32, services) for each in ("aa", "bb"))
    stuck.mkdir(parents=True)
    loose.parent.mkdir(exist_ok=True)
    loose.write_bytes(b"nobody's")
    old(stuck)
    old(loose)
    assert [(where, fate) for where, _, fate in found(services, repair=True)] == [
        ("Belt 3, belt-1.png", Fate.LEFT),
        ("Belt 3, belt-1.png", Fate.LEFT),
        ("previews " + "aa" * 32, Fate.LEFT),
        ("previews " + "bb" * 32, Fate.MENDED),
    ]


def test_files_that_are_not_ours_are_left_alone(image: Image, services: Services) -> None:
    whole = file_of("originals", image.facts.sha256, services)
    foreign = [whole.parent.parent / ".DS_Store", whole.parent / "Thumbs.db"]
    for file in foreign:
        file.write_bytes(b"of the system")
        old(file)
    assert found(services, repair=True) == []
    assert all(file.exists() for file in foreign)


def test_originals_set_aside_for_another_database_come_back(
    image: Image, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody checks and repairs with the records of another installation."""
    for file in services.settings.data.rglob(image.facts.sha256[2:]):
        old(file)
    monkeypatch.setenv("BELTMASK_DATABASE_URL", f"sqlite:///{tmp_path / 'other.sqlite3'}")
    other = Services.open(load_settings())
    assert {fate for *_, fate in found(other, repair=True)} == {Fate.MENDED}
    other.close()
    assert not services.store.blobs.has(Shelf.ORIGINALS, image.facts.sha256)
    assert {fate for *_, fate in found(services, repair=True)} == {Fate.MENDED}
    assert found(services) == []


def test_the_command_tells_by_its_code_what_is_left(
    call: Call, project: Project, image: Image, services: Services
) -> None:
    assert call("check").code == 0
    file_of("previews", image.facts.sha256, services).unlink()
    told = call("check")
    assert (told.code, told.err) == (2, "")
    assert told.out.splitlines() == ["Belt 3, belt-1.png: its preview cannot be shown", "1 left"]
    told = call("check", "--repair")
    assert told.code == 1
    assert told.out.splitlines()[0] == "Belt 3, belt-1.png: its preview cannot be shown (mended)"
    file_of("originals", image.facts.sha256, services).unlink()
    told = call("check", "--repair")
    assert told.code == 2
    assert "Belt 3, belt-1.png: the original of belt-1.png is missing\n" in told.out
    assert project.name == "Belt 3"
