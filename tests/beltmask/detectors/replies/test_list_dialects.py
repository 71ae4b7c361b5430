"""JSON that is no list of entries: lists side by side, labels as keys, boxes alone, quads."""

from __future__ import annotations

import json

import pytest

from beltmask.detectors.replies.reader import ReadReply, read_reply
from beltmask.detectors.replies.units import GEMINI, Convention
from beltmask.errors import UnreadableReplyError
from tests.beltmask.detectors.replies.reply_parts import boxes, kinds, labels, mask_of

SIZE = (1000, 1000)
X_FIRST = Convention(x_first=True)
ONE, TWO = [100, 200, 300, 400], [500, 600, 700, 900]
QUAD = [100, 100, 300, 120, 290, 400, 90, 380]


def read(value: object, convention: Convention = X_FIRST) -> ReadReply:
    text = value if isinstance(value, str) else json.dumps(value)
    return read_reply(text, size=SIZE, convention=convention)


def told(reply: ReadReply) -> list[tuple[str, list[int]]]:
    return [(finding.label, list(finding.box.corners)) for finding in reply.findings]


BOTH = [("bolt", ONE), ("nut", TWO)]
SHAPES: dict[str, object] = {
    "bboxes beside labels": {"bboxes": [ONE, TWO], "labels": ["bolt", "nut"]},
    "boxes beside labels": {"boxes": [ONE, TWO], "labels": ["bolt", "nut"], "scores": [0.5, 1]},
    "labels first": {"labels": ["bolt", "nut"], "boxes": [ONE, TWO]},
    "in a wrapper": {"result": {"bboxes": [ONE, TWO], "labels": ["bolt", "nut"]}},
    "in a list": [{"bboxes": [ONE, TWO], "labels": ["bolt", "nut"]}],
    "boxes in strings": {"bboxes": [str(ONE), str(TWO)], "labels": ["bolt", "nut"]},
    "numbers in strings": {
        "bboxes": [[*map(str, ONE)], [*map(str, TWO)]],
        "names": ["bolt", "nut"],
    },
    "named corners beside labels": {
        "boxes": [dict(zip(("x1", "y1", "x2", "y2"), box, strict=True)) for box in (ONE, TWO)],
        "labels": ["bolt", "nut"],
    },
    "label as key": {"bolt": ONE, "nut": TWO},
    "label as key of lists": {"bolt": [ONE], "nut": [TWO]},
    "label as key of objects": {"bolt": {"bbox": ONE}, "nut": {"bbox": TWO}},
    "label as key of lists of objects": {"bolt": [{"bbox": ONE}], "nut": [{"bbox": TWO}]},
    "label as key in a wrapper": {"detections": {"bolt": ONE, "nut": TWO}},
    "label as key in a list": [{"bolt": ONE}, {"nut": TWO}],
    "label, then box": [["bolt", ONE], ["nut", TWO]],
    "box, then label": [[*ONE, "bolt"], [*TWO, "nut"]],
    "label that touches its list": f"bolt[{ONE}]nut[{TWO}]",
    "Kosmos-2's entities": [
        "A bolt and a nut.",
        [["bolt", [2, 6], [[0.1, 0.2, 0.3, 0.4]]], ["nut", [13, 16], [[0.5, 0.6, 0.7, 0.9]]]],
    ],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_both_objects_are_read_with_their_labels(shape: str) -> None:
    reply = read(SHAPES[shape])
    assert told(reply) == BOTH
    assert kinds(reply) == []


@pytest.mark.parametrize("key", ["bbox_2d", "bbox", "boxes", "bboxes"])
def test_one_label_may_have_several_boxes(key: str) -> None:
    reply = read([{"label": "bolt", key: [ONE, TWO], "score": 0.5}, {"label": "nut", "bbox": ONE}])
    assert told(reply) == [("bolt", ONE), ("bolt", TWO), ("nut", ONE)]
    assert [finding.score for finding in reply.findings] == [0.5, 0.5, None]


def test_several_boxes_under_geminis_name_are_y_first_whatever_was_asked() -> None:
    for convention in (X_FIRST, GEMINI):
        reply = read([{"label": "bolt", "box_2d": [ONE, TWO]}], convention)
        assert boxes(reply) == [(200, 100, 400, 300), (600, 500, 900, 700)]


@pytest.mark.parametrize(
    "text", [f"[{ONE}, {TWO}]", f"```json\n[{ONE}, {TWO}]\n```", f"{ONE}\n{TWO}"]
)
def test_boxes_without_any_label_are_read_and_the_labels_missed(text: str) -> None:
    reply = read(text)
    assert [list(box) for box in boxes(reply)] == [ONE, TWO]
    assert kinds(reply) == ["label_missing"] * 2


@pytest.mark.parametrize(
    "text", ["I counted [1, 2, 3, 4] of them.", "See [1] and [2, 3].", '{"n": 4}']
)
def test_numbers_in_a_sentence_are_no_box(text: str) -> None:
    with pytest.raises(UnreadableReplyError):
        read(text)


def test_what_stands_beside_entries_is_no_object() -> None:
    reply = read({"image_box": [0, 0, 640, 480], "objects": [{"bbox": ONE, "label": "bolt"}]})
    assert told(reply) == [("bolt", ONE)]


@pytest.mark.parametrize(
    "name", ["objects", "detected_objects", "Bounding Boxes", "result", "0", "box 3"]
)
def test_the_name_of_a_container_is_no_label(name: str) -> None:
    for value in ([ONE], [{"bbox": ONE}]):
        reply = read({name: value})
        assert labels(reply.findings) == ["object"]
        assert kinds(reply) == ["label_missing"]


def test_boxes_without_labels_keep_the_scores_beside_them() -> None:
    reply = read({"boxes": [ONE, TWO], "scores": [0.5, 0.25]})
    assert [finding.score for finding in reply.findings] == [0.5, 0.25]
    assert kinds(reply) == ["label_missing"] * 2


def test_an_object_with_an_outline_of_its_own_is_one_whatever_its_boxes() -> None:
    outline = [[100, 200], [300, 200], [300, 400], [100, 400]]
    reply = read([{"label": "bolt", "polygon": outline, "bbox": [ONE, TWO]}])
    assert told(reply) == [("bolt", ONE)]
    assert mask_of(reply.findings[0]).area == 200 * 200


@pytest.mark.parametrize("name", ["x1", "y_max", "w", "scores", "size"])
def test_the_name_of_a_number_is_no_label(name: str) -> None:
    assert labels(read({name: ONE}).findings) == ["object"]


def test_a_label_that_is_a_key_keeps_its_capitals() -> None:
    assert labels(read({"Hex Nut M8": ONE, "bolt": TWO}).findings) == ["Hex Nut M8", "bolt"]


def test_labels_without_a_box_and_boxes_without_a_label_are_told() -> None:
    more = read({"bboxes": [ONE], "labels": ["bolt", "nut"]})
    assert (told(more), kinds(more)) == ([("bolt", ONE)], ["box_missing"])
    fewer = read({"bboxes": [ONE, TWO], "labels": ["bolt"]})
    assert (labels(fewer.findings), kinds(fewer)) == (["bolt", "object"], ["label_missing"])
    broken = read({"bboxes": [ONE, [1, 2, 3]], "labels": ["bolt", "nut"]})
    assert (told(broken), kinds(broken)) == ([("bolt", ONE)], ["box_missing"])


def test_the_same_box_under_two_labels_is_two_objects() -> None:
    assert told(read({"bboxes": [ONE, ONE], "labels": ["bolt", "nut"]})) == [
        ("bolt", ONE),
        ("nut", ONE),
    ]


@pytest.mark.parametrize(
    "text", ['{"bboxes": [], "labels": []}', '{"<OD>": {"bboxes": [], "labels": []}}']
)
def test_empty_lists_say_that_nothing_was_found(text: str) -> None:
    assert read(text).dialect == "none"


@pytest.mark.parametrize(
    "said", ["No object detected.", '{"<REGION_TO_CATEGORY>": "No object detected."}']
)
def test_a_dialects_own_words_say_that_nothing_was_found(said: str) -> None:
    assert read(said).dialect == "none"
    with pytest.raises(UnreadableReplyError):
        read("No object detected. I could not see the belt.")


def test_what_florence_makes_of_its_tokens_is_in_pixels_of_the_picture_that_was_sent() -> None:
    text = json.dumps({"<OD>": {"bboxes": [[60.5, 20.2, 400, 230]], "labels": ["bolt"]}})
    for convention in (X_FIRST, GEMINI):
        assert boxes(read_reply(text, size=(640, 480), convention=convention)) == [
            (60, 20, 400, 230)
        ]
    small = Convention(x_first=True, seen=(640, 480))
    assert boxes(read_reply(text, size=(1280, 960), convention=small)) == [(121, 40, 800, 460)]


def test_outlines_of_florence_may_have_several_parts() -> None:
    parts = [[10, 10, 20, 10, 20, 20, 10, 20], [40, 40, 60, 40, 60, 50, 40, 50]]
    key = "<REFERRING_EXPRESSION_SEGMENTATION>"
    reply = read({key: {"polygons": [parts, [parts[0]]], "labels": ["two parts", "one"]}})
    assert labels(reply.findings) == ["two parts", "one"]
    assert [mask_of(one).area for one in reply.findings] == [100 + 200, 100]
    assert [one.box.corners for one in reply.findings] == [(10, 10, 60, 50), (10, 10, 20, 20)]


@pytest.mark.parametrize("field", ["bbox", "quad", "poly", "bbox_2d"])
@pytest.mark.parametrize("quad", [QUAD, [QUAD[n : n + 2] for n in range(0, 8, 2)], str(QUAD)])
def test_the_four_corners_of_a_box_are_an_outline(field: str, quad: object) -> None:
    reply = read([{"label": "M8", field: quad}])
    assert boxes(reply) == [(90, 100, 300, 400)]
    assert mask_of(reply.findings[0]).area == pytest.approx(200 * 280, rel=0.01)
    assert kinds(reply) == ["box_derived"]


def test_quads_beside_labels_are_outlines_each() -> None:
    reply = read({"<OCR_WITH_REGION>": {"quad_boxes": [QUAD], "labels": ["M8"]}})
    assert (labels(reply.findings), boxes(reply)) == (["M8"], [(90, 100, 300, 400)])


@pytest.mark.parametrize("key", ["bbox_norm", "box_norm", "bbox_normalized", "normalized_bbox"])
def test_a_normalized_box_is_in_parts_even_where_they_are_whole(key: str) -> None:
    reply = read(
        [{"label": "belt", key: [0, 0, 1, 1]}, {"label": "bolt", key: [0.1, 0.2, 0.3, 0.4]}]
    )
    assert told(reply) == [("belt", [0, 0, 1000, 1000]), ("bolt", ONE)]


def test_moondreams_points_are_points_and_no_outline() -> None:
    points = [{"x": 0.1, "y": 0.2}, {"x": 0.5, "y": 0.5}, {"x": 0.7, "y": 0.1}]
    reply = read({"request_id": "1", "points": points, "count": 3})
    assert (reply.findings, kinds(reply)) == ((), ["points_only"] * 3)
    assert "y 0.2, x 0.1" in reply.problems[0].detail
    outline = read([{"label": "bolt", "points": points}])
    assert kinds(outline) == ["box_derived"]


def test_a_list_that_ends_early_gives_its_whole_boxes() -> None:
    for text in (
        f'{{"labels": ["bolt", "nut"], "bboxes": [{ONE}, [5',
        f'{{"bolt": {ONE}, "nut": [[5, 6, 7, 8',
    ):
        reply = read(text)
        assert (told(reply), kinds(reply)) == ([("bolt", ONE)], ["cut_off"])
