"""What is around a belt: seam, machine frame, lamps and the camera."""

from __future__ import annotations

from math import cos, sin

import cv2
import numpy as np

from beltmask.demo.noise import Field, Random, blurred, grain, pixel_grid, waves
from beltmask.demo.surfaces import Canvas
from beltmask.model import Box, Pixels


def add_seam(random: Random, belt: Canvas, unit: float) -> None:
    """Where the belt's ends were joined: straight, slanted or with fingers."""
    y, x = pixel_grid(belt.shape[:2])
    middle, slant = random.uniform(0.15, 0.85) * belt.shape[0], float(random.normal(0, 0.12))
    fingers = 22 * unit * (random.random() < 0.35)
    saw = np.abs((x / (34 * unit)) % 2 - 1) * fingers
    away = y - middle - slant * x - saw
    groove = np.exp(-((away / (1.8 * unit)) ** 2))
    ridge = np.exp(-(((away - 4 * unit) / (2.5 * unit)) ** 2))
    belt *= (1 - 0.45 * groove + 0.16 * ridge)[..., None]


def add_frame(random: Random, belt: Canvas, unit: float) -> Box:
    """Machine sides at left and right; returns the belt's own region between them."""
    left, right = (round(random.uniform(0.03, 0.075) * belt.shape[1]) for _ in range(2))
    _add_side(random, belt[:, :left], unit)
    _add_side(random, belt[:, ::-1][:, :right], unit)
    inside = Box(left, 0, belt.shape[1] - right, belt.shape[0])
    x = np.arange(belt.shape[1], dtype=np.float32)
    for edge, sign in ((inside.x0, 1), (inside.x1, -1)):
        away = (x - edge) * sign
        left_of_it = 1 - 0.75 * np.exp(-np.maximum(away, 0) / (13 * unit)) * (away > -3 * unit)
        shaded = np.flatnonzero(left_of_it != 1)
        window = slice(shaded[0], shaded[-1] + 1)
        belt[:, window] *= left_of_it[None, window, None]
    return inside


def _add_side(random: Random, side: Canvas, unit: float) -> None:
    """An aluminium profile with a groove and bolts. ``side`` runs from the outside inwards."""
    rows, columns = side.shape[:2]
    _, x = pixel_grid((rows, columns))
    across = x / max(1, columns)
    bend = 0.50 + 0.16 * np.sin(2.4 * across + random.uniform(-0.6, 0.6))
    brushed = 0.035 * waves(random, (rows, columns), (400 * unit, 1.6))
    metal = bend + (brushed + 0.012 * grain(random, (rows, columns)))
    groove = random.uniform(0.3, 0.5)
    metal -= 0.3 * np.exp(-(((across - groove) / 0.07) ** 2))
    metal += 0.2 * np.exp(-(((across - groove - 0.12) / 0.03) ** 2))
    side[:] = metal[..., None] * np.array([0.97, 1.0, 1.03], dtype=np.float32)
    bolt = round(min(9 * unit, columns * 0.16))
    for y in range(int(random.integers(0, 120)), rows, round(190 * unit)):
        _add_bolt(side, (round(columns * 0.74), y), bolt)


def _add_bolt(side: Canvas, center: tuple[int, int], radius: int) -> None:
    reach = radius + 6
    x0, y0 = (max(0, place - reach) for place in center)
    part = side[y0 : center[1] + reach, x0 : center[0] + reach]
    x, y = center[0] - x0, center[1] - y0
    layer = np.zeros(part.shape, dtype=np.float32)
    cv2.circle(layer, (x + 2, y + 3), radius + 1, (0.2, 0.2, 0.2), -1, cv2.LINE_AA)
    cv2.circle(layer, (x, y), radius, (0.55, 0.55, 0.57), -1, cv2.LINE_AA)
    cv2.circle(layer, (x, y), max(1, radius // 2), (0.12, 0.12, 0.13), -1, cv2.LINE_AA)
    drawn = layer.any(axis=2)
    part[drawn] = layer[drawn]


def lit(random: Random, scene: Canvas, lamp: tuple[float, float], glare: float) -> Canvas:
    """Uneven light from the lamp's side, darker corners and a few reflections, in place."""
    rows, columns = scene.shape[:2]
    y, x = pixel_grid((rows, columns))
    u, v = x / columns - 0.5, y / rows - 0.5
    field = 1 + 0.28 * (u * lamp[0] + v * lamp[1]) - random.uniform(0.35, 0.8) * (u * u + v * v)
    scene *= field[..., None]
    shine = _reflections(random, u, v) * glare
    np.subtract(1, np.clip(scene, 0, 1, out=scene), out=scene)
    scene *= (1 - shine)[..., None]
    return np.subtract(1, scene, out=scene)


def _reflections(random: Random, u: Field, v: Field) -> Field:
    total = np.zeros((v.shape[0], u.shape[1]), dtype=np.float32)
    for _ in range(int(random.integers(1, 4))):
        angle, x, y = (random.uniform(-0.45, 0.45) for _ in range(3))
        cosine, sine = cos(angle * 7), sin(angle * 7)
        along = (u - x) * cosine + (v - y) * sine
        across = (v - y) * cosine - (u - x) * sine
        long, wide = random.uniform(0.12, 0.4), random.uniform(0.03, 0.10)
        total += np.exp(-((along / long) ** 2) - (across / wide) ** 2)
    return np.clip(total, 0, 1)


def photographed(random: Random, scene: Canvas) -> Pixels:
    """Through a lens, on a sensor, and into a JPEG: blur, noise and blocks."""
    seen = blurred(scene, random.uniform(0.55, 0.85))
    brightness = np.sqrt(np.clip(seen[..., 1], 0, 1))
    noise = grain(random, scene.shape[:2]) * (0.006 + 0.012 * brightness)
    color = np.array([random.uniform(0.97, 1.03), 1, random.uniform(0.97, 1.03)], np.float32)
    seen += noise[..., None]
    seen *= color
    np.clip(seen, 0, 1, out=seen)
    seen *= 255
    pixels = np.rint(seen, out=seen).astype(np.uint8)
    jpeg = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR_RGB), dtype=np.uint8)
