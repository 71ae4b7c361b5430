"""Colours that stay apart for people with any kind of colour vision.

The first seven are Okabe and Ito's (https://jfly.uni-koeln.de/color/) without black, which
vanishes on rubber; the others are from Paul Tol's schemes (https://sronpersonalpages.nl/~pault/).
"""

from __future__ import annotations

_COLORS = (
    "#e69f00",
    "#56b4e9",
    "#009e73",
    "#f0e442",
    "#0072b2",
    "#d55e00",
    "#cc79a7",
    "#332288",
    "#bbbbbb",
    "#882255",
)


def palette(count: int) -> tuple[str, ...]:
    """``count`` colours as "#rrggbb", the most distinct first; after ten they repeat."""
    return tuple(color_for(index) for index in range(count))


def color_for(index: int) -> str:
    """The colour of the class or object at ``index`` (from 0)."""
    return _COLORS[index % len(_COLORS)]


def rgb_of(color: str) -> tuple[int, int, int]:
    """Red, green and blue, 0..255, of "#rrggbb".

    Raises:
        ValueError: It is written otherwise.
    """
    if len(color) != 7 or not color.startswith("#"):
        raise ValueError(f"not a colour like #rrggbb: {color!r}")
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
