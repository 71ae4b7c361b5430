"""What repeats of a prompt agree on: a row a picture, a curve, and a map of each picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from beltmask.model import Comparison, Project
from beltmask.workflows.stability import PictureStability, Stability
from components import cached
from components.markup import literal
from components.project_choice import link_to


@st.fragment
def show_stability(comparison: Comparison, project: Project, stamp: str) -> None:
    """Nothing where each picture was asked about once. ``stamp`` is of the figures."""
    if comparison.repeats < 2:
        return
    st.subheader("Stability")
    names = [each.name for each in comparison.contenders]
    name = st.selectbox("Of", names, key="compare.stable", width=320)
    found = cached.stability(comparison.id, name, stamp)
    if not found.pictures:
        st.caption("No picture has all its answers yet.")
        return
    st.caption(_said(found))
    left, right = st.columns(2)
    left.dataframe(_rows(found), hide_index=True, key="compare.stability")
    curve = pd.DataFrame(
        {
            "Seen by a share of": [each.score for each in found.reliability],
            "Lies on truth": [each.right for each in found.reliability],
        }
    )
    right.line_chart(curve, x="Seen by a share of", y="Lies on truth", height=260)
    _show_map(comparison, project, found.pictures, (name, stamp))


def _show_map(
    comparison: Comparison,
    project: Project,
    pictures: Sequence[PictureStability],
    about: tuple[str, str],
) -> None:
    by_name = {f"{each.image.name} ({each.image.id})": each.image for each in pictures}
    chosen = st.selectbox("Where they agree, on", list(by_name), key="compare.agreement")
    image = by_name.get(chosen or "", pictures[0].image)
    there = link_to(image, project)
    st.page_link("pages/label/review.py", label="Review", query_params=there)
    jpeg = cached.agreement(comparison.id, image.id, *about)
    caption = "Blue: seen once. Red: seen by every repeat."
    st.image(jpeg, caption=caption, alt=f"Agreement on {image.name}", width=900)


def _said(found: Stability) -> str:
    counts = [count for each in found.pictures for count in each.counts if count is not None]
    span = f"{min(counts)} to {max(counts)} objects a picture" if counts else "no answer"
    return f"{found.repeats} times each: {span}, {found.unreadable:.0%} of the answers unreadable."


def _rows(found: Stability) -> pd.DataFrame:
    return pd.DataFrame([_row(each, found.repeats) for each in found.pictures])


def _row(picture: PictureStability, repeats: int) -> dict[str, object]:
    often = Counter(picture.seen)
    seen = ", ".join(f"{often[n]} × {n} of {repeats}" for n in sorted(often, reverse=True))
    return {
        "Picture": literal(picture.image.name),
        "Disagreement": round(picture.disagreement, 3),
        "Objects seen": seen or "none",
        "Counts": " · ".join("–" if count is None else str(count) for count in picture.counts),
    }
