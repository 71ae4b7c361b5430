"""The offline detector on drawn belts, and on a few real ones where they are."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from beltmask.detectors.base import ObjectFound, ReplyFinished, RequestSent
from beltmask.detectors.belt import Map
from beltmask.detectors.offline import OfflineDetector, find_objects
from beltmask.masks import iou, mask_from_box, mask_from_frame, mask_from_rings
from beltmask.model import BoolArray, Box, Picture, Pixels, Prompt

HEIGHT, WIDTH = 360, 480
PROMPT = Prompt(detector="offline", query="all foreign objects on the belt")


def bare_belt(seed: int = 3) -> Pixels:
    """Grey rubber, lit from one side, with streaks along it and grain."""
    random = np.random.default_rng(seed)
    light = np.linspace(70, 120, WIDTH)[None, :] + np.linspace(-10, 10, HEIGHT)[:, None]
    streaks = cv2.GaussianBlur(random.normal(0, 12, (HEIGHT, 1)), (1, 9), 0)
    grey = light + streaks + random.normal(0, 3, (HEIGHT, WIDTH))
    return np.clip(grey[..., None] * (1.0, 0.98, 0.95), 0, 255).astype(np.uint8)


def disc(x: int, y: int, radius: int, *, hole: int = 0) -> BoolArray:
    canvas = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.circle(canvas, (x, y), radius, 1, -1)
    if hole:
        cv2.circle(canvas, (x, y), hole, 0, -1)
    return canvas > 0


def with_object(
    belt: Pixels, bits: BoolArray, color: tuple[int, int, int] = (200, 60, 40)
) -> Pixels:
    painted = belt.copy()
    painted[bits] = np.clip(color + np.random.default_rng(5).normal(0, 4, (bits.sum(), 3)), 0, 255)
    return painted


def best_iou(found: list[BoolArray], bits: BoolArray) -> float:
    truth = mask_from_frame(bits)
    masks = [mask_from_frame(one) for one in found]
    assert truth is not None
    return max((iou(mask, truth) for mask in masks if mask is not None), default=0.0)


def frames(rgb: Pixels) -> list[BoolArray]:
    framed = []
    for one in find_objects(rgb):
        frame = np.zeros(rgb.shape[:2], dtype=np.bool_)
        box = one.mask.box
        frame[box.y0 : box.y1, box.x0 : box.x1] = one.mask.bits
        framed.append(frame)
    return framed


@pytest.mark.parametrize("seed", range(4))
def test_an_empty_belt_gives_no_objects(seed: int) -> None:
    assert find_objects(bare_belt(seed)) == []


@pytest.mark.parametrize("color", [(200, 60, 40), (30, 60, 160), (235, 235, 230), (10, 10, 10)])
def test_an_object_of_any_color_is_found_with_its_outline(color: tuple[int, int, int]) -> None:
    bits = disc(300, 180, 30)
    [found] = frames(with_object(bare_belt(), bits, color))
    assert best_iou([found], bits) > 0.9


def test_a_hole_stays_a_hole() -> None:
    washer = disc(240, 180, 40, hole=18)
    [found] = frames(with_object(bare_belt(), washer))
    assert not found[180, 240]
    assert best_iou([found], washer) > 0.85


def test_touching_objects_are_split() -> None:
    left, right = disc(200, 180, 32), disc(258, 180, 32)
    found = frames(with_object(bare_belt(), left | right))
    assert len(found) == 2
    assert min(best_iou(found, left), best_iou(found, right)) > 0.85
    assert not (found[0] & found[1]).any()


def test_a_bent_thread_stays_whole() -> None:
    canvas = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.ellipse(canvas, (240, 190), (110, 80), 0, 10, 260, 1, 7)
    found = frames(with_object(bare_belt(), canvas > 0))
    assert len(found) == 1
    assert best_iou(found, canvas > 0) > 0.7


def test_a_frame_beside_the_belt_is_no_object() -> None:
    scene = bare_belt()
    scene[:, :40] = 210
    scene[120:200, 5:30] = (40, 60, 200)
    bits = disc(300, 180, 30)
    assert len(find_objects(scene)) == 0
    assert best_iou(frames(with_object(scene, bits)), bits) > 0.9


def test_the_slots_of_a_modular_belt_are_no_objects() -> None:
    scene, bits = bare_belt(), disc(300, 181, 25)
    for y in range(20, HEIGHT - 20, 60):
        for x in range(20, WIDTH - 40, 80):
            scene[y : y + 8, x : x + 30] = 5
    assert find_objects(scene) == []
    assert best_iou(frames(with_object(scene, bits)), bits) > 0.8


def test_many_things_of_one_size_and_several_colors_are_no_pattern_of_the_belt() -> None:
    colors = [(200, 40, 40), (40, 180, 60), (50, 80, 210), (220, 200, 40)]
    laid, rgb = [disc(70 + 110 * (n % 4), 70 + 110 * (n // 4), 18) for n in range(12)], bare_belt()
    for number, bits in enumerate(laid):
        rgb = with_object(rgb, bits, colors[number % len(colors)])
    found = frames(rgb)
    assert [best_iou(found, bits) > 0.8 for bits in laid] == [True] * 12


def test_a_grey_thing_is_found_although_the_frame_is_grey() -> None:
    scene, bits = bare_belt(), disc(300, 180, 30)
    scene[:, :60] = 210
    assert best_iou(frames(with_object(scene, bits, (210, 210, 210))), bits) > 0.85


def test_a_large_picture_gives_full_size_masks() -> None:
    small, bits = bare_belt(), disc(300, 180, 30)
    big = cv2.resize(with_object(small, bits), (4 * WIDTH, 4 * HEIGHT))
    truth = cv2.resize(bits.astype(np.uint8), (4 * WIDTH, 4 * HEIGHT)) > 0
    assert best_iou(frames(np.asarray(big)), np.asarray(truth)) > 0.9


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 2), (7, 9), (40, 40)])
def test_noise_of_any_shape_is_no_object(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (*shape, 3), dtype=np.uint8)
    for pixels in (noise, np.zeros_like(noise), np.full_like(noise, 255)):
        assert find_objects(pixels) == []


@pytest.mark.parametrize("shape", [(40, 40), (60, 500), (500, 60), (90, 90)])
def test_an_object_in_a_picture_of_any_shape_is_found_within_it(shape: tuple[int, int]) -> None:
    pixels = np.random.default_rng(1).integers(60, 66, (*shape, 3), dtype=np.uint8)
    x, y, wide, high = shape[1] // 3, shape[0] // 3, shape[1] // 3, shape[0] // 3
    pixels[y : y + high, x : x + wide] = (220, 40, 40)
    [found] = find_objects(pixels)
    assert found.mask.box.clipped((shape[1], shape[0])) == found.mask.box
    assert iou(found.mask, mask_from_box(Box(x, y, x + wide, y + high))) > 0.6


def test_the_surest_comes_first_however_small_it_is() -> None:
    faint, sharp = disc(330, 180, 40), disc(120, 180, 14)
    rgb = with_object(with_object(bare_belt(), faint, (140, 120, 110)), sharp)
    first, second = find_objects(rgb)
    assert first.score > second.score
    assert first.mask.area < second.mask.area
    assert first.mask.box.x1 < second.mask.box.x0


@pytest.mark.parametrize(("radius", "objects"), [(5, 0), (6, 1)])
def test_what_is_smaller_than_a_2000th_of_the_picture_is_no_object(
    radius: int, objects: int
) -> None:
    """86 px here; discs of 81 and 113."""
    assert len(find_objects(with_object(bare_belt(), disc(300, 180, radius)))) == objects


def test_the_same_picture_gives_the_same_objects() -> None:
    scene = with_object(bare_belt(), disc(100, 100, 20))
    first, second = find_objects(scene), find_objects(scene)
    assert [(one.mask, one.score) for one in first] == [(one.mask, one.score) for one in second]


def test_what_the_network_and_the_belt_agree_on_is_found_once() -> None:
    bits = disc(300, 180, 30)

    def saliency(rgb: Pixels) -> Map:
        return (rgb[..., 0] > rgb[..., 2].astype(np.int16) + 60).astype(np.float32)

    [found] = find_objects(with_object(bare_belt(), bits), saliency=saliency)
    truth = mask_from_frame(bits)
    assert truth is not None
    assert iou(found.mask, truth) > 0.85


def test_a_network_that_marks_the_whole_belt_finds_nothing() -> None:
    def saliency(rgb: Pixels) -> Map:
        return np.ones(rgb.shape[:2], dtype=np.float32)

    assert find_objects(bare_belt(), saliency=saliency) == []


def test_detecting_is_a_stream_of_events_that_keeps_what_was_said() -> None:
    scene = with_object(bare_belt(), disc(300, 180, 30))
    events = list(OfflineDetector().detect(Picture("belt", "ab" * 32, scene), PROMPT))
    assert [type(event) for event in events] == [RequestSent, ObjectFound, ReplyFinished]
    _, found, finished = events
    assert isinstance(found, ObjectFound)
    assert isinstance(finished, ReplyFinished)
    [row] = json.loads(finished.reply.raw)
    assert tuple(row["box"]) == found.finding.box.corners
    assert found.finding.score is not None
    assert 0 < found.finding.score <= 1


def test_without_weights_it_is_ready_and_says_what_is_missing(tmp_path: Path) -> None:
    detector = OfflineDetector(weights=tmp_path / "absent.onnx")
    assert detector.availability().ready
    assert "make weights" in detector.availability().note
    assert not detector.has_weights


@pytest.mark.parametrize("content", [b"", b"not a network", bytes(1000)])
def test_broken_weights_are_said_and_the_belt_is_still_looked_at(
    content: bytes, tmp_path: Path
) -> None:
    broken = tmp_path / "u2netp.onnx"
    broken.write_bytes(content)
    scene = with_object(bare_belt(), disc(300, 180, 30))
    detector = OfflineDetector(weights=broken)
    events = list(detector.detect(Picture("belt", "cd" * 32, scene), PROMPT))
    assert [type(e).__name__ for e in events] == [
        "RequestSent",
        "ProblemFound",
        "ObjectFound",
        "ReplyFinished",
    ]


@pytest.mark.pictures
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("smartbelt_scrap", "smooth_msg1033807294-26760.jpg"),
        ("snack_on_belt", "ohyes.jpg"),
        ("intel_belt_video", "bolt_007.png"),
    ],
)
def test_a_lone_object_on_a_real_belt_is_found(shared_data: Path, kind: str, name: str) -> None:
    folder = shared_data / "pictures" / kind
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    image = next(one for one in truth["images"] if one["file_name"] == name)
    [wanted] = [one for one in truth["annotations"] if one["image_id"] == image["id"]]
    mask = mask_from_rings([np.reshape(ring, (-1, 2)) for ring in wanted["segmentation"]])
    found = find_objects(np.asarray(Image.open(folder / "images" / name).convert("RGB")))
    assert mask is not None
    assert max(iou(one.mask, mask) for one in found) > 0.6


@pytest.mark.pictures
@pytest.mark.parametrize("name", ["ei_empty2.png", "etce_Dataset1.jpg", "etce_Dataset31.jpg"])
def test_a_real_empty_belt_gives_no_objects(shared_data: Path, name: str) -> None:
    path = shared_data / "pictures" / "empty_belts" / "images" / name
    assert find_objects(np.asarray(Image.open(path).convert("RGB"))) == []
