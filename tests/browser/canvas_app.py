"""The canvas alone, over a store that is a list in the session: what a review page does.

``?show=parts`` starts with an object that has a hole and a second part. ``?page=slow`` draws
for a while before it applies the edits, so that the next gesture cuts the run short.
"""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from time import sleep

import numpy as np
import streamlit as st
from PIL import Image

from beltmask.masks import mask_from_crop
from beltmask.model import (
    Annotation,
    AnnotationSource,
    AnnotationState,
    Class,
    Mask,
)
from beltmask.review import Edit, edited
from components.canvas import Tool, annotation_canvas, canvas_size

SIZE = (480, 300)
BOLT = Class(1, 1, 0, "bolt", "#e6194b")
Trace = list[dict[str, object]]


def rectangle(x: int, y: int, width: int, height: int) -> Mask:
    mask = mask_from_crop(np.ones((height, width), dtype=np.bool_), x, y)
    assert mask is not None
    return mask


def two_parts() -> Mask:
    bits = np.zeros((80, 150), dtype=np.bool_)
    bits[:, :80] = True
    bits[30:50, 30:50] = False
    bits[:30, 110:] = True
    mask = mask_from_crop(bits, 50, 50)
    assert mask is not None
    return mask


def annotation(name: str, mask: Mask) -> Annotation:
    return Annotation(
        id=name,
        image_id=1,
        label="bolt",
        box=mask.box,
        mask=mask,
        source=AnnotationSource.MODEL,
        state=AnnotationState.PROPOSED,
        class_id=1,
    )


def first_annotations() -> dict[str, Annotation]:
    if st.query_params.get("show") == "parts":
        return {"a": annotation("a", two_parts())}
    masks = {"a": rectangle(50, 50, 100, 80), "b": rectangle(250, 150, 80, 60)}
    return {name: annotation(name, mask) for name, mask in masks.items()}


@st.cache_data
def picture() -> bytes:
    buffer = BytesIO()
    width, height = canvas_size(SIZE)
    Image.fromarray(np.full((height, width, 3), 90, np.uint8)).save(buffer, "JPEG")
    return buffer.getvalue()


def traced(edit: Edit, store: dict[str, Annotation]) -> dict[str, object]:
    """Apply one edit as the engine would and say what it did."""
    before = store.get(edit.annotation_id)
    after = edited(edit, before, image_id=1).after
    if after is None:
        del store[edit.annotation_id]
    else:
        store[edit.annotation_id] = after
    box = None if edit.mask is None else edit.mask.box.corners
    area = None if edit.mask is None else edit.mask.area
    name = edit.annotation_id if len(edit.annotation_id) == 1 else "new"
    return {"id": edit.id, "kind": edit.kind, "of": name, "box": box, "area": area}


st.set_page_config(layout="wide")
store: dict[str, Annotation] = st.session_state.setdefault("store", first_annotations())
trace: Trace = st.session_state.setdefault("trace", [])
tool = st.radio("Tool", list(Tool), horizontal=True) or Tool.SELECT
if st.button("Grow a", shortcut="g"):
    grown = rectangle(40, 40, 120, 100)
    store["a"] = replace(store["a"], mask=grown, box=grown.box, revision=9)
if st.toggle("Notice"):
    st.warning("A notice above the canvas moves everything below.")
column = st.toggle("Column")
holder = st.columns(1)[0] if column else st.container()
if column:
    st.caption("The canvas stands in a column now.")
with holder:
    edits = annotation_canvas(
        picture=picture(),
        image_size=SIZE,
        annotations=list(store.values()),
        colors=dict.fromkeys(store, BOLT.color),
        tool=Tool(tool),
        to_class=BOLT,
        key="canvas/1",
    )
for _ in range(40 if st.query_params.get("page") == "slow" else 0):
    sleep(0.02)
    st.empty()
trace += [traced(edit, store) for edit in edits]
if edits:
    st.rerun()
shapes = {a.id: a.box.corners for a in store.values()}
st.code(json.dumps({"trace": trace, "objects": len(store), "shapes": shapes}), language=None)
