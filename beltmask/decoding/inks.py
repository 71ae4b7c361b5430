"""CMYK -> RGB without a colour profile, as browsers and Pillow do it."""

from __future__ import annotations

import numpy as np

from beltmask.samples import Samples


def rgb_of_inks(inks: Samples, *, white: int) -> Samples:
    """Unsigned rows x columns x 4, where 0 is no ink -> rows x columns x 3 of the same type."""
    wide: Samples = inks.astype(np.uint32 if white <= 255 else np.uint64)
    light: Samples = white - wide[..., 3:]
    shown: Samples = light - (wide[..., :3] * light + white // 2) // white
    return shown.astype(inks.dtype)
