"""Predictions of other makers in a COCO file are compared like a prompt."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from beltmask.errors import FormatError
from beltmask.workflows.comparison import comparison_progress, start_comparison
from beltmask.workflows.comparison_plan import plan_comparison
from beltmask.workflows.comparison_result import comparison_result
from beltmask.workflows.imported_predictions import file_contender, read_predictions
from beltmask.workflows.review_state import open_sheet
from tests.beltmask.workflows.gemini_services import small_belt
from tests.beltmask.workflows.prompt_lab import PromptLab, prompt_lab


@pytest.fixture
def lab(data_with_tables: object) -> Iterator[PromptLab]:
    with prompt_lab(6) as opened:
        yield opened


def coco_of(belts: range) -> bytes:
    """The first object of each belt, as a box."""
    names = [small_belt(number)[1] for number in belts]
    boxes = [known.objects[0].mask.box for known in names]
    return json.dumps(
        {
            "images": [
                {"id": n, "file_name": known.name, "width": 64, "height": 48}
                for n, known in enumerate(names)
            ],
            "categories": [{"id": 1, "name": "foreign object"}],
            "annotations": [
                {
                    "id": n,
                    "image_id": n,
                    "category_id": 1,
                    "bbox": [box.x0, box.y0, box.width, box.height],
                }
                for n, box in enumerate(boxes, start=0)
            ],
        }
    ).encode()


def test_a_file_is_compared_like_a_prompt_and_kept(lab: PromptLab) -> None:
    data = coco_of(range(5))
    theirs = file_contender("theirs", data)
    wish = lab.wish("perfect")
    wish = replace(wish, contenders=(*wish.contenders, theirs))
    assert plan_comparison(wish, services=lab.services).asked == 6
    imported = read_predictions(lab.project.id, theirs, data, services=lab.services)
    comparison = start_comparison(wish, services=lab.idle, imported=[imported])
    lab.answer(comparison)
    assert comparison_progress(comparison.id, services=lab.services).over
    row = comparison_result(comparison.id, services=lab.services)["prompts"]["theirs"]
    objects = sum(len(small_belt(number)[1].objects) for number in range(6))
    assert (row["precision"], row["missed"], row["failed"]) == (1.0, objects - 5, 0)
    again = start_comparison(wish, services=lab.idle)
    assert comparison_progress(again.id, services=lab.services).over
    sheet = open_sheet(lab.image_ids[0], services=lab.services)
    assert {each.source.value for each in sheet.annotations} == {"human"}


def test_a_file_about_other_pictures_is_refused(lab: PromptLab) -> None:
    data = coco_of(range(20, 22))
    theirs = file_contender("theirs", data)
    with pytest.raises(FormatError):
        read_predictions(lab.project.id, theirs, data, services=lab.services)
