"""Objects of metal, plastic, wood, stone and glass."""

from __future__ import annotations

import cv2
import numpy as np

from beltmask.demo.bodies import Body, FoldedSheet, dome
from beltmask.demo.noise import Field, Random, clouds, grain, waves
from beltmask.demo.surfaces import Canvas, Rgb
from beltmask.model import BoolArray

PLASTICS: tuple[Rgb, ...] = (
    (0.80, 0.12, 0.10),
    (0.10, 0.30, 0.75),
    (0.95, 0.75, 0.08),
    (0.92, 0.92, 0.90),
    (0.10, 0.55, 0.30),
)


def bolt(random: Random, size: float, _belt: Rgb) -> Body:
    sheet = FoldedSheet.turned(random.uniform(0, 2 * np.pi), size, size * 0.45)
    radius, head_radius, neck = 0.10 * size, 0.19 * size, -0.34 * size
    shaft = (np.abs(sheet.v) < radius) & (sheet.u > neck - 1) & (sheet.u < size / 2)
    head = (np.abs(sheet.v) < head_radius) & (sheet.u <= neck) & (sheet.u > -size / 2)
    thread = np.sin((sheet.u + 0.25 * sheet.v) * 2 * np.pi / max(3.2, 0.045 * size))
    threaded = sheet.u > random.uniform(-0.3, 0.0) * size
    round_shaft = np.sqrt(np.maximum(radius**2 - sheet.v**2, 0)) + 0.10 * radius * thread * threaded
    facets = head_radius * np.minimum(1, 1.55 - 1.1 * np.abs(sheet.v) / head_radius)
    height = np.where(head, facets, np.where(shaft, round_shaft, 0)).astype(np.float32)
    steel = flat(sheet, random.choice([(0.62, 0.63, 0.66), (0.66, 0.58, 0.36)]))
    rust = np.clip(clouds(random, sheet.shape, size / 5) - 0.7, 0, 1)[..., None]
    albedo = steel * (1 - 0.5 * rust) + np.float32(0.5) * rust * flat(sheet, (0.40, 0.22, 0.12))
    return Body(shaft | head, height, albedo, gloss=0.5, shine=30, metal=True)


def washer(random: Random, size: float, _belt: Rgb) -> Body:
    sheet = FoldedSheet.turned(0, size)
    mask = (sheet.radius < size / 2) & (sheet.radius > size * random.uniform(0.22, 0.30))
    height = dome(mask, max(1.5, 0.07 * size), bevel=max(1.5, 0.05 * size))
    ripples = 0.02 * np.sin(sheet.radius * 2.1) + 0.02 * waves(random, sheet.shape, (3, 3))
    albedo = flat(sheet, (0.60, 0.60, 0.62)) + ripples[..., None]
    return Body(mask, height, albedo, gloss=0.3, shine=60, metal=True)


def cap(random: Random, size: float, _belt: Rgb) -> Body:
    sheet = FoldedSheet.turned(random.uniform(0, 1), size)
    teeth = 0.012 * np.cos(sheet.bearing * 36)
    mask = sheet.radius < size / 2 * (0.975 + teeth)
    height = dome(mask, 0.16 * size, bevel=0.12 * size)
    groove = np.exp(-(((sheet.radius - 0.36 * size) / (0.02 * size + 1)) ** 2))
    height -= (0.035 * size * groove).astype(np.float32)
    ribs = 0.05 * np.cos(sheet.bearing * 36) * (sheet.radius > 0.41 * size)
    albedo = flat(sheet, random.choice(PLASTICS)) * (1 + ribs)[..., None].astype(np.float32)
    return Body(mask, height, albedo, gloss=0.35, shine=40)


def splinter(random: Random, size: float, _belt: Rgb) -> Body:
    sheet = FoldedSheet.turned(random.uniform(0, np.pi), size, size * 0.3)
    along = np.clip(np.abs(sheet.u) / (size / 2), 0, 1)
    ragged = 1 + 0.10 * waves(random, sheet.shape, (5, 5))
    half = size * random.uniform(0.045, 0.085) * np.sqrt(1 - along**3) * ragged
    middle = 0.03 * size * np.sin(sheet.u / size * 2.5)
    mask = (np.abs(sheet.v - middle) < half) & (np.abs(sheet.u) < size / 2)
    drift = clouds(random, sheet.shape, size / 4, 2)
    grains = np.sin((sheet.v + drift * 1.5) * 2 * np.pi / max(2.5, size * 0.022))
    height = dome(mask, 0.05 * size + 2) + 0.5 * grains.astype(np.float32) * mask
    shade = 1 + 0.13 * grains + 0.08 * drift + 0.05 * grain(random, sheet.shape)
    return Body(mask, height, flat(sheet, (0.72, 0.53, 0.32)) * shade[..., None], gloss=0.03)


def stone(random: Random, size: float, _belt: Rgb) -> Body:
    sheet = FoldedSheet.turned(random.uniform(0, np.pi), size)
    mask = sheet.radius < blob_radius(random, sheet, size / 2, 0.09)
    bumps = clouds(random, sheet.shape, size / 4, 4)
    height = dome(mask, 0.26 * size) + 0.02 * size * bumps * mask
    shade = 1 + 0.10 * bumps + 0.10 * grain(random, sheet.shape)
    color = random.choice([(0.50, 0.48, 0.45), (0.58, 0.50, 0.40), (0.36, 0.36, 0.38)])
    return Body(mask, height, flat(sheet, color) * shade[..., None], gloss=0.05, shine=8)


def glass(random: Random, size: float, _belt: Rgb) -> Body:
    sheet = FoldedSheet.turned(0, size)
    mask = _shard(random, sheet, size / 2)
    inside = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
    rim = np.exp(-inside / max(1.5, 0.03 * size))
    tilt = (sheet.u * random.normal(0, 0.06) + sheet.v * random.normal(0, 0.06)) * mask
    height = dome(mask, 0.06 * size, bevel=max(2.0, 0.05 * size)) + tilt.astype(np.float32)
    opacity = np.clip(0.26 + 0.62 * rim, 0, 1).astype(np.float32)
    albedo = flat(sheet, random.choice([(0.72, 0.90, 0.84), (0.45, 0.62, 0.30)]))
    return Body(mask, height, albedo, gloss=0.5, shine=24, opacity=opacity)


def blob_radius(random: Random, sheet: FoldedSheet, radius: float, rough: float) -> Field:
    """A closed outline around the middle that never leaves ``radius``."""
    outline = np.zeros_like(sheet.u)
    for wave in range(2, 9):
        phase, strength = random.uniform(0, 2 * np.pi), random.normal(0, rough / wave**0.7)
        outline += np.float32(strength) * np.cos(wave * sheet.bearing + phase)
    outline = 1 + outline
    return np.asarray(radius * outline / outline.max(), dtype=np.float32)


def _shard(random: Random, sheet: FoldedSheet, radius: float) -> BoolArray:
    bearings = np.sort(random.uniform(0, 2 * np.pi, 3) * 0.3 + np.arange(3) * 2.0)
    bearings = np.append(bearings, bearings[2] + random.uniform(0.4, 0.9))
    reach = radius * np.append(random.uniform(0.6, 1.0, 3), 0.9)
    corners = np.stack([np.cos(bearings) * reach, np.sin(bearings) * reach], axis=1)
    drawn = np.zeros(sheet.shape, dtype=np.uint8)
    center = np.array(sheet.shape[::-1]) / 2
    cv2.fillPoly(drawn, [np.rint(corners + center).astype(np.int32)], 1)
    return drawn > 0


def flat(sheet: FoldedSheet, color: object) -> Canvas:
    return np.ones((*sheet.shape, 1), dtype=np.float32) * np.asarray(color, dtype=np.float32)
