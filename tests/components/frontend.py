"""The canvas's TypeScript, asked from Python."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from beltmask.masks import Ring
from beltmask.model import Mask

FOLDER = Path(__file__).parents[2] / "components" / "canvas" / "frontend"
ESBUILD = FOLDER / "node_modules" / ".bin" / "esbuild"


class CanvasFunctions:
    """One process that calls functions of the canvas by name. Masks travel as plain objects."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, name: str, *given: Any) -> Any:
        """What the function answers, as JSON."""
        question, answers = self._process.stdin, self._process.stdout
        assert question is not None
        assert answers is not None
        question.write(json.dumps([name, *map(plain, given)]) + "\n")
        question.flush()
        return json.loads(answers.readline())

    def mask(self, name: str, *given: Any) -> Mask | None:
        answer = self.ask(name, *given)
        return None if answer is None else mask_of(answer)

    def masks(self, name: str, *given: Any) -> list[Mask]:
        return [mask_of(answer) for answer in self.ask(name, *given)]

    def rings(self, mask: Mask) -> list[Ring]:
        return [np.array(ring, dtype=np.float64) for ring in self.ask("ringsOf", mask)]


@contextmanager
def asked(folder: Path) -> Iterator[CanvasFunctions]:
    """Bundle the functions into ``folder`` and run them."""
    bundle = folder / "batch.mjs"
    flags = [
        "--bundle",
        "--platform=node",
        "--format=esm",
        "--target=node20",
        "--log-level=warning",
    ]
    subprocess.run(
        [ESBUILD, "tests/batch.ts", *flags, f"--outfile={bundle}"], cwd=FOLDER, check=True
    )
    pipe = subprocess.PIPE
    with subprocess.Popen(["node", bundle], stdin=pipe, stdout=pipe, text=True) as process:
        yield CanvasFunctions(process)


def plain(value: Any) -> Any:
    if not isinstance(value, Mask):
        return value
    height, width = value.bits.shape
    bits = np.where(value.bits, b"1", b"0").tobytes().decode()
    return {"x": value.x, "y": value.y, "width": width, "height": height, "bits": bits}


def mask_of(answer: dict[str, Any]) -> Mask:
    """What ``plain`` was given."""
    bits = np.frombuffer(answer["bits"].encode(), dtype="S1") == b"1"
    return Mask(answer["x"], answer["y"], bits.reshape(answer["height"], answer["width"]))
