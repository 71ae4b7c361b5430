"""Replies that mean harm, or that a model out of its mind writes; ``scale`` makes them longer."""

from __future__ import annotations

import base64
import io
import json
import struct
import zlib
from collections.abc import Callable

from PIL import Image

BOX = "[100, 100, 500, 300]"
_PALIGEMMA = "<loc0001><loc0002><loc0300><loc0400> a ; "
_HEAD = f'[{{"box_2d": {BOX}, "label": "bolt", "mask": '


def png_that_claims(side: int) -> str:
    """A PNG that is whole and small, and claims to be large; base64 of a data URI."""
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    png = b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + png).decode()


def _empty_png(side: int) -> str:
    buffer = io.BytesIO()
    Image.new("L", (side, side), 255).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def _objects(count: int) -> str:
    return _entries(count, None)


def _entries(count: int, mask: object, box: list[int] | None = None) -> str:
    """Different objects with the same mask."""
    rest = "" if mask is None else ', "mask": ' + json.dumps(mask)
    entries = (
        f'{{"box_2d": {box or _box(number)}, "label": "o{number}"{rest}}}'
        for number in range(count)
    )
    return "[" + ", ".join(entries) + "]"


def _box(number: int) -> list[int]:
    y, x = number % 900, number % 700
    return [y, x, y + 50, x + 60]


def _polygon(count: int) -> str:
    return ", ".join(f"[{n % 1000}, {n * 7 % 1000}]" for n in range(count))


HOSTILE: dict[str, Callable[[float], str]] = {
    "10 MB of AAAA as text": lambda s: "A" * int(10e6 * s),
    "10 MB of AAAA as a mask": lambda s: f'{_HEAD}"{"A" * int(10e6 * s)}"}}]',
    "10 MB of AAAA as a PNG": lambda s: f'{_HEAD}"data:image/png;base64,{"A" * int(10e6 * s)}"}}]',
    "10 MB of AAAA, cut": lambda s: f'{_HEAD}"data:image/png;base64,iVBOR{"A" * int(10e6 * s)}',
    "a 10 MB label": lambda s: f'[{{"box_2d": {BOX}, "label": "{"x y " * int(2.5e6 * s)}"}}]',
    "a 10 MB string of escapes": lambda s: f'{_HEAD}"{chr(92) * 2 * int(5e6 * s)}"}}]',
    "100,000 objects": lambda s: _objects(int(1e5 * s)),
    "100,000 times the same object": lambda s: (
        _HEAD[:-10] + "}, " + ((_HEAD[1:-10] + "}, ") * int(1e5 * s))
    ),
    "lists 100,000 deep": lambda s: "[" * int(1e5 * s),
    "objects 100,000 deep": lambda s: '{"a":' * int(1e5 * s) + "1" + "}" * int(1e5 * s),
    "a mask 100,000 deep": lambda s: _HEAD + "[" * int(1e5 * s) + "]" * int(1e5 * s) + "}]",
    "1,000,000 opening brackets": lambda s: "[{" * int(5e5 * s),
    "1,000,000 closing brackets": lambda s: "[" + "]}" * int(5e5 * s),
    "1,000,000 empty lists": lambda s: "[]" * int(1e6 * s),
    "100,000 lists of one": lambda s: "[1] " * int(1e5 * s),
    "200,000 fences": lambda s: "```json\n[]\n```\n" * int(2e5 * s),
    "a PNG of 60,000 x 60,000": lambda s: f'{_HEAD}"{png_that_claims(60_000)}"}}]',
    "a polygon of 1,000,000 points": lambda s: f"{_HEAD}[{_polygon(int(1e6 * s))}]}}]",
    "a flat polygon of 1,000,000 points": lambda s: f"{_HEAD}[{'7, 9, ' * int(1e6 * s)}1]}}]",
    "a polygon in a string": lambda s: f'{_HEAD}"{"7, 9, " * int(1e6 * s)}1"}}]',
    "1,000,000 truth values": lambda s: f"{_HEAD}[{'true, ' * int(1e6 * s)}true]}}]",
    "5 MB of run lengths": lambda s: f'{_HEAD}"{"0o1Q" * int(1.25e6 * s)}"}}]',
    "10 MB of digits": lambda s: f'[{{"box_2d": [{"9" * int(1e7 * s)}, 1, 2, 3], "label": "a"}}]',
    "10 MB of quotes": lambda s: "[" + '"' * int(1e7 * s),
    "5 MB of quotes and commas": lambda s: "[" + '",' * int(2.5e6 * s),
    "5 MB of colons": lambda s: "[{" + ': "a"' * int(1e6 * s),
    "10 MB of spaces": lambda s: "[" + " " * int(1e7 * s) + "x",
    "quotes and many spaces": lambda s: "[" + ('"' + " " * 1000) * int(1e4 * s),
    "an API body of 10 MB": lambda s: json.dumps(
        {"candidates": [{"content": {"parts": [{"text": _objects(int(1.2e5 * s))}]}}]}
    ),
    "one object without its brackets, 100,000 times": lambda s: (
        "[" + f'"box_2d": {BOX}, "label": "b", ' * int(1e5 * s)
    ),
    "2,000 masks as large as the picture": lambda s: _entries(
        int(2000 * s), [[0, 0], [0, 1000], [1000, 1000], [1000, 0]], box=[0, 0, 1000, 1000]
    ),
    "2,000 masks as large as the picture in small boxes": lambda s: _entries(
        int(2000 * s), [[0, 0], [0, 1000], [1000, 1000], [1000, 0]]
    ),
    "2,000 outlines of 300 corners": lambda s: _entries(
        int(2000 * s), [[n * 37 % 50, n * 53 % 60] for n in range(300)]
    ),
    "2,000 PNGs of 2,000 x 2,000": lambda s: _entries(int(2000 * s), _empty_png(2000)),
    "2,000 run lengths of 60 million pixels": lambda s: _entries(
        int(2000 * s), {"size": [8000, 7500], "counts": [1, 59_999_998, 1]}
    ),
    "20 outlines as long strings": lambda s: _entries(int(20 * s), "7, 9, " * 65_000),
    "200,000 objects of PaliGemma": lambda s: _PALIGEMMA * int(2e5 * s),
    "different objects of PaliGemma": lambda s: "".join(
        f"{_PALIGEMMA[:-3]}{number} ; " for number in range(int(1e5 * s))
    ),
    "900,000 tokens of PaliGemma in a row": lambda s: "<loc0001>" * int(9e5 * s),
    "900,000 codes of one mask": lambda s: _PALIGEMMA[:36] + "<seg001>" * int(9e5 * s),
    "1,000,000 tokens of Florence in a row": lambda s: "a" + "<loc_1>" * int(1e6 * s),
    "outlines of Florence that never end": lambda s: "a<poly><loc_1>" * int(5e5 * s),
    "parts of one outline of Florence": lambda s: "a" + "<loc_1><sep>" * int(6e5 * s),
    "boxes of DeepSeek under one label": lambda s: (
        "<|ref|>a<|/ref|><|det|>[" + "[1,2,3,4]," * int(8e5 * s)
    ),
    "labels of DeepSeek without a box": lambda s: "<|ref|>" * int(1e6 * s),
    "boxes of Qwen under one label": lambda s: "<box>" + "(1,2),(3,4)," * int(6e5 * s),
    "pairs without tokens": lambda s: "a(1,2),(3,4)" * int(6e5 * s),
    "points of Molmo in one tag": lambda s: (
        "<points " + " ".join(f'x{n}="1" y{n}="2"' for n in range(int(3e5 * s)))
    ),
    "coordinates of Molmo": lambda s: '<points coords="' + "1 2 3 " * int(1.3e6 * s),
    "points of Molmo that never end": lambda s: "<point " * int(1e6 * s),
    "boxes with long words before": lambda s: ("b" * 140 + "[[1,2,3,4]]") * int(5e4 * s),
    "boxes under a key each": lambda s: (
        "{" + ", ".join(f'"K{number}": [1, 2, 3, 4]' for number in range(int(1e5 * s))) + "}"
    ),
    "800,000 boxes beside one label": lambda s: (
        '{"label": "' + "x" * int(1e6 * s) + '", "bboxes": [' + "[1,2,3,4]," * int(8e5 * s) + "]}"
    ),
    "100,000 boxes in strings": lambda s: (
        '{"bboxes": [' + ", ".join(f'"1,2,3,{n}"' for n in range(int(1e5 * s))) + "]}"
    ),
    "1,000,000 empty lists as a mask": lambda s: f"{_HEAD}[{'[], ' * int(1e6 * s)}]}}]",
}
"""By what they are; the texts at scale 1."""
