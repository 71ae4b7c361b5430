"""A format of one's own is a module and a line in the registry: nothing else asks which one."""

from __future__ import annotations

from pathlib import Path

import pytest

from beltmask.errors import FormatError
from beltmask.formats import registry
from beltmask.formats.dataset import Loss
from beltmask.model import AnnotationState, Image, Project, ReviewState
from beltmask.workflows import export
from beltmask.workflows.export import ExportChoice, export_dataset, export_for_download
from beltmask.workflows.services import Services
from tests.beltmask.formats.box_lists import BoxLists
from tests.beltmask.store.builders import mask
from tests.beltmask.workflows.test_export import keep

CHOICE = ExportChoice(format_name=BoxLists().name)


@pytest.fixture
def _with_box_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    form = BoxLists()
    monkeypatch.setattr(registry, "FORMATS", {**registry.FORMATS, form.name: form})


@pytest.fixture
def truth(image: Image, project: Project, services: Services) -> Project:
    keep(image, ReviewState.APPROVED, [AnnotationState.ACCEPTED], services)
    return project


@pytest.mark.usefixtures("_with_box_lists")
def test_another_format_is_exported_and_certified_and_tells_what_it_lost(
    truth: Project, services: Services, tmp_path: Path
) -> None:
    report = export_dataset(truth, CHOICE, path=tmp_path / "out.zip", services=services)
    assert (report.certificate.reader, report.certificate.objects) == ("ourselves", 1)
    assert report.lost == {Loss.MASKS: 1}
    assert report.sentence.endswith("1 went out as its box.")
    data = BoxLists().read(tmp_path / "out.zip")
    [found] = data.images[0].objects
    assert (data.classes, found.box) == ({0: "foreign object"}, mask(2, 3).box)


def test_what_a_format_loses_without_having_said_so_is_not_offered(
    truth: Project, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = BoxLists(loses=frozenset())
    monkeypatch.setattr(registry, "FORMATS", {silent.name: silent})
    with pytest.raises(FormatError, match="Lists of boxes does not say that it cannot hold masks"):
        export_dataset(truth, CHOICE, path=tmp_path / "out.zip", services=services)
    assert list(tmp_path.glob("*out*")) == []


@pytest.mark.usefixtures("_with_box_lists")
def test_a_format_of_many_files_goes_into_a_folder(
    truth: Project, services: Services, tmp_path: Path
) -> None:
    export_dataset(truth, CHOICE, path=tmp_path / "out.json", services=services)
    names = {path.relative_to(tmp_path / "out.json").as_posix() for path in tmp_path.rglob("*.txt")}
    assert names == {"classes.txt", "belt-1.png.txt"}
    assert (tmp_path / "out.json" / "images" / "belt-1.png").is_file()


@pytest.mark.usefixtures("_with_box_lists")
def test_a_download_is_named_for_its_format(truth: Project, services: Services) -> None:
    report = export_for_download(truth, CHOICE, services=services)
    assert report.path.name == "belt-3-box-lists.zip"


def test_an_unknown_format_is_refused_with_those_there_are(
    truth: Project, services: Services, tmp_path: Path
) -> None:
    with pytest.raises(FormatError, match='no format "box-lists"') as refused:
        export_dataset(truth, CHOICE, path=tmp_path / "out.zip", services=services)
    assert refused.value.hint == "Choose one of coco."
    assert list(tmp_path.glob("out*")) == []


def test_there_are_words_for_everything_a_format_may_lose() -> None:
    assert set(export.LOST) == set(Loss)
