"""The model an installation set up: opened when asked, its costly half kept, faults told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from beltmask.detectors.sam.model import SamModel, SamView
from beltmask.model import Box, Pixels
from tests.onnx_writer import Graph, ints
from tests.sam_graphs import EMBEDDED, PROMPT, decoder, encoder, written

THING = Box(96, 96, 192, 192)


class CountedView:
    """Counts how often its pixels are read."""

    def __init__(self, name: str = "a") -> None:
        self.view = SamView(name, self._read)
        self.reads = 0

    def _read(self) -> Pixels:
        self.reads += 1
        pixels = np.full((320, 512, 3), (60, 70, 80), dtype=np.uint8)
        pixels[THING.y0 : THING.y1, THING.x0 : THING.x1] = (220, 180, 40)
        return pixels


@pytest.fixture
def paths(tmp_path: Path) -> tuple[Path, Path]:
    return written(tmp_path, encoder(), decoder())


@pytest.fixture
def later() -> Iterator[int]:
    """Seconds, more each time."""
    return count(1_900_000_000)


def decoder_that_fails() -> bytes:
    """Of the right names and shapes, but it looks at a point far outside its square."""
    taken = {"image_embeddings": EMBEDDED, **PROMPT, "orig_im_size": (2,)}
    graph = Graph(taken, {"iou_predictions": (1, 1), "low_res_masks": (1, 1, 256, 256)})
    graph.add("Gather", "image_embeddings", ints(900), into="low_res_masks", axis=2)
    graph.add("Identity", "has_mask_input", into="iou_predictions")
    return graph.model()


def test_another_click_into_a_view_costs_no_second_look(paths: tuple[Path, Path]) -> None:
    sam, picture = SamModel(*paths), CountedView()
    found = [sam.object_at(picture.view, (100 + 10 * i, 150)) for i in range(5)]
    assert all(mask is not None and mask.box == THING for mask in found)
    assert sam.object_in(picture.view, THING) is not None
    assert picture.reads == 1


def test_the_views_seen_last_are_kept_as_far_as_they_fit(paths: tuple[Path, Path]) -> None:
    one_view = 3 * 64 * 64 * 4
    sam = SamModel(*paths, most_bytes=2 * one_view)
    first, second, third = pictures = [CountedView(name) for name in "abc"]
    for picture in (first, second, first, third, first, second):
        assert sam.object_in(picture.view, THING) is not None
    assert [picture.reads for picture in pictures] == [1, 2, 1]


def test_a_view_too_large_to_keep_is_still_looked_at(paths: tuple[Path, Path]) -> None:
    sam, picture = SamModel(*paths, most_bytes=1), CountedView()
    assert sam.object_in(picture.view, THING) is not None
    assert sam.object_in(picture.view, THING) is not None
    assert picture.reads == 2


def test_people_who_click_at_once_wait_for_one_look(paths: tuple[Path, Path]) -> None:
    sam, picture = SamModel(*paths), CountedView()
    with ThreadPoolExecutor(4) as people:
        found = list(people.map(lambda _: sam.object_in(picture.view, THING), range(8)))
    assert {mask.box for mask in found if mask is not None} == {THING}
    assert (len(found), picture.reads) == (8, 1)


def test_without_files_nothing_is_wrong() -> None:
    sam, picture = SamModel(None, None), CountedView()
    assert sam.object_in(picture.view, THING) is None
    assert sam.name is None
    assert sam.availability().ready
    assert "BELTMASK_SAM_ENCODER" in sam.availability().note


def test_one_file_of_two_is_told(paths: tuple[Path, Path]) -> None:
    said = SamModel(None, paths[1]).availability()
    assert not said.ready
    assert said.note == (
        "A SAM model has two files, and BELTMASK_SAM_ENCODER is not set; "
        "magic select makes do with GrabCut."
    )


def test_a_file_that_was_put_right_is_opened_without_a_restart(
    paths: tuple[Path, Path], later: Iterator[int]
) -> None:
    sam, picture = SamModel(*paths), CountedView()
    good = paths[1].read_bytes()
    paths[1].write_bytes(b"")
    assert sam.object_in(picture.view, THING) is None
    assert not sam.availability().ready
    assert "decoder.onnx is not a network that can be run" in sam.availability().note
    paths[1].write_bytes(good)
    os.utime(paths[1], (moment := next(later), moment))
    assert sam.object_in(picture.view, THING) is not None
    assert sam.availability().note == f"{sam.name}, on this machine."
    paths[0].unlink()
    assert sam.object_in(picture.view, THING) is None
    assert "encoder.onnx cannot be read: No such file" in sam.availability().note


def test_a_model_that_fails_at_work_is_told_in_the_log_once_and_on_the_page(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sam, picture = SamModel(*written(tmp_path, encoder(), decoder_that_fails())), CountedView()
    assert sam.object_in(picture.view, THING) is None
    assert sam.object_at(picture.view, (100, 100)) is None
    assert not sam.availability().ready
    assert "the network failed (" in sam.availability().note
    assert len(caplog.messages) == 1
    assert caplog.messages[0] == sam.availability().note


def test_the_files_are_not_opened_before_they_are_needed(tmp_path: Path) -> None:
    paths = (tmp_path / "encoder.onnx", tmp_path / "decoder.onnx")
    sam = SamModel(*paths)
    written(tmp_path, encoder(), decoder())
    assert sam.object_in(CountedView().view, THING) is not None
