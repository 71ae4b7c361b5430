"""Exporting."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from beltmask.model import Image
from beltmask.workflows.services import Services
from tests.gestures import approve
from tests.pages.conftest import at, fresh, texts


def export(app: AppTest) -> AppTest:
    [button] = [each for each in app.button if each.label == "Export as COCO"]
    return fresh(button.click().run())


def test_with_nothing_approved_the_page_says_what_to_do(images: list[Image], app: AppTest) -> None:
    page = export(at(app, "share/versions"))
    assert "nothing to export" in texts(page)
    assert "Approve a picture" in texts(page)


def test_an_export_is_offered_with_its_certificate(
    images: list[Image], app: AppTest, opened: Services
) -> None:
    approve(images[2].id, seen=0, services=opened)
    page = export(at(app, "share/versions"))
    assert "0 objects in 1 image read back by pycocotools" in texts(page)
    assert list((opened.settings.data / "exports").rglob("*.zip"))
