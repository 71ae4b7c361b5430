"""The same documents come out of a stream whatever it is written in and wherever it is cut."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beltmask.detectors.llm.event_stream import DONE, documents

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
BODIES = st.dictionaries(st.text(max_size=4), VALUES, max_size=3)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
NOISE = st.sampled_from(["", ": ping", "event: x", "id: 7", "retry: 5", "id", ":", "data:"])


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """``data`` in chunks that end at ``places``, which may be the same."""
    ends = sorted({place % (len(data) + 1) for place in places} | {0, len(data)})
    return [data[start:end] for start, end in zip(ends, [*ends[1:], len(data)], strict=True)]


def read(data: bytes, places: list[int]) -> list[Any]:
    return [json.loads(one) for one in documents(cut(data, places))]


@given(
    st.lists(st.tuples(BODIES, NOISE, st.booleans()), max_size=4),
    ENDS,
    st.lists(st.integers(0, 10_000), max_size=12),
)
def test_events_with_anything_between_them(
    events: list[tuple[dict[str, Any], str, bool]], end: str, places: list[int]
) -> None:
    text = ""
    for body, noise, blank in events:
        data = json.dumps(body, ensure_ascii=False)
        text += f"{noise}{end}{end}data:{' ' * blank}{data}{end}{end}"
    encoded = text.encode("utf-8", "surrogatepass")
    assert read(encoded, places) == [
        json.loads(json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        for body, _, _ in events
    ]


@given(
    st.lists(BODIES, max_size=4),
    st.sampled_from([None, 1]),
    st.booleans(),
    st.lists(st.integers(0, 10_000), max_size=12),
)
def test_bare_json_in_a_list_or_in_lines(
    bodies: list[dict[str, Any]], indent: int | None, listed: bool, places: list[int]
) -> None:
    texts = [json.dumps(body, indent=indent) for body in bodies]
    text = "[" + ",\n".join(texts) + "]" if listed else "\n".join(texts)
    assert read(text.encode(), places) == bodies


@given(st.binary(max_size=80), st.lists(st.integers(0, 100), max_size=5))
def test_any_bytes_give_texts(data: bytes, places: list[int]) -> None:
    for document in documents(cut(data, places)):
        assert document[0] in "{["
        assert "\r" not in document


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('data: {"a": 1', ['{"a": 1']),
        ('{"a": "}', ['{"a": "}']),
        ("data: [DONE]", [DONE]),
        ("data: [DONE]\n\n", [DONE]),
        ("<html>{no}</html>", ["{no}"]),
        ("Service unavailable", []),
        ("data: Service unavailable\n\n", []),
        ('data: {"a":\ndata: 1}\n\n', ['{"a":\n1}']),
        ('data: {"a": 1}\ndata: {"b": 2}\n\n', ['{"a": 1}', '{"b": 2}']),
        ('data: [{"a": 1}, 7, {"b": "]"}]\n\n', ['{"a": 1}', '{"b": "]"}']),
        ('\ufeff{"a": 1}', ['{"a": 1}']),
        ('database: 1\ndata: {"a": 1}\n\n', ['{"a": 1}']),
    ],
)
def test_what_is_broken_or_no_json(text: str, found: list[str]) -> None:
    assert list(documents([text.encode()])) == found
