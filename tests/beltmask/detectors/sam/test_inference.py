"""A box or a click and a SAM-family model -> the object's mask, to the pixel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from beltmask.detectors.sam.files import open_sam
from beltmask.detectors.sam.inference import embed, object_at, object_in
from beltmask.masks import iou, mask_from_box
from beltmask.model import Box, Mask, Pixels, Size
from tests.frames import frame_of
from tests.sam_graphs import decoder, decoder_2, encoder, encoder_2, written

KINDS = {
    "SAM, normalised squares": (encoder(), decoder()),
    "SAM, plain pictures": (encoder(plain=True), decoder()),
    "SAM, one mask only": (encoder(), decoder(like=0.8)),
    "SAM 2": (encoder_2(), decoder_2()),
}
FITTED = [kind for kind in KINDS if kind != "SAM 2"]


def picture(size: Size, *things: Box) -> Pixels:
    pixels = np.full((size[1], size[0], 3), (60, 70, 80), dtype=np.uint8)
    for thing in things:
        pixels[thing.y0 : thing.y1, thing.x0 : thing.x1] = (220, 180, 40)
    return pixels


def found(kind: str, pixels: Pixels, at: Box | tuple[int, int], folder: Path) -> Mask | None:
    networks = open_sam(*written(folder, *KINDS[kind]))
    seen = embed(networks, pixels)
    return object_in(networks, seen, at) if isinstance(at, Box) else object_at(networks, seen, at)


def is_all_of(mask: Mask | None, thing: Box) -> bool:
    """Every edge in its place; only corners are rounded, by enlarging."""
    return mask is not None and mask.box == thing and iou(mask, mask_from_box(thing)) > 0.99


@pytest.mark.parametrize("kind", FITTED)
@pytest.mark.parametrize(
    ("size", "thing"),
    [
        ((1024, 640), Box(928, 480, 1008, 624)),
        ((512, 320), Box(400, 240, 504, 312)),
        ((320, 512), Box(240, 8, 312, 504)),
        ((2048, 512), Box(1952, 416, 2016, 480)),
        ((512, 512), Box(0, 0, 64, 48)),
    ],
)
def test_a_box_and_a_click_give_the_object_s_own_pixels(
    kind: str, size: Size, thing: Box, tmp_path: Path
) -> None:
    pixels = picture(size, thing)
    assert is_all_of(found(kind, pixels, thing, tmp_path), thing)
    for spot in ((thing.x0 + 4, thing.y0 + 4), (thing.x1 - 5, thing.y1 - 5)):
        assert is_all_of(found(kind, pixels, spot, tmp_path), thing)


@pytest.mark.parametrize("thing", [Box(448, 128, 480, 224), Box(8, 4, 40, 100)])
def test_sam_2_sees_the_picture_stretched_and_its_mask_comes_back_unstretched(
    thing: Box, tmp_path: Path
) -> None:
    pixels = picture((512, 256), thing)
    assert is_all_of(found("SAM 2", pixels, thing, tmp_path), thing)
    assert is_all_of(found("SAM 2", pixels, (thing.x1 - 3, thing.y0 + 2), tmp_path), thing)


def test_a_picture_of_odd_sides_is_right_within_what_the_network_sees(tmp_path: Path) -> None:
    size, thing = (1279, 957), Box(1101, 803, 1203, 901)
    mask = found("SAM, normalised squares", picture(size, thing), thing, tmp_path)
    assert mask is not None
    cell = 20  # px of the picture in one the network keeps
    edges = zip(mask.box.corners, thing.corners, strict=True)
    assert all(abs(edge - true) <= cell for edge, true in edges)
    assert frame_of(mask, size).shape == (957, 1279)


def test_a_click_takes_one_of_two_like_objects_and_a_box_what_the_model_says(
    tmp_path: Path,
) -> None:
    left, right = Box(96, 96, 192, 192), Box(400, 96, 480, 192)
    pixels = picture((512, 320), left, right)
    clicked = found("SAM, normalised squares", pixels, (150, 150), tmp_path)
    assert is_all_of(clicked, left)
    boxed = found("SAM, normalised squares", pixels, left, tmp_path)
    assert boxed is not None
    assert boxed.box == Box(96, 96, 480, 192)


def test_what_a_click_marks_covers_it_however_sure_the_model_is_of_another_mask(
    tmp_path: Path,
) -> None:
    thing = Box(96, 96, 192, 192)
    pixels = picture((512, 320), thing, Box(400, 96, 480, 192))
    networks = open_sam(
        *written(tmp_path, encoder(), decoder(everything=0.3, unlike=0.9, like=0.4))
    )
    seen = embed(networks, pixels)
    assert is_all_of(object_at(networks, seen, (100, 100)), thing)
    around = object_in(networks, seen, thing)
    assert around is not None
    assert around.box == Box(0, 0, 512, 320)


def test_the_belt_under_a_click_is_no_object(tmp_path: Path) -> None:
    pixels = picture((512, 320), Box(96, 96, 192, 192))
    assert found("SAM, one mask only", pixels, (300, 50), tmp_path) is None


@pytest.mark.parametrize("spot", [(511, 319), (512, 320), (0, 0)])
def test_a_click_on_the_last_pixel_is_in_the_picture(spot: tuple[int, int], tmp_path: Path) -> None:
    corners = (Box(0, 0, 32, 32), Box(480, 288, 512, 320))
    mask = found("SAM, normalised squares", picture((512, 320), *corners), spot, tmp_path)
    assert is_all_of(mask, corners[spot != (0, 0)])


def test_a_picture_is_normalised_and_padded_like_by_an_encoder_that_does_it_itself(
    tmp_path: Path,
) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (300, 512, 3)).astype(np.uint8)
    embedded = []
    for model in (encoder(), encoder(plain=True)):
        networks = open_sam(*written(tmp_path, model, decoder()))
        embedded.append(embed(networks, pixels).tensors["image_embeddings"])
    np.testing.assert_allclose(embedded[0], embedded[1], atol=1e-4)
