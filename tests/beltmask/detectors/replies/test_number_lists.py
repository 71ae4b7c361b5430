"""Lists of numbers are taken in one step: they must read as if every number had been one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beltmask.detectors.replies import loose_json
from beltmask.detectors.replies.loose_json import ListNode, ObjectNode, TopValue, read_values

_NUMBERS = st.one_of(
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(["-0", "007", "1.", ".5", "1e5", "9e999", "-12345678901234", "٣", "x", "1 2"]),
)
_LISTS = st.lists(_NUMBERS, max_size=4).map(lambda inner: f"[{', '.join(inner)}]")
_SHARDS = st.sampled_from([*"[]{},:\"' \n", '"box_2d": ', '"mask": ', "[1,\u00a02]", "null"])
_TEXTS = st.lists(_SHARDS | _NUMBERS | _LISTS, max_size=20).map("".join)


@settings(max_examples=300)
@given(_TEXTS, st.integers(1, 40), st.integers(1, 5))
def test_a_list_of_numbers_reads_as_number_by_number(text: str, tokens: int, depth: int) -> None:
    for most, deepest in ((loose_json.MAX_TOKENS, loose_json.MAX_DEPTH), (tokens, depth)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(loose_json, "MAX_TOKENS", most)
            patch.setattr(loose_json, "MAX_DEPTH", deepest)
            at_once = read_values(text)
            patch.setattr(loose_json, "number_list_at", lambda *_: None)
            assert list(map(_told, at_once)) == list(map(_told, read_values(text)))


@given(st.lists(st.tuples(st.integers(0, 1000), st.floats(0, 1000)), min_size=1))
def test_corners_are_lists_of_the_numbers_written(corners: list[tuple[int, float]]) -> None:
    [value] = read_values(str([list(corner) for corner in corners]))
    assert value.node == [[y, x] for y, x in corners]
    assert isinstance(value.node, ListNode)
    assert all(isinstance(corner, ListNode) for corner in value.node)


def _told(value: TopValue) -> object:
    return (_shown(value.node), value.span, value.cut, value.too_long)


def _shown(node: loose_json.Value) -> object:
    """All there is to a node, kinds of numbers included; NaN is what it is."""
    if isinstance(node, ObjectNode):
        return (
            node.cut,
            node.span,
            node.names,
            [(key, _shown(inner)) for key, inner in node.items()],
        )
    if isinstance(node, ListNode):
        return (node.cut, node.span, [_shown(inner) for inner in node])
    return (type(node), repr(node))
