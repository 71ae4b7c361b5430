"""Objects that bend: packets, cloth, threads, cables, cardboard, gloves, rubber."""

from __future__ import annotations

import cv2
import numpy as np

from beltmask.demo.bodies import Body, FoldedSheet, dome
from beltmask.demo.hard import PLASTICS, blob_radius, flat
from beltmask.demo.noise import Field, Random, blurred, clouds, grain, waves
from beltmask.demo.surfaces import Rgb
from beltmask.model import BoolArray

Point = tuple[float, float]
_CLOTHS: tuple[Rgb, ...] = ((0.55, 0.16, 0.16), (0.20, 0.27, 0.45), (0.80, 0.77, 0.70))
_STRINGS: tuple[Rgb, ...] = ((0.85, 0.15, 0.12), (0.15, 0.35, 0.80), (0.93, 0.92, 0.88))
_GLOVES: tuple[Rgb, ...] = ((0.22, 0.42, 0.78), (0.88, 0.50, 0.12), (0.88, 0.87, 0.83))


def packet(random: Random, size: float, _belt: Rgb) -> Body:
    sheet = FoldedSheet.turned(random.uniform(0, np.pi), size, size * 0.75)
    half_u, half_v = size * 0.47, size * random.uniform(0.22, 0.34)
    wobble = 0.022 * size * clouds(random, sheet.shape, size / 3, 3)
    teeth = 0.012 * size * np.abs((sheet.v / max(2.0, 0.03 * size)) % 2 - 1)
    inside: BoolArray = (np.abs(sheet.u) + teeth < half_u + wobble) & (
        np.abs(sheet.v) < half_v + wobble
    )
    mask = largest_piece(inside)
    creases = np.abs(clouds(random, sheet.shape, size / 3.5, 4)).astype(np.float32)
    height = dome(mask, 0.11 * size, bevel=0.25 * size) - 0.05 * size * creases * mask
    main, second = random.permutation(np.array(PLASTICS))[:2]
    print_at = np.abs(sheet.u - 0.05 * size * np.sin(sheet.v / size * 7)) < 0.16 * size
    albedo = np.where(print_at[..., None], flat(sheet, second), flat(sheet, main))
    albedo = np.where((np.abs(sheet.u) > half_u * 0.88)[..., None], albedo * 0.8 + 0.12, albedo)
    return Body(mask, height, albedo.astype(np.float32), gloss=0.65, shine=18)


def cloth(random: Random, size: float, _belt: Rgb) -> Body:
    sheet = FoldedSheet.turned(random.uniform(0, np.pi), size)
    frayed = 1.5 * waves(random, sheet.shape, (2.5, 2.5))
    outline = blob_radius(random, sheet, size / 2 - 4, 0.22)
    mask = largest_piece(sheet.radius + frayed < outline)
    folds = clouds(random, sheet.shape, size / 3, 3)
    height = dome(mask, 0.03 * size + 2, bevel=6) + 0.035 * size * folds * mask
    weave = np.sin(sheet.u * 2.1) * np.sin(sheet.v * 2.1)
    stripes = 0.25 * (np.sin(sheet.u / size * random.uniform(20, 50)) > 0.6)
    shade = 1 + 0.10 * weave + stripes + 0.06 * grain(random, sheet.shape)
    albedo = flat(sheet, random.choice(_CLOTHS)) * shade[..., None].astype(np.float32)
    return Body(mask, height, albedo, gloss=0.0)


def thread(random: Random, size: float, _belt: Rgb) -> Body:
    mask, height = _string(random, size, width=max(2, round(size / 130)), curl=1.4)
    color = np.array(random.choice(_STRINGS), dtype=np.float32)
    twist = 1 + 0.12 * grain(random, mask.shape)
    return Body(mask, height, twist[..., None] * color, gloss=0.03)


def cable(random: Random, size: float, _belt: Rgb) -> Body:
    mask, height = _string(random, size, width=max(4, round(size / 26)), curl=0.8)
    color = random.choice([(0.13, 0.13, 0.14), (0.85, 0.40, 0.08), (0.62, 0.62, 0.60)])
    albedo = np.ones((*mask.shape, 1), dtype=np.float32) * np.array(color, dtype=np.float32)
    return Body(mask, height, albedo, gloss=0.35, shine=25)


def cardboard(random: Random, size: float, _belt: Rgb) -> Body:
    sheet = FoldedSheet.turned(random.uniform(0, np.pi), size, size * 0.8)
    half_v = size * random.uniform(0.22, 0.36)
    torn = 0.05 * size * clouds(random, sheet.shape, size / 6, 4)
    inside = (sheet.u > -size * 0.46) & (sheet.u < size * 0.38 + torn) & (np.abs(sheet.v) < half_v)
    mask = largest_piece(inside)
    bent = 0.02 * size * np.sin(sheet.u / size * 4 + random.uniform(0, 3))
    height = dome(mask, max(3.0, 0.025 * size), bevel=2) + bent.astype(np.float32) * mask
    flutes = np.sin(sheet.u * 2 * np.pi / max(4.0, 0.03 * size))
    layer = np.clip((sheet.u - size * 0.33 - torn) / (0.03 * size), 0, 1)
    shade = 1 + 0.02 * flutes + 0.05 * clouds(random, sheet.shape, 30) + 0.14 * layer
    shade += 0.03 * grain(random, sheet.shape)
    return Body(mask, height, flat(sheet, (0.70, 0.54, 0.37)) * shade[..., None], gloss=0.01)


def glove(random: Random, size: float, _belt: Rgb) -> Body:
    sheet = FoldedSheet.turned(random.uniform(0, 2 * np.pi), size, size * 0.8)
    mask = _hand(random, FoldedSheet(sheet.u / size, sheet.v / size))
    wrinkles = clouds(random, sheet.shape, size / 7, 4)
    height = dome(mask, 0.08 * size) + 0.012 * size * wrinkles * mask
    ribs = 0.12 * np.sin(sheet.u * 2 * np.pi / max(3.5, 0.02 * size)) * (sheet.u < -0.2 * size)
    shade = 1 + ribs + 0.05 * wrinkles
    albedo = flat(sheet, random.choice(_GLOVES)) * shade[..., None].astype(np.float32)
    return Body(mask, height, albedo, gloss=0.10, shine=10)


def rubber_scrap(random: Random, size: float, belt: Rgb) -> Body:
    """As dark or light as the belt it lies on: only shape and shadow give it away."""
    sheet = FoldedSheet.turned(random.uniform(0, np.pi), size)
    mask = sheet.radius < blob_radius(random, sheet, size / 2, 0.2)
    height = dome(mask, 0.07 * size + 2, bevel=0.1 * size)
    height += 0.01 * size * clouds(random, sheet.shape, size / 4) * mask
    shade = random.uniform(0.9, 1.15) + 0.06 * grain(random, sheet.shape)
    return Body(mask, height, flat(sheet, belt) * shade[..., None], gloss=0.06, shine=8)


def _hand(random: Random, sheet: FoldedSheet) -> BoolArray:
    """Palm, cuff, thumb and four fingers (tip and half width), in shares of the length."""
    palm = np.hypot(sheet.u / 0.22, sheet.v / 0.19) < 1
    cuff = np.maximum(np.abs(sheet.u + 0.30) / 0.18, np.abs(sheet.v) / 0.15) < 1
    hand = palm | cuff | (_capsule(sheet, (-0.05, 0.12), (0.14, 0.33), 0.058) < 0)
    for u, v, width in (
        (0.40, -0.17, 0.052),
        (0.44, -0.05, 0.056),
        (0.42, 0.07, 0.056),
        (0.34, 0.18, 0.05),
    ):
        tip = (u, v + random.normal(0, 0.02))
        hand |= _capsule(sheet, (0.02, v * 0.75), tip, width) < 0
    return np.asarray(hand)


def largest_piece(mask: BoolArray) -> BoolArray:
    """Fraying tears specks off; an object is one piece."""
    _, pieces, facts, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    biggest = 1 + int(np.argmax(facts[1:, cv2.CC_STAT_AREA])) if len(facts) > 1 else 0
    return np.asarray(pieces == biggest, dtype=np.bool_)


def _capsule(sheet: FoldedSheet, start: Point, end: Point, width: float) -> Field:
    """Distance to a rounded bar; negative inside."""
    u, v = sheet.u - start[0], sheet.v - start[1]
    du, dv = end[0] - start[0], end[1] - start[1]
    along = np.clip((u * du + v * dv) / (du * du + dv * dv), 0, 1)
    return np.asarray(np.hypot(u - along * du, v - along * dv) - width, dtype=np.float32)


def _string(random: Random, size: float, *, width: int, curl: float) -> tuple[BoolArray, Field]:
    """A line that wanders, ``size`` px long: its mask and its round height."""
    bends = np.asarray(
        cv2.resize(random.normal(0, curl, (1, 6)), (120, 1), interpolation=cv2.INTER_CUBIC)
    )[0]
    heading = random.uniform(0, 2 * np.pi) + np.cumsum(bends) * 0.06
    steps = np.stack([np.cos(heading), np.sin(heading)], axis=1) * size / 120
    path = np.cumsum(steps, axis=0)
    path += width + 3 - path.min(axis=0)
    columns, rows = (np.ceil(path.max(axis=0)) + width + 3).astype(int)
    drawn = np.zeros((rows, columns), dtype=np.uint8)
    points = np.rint(path * 16).astype(np.int32)
    cv2.polylines(drawn, [points], False, 1, width, cv2.LINE_8, 4)
    mask = drawn > 0
    return mask, blurred(dome(mask, width * 0.6), 0.6)
