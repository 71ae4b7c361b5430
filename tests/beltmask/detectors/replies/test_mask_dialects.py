"""What models write as a mask -> the object's pixels."""

from __future__ import annotations

import base64

import cv2
import numpy as np
import pytest

from beltmask.masks import bits_in, iou, mask_from_box, to_coco_rle
from beltmask.model import Box, Mask, MaskSource
from tests.beltmask.detectors.replies.hostile_replies import png_that_claims
from tests.beltmask.detectors.replies.reply_parts import (
    BOX,
    SIZE,
    SQUARE_YX,
    entry,
    kinds,
    mask_of,
    png_base64,
    png_uri,
    read,
    read_one,
)

PLACE = Box(20, 10, 60, 50)
TRIANGLE = np.tri(40, dtype=np.bool_)
"""As large as PLACE."""


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGB", "RGBA", "I;16"])
def test_a_png_of_any_mode(mode: str) -> None:
    found = mask_of(read_one(mask=png_uri(TRIANGLE, mode=mode)))
    assert np.array_equal(bits_in(found, PLACE), TRIANGLE)


@pytest.mark.parametrize("side", [(256, 256), (7, 91)])
def test_a_png_of_any_size_is_stretched_bilinearly_and_cut_at_127(side: tuple[int, int]) -> None:
    bits = np.random.default_rng(1).random(side) > 0.5
    grey = np.where(bits, 255, 0).astype(np.uint8)
    expected = cv2.resize(grey, (40, 40), interpolation=cv2.INTER_LINEAR) > 127
    assert np.array_equal(bits_in(mask_of(read_one(mask=png_uri(bits))), PLACE), expected)


@pytest.mark.parametrize(
    "text",
    [
        png_base64(TRIANGLE),
        "\n".join([png_uri(TRIANGLE)[:80], png_uri(TRIANGLE)[80:]]),
        png_base64(TRIANGLE).replace("+", "-").replace("/", "_").rstrip("="),
        "<start_of_mask><seg_3><seg_9>" + png_uri(TRIANGLE),
    ],
)
def test_base64_however_it_is_wrapped(text: str) -> None:
    assert np.array_equal(bits_in(mask_of(read_one(mask=text)), PLACE), TRIANGLE)


def test_a_png_of_a_box_beyond_the_picture_is_cut_not_squeezed() -> None:
    text = f"[{entry(box_2d=[-400, -200, 400, 200], mask=png_uri(np.eye(80, dtype=np.bool_)))}]"
    (finding,) = read(text).findings
    assert np.array_equal(mask_of(finding).bits, np.eye(40, dtype=np.bool_))


@pytest.mark.parametrize("side", [4_097, 60_000, 2**31])
def test_a_png_that_claims_to_be_huge_is_never_decoded(side: int) -> None:
    (problem,) = read(f"[{entry(mask=png_that_claims(side))}]").problems
    assert problem.kind == "mask_unreadable"
    assert f"claims to be {side} ×" in problem.detail


def test_a_png_with_a_wrong_check_sum_is_not_trusted() -> None:
    png = bytearray(base64.b64decode(png_base64(TRIANGLE)))
    png[png.index(b"IEND") - 5] ^= 1  # the last byte of the check sum before it
    (problem,) = read(f"[{entry(mask=base64.b64encode(png).decode())}]").problems
    assert "check sum of its IDAT" in problem.detail


def test_a_chunk_name_that_is_no_text_can_be_printed() -> None:
    png = base64.b64decode(png_base64(TRIANGLE)).replace(b"IDAT", b"I\x08\nT")
    (problem,) = read(f"[{entry(mask=base64.b64encode(png).decode())}]").problems
    assert problem.detail.isprintable()


@pytest.mark.parametrize(
    ("mask", "dialect"),
    [
        (png_uri(TRIANGLE)[:120], "png"),
        (png_uri(TRIANGLE)[:60] + "AAAA" + png_uri(TRIANGLE)[64:], "png"),
        (png_uri(np.zeros((4, 4), np.bool_)), "png"),
        ("data:image/png;base64,", "png"),
        ("<start_of_mask>" + "<seg_99>" * 16, "seg_tokens"),
        ("gimme_mask_for_this", "box"),
        ([[100, 100], [500, 300]], "polygon"),
        ([100, 100, 500], "polygon"),
        ([[700, 700], [700, 800], [800, 800]], "polygon"),  # nowhere near its box
        ([[450, 250], [450, 900], [900, 900], [900, 250]], "polygon"),  # hardly in its box
        ("0o00", "rle"),
        ({"size": [3, 3], "counts": "00"}, "rle"),
        ([True, False, True], "booleans"),
        (5, "box"),
    ],
)
def test_a_bad_mask_never_costs_the_box(mask: object, dialect: str) -> None:
    reply = read(f"[{entry(mask=mask)}]")
    (finding,) = reply.findings
    assert (finding.box, finding.mask_source) == (PLACE, MaskSource.NONE)
    assert (reply.dialect, kinds(reply)) == (dialect, ["mask_unreadable"])


@pytest.mark.parametrize("mask", [None, "", []])
def test_an_empty_mask_is_missing(mask: object) -> None:
    assert kinds(read(f"[{entry(mask=mask)}]"))[0] in {"mask_missing", "mask_unreadable"}


FLAT = [number for point in SQUARE_YX for number in point]


@pytest.mark.parametrize(
    "mask",
    [
        SQUARE_YX,
        [point[::-1] for point in SQUARE_YX],
        FLAT,
        [FLAT],
        [SQUARE_YX],
        [FLAT[:4], FLAT[4:]],  # one outline in chunks
        [SQUARE_YX[:2], SQUARE_YX[2:]],
        ",".join(map(str, FLAT)),
        str(SQUARE_YX),
        [f"{y}, {x}" for y, x in SQUARE_YX],
        [{"y": y, "x": x} for y, x in SQUARE_YX],
        {"points": SQUARE_YX},
    ],
)
def test_an_outline_in_every_form(mask: object) -> None:
    assert mask_of(read_one(mask=mask)) == mask_from_box(PLACE)


@pytest.mark.parametrize("x_first", [False, True])
def test_the_order_of_the_axes_is_found_by_the_box(x_first: bool) -> None:
    """The second box lies on the diagonal, where only the extents can tell."""
    for box in ([100, 600, 300, 900], [400, 450, 600, 500]):
        y0, x0, y1, x1 = box
        ring = [[y0, x0], [y0, x1], [y1, x1], [y1, x0]]
        mask = [point[::-1] for point in ring] if x_first else ring
        (finding,) = read(f"[{entry(box_2d=box, mask=mask)}]").findings
        assert mask_of(finding) == mask_from_box(finding.box)


def test_y_comes_first_when_the_box_cannot_tell() -> None:
    corner = [[100, 100], [100, 300], [300, 100]]
    (finding,) = read(f"[{entry(box_2d=[100, 100, 300, 300], mask=corner)}]", (100, 100)).findings
    bits = bits_in(mask_of(finding), finding.box)
    assert bits[0, -2]
    assert bits[-2, 0]
    (flat,) = read(
        f"[{entry(box_2d=[0, 0, 400, 400], mask=[[0, 0], [0, 400], [100, 400]])}]"
    ).findings
    assert mask_of(flat).box.height < mask_of(flat).box.width


def test_an_outline_that_is_no_outline_is_refused_in_no_time() -> None:
    tangle = [[1000 * (n % 2), n % 1000] for n in range(4_000)]
    reply = read(f"[{entry(box_2d=[0, 0, 1000, 1000], mask=tangle)}]", (4000, 3000))
    assert kinds(reply) == ["mask_unreadable"]
    assert "tangled" in reply.problems[0].detail


def test_an_outline_without_a_box_gives_the_box() -> None:
    reply = read(f'[{{"mask": {SQUARE_YX}, "label": "bolt"}}]')
    assert reply.findings[0].box == PLACE
    assert kinds(reply) == ["box_derived"]


HOLE = [[200, 150], [200, 250], [400, 250], [400, 150]]


@pytest.mark.parametrize("holes", [[HOLE], HOLE, [[n for point in HOLE for n in point]]])
def test_holes_are_left_out(holes: object) -> None:
    found = mask_of(read_one(mask=SQUARE_YX, holes=holes))
    assert found.area == PLACE.area - 20 * 20
    assert not bits_in(found, Box(30, 20, 50, 40)).any()


def test_an_object_in_two_parts_keeps_both() -> None:
    left = [[100, 100], [100, 150], [500, 150], [500, 100]]
    right = [[100, 250], [100, 300], [500, 300], [500, 250]]
    assert mask_of(read_one(mask=[left, right])).area == 2 * 10 * 40


def test_the_mask_keeps_its_pixels_inside_the_box() -> None:
    wide = [[100, 80], [100, 300], [500, 300], [500, 80]]
    reply = read(f"[{entry(mask=wide)}]")
    assert mask_of(reply.findings[0]) == mask_from_box(PLACE)
    assert kinds(reply) == ["mask_clipped"]


OBJECT = Mask(20, 10, TRIANGLE)


@pytest.mark.parametrize("form", ["string", "sized", "list"])
def test_run_lengths_of_the_whole_picture(form: str) -> None:
    rle = to_coco_rle(OBJECT, SIZE)
    counts = _counts(OBJECT)
    mask = {"string": rle["counts"], "sized": rle, "list": {"size": [100, 200], "counts": counts}}
    assert mask_of(read_one(mask=mask[form])) == OBJECT


def test_run_lengths_of_a_larger_copy_are_scaled() -> None:
    doubled = Mask(40, 20, np.kron(TRIANGLE, np.ones((2, 2), np.bool_)))
    rle = to_coco_rle(doubled, (400, 200))
    assert mask_of(read_one(mask=rle["counts"])) == OBJECT


def test_run_lengths_of_the_box_alone() -> None:
    rle = to_coco_rle(Mask(0, 0, TRIANGLE), (40, 40))
    assert iou(mask_of(read_one(mask=rle["counts"])), OBJECT) == 1


def test_run_lengths_whose_last_zeros_are_missing() -> None:
    runs = _counts(OBJECT)[:-1]
    assert mask_of(read_one(mask={"counts": runs})) == OBJECT


def test_run_lengths_whose_columns_fit_nothing_are_refused() -> None:
    rle = to_coco_rle(Mask(3, 2, TRIANGLE), (155, 43))
    reply = read(f"[{entry(mask=rle['counts'])}]")
    assert kinds(reply) == ["mask_unreadable"]


def test_run_lengths_that_say_their_size_fit_whatever_it_is() -> None:
    rle = to_coco_rle(mask_from_box(Box(0, 0, 155, 43)), (155, 43))
    assert mask_of(read_one(mask=rle)) == mask_from_box(PLACE)


def _counts(mask: Mask) -> list[int]:
    frame = bits_in(mask, Box(0, 0, *SIZE)).T.ravel()
    edges = np.flatnonzero(np.diff(frame.astype(np.int8))) + 1
    ends = np.concatenate(([0], edges, [frame.size]))
    return [int(run) for run in np.diff(ends)]


@pytest.mark.parametrize(
    "mask", [TRIANGLE.tolist(), TRIANGLE.ravel().tolist(), TRIANGLE.astype(int).tolist()]
)
def test_tables_of_truth_values(mask: object) -> None:
    assert mask_of(read_one(mask=mask)) == OBJECT


def test_a_score_is_kept() -> None:
    assert read_one(score=0.75).score == 0.75
    assert read_one(confidence=75).score is None


def test_the_box_of_the_pieces_is_where_it_should_be() -> None:
    assert read_one(box_2d=BOX).box == PLACE
