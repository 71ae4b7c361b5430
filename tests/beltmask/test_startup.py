"""What the app and the command line load before anybody asks for anything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOOK = "import sys, {module}; print('onnxruntime' in sys.modules)"


@pytest.mark.parametrize("module", ["beltmask.cli", "components.services"])
def test_the_network_s_library_is_not_loaded_before_the_first_picture(module: str) -> None:
    look = [sys.executable, "-c", LOOK.format(module=module)]
    said = subprocess.run(look, cwd=ROOT, capture_output=True, check=True, text=True)
    assert said.stdout.strip() == "False"
