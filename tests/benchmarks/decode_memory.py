"""Memory and seconds of the ten worst accepted pictures, against the bytes of their samples.

Run ``python -m tests.benchmarks.decode_memory [MEGAPIXELS]``: each is added to a project, with
its previews and squares, in a process of its own. A picture may take 2.5 times the bytes of its
samples and 200 MB, and a minute.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from beltmask.images import DECODE_MEMORY, read_image
from beltmask.settings import Settings
from beltmask.workflows.images import add_picture
from beltmask.workflows.projects import create_project
from beltmask.workflows.services import Services
from tests.worst_pictures import Worst, forget_peak, peak, worst_pictures

MEGAPIXELS = 149.9
TEN = 10
BESIDES = 200e6
MODULE = "tests.benchmarks.decode_memory"


@dataclass(frozen=True)
class Measured:
    """Bytes above what the process had before; seconds on the clock and of the processor."""

    name: str
    file: int
    samples: int
    taken: int
    seconds: float
    busy: float
    outcome: str

    @property
    def times(self) -> float:
        return self.taken / self.samples

    def __str__(self) -> str:
        above = max(0.0, self.taken - BESIDES) / self.samples
        return (
            f"{self.name:27}{self.file / 1e6:7.2f} MB{self.samples / 1e6:7.0f} MB"
            f"{self.taken / 1e6:7.0f} MB{self.times:6.2f} ×{above:6.2f} ×"
            f"{self.seconds:7.1f} s{self.busy:7.1f} s  {self.outcome}"
        )


def main() -> None:
    megapixels = float(sys.argv[1]) if len(sys.argv) > 1 else MEGAPIXELS
    side = math.isqrt(int(megapixels * 1e6))
    found = [measured(worst, side) for worst in worst_pictures()]
    print(f"{side:,} × {side:,} pixels: file, samples, memory taken, times the samples, the same")
    print("without 200 MB, seconds, seconds of the processor, outcome")
    for each in sorted(found, key=lambda each: -each.times)[:TEN]:
        print(each)


def measured(worst: Worst, side: int) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / worst.name
        path.write_bytes(worst.write(side))
        command = [sys.executable, "-m", MODULE, "one", str(path)]
        said = subprocess.run(command, check=True, capture_output=True, text=True)
        told = json.loads(said.stdout)
        return Measured(worst.name, path.stat().st_size, side * side * worst.sample_bytes, **told)


def one(path: Path) -> None:
    """Add one picture and print what it took."""
    data = path.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        services = Services.open(Settings(data=Path(folder)))
        DECODE_MEMORY.limit_to(10**11)
        project = create_project("Line 3", services=services)
        read_image(worst_pictures()[0].write(8), name="first")
        start, busy, before = time.perf_counter(), time.process_time(), forget_peak()
        added = add_picture(path.name, data, project_id=project.id, services=services)
        told = {
            "taken": peak() - before,
            "seconds": time.perf_counter() - start,
            "busy": time.process_time() - busy,
            "outcome": f"{added.outcome} {added.note}",
        }
        services.close()
    print(json.dumps(told))


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        one(Path(sys.argv[2]))
    else:
        main()
