"""A stretch of a long text among its surroundings."""

from __future__ import annotations

from components.raw_reply import excerpt


def test_a_short_text_is_shown_whole_with_the_stretch_marked() -> None:
    assert excerpt('[{"a": 1}, "nut"]', (11, 16)) == '[{"a": 1}, ⟦"nut"⟧]'


def test_a_long_text_is_shown_around_the_stretch() -> None:
    shown = excerpt("x" * 500 + "HERE" + "y" * 500, (500, 504))
    assert shown == "…" + "x" * 160 + "⟦HERE⟧" + "y" * 160 + "…"


def test_a_long_stretch_keeps_both_its_ends() -> None:
    shown = excerpt("a" + "m" * 9_000_000 + "z", (0, 9_000_002))
    assert shown.startswith("⟦am")
    assert shown.endswith("mz⟧")
    assert len(shown) < 1_300
